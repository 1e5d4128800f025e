"""What a check cell's end means for its points, and what may be said about it."""

import math
import traceback
from dataclasses import dataclass

import numpy as np

from cs_layers.grading import names as naming
from cs_layers.grading.display import clean_text
from cs_layers.grading.proxies import StudentStopped
from cs_layers.grading.shell import safe_text


@dataclass
class Verdict:
    """The record that a test was run to its end.

    `status` is "passed", "failed", "partial" or "not run"; `score` is in points; `name` is the type of the error;
    `reason` is for the student; `detail` is for the instructor alone.
    """

    status: str
    score: float
    name: str = ""
    reason: str = ""
    detail: str = ""
    hidden: bool = False


def not_run(reason):
    """No points: the test could not be run, and why."""
    return Verdict("not run", 0.0, "NotRun", reason)


def judge(cell, error, value, expected, hidden=frozenset()):
    """Points and reason for a check cell that ended with `error`, or without one and with `value` as its last
    expression.

    Parameters
    ----------
    cell : Cell
        Its `source` and `points`.
    error : BaseException or None
    value : object
        What the last expression of the cell gave; a plain number is partial credit, as in nbgrader.
    expected : set of str
        Names that students define.
    hidden : set of int
        Lines that the student may not see.
    """
    if error is None:
        return _passed(cell, value, expected)
    line = _failing_line(error)
    concealed = bool(hidden) and (line is None or line in hidden or line >= min(hidden))
    reason = _hidden_reason(cell, error, line, expected) if concealed else open_reason(cell, error)
    fraction = _fraction(error)
    detail = "".join(traceback.format_exception(error))[-8000:]
    name = _public_type(error) if concealed else type(error).__name__
    status = "partial" if fraction else "failed"
    return Verdict(status, round(fraction * cell.points, 6), name, reason, clean_text(detail), concealed)


def _passed(cell, value, expected):
    is_number = type(value) in (int, float) and not math.isnan(value)
    if is_number and 0 <= value < cell.points and not naming.last_is_call_of(cell.source, expected):
        return Verdict("partial", float(value), "", f"the test gives {value:g} of {cell.points:g} points.")
    return Verdict("passed", cell.points)


def _fraction(error):
    """The part of the points that a check grants although it failed; only the course's own checks can say so."""
    if getattr(error, "from_student", False) or not _is_check_failed(error):
        return 0.0
    fraction = getattr(error, "points", None)
    if isinstance(fraction, (int, float)) and not isinstance(fraction, (bool, np.generic)) and 0 < fraction < 1:
        return float(fraction)
    return 0.0


def _failing_line(error):
    """The line of the cell in which the error came up."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if "ipython-input" in frame.filename]
    if isinstance(error, SyntaxError) and not lines:
        return error.lineno
    return lines[0] if lines else None


def _is_check_failed(error):
    return any(
        kind.__name__ == "CheckFailed" and kind.__module__.startswith("cs_layers.") for kind in type(error).__mro__
    )


def _public_type(error):
    """The nearest built-in name of an error: a student may have put anything into the name of his own."""
    if isinstance(error, StudentStopped) or _is_check_failed(error):
        return type(error).__name__
    import builtins

    return next(kind.__name__ for kind in type(error).__mro__ if getattr(builtins, kind.__name__, None) is kind)


def open_reason(cell, error):
    """All there is to know: the message, where in the student's code it came from, and the cell's line."""
    line = _failing_line(error)
    text = clean_text(safe_text(error), 3000).strip()
    if "StudentObject" in text:
        text = (
            text.replace("'StudentObject'", "an object of your own")
            + "\nWhat your code returned is no array and no number."
        )
    parts = [text or _explain_empty(error)]
    trace = getattr(error, "student_trace", [])
    if trace:
        parts.append("In your code: " + clean_text("; ".join(trace[-3:]), 1000))
    lines = cell.source.split("\n")
    if line and 0 < line <= len(lines) and not isinstance(error, StudentStopped):
        what = "The check was" if cell.kind == "check" else "The cell stopped"
        parts.append(f"{what} at line {line}: {lines[line - 1].strip()[:200]}")
    return "\n".join(parts)


def _explain_empty(error):
    return "an assertion did not hold." if isinstance(error, AssertionError) else f"{type(error).__name__}."


def _hidden_reason(cell, error, line, expected):
    """The cause only: nothing of the test's source or inputs, nor of what the student's code was told by them."""
    if isinstance(error, StudentStopped):
        return clean_text(str(error), 500)
    if _is_check_failed(error):
        return clean_text(safe_text(error), 1500)
    if getattr(error, "from_student", False):
        return f"your code raised {_public_type(error)}."
    if isinstance(error, AssertionError):
        return naming.constant_messages(cell.source).get(_line_of_assert(cell, line), "an assertion did not hold.")
    if isinstance(error, NameError) and getattr(error, "name", None) in expected:
        return f"`{error.name}` is not defined."
    return f"the test ended with {_public_type(error)}; what your code returned may be of another kind than asked for."


def _line_of_assert(cell, line):
    """The first line of the assert statement around a line."""
    import ast

    for node in ast.walk(naming.parse(cell.source)):
        if isinstance(node, ast.Assert) and line and node.lineno <= line <= (node.end_lineno or node.lineno):
            return node.lineno
    return line
