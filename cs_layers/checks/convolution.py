"""Checks of convolution: output size, padding, one window, forward and backward, im2col and col2im.

out[n, f, i, j] = b[f] + sum over c, p, q of xp[n, c, i S + p, j S + q] w[f, c, p, q], with xp the padded x and
H' = (H + 2P − HH)/S + 1. That a stride which does not fit raises ValueError is demanded only with `must_fit=True`;
without it no such input is tried. Points of the backward: dx 2, dw 2, db 1 parts.
"""

from __future__ import annotations

import numpy as np

from . import sizes
from .arrays import readonly, spaced
from .compare import Difference, describe, is_number, number
from .engine import Case, Task, backward_run, forward_run, refusal, repeat_backward, repeat_forward

_READ = "06_conv"


def reference_forward(x, w, b, stride, pad):
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    hh, ww = w.shape[2:]
    windows = np.lib.stride_tricks.sliding_window_view(xp, (hh, ww), axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("ncijpq,fcpq->nfij", windows, w) + b[None, :, None, None]


def reference_backward(dout, x, w, stride, pad):
    h, width = x.shape[2:]
    hh, ww = w.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(xp, (hh, ww), axis=(2, 3))[:, :, ::stride, ::stride]
    dw = np.einsum("nfij,ncijpq->fcpq", dout, windows)
    dxp = np.zeros_like(xp)
    rows, cols = dout.shape[2:]
    for p in range(hh):
        for q in range(ww):
            patch = np.einsum("nfij,fc->ncij", dout, w[:, :, p, q])
            dxp[:, :, p : p + stride * rows : stride, q : q + stride * cols : stride] += patch
    return dxp[:, :, pad : pad + h, pad : pad + width], dw, dout.sum(axis=(0, 2, 3))


#        x                w              stride pad
_SHAPES = [
    ((2, 3, 5, 5), (2, 3, 3, 3), 1, 1),
    ((2, 3, 4, 4), (3, 3, 4, 4), 2, 1),
    ((2, 2, 6, 6), (3, 2, 2, 2), 2, 0),
    ((2, 2, 5, 5), (2, 2, 3, 3), 1, 0),
    ((2, 2, 5, 5), (2, 2, 3, 3), 2, 1),
    ((1, 2, 5, 5), (2, 2, 3, 3), 1, 1),
    ((2, 1, 5, 5), (2, 1, 3, 3), 1, 1),
    ((2, 2, 5, 5), (1, 2, 3, 3), 1, 1),
    ((2, 2, 6, 4), (3, 2, 3, 3), 1, 1),
    ((2, 2, 3, 6), (2, 2, 3, 3), 1, 1),
    ((2, 2, 5, 5), (2, 2, 3, 2), 1, 0),
    ((2, 2, 5, 6), (2, 2, 1, 4), 1, 0),
    ((2, 2, 5, 4), (2, 2, 1, 1), 1, 0),
    ((2, 2, 3, 3), (2, 2, 3, 3), 1, 2),
    ((2, 2, 7, 7), (2, 2, 4, 4), 3, 0),
    ((1, 2, 5, 8), (3, 2, 2, 2), 3, 0),
    ((2, 2, 4, 4), (2, 2, 3, 3), 3, 1),
    ((2, 2, 3, 7), (3, 2, 3, 5), 2, 2),
    ((1, 1, 3, 3), (1, 1, 3, 3), 1, 0),
    ((3, 2, 7, 5), (2, 2, 3, 3), 2, 0),
    ((2, 2, 5, 6), (2, 2, 3, 2), 2, 0),
]


def _tags(x, w, stride, pad):
    n, c, h, width = x
    f, _, hh, ww = w
    facts = {
        "N = 1": n == 1,
        "C = 1": c == 1,
        "F = 1": f == 1,
        "H ≠ W": h != width,
        "HH ≠ WW": hh != ww,
        "pad 0": pad == 0,
        "pad ≠ 1": pad != 1,
        "pad 2": pad == 2,
        "stride > 1": stride > 1,
        "stride ≠ 1 and ≠ 2": stride > 2,
        "stride larger than the filter": stride > min(hh, ww),
        "overlapping windows": (stride < hh < h + 2 * pad) or (stride < ww < width + 2 * pad),
        "pad > 0": pad > 0,
        "filter not 3 × 3": (hh, ww) != (3, 3),
    }
    return {t for t, holds in facts.items() if holds}


def _plain_input(x, w, stride, pad):
    """An everyday input: a batch of square images, square filters, stride 1 or 2, pad 0 or 1."""
    return x[2] == x[3] and w[2] == w[3] and min(x[0], x[1], w[0]) > 1 and stride < 3 and pad < 2


def _inputs(rng):
    for x, w, stride, pad in _SHAPES:
        arrays = rng.normal(size=x), rng.normal(size=w), rng.normal(size=w[0]) + 0.5
        yield (*arrays, stride, pad, _tags(x, w, stride, pad), _plain_input(x, w, stride, pad))
    x, w, b = rng.normal(size=(2, 2, 4, 4)), rng.normal(size=(2, 2, 3, 3)), rng.normal(size=2) + 0.5
    base = _tags(x.shape, w.shape, 1, 1)
    yield x.astype(np.float32), w.astype(np.float32), b.astype(np.float32), 1, 1, base | {"float32"}, False
    yield spaced(x), w.transpose(0, 1, 3, 2), b, 1, 1, base | {"arrays not contiguous"}, False
    yield readonly(x), readonly(w), readonly(b), 1, 1, base | {"read-only inputs"}, False
    yield readonly(x), readonly(w), readonly(b), 1, 0, _tags(x.shape, w.shape, 1, 0) | {"read-only inputs"}, False


_MISFITS = [
    ((1, 2, 4, 5), (2, 2, 2, 2), 2, 0),
    ((1, 2, 5, 4), (2, 2, 2, 2), 2, 0),
    ((1, 2, 4, 7), (2, 2, 3, 3), 2, 1),
    ((1, 2, 6, 6), (2, 2, 3, 3), 2, 0),
]


def _sizes(x, w, stride, pad):
    return {
        "N": x.shape[0],
        "C": x.shape[1],
        "F": w.shape[0],
        "HH": w.shape[2],
        "WW": w.shape[3],
        "H'·W'": ((x.shape[2] + 2 * pad - w.shape[2]) // stride + 1)
        * ((x.shape[3] + 2 * pad - w.shape[3]) // stride + 1),
    }


def forward_cases(rng, must_fit=False):
    cases = []
    for x, w, b, stride, pad, tags, plain_input in _inputs(rng):
        args = {"x": x, "w": w, "b": b, "conv_param": {"stride": stride, "pad": pad}}
        out = reference_forward(x.astype(float), w.astype(float), b, stride, pad)
        case = Case(args, {"out": out}, frozenset(tags), _sizes(x, w, stride, pad), plain=plain_input)
        bias = b[:, None, None]
        case.parts = {"out": {"the sum over the window": out - bias, "b": bias}}
        cases.append(case)
    for x, w, stride, pad in _MISFITS if must_fit else ():
        args = {
            "x": rng.normal(size=x),
            "w": rng.normal(size=w),
            "b": np.zeros(w[0]),
            "conv_param": {"stride": stride, "pad": pad},
        }
        why = "the stride does not fit, so that the last rows or columns would be dropped"
        cases.append(refusal(args, "a stride that does not fit", why))
    return cases


def backward_cases(rng):
    cases = []
    for x, w, b, stride, pad, tags, plain_input in _inputs(rng):
        args = {"x": x, "w": w, "b": b, "conv_param": {"stride": stride, "pad": pad}}
        out = reference_forward(x.astype(float), w.astype(float), b, stride, pad)
        dout = rng.normal(size=out.shape).astype(x.dtype)
        if "read-only inputs" in tags:
            dout = readonly(dout)
        dx, dw, db = reference_backward(dout.astype(float), x.astype(float), w.astype(float), stride, pad)
        case = Case(args, {"dx": dx, "dw": dw, "db": db}, frozenset(tags), _sizes(x, w, stride, pad), plain=plain_input)
        case.extra = {"dout": dout, "out": out}
        case.like = {"dx": ", like x", "dw": ", like w", "db": ", like b"}
        cases.append(case)
    return cases


_PATTERNS = {
    "H ≠ W": ("h-for-w", "It fails just where images are not square: H is used somewhere for W (or HH for WW)."),
    "HH ≠ WW": ("hh-for-ww", "It fails just where filters are not square: HH is used somewhere for WW."),
    "pad ≠ 1": (
        "pad-hard-coded",
        "It fails just where pad is not 1: a padding of 1 is hard-coded. Take conv_param['pad'].",
    ),
    "pad 0": ("pad-slice-empty", "It fails just where pad is 0: the slice pad:-pad is empty then. Write pad:pad + H."),
    "pad > 0": ("pad-ignored", "It fails just where pad is not 0: the padding is forgotten somewhere."),
    "stride > 1": (
        "stride-ignored",
        "It fails just where stride is not 1: windows start at i·stride, and H' = (H + 2·pad − HH)//stride + 1.",
    ),
    "stride ≠ 1 and ≠ 2": (
        "stride-hard-coded",
        "It fails just where stride is more than 2: the stride is hard-coded somewhere. Take conv_param['stride'].",
    ),
    "overlapping windows": (
        "overlap-not-added",
        "It fails just where windows overlap: several windows pay into the same entry, so add with +=.",
    ),
    "N = 1": ("batch-of-one", "A batch of one image is a batch too."),
    "F = 1": ("one-filter", "It fails just with a single filter; do not squeeze its axis away."),
    "C = 1": ("one-channel", "It fails just with a single channel; do not squeeze its axis away."),
    "read-only inputs": ("writes-input", "The function writes into one of its inputs. Work on a copy."),
    "a stride that does not fit": (
        "misfit-not-raised",
        "Raise ValueError where (H + 2·pad − HH) or (W + 2·pad − WW) is no multiple of stride.",
    ),
}


FORWARD = Task(
    "conv_forward_naive",
    ("out",),
    forward_cases,
    forward_run(("out", "cache"), ("out",)),
    "conv_forward_naive(x, w, b, conv_param)",
    read=_READ,
    patterns=_PATTERNS,
    probes=(sizes.probe,),
    options=("must_fit",),
    repeat=repeat_forward,
)


BACKWARD = Task(
    "conv_backward_naive",
    ("dx", "dw", "db"),
    backward_cases,
    backward_run(FORWARD, ("dx", "dw", "db"), lambda case: tuple(case.args.values())),
    "conv_backward_naive(dout, cache)",
    {"dx": 2, "dw": 2, "db": 1},
    read=_READ,
    patterns=_PATTERNS,
    repeat=repeat_backward,
)


def conv_output_size_cases(rng, must_fit=True):
    fits = [
        (5, 3, 1, 2),
        (32, 7, 3, 1),
        (6, 2, 0, 2),
        (227, 11, 0, 4),
        (3, 3, 0, 1),
        (7, 1, 0, 1),
        (7, 1, 0, 3),
        (8, 2, 1, 2),
        (5, 4, 2, 5),
        (4, 6, 1, 1),
        (10, 3, 1, 3),
        (1, 1, 0, 2),
    ]
    cases = []
    for size, window, pad, stride in fits:
        args = {"size": size, "window": window, "pad": pad, "stride": stride}
        tags = {"stride > 1"} if stride > 1 else set()
        tags |= {"pad > 0"} if pad else {"pad 0"}
        cases.append(Case(args, {"size": _whole((size + 2 * pad - window) // stride + 1)}, frozenset(tags)))
    for size, window, pad, stride in [(5, 2, 0, 2), (6, 3, 0, 2), (8, 3, 1, 4), (7, 2, 0, 3)] if must_fit else ():
        args = {"size": size, "window": window, "pad": pad, "stride": stride}
        why = f"({size} + 2·{pad} − {window}) is no multiple of {stride}"
        cases.append(refusal(args, "a stride that does not fit", why))
    for size, window, pad, stride in [(2, 5, 0, 1), (3, 7, 1, 1), (2, 3, 0, 1), (3, 5, 0, 2)] if must_fit else ():
        args = {"size": size, "window": window, "pad": pad, "stride": stride}
        why = f"the window {window} is larger than the padded input, {size + 2 * pad}"
        cases.append(refusal(args, "a window larger than the padded input", why))
    return cases


_FLOAT = ("float", "The result is a float. Divide with //; np.zeros and range take no float.")


def _whole(right):
    """An integer, as range and np.zeros need one."""

    def judge(value):
        if not is_number(value):
            return Difference("kind", f"is {describe(value)}, expected the integer {right}")
        whole = isinstance(value, (int, np.integer)) or (isinstance(value, np.ndarray) and value.dtype.kind in "iu")
        if not whole and value == right:
            return Difference("kind", f"is the float {float(value):g}, expected the integer {right}", cause=_FLOAT)
        return None if value == right else Difference("value", f"is {number(value)}, expected {right}")

    return judge


OUTPUT_SIZE = Task(
    "conv_output_size",
    ("size",),
    conv_output_size_cases,
    forward_run(("size",), ("size",)),
    "conv_output_size(size, window, pad, stride)",
    read=_READ,
    options=("must_fit",),
    patterns={
        **_PATTERNS,
        "a window larger than the padded input": (
            "large-window-not-raised",
            "Raise ValueError where the window is larger than size + 2·pad.",
        ),
    },
)


def pad_cases(rng):
    cases = []
    shapes = [((2, 3, 4, 4), 1), ((2, 3, 4, 4), 0), ((2, 2, 3, 5), 2), ((1, 1, 2, 2), 3), ((3, 1, 5, 2), 1)]
    for shape, pad in shapes:
        x = rng.normal(size=shape) + 3
        out = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        tags = {"pad 0"} if pad == 0 else {"pad > 0"}
        tags |= ({"H ≠ W"} if shape[2] != shape[3] else set()) | ({"pad ≠ 1"} if pad != 1 else set())
        cases.append(Case({"x": x, "pad": pad}, {"padded": out}, frozenset(tags), plain=pad > 0))
    x = readonly(spaced(rng.normal(size=(2, 2, 3, 3))))
    cases.append(
        Case(
            {"x": x, "pad": 1},
            {"padded": np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))},
            frozenset({"read-only inputs"}),
            plain=False,
        )
    )
    return cases


PAD = Task(
    "pad_images",
    ("padded",),
    pad_cases,
    forward_run(("padded",), ("padded",)),
    "pad_images(x, pad)",
    read=_READ,
    patterns=_PATTERNS,
    repeat=repeat_forward,
)


def window_cases(rng):
    cases = []
    for shape in [(3, 3, 3), (2, 3, 3), (1, 2, 2), (3, 2, 4), (2, 1, 1), (4, 5, 3)]:
        window, w, b = rng.normal(size=shape), rng.normal(size=shape), float(rng.normal() + 2)
        cases.append(
            Case(
                {"window": window, "w": w, "b": b},
                {"value": float((window * w).sum() + b)},
                frozenset(),
                {"C·HH·WW": window.size},
            )
        )
    window, w = readonly(rng.normal(size=(2, 3, 3))), readonly(rng.normal(size=(2, 3, 3)))
    cases.append(
        Case(
            {"window": window, "w": w, "b": -1.5},
            {"value": float((window * w).sum() - 1.5)},
            frozenset({"read-only inputs"}),
            plain=False,
        )
    )
    cases.append(
        Case(
            {"window": window, "w": w, "b": 0.0},
            {"value": float((window * w).sum())},
            frozenset({"bias 0"}),
            plain=False,
        )
    )
    for case in cases:
        case.floor = {"value": 1e-9}
    return cases


WINDOW = Task(
    "conv_single_window",
    ("value",),
    window_cases,
    forward_run(("value",), ("value",)),
    "conv_single_window(window, w, b)",
    read=_READ,
    patterns=_PATTERNS,
    repeat=repeat_forward,
)


def _columns(x, hh, ww, stride, pad):
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(xp, (hh, ww), axis=(2, 3))[:, :, ::stride, ::stride]
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, x.shape[1] * hh * ww)


def im2col_cases(rng):
    cases = []
    for x, w, stride, pad in _SHAPES:
        args = {"x": rng.normal(size=x), "HH": w[2], "WW": w[3], "stride": stride, "pad": pad}
        col = _columns(args["x"], w[2], w[3], stride, pad)
        cases.append(
            Case(args, {"col": col}, frozenset(_tags(x, w, stride, pad)), plain=_plain_input(x, w, stride, pad))
        )
    return cases


def col2im_cases(rng):
    cases = []
    for shape, w, stride, pad in _SHAPES:
        n, c, h, width = shape
        rows, cols = (h + 2 * pad - w[2]) // stride + 1, (width + 2 * pad - w[3]) // stride + 1
        col = rng.normal(size=(n * rows * cols, c * w[2] * w[3]))
        parts = col.reshape(n, rows, cols, c, w[2], w[3])
        xp = np.zeros((n, c, h + 2 * pad, width + 2 * pad))
        for i in range(rows):
            for j in range(cols):
                xp[:, :, i * stride : i * stride + w[2], j * stride : j * stride + w[3]] += parts[:, i, j]
        args = {"col": col, "x_shape": shape, "HH": w[2], "WW": w[3], "stride": stride, "pad": pad}
        image = xp[:, :, pad : pad + h, pad : pad + width]
        cases.append(
            Case(
                args,
                {"image": image},
                frozenset(_tags(shape, w, stride, pad)),
                plain=_plain_input(shape, w, stride, pad),
            )
        )
    return cases


IM2COL = Task(
    "im2col",
    ("col",),
    im2col_cases,
    forward_run(("col",), ("col",)),
    "im2col(x, HH, WW, stride, pad)",
    read="08_fast_conv",
    patterns=_PATTERNS,
    repeat=repeat_forward,
)


COL2IM = Task(
    "col2im",
    ("image",),
    col2im_cases,
    forward_run(("image",), ("image",)),
    "col2im(col, x_shape, HH, WW, stride, pad)",
    read="08_fast_conv",
    patterns=_PATTERNS,
    repeat=repeat_forward,
)
