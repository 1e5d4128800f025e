"""Checks of convolution: output size, padding, one window, forward and backward, im2col and col2im.

out[n, f, i, j] = b[f] + sum over c, p, q of xp[n, c, i S + p, j S + q] w[f, c, p, q], with xp the padded x and
H' = (H + 2P − HH)/S + 1. That a stride which does not fit raises ValueError is demanded only with `must_fit=True`;
without it no such input is tried. Points of the backward: dx 2, dw 2, db 1 parts.
"""

from __future__ import annotations

import numpy as np

from .arrays import readonly, spaced
from .compare import Difference, describe, is_number, number
from .engine import DEMANDED, Case, Task, backward_run, forward_run, repeat_forward
from .known import alternative, edit, mistake, plain

_READ = "06_conv"


def reference_forward(x, w, b, stride, pad):
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    hh, ww = w.shape[2:]
    windows = np.lib.stride_tricks.sliding_window_view(xp, (hh, ww), axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("ncijpq,fcpq->nfij", windows, w) + b[None, :, None, None]


def reference_backward(dout, x, w, stride, pad):
    n, _, h, width = x.shape
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
        "overlapping windows": stride < max(hh, ww),
        "pad > 0": pad > 0,
        "filter not 3 × 3": (hh, ww) != (3, 3),
    }
    return {t for t, holds in facts.items() if holds}


def _plain_input(x, w, stride, pad):
    """An everyday input: square images and filters, a batch, stride 1 or 2 and pad 0 or 1, windows that tile or overlap."""
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
        "H'·W'": ((x.shape[2] + 2 * pad - w.shape[2]) // stride + 1)
        * ((x.shape[3] + 2 * pad - w.shape[3]) // stride + 1),
    }


def forward_cases(rng, must_fit=False):
    cases = []
    for x, w, b, stride, pad, tags, plain_input in _inputs(rng):
        args = {"x": x, "w": w, "b": b, "conv_param": {"stride": stride, "pad": pad}}
        out = reference_forward(x.astype(float), w.astype(float), b, stride, pad)
        cases.append(Case(args, {"out": out}, frozenset(tags), _sizes(x, w, stride, pad), plain=plain_input))
    for x, w, stride, pad in _MISFITS if must_fit else ():
        args = {
            "x": rng.normal(size=x),
            "w": rng.normal(size=w),
            "b": np.zeros(w[0]),
            "conv_param": {"stride": stride, "pad": pad},
        }
        why = "the stride does not fit, so that the last rows or columns would be dropped"
        cases.append(
            Case(
                args,
                {},
                frozenset({"a stride that does not fit"}),
                raises=ValueError,
                raises_why=why,
                level=DEMANDED,
                plain=False,
            )
        )
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
    repeat=repeat_forward,
)


