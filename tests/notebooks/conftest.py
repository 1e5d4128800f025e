"""Notebooks as tests see them: their cells, a quick way to run them in one process, and whole courses graded."""

import types
from pathlib import Path

import nbformat
import pytest
from nbgrader import utils

from cs_layers.grading import course
from cs_layers.grading.demo import nbgrader
from cs_layers.grading.submissions import make_submission, without_markers

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "solutions").glob("*/*.py"))


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    """What a notebook writes, it writes there."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def root():
    """The course: the folder with solutions/ and assignments/."""
    return ROOT


@pytest.fixture(params=SOURCES, ids=lambda path: path.stem, scope="module")
def solved_path(request):
    """The text of each notebook of the course, with its solutions."""
    return request.param


@pytest.fixture(scope="module")
def solved(solved_path):
    """Each notebook of the course with its solutions."""
    return Notebook(course.read_solution(solved_path))


class Notebook:
    """A solved notebook, and its cells as nbgrader sees them."""

    def __init__(self, nb):
        self.nb = nb
        self.code = [cell for cell in nb.cells if cell.cell_type == "code"]
        self.answers = {c.id: c for c in self.code if utils.is_solution(c)}
        self.tests = {c.id: c for c in self.code if utils.is_grade(c) and not utils.is_solution(c)}

    def run(self):
        """Run every code cell in a new namespace, and return that."""
        names = {"__name__": "__main__"}
        for cell in self.code:
            execute(cell, names)
        return names

    def with_mistake(self, names, mistake):
        """A copy of a namespace in which an answer is replaced by a mistake; the other answers call that one.

        A backward whose mistake lies in the cache that it was left comes with the forward that leaves it.
        """
        mistaken = rebind(names)
        exec(mistake.source, mistaken)
        if mistake.forward:
            mistaken[mistake.target.replace("backward", "forward")] = mistake.forward
        return mistaken

    def failing(self, names):
        """The tests that fail in a namespace, with what they raise."""
        return {test_id: error for test_id, cell in self.tests.items() if (error := attempt(cell, names))}


def execute(cell, names):
    """Run a code cell as a process runs it that has no kernel."""
    exec(compile(without_markers(cell.source), f"<{cell.id}>", "exec"), names)


def attempt(cell, names):
    """Run a code cell, and return the exception that it ends with, if any."""
    try:
        execute(cell, dict(names))
    except Exception as error:
        return error
    return None


def rebind(names):
    """Copy a namespace; the functions in the copy look names up there, not in the original."""
    copy = dict(names)
    for name, value in names.items():
        if isinstance(value, types.FunctionType) and value.__globals__ is names:
            copy[name] = types.FunctionType(value.__code__, copy, name, value.__defaults__, value.__closure__)
            copy[name].__kwdefaults__ = value.__kwdefaults__
    return copy


@pytest.fixture(scope="session")
def graded(tmp_path_factory):
    """The whole course graded by nbgrader for two students: ``solved`` has every answer, ``untouched`` none.

    Gives {student: {(assignment, notebook): graded notebook}}.
    """
    folder = course.copy_course(ROOT, tmp_path_factory.mktemp("course"))
    course.build(folder)
    for source in sorted((folder / "solutions").glob("*/*.py")):
        assignment = source.parent.name
        released = nbformat.read(folder / "assignments" / assignment / f"{source.stem}.ipynb", as_version=4)
        for student, answers in {"solved": {}, "untouched": None}.items():
            target = folder / "submitted" / student / assignment
            target.mkdir(parents=True, exist_ok=True)
            submission = make_submission(course.read_solution(source), released, answers)
            nbformat.write(submission, target / f"{source.stem}.ipynb")
    for assignment in sorted({source.parent.name for source in SOURCES}):
        nbgrader(folder, "autograde", assignment)
    return {
        student: {
            (path.parent.name, path.stem): nbformat.read(path, as_version=4)
            for path in sorted((folder / "autograded" / student).glob("*/*.ipynb"))
        }
        for student in ("solved", "untouched")
    }
