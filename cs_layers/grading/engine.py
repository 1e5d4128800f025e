"""Grading one submission as a function: (notebook bytes, assignment bundle) to (executed notebook, score per cell,
log)."""

import contextlib
import functools
import hashlib
import itertools
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field

from cs_layers.grading.control import PERHAPS, SURELY
from cs_layers.grading.parents import Parents
from cs_layers.grading.protocol import Channel, Closed, Late, ProtocolError
from cs_layers.grading.rebuild import rebuild
from cs_layers.grading.sandbox import probe
from cs_layers.grading.sandbox.limits import Limits

TRIALS = {None: 1, PERHAPS: 2, SURELY: 4}
"""How often a submission is run before what came of it counts, by whether something from outside had a hand in it."""


LATE = "grading did not end in time"


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


@dataclass(frozen=True)
class Job:
    """All that decides what comes of running a rebuilt notebook."""

    cells: list
    bundle: object
    seed: int
    own_files: dict
    limits: Limits
    level: str

    @functools.cached_property
    def key(self):
        """A hash of it all: what was run for one job stands for another only where these are equal."""
        own = {name: hashlib.sha256(contents).hexdigest() for name, contents in self.own_files.items()}
        said = [self.cells, self.bundle.version, self.seed, own, self.limits.as_dict(), self.level]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@dataclass
class Ran:
    """What the processes said: {cell index: message}, the checker's summary, and why it broke off, if it did."""

    results: dict = field(default_factory=dict)
    summary: dict = field(default_factory=dict)
    failure: str | None = None
    seconds: float = 0.0


