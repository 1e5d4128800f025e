"""What a command costs, seen from outside: time, processor time and memory of all the processes it starts."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

GROUPS = Path("/sys/fs/cgroup/cpuacct")
"""Where Linux counts the processor time of groups of processes (version 1); version 2 is one level up."""


@dataclass
class Cost:
    """Seconds by the clock, seconds of processors, and the most bytes of memory; None where not measured."""

    wall: float
    cpu: float | None
    peak: int | None = None


class Meter:
    """Runs commands and measures them.

    Every process of a command counts, also those that leave its session or outlive it: the kernel counts them as one
    group. Where no group can be made (not root, no Linux), the whole machine's busy time is taken instead, and the
    machine must be idle otherwise.
    """

    def __init__(self):
        self.group = _make_group()
        self.how = "control group" if self.group else "busy time of the whole machine"

    def run(self, command, folder, log, environment=None, memory=None, timeout=3600):
        """Run a command to its end.

        Parameters
        ----------
        command : list of str
        folder : path
            Its working folder.
        log : path
            Gets what it prints.
        environment : dict, optional
        memory : float, optional
            Look at its memory every so many seconds, which costs time of its own.
        timeout : float
            Seconds after which all of it is killed.

        Returns
        -------
        Cost

        Raises
        ------
        RuntimeError
            If it did not end in time.
        """
        with open(log, "ab") as out:
            busy, started = self._cpu(), time.monotonic()
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
                preexec_fn=self._join,
            )
            watch = Watch(process.pid, memory) if memory else contextlib.nullcontext()
            with watch:
                try:
                    process.wait(timeout)
                except subprocess.TimeoutExpired:
                    _kill_tree(process.pid)
                    raise RuntimeError(
                        f"{' '.join(command)} did not end within {timeout:.0f} s; {log} says more."
                    ) from None
            wall = time.monotonic() - started
            cpu = None if busy is None else self._cpu() - busy
        return Cost(wall, cpu, watch.peak if memory else None)

    def _join(self):
        if self.group:
            (self.group / "cgroup.procs").write_text(str(os.getpid()))

    def _cpu(self):
        if self.group and (self.group / "cpuacct.usage").exists():
            return int((self.group / "cpuacct.usage").read_text()) / 1e9
        if self.group:
            lines = dict(line.split() for line in (self.group / "cpu.stat").read_text().splitlines())
            return int(lines["usage_usec"]) / 1e6
        if not hasattr(os, "sysconf") or not Path("/proc/stat").exists():
            return None
        ticks = [int(word) for word in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
        return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")

    def close(self):
        """Remove the group; processes that are still in it are ended first."""
        if self.group:
            for pid in (self.group / "cgroup.procs").read_text().split():
                with contextlib.suppress(OSError):
                    os.kill(int(pid), signal.SIGKILL)
            with contextlib.suppress(OSError):
                time.sleep(0.2)
                self.group.rmdir()

    def left(self):
        """Processes of the commands that still live."""
        return len((self.group / "cgroup.procs").read_text().split()) if self.group else 0


class Watch:
    """Looks at the memory of a process and of all below it, again and again; what they share is counted once."""

    def __init__(self, pid, every):
        self.pid, self.every, self.peak = pid, every, 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _look(self):
        while not self._over.wait(self.every):
            with contextlib.suppress(psutil.Error):
                first = psutil.Process(self.pid)
                self.peak = max(self.peak, sum(map(_memory, [first, *first.children(recursive=True)])))


def _memory(process):
    """Bytes of a process, its part of what it shares included."""
    try:
        return process.memory_full_info().pss
    except AttributeError:
        return process.memory_info().rss
    except (psutil.Error, OSError):
        return 0


def _make_group():
    for parent in (GROUPS, GROUPS.parent):
        group = parent / f"cs-layers-benchmark-{os.getpid()}"
        if not (parent / "cgroup.procs").exists():
            continue
        with contextlib.suppress(OSError):
            group.mkdir()
            if (group / "cpuacct.usage").exists() or (group / "cpu.stat").exists():
                return group
            group.rmdir()
    return None


def _kill_tree(pid):
    with contextlib.suppress(psutil.Error):
        first = psutil.Process(pid)
        for process in [*first.children(recursive=True), first]:
            with contextlib.suppress(psutil.Error):
                process.kill()
