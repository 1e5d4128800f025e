"""Checks of initial weights that keep a signal's size from layer to layer: Xavier and He.

Weights are judged by their shape, mean, standard deviation and form, never entry by entry; five standard errors of
room. Where the standard deviation is wrong, the check looks for the formula that would explain it.
"""

from __future__ import annotations

import numpy as np

from .compare import number
from .engine import Case, Outcome, Raised, Task
from .verdicts import FINE, Verdict, is_array, judged

_READ = "x1_init_norm_dropout"
_SHAPES = [(100, 60), (60, 100), (160, 40), (24, 4, 6, 2), (30, 5, 2, 5)]


def _cases(rng):
    cases = []
    for shape in _SHAPES:
        args = {"shape": shape, "seed": int(rng.integers(1000))}
        tags = frozenset({"filters" if len(shape) == 4 else "affine weights"})
        cases.append(Case(args, {"w": judged, "seed": judged}, tags))
    return cases


def _fans(shape):
    """Inputs of one unit, and outputs that one input reaches."""
    if len(shape) == 2:
        return shape
    F, C, HH, WW = shape
    return C * HH * WW, F * HH * WW


def _explanations(shape, factor):
    """Standard deviations that come from a wrong formula, by the name of the fault."""
    fan_in, fan_out = _fans(shape)
    found = {
        "other factor": np.sqrt((3 - factor) / fan_in),
        "fan_out": np.sqrt(factor / fan_out),
        "average": np.sqrt(2 * factor / (fan_in + fan_out)),
        "no root": factor / fan_in,
        "root of fan_in times": np.sqrt(fan_in * factor),
        "no scale": 1.0,
        "0.01": 0.01,
    }
    if len(shape) == 4:
        F, C, HH, WW = shape
        found |= {"F": np.sqrt(factor / F), "C": np.sqrt(factor / C), "window": np.sqrt(factor / (HH * WW))}
    return found


def _drawn(w, shape, factor):
    fan_in, n = _fans(shape)[0], w.size
    std, right, slack = w.std(), np.sqrt(factor / fan_in), 5 / np.sqrt(2 * w.size)
    if np.ptp(w) == 0:
        return Verdict(
            "constant" if w.any() else "zero",
            f"is {number(w.flat[0])} everywhere: all units of the layer would stay alike",
        )
    if abs(std / right - 1) > slack:
        fits = (name for name, value in _explanations(shape, factor).items() if abs(std / value - 1) <= slack)
        text = f"has standard deviation {std:.3g}, expected about {right:.3g} = √({factor}/{fan_in})"
        return Verdict(f"spread: {next(fits, 'other')}", text)
    if abs(w.mean()) > 5 * std / np.sqrt(n):
        return Verdict("mean", f"has mean {w.mean():.2g}, expected about 0")
    if ((w - w.mean()) ** 4).mean() / std**4 < 2.3:
        return Verdict("not normal", "is not normal: nothing lies beyond twice its standard deviation")
    return FINE


def _run_for(factor):
    def run(functions, case, guard):
        shape, seed = case.args["shape"], case.args["seed"]
        w, again, other = (guard(functions[0], shape, s) for s in (seed, seed, seed + 1))
        if isinstance(w, Raised):
            return Outcome({"w": w, "seed": w})
        verdict = is_array(w, shape)
        if verdict.fault:
            return Outcome({"w": verdict, "seed": FINE})
        return Outcome({"w": _drawn(w, shape, factor), "seed": _seeded(w, again, other)})

    return run


def _seeded(w, again, other):
    if not np.array_equal(w, again):
        return Verdict("ignored", "is not what decides the weights: two calls with the same seed gave different ones")
    if np.ptp(w) > 0 and np.array_equal(w, other):
        return Verdict("fixed", "is not used: another seed gave the same weights")
    return FINE


def _task(name, factor):
    return Task(name, ("w", "seed"), _cases, _run_for(factor), f"{name}(shape, seed)", {"w": 3, "seed": 1}, read=_READ)


XAVIER, HE = _task("xavier", 1), _task("he", 2)
