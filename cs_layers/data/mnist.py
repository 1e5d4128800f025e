"""MNIST: 60,000 training and 10,000 test images of handwritten digits, 28×28 pixels, from the original four files.

Y. LeCun, C. Cortes, C. J. C. Burges, *The MNIST database of handwritten digits*, 1998, licence CC BY-SA 3.0.
The files are in the IDX format: a magic number that says type and number of axes, the length of each axis, then
the bytes, all integers big-endian.
"""

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from cs_layers.data.download import ensure
from cs_layers.data.errors import DataFileError
from cs_layers.data.splits import split_sizes

__all__ = ["get_MNIST_data", "load_mnist", "read_idx"]

REMEDY = "Run `cs-layers data mnist` to put a good copy in its place."
UNSIGNED_BYTE = 8  # the type of IDX that MNIST uses, third byte of the magic number
MAX_BYTES = 1_000_000_000
STEMS = tuple(f"{part}-{kind}" for part in ("train", "t10k") for kind in ("images-idx3-ubyte", "labels-idx1-ubyte"))


def load_mnist(flatten=True, normalize=True, one_hot=False, folder=None):
    """Read MNIST's four files, packed or unpacked; download them if they are not there.

    Parameters
    ----------
    flatten : bool, optional
        True gives each image as a row of 784 numbers, False as (1, 28, 28).
    normalize : bool, optional
        True gives float32 from 0 to 1, False the bytes of the files, uint8 from 0 to 255.
    one_hot : bool, optional
        True gives each label as a row of ten numbers, float32, of which one is 1; False the digit itself, int64.
    folder : path, optional
        Where the four files are; nothing is downloaded then. By default they are looked for in `data_folder()`.

    Returns
    -------
    (x_train, t_train), (x_test, t_test) : pairs of arrays
        60,000 images and labels for training, 10,000 for the test, in the order of the files.

    Raises
    ------
    DataFileError
        If a file is damaged, or has not the format, the size or the number of entries it should have.
    DownloadError
        If files are missing and cannot be downloaded.
    """
    folder = ensure("mnist", folder)
    return tuple(_load_part(folder, part, flatten, normalize, one_hot) for part in ("train", "t10k"))


def get_MNIST_data(num_training=None, num_validation=5000, num_test=None, dtype=np.float32, folder=None):
    """MNIST as a Solver takes it: split in three, images (1, 28, 28) from 0 to 1.

    Parameters
    ----------
    num_training, num_validation, num_test : int or None, optional
        How many images of each part: the first of the training file for training, the ones after them for
        validation, the first of the test file for the test. None takes all that are left.
    dtype : floating type, optional
        The type of the images.
    folder : path, optional
        As in `load_mnist`.

    Returns
    -------
    dict
        ``X_train``, ``y_train``, ``X_val``, ``y_val``, ``X_test``, ``y_test``.

    Raises
    ------
    ValueError
        If there are not as many images.
    """
    (x_train, y_train), (x_test, y_test) = load_mnist(flatten=False, normalize=False, folder=folder)
    training, validation, test = split_sizes("MNIST", len(x_train), len(x_test), num_training, num_validation, num_test)
    rows = {
        "train": (x_train, y_train, slice(0, training)),
        "val": (x_train, y_train, slice(training, training + validation)),
        "test": (x_test, y_test, slice(0, test)),
    }
    data = {}
    for part, (images, labels, chosen) in rows.items():
        data[f"X_{part}"] = images[chosen].astype(dtype) / np.dtype(dtype).type(255)
        data[f"y_{part}"] = labels[chosen]
    return data


def _load_part(folder, part, flatten, normalize, one_hot):
    """Images and labels of ``train`` or ``t10k``."""
    image_file, label_file = (_find(folder, f"{part}-{kind}") for kind in ("images-idx3-ubyte", "labels-idx1-ubyte"))
    images, labels = _read_pair(image_file, label_file)
    images = images.reshape(len(images), -1) if flatten else images[:, np.newaxis]
    if normalize:
        images = images.astype(np.float32) / np.float32(255)
    labels = np.eye(10, dtype=np.float32)[labels] if one_hot else labels.astype(np.int64)
    return images, labels


