"""What a grader that was killed leaves on the disk, removed by the next one.

Each grader's folder under the temporary one holds a file that its process keeps locked while it lives; the system lets
go of the lock, however the process ends.
"""

import contextlib
import glob
import os
import shutil
import stat
import tempfile

from cs_layers.grading.sandbox.posix import fcntl

PREFIX = "cs-layers-grading-"
ALIVE = "alive"


def hold(base, canary):
    """Mark a grader's folder as in use, and note where its canary lies; returns the file to close at the end."""
    path = os.path.join(base, ALIVE)
    file = open(path + ".new", "x", buffering=1)  # noqa: SIM115  (open for the grader's life)
    fcntl.flock(file, fcntl.LOCK_EX)
    file.write(canary + "\n")
    os.rename(file.name, path)  # locked before another can see it
    return file


def sweep():
    """Remove the folders of our own dead graders, and the canaries that they put into courses."""
    for base in glob.glob(os.path.join(tempfile.gettempdir(), PREFIX + "*")):
        if not _is_ours(base):
            continue
        with contextlib.suppress(OSError), open(os.path.join(base, ALIVE), "r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            canary = file.read().rstrip("\n")
            if os.path.basename(canary).startswith(".canary-"):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(canary)
            shutil.rmtree(base, ignore_errors=True)


def _is_ours(folder):
    """Whether it is a folder, no link, and nobody else could have put anything into it."""
    with contextlib.suppress(OSError):
        seen = os.lstat(folder)
        return stat.S_ISDIR(seen.st_mode) and seen.st_uid == os.getuid()
    return False
