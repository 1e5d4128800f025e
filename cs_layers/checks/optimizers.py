"""Checks of the update rules: rule(w, dw, config=None) -> (next_w, config), several steps in a row.

What a rule is worth is the path of w. The state in config (velocity, cache, m, v, t) is the student's own business: each
step gets the config that the step before gave back. w may be updated in place (every step gets a copy, and advice says
so), but dw must be left alone. Defaults of missing keys, a momentum of 0.9 and so on, are tried too, for a config that has
nothing but the learning rate is how a Solver begins. Adam's equal forms differ in where epsilon stands, so no gradient is
so small that its place matters, except one that tells epsilon inside the root from outside it.
"""

from __future__ import annotations

import numpy as np

from .arrays import readonly
from .compare import compare
from .engine import Case, Outcome, Raised, Task, copy_of
from .known import alternative, edit, plain
from .report import ADVICE, Finding

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
            from .engine import unpack

            missing = unpack(result if result is not None else None, ("next_w", "config"))["next_w"]
            return Outcome({o: missing for o in case.expected})
        if not np.array_equal(grad, dw):
            values["~dw"] = True
        if not np.array_equal(before, w):
            advice = [
                Finding(ADVICE, "w", "is updated in place; a new array leaves the caller's parameters alone", "inplace")
            ]
        w, config = result
        path.append(copy_of(w))
        if not isinstance(w, np.ndarray):
            break
    for output, step in zip(case.expected, case.extra["steps"], strict=True):
        values[output] = path[min(step, len(path) - 1)]
    return Outcome(values, advice)


def _cases_of(rule, settings, special=None):
    """Cases from a reference `rule(w, dw, config)` (pure) and the configs that are tried."""

    def cases_of(rng):
        cases = []
        shapes = [(4, 5), (3,), (2, 3, 2), (1, 1)]
        for k, config in enumerate(settings):
            state = [v for v in (config or {}).values() if isinstance(v, np.ndarray)]
            w = rng.normal(size=state[0].shape if state else shapes[k % 4])
            gradients = [_away_from_zero(rng, w.shape) for _ in range(5)]
            cases.append(
                _case(
                    rule, w, gradients, config, set() if config else {"an empty config or None"}, len(config or {}) <= 1
                )
            )
        w = rng.normal(size=(3, 2))
        gradients = [readonly(_away_from_zero(rng, w.shape)) for _ in range(4)]
        cases.append(_case(rule, w, gradients, settings[0], {"read-only gradients"}, False))
        cases += special(rng) if special else []
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
    case = Case({"w": w, "config": config and dict(config)}, expected, frozenset(tags))
    case.extra = {"gradients": gradients, "steps": steps}
    case.plain = bool(config) and not tags - {"a config with the rate alone"}
    return case


def _moved(right, start, rtol):
    """Compare where w went, relative to how far it went: a small step that is wrong must not hide behind a large w."""
    distance = np.abs(right - start).max()
    floor = rtol * distance + 1e-13

    def judge(value):
        return compare(value, right, 0.0, floor)

    return judge


_OUTPUTS = ("w after step 1", "w after step 2", "w after the last step")
_PATTERNS = {
    "read-only gradients": ("writes-dw", "The function writes into dw. Work on a copy."),
    "a config with the rate alone": (
        "default-missing",
        "It fails just where config has the learning rate alone: set the missing keys with config.setdefault.",
    ),
    "an empty config or None": (
        "default-missing",
        "It fails just where config is None: begin with `if config is None: config = {}` and set the defaults.",
    ),
    "tiny gradients": (
        "epsilon-misplaced",
        "It fails just for tiny gradients: epsilon is added outside the root, sqrt(v) + epsilon.",
    ),
}


