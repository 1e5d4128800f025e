"""Checks of the loop that trains a network, and of settings that train one well.

A loop is judged by what must be true in whatever order it visits the rows: with one batch of all rows by the parameters
themselves, with small batches and a learning rate near 0 by the rows that its losses come from.
"""

from __future__ import annotations

import functools

import numpy as np

from .calls import Missing, Raised, copy_of, touched, unpack
from .engine import Case, Outcome, Task
from .verdicts import FINE, Verdict, judged

_READ = "03_two_layer_net"
_NAMES = ("W", "b", "c")


def _loss(params, X, y):
    """Loss and gradients of a softmax classifier of shifted inputs, (X + c) @ W + b: what the checked loop trains."""
    inputs = X + params["c"]
    scores = inputs @ params["W"] + params["b"]
    shifted = scores - scores.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = np.exp(logs)
    dscores[np.arange(len(y)), y] -= 1
    dscores /= len(y)
    grads = {"W": inputs.T @ dscores, "b": dscores.sum(axis=0), "c": (dscores @ params["W"].T).sum(axis=0)}
    return float(-logs[np.arange(len(y)), y].mean()), grads


class _Counting:
    """The loss, and how often it was called."""

    def __init__(self):
        self.calls = 0

    def __call__(self, params, X, y):
        self.calls += 1
        return _loss(params, X, y)


def train_cases(rng):
    cases = []
    for N, batch, epochs, rate in [(8, 8, 4, 0.5), (6, 6, 1, 0.1), (12, 1, 3, 1e-9), (10, 4, 2, 1e-9), (9, 3, 3, 1e-9)]:
        params = {"W": rng.normal(size=(3, 4)), "b": rng.normal(size=4), "c": rng.normal(size=3)}
        X, y = rng.normal(size=(N, 3)), rng.integers(4, size=N)
        args = {**params, "X": X, "y": y, "learning_rate": rate, "batch_size": batch, "num_epochs": epochs, "seed": 3}
        if batch == N:
            trained, losses = dict(params), []
            for _ in range(epochs):
                loss, grads = _loss(trained, X, y)
                losses.append(loss)
                trained = {n: trained[n] - rate * grads[n] for n in trained}
            expected = {**{f"params[{n!r}]": trained[n] for n in trained}, "losses": np.array(losses)}
        else:
            expected = {"number of losses": judged, "rows of a batch": judged, "order": judged}
        cases.append(Case(args, expected, frozenset({"whole batches" if batch == N else "small batches"})))
    return cases


def _train_run(functions, case, guard):
    args = copy_of(case.args)
    before = copy_of(args)
    params = {n: args[n] for n in _NAMES}
    rate, batch, epochs, seed = (args[n] for n in ("learning_rate", "batch_size", "num_epochs", "seed"))
    loss = _Counting()
    result = guard(functions[0], loss, params, args["X"], args["y"], rate, batch, epochs, seed)
    values = unpack(result, ("params", "losses"))
    trained, losses = values["params"], _as_losses(values["losses"])
    if batch == len(args["X"]):
        values = {f"params[{n!r}]": _part(trained, n) for n in _NAMES} | {"losses": losses}
    elif isinstance(losses, (Raised, Missing)):
        values = dict.fromkeys(case.expected, losses)
    else:
        values = _visits(losses, before, batch, epochs, loss.calls)
    return Outcome(values | {"~" + n: True for n in touched(before, {**args, **params})})


def _part(params, name):
    if isinstance(params, (Raised, Missing)):
        return params
    if not isinstance(params, dict) or name not in params:
        return Missing(f"returned {type(params).__name__} as params, expected a dict with the keys of the params given")
    return params[name]


def _as_losses(losses):
    if isinstance(losses, (Raised, Missing)):
        return losses
    try:
        array = np.asarray(losses, dtype=float)
    except (TypeError, ValueError):
        return Missing("is not a list of numbers")
    return array if array.ndim == 1 else Missing(f"has shape {array.shape}, expected a list of numbers")


