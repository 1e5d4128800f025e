"""Notebooks as tests see them: their cells, and a quick way to run them in one process."""

from pathlib import Path

import pytest
from nbgrader import utils

from cs_layers.grading.course import read_solution
from cs_layers.grading.submissions import without_markers

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "solutions").glob("*/*.py"))


@pytest.fixture(params=SOURCES, ids=lambda path: path.stem)
def solution(request):
    """Each notebook of the course with its solutions."""
    return read_solution(request.param)


def answer_cells(nb):
    """The code cells that a student fills in, by grade_id."""
    cells = [c for c in nb.cells if c.cell_type == "code" and utils.is_solution(c)]
    return {cell.metadata.nbgrader.grade_id: cell for cell in cells}


def test_cells(nb):
    """The cells that nbgrader scores, by grade_id."""
    cells = [c for c in nb.cells if c.cell_type == "code" and utils.is_grade(c) and not utils.is_solution(c)]
    return {cell.metadata.nbgrader.grade_id: cell for cell in cells}


def run(cell, names):
    """Run a code cell in a namespace, as one process runs it that has no kernel; return the exception or None."""
    try:
        exec(compile(without_markers(cell.source), f"<{cell.id}>", "exec"), names)
    except Exception as error:
        return error
    return None
