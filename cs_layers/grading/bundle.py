"""An assignment's notebook as grading needs it: plain data that can be sent to any machine.

The text of locked and graded cells comes from the gradebook, where `nbgrader generate_assignment` saved it, hidden
tests included; the order, and the cells that nbgrader does not mark, from the released notebook (what students got),
else from the source.
"""

import functools
import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

import nbformat

from cs_layers.grading import hiding
from cs_layers.grading import names as naming

MAX_DATA_FILE = 64 << 20


@dataclass
class SourceCell:
    """A cell of the instructor's notebook.

    `kind`: "solution" (a student answers in it), "check" (graded by machine), "locked", "task", or "free" (not marked
    at all). `provides` are names that the answer should define, `classes` those among them that are classes, with their
    special methods, `imports` the import statements of the instructor's own: tests use those modules, whatever a
    student makes of their names. `attachments` are pictures pasted into a cell of text.
    """

    cell_type: str
    source: str
    kind: str
    grade_id: str = ""
    points: float = 0.0
    cell_id: str = ""
    metadata: dict = field(default_factory=dict)
    provides: list = field(default_factory=list)
    imports: list = field(default_factory=list)
    classes: dict = field(default_factory=dict)
    attachments: dict = field(default_factory=dict)


@dataclass
class Bundle:
    """What grading one notebook needs, apart from the submission."""

    assignment: str
    notebook: str
    cells: list
    metadata: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)
    given: list = field(default_factory=list)

    @functools.cached_property
    def asked_for(self):
        """Names that students are asked to define or that the package has for the same, unless an answer needs them."""
        asked = {name for cell in self.cells for name in cell.provides}
        return sorted(hiding.with_other_names(asked) - set(self.given))

    @functools.cached_property
    def imports(self):
        """Modules of the course's package that the instructor's own cells import."""
        sources = [cell.source for cell in self.cells if cell.cell_type == "code" and cell.kind != "solution"]
        return sorted(set().union(*(naming.imported(source, "cs_layers") for source in sources)))

    @functools.cached_property
    def solutions(self):
        """The cells that students answer in."""
        return [cell for cell in self.cells if cell.kind == "solution"]

    @functools.cached_property
    def apart(self):
        """Texts of the instructor's cells that use what the student's process does not have."""
        sources = [cell.source for cell in self.cells if cell.cell_type == "code" and cell.kind != "solution"]
        brought = naming.brought_in("cs_layers", sources)
        used = {source: naming.used_of(brought, source) for source in sources}
        missing = hiding.refused(set().union(*used.values()), self.asked_for)
        return {source for source, names in used.items() if names & missing}

    @functools.cached_property
    def version(self):
        """A hash of it all, which names what a notebook was graded with."""
        files = {name: hashlib.sha256(contents).hexdigest() for name, contents in self.files.items()}
        return hashlib.sha256(json.dumps({**asdict(self), "files": files}, sort_keys=True).encode()).hexdigest()


def kind_of(cell):
    """What nbgrader's metadata say a cell is."""
    data = cell.get("metadata", {}).get("nbgrader", {})
    if not isinstance(data, dict):
        return "free"
    if data.get("solution"):
        return "solution"
    if data.get("task"):
        return "task"
    if data.get("grade"):
        return "check"
    return "locked" if data.get("locked") else "free"


def from_notebook(nb, assignment, notebook, saved=None, solved=None, files=None):
    """A bundle from an instructor's notebook.

    Parameters
    ----------
    nb : NotebookNode
        The released notebook, or the source.
    assignment, notebook : str
    saved : dict of str to SourceCell, optional
        By grade_id, the gradebook's cells; their text, type and points win.
    solved : NotebookNode, optional
        The source with its solutions: says which names answers define.
    files : dict of str to bytes, optional
    """
    answers = {
        cell.metadata.nbgrader.get("grade_id"): cell.source
        for cell in (solved or nb).cells
        if kind_of(cell) == "solution"
    }
    cells, values, classes = [], set(), {}
    for cell in nb.cells:
        data = dict(cell.metadata.get("nbgrader", {}))
        kind, grade_id = kind_of(cell), data.get("grade_id", "")
        made = SourceCell(
            cell.cell_type, cell.source, kind, grade_id, float(data.get("points", 0) or 0), cell.get("id", ""), data
        )
        made.attachments = json.loads(json.dumps(cell.get("attachments", {})))
        known = (saved or {}).get(grade_id)
        if known is not None:
            made.source, made.cell_type = known.source, known.cell_type
            made.points = known.points
            if data.get("checksum") is not None or known.metadata.get("checksum"):
                made.metadata["checksum"] = known.metadata.get("checksum")
            if "points" in made.metadata:
                made.metadata["points"] = known.points
        if kind == "solution" and cell.cell_type == "code":
            answer = answers.get(grade_id, "")
            made.imports = naming.import_lines(answer)
            provides = naming.bound(answer) | naming.bound(made.source) | naming.changed(answer) & values
            made.provides = sorted(provides - naming.bound("\n".join(made.imports)))
            classes = naming.classes(answer, naming.classes(made.source, classes))
            made.classes = {name: classes[name] for name in made.provides if name in classes}
        elif cell.cell_type == "code" and kind != "check":
            values = (values | naming.bound(made.source)) - naming.callables(made.source)
            classes = naming.classes(made.source, classes)
        cells.append(made)
    code = [cell.source for cell in (solved or nb).cells if cell.cell_type == "code"]
    given = sorted(naming.taken_from("cs_layers", code, answers.values()))
    metadata = {key: nb.metadata[key] for key in ("kernelspec", "language_info") if key in nb.metadata}
    return Bundle(assignment, notebook, cells, json.loads(json.dumps(metadata)), files or {}, given)


