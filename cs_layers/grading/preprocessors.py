"""Our steps in nbgrader's own pipelines: each does one thing to a notebook."""

import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import CheckCellMetadata, NbGraderPreprocessor
from traitlets import Bool, Dict, Enum, Unicode

from cs_layers.grading import report
from cs_layers.grading.bundle import from_course
from cs_layers.grading.engine import Ran
from cs_layers.grading.rebuild import rebuild_found
from cs_layers.grading.sandbox.limits import Limits
from cs_layers.grading.sandbox.probe import LEVELS
from cs_layers.grading.submitted import find_notebook, read_file

SECRET = ".grading_secret"


class SubmissionExporter(NotebookExporter):
    """Reads submissions as bytes, whatever they are; `Rebuild` makes a notebook of them.

    The notebook is validated when all steps are done, not after each.
    """

    optimistic_validation = Bool(True).tag(config=True)

    def from_filename(self, filename, resources=None, **kw):
        if not getattr(self.parent, "_sanitizing", False):
            return super().from_filename(filename, resources, **kw)
        import nbformat

        resources = dict(resources or {})
        resources.setdefault("metadata", {})["name"] = Path(filename).stem
        resources["metadata"]["path"] = os.path.dirname(filename)
        return self.from_notebook_node(nbformat.v4.new_notebook(), resources, **kw)


class Rebuild(NbGraderPreprocessor):
    """Replace the submission by the instructor's notebook with the student's answers in it."""

    def preprocess(self, nb, resources):
        names = resources["nbgrader"]
        return self.parent.parent.rebuilt(names["student"], names["assignment"], names["notebook"]), resources


def rebuilt_submission(folder, bundle, others=(), broken=None):
    """The notebook to grade, from what lies in a submission's folder.

    Parameters
    ----------
    folder : path
    bundle : Bundle
    others : list of str
        Names of the assignment's notebooks: files of these are taken for no other.
    broken : str, optional
        Why the submission is not even to be looked at.

    Returns
    -------
    NotebookNode
    """
    found = (None, [], broken) if broken else find_notebook(folder, bundle.notebook, bundle, others)
    return rebuild_found(*found, bundle)


class ExecuteApart(NbGraderPreprocessor):
    """Run students' cells in a sandbox and check cells outside it."""

    level = Enum(LEVELS, "landlock", help="The weakest isolation to accept; nothing is graded below it.").tag(
        config=True
    )
    limits = Dict(help="Limits of one submission; see cs_layers.grading.sandbox.limits.Limits.").tag(config=True)
    secret = Unicode("", help="Key of the seeds of random inputs; by default a file in the course's folder.").tag(
        config=True
    )

    def preprocess(self, nb, resources):
        converter, names = self.parent.parent, resources["nbgrader"]
        student, assignment, notebook = names["student"], names["assignment"], names["notebook"]
        bundle, seed = converter.bundle(assignment, notebook), self.seed(converter.coursedir.root, student, assignment)
        marks = nb.metadata.cs_layers
        if not self.runs:
            marks["problem"] = report.NOT_RUN
        if marks.get("problem"):
            graded = report.finish(nb, bundle, Ran(), seed, marks["notes"], self.bounds())
        else:
            own = converter.own_files(assignment, student)
            graded = converter.grader.execute(nb, bundle, seed, marks["notes"], own, converter.run)
        converter.remember(student, notebook, graded)
        return graded.notebook, resources

    @property
    def runs(self):
        """Whether students' code is run at all."""
        return self.config.Execute.get("enabled", True) is not False

    def bounds(self):
        """The limits: those of the course's configuration, and `Execute.timeout` if nbgrader was given it."""
        limits = Limits(**self.limits)
        seconds = self.config.Execute.get("timeout")
        if isinstance(seconds, int) and seconds > 0 and "cell" not in self.limits:
            limits = Limits(**{**self.limits, "cell": seconds, "call": min(limits.call, seconds)})
        return limits

    def seed(self, root, student, assignment):
        """The same for a student's assignment whenever it is graded, and not to be guessed."""
        key = self.secret.encode() or course_secret(root)
        return int.from_bytes(hmac.digest(key, f"{student}\0{assignment}".encode(), "sha256")[:6], "big")


def course_secret(root):
    """The course's secret key, made at its first use; it stays with the course, so that grades can be repeated."""
    path = os.path.join(root, SECRET)
    try:
        return read_file(path, 1000)
    except FileNotFoundError:
        pass
    key = secrets.token_hex(32).encode()
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(key)
    except OSError:  # another grader was faster, or the folder is read-only
        return read_file(path, 1000) if os.path.exists(path) else hashlib.sha256(root.encode()).digest()
    return key


class CheckMarks(CheckCellMetadata):
    """nbgrader's check of the cells' marks, once for each set of marks: a class's notebooks have all the same."""

    def __init__(self, **kw):
        super().__init__(**kw)
        self._valid = set()

    def preprocess(self, nb, resources):
        marked = [(cell.cell_type, cell.metadata.nbgrader) for cell in nb.cells if "nbgrader" in cell.metadata]
        marks = json.dumps(marked, sort_keys=True)
        if marks not in self._valid:
            nb, resources = super().preprocess(nb, resources)
            self._valid.add(marks)
        return nb, resources


class SaveReasons(NbGraderPreprocessor):
    """Write why points are missing into the gradebook, as the comment of the answer that a test belongs to."""

    def preprocess(self, nb, resources):
        names = resources["nbgrader"]
        verdicts = nb.metadata.get("cs_layers", {}).get("audit", {}).get("verdicts", {})
        reasons = {grade_id: one["reason"] for grade_id, one in verdicts.items() if one["status"] != "passed"}
        with Gradebook(names["db_url"]) as gradebook:
            for answer, tests in report.tests_of_answers(nb.cells).items():
                text = report.comment_of(reasons, tests)
                comment = gradebook.find_comment(answer, names["notebook"], names["assignment"], names["student"])
                if text:
                    comment.auto_comment = f"{comment.auto_comment}\n\n{text}" if comment.auto_comment else text
            gradebook.db.commit()
        return nb, resources


class BlankHiddenTests(NbGraderPreprocessor):
    """Take the source of hidden tests out of what students are shown."""

    def preprocess_cell(self, cell, resources, cell_index):
        if cell.cell_type == "code" and (utils.is_grade(cell) or utils.is_locked(cell)):
            cell.source = report.hide_tests(cell.source)
        return cell, resources


def make_bundle(coursedir, assignment, notebook, own_files=(), config=None):
    """A notebook's bundle, from the gradebook and the course's folders."""
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        return from_course(coursedir, gradebook, assignment, notebook, own_files, config)
