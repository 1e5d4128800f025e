"""Limits: how long, how much, how many. One place for the numbers, and the rlimits that enforce some of them."""

import contextlib
from dataclasses import asdict, dataclass, fields

from cs_layers.grading.sandbox.posix import resource

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Times are seconds of wall clock, sizes are megabytes. `call` bounds one call of a student's function by a
    check, `cell` one cell, `notebook` the whole submission. `memory` holds for each process and for their sum.
    `output` is what one cell may print or draw before the rest is dropped.
    """

    call: float = 30
    cell: float = 120
    notebook: float = 900
    memory: int = 2048
    processes: int = 64
    files: int = 256
    disk: int = 256
    output: float = 1
    message: int = 256

    def __post_init__(self):
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
                raise ValueError(f"limit {field.name} is {value!r}; it must be a number above 0.")

    as_dict = asdict


def apply(limits, already_running=0):
    """Set the rlimits of this process, soft and hard, so that it can never raise them.

    Parameters
    ----------
    limits : Limits
    already_running : int
        Processes that the same user runs anyway; RLIMIT_NPROC counts them.
    """
    cap_memory(limits.memory)
    wanted = {
        "RLIMIT_CPU": int(limits.notebook) * 2 + 10,
        "RLIMIT_FSIZE": limits.disk * MEGABYTE,
        "RLIMIT_NOFILE": limits.files,
        "RLIMIT_NPROC": limits.processes + already_running,
        "RLIMIT_CORE": 0,
        "RLIMIT_MEMLOCK": 0,
        "RLIMIT_MSGQUEUE": 0,
    }
    for name, value in wanted.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        _lower(kind, value)


def cap_memory(megabytes):
    """Let this process map no more than `megabytes` beside what it has mapped already."""
    with contextlib.suppress(ValueError, OSError):  # macOS accepts no such limit; the supervisor measures instead
        _lower(resource.RLIMIT_AS, (megabytes + _mapped_now()) * MEGABYTE)


def _lower(kind, value):
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def _mapped_now():
    """Megabytes of address space that this process has already mapped: they are the interpreter's, not the
    student's."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * resource.getpagesize() // MEGABYTE
    except OSError:
        return 512
