"""Warm parents: processes that have imported what a submission needs and fork a fresh copy for each.

`python -m cs_layers.grading.warm student FD` forks sandboxed students' processes, `… checker FD` checkers. Both are
started with an empty environment and hold nothing but code.

Around every student's process stand two of ours: the *supervisor*, outside the sandbox, measures memory and disk,
passes on interrupts, and kills all at the end; the *init*, inside, collects what the student's processes leave
behind.
"""

import contextlib
import gc
import importlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from cs_layers.grading.sandbox import landlock, limits, namespaces, probe, seccomp, syscalls
from cs_layers.grading.sandbox.limits import Limits
from cs_layers.grading.supervisor import Supervisor, descendants, end, end_with_parent

_USED = ("checks", "diagrams", "plots", "data", "layers", "models", "optim", "solver", "carry")
"""What notebooks import of the package."""
_KEEP = ("LANG", "LC_ALL", "PATH", "TZ")


def environment(home):
    """What a student's process finds in its environment."""
    kept = {name: os.environ[name] for name in _KEEP if name in os.environ}
    threads = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    return {
        "PATH": "/usr/bin:/bin",
        **kept,
        **threads,
        "HOME": home,
        "USER": "student",  # the number has no name in the system's books
        "LOGNAME": "student",
        "IPYTHONDIR": home + "/.ipython",
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": home + "/.config",
        "NBGRADER_EXECUTION": "autograde",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
    }


def main():
    kind, fd, settings = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
    door = socket.socket(fileno=fd)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    (Students if kind == "student" else Checkers)(settings).serve(door)
    for path in settings.get("remove", ()):  # the grader is gone, perhaps without a chance to clean up
        shutil.rmtree(path, ignore_errors=True) if os.path.isdir(path) else Path(path).unlink(missing_ok=True)


class Warm:
    """Waits at a door for requests, each with file descriptors, and forks for each."""

    def __init__(self, settings):
        self.settings = settings

    def serve(self, door):
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        gc.collect()
        gc.freeze()  # what all copies share is not touched, hence not copied, by their garbage collectors
        while True:
            text, fds, _, _ = socket.recv_fds(door, 1 << 16, 4)
            if not text:
                return
            if os.fork() == 0:
                code = 1
                try:
                    door.close()
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    self.work(json.loads(text), fds)
                    code = 0
                except BaseException:
                    if self.settings.get("debug"):
                        import traceback

                        traceback.print_exc()
                finally:
                    os._exit(code)
            for fd in fds:
                os.close(fd)

    def work(self, request, fds):
        raise NotImplementedError


