"""The layers as CS231n's fast_layers compute them, written anew in NumPy: what its students change to after the loops.

Convolution: strided views gathered into one matrix (C·HH·WW, N·H'·W') of the whole batch, one multiplication, and
col2im by a loop over the filter's entries where theirs is Cython. Pooling: the image reshaped so that each window is a
pair of axes; the backward pass compares with the maximum and divides the gradient among ties.
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided

from cs_layers.layers import dropout_backward, dropout_forward, softmax_loss

__all__ = ["dropout_backward", "dropout_forward", "softmax_loss"]


def conv_forward(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    H_out, W_out = (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1
    s_n, s_c, s_h, s_w = padded.strides
    windows = as_strided(
        padded, (C, HH, WW, N, H_out, W_out), (s_c, s_h, s_w, s_n, stride * s_h, stride * s_w), writeable=False
    )
    columns = np.ascontiguousarray(windows).reshape(C * HH * WW, N * H_out * W_out)
    out = w.reshape(F, -1) @ columns + b.reshape(-1, 1)
    out = np.ascontiguousarray(out.reshape(F, N, H_out, W_out).transpose(1, 0, 2, 3))
    return out, (x, w, b, conv_param, columns)


def conv_backward(dout, cache):
    x, w, _, conv_param, columns = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    _, _, H_out, W_out = dout.shape
    db = dout.sum(axis=(0, 2, 3))
    dout = dout.transpose(1, 0, 2, 3).reshape(F, -1)
    dw = (dout @ columns.T).reshape(w.shape)
    dcolumns = (w.reshape(F, -1).T @ dout).reshape(C, HH, WW, N, H_out, W_out)
    dpadded = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=x.dtype)
    for i in range(HH):
        for j in range(WW):
            place = dpadded[:, :, i : i + stride * H_out : stride, j : j + stride * W_out : stride]
            place += dcolumns[:, i, j].transpose(1, 0, 2, 3)
    return dpadded[:, :, pad : pad + H, pad : pad + W], dw, db


def max_pool_forward(x, pool_param):
    N, C, H, W = x.shape
    height, width = pool_param["pool_height"], pool_param["pool_width"]
    tiles = x.reshape(N, C, H // height, height, W // width, width)
    out = tiles.max(axis=3).max(axis=4)
    return out, (x, tiles, out)


def max_pool_backward(dout, cache):
    x, tiles, out = cache
    dtiles = np.zeros_like(tiles)
    mask = tiles == out[:, :, :, np.newaxis, :, np.newaxis]
    spread, _ = np.broadcast_arrays(dout[:, :, :, np.newaxis, :, np.newaxis], dtiles)
    dtiles[mask] = spread[mask]
    dtiles /= np.sum(mask, axis=(3, 5), keepdims=True)
    return dtiles.reshape(x.shape)


def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b, (x, w, b)


def affine_backward(dout, cache, need_dx=True):
    x, w, _ = cache  # dx is always computed, as there
    return (dout @ w.T).reshape(x.shape), x.reshape(x.shape[0], -1).T @ dout, dout.sum(axis=0)


def relu_forward(x):
    return np.maximum(0, x), x


def relu_backward(dout, cache):
    return dout * (cache > 0)


def affine_relu_forward(x, w, b):
    a, affine_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(a)
    return out, (affine_cache, relu_cache)


def affine_relu_backward(dout, cache, need_dx=True):
    affine_cache, relu_cache = cache
    return affine_backward(relu_backward(dout, relu_cache), affine_cache)


def conv_relu_pool_forward(x, w, b, conv_param, pool_param):
    a, conv_cache = conv_forward(x, w, b, conv_param)
    s, relu_cache = relu_forward(a)
    out, pool_cache = max_pool_forward(s, pool_param)
    return out, (conv_cache, relu_cache, pool_cache)


def conv_relu_pool_backward(dout, cache, need_dx=True):
    conv_cache, relu_cache, pool_cache = cache
    da = relu_backward(max_pool_backward(dout, pool_cache), relu_cache)
    return conv_backward(da, conv_cache)
