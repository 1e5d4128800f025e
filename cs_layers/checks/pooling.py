"""Checks of max and mean pooling.

Maxima: where several entries of a window are equal and largest, the window's dout may go to any one of them or be
shared out among them, but is paid once in total (demanded). Windows may overlap (demanded): what they pay adds up.
That a stride which does not fit raises ValueError is demanded only with `must_fit=True`; pool_param['pad'] is tried
only with `with_pad=True` (positive inputs, so that padding with 0 and with −inf are both right; the mean counts the
padding).
"""

from __future__ import annotations

import numpy as np

from . import sizes
from .arrays import distinct, readonly, spaced
from .compare import Difference, compare
from .engine import DEMANDED, Case, Task, backward_run, forward_run, refusal, repeat_backward, repeat_forward

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
        "overlapping windows": (stride < ph < h) or (stride < pw < w),
        "stride ≠ window": (stride != ph < h) or (stride != pw < w),
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
    return {"N": x.shape[0], "C": x.shape[1], "pool_height·pool_width": param["pool_height"] * param["pool_width"]}


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
            cases.append(refusal(args, "a stride that does not fit", why))
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
        (few, _param(3, 1, 3)),
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
                times, equal = f"{total[n, c]:.3g}", int(largest[n, c].sum())
                text = f"pays {times} times what came from above in a window with {equal} equal maxima, expected 1 time"
                return Difference("value", text, "pays tied maxima more or less than once in total")
        return None

    return judge


_PATTERNS = {
    "ties": (
        "ties-paid-in-full",
        "It fails just where several entries of a window are equally large: pay one of them (argmax), not all (x == "
        "max).",
    ),
    "H ≠ W": ("h-for-w", "It fails just where images are not square: H is used somewhere for W."),
    "pool_height ≠ pool_width": (
        "height-for-width",
        "It fails just where windows are not square: pool_height is used somewhere for pool_width.",
    ),
    "stride ≠ window": (
        "stride-for-window",
        "It fails just where the stride is not the window's size, as if windows always tiled the image.",
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


_FORWARD_PATTERNS = {
    **_PATTERNS,
    "overlapping windows": (
        "number-of-windows",
        "It fails just where windows overlap: walk over the H' · W' windows, not over the image in steps of stride.",
    ),
}


_BACKWARD_PATTERNS = {
    **_PATTERNS,
    "overlapping windows": (
        "overlap-not-added",
        "It fails just where windows overlap: an entry may be paid by several windows, so add with +=.",
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
        patterns=_FORWARD_PATTERNS,
        probes=(sizes.probe,),
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
        patterns=_BACKWARD_PATTERNS,
        demands={"overlapping windows": r"[Ww]indows may overlap", "ties": r"tie is paid once in total"},
        options=("with_pad",),
        repeat=repeat_backward,
    )
    return forward, backward


MAX_FORWARD, MAX_BACKWARD = _tasks("max")


MEAN_FORWARD, MEAN_BACKWARD = _tasks("mean")
