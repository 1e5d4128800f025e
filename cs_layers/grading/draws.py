"""The global random generators of NumPy and Python, which a test seeds and a student's function draws from.

They stand in two processes. Once a test has seeded them, the student's are set to theirs at the next call, and again
whenever a test has drawn from them since; never the other way round, for what a student's process says of them could
make the next inputs of a test. As long as no test seeds them, their state is secret.
"""

import random

import numpy as np

_seedings = 0


def watch():
    """Notice from now on when a generator is seeded, even to what it was before."""
    for module, names in ((np.random, ("seed", "set_state")), (random, ("seed", "setstate"))):
        for name in names:
            setattr(module, name, _noticing(getattr(module, name)))


def _noticing(function):
    def seed(*args, **kwargs):
        global _seedings
        _seedings += 1
        return function(*args, **kwargs)

    seed.__doc__ = function.__doc__
    return seed


class Draws:
    """What one student's process knows of the generators here."""

    def __init__(self):
        self.seedings, self.known = 0, None

    def news(self):
        """The generators' state as plain data, if they were seeded or drawn from since the last time; else None."""
        now = state() if _seedings else None
        if self.seedings == _seedings and _same(now, self.known):
            return None
        self.seedings, self.known = _seedings, now
        return now


def _same(a, b):
    return a is b or all(np.array_equal(one, other) for one, other in zip(a, b, strict=True))


def state():
    """(NumPy's key, position, whether a normal number is kept, that number, Python's state)."""
    _, key, position, has_normal, normal = np.random.get_state()  # noqa: NPY002
    version, words, kept = random.getstate()
    return key, position, has_normal, normal, version, words[-1], np.array(words[:-1], np.uint32), kept


def adopt(told):
    """Set the generators of this process to a state."""
    key, position, has_normal, normal, version, place, words, kept = told
    np.random.set_state(("MT19937", key, position, has_normal, normal))  # noqa: NPY002
    random.setstate((version, (*words.tolist(), place), kept))
