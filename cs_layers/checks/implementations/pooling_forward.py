"""Right and wrong ways to write the forward pass of max and mean pooling, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain


@plain("max_pool_forward_naive")
def max_pool_forward_naive(x, pool_param):
    ph, pw, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    pad = pool_param.get("pad", 0)
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant", constant_values=-np.inf)
    N, C, H, W = xp.shape
    if (H - ph) % stride or (W - pw) % stride:
        raise ValueError("the stride does not fit")
    H_out = (H - ph) // stride + 1
    W_out = (W - pw) // stride + 1
    out = np.zeros((N, C, H_out, W_out))
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    window = xp[n, c, i * stride : i * stride + ph, j * stride : j * stride + pw]
                    out[n, c, i, j] = np.max(window)
    cache = (x, pool_param)
    return out, cache


@plain("mean_pool_forward_naive")
def mean_pool_forward_naive(x, pool_param):
    ph, pw, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    pad = pool_param.get("pad", 0)
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    N, C, H, W = xp.shape
    if (H - ph) % stride or (W - pw) % stride:
        raise ValueError("the stride does not fit")
    H_out = (H - ph) // stride + 1
    W_out = (W - pw) // stride + 1
    out = np.zeros((N, C, H_out, W_out))
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    window = xp[n, c, i * stride : i * stride + ph, j * stride : j * stride + pw]
                    out[n, c, i, j] = np.mean(window)
    cache = (x, pool_param)
    return out, cache


_FIT = ('    if (H - ph) % stride or (W - pw) % stride:\n        raise ValueError("the stride does not fit")\n', "")


_ROWS, _COLS = "(H - ph) // stride + 1", "(W - pw) // stride + 1"


for _kind in ("max", "mean"):
    _target = f"{_kind}_pool_forward_naive"

    def _e(name, hint, *changes, _target=_target, **options):
        edit(_target, name, hint, *changes, **options)

    if _kind == "max":
        _e(
            "mean-for-max",
            "The mean of each window was taken. Take its largest entry.",
            ("np.max(window)", "np.mean(window)"),
        )
        _e("min-for-max", "The smallest entry was taken. Take the largest.", ("np.max(window)", "np.min(window)"))
        _e(
            "absolute-values",
            "The largest absolute value was taken. Signs count: np.max.",
            ("np.max(window)", "np.max(np.abs(window))"),
        )
        _e(
            "zero-as-smallest",
            "A running maximum that starts at 0 is wrong where all values are negative.",
            ("np.max(window)", "max(0, np.max(window))"),
        )
        _e(
            "maximum-over-channels",
            "The maximum was taken over all channels. Each channel has its own.",
            ("xp[n, c, i", "xp[n, :, i"),
        )
        _e(
            "corner-for-max",
            "The first entry of each window was taken. Take the largest.",
            ("np.max(window)", "window[0, 0]"),
        )
    else:
        _e("max-for-mean", "The largest entry was taken. Take the mean.", ("np.mean(window)", "np.max(window)"))
        _e(
            "sum-for-mean",
            "The sum was taken. Divide it by pool_height · pool_width.",
            ("np.mean(window)", "np.sum(window)"),
        )
        _e(
            "divided-by-4",
            "The window's size is hard-coded as 4. Divide by pool_height · pool_width.",
            ("np.mean(window)", "np.sum(window) / 4"),
        )
        _e(
            "divided-by-height-only",
            "The sum was divided by pool_height only.",
            ("np.mean(window)", "np.sum(window) / ph"),
        )
        _e("median-for-mean", "The median was taken. Take the mean.", ("np.mean(window)", "np.median(window)"))
        _e(
            "divided-by-stride",
            "The sum was divided by stride². Divide by pool_height · pool_width.",
            ("np.mean(window)", "np.sum(window) / stride**2"),
        )
        _e(
            "divided-by-height-squared",
            "The sum was divided by pool_height². Divide by pool_height · pool_width.",
            ("np.mean(window)", "np.sum(window) / ph**2"),
        )
        _e(
            "mean-over-channels",
            "The mean was taken over all channels. Each channel has its own.",
            ("xp[n, c, i", "xp[n, :, i"),
        )
    _e(
        "stride-for-window",
        "The window's size was taken for the stride. Windows start at i·stride.",
        ('pool_param["stride"]', 'pool_param["pool_height"]'),
        _FIT,
    )
    _e(
        "stride-not-in-windows",
        "Windows start at i, not at i·stride.",
        ("i * stride : i * stride + ph, j * stride : j * stride + pw", "i : i + ph, j : j + pw"),
    )
    _e(
        "window-starts-at-the-index",
        "Windows end at i·stride + pool_height, but start at i. They start at i·stride.",
        ("i * stride : i * stride + ph, j * stride : j * stride + pw", "i : i * stride + ph, j : j * stride + pw"),
    )
    _e(
        "stride-as-window",
        "The stride was taken for the window's size.",
        ("i * stride + ph, j * stride : j * stride + pw", "i * stride + stride, j * stride : j * stride + stride"),
    )
    _e(
        "loops-over-the-image",
        "The loops walk over the image (range(0, H, stride)), which has more steps than there are windows where these "
        "overlap. Walk over H' and W'.",
        ("for i in range(H_out):", "for i in range(-(-H // stride)):"),
        ("for j in range(W_out):", "for j in range(-(-W // stride)):"),
    )
    _e(
        "height-for-width",
        "pool_height was used for pool_width.",
        ('pool_param["pool_width"]', 'pool_param["pool_height"]'),
        _FIT,
    )
    _e(
        "height-for-width-in-window",
        "pool_height was used for pool_width in the window.",
        ("j * stride + pw", "j * stride + ph"),
    )
    _e(
        "width-for-height",
        "pool_width was used for pool_height.",
        ('pool_param["pool_height"]', 'pool_param["pool_width"]'),
        _FIT,
    )
    _e(
        "h-for-w",
        "H was used for W: images need not be square.",
        (f"W_out = {_COLS}", "W_out = (H - pw) // stride + 1"),
    )
    _e(
        "output-as-high-as-wide",
        "The output got its height for its width: W' = (W − pool_width)//stride + 1.",
        (f"W_out = {_COLS}", "W_out = H_out"),
    )
    _e(
        "size-from-window",
        "The output size divides by the window. Divide by the stride: (H − pool_height)//stride + 1.",
        (_ROWS, "H // ph"),
        (_COLS, "W // pw"),
    )
    _e(
        "size-from-stride",
        "The output size is (H − pool_height)//stride + 1, not H//stride.",
        (_ROWS, "H // stride"),
        (_COLS, "W // stride"),
    )
    _e(
        "size-without-plus-1",
        "The output size misses the + 1.",
        (_ROWS, "(H - ph) // stride"),
        (_COLS, "(W - pw) // stride"),
    )
    _e("size-without-stride", "The output size forgets the stride.", (_ROWS, "H - ph + 1"), (_COLS, "W - pw + 1"))
    _e("size-2-hard-coded", "A window of 2 × 2 is hard-coded. Take pool_param.", (_ROWS, "H // 2"), (_COLS, "W // 2"))
    _e(
        "rows-and-columns-swapped",
        "Rows and columns are swapped: i walks along H, j along W.",
        (
            "i * stride : i * stride + ph, j * stride : j * stride + pw",
            "j * stride : j * stride + ph, i * stride : i * stride + pw",
        ),
    )
    _e(
        "last-window-missing",
        "The loops stop one window early.",
        ("for i in range(H_out):", "for i in range(H_out - 1):"),
        ("for j in range(W_out):", "for j in range(W_out - 1):"),
    )
    _e(
        "misfit-not-raised",
        "A stride that does not fit drops rows or columns in silence. Raise ValueError where (H − pool_height) or "
        "(W − pool_width) is no multiple of stride.",
        _FIT,
        must_fit=True,
    )
    _e(
        "misfit-only-in-height",
        "Only the height is checked. The stride must fit the width too.",
        (" or (W - pw) % stride:", ":"),
        must_fit=True,
    )
    _e(
        "pad-ignored",
        "pool_param['pad'] is ignored. Pad x with it first.",
        ('pool_param.get("pad", 0)', "0"),
        with_pad=True,
    )
    _e("first-image-only", "Every image of the batch got the first image's output.", ("xp[n, c, i", "xp[0, c, i"))


for _name, _hint, *_changes in [
    (
        "window-2-hard-coded",
        "Windows of 2 × 2 are hard-coded. Take pool_param['pool_height'] and ['pool_width'].",
        ("i * stride + ph, j * stride : j * stride + pw", "i * stride + 2, j * stride : j * stride + 2"),
    ),
    (
        "height-without-window",
        "The output's height forgets the window: H' = (H − pool_height)//stride + 1, not H//stride.",
        ("(H - ph) // stride + 1", "H // stride"),
    ),
    (
        "one-maximum-for-the-batch",
        "The maximum was taken over all images and channels. Each image and channel has its own: axis=(2, 3).",
        ("xp[n, c, i * stride", "xp[:, :, i * stride"),
    ),
]:
    edit("max_pool_forward_naive", _name, _hint, *_changes)


@alternative("max_pool_forward_naive")
def max_pool_by_slices(x, pool_param):
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    rows, cols = int(1 + (H - ph) / s), int(1 + (W - pw) / s)
    out = np.empty((N, C, rows, cols))
    for i in range(rows):
        for j in range(cols):
            out[:, :, i, j] = x[:, :, i * s : i * s + ph, j * s : j * s + pw].max(axis=(-1, -2))
    return out, (x, out, pool_param)


@alternative("max_pool_forward_naive")
def max_pool_by_view(x, pool_param):
    shape = pool_param["pool_height"], pool_param["pool_width"]
    s = pool_param["stride"]
    print(x.shape)
    windows = np.lib.stride_tricks.sliding_window_view(x, shape, axis=(2, 3))[:, :, ::s, ::s]
    return windows.max((4, 5)), {"x": x, **pool_param}


@alternative("mean_pool_forward_naive")
def mean_pool_by_view(x, pool_param):
    shape = pool_param["pool_height"], pool_param["pool_width"]
    s = pool_param["stride"]
    windows = np.lib.stride_tricks.sliding_window_view(x, shape, axis=(2, 3))[:, :, ::s, ::s]
    return windows.sum((4, 5)) / (shape[0] * shape[1]), (x.shape, pool_param)


for _target in ("max_pool_forward_naive", "mean_pool_forward_naive"):
    edit(
        _target,
        "stride-2-hard-coded",
        "A stride of 2 is hard-coded. Take pool_param['stride'].",
        ('pool_param["stride"]', "2"),
        _FIT,
    )


for _name, _hint, *_changes in [
    (
        "window-one-larger",
        "Windows are one row and one column too large. They end at i·stride + pool_height.",
        ("i * stride + ph, j * stride : j * stride + pw", "i * stride + ph + 1, j * stride : j * stride + pw + 1"),
    ),
    (
        "window-one-smaller",
        "Windows are one row and one column too small. They end at i·stride + pool_height.",
        ("i * stride + ph, j * stride : j * stride + pw", "i * stride + ph - 1, j * stride : j * stride + pw - 1"),
    ),
    (
        "position-for-value",
        "np.argmax gives the place of the largest entry. np.max gives its value.",
        ("np.max(window)", "np.argmax(window)"),
    ),
    (
        "first-column-only",
        "The maximum of the window's first column was taken. Take that of the whole window.",
        ("np.max(window)", "np.max(window[:, 0])"),
    ),
    (
        "first-row-only",
        "The maximum of the window's first row was taken. Take that of the whole window.",
        ("np.max(window)", "np.max(window[0])"),
    ),
    (
        "last-entry-of-the-window",
        "The last entry of each window was taken. Take the largest.",
        ("np.max(window)", "window[-1, -1]"),
    ),
]:
    edit("max_pool_forward_naive", _name, _hint, *_changes)
