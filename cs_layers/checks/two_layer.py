"""Checks of a first network: its initial weights, scores, loss and gradients, and the loss that it must start from.

A network is a dict of parameters: W1 (D, H), b1 (H,), W2 (H, C), b2 (C,). Initial weights are judged by what they are
drawn from, never entry by entry.
"""

from __future__ import annotations

import numpy as np

from .arrays import readonly
from .calls import Missing, Raised, copy_of, touched, unpack
from .engine import Case, Outcome, Task, repeat_forward
from .verdicts import FINE, Verdict, is_array, judged

_READ = "03_two_layer_net"
_PARAMS = ("W1", "b1", "W2", "b2")


def _network(rng, D, H, C, scale=0.5):
    shapes = {"W1": (D, H), "b1": (H,), "W2": (H, C), "b2": (C,)}
    return {name: scale * rng.normal(size=shape) for name, shape in shapes.items()}


def _split(args):
    """The parameters among a case's arguments as the dict that the student's function takes, and the others."""
    params = {n: args[n] for n in args if n in _PARAMS}
    return params, [args[n] for n in args if n not in _PARAMS]


# Initial parameters


def init_cases(rng):
    cases = []
    for D, H, C, scale in [(64, 100, 10, 1e-2), (40, 60, 25, 0.5), (30, 90, 20, 1.0)]:
        args = {"input_dim": D, "hidden_dim": H, "num_classes": C, "weight_scale": scale, "seed": int(rng.integers(99))}
        cases.append(Case(args, dict.fromkeys(("params", *_PARAMS, "seed"), judged)))
    return cases


def _init_run(functions, case, guard):
    args = list(case.args.values())
    D, H, C, scale, _ = args
    got = guard(functions[0], *args)
    if isinstance(got, Raised):
        return Outcome(dict.fromkeys(case.expected, got))
    if not isinstance(got, dict):
        form = (
            "None, expected a dict: is the `return` line missing?"
            if got is None
            else f"a {type(got).__name__}, expected a dict"
        )
        return Outcome(dict.fromkeys(case.expected, Missing(f"returned {form}")))
    values = {"params": _keys(got)}
    for name, shape in {"W1": (D, H), "b1": (H,), "W2": (H, C), "b2": (C,)}.items():
        value = got.get(name)
        if name not in got:
            values[name] = FINE
            continue
        values[name] = is_array(value, shape)
        if not values[name].fault:
            values[name] = _drawn(value, scale) if name[0] == "W" else _zero(value)
    values["seed"] = _seeded(functions[0], args, got, guard)
    return Outcome(values)


def _keys(got):
    lacks, more = [n for n in _PARAMS if n not in got], [n for n in got if n not in _PARAMS]
    if lacks or more:
        shown = ", ".join(map(repr, got)) or "nothing"
        return Verdict(f"keys {lacks} {more}", f"has the keys {shown}, expected 'W1', 'b1', 'W2', 'b2'")
    return FINE


def _zero(bias):
    return Verdict("not zero", "is not zero; biases start at 0") if bias.any() else FINE


def _drawn(w, scale):
    """Whether entries could have been drawn from a normal distribution of standard deviation `scale`, to 4.5 sigma."""
    n, spread = w.size, w.std()
    if not w.any():
        return Verdict("all zero", "is zero everywhere")
    if spread < 1e-12 * np.abs(w).max():
        return Verdict("constant", "has one value everywhere")
    if abs(w.mean()) > 5 * spread / np.sqrt(n):
        return Verdict("mean", f"has mean {w.mean():.2g}, expected about 0")
    if not 0.87 < spread / scale < 1.15:
        far = round(np.log(spread / scale))
        return Verdict(f"spread {far}", f"has standard deviation {spread:.3g}, expected about {scale:g}")
    if ((w - w.mean()) ** 4).mean() / spread**4 < 2.3:
        return Verdict(
            "not normal", "is not drawn from a normal distribution: there are no values beyond twice its spread"
        )
    return FINE


