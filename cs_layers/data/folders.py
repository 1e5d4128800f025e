"""Where data sets lie on this machine."""

import importlib
import os
from pathlib import Path

from cs_layers.data.catalogue import dataset

__all__ = ["data_folder", "find_set", "search_folders"]


def data_folder():
    """The folder that data sets are read from and downloaded to; it need not exist yet.

    The first of: what the environment variable ``CS_LAYERS_DATA`` names; ``datasets`` in the working folder, or in
    the course's own folder if the working folder lies inside it; ``cs_layers`` in the user's cache.

    Returns
    -------
    pathlib.Path
    """
    return search_folders()[0]


def search_folders():
    """All folders in which a data set is looked for, in order. If ``CS_LAYERS_DATA`` is set, that one alone.

    Returns
    -------
    list of pathlib.Path
    """
    named = os.environ.get("CS_LAYERS_DATA", "").strip()
    if named:
        return [Path(named).expanduser().absolute()]
    return [*_course_folder(), _user_cache()]


def _course_folder():
    """``datasets`` here, or beside the nbgrader_config.py of the course that the working folder lies in."""
    here = Path.cwd()
    if (here / "datasets").is_dir():
        return [here / "datasets"]
    for folder in here.parents:
        if (folder / "nbgrader_config.py").is_file() and (folder / "datasets").is_dir():
            return [folder / "datasets"]
    return []


def _user_cache():
    try:
        import pooch
    except ImportError:  # the course's core works without; this is where pooch puts it on Linux
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cs_layers"
    return Path(pooch.os_cache("cs_layers"))


def find_set(name, folders=None):
    """The folder that holds the files of data set `name`, or None.

    Parameters
    ----------
    name : str
        A name in ``cs_layers.data.catalogue.SETS``.
    folders : list of path, optional
        Where to look; by default `search_folders()`. In each, the set's files may lie in a folder with one of the
        set's usual names, or directly.

    Returns
    -------
    pathlib.Path or None
        A folder that can be used is preferred to one from which files are missing.
    """
    wanted = dataset(name)
    module = importlib.import_module(wanted.module)
    places = [Path(folder) / inside for folder in (folders or search_folders()) for inside in (*wanted.folders, ".")]
    places = [place for place in places if place.is_dir()]
    usable = (place for place in places if module.usable(place))
    started = (place for place in places if module.present(place))
    found = next(usable, None) or next(started, None)
    return found.resolve() if found else None
