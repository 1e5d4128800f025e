"""One call of a student's function: what it is given, how it is watched, what stands for a result that never came."""

from __future__ import annotations

import contextlib
import io
import linecache
import os
import signal
import threading
import warnings
from dataclasses import dataclass

import numpy as np

from . import compare as _compare

CALL_SECONDS = 60


class TimedOut(BaseException):
    """A call took longer than `CALL_SECONDS`. Not an Exception, so that a student's `except Exception` lets it by."""


@dataclass(frozen=True)
class Raised:
    """Stands for an output that never came because the call raised."""

    type: str
    text: str = ""
    line: str = ""

    def __eq__(self, other):
        return isinstance(other, Raised) and self.type == other.type

    def __hash__(self):
        return hash(self.type)


@dataclass(frozen=True)
class Missing:
    """Stands for an output that is not there because the function returned something of another form."""

    text: str


class Guard:
    """Calls a student's function: no print reaches the screen, no warning costs anything, no call lasts for ever."""

    def __init__(self):
        self.printed = 0

    def __call__(self, function, *args):
        out = io.StringIO()
        with warnings.catch_warnings(), contextlib.redirect_stdout(out), np.errstate(all="ignore"), _alarm():
            warnings.simplefilter("ignore")
            try:
                return function(*args)
            except TimedOut:
                return Raised("TimedOut", f"the call did not end within {CALL_SECONDS} s")
            except (Exception, SystemExit, RecursionError) as error:
                return Raised(type(error).__name__, _first_line(error), _place(error))
            finally:
                self.printed += bool(out.getvalue())


@contextlib.contextmanager
def _alarm():
    """Raise TimedOut in the main thread after CALL_SECONDS; elsewhere, or where an alarm is already set, do nothing."""
    able = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not able or signal.getitimer(signal.ITIMER_REAL)[0] > 0:
        yield
        return

    def ring(signum, frame):
        raise TimedOut

    old = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, CALL_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


def _first_line(error):
    lines = str(error).strip().splitlines()
    return lines[0][:160] if lines else ""


def _place(error):
    """The line of the student's code that raised."""
    frames, tb = [], error.__traceback__
    while tb is not None:
        frames.append((tb.tb_frame.f_code.co_filename, tb.tb_lineno))
        tb = tb.tb_next
    for filename, lineno in reversed(frames):
        if "site-packages" in filename or filename == __file__ or "cs_layers" + os.sep in filename:
            continue
        line = linecache.getline(filename, lineno).strip()
        if line:
            return line[:90]
    return ""


def touched(before, after):
    """Names of the arguments that differ, bit for bit, from their copies made before the call."""
    return [name for name in before if not same(before[name], after[name])]


def same(a, b):
    if isinstance(a, np.ndarray):
        return (
            isinstance(b, np.ndarray)
            and a.shape == b.shape
            and a.dtype == b.dtype
            and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
        )
    if isinstance(a, dict):
        return isinstance(b, dict) and all(k in b and same(a[k], b[k]) for k in a)
    return a is b or a == b


def copy_of(value):
    """A copy of plain data that keeps an array's layout and its write protection."""
    if isinstance(value, np.ndarray):
        fresh = np.empty_like(value, order="K")
        if value.ndim and value.base is not None and not (value.flags.c_contiguous or value.flags.f_contiguous):
            fresh = np.repeat(np.zeros_like(value, order="C"), 2, axis=-1)[..., ::2]
        fresh[...] = value
        fresh.flags.writeable = value.flags.writeable
        return fresh
    if isinstance(value, dict):
        return {k: copy_of(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(copy_of(v) for v in value)
    return value


def writeable(value):
    """Plain data in which no array is protected from being written to; arrays that are not are left as they are."""
    if isinstance(value, np.ndarray):
        return value if value.flags.writeable else value.copy()
    if isinstance(value, dict):
        return {k: writeable(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(writeable(v) for v in value)
    return value


def unpack(result, names):
    """The parts of a returned tuple by name; `Missing` for each where the form is another."""
    if isinstance(result, Raised):
        return {n: result for n in names}
    if len(names) == 1:
        return {names[0]: result}
    form = "(" + ", ".join(names) + ")"
    if result is None:
        return {n: Missing(f"returned None, expected {form}: is the `return` line missing?") for n in names}
    if not isinstance(result, (tuple, list)):
        return {n: Missing(f"returned {_compare.describe(result)}, expected {form}") for n in names}
    if len(result) != len(names):
        return {n: Missing(f"returned {len(result)} values, expected {form}") for n in names}
    return dict(zip(names, result, strict=True))
