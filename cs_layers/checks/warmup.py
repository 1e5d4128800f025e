"""Checks of the warm-up: adding, the relative error, the numerical gradient."""

from __future__ import annotations

import numpy as np

from .arrays import readonly
from .compare import Difference, compare
from .engine import Case, Outcome, Task, copy_of, forward_run, repeat_forward, touched
from .known import alternative, edit, plain

_READ = "00_start"


def add_cases(rng):
    pairs = [
        (2, 3),
        (-1.5, 4),
        (0, 0),
        (rng.normal(size=3), rng.normal(size=3)),
        (rng.normal(size=(2, 3)), 1.5),
        (rng.normal(size=(2, 3)), rng.normal(size=3)),
        (readonly(rng.normal(size=4)), readonly(rng.normal(size=4))),
    ]
    cases = []
    for a, b in pairs:
        right = a + b if isinstance(a, np.ndarray) else float(a + b)
        cases.append(
            Case({"a": a, "b": b}, {"sum": right}, frozenset({"arrays"} if isinstance(a, np.ndarray) else {"numbers"}))
        )
    return cases


ADD = Task("add", ("sum",), add_cases, forward_run(("sum",), ("sum",)), "add(a, b)", read=_READ, repeat=repeat_forward)


@plain("add")
def add(a, b):
    return a + b


for _name, _hint, _new in [
    ("subtracted", "b is subtracted. Add it.", "return a - b"),
    ("multiplied", "a and b are multiplied. Add them.", "return a * b"),
    ("b-ignored", "b is not used.", "return a"),
    ("a-ignored", "a is not used.", "return b"),
    ("one-too-many", "1 is added as well.", "return a + b + 1"),
    ("text", "The result is text. Return a number.", "return str(a + b)"),
    ("no-return", "Nothing is returned (printing is not returning). Use `return`.", "print(a + b)"),
    ("summed-up", "An array came in and one number came out. Add entry by entry.", "return np.sum(a + b)"),
    ("truncated", "The result was made an integer, which cuts off the fraction.", "return np.trunc(a + b)"),
]:
    edit("add", _name, _hint, ("return a + b", _new))


@alternative("add")
def add_by_numpy(a, b):
    return np.add(a, b)


def rel_error_cases(rng, raises=False):
    pairs = [
        (rng.normal(size=5), rng.normal(size=5)),
        (rng.normal(size=(2, 3)), rng.normal(size=(2, 3))),
        (np.zeros(3), np.zeros(3)),
        (np.array([1.0, 2.0]), np.array([1.0, 2.0])),
        (np.array([1e-12, 0.0]), np.array([0.0, 0.0])),
        (np.array([-1.0, 5.0]), np.array([1.0, 5.0])),
        (np.array([1e6, 1.0]), np.array([1e6 + 1, 1.01])),
        (np.array([3.0]), np.array([-4.0])),
        (readonly(rng.normal(size=4)), readonly(rng.normal(size=4))),
    ]
    cases = []
    for x, y in pairs:
        right = float(np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y))))
        tags = {"zeros"} if not (np.abs(x) + np.abs(y)).all() else set()
        tags |= {"read-only inputs"} if not x.flags.writeable else set()
        cases.append(Case({"x": x, "y": y}, {"error": right}, frozenset(tags), {"size": x.size}, rtol=1e-9))
    if raises:
        args = {"x": rng.normal(size=(3, 1)), "y": rng.normal(size=3)}
        why = "the shapes differ, and broadcasting would compare every pair"
        cases.append(Case(args, {}, frozenset({"shapes that differ"}), raises=ValueError, raises_why=why, plain=False))
    return cases


REL_ERROR = Task(
    "rel_error",
    ("error",),
    rel_error_cases,
    forward_run(("error",), ("error",)),
    "rel_error(x, y)",
    read=_READ,
    options=("raises",),
    repeat=repeat_forward,
    patterns={
        "zeros": ("divides-by-zero", "It fails just where both are 0: never divide by less than 1e-8."),
        "read-only inputs": ("writes-input", "The function writes into x or y. Work on a copy."),
        "shapes that differ": ("shapes-not-compared", "Shapes that differ were broadcast. Raise ValueError."),
    },
)


@plain("rel_error")
def rel_error(x, y):
    if x.shape != y.shape:
        raise ValueError("shapes differ")
    return np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y)))


