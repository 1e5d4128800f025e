"""What nbgrader's gradebook says after grading, as a table."""

import contextlib
import warnings
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbgrader import utils
from nbgrader.api import Gradebook


class Result(NamedTuple):
    """One student's assignment: points, and why those that are missing were lost, one line a test."""

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
            Result(s.student.id, assignment.name, s.score, s.max_score, reasons(course, s.student.id, assignment.name))
            for assignment in sorted(book.assignments, key=lambda a: a.name)
            for s in sorted(assignment.submissions, key=lambda s: s.student.id)
        ]


def reasons(course, student, assignment):
    """Name each failed test of a submission and the first line of its message."""
    found = []
    for path in sorted((Path(course) / "autograded" / student / assignment).glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if utils.is_grade(cell) and cell.cell_type == "code" and not utils.is_solution(cell):
                found += [f"{cell.metadata.nbgrader.grade_id}: {_headline(o)}" for o in cell.outputs if _is_error(o)]
    return found


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


def _is_error(output):
    return output.output_type == "error"


def _headline(output):
    first = output.evalue.strip().splitlines()[0] if output.evalue.strip() else output.ename
    text = first if output.ename in ("CheckFailed", "AssertionError") else f"{output.ename}: {first}"
    return text if len(text) <= 100 else text[:99] + "…"