def _visits(losses, args, batch, epochs, calls):
    """What the losses of a network that hardly moves tell of the rows behind them."""
    X, y = args["X"], args["y"]
    params, N = {n: args[n] for n in _NAMES}, len(X)
    steps = -(-N // batch)
    count, rows, order = FINE, FINE, FINE
    if len(losses) != steps * epochs:
        floor = " (the rows left over make a smaller last batch)" if N % batch else ""
        count = Verdict(
            f"{len(losses)} of {calls}",
            f"is {len(losses)}, expected {steps * epochs}: {steps} batches an epoch{floor}, {epochs} epochs; loss was "
            f"called {calls} times",
        )
    elif batch == 1:
        rows, order = _single_rows(losses.reshape(epochs, steps), params, X, y)
    elif N % batch == 0:
        whole = _loss(params, X, y)[0]
        if not np.allclose(losses.reshape(epochs, steps).mean(axis=1), whole, rtol=1e-6):
            rows = Verdict(
                "not each once", "do not add up to all rows: in every epoch each row belongs to exactly one batch"
            )
    return {"number of losses": count, "rows of a batch": rows, "order": order}


def _single_rows(losses, params, X, y):
    each = np.array([_loss(params, X[i : i + 1], y[i : i + 1])[0] for i in range(len(X))])
    crossed = np.array([_loss(params, X[i : i + 1], y[j : j + 1])[0] for i in range(len(X)) for j in range(len(X))])
    found = np.abs(losses[:, :, None] - each) < 1e-6
    if not found.any(axis=2).all():
        if (np.abs(losses[:, :, None] - crossed) < 1e-6).any(axis=2).all():
            return Verdict(
                "labels of others", "come with the labels of other rows: take X and y by the same row numbers"
            ), FINE
        return Verdict("unknown", "are not rows of X with their own labels"), FINE
    visits = found.argmax(axis=2)
    if any(len(set(epoch)) != len(X) for epoch in visits.tolist()):
        return Verdict(
            "not each once", "repeat some rows and leave out others: in every epoch each row comes once"
        ), FINE
    same = all((epoch == visits[0]).all() for epoch in visits)
    if same and (np.sort(visits[0]) == visits[0]).all():
        return FINE, Verdict("as given", "is that of the data in every epoch; draw a new order with rng.permutation")
    return FINE, Verdict("never new", "is the same in every epoch; draw a new one for each") if same else FINE


TRAIN = Task(
    "train",
    ("params['W']", "params['b']", "params['c']", "losses", "number of losses", "rows of a batch", "order"),
    train_cases,
    _train_run,
    "train(loss, params, X, y, learning_rate, batch_size, num_epochs, seed)",
    read=_READ,
)


# Settings that train a network on the digits

GATE = 0.93
SEEDS = (0, 1, 2)
LIMITS = {
    "hidden_dim": (1, 200),
    "weight_scale": (0.0, 10.0),
    "reg": (0.0, 10.0),
    "learning_rate": (0.0, 1000.0),
    "batch_size": (1, 1297),
    "num_epochs": (1, 30),
}


def train_on_digits(settings, seed=0):
    """A TwoLayerNet trained on the digits by plain gradient descent, and the Solver that did it.

    Parameters
    ----------
    settings : dict
        hidden_dim, weight_scale, reg, learning_rate, batch_size, num_epochs.
    seed : int
        Of the initial weights and of the order of the rows.

    Raises
    ------
    FloatingPointError
        When the loss is no longer a finite number.
    """
    from cs_layers.data import load_digits
    from cs_layers.models import TwoLayerNet
    from cs_layers.solver import Solver

    net = TwoLayerNet(64, settings["hidden_dim"], 10, settings["weight_scale"], settings["reg"], seed=seed)
    solver = Solver(
        net,
        load_digits(),
        "sgd",
        {"learning_rate": settings["learning_rate"]},
        batch_size=settings["batch_size"],
        num_epochs=settings["num_epochs"],
        verbose=False,
        seed=seed,
    )
    solver.train()
    return net, solver


def settings_cases(rng):
    return [Case({}, {"settings": judged, "validation accuracy": judged})]


def _settings_run(functions, case, guard):
    got = guard(functions[0])
    if isinstance(got, Raised):
        return Outcome(dict.fromkeys(case.expected, got))
    form = _form(got)
    return Outcome({"settings": form, "validation accuracy": FINE if form.fault else _reached(got)})


def _form(got):
    if not isinstance(got, dict):
        return Verdict("kind", f"is {'None' if got is None else 'a ' + type(got).__name__}, expected a dict")
    lacks, more = [n for n in LIMITS if n not in got], [n for n in got if n not in LIMITS]
    if lacks or more:
        text = (
            f"lacks {', '.join(lacks)}"
            if lacks
            else f"has {', '.join(map(str, more))}, which is none of {', '.join(LIMITS)}"
        )
        return Verdict(f"keys {lacks} {more}", text)
    for name, (least, most) in LIMITS.items():
        value, whole = got[name], isinstance(least, int)
        right = isinstance(value, (int, np.integer) if whole else (int, float, np.integer, np.floating))
        if not right or isinstance(value, bool) or not least <= value <= most:
            kind = "an integer" if whole else "a number"
            return Verdict(f"range {name}", f"has {name} = {value!r}, expected {kind} from {least:g} to {most:g}")
    if got["learning_rate"] == 0:
        return Verdict("range learning_rate", "has learning_rate = 0, so nothing would be learned")
    return FINE


def _reached(settings):
    """Train with every seed, and judge the worst run by its validation accuracy and by the shape of its loss."""
    for seed in SEEDS:
        verdict = _trained(tuple(settings[name] for name in LIMITS), seed)
        if verdict.fault:
            return verdict
    return FINE


@functools.lru_cache(maxsize=64)
def _trained(values, seed):
    try:
        _, solver = train_on_digits(dict(zip(LIMITS, values, strict=True)), seed)
    except FloatingPointError:
        return Verdict("diverged", f"cannot be measured: the loss became nan or inf (seed {seed})")
    accuracy, losses = solver.best_val_acc, solver.loss_history
    if accuracy >= GATE:
        return FINE
    start, top, end = losses[0], max(losses), float(np.mean(losses[-10:]))
    went = f"from {start:.3g} " + (f"up to {top:.3g} and " if top > 2 * start else "") + f"to {end:.3g}"
    text = f"is {accuracy:.1%} (seed {seed}), expected at least {GATE:.0%}; the loss went {went}"
    if accuracy > 0.3:
        return Verdict("below the gate", text)
    if top > 2 * start:
        return Verdict("learned nothing after a jump", text)
    return Verdict("learned nothing, loss fell" if end < 0.7 * start else "learned nothing", text)


SETTINGS = Task(
    "training_settings",
    ("settings", "validation accuracy"),
    settings_cases,
    _settings_run,
    "training_settings()",
    {"validation accuracy": 1},
    read=_READ,
)