def _seeded(function, args, got, guard):
    again, other = guard(function, *args), guard(function, *args[:-1], args[-1] + 1)
    if not all(
        isinstance(p, dict) and isinstance(p.get(n), np.ndarray) for p in (got, again, other) for n in ("W1", "W2")
    ):
        return FINE
    if not all(np.array_equal(got[n], again[n]) for n in ("W1", "W2")):
        return Verdict("ignored", "is not what decides the weights: two calls with the same seed gave different ones")
    if got["W1"].std() > 0 and np.array_equal(got["W1"], other["W1"]):
        return Verdict("fixed", "is not used: another seed gave the same weights")
    first, second = got["W1"].ravel(), got["W2"].ravel()
    n = min(len(first), len(second))
    if n > 1 and first[:n].std() > 0 and second[:n].std() > 0 and abs(np.corrcoef(first[:n], second[:n])[0, 1]) > 0.9:
        return Verdict("same draws", "was used twice: W2 repeats the numbers of W1")
    return FINE


INIT = Task(
    "two_layer_init",
    ("params", *_PARAMS, "seed"),
    init_cases,
    _init_run,
    "two_layer_init(input_dim, hidden_dim, num_classes, weight_scale, seed)",
    {"W1": 1, "W2": 1, "b1": 0.5, "b2": 0.5},
    read=_READ,
)


# Scores, loss and gradients


def _batches(rng):
    """Arguments for a network and a batch: small ones, images, a single row, float32, read-only arrays."""
    made = []
    for N, D, H, C in [(3, 4, 5, 3), (1, 4, 6, 2), (5, 6, 4, 7)]:
        made.append(({**_network(rng, D, H, C), "X": rng.normal(size=(N, D))}, C, set()))
    made.append(({**_network(rng, 12, 5, 4), "X": rng.normal(size=(4, 3, 2, 2))}, 4, {"images"}))
    large = {**_network(rng, 4, 5, 3), "X": rng.normal(size=(3, 4))}
    large["W2"] = 1e4 * large["W2"]
    made.append((large, 3, {"huge scores"}))
    frozen = {n: readonly(v) for n, v in {**_network(rng, 4, 5, 3), "X": rng.normal(size=(3, 4))}.items()}
    made.append((frozen, 3, {"read-only inputs"}))
    single = {n: v.astype(np.float32) for n, v in {**_network(rng, 4, 5, 3), "X": rng.normal(size=(3, 4))}.items()}
    made.append((single, 3, {"float32"}))
    return made


_TAGS = {
    "images": (
        "rows-not-flattened",
        "It fails just where X holds images: flatten each row, X.reshape(len(X), -1), or use affine_forward.",
    ),
    "huge scores": (
        "unstable-softmax",
        "It fails just for huge scores: subtract each row's maximum before exp, or use softmax_loss.",
    ),
    "read-only inputs": ("writes-input", "The function writes into its inputs. Work on a copy."),
    "reg 0": ("reg-zero", "It fails just where reg is 0."),
}


def scores_cases(rng):
    cases = []
    for args, _C, tags in _batches(rng):
        right = _forward(*_split(args)[0].values(), args["X"])[1]
        cases.append(Case(args, {"scores": right}, frozenset(tags), {"N": len(args["X"])}, plain=not tags - {"images"}))
    return cases


def _forward(W1, b1, W2, b2, X):
    hidden = np.maximum(0, X.reshape(len(X), -1) @ W1 + b1)
    return hidden, hidden @ W2 + b2


def _scores_run(functions, case, guard):
    args = copy_of(case.args)
    before = copy_of(args)
    params, others = _split(args)
    scores = guard(functions[0], params, *others)
    if isinstance(scores, (tuple, list)):
        scores = Missing(f"returned a {type(scores).__name__} of {len(scores)}, expected the scores alone")
    values = {"scores": scores}
    return Outcome(values | {"~" + n: True for n in touched(before, {**params, "X": args["X"]})})


SCORES = Task(
    "two_layer_scores",
    ("scores",),
    scores_cases,
    _scores_run,
    "two_layer_scores(params, X)",
    read=_READ,
    patterns=_TAGS,
    repeat=repeat_forward,
)


