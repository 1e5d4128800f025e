"""The check of a Convolution class: forward and backward, and that each object keeps its own things.

`Convolution(w, b, stride, pad)` has forward(x) -> out, backward(dout) -> dx, and dw and db after it. An object is used
for several batches, and beside another one, as in training.
"""

from __future__ import annotations

import numpy as np

from .arrays import readonly
from .calls import Missing, Raised, copy_of, touched
from .convolution import _PATTERNS, _SHAPES, _plain_input, _sizes, _tags, reference_backward, reference_forward
from .engine import Case, Outcome, Task
from .known import alternative, edit, mistake, plain

_READ = "08_fast_conv"
_ONCE = ("out", "dx", "dw", "db")
_LATER = ("dw of a second batch", "dw beside another layer")


def cases(rng):
    made = []
    for number, (x, w, stride, pad) in enumerate(_SHAPES):
        args = {
            "w": rng.normal(size=w),
            "b": rng.normal(size=w[0]) + 0.5,
            "stride": stride,
            "pad": pad,
            "x": rng.normal(size=x),
        }
        tags = _tags(x, w, stride, pad)
        if number == 3:
            args, tags = {n: readonly(v) if isinstance(v, np.ndarray) else v for n, v in args.items()}, tags | _READONLY
        made.append(_case(rng, args, tags, _plain_input(x, w, stride, pad), later=number < 2))
    return made


_READONLY = {"read-only inputs"}


def _case(rng, args, tags, plain_input, later):
    w, b, stride, pad, x = args.values()
    out = reference_forward(x, w, b, stride, pad)
    dout, other = rng.normal(size=out.shape), rng.normal(size=x.shape)
    dx, dw, db = reference_backward(dout, x, w, stride, pad)
    expected = {"out": out, "dx": dx, "dw": dw, "db": db}
    if later:
        expected |= {_LATER[0]: reference_backward(dout, other, w, stride, pad)[1], _LATER[1]: dw}
    case = Case(args, expected, frozenset(tags), _sizes(x, w, stride, pad), plain=plain_input)
    case.extra = {"dout": readonly(dout) if tags & _READONLY else dout, "other": other}
    case.like = {"dx": ", like x", "dw": ", like w", "db": ", like b"}
    return case


def _run(functions, case, guard):
    args = copy_of(case.args)
    before = copy_of(args)
    w, b, stride, pad, x = args.values()
    dout = copy_of(case.extra["dout"])
    layer = guard(functions[0], w, b, stride, pad)
    if isinstance(layer, Raised):
        return Outcome(dict.fromkeys(case.expected, layer))
    values = {"out": _single(guard(_call, layer, "forward", x))}
    values |= _back(layer, dout, guard)
    if _LATER[0] in case.expected:
        other = copy_of(case.extra["other"])
        guard(_call, layer, "forward", other)
        values[_LATER[0]] = _back(layer, dout, guard)["dw"]
        second = guard(functions[0], w, b, stride, pad)
        guard(_call, layer, "forward", x)
        guard(_call, second, "forward", other)
        values[_LATER[1]] = _back(layer, dout, guard)["dw"]
    if not np.array_equal(dout, case.extra["dout"]):
        values["~dout"] = True
    return Outcome(values | {"~" + n: True for n in touched(before, args)})


def _call(layer, method, value):
    return getattr(layer, method)(value)


def _kept(layer, name, other, guard):
    """An attribute that backward leaves in the object."""
    found = guard(lambda: next(n for n in (name, other) if hasattr(layer, n)))
    if isinstance(found, Raised):
        return Missing(f"is not in the object after backward: set self.{name}")
    return _single(guard(getattr, layer, found))


def _single(value):
    """A copy of one array; later calls may change the array itself."""
    if isinstance(value, (tuple, list)):
        return Missing(f"is a {type(value).__name__} of {len(value)}, expected an array alone")
    return copy_of(value)


def _back(layer, dout, guard):
    """dx, dw and db; dW, the name of other courses, is as good as dw."""
    dx = guard(_call, layer, "backward", dout)
    if isinstance(dx, Raised):
        return dict.fromkeys(("dx", "dw", "db"), dx)
    return {
        "dx": _single(dx),
        "dw": _kept(layer, "dw", "dW", guard),
        "db": _kept(layer, "db", "db", guard),
    }


CONVOLUTION = Task(
    "Convolution",
    (*_ONCE, *_LATER),
    cases,
    _run,
    "Convolution(w, b, stride, pad), then forward(x), then backward(dout)",
    {"out": 2, "dx": 2, "dw": 2, "db": 1},
    read=_READ,
    patterns=_PATTERNS,
)


