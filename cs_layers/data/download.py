"""Download data sets, once, and verify them: the only module of the package that uses the network.

A file arrives under a temporary name in a temporary folder inside the data folder, is checked against the published
checksum, is unpacked there, and reaches its place by a rename. So whatever happens on the way, and however many
processes do it at once, what lies in a data set's place is whole.
"""

import contextlib
import functools
import http.client
import importlib
import logging
import math
import os
import shutil
import ssl
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from cs_layers.data.catalogue import dataset
from cs_layers.data.errors import DataFileError, DownloadError, MissingPackageError, SettingError
from cs_layers.data.folders import data_folder, find_set, search_folders
from cs_layers.data.unpack import unpack

__all__ = ["ensure", "fetch"]

ATTEMPTS = 3  # at each mirror, when a transfer breaks off; what has arrived is kept and the rest asked for
PROGRESS = 1 << 20  # bytes that make the count of attempts begin again
PAUSE = 0.5  # seconds, times the number of the attempt
TIMEOUT = 20.0  # seconds
MIN_RATE = 500  # bytes a second, averaged over the timeout; a slower mirror is given up
CHUNK = 1 << 16
STALE_AFTER = 24 * 3600  # seconds after which a temporary folder must be what a killed process left behind
PREFIX = ".cs-layers-"


def ensure(name, folder=None):
    """The folder that holds data set `name`; it is downloaded if it is not on this machine.

    Parameters
    ----------
    name : str
        ``"mnist"``, ``"cifar10"`` or ``"tiny-imagenet"``.
    folder : path, optional
        Look here only, and download nothing.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    DownloadError
        If it is not here and cannot be downloaded.
    """
    wanted = dataset(name)
    module = importlib.import_module(wanted.module)
    found = find_set(name, [folder] if folder is not None else None)
    if found and module.usable(found):
        return found
    if folder is None:
        return fetch(name)
    if not found:
        raise DownloadError(f"{folder} holds no files of {wanted.title}. Leave the folder out to have them downloaded.")
    raise DownloadError(f"{found} lacks files of {wanted.title}: {', '.join(module.missing(found))}.")


def fetch(name, folder=None, mirror=None, timeout=None, progress=True, complete=False):
    """Bring data set `name` onto this machine, or verify that it is there; what ``cs-layers data NAME`` calls.

    Files that are there and readable are left alone. Files that are missing are downloaded; damaged ones are
    replaced, but only once a verified copy has arrived.

    Parameters
    ----------
    name : str
        ``"mnist"``, ``"cifar10"`` or ``"tiny-imagenet"``.
    folder : path, optional
        The data folder; by default `data_folder()`.
    mirror : str, optional
        Base address, or several separated by spaces, to use instead of the built-in ones; by default what the
        environment variable ``CS_LAYERS_MIRROR`` says. The file's name is appended. ``file:///some/folder`` is
        allowed.
    timeout : float, optional
        Seconds to wait for an answer; by default what the environment variable ``CS_LAYERS_TIMEOUT`` says, or 20.
    progress : bool, optional
        Whether to show a bar on standard output.
    complete : bool, optional
        Whether to download also what loaders can do without, such as the rest of CIFAR-10's batches.

    Returns
    -------
    pathlib.Path
        The folder that holds the set's files.

    Raises
    ------
    DownloadError
        If no mirror delivered the original files; the message says what was tried, and what to do by hand.
    DataFileError
        If an archive that was put into the data folder by hand is not the original.
    """
    wanted = dataset(name)
    module = importlib.import_module(wanted.module)
    base = Path(folder).expanduser().absolute() if folder is not None else data_folder()
    found = find_set(name, [base] if folder is not None else search_folders())
    damaged = module.damaged(found) if found else {}
    if found and not damaged and module.usable(found) and not (complete and module.missing(found)):
        return found
    target = found or base / wanted.folders[0]
    get = _Getter(wanted, _mirrors(wanted, mirror), _seconds(timeout), progress)
    with _working_folder(found or base, wanted) as work:
        install = _install_archive if wanted.unpacked_limit else _install_files
        install(wanted, module, target, damaged, work, get)
    return target


def _install_files(wanted, module, target, damaged, work, get):
    """Download the files that are missing or damaged; each is put in its place as soon as it has arrived."""
    needed = {*module.missing(target), *damaged}
    for file in wanted.files:
        if file.name in needed:
            stage = work / f"{file.name}.stage"
            stage.mkdir()
            shutil.copyfile(get(file, work, target), stage / file.name)  # a copy has the usual permissions
            _move(stage, target, damaged)


