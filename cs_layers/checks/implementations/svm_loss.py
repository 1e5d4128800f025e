"""Right and wrong ways to write the hinge loss, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain


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
        "counts-along-the-columns",
        "[:, y] takes whole columns, and the counts of the rows were laid along them. Use [np.arange(N), y].",
        "dx[np.arange(n), y] -= counts",
        "dx[:, y] = -counts",
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
