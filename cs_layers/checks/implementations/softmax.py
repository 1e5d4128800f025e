"""Right and wrong ways to write softmax and cross entropy, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain
from ..losses import _OVERFLOW


@plain("softmax")
def softmax(scores):
    shifted = scores - np.max(scores, axis=-1, keepdims=True)
    e = np.exp(shifted)
    return e / np.sum(e, axis=-1, keepdims=True)


edit("softmax", "overflow", _OVERFLOW, ("scores - np.max(scores, axis=-1, keepdims=True)", "scores"))


edit(
    "softmax",
    "one-maximum-for-the-batch",
    "One maximum was subtracted from the whole batch, so a row far below it underflows to 0/0. Take each row's own.",
    ("np.max(scores, axis=-1, keepdims=True)", "np.max(scores)"),
)


edit(
    "softmax",
    "sum-over-everything",
    "The sum runs over the whole batch. Each row sums to 1: axis=-1, keepdims=True.",
    ("np.sum(e, axis=-1, keepdims=True)", "np.sum(e)"),
)


edit(
    "softmax",
    "over-everything",
    "Maximum and sum run over the whole batch, as if it were one row. Take each row's own: axis=-1, keepdims=True.",
    ("np.max(scores, axis=-1, keepdims=True)", "np.max(scores)"),
    ("np.sum(e, axis=-1, keepdims=True)", "np.sum(e)"),
)


edit(
    "softmax",
    "sum-over-the-batch-axis",
    "The sum runs over the examples. Each row sums to 1: axis=-1, keepdims=True.",
    ("np.sum(e, axis=-1, keepdims=True)", "np.sum(e, axis=0, keepdims=True)"),
)


edit(
    "softmax",
    "over-the-examples",
    "The softmax runs over axis 0, the examples, so that columns sum to 1. Each row is one example's: axis=-1.",
    ("np.max(scores, axis=-1, keepdims=True)", "np.max(scores, axis=0, keepdims=True)"),
    ("np.sum(e, axis=-1, keepdims=True)", "np.sum(e, axis=0, keepdims=True)"),
)


edit(
    "softmax",
    "not-normalized",
    "The exponentials were not divided by their sum.",
    ("e / np.sum(e, axis=-1, keepdims=True)", "e"),
)


edit(
    "softmax", "no-exponential", "The scores were divided by their sum without exp.", ("np.exp(shifted)", "shifted + 1")
)


edit("softmax", "maximum-added", "The maximum was added; subtract it.", ("scores - np.max", "scores + np.max"))


edit(
    "softmax",
    "divided-by-maximum",
    "The scores were divided by the maximum. Subtract it; dividing changes the probabilities.",
    ("scores - np.max", "scores / np.max"),
)


edit(
    "softmax",
    "log-softmax",
    "The logarithm was taken too. softmax gives probabilities.",
    ("return e / np.sum(e, axis=-1, keepdims=True)", "return np.log(e / np.sum(e, axis=-1, keepdims=True))"),
)


edit(
    "softmax",
    "one-row-not-handled",
    "scores may be one row of shape (C,), which has no axis 1: use axis=-1 with keepdims=True.",
    ("np.sum(e, axis=-1, keepdims=True)", "np.sum(e, axis=1, keepdims=True)"),
)


edit(
    "softmax",
    "negative-exponent",
    "exp(−score) turns the order round: the largest score must get the largest probability.",
    ("np.exp(shifted)", "np.exp(-shifted)"),
)


edit(
    "softmax",
    "writes-scores",
    "scores itself was changed (`scores -= …`). Make a new array.",
    (
        "shifted = scores - np.max(scores, axis=-1, keepdims=True)",
        "shifted = scores\n    shifted -= np.max(scores, axis=-1, keepdims=True)",
    ),
)


edit(
    "softmax",
    "keepdims-missing",
    "Without keepdims=True the sums (N,) are spread over the columns, not over the rows.",
    ("np.sum(e, axis=-1, keepdims=True)", "np.sum(e, axis=-1)"),
)


@alternative("softmax")
def softmax_by_rows(scores):
    if scores.ndim == 1:
        e = np.exp(scores - scores.max())
        return e / e.sum()
    out = np.zeros(scores.shape)
    for i in range(len(scores)):
        e = np.exp(scores[i] - max(scores[i]))
        out[i] = e / sum(e)
    return out


@alternative("softmax")
def softmax_transposed(scores):
    if scores.ndim == 2:
        s = scores.T
        s = s - np.max(s, axis=0)
        return (np.exp(s) / np.sum(np.exp(s), axis=0)).T
    s = scores - np.max(scores)
    return np.exp(s) / np.sum(np.exp(s))


@alternative("softmax")
def softmax_by_log(scores):
    m = scores.max(axis=-1, keepdims=True)
    return np.exp(scores - m - np.log(np.exp(scores - m).sum(axis=-1, keepdims=True)))


@plain("cross_entropy_error")
def cross_entropy_error(probs, t):
    if t.ndim == probs.ndim:
        t = t.argmax(axis=1)
    picked = probs[np.arange(len(probs)), t]
    loss = -np.sum(np.log(picked)) / len(probs)
    return loss


edit("cross_entropy_error", "not-averaged", "The sum was not divided by the number of examples.", (" / len(probs)", ""))


edit(
    "cross_entropy_error",
    "averaged-over-classes",
    "The sum was divided by N·C. Only one entry for each example counts: divide by N.",
    (" / len(probs)", " / probs.size"),
)


edit(
    "cross_entropy_error",
    "sign",
    "The logarithm of a probability is negative; the loss is minus its mean.",
    ("-np.sum", "np.sum"),
)


edit(
    "cross_entropy_error",
    "constant-inside-log",
    "A small constant inside the logarithm (log(p + 1e-7)) makes every loss a little too small.",
    ("np.log(picked)", "np.log(picked + 1e-7)"),
)


edit(
    "cross_entropy_error",
    "one-hot-not-handled",
    "t may be one-hot, of the shape of probs; turn it into indices with argmax(axis=1).",
    ("if t.ndim == probs.ndim:\n        t = t.argmax(axis=1)\n    ", ""),
)


edit(
    "cross_entropy_error",
    "indices-not-handled",
    "t may hold one index for each example, shape (N,): probs[np.arange(N), t].",
    ("    if t.ndim == probs.ndim:\n        t = t.argmax(axis=1)\n", ""),
    ("picked = probs[np.arange(len(probs)), t]", "picked = probs"),
    ("np.log(picked)", "t * np.log(picked)"),
)


edit(
    "cross_entropy_error",
    "argmax-over-the-batch",
    "argmax ran over the examples (axis 0). One class for each row: axis=1.",
    ("argmax(axis=1)", "argmax(axis=0)"),
)


edit(
    "cross_entropy_error",
    "predicted-class",
    "The probability of the predicted class was used. The loss asks for that of the true class, t.",
    ("probs[np.arange(len(probs)), t]", "probs.max(axis=1)"),
)


edit(
    "cross_entropy_error",
    "whole-columns",
    "probs[:, t] takes whole columns. Take one entry of each row: probs[np.arange(N), t].",
    ("probs[np.arange(len(probs)), t]", "probs[:, t]"),
)


edit("cross_entropy_error", "log-base-2", "The natural logarithm is meant: np.log.", ("np.log(", "np.log2("))


edit("cross_entropy_error", "log-base-10", "The natural logarithm is meant: np.log.", ("np.log(", "np.log10("))


edit("cross_entropy_error", "no-log", "The logarithm is missing.", ("np.log(picked)", "picked"))


edit(
    "cross_entropy_error",
    "one-per-example",
    "One loss for each example came back. The loss is their mean, one number.",
    ("np.sum(np.log(picked)) / len(probs)", "np.log(picked)"),
)


edit(
    "cross_entropy_error",
    "clipped-too-high",
    "Probabilities were clipped at a value that changes the loss.",
    ("np.log(picked)", "np.log(np.clip(picked, 0.01, 1))"),
)


@alternative("cross_entropy_error")
def cross_entropy_by_mask(probs, t):
    if t.ndim == 1:
        t = np.eye(probs.shape[1])[t]
    return float(-(t * np.log(probs)).sum(axis=1).mean())


@alternative("cross_entropy_error")
def cross_entropy_by_loop(probs, t):
    total = 0
    for p, label in zip(probs, t):
        total -= np.log(p[label]) if np.ndim(label) == 0 else np.log(p[np.argmax(label)])
    return np.array(total / probs.shape[0])


edit(
    "softmax",
    "no-exp",
    "The exponential is missing: exp(z) over the sum of exp(z).",
    ("e = np.exp(shifted)", "e = shifted"),
)
