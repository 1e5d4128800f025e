"""Where a visible test of a backward gets its cache, so that a wrong forward is paid for once."""

from __future__ import annotations

from .calls import copy_of, touched
from .compare import compare


def cache_of(forward, *args, right, otherwise):
    """Return the cache of a student's forward, called on copies; if it fails, is wrong or writes into them, another.

    Parameters
    ----------
    forward : callable
        ``forward(*args) -> (out, cache)``
    right : array
        What `out` is to be.
    otherwise : object
        A right cache in the documented layout.
    """
    given = dict(enumerate(args))
    copies = {k: copy_of(value) for k, value in given.items()}
    try:
        out, cache = forward(*copies.values())
    except Exception:
        return otherwise
    return otherwise if touched(given, copies) or compare(out, right) else cache
