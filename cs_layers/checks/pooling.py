"""Checks of max and mean pooling.

Maxima: where several entries of a window are equal and largest, the window's dout may go to any one of them or be shared
out among them, but is paid once in total (demanded). Windows may overlap (demanded): what they pay adds up. That a stride
which does not fit raises ValueError is demanded only with `must_fit=True`; pool_param['pad'] is tried only with
`with_pad=True` (positive inputs, so that padding with 0 and with −inf are both right; the mean counts the padding).
"""

from __future__ import annotations

import numpy as np

from .arrays import distinct, readonly, spaced
from .compare import Difference, compare
from .engine import DEMANDED, Case, Task, backward_run, forward_run, repeat_forward
from .known import alternative, edit, plain

_READ = "07_pool"

#        x              height width stride
_SHAPES = [
    ((2, 3, 4, 4), 2, 2, 2),
    ((2, 2, 6, 6), 3, 3, 3),
    ((2, 2, 6, 6), 2, 2, 2),
    ((3, 2, 8, 8), 2, 2, 2),
    ((1, 2, 4, 4), 2, 2, 2),
    ((2, 1, 4, 4), 2, 2, 2),
    ((2, 2, 4, 6), 2, 2, 2),
    ((2, 2, 6, 4), 2, 2, 2),
    ((2, 3, 4, 6), 2, 3, 1),
    ((2, 2, 5, 4), 3, 2, 2),
    ((2, 2, 4, 4), 2, 2, 1),
    ((2, 2, 5, 5), 3, 3, 2),
    ((2, 2, 5, 5), 3, 3, 1),
    ((2, 2, 7, 7), 1, 1, 3),
    ((2, 2, 8, 5), 2, 2, 3),
    ((2, 2, 3, 5), 3, 5, 1),
    ((1, 1, 1, 1), 1, 1, 1),
    ((2, 2, 6, 3), 2, 1, 2),
]
_MISFITS = [((1, 2, 5, 4), 2, 2, 2), ((1, 2, 4, 7), 2, 2, 2), ((1, 1, 5, 5), 3, 3, 3)]


def _tags(x, ph, pw, stride):
    n, c, h, w = x
    facts = {
        "N = 1": n == 1,
        "C = 1": c == 1,
        "H ≠ W": h != w,
        "pool_height ≠ pool_width": ph != pw,
        "overlapping windows": stride < max(ph, pw),
        "stride ≠ window": stride not in (ph, pw) or ph != pw,
        "stride larger than the window": stride > min(ph, pw),
        "window not 2 × 2": (ph, pw) != (2, 2),
        "stride ≠ 2": stride != 2,
    }
    return {t for t, holds in facts.items() if holds}


def _plain_input(x, ph, pw, stride):
    """An everyday input: a batch of square images, square windows that tile them."""
    return min(x[:2]) > 1 and x[2] == x[3] and ph == pw == stride


def _param(ph, pw, stride):
    return {"pool_height": ph, "pool_width": pw, "stride": stride}


def _inputs(rng):
    for x, ph, pw, stride in _SHAPES:
        yield distinct(rng, x), _param(ph, pw, stride), _tags(x, ph, pw, stride), _plain_input(x, ph, pw, stride)
    x, base = (2, 2, 4, 4), _tags((2, 2, 4, 4), 2, 2, 2)
    param = _param(2, 2, 2)
    yield -np.abs(distinct(rng, x)) - 0.3, param, base | {"all values negative"}, False
    yield distinct(rng, x).astype(np.float32), param, base | {"float32"}, False
    yield spaced(distinct(rng, x)), param, base | {"x not contiguous"}, False
    yield readonly(distinct(rng, x)), param, base | {"read-only inputs"}, False
    yield 1e-6 * distinct(rng, x), param, base | {"tiny values"}, False


