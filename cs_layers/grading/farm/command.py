"""Grading an assignment: which submissions are due, who runs them, and what becomes of the results."""

import contextlib
import time
from pathlib import Path

from cs_layers.grading.course import nbgrader_api
from cs_layers.grading.farm import summary
from cs_layers.grading.farm.here import Here
from cs_layers.grading.farm.ledger import Ledger
from cs_layers.grading.farm.progress import Progress
from cs_layers.grading.farm.reading import Course
from cs_layers.grading.farm.store import Store, UnknownStudent
from cs_layers.grading.leftovers import remove_unfinished
from cs_layers.grading.lock import FOLDER, GradingStopped, only_writer
from cs_layers.parallel import cores


def grade(
    root, assignment, workers=None, scheduler=None, certificates=(None, None, None), student="*", resume=False,
    force=False, progress=False,
):  # fmt: skip
    """Grade what was handed in for an assignment.

    Parameters
    ----------
    root : path
        The course.
    assignment : str
    workers : int, optional
        Processes on this machine; by default one for each core.
    scheduler : str, optional
        Address of a Dask scheduler whose workers are to be used instead.
    certificates : (str, str, str)
        Of that cluster, if it has any: the files of its authority, of our certificate and of its key.
    student : str
        A pattern: only these.
    resume : bool
        Grade what has no stored result, and what has changed since: submission, tests, limits or this package.
    force : bool
        Grade all. Without either, what has been graded is left, unless it was handed in anew, as `nbgrader autograde`
        does it.
    progress : bool
        Show what happens on stderr.

    Returns
    -------
    summary.Report

    Raises
    ------
    GradingStopped
        What ended the run, in a sentence. What was stored until then stays.
    """
    if workers is not None and (isinstance(workers, bool) or not isinstance(workers, int) or workers < 1):
        raise ValueError(f"--workers is {workers!r}; give the number of processes, 1 or more.")
    root = Path(root).resolve()
    if not (root / "nbgrader_config.py").is_file():
        raise GradingStopped(f"{root} is no course: it has no nbgrader_config.py.")
    with nbgrader_api(root) as api, only_writer(root):
        run = _Run(Course(api, assignment))
        return run.grade(
            lambda packed: _pool(packed, workers, scheduler, certificates), student, resume, force, progress
        )


def _pool(packed, workers, scheduler, certificates):
    """Who runs the tasks."""
    try:
        from cs_layers.grading.farm import cluster
    except ImportError:
        if scheduler or (workers or 1) > 1:
            raise GradingStopped('Several workers need Dask: pip install "cs-layers[farm]".') from None
        return Here()
    if scheduler is None:
        return cluster.Cluster(packed, workers=workers or cores())
    return cluster.Cluster(packed, scheduler=scheduler, security=cluster.certificates(*certificates))


class _Run:
    """One run of the command."""

    def __init__(self, course):
        self.course, self.store = course, Store(course)
        self.ledger = Ledger(course.root, course.assignment)
        self.reading = {}

    def grade(self, make_pool, pattern, resume, force, progress):
        started = time.monotonic()
        with contextlib.closing(self.store):
            self.store.folders.clean()
            remove_unfinished(Path(self.course.root) / FOLDER)
            folders = self.course.students(pattern)
            self.course.load(self.store.notebooks)
            due = self._due(folders, resume, force)
            report = summary.Report(self.course.assignment, "no worker")
            report.skipped = [student for student in folders if student not in due]
            if due:
                self._grade(make_pool, due, report, progress)
            report.seconds = time.monotonic() - started
            report.points = self._points(folders)
        return report

    def _due(self, folders, resume, force):
        if force:
            return dict(folders)
        if not resume:
            return {student: folder for student, folder in folders.items() if self.course.is_due(student, folder)}
        held = self.store.held()
        return {student: folder for student, folder in folders.items() if not self._is_stored(student, folder, held)}

    def _is_stored(self, student, folder, held):
        line = self.ledger.stored.get(student)
        if line is None or self.course.read(student, folder).key != line["stored"]:
            return False
        return self.store.is_stored(line, held)

    def _grade(self, make_pool, due, report, progress):
        with make_pool(self.course.packed) as pool, contextlib.closing(Progress(len(due), progress)) as shown:
            report.where = pool.name
            try:
                for task, result in pool.results(self._tasks(due)):
                    self._save(self.reading.pop(task["student"]), result, report, shown)
            except GradingStopped as stop:
                left = len(due) - shown.done
                raise GradingStopped(
                    f"{stop} What was stored stays; {left} submissions are left: run it again with --resume."
                ) from stop

    def _tasks(self, due):
        for student, folder in due.items():
            submission = self.course.read(student, folder)
            if self.ledger.times_begun(
                student, submission.key
            ):  # a run ended while it was graded: perhaps because of it
                submission.task["careful"] = True
            self.ledger.begin(student, submission.key)
            self.reading[student] = submission
            yield submission.task

    def _save(self, submission, result, report, shown):
        try:
            rows, files = self.store.save(submission, result)
        except UnknownStudent:
            for part in result["notebooks"]:
                part["odd"].insert(0, "not saved: the gradebook has no such student, and create_student is off")
                part["stopped"] = True
        else:
            self.ledger.store(submission.student, submission.key, rows, files)
        report.add(submission, result)
        shown.one(submission.student, [text for part in result["notebooks"] for text in part["odd"]])

    def _points(self, folders):
        held = self.store.held()
        return {
            student: {cell: value for cell, value in held.get(student, {}).items() if not cell.endswith("#")}
            for student in folders
        }
