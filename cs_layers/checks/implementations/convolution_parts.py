"""Right and wrong ways to write the parts of a convolution: its output size, the padding, one window."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain


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
