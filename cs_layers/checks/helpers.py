"""Checks for a cell of one's own: one result, one function against another, an error that must be raised."""

from __future__ import annotations

import numpy as np

from .compare import FLOAT64, Difference, compare, describe, is_number
from .engine import Case, Task, conclude, examine, forward_run, repeat_forward, seed_of
from .report import CheckFailed, Finding


def _fail(message, what, kind="value"):
    raise CheckFailed(message, what, [Finding("wrong", what, message, kind)], [], 0.0, seed_of(None)) from None


def same(got, expected, what, hint=None, rtol=FLOAT64):
    """Compare one result with what is expected: its kind, then its shape, then its values.

    Parameters
    ----------
    got, expected : number, array, string, bool, or a tuple or list of these
    what : str
        What the result is called in the message.
    hint : str, optional
        Added to the message where they differ.
    """
    difference = _differs(got, expected, rtol)
    if difference:
        _fail(f"{what} {difference.text}." + (f"\n  {hint}" if hint else ""), what, difference.kind)


def _differs(got, expected, rtol):
    if isinstance(expected, (tuple, list)):
        if not isinstance(got, (tuple, list)):
            return Difference("kind", f"is {describe(got)}, expected a {type(expected).__name__} of {len(expected)}")
        if len(got) != len(expected):
            return Difference("shape", f"has {len(got)} parts, expected {len(expected)}")
        for i, (a, b) in enumerate(zip(got, expected, strict=True)):
            inner = _differs(a, b, rtol)
            if inner:
                return Difference(inner.kind, f"is wrong at [{i}], which {inner.text}")
        return None
    if isinstance(expected, np.ndarray):
        if expected.dtype.kind not in "iuf":
            return _exactly(got, expected)
        return compare(got, expected, rtol)
    if is_number(expected):
        return compare(got, float(expected), rtol, 1e-12)
    equal = type(got) is type(expected) or (
        isinstance(got, (bool, np.bool_)) and isinstance(expected, (bool, np.bool_))
    )
    return None if equal and got == expected else Difference("value", f"is {_brief(got)}, expected {_brief(expected)}")


def _exactly(got, expected):
    if not isinstance(got, np.ndarray):
        return Difference("kind", f"is {describe(got)}, expected an array of shape {expected.shape}")
    if got.shape != expected.shape:
        return Difference("shape", f"has shape {got.shape}, expected {expected.shape}")
    if got.dtype.kind != expected.dtype.kind:
        return Difference("kind", f"holds {got.dtype} values, expected {expected.dtype}")
    bad = np.argwhere(got != expected)
    return (
        Difference(
            "value", f"is wrong at {[int(i) for i in bad[0]]}: {got[tuple(bad[0])]}, expected {expected[tuple(bad[0])]}"
        )
        if len(bad)
        else None
    )


def _brief(value):
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def like(f, reference, inputs, name=None, hint=None):
    """Check that `f(*args)` equals `reference(*args)` for each `args` of `inputs`, and leaves the arguments alone."""
    name = name or getattr(f, "__name__", "the function")
    inputs = [args if isinstance(args, tuple) else (args,) for args in inputs]

    def cases(rng):
        made = []
        for args in inputs:
            right = reference(*args)
            kept = (
                right
                if isinstance(right, np.ndarray) or (is_number(right) and not isinstance(right, (bool, np.bool_)))
                else None
            )
            expected = kept if kept is not None else (lambda value, right=right: _differs(value, right, FLOAT64))
            made.append(Case({f"argument {i + 1}": a for i, a in enumerate(args)}, {"result": expected}))
        return made

    task = Task(name, ("result",), cases, forward_run(("result",), ("result",)), name, repeat=repeat_forward)
    report = examine(task, (f,))
    if report.faults and hint:
        error = report.error()
        error.args = (f"{error}\n  {hint}",)
        raise error from None
    conclude(report)


def raises(error, f, *args, what=None):
    """Check that `f(*args)` raises `error`."""
    name = getattr(f, "__name__", "the function")
    reason = f" {what}" if what else ""
    try:
        f(*args)
    except error:
        return
    except Exception as other:
        if type(other).__name__ == error.__name__:
            return
        _fail(f"{name} raised {type(other).__name__}, expected {error.__name__}{reason}.", name, "error")
    _fail(f"{name} raised nothing, expected {error.__name__}{reason}.", name, "error")


def partial(check, *functions, points, **options):
    """Run a check for partial credit: print its message if it fails, and return the points earned as a float.

    Each output has its share of the points (the family's module says which). A share is earned in full where the output
    is right on every input, by half where it is right on every everyday input and wrong only on special ones. Writing
    into an input, and a demanded error that does not come, cost a quarter each.
    """
    try:
        check(*functions, **options)
    except CheckFailed as error:
        print(error)
        earned = points * error.points
        print(f"  {earned:g} of {points:g} points.")
        return float(earned)
    return float(points)
