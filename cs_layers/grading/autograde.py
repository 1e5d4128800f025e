"""nbgrader's autograde, as it is, except where it meets a submission's files: there it believes nothing.

Every submission ends with a row in the gradebook, and none ends the run.
"""

import fnmatch
import functools
import glob
import os

import sqlalchemy
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde as NbGraderAutograde
from nbgrader.converters import NbGraderException
from nbgrader.converters.base import BaseConverter
from traitlets import Enum

from cs_layers.grading.engine import Grader, SandboxRefused
from cs_layers.grading.preprocessors import ExecuteApart, SubmissionExporter, make_bundle
from cs_layers.grading.submitted import Unreadable, copy_files, odd_files, read_file, read_timestamp


class _OnlyFiles(BaseConverter):
    """What stands between nbgrader's Autograde and its base: copies of files, but of nothing else."""

    def init_assignment(self, assignment_id, student_id):
        source, target = self._format_source(assignment_id, student_id), self._format_dest(assignment_id, student_id)
        ignored = self.coursedir.ignore
        if not os.path.islink(source):
            copy_files(source, target, lambda path: utils.is_ignored(path, ignored))


class Autograde(NbGraderAutograde, _OnlyFiles):
    """nbgrader's converter with a safe way in, and a table of what was odd at the end."""

    timestamps = Enum(
        ("file", "gradebook"),
        "file",
        help="Where the time of a submission is read: timestamp.txt in its folder, as nbgrader does, or the gradebook.",
    ).tag(config=True)

    def __init__(self, coursedir=None, **kwargs):
        super().__init__(coursedir=coursedir, **kwargs)
        self.exporter_class = SubmissionExporter
        self.grader, self.broken = None, None
        self.rows, self.notebook_names = [], []

    # -- which submissions there are

    def init_notebooks(self):
        """Every folder is a submission, and has each of the assignment's notebooks, whether the file is there or
        not."""
        assignment = self.coursedir.assignment_id
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            try:
                self.notebook_names = [notebook.name for notebook in gradebook.find_assignment(assignment).notebooks]
            except MissingEntry:
                self.notebook_names = []
        wanted = [name for name in self.notebook_names if fnmatch.fnmatch(name, self.coursedir.notebook_id)]
        folders = sorted(glob.glob(self._format_source(assignment, self.coursedir.student_id)))
        if not folders or not wanted:
            super().init_notebooks()
            return
        self.notebooks = []
        self.assignments = {folder: [os.path.join(folder, f"{name}.ipynb") for name in wanted] for folder in folders}

    @functools.cache  # noqa: B019  (one converter lives for one run)
    def bundle(self, assignment, notebook):
        """What grading a notebook needs; made once a run."""
        return make_bundle(self.coursedir, assignment, notebook, self.exclude_overwriting.get(assignment, ()))

    def own_files(self, assignment, student):
        """The files that students may bring along, by nbgrader's `exclude_overwriting`."""
        folder, files = self.coursedir.format_path(self.coursedir.submitted_directory, student, assignment), {}
        for name in self.exclude_overwriting.get(assignment, ()):
            try:
                files[name] = read_file(os.path.join(folder, name))
            except (OSError, Unreadable):
                continue
        return files

    # -- one after the other

    def convert_notebooks(self):
        self.coursedir.get_existing_timestamp = self._timestamp
        try:
            self._try_sandbox()
            super().convert_notebooks()
        finally:
            del self.coursedir.get_existing_timestamp
            if self.grader is not None:
                self.grader.close()
                self.grader = None
            self._table()
        if any(row["stopped"] for row in self.rows):
            raise NbGraderException(
                "Some submissions could not be read or run; they have 0 points, and the table above says why."
            )

    def _try_sandbox(self):
        """Before the first submission: is the isolation that the instructor wants to be had?"""
        step = ExecuteApart(parent=self)
        self.grader = Grader(step.level, step.bounds(), canary_folder=self.coursedir.root)
        try:
            self.isolation = self.grader.check()
        except SandboxRefused as refused:
            self.log.error("Nothing is graded. %s", refused)
            self.log.error("Use a machine with a stronger sandbox, or accept a weaker one; docs/grading.md says how.")
            raise NbGraderException(str(refused)) from None

    def _timestamp(self, folder):
        return None if self.timestamps == "gradebook" else read_timestamp(folder)

    def init_assignment(self, assignment_id, student_id):
        super().init_assignment(assignment_id, student_id)
        odd = odd_files(self._format_source(assignment_id, student_id))
        if odd:
            self.log.warning("%s handed in what is no file, and was left out: %s", student_id, ", ".join(odd))

    def convert_single_notebook(self, notebook_filename):
        """Grade one notebook; if our own code fails on it, give it 0 points and the reason."""
        try:
            super().convert_single_notebook(notebook_filename)
        except sqlalchemy.exc.OperationalError:
            raise
        except Exception as error:
            self.log.exception("Grading %s failed; it gets 0 points and this reason.", notebook_filename)
            self.broken = (
                f"Grading failed ({type(error).__name__}). This is not your fault; please tell your instructor."
            )
            try:
                super().convert_single_notebook(notebook_filename)
            finally:
                self.broken = None

    def remember(self, student, notebook, graded):
        """Keep what is to be said at the end about one notebook."""
        problem = graded.notebook.metadata.cs_layers.get("problem")
        points = sum(score for score, _ in graded.scores.values()), sum(most for _, most in graded.scores.values())
        odd = [*graded.notes, *graded.log.get("events", [])]
        if graded.log.get("failure"):
            odd.insert(0, graded.log["failure"])
        if graded.log.get("level") == "unsandboxed":
            odd.insert(0, "UNSANDBOXED")
        self.rows.append(
            {
                "student": student,
                "notebook": notebook,
                "score": points[0],
                "of": points[1],
                "odd": odd,
                "level": graded.log.get("level"),
                "stopped": bool(problem or graded.log.get("failure")),
            }
        )

    def _table(self):
        odd = [row for row in self.rows if row["odd"]]
        levels = sorted({row["level"] for row in self.rows if row["level"]})
        self.log.info(
            "%d notebooks graded, isolation: %s; %d were odd.", len(self.rows), ", ".join(levels) or "none", len(odd)
        )
        for row in odd:
            self.log.warning(
                "%-20s %-20s %5g of %-5g %s",
                row["student"],
                row["notebook"],
                row["score"],
                row["of"],
                "; ".join(row["odd"])[:400],
            )


def install():
    """Have `nbgrader autograde` and formgrader use this converter."""
    from nbgrader.apps import api, autogradeapp

    autogradeapp.Autograde = api.Autograde = Autograde
