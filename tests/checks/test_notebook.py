"""Task states read from executed notebooks."""

import pytest

from cs_layers.checks import notebook


def cell(grade_id, source="", error=None, solution=False, points=0, ran=True):
    outputs = (
        [] if error is None else [{"output_type": "error", "ename": error[0], "evalue": error[1], "traceback": []}]
    )
    grade = {"grade_id": grade_id, "solution": solution, "grade": bool(points), "points": points}
    return {
        "cell_type": "code",
        "source": [source],
        "outputs": outputs,
        "execution_count": 1 if ran else None,
        "metadata": {"nbgrader": grade},
    }


def task(name, source="def f(): return 1", error=None, ran=True):
    return [
        cell(name, source, solution=True),
        cell(name + "_check", error=error, ran=ran),
        cell(name + "_test", error=error, points=3, ran=ran),
    ]


MESSAGE = "affine_backward: db has shape (1, 4), expected (4,), like b.\n  Known mistake: the batch axis was kept."


@pytest.fixture
def executed():
    cells = [{"cell_type": "markdown", "source": "prose", "metadata": {}}]
    cells += task("affine_forward")
    cells += task("affine_backward", error=("CheckFailed", MESSAGE))
    cells += task("relu_forward", "raise NotImplementedError()", error=("NotImplementedError", ""))
    cells += task("relu_backward", error=("NameError", "name 'y' is not defined"))
    cells += task("softmax", ran=False)
    return {"cells": cells, "nbformat": 4}


def test_each_task_gets_its_state(executed):
    found = notebook.states(executed)
    assert [s.state for s in found] == ["right", "wrong", "not yet", "wrong", "not yet"]
    assert found[1].message == MESSAGE
    assert found[1].line == "affine_backward: db has shape (1, 4), expected (4,), like b."
    assert found[3].message == "NameError: name 'y' is not defined"
    assert found[0].points == 3


def test_the_table_shows_one_line_or_all(executed):
    found = notebook.states(executed)
    short, full = notebook.as_table(found), notebook.as_table(found, full=True)
    assert "✓ affine_forward" in short
    assert "the batch axis was kept" not in short
    assert "the batch axis was kept" in full
    assert short.endswith("1 of 5 tasks are right.\nA message in full: --task NAME, or --full for all.")
    assert full.endswith("1 of 5 tasks are right.")


def test_a_question_scored_by_hidden_tests_is_answered_not_right():
    question = task("choice")
    question[1]["source"] = ['print("An answer. Whether it is right you learn when the notebook is graded.")']
    found = notebook.states({"cells": task("affine_forward") + question})
    assert [s.state for s in found] == ["right", "answered"]
    total = "1 of 2 tasks are right. 1 is answered; whether rightly, only grading tells."
    assert notebook.as_table(found).endswith(total)
    assert notebook.exit_status(found) == 0


def test_the_exit_status(executed):
    found = notebook.states(executed)
    assert notebook.exit_status(found) == 1
    assert notebook.exit_status([found[0], found[2]]) == 2
    assert notebook.exit_status(found[:1]) == 0


@pytest.mark.parametrize("strange", [None, [], {}, {"cells": None}])
def test_what_is_no_notebook_is_refused(strange):
    with pytest.raises(ValueError, match="no notebook"):
        notebook.states(strange)
