"""Layers that are nearly always used together, joined: fewer lines in a model, fewer walks through memory."""

import numpy as np

from cs_layers.layers import _fast
from cs_layers.layers.activations import relu_backward
from cs_layers.layers.affine import affine_backward, affine_forward
from cs_layers.layers.convolution import conv_backward, convolve, gradients, read
from cs_layers.layers.pooling import max_pool_backward, max_pool_forward, window_of


def affine_relu_forward(x, w, b):
    """An affine layer followed by ReLU.

    Parameters
    ----------
    x, w, b : ndarray
        As for `affine_forward`.

    Returns
    -------
    out : ndarray, shape (N, M)
    cache : tuple
        For `affine_relu_backward`.
    """
    out, affine_cache = affine_forward(x, w, b)
    np.maximum(out, 0, out=out)
    # The backward pass of ReLU asks only what is positive, and that is so before ReLU where it is after.
    return out, (affine_cache, out)


def affine_relu_backward(dout, cache, need_dx=True):
    """Backward pass of `affine_relu_forward`.

    Returns
    -------
    dx, dw, db : ndarray
        As from `affine_backward`; `need_dx` too is as there.
    """
    affine_cache, relu_cache = cache
    return affine_backward(relu_backward(dout, relu_cache), affine_cache, need_dx)


def conv_relu_forward(x, w, b, conv_param):
    """A convolution followed by ReLU.

    Parameters
    ----------
    x, w, b, conv_param
        As for `conv_forward`.

    Returns
    -------
    out : ndarray, shape (N, F, H', W')
    cache : tuple
        For `conv_relu_backward`.
    """
    out, conv_cache = convolve(x, w, b, conv_param, relu=True)
    return out, (conv_cache, out)


def conv_relu_backward(dout, cache, need_dx=True):
    """Backward pass of `conv_relu_forward`.

    Returns
    -------
    dx, dw, db : ndarray
        As from `conv_backward`; `need_dx` too is as there.
    """
    conv_cache, relu_cache = cache
    return conv_backward(relu_backward(dout, relu_cache), conv_cache, need_dx)


def conv_relu_pool_forward(x, w, b, conv_param, pool_param):
    """A convolution, ReLU, and max pooling.

    The largest of the positive parts is the positive part of the largest, so pooling goes first and leaves ReLU a
    quarter of the work with windows of 2×2. The gradient is the same too: a window without a positive entry gets none.
    Where windows lie side by side, what the convolution gives is pooled a few rows at a time and never kept.

    Parameters
    ----------
    x, w, b, conv_param
        As for `conv_forward`.
    pool_param : dict
        As for `max_pool_forward`.

    Returns
    -------
    out : ndarray, shape (N, F, H', W')
    cache : tuple
        For `conv_relu_pool_backward`.
    """
    source, w, b, (F, H, W, N), stride, pad = read(x, w, b, conv_param)
    window = window_of(pool_param, (N, F, H, W))
    conv_cache = source, w, (F, H, W, N), stride, pad
    if not window.tiles:
        a, _ = convolve(x, w, b, conv_param)
        out, pool_cache = max_pool_forward(a, pool_param)
        np.maximum(out, 0, out=out)
        return out, (conv_cache, pool_cache, out)
    pooled = np.empty((F, window.H_out, window.W_out, N), source.dtype)
    which = np.empty(pooled.shape, window.place_type)
    _fast.correlate_pool(source, w, b, pooled, which, window.stride, stride, top=pad, left=pad)
    out = _fast.batch_first(pooled)
    return out, (conv_cache, ((F, H, W, N), source.dtype, which, window), out)


def conv_relu_pool_backward(dout, cache, need_dx=True):
    """Backward pass of `conv_relu_pool_forward`.

    Returns
    -------
    dx, dw, db : ndarray
        As from `conv_backward`; `need_dx` too is as there.
    """
    conv_cache, pool_cache, relu_cache = cache
    _, _, which, window = pool_cache
    dpooled = relu_backward(dout, relu_cache)
    if not window.tiles:
        return conv_backward(max_pool_backward(dpooled, pool_cache), conv_cache, need_dx)
    dpooled = _fast.batch_last(dpooled)
    dx, dw = gradients(_fast.Pooled(dpooled, which, window.stride), conv_cache, need_dx)
    return dx, dw, dpooled.reshape(len(dpooled), -1).sum(axis=1)
