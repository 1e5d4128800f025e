"""nbgrader's autograde, as it is, except where it meets a submission's files: there it believes nothing.

Every submission ends with a row in the gradebook, and none ends the run.
"""

import contextlib
import fnmatch
import glob
import os
import re

import sqlalchemy
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde as NbGraderAutograde
from nbgrader.converters import NbGraderException
from nbgrader.converters.base import BaseConverter
from traitlets import Enum, Integer

from cs_layers.grading import report
from cs_layers.grading.ahead import Ahead
from cs_layers.grading.books import Books
from cs_layers.grading.engine import Grader, SandboxRefused
from cs_layers.grading.leftovers import Unfinished, remove_unfinished
from cs_layers.grading.lock import FOLDER, GradingStopped, only_writer
from cs_layers.grading.preprocessors import ExecuteApart, SubmissionExporter, make_bundle, rebuilt_submission
from cs_layers.grading.submitted import Unreadable, copy_files, odd_files, read_file, read_timestamp, regular_files
from cs_layers.parallel import cores


class _OnlyFiles(BaseConverter):
    """What stands between nbgrader's Autograde and its base: copies of files, but of nothing else."""

    def init_assignment(self, assignment_id, student_id):
        source, target = self._format_source(assignment_id, student_id), self._format_dest(assignment_id, student_id)
        ignored = self.coursedir.ignore
        released = self.coursedir.format_path(self.coursedir.source_directory, ".", assignment_id)
        if not os.path.islink(source):
            reserved = [path.relative_to(released) for path in regular_files(released)]
            copy_files(source, target, lambda path: utils.is_ignored(path, ignored), reserved)


