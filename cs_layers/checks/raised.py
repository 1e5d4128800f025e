"""Causes that an exception or a missing result tells by itself."""

from __future__ import annotations

import re

from .calls import Missing, Raised
from .report import Cause, is_hidden


def _values(run):
    return [v for o in run.outcomes for v in o.values.values()]


def given_away(run):
    """Causes that the exception itself tells."""
    values = _values(run)
    for value in values:
        if isinstance(value, Raised) and value.type == "NotImplementedError":
            return [Cause("not-written", "the cell still raises NotImplementedError; write the function in its place.")]
        if isinstance(value, Raised) and value.type == "TimedOut":
            return [Cause("endless-loop", "the call was stopped; look for a loop whose end is never reached.")]
    named = [v for v in values if isinstance(v, Raised) and v.type in ("NameError", "UnboundLocalError")]
    if not named:
        return []
    text = f": {named[0].text}" if named[0].text and not is_hidden() else ""
    if named[0].type == "NameError":
        old = " That is Python 2; write range." if "xrange" in text else ""
        return [Cause("undefined-name", f"a name is used that was never given a value{text}.{old}")]
    return [Cause("undefined-name", f"a variable is read before it is given a value, at least on one branch{text}.")]


_ERRORS = [
    (
        "TypeError",
        r"indices must be integers.*not '?str",
        "not-a-dict",
        "a tuple, list or array is asked for a name, as if it were a dict; does the backward read what the forward put "
        "into its cache?",
    ),
    (
        "TypeError",
        r"float.*integer|indices must be integers|integer argument",
        "float-for-integer",
        "a float stands where an integer must: sizes and indices divide with //, not with /",
    ),
    (
        r"\w*UFunc\w*|TypeError",
        r"Cannot cast",
        "integers-for-floats",
        "floats are added or divided into an array of integers; make it with np.zeros(shape), which holds floats",
    ),
    (
        "ValueError",
        r"truth value of an array",
        "condition-on-an-array",
        "an array stands where True or False must: `if`, `max` and `and` take one value. np.where and np.maximum "
        "go through all entries",
    ),
    ("ValueError", r"read-only", "writes-input", "an input is written into; work on a copy"),
    (
        "TypeError|ValueError",
        r"unpack",
        "unpacked-wrongly",
        "a tuple was unpacked into another number of names than it has parts; does the backward unpack what the "
        "forward put into its cache?",
    ),
    (
        "TypeError",
        r"positional argument|unexpected keyword|missing \d",
        "wrong-signature",
        "a function is called with other arguments than it takes",
    ),
    (
        "ValueError",
        r"broadcast|aligned|mismatch|matmul|dimension|reshape|shape",
        "shapes-do-not-fit",
        "two shapes do not fit together",
    ),
    (
        "ValueError",
        r"zero-size array|empty sequence",
        "empty-window",
        "a window is empty: it starts or ends outside the image; start at i·stride and end at i·stride + height",
    ),
    (
        "IndexError",
        r"only integers",
        "float-for-integer",
        "a float stands where an integer must: sizes and indices divide with //, not with /",
    ),
    ("IndexError", r"", "index-out-of-range", "an index lies outside its array"),
    ("RecursionError", r"", "endless-recursion", "the function calls itself without end"),
    ("SystemExit", r"", "exits", "the function ends Python (exit, quit); return instead"),
    ("KeyError", r"", "key-missing", "a dict is asked for a key that it does not have"),
    ("TypeError", r"None", "none-used", "something that is still None is used as an array"),
    (
        "AttributeError",
        r"^'NoneType' object",
        "none-used",
        "something that is still None is used as an array: is a line missing, or still `pass`?",
    ),
    (
        "AttributeError|ImportError|ModuleNotFoundError",
        r"",
        "does-not-exist",
        "something is asked for that does not exist",
    ),
    ("ZeroDivisionError", r"", "divides-by-zero", "a number is divided by 0"),
    ("TypeError", r"", "wrong-type", "an operation is applied to something that does not allow it"),
    ("ValueError", r"", "wrong-value", "a function refuses a value that it is given"),
]


_TOLD = ("does-not-exist", "key-missing", "wrong-signature")
"""Causes beside which the exception's own text stands, unless that could tell what a hidden check called with."""
_NO_MATTER_THE_CACHE = {
    "NameError": r"",
    "ImportError": r"",
    "ModuleNotFoundError": r"",
    "AttributeError": r"^module ",
    "IndexError": r"out of bounds|only integers",
}


def of_its_own(value, forward=""):
    """Whether a call raised what no other cache would have kept it from, or just what its forward raised too."""
    if not isinstance(value, Raised):
        return False
    alike = value.text and forward.endswith(f"{value.type}: {value.text}")
    return bool(alike or re.search(_NO_MATTER_THE_CACHE.get(value.type, r"(?!)"), value.text))


def from_errors(run):
    """Causes that an exception or a missing return hints at."""
    values = _values(run)
    missing = [v for v in values if isinstance(v, Missing)]
    if len(missing) >= max(1, len(values) / 2):
        if missing[0].text.startswith("returned None"):
            return [Cause("no-return", "the function ends without `return`, so it gives None.")]
        return [Cause("wrong-return", f"the function {missing[0].text}.")]
    if values and len([v for v in values if v is None]) >= len(values) / 2:
        return (
            [_NOT_FILLED]
            if len(run.task.outputs) > 1 or "forward" in run.task.name
            else [Cause("no-return", "the function ends without `return`, so it gives None.")]
        )
    for value in values:
        if isinstance(value, Raised):
            for kinds, text, name, hint in _ERRORS:
                if re.fullmatch(kinds, value.type) and re.search(text, value.text):
                    told = f": {value.text}" if value.text and not is_hidden() and name in _TOLD else ""
                    return [Cause(name, hint + told + ("" if hint.endswith("?") else "."), certain=False)]
    return []


_NOT_FILLED = Cause("not-filled", "the result is still None: the line that computes it is missing.")
