"""A course that is not ours, `another_course.md`: right answers keep every point, and an empty notebook gets none."""

import json
import re
from pathlib import Path

import nbformat
import pytest

from cs_layers.grading.bundle import SourceCell, from_notebook
from cs_layers.grading.engine import Grader
from cs_layers.grading.sandbox.limits import Limits

TEXT = (Path(__file__).parent / "another_course.md").read_text()
TASKS = {
    title.replace(" ", "-"): dict(re.findall(r"^```python (\w+)\n(.*?)\n```", body, re.M | re.S))
    for title, body in re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", TEXT, re.M | re.S)
}
TESTS = [f"{task}-{kind}" for task, cells in TASKS.items() for kind in ("visible", "hidden") if kind in cells]
POINTS = {"visible": 2, "hidden": 3}


def notebook(answers):
    """The course's notebook, with hidden tests, and `answers(task)` in the answer cells."""
    cells = [cell("imports", "%matplotlib inline\nimport numpy as np\nimport matplotlib.pyplot as plt", locked=True)]
    for task, parts in TASKS.items():
        if "given" in parts:
            cells.append(cell(f"{task}-given", parts["given"], locked=True))
        cells.append(cell(task, answers(task), solution=True))
        if "visible" in parts:
            cells.append(cell(f"{task}-visible", parts["visible"], grade=True, locked=True, points=2))
        if "hidden" in parts:
            hidden = f"### BEGIN HIDDEN TESTS\n{parts['hidden']}\n### END HIDDEN TESTS"
            cells.append(cell(f"{task}-hidden", hidden, grade=True, locked=True, points=3))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def cell(grade_id, source, **marks):
    marks = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3, **marks}
    marks |= {"grade_id": grade_id, "cell_type": "code"}
    return nbformat.v4.new_code_cell(source, id=grade_id, metadata={"nbgrader": marks})


def solution(task):
    return TASKS[task]["answer"]


def stub(task):
    return "# YOUR CODE HERE\nraise NotImplementedError()"


def visible_part(nb):
    """What students have of it."""
    for one in nb.cells:
        one.source = re.sub(r"### BEGIN HIDDEN.*### END HIDDEN TESTS", "", one.source, flags=re.S)
    return nb


@pytest.fixture(scope="module")
def graded():
    """Grade the solutions, and the notebook as released."""
    source = notebook(solution)
    marks = [(one.metadata.nbgrader, one.source) for one in source.cells if not one.metadata.nbgrader.solution]
    saved = {mark.grade_id: SourceCell("code", text, "", points=mark.get("points", 0)) for mark, text in marks}
    files = {"data/points.csv": b"1,2\n3,4\n5,6\n"}
    bundle = from_notebook(visible_part(notebook(stub)), "hw1", "python", saved, source, files)
    with Grader(limits=Limits(call=20, cell=60, notebook=300)) as grader:
        return {
            answers.__name__: grader.grade(json.dumps(visible_part(notebook(answers))).encode(), bundle)
            for answers in (solution, stub)
        }


@pytest.mark.slow
@pytest.mark.parametrize("test", TESTS)
def test_a_right_answer_keeps_its_points(graded, test):
    score, points = graded["solution"].scores[test]
    assert score == points == POINTS[test.rsplit("-", 1)[1]], graded["solution"].reasons[test]


@pytest.mark.slow
def test_an_empty_notebook_gets_none(graded):
    assert {score for score, _ in graded["stub"].scores.values()} == {0}


@pytest.mark.slow
def test_nothing_was_odd(graded):
    for one in graded.values():
        assert one.log["failure"] is None
        assert one.log["events"] == []
