"""Advice on slow loops: a right function and the course's plain form of it, side by side on a larger input.

It costs no points and is given only where a function is right on everything. What counts is how much longer the larger
input takes than a tiny one, so that neither the overhead of a call nor the way to a sandbox and back is counted. Where
the task asks for loops, as the `_naive` functions do, the plain form has them too, and only what is ten times slower
still is told.
"""

from __future__ import annotations

import time

import numpy as np

from . import known
from .calls import Guard, Raised, copy_of
from .report import ADVICE, Finding

SLOW = 10  # times the plain form's time, from which on there is advice
_LEAST = 50e-6  # seconds; a plain form that is faster than this is taken to need so long
_REPEATS = 3
_LONG = 0.1  # seconds; a call that takes longer is not repeated
_VERY_LONG = 2.0  # seconds of all cases of a check, after which no larger input is tried


def _norm(*shape):
    return lambda r: {"x": r.normal(size=shape), "gamma": np.ones(shape[1]), "beta": np.ones(shape[1]), "param": {}}


def _train(maker):
    return lambda r: {**maker(r), "param": {"mode": "train"}}


def _scores(r):
    return {"x": r.normal(size=(300, 10)), "y": r.integers(10, size=300)}


def _conv(r):
    arrays = {"x": r.normal(size=(2, 3, 8, 8)), "w": r.normal(size=(4, 3, 3, 3)), "b": r.normal(size=4)}
    return {**arrays, "conv_param": {"stride": 1, "pad": 1}}


def _pool(r):
    return {"x": r.normal(size=(4, 3, 8, 8)), "pool_param": {"pool_height": 2, "pool_width": 2, "stride": 2}}


def _columns(r):
    return {"x": r.normal(size=(2, 3, 12, 12)), "HH": 3, "WW": 3, "stride": 1, "pad": 1}


# Arguments of a larger call; a backward is called after its forward on these.
LARGER = {
    "center_rows": lambda r: {"x": r.normal(size=(400, 20))},
    "sum_per_channel": lambda r: {"x": r.normal(size=(20, 3, 10, 10))},
    "affine_forward": lambda r: {"x": r.normal(size=(200, 40)), "w": r.normal(size=(40, 30)), "b": r.normal(size=30)},
    "relu_forward": lambda r: {"x": r.normal(size=(100, 50))},
    "softmax": lambda r: {"scores": _scores(r)["x"]},
    "softmax_loss": _scores,
    "svm_loss": _scores,
    "cross_entropy_error": lambda r: {"probs": np.full((400, 10), 0.1), "t": r.integers(10, size=400)},
    "batchnorm_forward": _train(_norm(100, 50)),
    "spatial_batchnorm_forward": _train(_norm(8, 8, 8, 8)),
    "layernorm_forward": _norm(100, 50),
    "conv_forward_naive": _conv,
    "max_pool_forward_naive": _pool,
    "mean_pool_forward_naive": _pool,
    "im2col": _columns,
    "Convolution": _conv,
}


def slow(task, functions, run, seconds):
    """Advice on a function that is right but slow, in a list; an empty one for any other.

    Parameters
    ----------
    task : Task
    functions : tuple of callable
    run : callable            runs functions on all cases of the check
    seconds : float           what that took; after a long time nothing larger is tried
    """
    larger = _arguments(task.name)
    if larger is None:
        return []
    plain = tuple(known.alternatives(name)[0].function for name in (task.name, _forward(task.name))[: len(functions)])
    if seconds > _VERY_LONG:
        start = time.perf_counter()
        run(plain)
        times, where = seconds / (time.perf_counter() - start), "on the inputs of this check"
    else:
        where = f"with {', '.join(_sizes(larger))}"
        times = SLOW
        for _ in range(2):  # what else the machine did meanwhile is no news about the function
            if times >= SLOW:
                times = _growth(task.name, functions, larger) / max(_growth(task.name, plain, larger), _LEAST)
    if not times >= SLOW:
        return []
    what = "every single entry" if task.name.endswith("_naive") else "rows or entries"
    text = f"takes about {_rounded(times)} times as long as a form that does not loop over {what}, {where}"
    return [Finding(ADVICE, "", text, "slow")]


def _arguments(name):
    """The larger call's arguments, smaller ones of the same form being their first rows; None where none are known."""
    base = known.original(_forward(name))
    return LARGER[base](np.random.default_rng(0)) if base in LARGER else None


def _forward(name):
    return name.replace("backward", "forward").replace("_alt", "").replace("col2im", "im2col")


def _growth(name, functions, larger):
    """Seconds that the larger call takes more than one with a single row; nan where a call raises."""
    tiny = {key: value[:1] if key in ("x", "y", "t", "scores", "probs") else value for key, value in larger.items()}
    return max(_seconds(name, functions, larger) - _seconds(name, functions, tiny), 0.0)


def _seconds(name, functions, args):
    """The least of a few measurements of one call."""
    function, given = functions[0], [copy_of(value) for value in args.values()]
    function = _of_class(function) if name == "Convolution" else function
    guard = Guard()
    if _forward(name) != name:
        forward = functions[1] if len(functions) > 1 else known.alternatives(_forward(name))[0].function
        result = guard(forward, *given)
        if isinstance(result, Raised):
            return float("nan")
        given = _backward_arguments(name, result, args)
    best = float("inf")
    for _ in range(_REPEATS):
        copies = [copy_of(v) if isinstance(v, (np.ndarray, dict)) else v for v in given]  # a cache may be anything
        start = time.perf_counter()
        result = guard(function, *copies)
        best = min(best, time.perf_counter() - start)
        if isinstance(result, Raised):
            return float("nan")
        if best > _LONG:
            break
    return best


def _of_class(layer):
    return lambda x, w, b, param: layer(w, b, param["stride"], param["pad"]).forward(x)


def _backward_arguments(name, result, args):
    if known.original(name) == "col2im":
        return [result, args["x"].shape, *list(args.values())[1:]]
    out, cache = result
    return [np.ones(np.shape(out)), cache]


def _sizes(args):
    return [f"{name} {value.shape}" for name, value in args.items() if isinstance(value, np.ndarray)]


def _rounded(times):
    return int(float(f"{times:.1g}"))
