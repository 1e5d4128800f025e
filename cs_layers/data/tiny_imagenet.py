"""Tiny-ImageNet: photographs of 200 classes, 3×64×64; 500 a class for training, 50 for validation, 50 without labels.

Y. Le and X. Yang, *Tiny ImageNet Visual Recognition Challenge*, Stanford CS231n, 2015; ImageNet's terms apply.
A folder with the same layout and fewer classes or images is read as well.
"""

import re
from pathlib import Path

import numpy as np

from cs_layers.data.download import ensure
from cs_layers.data.errors import DataFileError, MissingPackageError

__all__ = ["load_tiny_imagenet"]

REMEDY = "Replace it from the original archive: delete the folder and run `cs-layers data tiny-imagenet`."
SIDE = 64
SUFFIXES = (".jpeg", ".jpg", ".png")
WNID = re.compile(r"n\d{8}")


def load_tiny_imagenet(path=None, dtype=np.float32, subtract_mean=True):
    """Read Tiny-ImageNet, or a smaller folder of the same layout, as CS231n's function of this name does.

    All 200 classes in float32 need 6 GB of memory.

    Parameters
    ----------
    path : path, optional
        The folder with ``train`` and ``val``. By default it is looked for in `data_folder()`, and downloaded if it
        is not there.
    dtype : type, optional
        The type of the images.
    subtract_mean : bool, optional
        Whether to subtract the mean of the training images from all three parts; needs a floating `dtype`.

    Returns
    -------
    dict
        ``class_names``: for each class a list of its names, from words.txt, or its WordNet id without that file.
        ``wnids``: the classes' WordNet ids, in the order of the labels.
        ``X_train``, ``X_val``, ``X_test``: (N, 3, 64, 64), from 0 to 255 or centred; a grey image has three
        equal channels.
        ``y_train``, ``y_val``: (N,), int64. ``y_test``: the same, or None if the folder has no labels for the test.
        ``mean_image``: (3, 64, 64), or None if it was not subtracted.

    Raises
    ------
    DataFileError
        If an image cannot be read or has another size, or the annotations do not fit the images.
    DownloadError
        If the folder is not there and cannot be downloaded.
    TypeError
        If the mean is to be subtracted from integers.
    """
    dtype = np.dtype(dtype)
    if subtract_mean and dtype.kind != "f":
        raise TypeError(
            f"load_tiny_imagenet: dtype is {dtype}; to subtract the mean it must be a floating type such as "
            "np.float32. Pass one, or subtract_mean=False."
        )
    folder = ensure("tiny-imagenet", path)
    wnids = _read_wnids(folder)
    data = {"class_names": _read_class_names(folder, wnids), "wnids": wnids}
    data["X_train"], data["y_train"] = _read_training(folder, wnids, dtype)
    data["X_val"], data["y_val"] = _read_annotated(folder / "val", wnids, dtype)
    data["X_test"], data["y_test"] = _read_annotated(folder / "test", wnids, dtype, labels_optional=True)
    data["mean_image"] = None
    if subtract_mean:
        data["mean_image"] = data["X_train"].mean(axis=0, dtype=np.float64).astype(dtype)
        for part in ("X_train", "X_val", "X_test"):
            data[part] -= data["mean_image"]
    return data


def _read_wnids(folder):
    """The WordNet ids of the classes; a class's place in this list is its label."""
    file = folder / "wnids.txt"
    if not file.is_file():
        return sorted(entry.name for entry in (folder / "train").iterdir() if WNID.fullmatch(entry.name))
    wnids = _read_text(file).split()
    if not wnids or len(set(wnids)) < len(wnids) or not all(WNID.fullmatch(wnid) for wnid in wnids):
        raise DataFileError(f"{file} is not a list of different WordNet ids such as n02124075. {REMEDY}")
    return wnids


def _read_class_names(folder, wnids):
    """For each class the list of its names."""
    file = folder / "words.txt"
    lines = _read_text(file).splitlines() if file.is_file() else []
    words = dict(line.split("\t", 1) for line in lines if "\t" in line)
    return [[name.strip() for name in words.get(wnid, wnid).split(",")] for wnid in wnids]


