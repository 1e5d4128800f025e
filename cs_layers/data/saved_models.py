"""Read trained networks' parameters that were saved as .npz, which unlike a pickle cannot carry code."""

from pathlib import Path

from cs_layers.storage import load_npz

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
    ValueError
        If a file is damaged or holds anything but arrays of numbers and text.
    """
    folder = Path(models_dir)
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no folder {folder}; pass the one that holds the saved .npz files.")
    return {path.name: load_npz(path) for path in sorted(folder.glob("*.npz"))}