def _install_archive(wanted, module, target, damaged, work, get):
    """Download and unpack the archive, see whether all is there, and put it in its place."""
    (archive,) = wanted.files
    base = target.parent
    path = _by_hand(wanted, archive, base) or _by_hand(wanted, archive, target) or get(archive, work, base)
    stage = work / "stage"
    stage.mkdir()
    unpack(path, stage, wanted.unpacked_limit, _bar_over(f"unpacking {archive.name}", get.progress))
    inside = stage / wanted.folders[0]
    lacking = module.missing(inside)
    wrong = module.damaged(inside) if inside.is_dir() and not lacking else {}
    if lacking or wrong:
        reason = next(iter(wrong.values()), f"{archive.name} has no {wanted.folders[0]}/{', '.join(lacking)}")
        raise DataFileError(f"{wanted.title} was not installed: {reason}.")
    _move(inside, target, damaged)


def _by_hand(wanted, archive, base):
    """The archive, if someone put it into the data folder; an error if it is another."""
    path = base / archive.name
    if not path.is_file():
        return None
    pooch = _import_pooch()
    if path.stat().st_size != archive.size or pooch.file_hash(str(path), alg="sha256") != archive.sha256:
        raise DataFileError(
            f"{path} is not the original archive or not complete: it has {path.stat().st_size:,} bytes, expected "
            f"{archive.size:,} with MD5 {archive.md5}. Delete it and run `cs-layers data {wanted.name}`."
        )
    return path


def _move(stage, target, damaged):
    """Move files to their place: the whole folder by one rename if it is new, else what is missing or damaged."""
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            stage.rename(target)
            return
        except OSError:  # another process was faster
            if not target.is_dir():
                raise
    for path in sorted(stage.rglob("*")):
        name = path.relative_to(stage)
        if path.is_dir():
            (target / name).mkdir(exist_ok=True)
        elif not (target / name).exists() or name.as_posix() in damaged:
            path.replace(target / name)


@contextlib.contextmanager
def _working_folder(base, wanted):
    """A temporary folder inside `base`, so that a rename out of it is atomic; removed in the end."""
    try:
        base.mkdir(parents=True, exist_ok=True)
        _sweep(base)
        work = tempfile.mkdtemp(prefix=PREFIX, dir=base)
    except OSError as error:
        raise DownloadError(
            f"{wanted.title} is not here, and {base} cannot be written to ({error.strerror}). Set CS_LAYERS_DATA to a "
            f"folder that can, then run `cs-layers data {wanted.name}`."
        ) from error
    try:
        yield Path(work)
    except OSError as error:
        if isinstance(error, DownloadError):
            raise
        raise DownloadError(
            f"{wanted.title} could not be written to {base}: {error.strerror or error}. Mend that, or set "
            f"CS_LAYERS_DATA to another folder, then run `cs-layers data {wanted.name}`."
        ) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _sweep(base):
    """Remove the temporary folders of processes that were killed long ago."""
    for left in base.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > STALE_AFTER:
                shutil.rmtree(left, ignore_errors=True)


def _mirrors(wanted, mirror):
    """Base addresses to try, in order."""
    named = mirror if mirror is not None else os.environ.get("CS_LAYERS_MIRROR", "")
    mirrors = named.split() or list(wanted.mirrors)
    for address in mirrors:
        if not address.startswith(("http://", "https://", "file://")):
            raise SettingError(
                f"The mirror {address!r} is not an address that begins with http://, https:// or file://."
            )
    return [address.rstrip("/") for address in mirrors]


def _seconds(timeout):
    """The timeout as a positive number."""
    given = timeout if timeout is not None else os.environ.get("CS_LAYERS_TIMEOUT") or TIMEOUT
    try:
        seconds = float(given)
    except (TypeError, ValueError):
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise SettingError(f"The timeout is {given!r}, allowed are seconds greater than 0.")
    return seconds


def _import_pooch():
    try:
        import pooch
        import tqdm  # noqa: F401
    except ImportError as error:
        raise MissingPackageError('Downloading needs pooch and tqdm: pip install "cs-layers[data]"') from error
    return pooch


class _Failed(Exception):
    """A mirror did not deliver; the text says why."""


class _CutOff(_Failed):
    """A transfer broke off; it may be continued."""


class _Getter:
    """Gets files of one data set from its mirrors."""

    def __init__(self, wanted, mirrors, timeout, progress):
        self.wanted, self.mirrors, self.timeout, self.progress = wanted, mirrors, timeout, progress

    def __call__(self, file, work, place):
        """Download `file` into the folder `work` and verify it; `place` is where a person would put it."""
        pooch = _import_pooch()
        pooch.get_logger().setLevel(logging.WARNING)  # the bar says it, and standard error is kept for trouble
        tried = []
        for mirror in list(self.mirrors):
            url = f"{mirror}/{file.name}"
            try:
                path = pooch.retrieve(
                    url,
                    known_hash=f"sha256:{file.sha256}",
                    fname=file.name,
                    path=work,
                    downloader=_Transfer(file, self.timeout, self.progress),
                )
                self.mirrors.sort(key=lambda other: other != mirror)  # the next file comes from the one that works
                return Path(path)
            except _Failed as failure:
                tried.append(f"  {url}: {failure}")
            except ValueError as error:  # pooch's word for a checksum that differs
                differs = "hash" in str(error)
                tried.append(f"  {url}: {'the checksum is not that of the original' if differs else error}")
        raise DownloadError(self._advice(place, tried))

    def _advice(self, place, tried):
        command = f"cs-layers data {self.wanted.name}"
        absent = [file for file in self.wanted.files if not (place / file.name).exists()] or self.wanted.files
        return "\n".join(
            [
                f"{self.wanted.title} could not be downloaded. Tried:",
                *tried,
                f"Run `{command}` again when the network is there, or set CS_LAYERS_MIRROR to the address of a copy.",
                f"Or get them in another way, put them into {place}, and run `{command}`, which then needs no network:",
                *(f"  {file.name}: {file.size:,} bytes, MD5 {file.md5}" for file in absent),
                "If they are on this machine already, set CS_LAYERS_DATA to their folder. "
                "load_digits() and load_shapes32() need no files.",
            ]
        )


