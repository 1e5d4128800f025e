"""The checker's line to the supervisor of a student's processes."""

import contextlib
import select
import time

SURELY, PERHAPS = "surely", "perhaps"
"""That a student's process was ended from outside, by the system or a person, and by nothing of ours or the
student's."""


class Control:
    """Reaches the process that runs a submission's cells.

    Parameters
    ----------
    sock : socket.socket
        Commands go out and reasons come in, a line each.
    outside : set
        Gets `SURELY` or `PERHAPS` when a process seems to have been ended from outside.
    """

    def __init__(self, sock, outside):
        self.sock, self.outside, self.text = sock, outside, ""

    def interrupt(self):
        self._send("interrupt")

    def kill(self):
        self._send("kill")

    def reason(self, wait=0.5):
        """What the supervisor says about a process that is gone, "" if nothing."""
        deadline = time.monotonic() + wait
        while "\n" not in self.text and time.monotonic() < deadline:
            if not select.select([self.sock], [], [], max(0, deadline - time.monotonic()))[0]:
                break
            try:
                piece = self.sock.recv(4096)
            except OSError:
                break
            if not piece:
                self.outside.add(SURELY)  # no student can end the supervisor
                break
            self.text += piece.decode(errors="replace")
        lines = [line for line in self.text.split("\n") if line]
        if not lines or "SIGKILL" in lines[0]:  # or it has done this itself
            self.outside.add(PERHAPS)
        return next((line for line in lines if "more than" in line), lines[0] + "." if lines else "")

    def _send(self, line):
        with contextlib.suppress(OSError):
            self.sock.send(line.encode() + b"\n")

    def close(self):
        self.sock.close()


class CopyControl(Control):
    """Reaches the copy of a student's process that serves one hidden test; `pid` is 0 where the system does not tell
    which that is."""

    def __init__(self, control, pid):
        super().__init__(control.sock, control.outside)
        self.pid = pid

    def keep(self):
        """Have the copy left alone when the process itself, or another copy, is killed."""
        self._send(f"keep {self.pid}")

    def interrupt(self):
        self._send(f"interrupt {self.pid}")

    def kill(self):
        if self.pid:
            self._send(f"end {self.pid}")

    def reason(self, wait=0.2):
        return super().reason(wait)