class Checkers(Warm):
    """Forks the trusted process that runs the check cells of one submission."""

    def __init__(self, settings):
        super().__init__(settings)
        import matplotlib

        matplotlib.use("agg")
        from cs_layers.grading import checker

        for name in ("numpy.testing", *(f"cs_layers.{part}" for part in _USED)):
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
        self.checker = checker
        self.shell = checker.make_shell()

    def work(self, request, fds):
        os.setsid()
        end_with_parent(signal.SIGKILL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        self.checker.work(socket.socket(fileno=fds[0]), self.shell)


class Students(Warm):
    """Forks students' processes, each into a sandbox of its own."""

    def __init__(self, settings):
        super().__init__(settings)
        from cs_layers.grading import student
        from cs_layers.grading.shell import CellShell

        self.student = student
        student.preload()
        self.shell = CellShell()
        self.shell.run("1 / 0")  # the first traceback imports what colours it
        self._forget_the_course()
        self.base = settings["base"]
        wanted = settings["wanted"]
        self.namespaces = wanted in (None, "namespaces") and syscalls.available and self._try_namespaces()
        self.landlock = wanted != "unsandboxed" and syscalls.available and landlock.abi() > 0
        self.keep_reading = (
            self.landlock and not self.namespaces and os.getuid() == 0 and not _others_can_read_libraries()
        )

    def _forget_the_course(self):
        """From here on `import cs_layers` finds the part of the package that students may see, and nothing else of
        the course; what the notebook imports of it is there already."""
        sys.path[:] = [self.settings["site"], *filter(_is_library, sys.path)]
        for name in [name for name in sys.modules if name.split(".")[0] == "cs_layers"]:
            del sys.modules[name]
        sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in repr(finder).lower()]
        sys.path_importer_cache.clear()
        sys.argv[:] = [""]
        os.chdir("/")
        for name in self.settings["imports"]:
            with contextlib.suppress(Exception):  # a notebook's import that fails is to fail there, and be shown
                importlib.import_module(name)

    def readable(self):
        """Folders of code that a student's process may read."""
        found = [sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path]
        return [path for path in found if os.path.exists(path)]

    def _try_namespaces(self):
        """Whether this machine lets us make the namespaces and the file tree: tried in a process that is then thrown
        away."""
        first = os.fork()
        if first == 0:
            code = 1
            try:
                uid, gid = _identity()
                namespaces.enter(uid, gid)
                second = os.fork()
                if second == 0:
                    self._build(uid, gid, 1)
                    os._exit(0)
                code = os.waitstatus_to_exitcode(os.waitpid(second, 0)[1])
            except BaseException as error:
                if self.settings.get("debug"):
                    print("no namespaces:", error, file=sys.stderr)
            finally:
                os._exit(code)
        return os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]) == 0

    def _build(self, uid, gid, disk):
        namespaces.build_root(self.settings["mountpoint"], self.readable(), self.settings["hidden"], disk, uid, gid)

    # -- one student

    def work(self, request, fds):
        """Be the supervisor of one student's process."""
        data, control = socket.socket(fileno=fds[0]), socket.socket(fileno=fds[1])
        bounds = Limits(**request["limits"])
        os.setsid()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that it ends the student's processes first
        end_with_parent(signal.SIGTERM)
        if syscalls.available:
            syscalls.prctl(syscalls.PR_SET_CHILD_SUBREAPER, 1)
        uid, gid = _identity()
        home = tempfile.mkdtemp(prefix="student-", dir=self.base)
        if not self.namespaces and os.getuid() == 0:
            os.chown(home, uid, gid)
        readable, writable = os.pipe()
        if self.namespaces:
            namespaces.enter(uid, gid)
        init = os.fork()
        if init == 0:
            code = 1
            try:
                os.close(readable)
                control.close()
                self._be_init(request, bounds, data, writable, uid, gid, home)
                code = 0
            except BaseException as error:
                with contextlib.suppress(OSError):
                    os.write(writable, f"the sandbox could not be made: {error}\n".encode()[:2000])
            finally:
                os._exit(code)
        os.close(writable)
        data.close()
        try:
            Supervisor(init, control, readable, bounds, None if self.namespaces else home).watch()
        finally:
            shutil.rmtree(home, ignore_errors=True)

    def _be_init(self, request, bounds, data, report, uid, gid, home):
        """Build the sandbox, fork the student's process into it, and collect what it leaves behind."""
        if syscalls.available:
            syscalls.prctl(syscalls.PR_SET_CHILD_SUBREAPER, 1)
        readable = self.readable()
        if self.namespaces:
            self._build(uid, gid, bounds.disk)
            home = namespaces.HOME
        _become(uid, gid, self.keep_reading)
        signal.signal(signal.SIGTERM, _end_all)
        end_with_parent(signal.SIGTERM, report)  # now, for who becomes another user is no longer told
        running = _count_processes(uid)
        student = os.fork()
        if student == 0:
            try:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                end_with_parent(signal.SIGKILL)
                os.close(report)
                self._be_student(request, bounds, data, home, readable, running)
            finally:
                os._exit(0)
        data.close()
        while True:
            try:
                pid, status = os.wait()
            except ChildProcessError:
                return
            if pid == student:
                ending = os.waitstatus_to_exitcode(status)
                what = (
                    f"was ended by signal {signal.Signals(-ending).name}" if ending < 0 else f"ended (status {ending})"
                )
                with contextlib.suppress(OSError):
                    os.write(report, f"the process that runs your code {what}\n".encode())

    def _be_student(self, request, bounds, data, home, readable, running):
        """Take the last freedoms away, show that they are gone, and serve."""
        null = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        data = _move_to(data, 3)
        os.closerange(4, 4096)
        os.chdir(home)
        os.umask(0o077)
        os.environ.clear()
        os.environ.update(environment(home))
        tempfile.tempdir = None if self.namespaces else home
        os.environ["TMPDIR"] = "/tmp" if self.namespaces else home
        limits.apply(bounds, running + request["copies"])  # each hidden test gets a copy of this process
        if self.landlock:
            self._lock_files(home, readable)
            seccomp.restrict(shared_files=not self.namespaces, no_signals=not self.namespaces and landlock.abi() < 6)
        held = probe.probe(request["canary"], request["grader"], request.get("port"))
        _reseed(request["seed"])
        sys.path.insert(0, home)  # as in a kernel, a file written by one cell can be imported by the next
        peer = self.student.StudentPeer(data, self.shell, bounds.message << 20)
        peer.channel.send({"held": held})
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        peer.serve()

    def _lock_files(self, home, readable):
        if self.namespaces:
            landlock.restrict(["/"], [home, "/tmp", "/dev/shm", *namespaces.DEVICES])
            return
        shown = [*namespaces.SYSTEM, *namespaces.ETC, "/etc/passwd", "/etc/nsswitch.conf"]
        hidden = self.settings["hidden"]
        for path in readable:
            shown += _without(path, hidden)
        landlock.restrict(shown, [home, *namespaces.DEVICES])


