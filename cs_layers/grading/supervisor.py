"""Stands outside the sandbox of one student's processes: measures memory and disk, passes on interrupts, kills.

Each waiting copy of the process (one for each hidden test) is a *unit* of its own: what the process itself does, or
another copy, does not end it.
"""

import contextlib
import os
import select
import shutil
import signal
import subprocess
import time

from cs_layers.grading.sandbox import syscalls
from cs_layers.grading.sandbox.limits import MEGABYTE
from cs_layers.grading.sandbox.posix import resource

WATCH = 0.1
"""Seconds between two looks at memory and disk."""
_PROC = os.path.isdir("/proc/self/task")


class Supervisor:
    """Watches one student's processes until the checker hangs up.

    Parameters
    ----------
    init : int
        The process below which all of them stand.
    control : socket.socket
        To the checker.
    report : int
        File descriptor on which the init tells how the process ended.
    bounds : Limits
    home : str or None
        The folder to measure; None where the file system itself holds the limit.
    """

    def __init__(self, init, control, report, bounds, home):
        self.init, self.control, self.report, self.bounds, self.home = init, control, report, bounds, home
        self.kept, self._commands = set(), b""

    def watch(self):
        """Watch until the checker hangs up; then, or if this process is asked to end, all of them end."""
        try:
            self._watch()
        finally:
            end(lambda: descendants(os.getpid()))

    def _watch(self):
        sources = [self.control, self.report]
        while True:
            ready, _, _ = select.select(sources, [], [], WATCH if _PROC else 5 * WATCH)
            if self.control in ready and not self._obey():
                return
            if self.report in ready:
                text = os.read(self.report, 4096)
                if text:
                    self._tell(text.decode(errors="replace").strip().split("\n")[0])
                else:
                    sources.remove(self.report)
            self._measure()

    def _obey(self):
        """Do what the checker asks; false once it has hung up."""
        try:
            piece = self.control.recv(4096)
        except OSError:
            return False
        *lines, self._commands = (self._commands + piece).split(b"\n")
        for line in lines:
            command, _, number = line.decode().partition(" ")
            pid = int(number or 0)
            if command == "keep" and pid in descendants(self.init) and pid not in _children(self.init):
                self.kept.add(pid)  # a copy's parent is the process itself, which nothing keeps
            elif command == "interrupt":
                for one in self._unit(pid):
                    _signal(one, signal.SIGINT)
            elif command in ("kill", "end"):
                end(lambda pid=pid: self._unit(pid))
        return bool(piece)

    def _unit(self, pid):
        """The processes of a kept copy, or of the process itself (`pid` 0) without the copies."""
        if pid and pid not in self.kept:
            return []
        below = descendants(pid or self.init, self.kept - {pid})
        return [pid, *below] if pid else below

    def _tell(self, reason):
        with contextlib.suppress(OSError):
            self.control.send((reason + "\n").encode())

    def _measure(self):
        everybody = descendants(self.init)
        if memory_of(everybody, self.bounds.memory) > self.bounds.memory:
            self._end_the_largest(everybody)
        elif self.home and _folder_size(self.home) > self.bounds.disk * MEGABYTE:
            self._tell(f"your code wrote more than {self.bounds.disk} MB of files and was stopped.")
            end(lambda: descendants(self.init))
            shutil.rmtree(self.home, ignore_errors=True)

    def _end_the_largest(self, everybody):
        """End the unit that has taken most, if it still has it: all stand still meanwhile, so that nobody else pays."""
        for pid in everybody:
            _signal(pid, signal.SIGSTOP)
        shares = {pid: sum(map(_share_of_memory, self._unit(pid))) for pid in (0, *self.kept)}
        if sum(shares.values()) > self.bounds.memory * MEGABYTE:
            largest = max(shares, key=shares.get)
            self._tell(f"your code used more than {self.bounds.memory} MB of memory and was stopped.")
            end(lambda: self._unit(largest))
        for pid in everybody:
            _signal(pid, signal.SIGCONT)


def end(members):
    """End every process that `members()` lists, however it was started: all stand still before any dies."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        alive = [pid for pid in members() if not _is_dead(pid)]
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in alive:
                _signal(pid, number)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if not alive:
            return
        time.sleep(0.002)


def descendants(pid, without=frozenset()):
    """Every process below `pid`, but for those in `without` and what is below them."""
    found, queue, table = [], [pid], None if _PROC else _process_table()
    while queue:
        parent = queue.pop()
        children = _children(parent) if _PROC else [one for one, row in table.items() if row[0] == parent]
        children = [child for child in children if child not in without]
        found += children
        queue += children
    return found


def _children(pid):
    found = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{thread}/children") as file:
                found += [int(child) for child in file.read().split()]
    return found


def _process_table():
    """Process number to (parent, state, kilobytes of memory), where there is no /proc (macOS)."""
    done = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,state=,rss="], capture_output=True, text=True)
    rows = [line.split() for line in done.stdout.splitlines()]
    return {int(row[0]): (int(row[1]), row[2], int(row[3])) for row in rows if len(row) == 4}


def _is_dead(pid):
    """Whether nothing of a process runs: one whose first thread has ended looks like a zombie while others live."""
    if not _PROC:
        return _process_table().get(pid, (0, "Z", 0))[1].startswith("Z")
    try:
        with open(f"/proc/{pid}/stat") as file:
            ended = file.read().rpartition(")")[2].split()[0] in "ZX"
        return ended and len(os.listdir(f"/proc/{pid}/task")) <= 1
    except OSError:
        return True


def memory_of(pids, limit):
    """Megabytes that processes use together. Shared pages are counted once, but only if it may matter."""
    if not _PROC:
        table = _process_table()
        return sum(table[pid][2] for pid in pids if pid in table) >> 10
    page = resource.getpagesize()
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError, ValueError, IndexError), open(f"/proc/{pid}/statm") as file:
            total += int(file.read().split()[1]) * page
    if total // MEGABYTE <= limit:
        return total // MEGABYTE
    return sum(_share_of_memory(pid) for pid in pids) // MEGABYTE


def _share_of_memory(pid):
    """Bytes of memory of one process, its part of shared pages included; without the right to see that, its own
    pages."""
    if not _PROC:
        return memory_of([pid], 0) * MEGABYTE
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            return int(next(line for line in file if line.startswith("Pss:")).split()[1]) << 10
    except (OSError, ValueError, StopIteration):
        pass
    with contextlib.suppress(OSError, ValueError, IndexError), open(f"/proc/{pid}/statm") as file:
        _, resident, shared = [int(word) for word in file.read().split()[:3]]
        return (resident - shared) * resource.getpagesize()
    return 0


def _folder_size(folder):
    total = 0
    for path, _, names in os.walk(folder):
        for name in names[:20_000]:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(path, name)).st_blocks * 512
    return total


def _signal(pid, number):
    with contextlib.suppress(OSError):
        os.kill(pid, number)


def end_with_parent(number, line=None):
    """Have the system send this process a signal when its parent ends; `line` is a pipe that the parent reads, which
    shows whether it has ended already."""
    if not syscalls.available:
        return
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, number)
    if line is not None:
        poll = select.poll()
        poll.register(line, 0)
        if poll.poll(0):
            os._exit(1)
