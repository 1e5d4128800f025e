"""Compares one result with what is right, kind and shape before values, and says in a sentence where they differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FLOAT64 = 1e-7
FLOAT32 = 3e-4


@dataclass(frozen=True)
class Difference:
    """How a result differs: `kind` is missing, kind, shape, finite or value; `text` follows the output's name."""

    kind: str
    text: str
    brief: str = ""  # the same without values, for a hidden test
    cause: tuple = ()  # name and hint of a mistake that this difference gives away

    def sentence(self, hidden=False):
        return self.brief or self.text if hidden else self.text


def describe(value):
    """One phrase that tells what a value is: its kind, shape and dtype, never its contents."""
    if isinstance(value, np.ndarray):
        return f"{shape_of(value)} {value.dtype}" if value.ndim else f"a number ({value.dtype})"
    if value is None:
        return "None"
    if isinstance(value, (bool, np.bool_)):
        return "a bool"
    if isinstance(value, (complex, np.complexfloating)):
        return "a complex number"
    if isinstance(value, (int, float, np.generic)):
        return "a number"
    if isinstance(value, (tuple, list)):
        return f"a {type(value).__name__} of {len(value)}"
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def shape_of(array):
    return "(" + ", ".join(str(n) for n in array.shape) + ("," if array.ndim == 1 else "") + ")"


def number(value):
    """A number as a reader wants it: four significant digits."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    return f"{float(value):.4g}"


def is_number(value):
    if isinstance(value, (bool, np.bool_)):
        return False
    if isinstance(value, (int, float, np.integer, np.floating)):
        return True
    return isinstance(value, np.ndarray) and value.ndim == 0 and value.dtype.kind in "iuf"


def as_number(value):
    return float(value[()] if isinstance(value, np.ndarray) else value)


def tolerance(*arrays):
    """The relative error that rounding explains: wider where float32 went in or came out."""
    kinds = [a.dtype for a in arrays if isinstance(a, (np.ndarray, np.floating)) and a.dtype.kind == "f"]
    return FLOAT32 if any(k == np.float32 for k in kinds) else FLOAT64


def compare(got, expected, rtol=FLOAT64, floor=0.0, like=""):
    """What sets `got` apart from `expected`, or None where they agree.

    Parameters
    ----------
    expected : array or number
        An array asks for an array of the same shape; a number takes a Python number, a NumPy scalar or a 0-d array.
    rtol : float
        Allowed error, relative to the largest expected entry (so that rounding in a sum with cancellation is allowed).
    floor : float
        Allowed absolute error.
    like : str
        Said after an expected shape: ", like b".
    """
    if not isinstance(expected, np.ndarray):
        return _compare_number(got, expected, rtol, floor)
    if got is None:
        return Difference("missing", "is None, expected an array of shape " + shape_of(expected) + like)
    if isinstance(got, (int, float, np.generic)) and not isinstance(got, (bool, np.bool_)) and expected.ndim == 0:
        got = np.asarray(got)
    if not isinstance(got, np.ndarray):
        return Difference("kind", f"is {describe(got)}, expected an array of shape {shape_of(expected)}{like}")
    if got.dtype.kind not in "biuf":
        return Difference("kind", f"holds {got.dtype} values, expected {expected.dtype}")
    if got.shape != expected.shape:
        return Difference("shape", f"has shape {shape_of(got)}, expected {shape_of(expected)}{like}")
    return _compare_entries(got, expected, rtol, floor)


def _compare_number(got, expected, rtol, floor):
    if got is None:
        return Difference("missing", "is None, expected a number")
    if not is_number(got):
        if isinstance(got, np.ndarray) and got.dtype.kind in "iuf":
            return Difference("shape", f"is an array of shape {shape_of(got)}, expected a number")
        return Difference("kind", f"is {describe(got)}, expected a number")
    got, expected = as_number(got), float(expected)
    if got == expected or (np.isnan(got) and np.isnan(expected)):
        return None
    if not np.isfinite(got):
        return Difference(
            "finite", f"is {number(got)}, expected {number(expected)}", f"is {number(got)}, not a finite number"
        )
    if abs(got - expected) <= floor + rtol * abs(expected):
        return None
    shown, right = number(got), number(expected)
    if shown == right:
        shown, right = f"{got:.9g}", f"{expected:.9g}"
    return Difference("value", f"is {shown}, expected {right}", "has a wrong value")


def _compare_entries(got, expected, rtol, floor):
    if expected.size == 0:
        return None
    a, b = got.astype(float), expected.astype(float)
    finite = np.isfinite(b)
    scale = np.abs(b[finite]).max() if finite.any() else 0.0
    with np.errstate(all="ignore"):
        error = np.where(a == b, 0.0, np.abs(a - b))
    error[np.isnan(a) & np.isnan(b)] = 0.0
    bad = ~(error <= floor + rtol * scale)
    if not bad.any():
        return None
    strange = bad & ~np.isfinite(a)
    if strange.any():
        where = tuple(int(i) for i in np.argwhere(strange)[0])
        what = number(a[where])
        share = _share(strange)
        return Difference(
            "finite",
            f"is {what} at {share}, the first {_index(where)}, expected {number(b[where])}",
            f"is {what} at {share}",
        )
    where = tuple(int(i) for i in np.unravel_index(np.argmax(error), error.shape))
    shown, right = number(a[where]), number(b[where])
    if shown == right:
        shown, right = f"{a[where]:.9g}", f"{b[where]:.9g}"
    share = _share(bad)
    if got.size == 1:
        return Difference("value", f"is {shown}, expected {right}", "has a wrong value")
    return Difference(
        "value",
        f"is wrong at {share}; the worst, {_index(where)}, is {shown}, expected {right}",
        f"is wrong at {share}",
    )


def _share(bad):
    if bad.all():
        return "every entry"
    if bad.sum() == 1:
        return f"1 of its {bad.size} entries"
    return f"{max(1, round(100 * bad.mean()))} % of its entries"


def _index(where):
    return "[" + ", ".join(str(i) for i in where) + "]"


def agree(a, b, rtol=1e-6):
    """True if two results are the same for a diagnosis: kind, shape, and values to rounding; nan equals nan."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if is_number(a) and is_number(b):
        if isinstance(a, (int, np.integer)) != isinstance(b, (int, np.integer)):
            return False
        a, b = np.asarray(as_number(a)), np.asarray(as_number(b))
    if isinstance(a, (tuple, list)) and type(a) is type(b):
        return len(a) == len(b) and all(agree(x, y, rtol) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(agree(a[key], b[key], rtol) for key in a)
    if not (isinstance(a, np.ndarray) and isinstance(b, np.ndarray)):
        return type(a) is type(b) and not isinstance(a, np.ndarray) and bool(a == b)
    if a.shape != b.shape or a.dtype.kind not in "biuf" or b.dtype.kind not in "biuf":
        return False
    a, b = a.astype(float), b.astype(float)
    finite = np.isfinite(b)
    if not np.array_equal(np.isfinite(a), finite) or not np.array_equal(a[~finite], b[~finite], equal_nan=True):
        return False
    if not finite.any():
        return True
    scale = max(np.abs(b[finite]).max(), 1e-300)
    return bool(np.abs(a[finite] - b[finite]).max() <= rtol * scale)