@plain("Convolution")
class Convolution:
    def __init__(self, w, b, stride=1, pad=0):
        self.w, self.b, self.stride, self.pad = w, b, stride, pad
        self.dw = self.db = None

    def forward(self, x):
        F, C, HH, WW = self.w.shape
        N, _, H, W = x.shape
        S, P = self.stride, self.pad
        out_h = (H + 2 * P - HH) // S + 1
        out_w = (W + 2 * P - WW) // S + 1
        xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
        col = np.zeros((N, C, HH, WW, out_h, out_w))
        for p in range(HH):
            for q in range(WW):
                col[:, :, p, q] = xp[:, :, p : p + S * out_h : S, q : q + S * out_w : S]
        self.col = col.transpose(0, 4, 5, 1, 2, 3).reshape(N * out_h * out_w, -1)
        self.x_shape = x.shape
        out = self.col @ self.w.reshape(F, -1).T + self.b
        return out.reshape(N, out_h, out_w, F).transpose(0, 3, 1, 2)

    def backward(self, dout):
        F, C, HH, WW = self.w.shape
        N, _, H, W = self.x_shape
        S, P = self.stride, self.pad
        out_h, out_w = dout.shape[2:]
        rows = dout.transpose(0, 2, 3, 1).reshape(-1, F)
        self.db = rows.sum(axis=0)
        self.dw = (rows.T @ self.col).reshape(F, C, HH, WW)
        dcol = rows @ self.w.reshape(F, -1)
        dcol = dcol.reshape(N, out_h, out_w, C, HH, WW).transpose(0, 3, 4, 5, 1, 2)
        dxp = np.zeros((N, C, H + 2 * P, W + 2 * P))
        for p in range(HH):
            for q in range(WW):
                dxp[:, :, p : p + S * out_h : S, q : q + S * out_w : S] += dcol[:, :, p, q]
        return dxp[:, :, P : P + H, P : P + W]


for _name, _hint, *_changes in [
    (
        "output-not-transposed",
        "The product has the filters last. Reshape to (N, H', W', F), then transpose(0, 3, 1, 2).",
        ("out.reshape(N, out_h, out_w, F).transpose(0, 3, 1, 2)", "out.reshape(N, F, out_h, out_w)"),
    ),
    (
        "output-left-channels-last",
        "out is (N, H', W', F); the filters belong on axis 1: transpose(0, 3, 1, 2).",
        ("out.reshape(N, out_h, out_w, F).transpose(0, 3, 1, 2)", "out.reshape(N, out_h, out_w, F)"),
    ),
    ("bias-missing", "The bias is not added.", (" + self.b\n", "\n")),
    (
        "filters-not-transposed",
        "Each column of the right factor must be one filter: w.reshape(F, -1).T, not w.reshape(-1, F).",
        ("self.w.reshape(F, -1).T + self.b", "self.w.reshape(-1, F) + self.b"),
    ),
    (
        "dout-not-transposed",
        "The rows of dout must come in the order of im2col's: transpose(0, 2, 3, 1) before the reshape.",
        ("dout.transpose(0, 2, 3, 1).reshape(-1, F)", "dout.reshape(-1, F)"),
    ),
    (
        "dw-transposed",
        "dw was reshaped from (C·HH·WW, F). Put the filters first: rows.T @ col.",
        ("(rows.T @ self.col)", "(self.col.T @ rows)"),
    ),
    (
        "db-keeps-an-axis",
        "db has shape (1, F). It is (F,), like b: sum over axis 0 without keepdims.",
        ("rows.sum(axis=0)", "rows.sum(axis=0, keepdims=True)"),
    ),
    (
        "db-of-the-batch-alone",
        "db was summed over the images alone. Sum over images, rows and columns.",
        ("rows.sum(axis=0)", "dout.sum(axis=0)"),
    ),
    (
        "db-averaged",
        "db is a mean over the places. It is a sum.",
        ("rows.sum(axis=0)", "rows.mean(axis=0)"),
    ),
    (
        "gradients-add-up",
        "dw still holds the gradient of the batch before. Set it anew in each backward.",
        ("self.dw = (rows", "self.dw = (0 if self.dw is None else self.dw) + (rows"),
    ),
    (
        "kept-in-the-class",
        "What forward kept belongs to all Convolution objects at once. Keep it in self, not in the class.",
        ("self.col = col", "Convolution.col = col"),
        ("self.x_shape = x", "Convolution.x_shape = x"),
    ),
    (
        "first-batch-kept",
        "backward uses the first batch that came. Keep the latest one in each forward.",
        ("        self.col = col.trans", "        rows = col.trans"),
        (
            "        self.x_shape = x.shape\n",
            '        self.col = self.col if hasattr(self, "col") else rows\n        self.x_shape = x.shape\n',
        ),
        ("self.col @ self.w", "rows @ self.w"),
    ),
    ("overlap-assigned", "Where windows overlap their shares add up: +=.", ("S] += dcol", "S] = dcol")),
    ("stride-ignored", "The stride given to the object is not used.", ("b, stride, pad\n", "b, 1, pad\n")),
    ("pad-ignored", "The pad given to the object is not used.", ("b, stride, pad\n", "b, stride, 0\n")),
    (
        "padding-not-cut-off",
        "dx still has the padding around it. Cut it off: pad : pad + H.",
        ("return dxp[:, :, P : P + H, P : P + W]", "return dxp"),
    ),
    (
        "pad-slice-empty",
        "The slice P:-P is empty where pad is 0. Write P : P + H.",
        ("dxp[:, :, P : P + H, P : P + W]", "dxp[:, :, P:-P, P:-P]"),
    ),
    (
        "everything-returned",
        "backward returned (dx, dw, db). Return dx alone, and leave the others in self.dw and self.db.",
        ("return dxp[:, :, P : P + H, P : P + W]", "return dxp[:, :, P : P + H, P : P + W], self.dw, self.db"),
    ),
    (
        "cache-returned",
        "forward returned (out, cache). Return out alone, and keep what backward needs in self.",
        (
            "return out.reshape(N, out_h, out_w, F).transpose(0, 3, 1, 2)",
            "return out.reshape(N, out_h, out_w, F).transpose(0, 3, 1, 2), self.col",
        ),
    ),
    (
        "gradients-not-kept",
        "dw and db are not in the object after backward. Set self.dw and self.db.",
        ("self.db = rows", "db = rows"),
        ("self.dw = (rows", "dw = (rows"),
    ),
    (
        "writes-x",
        "x itself was changed. Work on a copy.",
        ("        xp = np.pad", "        x *= 0.5\n        xp = np.pad"),
    ),
    (
        "updates-itself",
        "backward changed the filters. It computes gradients; an optimiser takes the step.",
        (
            "        dcol = rows @ self.w.reshape(F, -1)\n",
            "        dcol = rows @ self.w.reshape(F, -1)\n        self.w -= 0.1 * self.dw\n",
        ),
    ),
]:
    edit("Convolution", _name, _hint, *_changes)