def _windows(shape, param):
    """Index (i, j) of each window and the slices of x that it covers."""
    ph, pw, s = param["pool_height"], param["pool_width"], param["stride"]
    for i in range((shape[2] - ph) // s + 1):
        for j in range((shape[3] - pw) // s + 1):
            yield i, j, (slice(None), slice(None), slice(i * s, i * s + ph), slice(j * s, j * s + pw))


def reference_forward(x, param, reduce):
    ph, pw, s = param["pool_height"], param["pool_width"], param["stride"]
    out = np.zeros((*x.shape[:2], (x.shape[2] - ph) // s + 1, (x.shape[3] - pw) // s + 1))
    for i, j, part in _windows(x.shape, param):
        out[:, :, i, j] = reduce(x[part], axis=(2, 3))
    return out


def reference_backward(dout, x, param, kind):
    dx = np.zeros(x.shape)
    for i, j, part in _windows(x.shape, param):
        window = x[part]
        if kind == "max":
            share = window == window.max(axis=(2, 3), keepdims=True)
        else:
            share = np.full(window.shape, 1 / (window.shape[2] * window.shape[3]))
        dx[part] += share * dout[:, :, i, j][:, :, None, None]
    return dx


def _sizes(x, param):
    return {"N": x.shape[0], "pool_height·pool_width": param["pool_height"] * param["pool_width"]}


def _padded(rng, reduce):
    """Inputs with pool_param['pad'], and what is right for them."""
    for shape, ph, pw, stride, pad in [((2, 2, 4, 4), 2, 2, 2, 1), ((2, 1, 5, 4), 3, 2, 2, 1)]:
        x = np.abs(distinct(rng, shape)) + 0.2
        param = {**_param(ph, pw, stride), "pad": pad}
        xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        yield x, param, xp, reference_forward(xp, param, reduce)


def forward_cases_of(kind):
    reduce = np.max if kind == "max" else np.mean

    def cases_of(rng, must_fit=False, with_pad=False):
        cases = []
        for x, param, tags, plain_input in _inputs(rng):
            out = reference_forward(x, param, reduce)
            cases.append(
                Case({"x": x, "pool_param": param}, {"out": out}, frozenset(tags), _sizes(x, param), plain=plain_input)
            )
        ties = np.round(rng.random((2, 2, 4, 4)) * 2)
        cases.append(
            Case(
                {"x": ties, "pool_param": _param(2, 2, 2)},
                {"out": reference_forward(ties, _param(2, 2, 2), reduce)},
                frozenset({"ties"}),
                plain=False,
            )
        )
        for x, param, _, out in _padded(rng, reduce) if with_pad else ():
            cases.append(
                Case({"x": x, "pool_param": param}, {"out": out}, frozenset({"pool_param['pad']"}), plain=False)
            )
        for shape, ph, pw, stride in _MISFITS if must_fit else ():
            args = {"x": rng.normal(size=shape), "pool_param": _param(ph, pw, stride)}
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

    return cases_of


def backward_cases_of(kind):
    reduce = np.max if kind == "max" else np.mean

    def cases_of(rng, with_pad=False):
        cases = []
        for x, param, tags, plain_input in _inputs(rng):
            out = reference_forward(x, param, reduce)
            dout = rng.normal(size=out.shape).astype(x.dtype)
            if "read-only inputs" in tags:
                dout = readonly(dout)
            dx = reference_backward(dout, x, param, kind)
            case = Case({"x": x, "pool_param": param}, {"dx": dx}, frozenset(tags), _sizes(x, param), plain=plain_input)
            case.extra, case.like = {"dout": dout, "out": out}, {"dx": ", like x"}
            if "overlapping windows" in tags:
                case.level = DEMANDED
            cases.append(case)
        if kind == "max":
            cases += _tied(rng)
        for x, param, xp, out in _padded(rng, reduce) if with_pad else ():
            dout, pad = rng.normal(size=out.shape), param["pad"]
            dx = reference_backward(dout, xp, param, kind)[:, :, pad:-pad, pad:-pad]
            case = Case({"x": x, "pool_param": param}, {"dx": dx}, frozenset({"pool_param['pad']"}), plain=False)
            case.extra = {"dout": dout, "out": out}
            cases.append(case)
        return cases

    return cases_of


def _tied(rng):
    """Windows in which several entries are the largest: zeros after a ReLU, constant patches, a few equal values."""
    relu = np.maximum(0, rng.normal(size=(2, 2, 4, 4)) - 1.0)
    constant = np.ones((1, 2, 4, 4))
    few = np.round(2 * rng.random((2, 1, 6, 4)))
    for x, param in [
        (relu, _param(2, 2, 2)),
        (constant, _param(2, 2, 2)),
        (few, _param(3, 2, 3)),
        (few, _param(2, 2, 2)),
    ]:
        out = reference_forward(x, param, np.max)
        dout = rng.normal(size=out.shape) + 3
        case = Case(
            {"x": x, "pool_param": param},
            {"dx": _paid_once(x, dout, param)},
            frozenset({"ties"}),
            plain=False,
            level=DEMANDED,
        )
        case.extra, case.like = {"dout": dout, "out": out}, {"dx": ", like x"}
        case.extra["full"] = reference_backward(dout, x, param, "max")
        yield case


def _paid_once(x, dout, param):
    """Each window's dout goes to its largest entries, in shares between 0 and 1 that sum to 1."""
    first = np.zeros(x.shape)
    for i, j, part in _windows(x.shape, param):
        for n in range(len(x)):
            for c in range(x.shape[1]):
                window = x[n, c, part[2], part[3]]
                p, q = np.unravel_index(np.argmax(window), window.shape)
                first[n, c, part[2].start + p, part[3].start + q] += dout[n, c, i, j]

    def judge(value):
        wrong = compare(value, first)
        if wrong is None or wrong.kind != "value":
            return wrong
        for i, j, part in _windows(x.shape, param):
            window, upstream = x[part], dout[:, :, i, j]
            paid = value[part] / upstream[:, :, None, None]
            total = paid.sum(axis=(2, 3))
            largest = window == window.max(axis=(2, 3), keepdims=True)
            if (np.abs(paid[~largest]) > 1e-9).any() or (paid < -1e-9).any():
                return Difference("value", wrong.text + " (entries that are not the largest of their window were paid)")
            if np.abs(total - 1).max() > 1e-7:
                n, c = np.unravel_index(np.argmax(np.abs(total - 1)), total.shape)
                text = f"pays {total[n, c]:.3g} times what came from above in a window with {int(largest[n, c].sum())} equal maxima, expected 1 time"
                return Difference("value", text, "pays tied maxima more or less than once in total")
        return None

    return judge


_PATTERNS = {
    "ties": (
        "ties-paid-in-full",
        "It fails just where several entries of a window are equally large: pay one of them (argmax), not all (x == max).",
    ),
    "H ≠ W": ("h-for-w", "It fails just where images are not square: H is used somewhere for W."),
    "pool_height ≠ pool_width": (
        "height-for-width",
        "It fails just where windows are not square: pool_height is used somewhere for pool_width.",
    ),
    "overlapping windows": (
        "overlap-not-added",
        "It fails just where windows overlap: an entry may be paid by several windows, so add with +=.",
    ),
    "stride ≠ window": (
        "stride-for-window",
        "It fails just where the stride is not the window's size: one is used somewhere for the other.",
    ),
    "window not 2 × 2": (
        "window-hard-coded",
        "It fails just where windows are not 2 × 2: the size is hard-coded somewhere.",
    ),
    "stride ≠ 2": (
        "stride-hard-coded",
        "It fails just where the stride is not 2: it is hard-coded somewhere. Take pool_param['stride'].",
    ),
    "all values negative": (
        "zero-as-smallest",
        "It fails just where all values are negative: a running maximum must not start at 0.",
    ),
    "N = 1": ("batch-of-one", "A batch of one image is a batch too."),
    "C = 1": ("one-channel", "It fails just with a single channel."),
    "read-only inputs": ("writes-input", "The function writes into one of its inputs. Work on a copy."),
    "pool_param['pad']": ("pad-ignored", "pool_param['pad'] is ignored."),
    "a stride that does not fit": (
        "misfit-not-raised",
        "Raise ValueError where (H − pool_height) or (W − pool_width) is no multiple of stride.",
    ),
}


def _tasks(kind):
    forward = Task(
        f"{kind}_pool_forward_naive",
        ("out",),
        forward_cases_of(kind),
        forward_run(("out", "cache"), ("out",)),
        f"{kind}_pool_forward_naive(x, pool_param)",
        read=_READ,
        patterns=_PATTERNS,
        options=("must_fit", "with_pad"),
        repeat=repeat_forward,
    )
    backward = Task(
        f"{kind}_pool_backward_naive",
        ("dx",),
        backward_cases_of(kind),
        backward_run(forward, ("dx",), lambda case: tuple(case.args.values())),
        f"{kind}_pool_backward_naive(dout, cache)",
        read=_READ,
        patterns=_PATTERNS,
        options=("with_pad",),
        repeat=repeat_forward,
    )
    return forward, backward


MAX_FORWARD, MAX_BACKWARD = _tasks("max")
MEAN_FORWARD, MEAN_BACKWARD = _tasks("mean")


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
        "stride-as-window",
        "The stride was taken for the window's size.",
        ("i * stride + ph, j * stride : j * stride + pw", "i * stride + stride, j * stride : j * stride + stride"),
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
        "A stride that does not fit drops rows or columns in silence. Raise ValueError where (H − pool_height) or (W − pool_width) is no multiple of stride.",
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

    if _kind == "max":
        _all = (_ARGMAX, "mask = window == np.max(window)")
        _e(
            "ties-paid-in-full",
            "Every tied maximum was paid in full, so the gradient's sum is too large. Pay one of them: np.argmax gives the first.",
            _all,
        )
        _e(
            "ties-paid-in-full-and-overlap-assigned",
            "Every tied maximum was paid in full (pay one: np.argmax), and where windows overlap = keeps the last share only (add with +=).",
            _all,
            (_add, _add.replace("+=", "=")),
        )
        _entry = "dxp[n, c, r : r + ph, s : s + pw][np.unravel_index(np.argmax(window), window.shape)]"
        _e(
            "maximum-assigned",
            "Where windows overlap, an entry may be the largest of several. Add to it with +=; = keeps the last window's share only.",
            (_add, f"{_entry} = dout[n, c, i, j]"),
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
                "np.unravel_index(np.argmax(window), window.shape)",
                "min(np.argmax(window) // ph, ph - 1), min(np.argmax(window) % ph, pw - 1)",
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
