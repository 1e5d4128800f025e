"""Right and wrong ways to write convolution, padding, im2col and col2im, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, mistake, plain


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
    "    if (H + 2 * pad - HH) % stride or (W + 2 * pad - WW) % stride:\n"
    '        raise ValueError("the stride does not fit")\n',
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
    "Every axis was padded, the batch and the channels too. Pad the last two: ((0, 0), (0, 0), (pad, pad), (pad, "
    "pad)).",
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
    "output-as-high-as-wide",
    "out was made with H' for W' too: images need not be square.",
    ("np.zeros((N, F, H_out, W_out))", "np.zeros((N, F, H_out, H_out))"),
)


_fe(
    "output-sides-swapped",
    "out was made with W' before H'. It is (N, F, H', W').",
    ("np.zeros((N, F, H_out, W_out))", "np.zeros((N, F, W_out, H_out))"),
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


_fe(
    "summed-over-the-batch",
    "The sum runs over the images too. Each image has its own output: sum over axes 1, 2 and 3 of its window.",
    ("xp[n, :, i", "xp[:, :, i"),
)
_fe("first-image-only", "Every image of the batch got the first image's output.", ("xp[n, :,", "xp[0, :,"))


_fe("one-filter-only", "Every output channel got the first filter.", ("window * w[f]", "window * w[0]"))


_fe(
    "last-window-missing",
    "The loops stop one window early.",
    ("for i in range(H_out):", "for i in range(H_out - 1):"),
    ("for j in range(W_out):", "for j in range(W_out - 1):"),
)


_fe(
    "loops-over-the-image",
    "The loops walk over the image (range(0, H, stride)), which fits only where pad makes up for the filter. Walk "
    "over H' and W'.",
    ("for i in range(H_out):", "for i in range(-(-H // stride)):"),
    ("for j in range(W_out):", "for j in range(-(-W // stride)):"),
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
    "A stride that does not fit drops rows or columns in silence. Raise ValueError where (H + 2·pad − HH) or (W + "
    "2·pad − WW) is no multiple of stride.",
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


edit(
    "conv_forward_naive",
    "bias-once-for-each-channel",
    "The bias is added once for each channel. Add it once for each output.",
    ("np.sum(window * w[f]) + b[f]", "np.sum(window * w[f]) + C * b[f]"),
)


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
    "A stride that does not fit drops columns in silence. Raise ValueError where size + 2·pad − window is no "
    "multiple of stride.",
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


_SUM = "np.sum(window * w[f]) + b[f]"
for _name, _hint, _changes in [
    (
        "bias-of-the-image",
        "The bias was taken by the image's number. Filter f has its own bias, b[f].",
        [("b[f]", "b[n]")],
    ),
    (
        "stride-2-hard-coded",
        "A stride of 2 is hard-coded. Take conv_param['stride'].",
        [('conv_param["stride"]', "2"), _FIT],
    ),
    (
        "stride-and-pad-swapped",
        "The stride and the padding were read from each other's key.",
        [("stride, pad = conv_param", "pad, stride = conv_param"), _FIT],
    ),
    (
        "matrix-product",
        "`@`, np.dot and np.matmul are matrix products. Multiply entry by entry, then sum.",
        [(_SUM, "np.sum(window @ w[f]) + b[f]")],
    ),
    (
        "matrix-product-transposed",
        "`@`, np.dot and np.matmul are matrix products. Multiply entry by entry, then sum.",
        [(_SUM, "np.sum(window @ w[f].transpose(0, 2, 1)) + b[f]")],
    ),
    (
        "added-not-multiplied",
        "The window and the filter were added. Multiply them.",
        [(_SUM, "np.sum(window + w[f]) + b[f]")],
    ),
    (
        "sums-multiplied",
        "The window and the filter were summed over the channels before they were multiplied. Multiply, then sum.",
        [(_SUM, "np.sum(window.sum(axis=0) * w[f].sum(axis=0)) + b[f]")],
    ),
    (
        "last-channel-only",
        "Only the last channel was used. Sum over all channels.",
        [(_SUM, "np.sum(window[-1] * w[f][-1]) + b[f]")],
    ),
    (
        "last-weight-only",
        "Only the last weight of each filter is left: what the others gave was overwritten. Add with +=.",
        [(_SUM, "np.sum(window[:, -1, -1] * w[f][:, -1, -1])")],
    ),
    (
        "whole-map-overwritten",
        "Each window's number fills the whole output. It belongs to one entry, out[n, f, i, j].",
        [("out[n, f, i, j] =", "out[n, f] =")],
    ),
    (
        "last-column-missing",
        "The loop over the columns stops one early.",
        [("for j in range(W_out):", "for j in range(W_out - 1):")],
    ),
    (
        "filters-before-images",
        "The output begins with the filters. Its axes are (N, F, H', W').",
        [("np.zeros((N, F, H_out, W_out))", "np.zeros((F, N, H_out, W_out))")],
    ),
    (
        "largest-product",
        "The largest product was taken. Sum them all.",
        [(_SUM, "np.max(window * w[f]) + b[f]")],
    ),
]:
    _fe(_name, _hint, *_changes)


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
