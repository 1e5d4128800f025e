"""Pooling: each channel shrinks by itself, a window at a time, to its largest value or to its mean."""

import numpy as np

from cs_layers.layers import _validation as check


def max_pool_forward(x, pool_param):
    """Forward pass of max pooling.

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
        Images.
    pool_param : dict
        'pool_height', 'pool_width': size of the window. 'stride': pixels between neighbouring windows. Optional 'pad'
        (0): rows and columns added on every side, smaller than the window; what is added is never the maximum.

    Returns
    -------
    out : ndarray, shape (N, C, H', W')
        H' = (H + 2·pad − pool_height) / stride + 1 and W' likewise, which must be whole numbers.
    cache : tuple
        For `max_pool_backward`.

    Raises
    ------
    ValueError
        `x` has not four axes or is empty, the window or stride does not fit, or a key is missing or unknown.
    TypeError
        `x` does not hold real numbers, or a parameter is not an integer.
    """
    x, windows = _pool_windows(x, pool_param, fill=-np.inf)
    out = windows[0].copy()
    for window in windows[1:]:
        np.maximum(out, window, out=out)
    return out, (x, out, pool_param)


def max_pool_backward(dout, cache):
    """Backward pass of max pooling.

    The first maximum of each window, in reading order, gets the window's whole gradient. Where windows overlap, what an
    entry gets from each is added up.

    Parameters
    ----------
    dout : ndarray, shape (N, C, H', W')
        Upstream gradient.
    cache : tuple
        From `max_pool_forward`.

    Returns
    -------
    dx : ndarray, shape (N, C, H, W)

    Raises
    ------
    ValueError
        `dout` has not the shape of the output.
    """
    x, out, pool_param = cache
    dout = check.upstream(dout, out.shape).astype(x.dtype, copy=False)
    _, windows = _pool_windows(x, pool_param, fill=-np.inf)
    dx, shares = _gradient_windows(x, pool_param)
    unpaid = np.ones(out.shape, dtype=bool)
    for window, share in zip(windows, shares, strict=True):
        paid = unpaid & (window == out)
        share += dout * paid
        unpaid &= ~paid
    return dx


def mean_pool_forward(x, pool_param):
    """Forward pass of mean pooling.

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
        Images.
    pool_param : dict
        As for `max_pool_forward`. Padding counts as zeros: the sum is always divided by pool_height · pool_width.

    Returns
    -------
    out : ndarray, shape (N, C, H', W')
    cache : tuple
        For `mean_pool_backward`.

    Raises
    ------
    ValueError, TypeError
        As `max_pool_forward`.
    """
    x, windows = _pool_windows(x, pool_param, fill=0)
    out = windows[0].copy()
    for window in windows[1:]:
        out += window
    out /= len(windows)
    return out, (x, pool_param)


def mean_pool_backward(dout, cache):
    """Backward pass of mean pooling: every entry of a window gets the same share of its gradient.

    Parameters
    ----------
    dout : ndarray, shape (N, C, H', W')
        Upstream gradient.
    cache : tuple
        From `mean_pool_forward`.

    Returns
    -------
    dx : ndarray, shape (N, C, H, W)

    Raises
    ------
    ValueError
        `dout` has not the shape of the output.
    """
    x, pool_param = cache
    dx, shares = _gradient_windows(x, pool_param)
    dout = check.upstream(dout, shares[0].shape).astype(x.dtype, copy=False)
    share_of_each = dout / x.dtype.type(len(shares))
    for share in shares:
        share += share_of_each
    return dx


def _pool_windows(x, pool_param, fill):
    """x as floats, and for each place in the window, in reading order, a view of that place in all windows."""
    x = check.real_array("x", x, 4, " (N, C, H, W)")
    (x,) = check.common_float(x)
    *_, pad = _read(x, pool_param)
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), constant_values=fill) if pad else x
    return x, _places(padded, x, pool_param)


def _gradient_windows(x, pool_param):
    """dx, all zeros, and views of it like those of `_pool_windows`; what falls on the padding is lost."""
    *_, pad = _read(x, pool_param)
    N, C, H, W = x.shape
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=x.dtype)
    return padded[:, :, pad : pad + H, pad : pad + W], _places(padded, x, pool_param)


def _places(padded, x, pool_param):
    height, width, stride, H_out, W_out, _ = _read(x, pool_param)
    return [
        padded[:, :, i : i + stride * H_out : stride, j : j + stride * W_out : stride]
        for i in range(height)
        for j in range(width)
    ]


def _read(x, pool_param):
    height, width, stride, pad = check.parameters(
        "pool_param", pool_param, ["pool_height", "pool_width", "stride"], {"pad": 0}
    )
    if pad >= min(height, width):
        raise ValueError(f"pool_param['pad'] must be smaller than the window, {height}×{width}; got {pad}.")
    H_out = check.output_size(x.shape[2], height, pad, stride, "height")
    W_out = check.output_size(x.shape[3], width, pad, stride, "width")
    return height, width, stride, H_out, W_out, pad


max_pool_forward_fast = max_pool_forward
max_pool_backward_fast = max_pool_backward
