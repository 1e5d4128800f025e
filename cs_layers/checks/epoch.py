"""Checks of centring and scaling images by the training images' statistics, and of one whole epoch of training.

An epoch is judged by the batches that it asks gradients for, and by where its parameters end. Some inputs have equal
rows, so that every order must end at the same numbers.
"""

from __future__ import annotations

import functools

import numpy as np

from cs_layers import optim

from .arrays import readonly
from .compare import FLOAT64, compare
from .engine import Case, Missing, Outcome, Raised, Task, copy_of, forward_run, repeat_forward, touched
from .verdicts import FINE, Verdict, judged

_READ = "x3_mnist_cifar"


# Statistics of the training images


def _centre_cases(rng):
    cases = []
    for shape, tags in [
        ((3, 4, 5), set()),
        ((1, 3, 2), {"one channel"}),
        ((3, 3, 3), set()),
        ((2, 5, 4), set()),
        ((3, 2, 2), {"read-only inputs"}),
    ]:
        C = shape[0]
        level = rng.uniform(60, 190, size=shape)
        spread = rng.uniform(8, 40, size=(C, 1, 1))
        parts = {}
        for name, N, shift in (("X_train", 9, 0), ("X_val", 4, 20), ("X_test", 5, -25)):
            pixels = level + shift + spread * rng.normal(size=(N, *shape))
            parts[name] = np.clip(pixels, 0, 255).astype(np.uint8)
        mean_image = parts["X_train"].mean(axis=0)
        std = (parts["X_train"] - mean_image).std(axis=(0, 2, 3))
        expected = {name: (X - mean_image) / std[:, None, None] for name, X in parts.items()}
        expected |= {"mean_image": mean_image, "std": std}
        if "read-only inputs" in tags:
            parts = {name: readonly(X) for name, X in parts.items()}
        case = Case(parts, expected, frozenset(tags), plain=not tags)
        # Students may add a tiny number to the standard deviation; it moves results by no more than this.
        case.floor = {name: 1e-5 for name in (*parts, "std")}
        cases.append(case)
    return cases


_PARTS = ("X_train", "X_val", "X_test", "mean_image", "std")
CENTRE = Task(
    "center_and_scale",
    _PARTS,
    _centre_cases,
    forward_run(_PARTS, ()),
    "center_and_scale(X_train, X_val, X_test)",
    read=_READ,
    repeat=repeat_forward,
    patterns={"read-only inputs": ("writes-inputs", "The function writes into its inputs. Make new arrays.")},
)


# One epoch

SEEDS = (0, 1, 2)
GATE = 0.75
_NAMES = ("W1", "b1", "W2", "b2", "W3", "b3")


def _gradient(params, x, t):
    """Gradients of the softmax loss of three affine layers without anything in between: smooth, so exact everywhere."""
    p = params
    first = x @ p["W1"] + p["b1"]
    second = first @ p["W2"] + p["b2"]
    scores = second @ p["W3"] + p["b3"]
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    d = shifted / shifted.sum(axis=1, keepdims=True)
    d[np.arange(len(t)), t] -= 1
    d /= len(t)
    grads = {"W3": second.T @ d, "b3": d.sum(axis=0)}
    d = d @ p["W3"].T
    grads |= {"W2": first.T @ d, "b2": d.sum(axis=0)}
    d = d @ p["W2"].T
    return grads | {"W1": x.T @ d, "b1": d.sum(axis=0)}


class _Recording:
    """The gradient, and the rows that it was asked for."""

    def __init__(self):
        self.batches = []

    def __call__(self, params, x, t):
        self.batches.append((np.array(x), np.array(t)))
        return _gradient(params, x, t)


def epoch_cases(rng):
    cases = []
    for N, batch, rule, config, equal in [
        (6, 6, optim.sgd, {"learning_rate": 0.5}, True),
        (6, 2, optim.sgd_momentum, {"learning_rate": 0.2, "momentum": 0.8}, True),
        (7, 3, optim.adam, {"learning_rate": 0.05}, True),
        (12, 1, optim.sgd, {"learning_rate": 1e-9}, False),
        (10, 4, optim.sgd, {"learning_rate": 1e-9}, False),
    ]:
        shapes = {"W1": (3, 5), "b1": (5,), "W2": (5, 4), "b2": (4,), "W3": (4, 3), "b3": (3,)}
        params = {name: rng.normal(size=shape) for name, shape in shapes.items()}
        x, t = rng.normal(size=(N, 3)), rng.integers(3, size=N)
        if equal:
            x[:], t[:] = x[0], t[0]
        args = {"params": params, "x": x, "t": t, "rule": rule, "config": config, "batch_size": batch, "seed": 5}
        if equal:
            trained = _reference(params, x, t, rule, config, batch)
            expected = {f"params[{name!r}]": trained[name] for name in _NAMES}
        else:
            expected = {"batches": judged, "order": judged}
        cases.append(Case(args, expected, frozenset({"equal rows" if equal else "rows of their own"})))
    seeds = [int(seed) for seed in rng.integers(1000, size=len(SEEDS))]
    wrong = set()
    for case in cases:
        case.extra["wrong"] = wrong
    return [*cases, Case({"seeds": seeds}, {"accuracy": judged}, frozenset({"digits"}), extra={"wrong": wrong})]


