"""Checks of readers of the real data sets' formats: IDX, CIFAR-10's batches, Tiny-ImageNet's annotations.

Nothing here touches a disk: a file is its bytes, a batch the dict that was pickled, an annotation file its text. So the
inputs can have any size, and a check runs in the same way where there is no data folder.
"""

from __future__ import annotations

import numpy as np

from cs_layers.data.stand_ins import idx_bytes

from .arrays import readonly
from .engine import Case, Missing, Outcome, Task, copy_of, forward_run, repeat_forward, touched

_READ = "x3_mnist_cifar"


# Bytes of an IDX file


def _idx_cases(rng):
    cases = []
    for shape, tags in [
        ((3, 5, 4), {"images"}),
        ((7,), {"labels"}),
        ((2, 28, 28), {"images", "28×28"}),
        ((4, 4, 4), {"images"}),
        ((300, 2, 3), {"images", "an axis longer than 255"}),
        ((1000,), {"labels", "an axis longer than 255"}),
        ((6, 2), {"two or four axes"}),
        ((2, 3, 2, 2), {"two or four axes"}),
    ]:
        array = rng.integers(256, size=shape).astype(np.uint8)
        array.flat[0], array.flat[-1] = 200, 255  # too large for a signed byte
        plain = not tags & {"two or four axes", "an axis longer than 255"}
        cases.append(Case({"raw": idx_bytes(array)}, {"array": array}, frozenset(tags), plain=plain))
    good = idx_bytes(rng.integers(256, size=(3, 4, 5)))
    for raw, why in [
        (good[:2] + b"\x09" + good[3:], "the third byte says that these are not unsigned bytes"),
        (b"\x1f\x8b" + good[2:], "the first two bytes are not 0: the file is still packed"),
        (good[:-1], "a byte is missing at the end"),
        (good + b"\0", "a byte is left over at the end"),
    ]:
        tag = "the length" if "at the end" in why else "the magic number"
        cases.append(
            Case({"raw": raw}, {}, frozenset({tag}), raises=ValueError, raises_why=why, plain=False, level="demanded")
        )
    return cases


READ_IDX = Task(
    "read_idx",
    ("array",),
    _idx_cases,
    forward_run(("array",), ()),
    "read_idx(raw)",
    read=_READ,
    repeat=repeat_forward,
    patterns={
        "labels": ("offset-of-images", "It fails just where there is one axis: a header has 4 + 4 · axes bytes."),
        "images": ("offset-of-labels", "It fails just where there are three axes: a header has 4 + 4 · axes bytes."),
        "an axis longer than 255": ("one-byte-lengths", "It fails just where an axis is longer than 255."),
        "two or four axes": ("axes-hard-coded", "The number of axes is the fourth byte; it need not be 1 or 3."),
        "the length": ("length-not-checked", "Compare the number of bytes with what the header promises."),
        "the magic number": ("magic-not-checked", "Look at the first three bytes: they must be 0, 0, 8."),
    },
)


# What a network takes


def _prepare_cases(rng):
    cases = []
    for N, H, W, flatten, normalize, one_hot in [
        (4, 28, 28, True, True, False),
        (3, 28, 28, False, True, False),
        (5, 4, 3, False, True, True),
        (3, 5, 4, True, False, True),
        (3, 3, 3, False, False, False),
        (10, 2, 3, True, True, True),
        (6, 3, 2, True, True, False),
    ]:
        images = rng.integers(250, size=(N, H, W)).astype(np.uint8)
        labels = rng.integers(8, size=N).astype(np.uint8)
        if N == 6:
            images, labels = readonly(images), readonly(labels)
        x = images.reshape(N, H * W) if flatten else images[:, np.newaxis]
        expected = {"x": x / 255 if normalize else x, "t": np.eye(10)[labels] if one_hot else labels}
        args = {"images": images, "labels": labels, "flatten": flatten, "normalize": normalize, "one_hot": one_hot}
        words = {"flatten": flatten, "normalize": normalize, "one_hot": one_hot}
        tags = {f"{name}={value}" for name, value in words.items()} | ({"read-only inputs"} if N == 6 else set())
        cases.append(Case(args, expected, frozenset(tags), {"N": N}))
    return cases


PREPARE = Task(
    "prepare_digits",
    ("x", "t"),
    _prepare_cases,
    forward_run(("x", "t"), ()),
    "prepare_digits(images, labels, flatten, normalize, one_hot)",
    read=_READ,
    repeat=repeat_forward,
    patterns={"read-only inputs": ("writes-input", "The function writes into its inputs. Make new arrays.")},
)


# A batch of CIFAR-10, and all of them


