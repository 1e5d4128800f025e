"""The checker: runs a notebook's cells, those that a student can write in the student's process, the check cells here.

One forked process for each submission. All that is visible to the student runs first, in the notebook's order; hidden
tests run when everything that a student may see has been collected, each in a copy of both processes made at the
test's place. So a test meets the functions as they were at its place, and no hidden input can reach anything that is
shown.
"""

import builtins
import contextlib
import json
import os
import random
import select
import signal
import socket
import struct
import sys
import time
import traceback
from dataclasses import dataclass, field

import numpy as np

from cs_layers.grading import names as naming
from cs_layers.grading.display import clean_outputs, clean_text
from cs_layers.grading.plan import Plan
from cs_layers.grading.protocol import Channel, ProtocolError
from cs_layers.grading.proxies import StudentPeer, StudentStopped
from cs_layers.grading.sandbox import probe
from cs_layers.grading.sandbox.limits import Limits
from cs_layers.grading.shell import CellShell, safe_text, split_top_level
from cs_layers.grading.verdict import Verdict, judge, not_run

RESTARTS = 3
"""How often a student's process that died is started again, to give the cells that did not kill it their chance."""


class Names(dict):
    """Globals of the check cells: what the instructor's cells define, Python's own names, then the student's."""

    student = None
    expected = frozenset()

    def __missing__(self, name):
        if self.student is None or name.startswith("__") or (hasattr(builtins, name) and name not in self.expected):
            raise KeyError(name)
        found, value = self.student.name(name)
        if not found:
            raise KeyError(name)
        return value


def make_shell():
    """The shell for check cells, made once in the warm parent."""
    shell = CellShell(user_ns=Names())
    shell.show_errors = False  # the verdict says what there is to say
    shell.run("1 + 1")
    return shell


class Control:
    """The line to the supervisor of a student's process."""

    def __init__(self, sock):
        self.sock, self.text = sock, ""
        self.killed = False

    def interrupt(self):
        self._send(b"interrupt\n")

    def kill(self):
        self._send(b"kill\n")
        self.killed = True

    def end(self, pid):
        self._send(b"end %d\n" % pid)

    def reason(self, wait=0.5):
        """What the supervisor says about the end of the process, "" if nothing."""
        deadline = time.monotonic() + wait
        while "\n" not in self.text and time.monotonic() < deadline:
            if not select.select([self.sock], [], [], max(0, deadline - time.monotonic()))[0]:
                break
            try:
                piece = self.sock.recv(4096)
            except OSError:
                break
            if not piece:
                break
            self.text += piece.decode(errors="replace")
        lines = [line for line in self.text.split("\n") if line]
        return next((line for line in lines if "more than" in line), lines[0] + "." if lines else "")

    def _send(self, line):
        with contextlib.suppress(OSError):
            self.sock.send(line)

    def close(self):
        self.sock.close()


class HiddenControl:
    """Reaches the copy of a student's process that serves one hidden test."""

    def __init__(self, control, pid):
        self.control, self.pid = control, pid

    def interrupt(self):
        self.control.interrupt()

    def kill(self):
        self.control.end(self.pid)

    def reason(self):
        return self.control.reason(0.2)


@dataclass
class Cell:
    """One code cell of the rebuilt notebook.

    `kind` is "student" (a student can write it), "shared" (the instructor's, not graded) or "check" (graded).
    """

    index: int
    kind: str
    source: str
    grade_id: str = ""
    points: float = 0.0
    provides: list = field(default_factory=list)


@dataclass
class Hidden:
    """A hidden test that waits for its turn: the copy of this process that will run it."""

    cell: Cell
    pid: int
    go: int
    result: int


def work(door, shell):
    """Grade what the host sends through `door`; called in a fresh fork."""
    host = Channel(door, 1 << 30)
    job, data = host.receive()
    files, at = {}, 0
    for name, size in job["files"]:
        files[name] = bytes(data[at : at + size])
        at += size
    host.send({"pid": os.getpid()})
    run = Run(host, shell, job, files)
    try:
        run.everything()
        host.send({"done": run.summary()})
    except ProtocolError:
        pass  # the host has gone
    except BaseException as error:
        host.send({"failed": f"{type(error).__name__}: {safe_text(error)}", "detail": traceback.format_exc()[-8000:]})


