"""The convolutional layer: F filters slide over C×H×W images."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cs_layers.layers import _validation as check


def conv_forward(x, w, b, conv_param):
    """Forward pass of a convolutional layer.

    Filter f at output row i and column j is the sum of w[f] · x over the window whose top left corner is at
    (i·stride, j·stride) of the padded image, plus b[f].

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
        Images.
    w : ndarray, shape (F, C, HH, WW)
        Filters.
    b : ndarray, shape (F,)
        Biases.
    conv_param : dict
        'stride': pixels between neighbouring windows, at least 1. 'pad': rows and columns of zeros added on every side.

    Returns
    -------
    out : ndarray, shape (N, F, H', W')
        H' = (H + 2·pad − HH) / stride + 1 and W' = (W + 2·pad − WW) / stride + 1, which must be whole numbers.
    cache : tuple
        For `conv_backward`.

    Raises
    ------
    ValueError
        The shapes do not fit, the filter is larger than the padded image, the stride leaves a rest, or a key of
        conv_param is missing or unknown.
    TypeError
        An array does not hold real numbers, or stride or pad is not an integer.
    """
    x = check.real_array("x", x, 4, " (N, C, H, W)")
    w = check.real_array("w", w, 4, " (F, C, HH, WW)")
    b = check.bias(b, w.shape[0], "filter")
    stride, pad = check.parameters("conv_param", conv_param, ["stride", "pad"])
    if x.shape[1] != w.shape[1]:
        raise ValueError(f"x of shape {x.shape} has {x.shape[1]} channels; w of shape {w.shape} takes {w.shape[1]}.")
    check.output_size(x.shape[2], w.shape[2], pad, stride, "height")
    check.output_size(x.shape[3], w.shape[3], pad, stride, "width")
    x, w, b = check.common_float(x, w, b)
    out = np.einsum("nchwij,fcij->nfhw", _windows(x, w.shape[2:], stride, pad), w, optimize=True)
    out = np.ascontiguousarray(out)
    out += b[:, np.newaxis, np.newaxis]
    return out, (x, w, b, stride, pad)


def conv_backward(dout, cache):
    """Backward pass of a convolutional layer.

    Parameters
    ----------
    dout : ndarray, shape (N, F, H', W')
        Upstream gradient.
    cache : tuple
        From `conv_forward`.

    Returns
    -------
    dx : ndarray, shape (N, C, H, W)
    dw : ndarray, shape (F, C, HH, WW)
    db : ndarray, shape (F,)

    Raises
    ------
    ValueError
        `dout` has not the shape of the output.
    """
    x, w, _, stride, pad = cache
    HH, WW = w.shape[2:]
    windows = _windows(x, (HH, WW), stride, pad)
    H_out, W_out = windows.shape[2:4]
    dout = check.upstream(dout, (x.shape[0], w.shape[0], H_out, W_out)).astype(w.dtype, copy=False)
    db = dout.sum(axis=(0, 2, 3))
    dw = np.ascontiguousarray(np.einsum("nfhw,nchwij->fcij", dout, windows, optimize=True))
    N, C, H, W = x.shape
    dpadded = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=x.dtype)
    for i in range(HH):
        for j in range(WW):
            share = np.tensordot(w[:, :, i, j], dout, axes=(0, 1)).swapaxes(0, 1)
            dpadded[:, :, i : i + stride * H_out : stride, j : j + stride * W_out : stride] += share
    return dpadded[:, :, pad : pad + H, pad : pad + W].copy(), dw, db


def _windows(x, shape, stride, pad):
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    return sliding_window_view(padded, shape, axis=(2, 3))[:, :, ::stride, ::stride]


conv_forward_fast = conv_forward
conv_backward_fast = conv_backward