def _task(name, cases):
    return Task(
        name,
        _OUTPUTS,
        cases,
        _run,
        f"{name}(w, dw, config)",
        dict.fromkeys(_OUTPUTS, 1),
        read=_READ,
        patterns=_PATTERNS,
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
        return [_case(rule, w, gradients, config, {"tiny gradients"}, False, rtol=0.03)]

    return special


def _with_state(config, **state):
    """A config in the middle of training."""
    rng = np.random.default_rng(7)
    return {**config, **{k: rng.random((4, 5)) + 0.1 if v is None else v for k, v in state.items()}}


SGD = _task("sgd", _cases_of(_sgd, [{"learning_rate": 0.1}, {}, None, {"learning_rate": 1e-3}]))
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
        ]
        + [_with_state({"learning_rate": 0.02, "momentum": 0.8}, velocity=None)],
    ),
)
NESTEROV = _task(
    "nesterov", _cases_of(_nesterov, [{"learning_rate": 0.1}, {"learning_rate": 0.05, "momentum": 0.5}, {}, None])
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
        ]
        + [_with_state({"learning_rate": 0.02, "decay_rate": 0.8}, cache=None)],
        _tiny(_rmsprop, {"learning_rate": 0.1, "decay_rate": 0.9}),
    ),
)
ADAGRAD = _task(
    "adagrad",
    _cases_of(_adagrad, [{"learning_rate": 0.1}, {"learning_rate": 0.01}, {}], _tiny(_adagrad, {"learning_rate": 0.1})),
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
        ]
        + [_with_state({"learning_rate": 0.02, "beta1": 0.8, "beta2": 0.95}, m=None, v=None, t=4)],
        _tiny(_adam, {"learning_rate": 0.1, "beta2": 0.9}),
    ),
)