@plain("conv_forward_naive")
def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    if (H + 2 * pad - HH) % stride or (W + 2 * pad - WW) % stride:
        raise ValueError("the stride does not fit")
    H_out = (H + 2 * pad - HH) // stride + 1
    W_out = (W + 2 * pad - WW) // stride + 1
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    window = xp[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
                    out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    cache = (x, w, b, conv_param)
    return out, cache


_FIT = (
    '    if (H + 2 * pad - HH) % stride or (W + 2 * pad - WW) % stride:\n        raise ValueError("the stride does not fit")\n',
    "",
)
_NPAD = 'np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")'


def _fe(name, hint, *changes, **options):
    edit("conv_forward_naive", name, hint, *changes, **options)


_fe("no-bias", "The bias is not added: each filter f adds b[f] to its whole output.", (" + b[f]", ""))
_fe("bias-of-the-first-filter", "Every filter got b[0]. Filter f has its own bias, b[f].", ("b[f]", "b[0]"))
_fe("bias-summed", "The sum of all biases was added. Filter f has its own bias, b[f].", ("b[f]", "b.sum()"))
_fe(
    "bias-for-each-term",
    "The bias was added inside the sum, once for each entry of the window. Add it once: sum(…) + b[f].",
    ("np.sum(window * w[f]) + b[f]", "np.sum(window * w[f] + b[f])"),
)
_fe("padding-missing", "x was not padded before the windows were taken.", (_NPAD, "x"))
_fe(
    "pad-1-hard-coded",
    "A padding of 1 is hard-coded. Take conv_param['pad'].",
    (_NPAD, 'np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="constant")'),
)
_fe("pad-1-everywhere", "A padding of 1 is hard-coded. Take conv_param['pad'].", ('conv_param["pad"]', "1"), _FIT)
_fe(
    "channels-and-batch-padded",
    "Every axis was padded, the batch and the channels too. Pad the last two: ((0, 0), (0, 0), (pad, pad), (pad, pad)).",
    (_NPAD, 'np.pad(x, pad, mode="constant")'),
)
_fe(
    "channels-padded",
    "The channel axis was padded in place of a spatial one. Pad the last two axes.",
    ("((0, 0), (0, 0), (pad, pad), (pad, pad))", "((0, 0), (pad, pad), (pad, pad), (0, 0))"),
)
_fe(
    "padded-with-edge",
    "The border was filled with copies of the edge. Pad with zeros.",
    ('mode="constant"', 'mode="edge"'),
)
_fe(
    "padded-on-one-side",
    "Only one side was padded. Pad both.",
    ("(pad, pad), (pad, pad)", "(0, 2 * pad), (0, 2 * pad)"),
)
_fe(
    "stride-not-in-windows",
    "Windows start at i, not at i·stride.",
    ("i * stride : i * stride + HH, j * stride : j * stride + WW", "i : i + HH, j : j + WW"),
)
_fe(
    "stride-not-in-size",
    "The output size forgets the stride: H' = (H + 2·pad − HH)//stride + 1.",
    ("(H + 2 * pad - HH) // stride + 1", "H + 2 * pad - HH + 1"),
    ("(W + 2 * pad - WW) // stride + 1", "W + 2 * pad - WW + 1"),
)
_fe("stride-1-hard-coded", "A stride of 1 is hard-coded. Take conv_param['stride'].", ('conv_param["stride"]', "1"))
_fe(
    "size-without-plus-1",
    "The output size misses the + 1: H' = (H + 2·pad − HH)//stride + 1.",
    ("(H + 2 * pad - HH) // stride + 1", "(H + 2 * pad - HH) // stride"),
    ("(W + 2 * pad - WW) // stride + 1", "(W + 2 * pad - WW) // stride"),
)
_fe(
    "size-rounded-wrongly",
    "The output size is 1 + (H + 2·pad − HH)//stride; here 1 was added before dividing.",
    ("(H + 2 * pad - HH) // stride + 1", "(H + 2 * pad - HH + 1) // stride"),
    ("(W + 2 * pad - WW) // stride + 1", "(W + 2 * pad - WW + 1) // stride"),
)
_fe(
    "size-with-one-pad",
    "The output size counts the padding once. There is padding on both sides: H + 2·pad − HH.",
    ("(H + 2 * pad - HH) // stride + 1", "(H + pad - HH) // stride + 1"),
    ("(W + 2 * pad - WW) // stride + 1", "(W + pad - WW) // stride + 1"),
)
_fe(
    "output-size-of-x",
    "The output was given the size of x. It is (H + 2·pad − HH)//stride + 1.",
    ("np.zeros((N, F, H_out, W_out))", "np.zeros((N, F, H, W))"),
)
_fe(
    "h-for-w",
    "H was used for W: images need not be square.",
    ("W_out = (W + 2 * pad - WW) // stride + 1", "W_out = (H + 2 * pad - HH) // stride + 1"),
)
_fe(
    "h-for-w-in-size",
    "H was used for W in the output size: images need not be square.",
    ("(W + 2 * pad - WW) // stride", "(H + 2 * pad - WW) // stride"),
)
_fe(
    "hh-for-ww-in-size",
    "HH was used for WW in the output size: filters need not be square.",
    ("(W + 2 * pad - WW) // stride", "(W + 2 * pad - HH) // stride"),
)
_fe("hh-for-ww", "HH was used for WW: filters need not be square.", ("j * stride + WW", "j * stride + HH"))
_fe(
    "rows-and-columns-swapped",
    "Rows and columns are swapped: i walks along H (axis 2), j along W (axis 3).",
    (
        "xp[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]",
        "xp[n, :, j * stride : j * stride + HH, i * stride : i * stride + WW]",
    ),
)
_fe(
    "filter-flipped",
    "The filter was flipped. Here, as in all deep learning, the filter is laid on as it is (cross-correlation).",
    ("window * w[f]", "window * w[f, :, ::-1, ::-1]"),
)
_fe("one-channel-only", "Only channel 0 was used. Sum over all channels.", ("window * w[f]", "window[0] * w[f, 0]"))
_fe("mean-for-sum", "The products were averaged. Sum them.", ("np.sum(window * w[f])", "np.mean(window * w[f])"))
_fe("first-image-only", "Every image of the batch got the first image's output.", ("xp[n, :,", "xp[0, :,"))
_fe("one-filter-only", "Every output channel got the first filter.", ("window * w[f]", "window * w[0]"))
_fe(
    "last-window-missing",
    "The loops stop one window early.",
    ("for i in range(H_out):", "for i in range(H_out - 1):"),
    ("for j in range(W_out):", "for j in range(W_out - 1):"),
)
_fe(
    "axes-of-output-swapped",
    "out must be (N, F, H', W'); here filters come last.",
    ("    cache = (x, w, b, conv_param)\n", "    out = out.transpose(0, 2, 3, 1)\n    cache = (x, w, b, conv_param)\n"),
)
_fe(
    "integer-output",
    "out was made with an integer type, which cuts off the fractions.",
    ("np.zeros((N, F, H_out, W_out))", "np.zeros((N, F, H_out, W_out), dtype=int)"),
)
_fe(
    "misfit-not-raised",
    "A stride that does not fit drops rows or columns in silence. Raise ValueError where (H + 2·pad − HH) or (W + 2·pad − WW) is no multiple of stride.",
    _FIT,
    must_fit=True,
)
_fe(
    "misfit-only-in-height",
    "Only the height is checked. The stride must fit the width too.",
    (" or (W + 2 * pad - WW) % stride:", ":"),
    must_fit=True,
)
_fe(
    "misfit-asserted",
    "The error is an AssertionError. Raise ValueError.",
    ('raise ValueError("the stride does not fit")', 'raise AssertionError("the stride does not fit")'),
    must_fit=True,
)
_fe("writes-x", "x itself was changed. Work on a copy.", ("    out = np.zeros", "    x *= 2.0\n    out = np.zeros"))


@alternative("conv_forward_naive")
def conv_by_im2col(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    assert (H + 2 * p - HH) % s == 0 or True
    oh, ow = int(1 + (H + 2 * p - HH) / s), int(1 + (W + 2 * p - WW) / s)
    padded = np.zeros((N, C, H + 2 * p, W + 2 * p), dtype=x.dtype)
    padded[:, :, p : H + p, p : W + p] = x
    cols = np.empty((N, oh, ow, C * HH * WW))
    for i in range(oh):
        for j in range(ow):
            cols[:, i, j] = padded[:, :, i * s : i * s + HH, j * s : j * s + WW].reshape(N, -1)
    out = cols.reshape(-1, C * HH * WW).dot(w.reshape(F, -1).T) + b
    return out.reshape(N, oh, ow, F).transpose(0, 3, 1, 2), (x, w, b, conv_param)


@alternative("conv_forward_naive")
def conv_by_stride_tricks(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    windows = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))[:, :, ::s, ::s]
    out = np.tensordot(windows, w, axes=([1, 4, 5], [1, 2, 3])).transpose(0, 3, 1, 2)
    return out + b.reshape(1, -1, 1, 1), {"windows": windows, "w": w}


@alternative("conv_forward_naive")
def conv_by_steps(x, w, b, conv_param):
    S, P = conv_param.get("stride", 1), conv_param.get("pad", 0)
    N, _, H, W = x.shape
    F, _, HH, WW = w.shape
    print("conv", x.shape, w.shape)
    xp = np.pad(x, ((0,), (0,), (P,), (P,)), "constant")
    rows, cols = range(0, H + 2 * P - HH + 1, S), range(0, W + 2 * P - WW + 1, S)
    out = np.zeros((N, F, len(rows), len(cols)), dtype=x.dtype)
    for i, r in enumerate(rows):
        for j, c in enumerate(cols):
            for f in range(F):
                out[:, f, i, j] = np.sum(xp[:, :, r : r + HH, c : c + WW] * w[f], axis=(1, 2, 3)) + b[f]
    return out, (xp, w, S, P)


@plain("conv_backward_naive")
def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    _, _, H_out, W_out = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros_like(b)
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    r, c = i * stride, j * stride
                    window = xp[n, :, r : r + HH, c : c + WW]
                    dw[f] += dout[n, f, i, j] * window
                    dxp[n, :, r : r + HH, c : c + WW] += dout[n, f, i, j] * w[f]
                    db[f] += dout[n, f, i, j]
    dx = dxp[:, :, pad : pad + H, pad : pad + W]
    return dx, dw, db


def _be(name, hint, *changes, **options):
    edit("conv_backward_naive", name, hint, *changes, **options)


_CROP = "dxp[:, :, pad : pad + H, pad : pad + W]"
_ADD = "dxp[n, :, r : r + HH, c : c + WW] += dout[n, f, i, j] * w[f]"
_be(
    "pad-slice-empty",
    "The slice pad:-pad is empty where pad is 0 (it reads 0:0). Write pad:pad + H and pad:pad + W.",
    (_CROP, "dxp[:, :, pad:-pad, pad:-pad]"),
)
_be("not-cropped", "dx still has the padding. Cut it off: pad:pad + H, pad:pad + W.", (_CROP, "dxp"))
_be(
    "crop-1-hard-coded",
    "A padding of 1 is hard-coded where it is cut off: [1:-1]. Take conv_param['pad'].",
    (_CROP, "dxp[:, :, 1:-1, 1:-1]"),
)
_be(
    "cropped-at-the-wrong-end",
    "The padding was cut off at the end only. There is padding on both sides: pad:pad + H.",
    (_CROP, "dxp[:, :, :H, :W]"),
)
_be(
    "h-for-w-in-crop",
    "H was used for W where the padding is cut off: images need not be square.",
    (_CROP, "dxp[:, :, pad : pad + H, pad : pad + H]"),
)
_be(
    "overlap-assigned",
    "Where windows overlap, dx gets a share from each of them. Add with +=; = keeps the last share only.",
    (_ADD, _ADD.replace("+=", "=")),
)
_be("dw-assigned", "dw gets a share from every window of every image. Add with +=.", ("dw[f] += ", "dw[f] = "))
_be("db-assigned", "db gets a share from every entry of dout. Add with +=.", ("db[f] += ", "db[f] = "))
_be(
    "db-summed-over-batch-only",
    "db was summed over the batch only. Sum over axes 0, 2 and 3, so that one number for each filter is left.",
    ("    return dx, dw, db", "    db = dout.sum(axis=0)\n    return dx, dw, db"),
)
_be(
    "db-per-image",
    "db was not summed over the batch. Sum over axes 0, 2 and 3.",
    ("    return dx, dw, db", "    db = dout.sum(axis=(2, 3))\n    return dx, dw, db"),
)
_be(
    "db-spatial-only-transposed",
    "db was summed over the wrong axes. Sum over axes 0, 2 and 3.",
    ("    return dx, dw, db", "    db = dout.sum(axis=(1, 2, 3))\n    return dx, dw, db"),
)
_be(
    "db-kept-axes",
    "db kept axes of length 1: sum over (0, 2, 3) without keepdims.",
    ("    return dx, dw, db", "    db = dout.sum(axis=(0, 2, 3), keepdims=True)\n    return dx, dw, db"),
)
_be(
    "db-kept-one-axis",
    "db kept an axis of length 1. It has the shape of b, (F,).",
    ("    return dx, dw, db", "    db = db.reshape(1, -1)\n    return dx, dw, db"),
)
_be(
    "db-column",
    "db kept an axis of length 1. It has the shape of b, (F,).",
    ("    return dx, dw, db", "    db = db.reshape(-1, 1)\n    return dx, dw, db"),
)
_be(
    "db-averaged",
    "db is the mean over the batch. The gradient is the sum.",
    ("    return dx, dw, db", "    db = db / N\n    return dx, dw, db"),
)
_be(
    "dw-divided-by-batch",
    "dw was divided by N. The loss has already done that.",
    ("    return dx, dw, db", "    dw = dw / N\n    return dx, dw, db"),
)
_be("stride-not-in-windows", "Windows start at i, not at i·stride.", ("r, c = i * stride, j * stride", "r, c = i, j"))
_be(
    "stride-1-in-dx",
    "In dx windows start at i, not at i·stride.",
    (_ADD, "dxp[n, :, i : i + HH, j : j + WW] += dout[n, f, i, j] * w[f]"),
)
_be(
    "stride-1-in-dw",
    "In dw windows start at i, not at i·stride.",
    ("window = xp[n, :, r : r + HH, c : c + WW]", "window = xp[n, :, i : i + HH, j : j + WW]"),
)
_be(
    "dw-from-unpadded-x",
    "dw was made from x without its padding. Take the windows of the padded x, as the forward did.",
    (
        "window = xp[n, :, r : r + HH, c : c + WW]",
        "window = np.zeros(w[0].shape)\n                    part = x[n, :, r : r + HH, c : c + WW]\n                    window[:, : part.shape[1], : part.shape[2]] = part",
    ),
)
_be(
    "filter-flipped",
    "The filter was flipped in dx. Each window gets dout · w[f] as it is.",
    ("dout[n, f, i, j] * w[f]", "dout[n, f, i, j] * w[f, :, ::-1, ::-1]"),
)
_be(
    "dx-without-w",
    "dx is missing w: each window gets dout · w[f].",
    (" += dout[n, f, i, j] * w[f]", " += dout[n, f, i, j]"),
)
_be("dx-without-dout", "dx is missing dout: each window gets dout · w[f].", (" += dout[n, f, i, j] * w[f]", " += w[f]"))
_be(
    "dw-without-dout",
    "dw is missing dout: each window adds dout · window.",
    ("dw[f] += dout[n, f, i, j] * window", "dw[f] += window"),
)
_be(
    "dx-one-filter",
    "Every filter pays into dx with its own weights w[f]; here only the first's were used.",
    ("dout[n, f, i, j] * w[f]", "dout[n, f, i, j] * w[0]"),
)
_be(
    "dx-of-the-last-filter",
    "dx keeps the last filter's share only. Add over all filters.",
    (
        "    for n in range(N):\n        for f in range(F):\n",
        "    for n in range(N):\n        for f in range(F):\n            dxp[n] = 0\n",
    ),
)
_be(
    "first-image-only",
    "The windows for dw were taken from the first image only.",
    (
        "xp[n, :, r : r + HH, c : c + WW]\n                    dw",
        "xp[0, :, r : r + HH, c : c + WW]\n                    dw",
    ),
)
_be(
    "rows-and-columns-swapped",
    "Rows and columns are swapped: i walks along H (axis 2), j along W (axis 3).",
    ("r, c = i * stride, j * stride", "r, c = j * stride, i * stride"),
)
_be("last-window-missing", "The loops stop one window early.", ("for i in range(H_out):", "for i in range(H_out - 1):"))
_be(
    "sizes-of-x-for-output",
    "The loops run over a size computed without the padding. Take H', W' from dout.shape.",
    ("_, _, H_out, W_out = dout.shape", "H_out, W_out = (H - HH) // stride + 1, (W - WW) // stride + 1"),
)
_be("h-for-w", "H' was used for W': images need not be square.", ("for j in range(W_out):", "for j in range(H_out):"))
_be("pad-1-hard-coded", "A padding of 1 is hard-coded. Take conv_param['pad'].", ('conv_param["pad"]', "1"))
_be("writes-dout", "dout itself was changed. Work on a copy.", ("    dx = dxp[", "    dout *= 0.5\n    dx = dxp["))
_be(
    "wrong-order",
    "The gradients come back in another order. Return dx, dw, db.",
    ("return dx, dw, db", "return dw, dx, db"),
)


@mistake("conv_backward_naive", "nothing-filled", "The gradients are zeros that were never filled.")
def conv_backward_zeros(dout, cache):
    x, w, b, conv_param = cache
    return np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)


