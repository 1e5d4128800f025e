"""Right and wrong ways to read and prepare the files of handwritten digits, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain


@plain("read_idx")
def read_idx(raw):
    if raw[:3] != b"\x00\x00\x08":
        raise ValueError("this is no IDX file of unsigned bytes")
    axes = raw[3]
    shape = [int.from_bytes(raw[4 + 4 * k : 8 + 4 * k], "big") for k in range(axes)]
    start, count = 4 + 4 * axes, int(np.prod(shape))
    if len(raw) != 4 + 4 * axes + count:
        raise ValueError(f"{count} bytes are promised after the header")
    values = np.frombuffer(raw, np.uint8, count, start)
    return values.reshape(shape)


_LENGTHS = 'int.from_bytes(raw[4 + 4 * k : 8 + 4 * k], "big")'
_SHORT = "    if len(raw) != 4 + 4 * axes + count:"
for _name, _hint, *_changes in [
    (
        "little-endian",
        "The lengths were read from the wrong end. In an IDX file the first of four bytes counts most (big-endian).",
        ('"big"', '"little"'),
    ),
    (
        "one-byte-lengths",
        "Of each length only the last byte was read, which can count to 255. All four make the number.",
        (_LENGTHS, "raw[7 + 4 * k]"),
        (_SHORT, "    if len(raw) < 4 + 4 * axes + count:"),
    ),
    (
        "offset-of-labels",
        "The first numbers are the end of the header. It has 4 + 4 · axes bytes: 16 with three axes, not 8.",
        ("start, count = 4 + 4 * axes", "start, count = 8"),
    ),
    (
        "offset-of-images",
        "16 bytes were skipped. The header has 4 + 4 · axes bytes: 8 with one axis.",
        ("start, count = 4 + 4 * axes", "start, count = 16"),
    ),
    (
        "magic-alone-skipped",
        "The lengths are among the numbers. The header has 4 + 4 · axes bytes, not 4.",
        ("start, count = 4 + 4 * axes", "start, count = 4"),
    ),
    (
        "header-as-pixels",
        "The header is among the numbers. Skip its 4 + 4 · axes bytes.",
        ("start, count = 4 + 4 * axes", "start, count = 0"),
    ),
    (
        "signed-bytes",
        "Numbers above 127 came back negative. The bytes are unsigned: np.uint8.",
        ("np.uint8, count", "np.int8, count"),
    ),
    (
        "columns-before-rows",
        "Rows and columns were swapped. The lengths come in the order of the axes: images, rows, columns.",
        ("values.reshape(shape)", "values.reshape([shape[0], *shape[:0:-1]])"),
    ),
    (
        "column-by-column",
        "The bytes were filled in column by column. They run along the rows: the last index moves fastest.",
        ("values.reshape(shape)", 'values.reshape(shape, order="F")'),
    ),
    (
        "not-reshaped",
        "The numbers are all in one row. Reshape them.",
        ("return values.reshape(shape)", "return values"),
    ),
    (
        "images-flattened",
        "Each image is a row. Return the shape that the header gives.",
        ("values.reshape(shape)", "values.reshape(shape[0], -1)"),
    ),
    (
        "axes-hard-coded",
        "Three lengths were read, whatever the header says. How many there are is its fourth byte.",
        ("axes = raw[3]", "axes = 3"),
    ),
    (
        "size-hard-coded",
        "28 × 28 is written down in the code. The header says how large images are, and whether there are any.",
        ("values.reshape(shape)", "values.reshape(-1, 28, 28)"),
    ),
    (
        "magic-not-checked",
        "A file that is no IDX file of unsigned bytes was read all the same. Look at the first three bytes: 0, 0, 8.",
        ('raw[:3] != b"\\x00\\x00\\x08"', "False"),
    ),
    (
        "leftover-not-checked",
        "A file with a byte too many was read all the same. Compare its length with what the header promises.",
        (_SHORT, "    if len(raw) < 4 + 4 * axes + count:"),
    ),
    (
        "first-image-alone",
        "Only the first entry along axis 0 came back.",
        ("values.reshape(shape)", "values.reshape(shape)[0]"),
    ),
]:
    edit("read_idx", _name, _hint, *_changes)


@alternative("read_idx")
def read_with_struct(raw):
    import struct

    zero, kind, axes = struct.unpack(">HBB", raw[:4])
    if zero or kind != 8:
        raise ValueError("not IDX")
    shape = struct.unpack(f">{axes}I", raw[4 : 4 + 4 * axes])
    return np.array(list(raw[4 + 4 * axes :]), dtype=np.uint8).reshape(shape)


@alternative("read_idx")
def read_with_big_endian_integers(raw):
    magic = np.frombuffer(raw[:4], ">i4")[0]
    if magic >> 8 != 8:
        raise ValueError(magic)
    lengths = np.frombuffer(raw, ">u4", magic & 255, 4).astype(int)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * len(lengths)).reshape(tuple(lengths)).astype(float)


@plain("prepare_digits")
def prepare_digits(images, labels, flatten=True, normalize=True, one_hot=False):
    N = len(images)
    x = images.reshape(N, -1) if flatten else images[:, np.newaxis]
    if normalize:
        x = x.astype(np.float32) / 255
    t = labels.astype(np.int64)
    if one_hot:
        t = np.eye(10)[t]
    return x, t


_SCALED = "x.astype(np.float32) / 255"
for _name, _hint, *_changes in [
    ("by-256", "The pixels were divided by 256. White is 255, and is to become 1.", (_SCALED, _SCALED[:-3] + "256")),
    (
        "by-the-largest",
        "The pixels were divided by the largest of this batch, so that one picture changes another. Divide by 255.",
        (_SCALED, "x / x.max()"),
    ),
    (
        "integer-division",
        "The division threw away what comes after the point: only 255 // 255 is 1. Turn bytes into floats first.",
        (_SCALED, "x // 255"),
    ),
    (
        "from-minus-one",
        "The pixels run from −1 to 1. They are to run from 0 to 1.",
        (_SCALED, "x.astype(np.float32) / 127.5 - 1"),
    ),
    (
        "standardized",
        "The mean was subtracted and the result divided by the standard deviation. Divide by 255, no more.",
        (_SCALED, "(x - x.mean()) / x.std()"),
    ),
    ("never-normalized", "normalize=True changes nothing.", (_SCALED, "x")),
    ("always-normalized", "The pixels were divided without being asked for it.", ("if normalize:", "if True:")),
    ("never-flattened", "flatten=True changes nothing.", ("images.reshape(N, -1) if flatten else ", "")),
    (
        "always-flattened",
        "The images were flattened without being asked for it.",
        (" if flatten else images[:, np.newaxis]", ""),
    ),
    (
        "column-by-column",
        "The rows run down the columns of the images. The last index moves fastest: reshape alone.",
        ("images.reshape(N, -1)", "images.transpose(0, 2, 1).reshape(N, -1)"),
    ),
    (
        "channel-missing",
        "There is no channel axis. A convolution takes (N, C, H, W), and a grey image has C = 1.",
        ("images[:, np.newaxis]", "images"),
    ),
    (
        "channel-last",
        "The channel axis is last. It is second here: (N, 1, H, W).",
        ("images[:, np.newaxis]", "images[..., np.newaxis]"),
    ),
    (
        "never-one-hot",
        "one_hot=True changes nothing.",
        ("        t = np.eye(10)[t]", "        t = t"),
    ),
    (
        "size-from-labels",
        "A one-hot row is as long as the largest label of this batch asks for. There are ten classes, always.",
        ("np.eye(10)", "np.eye(t.max() + 1)"),
    ),
    (
        "one-hot-transposed",
        "The one-hot labels have a row for each class. A row belongs to an image: (N, 10).",
        ("np.eye(10)[t]", "np.eye(10)[t].T"),
    ),
    (
        "labels-normalized",
        "The labels were divided by 255 as well. They are names of classes, not pixels.",
        ("    return x, t", "    return x, t / 255 if normalize else t"),
    ),
    ("swapped", "(t, x) came back. Return (x, t).", ("return x, t", "return t, x")),
]:
    edit("prepare_digits", _name, _hint, *_changes)


@alternative("prepare_digits")
def prepare_step_by_step(images, labels, flatten=True, normalize=True, one_hot=False):
    images = np.array(images, dtype=float)
    if normalize:
        images = images * (1 / 255.0)
    n, h, w = images.shape
    x = images.reshape(n, h * w) if flatten else images.reshape(n, 1, h, w)
    if not one_hot:
        return x, labels
    t = np.zeros((labels.size, 10), dtype=int)
    for row, label in zip(t, labels):
        row[label] = 1
    return x, t
