"""Hidden tests: set aside where they stand, run when all that may be shown has been collected.

Where a hidden test begins, both processes are copied. The copies wait until the notebook has come to its end.
"""

import contextlib
import json
import os
import select
import signal
import socket
import struct
import time
import traceback
from dataclasses import dataclass

from cs_layers.grading import names as naming
from cs_layers.grading.cells import Cell
from cs_layers.grading.control import CopyControl
from cs_layers.grading.proxies import StudentStopped
from cs_layers.grading.supervisor import end_with_parent
from cs_layers.grading.verdict import Verdict, not_run


@dataclass
class Waiting:
    """A hidden test that waits for its turn.

    `pid` is the copy of the checker that will run it, `student` reaches the copy of the student's process.
    """

    cell: Cell
    pid: int
    student: CopyControl
    go: int
    result: int


class HiddenTests:
    """The hidden tests of one submission.

    Parameters
    ----------
    run : cs_layers.grading.checker.Run
    """

    def __init__(self, run):
        self.run = run
        self.waiting, self.sources = [], []
        self.slow, self.crashed = set(), {}

    def borrows(self, source):
        """Whether a cell's text uses what an earlier hidden test binds."""
        bound = {name for hidden in self.sources for name in naming.bound(hidden)}
        return bool(bound & naming.mentioned(source))

    # -- setting aside

    def set_aside(self, cell, source):
        """Copy both processes as they are now; the copies wait.

        Returns
        -------
        StudentStopped or None
            Why the student's could not be copied.
        """
        prelude = self._prelude(source)
        self.sources.append(source)
        ours, theirs = socket.socketpair()
        if hasattr(socket, "SO_PASSCRED"):
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        try:
            self.run.student.fork(theirs)
            student = CopyControl(self.run.control, _peer_pid(ours, self.run.limits.call))
        except StudentStopped as stop:
            ours.close()
            self.sources.pop()
            return stop
        finally:
            theirs.close()
        student.keep()
        go_read, go_write = os.pipe()
        result_read, result_write = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                end_with_parent(signal.SIGKILL)
                for fd in (go_write, result_read):
                    os.close(fd)
                self.run.host.close()
                self._serve(cell, prelude, source, ours, student, go_read, result_write)
            finally:
                os._exit(0)
        for fd in (go_read, result_write):
            os.close(fd)
        ours.close()
        self.waiting.append(Waiting(cell, pid, student, go_write, result_read))
        return None

    def _prelude(self, source):
        """Earlier hidden tests that bind names which this one uses."""
        needed, chosen = naming.mentioned(source), []
        for earlier in reversed(self.sources):
            if naming.bound(earlier) & needed:
                chosen.insert(0, earlier)
                needed |= naming.mentioned(earlier)
        return chosen

    # -- in the copy

    def _serve(self, cell, prelude, source, ours, student, go, result):
        """Wait for the word, run the hidden test, write down what came of it."""
        os.setpgid(0, 0)
        answer = {}
        try:
            self.run.host, self.waiting = None, []
            with open(go) as line:
                word = line.readline()
            if not word:
                return
            peer = self._take_over(cell, ours, student, json.loads(word))
            answer["verdict"] = vars(self._verdict(cell, prelude, source))
            answer["slow"] = sorted(peer.too_slow)
            answer["crashed"] = [peer.culprit, peer.dead]
        except BaseException as error:
            verdict = not_run(
                str(error) if isinstance(error, StudentStopped) else f"the test ended with {type(error).__name__}"
            )
            verdict.detail = traceback.format_exc()[-4000:]
            answer["verdict"] = vars(verdict)
        finally:
            if answer:
                answer["outside"] = sorted(self.run.outside)
                os.write(result, json.dumps(answer).encode())

    def _take_over(self, cell, ours, student, known):
        """Speak from now on to the copy of the student's process, knowing what the tests before have learned."""
        run, peer = self.run, self.run.student
        peer.channel.sock.close()
        peer.channel.sock, peer.channel.in_frame = ours, False
        peer.control = run.control = student
        run.concealed = peer.concealed = True
        peer.too_slow |= set(known["slow"])
        run.names.unusable.update(known["crashed"])
        run.deadline = time.monotonic() + run.limits.cell
        os.environ["CS_LAYERS_CHECK_HIDDEN"] = "1"  # the checks' messages then leave the inputs out
        return peer

    def _verdict(self, cell, prelude, source):
        for earlier in prelude:
            self.run.in_checker(earlier, collect=False)
        partial = "checks.partial(" in source
        shown, error, value = self.run.in_checker(source, collect=partial)
        verdict = self.run.judge(cell, error, value, hidden=naming.hidden_lines(cell.source))
        if verdict.status == "partial" and partial:  # it prints the check's message, and nothing else
            text = "".join(one["text"] for one in shown if one["output_type"] == "stream")
            verdict.reason = text[:1500] or verdict.reason
        return verdict

    # -- at the notebook's end

    def finish(self):
        """Give each test its turn, and report what came of it."""
        for test in self.waiting:
            self.run.report(test.cell, None, self._run(test))

    def _run(self, test):
        """No record of its end is no pass."""
        limit = min(self.run.limits.cell, self.run.left()) + 8
        text = None
        if time.monotonic() < self.run.deadline:
            known = {"slow": sorted(self.slow), "crashed": self.crashed}
            with contextlib.suppress(OSError):
                os.write(test.go, json.dumps(known).encode() + b"\n")
            text = _read_all(test.result, time.monotonic() + limit)
        _end(test.pid)
        test.student.kill()
        for fd in (test.go, test.result):
            os.close(fd)
        if time.monotonic() > self.run.deadline and text is None:
            return self.run.out_of_time()
        try:
            answer = json.loads(text)
            self._learn(answer)
            return Verdict(**answer["verdict"])
        except (ValueError, TypeError, KeyError):
            late = f"the hidden test did not end within {limit:.0f} s"
            return not_run(late if text is None else "the hidden test left no record")

    def _learn(self, answer):
        self.run.outside.update(answer.get("outside", ()))
        self.slow |= set(answer.get("slow", ()))
        self.learn_crash(*answer.get("crashed", (None, None)))

    def learn_crash(self, culprit, reason):
        """A function has ended its process: the tests of other answers that wait are not to call it."""
        if culprit and reason:
            self.crashed[culprit] = f"`{culprit}` cannot be used here: {reason}"


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
