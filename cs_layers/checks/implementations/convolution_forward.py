"""Right and wrong ways to write the forward pass of a convolution, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain


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
