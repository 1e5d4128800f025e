"""Losses: how wrong the scores are, in one number, and the gradient that says how to mend them."""

import numpy as np

from cs_layers.layers import _validation as check


def softmax(x):
    """Turn scores into probabilities: exp(x) divided by its sum along the last axis.

    The largest score of each row is subtracted first. It cancels in the quotient, and no exponential can overflow.

    Parameters
    ----------
    x : ndarray, shape (N, C) or (C,)
        Scores, finite.

    Returns
    -------
    ndarray, the shape of x
        Probabilities: each row sums to 1.

    Raises
    ------
    ValueError
        `x` is empty, has neither one nor two axes, or holds NaN or infinity.
    """
    x = check.real_array("x", x)
    shape = x.shape
    x = check.scores(x.reshape(1, -1) if x.ndim == 1 else x)
    exps = np.exp(x - x.max(axis=1, keepdims=True))
    return (exps / exps.sum(axis=1, keepdims=True)).reshape(shape)


def softmax_loss(x, y):
    """Softmax followed by cross entropy, averaged over the batch: −log of the true class's probability.

    Both are done in one step, on log-probabilities: x − max − log Σ exp(x − max). The logarithm of a probability that
    was rounded to 0 never occurs, so scores [1000, 0] with label 1 cost 1000, not infinity. The gradient is
    (probabilities − one-hot labels) / N.

    Parameters
    ----------
    x : ndarray, shape (N, C)
        Class scores, finite.
    y : ndarray of integers, shape (N,)
        Labels from 0 to C − 1.

    Returns
    -------
    loss : float
    dx : ndarray, shape (N, C)

    Raises
    ------
    ValueError
        The shapes do not fit, a label is out of range, or `x` is empty or holds NaN or infinity.
    TypeError
        The labels are not integers, or the scores not real numbers.
    """
    x = check.scores(x)
    y = check.labels(y, *x.shape)
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    exps = np.exp(shifted)
    sums = exps.sum(axis=1, keepdims=True)
    loss = float(np.mean(np.log(sums[:, 0]) - shifted[rows, y]))
    dx = exps / sums
    dx[rows, y] -= 1
    dx /= len(x)
    return loss, dx


def svm_loss(x, y):
    """Multi-class hinge loss: each wrong class should score at least 1 less than the true one. Averaged over the batch.

    An example costs Σ max(0, x_j − x_y + 1) over the wrong classes j. Each class that breaks the margin gets a gradient
    of 1/N, and the true class minus their sum.

    Parameters
    ----------
    x : ndarray, shape (N, C)
        Class scores, finite.
    y : ndarray of integers, shape (N,)
        Labels from 0 to C − 1.

    Returns
    -------
    loss : float
    dx : ndarray, shape (N, C)

    Raises
    ------
    ValueError
        The shapes do not fit, a label is out of range, or `x` is empty or holds NaN or infinity.
    TypeError
        The labels are not integers, or the scores not real numbers.

    References
    ----------
    Weston and Watkins, "Support vector machines for multi-class pattern recognition", 1999.
    """
    x = check.scores(x)
    y = check.labels(y, *x.shape)
    rows = np.arange(len(x))
    margins = np.maximum(0, x - x[rows, y][:, np.newaxis] + 1)
    margins[rows, y] = 0
    loss = float(margins.sum() / len(x))
    dx = (margins > 0).astype(x.dtype)
    dx[rows, y] = -dx.sum(axis=1)
    dx /= len(x)
    return loss, dx


def cross_entropy_error(p, t):
    """Cross entropy of probabilities against the truth, averaged over the batch.

    Nothing is added inside the logarithm: that would bias every loss. A true class with probability 0 costs infinity;
    where the scores are at hand, `softmax_loss` loses no digits.

    Parameters
    ----------
    p : ndarray, shape (N, C) or (C,)
        Probabilities, such as `softmax` gives.
    t : ndarray
        The truth: integer labels of shape (N,), or one-hot rows of the shape of `p`. With `p` of shape (C,):
        one label or one row.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        The shapes do not fit, a label is out of range, a row of `t` is not one-hot, or `p` holds no probabilities.
    TypeError
        The labels are not integers.
    """
    p, t = check.real_array("p", p), np.asarray(t)
    if p.ndim == 1:
        p, t = p[np.newaxis], t[np.newaxis]
    p = check.real_array("p", p, 2, " (N, C): a row of probabilities for each example")
    if not ((p >= 0) & (p <= 1 + 1e-6)).all():
        raise ValueError("p must hold probabilities, from 0 to 1; scores go through softmax first.")
    if t.shape == p.shape:
        t = _labels_of_one_hot(t)
    t = check.labels(t, *p.shape)
    with np.errstate(divide="ignore"):
        return float(-np.mean(np.log(p[np.arange(len(p)), t])))


def _labels_of_one_hot(t):
    if not (((t == 0) | (t == 1)).all() and (t.sum(axis=1) == 1).all()):
        raise ValueError(f"t has the shape of p, {t.shape}, so it must be one-hot: a single 1 in each row, else 0.")
    return t.argmax(axis=1)


def mean_squared_error(x, t):
    """Mean of the squared differences, over every entry.

    Parameters
    ----------
    x : ndarray, any shape
        Predictions.
    t : ndarray, the shape of x
        Targets.

    Returns
    -------
    loss : float
    dx : ndarray, the shape of x
        2 (x − t) / the number of entries.

    Raises
    ------
    ValueError
        The shapes differ, or the arrays are empty.
    """
    x, t = check.common_float(check.real_array("x", x), check.real_array("t", t))
    if x.shape != t.shape:
        raise ValueError(f"x and t must have the same shape; got {x.shape} and {t.shape}.")
    difference = x - t
    return float(np.mean(difference * difference)), difference * x.dtype.type(2 / x.size)
