"""Right and wrong ways to write dropout, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain


@plain("dropout_forward")
def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = None
    if mode == "train":
        mask = (np.random.rand(*x.shape) < p) / p
        out = x * mask
    else:
        out = x
    cache = (dropout_param, mask)
    return out, cache


_MASK = "(np.random.rand(*x.shape) < p) / p"


for _name, _hint, _changes, _options in [
    (
        "not-scaled",
        "What is kept must be divided by the keep probability, so that the mean stays the same (inverted dropout).",
        [(_MASK, "(np.random.rand(*x.shape) < p)")],
        {},
    ),
    (
        "scaled-by-the-drop-probability",
        "What is kept was divided by the probability to drop. Divide by the probability to keep.",
        [(_MASK, "(np.random.rand(*x.shape) < p) / (1 - p)")],
        {},
    ),
    (
        "multiplied-by-p",
        "What is kept was multiplied by p. Divide by the probability to keep.",
        [(_MASK, "(np.random.rand(*x.shape) < p) * p")],
        {},
    ),
    (
        "kept-the-others",
        "The entries that p should drop are kept, and scaled as if they were the others.",
        [("< p) / p", "> p) / p")],
        {},
    ),
    (
        "randn-for-rand",
        "The mask was drawn from randn. A normal number is below p with another probability than p; draw from rand.",
        [("np.random.rand(*x.shape)", "np.random.randn(*x.shape)")],
        {},
    ),
    (
        "whole-rows",
        "Whole rows are dropped. Draw one number for each entry of x.",
        [("np.random.rand(*x.shape)", "np.random.rand(*x.shape[:1], *[1] * (x.ndim - 1))")],
        {},
    ),
    (
        "whole-columns",
        "Whole columns are dropped. Draw one number for each entry of x.",
        [("np.random.rand(*x.shape)", "np.random.rand(1, *x.shape[1:])")],
        {},
    ),
    (
        "random-scale",
        "The mask holds random numbers. It holds 0 and 1/keep only.",
        [(_MASK, "np.random.rand(*x.shape)")],
        {},
    ),
    (
        "scaled-at-test-time",
        "At test time nothing is scaled; that was done in training.",
        [("        out = x\n", "        out = x * p\n")],
        {},
    ),
    (
        "not-scaled-but-at-test-time",
        "Plain dropout scales at test time. Here it is inverted: divide by the keep probability in training, do "
        "nothing at test time.",
        [(_MASK, "(np.random.rand(*x.shape) < p)"), ("        out = x\n", "        out = x * p\n")],
        {},
    ),
    ("dropped-at-test-time", "At test time nothing is dropped.", [('if mode == "train":', "if mode:")], {}),
    ("nothing-dropped", "Nothing is dropped in training.", [(_MASK, "np.ones(x.shape)")], {}),
    ("mask-returned", "The mask came back in place of x · mask.", [("out = x * mask", "out = mask")], {}),
    (
        "p-is-the-probability-to-keep",
        "p is the probability to KEEP here; the function drops with probability p.",
        [(_MASK, "(np.random.rand(*x.shape) >= p) / (1 - p)")],
        {"p_is": "keep"},
    ),
    ("writes-x", "x itself was changed. Make a new array.", [("out = x * mask", "x *= mask\n        out = x")], {}),
]:
    edit("dropout_forward", _name, _hint, *_changes, **_options)


@alternative("dropout_forward")
def dropout_by_binomial(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x.copy(), None
    keep = dropout_param["p"]
    mask = np.random.binomial(1, keep, size=x.shape) * (1.0 / keep)
    return mask * x, mask


@alternative("dropout_forward")
def dropout_by_generator(x, dropout_param):
    rng = np.random.default_rng(dropout_param.get("seed"))
    drop = dropout_param["p"]
    keep = rng.uniform(size=x.shape) >= drop
    return (x * keep / (1 - drop) if dropout_param["mode"] == "train" else x), {"keep": keep, **dropout_param}


@plain("dropout_backward")
def dropout_backward(dout, cache):
    dropout_param, mask = cache
    if dropout_param["mode"] == "train":
        dx = dout * mask
    else:
        dx = dout
    return dx


for _name, _hint, _changes in [
    ("mask-missing", "dout came back unchanged. In training dx = dout · mask.", [("dout * mask", "dout.copy()")]),
    (
        "not-scaled",
        "The mask's scale is missing: dx = dout · mask, with the 1/keep that the forward had.",
        [("dout * mask", "dout * (mask > 0)")],
    ),
    (
        "scaled-twice",
        "The scale was applied twice: the mask already has it.",
        [("dout * mask", "dout * mask / dropout_param['p']")],
    ),
    (
        "divided-by-p-only",
        "dout was divided by p, but nothing was dropped.",
        [("dout * mask", "dout / dropout_param['p']")],
    ),
    (
        "new-mask",
        "A new mask was drawn. Use the forward's own.",
        [("dout * mask", "dout * (np.random.rand(*dout.shape) < dropout_param['p']) / dropout_param['p']")],
    ),
    (
        "test-mode-masked",
        "At test time the gradient passes unchanged: dx = dout.",
        [("        dx = dout\n", "        dx = dout * dropout_param['p']\n")],
    ),
    (
        "zero-at-test-time",
        "At test time the gradient passes unchanged: dx = dout.",
        [("        dx = dout\n", "        dx = np.zeros_like(dout)\n")],
    ),
    (
        "mask-inverted",
        "The gradient passes where entries were kept, not where they were dropped.",
        [("dout * mask", "dout * (mask == 0) / dropout_param['p']")],
    ),
    ("mask-returned", "The mask came back without dout.", [("dout * mask", "mask")]),
    (
        "writes-dout",
        "dout itself was changed. Make a new array: dx = dout * mask.",
        [("dx = dout * mask", "dout *= mask\n        dx = dout")],
    ),
]:
    edit("dropout_backward", _name, _hint, *_changes)


@alternative("dropout_backward", forward=dropout_by_generator)
def from_what_was_kept(dout, cache):
    if cache["mode"] == "test":
        return dout
    dx = np.zeros_like(dout)
    dx[cache["keep"]] = dout[cache["keep"]] / (1 - cache["p"])
    return dx