@mistake("Convolution", "h-for-w", "H is used for W somewhere: images and filters need not be square.")
class SquareOnly:
    def __init__(self, w, b, stride=1, pad=0):
        self.w, self.b, self.stride, self.pad = w, b, stride, pad

    def _windows(self, x):
        HH = self.w.shape[2]
        xp = np.pad(x, ((0, 0), (0, 0), (self.pad,) * 2, (self.pad,) * 2))
        return np.lib.stride_tricks.sliding_window_view(xp, (HH, HH), (2, 3))[:, :, :: self.stride, :: self.stride]

    def forward(self, x):
        self.x = x
        return np.einsum("ncijpq,fcpq->nfij", self._windows(x), self.w) + self.b[:, None, None]

    def backward(self, dout):
        w, S, P = self.w, self.stride, self.pad
        N, C, H, W = self.x.shape
        self.dw, self.db = np.einsum("nfij,ncijpq->fcpq", dout, self._windows(self.x)), dout.sum(axis=(0, 2, 3))
        dxp = np.zeros((N, C, H + 2 * P, W + 2 * P))
        for p, q in np.ndindex(w.shape[2:]):
            place = dxp[:, :, p : p + S * dout.shape[2] : S, q : q + S * dout.shape[3] : S]
            place += np.einsum("nfij,fc->ncij", dout, w[:, :, p, q])
        return dxp[:, :, P : P + H, P : P + H]


@alternative("Convolution")
class WithLoopsAndOtherNames:
    dW = None

    def __init__(self, weights, bias, step=1, border=0):
        self.p = {"W": weights, "b": bias}
        self.how = step, border

    def forward(self, images):
        print("forward", images.shape)
        (S, P), W = self.how, self.p["W"]
        self.images = np.pad(images, ((0, 0), (0, 0), (P, P), (P, P)))
        HH, WW = W.shape[2:]
        rows = range(0, self.images.shape[2] - HH + 1, S)
        cols = range(0, self.images.shape[3] - WW + 1, S)
        out = np.empty((len(images), len(W), len(rows), len(cols)), dtype=images.dtype)
        for i, r in enumerate(rows):
            for j, c in enumerate(cols):
                out[:, :, i, j] = np.tensordot(self.images[:, :, r : r + HH, c : c + WW], W, ([1, 2, 3], [1, 2, 3]))
        return out + self.p["b"][:, None, None]

    def backward(self, dout):
        (S, P), W = self.how, self.p["W"]
        HH, WW = W.shape[2:]
        self.dW, self.db = np.zeros(W.shape), dout.sum((0, 2, 3))
        dx = np.zeros(self.images.shape)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                place = np.s_[:, :, i * S : i * S + HH, j * S : j * S + WW]
                self.dW += np.tensordot(dout[:, :, i, j].T, self.images[place], 1)
                dx[place] += np.tensordot(dout[:, :, i, j], W, 1)
        return dx[:, :, P : dx.shape[2] - P, P : dx.shape[3] - P]
