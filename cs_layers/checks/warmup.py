"""Checks of the warm-up: adding, the relative error, the numerical gradient."""

from __future__ import annotations

import inspect

import numpy as np

from .arrays import readonly
from .calls import copy_of, touched
from .compare import compare
from .engine import Case, Outcome, Task, forward_run, repeat_forward

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


def _square_sum(x):
    return float(np.sum(x**2))


def _mixed(x):
    return float(np.sum(np.sin(x)) + np.prod(np.cos(0.3 * x)))


def _cubes(x):
    return np.sum(x**3)


def _first_entry(x):
    return float(3 * x.ravel()[0] + 1)


def _row_sums_squared(x):
    """A function that tells an array from the same numbers in another shape."""
    return float(np.sum(np.sum(x, axis=-1) ** 2))


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
        (_row_sums_squared, lambda x: 2 * np.sum(x, axis=-1, keepdims=True) * np.ones(x.shape)),
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
    cases[-1].extra["larger"] = 3 * x**2 + h**2
    return cases


def _near(right, rtol):
    return lambda value: compare(value, right, rtol, 1e-8)


def _parameters(function):
    """Names of a function's parameters in order; (f, x, h) where they cannot be told."""
    try:
        places = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return ["f", "x", "h"]
    if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in places):
        return ["f", "x", "h"]
    return [p.name for p in places]


def gradient_run(functions, case, guard):
    """Call it; h goes where the function has it, third or by name, and not at all where there is none."""
    f, x, h = case.args["f"], copy_of(case.args["x"]), case.args["h"]
    seen = []

    def counted(point):
        seen.append(1)
        return f(point)

    names = _parameters(functions[0])
    if "larger" in case.extra and len(names) == 2:  # who fixes h has none to be right for
        return Outcome({"gradient": case.extra["larger"]})
    if len(names) == 2:
        result = guard(functions[0], counted, x)
    elif "h" in names[3:]:
        result = guard(lambda: functions[0](counted, x, h=h))
    else:
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
