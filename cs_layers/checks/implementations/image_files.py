"""Right and wrong ways to read batches of images and their labels, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain


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
