"""What a grader that was killed leaves on the disk, removed by the next one.

Each grader's folder under the temporary one holds a file that its process keeps locked while it lives; the system lets
go of the lock, however the process ends. In the course lies another, which names the submission that is being written.
"""

import contextlib
import glob
import os
import shutil
import stat
import tempfile
import time

from cs_layers.grading.sandbox.posix import fcntl

PREFIX = "cs-layers-grading-"
ALIVE = "alive"


def hold(base, canary):
    """Mark a grader's folder as in use, and note where its canary lies; returns the file to close at the end."""
    file = _locked(os.path.join(base, ALIVE))
    file.write(canary + "\n")
    return file


def sweep():
    """Remove the folders of our own dead graders, and the canaries that they put into courses."""
    for base in glob.glob(os.path.join(tempfile.gettempdir(), PREFIX + "*")):
        if not _is_ours(base):
            continue
        if not os.path.exists(os.path.join(base, ALIVE)) and _is_nobodys(base):  # killed while it was made or removed
            shutil.rmtree(base, ignore_errors=True)
        with contextlib.suppress(OSError), _of_a_dead_process(os.path.join(base, ALIVE)) as file:
            canary = file.read().rstrip("\n")
            if os.path.basename(canary).startswith(".canary-"):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(canary)
            shutil.rmtree(base, ignore_errors=True)


class Unfinished:
    """Names the submission whose notebooks are being written: nbgrader takes a folder that is there for finished work.

    Parameters
    ----------
    folder : path
        The course's own for such files.
    """

    def __init__(self, folder):
        self._path = os.path.join(folder, f"unfinished-{os.getpid()}-{time.monotonic_ns()}")
        self._file = _locked(self._path)

    @contextlib.contextmanager
    def writing(self, target):
        """While this lasts, a folder is being written."""
        self._file.write(os.path.abspath(target) + "\n")
        try:
            yield
        finally:
            self._file.seek(0)
            self._file.truncate()

    def close(self):
        with contextlib.suppress(OSError):
            os.unlink(self._path)
        self._file.close()


def remove_unfinished(folder):
    """Remove what runs that were killed were writing, so that it is graded again.

    Returns
    -------
    list of str
        The submissions' folders.
    """
    removed = []
    for path in glob.glob(os.path.join(folder, "unfinished-*[0-9]")):
        with contextlib.suppress(OSError), _of_a_dead_process(path) as file:
            target = file.read().rstrip("\n")
            if target and os.path.isdir(target) and not os.path.islink(target):
                shutil.rmtree(target, ignore_errors=True)
                removed.append(target)
            os.unlink(path)
    return sorted(removed)


def _locked(path):
    """A new file that this process holds a lock on before anybody else can see it."""
    file = open(path + ".new", "x", buffering=1)  # noqa: SIM115  (open for the grader's life)
    fcntl.flock(file, fcntl.LOCK_EX)
    os.rename(file.name, path)
    return file


@contextlib.contextmanager
def _of_a_dead_process(path):
    """A file that nobody holds a lock on; OSError if somebody does, or if it is gone."""
    with open(path, "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield file


def _is_nobodys(folder):
    """Whether the process that a folder is named after is gone, or nothing was put into it for some minutes."""
    with contextlib.suppress(OSError, ValueError):
        if time.time() - os.lstat(folder).st_mtime > 300:
            return True
        try:
            os.kill(int(os.path.basename(folder).removeprefix(PREFIX).split("-")[0]), 0)
        except ProcessLookupError:
            return True
    return False


def _is_ours(folder):
    """Whether it is a folder, no link, and nobody else could have put anything into it."""
    with contextlib.suppress(OSError):
        seen = os.lstat(folder)
        return stat.S_ISDIR(seen.st_mode) and seen.st_uid == os.getuid()
    return False
