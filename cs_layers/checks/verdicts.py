"""Verdicts on results that chance has a part in: weights, orders, draws.

Such a result is never compared entry by entry. The check looks at it, and says in a `Verdict` what is wrong with it.
Two verdicts are equal when they name the same fault, whatever the numbers in their texts: so a known mistake that draws
other numbers than the student's is still recognised.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .compare import Difference


@dataclass(frozen=True)
class Verdict:
    """What is wrong with a result: `fault` names it ("" where nothing is), `text` follows the output's name."""

    fault: str = ""
    text: str = field(default="", compare=False)


FINE = Verdict()


def judged(value):
    """A case's expectation of an output that `Task.run` has turned into a Verdict."""
    if not isinstance(value, Verdict):
        return Difference("missing", "did not come back")
    return Difference("value", value.text) if value.fault else None


def verdict_of(difference):
    """A Difference as a Verdict; None is fine."""
    return Verdict(difference.kind, difference.text) if difference else FINE


def is_array(value, shape):
    """A Verdict on a result that must be a finite array of floats of this shape."""
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "fiu":
        kind = f"holds {value.dtype} values" if isinstance(value, np.ndarray) else f"is a {type(value).__name__}"
        return Verdict("kind", f"{kind}, expected an array of numbers")
    if value.shape != tuple(shape):
        return Verdict(f"shape {value.shape}", f"has shape {value.shape}, expected {tuple(shape)}")
    if not np.isfinite(value).all():
        return Verdict("not finite", "holds values that are not finite")
    return FINE
