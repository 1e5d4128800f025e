"""Right and wrong ways to write ReLU, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, mistake, plain


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
    "`dx = dout` gives a second name to the same array, so the zeros written to dx land in dout too. Write dx = "
    "dout * (x > 0).",
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


for _name, _hint, _new in [
    ("maximum-with-1", "max(1, x) has its bend at 1. ReLU is max(0, x).", "np.maximum(1, x)"),
    ("softplus", "That is the softplus log(1 + exp(x)). ReLU is max(0, x).", "np.log1p(np.exp(x))"),
    ("tanh", "That is tanh. ReLU is max(0, x).", "np.tanh(x)"),
    ("elu", "That is the ELU, exp(x) − 1 for negative x. ReLU makes them 0.", "np.where(x > 0, x, np.exp(x) - 1)"),
    ("leaky-0.1", "Negative values leak through. ReLU makes them 0.", "np.where(x > 0, x, 0.1 * x)"),
    ("leaky-0.2", "Negative values leak through. ReLU makes them 0.", "np.where(x > 0, x, 0.2 * x)"),
    (
        "sign-turned",
        "max(0, −x) keeps the negative values, with their sign turned. ReLU is max(0, x).",
        "np.maximum(0, -x)",
    ),
    (
        "largest-of-a-row",
        "np.max gives the largest entry of each row; np.maximum compares entry by entry.",
        "np.max(x, axis=-1, keepdims=True)",
    ),
    ("squared", "The values were squared. ReLU keeps positive values as they are.", "np.maximum(0, x) ** 2"),
    ("capped-at-minus-1", "Negative values were cut off at −1. ReLU makes them 0.", "np.maximum(-1, x)"),
]:
    edit("relu_forward", _name, _hint, ("np.maximum(0, x)", _new))


for _name, _hint, _new in [
    ("threshold-minus-1", "The threshold is 0, not −1.", "dout * (x > -1)"),
    (
        "leaky-0.1",
        "A share of the gradient leaks where x is negative. There it is 0.",
        "dout * np.where(x > 0, 1, 0.1)",
    ),
    ("added-to-mask", "The mask was added to dout. Multiply them.", "dout + (x > 0)"),
    (
        "dout-where-negative-is-x",
        "Where x is negative x itself came back. There the gradient is 0.",
        "np.where(x > 0, dout, x)",
    ),
]:
    edit("relu_backward", _name, _hint, ("dout * (x > 0)", _new))