def from_course(coursedir, gradebook, assignment, notebook, own_files=(), config=None):
    """The bundle of one notebook of a course.

    Parameters
    ----------
    coursedir : nbgrader.coursedir.CourseDirectory
    gradebook : nbgrader.api.Gradebook
    assignment, notebook : str
    own_files : iterable of str
        Paths of data files that are the student's to change (nbgrader's `exclude_overwriting`): left out here.
    config : traitlets.config.Config, optional
        The course's, which says how hidden tests are marked; by default what `coursedir` knows of it.
    """
    from nbgrader.preprocessors import ClearHiddenTests

    record = gradebook.find_notebook(notebook, assignment)
    points = {cell.name: cell.max_score for cell in (*record.grade_cells, *record.task_cells)}
    marks = ClearHiddenTests(config=config or coursedir.config)
    saved = {
        cell.name: SourceCell(
            cell.cell_type,
            _usual_marks(cell.source, marks),
            "",
            cell.name,
            float(points.get(cell.name) or 0),
            metadata={"checksum": cell.checksum},
        )
        for cell in record.source_cells
    }
    source_folder = coursedir.format_path(coursedir.source_directory, ".", assignment)
    released = _read(Path(coursedir.format_path(coursedir.release_directory, ".", assignment)) / f"{notebook}.ipynb")
    solved = _read(Path(source_folder) / f"{notebook}.ipynb")
    nb = released or solved or _from_saved(saved, record)
    if not {cell.name for cell in record.grade_cells} <= {
        c.metadata.get("nbgrader", {}).get("grade_id") for c in nb.cells
    }:
        nb = _from_saved(saved, record)
    made = from_notebook(
        nb, assignment, notebook, saved, solved, _data_files(source_folder, coursedir, notebook, own_files)
    )
    if record.kernelspec:
        made.metadata["kernelspec"] = json.loads(record.kernelspec) or made.metadata.get("kernelspec", {})
    return made


def _usual_marks(source, marks):
    """A cell whose hidden tests are marked as they are marked by default, whatever a course has chosen."""
    for own, usual in (
        (marks.begin_test_delimeter, naming.BEGIN_HIDDEN),
        (marks.end_test_delimeter, naming.END_HIDDEN),
    ):
        source = source.replace(own, usual)
    return source


def _read(path):
    if not path.is_file():
        return None
    return nbformat.read(path, as_version=4)


def _from_saved(saved, record):
    """A notebook of the gradebook's cells alone, where neither release nor source is at hand."""
    graded, solutions = {cell.name for cell in record.grade_cells}, {cell.name for cell in record.solution_cells}
    tasks = {cell.name for cell in record.task_cells}
    cells = []
    for cell in (
        sorted(record.source_cells, key=lambda cell: getattr(cell, "id", 0)) if not saved else record.source_cells
    ):
        make = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
        made = make(cell.source or "")
        made.metadata["nbgrader"] = {
            "grade": cell.name in graded, "solution": cell.name in solutions, "task": cell.name in tasks,
            "locked": bool(cell.locked), "grade_id": cell.name, "schema_version": 3, "points": saved[cell.name].points,
            "cell_type": cell.cell_type,
        }  # fmt: skip
        cells.append(made)
    return nbformat.v4.new_notebook(cells=cells)


def _data_files(folder, coursedir, notebook, own_files):
    """The files released beside the notebook: students' code may read them."""
    from nbgrader import utils

    files = {}
    if not os.path.isdir(folder):
        return files
    stems = {path.stem for path in Path(folder).rglob("*.ipynb")}
    for path in utils.find_all_files(folder, [*coursedir.ignore, "*.ipynb"]):
        name = os.path.relpath(path, folder)
        paired = Path(path).suffix in (".py", ".md", ".Rmd") and Path(path).stem in stems  # a notebook's text form
        if not paired and name not in own_files and os.path.isfile(path) and os.path.getsize(path) <= MAX_DATA_FILE:
            files[name] = Path(path).read_bytes()
    return files
