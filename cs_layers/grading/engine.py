"""Grading one submission as a function: (notebook bytes, assignment bundle) to (executed notebook, score per cell,
log)."""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from cs_layers.grading import hiding
from cs_layers.grading.protocol import Channel, Closed, Late, ProtocolError
from cs_layers.grading.rebuild import rebuild
from cs_layers.grading.sandbox import probe
from cs_layers.grading.sandbox.limits import Limits


class SandboxRefused(RuntimeError):
    """The sandbox that the instructor asked for cannot be had: nothing is graded."""


@dataclass
class Graded:
    """One graded notebook.

    `scores` maps grade_id to (points, of points) of the cells that a machine graded; `reasons` maps grade_id to what
    the student is told; `log` is for the instructor.
    """

    notebook: object
    scores: dict
    reasons: dict
    notes: list = field(default_factory=list)
    log: dict = field(default_factory=dict)


class Grader:
    """Holds the warm parents, and grades one submission after the other.

    Parameters
    ----------
    level : {"landlock", "namespaces", "unsandboxed"}
        The weakest isolation to accept. "unsandboxed" must be asked for in as many words.
    limits : Limits, optional
    wanted : str, optional
        Use this kind of isolation even where a stronger one is to be had.
    canary_folder : str, optional
        A folder that students' processes must not reach, the course's; a file is put there to try.

    Raises
    ------
    ValueError
        For an unknown level.
    """

    def __init__(self, level="landlock", limits=None, wanted=None, canary_folder=None, debug=False):
        if level not in probe.LEVELS:
            raise ValueError(f"sandbox level {level!r} is not known; choose one of {', '.join(probe.LEVELS)}.")
        self.level, self.limits = level, limits or Limits()
        self.wanted = wanted or ("unsandboxed" if level == "unsandboxed" and sys.platform != "linux" else None)
        self.canary_folder, self.debug = canary_folder, debug
        self._base, self._doors, self._asked_for = None, {}, None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def grade(self, raw, bundle, seed=0, own_files=None):
        """Grade what a student handed in.

        Parameters
        ----------
        raw : bytes or None
            The submitted notebook file; None if there is none.
        bundle : Bundle
        seed : int
            For the checks' random inputs.
        own_files : dict of str to bytes, optional
            Further files of the student's, put into the working folder.

        Returns
        -------
        Graded

        Raises
        ------
        SandboxRefused
            If the sandbox is weaker than asked for.
        """
        rebuilt = rebuild(raw, bundle)
        return self.execute(rebuilt.notebook, bundle, seed, rebuilt.notes, own_files)

    def execute(self, nb, bundle, seed=0, notes=(), own_files=None):
        """Run a rebuilt notebook and put outputs, verdicts and a stamp into it, in place."""
        from cs_layers.grading.report import finish

        kernel = bundle.metadata.get("kernelspec", {})
        if "python" not in (kernel.get("language") or kernel.get("name") or "python").lower():
            problem = f"The notebook is written for {kernel.get('display_name')}; only Python is graded here."
            return finish(nb, bundle, {}, {}, problem, seed, list(notes), self.limits)
        started = time.monotonic()
        results, summary, failure = self._run(nb, bundle, seed, own_files or {})
        summary["seconds"] = round(time.monotonic() - started, 2)
        return finish(nb, bundle, results, summary, failure, seed, list(notes), self.limits)

    def check(self):
        """Start a student's process, try its sandbox from inside, and return the level that held.

        Raises
        ------
        SandboxRefused
            If it is weaker than asked for, or the process cannot be started.
        """
        import nbformat

        from cs_layers.grading.bundle import Bundle

        _, summary, failure = self._run(nbformat.v4.new_notebook(), Bundle("", "", []), 0, {})
        if failure:
            raise SandboxRefused(failure)
        return summary["level"]

    # -- processes

    def _run(self, nb, bundle, seed, own_files):
        """Returns ({cell index: message}, summary, failure)."""
        from cs_layers.grading.report import job_cells

        self._warm_up(bundle)
        ours, theirs = socket.socketpair()
        folder = tempfile.mkdtemp(prefix="check-", dir=self._base)
        results, summary, failure, pid = {}, {}, None, None
        host = Channel(ours, 1 << 30)
        try:
            socket.send_fds(self._doors["checker"][1], [b"{}"], [theirs.fileno()])
            theirs.close()
            deadline = time.monotonic() + self.limits.notebook + 4 * self.limits.call + 60
            files = {**bundle.files, **own_files}  # the student's own go to the student's process alone
            job = {
                "cells": job_cells(nb, bundle), "limits": self.limits.as_dict(), "seed": seed, "level": self.level,
                "folder": folder, "own": sorted(own_files),
                "files": [[name, len(contents)] for name, contents in files.items()],
            }  # fmt: skip
            host.send(job, list(files.values()), deadline)
            while True:
                message, _ = host.receive(deadline)
                if "pid" in message:
                    pid = message["pid"]
                elif "want" in message:
                    self._send_student(ours, seed, message["copies"])
                elif "cell" in message:
                    known = results.setdefault(message["cell"], {})
                    known.update({key: value for key, value in message.items() if value is not None})
                elif "done" in message:
                    summary = message["done"]
                    break
                else:
                    failure = message["failed"]
                    if failure.startswith("SandboxTooWeak"):
                        raise SandboxRefused(failure.split(": ", 1)[1])
                    summary = {"detail": message.get("detail", "")}
                    break
        except Late:
            failure = "grading did not end in time"
        except (Closed, ProtocolError, OSError) as error:
            failure = f"the process that checks ended early ({error})"
        finally:
            ours.close()
            if pid:
                with contextlib.suppress(OSError):
                    os.killpg(pid, signal.SIGKILL)
            shutil.rmtree(folder, ignore_errors=True)
        return results, summary, failure

    def _send_student(self, host, seed, copies):
        """Have the students' warm parent make a process; give the checker the two lines to it."""
        pairs = [socket.socketpair() for _ in range(2)]
        request = {
            "limits": self.limits.as_dict(), "canary": self._canary, "grader": os.getpid(), "port": self._port,
            "copies": copies,
            "seed": int.from_bytes(hashlib.sha256(b"student%d" % seed).digest()[:6], "big"),
        }  # fmt: skip
        socket.send_fds(
            self._doors["student"][1], [json.dumps(request).encode()], [theirs.fileno() for _, theirs in pairs]
        )
        socket.send_fds(host, [b"."], [mine.fileno() for mine, _ in pairs])
        for pair in pairs:
            for one in pair:
                one.close()

    def _warm_up(self, bundle):
        """Start the warm parents; the students' anew when other names are asked for, for it hides other modules."""
        if self._base is None:
            self._base = tempfile.mkdtemp(prefix="cs-layers-grading-")
            os.chmod(self._base, 0o711)
            for name in ("root", "ipython", "config"):
                os.mkdir(os.path.join(self._base, name), 0o755)
            self._listen()
            self._make_canary()
        if self._asked_for != bundle.asked_for:
            self._stop("student")
            self._asked_for = bundle.asked_for
        for kind in ("checker", "student"):
            if kind in self._doors and self._doors[kind][0].poll() is not None:
                self._stop(kind)
            if kind not in self._doors:
                self._start(kind)

    def _listen(self):
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(1)
        self._port = self._listener.getsockname()[1]

    def _make_canary(self):
        folder = (
            self.canary_folder if self.canary_folder and os.access(self.canary_folder, os.W_OK) else self._private()
        )
        fd, self._canary = tempfile.mkstemp(prefix=".canary-", dir=folder)
        os.write(fd, b"a student's process must not read this\n")
        os.fchmod(fd, 0o644)
        os.close(fd)

    def _private(self):
        folder = os.path.join(self._base, "private")
        os.makedirs(folder, 0o700, exist_ok=True)
        return folder

    def _start(self, kind):
        site = os.path.join(self._base, f"site-{len(os.listdir(self._base))}")
        settings = {"debug": self.debug}
        if kind == "student":
            os.mkdir(site, 0o755)
            hiding.build(Path(site), self._asked_for)
            settings.update(
                site=site, base=self._base, mountpoint=os.path.join(self._base, "root"), wanted=self.wanted,
                hidden=[str(hiding.PACKAGE)],
            )  # fmt: skip
        ours, theirs = socket.socketpair(
            socket.AF_UNIX, socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_STREAM
        )
        path = [entry for entry in sys.path if entry] + [os.path.dirname(str(hiding.PACKAGE))]
        arguments = [kind, str(theirs.fileno()), json.dumps(settings)]
        start = f"import sys; sys.path[:] = {path!r}; sys.argv[1:] = {arguments!r}"
        code = f"{start}; from cs_layers.grading.warm import main; main()"
        process = subprocess.Popen(
            [sys.executable, "-s", "-B", "-c", code],
            pass_fds=[theirs.fileno()], env=self._environment(kind), cwd="/", stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        theirs.close()
        self._doors[kind] = (process, ours)

    def _environment(self, kind):
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TZ") if name in os.environ}
        if kind == "checker":
            kept.update({name: os.environ[name] for name in ("HOME", "CS_LAYERS_DATA") if name in os.environ})
        threads = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
        folders = {"IPYTHONDIR": os.path.join(self._base, "ipython"), "MPLCONFIGDIR": _font_cache()}
        return {**kept, **threads, **folders, "MPLBACKEND": "agg", "PYTHONHASHSEED": "0"}

    def _stop(self, kind):
        if kind in self._doors:
            process, door = self._doors.pop(kind)
            door.close()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def close(self):
        """End the warm parents and remove what was made."""
        for kind in list(self._doors):
            self._stop(kind)
        if self._base:
            self._listener.close()
            with contextlib.suppress(OSError):
                os.unlink(self._canary)
            shutil.rmtree(self._base, ignore_errors=True)
            self._base = None


def _font_cache():
    """Matplotlib's own cache folder, so that the warm parents need not build the font list again."""
    import matplotlib

    return matplotlib.get_cachedir()
