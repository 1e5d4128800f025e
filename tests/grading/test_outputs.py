"""Which outputs of a test cell count."""

import pytest
from nbformat.v4 import new_code_cell, new_output
from nbgrader.utils import determine_grade
from traitlets.config import Config

from cs_layers.grading import configure
from cs_layers.grading.outputs import KeepPoints


def score(*outputs, points=4):
    cell = new_code_cell(outputs=list(outputs))
    cell.metadata["nbgrader"] = {"grade": True, "solution": False, "points": points, "grade_id": "t", "locked": True}
    cell, _ = KeepPoints().preprocess_cell(cell, {}, 0)
    return determine_grade(cell)[0]


def value(text):
    return new_output("execute_result", {"text/plain": text}, execution_count=1)


def test_stderr_costs_nothing():
    assert score(new_output("stream", name="stderr", text="RuntimeWarning: overflow")) == 4


@pytest.mark.parametrize("text", ["True", "False", "np.float64(0.5)", "nan", "inf", "-1", "5", "array(1.)", "'no'", ""])
def test_a_value_that_is_no_plain_number_of_points_costs_nothing(text):
    assert score(value(text)) == 4


@pytest.mark.parametrize(("text", "points"), [("0", 0), ("1.5", 1.5), ("4", 4)])
def test_a_plain_number_of_points_is_partial_credit(text, points):
    assert score(value(text)) == points


def test_an_error_is_still_no_credit():
    error = new_output("error", ename="AssertionError", evalue="", traceback=[])
    assert score(new_output("stream", name="stderr", text="x"), error, value("True")) == 0


def test_outputs_of_other_cells_are_left_as_they_are():
    cell = new_code_cell(outputs=[new_output("stream", name="stderr", text="x"), value("True")])
    before = [dict(output) for output in cell.outputs]
    KeepPoints().preprocess_cell(cell, {}, 0)
    assert [dict(output) for output in cell.outputs] == before


@pytest.mark.parametrize("seconds", [0, -1, 2.5, "60", None])
def test_a_limit_that_is_no_number_of_seconds_is_refused(seconds):
    with pytest.raises(ValueError, match="give a whole number of seconds"):
        configure(Config(), cell_seconds=seconds)