@alternative("conv_backward_naive", forward=conv_by_steps)
def from_the_padded_image(dout, cache):
    xp, w, S, P = cache
    N, F, oh, ow = dout.shape
    _, _, HH, WW = w.shape
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for i in range(oh):
        for j in range(ow):
            part = xp[:, :, i * S : i * S + HH, j * S : j * S + WW]
            for f in range(F):
                dw[f] += (dout[:, f, i, j][:, None, None, None] * part).sum(0)
                dxp[:, :, i * S : i * S + HH, j * S : j * S + WW] += dout[:, f, i, j].reshape(-1, 1, 1, 1) * w[f]
    if P > 0:
        dxp = dxp[:, :, P:-P, P:-P]
    return dxp, dw, dout.sum(axis=(0, 2, 3))


@alternative("conv_backward_naive")
def gradients_by_einsum(dout, cache):
    x, w, b, p = cache
    s, pad = p["stride"], p["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            sl = (slice(None), slice(None), slice(i * s, i * s + HH), slice(j * s, j * s + WW))
            dw += np.einsum("nf,ncpq->fcpq", dout[:, :, i, j], xp[sl])
            dxp[sl] += np.einsum("nf,fcpq->ncpq", dout[:, :, i, j], w)
    return (
        np.delete(
            np.delete(dxp, [*range(pad), *range(pad + H, H + 2 * pad)], axis=2),
            [*range(pad), *range(pad + W, W + 2 * pad)],
            axis=3,
        ),
        dw,
        np.sum(dout, (0, 2, 3)),
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
        cases.append(
            Case(
                args,
                {},
                frozenset({"a stride that does not fit"}),
                raises=ValueError,
                raises_why=why,
                level=DEMANDED,
                plain=False,
            )
        )
    for size, window, pad, stride in [(2, 5, 0, 1), (3, 7, 1, 1), (2, 3, 0, 1), (3, 5, 0, 2)] if must_fit else ():
        args = {"size": size, "window": window, "pad": pad, "stride": stride}
        why = f"the window {window} is larger than the padded input, {size + 2 * pad}"
        cases.append(
            Case(
                args,
                {},
                frozenset({"a window larger than the padded input"}),
                raises=ValueError,
                raises_why=why,
                level=DEMANDED,
                plain=False,
            )
        )
    return cases


_FLOAT = ("float", "The result is a float. Divide with //; np.zeros and range take no float.")


def _whole(right):
    """An integer, as range and np.zeros need one."""

    def judge(value):
        if not is_number(value):
            return Difference("kind", f"is {describe(value)}, expected the integer {right}")
        whole = isinstance(value, (int, np.integer)) or isinstance(value, np.ndarray) and value.dtype.kind in "iu"
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


@plain("conv_output_size")
def conv_output_size(size, window, pad, stride):
    room = size + 2 * pad - window
    if room < 0:
        raise ValueError("the window is larger than the padded input")
    if room % stride != 0:
        raise ValueError("the stride does not fit")
    return room // stride + 1


_MISFIT = ('    if room % stride != 0:\n        raise ValueError("the stride does not fit")\n', "")
edit(
    "conv_output_size",
    "misfit-not-raised",
    "A stride that does not fit drops columns in silence. Raise ValueError where size + 2·pad − window is no multiple of stride.",
    _MISFIT,
)
edit(
    "conv_output_size",
    "large-window-not-raised",
    "A window larger than the padded input has no output at all. Raise ValueError there.",
    ('    if room < 0:\n        raise ValueError("the window is larger than the padded input")\n', ""),
)
edit(
    "conv_output_size",
    "no-errors",
    "Neither a stride that does not fit nor a window that is too large is refused. Raise ValueError.",
    _MISFIT,
    ('    if room < 0:\n        raise ValueError("the window is larger than the padded input")\n', ""),
)
edit("conv_output_size", "one-pad", "There is padding on both sides: size + 2·pad − window.", ("2 * pad", "pad"))
edit(
    "conv_output_size",
    "plus-1-missing",
    "The + 1 is missing: the first window counts too.",
    ("// stride + 1", "// stride"),
)
edit(
    "conv_output_size",
    "plus-1-before-dividing",
    "The 1 is added after dividing by the stride.",
    ("room // stride + 1", "(room + 1) // stride"),
)
edit("conv_output_size", "stride-ignored", "The stride is missing: divide by it.", ("room // stride + 1", "room + 1"))
edit(
    "conv_output_size",
    "float",
    "The result is a float. Divide with //; np.zeros and range take no float.",
    ("room // stride + 1", "room / stride + 1"),
)
edit(
    "conv_output_size",
    "pad-ignored",
    "The padding is missing: size + 2·pad − window.",
    ("size + 2 * pad - window", "size - window"),
)
edit(
    "conv_output_size",
    "window-added",
    "The window is subtracted: size + 2·pad − window.",
    ("2 * pad - window", "2 * pad + window"),
)
edit(
    "conv_output_size",
    "wrong-exception",
    "The error is of another type. Raise ValueError.",
    ('raise ValueError("the stride does not fit")', 'raise AssertionError("the stride does not fit")'),
)


@alternative("conv_output_size")
def size_by_divmod(size, window, pad, stride):
    steps, rest = divmod(size - window + 2 * pad, stride)
    if rest or steps < 0:
        raise ValueError(f"{size}, {window}, {pad}, {stride}")
    return int(steps) + 1


@alternative("conv_output_size")
def size_by_float(size, window, pad, stride):
    n = (size + 2 * pad - window) / stride + 1
    if n != int(n) or n < 1:
        raise ValueError("does not fit")
    return int(n)


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


@plain("pad_images")
def pad_images(x, pad):
    N, C, H, W = x.shape
    out = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=x.dtype)
    out[:, :, pad : pad + H, pad : pad + W] = x
    return out


_ASSIGN = "out[:, :, pad : pad + H, pad : pad + W] = x"
_MAKE = "np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=x.dtype)"
edit(
    "pad_images",
    "pad-slice-empty",
    "The slice pad:-pad is empty where pad is 0. Write pad:pad + H.",
    (_ASSIGN, "out[:, :, pad:-pad, pad:-pad] = x"),
)
edit(
    "pad_images",
    "every-axis-padded",
    "Every axis was padded, the batch and the channels too. Pad the last two axes only.",
    (_MAKE, "np.pad(x, pad)"),
    (f"    {_ASSIGN}\n", ""),
)
edit(
    "pad_images", "one-side", "Only one side was padded.", (_MAKE, "np.zeros((N, C, H + pad, W + pad), dtype=x.dtype)")
)
edit(
    "pad_images",
    "not-centred",
    "The image sits in the corner. It starts at [pad, pad].",
    (_ASSIGN, "out[:, :, :H, :W] = x"),
)
edit(
    "pad_images",
    "pad-1-hard-coded",
    "A padding of 1 is hard-coded. Use pad.",
    (_MAKE, "np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))"),
    (f"    {_ASSIGN}\n", ""),
)
edit(
    "pad_images",
    "edge-values",
    "The border was filled with copies of the edge. Fill it with zeros.",
    (_MAKE, "np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode='edge')"),
)
edit(
    "pad_images", "filled-with-ones", "The border was filled with ones. Fill it with zeros.", ("np.zeros(", "np.ones(")
)
edit(
    "pad_images",
    "wrong-axes",
    "The channels were padded in place of an image axis. Pad axes 2 and 3.",
    (_MAKE, "np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))"),
    (f"    {_ASSIGN}\n", ""),
)
edit(
    "pad_images",
    "width-only",
    "Only the width was padded. Pad the height too.",
    (_MAKE, "np.pad(x, ((0, 0), (0, 0), (0, 0), (pad, pad)))"),
    (f"    {_ASSIGN}\n", ""),
)
edit("pad_images", "h-for-w", "H was used for W: images need not be square.", ("W + 2 * pad)", "H + 2 * pad)"))
edit("pad_images", "not-copied", "The border is there but the image is not inside it.", (_ASSIGN, "pass"))


@alternative("pad_images")
def pad_by_numpy(x, pad):
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant", constant_values=0)


@alternative("pad_images")
def pad_by_concatenate(x, pad):
    side = np.zeros((*x.shape[:3], pad))
    x = np.concatenate([side, x, side], axis=3)
    top = np.zeros((x.shape[0], x.shape[1], pad, x.shape[3]))
    return np.concatenate([top, x, top], axis=2)


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


@plain("conv_single_window")
def conv_single_window(window, w, b):
    return np.sum(window * w) + b


for _name, _hint, _new in [
    ("no-bias", "The bias is missing: sum of the products, plus b.", "np.sum(window * w)"),
    ("bias-for-each-term", "The bias was added for each entry. Add it once, after the sum.", "np.sum(window * w + b)"),
    ("bias-multiplied", "The bias was multiplied. Add it.", "np.sum(window * w) * b"),
    ("bias-subtracted", "The bias was subtracted. Add it.", "np.sum(window * w) - b"),
    (
        "one-per-channel",
        "One number for each channel came back. Sum over the channels too.",
        "np.sum(window * w, axis=(1, 2)) + b",
    ),
    ("not-summed", "The products were not summed.", "window * w + b"),
    ("mean", "The products were averaged. Sum them.", "np.mean(window * w) + b"),
    (
        "filter-flipped",
        "The filter was flipped. Here it is laid on as it is (cross-correlation).",
        "np.sum(window * w[:, ::-1, ::-1]) + b",
    ),
    ("sum-of-sums", "The sums were multiplied. Multiply entry by entry, then sum.", "np.sum(window) * np.sum(w) + b"),
    ("first-channel-only", "Only the first channel was used.", "np.sum(window[0] * w[0]) + b"),
    ("added", "The window and the filter were added. Multiply them.", "np.sum(window + w) + b"),
    (
        "matrix-product",
        "`@` is the matrix product. Multiply entry by entry.",
        "np.sum(window @ np.swapaxes(w, 1, 2)) + b",
    ),
]:
    edit("conv_single_window", _name, _hint, ("np.sum(window * w) + b", _new))


@alternative("conv_single_window")
def window_by_dot(window, w, b):
    return float(window.ravel().dot(w.ravel()) + b)


@alternative("conv_single_window")
def window_by_loops(window, w, b):
    total = b
    for a, c in zip(window.flatten(), w.flatten()):
        total += a * c
    return np.array(total)


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
