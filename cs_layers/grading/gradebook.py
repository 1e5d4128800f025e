"""What nbgrader's gradebook says after grading, as a table."""

import contextlib
import warnings
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbgrader.api import Gradebook


class Result(NamedTuple):
    """One student's assignment: points, and why the others are missing, one line a test."""

    student: str
    assignment: str
    score: float
    max_score: float
    reasons: list


def results(course):
    """Read every graded submission of a course.

    Parameters
    ----------
    course : path
        The folder with ``gradebook.db`` and ``autograded/``.

    Returns
    -------
    list of Result
        Ordered by assignment and student.
    """
    course = Path(course)
    with warnings.catch_warnings(), contextlib.closing(Gradebook(f"sqlite:///{course}/gradebook.db")) as book:
        warnings.simplefilter("ignore")  # SQLAlchemy comments on nbgrader's queries
        return [
            Result(
                submission.student.id,
                assignment.name,
                submission.score,
                submission.max_score,
                reasons(course, submission.student.id, assignment.name) + unread(submission),
            )
            for assignment in sorted(book.assignments, key=lambda a: a.name)
            for submission in sorted(assignment.submissions, key=lambda s: s.student.id)
        ]


def reasons(course, student, assignment):
    """Name each test of a submission that lost points, and the first line of why."""
    found = []
    for path in sorted((Path(course) / "autograded" / student / assignment).glob("*.ipynb")):
        nb = nbformat.read(path, as_version=4)
        verdicts = nb.metadata.get("cs_layers", {}).get("audit", {}).get("verdicts", {})
        for test in (cell.id for cell in nb.cells if cell.id in verdicts):
            if verdicts[test]["status"] != "passed":
                found.append(f"{test}: {_headline(verdicts[test]['reason'])}")
    return found


def unread(submission):
    """Name each answer that waits for a human grader."""
    waiting = [grade for notebook in submission.notebooks for grade in notebook.grades if grade.needs_manual_grade]
    return [f"{grade.name}: {grade.max_score:g} to be given by hand" for grade in waiting]


def table(course, what):
    """Render the grades as lines of text: student, what was handed in, points, and why points are missing."""
    rows = results(course)
    width = max(len(text) for text in what.values())
    yield f"{'student':10}  {'what they handed in':{width}}  {'assignment':14}  {'points':>9}  why"
    for row in rows:
        points = f"{row.score:g} / {row.max_score:g}"
        why = row.reasons or [""]
        yield f"{row.student:10}  {what[row.student]:{width}}  {row.assignment:14}  {points:>9}  {why[0]}"
        yield from (" " * (width + 41) + reason for reason in why[1:3])
        if len(why) > 3:
            yield " " * (width + 41) + f"and {len(why) - 3} more"


def _headline(reason):
    first = reason.strip().splitlines()[0] if reason.strip() else "no reason was recorded"
    first = "not written yet" if first.startswith("NotImplementedError") else first
    return first if len(first) <= 100 else first[:99] + "…"