class Grader:
    """Grades one submission after the other, or, from several threads, a few at a time.

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
        wanted = wanted or ("unsandboxed" if level == "unsandboxed" and sys.platform != "linux" else None)
        self._lock, self._make_parents = threading.Lock(), functools.partial(Parents, wanted, canary_folder, debug)
        self._parents, self._closed = None, False

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

    def execute(self, nb, bundle, seed=0, notes=(), own_files=None, run=None):
        """Run a rebuilt notebook and put outputs, verdicts and a stamp into it, in place.

        `run` takes a `Job` and returns what `Grader.run` would.
        """
        from cs_layers.grading.report import finish

        kernel = bundle.metadata.get("kernelspec", {})
        if "python" not in (kernel.get("language") or kernel.get("name") or "python").lower():
            problem = f"The notebook is written for {kernel.get('display_name')}; only Python is graded here."
            return finish(nb, bundle, Ran(failure=problem), seed, list(notes), self.limits)
        ran = (run or self.run)(self.job(nb, bundle, seed, own_files))
        return finish(nb, bundle, ran, seed, list(notes), self.limits)

    def job(self, nb, bundle, seed=0, own_files=None):
        """What is to be run of a rebuilt notebook."""
        from cs_layers.grading.report import job_cells

        return Job(job_cells(nb, bundle), bundle, seed, own_files or {}, self.limits, self.level)

    def check(self, bundle=None):
        """Start a student's process, try its sandbox from inside, and return the level that held.

        Parameters
        ----------
        bundle : Bundle, optional
            Of a notebook that will be graded: the processes started are then the right ones for it.

        Raises
        ------
        SandboxRefused
            If it is weaker than asked for, or the process cannot be started.
        """
        from cs_layers.grading.bundle import Bundle

        ran = self.run(Job([], bundle or Bundle("", "", []), 0, {}, self.limits, self.level))
        if ran.failure:
            raise SandboxRefused(ran.failure)
        return ran.summary["level"]

    # -- processes

    def run(self, job):
        """Have a fresh checker and a fresh student's process run a job; again, if something from outside ended them.

        Returns
        -------
        Ran

        Raises
        ------
        SandboxRefused
            If the sandbox is weaker than asked for.
        RuntimeError
            After `close`.
        """
        for trial in itertools.count(1):
            ran, outside = self._run_once(job)
            if trial >= TRIALS[outside]:
                break
        if outside == SURELY:
            ran.failure = ran.failure or "the processes that grade were ended from outside, again and again"
        return ran

    def _run_once(self, job):
        """What came of a job, and whether something from outside had a hand in it: `SURELY`, `PERHAPS` or None."""
        started, ran, parents = time.monotonic(), Ran(), self._warm_up()
        outside = None
        with parents.of(job.bundle) as (checkers, students):
            folder = tempfile.mkdtemp(prefix="check-", dir=parents.base)
            try:
                self._listen(job, ran, folder, checkers, functools.partial(self._send_student, parents, students))
            except Late:
                ran.failure = LATE
            except (Closed, ProtocolError, OSError) as error:
                ran.failure = f"the process that checks ended early ({error})"
            finally:
                shutil.rmtree(folder, ignore_errors=True)
            if not (checkers.is_alive() and students.is_alive()):
                outside = SURELY
        if ran.failure and ran.failure.startswith("SandboxTooWeak"):
            raise SandboxRefused(ran.failure.split(": ", 1)[1])
        ran.seconds = round(time.monotonic() - started, 2)
        told = [*ran.summary.get("outside", ()), *([PERHAPS] if ran.failure and ran.failure != LATE else [])]
        return ran, outside or next((word for word in (SURELY, PERHAPS) if word in told), None)

    def _listen(self, job, ran, folder, checkers, send_student):
        """Note in `ran` what a new checker says, until it has done its work, and end it."""
        deadline, pid = time.monotonic() + job.limits.notebook + 4 * job.limits.call + 60, None
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                checkers.ask({}, [theirs.fileno()])
            host = Channel(ours, 1 << 30)
            self._send_job(host, job, folder, deadline)
            while True:
                message, _ = host.receive(deadline)
                if "pid" in message:
                    pid = message["pid"]
                elif "want" in message:
                    send_student(ours, job, message["copies"])
                elif "cell" in message:
                    known = ran.results.setdefault(message["cell"], {})
                    known.update({key: value for key, value in message.items() if value is not None})
                elif "done" in message:
                    ran.summary = message["done"]
                    return
                else:
                    ran.failure, ran.summary = message["failed"], {"detail": message.get("detail", "")}
                    return
        finally:
            ours.close()
            if pid:
                with contextlib.suppress(OSError):
                    os.killpg(pid, signal.SIGKILL)

    def _send_job(self, host, job, folder, deadline):
        files = {**job.bundle.files, **job.own_files}  # the student's own go to the student's process alone
        message = {
            "cells": job.cells, "limits": job.limits.as_dict(), "seed": job.seed, "level": job.level,
            "folder": folder, "own": sorted(job.own_files),
            "files": [[name, len(contents)] for name, contents in files.items()],
        }  # fmt: skip
        host.send(message, list(files.values()), deadline)

    def _send_student(self, parents, students, host, job, copies):
        """Have the students' warm parent make a process; give the checker the two lines to it."""
        pairs = [socket.socketpair() for _ in range(2)]
        request = {
            "limits": job.limits.as_dict(), "canary": parents.canary, "grader": os.getpid(), "port": parents.port,
            "copies": copies,
            "seed": int.from_bytes(hashlib.sha256(b"student%d" % job.seed).digest()[:6], "big"),
        }  # fmt: skip
        students.ask(request, [theirs.fileno() for _, theirs in pairs])
        socket.send_fds(host, [b"."], [mine.fileno() for mine, _ in pairs])
        for pair in pairs:
            for one in pair:
                one.close()

    def _warm_up(self):
        with self._lock:
            if self._closed:
                raise RuntimeError("This grader has been closed; make a new one.")
            if self._parents is None:
                self._parents = self._make_parents()
            return self._parents

    def close(self):
        """End the warm parents, and what still runs, and remove what was made."""
        with self._lock:
            self._closed = True
        if self._parents is not None:
            self._parents.close()