def _batch_cases(rng):
    cases = []
    for N in (4, 1, 7, 3, 12):
        images = rng.integers(256, size=(N, 3, 32, 32)).astype(np.uint8)
        labels = [int(label) for label in rng.integers(10, size=N)]
        rows = readonly(images.reshape(N, -1)) if N == 12 else images.reshape(N, -1)
        batch = {"data": rows, "labels": labels, "filenames": [f"{k}.png" for k in range(N)]}
        tags = frozenset({"read-only data"} if N == 12 else ())
        cases.append(Case({"batch": batch}, {"images": images, "labels": np.array(labels)}, tags, {"N": N}))
    return cases


CIFAR_IMAGES = Task(
    "cifar_images",
    ("images", "labels"),
    _batch_cases,
    forward_run(("images", "labels"), ()),
    "cifar_images(batch)",
    read=_READ,
    repeat=repeat_forward,
    patterns={"read-only data": ("writes-input", "The function writes into the batch. Make new arrays.")},
)


def _pixels_and_classes(batch):
    """Read a batch of the join's cases: their keys are not CIFAR-10's, so that this function must be used."""
    return batch["pixels"].copy(), batch["classes"].copy()


def _join_cases(rng):
    cases = []
    for sizes, tag in [
        ((3, 3, 3, 3, 3), "five batches"),
        ((2, 4, 3, 1, 5), "five batches of different sizes"),
        ((2, 3, 4), "three batches"),
        ((4,), "one batch"),
    ]:
        names = [f"data_batch_{k}" for k in range(1, len(sizes) + 1)]
        made = {}
        for name, N in zip([*names, "test_batch"], [*sizes, 2], strict=True):
            pixels = rng.integers(256, size=(N, 3, 2, 2)).astype(np.uint8)
            made[name] = {"pixels": pixels, "classes": rng.integers(10, size=N)}
        expected = {
            "X_train": np.concatenate([made[name]["pixels"] for name in names]),
            "y_train": np.concatenate([made[name]["classes"] for name in names]),
            "X_test": made["test_batch"]["pixels"],
            "y_test": made["test_batch"]["classes"],
        }
        # As a folder may list them: backwards, the test and the names of the classes first.
        batches = {"batches.meta": {"label_names": ["disc", "ring"]}, **dict(reversed(made.items()))}
        args = {"batches": batches, "read": _pixels_and_classes}
        cases.append(Case(args, expected, frozenset({tag}), plain=tag.startswith("five")))
    return cases


JOIN = Task(
    "join_batches",
    ("X_train", "y_train", "X_test", "y_test"),
    _join_cases,
    forward_run(("X_train", "y_train", "X_test", "y_test"), ()),
    "join_batches(batches, read)",
    read=_READ,
    repeat=repeat_forward,
)


# Labels of Tiny-ImageNet


def _label_cases(rng):
    cases = []
    for count, classes, more, end in [
        (6, 3, 0, "\n"),
        (12, 5, 0, "\n"),
        (11, 4, 3, "\n"),
        (8, 6, 0, ""),
        (5, 8, 0, "\n"),
    ]:
        ids = rng.choice(90_000_000, size=classes, replace=False) + 10_000_000
        wnids = sorted(f"n{number}" for number in ids)
        wnids = [wnids[k] for k in np.roll(np.arange(classes)[::-1], 1)]  # never in the order of the alphabet
        labels = rng.permutation(np.arange(count + more) % classes)
        boxes = rng.integers(64, size=(count + more, 4))
        lines = [
            "\t".join([f"val_{k}.JPEG", wnids[label], *map(str, box)])
            for k, (label, box) in enumerate(zip(labels, boxes, strict=True))
        ]
        text = "\n".join(lines[k] for k in np.roll(rng.permutation(count + more), 1)) + end
        args = {"annotations": text, "names": [f"val_{k}.JPEG" for k in range(count)], "wnids": wnids}
        tags = {"more lines than images"} if more else {"no line break at the end"} if not end else set()
        cases.append(Case(args, {"labels": labels[:count].copy()}, frozenset(tags), plain=not tags))
    return cases


def _label_run(functions, case, guard):
    args = copy_of(case.args)
    before = copy_of(args)
    labels = guard(functions[0], *args.values())
    if isinstance(labels, (list, tuple)):
        labels = np.array(labels)
    if isinstance(labels, np.ndarray) and labels.dtype.kind not in "biuf":
        labels = Missing("returned text, expected whole numbers: the place of each image's class in wnids")
    return Outcome({"labels": labels} | {"~" + name: True for name in touched(before, args)})


LABELS = Task(
    "annotated_labels",
    ("labels",),
    _label_cases,
    _label_run,
    "annotated_labels(annotations, names, wnids)",
    read=_READ,
    patterns={
        "more lines than images": ("all-lines", "It fails just where the file has lines about other images."),
        "no line break at the end": ("last-line-lost", "It fails just where the file does not end in a line break."),
    },
)
