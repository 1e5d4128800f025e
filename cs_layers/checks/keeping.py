"""Check of the loop that measures a network after every epoch and keeps its best parameters.

Epochs and scores are scripted: the first entry of `W` tells how many epochs made it, so the check sees which parameters
came back, and which of the validation images each accuracy was measured on.
"""

from __future__ import annotations

import numpy as np

from .calls import Missing, Raised, copy_of, touched, unpack
from .engine import Case, Outcome, Task
from .verdicts import FINE, Verdict, judged

_READ = "03_two_layer_net"
_CLASSES = 3
_RUNS = {  # of 20 images, how many are right after each epoch; multiples of 5 would be possible with 4 images
    "the best epoch is the last": (3, 6, 8, 12),
    "the best epoch is in the middle": (4, 16, 7, 9),
    "no image is ever right": (0, 0, 0),
    "one epoch": (6,),
    "two epochs are equally good": (6, 11, 11, 2),
}

_SAMPLED = Verdict("a sample")


class _Script:
    """Epochs and scores that are known beforehand. `asked` has the rows of each call of scores."""

    def __init__(self, start, X, y, right, order):
        self.start, self.asked = start, []
        self.rows = {tuple(x): n for n, x in enumerate(X)}
        self.predicted = np.tile((y + 1) % _CLASSES, (len(right) + 1, 1))
        for k, count in enumerate(right, 1):
            self.predicted[k, order[k][:count]] = y[order[k][:count]]

    def epoch(self, params):
        return {name: value + 1.0 for name, value in params.items()}

    def scores(self, params, X):
        k = self.epochs_behind(params)
        rows = [self.rows[tuple(x)] for x in np.asarray(X)]
        self.asked.append(rows)
        return np.eye(_CLASSES)[self.predicted[k, rows]]

    def epochs_behind(self, params):
        """How many epochs made these parameters."""
        return round(float(params["W"][0, 0] - self.start))


def keep_cases(rng):
    cases = []
    for tag, right in _RUNS.items():
        X, y = rng.normal(size=(20, 2)), rng.integers(_CLASSES, size=20)
        args = {"W": rng.normal(size=(2, _CLASSES)), "b": rng.normal(size=_CLASSES)}
        args |= {"X_val": X, "y_val": y, "num_epochs": len(right)}
        case = Case(args, {"best": judged, "history": judged}, frozenset({tag}))
        case.extra = {"right": right, "order": [rng.permutation(20) for _ in range(len(right) + 1)]}
        cases.append(case)
    return cases


def _keep_run(functions, case, guard):
    args = copy_of(case.args)
    before = copy_of(args)
    params = {name: args[name] for name in ("W", "b")}
    right = case.extra["right"]
    script = _Script(before["W"][0, 0], before["X_val"], before["y_val"], right, case.extra["order"])
    got = guard(functions[0], script.epoch, script.scores, params, args["X_val"], args["y_val"], args["num_epochs"])
    values = unpack(got, ("best", "history"))
    values["history"] = _history(values["history"], script, np.array(right) / 20)
    sampled = values["history"] == _SAMPLED  # then luck says which epoch is kept
    values["best"] = FINE if sampled else _best(values["best"], script, right)
    return Outcome(values | {"~" + name: True for name in touched(before, {**args, **params})})


def _best(params, script, right):
    if isinstance(params, (Raised, Missing)):
        return params
    if not isinstance(params, dict) or not {"W", "b"} <= set(params):
        kind = "None" if params is None else f"a {type(params).__name__}"
        return Verdict(f"kind {kind}", f"is {kind}, expected a dict with the keys of params")
    k = script.epochs_behind(params)
    if not 0 <= k <= len(right):
        return Verdict("unknown", "holds parameters that no epoch made")
    if k == 0:
        return Verdict("untrained", "holds the parameters that came in; measure after each epoch")
    if right[k - 1] == max(right):
        return FINE
    role = "last" if k == len(right) else "worst" if right[k - 1] == min(right) else "another"
    text = f"holds the parameters of epoch {k}, which had {right[k - 1] / 20:.0%}; the best had {max(right) / 20:.0%}"
    return Verdict(role, text)


def _history(history, script, accuracies):
    if isinstance(history, (Raised, Missing)):
        return history
    try:
        found = np.asarray(history, dtype=float)
    except (TypeError, ValueError):
        return Verdict("kind", "is not a list of numbers")
    if found.shape != accuracies.shape:
        size = f"{found.size} numbers" if found.ndim == 1 else f"shape {found.shape}"
        return Verdict(f"length {found.size - len(accuracies)}", f"has {size}, expected one for each epoch")
    if np.allclose(found, accuracies, atol=1e-9):
        return FINE
    if any(len(set(rows)) < 20 for rows in script.asked) and sum(map(len, script.asked)) < 20 * len(accuracies):
        fewest = min(map(len, script.asked))
        return Verdict(_SAMPLED.fault, f"is measured on {fewest} of the 20 images; take all of them, each once")
    early = np.concatenate([[0.0], accuracies[:-1]])
    if np.allclose(found, early, atol=1e-9):
        return Verdict("early", "is measured before each epoch, so the last epoch is never measured")
    return Verdict(
        f"values {np.round(found - accuracies, 6).tolist()}",
        f"is {np.round(found, 3).tolist()}, expected {accuracies.tolist()}",
    )


KEEP = Task(
    "keep_best",
    ("best", "history"),
    keep_cases,
    _keep_run,
    "keep_best(epoch, scores, params, X_val, y_val, num_epochs)",
    read=_READ,
)