class _Transfer:
    """What pooch calls to bring one file from one address; unlike its own, it resumes and gives up slow mirrors."""

    def __init__(self, file, timeout, progress):
        self.file, self.timeout, self.progress = file, timeout, progress

    def __call__(self, url, output_file, pooch, check_only=False):
        with open(output_file, "wb") as out, contextlib.ExitStack() as self.closing:
            self.bar = None
            attempt, most = 1, 0
            while True:
                try:
                    return self._continue(url, out)
                except _CutOff:
                    attempt = 1 if out.tell() >= most + PROGRESS else attempt + 1
                    most = max(most, out.tell())
                    if attempt > ATTEMPTS:
                        raise
                    time.sleep(PAUSE * attempt)

    def _continue(self, url, out):
        """Ask for what has not arrived yet, and append it to `out`."""
        start = out.tell()
        headers = {"User-Agent": "cs-layers", "Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        try:
            request = urllib.request.Request(url, headers=headers)
            with urllib.request.urlopen(request, timeout=self.timeout, context=_certificates()) as response:
                if out.tell() and response.status != 206:  # this server begins again from the start
                    out.seek(0)
                    out.truncate()
                self._check_length(response, out.tell())
                self._show(out.tell())
                self._receive(response, out)
        except urllib.error.HTTPError as error:
            raise _Failed(f"answered {error.code} {error.reason}") from error
        except TimeoutError as error:
            got = f"nothing more after {out.tell():,} bytes" if out.tell() else "no answer"
            worth_more = out.tell() >= start + PROGRESS
            raise (_CutOff if worth_more else _Failed)(f"{got} within {self.timeout:g} s") from error
        except urllib.error.URLError as error:
            late = isinstance(error.reason, TimeoutError)
            raise _Failed(
                f"no answer within {self.timeout:g} s" if late else f"no connection ({error.reason})"
            ) from error
        except (ConnectionError, http.client.HTTPException, ssl.SSLError) as error:
            raise _CutOff(f"broke off after {out.tell():,} of {self.file.size:,} bytes") from error
        if out.tell() < self.file.size:
            raise _CutOff(f"broke off after {out.tell():,} of {self.file.size:,} bytes")

    def _show(self, count):
        """The bar, on standard output and not before a mirror has answered, with `count` bytes done."""
        from tqdm import tqdm

        if self.bar is None:
            options = {"unit": "B", "unit_scale": True, "file": sys.stdout, "disable": not self.progress}
            self.bar = self.closing.enter_context(tqdm(total=self.file.size, desc=self.file.name, **options))
        self.bar.n = count

    def _check_length(self, response, start):
        """Refuse a file of another size before it is transferred: a login page, say."""
        length = response.headers.get("Content-Length", "")
        if length.isdigit() and start + int(length) != self.file.size:
            raise _Failed(f"offers {start + int(length):,} bytes, the original has {self.file.size:,}")

    def _receive(self, response, out):
        """Read until the end, or until the transfer is too slow or too long."""
        window_start, window_bytes = time.monotonic(), 0
        while chunk := response.read1(CHUNK):
            out.write(chunk)
            self.bar.update(len(chunk))
            if out.tell() > self.file.size:
                raise _Failed(f"sends more than the {self.file.size:,} bytes of the original")
            window_bytes += len(chunk)
            elapsed = time.monotonic() - window_start
            if elapsed > self.timeout:
                if window_bytes < MIN_RATE * elapsed and out.tell() < self.file.size:
                    raise _Failed(f"too slow: {window_bytes:,} bytes in {elapsed:.0f} s")
                window_start, window_bytes = time.monotonic(), 0


@functools.cache
def _certificates():
    """The system's certificates and, where Python came without, those that certifi brings."""
    context = ssl.create_default_context()
    with contextlib.suppress(ImportError, OSError):
        import certifi

        context.load_verify_locations(certifi.where())
    return context


def _bar_over(title, show):
    """A function that puts a progress bar over an iterable."""
    from tqdm import tqdm

    return lambda items: tqdm(items, desc=title, unit=" files", file=sys.stdout, disable=not show)
