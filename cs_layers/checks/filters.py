"""The check of how the filters of a convolution become pictures: channels last, each filter on a scale of its own."""

from __future__ import annotations

import numpy as np

from .arrays import readonly
from .engine import Case, Task, forward_run, repeat_forward
from .known import alternative, edit, plain

_READ = "09_cnn"


def _cases(rng):
    made = []
    for shape, tags in [
        ((4, 3, 5, 5), set()),
        ((2, 3, 4, 6), {"not square"}),
        ((1, 3, 2, 4), {"not square"}),
        ((3, 3, 3, 3), {"all sizes alike"}),
        ((5, 1, 3, 3), {"one channel"}),
        ((3, 2, 4, 4), {"two channels"}),
        ((3, 3, 4, 4), {"read-only filters"}),
    ]:
        sizes, offsets = (rng.uniform(*ends, size=(shape[0], 1, 1, 1)) for ends in ((0.2, 2.0), (-1.0, 1.0)))
        w = offsets + sizes * rng.normal(size=shape)
        args = {"w": readonly(w) if "read-only filters" in tags else w}
        everyday = not tags - {"not square"}
        made.append(Case(args, {"images": filter_images(w)}, frozenset(tags), {"F": shape[0]}, plain=everyday))
    return made


FILTERS = Task(
    "filter_images",
    ("images",),
    _cases,
    forward_run(("images",), ("images",)),
    "filter_images(w)",
    read=_READ,
    repeat=repeat_forward,
    patterns={
        "read-only filters": ("writes-w", "The function writes into w. Work on a copy."),
        "not square": ("square-assumed", "It fails just where filters are not square: take HH and WW from w.shape."),
    },
)


@plain("filter_images")
def filter_images(w):
    images = w.transpose(0, 2, 3, 1)
    low = images.min(axis=(1, 2, 3), keepdims=True)
    high = images.max(axis=(1, 2, 3), keepdims=True)
    return (images - low) / (high - low)


_FOLD = "images = w.transpose(0, 2, 3, 1)"
for _name, _hint, *_changes in [
    (
        "as-fully-connected",
        "w was folded as the (D, M) weights of a fully connected layer are, so each picture mixes the numbers of all "
        "filters. Filters have the shape (F, C, HH, WW) already: move their channels to the end.",
        (_FOLD, "_, C, HH, WW = w.shape\n    images = w.reshape(HH, WW, C, -1).transpose(3, 0, 1, 2)"),
    ),
    (
        "as-fully-connected-channels-first",
        "w was folded as the (D, M) weights of a fully connected layer are, so each picture mixes the numbers of all "
        "filters. Filters have the shape (F, C, HH, WW) already: move their channels to the end.",
        (_FOLD, "_, C, HH, WW = w.shape\n    images = w.reshape(C, HH, WW, -1).transpose(3, 1, 2, 0)"),
    ),
    (
        "reshaped",
        "reshape to (F, HH, WW, C) leaves the numbers in their order and mixes channels and places. Use transpose.",
        (_FOLD, "F, C, HH, WW = w.shape\n    images = w.reshape(F, HH, WW, C)"),
    ),
    (
        "columns-for-rows",
        "Rows and columns are swapped: the picture lies on its side.",
        ("transpose(0, 2, 3, 1)", "transpose(0, 3, 2, 1)"),
    ),
    ("channels-first", "The channels belong at the end: (F, HH, WW, C).", ("w.transpose(0, 2, 3, 1)", "w")),
    (
        "filters-last",
        "The filters belong in front: one picture for each, (F, HH, WW, C).",
        ("return (images - low) / (high - low)", "return ((images - low) / (high - low)).transpose(1, 2, 3, 0)"),
    ),
    (
        "one-range-for-all",
        "All filters share one scale, so that those with small numbers are grey. Stretch each by itself.",
        ("min(axis=(1, 2, 3), keepdims=True)", "min()"),
        ("max(axis=(1, 2, 3), keepdims=True)", "max()"),
    ),
    (
        "range-for-each-channel",
        "Each channel was stretched by itself, which changes the colours. One scale for all numbers of a filter.",
        ("min(axis=(1, 2, 3)", "min(axis=(1, 2)"),
        ("max(axis=(1, 2, 3)", "max(axis=(1, 2)"),
    ),
    (
        "range-for-each-pixel",
        "Each pixel was stretched by itself. One scale for all numbers of a filter.",
        ("min(axis=(1, 2, 3)", "min(axis=3"),
        ("max(axis=(1, 2, 3)", "max(axis=3"),
    ),
    (
        "not-stretched",
        "The numbers are those of w. Stretch each filter: its smallest number becomes 0, its largest 1.",
        ("(images - low) / (high - low)", "images"),
    ),
    (
        "divided-by-the-largest",
        "The smallest number of a filter is to become 0: subtract it first, then divide by largest − smallest.",
        ("(images - low) / (high - low)", "images / high"),
    ),
    (
        "not-divided-by-the-range",
        "After the smallest is subtracted, divide by largest − smallest, not by the largest.",
        ("/ (high - low)", "/ high"),
    ),
    ("not-divided", "Divide by largest − smallest, so that the largest becomes 1.", (" / (high - low)", "")),
    (
        "bytes",
        "The pictures run to 255. Floats run from 0 to 1.",
        ("return (images", "return 255 * (images"),
    ),
    (
        "clipped",
        "What is below 0 or above 1 was cut off. Stretch each filter instead.",
        ("(images - low) / (high - low)", "np.clip(images, 0, 1)"),
    ),
    (
        "grey-at-0",
        "Here 0 became 0.5. The smallest number of a filter becomes 0, its largest 1.",
        ("(images - low) / (high - low)", "0.5 + images / (2 * np.maximum(-low, high))"),
    ),
    (
        "inverted",
        "Light and dark are swapped: the smallest number becomes 0, the largest 1.",
        ("(images - low)", "(high - images)"),
    ),
    (
        "writes-w",
        "w was changed. Make a new array.",
        ("    images =", "    w -= w.min(axis=(1, 2, 3), keepdims=True)\n    images ="),
    ),
]:
    edit("filter_images", _name, _hint, *_changes)


@alternative("filter_images")
def filters_in_a_loop(w):
    images = []
    for one in w:
        picture = np.zeros((*one.shape[1:], len(one)))
        for channel in range(len(one)):
            picture[:, :, channel] = one[channel]
        images.append((picture - one.min()) / np.ptp(one))
    return np.array(images)


@alternative("filter_images")
def filters_flattened(w):
    flat = w.reshape(len(w), -1).astype(np.float32)
    flat = flat - flat.min(axis=1)[:, None]
    flat /= flat.max(axis=1)[:, None]
    return np.moveaxis(flat.reshape(w.shape), 1, 3)
