"""Checks of settings: those that train a convolutional network on the digits, and those that rescue a run.

The run that is to be rescued learned nothing from 500 pictures; `cs_layers.cnn_runs` repeats it, and every attempt.
"""

from __future__ import annotations

import functools
import itertools

import numpy as np

from cs_layers.cnn_runs import FAILED, rescue_run, train_on_digits

from .engine import Case, Outcome, Raised, Task
from .known import alternative, edit, plain
from .verdicts import FINE, Verdict, judged

_READ = "09_cnn"
SEEDS = (0, 1, 2)
RULES = ("sgd", "sgd_momentum", "rmsprop", "adam", "adagrad", "nesterov")


def _range(name, value, least, most):
    """A Verdict on a setting that must be a number within limits, an integer where the limits are."""
    whole = isinstance(least, int)
    right = isinstance(value, (int, np.integer) if whole else (int, float, np.integer, np.floating))
    if right and not isinstance(value, bool) and least <= value <= most:
        return FINE
    kind = "an integer" if whole else "a number"
    return Verdict(f"range {name}", f"has {name} = {value!r}, expected {kind} from {least:g} to {most:g}")


def _one_of(name, value, allowed):
    if isinstance(value, str) and value in allowed:
        return FINE
    return Verdict(f"range {name}", f"has {name} = {value!r}, expected one of {', '.join(map(repr, allowed))}")


def _form(got, limits):
    """A Verdict on the form of a dict of settings."""
    if not isinstance(got, dict):
        return Verdict("kind", f"is {'None' if got is None else 'a ' + type(got).__name__}, expected a dict")
    lacks, more = [n for n in limits if n not in got], [n for n in got if n not in limits]
    if lacks or more:
        text = f"lacks {', '.join(lacks)}" if lacks else f"has {', '.join(map(str, more))}, which is no setting here"
        return Verdict(f"keys {lacks} {more}", text)
    for name, allowed in limits.items():
        if name == "weight_scale" and got[name] == "he":
            continue
        verdict = (
            _one_of(name, got[name], allowed) if isinstance(allowed[0], str) else _range(name, got[name], *allowed)
        )
        if verdict.fault:
            return verdict
    return FINE


# Settings that train a network on the digits

GATE = 0.95
LIMITS = {
    "num_filters": (1, 32),
    "filter_size": (1, 7),
    "hidden_dim": (1, 100),
    "weight_scale": (0.0, 10.0),
    "reg": (0.0, 10.0),
    "update_rule": RULES,
    "learning_rate": (1e-12, 1000.0),
    "batch_size": (1, 1297),
    "num_epochs": (1, 15),
}


def _settings_run(functions, case, guard):
    got = guard(functions[0])
    if isinstance(got, Raised):
        return Outcome(dict.fromkeys(case.expected, got))
    form = _form(got, LIMITS)
    if not form.fault and got["filter_size"] % 2 == 0:
        form = Verdict("even filter", f"has filter_size = {got['filter_size']}, expected an odd number")
    values = tuple(got[name] for name in LIMITS) if _worth_training(form, case) else ()
    accuracy = _worst(_trained, values) if values else FINE
    return Outcome({"settings": form, "validation accuracy": accuracy})


def _worth_training(form, case):
    """False where this form is wrong or the student's is, whose call comes first: no mistake is trained then."""
    wrong = case.extra.setdefault("student's form is wrong", bool(form.fault))
    return not wrong and not form.fault


def _worst(train, values):
    return next((verdict for seed in SEEDS if (verdict := train(values, seed)).fault), FINE)


@functools.lru_cache(maxsize=64)
def _trained(values, seed):
    try:
        _, solver = train_on_digits(dict(zip(LIMITS, values, strict=True)), seed)
    except FloatingPointError:
        return Verdict("diverged", f"cannot be measured: the loss became nan or inf (seed {seed})")
    accuracy, losses = solver.best_val_acc, solver.loss_history
    if accuracy >= GATE:
        return FINE
    start, end = losses[0], float(np.mean(losses[-10:]))
    text = f"is {accuracy:.1%} (seed {seed}), expected at least {GATE:.0%}; the loss went from {start:.3g} to {end:.3g}"
    if accuracy > 0.3:
        return Verdict("below the gate", text)
    if max(losses) > 2 * start:
        return Verdict("learned nothing after a jump", text)
    return Verdict("learned nothing, loss fell" if end < 0.7 * start else "learned nothing", text)