class Autograde(NbGraderAutograde, _OnlyFiles):
    """nbgrader's converter with a safe way in, and a table of what was odd at the end."""

    timestamps = Enum(
        ("file", "gradebook"),
        "file",
        help="Where the time of a submission is read: timestamp.txt in its folder, as nbgrader does, or the gradebook.",
    ).tag(config=True)
    workers = Integer(
        cores(),
        min=0,
        help="How many submissions run at a time, ahead of the one whose grades are being saved; 0: none ahead.",
    ).tag(config=True)

    def __init__(self, coursedir=None, **kwargs):
        super().__init__(coursedir=coursedir, **kwargs)
        self.exporter_class = SubmissionExporter
        self.grader, self.ahead, self.books, self.unfinished, self.broken = None, None, None, None, None
        self.rows, self.notebook_names, self._bundles, self._steps = [], [], {}, {}

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

    def bundle(self, assignment, notebook):
        """What grading a notebook needs; made once a run."""
        made = self._bundles.get((assignment, notebook))
        if made is None:
            own = self.exclude_overwriting.get(assignment, ())
            made = make_bundle(self.coursedir, assignment, notebook, own, self.config)
            self._bundles[assignment, notebook] = made
        return made

    def own_files(self, assignment, student):
        """The files that students may bring along, by nbgrader's `exclude_overwriting`."""
        folder, files = self.coursedir.format_path(self.coursedir.submitted_directory, student, assignment), {}
        for name in self.exclude_overwriting.get(assignment, ()):
            try:
                files[name] = read_file(os.path.join(folder, name))
            except (OSError, Unreadable):
                continue
        return files

    def rebuilt(self, student, assignment, notebook):
        """A submission's notebook, rebuilt."""
        folder = self.coursedir.format_path(self.coursedir.submitted_directory, student, assignment)
        return rebuilt_submission(folder, self.bundle(assignment, notebook), self.notebook_names, self.broken)

    # -- one after the other

    def convert_notebooks(self):
        self.coursedir.get_existing_timestamp = self._timestamp
        try:
            with only_writer(self.coursedir.root, shared=True), Books() as self.books:
                ours = os.path.join(self.coursedir.root, FOLDER)
                for folder in remove_unfinished(ours):
                    self.log.warning("%s was being written when a run was killed; it is graded again.", folder)
                self.unfinished = Unfinished(ours)
                self._try_sandbox()
                failed = self._convert(dict(sorted(self.assignments.items())))
        except GradingStopped as stop:
            self.log.error("Nothing is graded. %s", stop)
            raise NbGraderException(str(stop)) from None
        finally:
            del self.coursedir.get_existing_timestamp
            self._end()
            self._table()
        if failed:
            raise NbGraderException("nbgrader could not process some submissions; the messages above say why.")
        if any(row["stopped"] for row in self.rows):
            raise NbGraderException(
                "Some submissions could not be read or run; they have 0 points, and the table above says why."
            )

    def _convert(self, submissions):
        """Have nbgrader convert each submission when it is ready; returns those that it failed on."""
        failed, self._due = [], {folder for folder in submissions if self._is_due(*self._names(folder))}
        self.ahead = Ahead(submissions, self._jobs, self.grader.run, self.workers)
        for folder in self.ahead:
            self.assignments = {folder: submissions[folder]}
            begun = self.unfinished.writing(self._format_dest(*self._names(folder)))
            try:
                with begun if folder in self._due else contextlib.nullcontext():
                    super().convert_notebooks()
            except NbGraderException as error:
                if error.__context__ is not None:  # it is the gradebook or the marks' format: it fails for all
                    raise
                failed.append(folder)
        return failed

    def _try_sandbox(self):
        """Before the first submission: is the isolation that the instructor wants to be had?"""
        assignment, self._apart = self.coursedir.assignment_id, ExecuteApart(parent=self)
        wanted = fnmatch.filter(self.notebook_names, self.coursedir.notebook_id)
        bundles = [self.bundle(assignment, name) for name in wanted]
        self.grader = Grader(self._apart.level, self._apart.bounds(), canary_folder=self.coursedir.root)
        try:
            self.isolation = self.grader.check(next(iter(bundles), None))
        except SandboxRefused as refused:
            self.log.error("Nothing is graded. %s", refused)
            self.log.error("Use a machine with a stronger sandbox, or accept a weaker one; docs/grading.md says how.")
            raise NbGraderException(str(refused)) from None

    def _end(self):
        """End all that runs; at the end, or when the run is broken off."""
        if self.ahead is not None:
            self.ahead.close()
        if self.grader is not None:
            self.grader.close()
        if self.ahead is not None:
            self.ahead.join()
        if self.unfinished is not None:
            self.unfinished.close()
        self.grader = self.ahead = self.books = self.unfinished = None

    # -- ahead of nbgrader, in other threads

    def _names(self, folder):
        """The assignment and the student that a submission's folder belongs to."""
        pattern = self.coursedir.format_path(
            self.coursedir.submitted_directory, "(?P<student>.*)", "(?P<assignment>.*)", escape=True
        )
        found = re.match(pattern, folder)
        return found["assignment"], found["student"]

    def _is_due(self, assignment, student):
        """Whether nbgrader is going to convert a submission; what it does in the end is up to `init_destination`."""
        target = os.path.normpath(self._format_dest(assignment, student))
        if student in self.coursedir.student_id_exclude.split(","):
            return False
        if self.force or not os.path.exists(target) or self.coursedir.notebook_id != "*":
            return True
        source = self.coursedir.format_path(self.coursedir.submitted_directory, student, assignment)
        new, old = self._timestamp(source), self._timestamp(target)
        return new is not None and old is not None and new > old

    def _jobs(self, folder):
        """What is to be run for a submission."""
        if folder not in self._due:
            return
        assignment, student = self._names(folder)
        seed, own = self._apart.seed(self.coursedir.root, student, assignment), self.own_files(assignment, student)
        for bundle in self._bundles.values():
            nb = rebuilt_submission(folder, bundle, self.notebook_names)
            if self._apart.runs and not nb.metadata.cs_layers.get("problem"):
                yield self.grader.job(nb, bundle, seed, own)

    def run(self, job):
        """What came of a job: found ahead, or now."""
        ran = self.ahead.take(job)
        if ran is None:
            self.books.commit()  # nobody else's use of the gradebook waits for a student's code
            ran = self.grader.run(job)
        return ran

    # -- nbgrader's own steps

    def _timestamp(self, folder):
        return None if self.timestamps == "gradebook" else read_timestamp(folder)

    def init_assignment(self, assignment_id, student_id):
        with self.books.step():
            super().init_assignment(assignment_id, student_id)
        odd = odd_files(self._format_source(assignment_id, student_id))
        if odd:
            self.log.warning("%s handed in what is no file, and was left out: %s", student_id, ", ".join(odd))

    def convert_single_notebook(self, notebook_filename):
        """Grade one notebook; if our own code fails on it, give it 0 points and the reason."""
        try:
            with self.books.step():
                super().convert_single_notebook(notebook_filename)
        except sqlalchemy.exc.OperationalError:
            raise
        except Exception as error:
            self.log.exception("Grading %s failed; it gets 0 points and this reason.", notebook_filename)
            self.broken = (
                f"Grading failed ({type(error).__name__}). This is not your fault; please tell your instructor."
            )
            try:
                with self.books.step():
                    super().convert_single_notebook(notebook_filename)
            finally:
                self.broken = None

    def _init_preprocessors(self):
        """nbgrader's two lists of steps, each made once a run."""
        if self._sanitizing not in self._steps:
            super()._init_preprocessors()
            self._steps[self._sanitizing] = self.exporter._preprocessors
        self.exporter._preprocessors = self._steps[self._sanitizing]

    def remember(self, student, notebook, graded):
        """Keep what is to be said at the end about one notebook."""
        score, most = (sum(column) for column in zip((0, 0), *graded.scores.values(), strict=True))
        self.rows.append(
            {"student": student, "notebook": notebook, "score": score, "of": most, **report.remarks(graded)}
        )

    def _table(self):
        odd = sorted((row for row in self.rows if row["odd"]), key=lambda row: (row["student"], row["notebook"]))
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
