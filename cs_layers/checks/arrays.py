"""Arrays that a function must take as they come: not contiguous, not writeable, distinct."""

from __future__ import annotations

import numpy as np


def spaced(a):
    """The same values, every other entry of a wider array: not contiguous."""
    wide = np.zeros((*a.shape[:-1], 2 * a.shape[-1]), dtype=a.dtype)
    wide[..., ::2] = a
    return wide[..., ::2]


def readonly(a):
    a = a.copy()
    a.flags.writeable = False
    return a


def distinct(rng, shape, gap=0.5):
    """Values that differ from one another by at least half of `gap`, in random order: no ties, no kinks near by."""
    n = int(np.prod(shape))
    return (gap * (rng.permutation(n) - n / 2 + 0.25) + 0.1 * gap * rng.random(n)).reshape(shape)
