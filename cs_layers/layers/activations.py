"""Activation functions: each works on every entry by itself, on arrays of any shape."""

import numpy as np

from cs_layers.layers import _validation as check


def relu_forward(x):
    """Forward pass of the rectified linear unit, max(0, x).

    Parameters
    ----------
    x : ndarray, any shape

    Returns
    -------
    out : ndarray, the shape of x
    cache : ndarray
        x, for `relu_backward`.
    """
    x = check.real_array("x", x)
    return np.maximum(x, 0), x


def relu_backward(dout, cache):
    """Backward pass of the rectified linear unit: the gradient passes where x > 0 and stops elsewhere, at 0 too.

    Parameters
    ----------
    dout : ndarray, any shape
        Upstream gradient.
    cache : ndarray
        x, from `relu_forward`.

    Returns
    -------
    dx : ndarray, the shape of x
    """
    x = cache
    dout = check.upstream(dout, x.shape)
    return dout * (x > 0)
