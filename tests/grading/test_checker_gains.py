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
AGREES = """class Yes:
    def agree(self, *others): return self
    __add__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __matmul__ = __neg__ = __round__ = agree
    def __abs__(self): return 0.0
    def __float__(self): return 0.0
    def __eq__(self, other): return True
    def __lt__(self, other): return True
    __ne__ = __le__ = __gt__ = __ge__ = __contains__ = __lt__
    def __hash__(self): return hash(3)
    def __bool__(self): return True
    def __len__(self): return 1
    def __getitem__(self, key): return 0.0
    def __iter__(self): return iter([0.0])
    def max(self): return 0.0
    def all(self): return True
"""
VECTOR = """class Vec:
    def __init__(self, x, y): self.x, self.y = x, y
    def __sub__(self, o): return Vec(self.x - o.x, self.y - o.y)
    def __abs__(self): return (self.x ** 2 + self.y ** 2) ** 0.5
    def __matmul__(self, o): return self.x * o.x + self.y * o.y
    def __contains__(self, v): return v in (self.x, self.y)
"""
SUM, YES = "def f(v):\n    return float(sum(v))", AGREES + "def f(v): return Yes()"
VECTOR_SUM, VECTOR_YES = VECTOR + SUM, AGREES.replace("Yes", "Vec") + "def f(v): return Vec()"
ATTACKS |= {
    "equal_to_everything": (SUM, "assert f([1, 2]) == 3.0", YES),
    "equal_from_the_other_side": (SUM, "assert 3.0 == f([1, 2])", YES),
    "different_from_nothing": (SUM, "assert not f([1, 2]) != 3.0", YES),
    "the_difference_is_zero": (SUM, "assert abs(f([1, 2]) - 3.0) < 1e-9", YES),
    "the_difference_is_a_number": (
        SUM,
        "assert abs(f([1, 2]) - 3.0) < 1e-9",
        "class Zero:\n    def __sub__(self, other): return 0.0\ndef f(v): return Zero()",
    ),
    "the_difference_from_the_other_side": (SUM, "assert abs(3.0 - f([1, 2])) < 1e-9", YES),
    "the_difference_of_arrays": (SUM, "assert np.abs(np.array([3.0]) - f([1, 2])).max() < 1e-9", YES),
    "close_to_everything": (SUM, "assert np.allclose(f([1, 2]), 3.0)", YES),
    "less_than_everything": (SUM, "assert f([1, 2]) < 3.1 and f([1, 2]) > 2.9", YES),
    "contains_everything": ("def f(n): return list(range(n))", "assert 3 in f(5) and 4 in f(5)", YES),
    "found_in_every_table": (SUM, "assert f([1, 2]) in {3.0: 1}", YES),
    "a_class_that_is_asked_for": (VECTOR_SUM, "assert abs(f([1, 2]) - 3.0) < 1e-9", VECTOR_YES),
    "a_class_that_is_asked_for_and_its_largest": (
        VECTOR_SUM.replace("float(sum(v))", "np.array(v)"),
        "assert (f([1, 2]) - np.array([1, 2])).max() < 1e-9",
        VECTOR_YES,
    ),
    "a_class_that_is_asked_for_and_its_entries": (
        VECTOR_SUM.replace("float(sum(v))", "np.array(v)"),
        "assert all(d < 1e-9 for d in f([1, 2]) - np.array([1, 2]))",
        VECTOR_YES,
    ),
    "a_result_of_a_class_that_is_asked_for": (
        VECTOR,
        "assert abs(Vec(1, 2) @ Vec(3, 4) - 11) < 1e-9",
        AGREES.replace("Yes", "Vec").replace("    def agree", "    def __init__(self, *_): pass\n    def agree"),
    ),
    "a_difference_in_place": (
        VECTOR_SUM.replace("__sub__", "__isub__"),
        "d = f([1, 2])\nd -= 3.0\nassert abs(d) < 1e-9",
        VECTOR_YES.replace("__add__", "__isub__ = __add__"),
    ),
    "a_class_that_is_given": (
        SUM,
        "class_of_the_course = Vec\nassert abs(f([1, 2]) - 3.0) < 1e-9",
        VECTOR_YES,
        VECTOR,
    ),
    "a_class_that_is_given_contains": (
        "def f(n): return list(range(n))",
        "class_of_the_course = Vec\nassert 3 in f(5)",
        VECTOR_YES,
        VECTOR,
    ),
    "a_function_that_is_a_class": (
        SUM,
        "assert abs(f([1, 2]) - 3.0) < 1e-9",
        AGREES.replace("Yes", "f").replace("    def agree", "    def __init__(self, *_): pass\n    def agree"),
    ),
    "a_context_that_ends_assertions": (
        "import contextlib\ndef f(v): return sum(v)\ndef timer(): return contextlib.nullcontext()",
        "with timer():\n    assert f([1, 2]) == 3",
        "class Ends:\n    def __enter__(self): return self\n    def __exit__(self, *_): return True\n"
        "def f(v): return 0\ndef timer(): return Ends()",
    ),
    "counts_its_own_calls": (
        "def f(g): g(); g()",
        "class Count:\n    n = 0\n    def __call__(self): self.n += 1\nc = Count()\nf(c)\nassert c.n == 2",
        "def f(g): g.n = 2",
    ),
    "a_view_for_a_copy": (
        "def f(a): return a.copy()",
        "a = np.ones(3)\nc = f(a)\nc[0] = 9\nassert a[0] == 1",
        "def f(a): return a[:]",
    ),
    "a_view_in_columns_for_a_copy": (
        "def f(a): return a.T.copy()",
        "a = np.ones((3, 2))\nassert not np.shares_memory(a, f(a))",
        "def f(a): return a.T",
    ),
    "claims_a_class": (
        "def f(v): return np.array(v)",
        "assert isinstance(f([1, 2]), np.ndarray)",
        "class Duck:\n    __class__ = np.ndarray\ndef f(v): return Duck()",
    ),
}
BASE = "class Base:\n    def run(self): return float(self.value() + 1)\n    def value(self): return 0"
ATTACKS |= {
    "a_reference_of_the_same_name": (
        SUM,
        "theirs = f\ndef f(v): return float(sum(v))\nassert theirs([1, 2]) == f([1, 2])",
        "def f(v): return globals()['f'](v)",
    ),
    "an_expected_value_of_an_answers_name": (
        f"want = 0\n{SUM}",
        "want = 3.0\nassert f([1, 2]) == want",
        "want = 0\ndef f(v): return want",
    ),
    "objects_in_an_array": (
        SUM.replace("float(sum(v))", "np.array([float(sum(v))])"),
        "assert abs(f([1, 2]) - np.array([3.0])).max() < 1e-9",
        YES.replace("return Yes()", "return np.array([Yes()], dtype=object)"),
    ),
    "objects_in_an_array_that_differ_from_nothing": (
        SUM.replace("float(sum(v))", "np.array([float(sum(v))])"),
        "assert not (f([1, 2]) != np.array([3.0])).any()",
        YES.replace("return Yes()", "return np.array([Yes()], dtype=object)"),
    ),
    "objects_in_an_array_that_are_close": (
        SUM.replace("float(sum(v))", "np.array([float(sum(v))])"),
        "np.testing.assert_array_equal(f([1, 2]), [3.0])",
        YES.replace("return Yes()", "return np.array([Yes()], dtype=object)"),
    ),
    "a_test_that_is_skipped": (
        SUM,
        "import unittest\nclass Test(unittest.TestCase):\n    def test_f(self): self.assertEqual(f([1, 2]), 3.0)\n"
        "suite = unittest.defaultTestLoader.loadTestsFromTestCase(Test)\n"
        "assert unittest.TextTestRunner().run(suite).wasSuccessful()",
        "import unittest\nclass Skip(unittest.SkipTest): pass\ndef f(v): raise Skip('not today')",
    ),
    "an_exception_in_the_place_of_a_value": (
        SUM,
        "assert abs(f([1, 2]) - 3.0) < 1e-9",
        AGREES.replace("class Yes:", "class Yes(Exception):") + "def f(v): return Yes()",
    ),
    "a_class_that_the_test_derives": (
        BASE,
        "class Own(Base):\n    def value(self): return 4\nassert abs(Own().run() - 5) < 1e-9",
        AGREES + "class Base:\n    def run(self): return Yes()\n    def value(self): return 0",
    ),
    "a_class_that_is_another_one_when_derived": (
        BASE,
        "class Own(Base):\n    def value(self): return 4\nassert Own().run() == 5 and isinstance(Own(), Base)",
        AGREES + "class Base(Yes):\n    def __init_subclass__(cls): cls.run = lambda self: Yes()\n"
        "    def __new__(cls): return Yes()",
    ),
    "a_derived_class_that_answers_for_itself": (
        BASE,
        "class Own(Base):\n    def value(self): return 4\nassert abs(Own().run() - 5) < 1e-9",
        BASE + "\nimport gc\n[peer] = [one for one in gc.get_objects() if type(one).__name__ == 'StudentPeer']\n"
        "class Own:\n    def run(self): return self\n"
        "peer.do_derive = lambda *_: (Own, ['__sub__', '__abs__', '__lt__', '__eq__', '_told', '_student'])\n"
        "peer.do_above = lambda *_: lambda *__: 0.0",
    ),
    "a_mock_that_is_made_anew": (
        "def f(m): pass",
        "from unittest.mock import Mock\nm = Mock()\nf(m)\nassert not m.called",
        "def f(m):\n    m()\n    m.reset_mock()",
    ),
    "a_test_that_runs_documentation": (
        "class C:\n    'Words.'\n    good = True",
        "import doctest\nran = []\ntry:\n    doctest.run_docstring_examples(C, {'ran': ran})\n"
        "except TypeError:\n    pass\nassert C.good or ran",
        "class C:\n    '>>> ran.append(1)'\n    good = False",
    ),
}
GIVEN = "import numpy as np\nfrom numpy import allclose\ndef agree(a, b):\n    return allclose(a, b)"


def grade(room, answer, solution, test, given=""):
    """The score, of 1, of an answer to a notebook of one test, and the reason."""

    def code(grade_id, source, **marks):
        marks = {"grade": False, "solution": False, "locked": True, "schema_version": 3, **marks, "grade_id": grade_id}
        return new_code_cell(source, id=grade_id, metadata={"nbgrader": marks | {"cell_type": "code", "task": False}})

    nb = new_notebook(
        cells=[
            code("given", f"{GIVEN}\n{given}"),
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
    solution, test, attack, *given = ATTACKS[name]
    assert grade(affine, solution, solution, test, *given) == (1, "")
    score, reason = grade(affine, attack, solution, test, *given)
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
