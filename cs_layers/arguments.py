"""Checks of single arguments, shared by the parts that are not layers."""

import math

import numpy as np


def count(name, value, least=1):
    """``value`` as an int of ``least`` or more, else a ValueError that names it."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ValueError(f"{name} is {value!r}, but must be an integer of {least} or more.")
    return int(value)


def number(name, value, above=None):
    """``value`` as a finite float of 0 or more (or above ``above``), else a ValueError that names it."""
    right = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    if not right or not math.isfinite(value) or (value < 0 if above is None else value <= above):
        allowed = "of 0 or more" if above is None else f"above {above}"
        raise ValueError(f"{name} is {value!r}, but must be a finite number {allowed}.")
    return float(value)
