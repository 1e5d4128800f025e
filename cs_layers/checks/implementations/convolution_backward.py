"""Right and wrong ways to write the backward pass of a convolution, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, mistake, plain
from .convolution_forward import conv_by_steps


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


_be(
    "last-image-only",
    "Only the last image's dx was filled: the line that cuts off the padding stands after the loop over the images.",
    (f"dx = {_CROP}", "dx = np.zeros_like(x)\n    dx[n] = dxp[n, :, pad : pad + H, pad : pad + W]"),
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


_be(
    "overlap-assigned-all-filters",
    "Where windows overlap, dx gets a share from each of them. Add with +=; = keeps the last window's share only.",
    (_ADD, "dxp[n, :, r : r + HH, c : c + WW] = np.tensordot(dout[n, :, i, j], w, axes=1)"),
)


_be(
    "loops-over-the-image",
    "The loops for dx walk over the image (range(0, H, stride)), which fits only where pad makes up for the filter. "
    "Walk over H' and W', the axes of dout.",
    ("            for i in range(H_out):", "            for i in range(-(-H // stride)):"),
    ("                for j in range(W_out):", "                for j in range(-(-W // stride)):"),
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


for _axes in ("(0, 1)", "(0, 2)", "(0, 3)", "(1, 2)", "(1, 3)", "(0, 1, 2, 3)"):
    _be(
        f"db-summed-over-{_axes}",
        f"db was summed over axes {_axes}. Sum over axes 0, 2 and 3, so that one number for each filter is left.",
        ("    return dx, dw, db", f"    db = dout.sum(axis={_axes})\n    return dx, dw, db"),
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
        "window = np.zeros(w[0].shape)\n"
        "                    part = x[n, :, r : r + HH, c : c + WW]\n"
        "                    window[:, : part.shape[1], : part.shape[2]] = part",
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


edit(
    "conv_backward_naive",
    "db-summed-over-(0, 1, 2)",
    "db was summed over the axes (0, 1, 2). It has one entry for each filter: axis=(0, 2, 3).",
    ("    dx = dxp[", "    db = np.sum(dout, axis=(0, 1, 2))\n    dx = dxp["),
)


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


_LAST = "    dx = dxp[:, :, pad : pad + H, pad : pad + W]"
_CORNER = "(H_out - 1) * stride : (H_out - 1) * stride + HH, (W_out - 1) * stride : (W_out - 1) * stride + WW"
for _name, _hint, _changes in [
    (
        "dw-of-the-last-window",
        "dw holds the last window's share alone. Add the share of every window with +=.",
        [(_LAST, f"    dw = np.einsum('nf,ncpq->fcpq', dout[:, :, -1, -1], xp[:, :, {_CORNER}])\n" + _LAST)],
    ),
    (
        "db-averaged-over-everything",
        "db is a mean. It is the sum of dout over axes 0, 2 and 3.",
        [(_LAST, "    db = np.mean(dout, axis=(0, 2, 3))\n" + _LAST)],
    ),
    (
        "db-without-dout",
        "db does not use dout. Sum dout over axes 0, 2 and 3.",
        [(_LAST, "    db = np.ones_like(b)\n" + _LAST)],
    ),
    (
        "db-is-b",
        "db was multiplied with b. It is the sum of dout over axes 0, 2 and 3.",
        [(_LAST, "    db = db * b\n" + _LAST)],
    ),
    (
        "dx-of-the-first-filter",
        "dx has the first filter's share alone. Every filter pays into it, with its own weights and its own dout.",
        [(_ADD, _ADD + " * (f == 0)")],
    ),
    (
        "x-for-w",
        "dx was made from x. Each window gets dout · w[f].",
        [(_ADD, _ADD.replace("w[f]", "window"))],
    ),
    (
        "last-row-and-column-missing",
        "The loops stop one window early, in height and in width.",
        [
            ("for i in range(H_out):", "for i in range(H_out - 1):"),
            ("for j in range(W_out):", "for j in range(W_out - 1):"),
        ],
    ),
    (
        "last-column-missing",
        "The loop over the columns stops one window early.",
        [("for j in range(W_out):", "for j in range(W_out - 1):")],
    ),
    (
        "filter-flipped-in-rows",
        "The filter was flipped along its rows in dx, and not along its columns: a full convolution flips both.",
        [(_ADD, _ADD.replace("w[f]", "w[f, :, ::-1]"))],
    ),
    (
        "filter-flipped-in-columns",
        "The filter was flipped along its columns in dx, and not along its rows: a full convolution flips both.",
        [(_ADD, _ADD.replace("w[f]", "w[f, :, :, ::-1]"))],
    ),
    (
        "channels-flipped",
        "The filter's channels were flipped in dx. Their order stays.",
        [(_ADD, _ADD.replace("w[f]", "w[f, ::-1]"))],
    ),
    (
        "filter-transposed",
        "The filter's rows and columns are swapped in dx.",
        [(_ADD, _ADD.replace("w[f]", "w[f].reshape(C, WW, HH).transpose(0, 2, 1)"))],
    ),
    (
        "dout-reshaped-not-transposed",
        "dout was reshaped where its axes must be swapped: transpose it to (N, H', W', F) before the reshape.",
        [
            (
                "    dxp = np.zeros_like(xp)",
                "    dout = dout.reshape(N, H_out, W_out, F).transpose(0, 3, 1, 2)\n    dxp = np.zeros_like(xp)",
            )
        ],
    ),
    (
        "dx-averaged",
        "dx was divided by N. The loss has already done that.",
        [(_LAST, _LAST + " / N")],
    ),
    (
        "first-image-of-dx-only",
        "dx of the first image alone was filled.",
        [(_LAST, "    dxp[1:] = 0\n" + _LAST)],
    ),
]:
    _be(_name, _hint, *_changes)