for _name, _hint, _old, _new in [
    (
        "divides-by-zero",
        "Where x and y are both 0 this divides 0 by 0. Divide by at least 1e-8.",
        "np.maximum(1e-8, np.abs(x) + np.abs(y))",
        "(np.abs(x) + np.abs(y))",
    ),
    ("mean-for-max", "The mean hides one bad entry among many good ones. Take the maximum.", "np.max(", "np.mean("),
    ("sum-for-max", "The errors were summed. Take the maximum.", "np.max(", "np.sum("),
    ("one-per-entry", "One error for each entry came back. Take the maximum, one number.", "np.max(", "np.asarray("),
    ("sign-kept", "The difference may be negative. Take its absolute value.", "np.abs(x - y)", "(x - y)"),
    (
        "absolute-error",
        "That is the absolute error. Divide by |x| + |y|.",
        " / np.maximum(1e-8, np.abs(x) + np.abs(y))",
        "",
    ),
    ("divided-by-x", "Divided by |x| only. Divide by |x| + |y|.", "np.abs(x) + np.abs(y)", "np.abs(x)"),
    (
        "sum-not-of-absolutes",
        "|x + y| is 0 where y = −x. Divide by |x| + |y|.",
        "np.abs(x) + np.abs(y)",
        "np.abs(x + y)",
    ),
    (
        "small-number-added",
        "1e-8 was added to the denominator. Take the larger of the two.",
        "np.maximum(1e-8, np.abs(x) + np.abs(y))",
        "(1e-8 + np.abs(x) + np.abs(y))",
    ),
    (
        "doubled",
        "The difference is doubled: this is 2|x − y|/(|x| + |y|). Leave the 2 out.",
        "np.abs(x - y)",
        "2 * np.abs(x - y)",
    ),
    (
        "larger-of-the-two",
        "Divided by the larger of |x| and |y|. Divide by their sum.",
        "np.abs(x) + np.abs(y)",
        "np.maximum(np.abs(x), np.abs(y))",
    ),
]:
    edit("rel_error", _name, _hint, (_old, _new))
edit(
    "rel_error",
    "shapes-not-compared",
    "Shapes that differ were broadcast. Raise ValueError.",
    ('    if x.shape != y.shape:\n        raise ValueError("shapes differ")\n', ""),
    raises=True,
)


@alternative("rel_error")
def rel_error_by_loop(x, y):
    worst = 0.0
    for a, b in zip(x.ravel(), y.ravel()):
        worst = max(worst, abs(a - b) / max(1e-8, abs(a) + abs(b)))
    return float(worst)


def _square_sum(x):
    return float(np.sum(x**2))


def _mixed(x):
    return float(np.sum(np.sin(x)) + np.prod(np.cos(0.3 * x)))


def _cubes(x):
    return np.sum(x**3)


def _first_entry(x):
    return float(3 * x.ravel()[0] + 1)


def gradient_cases(rng):
    def mixed_gradient(x):
        c = np.cos(0.3 * x)
        return np.cos(x) - 0.3 * np.sin(0.3 * x) * np.prod(c) / c

    def first(x):
        g = np.zeros(x.size)
        g[0] = 3
        return g.reshape(x.shape)

    functions = [
        (_square_sum, lambda x: 2 * x),
        (_mixed, mixed_gradient),
        (_cubes, lambda x: 3 * x**2 + 1e-10),
        (_first_entry, first),
    ]
    cases = []
    for f, g in functions:
        for shape in [(3,), (2, 3), (1, 2, 2)]:
            x = rng.normal(size=shape) + 2
            case = Case(
                {"f": f, "x": x, "h": 1e-5},
                {"gradient": _near(g(x), 1e-7)},
                frozenset({f"{len(shape)} axes"}),
                {"h": 1e-5},
            )
            cases.append(case)
    x, h = rng.normal(size=4) + 3, 0.25
    right = {"gradient": _near(3 * x**2 + h**2, 1e-7)}
    cases.append(Case({"f": _cubes, "x": x, "h": h}, right, frozenset({"a larger h"}), plain=False))
    return cases


def _near(right, rtol):
    return lambda value: compare(value, right, rtol, 1e-8)


