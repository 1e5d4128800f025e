"""The checker: runs a notebook's cells, those that a student can write in the student's process, the check cells here.

One forked process for each submission. All that is visible to the student runs first, in the notebook's order; hidden
tests run when everything that a student may see has been collected, each in a copy of both processes made at the
test's place. So a test meets the functions as they were at its place, and no hidden input can reach anything that is
shown.
"""

import contextlib
import json
import os
import random
import signal
import socket
import sys
import time
import traceback

import numpy as np

from cs_layers.grading import draws, emptiness
from cs_layers.grading import names as naming
from cs_layers.grading.around import Around
from cs_layers.grading.cells import Cell, names_of_others, owed
from cs_layers.grading.control import Control
from cs_layers.grading.display import clean_outputs, clean_text
from cs_layers.grading.hidden import HiddenTests
from cs_layers.grading.namespace import Names
from cs_layers.grading.plan import Plan
from cs_layers.grading.protocol import Channel, ProtocolError
from cs_layers.grading.proxies import StudentPeer, StudentStopped
from cs_layers.grading.sandbox import probe
from cs_layers.grading.sandbox.limits import Limits, cap_memory
from cs_layers.grading.shell import CellShell, safe_text, split_top_level
from cs_layers.grading.verdict import judge, not_run, open_reason
from cs_layers.grading.written import refuse_examples

MAX_OUTPUT = 64 << 20
"""Characters of output, pictures included, that one submission may show."""


