"""Reading what lies in a submission's folder, which may be anything: links, pipes, devices, folders, huge files."""

import contextlib
import difflib
import os
import stat
from pathlib import Path

from nbgrader.utils import parse_utc

from cs_layers.grading.rebuild import MAX_BYTES, Unreadable, is_answered, read_cells

MAX_FILES = 500
MAX_FILE = 20 << 20
MAX_TOTAL = 100 << 20
MAX_DEPTH = 4
MAX_CANDIDATES, MAX_CANDIDATE_BYTES = 30, 100 << 20
"""Of files that might be the notebook under another name: how many are looked into, and how much is read of all."""
ENDINGS = (".ipynb", "", ".bak", ".json", ".txt")
"""Of notebooks as they are saved, and as browsers and mail programs rename them."""


def read_file(path, limit=MAX_BYTES + 1):
    """The bytes of a regular file, at most `limit`.

    Raises
    ------
    Unreadable
        If it is a link, a pipe, a folder or anything else than a file. The message names what it is.
    FileNotFoundError
        If there is none.
    """
    mode, name = os.lstat(path).st_mode, readable(os.path.basename(path))
    if stat.S_ISLNK(mode):
        raise Unreadable(f"{name} is a link, not a file; links are not followed. Hand in the file itself.")
    if not stat.S_ISREG(mode):
        raise Unreadable(f"{name} is {_what(mode)}, not a file.")
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Unreadable(f"{name} cannot be read: {error.strerror}.") from None
    with open(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise Unreadable(f"{name} is not a file.")
        return file.read(limit)


def readable(name):
    """A file's name as text that can be shown and logged: whatever bytes it is made of, and without control
    characters."""
    text = os.fsencode(name).decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)[:200]


def find_notebook(folder, name, bundle, others=()):
    """The submitted notebook that stands for the instructor's notebook `name`.

    Parameters
    ----------
    folder : path
    name : str
        Without `.ipynb`.
    bundle : Bundle
    others : iterable of str
        Names of the assignment's other notebooks: their files are not taken for this one.

    Returns
    -------
    raw : bytes or None
    notes : list of str
    problem : str or None
        Why there is nothing to read.
    """
    folder = Path(folder)
    if not os.path.lexists(folder) or stat.S_ISLNK(os.lstat(folder).st_mode):
        return None, [], "The submission's folder is a link; links are not followed."
    raw, problem = None, "No notebook was handed in."
    try:
        raw, problem = read_file(folder / f"{name}.ipynb"), None
    except Unreadable as error:
        problem = str(error)
    except OSError:
        pass
    if raw is not None and is_answered(raw, bundle):
        return raw, [], None
    best = max(_candidates(folder, name, bundle, set(others)), default=None, key=lambda one: one[:4])
    if best and (best[0] or (raw is None and best[1] and (best[2] or best[3] >= 0.5))):
        return best[5], [f"The notebook was handed in as {readable(best[4])}."], None
    return raw, [], problem


def _candidates(folder, name, bundle, others):
    """(whether it is answered, whether a person saved it, marks in common, likeness of the name, name,
    contents) of other notebook files, not without end; the first are what counts most."""
    wanted = {cell.grade_id for cell in bundle.cells if cell.grade_id}
    left = MAX_CANDIDATE_BYTES
    for likeness, path in _likely(folder, name, others)[:MAX_CANDIDATES]:
        is_notebook = path.suffix.lower() == ".ipynb"
        with contextlib.suppress(OSError, Unreadable):
            size = path.lstat().st_size
            if size > left or not (is_notebook or _may_be_one(path)):
                continue
            left -= size
            raw = read_file(path)
            found = {cell.grade_id for cell in read_cells(raw)}
            if not (is_notebook or found & wanted):
                continue
            by_hand = ".ipynb_checkpoints" not in path.parts
            shown = str(path.relative_to(folder))
            yield is_answered(raw, bundle), by_hand, len(found & wanted), likeness, shown, raw


def _likely(folder, name, others):
    """(likeness of the name, path) of the files that may be the notebook, the likeliest first."""
    found = []
    for path in regular_files(folder):
        stem = path.stem.removesuffix("-checkpoint")
        if stem not in others - {name} and path != folder / f"{name}.ipynb" and path.suffix.lower() in ENDINGS:
            likeness = difflib.SequenceMatcher(None, stem.lower(), name.lower()).ratio()
            found.append((likeness, path))
    return sorted(found, key=lambda one: (one[1].suffix.lower() == ".ipynb", one[0]), reverse=True)


def _may_be_one(path):
    """Whether a file is a notebook under another ending, as browsers and mail programs make them."""
    return path.name != "timestamp.txt" and read_file(path, 1000).lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{")


def regular_files(folder):
    """Paths of the files in a folder, no links, no pipes, and not without end."""
    found, queue = [], [(Path(folder), 0)]
    while queue and len(found) < MAX_FILES:
        here, depth = queue.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)[: MAX_FILES * 4]
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False) and depth < MAX_DEPTH:
                queue.append((Path(entry.path), depth + 1))
            elif entry.is_file(follow_symlinks=False):
                found.append(Path(entry.path))
    return found[:MAX_FILES]


def odd_files(folder):
    """Names of what is neither file nor folder: links, pipes, sockets, devices."""
    odd = []
    with contextlib.suppress(OSError):
        for entry in os.scandir(folder):
            if not entry.is_dir(follow_symlinks=False) and not entry.is_file(follow_symlinks=False):
                odd.append(readable(entry.name))
    return sorted(odd)[:20]


def copy_files(source, target, ignored, reserved=()):
    """Copy the files beside the notebooks, as nbgrader does, but neither links nor what is no file.

    Parameters
    ----------
    source, target : path
    ignored : callable
        Whether a path is to be left out.
    reserved : iterable of path
        Where files of the instructor's will be put: nothing takes their place, or that of a folder of theirs.
    """
    files = {Path(one) for one in reserved}
    files |= {one.with_suffix(".html") for one in files if one.suffix == ".ipynb"}  # feedback will be there
    folders = {folder for one in files for folder in one.parents}
    total = 0
    for path in regular_files(source):
        relative = path.relative_to(source)
        if path.suffix == ".ipynb" or ignored(str(path)) or relative in folders or files & {*relative.parents}:
            continue
        with contextlib.suppress(OSError, Unreadable):
            contents = read_file(path, MAX_FILE + 1)
            total += len(contents)
            if len(contents) > MAX_FILE or total > MAX_TOTAL:
                continue
            goal = Path(target) / relative
            goal.parent.mkdir(parents=True, exist_ok=True)
            goal.unlink(missing_ok=True)
            goal.write_bytes(contents)


def read_timestamp(folder):
    """When a submission was handed in, as its `timestamp.txt` says; None if there is none that can be read."""
    try:
        text = read_file(os.path.join(folder, "timestamp.txt"), 200).decode().strip()
        return parse_utc(text) if text else None
    except Exception:  # dateutil raises many kinds, and a bad date is no reason not to grade
        return None


def _what(mode):
    kinds = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"))
    return next((what for test, what in kinds if test(mode)), "a device")
