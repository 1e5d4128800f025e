"""Arrays in .npz files: written whole or not at all, and read without running anything that a file may carry."""

import json
import os
import zipfile
import zlib
from pathlib import Path

import numpy as np

_ARRAY = "<array>"
# What reading a cut, scrambled, encrypted or foreign file was seen to raise.
_DAMAGED = (
    ValueError,
    TypeError,
    AttributeError,
    KeyError,
    EOFError,
    MemoryError,
    NotImplementedError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)


def npz_path(path):
    """``path`` as a `Path`, with the suffix .npz added where it is missing."""
    path = Path(path)
    return path if path.suffix == ".npz" else path.with_name(path.name + ".npz")


def save_npz(path, arrays):
    """Write named arrays to an .npz file, so that a crash leaves either the old file or the new one.

    Parameters
    ----------
    path : str or Path
        .npz is added where it is missing.
    arrays : dict of str to array

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    FileNotFoundError
        When the folder does not exist.
    ValueError
        When an array holds Python objects, which cannot be stored without pickle.
    """
    path = npz_path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"Cannot write {path}: there is no folder {path.parent}; make it first.")
    for name, array in arrays.items():
        if np.asarray(array).dtype.hasobject:
            raise ValueError(f"Cannot write {name!r} to {path}: it holds Python objects, but must hold numbers.")
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb") as file:
            _write_zip(file, arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return path


def load_npz(path):
    """Read what `save_npz` wrote.

    Returns
    -------
    dict of str to array

    Raises
    ------
    FileNotFoundError
        When there is no such file.
    ValueError
        When the file is damaged, is no .npz file, or holds pickled objects (which are never loaded).
    """
    path = npz_path(path)
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}.")
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: _array(name, file[name]) for name in file.files}
    except _DAMAGED as error:
        raise ValueError(f"{path} is damaged or is no .npz file of numbers: {error}") from error


def save_state(path, state):
    """Write nested dicts and lists of numbers, text and arrays to an .npz file: the arrays as such, the rest as json.

    Raises
    ------
    TypeError
        When ``state`` holds anything else.
    """
    arrays = []
    text = json.dumps(_pack(state, arrays))
    return save_npz(path, {"state": np.array(text), **{f"array_{i}": array for i, array in enumerate(arrays)}})


def load_state(path):
    """Read what `save_state` wrote; see `load_npz` for what is raised. Tuples come back as lists."""
    arrays = load_npz(path)
    try:
        return _unpack(json.loads(arrays["state"].item()), arrays)
    except (KeyError, TypeError, ValueError):
        raise ValueError(f"{path} is an .npz file, but not one that holds a saved state.") from None


def _pack(value, arrays):
    """``value`` as json can hold it, its arrays moved to the list ``arrays``."""
    if isinstance(value, dict):
        return {str(key): _pack(item, arrays) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_pack(item, arrays) for item in value]
    if isinstance(value, np.ndarray):
        arrays.append(value)
        return {_ARRAY: len(arrays) - 1}
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"The state holds a {type(value).__name__}, but a file can hold numbers, text and arrays only.")


def _unpack(value, arrays):
    """The opposite of `_pack`."""
    if isinstance(value, dict):
        if value.keys() == {_ARRAY}:
            return arrays[f"array_{value[_ARRAY]}"]
        return {key: _unpack(item, arrays) for key, item in value.items()}
    if isinstance(value, list):
        return [_unpack(item, arrays) for item in value]
    return value


def _array(name, member):
    # np.load hands back a member that is no array as raw bytes.
    if not isinstance(member, np.ndarray):
        raise ValueError(f"its member {name!r} is no array")
    return member


def _write_zip(file, arrays):
    # np.savez takes the names as keyword arguments, so that an array could not be called "file".
    with zipfile.ZipFile(file, "w", allowZip64=True) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asarray(array), allow_pickle=False)
