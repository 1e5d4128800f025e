"""Checks of what tuning rests on: an honest split, and preparation by the training set's statistics.

A split is judged by which rows it holds and in which order, so that no right generator of random numbers fails.
"""

from __future__ import annotations

import math

import numpy as np

from .arrays import readonly
from .compare import compare
from .engine import Case, Missing, Outcome, Raised, Task, copy_of, forward_run, repeat_forward, touched, unpack
from .verdicts import FINE, Verdict, judged

_READ = "05_tuning"


# A split without a leak


def split_cases(rng):
    cases = []
    for N, share, shape in [(50, 0.2, (3,)), (40, 0.25, (1, 2, 2)), (10, 0.5, (2,)), (100, 0.1, (4,))]:
        X = np.arange(N, dtype=float).reshape(N, *(1,) * len(shape)) + 0.01 * rng.random((N, *shape))
        y = np.arange(N) * 5 // N  # sorted by class, as many files are
        args = {"X": X, "y": y, "val_fraction": share, "seed": int(rng.integers(50))}
        cases.append(Case(args, dict.fromkeys(("parts", "rows", "labels", "order", "seed"), judged), numbers={"N": N}))
    return cases


_PARTS = ("X_train", "y_train", "X_val", "y_val")


def _split_run(functions, case, guard):
    args = copy_of(case.args)
    before = copy_of(args)
    result = guard(functions[0], *args.values())
    parts = unpack(result, _PARTS)
    bad = next((v for v in parts.values() if isinstance(v, (Raised, Missing))), None)
    if bad is not None:
        return Outcome(dict.fromkeys(case.expected, bad))
    values = dict.fromkeys(case.expected, FINE)
    values["parts"] = _sizes(parts, before["X"], before["val_fraction"])
    if not values["parts"].fault:
        values |= _contents(parts, before["X"], before["y"])
        values["seed"] = _split_seeds(functions[0], before, parts, guard)
    return Outcome(values | {"~" + n: True for n in touched(before, args)})


def _sizes(parts, X, share):
    for name, part in parts.items():
        if not isinstance(part, np.ndarray):
            return Verdict("kind", f"{name} is a {type(part).__name__}, expected an array".lstrip())
    n_val = round(len(X) * share)
    for name in ("val", "train"):
        expected = n_val if name == "val" else len(X) - n_val
        Xs, ys = parts[f"X_{name}"], parts[f"y_{name}"]
        if Xs.shape != (expected, *X.shape[1:]):
            off = round(len(Xs) / len(X), 1) if Xs.ndim else -1
            return Verdict(
                f"X {name} {off}",
                f"are not as large as asked for: X_{name} has shape {Xs.shape}, expected {(expected, *X.shape[1:])}",
            )
        if ys.shape != (expected,):
            return Verdict(f"y {name} {ys.ndim}", f"do not fit: y_{name} has shape {ys.shape}, expected {(expected,)}")
    return FINE


def _contents(parts, X, y):
    rows = {
        name: parts[f"X_{name}"].reshape(len(parts[f"X_{name}"]), -1)[:, 0].astype(int) for name in ("train", "val")
    }
    values = {}
    both = set(rows["train"]) & set(rows["val"])
    used = np.concatenate([rows["train"], rows["val"]])
    if both:
        values["rows"] = Verdict(
            f"leak {min(len(both), 2)}", f"leak: {len(both)} rows of the validation part are in the training part too"
        )
    elif len(set(used)) < len(used):
        values["rows"] = Verdict(
            "repeated", f"repeat: {len(used) - len(set(used))} of {len(used)} are there more than once"
        )
    wrong = [name for name in rows if not np.array_equal(parts[f"y_{name}"], y[rows[name]])]
    if wrong:
        n = len(rows["val"])
        as_given = np.array_equal(parts["y_val"], y[:n]) and np.array_equal(parts["y_train"], y[n:])
        text = f"do not belong to their rows in the {' and the '.join(wrong)} part"
        values["labels"] = Verdict("labels as given" if as_given else f"labels {wrong}", text)
    whole = np.sort(rows["val"])
    by_chance = len(X) / math.comb(len(X), len(whole))  # a right shuffle may leave neighbours together in a small set
    if by_chance < 1e-6 and (np.diff(whole) == 1).all():
        where = "first" if whole[0] == 0 else "last" if whole[-1] == len(X) - 1 else "next"
        classes = f"{len(set(y[rows['val']].tolist()))} of {len(set(y.tolist()))} classes"
        values["order"] = Verdict(
            f"not shuffled {where} {(np.diff(rows['val']) > 0).all()}",
            f"was not shuffled: the validation part is the {where} {len(whole)} rows, {classes}",
        )
    return values