class Run:
    """The grading of one submission.

    Parameters
    ----------
    host : Channel
        Gives students' processes, takes results.
    shell : CellShell
    job : dict
        "cells", "limits", "seed", "level", "files".
    files : dict of str to bytes
        The instructor's data files, put into both working folders.
    """

    def __init__(self, host, shell, job, files):
        self.host, self.shell, self.job, self.files = host, shell, job, files
        self.limits = Limits(**job["limits"])
        self.cells = [Cell(**cell) for cell in job["cells"]]
        self.names = shell.user_ns
        self.names.expected = {name for cell in self.cells for name in cell.provides}
        self.deadline = time.monotonic() + self.limits.notebook
        self.student, self.control, self.held = None, None, None
        self.ran, self.restarts, self.log, self.errors = [], 0, [], []
        self.failures = {}  # name -> how the cell ended that should define it
        self.waiting, self.hidden_sources = [], []
        self.plan = Plan(self.cells)
        self.outputs = []

    # -- the notebook, in its order

    def everything(self):
        self._prepare()
        self._start_student()
        for cell in self.cells:
            self._run_cell(cell)
        for hidden in self.waiting:
            self._run_hidden(hidden)

    def _prepare(self):
        seed = self.job["seed"]
        random.seed(seed)
        np.random.seed(seed % (1 << 32))  # noqa: NPY002  (for checks that draw from the global generator)
        os.environ["CS_LAYERS_CHECK_SEED"] = str(seed % (1 << 31))
        os.environ["NBGRADER_EXECUTION"] = "autograde"
        folder = self.job["folder"]
        os.chdir(folder)
        sys.path.insert(0, folder)  # as in a kernel: the instructor's helpers lie beside the notebook
        for name, contents in self.files.items():
            if name in self.job["own"]:
                continue
            os.makedirs(os.path.dirname(os.path.join(folder, name)) or folder, exist_ok=True)
            with open(os.path.join(folder, name), "wb") as file:
                file.write(contents)

    def _run_cell(self, cell):
        if time.monotonic() > self.deadline:
            self._report(cell, [], not_run(f"the notebook's time limit of {self.limits.notebook:.0f} s was reached"))
            return
        if cell.kind == "student":
            self._report(cell, self._in_student(cell))
            for name in cell.provides:
                self.names.pop(name, None)
        elif cell.kind == "shared":
            self._shared(cell)
        else:
            self._check(cell)

    def _shared(self, cell):
        here, there = self.plan.here(cell), self.plan.there(cell)
        outputs = self._in_student(cell) if there else []
        if here:
            shown, error, _ = self._in_checker(cell.source, collect=not there)
            if error is not None:
                self.errors.append(f"{_called(cell)}, in the checker: {type(error).__name__}: {safe_text(error)[:300]}")
            outputs = outputs if there else shown
        self._report(cell, outputs)

    # -- cells in the student's process

    def _in_student(self, cell):
        if self.student is None or self.student.dead:
            self._restart()
        if self.student.dead:
            return [_error("Gone", self.student.dead)]
        outputs = []
        self.student.on_outputs = outputs.extend
        try:
            _, message = self.student.request("run", cell.source, limit=min(self.limits.cell, self._left()))
        except StudentStopped as stop:
            reason = str(stop).replace("it gave no answer", "this cell did not end")
            self.log.append(f"{_called(cell)}: {reason}")
            if not self.student.dead:
                self.ran.append(cell)
            return [*outputs, _error(type(stop).__name__, reason)]
        except Exception as error:
            return [*outputs, _error(type(error).__name__, safe_text(error))]
        finally:
            self.student.on_outputs = lambda outputs: None
        self.ran.append(cell)
        if message.get("failed"):
            self.failures.update(dict.fromkeys(cell.provides, clean_text(message["failed"], 80)))
            self.errors.append(f"{_called(cell)}: {clean_text(message['failed'], 80)}")
        return outputs

    def _left(self):
        return max(0.05, self.deadline - time.monotonic())

    def _start_student(self):
        """Have a sandboxed process made, and believe in it only after it was tried from inside."""
        copies = sum(cell.kind == "check" for cell in self.cells)
        self.host.send({"want": "student", "copies": copies})
        data, control = self._two_sockets()
        self.control = Control(control)
        self.student = StudentPeer(data, self.limits, self.control)
        self.names.student = self.student
        message = None
        with contextlib.suppress(ProtocolError):
            message, _ = self.student.channel.receive(time.monotonic() + 30)
        if type(message) is not dict or type(message.get("held")) is not dict:
            raise RuntimeError(
                f"The student's process could not be started: {self.control.reason(2) or 'no reason given'}"
            )
        self.held = {str(name): value is True for name, value in message["held"].items()}
        missing = probe.missing(self.held, self.job["level"])
        if missing:
            self.control.kill()
            raise SandboxTooWeak(
                f"The sandbox does not hold what level {self.job['level']!r} asks for: {', '.join(missing)}."
            )
        for name, contents in self.files.items():
            self.student.value("put", name, contents)

    def _two_sockets(self):
        _, fds, _, _ = socket.recv_fds(self.host.sock, 1, 2)
        return [socket.socket(fileno=fd) for fd in fds]

    def _restart(self):
        """A new process in place of one that died, with the cells that ran before run again."""
        if self.restarts >= RESTARTS or time.monotonic() > self.deadline:
            return
        self.restarts += 1
        slow = self.student.too_slow if self.student else set()
        self.log.append(f"the student's process was started again: {self.student.dead}")
        self.control.close()
        self._start_student()
        self.student.too_slow |= slow
        for cell in self.ran:
            with contextlib.suppress(Exception, StudentStopped):
                self.student.request("run", cell.source, limit=min(self.limits.cell, self._left()))
            if self.student.dead:
                return

    # -- check cells

    def _check(self, cell):
        if self.plan.there(cell):  # a later cell of the student's uses what this one binds
            self._in_student(Cell(cell.index, "shared", self._visible(cell)[0]))
        if self.student.dead:
            self._restart()
        if self.student.dead:
            self._report(cell, [], not_run(self.student.dead))
            return
        visible, hidden = self._visible(cell)
        outputs, error, value = self._in_checker(visible)
        if error is None and hidden:
            self._report(cell, outputs, None)
            self._set_aside(cell, hidden)
            return
        self._report(cell, outputs, self._judge(cell, error, value))

    def _judge(self, cell, error, value, hidden=frozenset()):
        verdict = judge(cell, error, value, self.names.expected, hidden=hidden)
        name = getattr(error, "name", None)
        if isinstance(error, NameError) and name in self.failures:
            verdict.reason = f"`{name}` is not defined: its cell ended with {self.failures[name]}; see there."
        return verdict

    def _visible(self, cell):
        """Split a check cell into what may be shown and what may not."""
        lines = naming.hidden_lines(cell.source)
        borrowed = {name for source in self.hidden_sources for name in naming.bound(source)}
        if lines:
            visible, hidden = split_top_level(cell.source, min(lines))
        else:
            visible, hidden = cell.source, ""
        if borrowed & naming.mentioned(visible):  # it needs what a hidden test defined
            return "", cell.source
        return visible, hidden

    def _in_checker(self, source, collect=True):
        outputs = []
        self.student.cell_deadline = min(time.monotonic() + self.limits.cell, self.deadline)
        self.student.on_outputs = lambda shown: self._show(shown)
        with _alarm(min(self.limits.cell, self._left()) + 5):
            outputs, error, value = self.shell.run(source, int(self.limits.output * (1 << 20)), collect)
        self.student.cell_deadline = None
        outputs = [output for output in outputs if output["output_type"] != "error"]
        return (clean_outputs(outputs) if collect else []), error, value

    def _show(self, outputs):
        """Student's prints during a call appear where the check's own would."""
        self.shell.flush()
        for output in outputs:
            if output["output_type"] == "stream":
                self.shell.collector.stream("stdout", output["text"])
            else:
                self.shell.collector.add(output)

    # -- hidden tests

    def _set_aside(self, cell, hidden):
        """Copy both processes as they are now; the copy of this one waits until all that is visible has been seen."""
        prelude = self._prelude(hidden)
        self.hidden_sources.append(hidden)
        ours, theirs = socket.socketpair()
        if hasattr(socket, "SO_PASSCRED"):
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        try:
            self._fork_student(theirs)
        except StudentStopped as stop:
            self._report(cell, None, not_run(str(stop)))
            return
        finally:
            theirs.close()
        go_read, go_write = os.pipe()
        result_read, result_write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(go_write)
            os.close(result_read)
            self._be_hidden(cell, prelude, hidden, ours, go_read, result_write)
            os._exit(0)
        for fd in (go_read, result_write):
            os.close(fd)
        ours.close()
        self.waiting.append(Hidden(cell, pid, go_write, result_read))

    def _fork_student(self, theirs):
        peer = self.student
        if peer.dead:
            raise StudentStopped(peer.dead)
        try:
            peer.channel.send({"ask": 0, "do": "fork", "values": None}, deadline=time.monotonic() + 5)
            socket.send_fds(peer.channel.sock, [b"."], [theirs.fileno()])
            message, _ = peer.channel.receive(time.monotonic() + 10)
        except (ProtocolError, OSError) as error:
            self.control.kill()
            peer.dead = self.control.reason(0.2) or f"the process that runs your code could not be copied ({error})."
            raise StudentStopped(peer.dead) from None
        if type(message) is not dict or message.get("answer") != 0:
            self.control.kill()
            peer.dead = "the process that runs your code answered out of turn."
            raise StudentStopped(peer.dead)

    def _prelude(self, hidden):
        """Earlier hidden tests that bind names which this one uses."""
        needed, chosen = naming.mentioned(hidden), []
        for source in reversed(self.hidden_sources):
            if naming.bound(source) & needed:
                chosen.insert(0, source)
                needed |= naming.mentioned(source)
        return chosen

    def _be_hidden(self, cell, prelude, hidden, ours, go, result):
        """In the copy: wait for the word, run the hidden test, write down what came of it."""
        os.setpgid(0, 0)
        verdict = None
        try:
            self.waiting, self.host = [], None
            if os.read(go, 1) != b"g":
                return
            pid = _peer_pid(ours, self.limits.call)
            peer = self.student
            peer.channel.sock.close()
            peer.channel.sock, peer.channel.in_frame = ours, False
            peer.control = HiddenControl(self.control, pid)
            peer.quiet = True
            self.deadline = time.monotonic() + self.limits.cell
            os.environ["CS_LAYERS_CHECK_HIDDEN"] = "1"  # the checks' messages then leave the inputs out
            for source in prelude:
                self._in_checker(source, collect=False)
            shown, error, value = self._in_checker(hidden, collect="checks.partial(" in hidden)
            verdict = self._judge(cell, error, value, hidden=naming.hidden_lines(cell.source))
            if (
                verdict.status == "partial" and "checks.partial(" in hidden
            ):  # it prints the check's message, and nothing else
                verdict.reason = (
                    "".join(one["text"] for one in shown if one["output_type"] == "stream")[:1500] or verdict.reason
                )
        except BaseException as error:
            verdict = not_run(
                str(error) if isinstance(error, StudentStopped) else f"the test ended with {type(error).__name__}"
            )
            verdict.detail = traceback.format_exc()[-4000:]
        finally:
            if verdict is not None:
                os.write(result, json.dumps(vars(verdict)).encode())

    def _run_hidden(self, hidden):
        """Give one set-aside test its turn; no record of its end is no pass."""
        limit = min(self.limits.cell, self._left()) + 8
        if time.monotonic() > self.deadline:
            _end(hidden.pid)
            self._report(
                hidden.cell, None, not_run(f"the notebook's time limit of {self.limits.notebook:.0f} s was reached")
            )
            return
        os.write(hidden.go, b"g")
        text = _read_all(hidden.result, time.monotonic() + limit)
        _end(hidden.pid)
        for fd in (hidden.go, hidden.result):
            os.close(fd)
        try:
            verdict = Verdict(**json.loads(text))
        except (ValueError, TypeError):
            verdict = not_run(
                f"the hidden test did not end within {limit:.0f} s"
                if text is None
                else "the hidden test left no record"
            )
        self._report(hidden.cell, None, verdict)

    # -- results

    def _report(self, cell, outputs, verdict=None):
        message = {"cell": cell.index, "outputs": outputs}
        if verdict is not None:
            message["verdict"] = vars(verdict)
        self.host.send(message)

    def summary(self):
        return {
            "held": self.held or {},
            "level": probe.level(self.held or {}),
            "restarts": self.restarts,
            "calls": self.student.calls if self.student else 0,
            "changed_in_place": self.student.changed_in_place if self.student else 0,
            "log": self.log[:200],
            "errors": self.errors[:200],
        }


class SandboxTooWeak(RuntimeError):
    """The machine does not give what the instructor asked for: nothing is graded."""


def _called(cell):
    return f"cell {cell.index} ({cell.grade_id or 'no id'})"


def _error(name, text):
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": [f"{name}: {text}"]}


@contextlib.contextmanager
def _alarm(seconds):
    """End an instructor's cell that never ends: calls of the student's functions have deadlines of their own."""

    def ring(*_):
        raise CellTimeout(f"the check cell did not end within {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class CellTimeout(StudentStopped):
    pass


def _peer_pid(sock, seconds):
    """The number of the process that serves a hidden test, from the kernel; 0 where it does not say."""
    sock.settimeout(seconds)
    try:
        _, ancillary, _, _ = sock.recvmsg(1, socket.CMSG_SPACE(12))
    except OSError:
        raise StudentStopped("the process that runs your code did not answer in time.") from None
    for _, kind, data in ancillary:
        if kind == 2:  # SCM_CREDENTIALS
            return struct.unpack("3i", data[:12])[0]
    return 0


def _read_all(fd, deadline):
    text = b""
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([fd], [], [], left)[0]:
            return None
        piece = os.read(fd, 1 << 16)
        if not piece:
            return text
        text += piece


def _end(pid):
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)
