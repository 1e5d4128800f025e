"""Read trained networks' parameters that were saved as .npz, which unlike a pickle cannot carry code."""

import zipfile
from pathlib import Path

import numpy as np

from cs_layers.data.errors import DataFileError

__all__ = ["load_models"]


def load_models(models_dir):
    """Read every .npz file of a folder.

    CS231n's function of this name unpickles whole models, which runs whatever the file says; this one reads arrays.

    Parameters
    ----------
    models_dir : path
        The folder.

    Returns
    -------
    dict
        For each file, in the order of their names, its name with the dict of its arrays.

    Raises
    ------
    FileNotFoundError
        If there is no such folder.
    DataFileError
        If a file is damaged or holds anything but arrays of numbers and text.
    """
    folder = Path(models_dir)
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no folder {folder}; pass the one that holds the saved .npz files.")
    return {path.name: _read_arrays(path) for path in sorted(folder.glob("*.npz"))}


def _read_arrays(path):
    try:
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise DataFileError(
            f"{path} is damaged or holds Python objects, which are not read because they can carry code ({error}). "
            "Save the model again with np.savez(path, **model.params)."
        ) from error
