"""Layers that are nearly always used together, joined into one: fewer lines in a model, one cache to carry."""

from cs_layers.layers.activations import relu_backward, relu_forward
from cs_layers.layers.affine import affine_backward, affine_forward
from cs_layers.layers.convolution import conv_backward, conv_forward
from cs_layers.layers.pooling import max_pool_backward, max_pool_forward


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
    a, affine_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(a)
    return out, (affine_cache, relu_cache)


def affine_relu_backward(dout, cache):
    """Backward pass of `affine_relu_forward`.

    Returns
    -------
    dx, dw, db : ndarray
        As from `affine_backward`.
    """
    affine_cache, relu_cache = cache
    return affine_backward(relu_backward(dout, relu_cache), affine_cache)


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
    a, conv_cache = conv_forward(x, w, b, conv_param)
    out, relu_cache = relu_forward(a)
    return out, (conv_cache, relu_cache)


def conv_relu_backward(dout, cache):
    """Backward pass of `conv_relu_forward`.

    Returns
    -------
    dx, dw, db : ndarray
        As from `conv_backward`.
    """
    conv_cache, relu_cache = cache
    return conv_backward(relu_backward(dout, relu_cache), conv_cache)


def conv_relu_pool_forward(x, w, b, conv_param, pool_param):
    """A convolution, ReLU, and max pooling.

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
    a, conv_cache = conv_forward(x, w, b, conv_param)
    s, relu_cache = relu_forward(a)
    out, pool_cache = max_pool_forward(s, pool_param)
    return out, (conv_cache, relu_cache, pool_cache)


def conv_relu_pool_backward(dout, cache):
    """Backward pass of `conv_relu_pool_forward`.

    Returns
    -------
    dx, dw, db : ndarray
        As from `conv_backward`.
    """
    conv_cache, relu_cache, pool_cache = cache
    ds = max_pool_backward(dout, pool_cache)
    return conv_backward(relu_backward(ds, relu_cache), conv_cache)