def _split_seeds(function, args, parts, guard):
    again = unpack(guard(function, *copy_of(args).values()), _PARTS)
    other = unpack(guard(function, *copy_of({**args, "seed": args["seed"] + 1}).values()), _PARTS)
    if not all(isinstance(v, np.ndarray) for p in (again, other) for v in p.values()):
        return FINE
    if not np.array_equal(parts["X_val"], again["X_val"]):
        return Verdict("ignored", "is not what decides: two calls with the same seed made different splits")
    if set(parts["X_val"].ravel()) == set(other["X_val"].ravel()):
        return Verdict("fixed", "is not used: another seed made the same split")
    return FINE


SPLIT = Task(
    "train_val_split",
    ("parts", "rows", "labels", "order", "seed"),
    split_cases,
    _split_run,
    "train_val_split(X, y, val_fraction, seed)",
    {"rows": 1, "labels": 1, "order": 1, "parts": 1},
    read=_READ,
)


# Preparation with the training set's statistics


def standardize_cases(rng):
    cases = []
    for k, shape in enumerate([(5,), (3,), (1, 2, 3), (4,), (5,)]):
        scale, shift = rng.uniform(0.5, 20, shape), rng.uniform(-5, 5, shape)
        parts = {
            f"X_{name}": shift + extra + scale * rng.normal(size=(n, *shape))
            for name, n, extra in (("train", 12, 0), ("val", 5, 2), ("test", 4, -3))
        }
        tags = set()
        if k == 3:
            for part in parts.values():
                part[:, 1] = 0.25
            tags = {"a feature that never changes"}
        if k == 4:
            parts = {n: readonly(p) for n, p in parts.items()}
            parts["X_train"] = readonly(np.hstack([parts["X_train"][:, :-1], np.zeros((12, 1))]))
            tags = {"a feature that changes after training alone"}
        mean, std = parts["X_train"].mean(axis=0), parts["X_train"].std(axis=0)
        std = np.where(std == 0, 1.0, std)
        # Students may add a tiny number to the standard deviation; it moves results by no more than this.
        expected = {n: _near((p - mean) / std) for n, p in parts.items()}
        cases.append(Case(parts, expected, frozenset(tags), plain=not tags))
    return cases


def _near(right):
    def judge(value):
        return compare(value, right, 1e-5, 1e-6)

    return judge


STANDARDIZE = Task(
    "standardize",
    ("X_train", "X_val", "X_test"),
    standardize_cases,
    forward_run(("X_train", "X_val", "X_test"), ("X_train", "X_val", "X_test")),
    "standardize(X_train, X_val, X_test)",
    read=_READ,
    repeat=repeat_forward,
    patterns={
        "a feature that never changes": (
            "constant-feature",
            "It fails just where a feature has one value in the whole training set: its std is 0. Divide it by 1.",
        ),
        "a feature that changes after training alone": (
            "constant-feature-blown-up",
            "It fails just where a feature has std 0 in the training set but changes later: a tiny number in "
            "place of 0 blows it up. Divide by 1.",
        ),
    },
)
