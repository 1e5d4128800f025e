"""Checks of the update rules: rule(w, dw, config=None) -> (next_w, config), several steps in a row.

What a rule is worth is the path of w. The state in config (velocity, cache, m, v, t) is the student's own business:
each step gets the config that the step before gave back. w may be updated in place (every step gets a copy, and
advice says so) unless `pure=True` demands otherwise, but dw must be left alone. Defaults of missing keys, a momentum
of 0.9 and so on, are tried too, for a config that has nothing but the learning rate is how a Solver begins. Adam's
equal forms differ in where epsilon stands, so no gradient is so small that its place matters, except one that tells
epsilon inside the root from outside it. Adam's t is defensible in two readings, the number of steps made (from 0,
counted up before it is used) and the number of the coming step (from 1, counted up afterwards): from a fresh config
both walk the same path, and a config with t = 4 is right by either. From 1 and counted up before its use is neither:
the first step is then corrected as if it were the second.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .arrays import readonly
from .calls import Guard, Missing, Raised, copy_of, unpack
from .compare import agree, compare, describe
from .engine import Case, Outcome, Task
from .report import ADVICE, Cause, Finding

_READ = "04_optimizers"


def _run(functions, case, guard):
    """Walk through the steps; the outputs are w after the first step, after the second and after the last."""
    w, config = copy_of(case.args["w"]), copy_of(case.args["config"])
    path, advice, values = [], [], {}
    for dw in case.extra["gradients"]:
        before, grad = copy_of(w), copy_of(dw)
        result = guard(functions[0], w, grad, config)
        if isinstance(result, Raised):
            return Outcome({o: result for o in case.expected})
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            missing = unpack(result, ("next_w", "config"))["next_w"]
            return Outcome({o: missing for o in case.expected})
        if not _same(grad, dw):
            values["~dw"] = True
        changed = not _same(before, w)
        if changed and case.extra["pure"]:
            values["~w"] = True
        elif changed:
            advice = [
                Finding(ADVICE, "w", "is updated in place; a new array leaves the caller's parameters alone", "inplace")
            ]
        w, config = result
        if config is not None and not isinstance(config, dict):
            missing = Missing(f"returned {describe(config)} for config, expected (next_w, config) with the dict config")
            return Outcome({o: missing for o in case.expected})
        path.append(copy_of(w))
        if not isinstance(w, np.ndarray):
            break
    for output, step in zip(case.expected, case.extra["steps"], strict=True):
        values[output] = path[min(step, len(path) - 1)]
    return Outcome(values, advice)


def _same(before, after):
    """Whether an array is as it was; nan is where nan was."""
    floats = before.dtype.kind == after.dtype.kind == "f"
    return np.array_equal(before, after, equal_nan=floats)


def _cases_of(rule, settings, special=None):
    """Cases from a reference `rule(w, dw, config)` (pure) and the configs that are tried."""

    def cases_of(rng, pure=False):
        cases = []
        shapes = [(4, 5), (3,), (2, 3, 2), (1, 1)]
        for k, config in enumerate(settings):
            tags = {"an empty config or None"} if not config else set()
            state = [v for v in (config or {}).values() if isinstance(v, np.ndarray)]
            w = rng.normal(size=state[0].shape if state else shapes[k % 4])
            gradients = [_away_from_zero(rng, w.shape) for _ in range(5)]
            cases.append(_case(rule, w, gradients, config, tags, len(config or {}) <= 1))
        w = rng.normal(size=(3, 2))
        gradients = [readonly(_away_from_zero(rng, w.shape)) for _ in range(4)]
        cases.append(_case(rule, w, gradients, settings[0], {"read-only gradients"}, False))
        cases += special(rng) if special else []
        for case in cases:
            case.extra["pure"] = pure
        return cases

    return cases_of


def _away_from_zero(rng, shape):
    g = rng.normal(size=shape)
    return g + 0.5 * np.sign(g)


def _case(rule, w, gradients, config, tags, bare, rtol=1e-5):
    state, path, current = dict(config or {}), [], w
    for dw in gradients:
        current, state = rule(current, np.asarray(dw, float), state)
        path.append(current)
    steps = [0, 1, len(gradients) - 1]
    start, expected = w, {}
    for name, step in zip(_OUTPUTS, steps, strict=True):
        expected[name] = _moved(path[step], start, rtol)
    tags = tags | ({"a config with the rate alone"} if bare else set())
    absent = {f"no {key}" for key in _SETTINGS if key not in (config or {}) and rtol < 1e-3}
    absent |= {"config None"} if config is None else set()
    case = Case({"w": w, "config": config and dict(config)}, expected, frozenset(tags | absent))
    case.extra = {"gradients": gradients, "steps": steps}
    given = {k: v for k, v in (config or {}).items() if isinstance(v, np.ndarray) and k == "velocity"}
    case.parts = {_OUTPUTS[0]: {"w": w, "dw": np.asarray(gradients[0], float), **given}}
    case.plain = bool(config) and not tags - {"a config with the rate alone"}
    return case


def _moved(right, start, rtol):
    """Compare where w went, relative to how far it went: a small step that is wrong must not hide behind a large w."""
    distance = np.abs(right - start).max()
    floor = rtol * distance + 1e-13

    def judge(value):
        return compare(value, right, 0.0, floor)

    judge.expected = right
    return judge


_SETTINGS = ("learning_rate", "momentum", "decay_rate", "beta1", "beta2")
_OUTPUTS = ("w after step 1", "w after step 2", "w after the last step")


_PATTERNS = {
    "read-only gradients": ("writes-dw", "The function writes into dw. Work on a copy."),
    "config None": (
        "default-missing",
        "It fails just where config is None: begin with `if config is None: config = {}` and set the defaults.",
    ),
    "a gradient of exactly 0": (
        "epsilon-missing",
        "It fails just where a gradient is exactly 0: add epsilon to what is divided by.",
    ),
    "tiny gradients": (
        "epsilon-misplaced",
        "It fails just for tiny gradients: epsilon is added outside the root, sqrt(v) + epsilon.",
    ),
}


_KEYS = (*_SETTINGS, "velocity", "cache", "m", "v")


def _ignored_keys(run):
    """A probe of what no known mistake gives: does anything in config make no difference?"""
    if not run.functions:
        return []
    guard = Guard()
    for key in _KEYS:
        given = [i for i in run.wrong(_OUTPUTS[0]) if key in (run.cases[i].args["config"] or {})]
        if given and all(_same_without(run, i, key, guard) for i in given[:2]):
            hint = f"config[{key!r}] makes no difference. Is it read under another name, or is a number in its place?"
            return [Cause("setting-ignored", hint, run.task.read, _OUTPUTS[:1], certain=False)]
    return []


def _same_without(run, i, key, guard):
    """Whether the function goes the same way when config[key] holds something else."""
    case = run.cases[i]
    value = case.args["config"][key]
    other = replace(case, args={**case.args, "config": {**case.args["config"], key: 0.5 * value}})
    mine, theirs = run.outcomes[i].values, run.task.run(run.functions, other, guard).values
    return all(isinstance(mine.get(o), np.ndarray) and agree(mine[o], theirs.get(o)) for o in _OUTPUTS)


def _task(name, cases, **defaults):
    """The task of one rule; `defaults` are what keys that config lacks are set to."""
    patterns = {
        f"no {key}": (
            f"default-of-{key}",
            f"It fails just where config has no {key}: set it there, config.setdefault({key!r}, {value}).",
        )
        for key, value in defaults.items()
    }
    return Task(
        name,
        _OUTPUTS,
        cases,
        _run,
        f"{name}(w, dw, config)",
        dict.fromkeys(_OUTPUTS, 1),
        read=_READ,
        patterns=_PATTERNS | patterns,
        probes=(_ignored_keys,),
        options=("pure",),
    )


def _sgd(w, dw, config):
    return w - config.get("learning_rate", 1e-2) * dw, config


def _momentum(w, dw, config):
    v = config.get("momentum", 0.9) * config.get("velocity", np.zeros_like(w)) - config.get("learning_rate", 1e-2) * dw
    return w + v, {**config, "velocity": v}


def _nesterov(w, dw, config):
    old, mu = config.get("velocity", np.zeros_like(w)), config.get("momentum", 0.9)
    v = mu * old - config.get("learning_rate", 1e-2) * dw
    return w - mu * old + (1 + mu) * v, {**config, "velocity": v}


def _rmsprop(w, dw, config):
    decay = config.get("decay_rate", 0.99)
    cache = decay * config.get("cache", np.zeros_like(w)) + (1 - decay) * dw**2
    return w - config.get("learning_rate", 1e-2) * dw / (np.sqrt(cache) + config.get("epsilon", 1e-8)), {
        **config,
        "cache": cache,
    }


def _adagrad(w, dw, config):
    cache = config.get("cache", np.zeros_like(w)) + dw**2
    return w - config.get("learning_rate", 1e-2) * dw / (np.sqrt(cache) + config.get("epsilon", 1e-8)), {
        **config,
        "cache": cache,
    }


def _adam(w, dw, config):
    b1, b2 = config.get("beta1", 0.9), config.get("beta2", 0.999)
    t = config.get("t", 0) + 1
    m = b1 * config.get("m", np.zeros_like(w)) + (1 - b1) * dw
    v = b2 * config.get("v", np.zeros_like(w)) + (1 - b2) * dw**2
    step = (
        config.get("learning_rate", 1e-3) * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + config.get("epsilon", 1e-8))
    )
    return w - step, {**config, "m": m, "v": v, "t": t}


def _tiny(rule, config):
    def special(rng):
        w = 1e-3 * rng.normal(size=(3, 3))
        gradients = [3e-5 * np.sign(rng.normal(size=w.shape)) * (1 + rng.random(w.shape)) for _ in range(3)]
        still = [np.array([0.0, 1.5, -2.0]), np.array([0.0, -1.0, 0.7]), np.array([0.0, 0.6, 0.6])]
        return [
            _case(rule, w, gradients, config, {"tiny gradients"}, False, rtol=0.03),
            _case(rule, w[0], still, config, {"a gradient of exactly 0"}, False),
        ]

    return special


def _adam_special(rng):
    """Tiny gradients, and a config in the middle of training, whose t may be read in two ways."""
    config = _with_state({"learning_rate": 0.02, "beta1": 0.8, "beta2": 0.95}, m=None, v=None, t=4)
    w = rng.normal(size=(4, 5))
    gradients = [_away_from_zero(rng, w.shape) for _ in range(5)]
    steps_made = _case(_adam, w, gradients, config, {"t given"}, False)
    coming_step = _case(_adam, w, gradients, {**config, "t": 3}, set(), False)
    steps_made.expected = {
        name: _either(judge, coming_step.expected[name]) for name, judge in steps_made.expected.items()
    }
    return [steps_made, *_tiny(_adam, {"learning_rate": 0.1, "beta2": 0.9})(rng)]


def _either(first, second):
    def judge(value):
        wrong = first(value)
        return wrong and (None if second(value) is None else wrong)

    judge.expected = first.expected
    return judge


def _with_state(config, **state):
    """A config in the middle of training."""
    rng = np.random.default_rng(7)
    return {**config, **{k: rng.random((4, 5)) + 0.1 if v is None else v for k, v in state.items()}}


SGD = _task("sgd", _cases_of(_sgd, [{"learning_rate": 0.1}, {}, None, {"learning_rate": 1e-3}]), learning_rate="1e-2")


MOMENTUM = _task(
    "sgd_momentum",
    _cases_of(
        _momentum,
        [
            {"learning_rate": 0.1},
            {"learning_rate": 0.05, "momentum": 0.5},
            {"learning_rate": 0.01, "momentum": 0.95},
            {},
            None,
            _with_state({"learning_rate": 0.02, "momentum": 0.8}, velocity=None),
        ],
    ),
    learning_rate="1e-2",
    momentum=0.9,
)


NESTEROV = _task(
    "nesterov",
    _cases_of(_nesterov, [{"learning_rate": 0.1}, {"learning_rate": 0.05, "momentum": 0.5}, {}, None]),
    learning_rate="1e-2",
    momentum=0.9,
)


RMSPROP = _task(
    "rmsprop",
    _cases_of(
        _rmsprop,
        [
            {"learning_rate": 0.1},
            {"learning_rate": 0.05, "decay_rate": 0.9},
            {"learning_rate": 0.01, "decay_rate": 0.5},
            {},
            None,
            _with_state({"learning_rate": 0.02, "decay_rate": 0.8}, cache=None),
        ],
        _tiny(_rmsprop, {"learning_rate": 0.1, "decay_rate": 0.9}),
    ),
    learning_rate="1e-2",
    decay_rate=0.99,
)


ADAGRAD = _task(
    "adagrad",
    _cases_of(_adagrad, [{"learning_rate": 0.1}, {"learning_rate": 0.01}, {}], _tiny(_adagrad, {"learning_rate": 0.1})),
    learning_rate="1e-2",
)


ADAM = _task(
    "adam",
    _cases_of(
        _adam,
        [
            {"learning_rate": 0.1},
            {"learning_rate": 0.05, "beta1": 0.8, "beta2": 0.9},
            {"learning_rate": 0.01, "beta1": 0.5, "beta2": 0.99},
            {},
            None,
        ],
        _adam_special,
    ),
    learning_rate="1e-3",
    beta1=0.9,
    beta2=0.999,
)
