"""What goes wrong in one answer costs the tests of that answer, and no others."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from cs_layers.grading.bundle import from_notebook

ANSWERS = {
    "double": "def double(x):\n    return 2 * x",
    "relu_forward": "def relu_forward(x):\n    return np.maximum(0, x), x",
    "relu_backward": "def relu_backward(dout, cache):\n    return dout * (cache > 0)",
    "triple": "def triple(x):\n    return 3 * x",
}
HIDDEN = "### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"
TESTS = {
    "double": "assert double(2) == 4\n" + HIDDEN.format("assert double(3) == 6"),
    "relu_forward": "assert relu_forward(np.ones(2))[0].sum() == 2\n"
    + HIDDEN.format("checks.relu_forward(relu_forward)"),
    "relu_backward": "x = np.ones(2)\n"
    "cache = checks.cache_of(relu_forward, x, right=x, otherwise=x)\n"
    "assert relu_backward(x, cache).sum() == 2\n" + HIDDEN.format("checks.relu_backward(relu_backward, relu_forward)"),
    "triple": "assert triple(2) == 6\n" + HIDDEN.format("assert triple(helper(3)) == 9"),
}
DEMONSTRATION = "out, _ = relu_forward(np.ones(3))\nprint('sum', out.sum())"


def code(grade_id, source, **marks):
    marks = {"grade": False, "solution": False, "locked": True, "task": False, "schema_version": 3, **marks}
    return new_code_cell(
        source, id=grade_id, metadata={"nbgrader": marks | {"grade_id": grade_id, "cell_type": "code"}}
    )


def notebook():
    cells = [code("imports", "import numpy as np\nfrom cs_layers import checks\ndef helper(x):\n    return x")]
    for name, answer in ANSWERS.items():
        cells.append(code(name, answer, solution=True, locked=False))
        if name == "relu_forward":
            cells.append(code("relu_forward_check", "checks.relu_forward(relu_forward)"))
            cells.append(code("demonstration", DEMONSTRATION))
        cells.append(code(name + "_test", TESTS[name], grade=True, points=1))
    return new_notebook(cells=cells)


def lost(room, answers, limits=None):
    """The tests that lose their points when these answers are put in place of the right ones, with the reasons."""
    nb = notebook()
    submitted = json.loads(nbformat.writes(nb))
    for cell in submitted["cells"]:
        cell["source"] = answers.get(cell["id"], cell["source"])
    graded = room.grader.grade(json.dumps(submitted).encode(), from_notebook(nb, "a", "fair"))
    assert not graded.log["failure"]
    return {name: graded.reasons[name] for name, (score, _) in graded.scores.items() if score == 0}, graded


def test_right_answers_lose_nothing_and_show_no_error(affine):
    missing, graded = lost(affine, {})
    assert missing == {}
    assert not [out for cell in graded.notebook.cells for out in cell.get("outputs", ()) if out.output_type == "error"]


BROKEN = {
    "syntax_error": "def relu_forward(x:\n    return x",
    "not_written": "# TODO",
    "exits": "import os\ndef relu_forward(x):\n    os._exit(1)",
    "crashes": "import ctypes\ndef relu_forward(x):\n    ctypes.string_at(0)",
    "crashes_on_large_inputs": "import os\ndef relu_forward(x):\n"
    "    if x.ndim > 1:\n        os._exit(1)\n    return np.maximum(0, x), x",
    "never_ends": "def relu_forward(x):\n    while True:\n        pass",
    "deaf": "import signal\ndef relu_forward(x):\n    while True:\n        try:\n            signal.pause()\n"
    "        except BaseException:\n            pass",
    "hungry": "def relu_forward(x):\n    kept = []\n    for _ in range(4000):\n        kept.append(np.ones(1 << 17))\n"
    "    return x, x",
    "wrong": "def relu_forward(x):\n    return x, x",
}


MAY_STRIKE_ANOTHER = pytest.mark.xfail(
    reason="a process ended for memory may cost a test of another answer", strict=False
)


@pytest.mark.parametrize(
    "broken", [pytest.param(name, marks=[MAY_STRIKE_ANOTHER] * (name == "hungry")) for name in BROKEN]
)
def test_a_forward_that_does_not_work_costs_its_own_test_alone(affine, broken):
    missing, graded = lost(affine, {"relu_forward": BROKEN[broken]})
    assert set(missing) == {"relu_forward_test"}, json.dumps([missing, graded.log["events"]], indent=1)


def test_the_reason_names_what_became_of_the_cell(affine):
    missing, _ = lost(affine, {"relu_forward": BROKEN["syntax_error"]})
    assert missing["relu_forward_test"] == (
        "`relu_forward` is not defined: its cell ended with SyntaxError; see there."
    )


def test_every_answer_may_end_its_process(affine):
    """Restarts are not counted; each costs the tests of its own answer."""
    exits = "import os\ndef {}(*args):\n    os._exit(1)"
    names = ["double", "relu_forward", "triple"]
    missing, graded = lost(affine, {name: exits.format(name) for name in names})
    assert set(missing) == {f"{name}_test" for name in names}
    assert graded.log["restarts"] > 3


def test_a_cell_that_ends_the_process_is_left_out_when_the_rest_is_run_again(affine):
    missing, graded = lost(affine, {"relu_forward": ANSWERS["relu_forward"] + "\nimport os\nos._exit(1)"})
    assert set(missing) == {"relu_forward_test"}
    assert graded.log["restarts"] >= 1


def test_what_stands_in_for_an_answer_earns_nothing(affine):
    """Tests that only look at what was never written do not pass."""
    nb = notebook()
    tests = {
        "double_test": "assert callable(double)",
        "relu_forward_test": "assert callable(relu_forward) and double is not None",
        "relu_backward_test": "assert callable(relu_forward)",
        "triple_test": "try:\n    triple(1)\nexcept NameError:\n    pass\nassert callable(double)",
    }
    submitted = json.loads(nbformat.writes(nb))
    for cell in nb.cells:
        cell.source = tests.get(cell.id, cell.source)
    for cell in submitted["cells"]:
        cell["source"] = "" if cell["id"] in ANSWERS else cell["source"]
    graded = affine.grader.grade(json.dumps(submitted).encode(), from_notebook(nb, "a", "nothing"))
    assert [score for score, _ in graded.scores.values()] == [0, 0, 0, 0], graded.scores


def test_a_cell_that_needs_the_checks_hands_on_what_it_binds(affine):
    """To cells in the student's process where it is plain data or theirs, else those run where the checks are."""
    sources = {
        "kept": "kind = 'wrong'\ntry:\n    checks.relu_forward(relu_forward)\n    kind = 'right'\n"
        "except AssertionError:\n    pass\n"
        "table, function = {'a': np.arange(3.0)}, relu_forward\nclass Box:\n    value = 7",
        "shown_there": "out = function(np.ones(2))[0]\nnp.savetxt('f.txt', relu_forward(out)[0])\n"
        "print(kind, table['a'].sum(), out)",
        "shown_here": "print(Box.value, relu_forward(np.ones(2))[0])",
    }
    nb = notebook()
    nb.cells += [code(name, source) for name, source in sources.items()]
    graded = affine.grader.grade(nbformat.writes(nb).encode(), from_notebook(nb, "a", "hands"))
    shown = {cell.id: "".join(out.get("text", "") for out in cell.outputs) for cell in graded.notebook.cells[-2:]}
    assert shown == {"shown_there": "right 3.0 [1. 1.]\n", "shown_here": "7 [1. 1.]\n"}
    assert graded.log["errors"] == []


LIES = {
    "own_numpy": "class np:\n    allclose = staticmethod(lambda *_: True)\ndef half(v):\n    return 7",
    "stops_the_loop": "import numpy as np\ndef half(v):\n    raise StopIteration",
    "right": "import numpy\ndef half(v):\n    return v / 2",
}


@pytest.mark.parametrize("lie", LIES)
def test_modules_of_the_solution_are_the_instructors_and_no_call_ends_a_loop(affine, lie):
    """In a course whose answer imports NumPy itself."""
    test = "for got, want in zip(map(half, [2.0, 4.0]), [1.0, 2.0]):\n    assert np.allclose(got, want)"
    solution = "import numpy as np\ndef half(v):\n    return v / 2"
    nb = new_notebook(
        cells=[code("half", solution, solution=True, locked=False), code("half_test", test, grade=True, points=3)]
    )
    submitted = json.loads(nbformat.writes(nb))
    submitted["cells"][0]["source"] = LIES[lie]
    graded = affine.grader.grade(json.dumps(submitted).encode(), from_notebook(nb, "a", "half"))
    assert graded.scores["half_test"][0] == (3 if lie == "right" else 0), graded.reasons
