"""Checks of ReLU: out = max(0, x), and its gradient dx = dout where x > 0.

At x = 0 the gradient is a choice: anything between 0 and dout is taken, unless the task demands 0 (`at_zero=0`).
"""

from __future__ import annotations

import numpy as np

from .arrays import readonly, spaced
from .compare import compare
from .engine import Case, Task, backward_run, forward_run, repeat_forward
from .known import alternative, edit, mistake, plain

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
    options=("at_zero",),
    repeat=repeat_forward,
)


@plain("relu_forward")
def relu_forward(x):
    out = np.maximum(0, x)
    cache = x
    return out, cache


edit(
    "relu_forward",
    "leaky",
    "Negative values leak through. ReLU makes them 0; leaky ReLU is another layer.",
    ("np.maximum(0, x)", "np.where(x > 0, x, 0.01 * x)"),
)
edit(
    "relu_forward",
    "leaky-as-max",
    "max(0.01, x) is neither ReLU nor leaky ReLU: it lifts every small value to 0.01. ReLU is max(0, x).",
    ("np.maximum(0, x)", "np.maximum(0.01, x)"),
)
edit(
    "relu_forward",
    "absolute-value",
    "Negative values had their sign turned. They become 0.",
    ("np.maximum(0, x)", "np.abs(x)"),
)
edit(
    "relu_forward",
    "minimum",
    "min(0, x) keeps the negative values. ReLU keeps the positive ones: max(0, x).",
    ("np.maximum(0, x)", "np.minimum(0, x)"),
)
edit(
    "relu_forward",
    "identity",
    "x comes back unchanged. Replace negative values by 0.",
    ("np.maximum(0, x)", "x.copy()"),
)
edit(
    "relu_forward",
    "mask-returned",
    "The mask x > 0 came back in place of the values. Multiply it with x.",
    ("np.maximum(0, x)", "(x > 0).astype(x.dtype)"),
)
edit(
    "relu_forward",
    "largest-only",
    "np.max gives the largest entry; np.maximum compares entry by entry.",
    ("np.maximum(0, x)", "np.max(x, axis=0)"),
)
edit(
    "relu_forward",
    "one-number",
    "np.max gives one number; np.maximum(0, x) compares entry by entry.",
    ("np.maximum(0, x)", "np.max(x)"),
)
edit(
    "relu_forward",
    "capped",
    "Large values were cut off. ReLU has no upper bound.",
    ("np.maximum(0, x)", "np.clip(x, 0, 1)"),
)
edit(
    "relu_forward",
    "capped-at-6",
    "Large values were cut off at 6 (ReLU6). ReLU has no upper bound.",
    ("np.maximum(0, x)", "np.clip(x, 0, 6)"),
)
edit("relu_forward", "threshold-1", "The threshold is 0, not 1.", ("np.maximum(0, x)", "x * (x > 1)"))
edit(
    "relu_forward",
    "writes-x",
    "x itself was changed. `out = x` gives a second name to the same array; use np.maximum(0, x) or x.copy().",
    ("out = np.maximum(0, x)", "out = x\n    out[out < 0] = 0"),
)
edit(
    "relu_forward",
    "output-not-cache",
    "The function gives out alone. Return both: out, cache.",
    ("return out, cache", "return out"),
)


@mistake("relu_forward", "sigmoid", "That is the sigmoid 1 / (1 + exp(-x)). ReLU is max(0, x).")
def relu_forward_sigmoid(x):
    return 1 / (1 + np.exp(-x)), x


@alternative("relu_forward")
def by_mask(x):
    mask = x > 0
    return x * mask, mask


@alternative("relu_forward")
def by_copy(x):
    out = x.copy()
    out[out < 0] = 0
    return out, (x, out)


@alternative("relu_forward")
def by_where(x):
    print(x.shape)
    return np.where(x > 0, x, 0), None


@alternative("relu_forward")
def by_half_sum(x):
    return (x + np.abs(x)) / 2, x


@plain("relu_backward")
def relu_backward(dout, cache):
    x = cache
    dx = dout * (x > 0)
    return dx


edit(
    "relu_backward",
    "no-mask",
    "dout comes back unchanged. The gradient is 0 where x was negative.",
    ("dout * (x > 0)", "dout.copy()"),
)
edit(
    "relu_backward",
    "mask-of-dout",
    "The mask was made from dout. It is x, the forward's input, that decides: dx = dout where x > 0.",
    ("(x > 0)", "(dout > 0)"),
)
edit(
    "relu_backward",
    "relu-of-dout",
    "Where x is positive dout passes whole, negative values too; do not clip dout.",
    ("dout * (x > 0)", "np.maximum(0, dout) * (x > 0)"),
)
edit(
    "relu_backward",
    "times-x",
    "dout was multiplied with max(0, x). The slope of ReLU is 1, so multiply with the mask x > 0.",
    ("dout * (x > 0)", "dout * np.maximum(0, x)"),
)
edit(
    "relu_backward",
    "mask-returned",
    "The mask came back without dout. Chain rule: multiply it with dout.",
    ("dout * (x > 0)", "(x > 0).astype(float)"),
)
edit(
    "relu_backward",
    "mask-inverted",
    "The mask is the wrong way round: the gradient passes where x > 0.",
    ("(x > 0)", "(x <= 0)"),
)
edit(
    "relu_backward",
    "sign",
    "dout was multiplied with the sign of x. Where x is negative the gradient is 0, not −dout.",
    ("(x > 0)", "np.sign(x)"),
)
edit("relu_backward", "threshold-1", "The threshold is 0, not 1.", ("(x > 0)", "(x > 1)"))
edit(
    "relu_backward",
    "leaky",
    "A share of the gradient leaks where x is negative. There it is 0.",
    ("(x > 0)", "np.where(x > 0, 1, 0.01)"),
)
edit(
    "relu_backward",
    "writes-dout",
    "`dx = dout` gives a second name to the same array, so the zeros written to dx land in dout too. Write dx = dout * (x > 0).",
    ("dx = dout * (x > 0)", "dx = dout\n    dx[x <= 0] = 0"),
)
edit(
    "relu_backward",
    "gradient-at-zero",
    "At x = 0 the gradient is 0 here: the mask is x > 0, not x >= 0.",
    ("(x > 0)", "(x >= 0)"),
    at_zero=0,
)
edit("relu_backward", "x-returned", "x came back in place of a gradient.", ("dout * (x > 0)", "x * (x > 0)"))
edit(
    "relu_backward",
    "zeros",
    "The gradient is 0 everywhere: was it ever filled?",
    ("dout * (x > 0)", "np.zeros_like(x)"),
)
edit("relu_backward", "no-return", "The function ends without `return dx`.", ("    return dx\n", "    dx = dx\n"))


@alternative("relu_backward", forward=by_mask)
def from_a_mask(dout, mask):
    dx = dout.copy()
    dx[~mask] = 0
    return dx


@alternative("relu_backward")
def by_where_backward(dout, cache):
    return np.where(cache > 0, dout, 0)


@alternative("relu_backward")
def by_zeros_like(dout, cache):
    print("relu")
    dx = np.zeros_like(dout)
    dx[cache > 0] = dout[cache > 0]
    return dx


@alternative("relu_backward")
def one_at_zero(dout, cache):
    return dout * (cache >= 0)
