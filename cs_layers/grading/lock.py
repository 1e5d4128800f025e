"""The lock that keeps two writers of a course apart.

It lies in a folder of its own in the course, ``.cs_layers/``, far from what students hand in.
"""

import contextlib
import os
import socket
import time
from pathlib import Path

from cs_layers.grading.sandbox.posix import fcntl

FOLDER = ".cs_layers"


class GradingStopped(Exception):
    """What ended a run before its end, in a sentence for the person at the keyboard."""


@contextlib.contextmanager
def only_writer(root, shared=False):
    """Hold the course's lock; the system lets go of it when the holder ends, however it ends.

    Parameters
    ----------
    root : path
    shared : bool
        Keep out a farm, but not others who share: `nbgrader autograde` may run several times at once, as ever.

    Raises
    ------
    GradingStopped
        If another process holds it, with its name; if the folder cannot be written; on Windows.
    """
    if fcntl is None:
        raise GradingStopped(
            "Windows has nothing that keeps students' code apart; grade in WSL 2 or a virtual machine with Linux."
        )
    path = Path(root) / FOLDER / "lock"
    try:
        path.parent.mkdir(exist_ok=True)
        file = open(path, "a+", encoding="utf-8")  # noqa: SIM115  (closed below)
    except OSError as error:
        raise GradingStopped(f"The course's folder cannot be written ({path.parent}: {error.strerror}).") from None
    with file:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read(500).strip() or "another process"
            raise GradingStopped(f"This course is being graded already, by {holder}; wait for it to end.") from None
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()} since {time.strftime('%H:%M:%S')}\n")
        file.flush()
        yield
        file.truncate(0)
