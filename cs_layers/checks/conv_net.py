"""Checks of a convolutional network in two functions: its initial weights, and its scores, loss and gradients.

conv - ReLU - 2×2 max pool - affine - ReLU - affine - softmax, stride 1, padded so that the size stays. The network is a
dict of parameters: W1 (F, C, K, K), b1 (F,), W2 (F · H/2 · W/2, M), b2 (M,), W3 (M, classes), b3. Initial weights are
judged by what they are drawn from, never entry by entry.
"""

from __future__ import annotations

import numpy as np

from .arrays import readonly
from .calls import Missing, Raised, copy_of, touched
from .engine import Case, Outcome, Task
from .models import _conv_net
from .two_layer import _drawn, _zero
from .verdicts import FINE, Verdict, is_array, judged

_READ = "09_cnn"
_PARAMS = ("W1", "b1", "W2", "b2", "W3", "b3")


def _shapes(input_dim, F, K, M, num_classes):
    C, H, W = input_dim
    return {
        "W1": (F, C, K, K),
        "b1": (F,),
        "W2": (F * (H // 2) * (W // 2), M),
        "b2": (M,),
        "W3": (M, num_classes),
        "b3": (num_classes,),
    }


# Initial parameters


def init_cases(rng):
    made = []
    for dim, F, K, M, classes, scale in [
        ((3, 8, 8), 20, 5, 40, 25, 1e-2),
        ((3, 8, 12), 16, 7, 30, 20, 0.3),
        ((1, 12, 6), 40, 3, 50, 12, 1.0),
    ]:
        args = {"input_dim": dim, "num_filters": F, "filter_size": K, "hidden_dim": M, "num_classes": classes}
        args |= {"weight_scale": scale, "seed": int(rng.integers(99))}
        made.append(Case(args, dict.fromkeys(("params", *_PARAMS, "seed"), judged)))
    return made


def _init_run(functions, case, guard):
    *sizes, scale, seed = case.args.values()
    got = guard(functions[0], *sizes, scale, seed)
    if isinstance(got, Raised):
        return Outcome(dict.fromkeys(case.expected, got))
    if not isinstance(got, dict):
        form = "None, expected a dict: is the `return` line missing?" if got is None else f"a {type(got).__name__}"
        return Outcome(dict.fromkeys(case.expected, Missing(f"returned {form}")))
    values = {"params": _keys(got)}
    for name, shape in _shapes(*sizes).items():
        values[name] = is_array(got[name], shape) if name in got else Verdict("missing", "is missing")
        if name in got and not values[name].fault:
            values[name] = _drawn(got[name], scale) if name[0] == "W" else _zero(got[name])
    values["seed"] = _seeded(functions[0], sizes, scale, seed, got, guard)
    return Outcome(values)


def _keys(got):
    lacks, more = [n for n in _PARAMS if n not in got], [n for n in got if n not in _PARAMS]
    if not lacks and not more:
        return FINE
    return Verdict(f"keys {lacks} {more}", f"has the keys {', '.join(map(repr, got)) or 'nothing'}, expected W1 to b3")


def _seeded(function, sizes, scale, seed, got, guard):
    again, other = guard(function, *sizes, scale, seed), guard(function, *sizes, scale, seed + 1)
    weights = ("W1", "W2", "W3")
    if not all(isinstance(p, dict) and isinstance(p.get(n), np.ndarray) for p in (got, again, other) for n in weights):
        return FINE
    if not all(np.array_equal(got[n], again[n]) for n in weights):
        return Verdict("ignored", "is not what decides the weights: two calls with the same seed gave different ones")
    if got["W1"].std() > 0 and np.array_equal(got["W1"], other["W1"]):
        return Verdict("fixed", "is not used: another seed gave the same weights")
    first, second = (got[n].ravel()[:50] for n in ("W1", "W2"))
    alike = len(first) == len(second) > 1 and min(first.std(), second.std()) > 0
    if alike and abs(np.corrcoef(first, second)[0, 1]) > 0.9:
        return Verdict("same draws", "was used twice: W2 repeats the numbers of W1")
    return FINE


INIT = Task(
    "conv_net_init",
    ("params", *_PARAMS, "seed"),
    init_cases,
    _init_run,
    "conv_net_init(input_dim, num_filters, filter_size, hidden_dim, num_classes, weight_scale, seed)",
    {"W1": 1, "W2": 1, "W3": 1, "b1": 0.5, "b2": 0.5, "b3": 0.5},
    read=_READ,
)


# Scores, loss and gradients


def loss_cases(rng):
    made = []
    for dim, F, K, M, classes, N, reg, tags in [
        ((2, 4, 4), 3, 3, 7, 5, 2, 0.0, set()),
        ((3, 6, 6), 2, 3, 6, 4, 3, 0.7, set()),
        ((2, 4, 6), 3, 3, 5, 4, 2, 0.3, {"H ≠ W"}),
        ((1, 6, 6), 2, 5, 5, 3, 2, 0.3, {"filter_size 5"}),
        ((2, 4, 4), 1, 1, 5, 3, 1, 0.3, {"N = 1", "filter_size 1"}),
        ((2, 4, 4), 3, 3, 7, 5, 2, 0.2, {"read-only inputs"}),
        ((2, 4, 4), 3, 3, 7, 5, 2, 0.2, {"huge scores"}),
        ((2, 4, 4), 3, 3, 7, 5, 2, 0.0, {"float32"}),
    ]:
        params = {
            k: rng.normal(size=s) * (0.4 if k[0] == "W" else 0.3) for k, s in _shapes(dim, F, K, M, classes).items()
        }
        X, y = rng.normal(size=(N, *dim)), rng.integers(classes, size=N)
        if "huge scores" in tags:  # as wrong as can be: the probability of the label is 0 to the last bit
            params["W3"] = 1e4 * params["W3"]
            y = _conv_net(X, y, params, 0.0)[0].argmin(axis=1)
        made.append(_loss_case({**params, "X": X, "y": y, "reg": reg}, tags))
    return made


def _loss_case(args, tags):
    if "float32" in tags:
        args = {
            n: v.astype(np.float32) if isinstance(v, np.ndarray) and v.dtype.kind == "f" else v for n, v in args.items()
        }
    if "read-only inputs" in tags:
        args = {n: readonly(v) if isinstance(v, np.ndarray) else v for n, v in args.items()}
    params, X, y, reg = _split(args)
    exact = {n: v.astype(np.float64) for n, v in params.items()}
    scores, loss, grads = _conv_net(X.astype(np.float64), y, exact, reg)
    expected = {"scores": scores, "loss": float(loss), **{f"grads[{n!r}]": grads[n] for n in _PARAMS}}
    numbers = {"N": len(X), "reg": reg}
    floor = dict.fromkeys(expected, 2e-6 if "float32" in tags else 1e-12)
    more = {"reg > 0"} if reg else set()
    case = Case(args, expected, frozenset(tags | more), numbers, floor=floor, plain=not tags)
    case.rtol = 1e-3 if "float32" in tags else 1e-6
    case.like = {f"grads[{n!r}]": f", like {n}" for n in _PARAMS}
    return case


def _split(args):
    return {n: args[n] for n in _PARAMS}, args["X"], args["y"], args["reg"]


def _loss_run(functions, case, guard):
    args = copy_of(case.args)
    before = copy_of(args)
    params, X, y, reg = _split(args)
    scores = guard(functions[0], params, X)
    if isinstance(scores, (tuple, list)):
        scores = Missing(f"returned a {type(scores).__name__} of {len(scores)} without y, expected the scores alone")
    values = {"scores": scores}
    result = guard(functions[0], params, X, y, reg)
    if isinstance(result, Raised):
        values |= {o: result for o in case.expected if o != "scores"}
    elif isinstance(result, (tuple, list)) and len(result) == 2 and isinstance(result[1], dict):
        values["loss"] = result[0]
        values |= {f"grads[{n!r}]": result[1].get(n) for n in _PARAMS}
    else:
        form = "None" if result is None else f"a {type(result).__name__}"
        values |= {
            o: Missing(f"returned {form} with y, expected (loss, grads)") for o in case.expected if o != "scores"
        }
    return Outcome(values | {"~" + n: True for n in touched(before, {**args, **params})})


LOSS = Task(
    "conv_net_loss",
    ("scores", "loss", *(f"grads[{n!r}]" for n in _PARAMS)),
    loss_cases,
    _loss_run,
    "conv_net_loss(params, X, y, reg)",
    {"scores": 2, "loss": 2} | {f"grads[{n!r}]": 1 for n in _PARAMS},
    read=_READ,
    patterns={
        "H ≠ W": ("h-for-w", "It fails just where images are not square: H is used somewhere for W."),
        "filter_size 5": ("pad-hard-coded", "It fails just where filters are not 3 × 3: pad is (K − 1) // 2."),
        "reg > 0": (
            "regularization",
            "It fails just where reg is not 0: loss adds 0.5 · reg · sum(W²) for every W, each gradient reg · W.",
        ),
        "N = 1": ("batch-of-one", "A batch of one image is a batch too."),
        "huge scores": (
            "unstable-softmax",
            "It fails just for huge scores: subtract each row's maximum before exp, or use softmax_loss.",
        ),
        "read-only inputs": ("writes-input", "The function writes into its inputs. Work on a copy."),
    },
)