def _reference(params, x, t, rule, config, batch):
    params, configs = dict(params), dict.fromkeys(params, config)
    for start in range(0, len(x), batch):
        grads = _gradient(params, x[start : start + batch], t[start : start + batch])
        for name in params:
            params[name], configs[name] = rule(params[name], grads[name], configs[name])
    return params


def _epoch_run(functions, case, guard):
    if "seeds" in case.args:
        return Outcome({"accuracy": _learned(functions[0], case, guard)})
    args = copy_of(case.args)
    gradient = _Recording()
    trained = guard(functions[0], gradient, *args.values())
    changed = touched({n: case.args[n] for n in ("params", "x", "t", "config")}, args)
    if "batches" in case.expected:
        values = _batches(trained, gradient.batches, case.args)
    else:
        values = {f"params[{name!r}]": _entry(trained, name) for name in _NAMES}
    outcome = Outcome(values | {"~" + name: True for name in changed})
    if changed or any(not isinstance(v, (np.ndarray, Verdict)) or _differs(v, n, case) for n, v in values.items()):
        case.extra["wrong"].add("something")
    return outcome


def _differs(value, name, case):
    if isinstance(value, Verdict):
        return bool(value.fault)
    return bool(compare(value, case.expected[name], FLOAT64))


def _entry(params, name):
    if isinstance(params, (Raised, Missing)):
        return params
    if not isinstance(params, dict) or name not in params:
        kind = "None" if params is None else f"a {type(params).__name__}"
        return Missing(f"returned {kind}, expected a dict with the keys of params")
    return params[name]


def _batches(trained, batches, args):
    """What the recorded batches say: their sizes, their rows with the labels, and the order."""
    if isinstance(trained, Raised):
        return dict.fromkeys(("batches", "order"), trained)
    x, t, batch = args["x"], args["t"], args["batch_size"]
    sizes = sorted(len(rows) for rows, _ in batches)[::-1]
    wanted = [batch] * (len(x) // batch) + [len(x) % batch] * bool(len(x) % batch)
    if sizes != wanted:
        text = f"have the sizes {_listed(sizes)}, expected {_listed(wanted)}: {len(x)} rows, {batch} at a time"
        return {"batches": Verdict(f"sizes {len(sizes) - len(wanted)} {sum(sizes) - len(x)}", text), "order": FINE}
    rows, labels = (np.concatenate([part[k] for part in batches]) for k in (0, 1))
    found = np.abs(rows[:, None] - x).max(axis=2).argmin(axis=1)
    if len(set(found.tolist())) != len(x):
        lost = len(x) - len(set(found.tolist()))
        text = f"leave out {lost} of {len(x)} rows and repeat others: in an epoch each row comes once"
        same = set(found.tolist()) == set(found[:batch].tolist())
        return {"batches": Verdict("the same rows" if same else "not each once", text), "order": FINE}
    if not np.array_equal(labels, t[found]):
        return {"batches": Verdict("labels", "come with the labels of other rows"), "order": FINE}
    if (np.diff(found) > 0).all():
        return {"batches": FINE, "order": Verdict("as given", "is that of the data: shuffle, with a generator")}
    return {"batches": FINE, "order": FINE}


def _listed(sizes):
    return ", ".join(map(str, sizes[:8])) + (", …" if len(sizes) > 8 else "") if sizes else "none"


@functools.lru_cache(maxsize=1)
def _digits():
    from cs_layers.data import load_digits

    return load_digits(np.float32)


def _learned(function, case, guard):
    """Whether the loop trains SimpleConvNet past the gate with every seed; not asked of one that is wrong already."""
    if case.extra["wrong"]:
        return FINE
    for seed in case.args["seeds"]:
        accuracy = guard(accuracy_after_an_epoch, function, seed)
        if isinstance(accuracy, Raised):
            return accuracy
        if accuracy < GATE:
            text = f"after one epoch is {accuracy:.1%} (seed {seed}), expected at least {GATE:.0%}"
            return Verdict("below the gate", text)
    return FINE


def accuracy_after_an_epoch(train_epoch, seed):
    """The share of the 250 validation digits that SimpleConvNet gets right after one epoch on the 1,297 others."""
    from cs_layers.models import SimpleConvNet

    digits = _digits()
    net = SimpleConvNet((1, 8, 8), {"filter_num": 24, "filter_size": 3, "pad": 1}, 100, 10, "he", seed=seed)

    def gradient(params, x, t):
        net.params = dict(params)
        return net.gradient(x, t)

    start = {name: value.copy() for name, value in net.params.items()}
    config = {"learning_rate": 3e-3}
    net.params = dict(train_epoch(gradient, start, digits["X_train"], digits["y_train"], optim.adam, config, 16, seed))
    return net.accuracy(digits["X_val"], digits["y_val"])


EPOCH = Task(
    "train_epoch",
    (*(f"params[{name!r}]" for name in _NAMES), "batches", "order"),  # accuracy is measured where these are right
    epoch_cases,
    _epoch_run,
    "train_epoch(gradient, params, x, t, rule, config, batch_size, seed)",
    {**{f"params[{name!r}]": 0.5 for name in _NAMES}, "batches": 1, "order": 1, "accuracy": 1},
    read=_READ,
)
