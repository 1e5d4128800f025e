"""Our steps in nbgrader's own pipelines: each does one thing to a notebook."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Dict, Enum, Unicode

from cs_layers.grading import report
from cs_layers.grading.bundle import from_course
from cs_layers.grading.rebuild import rebuild
from cs_layers.grading.sandbox.limits import Limits
from cs_layers.grading.sandbox.probe import LEVELS
from cs_layers.grading.submitted import find_notebook, read_file

SECRET = ".grading_secret"


class SubmissionExporter(NotebookExporter):
    """Reads submissions as bytes, whatever they are; `Rebuild` makes a notebook of them."""

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
        converter = self.parent.parent
        names = resources["nbgrader"]
        bundle = converter.bundle(names["assignment"], names["notebook"])
        raw, notes, problem = None, [], converter.broken
        if problem is None:
            folder = resources["metadata"]["path"]
            raw, notes, problem = find_notebook(folder, names["notebook"], bundle, converter.notebook_names)
        rebuilt = rebuild(raw, bundle)
        if problem:
            rebuilt.notebook.metadata.cs_layers["problem"] = problem
            rebuilt.notes[:] = [problem]
        rebuilt.notes.extend(notes)
        rebuilt.notebook.metadata.cs_layers["notes"] = list(rebuilt.notes)
        rebuilt.notebook.metadata.cs_layers["submission"] = hashlib.sha256(raw or b"").hexdigest()
        return rebuilt.notebook, resources


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
        converter = self.parent.parent
        names = resources["nbgrader"]
        bundle = converter.bundle(names["assignment"], names["notebook"])
        if self.config.Execute.get("enabled", True) is False:
            nb.metadata.cs_layers["problem"] = "The notebook was not run (--no-execute), so no test could be passed."
        seed = self.seed(converter.coursedir.root, names["student"], names["assignment"])
        own = converter.own_files(names["assignment"], names["student"])
        if nb.metadata.cs_layers.get("problem"):
            graded = report.finish(nb, bundle, {}, {}, None, seed, nb.metadata.cs_layers["notes"], self.bounds())
        else:
            graded = converter.grader.execute(nb, bundle, seed, nb.metadata.cs_layers["notes"], own)
        converter.remember(names["student"], names["notebook"], graded)
        return graded.notebook, resources

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


def make_bundle(coursedir, assignment, notebook, own_files=()):
    """A notebook's bundle, from the gradebook and the course's folders."""
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        return from_course(coursedir, gradebook, assignment, notebook, own_files)
