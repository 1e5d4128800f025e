"""Pooling: each channel shrinks by itself, a window at a time, to its largest value or to its mean."""

from functools import reduce
from typing import NamedTuple

import numpy as np

from cs_layers.layers import _fast
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
    (x,) = check.common_float(check.real_array("x", x, 4, " (N, C, H, W)"))
    window = window_of(pool_param, x.shape)
    source = _fast.batch_last(x)
    padded = _padded(source, window.pad, -np.inf)
    out = np.empty((len(source), window.H_out, window.W_out, len(x)), dtype=source.dtype)
    # Where in its window each maximum was is all that the backward pass needs: a byte for each, and x may be forgotten.
    which = np.empty(out.shape, dtype=window.place_type)

    def work(channels):
        _fast.keep_largest(_places(padded[channels], window), out[channels], which[channels])

    _fast.share_channels(work, padded)
    return _fast.batch_first(out), (source.shape, source.dtype, which, window)


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
    shape, dtype, which, window = cache
    dout = _upstream(dout, which.shape, dtype)
    dpadded = np.empty(shape, dtype) if window.tiles else _zeros(shape, dtype, window.pad)

    def work(channels):
        for number, dplace in enumerate(_places(dpadded[channels], window)):
            paid = which[channels] == number
            if window.overlaps:
                dplace += dout[channels] * paid
            else:
                np.multiply(dout[channels], paid, out=dplace)

    _fast.share_channels(work, dpadded)
    return _fast.batch_first(_inner(dpadded, window.pad))


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
    (x,) = check.common_float(check.real_array("x", x, 4, " (N, C, H, W)"))
    window = window_of(pool_param, x.shape)
    source = _fast.batch_last(x)
    out = _slide(np.add, _padded(source, window.pad, 0), window)
    out /= window.height * window.width
    return _fast.batch_first(out), (source.shape, source.dtype, window)


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
    shape, dtype, window = cache
    dout = _upstream(dout, (shape[0], window.H_out, window.W_out, shape[3]), dtype)
    each = dout / dtype.type(window.height * window.width)
    dpadded = _zeros(shape, dtype, window.pad)

    def work(channels):
        for dplace in _places(dpadded[channels], window):
            dplace += each[channels]

    _fast.share_channels(work, dpadded)
    return _fast.batch_first(_inner(dpadded, window.pad))


class _Window(NamedTuple):
    """How a window of height × width moves over the padded image, and how often it fits."""

    height: int
    width: int
    stride: int
    pad: int
    H_out: int
    W_out: int

    @property
    def overlaps(self):
        return self.stride < max(self.height, self.width)

    @property
    def tiles(self):
        """Whether windows lie side by side, and every entry is in exactly one."""
        return self.stride == self.height == self.width and self.pad == 0

    @property
    def place_type(self):
        """The smallest integers that can number the places in a window."""
        return np.min_scalar_type(self.height * self.width - 1)


def window_of(pool_param, shape):
    """The window that a `pool_param` asks for on images of such a shape (N, C, H, W), checked."""
    height, width, stride, pad = check.parameters(
        "pool_param", pool_param, ["pool_height", "pool_width", "stride"], {"pad": 0}
    )
    if pad >= min(height, width):
        raise ValueError(f"pool_param['pad'] must be smaller than the window, {height}×{width}; got {pad}.")
    H_out = check.output_size(shape[2], height, pad, stride, "height")
    W_out = check.output_size(shape[3], width, pad, stride, "width")
    return _Window(height, width, stride, pad, H_out, W_out)


def _upstream(dout, shape, dtype):
    C, H_out, W_out, N = shape
    return _fast.batch_last(check.upstream(dout, (N, C, H_out, W_out)).astype(dtype, copy=False))


def _padded(source, pad, value):
    if pad == 0:
        return source
    padded = _zeros(source.shape, source.dtype, pad) + source.dtype.type(value)
    _inner(padded, pad)[...] = source
    return padded


def _zeros(shape, dtype, pad):
    C, H, W, N = shape
    return np.zeros((C, H + 2 * pad, W + 2 * pad, N), dtype=dtype)


def _inner(padded, pad):
    _, H, W, _ = padded.shape
    return padded[:, pad : H - pad, pad : W - pad]


def _slide(combine, padded, window):
    """Combine the entries of each window, first down its columns, then along the one row that is left."""
    C, _, _, N = padded.shape
    out = np.empty((C, window.H_out, window.W_out, N), dtype=padded.dtype)

    def work(channels):
        row = reduce(combine, _shifts(padded[channels], window.height, window.stride, window.H_out))
        columns = _shifts(row.swapaxes(1, 2), window.width, window.stride, window.W_out)
        out[channels] = reduce(combine, columns).swapaxes(1, 2)

    _fast.share_channels(work, padded)
    return out


def _places(padded, window):
    """For each place in the window, in reading order, a view of what lies there in all windows: (C, H', W', N)."""
    for rows in _shifts(padded, window.height, window.stride, window.H_out):
        for columns in _shifts(rows.swapaxes(1, 2), window.width, window.stride, window.W_out):
            yield columns.swapaxes(1, 2)


def _shifts(images, size, stride, count):
    """What a window's first, second, … row meets as the window goes down: views of every stride-th row."""
    return [images[:, i : i + stride * count : stride] for i in range(size)]


max_pool_forward_fast = max_pool_forward
max_pool_backward_fast = max_pool_backward
