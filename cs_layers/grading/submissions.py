"""Submissions made from solutions: what a student would hand in who answered everything, or all but one thing."""

import copy
import re

from nbgrader import utils

from cs_layers import checks


def make_submission(solution, released, answers):
    """Fill a released notebook with the answers of its solution, except those given in ``answers``.

    Parameters
    ----------
    solution, released : nbformat notebook
        The same notebook with its solutions, and as students get it.
    answers : dict of str, or None
        The text of an answer cell by its ``grade_id``; ids that this notebook does not have are not looked at.
        None: nothing is filled in.

    Returns
    -------
    nbformat notebook
        A new notebook; the two given are left as they are.
    """
    submission = copy.deepcopy(released)
    if answers is None:
        return submission
    solved = {cell.metadata.nbgrader.grade_id: cell.source for cell in solution.cells if utils.is_solution(cell)}
    for cell in submission.cells:
        if utils.is_solution(cell):
            grade_id = cell.metadata.nbgrader.grade_id
            cell.source = answers.get(grade_id, without_markers(solved[grade_id]))
    return submission


def without_markers(source):
    """A solution cell's text without nbgrader's BEGIN and END SOLUTION lines."""
    return "\n".join(line for line in source.splitlines() if not re.match(r"\s*### (BEGIN|END) SOLUTION", line))


def mistake_source(function, name):
    """The text of a known mistake, written as a student's answer: a definition of ``function``.

    Raises
    ------
    ValueError
        The checks know no such mistake of this function.
    """
    known = {mistake.name: mistake for mistake in checks.mistakes(function)}
    if name not in known:
        raise ValueError(f"The checks know no mistake {name!r} of {function}; they know {', '.join(sorted(known))}.")
    return known[name].source
