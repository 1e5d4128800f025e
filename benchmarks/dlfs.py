"""The layers as "Deep Learning from Scratch" computes them, written anew: im2col into rows, pooling by im2col too.

The matrix is (N·H'·W', C·HH·WW) and starts as zeros of NumPy's default type, so all that follows is float64, as there.
"""

import numpy as np

from benchmarks.im2col import affine_backward, affine_forward, affine_relu_backward, affine_relu_forward
from cs_layers.layers import dropout_backward, dropout_forward, softmax_loss

__all__ = [
    "affine_backward",
    "affine_forward",
    "affine_relu_backward",
    "affine_relu_forward",
    "dropout_backward",
    "dropout_forward",
    "softmax_loss",
]


def im2col(x, height, width, stride, pad):
    N, C, H, W = x.shape
    H_out, W_out = (H + 2 * pad - height) // stride + 1, (W + 2 * pad - width) // stride + 1
    padded = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], "constant")
    col = np.zeros((N, C, height, width, H_out, W_out))
    for i in range(height):
        for j in range(width):
            col[:, :, i, j] = padded[:, :, i : i + stride * H_out : stride, j : j + stride * W_out : stride]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(N * H_out * W_out, -1)


def col2im(col, shape, height, width, stride, pad):
    N, C, H, W = shape
    H_out, W_out = (H + 2 * pad - height) // stride + 1, (W + 2 * pad - width) // stride + 1
    col = col.reshape(N, H_out, W_out, C, height, width).transpose(0, 3, 4, 5, 1, 2)
    image = np.zeros((N, C, H + 2 * pad + stride - 1, W + 2 * pad + stride - 1))
    for i in range(height):
        for j in range(width):
            image[:, :, i : i + stride * H_out : stride, j : j + stride * W_out : stride] += col[:, :, i, j]
    return image[:, :, pad : H + pad, pad : W + pad]


def conv_relu_pool_forward(x, w, b, conv_param, pool_param):
    stride, pad, (F, _, HH, WW) = conv_param["stride"], conv_param["pad"], w.shape
    N, _, H, W = x.shape
    H_out, W_out = (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1
    col = im2col(x, HH, WW, stride, pad)
    a = (col @ w.reshape(F, -1).T + b).reshape(N, H_out, W_out, -1).transpose(0, 3, 1, 2)
    inactive = a <= 0
    s = a.copy()
    s[inactive] = 0
    out, pool_cache = _pool_forward(s, pool_param)
    return out, (x.shape, w, conv_param, col, inactive, pool_cache)


def conv_relu_pool_backward(dout, cache, need_dx=True):
    shape, w, conv_param, col, inactive, pool_cache = cache
    F, C, HH, WW = w.shape
    da = _pool_backward(dout, pool_cache)
    da[inactive] = 0
    da = da.transpose(0, 2, 3, 1).reshape(-1, F)
    db, dw = da.sum(axis=0), (col.T @ da).transpose(1, 0).reshape(F, C, HH, WW)
    return col2im(da @ w.reshape(F, -1), shape, HH, WW, conv_param["stride"], conv_param["pad"]), dw, db


def _pool_forward(x, pool_param):
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    col = im2col(x, height, width, stride, 0).reshape(-1, height * width)
    largest = np.argmax(col, axis=1)
    out = np.max(col, axis=1).reshape(N, (H - height) // stride + 1, (W - width) // stride + 1, C)
    return out.transpose(0, 3, 1, 2), (x.shape, largest, height, width, stride)


def _pool_backward(dout, cache):
    shape, largest, height, width, stride = cache
    dout = dout.transpose(0, 2, 3, 1)
    dmax = np.zeros((dout.size, height * width))
    dmax[np.arange(largest.size), largest.flatten()] = dout.flatten()
    dcol = dmax.reshape(dout.shape[0] * dout.shape[1] * dout.shape[2], -1)
    return col2im(dcol, shape, height, width, stride, 0)
