"""The checker's line to the supervisor of a student's processes."""

import contextlib
import select
import time


class Control:
    """Reaches the process that runs a submission's cells.

    Parameters
    ----------
    sock : socket.socket
        Commands go out and reasons come in, a line each.
    """

    def __init__(self, sock):
        self.sock, self.text = sock, ""

    def interrupt(self):
        self._send("interrupt")

    def kill(self):
        self._send("kill")

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
            self.sock.send(line.encode() + b"\n")

    def close(self):
        self.sock.close()


class CopyControl(Control):
    """Reaches the copy of a student's process that serves one hidden test; `pid` is 0 where the system does not tell
    which that is."""

    def __init__(self, control, pid):
        super().__init__(control.sock)
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
