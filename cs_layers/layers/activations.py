"""Activation functions: each works on every entry by itself, on arrays of any shape."""

import numpy as np

from cs_layers.layers import _fast
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
    (x,) = check.common_float(check.real_array("x", x))
    out = np.empty_like(x)
    _fast.share_entries(lambda x, out: np.maximum(x, 0, out=out), x, out)
    return out, x


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
    dout = check.upstream(dout, x.shape).astype(x.dtype, copy=False)
    dx = np.empty_like(x)
    _fast.share_entries(lambda dout, x, dx: np.multiply(dout, x > 0, out=dx), dout, x, dx)
    return dx


def sigmoid_forward(x):
    """Forward pass of the sigmoid, 1 / (1 + exp(−x)).

    Only exponentials of negative numbers are taken, so none overflows.

    Parameters
    ----------
    x : ndarray, any shape

    Returns
    -------
    out : ndarray, the shape of x
    cache
        For `sigmoid_backward`.
    """
    (x,) = check.common_float(check.real_array("x", x))
    z = np.exp(-np.abs(x))
    out = np.where(x >= 0, 1, z) / (1 + z)
    return out, out


def sigmoid_backward(dout, cache):
    """Backward pass of sigmoid: the gradient times out · (1 − out), at most 1/4, and near 0 for large |x|.

    Parameters
    ----------
    dout : ndarray, any shape
        Upstream gradient.
    cache
        From `sigmoid_forward`.

    Returns
    -------
    dx : ndarray, the shape of x
    """
    out = cache
    return check.upstream(dout, out.shape) * (out * (1 - out))


def tanh_forward(x):
    """Forward pass of the hyperbolic tangent, which is 2 · sigmoid(2x) − 1.

    Parameters
    ----------
    x : ndarray, any shape

    Returns
    -------
    out : ndarray, the shape of x
    cache
        For `tanh_backward`.
    """
    (x,) = check.common_float(check.real_array("x", x))
    out = np.tanh(x)
    return out, out


def tanh_backward(dout, cache):
    """Backward pass of tanh: the gradient times 1 − out².

    Parameters
    ----------
    dout : ndarray, any shape
        Upstream gradient.
    cache
        From `tanh_forward`.

    Returns
    -------
    dx : ndarray, the shape of x
    """
    out = cache
    return check.upstream(dout, out.shape) * (1 - out * out)


def leaky_relu_forward(x, alpha=0.01):
    """Forward pass of leaky ReLU: x where it is positive, alpha · x elsewhere.

    Parameters
    ----------
    x : ndarray, any shape
    alpha : float
        Slope for negative x. With it no unit is ever dead.

    Returns
    -------
    out : ndarray, the shape of x
    cache
        For `leaky_relu_backward`.
    """
    (x,) = check.common_float(check.real_array("x", x))
    slope = np.where(x > 0, x.dtype.type(1), x.dtype.type(alpha))
    return slope * x, slope


def leaky_relu_backward(dout, cache):
    """Backward pass of leaky_relu: the gradient times 1 where x > 0, times alpha elsewhere.

    Parameters
    ----------
    dout : ndarray, any shape
        Upstream gradient.
    cache
        From `leaky_relu_forward`.

    Returns
    -------
    dx : ndarray, the shape of x
    """
    slope = cache
    return check.upstream(dout, slope.shape) * slope


def elu_forward(x, alpha=1.0):
    """Forward pass of the exponential linear unit: x where it is positive, alpha · (exp(x) − 1) elsewhere.

    Parameters
    ----------
    x : ndarray, any shape
    alpha : float
        Minus alpha is what out tends to for very negative x.

    Returns
    -------
    out : ndarray, the shape of x
    cache
        For `elu_backward`.
    """
    (x,) = check.common_float(check.real_array("x", x))
    below = x.dtype.type(alpha) * np.expm1(np.minimum(x, 0))
    out = np.where(x > 0, x, below)
    return out, np.where(x > 0, x.dtype.type(1), below + x.dtype.type(alpha))


def elu_backward(dout, cache):
    """Backward pass of elu: the gradient times 1 where x > 0, times alpha · exp(x) elsewhere.

    Parameters
    ----------
    dout : ndarray, any shape
        Upstream gradient.
    cache
        From `elu_forward`.

    Returns
    -------
    dx : ndarray, the shape of x
    """
    slope = cache
    return check.upstream(dout, slope.shape) * slope


def maxout_forward(x):
    """Forward pass of maxout: of K affine pieces, the largest.

    Parameters
    ----------
    x : ndarray, shape (N, K, D)
        K scores for each of D units, such as an affine layer with K · D outputs gives when reshaped.

    Returns
    -------
    out : ndarray, shape (N, D)
    cache
        For `maxout_backward`.

    References
    ----------
    Goodfellow et al., "Maxout networks", 2013.
    """
    (x,) = check.common_float(check.real_array("x", x, 3, " (N, K, D)"))
    largest = x.argmax(axis=1)[:, np.newaxis]
    return np.take_along_axis(x, largest, axis=1)[:, 0], (largest, x.shape)


def maxout_backward(dout, cache):
    """Backward pass of maxout: the largest piece, of equal ones the first, gets the gradient.

    Parameters
    ----------
    dout : ndarray, shape (N, D)
        Upstream gradient.
    cache
        From `maxout_forward`.

    Returns
    -------
    dx : ndarray, shape (N, K, D)
    """
    largest, (N, K, D) = cache
    dout = check.upstream(dout, (N, D))
    dx = np.zeros((N, K, D), dtype=dout.dtype)
    np.put_along_axis(dx, largest, dout[:, np.newaxis], axis=1)
    return dx
