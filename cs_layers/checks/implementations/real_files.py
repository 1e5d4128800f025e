"""Right and wrong readers of IDX files, CIFAR-10's batches and Tiny-ImageNet's annotations."""

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


@plain("cifar_images")
def cifar_images(batch):
    data = batch["data"]
    images = data.reshape(len(data), 3, 32, 32)
    labels = np.array(batch["labels"])
    return images, labels


_FOLD = "data.reshape(len(data), 3, 32, 32)"
for _name, _hint, *_changes in [
    (
        "channels-last",
        "The pictures are right, but the channels are last. Here they are second: leave out the transpose.",
        (_FOLD, _FOLD + ".transpose(0, 2, 3, 1)"),
    ),
    (
        "folded-as-channels-last",
        "The rows were folded as if red, green and blue of each pixel stood together. First come all 1,024 reds, then "
        "all greens, then all blues.",
        (_FOLD, "data.reshape(len(data), 32, 32, 3)"),
    ),
    (
        "scrambled",
        "The rows were folded as (32, 32, 3) and then transposed: the shape is right and the pictures are scrambled. "
        "First come all 1,024 reds.",
        (_FOLD, "data.reshape(len(data), 32, 32, 3).transpose(0, 3, 1, 2)"),
    ),
    (
        "sideways",
        "The pictures lie on their side. Pixels run along the rows: no transpose is needed.",
        (_FOLD, _FOLD + ".transpose(0, 1, 3, 2)"),
    ),
    (
        "column-by-column",
        'The rows were folded with order="F". The last index moves fastest, as reshape does by itself.',
        (_FOLD, 'data.reshape(len(data), 3, 32, 32, order="F")'),
    ),
    ("colours-reversed", "Blue came first. The order is red, green, blue.", (_FOLD, _FOLD + "[:, ::-1]")),
    (
        "10000-hard-coded",
        "10,000 is written down in the code. How many images there are is len(data).",
        (_FOLD, "data.reshape(10000, 3, 32, 32)"),
    ),
    (
        "first-image-alone",
        "Only the first image came back.",
        (_FOLD, "data[0].reshape(1, 3, 32, 32)"),
    ),
    ("not-folded", "The images are still rows. Fold each into (3, 32, 32).", (_FOLD, "data")),
    (
        "scaled",
        "The pixels were divided by 255. Return the bytes as they are; scaling comes later, with other statistics.",
        (_FOLD, _FOLD + " / 255"),
    ),
    (
        "labels-left-a-list",
        "The labels are still a list. Make an array of it: y[rows] needs one.",
        ('np.array(batch["labels"])', 'batch["labels"]'),
    ),
    (
        "one-hot",
        "The labels are one-hot. Return the numbers of the classes.",
        ('np.array(batch["labels"])', 'np.eye(10)[batch["labels"]]'),
    ),
    (
        "labels-as-a-column",
        "The labels have a second axis. Their shape is (N,).",
        ('np.array(batch["labels"])', 'np.array(batch["labels"]).reshape(-1, 1)'),
    ),
    ("images-alone", "Only the images came back. Return (images, labels).", ("return images, labels", "return images")),
    (
        "batch-emptied",
        "The batch that came in was changed. Read from it with batch[...], not with pop.",
        ('batch["labels"]', 'batch.pop("labels")'),
    ),
]:
    edit("cifar_images", _name, _hint, *_changes)


@alternative("cifar_images")
def fold_and_turn_back(batch):
    rows = np.asarray(batch["data"])
    pictures = np.stack([rows[:, k * 1024 : (k + 1) * 1024].reshape(-1, 32, 32) for k in range(3)], axis=-1)
    return pictures.transpose(0, 3, 1, 2).astype("float"), np.asarray(batch["labels"], dtype=np.int32)


