"""The package's own pictures, written as files in the formats of MNIST, CIFAR-10 and Tiny-ImageNet.

Where the original files are not on a machine, code that reads their formats can be written and tried all the same. Such
a file is never passed off as an original: `original_or_stand_in` says in a sentence which of the two it is.
"""

import gzip
import pickle
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cs_layers.data.catalogue import dataset
from cs_layers.data.digits import load_digits
from cs_layers.data.errors import MissingPackageError
from cs_layers.data.folders import find_set
from cs_layers.data.shapes32 import SHAPES32_CLASSES, draw_shapes32

__all__ = ["Files", "idx_bytes", "original_or_stand_in", "write_stand_in"]

CONTENTS = {
    "mnist": "digits (8×8), enlarged to 28×28",
    "cifar10": "shapes32",
    "tiny-imagenet": "shapes32, enlarged to 64×64",
}


class Files(NamedTuple):
    """Where a data set's files or their stand-in's lie.

    Attributes
    ----------
    folder : pathlib.Path
    original : bool
        Whether these are the data set's own files.
    name : str
        What the pictures in them are called.
    sentence : str
        What is here, and how to get the original if it is not.
    """

    folder: Path
    original: bool
    name: str
    sentence: str


def original_or_stand_in(name, folder):
    """Find the files of a data set on this machine, or write a stand-in for them; nothing is downloaded.

    Parameters
    ----------
    name : str
        ``"mnist"``, ``"cifar10"`` or ``"tiny-imagenet"``.
    folder : path
        Where to write a stand-in: in a new folder with the data set's usual name.

    Returns
    -------
    Files
    """
    wanted = dataset(name)
    found = find_set(wanted.name)
    if found:
        return Files(found, True, wanted.title, f"{wanted.title}: the original files, in {found}.")
    name = CONTENTS[wanted.name]
    sentence = (
        f"{wanted.title}: not on this machine. In its place: the package's {name}, in files of the same format. "
        f"`cs-layers data {wanted.name}` downloads the original ({wanted.download_size / 1e6:.0f} MB)."
    )
    return Files(write_stand_in(wanted.name, folder), False, name, sentence)


def write_stand_in(name, folder):
    """Write the package's own pictures in the format of a data set.

    Parameters
    ----------
    name : str
        ``"mnist"``: 1,547 images for training, 250 for the test. ``"cifar10"``: five batches of 1,000 pictures, and
        one for the test. ``"tiny-imagenet"``: 30 pictures of each of ten classes for training, 10 for validation.
    folder : path

    Returns
    -------
    pathlib.Path
        The folder in it that holds the files.

    Raises
    ------
    MissingPackageError
        If Pillow, which writes the JPEG files of Tiny-ImageNet, is not installed.
    """
    wanted = dataset(name)
    target = Path(folder) / wanted.folders[0]
    target.mkdir(parents=True, exist_ok=True)
    {"mnist": _write_mnist, "cifar10": _write_cifar10, "tiny-imagenet": _write_tiny_imagenet}[wanted.name](target)
    return target


def idx_bytes(array):
    """An array of unsigned bytes as the content of an IDX file, MNIST's format.

    Parameters
    ----------
    array : array of uint8

    Returns
    -------
    bytes
        0, 0, 8 (the type), the number of axes; the length of each axis in four bytes, big-endian; the array's bytes.
    """
    array = np.asarray(array, dtype=np.uint8)
    lengths = b"".join(n.to_bytes(4, "big") for n in array.shape)
    return bytes([0, 0, 8, array.ndim]) + lengths + array.tobytes()


def enlarged_digits(images):
    """Digits (N, 1, 8, 8) from 0 to 1 as bytes (N, 28, 28): three times as large, linear in between, in a margin."""
    places = (np.arange(24) - 1) / 3  # of the large image's pixels, in those of the small one
    weights = np.maximum(0, 1 - np.abs(places[:, np.newaxis] - np.arange(8)))
    large = weights @ images[:, 0] @ weights.T
    return np.pad(np.round(255 * large).astype(np.uint8), ((0, 0), (2, 2), (2, 2)))


def _write_mnist(target):
    digits = load_digits()
    parts = {"train": ("train", "val"), "t10k": ("test",)}
    for name, sources in parts.items():
        images = enlarged_digits(np.concatenate([digits[f"X_{part}"] for part in sources]))
        labels = np.concatenate([digits[f"y_{part}"] for part in sources])
        for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
            (target / f"{name}-{kind}-ubyte.gz").write_bytes(gzip.compress(idx_bytes(array), 1, mtime=0))


def _write_cifar10(target):
    names = [*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"]
    for part, name in enumerate(names):
        images, labels = _bytes_of_shapes(1000, part)
        batch = {"batch_label": name, "labels": labels.tolist(), "data": images.reshape(len(images), -1)}
        (target / name).write_bytes(pickle.dumps(batch, protocol=2))
    meta = {"label_names": list(SHAPES32_CLASSES), "num_cases_per_batch": 1000, "num_vis": 3072}
    (target / "batches.meta").write_bytes(pickle.dumps(meta, protocol=2))


def _write_tiny_imagenet(target):
    # Made-up WordNet ids, in another order than their classes: a label is a place in wnids.txt, not a rank.
    wnids = [f"n9{7 * k % 10}{k:06d}" for k in range(len(SHAPES32_CLASSES))]
    words = zip(wnids, SHAPES32_CLASSES, strict=True)
    (target / "wnids.txt").write_text("\n".join(wnids) + "\n", encoding="utf-8")
    (target / "words.txt").write_text("".join(f"{w}\t{name}\n" for w, name in sorted(words)), encoding="utf-8")
    images, labels = _bytes_of_shapes(300, part=6)
    for label, wnid in enumerate(wnids):
        _write_images(target / "train" / wnid / "images", wnid, images[labels == label])
    images, labels = _bytes_of_shapes(100, part=7)
    _write_images(target / "val" / "images", "val", images)
    lines = [f"val_{number}.JPEG\t{wnids[label]}\t0\t0\t63\t63\n" for number, label in enumerate(labels)]
    (target / "val" / "val_annotations.txt").write_text("".join(lines[::-1]), encoding="utf-8")


def _bytes_of_shapes(count, part):
    images, labels = draw_shapes32(count, part=part)
    return np.round(255 * images).astype(np.uint8), labels


def _write_images(folder, name, images):
    """Write pictures (N, 3, 32, 32) twice as large as JPEG files ``name_0.JPEG``, ``name_1.JPEG``, …"""
    try:
        from PIL import Image
    except ImportError as error:
        raise MissingPackageError('Writing JPEG files needs Pillow: pip install "cs-layers[data]"') from error
    folder.mkdir(parents=True, exist_ok=True)
    for number, image in enumerate(images):
        picture = Image.fromarray(np.ascontiguousarray(image.transpose(1, 2, 0)))
        picture.resize((64, 64), Image.Resampling.BICUBIC).save(folder / f"{name}_{number}.JPEG", "JPEG", quality=92)
