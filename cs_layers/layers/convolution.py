"""The convolutional layer: F filters slide over C×H×W images."""

import numpy as np

from cs_layers.layers import _fast
from cs_layers.layers import _validation as check


def conv_forward(x, w, b, conv_param):
    """Forward pass of a convolutional layer.

    Filter f at output row i and column j is the sum of w[f] · x over the window whose top left corner is at
    (i·stride, j·stride) of the padded image, plus b[f]. (Mathematicians call this cross-correlation.)

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
    return convolve(x, w, b, conv_param)


def convolve(x, w, b, conv_param, relu=False):
    """`conv_forward`, with ReLU applied on the way if asked for."""
    source, w, b, shape, stride, pad = read(x, w, b, conv_param)
    out = np.empty(shape, source.dtype)
    _fast.correlate(source, w, b, out, stride, top=pad, left=pad, relu=relu)
    return _fast.batch_first(out), (source, w, shape, stride, pad)


def read(x, w, b, conv_param):
    """What a convolution is given, checked: images (C, H, W, N), w, b, shape of the output (F, H', W', N), stride, pad.

    Images, filters and biases are of one float type.
    """
    x = check.real_array("x", x, 4, " (N, C, H, W)")
    w = check.real_array("w", w, 4, " (F, C, HH, WW)")
    b = check.vector("b", b, w.shape[0], "filter")
    stride, pad = check.parameters("conv_param", conv_param, ["stride", "pad"])
    if x.shape[1] != w.shape[1]:
        raise ValueError(f"x of shape {x.shape} has {x.shape[1]} channels; w of shape {w.shape} takes {w.shape[1]}.")
    H_out = check.output_size(x.shape[2], w.shape[2], pad, stride, "height")
    W_out = check.output_size(x.shape[3], w.shape[3], pad, stride, "width")
    x, w, b = check.common_float(x, w, b)
    return _fast.batch_last(x), w, b, (w.shape[0], H_out, W_out, x.shape[0]), stride, pad


def conv_backward(dout, cache, need_dx=True):
    """Backward pass of a convolutional layer.

    Parameters
    ----------
    dout : ndarray, shape (N, F, H', W')
        Upstream gradient.
    cache : tuple
        From `conv_forward`.
    need_dx : bool
        False for a network's first layer: nobody asks for the gradient of the images, and it is most of the work.

    Returns
    -------
    dx : ndarray, shape (N, C, H, W), or None without `need_dx`
    dw : ndarray, shape (F, C, HH, WW)
    db : ndarray, shape (F,)

    Raises
    ------
    ValueError
        `dout` has not the shape of the output.
    """
    _, w, (F, H_out, W_out, N), _, _ = cache
    dout = check.upstream(dout, (N, F, H_out, W_out)).astype(w.dtype, copy=False)
    dout = _fast.batch_last(dout)
    dx, dw = gradients(dout, cache, need_dx)
    return dx, dw, dout.reshape(F, -1).sum(axis=1)


def gradients(dout, cache, need_dx):
    """dx (None without `need_dx`) and dw of a convolution, for dout (F, H', W', N), an array or `_fast.Pooled`."""
    source, w, _, stride, pad = cache
    dw = _fast.correlate_weights(source, dout, w.shape, stride, top=pad, left=pad)
    dx = _fast.batch_first(_input_gradient(dout, w, source.shape, stride, pad)) if need_dx else None
    return dx, dw


def _input_gradient(dout, w, shape, stride, pad):
    """dx (C, H, W, N): the upstream gradient, correlated with the filters upside down and the wrong way round.

    With a stride s, pixel s·a + p of the padded image meets only every s-th row of a filter, those from p on; so each
    of the s·s kinds of pixel is a correlation of its own, with the smaller filters that are left to it.
    """
    dx = np.empty(shape, dtype=w.dtype)
    for p in range(stride):
        for q in range(stride):
            # The first row and column of dx of this kind, and which row and column of dout that is.
            row, column = (p - pad) % stride, (q - pad) % stride
            a, b = (row + pad) // stride, (column + pad) // stride
            target, filters = dx[:, row::stride, column::stride], w[:, :, p::stride, q::stride]
            if filters.size == 0:
                target[...] = 0  # a stride beyond the filter's size leaves pixels out
            elif target.size:
                flipped = filters[:, :, ::-1, ::-1].swapaxes(0, 1)
                HH, WW = flipped.shape[2:]
                _fast.correlate(dout, flipped, 0, target, top=HH - 1 - a, left=WW - 1 - b)
    return dx


conv_forward_fast = conv_forward
conv_backward_fast = conv_backward
