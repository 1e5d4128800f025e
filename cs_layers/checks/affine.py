"""Checks of the fully connected layer: out = x w + b, each row of x flattened.

The gradients follow from out[n, m] = sum_d x[n, d] w[d, m] + b[m]: dx = dout w^T in the shape of x, dw = x^T dout, and
db = sum_n dout[n]. Points: `out` for the forward; dx 2, dw 2, db 1 parts of the backward.
"""

from __future__ import annotations

import numpy as np

from .arrays import readonly, spaced
from .engine import Case, Task, backward_run, forward_run, repeat_backward, repeat_forward

_READ = "01_affine_relu"


def _inputs(rng):
    """Triples x, w, b with the facts about each."""
    shapes = [
        ((4, 6), 3, set()),
        ((3, 5), 5, set()),
        ((5, 3), 4, set()),
        ((1, 4), 3, {"N = 1"}),
        ((2, 3, 4), 5, {"x of more than two axes"}),
        ((3, 2, 3, 2), 4, {"x of more than two axes"}),
        ((1, 2, 2, 3), 1, {"N = 1", "x of more than two axes", "M = 1"}),
        ((4, 4), 4, {"all sizes equal"}),
        ((2, 1), 1, {"M = 1", "D = 1"}),
    ]
    for shape, m, tags in shapes:
        x = rng.normal(size=shape)
        d = x[0].size
        yield x, rng.normal(size=(d, m)), rng.normal(size=m) + 0.5, tags
    x, w, b = rng.normal(size=(3, 4)), rng.normal(size=(4, 2)), rng.normal(size=2) + 1
    yield np.zeros_like(x), w, b, {"x all zero"}
    yield 1e4 * x, w, b, {"large x"}
    yield x.astype(np.float32), w.astype(np.float32), b.astype(np.float32), {"float32"}
    yield spaced(x), np.asfortranarray(w), b, {"x not contiguous"}
    yield readonly(x), readonly(w), readonly(b), {"read-only inputs"}
    y = rng.normal(size=(2, 2, 3, 2))
    yield (
        y.transpose(0, 3, 1, 2),
        rng.normal(size=(12, 3)),
        rng.normal(size=3),
        {"x not contiguous", "x of more than two axes"},
    )


def forward_cases(rng):
    cases = []
    for x, w, b, tags in _inputs(rng):
        out = np.einsum("nd,dm->nm", x.reshape(len(x), -1), w) + b
        case = Case({"x": x, "w": w, "b": b}, {"out": out}, frozenset(tags), {"N": len(x)}, plain=not tags, like={})
        case.parts = {"out": {"x w": out - b, "b": b}}
        cases.append(case)
    return cases


def backward_cases(rng):
    cases = []
    for x, w, b, tags in _inputs(rng):
        n, m = len(x), w.shape[1]
        rows = x.reshape(n, -1)
        dout = rng.normal(size=(n, m)).astype(x.dtype)
        if "read-only inputs" in tags:
            dout = readonly(dout)
        grads = {
            "dx": np.einsum("nm,dm->nd", dout, w).reshape(x.shape),
            "dw": np.einsum("nd,nm->dm", rows, dout),
            "db": np.einsum("nm->m", dout),
        }
        case = Case(
            {"x": x, "w": w, "b": b}, grads, frozenset(tags), {"N": n, "D": rows.shape[1], "M": m}, plain=not tags
        )
        case.like = {"dx": ", like x", "dw": ", like w", "db": ", like b"}
        case.extra = {"dout": dout, "out": rows @ w + b}
        cases.append(case)
    return cases


FORWARD = Task(
    "affine_forward",
    ("out",),
    forward_cases,
    forward_run(("out", "cache"), ("out",)),
    "affine_forward(x, w, b)",
    read=_READ,
    patterns={
        "x of more than two axes": (
            "x-not-flattened",
            "x may have more than two axes; flatten each row with x.reshape(N, -1).",
        ),
        "N = 1": ("batch-of-one", "A batch of one example is a batch too; do not squeeze its axis away."),
        "read-only inputs": ("writes-input", "The function writes into one of its inputs. Work on a copy."),
    },
    repeat=repeat_forward,
)


BACKWARD = Task(
    "affine_backward",
    ("dx", "dw", "db"),
    backward_cases,
    backward_run(FORWARD, ("dx", "dw", "db"), lambda case: tuple(case.args.values())),
    "affine_backward(dout, cache)",
    {"dx": 2, "dw": 2, "db": 1},
    read=_READ,
    patterns={
        **FORWARD.patterns,
        "read-only inputs": ("writes-input", "The function writes into dout, x or w. Work on a copy."),
    },
    repeat=repeat_backward,
)
