"""Right and wrong ways to write im2col and col2im, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain


@plain("im2col")
def im2col(x, HH, WW, stride=1, pad=0):
    N, C, H, W = x.shape
    out_h = (H + 2 * pad - HH) // stride + 1
    out_w = (W + 2 * pad - WW) // stride + 1
    img = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], "constant")
    col = np.zeros((N, C, HH, WW, out_h, out_w))
    for p in range(HH):
        for q in range(WW):
            col[:, :, p, q, :, :] = img[:, :, p : p + stride * out_h : stride, q : q + stride * out_w : stride]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(N * out_h * out_w, -1)


@plain("col2im")
def col2im(col, x_shape, HH, WW, stride=1, pad=0):
    N, C, H, W = x_shape
    out_h = (H + 2 * pad - HH) // stride + 1
    out_w = (W + 2 * pad - WW) // stride + 1
    col = col.reshape(N, out_h, out_w, C, HH, WW).transpose(0, 3, 4, 5, 1, 2)
    img = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    for p in range(HH):
        for q in range(WW):
            img[:, :, p : p + stride * out_h : stride, q : q + stride * out_w : stride] += col[:, :, p, q, :, :]
    return img[:, :, pad : pad + H, pad : pad + W]


@alternative("im2col")
def im2col_by_view(x, HH, WW, stride=1, pad=0):
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(xp, (HH, WW), axis=(2, 3))[:, :, ::stride, ::stride]
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, x.shape[1] * HH * WW)


@alternative("im2col")
def im2col_by_windows(x, HH, WW, stride=1, pad=0):
    N, C, H, W = x.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows = []
    for n in range(N):
        for r in range(0, H + 2 * pad - HH + 1, stride):
            for c in range(0, W + 2 * pad - WW + 1, stride):
                rows.append(xp[n, :, r : r + HH, c : c + WW].ravel())
    return np.array(rows)


@alternative("col2im")
def col2im_by_windows(col, x_shape, HH, WW, stride=1, pad=0):
    N, C, H, W = x_shape
    image = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    k = 0
    for n in range(N):
        for r in range(0, H + 2 * pad - HH + 1, stride):
            for c in range(0, W + 2 * pad - WW + 1, stride):
                image[n, :, r : r + HH, c : c + WW] += col[k].reshape(C, HH, WW)
                k += 1
    return image[:, :, pad : H + pad, pad : W + pad]


_SLICES = "p : p + stride * out_h : stride, q : q + stride * out_w : stride"


for _target in ("im2col", "col2im"):
    for _name, _hint, _changes in [
        ("stride-not-in-slices", "The slices step by 1. Step by stride.", [(_SLICES, "p : p + out_h, q : q + out_w")]),
        (
            "stride-missing-in-the-end",
            "The slices end too early: p + stride · H' and q + stride · W'.",
            [(_SLICES, "p : p + out_h : stride, q : q + out_w : stride")],
        ),
        (
            "rows-and-columns-swapped",
            "p walks along the rows and q along the columns; here they are swapped.",
            [(_SLICES, "q : q + stride * out_h : stride, p : p + stride * out_w : stride")],
        ),
        (
            "size-without-plus-1",
            "The output size misses the + 1.",
            [
                ("(H + 2 * pad - HH) // stride + 1", "(H + 2 * pad - HH) // stride"),
                ("(W + 2 * pad - WW) // stride + 1", "(W + 2 * pad - WW) // stride"),
            ],
        ),
        ("h-for-w", "H was used for W: images need not be square.", [("(W + 2 * pad - WW)", "(H + 2 * pad - WW)")]),
        (
            "hh-for-ww",
            "HH was used for WW: filters need not be square.",
            [("for q in range(WW):", "for q in range(HH):")],
        ),
        (
            "pad-once-in-size",
            "The output size counts the padding once; there is padding on both sides.",
            [("(H + 2 * pad - HH)", "(H + pad - HH)"), ("(W + 2 * pad - WW)", "(W + pad - WW)")],
        ),
        (
            "last-row-of-the-window-missing",
            "The loop over the window's rows stops one early.",
            [("for p in range(HH):", "for p in range(HH - 1):")],
        ),
    ]:
        edit(_target, _name, _hint, *_changes)


edit(
    "im2col",
    "not-transposed",
    "Each row is one window: move the axes to (N, H', W', C, HH, WW) before the reshape.",
    ("col.transpose(0, 4, 5, 1, 2, 3).reshape", "col.reshape"),
)


edit(
    "im2col",
    "channels-last",
    "Within a row the order is channel, row, column.",
    ("transpose(0, 4, 5, 1, 2, 3)", "transpose(0, 4, 5, 2, 3, 1)"),
)


edit(
    "im2col",
    "pad-ignored",
    "x was not padded.",
    ('np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], "constant")', "x"),
)


edit(
    "im2col",
    "transposed",
    "Each row is one window; here each column is.",
    ("reshape(N * out_h * out_w, -1)", "reshape(N * out_h * out_w, -1).T"),
)


edit(
    "col2im",
    "overlap-assigned",
    "Where windows overlap, an entry gets a share from each of them. Add with +=.",
    ("stride] += col", "stride] = col"),
)


edit(
    "col2im",
    "not-cropped",
    "The padding is still there. Cut it off: pad:pad + H, pad:pad + W.",
    ("img[:, :, pad : pad + H, pad : pad + W]", "img"),
)


edit(
    "col2im",
    "pad-slice-empty",
    "The slice pad:-pad is empty where pad is 0. Write pad:pad + H.",
    ("pad : pad + H, pad : pad + W]", "pad:-pad, pad:-pad]"),
)


edit(
    "col2im",
    "not-transposed",
    "Take the rows apart as (N, H', W', C, HH, WW), then move the axes to (N, C, HH, WW, H', W').",
    ("col.reshape(N, out_h, out_w, C, HH, WW).transpose(0, 3, 4, 5, 1, 2)", "col.reshape(N, C, HH, WW, out_h, out_w)"),
)


edit(
    "col2im",
    "averaged",
    "Overlaps add up; nothing is averaged.",
    ("return img[:, :, ", "img = img / (HH * WW)\n    return img[:, :, "),
)
