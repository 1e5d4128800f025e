"""Right and wrong ways to write the backward pass of max and mean pooling, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain
from .pooling_forward import max_pool_by_slices, mean_pool_by_view


@plain("max_pool_backward_naive")
def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    ph, pw, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    pad = pool_param.get("pad", 0)
    N, C, H, W = x.shape
    _, _, H_out, W_out = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant", constant_values=-np.inf)
    dxp = np.zeros_like(xp)
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    r, s = i * stride, j * stride
                    window = xp[n, c, r : r + ph, s : s + pw]
                    mask = np.zeros(window.shape)
                    mask[np.unravel_index(np.argmax(window), window.shape)] = 1
                    dxp[n, c, r : r + ph, s : s + pw] += mask * dout[n, c, i, j]
    dx = dxp[:, :, pad : pad + H, pad : pad + W]
    return dx


@plain("mean_pool_backward_naive")
def mean_pool_backward_naive(dout, cache):
    x, pool_param = cache
    ph, pw, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    pad = pool_param.get("pad", 0)
    N, C, H, W = x.shape
    _, _, H_out, W_out = dout.shape
    dxp = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    r, s = i * stride, j * stride
                    dxp[n, c, r : r + ph, s : s + pw] += dout[n, c, i, j] / (ph * pw)
    dx = dxp[:, :, pad : pad + H, pad : pad + W]
    return dx


_ARGMAX = (
    "mask = np.zeros(window.shape)\n                    mask[np.unravel_index(np.argmax(window), window.shape)] = 1"
)


for _kind in ("max", "mean"):
    _target = f"{_kind}_pool_backward_naive"
    _share = "mask * dout[n, c, i, j]" if _kind == "max" else "dout[n, c, i, j] / (ph * pw)"
    _add = f"dxp[n, c, r : r + ph, s : s + pw] += {_share}"

    def _e(name, hint, *changes, _target=_target, **options):
        edit(_target, name, hint, *changes, **options)

    _late = _add.replace("r : r + ph, s : s + pw", "i : r + ph, j : s + pw")
    _window = "window = xp[n, c, r : r + ph, s : s + pw]"
    if _kind == "max":
        _all = (_ARGMAX, "mask = window == np.max(window)")
        _e(
            "window-starts-at-the-index",
            "Windows end at i·stride + pool_height, but start at i. They start at i·stride.",
            (_add, _late),
            (_window, _window.replace("r : r + ph, s : s + pw", "i : r + ph, j : s + pw")),
        )
        _e(
            "ties-paid-in-full",
            "Every tied maximum was paid in full, so the gradient's sum is too large. Pay one of them: np.argmax "
            "gives the first.",
            _all,
        )
        _e(
            "maximum-assigned",
            "Where windows overlap, an entry may be the largest of several. Add to it with +=; = keeps the last "
            "window's share only.",
            (_add, "dxp[n, c, r : r + ph, s : s + pw][mask == 1] = dout[n, c, i, j]"),
        )
        _e(
            "all-entries-paid",
            "Every entry of the window was paid. Only the largest gets dout.",
            ("mask * dout", "np.ones_like(mask) * dout"),
        )
        _e("mask-without-dout", "The mask was not multiplied with dout.", ("mask * dout[n, c, i, j]", "mask"))
        _e(
            "times-x",
            "dout was multiplied with the maximum. The slope is 1.",
            ("mask * dout[n, c, i, j]", "mask * np.max(window) * dout[n, c, i, j]"),
        )
        _e(
            "argmax-of-the-channel",
            "The largest entry of the whole channel was taken. Take each window's own.",
            (_ARGMAX, "mask = (window == np.max(xp[n, c])) * 1.0"),
        )
        _e("argmin", "The smallest entry was paid. Pay the largest.", ("np.argmax", "np.argmin"))
        _e(
            "argmax-unravelled-wrongly",
            "argmax counts along rows: divide by pool_width, not by pool_height, to get its row.",
            (
                _add,
                "k = np.argmax(window)\n                    dxp[n, c, r + k // ph, s + k % ph] += dout[n, c, i, j]",
            ),
        )
        _e(
            "argmax-without-offset",
            "The position of the maximum counts from the window's corner. Add where the window starts.",
            ("dxp[n, c, r : r + ph, s : s + pw] +=", "dxp[n, c, :ph, :pw] +="),
        )
    else:
        _e(
            "not-divided",
            "dout was not divided by the number of entries, pool_height · pool_width.",
            (" / (ph * pw)", ""),
        )
        _e(
            "divided-by-4",
            "The window's size is hard-coded as 4. Divide by pool_height · pool_width.",
            ("(ph * pw)", "4"),
        )
        _e("divided-by-height-only", "dout was divided by pool_height only.", ("(ph * pw)", "ph"))
        _e(
            "divided-by-height-squared",
            "dout was divided by pool_height². Divide by pool_height · pool_width.",
            ("(ph * pw)", "ph**2"),
        )
        _e(
            "divided-by-stride",
            "dout was divided by stride². Divide by pool_height · pool_width.",
            ("(ph * pw)", "stride**2"),
        )
        _e(
            "paid-to-one-entry",
            "Only one entry of each window was paid. Each gets its equal share.",
            (_add, "dxp[n, c, r, s] += dout[n, c, i, j]"),
        )
        _e(
            "divided-by-output-size",
            "dout was divided by the output's size. Divide by pool_height · pool_width.",
            ("(ph * pw)", "(H_out * W_out)"),
        )
        _e("multiplied", "dout was multiplied by the window's size. Divide by it.", ("/ (ph * pw)", "* (ph * pw)"))
    _e(
        "overlap-assigned",
        "Where windows overlap, an entry gets a share from each of them. Add with +=; = keeps the last share only.",
        (_add, _add.replace("+=", "=")),
    )
    _e(
        "stride-not-in-windows",
        "Windows start at i, not at i·stride.",
        ("r, s = i * stride, j * stride", "r, s = i, j"),
    )
    _e(
        "stride-for-window",
        "The window's size was taken for the stride. Windows start at i·stride.",
        ("r, s = i * stride, j * stride", "r, s = i * ph, j * pw"),
    )
    _e(
        "height-for-width",
        "pool_height was used for pool_width.",
        ('pool_param["pool_width"]', 'pool_param["pool_height"]'),
    )
    _e(
        "width-for-height",
        "pool_width was used for pool_height.",
        ('pool_param["pool_height"]', 'pool_param["pool_width"]'),
    )
    _e(
        "h-for-w",
        "H' was used for W': images need not be square.",
        ("for j in range(W_out):", "for j in range(H_out):"),
    )
    _e(
        "rows-and-columns-swapped",
        "Rows and columns are swapped: i walks along H, j along W.",
        ("r, s = i * stride, j * stride", "r, s = j * stride, i * stride"),
    )
    _e(
        "window-2-hard-coded",
        "A window of 2 × 2 is hard-coded. Take pool_param.",
        (
            'ph, pw, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]',
            'ph, pw, stride = 2, 2, pool_param["stride"]',
        ),
    )
    _e("stride-2-hard-coded", "A stride of 2 is hard-coded. Take pool_param['stride'].", ('pool_param["stride"]', "2"))
    _e("pad-ignored", "pool_param['pad'] is ignored.", ('pool_param.get("pad", 0)', "0"), with_pad=True)
    _e("first-image-only", "Only the first image's gradient was filled.", ("for n in range(N):", "for n in range(1):"))
    _e(
        "first-channel-only",
        "Only the first channel's gradient was filled.",
        ("for c in range(C):", "for c in range(1):"),
    )
    _e(
        "last-window-missing",
        "The loops stop one window early.",
        ("for i in range(H_out):", "for i in range(H_out - 1):"),
    )
    _e("writes-dout", "dout itself was changed. Work on a copy.", ("    dx = dxp[", "    dout *= 0.5\n    dx = dxp["))


@alternative("max_pool_backward_naive", forward=max_pool_by_slices)
def ties_shared(dout, cache):
    x, out, p = cache
    h, w, s = p["pool_height"], p["pool_width"], p["stride"]
    dx = np.zeros(x.shape)
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            part = (slice(None), slice(None), slice(i * s, i * s + h), slice(j * s, j * s + w))
            mask = x[part] == out[:, :, i, j][:, :, None, None]
            dx[part] += mask / mask.sum(axis=(2, 3), keepdims=True) * dout[:, :, i, j][:, :, None, None]
    return dx


@alternative("max_pool_backward_naive")
def last_of_the_tied(dout, cache):
    x, p = cache
    h, w, s = p["pool_height"], p["pool_width"], p["stride"]
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = x[n, c, i * s : i * s + h, j * s : j * s + w]
        k = window.size - 1 - np.argmax(window.ravel()[::-1])
        dx[n, c, i * s + k // window.shape[1], j * s + k % window.shape[1]] += dout[n, c, i, j]
    return dx


@alternative("mean_pool_backward_naive", forward=mean_pool_by_view)
def from_a_shape(dout, cache):
    shape, p = cache
    h, w, s = p["pool_height"], p["pool_width"], p["stride"]
    dx = np.zeros(shape)
    for a in range(h):
        for b in range(w):
            dx[:, :, a : a + s * dout.shape[2] : s, b : b + s * dout.shape[3] : s] += dout / (h * w)
    return dx


_PAY = "dxp[n, c, r : r + ph, s : s + pw] += mask * dout[n, c, i, j]"
_PAY_AT = (
    "a, b = np.unravel_index(np.argmax(window), window.shape)\n                    dxp[n, c, {}] += dout[n, c, i, j]"
)
for _name, _hint, *_changes in [
    (
        "corner-paid",
        "The corner of each window was paid. Pay its largest entry: add the place of the maximum in the window.",
        (_PAY, "dxp[n, c, r, s] += dout[n, c, i, j]"),
    ),
    (
        "paid-without-stride",
        "Windows were looked at where they start, at i·stride, but paid at i. Pay at i·stride too.",
        (_PAY, "dxp[n, c, i : i + ph, j : j + pw] += mask * dout[n, c, i, j]"),
    ),
    (
        "paid-at-window-times-size",
        "A window begins at i · stride in x, not at i · pool_height: where they differ, the wrong entry is paid.",
        (_PAY, _PAY_AT.format("i * ph + a, j * pw + b")),
    ),
    (
        "row-and-column-of-the-maximum-swapped",
        "The row and the column of the maximum in its window are swapped where it is paid.",
        (_PAY, _PAY_AT.format("r + b, s + a")),
    ),
    (
        "largest-absolute-value-paid",
        "The entry of largest absolute value was paid. Signs count: np.argmax(window).",
        ("np.argmax(window)", "np.argmax(np.abs(window))"),
    ),
    (
        "divided-by-window",
        "dout was divided by the window's size, as in mean pooling. The largest entry gets all of it.",
        ("mask * dout[n, c, i, j]", "mask * dout[n, c, i, j] / (ph * pw)"),
    ),
    (
        "maxima-of-the-first-image",
        "The largest entries were looked for in the first image. Each image has its own.",
        ("window = xp[n, c", "window = xp[0, c"),
    ),
    (
        "maxima-of-the-first-channel",
        "The largest entries were looked for in the first channel. Each channel has its own.",
        ("window = xp[n, c", "window = xp[n, 0"),
    ),
    (
        "whole-dout-paid",
        "Each window paid the sum of dout. It pays its own entry, dout[n, c, i, j].",
        ("mask * dout[n, c, i, j]", "mask * dout[n, c].sum()"),
    ),
    (
        "begun-anew",
        "dx is set to zeros inside the loops, so that the last image and channel alone are left.",
        ("        for c in range(C):\n", "        for c in range(C):\n            dxp[:] = 0\n"),
    ),
    (
        "zero-as-smallest",
        "A running maximum that starts at 0 finds no entry where all values are negative.",
        ("np.argmax(window)", "np.argmax(np.maximum(window, 0))"),
    ),
    (
        "first-column-of-dout",
        "Every window of a row paid the first entry of dout's row: is the column's counter never increased?",
        ("mask * dout[n, c, i, j]", "mask * dout[n, c, i, 0]"),
    ),
    (
        "shares-of-the-batch",
        "The shares of tied maxima were summed over all images and channels. Each window's own sum to 1.",
        ("mask * dout[n, c, i, j]", "mask * dout[n, c, i, j] / (N * C)"),
    ),
    (
        "cut-to-integers",
        "dx lost its fractions: it is an array of integers. Make it with np.zeros(x.shape).",
        ("dxp = np.zeros_like(xp)", "dxp = np.zeros(xp.shape, dtype=int)"),
        (_PAY, "dxp[n, c, r : r + ph, s : s + pw] += (mask * dout[n, c, i, j]).astype(int)"),
    ),
]:
    edit("max_pool_backward_naive", _name, _hint, *_changes)


for _name, _hint, _new in [
    (
        "one-entry-paid-its-share",
        "Only one entry of each window was paid. Each gets its equal share.",
        "dxp[n, c, r, s] += dout[n, c, i, j] / (ph * pw)",
    ),
    (
        "divided-by-image-size",
        "dout was divided by the image's size. Divide by pool_height · pool_width.",
        "dxp[n, c, r : r + ph, s : s + pw] += dout[n, c, i, j] / (H * W)",
    ),
    (
        "times-x",
        "dout was multiplied with x. Each entry's slope is 1/(pool_height · pool_width).",
        "dxp[n, c, r : r + ph, s : s + pw] += dout[n, c, i, j] / (ph * pw) * x[n, c, r : r + ph, s : s + pw]",
    ),
]:
    edit(
        "mean_pool_backward_naive",
        _name,
        _hint,
        ("dxp[n, c, r : r + ph, s : s + pw] += dout[n, c, i, j] / (ph * pw)", _new),
    )
