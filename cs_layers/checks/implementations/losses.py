"""Right and wrong ways to write softmax, cross entropy and the two losses, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain
from ..losses import _LOG_OF_ZERO, _OVERFLOW


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


@plain("softmax_loss")
def softmax_loss(x, y):
    n = x.shape[0]
    shifted = x - np.max(x, axis=1, keepdims=True)
    log_probs = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    probs = np.exp(log_probs)
    loss = -np.sum(log_probs[np.arange(n), y]) / n
    dx = probs.copy()
    dx[np.arange(n), y] -= 1
    dx /= n
    return loss, dx


_FROM_PROBS = ("-np.sum(log_probs[np.arange(n), y])", "-np.sum(np.log(probs[np.arange(n), y]))")


edit("softmax_loss", "log-of-underflowed-probability", _LOG_OF_ZERO, _FROM_PROBS)


edit(
    "softmax_loss",
    "sum-without-exp",
    "The logarithm is of the sum of the shifted scores, which is negative. Take exp first: log(sum(exp(z))).",
    ("np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))", "np.log(np.sum(shifted, axis=1, keepdims=True))"),
)


edit(
    "softmax_loss",
    "constant-inside-log",
    "A small constant inside the logarithm biases every loss and only hides log(0). Use log p = z − log(sum(exp(z))).",
    ("-np.sum(log_probs[np.arange(n), y])", "-np.sum(np.log(probs[np.arange(n), y] + 1e-7))"),
)


_HIDES = (
    "{} the logarithm only hides log(0): the true loss there is 1000. "
    "Use log p = z − log(sum(exp(z))) with z = x − row maximum."
)


edit(
    "softmax_loss",
    "clipped-before-log",
    _HIDES.format("Clipping the probability before"),
    ("-np.sum(log_probs[np.arange(n), y])", "-np.sum(np.log(np.maximum(probs[np.arange(n), y], 1e-7)))"),
)


edit(
    "softmax_loss",
    "overflow",
    "exp of the raw scores overflows for large ones. Subtract each row's largest score first.",
    ("x - np.max(x, axis=1, keepdims=True)", "x"),
    ("probs = np.exp(log_probs)", "probs = np.exp(shifted) / np.sum(np.exp(shifted), axis=1, keepdims=True)"),
)


edit(
    "softmax_loss",
    "overflow-and-log-of-probability",
    "exp of the raw scores overflows for large ones. Subtract each row's largest score first.",
    ("x - np.max(x, axis=1, keepdims=True)", "x"),
    ("probs = np.exp(log_probs)", "probs = np.exp(shifted) / np.sum(np.exp(shifted), axis=1, keepdims=True)"),
    _FROM_PROBS,
)


edit(
    "softmax_loss",
    "one-maximum-for-the-batch",
    "One maximum was subtracted from the whole batch, so that rows far below it underflow. Take each row's own: "
    "axis=1, keepdims=True.",
    ("np.max(x, axis=1, keepdims=True)", "np.max(x)"),
    ("probs = np.exp(log_probs)", "probs = np.exp(shifted) / np.sum(np.exp(shifted), axis=1, keepdims=True)"),
)


edit(
    "softmax_loss",
    "one-maximum-and-log-of-probability",
    "One maximum was subtracted from the whole batch, so that rows far below it underflow. Take each row's own: "
    "axis=1, keepdims=True.",
    ("np.max(x, axis=1, keepdims=True)", "np.max(x)"),
    ("probs = np.exp(log_probs)", "probs = np.exp(shifted) / np.sum(np.exp(shifted), axis=1, keepdims=True)"),
    _FROM_PROBS,
)


edit(
    "softmax_loss",
    "maximum-over-the-batch-axis",
    "The maximum was taken over the examples (axis 0). Take each row's own: axis=1, keepdims=True.",
    ("np.max(x, axis=1, keepdims=True)", "np.max(x, axis=0)"),
)


edit(
    "softmax_loss",
    "dx-not-averaged",
    "dx was not divided by N. The loss is a mean, so its gradient is too.",
    ("    dx /= n\n", ""),
)


edit("softmax_loss", "loss-not-averaged", "The loss was not divided by N.", ("y]) / n", "y])"))


edit(
    "softmax_loss",
    "one-not-subtracted",
    "dx is p / N: the 1 of the true class was not subtracted.",
    ("    dx[np.arange(n), y] -= 1\n", ""),
)


edit(
    "softmax_loss",
    "sign-of-loss",
    "The loss is minus the mean log probability.",
    ("-np.sum(log_probs", "np.sum(log_probs"),
)


edit(
    "softmax_loss",
    "sign-of-dx",
    "dx has the wrong sign: it is p − 1 at the true class, p elsewhere.",
    ("dx /= n", "dx /= -n"),
)


edit(
    "softmax_loss",
    "whole-columns",
    "[:, y] takes whole columns. Take one entry of each row: [np.arange(N), y].",
    ("dx[np.arange(n), y] -= 1", "dx[:, y] -= 1"),
)


edit(
    "softmax_loss",
    "loss-of-whole-columns",
    "[:, y] takes whole columns. Take one entry of each row: [np.arange(N), y].",
    ("log_probs[np.arange(n), y]", "log_probs[:, y]"),
)


edit(
    "softmax_loss",
    "divided-by-classes",
    "dx was divided by the number of classes. Divide by the number of examples, x.shape[0].",
    ("dx /= n", "dx /= x.shape[1]"),
)


edit(
    "softmax_loss",
    "loss-divided-by-classes",
    "The loss was divided by the number of classes. Divide by the number of examples, x.shape[0].",
    ("y]) / n", "y]) / x.shape[1]"),
)


edit("softmax_loss", "divided-twice", "dx was divided by N twice.", ("dx /= n", "dx /= n * n"))


edit(
    "softmax_loss",
    "log-base-2",
    "The natural logarithm is meant: np.log.",
    ("-np.sum(log_probs[np.arange(n), y]) / n", "-np.sum(log_probs[np.arange(n), y]) / n / np.log(2)"),
)


edit(
    "softmax_loss",
    "predicted-class",
    "The loss takes the probability of the predicted class. It asks for that of the true class, y.",
    ("log_probs[np.arange(n), y]", "log_probs.max(axis=1)"),
)


edit(
    "softmax_loss",
    "writes-x",
    "x itself was changed (`x -= …`). Make a new array.",
    ("shifted = x - np.max(x, axis=1, keepdims=True)", "x -= np.max(x, axis=1, keepdims=True)\n    shifted = x"),
)


edit(
    "softmax_loss",
    "nothing-in-dx",
    "dx is zeros that were never filled.",
    ("dx = probs.copy()", "dx = np.zeros_like(x)"),
    ("    dx[np.arange(n), y] -= 1\n", ""),
)


edit(
    "softmax_loss",
    "sum-over-the-examples",
    "The exponentials were summed over the examples, axis 0. Each example has its own sum over the classes: axis=1.",
    ("np.sum(np.exp(shifted), axis=1, keepdims=True)", "np.sum(np.exp(shifted), axis=0, keepdims=True)"),
)


edit(
    "softmax_loss",
    "log-base-10",
    "np.log10 has base 10. The loss needs the natural logarithm, np.log.",
    ("np.log(np.sum", "np.log10(np.sum"),
)


@alternative("softmax_loss")
def softmax_loss_by_loops(x, y):
    n, c = x.shape
    loss, dx = 0.0, np.zeros_like(x, dtype=float)
    for i in range(n):
        z = x[i] - np.max(x[i])
        total = np.sum(np.exp(z))
        loss += np.log(total) - z[y[i]]
        for j in range(c):
            dx[i, j] = np.exp(z[j]) / total - (j == y[i])
    return loss / n, dx / n


@alternative("softmax_loss")
def softmax_loss_by_one_hot(x, y):
    m = x.max(1)[:, None]
    log_sum = m + np.log(np.exp(x - m).sum(1, keepdims=True))
    hot = np.zeros(x.shape)
    hot[range(len(y)), y] = 1
    print("loss")
    return np.array(np.mean((log_sum - x)[hot == 1])), (np.exp(x - log_sum) - hot) / len(y)


@plain("svm_loss")
def svm_loss(x, y):
    n = x.shape[0]
    right = x[np.arange(n), y]
    margins = np.maximum(0, x - right[:, np.newaxis] + 1.0)
    margins[np.arange(n), y] = 0
    loss = np.sum(margins) / n
    counts = np.sum(margins > 0, axis=1)
    dx = np.zeros(x.shape)
    dx[margins > 0] = 1
    dx[np.arange(n), y] -= counts
    dx /= n
    return loss, dx


edit(
    "svm_loss",
    "own-class-counted",
    "The true class was counted too, which adds 1 to each example's loss. Set its margin to 0.",
    ("    margins[np.arange(n), y] = 0\n", ""),
)


edit("svm_loss", "no-margin", "The margin of 1 is missing: max(0, x_j − x_y + 1).", (" + 1.0", ""))


edit("svm_loss", "margin-subtracted", "The margin is added: max(0, x_j − x_y + 1).", (" + 1.0", " - 1.0"))


edit("svm_loss", "not-averaged", "The loss was not divided by N.", ("np.sum(margins) / n", "np.sum(margins)"))


edit("svm_loss", "dx-not-averaged", "dx was not divided by N.", ("    dx /= n\n", ""))


edit(
    "svm_loss",
    "true-class-gradient-missing",
    "The true class's gradient is missing: minus the number of violated margins in its row.",
    ("    dx[np.arange(n), y] -= counts\n", ""),
)


edit(
    "svm_loss",
    "true-class-minus-one",
    "The true class's gradient is minus the NUMBER of violated margins in its row, not −1.",
    ("-= counts", "-= 1"),
)


edit("svm_loss", "sign-of-dx", "dx has the wrong sign.", ("dx /= n", "dx /= -n"))


edit(
    "svm_loss",
    "difference-reversed",
    "The difference is the wrong way round: x_j − x_y + 1.",
    ("x - right[:, np.newaxis]", "right[:, np.newaxis] - x"),
)


edit(
    "svm_loss",
    "no-maximum",
    "Margins that are kept must not count: max(0, …).",
    ("np.maximum(0, x - right[:, np.newaxis] + 1.0)", "x - right[:, np.newaxis] + 1.0"),
)


edit(
    "svm_loss",
    "squared",
    "The margins were squared. The hinge is linear.",
    ("loss = np.sum(margins) / n", "loss = np.sum(margins**2) / n"),
)


edit(
    "svm_loss",
    "gradient-is-margin",
    "dx holds the margins themselves. Each violated margin has slope 1.",
    ("dx[margins > 0] = 1", "dx[margins > 0] = margins[margins > 0]"),
)


edit(
    "svm_loss",
    "divided-by-classes",
    "The loss was divided by the number of classes. Divide by the number of examples.",
    ("np.sum(margins) / n", "np.sum(margins) / x.shape[1]"),
)


edit(
    "svm_loss",
    "averaged-over-everything",
    "The loss is the mean over examples of a SUM over classes; np.mean over both divides by C too.",
    ("np.sum(margins) / n", "np.mean(margins)"),
)


edit(
    "svm_loss",
    "counts-for-the-batch",
    "The violated margins were counted over the whole batch. Count in each row: axis=1.",
    ("np.sum(margins > 0, axis=1)", "np.sum(margins > 0)"),
)


edit(
    "svm_loss",
    "only-worst-class",
    "Only the worst class was counted. Sum over all wrong classes.",
    ("loss = np.sum(margins) / n", "loss = np.sum(np.max(margins, axis=1)) / n"),
)


edit(
    "svm_loss",
    "writes-x",
    "x itself was changed. Make a new array.",
    ("    loss = np.sum(margins) / n\n", "    loss = np.sum(margins) / n\n    x -= right[:, np.newaxis]\n"),
)


edit(
    "svm_loss",
    "true-class-counted-once",
    "The true class gets −1 once for each example. It gets −1 for every class that violates the margin.",
    ("dx[np.arange(n), y] -= counts", "dx[np.arange(n), y] -= np.minimum(counts, 1)"),
)


edit(
    "svm_loss",
    "margin-10",
    "The margin is 10. It is 1 here: x_j − x_y + 1.",
    ("right[:, np.newaxis] + 1.0", "right[:, np.newaxis] + 10.0"),
)


@alternative("svm_loss")
def svm_loss_by_loops(x, y):
    n, c = x.shape
    loss, dx = 0.0, np.zeros_like(x)
    for i in range(n):
        for j in range(c):
            if j != y[i]:
                margin = x[i, j] - x[i, y[i]] + 1
                if margin > 0:
                    loss += margin
                    dx[i, j] += 1
                    dx[i, y[i]] -= 1
    return loss / n, dx / n


@alternative("svm_loss")
def svm_loss_less_one(x, y):
    n = len(y)
    margins = np.maximum(0, x - np.choose(y, x.T).reshape(-1, 1) + 1)
    mask = (margins > 0).astype(float)
    mask[range(n), y] -= mask.sum(axis=1)
    return np.mean(np.sum(margins, axis=1)) - 1, mask / n


_DX = "    dx = probs.copy()\n    dx[np.arange(n), y] -= 1\n"
_HOT = "np.eye(x.shape[1])[y]"
for _name, _hint, _old, _new in [
    (
        "dx-of-log-probabilities",
        "dx was made from the logarithms of the probabilities. It is p − 1 at the true class, p elsewhere.",
        "dx = probs.copy()",
        "dx = log_probs.copy()",
    ),
    (
        "dx-of-scores",
        "dx was made from the scores. It is p − 1 at the true class, p elsewhere.",
        "dx = probs.copy()",
        "dx = x.astype(float)",
    ),
    (
        "dx-of-shifted-scores",
        "dx was made from the shifted scores. It is p − 1 at the true class, p elsewhere.",
        "dx = probs.copy()",
        "dx = shifted.astype(float)",
    ),
    (
        "dx-of-exponentials",
        "dx was made from exp(z), which is not divided by its sum yet. It is p − 1 at the true class, p elsewhere.",
        "dx = probs.copy()",
        "dx = np.exp(shifted)",
    ),
    (
        "loss-of-scores",
        "The loss was made from the scores themselves. It is minus the mean of log p, the true class's.",
        "log_probs[np.arange(n), y])",
        "x[np.arange(n), y])",
    ),
    (
        "loss-of-shifted-scores",
        "The loss lacks the log of the sum: log p = z − log(sum(exp(z))).",
        "log_probs[np.arange(n), y])",
        "shifted[np.arange(n), y])",
    ),
    (
        "raw-score-in-loss",
        "The raw score stands beside the log of the shifted sum. Shift both, or neither: log p = z − log(sum(exp(z))).",
        "log_probs[np.arange(n), y])",
        "(log_probs - shifted + x)[np.arange(n), y])",
    ),
    (
        "loss-of-the-first-class",
        "The loss takes the first class of each row. Take the true one: [np.arange(N), y].",
        "log_probs[np.arange(n), y])",
        "log_probs[:, 0])",
    ),
    (
        "no-log",
        "The loss has the sum of exponentials itself: its logarithm is missing.",
        "-np.sum(log_probs[np.arange(n), y])",
        "-np.sum(shifted[np.arange(n), y] - np.sum(np.exp(shifted), axis=1))",
    ),
    (
        "loss-of-probabilities",
        "The loss averages the probabilities. It is minus the mean of their logarithms.",
        "-np.sum(log_probs[np.arange(n), y])",
        "-np.sum(probs[np.arange(n), y])",
    ),
    (
        "log-base-2-of-the-sum",
        "The natural logarithm is meant: np.log.",
        "-np.sum(log_probs[np.arange(n), y])",
        "-np.sum(shifted[np.arange(n), y] - np.log2(np.sum(np.exp(shifted), axis=1)))",
    ),
    (
        "one-sum-for-the-batch",
        "The exponentials of the whole batch were summed. Each row has its own sum: axis=1, keepdims=True.",
        "np.sum(np.exp(shifted), axis=1, keepdims=True)",
        "np.sum(np.exp(shifted))",
    ),
    (
        "mean-subtracted",
        "The row's mean was subtracted. Subtract its largest score, so that exp cannot overflow.",
        "np.max(x, axis=1, keepdims=True)",
        "np.mean(x, axis=1, keepdims=True)",
    ),
    (
        "minimum-subtracted",
        "The row's smallest score was subtracted. Subtract its largest, so that exp cannot overflow.",
        "np.max(x, axis=1, keepdims=True)",
        "np.min(x, axis=1, keepdims=True)",
    ),
    (
        "loss-of-the-first-example",
        "The loss holds the first example alone: does the loop `return` too early?",
        "np.sum(log_probs[np.arange(n), y])",
        "log_probs[0, y[0]]",
    ),
    (
        "loss-of-the-last-example",
        "The loss holds the last example alone: in a loop over the batch add with +=.",
        "np.sum(log_probs[np.arange(n), y])",
        "log_probs[-1, y[-1]]",
    ),
    (
        "true-class-overwritten",
        "The true class's entry was set to −1. Subtract 1 from what stands there: p − 1.",
        "dx[np.arange(n), y] -= 1",
        "dx[np.arange(n), y] = -1",
    ),
    (
        "predicted-class-in-dx",
        "1 was subtracted at the predicted class. Subtract it at the true one, y.",
        "dx[np.arange(n), y] -= 1",
        "dx[np.arange(n), np.argmax(x, axis=1)] -= 1",
    ),
    (
        "class-before",
        "1 was subtracted one class too early (y − 1). Labels count from 0: [np.arange(N), y].",
        "dx[np.arange(n), y] -= 1",
        "dx[np.arange(n), y - 1] -= 1",
    ),
    (
        "only-the-true-class",
        "dx has the true class's entries alone. At the other classes it is p / N.",
        _DX,
        f"    dx = (probs - 1) * {_HOT}\n",
    ),
    (
        "mask-for-difference",
        "The probabilities were multiplied with the one-hot labels. Subtract them: p − one-hot.",
        _DX,
        f"    dx = probs * {_HOT}\n",
    ),
    (
        "binary-cross-entropy",
        "The wrong classes pay log(1 − p) too: that is the loss of yes-or-no labels. Here the true class alone counts.",
        "-np.sum(log_probs[np.arange(n), y])",
        f"-np.sum({_HOT} * log_probs + (1 - {_HOT}) * np.log1p(-probs))",
    ),
    (
        "loss-cut-to-an-integer",
        "The loss lost its fraction: // or int(). Divide with /.",
        "loss = -np.sum(log_probs[np.arange(n), y]) / n",
        "loss = -np.sum(log_probs[np.arange(n), y]) // n",
    ),
    (
        "squares-added",
        "The scores' own squares were added to the loss. Regularization belongs to the weights, not here.",
        "loss = -np.sum(log_probs[np.arange(n), y]) / n",
        "loss = -np.sum(log_probs[np.arange(n), y]) / n + 0.5e-3 * np.sum(x**2)",
    ),
]:
    edit("softmax_loss", _name, _hint, (_old, _new))


for _name, _hint, _old, _new in [
    (
        "margin-0.5",
        "The margin is 0.5. It is 1 here: x_j − x_y + 1.",
        "right[:, np.newaxis] + 1.0",
        "right[:, np.newaxis] + 0.5",
    ),
    (
        "gradient-is-score",
        "dx holds scores. Each violated margin has slope 1, whatever the score.",
        "dx[margins > 0] = 1",
        "dx[margins > 0] = x[margins > 0]",
    ),
    (
        "counts-over-the-batch-axis",
        "The violated margins were counted over the examples, axis 0. Count those of each row: axis=1.",
        "np.sum(margins > 0, axis=1)",
        "np.sum(margins > 0, axis=0)[y]",
    ),
    (
        "whole-columns",
        "[:, y] takes whole columns. Take one entry of each row: [np.arange(N), y].",
        "dx[np.arange(n), y] -= counts",
        "dx[:, y] = -counts[:, np.newaxis]",
    ),
    (
        "first-violated-margin-only",
        "The loop over the classes ends at the first violated margin (break, return). All of them count.",
        "    loss = np.sum(margins) / n\n",
        "    margins = margins * (np.cumsum(margins > 0, axis=1) <= 1)\n    loss = np.sum(margins) / n\n",
    ),
    (
        "loss-of-the-last-margin",
        "The loss holds the last violated margin alone. Add them with +=.",
        "loss = np.sum(margins) / n",
        "loss = np.append(0.0, margins[margins > 0])[-1] / n",
    ),
    (
        "other-classes-missing",
        "dx has the true class's entries alone. Each class that violates the margin gets +1.",
        "dx[margins > 0] = 1",
        "dx[margins > 0] = 0",
    ),
    (
        "mask-of-the-true-class-too",
        "The true class was counted among the violated margins in dx.",
        "dx[np.arange(n), y] -= counts",
        "dx[np.arange(n), y] -= counts + 1",
    ),
    (
        "loss-halved",
        "The loss was halved. It is the mean over the examples of the sum of the margins.",
        "np.sum(margins) / n",
        "0.5 * np.sum(margins) / n",
    ),
    (
        "dx-divided-by-classes",
        "dx was divided by the number of classes. Divide by the number of examples.",
        "dx /= n",
        "dx /= x.shape[1]",
    ),
    (
        "dx-cut-to-integers",
        "dx lost its fractions: // or an array of integers. Divide an array of floats with /.",
        "dx /= n",
        "dx //= n",
    ),
]:
    edit("svm_loss", _name, _hint, (_old, _new))


edit(
    "softmax",
    "no-exp",
    "The exponential is missing: exp(z) over the sum of exp(z).",
    ("e = np.exp(shifted)", "e = shifted"),
)
