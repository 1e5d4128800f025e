"""Dropout: while training, each unit is left out at random, so that no unit can rely on another."""

import numpy as np

from cs_layers.layers import _validation as check


def dropout_forward(x, dropout_param):
    """Forward pass of inverted dropout.

    In training each entry is kept with probability p, and what is kept is divided by p; so the expected output is x,
    and at test time nothing at all needs doing.

    Parameters
    ----------
    x : ndarray, any shape
    dropout_param : dict
        'p': the probability to KEEP an entry, 0 < p ≤ 1. (Half the world's libraries mean the probability to drop it.)
        'mode': 'train' or 'test'. Optional 'seed': an integer, for the same mask in every call, or a
        numpy.random.Generator, for masks that follow from its state; without it masks cannot be repeated.

    Returns
    -------
    out : ndarray, the shape of x
    cache : tuple
        For `dropout_backward`.

    Raises
    ------
    ValueError
        A key is missing or unknown, p is out of range, or the mode is unknown.

    References
    ----------
    Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014.
    """
    x = check.real_array("x", x)
    (x,) = check.common_float(x)
    p, mode, seed = _read(dropout_param)
    if mode == "test" or p == 1:
        return x.copy(order="K"), (None, p)
    mask = _mask(x, p, np.random.default_rng(seed))
    out = x * mask
    out *= x.dtype.type(1 / p)
    return out, (mask, p)


def dropout_backward(dout, cache):
    """Backward pass of dropout: the gradient passes where the entry did, on the same scale.

    Parameters
    ----------
    dout : ndarray, any shape
        Upstream gradient.
    cache : tuple
        From `dropout_forward`.

    Returns
    -------
    dx : ndarray, the shape of dout
    """
    mask, p = cache
    dout = check.real_array("dout", dout)
    if mask is None:
        return dout.copy(order="K")
    (dout,) = check.common_float(check.upstream(dout, mask.shape))
    dx = dout * mask
    dx *= dout.dtype.type(1 / p)
    return dx


def _mask(x, p, rng):
    """Booleans, each True with probability p, lying in memory as x does.

    Sixteen random bits an entry are a quarter of the work of a random float, and set p to the nearest 1/65536.
    """
    bits = rng.integers(0, 1 << 64, -(-x.size // 4), np.uint64).view(np.uint16)[: x.size]
    mask = np.empty_like(x, dtype=bool)
    # The axes in the order in which they lie in memory: there the mask is filled from end to end.
    axes = np.argsort([-stride for stride in mask.strides], kind="stable")
    np.less(bits.reshape([mask.shape[axis] for axis in axes]), round(p * 65536), out=mask.transpose(axes))
    return mask


def _read(dropout_param):
    check.keys("dropout_param", dropout_param, ["p", "mode"], ["seed"])
    p, mode = dropout_param["p"], dropout_param["mode"]
    if not isinstance(p, (int, float, np.number)) or not 0 < p <= 1:
        raise ValueError(f"dropout_param['p'] is the probability to keep an entry, above 0 and at most 1; got {p!r}.")
    check.mode("dropout_param", mode)
    return float(p), mode, dropout_param.get("seed")