@plain("join_batches")
def join_batches(batches, read):
    names = sorted(name for name in batches if name.startswith("data_batch"))
    pairs = [read(batches[name]) for name in names]
    X_train = np.concatenate([X for X, y in pairs])
    y_train = np.concatenate([y for X, y in pairs])
    X_test, y_test = read(batches["test_batch"])
    return X_train, y_train, X_test, y_test


_NAMES = 'sorted(name for name in batches if name.startswith("data_batch"))'
for _name, _hint, *_changes in [
    (
        "one-batch-of-five",
        "Only data_batch_1 was read. Every data_batch that is there belongs to the training images.",
        (_NAMES, '["data_batch_1"]'),
    ),
    (
        "10000-hard-coded",
        "10,000 images a batch are written down in the code; what no batch filled is zero. Let np.concatenate count.",
        (
            "np.concatenate([X for X, y in pairs])",
            "np.zeros((10000 * len(pairs),) + pairs[0][0].shape[1:])\n"
            "    for k, (X, y) in enumerate(pairs):\n"
            "        X_train[10000 * k : 10000 * k + len(X)] = X",
        ),
        (
            "np.concatenate([y for X, y in pairs])",
            "np.zeros(10000 * len(pairs), dtype=int)\n"
            "    for k, (X, y) in enumerate(pairs):\n"
            "        y_train[10000 * k : 10000 * k + len(y)] = y",
        ),
    ),
    (
        "five-hard-coded",
        "Five batches are written down in the code. Take those that are there: some of them are enough to train.",
        (_NAMES, '[f"data_batch_{k}" for k in range(1, 6)]'),
    ),
    (
        "test-in-training",
        "The test images are among the training images too. What was trained on says nothing about new images.",
        ('name.startswith("data_batch")', 'name.endswith("_batch") or name.startswith("data_batch")'),
    ),
    (
        "names-of-classes-read",
        "batches.meta was read as if it were a batch. It holds the names of the classes.",
        ('name.startswith("data_batch")', 'name != "test_batch"'),
    ),
    (
        "as-listed",
        "The batches come in the order of the dict. Sort their names.",
        ("sorted(name", "list(name"),
    ),
    (
        "last-batch-alone",
        "Only the last batch came back: each overwrites the one before.",
        (
            "np.concatenate([X for X, y in pairs])",
            "pairs[-1][0]",
        ),
        ("np.concatenate([y for X, y in pairs])", "pairs[-1][1]"),
    ),
    (
        "labels-of-the-first",
        "The labels are those of the first batch alone.",
        ("np.concatenate([y for X, y in pairs])", "pairs[0][1]"),
    ),
    (
        "labels-in-another-order",
        "Images and labels were joined in different orders. Take both from the same list of batches.",
        ("[y for X, y in pairs]", "[y for X, y in pairs[::-1]]"),
    ),
    (
        "labels-sorted",
        "The labels were sorted, so that they no longer belong to their images.",
        ("np.concatenate([y for X, y in pairs])", "np.sort(np.concatenate([y for X, y in pairs]))"),
    ),
    (
        "lists-returned",
        "Lists of batches came back. Join them: np.concatenate.",
        ("np.concatenate([X for X, y in pairs])", "[X for X, y in pairs]"),
        ("np.concatenate([y for X, y in pairs])", "[y for X, y in pairs]"),
    ),
    (
        "test-from-training",
        "The test images are training images. They lie in test_batch.",
        ('batches["test_batch"]', "batches[names[-1]]"),
    ),
    (
        "pairs-returned",
        "Two pairs came back. Return four arrays: X_train, y_train, X_test, y_test.",
        ("return X_train, y_train, X_test, y_test", "return (X_train, y_train), (X_test, y_test)"),
    ),
    (
        "order-of-four",
        "The four arrays come in another order: X_train, y_train, X_test, y_test.",
        ("return X_train, y_train, X_test, y_test", "return X_train, X_test, y_train, y_test"),
    ),
]:
    edit("join_batches", _name, _hint, *_changes)


