"""Every window of a batch of images as a row of one matrix, so that a convolution is one matrix product; and back."""

import numpy as np

from cs_layers.layers import _validation as check


def im2col(x, HH, WW, stride=1, pad=0):
    """Copy every window of every image into a row.

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
        Images.
    HH, WW : int
        Height and width of the window.
    stride : int
        Pixels between neighbouring windows, at least 1.
    pad : int
        Rows and columns of zeros added on every side.

    Returns
    -------
    ndarray, shape (N·H'·W', C·HH·WW)
        H' = (H + 2·pad − HH) / stride + 1 and W' likewise. Rows run over images, then rows, then columns of the output;
        within a row come channels, then rows, then columns of the window.

    Raises
    ------
    ValueError
        `x` has not four axes, the window is larger than the padded image, or the stride leaves a rest.
    TypeError
        `x` does not hold real numbers, or a size is not an integer.
    """
    x = check.real_array("x", x, 4, " (N, C, H, W)")
    H_out, W_out = _places(x.shape, HH, WW, stride, pad)
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (HH, WW), axis=(2, 3))[:, :, ::stride, ::stride]
    return windows.transpose(0, 2, 3, 1, 4, 5).copy().reshape(len(x) * H_out * W_out, x.shape[1] * HH * WW)


def col2im(col, x_shape, HH, WW, stride=1, pad=0):
    """Add every row back onto the window that `im2col` took it from.

    This is the adjoint of `im2col`, not its inverse: ⟨im2col(x), y⟩ = ⟨x, col2im(y)⟩ for all x and y. What lies in
    several windows is the sum of all their shares, and what falls on the padding is dropped.

    Parameters
    ----------
    col : ndarray, shape (N·H'·W', C·HH·WW)
    x_shape : tuple of int
        (N, C, H, W) of the images.
    HH, WW, stride, pad : int
        As for `im2col`.

    Returns
    -------
    ndarray, shape (N, C, H, W)

    Raises
    ------
    ValueError
        `col` has not the shape that `im2col` gives for such images, or see `im2col`.
    TypeError
        `col` does not hold real numbers, or a size is not an integer.
    """
    col = check.real_array("col", col, 2, " (N·H'·W', C·HH·WW)")
    H_out, W_out = _places(x_shape, HH, WW, stride, pad)
    N, C, H, W = x_shape
    if col.shape != (N * H_out * W_out, C * HH * WW):
        raise ValueError(
            f"col has shape {col.shape}, but images of shape {tuple(x_shape)} with windows of {HH}×{WW}, stride "
            f"{stride} and pad {pad} give {(N * H_out * W_out, C * HH * WW)}."
        )
    shares = col.reshape(N, H_out, W_out, C, HH, WW).transpose(0, 3, 4, 5, 1, 2)
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad), col.dtype)
    for p in range(HH):
        for q in range(WW):
            padded[:, :, p : p + stride * H_out : stride, q : q + stride * W_out : stride] += shares[:, :, p, q]
    return padded[:, :, pad : pad + H, pad : pad + W]


def _places(x_shape, HH, WW, stride, pad):
    if len(x_shape) != 4:
        raise ValueError(f"x_shape is {tuple(x_shape)}, but must be (N, C, H, W).")
    check.parameters(
        "the parameters", {"HH": HH, "WW": WW, "stride": stride, "pad": pad}, ["HH", "WW", "stride", "pad"]
    )
    return (
        check.output_size(x_shape[2], HH, pad, stride, "height"),
        check.output_size(x_shape[3], WW, pad, stride, "width"),
    )
