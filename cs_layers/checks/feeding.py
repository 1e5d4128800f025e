"""Where a visible test of a backward gets its cache, so that a wrong forward is paid for once."""

from __future__ import annotations

from .compare import compare
from .engine import copy_of


def cache_of(forward, *args, right, otherwise):
    """Call a student's forward on copies and return its cache; if it fails or its output is wrong, return another.

    Parameters
    ----------
    forward : callable
        ``forward(*args) -> (out, cache)``
    right : array
        What `out` is to be.
    otherwise : object
        A right cache in the documented layout.
    """
    try:
        out, cache = forward(*(copy_of(value) for value in args))
    except Exception:
        return otherwise
    return otherwise if compare(out, right) else cache
