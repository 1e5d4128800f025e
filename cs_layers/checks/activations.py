"""Checks of ReLU: out = max(0, x), and its gradient dx = dout where x > 0.

At x = 0 the gradient is a choice: anything between 0 and dout is taken, unless the task demands 0 (`at_zero=0`).
"""

from __future__ import annotations

import numpy as np

from .arrays import readonly, spaced
from .compare import compare
from .engine import Case, Task, backward_run, forward_run, repeat_backward, repeat_forward

_READ = "01_affine_relu"


def _inputs(rng):
    yield rng.normal(size=(4, 5)), set()
    yield 3 * rng.normal(size=(3, 3)), set()
    yield rng.normal(size=(6, 2)), set()
    yield rng.normal(size=(1, 7)), {"N = 1"}
    yield rng.normal(size=(7,)), {"one axis"}
    yield rng.normal(size=(2, 3, 4, 3)), {"four axes"}
    yield -np.abs(rng.normal(size=(3, 4))) - 0.1, {"all negative"}
    yield np.abs(rng.normal(size=(3, 4))) + 0.1, {"all positive"}
    yield 1e-6 * rng.normal(size=(3, 4)), {"tiny values"}
    yield 1e5 * rng.normal(size=(3, 4)), {"large values"}
    yield rng.normal(size=(3, 4)).astype(np.float32), {"float32"}
    yield spaced(rng.normal(size=(3, 4))), {"x not contiguous"}
    yield readonly(rng.normal(size=(3, 4))), {"read-only inputs"}


def forward_cases(rng):
    cases = [
        Case({"x": x}, {"out": np.maximum(x, 0)}, frozenset(tags), plain=not tags, numbers={"N": len(x)})
        for x, tags in _inputs(rng)
    ]
    x = rng.normal(size=(4, 4))
    x[::2, ::2] = 0
    cases.append(Case({"x": x}, {"out": np.maximum(x, 0)}, frozenset({"zeros in x"}), plain=False))
    return cases


def backward_cases(rng, at_zero="any"):
    cases = []
    for x, tags in _inputs(rng):
        dout = rng.normal(size=x.shape).astype(x.dtype)
        if "read-only inputs" in tags:
            dout = readonly(dout)
        case = Case({"x": x}, {"dx": dout * (x > 0)}, frozenset(tags), plain=not tags, numbers={"N": len(x)})
        case.extra = {"dout": dout, "out": np.maximum(x, 0)}
        case.like = {"dx": ", like x"}
        cases.append(case)
    x, dout = rng.normal(size=(4, 4)), rng.normal(size=(4, 4))
    x[::2, ::2] = 0
    case = Case(
        {"x": x},
        {"dx": _between(x, dout) if at_zero == "any" else dout * (x > 0)},
        frozenset({"zeros in x"}),
        plain=False,
    )
    case.extra = {"dout": dout, "out": np.maximum(x, 0)}
    case.level = "demanded" if at_zero == 0 else "wrong"
    cases.append(case)
    return cases


def _between(x, dout):
    """At x = 0 any share of dout from 0 to 1 is a subgradient."""

    def judge(value):
        right = dout * (x > 0)
        if isinstance(value, np.ndarray) and value.shape == x.shape and value.dtype.kind in "fiu":
            flat = x == 0
            with np.errstate(all="ignore"):
                share = value[flat] / dout[flat]
            if ((share >= 0) & (share <= 1)).all():
                right = np.where(flat, value, right)
        return compare(value, right)

    return judge


FORWARD = Task(
    "relu_forward",
    ("out",),
    forward_cases,
    forward_run(("out", "cache"), ("out",)),
    "relu_forward(x)",
    read=_READ,
    patterns={"read-only inputs": ("writes-x", "The function writes into x. Make a new array: np.maximum(0, x).")},
    repeat=repeat_forward,
)


BACKWARD = Task(
    "relu_backward",
    ("dx",),
    backward_cases,
    backward_run(FORWARD, ("dx",), lambda case: case.args["x"]),
    "relu_backward(dout, cache)",
    read=_READ,
    patterns={
        "read-only inputs": (
            "writes-dout",
            "`dx = dout` gives a second name to the same array, so zeros written to dx land in dout. "
            "Write dx = dout * (x > 0).",
        ),
        "zeros in x": ("gradient-at-zero", "At x = 0 the gradient is 0 here: the mask is x > 0, not x >= 0."),
    },
    demands={"zeros in x": r"At exactly 0 .*here it is 0"},
    options=("at_zero",),
    repeat=repeat_backward,
)