def _read_pair(image_file, label_file):
    """Images (N, 28, 28) and labels (N,), uint8, that fit together."""
    images, labels = read_idx(image_file, axes=3), read_idx(label_file, axes=1)
    if images.shape[1:] != (28, 28):
        raise DataFileError(f"{image_file} holds images of shape {images.shape[1:]}, expected (28, 28). {REMEDY}")
    if len(images) != len(labels):
        raise DataFileError(f"{image_file} holds {len(images):,} images, {label_file} {len(labels):,} labels. {REMEDY}")
    if len(labels) == 0:
        raise DataFileError(f"{image_file} holds no images. {REMEDY}")
    if labels.max() > 9:
        raise DataFileError(f"{label_file} holds the label {labels.max()}, allowed are 0 to 9. {REMEDY}")
    return images, labels


def read_idx(path, axes):
    """Read an IDX file of unsigned bytes, packed with gzip or not.

    Parameters
    ----------
    path : path
        The file; it is only read.
    axes : int
        The number of axes the array must have.

    Returns
    -------
    array of uint8

    Raises
    ------
    DataFileError
        If the file is damaged, is not such a file, or has fewer or more bytes than its header says.
    """
    with open(path, "rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    try:
        with (gzip.open if packed else open)(path, "rb") as file:
            shape = _read_header(path, file.read(4 + 4 * axes), axes)
            count = math.prod(shape)
            if count > MAX_BYTES:
                raise DataFileError(f"{path} says it holds {count:,} bytes, far more than MNIST has. {REMEDY}")
            content = file.read(count)
            content += file.read(1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataFileError(f"{path} is damaged or incomplete: {_sentence(error)}. {REMEDY}") from error
    if len(content) != count:
        more = "more" if len(content) > count else f"only {len(content):,}"
        raise DataFileError(f"{path} should hold {count:,} bytes after its header and holds {more}. {REMEDY}")
    return np.frombuffer(content, np.uint8).reshape(shape)


def _read_header(path, header, axes):
    """The shape that the header of an IDX file gives."""
    if len(header) < 4 + 4 * axes:
        raise DataFileError(f"{path} ends within its header, after {len(header)} bytes. {REMEDY}")
    magic, *shape = struct.unpack(f">{1 + axes}I", header)
    expected = UNSIGNED_BYTE << 8 | axes
    if magic != expected:
        raise DataFileError(f"{path} begins with the magic number {magic}, expected {expected}. {REMEDY}")
    return tuple(shape)


def _sentence(error):
    return str(error).rstrip(".") or type(error).__name__


def _names(stem):
    """The names under which one of the four files is found."""
    dotted = stem.replace("-idx", ".idx")
    return (f"{stem}.gz", stem, f"{dotted}.gz", dotted)


def _find(folder, stem):
    """The path of one of the four files, or None."""
    paths = (Path(folder) / name for name in _names(stem))
    return next((path for path in paths if path.is_file()), None)


def present(folder):
    """Whether any of the files is in `folder`."""
    return any(_find(folder, stem) for stem in STEMS)


def missing(folder):
    """Names of the files that are not in `folder`."""
    return [f"{stem}.gz" for stem in STEMS if not _find(folder, stem)]


def usable(folder):
    """Whether `folder` has all that `load_mnist` needs; what is in the files is not looked at."""
    return not missing(folder)


def damaged(folder):
    """Name, as downloaded, and what is wrong, for each of the four files in `folder` that cannot be read."""
    wrong = {}
    for part in ("train", "t10k"):
        stems = [f"{part}-{kind}" for kind in ("images-idx3-ubyte", "labels-idx1-ubyte")]
        files = [_find(folder, stem) for stem in stems]
        for stem, path, axes in zip(stems, files, (3, 1), strict=True):
            if path:
                wrong |= _trouble([stem], read_idx, path, axes)
        if all(files) and not wrong.keys() & {f"{stem}.gz" for stem in stems}:
            wrong |= _trouble(stems, _read_pair, *files)
    return wrong


def _trouble(stems, read, *args):
    """The error of reading, under each file's name; nothing if there is none."""
    try:
        read(*args)
    except DataFileError as error:
        return {f"{stem}.gz": str(error) for stem in stems}
    return {}