@plain("sgd")
def sgd(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    next_w = w - config["learning_rate"] * dw
    return next_w, config


edit("sgd", "ascent", "The step goes uphill. Subtract learning_rate · dw.", ("w - config", "w + config"))
edit("sgd", "no-rate", "The learning rate is missing.", ('config["learning_rate"] * dw', "dw"))
edit(
    "sgd",
    "rate-hard-coded",
    "The learning rate is hard-coded. Take config['learning_rate'].",
    ('w - config["learning_rate"]', "w - 1e-2"),
)
edit("sgd", "gradient-only", "The step came back, not the moved w.", ("w - config", "-config"))
edit("sgd", "unchanged", "w did not move.", ('w - config["learning_rate"] * dw', "w.copy()"))
edit(
    "sgd",
    "divided-by-rate",
    "dw was divided by the learning rate. Multiply.",
    ('config["learning_rate"] * dw', 'dw / config["learning_rate"]'),
)
edit("sgd", "sign-only", "Only the sign of dw was used.", ("* dw", "* np.sign(dw)"))
edit("sgd", "writes-dw", "dw itself was changed. Work on a copy.", ("    next_w", "    dw *= 1.5\n    next_w"))


@alternative("sgd")
def sgd_in_place(w, dw, config=None):
    config = config or {}
    w -= config.setdefault("learning_rate", 1e-2) * dw
    return w, config


@plain("sgd_momentum")
def sgd_momentum(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(w))
    v = config["momentum"] * v - config["learning_rate"] * dw
    next_w = w + v
    config["velocity"] = v
    return next_w, config


_V = 'config["momentum"] * v - config["learning_rate"] * dw'
edit(
    "sgd_momentum",
    "velocity-without-rate",
    "The learning rate is missing from the velocity: v = momentum · v − learning_rate · dw.",
    (_V, 'config["momentum"] * v - dw'),
)
edit(
    "sgd_momentum",
    "velocity-not-kept",
    "The velocity was not put back into config, so every step starts from rest.",
    ('    config["velocity"] = v\n', ""),
)
edit(
    "sgd_momentum",
    "ascent",
    "The step goes uphill: v = momentum · v − learning_rate · dw, then w + v.",
    ("w + v", "w - v"),
)
edit(
    "sgd_momentum",
    "velocity-adds-gradient",
    "The gradient is added to the velocity. Subtract it.",
    (_V, 'config["momentum"] * v + config["learning_rate"] * dw'),
)
edit("sgd_momentum", "no-momentum", "The old velocity is not used.", (_V, '-config["learning_rate"] * dw'))
edit(
    "sgd_momentum",
    "momentum-not-multiplied",
    "The old velocity is not multiplied with the momentum.",
    ('config["momentum"] * v', "v"),
)
edit(
    "sgd_momentum",
    "averaged",
    "The gradient was weighted with 1 − momentum. Here v = momentum · v − learning_rate · dw.",
    (_V, 'config["momentum"] * v - (1 - config["momentum"]) * config["learning_rate"] * dw'),
)
edit(
    "sgd_momentum",
    "momentum-hard-coded",
    "A momentum of 0.9 is hard-coded. Take config['momentum'].",
    ('config["momentum"] * v', "0.9 * v"),
)
edit(
    "sgd_momentum",
    "rate-hard-coded",
    "The learning rate is hard-coded. Take config['learning_rate'].",
    ('config["learning_rate"] * dw', "1e-2 * dw"),
)
edit(
    "sgd_momentum",
    "old-velocity-used",
    "w moved by the velocity of the step before. Move by the new one.",
    ('    v = config["momentum"]', '    old = v\n    v = config["momentum"]'),
    ("w + v", "w + old"),
)
edit(
    "sgd_momentum",
    "nesterov",
    "That is Nesterov's momentum. Plain momentum moves by v.",
    (_V, _V),
    ("w + v", 'w + config["momentum"] * v - config["learning_rate"] * dw'),
)
edit(
    "sgd_momentum",
    "rate-on-the-step",
    "The learning rate multiplies the whole velocity: v = momentum · v − learning_rate · dw, then w + v.",
    (_V, 'config["momentum"] * v - dw'),
    ("w + v", 'w + config["learning_rate"] * v'),
    ('config["velocity"] = v', 'config["velocity"] = config["learning_rate"] * v'),
)
edit(
    "sgd_momentum",
    "gradient-added-again",
    "The gradient is subtracted twice.",
    ("w + v", 'w + v - config["learning_rate"] * dw'),
)
edit(
    "sgd_momentum",
    "moved-w-kept-as-velocity",
    "w was kept as velocity.",
    ('config["velocity"] = v', 'config["velocity"] = next_w'),
)
edit("sgd_momentum", "unchanged", "w did not move.", ("w + v", "w.copy()"))
edit("sgd_momentum", "writes-dw", "dw itself was changed. Work on a copy.", ("    next_w", "    dw *= 1.5\n    next_w"))


@alternative("sgd_momentum")
def momentum_in_place(w, dw, config=None):
    config = {} if config is None else config
    mu, lr = config.setdefault("momentum", 0.9), config.setdefault("learning_rate", 1e-2)
    if "velocity" not in config:
        config["velocity"] = np.zeros(w.shape)
    config["velocity"] *= mu
    config["velocity"] -= lr * dw
    w += config["velocity"]
    return w, config


@alternative("sgd_momentum")
def momentum_positive_velocity(w, dw, config=None):
    config = dict(config or {})
    v = config.get("momentum", 0.9) * -config.get("velocity", np.zeros_like(w)) + config.get("learning_rate", 1e-2) * dw
    config["velocity"] = -v
    return w - v, config


@plain("nesterov")
def nesterov(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    old = config.get("velocity", np.zeros_like(w))
    v = config["momentum"] * old - config["learning_rate"] * dw
    next_w = w - config["momentum"] * old + (1 + config["momentum"]) * v
    config["velocity"] = v
    return next_w, config


edit(
    "nesterov",
    "plain-momentum",
    "That is plain momentum, w + v.",
    ('w - config["momentum"] * old + (1 + config["momentum"]) * v', "w + v"),
)
edit(
    "nesterov", "velocity-not-kept", "The velocity was not put back into config.", ('    config["velocity"] = v\n', "")
)
edit("nesterov", "old-term-missing", "− momentum · old velocity is missing.", (' - config["momentum"] * old +', " +"))
edit("nesterov", "old-term-added", "momentum · old velocity is subtracted.", ("w - config", "w + config"))
edit(
    "nesterov",
    "velocity-without-rate",
    "The learning rate is missing from the velocity.",
    ('config["learning_rate"] * dw', "dw"),
)
edit(
    "nesterov",
    "one-missing",
    "The new velocity counts 1 + momentum times.",
    ('(1 + config["momentum"])', 'config["momentum"]'),
)
edit(
    "nesterov",
    "momentum-hard-coded",
    "A momentum of 0.9 is hard-coded.",
    ('config["momentum"] * old - config', "0.9 * old - config"),
)
edit(
    "nesterov",
    "ascent",
    "The gradient is added to the velocity. Subtract it.",
    ('* old - config["learning', '* old + config["learning'),
)


@alternative("nesterov")
def nesterov_look_ahead(w, dw, config=None):
    config = dict(config or {})
    mu, lr = config.get("momentum", 0.9), config.get("learning_rate", 1e-2)
    v = mu * config.get("velocity", 0 * w) - lr * dw
    config["velocity"] = v
    return w + mu * v - lr * dw, config


_ROOT = '(np.sqrt({}) + config["epsilon"])'


@plain("rmsprop")
def rmsprop(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("decay_rate", 0.99)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("cache", np.zeros_like(w))
    cache = config["decay_rate"] * config["cache"] + (1 - config["decay_rate"]) * dw**2
    next_w = w - config["learning_rate"] * dw / (np.sqrt(cache) + config["epsilon"])
    config["cache"] = cache
    return next_w, config


@plain("adagrad")
def adagrad(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("cache", np.zeros_like(w))
    cache = config["cache"] + dw**2
    next_w = w - config["learning_rate"] * dw / (np.sqrt(cache) + config["epsilon"])
    config["cache"] = cache
    return next_w, config


_EPSILON = "epsilon stands inside the root. Add it outside: sqrt(cache) + epsilon."
for _target in ("rmsprop", "adagrad"):
    edit(_target, "epsilon-inside-root", _EPSILON, (_ROOT.format("cache"), 'np.sqrt(cache + config["epsilon"])'))
    edit(
        _target,
        "cache-not-kept",
        "The cache was not put back into config, so every step starts afresh.",
        ('    config["cache"] = cache\n', ""),
    )
    edit(
        _target,
        "old-cache-used",
        "The step divides by the cache of the step before. Divide by the new one.",
        (_ROOT.format("cache"), _ROOT.format('config["cache"]')),
    )
    edit(
        _target,
        "no-root",
        "The square root is missing: divide by sqrt(cache) + epsilon.",
        (_ROOT.format("cache"), '(cache + config["epsilon"])'),
    )
    edit(_target, "gradient-not-squared", "The cache sums squared gradients, dw**2.", ("dw**2", "np.abs(dw)"))
    edit(_target, "ascent", "The step goes uphill. Subtract it.", ("w - config", "w + config"))
    edit(_target, "no-rate", "The learning rate is missing from the step.", ('config["learning_rate"] * dw', "dw"))
    edit(
        _target,
        "rate-hard-coded",
        "The learning rate is hard-coded. Take config['learning_rate'].",
        ('config["learning_rate"] * dw', "1e-2 * dw"),
    )
    edit(
        _target,
        "gradient-missing-in-step",
        "dw is missing from the step.",
        ('config["learning_rate"] * dw /', 'config["learning_rate"] /'),
    )
    edit(
        _target,
        "writes-dw",
        "dw itself was changed. Work on a copy.",
        ("    next_w", "    dw *= 1.5\n    next_w"),
        ('config["learning_rate"] * dw', 'config["learning_rate"] * dw / 1.5'),
    )
edit(
    "rmsprop",
    "weights-swapped",
    "decay_rate weighs the old cache and 1 − decay_rate the new square; here they are swapped.",
    (
        'config["decay_rate"] * config["cache"] + (1 - config["decay_rate"]) * dw**2',
        '(1 - config["decay_rate"]) * config["cache"] + config["decay_rate"] * dw**2',
    ),
)
edit(
    "rmsprop",
    "adagrad",
    "The squares are summed without decay: that is AdaGrad.",
    ('config["decay_rate"] * config["cache"] + (1 - config["decay_rate"]) * dw**2', 'config["cache"] + dw**2'),
)
edit(
    "rmsprop",
    "new-square-not-weighted",
    "The new square is not multiplied with 1 − decay_rate.",
    ('(1 - config["decay_rate"]) * dw**2', "dw**2"),
)
edit(
    "rmsprop",
    "decay-hard-coded",
    "A decay_rate of 0.99 is hard-coded. Take config['decay_rate'].",
    ('config["decay_rate"] * config["cache"] + (1 - config["decay_rate"])', '0.99 * config["cache"] + (1 - 0.99)'),
)
edit("rmsprop", "old-cache-missing", "The old cache is not used.", ('config["decay_rate"] * config["cache"] + ', ""))
edit(
    "adagrad",
    "rmsprop",
    "The squares decay: that is RMSProp. AdaGrad sums them.",
    ('config["cache"] + dw**2', '0.99 * config["cache"] + 0.01 * dw**2'),
)


@alternative("rmsprop")
def rmsprop_in_place(w, dw, config=None):
    config = config if config is not None else {}
    lr, decay = config.get("learning_rate", 1e-2), config.get("decay_rate", 0.99)
    if config.get("cache") is None:
        config["cache"] = np.zeros_like(w)
    config["cache"] = decay * config["cache"] + (1 - decay) * np.square(dw)
    w += (
        -lr * dw / np.sqrt(config["cache"])
        if False
        else -lr * dw / (np.sqrt(config["cache"]) + config.get("epsilon", 1e-8))
    )
    return w, config


@alternative("adagrad")
def adagrad_in_place(w, dw, config=None):
    config = dict(config or {})
    config["cache"] = config.get("cache", 0) + dw * dw
    return w - config.get("learning_rate", 1e-2) / (config.get("epsilon", 1e-8) + config["cache"] ** 0.5) * dw, config


@plain("adam")
def adam(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-3)
    config.setdefault("beta1", 0.9)
    config.setdefault("beta2", 0.999)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("m", np.zeros_like(w))
    config.setdefault("v", np.zeros_like(w))
    config.setdefault("t", 0)
    beta1, beta2 = config["beta1"], config["beta2"]
    config["t"] += 1
    m = beta1 * config["m"] + (1 - beta1) * dw
    v = beta2 * config["v"] + (1 - beta2) * dw**2
    mt = m / (1 - beta1 ** config["t"])
    vt = v / (1 - beta2 ** config["t"])
    next_w = w - config["learning_rate"] * mt / (np.sqrt(vt) + config["epsilon"])
    config["m"], config["v"] = m, v
    return next_w, config


edit(
    "adam",
    "t-not-counted-first",
    "t was used before it was counted up: the first step has t = 1, so that 1 − beta**t is not 0.",
    ('    config["t"] += 1\n', ""),
    ('    config["m"], config["v"] = m, v\n', '    config["m"], config["v"] = m, v\n    config["t"] += 1\n'),
)
edit(
    "adam",
    "t-never-counted",
    "t is never counted up. Add 1 at each step, before it is used.",
    ('    config["t"] += 1\n', '    config["t"] = 1\n'),
)
edit(
    "adam",
    "t-stays-0",
    "t stays at 0, so the bias correction divides by 0. Add 1 at each step, before it is used.",
    ('    config["t"] += 1\n', ""),
)
edit(
    "adam",
    "t-counted-late",
    "t is one behind: it was counted up after it was used, from a start of 1.",
    ('    config["t"] += 1\n', ""),
    ('config["t"])\n    vt', 'max(config["t"], 1))\n    vt'),
    ('beta2 ** config["t"]', 'beta2 ** max(config["t"], 1)'),
    ('    config["m"], config["v"] = m, v\n', '    config["m"], config["v"] = m, v\n    config["t"] += 1\n'),
)
edit(
    "adam",
    "t-plus-one-too-many",
    "t is one ahead: it was counted up, and 1 was added again.",
    ('beta1 ** config["t"]', 'beta1 ** (config["t"] + 1)'),
    ('beta2 ** config["t"]', 'beta2 ** (config["t"] + 1)'),
)
edit(
    "adam",
    "no-bias-correction",
    "The bias correction is missing: divide m by 1 − beta1**t and v by 1 − beta2**t.",
    ('m / (1 - beta1 ** config["t"])', "m"),
    ('v / (1 - beta2 ** config["t"])', "v"),
)
edit("adam", "m-not-corrected", "m is not divided by 1 − beta1**t.", ('m / (1 - beta1 ** config["t"])', "m"))
edit("adam", "v-not-corrected", "v is not divided by 1 − beta2**t.", ('v / (1 - beta2 ** config["t"])', "v"))
edit(
    "adam",
    "multiplied-by-t",
    "The correction uses beta · t; it is beta**t.",
    ('beta1 ** config["t"]', 'beta1 * config["t"]'),
    ('beta2 ** config["t"]', 'beta2 * config["t"]'),
)
edit(
    "adam",
    "corrected-moments-kept",
    "The corrected m and v were kept in config. Keep the uncorrected ones.",
    ('config["v"] = m, v', 'config["v"] = mt, vt'),
)
edit(
    "adam",
    "corrected-m-kept",
    "The corrected m was kept in config. Keep the uncorrected one.",
    ('config["v"] = m, v', 'config["v"] = mt, v'),
)
edit(
    "adam", "moments-not-kept", "m and v were not put back into config.", ('    config["m"], config["v"] = m, v\n', "")
)
edit("adam", "m-not-kept", "m was not put back into config.", ('config["m"], config["v"] = m, v', 'config["v"] = v'))
edit("adam", "v-not-kept", "v was not put back into config.", ('config["m"], config["v"] = m, v', 'config["m"] = m'))
edit(
    "adam",
    "epsilon-inside-root",
    "epsilon stands inside the root. Add it outside: sqrt(v) + epsilon.",
    ('(np.sqrt(vt) + config["epsilon"])', 'np.sqrt(vt + config["epsilon"])'),
)
edit(
    "adam",
    "betas-swapped",
    "beta1 belongs to m and beta2 to v; here they are swapped.",
    ('beta1, beta2 = config["beta1"], config["beta2"]', 'beta2, beta1 = config["beta1"], config["beta2"]'),
)
edit(
    "adam",
    "beta1-for-v",
    "v decays with beta2, not beta1.",
    ('beta2 * config["v"] + (1 - beta2) * dw**2', 'beta1 * config["v"] + (1 - beta1) * dw**2'),
)
edit(
    "adam", "beta1-corrects-v", "v is corrected with beta2, not beta1.", ("1 - beta2 ** config", "1 - beta1 ** config")
)
edit("adam", "gradient-not-squared", "v averages squared gradients, dw**2.", ("dw**2", "dw"))
edit("adam", "no-root", "The square root is missing: divide by sqrt(v) + epsilon.", ("np.sqrt(vt)", "vt"))
edit("adam", "gradient-for-m", "The step uses dw where m belongs: that is RMSProp.", ("* mt /", "* dw /"))
edit("adam", "ascent", "The step goes uphill. Subtract it.", ("w - config", "w + config"))
edit("adam", "no-rate", "The learning rate is missing from the step.", ('config["learning_rate"] * mt', "mt"))
edit(
    "adam",
    "rate-hard-coded",
    "The learning rate is hard-coded. Take config['learning_rate'].",
    ('config["learning_rate"] * mt', "1e-3 * mt"),
)
edit(
    "adam",
    "betas-hard-coded",
    "beta1 and beta2 are hard-coded. Take them from config.",
    ('config["beta1"], config["beta2"]\n', "0.9, 0.999\n"),
)
edit("adam", "writes-dw", "dw itself was changed. Work on a copy.", ("    next_w", "    dw *= 1.5\n    next_w"))


@alternative("adam")
def adam_with_one_factor(w, dw, config=None):
    config = {} if config is None else config
    b1, b2, eps = config.get("beta1", 0.9), config.get("beta2", 0.999), config.get("epsilon", 1e-8)
    config["t"] = t = config.get("t", 0) + 1
    config["m"] = b1 * config.get("m", np.zeros_like(w)) + (1 - b1) * dw
    config["v"] = b2 * config.get("v", np.zeros_like(w)) + (1 - b2) * dw * dw
    rate = config.get("learning_rate", 1e-3) * np.sqrt(1 - b2**t) / (1 - b1**t)
    w -= rate * config["m"] / (np.sqrt(config["v"]) + eps)
    return w, config


@alternative("adam")
def adam_in_pieces(w, dw, config=None):
    config = dict(config or {})
    for key, value in {
        "learning_rate": 1e-3,
        "beta1": 0.9,
        "beta2": 0.999,
        "epsilon": 1e-8,
        "m": 0 * w,
        "v": 0 * w,
        "t": 0,
    }.items():
        config.setdefault(key, value)
    config["m"] = config["m"] + (1 - config["beta1"]) * (dw - config["m"])
    config["v"] = config["v"] + (1 - config["beta2"]) * (dw**2 - config["v"])
    config["t"] = config["t"] + 1
    m = config["m"] / (1 - np.power(config["beta1"], config["t"]))
    v = config["v"] / (1 - np.power(config["beta2"], config["t"]))
    return w - config["learning_rate"] * (m / (v**0.5 + config["epsilon"])), config
