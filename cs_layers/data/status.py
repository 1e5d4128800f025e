"""What data sets there are, and which of them are on this machine."""

import importlib
from dataclasses import dataclass as record
from pathlib import Path

from cs_layers.data.catalogue import SETS, dataset
from cs_layers.data.download import fetch
from cs_layers.data.folders import data_folder, find_set

__all__ = ["SetStatus", "describe", "fetch_report", "status"]


@record(frozen=True)
class SetStatus:
    """One data set, for people.

    Attributes
    ----------
    name, title, contents, licence : str
        What it is.
    folder : pathlib.Path or None
        Where it was found; None if it was not, or if it comes with the package.
    size : int
        Bytes on this machine or, if it is not here, to download.
    state : str
        ``"embedded"``, ``"here"``, ``"partly here"`` or ``"not here"``.
    missing : tuple of str
        Files that are not in `folder`.
    """

    name: str
    title: str
    contents: str
    licence: str
    folder: Path | None
    size: int
    state: str
    missing: tuple


def status():
    """Look for every data set; nothing is downloaded, and files are not read.

    Returns
    -------
    list of SetStatus
    """
    digits = Path(__file__).with_name("digits.npz").stat().st_size
    return [
        SetStatus("digits", "digits", "1,797 handwritten digits, 8×8, grey", "CC BY 4.0", None, digits, "embedded", ()),
        SetStatus("shapes32", "shapes32", "drawn shapes, 32×32, colour", "this package's", None, 0, "embedded", ()),
        *(_look_for(wanted) for wanted in SETS.values()),
    ]


def fetch_report(name, **options):
    """Bring a data set onto this machine or verify that it is there, for ``cs-layers data NAME``.

    Parameters
    ----------
    name : str
        The data set; the two that come with the package are allowed.
    **options
        What `fetch` takes.

    Returns
    -------
    str
        Where it is, and what is missing.

    Raises
    ------
    DataFileError, DownloadError
        As `fetch` does.
    """
    for item in status():
        if item.state == "embedded" and item.name == name:
            return f"{item.title}: {_where(item)}."
    wanted = dataset(name)
    item = _look_at(wanted, fetch(wanted.name, **options))
    rest = f" Missing: {', '.join(item.missing)}; what is there can be used." if item.missing else ""
    return f"{item.title}: read and found good, in {item.folder} ({_size(item.size)}).{rest}"


def _look_for(wanted):
    return _look_at(wanted, find_set(wanted.name))


def _look_at(wanted, found):
    about = (wanted.name, wanted.title, wanted.contents, wanted.licence)
    if not found:
        return SetStatus(*about, None, wanted.download_size, "not here", ())
    missing = tuple(importlib.import_module(wanted.module).missing(found))
    size = sum(path.stat().st_size for path in found.rglob("*") if path.is_file())
    return SetStatus(*about, found, size, "partly here" if missing else "here", missing)


def describe():
    """`status` as text, for ``cs-layers data``.

    Returns
    -------
    str
    """
    lines = [f"Data folder: {data_folder()}"]
    for item in status():
        lines.append(f"\n{item.name}: {item.contents}. Licence: {item.licence}.")
        lines.append(f"  {_where(item)}")
    return "\n".join(lines)


def _where(item):
    size = _size(item.size)
    if item.state == "embedded":
        return f"comes with the package ({size})" if item.size else "drawn by the package, nothing to download"
    if item.state == "not here":
        return f"not here; `cs-layers data {item.name}` downloads {size}"
    if item.state == "partly here":
        return f"partly in {item.folder} ({size}); missing: {', '.join(item.missing)}"
    return f"in {item.folder} ({size})"


def _size(count):
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.0f} kB"