def _read_training(folder, wnids, dtype):
    paths, labels = [], []
    for label, wnid in enumerate(wnids):
        images = _images_in(folder / "train" / wnid / "images")
        if not images:
            raise DataFileError(f"{folder / 'train' / wnid / 'images'} holds no images of class {wnid}. {REMEDY}")
        paths += images
        labels += [label] * len(images)
    return _read_images(paths, dtype), np.array(labels, np.int64)


def _read_annotated(folder, wnids, dtype, labels_optional=False):
    """Images of ``val`` or ``test``, and their labels from the file of annotations, or None."""
    paths = _images_in(folder / "images")
    file = folder / f"{folder.name}_annotations.txt"
    if not file.is_file():
        if labels_optional:
            return _read_images(paths, dtype), None
        raise DataFileError(f"{file} is missing, so the images beside it have no labels. {REMEDY}")
    wnid_of = dict(line.split("\t")[:2] for line in _read_text(file).splitlines() if "\t" in line)
    label_of = {wnid: label for label, wnid in enumerate(wnids)}
    for path in paths:
        if wnid_of.get(path.name) not in label_of:
            raise DataFileError(
                f"{file} gives {path.name} the class {wnid_of.get(path.name)}, which is not one of the {len(wnids)} "
                f"classes here. {REMEDY}"
            )
    labels = np.array([label_of[wnid_of[path.name]] for path in paths], np.int64)
    return _read_images(paths, dtype), labels


def _images_in(folder):
    """The images in `folder`, in the order of the numbers in their names."""
    if not folder.is_dir():
        return []
    paths = [path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")]
    return sorted(paths, key=lambda path: [int(number) for number in re.findall(r"\d+", path.stem)])


def _read_images(paths, dtype):
    """Images as (N, 3, 64, 64), values from 0 to 255."""
    images = np.empty((len(paths), 3, SIDE, SIDE), dtype)
    for image, path in zip(images, paths, strict=True):
        image[:] = _read_image(path).transpose(2, 0, 1)
    return images


def _read_image(path):
    """One image as bytes (64, 64, 3); a grey one gets three equal channels."""
    try:
        from PIL import Image
    except ImportError as error:
        raise MissingPackageError('Reading Tiny-ImageNet needs Pillow: pip install "cs-layers[data]"') from error
    try:
        with Image.open(path, formats=("JPEG", "PNG")) as image:
            if image.size != (SIDE, SIDE):
                raise DataFileError(f"{path} has {image.size[0]}×{image.size[1]} pixels, expected 64×64. {REMEDY}")
            return np.asarray(image.convert("RGB"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, DataFileError):
            raise
        raise DataFileError(f"{path} is not a readable image: it is damaged or incomplete. {REMEDY}") from error


def _read_text(path):
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DataFileError(f"{path} is not a text file. {REMEDY}") from error


def present(folder):
    """Whether `folder` looks like Tiny-ImageNet."""
    train = Path(folder) / "train"
    return train.is_dir() and any(WNID.fullmatch(entry.name) for entry in train.iterdir())


def missing(folder):
    """Names of what `folder` lacks of training images and validation annotations."""
    folder = Path(folder)
    needed = ["train", "val/images", "val/val_annotations.txt"]
    return [name for name in needed if not (folder / name).exists()]


def usable(folder):
    """Whether `folder` has training images and annotated validation images; they are not looked at."""
    return present(folder) and not missing(folder)


def damaged(folder):
    """File name and what is wrong: classes or annotations that do not fit; the images themselves are not opened."""
    folder = Path(folder)
    try:
        wnids = _read_wnids(folder)
        for wnid in wnids:
            if not _images_in(folder / "train" / wnid / "images"):
                return {f"train/{wnid}": f"{folder / 'train' / wnid} holds no images. {REMEDY}"}
    except DataFileError as error:
        return {"wnids.txt": str(error)}
    return {}