SETTINGS = Task(
    "conv_training_settings",
    ("settings", "validation accuracy"),
    lambda rng: [Case({}, {"settings": judged, "validation accuracy": judged})],
    _settings_run,
    "conv_training_settings()",
    {"validation accuracy": 1},
    read=_READ,
)


@plain("conv_training_settings")
def conv_training_settings():
    return {
        "num_filters": 16,
        "filter_size": 3,
        "hidden_dim": 50,
        "weight_scale": "he",
        "reg": 1e-4,
        "update_rule": "adam",
        "learning_rate": 3e-3,
        "batch_size": 50,
        "num_epochs": 10,
    }


for _name, _hint, *_changes in [
    (
        "rate-too-high",
        "nan, or a network that guesses after a jump: divide the learning rate by 10.",
        ('"learning_rate": 3e-3', '"learning_rate": 1.0'),
    ),
    (
        "rate-too-low",
        "The loss hardly left ln 10 ≈ 2.3: the steps are too small. Raise the learning rate.",
        ('"learning_rate": 3e-3', '"learning_rate": 1e-7'),
        ('"weight_scale": "he"', '"weight_scale": 1e-3'),
    ),
    (
        "regularised-away",
        "The loss fell, but only because the penalty did: reg pulls all weights to 0, and the scores too. Lower it.",
        ('"reg": 1e-4', '"reg": 10.0'),
    ),
    (
        "stopped-early",
        "It learns, but not far enough: more epochs, smaller batches or a higher learning rate.",
        ('"num_epochs": 10', '"num_epochs": 1'),
    ),
    ("even-filter", "Only an odd filter can be padded evenly on both sides.", ('"filter_size": 3', '"filter_size": 4')),
    ("rule-unknown", "update_rule is the name of a function of cs_layers.optim.", ('"adam"', '"Adam"')),
    ("setting-missing", "A setting is missing.", ('        "batch_size": 50,\n', "")),
    ("no-epochs", "num_epochs must be from 1 to 15.", ('"num_epochs": 10', '"num_epochs": 50')),
]:
    edit("conv_training_settings", _name, _hint, *_changes)


@alternative("conv_training_settings")
def settings_with_momentum():
    return dict(
        num_filters=32,
        filter_size=5,
        hidden_dim=64,
        weight_scale=0.1,
        reg=0.0,
        update_rule="sgd_momentum",
        learning_rate=0.05,
        batch_size=64,
        num_epochs=12,
    )


# The run that learned nothing, and its rescue

RESCUE_GATE = 0.48
RESCUE_LIMITS = {
    "inputs": ("raw", "scaled"),
    "weight_scale": (0.0, 10.0),
    "update_rule": RULES,
    "learning_rate": (1e-12, 1000.0),
    "reg": (0.0, 10.0),
}


def rescue_cases(rng):
    return [Case({}, {"steps": judged, "validation accuracy": judged})]


def _rescue_run(functions, case, guard):
    got = guard(functions[0])
    if isinstance(got, Raised):
        return Outcome(dict.fromkeys(case.expected, got))
    form = _steps(got)
    accuracy = _rescued(_values(got[-1])) if _worth_training(form, case) else FINE
    return Outcome({"steps": form, "validation accuracy": accuracy})


def _values(settings):
    return tuple(settings[name] for name in FAILED)


def _steps(got):
    """A Verdict on the list of settings: from `FAILED` on, one thing changed at a time."""
    if not isinstance(got, (list, tuple)):
        return Verdict("kind", f"are {'None' if got is None else 'a ' + type(got).__name__}, expected a list of dicts")
    if not 2 <= len(got) <= 8:
        return Verdict(
            f"{len(got)} steps", f"are a list of {len(got)}, expected 2 to 8: FAILED first, the rescued run last"
        )
    for number, settings in enumerate(got):
        form = _form(settings, RESCUE_LIMITS)
        if form.fault:
            return Verdict(f"{number}: {form.fault}", f"are wrong at [{number}], which {form.text}")
    if any(got[0][name] != FAILED[name] for name in FAILED):
        return Verdict(
            f"start {len(set(map(_values, got)))}", "do not begin with FAILED: the first entry is the run as it was"
        )
    for number, (before, after) in enumerate(itertools.pairwise(got)):
        changed = [name for name in FAILED if before[name] != after[name]]
        if len(changed) != 1:
            what = f"{', '.join(changed)} change" if changed else "nothing changes"
            return Verdict(
                f"{len(changed)} changes", f"must change one thing each; from [{number}] to [{number + 1}] {what}"
            )
    return FINE