@alternative("join_batches")
def join_one_by_one(batches, read):
    xs, ys = [], []
    for b in range(1, 6):
        f = f"data_batch_{b}"
        if f not in batches:
            continue
        X, Y = read(batches[f])
        xs.append(X.astype(float))
        ys += list(Y)
    Xte, Yte = read(batches["test_batch"])
    return np.vstack(xs), np.array(ys), Xte, Yte


@plain("annotated_labels")
def annotated_labels(annotations, names, wnids):
    wnid_of = {}
    for line in annotations.splitlines():
        columns = line.split("\t")
        wnid_of[columns[0]] = columns[1]
    return np.array([wnids.index(wnid_of[name]) for name in names])


_LABEL = "wnids.index(wnid_of[name])"
for _name, _hint, *_changes in [
    (
        "order-of-the-alphabet",
        "The classes were numbered in the order of the alphabet. A label is the place in wnids, which is in another.",
        (_LABEL, "sorted(wnids).index(wnid_of[name])"),
    ),
    (
        "order-of-appearance",
        "The classes were numbered as they first appear in the file. A label is the place in wnids.",
        (_LABEL, "list(dict.fromkeys(wnid_of.values())).index(wnid_of[name])"),
    ),
    (
        "order-of-the-lines",
        "The labels come in the order of the lines. Give them in the order of names: an image is found by its name.",
        ("for name in names])", "for name in list(wnid_of)[: len(names)]])"),
    ),
    (
        "all-lines",
        "There is a label for every line of the file. Give one for each of names.",
        ("for name in names])", "for name in sorted(wnid_of, key=lambda name: int(name[4:-5]))])"),
    ),
    (
        "names-sorted-as-text",
        "The names were sorted as text, where val_10 comes before val_2. Keep the order in which they came.",
        ("for name in names])", "for name in sorted(names)])"),
    ),
    ("from-one", "The labels begin with 1. The first class has label 0.", (_LABEL, _LABEL + " + 1")),
    (
        "ids-returned",
        "The WordNet ids themselves came back. Return their places in wnids.",
        (_LABEL, "wnid_of[name]"),
    ),
    (
        "numbers-of-the-ids",
        "The labels are the numbers in the WordNet ids. Return the ids' places in wnids.",
        (_LABEL, "int(wnid_of[name][1:])"),
    ),
    (
        "columns-of-the-box",
        "The labels come from the third column, which is a corner of the object's box. The id is in the second.",
        ("= columns[1]", "= columns[2]"),
        (_LABEL, "int(wnid_of[name])"),
    ),
    (
        "first-line-lost",
        "The first line was skipped. The file has no line of titles.",
        ("annotations.splitlines()", "annotations.splitlines()[1:]"),
    ),
    (
        "last-line-lost",
        "The last line was dropped. splitlines() knows whether there is anything after the last line break.",
        ("annotations.splitlines()", 'annotations.split("\\n")[:-1]'),
    ),
    (
        "one-hot",
        "The labels are one-hot. Return the numbers of the classes.",
        (
            "return np.array([wnids.index(wnid_of[name]) for name in names])",
            "return np.eye(len(wnids))[[wnids.index(wnid_of[name]) for name in names]]",
        ),
    ),
    (
        "wnids-changed",
        "The list wnids that came in was changed. Sort a copy if you must.",
        ("    wnid_of = {}", "    wnids.sort()\n    wnid_of = {}"),
    ),
]:
    edit("annotated_labels", _name, _hint, *_changes)


@alternative("annotated_labels")
def labels_by_two_dicts(annotations, names, wnids):
    label_of = {wnid: k for k, wnid in enumerate(wnids)}
    found = {}
    for line in annotations.strip().split("\n"):
        image, wnid, *_ = line.split()
        found[image] = label_of[wnid]
    return [found[image] for image in names]