def gradient_run(functions, case, guard):
    f, x, h = case.args["f"], copy_of(case.args["x"]), case.args["h"]
    seen = []

    def counted(point):
        seen.append(1)
        return f(point)

    result = guard(functions[0], counted, x, h)
    values = {"gradient": result}
    if touched({"x": case.args["x"]}, {"x": x}):
        close = (
            isinstance(x, np.ndarray)
            and x.shape == case.args["x"].shape
            and np.allclose(x, case.args["x"], rtol=1e-12, atol=1e-12)
        )
        if not close:
            values["~x"] = True
    return Outcome(values)


GRADIENT = Task(
    "numerical_gradient",
    ("gradient",),
    gradient_cases,
    gradient_run,
    "numerical_gradient(f, x, h=1e-5)",
    read=_READ,
    repeat=repeat_forward,
    patterns={"2 axes": ("one-axis-only", "x may have any number of axes.")},
)


@plain("numerical_gradient")
def numerical_gradient(f, x, h=1e-5):
    grad = np.zeros_like(x)
    for i in np.ndindex(*x.shape):
        old = x[i]
        x[i] = old + h
        plus = f(x)
        x[i] = old - h
        minus = f(x)
        x[i] = old
        grad[i] = (plus - minus) / (2 * h)
    return grad


for _name, _hint, _changes in [
    (
        "x-not-restored",
        "x was left changed. Put the old value back after both calls, and before the next entry.",
        [("        x[i] = old\n", "")],
    ),
    ("divided-by-h", "The points are 2h apart: divide by 2h.", [("(2 * h)", "h")]),
    (
        "half-not-in-brackets",
        "`/ 2 * h` divides by 2 and multiplies by h. Write / (2 * h).",
        [("/ (2 * h)", "/ 2 * h")],
    ),
    (
        "one-sided",
        "A one-sided difference, (f(x + h) − f(x))/h, is far less exact. Use f(x + h) − f(x − h) over 2h.",
        [("x[i] = old - h", "x[i] = old"), ("(2 * h)", "h")],
    ),
    (
        "backward-difference",
        "A one-sided difference, (f(x) − f(x − h))/h, is far less exact. Use f(x + h) − f(x − h) over 2h.",
        [("x[i] = old + h", "x[i] = old"), ("(2 * h)", "h")],
    ),
    ("sign", "The difference is the wrong way round: f(x + h) − f(x − h).", [("plus - minus", "minus - plus")]),
    ("added", "The two values were added. Take their difference.", [("plus - minus", "plus + minus")]),
    (
        "all-entries-moved",
        "Every entry was moved at once. Move one entry at a time, with the others where they were.",
        [
            (
                "        x[i] = old + h\n        plus = f(x)\n        x[i] = old - h\n        minus = f(x)\n        x[i] = old\n",
                "        plus = f(x + h)\n        minus = f(x - h)\n",
            )
        ],
    ),
    (
        "h-hard-coded",
        "h is hard-coded. Use the argument.",
        [("    grad = np.zeros_like(x)\n", "    grad = np.zeros_like(x)\n    h = 1e-4\n")],
    ),
    (
        "last-entry-missing",
        "The last entry was left out.",
        [("np.ndindex(*x.shape)", "list(np.ndindex(*x.shape))[:-1]")],
    ),
    ("not-divided", "The difference was not divided by 2h.", [(" / (2 * h)", "")]),
    (
        "first-axis-only",
        "Only the first axis was walked. x may have any number of axes: np.ndindex(*x.shape).",
        [("np.ndindex(*x.shape)", "range(x.shape[0])"), ("old = x[i]", "old = np.copy(x[i])")],
    ),
    ("flat-result", "The gradient is flat. It has the shape of x.", [("return grad", "return grad.ravel()")]),
]:
    edit("numerical_gradient", _name, _hint, *_changes)


@alternative("numerical_gradient")
def gradient_on_copies(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    flat = grad.reshape(-1)
    for k in range(x.size):
        step = np.zeros(x.size)
        step[k] = h
        step = step.reshape(x.shape)
        flat[k] = (f(x + step) - f(x - step)) / (2 * h)
    return grad


@alternative("numerical_gradient")
def gradient_by_nditer(f, x, h=1e-5):
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        i = it.multi_index
        x[i] += h
        a = f(x)
        x[i] -= 2 * h
        b = f(x)
        x[i] += h
        grad[i] = (a - b) / (2 * h)
        it.iternext()
    return grad


__all__ = ["ADD", "GRADIENT", "REL_ERROR", "Difference"]
