"""Answers that are worth nothing, to tests as any course has them: in a shared kernel each of these passes."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from cs_layers.grading.bundle import from_notebook

# what it does: (the right answer, the test, the attack)
ATTACKS = {
    "empty_is_close": (
        "def f(v):\n    return float(sum(v))",
        "assert np.allclose(f([1, 2]), 3.0)",
        "def f(v):\n    return np.array([])",
    ),
    "empty_list_is_close": (
        "def f(v):\n    return float(sum(v))",
        "assert np.allclose(3.0, f([1, 2]))",
        "def f(v):\n    return [[], []]",
    ),
    "empty_is_close_everywhere": (
        "def f(v):\n    return float(sum(v))",
        "assert np.isclose(f([1, 2]), 3.0).all()",
        "def f(v):\n    return np.array([])",
    ),
    "empty_differs_by_nothing": (
        "def f(v):\n    return float(sum(v))",
        "assert np.allclose(f([1, 2]) - 3.0, 0)",
        "def f(v):\n    return np.array([])",
    ),
    "empty_of_another_shape": (
        "def f(v):\n    return np.array([float(sum(v))])",
        "assert np.array_equiv(f([1, 2]), [3.0])",
        "def f(v):\n    return np.zeros((0, 1))",
    ),
    "length_that_shrinks": (
        "def f(v):\n    return float(sum(v))",
        "assert np.allclose(f([1, 2]), 3.0)",
        "class Shrinks:\n    n = 2\n    def __len__(self):\n        self.n -= 1\n        return max(self.n, 0)\n"
        "    def __getitem__(self, i):\n        raise IndexError\ndef f(v):\n    return Shrinks()",
    ),
    **{
        f"empty_{name}": (
            "def f(v):\n    return float(sum(v))",
            f"from numpy.testing import {name}\n{name}(f([1, 2]), 3.0)",
            "def f(v):\n    return np.array([])",
        )
        for name in (
            "assert_allclose",
            "assert_almost_equal",
            "assert_approx_equal",
            "assert_array_almost_equal",
            "assert_array_almost_equal_nulp",
            "assert_array_equal",
            "assert_equal",
        )
    },
    "empty_deep_inside": (
        "def f(v):\n    return {'sum': np.array(sum(v))}",
        "np.testing.assert_equal(f([1, 2]), {'sum': 3})",
        "def f(v):\n    return {'sum': np.array([])}",
    ),
    "empty_in_a_helper_of_the_instructor": (
        "def f(v):\n    return float(sum(v))",
        "assert agree(f([1, 2]), 3.0)",
        "def f(v):\n    return np.array([])",
    ),
}
GIVEN = "import numpy as np\nfrom numpy import allclose\ndef agree(a, b):\n    return allclose(a, b)"


def grade(room, answer, solution, test):
    """The score, of 1, of an answer to a notebook of one test, and the reason."""

    def code(grade_id, source, **marks):
        marks = {"grade": False, "solution": False, "locked": True, "schema_version": 3, **marks, "grade_id": grade_id}
        return new_code_cell(source, id=grade_id, metadata={"nbgrader": marks | {"cell_type": "code", "task": False}})

    nb = new_notebook(
        cells=[
            code("given", GIVEN),
            code("answer", solution, solution=True, locked=False),
            code("test", test, grade=True, points=1),
        ]
    )
    bundle = from_notebook(nb, "a", "gains")
    submitted = json.loads(nbformat.writes(nb))
    submitted["cells"][1]["source"] = answer
    graded = room.grader.grade(json.dumps(submitted).encode(), bundle)
    assert graded.log["failure"] is None
    return graded.scores["test"][0], graded.reasons.get("test", "")


@pytest.mark.parametrize("name", ATTACKS)
def test_the_right_answer_gets_the_point_and_the_attack_none(affine, name):
    solution, test, attack = ATTACKS[name]
    assert grade(affine, solution, solution, test) == (1, "")
    score, reason = grade(affine, attack, solution, test)
    assert score == 0
    assert reason


@pytest.mark.parametrize("test", ["assert np.allclose(f([1, 2]), 3.0)", "np.testing.assert_allclose(f([1, 2]), 3.0)"])
def test_the_reason_names_what_is_empty(affine, test):
    _, reason = grade(affine, "def f(v):\n    return np.array([])", "def f(v):\n    return sum(v)", test)
    assert "An empty array was compared" in reason


def test_two_empty_arrays_agree(affine):
    solution = "def f(v):\n    return np.asarray(v) * 2.0"
    test = "assert np.allclose(f([]), [])\nnp.testing.assert_allclose(f(np.zeros((0, 3))), np.zeros((0, 3)))"
    assert grade(affine, solution, solution, test) == (1, "")
