"""The warm parents of one machine: started once, asked for a process for each submission, ended with the grader.

One parent forks checkers. Students' parents differ in what of the course's package they hide and have imported, so
there is one for each notebook that is being graded, a few at a time.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from cs_layers.grading import hiding, leftovers

MAX_STUDENTS = 4
"""Students' parents kept at a time; each holds a few dozen megabytes."""


@dataclass
class Parent:
    """A warm parent, our end of the line to it, and how many submissions rely on it now."""

    process: subprocess.Popen
    door: socket.socket
    users: int = 0

    def ask(self, request, fds):
        """Have it fork a process that takes over `fds`."""
        socket.send_fds(self.door, [json.dumps(request).encode()], fds)

    def is_alive(self):
        return self.process.poll() is None

    def stop(self):
        self.door.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Parents:
    """Starts warm parents when they are needed; several threads may use it at a time.

    Parameters
    ----------
    wanted : str, optional
        Use this kind of isolation even where a stronger one is to be had.
    canary_folder : str, optional
        A folder that students' processes must not reach; a file is put there to try.
    debug : bool
        Show what goes wrong in forked processes.
    """

    def __init__(self, wanted=None, canary_folder=None, debug=False):
        self.wanted, self.debug = wanted, debug
        self._lock, self._closed = threading.Lock(), False
        self._checker, self._students = None, {}
        leftovers.sweep()
        self.base = tempfile.mkdtemp(prefix=f"{leftovers.PREFIX}{os.getpid()}-")
        os.chmod(self.base, 0o711)
        for name in ("root", "ipython", "config"):
            os.mkdir(os.path.join(self.base, name), 0o755)
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(1)
        self.port = self._listener.getsockname()[1]
        self.canary = self._make_canary(canary_folder)
        self._alive = leftovers.hold(self.base, self.canary)

    def _make_canary(self, folder):
        if not folder or not os.access(folder, os.W_OK):
            folder = os.path.join(self.base, "private")
            os.mkdir(folder, 0o700)
        fd, path = tempfile.mkstemp(prefix=".canary-", dir=folder)
        os.write(fd, b"a student's process must not read this\n")
        os.fchmod(fd, 0o644)
        os.close(fd)
        return path

    @contextlib.contextmanager
    def of(self, bundle):
        """The checkers' parent and that of a notebook's students, both alive and not ended before this is left.

        Raises
        ------
        RuntimeError
            After `close`.
        """
        with self._lock:
            if self._closed:
                raise RuntimeError("This grader has been closed; make a new one.")
            if self._checker is None or not self._checker.is_alive():
                self._checker = self._start("checker", {"remove": [self.base, self.canary]})
            checker, student = self._checker, self._of_students(tuple(bundle.asked_for), tuple(bundle.imports))
            student.users += 1
        try:
            yield checker, student
        finally:
            with self._lock:
                student.users -= 1

    def _of_students(self, asked_for, imports):
        parent = self._students.pop((asked_for, imports), None)
        if parent is not None and not parent.is_alive():
            parent.stop()
            parent = None
        if parent is None:
            idle = [key for key, one in self._students.items() if not one.users]
            for key in idle[: max(0, len(self._students) + 1 - MAX_STUDENTS)]:
                self._students.pop(key).stop()
            parent = self._start("student", self._settings(asked_for, imports))
        self._students[asked_for, imports] = parent  # the last in order is the last that was used
        return parent

    def _settings(self, asked_for, imports):
        site = tempfile.mkdtemp(prefix="site-", dir=self.base)
        os.chmod(site, 0o755)
        hiding.build(Path(site), asked_for)
        return {
            "site": site, "imports": imports, "base": self.base, "mountpoint": os.path.join(self.base, "root"),
            "wanted": self.wanted, "hidden": [str(hiding.PACKAGE)],
        }  # fmt: skip

    def _start(self, kind, settings):
        ours, theirs = socket.socketpair(
            socket.AF_UNIX, socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_STREAM
        )
        path = [entry for entry in sys.path if entry] + [os.path.dirname(str(hiding.PACKAGE))]
        arguments = [kind, str(theirs.fileno()), json.dumps({**settings, "debug": self.debug})]
        start = f"import sys; sys.path[:] = {path!r}; sys.argv[1:] = {arguments!r}"
        code = f"{start}; from cs_layers.grading.warm import main; main()"
        process = subprocess.Popen(
            [sys.executable, "-s", "-B", "-c", code],
            pass_fds=[theirs.fileno()], env=self._environment(kind), cwd="/", stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        theirs.close()
        return Parent(process, ours)

    def _environment(self, kind):
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TZ") if name in os.environ}
        if kind == "checker":
            kept.update({name: os.environ[name] for name in ("HOME", "CS_LAYERS_DATA") if name in os.environ})
        threads = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
        folders = {"IPYTHONDIR": os.path.join(self.base, "ipython"), "MPLCONFIGDIR": _font_cache()}
        forks = {"OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES"}  # macOS ends a forked process that draws, without it
        return {**kept, **threads, **folders, **forks, "MPLBACKEND": "agg", "PYTHONHASHSEED": "0"}

    def close(self):
        """End the parents, and with them every process that they forked, and remove what was made."""
        with self._lock:
            self._closed = True
            for parent in [*self._students.values(), *([self._checker] if self._checker else [])]:
                parent.stop()
            self._students, self._checker = {}, None
            self._listener.close()
            self._alive.close()
            with contextlib.suppress(OSError):
                os.unlink(self.canary)
            shutil.rmtree(self.base, ignore_errors=True)


def _font_cache():
    """Matplotlib's own cache folder, so that the warm parents need not build the font list again."""
    import matplotlib

    return matplotlib.get_cachedir()
