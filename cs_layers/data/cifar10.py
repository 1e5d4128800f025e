"""CIFAR-10: 50,000 training and 10,000 test photographs in ten classes, 3×32×32, from the original pickled batches.

A. Krizhevsky, *Learning Multiple Layers of Features from Tiny Images*, 2009. No licence to redistribute.
The names and the results of `load_CIFAR_batch`, `load_CIFAR10` and `get_CIFAR10_data` are those of Stanford's CS231n,
except that images are float32, which holds bytes exactly in half the memory.
"""

from pathlib import Path

import numpy as np

from cs_layers.data.download import ensure
from cs_layers.data.errors import DataFileError
from cs_layers.data.pickles import load_plain_pickle
from cs_layers.data.splits import split_sizes

__all__ = ["CIFAR10_CLASSES", "get_CIFAR10_data", "load_CIFAR10", "load_CIFAR_batch", "load_cifar10"]

REMEDY = "Run `cs-layers data cifar10` to put a good copy in its place."
CIFAR10_CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
TRAINING_BATCHES = tuple(f"data_batch_{number}" for number in range(1, 6))
TEST_BATCH = "test_batch"


def load_cifar10(num_validation=1000, dtype=np.float32, root=None):
    """CIFAR-10 as a Solver takes it: every image that is there, values from 0 to 1.

    Parameters
    ----------
    num_validation : int, optional
        How many of the last training images are set aside for validation.
    dtype : floating type, optional
        The type of the images.
    root : path, optional
        The folder of the batches; by default it is looked for, and downloaded if need be.

    Returns
    -------
    dict
        ``X_train``, ``X_val``, ``X_test``: (N, 3, 32, 32), from 0 to 1, not centred. ``y_train``, ``y_val``,
        ``y_test``: (N,), int64, an index into ``CIFAR10_CLASSES``.

    Raises
    ------
    ValueError
        If there are fewer training images than `num_validation`.
    DataFileError, DownloadError
        As for `load_CIFAR10`.
    """
    (images, labels), (test_images, test_labels) = _load_bytes(root)
    training, _, _ = split_sizes("CIFAR-10", len(images), len(test_images), None, num_validation, None)
    scale = np.dtype(dtype).type(255)
    return {
        "X_train": images[:training].astype(dtype) / scale,
        "y_train": labels[:training],
        "X_val": images[training:].astype(dtype) / scale,
        "y_val": labels[training:],
        "X_test": test_images.astype(dtype) / scale,
        "y_test": test_labels,
    }


def get_CIFAR10_data(
    num_training=None, num_validation=1000, num_test=1000, subtract_mean=True, dtype=np.float32, root=None
):
    """CIFAR-10 as CS231n's notebooks prepare it: bytes as numbers, the mean training image subtracted, NCHW.

    Parameters
    ----------
    num_training : int or None, optional
        How many training images, from the first on. None takes all but those for validation: 49,000 if all five
        batches are there.
    num_validation : int, optional
        How many images for validation: those that follow the training images. No image is in both.
    num_test : int or None, optional
        How many of the test images, from the first on. None takes all.
    subtract_mean : bool, optional
        Whether to subtract the mean of the training images from all three parts.
    dtype : floating type, optional
        The type of the images.
    root : path, optional
        The folder of the batches; by default it is looked for, and downloaded if need be.

    Returns
    -------
    dict
        ``X_train``, ``X_val``, ``X_test``: (N, 3, 32, 32), from 0 to 255 or centred. ``y_train``, ``y_val``,
        ``y_test``: (N,), int64. ``mean_image``: (3, 32, 32), the mean of the training images, whether it was
        subtracted or not.

    Raises
    ------
    ValueError
        If there are not as many images; the sentence says how many there are.
    DataFileError, DownloadError
        As for `load_CIFAR10`.
    """
    (images, labels), (test_images, test_labels) = _load_bytes(root)
    training, validation, test = split_sizes(
        "CIFAR-10", len(images), len(test_images), num_training, num_validation, num_test
    )
    if training == 0:
        raise ValueError(f"CIFAR-10: no training images are left of {len(images):,}; ask for at least one.")
    data = {
        "X_train": images[:training].astype(dtype),
        "y_train": labels[:training],
        "X_val": images[training : training + validation].astype(dtype),
        "y_val": labels[training : training + validation],
        "X_test": test_images[:test].astype(dtype),
        "y_test": test_labels[:test],
    }
    data["mean_image"] = images[:training].mean(axis=0, dtype=np.float64).astype(dtype)
    if subtract_mean:
        for part in ("X_train", "X_val", "X_test"):
            data[part] -= data["mean_image"]
    return data


