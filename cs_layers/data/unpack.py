"""Unpack archives that were made by strangers: plain files and folders only, all of them inside the target."""

import gzip
import stat
import tarfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from cs_layers.data.errors import DataFileError

__all__ = ["unpack"]

CHUNK = 1 << 20


def unpack(archive, target, max_bytes, progress=iter):
    """Unpack a .tar.gz or .zip file.

    Parameters
    ----------
    archive : path
        The archive; it is only read.
    target : path
        An existing, empty folder. After an error it holds a part of the archive's files, and is to be deleted.
    max_bytes : int
        The most that may be written, all files together.
    progress : callable, optional
        Takes and returns an iterable over the archive's members.

    Raises
    ------
    DataFileError
        If the archive is damaged, holds a link, a device or a path that leads out of `target`, or is too large.
    """
    archive, target = Path(archive), Path(target)
    members = _zip_members if archive.suffix == ".zip" else _tar_members
    left = max_bytes
    try:
        for name, is_folder, source in progress(members(archive)):
            path = target.joinpath(*_inside(archive, name).parts)
            if is_folder:
                path.mkdir(parents=True, exist_ok=True)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            with source() as reader, path.open("xb") as writer:
                left = _copy(archive, reader, writer, left)
    except (tarfile.TarError, zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise DataFileError(f"{archive} is damaged and cannot be unpacked ({error}); delete it.") from error
    except (FileExistsError, NotADirectoryError) as error:
        raise DataFileError(f"{archive} holds two files of the same name, {error.filename}; delete it.") from error


def _tar_members(archive):
    """(name, is it a folder, a function that opens it) of each member of a tar file."""
    with gzip.open(archive) as stream, tarfile.open(fileobj=stream, mode="r:") as tar:
        for member in tar:
            if not (member.isreg() or member.isdir()):
                raise DataFileError(
                    f"{archive} holds {member.name!r}, which is a link or a device and not a file; delete it."
                )
            yield member.name, member.isdir(), lambda member=member: tar.extractfile(member)
        while stream.read(CHUNK):  # to the end, where the checksum of the whole stands
            pass


def _zip_members(archive):
    """(name, is it a folder, a function that opens it) of each member of a zip file."""
    with zipfile.ZipFile(archive) as packed:
        for member in packed.infolist():
            kind = stat.S_IFMT(member.external_attr >> 16)  # the Unix mode, zero if the archive was made elsewhere
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or member.flag_bits & 1:
                raise DataFileError(
                    f"{archive} holds {member.filename!r}, which is a link, a device or encrypted; delete it."
                )
            yield member.filename, member.is_dir(), lambda member=member: packed.open(member)


def _inside(archive, name):
    """`name` as a path that stays inside the folder it is unpacked to, on any system."""
    path = PurePosixPath(name)
    strange = "\\" in name or ":" in name or "\0" in name
    if strange or path.is_absolute() or ".." in path.parts:
        raise DataFileError(f"{archive} holds {name!r}, a path that leads out of the folder; delete it.")
    return path


def _copy(archive, reader, writer, left):
    """Copy a member; returns how many of `left` bytes may still be written."""
    while chunk := reader.read(CHUNK):
        left -= len(chunk)
        if left < 0:
            raise DataFileError(f"{archive} unpacks to more than the data set's size; delete it.")
        writer.write(chunk)
    return left
