"""Every layer once more, written as its definition says: loops, float64, nothing shared with the package.

Slow on purpose. Where the package is clever, this is not.
"""

import math

import numpy as np


def affine_forward(x, w, b):
    rows = np.array([image.flatten() for image in x], dtype=np.float64)
    out = np.zeros((len(rows), w.shape[1]))
    for n, row in enumerate(rows):
        for m in range(w.shape[1]):
            out[n, m] = sum(row[d] * w[d, m] for d in range(len(row))) + b[m]
    return out


def affine_backward(dout, x, w):
    rows = np.array([image.flatten() for image in x], dtype=np.float64)
    drows, dw, db = np.zeros(rows.shape), np.zeros(w.shape), np.zeros(w.shape[1])
    for n in range(dout.shape[0]):
        for m in range(dout.shape[1]):
            db[m] += dout[n, m]
            for d in range(rows.shape[1]):
                drows[n, d] += dout[n, m] * w[d, m]
                dw[d, m] += dout[n, m] * rows[n, d]
    return drows.reshape(x.shape), dw, db


def softmax_loss(x, y):
    """The exact exponentials of Python's floats, shifted by the true class's score rather than by the largest."""
    loss, dx = 0.0, np.zeros(x.shape)
    for n, row in enumerate(np.asarray(x, dtype=np.float64)):
        largest = max(row)
        total = math.fsum(math.exp(score - largest) for score in row)
        loss += largest + math.log(total) - row[y[n]]
        for c, score in enumerate(row):
            dx[n, c] = (math.exp(score - largest) / total - (c == y[n])) / len(x)
    return loss / len(x), dx


def svm_loss(x, y):
    loss, dx = 0.0, np.zeros(x.shape)
    for n, row in enumerate(np.asarray(x, dtype=np.float64)):
        for c, score in enumerate(row):
            margin = score - row[y[n]] + 1
            if c != y[n] and margin > 0:
                loss += margin
                dx[n, c] += 1
                dx[n, y[n]] -= 1
    return loss / len(x), dx / len(x)


def pad_images(x, pad, value=0.0):
    N, C, H, W = x.shape
    padded = np.full((N, C, H + 2 * pad, W + 2 * pad), value)
    padded[:, :, pad : pad + H, pad : pad + W] = x
    return padded


def windows(padded, height, width, stride):
    """(n, i, j, rows, columns) of every window."""
    N, _, H, W = padded.shape
    for n in range(N):
        for i in range((H - height) // stride + 1):
            for j in range((W - width) // stride + 1):
                yield (
                    n,
                    i,
                    j,
                    slice(i * stride, i * stride + height),
                    slice(j * stride, j * stride + width),
                )


def output_shape(x, channels, height, width, stride, pad):
    return (
        x.shape[0],
        channels,
        (x.shape[2] + 2 * pad - height) // stride + 1,
        (x.shape[3] + 2 * pad - width) // stride + 1,
    )


def conv_forward(x, w, b, stride, pad):
    F, _, HH, WW = w.shape
    padded, out = pad_images(x, pad), np.zeros(output_shape(x, F, HH, WW, stride, pad))
    for n, i, j, rows, columns in windows(padded, HH, WW, stride):
        for f in range(F):
            out[n, f, i, j] = np.sum(padded[n, :, rows, columns] * w[f]) + b[f]
    return out


def conv_backward(dout, x, w, stride, pad):
    F, _, HH, WW = w.shape
    padded = pad_images(x, pad)
    dpadded, dw, db = np.zeros(padded.shape), np.zeros(w.shape), np.zeros(F)
    for n, i, j, rows, columns in windows(padded, HH, WW, stride):
        for f in range(F):
            db[f] += dout[n, f, i, j]
            dw[f] += dout[n, f, i, j] * padded[n, :, rows, columns]
            dpadded[n, :, rows, columns] += dout[n, f, i, j] * w[f]
    H, W = x.shape[2:]
    return dpadded[:, :, pad : pad + H, pad : pad + W], dw, db


def max_pool_forward(x, height, width, stride, pad):
    padded = pad_images(x, pad, -np.inf)
    out = np.zeros(output_shape(x, x.shape[1], height, width, stride, pad))
    for n, i, j, rows, columns in windows(padded, height, width, stride):
        for c in range(x.shape[1]):
            out[n, c, i, j] = padded[n, c, rows, columns].max()
    return out


def max_pool_backward(dout, x, height, width, stride, pad):
    padded = pad_images(x, pad, -np.inf)
    dpadded = np.zeros(padded.shape)
    for n, i, j, rows, columns in windows(padded, height, width, stride):
        for c in range(x.shape[1]):
            first = np.unravel_index(padded[n, c, rows, columns].argmax(), (height, width))
            dpadded[n, c, rows, columns][first] += dout[n, c, i, j]
    return dpadded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]]


def mean_pool_forward(x, height, width, stride, pad):
    padded = pad_images(x, pad)
    out = np.zeros(output_shape(x, x.shape[1], height, width, stride, pad))
    for n, i, j, rows, columns in windows(padded, height, width, stride):
        for c in range(x.shape[1]):
            out[n, c, i, j] = padded[n, c, rows, columns].sum() / (height * width)
    return out


def mean_pool_backward(dout, x, height, width, stride, pad):
    dpadded = np.zeros(pad_images(x, pad).shape)
    for n, i, j, rows, columns in windows(dpadded, height, width, stride):
        for c in range(x.shape[1]):
            dpadded[n, c, rows, columns] += dout[n, c, i, j] / (height * width)
    return dpadded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]]