def load_CIFAR10(ROOT=None):
    """All batches of CIFAR-10 that are there, as CS231n's function of this name returns them.

    Parameters
    ----------
    ROOT : path, optional
        The folder of the batches; nothing is downloaded then. By default it is looked for in `data_folder()`, and
        downloaded if it is not there.

    Returns
    -------
    Xtr : array of float32, (N, 32, 32, 3)
        Training images from 0 to 255: N is 50,000, or 10,000 for each batch that is there; fewer are announced.
    Ytr : array of int64, (N,)
        Their labels.
    Xte, Yte : arrays
        The same of the test batch.

    Raises
    ------
    DataFileError
        If a batch is damaged, carries code, or does not hold images with labels.
    DownloadError
        If the batches are not there and cannot be downloaded.
    """
    (images, labels), (test_images, test_labels) = _load_bytes(ROOT)
    return _as_cs231n(images), labels, _as_cs231n(test_images), test_labels


def load_CIFAR_batch(filename):
    """One batch of CIFAR-10, as CS231n's function of this name returns it.

    Parameters
    ----------
    filename : path
        The file, for example ``cifar-10-batches-py/data_batch_1``.

    Returns
    -------
    X : array of float32, (N, 32, 32, 3)
        Images from 0 to 255.
    Y : array of int64, (N,)
        Labels.

    Raises
    ------
    DataFileError
        If the file is damaged, carries code, or does not hold images with labels.
    FileNotFoundError
        If there is no such file.
    """
    images, labels = _read_batch(filename)
    return _as_cs231n(images), labels


def _as_cs231n(images):
    """Bytes (N, 3, 32, 32) as float32 (N, 32, 32, 3)."""
    return images.transpose(0, 2, 3, 1).astype(np.float32)


def _load_bytes(root):
    """Training and test images, uint8 (N, 3, 32, 32), with their labels."""
    folder = ensure("cifar10", root)
    names = [name for name in TRAINING_BATCHES if (folder / name).is_file()]
    batches = [_read_batch(folder / name) for name in names]
    images = np.concatenate([images for images, _ in batches])
    labels = np.concatenate([labels for _, labels in batches])
    if len(names) < len(TRAINING_BATCHES):
        print(
            f"CIFAR-10: {len(names)} of {len(TRAINING_BATCHES)} training batches are in {folder}, "
            f"{len(images):,} images."
        )
    return (images, labels), _read_batch(folder / TEST_BATCH)


def _read_batch(path):
    """Images, uint8 (N, 3, 32, 32), and labels, int64 (N,), of one batch, however many there are."""
    path = Path(path)
    content = load_plain_pickle(path, remedy=REMEDY)
    if not isinstance(content, dict):
        raise DataFileError(f"{path} holds a {type(content).__name__}, expected a dict with data and labels. {REMEDY}")
    content = {key.decode("latin1") if isinstance(key, bytes) else key: value for key, value in content.items()}
    for key in ("data", "labels"):
        if key not in content:
            raise DataFileError(f"{path} has no {key!r}, so it is not a batch of CIFAR-10. {REMEDY}")
    return _check_batch(path, content["data"], content["labels"])


def _check_batch(path, images, labels):
    """Images and labels that are what CIFAR-10 promises."""
    if not isinstance(images, np.ndarray) or images.dtype != np.uint8 or images.ndim != 2 or images.shape[1] != 3072:
        shape = getattr(images, "shape", type(images).__name__)
        raise DataFileError(f"{path} has data of shape {shape}, expected rows of 3,072 bytes. {REMEDY}")
    try:
        labels = np.asarray(labels)
    except ValueError:
        labels = np.empty((0, 0))
    if labels.ndim != 1 or (labels.size and labels.dtype.kind not in "iu"):
        raise DataFileError(f"{path} has labels that are not a list of integers. {REMEDY}")
    if len(labels) != len(images):
        raise DataFileError(f"{path} holds {len(images):,} images and {len(labels):,} labels. {REMEDY}")
    if len(labels) == 0 or labels.min() < 0 or labels.max() > 9:
        raise DataFileError(f"{path} has labels out of the range 0 to 9, or none. {REMEDY}")
    return images.reshape(-1, 3, 32, 32), labels.astype(np.int64)


def present(folder):
    """Whether any batch is in `folder`."""
    return any((Path(folder) / name).is_file() for name in (*TRAINING_BATCHES, TEST_BATCH))


def missing(folder):
    """Names of the batches that are not in `folder`."""
    return [name for name in (*TRAINING_BATCHES, TEST_BATCH) if not (Path(folder) / name).is_file()]


def usable(folder):
    """Whether `folder` has the test batch and at least one for training; what is in them is not looked at."""
    absent = missing(folder)
    return TEST_BATCH not in absent and len(absent) < len(TRAINING_BATCHES)


def damaged(folder):
    """File name and what is wrong, for each batch in `folder` that cannot be read."""
    wrong = {}
    for name in (*TRAINING_BATCHES, TEST_BATCH):
        try:
            if (Path(folder) / name).is_file():
                _read_batch(Path(folder) / name)
        except DataFileError as error:
            wrong[name] = str(error)
    return wrong