def _end_all(*_):
    """End a student's processes in the place of a supervisor that is gone."""
    end(lambda: descendants(os.getpid()))
    os._exit(1)


def _is_library(path):
    """Whether an entry of sys.path holds installed code; the course's own folder may well be on it too."""
    prefixes = (sys.prefix, sys.base_prefix, sys.exec_prefix)
    inside = any(path.startswith(prefix.rstrip("/") + "/") for prefix in prefixes)
    return inside or os.path.basename(path) in ("site-packages", "dist-packages")


def _identity():
    """The user and group that the student's process runs as: as root one that nobody has, else our own."""
    if os.getuid() != 0:
        return os.getuid(), os.getgid()
    try:
        with open("/proc/self/uid_map") as file:
            whole = any(int(line.split()[2]) > 1 << 31 for line in file)
    except OSError:  # no user namespaces here
        whole = True
    number = (
        random.SystemRandom().randrange(1 << 30, (1 << 30) + (1 << 28))
        if whole
        else random.SystemRandom().randrange(61000, 65000)
    )
    return number, number


def _become(uid, gid, keep_reading=False):
    """Change to an ordinary user for good, and give up the right to gain any.

    `keep_reading` keeps one right of root's, to read past closed folders: for a Python that lies in one, where
    Landlock, and no namespace, says what may be read.
    """
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(gid)
        if keep_reading:
            syscalls.prctl(syscalls.PR_SET_KEEPCAPS, 1)
        if syscalls.available:
            syscalls.drop_bounding(keep_reading)
        os.setuid(uid)
    if not syscalls.available:
        return
    syscalls.set_capabilities(keep_reading)
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 0)


def _others_can_read_libraries():
    """Whether Python's own files can be read by a user who is nobody in particular."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _become(*_identity())
            probe.read_libraries()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _reseed(seed):
    import numpy as np

    random.seed(seed)
    np.random.seed(seed % (1 << 32))  # noqa: NPY002  (students draw from the global generator)


def _move_to(sock, number):
    """The same socket under file descriptor `number`."""
    if sock.fileno() == number:
        return sock
    os.dup2(sock.fileno(), number)
    sock.close()
    return socket.socket(fileno=number)


def _without(path, hidden):
    """`path`, or, where something under it is hidden, all that is in it but that."""
    inside = [one for one in hidden if one == path or one.startswith(path.rstrip("/") + "/")]
    if not inside:
        return [path]
    if path in inside or not os.path.isdir(path):
        return []
    return [shown for name in os.listdir(path) for shown in _without(os.path.join(path, name), inside)]


def _count_processes(uid):
    """Threads that `uid` runs already, or processes where there is no /proc (macOS): RLIMIT_NPROC counts them too."""
    if not syscalls.available:
        done = subprocess.run(["ps", "-A", "-o", "uid="], capture_output=True, text=True)
        return done.stdout.split().count(str(uid))
    count = 0
    for name in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if name.isdigit():
            with contextlib.suppress(OSError):
                if os.stat(f"/proc/{name}").st_uid == uid:
                    count += len(os.listdir(f"/proc/{name}/task"))
    return count


if __name__ == "__main__":
    main()
