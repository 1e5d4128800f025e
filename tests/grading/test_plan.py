"""Where the instructor's ungraded cells run: in the checker only where a test takes something from them."""

import pytest

from cs_layers.grading import names
from cs_layers.grading.cells import Cell
from cs_layers.grading.plan import Plan

IMPORTS = "import numpy as np\nfrom cs_layers import checks, diagrams\nfrom cs_layers.solver import Solver"


def where(shared, test="assert f(x) == 1", before="", apart=False):
    """Whether a shared cell between the answer `f` and a test runs here, in the checker, and there."""
    cells = [
        Cell(0, "shared", IMPORTS),
        Cell(1, "shared", before),
        Cell(2, "student", "def f(x):\n    return 1", provides=["f"]),
        Cell(3, "shared", shared, apart=apart),
        Cell(4, "check", test, grade_id="f_test", points=1),
    ]
    plan = Plan(cells)
    assert plan.here(cells[0])
    assert plan.there(cells[0])
    return plan.here(cells[3]), plan.there(cells[3])


@pytest.mark.parametrize(
    "shared",
    [
        "diagrams.matrices([np.eye(3)])",
        "y = np.linspace(0, 1)\nprint(y.sum())",
        "print(np.random.default_rng(7).random((9, 2)))",
        "x = 3\nprint(f(x))",  # the test binds its own x first
        "print(f(np.ones(3)))",
        "for k in range(3):\n    print(k, f(k))",
    ],
)
def test_what_only_shows_something_runs_in_the_students_process(shared):
    assert where(shared, "x = 2\nassert f(x) == 1") == (False, True)


@pytest.mark.parametrize(
    "shared",
    [
        "x = f(0)",
        "x[0] = 1",
        "x += f(0)",
        "x.append(f(1))",
        "np.copyto(x, 1)",
        "np.add(1, 1, out=x)",
        "if f(0):\n    x = 2",
        "solver = Solver(x)\nsolver.train()",
        "def change(values):\n    values[0] = 1\nchange(x)",
        "import math",
        "np.random.seed(0)",
        "print(np.random.random(3))",
        "def helper():\n    return 2",
    ],
)
def test_what_a_test_may_need_runs_in_the_checker(shared):
    assert where(shared, before="x = [0, 0]")[0]


def test_an_array_that_a_students_function_is_shown_is_the_instructors():
    assert where("print(f(x))", before="x = np.zeros(3)") == (False, True)


def test_what_a_students_function_made_is_changed_by_it():
    assert where("model = f(0)\nf(model)", "assert model == 1")[0]


@pytest.mark.parametrize(
    ("source", "taken", "surely"),
    [
        ("x = 1\ny = x", set(), {"x", "y"}),
        ("y = x\nx = 1", {"x"}, {"x", "y"}),
        ("x += 1", {"x"}, {"x"}),
        ("if a:\n    x = 1\nelse:\n    x = 2\nx", {"a"}, {"x"}),
        ("if a:\n    x = 1\nx", {"a", "x"}, set()),
        ("for k in z:\n    x = k", {"z"}, set()),
        ("[k for k in z]\nk", {"z", "k"}, set()),
        ("def g():\n    return x\nx = 1", {"x"}, {"g", "x"}),
        ("with open(p) as file:\n    x = file", {"open", "p"}, {"file", "x"}),
        ("while x:\n    y = 1", {"x"}, set()),
        ("import numpy as np\nnp.ones(3)", set(), {"np"}),
    ],
)
def test_names_that_a_cell_takes_and_surely_binds(source, taken, surely):
    assert names.taken(source) == taken
    assert names.surely_bound(source) == surely


def test_names_from_modules():
    source = (
        "import numpy as np, cs_layers.data\nfrom cs_layers import plots, layers as l\nfrom cs_layers.data import load"
    )
    assert names.names_from(source, ["numpy", "cs_layers.plots", "cs_layers.data"]) == {"np", "plots", "load"}