def make_shell():
    """The shell for check cells, made once in the warm parent."""
    shell = CellShell(user_ns=Names())
    shell.show_errors = False  # the verdict says what there is to say
    shell.run("1 + 1")
    return shell


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
        cap_memory(self.limits.memory + 8 * self.limits.message)  # what a student sends may make a check hungry
        self.cells = [Cell(**cell) for cell in job["cells"]]
        self.plan, self.others = Plan(self.cells), names_of_others(self.cells)
        self.names = shell.user_ns
        self.names.expected = {name for cell in self.cells for name in cell.provides}
        self.deadline = time.monotonic() + self.limits.notebook
        self.student, self.control, self.held, self.outside = None, None, None, set()
        self.ran, self.restarts, self.log, self.errors = [], 0, [], []
        self.room, self.concealed = MAX_OUTPUT, False
        self.only_here = set()  # names that a later cell wants in the student's process, and that cannot be there
        self.hidden = HiddenTests(self)

    # -- the notebook, in its order

    def everything(self):
        self._prepare()
        self._start_student()
        for cell in self.cells:
            self._run_cell(cell)
        self.hidden.finish()

    def _prepare(self):
        seed = self.job["seed"]
        random.seed(seed)
        np.random.seed(seed % (1 << 32))  # noqa: NPY002  (for checks that draw from the global generator)
        draws.watch()
        emptiness.watch()
        if any("doctest" in cell.source for cell in self.cells):
            refuse_examples()
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
            self.report(cell, [], self.out_of_time())
        elif cell.kind == "student":
            self.report(cell, self._in_student(cell))
            self.names.forget(cell.provides)
            for line in cell.imports:
                with contextlib.suppress(Exception):
                    exec(line, self.names)
        elif cell.kind == "shared":
            self._shared(cell)
        else:
            self._check(cell)

    def left(self):
        """Seconds that the notebook still has."""
        return max(0.05, self.deadline - time.monotonic())

    def out_of_time(self):
        return not_run(f"the notebook's time limit of {self.limits.notebook:.0f} s was reached")

    # -- cells in the student's process

    def _in_student(self, cell):
        """Run a cell there; once more where the process was ended for memory that the cell before may have taken."""
        said = len(self.log)
        outputs = self._run_there(cell)
        if " more than " in (self.student.dead or ""):
            del self.log[said:]
            outputs = self._run_there(cell)
        return outputs

    def _run_there(self, cell):
        self._revive()
        if self.student.dead:
            return [_error("Gone", self.student.dead)]
        outputs = []
        self.student.on_outputs = outputs.extend
        try:
            limit, shown = min(self.limits.cell, self.left()), cell.kind != "check"  # that one's errors nobody sees
            _, message = self.student.request("run", cell.source, limit=limit, errors=shown)
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
        if "MemoryError" not in (message.get("failed") or ""):  # it would run out again
            self.ran.append(cell)
        if message.get("failed"):
            self.names.failures.update(dict.fromkeys(cell.provides, clean_text(message["failed"], 80)))
            if cell.kind != "check":  # there it runs for the names it binds; what it checks is checked here
                self.errors.append(f"{_called(cell)}: {clean_text(message['failed'], 80)}")
        return outputs

    def _start_student(self):
        """Have a sandboxed process made, and believe in it only after it was tried from inside."""
        copies = sum(cell.kind == "check" for cell in self.cells)
        self.host.send({"want": "student", "copies": copies})
        data, control = self._two_sockets()
        self.control = Control(control, self.outside)
        self.student = StudentPeer(data, self.limits, self.control)
        self.student.quiet = lambda: self.concealed and not self._caught()
        self.student.on_hungry = lambda name: self.hidden.learn_crash(name, "it ran out of memory.")
        self.student.find_exception, self.student.find_class = self.names.exception, self.names.own_class
        for cell in self.cells:
            if cell.kind == "shared" and self.plan.there(cell):
                self.student.shared_classes = naming.classes(cell.source, self.student.shared_classes)
        self.student.asked_for = {name: methods for cell in self.cells for name, methods in cell.classes.items()}
        self.names.student = self.student
        self.student.texts = lambda: [done.source for done in self.ran if isinstance(done, Cell)]
        own = [cell.source for cell in self.cells if cell.kind != "student"]
        self.student.around = Around(own, self.names, self.files)
        message = None
        with contextlib.suppress(ProtocolError):
            message, _ = self.student.channel.receive(time.monotonic() + 30)
        if type(message) is not dict or type(message.get("held")) is not dict:
            raise RuntimeError(
                f"The student's process could not be started: {self.control.reason(2) or 'no reason given'}"
            )
        self.held = {str(name): value is True for name, value in message["held"].items()}
        refusal = probe.refusal(self.held, self.job["level"])
        if refusal:
            self.control.kill()
            raise SandboxTooWeak(refusal)
        for name, contents in self.files.items():
            self.student.value("put", name, contents)

    def _two_sockets(self):
        _, fds, _, _ = socket.recv_fds(self.host.sock, 1, 2)
        return [socket.socket(fileno=fd) for fd in fds]

    # -- after the student's process has died

    def _revive(self):
        """A new process in place of one that died, with what ran before run again, as long as there is time."""
        gone = False
        while self.student.dead and time.monotonic() < self.deadline:
            gone = True
            self.restarts += 1
            self.hidden.learn_crash(self.student.culprit, self.student.dead)
            self.log.append(f"the student's process was started again: {self.student.dead}")
            slow = self.student.too_slow
            self.control.kill()  # not closed: copies that wait are still reached through it
            self._start_student()
            self.student.too_slow |= slow
            self.student.others = self.names.others
            self._replay()
        if gone and not self.student.dead:
            self._renew()

    def _replay(self):
        """Run again what ran before; what ends the process this time is left out the next."""
        for done in list(self.ran):
            with contextlib.suppress(Exception, StudentStopped):
                if isinstance(done, str):
                    self._give(done)
                else:
                    self.student.request("run", done.source, limit=min(self.limits.cell, self.left()))
            if self.student.dead:
                self.ran.remove(done)
                return

    def _renew(self):
        """Drop names here whose objects went with a student's process; run again what bound them, for tests to come."""
        stale = {name for name, value in self.names.items() if self.student.is_stale(value)}
        self.names.forget(stale)
        wanted = set().union(*(naming.mentioned(cell.source) for cell in self.cells if cell.kind == "check"))
        for cell in self.cells:
            if cell.kind == "shared" and self.plan.here(cell) and naming.bound(cell.source) & stale & wanted:
                self.in_checker(cell.source, collect=False)
            if self.student.dead:
                return

    # -- the instructor's ungraded cells

    def _shared(self, cell):
        here, there = self.plan.here(cell), self.plan.there(cell)
        self._enter(self.names.expected)
        if there and self.only_here & naming.mentioned(cell.source):
            here, there = True, False
        outputs = self._in_student(cell) if there else []
        if there:
            self.only_here -= naming.bound(cell.source)
        if here:
            self._revive()
            shown, error, _ = self._attempt(cell.source, collect=not there)
            if error is not None:
                self.errors.append(f"{_called(cell)}, in the checker: {type(error).__name__}: {safe_text(error)[:300]}")
                shown.append(_error(type(error).__name__, open_reason(cell, error)))
            outputs = outputs if there else shown
        if not there:
            for name in sorted(owed(cell, self.cells, self.plan)):
                self._give(name)
        self.report(cell, outputs)

    def _give(self, name):
        """Have the student's process know a name that a cell has bound here, for cells that run there."""
        if not dict.__contains__(self.names, name):
            return
        if self.student.give(name, self.names[name]):
            self.only_here.discard(name)
            self.ran.append(name)
        else:
            self.only_here.add(name)

    # -- check cells

    def _check(self, cell):
        self._enter(self.others[cell.index])
        visible, hidden = self._visible(cell)
        if self.plan.there(cell):  # a later cell of the student's uses what this one binds
            self._in_student(Cell(cell.index, "check", visible))
        self._revive()
        if self.student.dead:
            self.report(cell, [], not_run(self.student.dead))
            return
        for last in (False, True):
            outputs, error, value = self._attempt(visible)
            if error is not None or not hidden:
                self.report(cell, outputs, self.judge(cell, error, value))
                return
            stop = self.hidden.set_aside(cell, hidden)
            if stop is None or last:
                self.report(cell, outputs, stop and not_run(str(stop)))
                return
            self._revive()  # it was ended for what an earlier call had done

    def judge(self, cell, error, value, hidden=frozenset()):
        """The verdict on a check cell that has ended."""
        error = error or self.names.unused()
        verdict = judge(cell, error, value, self.names.expected, hidden=hidden)
        if isinstance(error, NameError) and error.name in self.names.expected:
            verdict.reason = self.names.reason(error.name)
        if isinstance(error, AssertionError) and emptiness.was_met() and emptiness.WORDS not in verdict.reason:
            verdict.reason += "\n" + emptiness.WORDS
        return verdict

    def _visible(self, cell):
        """Split a check cell into what may be shown and what may not."""
        lines = naming.hidden_lines(cell.source)
        visible, hidden = split_top_level(cell.source, min(lines)) if lines else (cell.source, "")
        return ("", cell.source) if self.hidden.borrows(visible) else (visible, hidden)

    def _enter(self, others):
        self.names.enter(others)
        self.student.others = self.names.others

    def _attempt(self, source, collect=True):
        """Run a cell here; where a function of another answer ended the process, or may have, once more without it.

        Where none can have, but memory ran out, once more all the same: another call may have taken it.
        """
        again = False
        while True:
            ran = self.in_checker(source, collect)
            suspects = {self.student.culprit, *self.hidden.crashed} & set(self.names.others) - set(self.names.unusable)
            if not self.student.dead or (not suspects and (again or " more than " not in self.student.dead)):
                return ran
            again = again or not suspects
            for name in suspects:
                self.names.unusable[name] = f"`{name}` cannot be used here: {self.student.dead}"
            self._revive()
            if self.student.dead:
                return ran

    def in_checker(self, source, collect=True):
        """Run a cell here.

        Returns
        -------
        outputs, error, value
            As `CellShell.run` gives them, without error outputs.
        """
        emptiness.begin()
        self.student.cell_deadline = min(time.monotonic() + self.limits.cell, self.deadline)
        self.student.on_outputs = lambda shown: self._show(shown)
        with _alarm(min(self.limits.cell, self.left()) + 5):
            outputs, error, value = self.shell.run(source, int(self.limits.output * (1 << 20)), collect)
        self.student.cell_deadline = None
        outputs = [output for output in outputs if output["output_type"] != "error"]
        return (clean_outputs(outputs) if collect else []), error, value

    def _show(self, outputs):
        """Student's prints during a call appear where the check's own would, or where a test catches them."""
        self.shell.flush()
        for output in outputs:
            if output["output_type"] == "stream" and self._caught():
                sys.stdout.write(output["text"])
            elif output["output_type"] == "stream":
                self.shell.collector.stream("stdout", output["text"])
            else:
                self.shell.collector.passed_on(output)

    def _caught(self):
        """Whether a test has put something of its own in the place of standard output."""
        return sys.stdout not in self.shell.streams

    # -- results

    def report(self, cell, outputs, verdict=None):
        """Tell the host what a cell has shown, or what a test is worth, or both."""
        self.room -= len(json.dumps(outputs or []))
        if outputs and self.room < 0:
            outputs = [
                {"output_type": "stream", "name": "stdout", "text": "... not shown: the cells show too much ...\n"}
            ]
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
            "outside": sorted(self.outside),
        }


class SandboxTooWeak(RuntimeError):
    """The machine does not give what the instructor asked for: nothing is graded."""


class CellTimeout(StudentStopped):
    """An instructor's cell never ends."""


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


def _called(cell):
    return f"cell {cell.index} ({cell.grade_id or 'no id'})"


def _error(name, text):
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": [f"{name}: {text}"]}
