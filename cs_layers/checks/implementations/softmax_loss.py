"""Right and wrong ways to write the softmax loss, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain
from ..losses import _LOG_OF_ZERO


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