@functools.lru_cache(maxsize=32)
def _rescued(values):
    """The mean accuracy of three runs; after a first run that learned nothing the others are not tried."""
    settings = dict(zip(FAILED, values, strict=True))
    first = rescue_run(values, SEEDS[0])
    if not np.isfinite(first.losses[-1]):
        return Verdict("diverged", f"cannot be measured: the loss became {first.losses[-1]}")
    if first.accuracy <= 0.2:
        went = f"from {first.losses[0]:.3g} to {first.losses[-1]:.3g}"
        kept = [name for name in ("inputs", "weight_scale", "reg") if settings[name] == FAILED[name]]
        still = f"; still as in FAILED: {', '.join(kept)}" if kept else ""
        text = f"is {first.accuracy:.1%}, as good as guessing; the loss went {went}{still}"
        return Verdict(f"learned nothing {kept}", text)
    accuracy = float(np.mean([rescue_run(values, seed).accuracy for seed in SEEDS]))
    if accuracy >= RESCUE_GATE:
        return FINE
    return Verdict(
        "below the gate", f"is {accuracy:.1%} on average, expected at least {RESCUE_GATE:.0%} over seeds 0, 1, 2"
    )


RESCUE = Task(
    "rescue_steps",
    ("steps", "validation accuracy"),
    rescue_cases,
    _rescue_run,
    "rescue_steps()",
    {"validation accuracy": 1},
    read=_READ,
)


@plain("rescue_steps")
def rescue_steps():
    failed = {"inputs": "raw", "weight_scale": 1e-3, "update_rule": "sgd_momentum", "learning_rate": 1e-3, "reg": 0.9}
    first = {**failed, "reg": 1e-3}
    second = {**first, "inputs": "scaled"}
    third = {**second, "weight_scale": "he"}
    fourth = {**third, "update_rule": "adam"}
    return [failed, first, second, third, fourth]


for _name, _hint, *_changes in [
    (
        "inputs-kept-raw",
        "The last run still gets raw pixels, up to 255: with He weights the first scores are in the hundreds.",
        ('"inputs": "scaled"}', '"reg": 1e-4}'),
    ),
    (
        "scaled-alone",
        "Weights of 0.001 on scaled inputs: the signal all but dies on its way to the scores. He's scale keeps it up.",
        ("    return [failed, first, second, third, fourth]", "    return [failed, first, second]"),
    ),
    (
        "rate-too-high",
        "The steps are so large that the loss jumps up: divide the learning rate by 10.",
        ('"update_rule": "adam"}', '"learning_rate": 30.0}'),
    ),
    (
        "rate-too-low",
        "The loss falls too slowly: the steps are small. Raise the learning rate.",
        ('"update_rule": "adam"}', '"learning_rate": 1e-6}'),
    ),
    (
        "all-at-once",
        "Several settings change in one step, so nobody can say which of them helped. One at a time.",
        ("[failed, first, second, third, fourth]", "[failed, fourth]"),
    ),
    ("failed-left-out", "The list begins with the run as it was: FAILED.", ("[failed, first,", "[first,")),
    (
        "last-alone",
        "A single dict came back. Return the list of all steps.",
        ("[failed, first, second, third, fourth]", "fourth"),
    ),
    (
        "nothing-changed",
        "One step is the same as the one before it. Each changes one thing.",
        ("[failed, first, second,", "[failed, first, first, second,"),
    ),
    ("keys-missing", "A step holds the change alone. Copy the settings before: {**before, ...}.", ("{**first, ", "{")),
    (
        "same-dict",
        "One dict was changed again and again, so every step shows the last. Copy it: {**before, ...}.",
        ("[failed, first, second, third, fourth]", "[fourth] * 5"),
    ),
]:
    edit("rescue_steps", _name, _hint, *_changes)


@alternative("rescue_steps")
def rescue_with_a_higher_rate():
    settings = dict(inputs="raw", weight_scale=0.001, update_rule="sgd_momentum", learning_rate=0.001, reg=0.9)
    steps = [settings]
    for name, value in [("weight_scale", "he"), ("inputs", "scaled"), ("reg", 0.01), ("learning_rate", 0.01)]:
        settings = dict(settings)
        settings[name] = value
        steps.append(settings)
    return tuple(steps)