def loss_cases(rng):
    cases = []
    for k, (args, C, tags) in enumerate(_batches(rng)):
        y = rng.integers(C, size=len(args["X"]))
        if "huge scores" in tags:  # as wrong as can be: the probability of the label is 0 to the last bit
            y = _forward(*args.values())[1].argmin(axis=1)
        reg = (0.7, 0.0, 0.3)[k % 3]
        args = {**args, "y": readonly(y) if "read-only inputs" in tags else y, "reg": reg}
        loss, grads = _loss(*_split(args)[0].values(), args["X"], y, reg)
        expected = {"loss": loss, **{f"grads[{n!r}]": grads[n] for n in _PARAMS}}
        numbers = {"N": len(y), "reg": reg}
        more = {"reg 0"} if reg == 0 else set()
        # float32 sums differ in their last digits with the order, and a gradient of 0 has no scale of its own.
        floor = dict.fromkeys(expected, 2e-6 if "float32" in tags else 1e-12)
        plain_one = not tags - {"images"}
        cases.append(Case(args, expected, frozenset(tags | more), numbers, floor=floor, plain=plain_one))
    return cases


def _loss(W1, b1, W2, b2, X, y, reg):
    W1, b1, W2, b2, X = (v.astype(float) for v in (W1, b1, W2, b2, X))
    hidden, scores = _forward(W1, b1, W2, b2, X)
    shifted = scores - scores.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    every = np.arange(len(y))
    loss = -logs[every, y].mean() + 0.5 * reg * (np.sum(W1**2) + np.sum(W2**2))
    dscores = np.exp(logs)
    dscores[every, y] -= 1
    dscores /= len(y)
    dhidden = (dscores @ W2.T) * (hidden > 0)
    grads = {"W2": hidden.T @ dscores + reg * W2, "b2": dscores.sum(axis=0)}
    grads |= {"W1": X.reshape(len(X), -1).T @ dhidden + reg * W1, "b1": dhidden.sum(axis=0)}
    return float(loss), grads


def _loss_run(functions, case, guard):
    args = copy_of(case.args)
    before = copy_of(args)
    params, others = _split(args)
    values = unpack(guard(functions[0], params, *others), ("loss", "grads"))
    grads = values.pop("grads")
    for name in _PARAMS:
        values[f"grads[{name!r}]"] = _gradient(grads, name)
    return Outcome(values | {"~" + n: True for n in touched(before, {**args, **params})})


def _gradient(grads, name):
    if isinstance(grads, (Raised, Missing)):
        return grads
    if not isinstance(grads, dict):
        return Missing(f"returned a {type(grads).__name__} as grads, expected a dict with the keys of params")
    return (
        grads[name] if name in grads else Missing(f"is missing; grads has {', '.join(map(repr, grads)) or 'no keys'}")
    )


LOSS = Task(
    "two_layer_loss",
    ("loss", *(f"grads[{n!r}]" for n in _PARAMS)),
    loss_cases,
    _loss_run,
    "two_layer_loss(params, X, y, reg)",
    {"loss": 1, "grads['W1']": 1, "grads['b1']": 0.5, "grads['W2']": 1, "grads['b2']": 0.5},
    read=_READ,
    patterns=_TAGS,
    repeat=repeat_forward,
)


# The loss of a network that knows nothing yet


def first_loss_cases(rng):
    cases = []
    for D, H, C, reg in [
        (4, 5, 3, 0.0),
        (64, 20, 10, 0.0),
        (64, 20, 10, 1.0),
        (6, 4, 7, 0.25),
        (3, 3, 2, 10.0),
        (5, 8, 100, 0.1),
    ]:
        params = _network(rng, D, H, C, scale=0.3)
        right = float(np.log(C) + 0.5 * reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2)))
        tags = {"reg 0"} if reg == 0 else {"reg above 0"}
        cases.append(
            Case({"num_classes": C, **params, "reg": reg}, {"loss": right}, frozenset(tags), {"C": C, "reg": reg})
        )
    return cases


def _first_loss_run(functions, case, guard):
    args = copy_of(case.args)
    params, (C, reg) = _split(args)
    return Outcome({"loss": guard(functions[0], C, params, reg)})


FIRST_LOSS = Task(
    "expected_first_loss",
    ("loss",),
    first_loss_cases,
    _first_loss_run,
    "expected_first_loss(num_classes, params, reg)",
    read=_READ,
    patterns={
        "reg above 0": (
            "penalty",
            "Without regularisation it is right; the penalty is 0.5 · reg · (sum of W1² + sum of W2²).",
        )
    },
)
