"""Right and wrong ways to write the update rules, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, mistake, plain


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


for _name, _velocity, _step in (
    ("rate-outside-the-velocity", "- dw", 'w + config["learning_rate"] * v'),
    ("rate-outside-the-velocity-and-turned-round", "+ dw", 'w - config["learning_rate"] * v'),
):
    edit(
        "sgd_momentum",
        _name,
        "The learning rate multiplies the step, not the gradient in the velocity. From rest that is the same; from a "
        "given velocity, or when the rate changes, it is not: v = momentum · v − learning_rate · dw, then w + v.",
        (_V, f'config["momentum"] * v {_velocity}'),
        ("w + v", _step),
    )


edit(
    "sgd_momentum",
    "velocity-turned-round",
    "The velocity points uphill and is subtracted. From rest that is the same; a given velocity is turned round. Keep "
    "v = momentum · v − learning_rate · dw, then w + v.",
    (_V, 'config["momentum"] * v + config["learning_rate"] * dw'),
    ("w + v", "w - v"),
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


@mistake(
    "sgd_momentum",
    "velocity-kept-only-where-given",
    "A velocity that config does not hold yet is not put there, so every step starts afresh: config['velocity'] = v.",
)
def velocity_never_put_into_config(w, dw, config=None):
    config = {} if config is None else config
    v = config.get("velocity", np.zeros_like(w))
    v *= config.get("momentum", 0.9)
    v -= config.get("learning_rate", 1e-2) * dw
    return w + v, config


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
        "gradient-for-its-square",
        "The cache holds gradients, which may be negative. It sums squared gradients, dw**2.",
        ("dw**2", "dw"),
    )
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
    edit(
        _target,
        "square-for-root",
        "The step divides by the cache squared, where its square root belongs: sqrt(cache) + epsilon.",
        (_ROOT.format("cache"), '(cache**2 + config["epsilon"])'),
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


edit(
    "rmsprop",
    "decay-0.9-hard-coded",
    "A decay_rate of 0.9 is hard-coded, or read from a key of another name. Take config['decay_rate'].",
    ('config["decay_rate"] * config["cache"] + (1 - config["decay_rate"])', '0.9 * config["cache"] + (1 - 0.9)'),
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
    "t is not kept in config, so every step uses the same t. Add 1 at each step, before it is used.",
    ('    config["m"], config["v"] = m, v\n', '    config["m"], config["v"] = m, v\n    config["t"] -= 1\n'),
)
edit(
    "adam",
    "t-starts-at-1",
    "t starts at 1 and is counted up before it is used, so the first step has t = 2. Start from 0.",
    ('config.setdefault("t", 0)', 'config.setdefault("t", 1)'),
)


edit(
    "adam",
    "t-stays-1",
    "t starts at 1 and is never counted up. Start from 0 and add 1 at each step, before it is used.",
    ('config.setdefault("t", 0)', 'config.setdefault("t", 1)'),
    ('    config["t"] += 1\n', ""),
)


edit(
    "adam",
    "t-stays-0",
    "t stays at 0, so the bias correction divides by 0. Add 1 at each step, before it is used.",
    ('    config["t"] += 1\n', ""),
)


edit(
    "adam",
    "moments-under-other-names",
    "m and v are kept in config under names of their own, so those that config holds already are not used. The keys "
    "are 'm' and 'v'.",
    ('config["m"] +', 'config.get("first", 0) +'),
    ('config["v"] +', 'config.get("second", 0) +'),
    ('config["m"], config["v"] = m, v', 'config["first"], config["second"] = m, v'),
)
edit(
    "adam",
    "m-under-v",
    "m is kept in config under 'v', and v under a name of its own. Whoever hands over a config expects them under 'm' "
    "and 'v'.",
    ('config["m"] +', 'config["v"] +'),
    ('beta2 * config["v"]', 'beta2 * config.get("second", 0)'),
    ('config["m"], config["v"] = m, v', 'config["v"], config["second"] = m, v'),
)
edit(
    "adam",
    "t-not-taken-from-config",
    "t is counted under another name, or from 0 again, so the t that config holds already is not used. The key is 't'.",
    ('    config["t"] += 1\n', '    config["t"] = config["own"] = config.get("own", 0) + 1\n'),
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
    "m-multiplied-by-t",
    "m's correction uses beta1 · t; it is beta1**t.",
    ('beta1 ** config["t"]', 'beta1 * config["t"]'),
)


edit(
    "adam",
    "t-counted-twice",
    "t is counted up by 2 in each step. Add 1.",
    ('config["t"] += 1', 'config["t"] += 2'),
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
    "rate-0.01-hard-coded",
    "A learning rate of 0.01 is hard-coded, or read from a key of another name. Take config['learning_rate'].",
    ('config["learning_rate"] * mt', "1e-2 * mt"),
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
def adam_counting_from_1(w, dw, config=None):
    config = {} if config is None else config
    for key, value in (("learning_rate", 1e-3), ("beta1", 0.9), ("beta2", 0.999), ("epsilon", 1e-8), ("t", 1)):
        config.setdefault(key, value)
    m = config.get("m", np.zeros_like(w)) * config["beta1"] + (1 - config["beta1"]) * dw
    v = config.get("v", np.zeros_like(w)) * config["beta2"] + (1 - config["beta2"]) * (dw**2)
    m_unbias = m / (1 - config["beta1"] ** config["t"])
    v_unbias = v / (1 - config["beta2"] ** config["t"])
    config["m"], config["v"] = m, v
    config["t"] += 1
    return w - config["learning_rate"] * m_unbias / (np.sqrt(v_unbias) + config["epsilon"]), config


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


for _target in ("sgd", "sgd_momentum", "nesterov", "rmsprop", "adagrad", "adam"):
    edit(
        _target,
        "writes-w",
        "w itself was changed (w -= …), so that a step cannot be taken back. Make a new array: next_w = w − ….",
        ("    return next_w, config", "    w[...] = next_w\n    return w, config"),
        pure=True,
    )


edit(
    "sgd_momentum",
    "velocity-returned",
    "The velocity came back. Return the moved weights, w + v.",
    ("next_w = w + v", "next_w = v"),
)


edit(
    "sgd_momentum",
    "velocity-starts-at-1",
    "The velocity starts at ones. It starts at zeros: w has not moved yet.",
    ("np.zeros_like(w)", "np.ones_like(w)"),
)


for _name, _hint, _old, _new in [
    (
        "multiplied-by-the-root",
        "The step was multiplied by the root. Divide by it: dw / (sqrt(cache) + epsilon).",
        "dw / (np.sqrt(cache)",
        "dw * (np.sqrt(cache)",
    ),
    (
        "one-sum-of-squares",
        "The squares were summed over all entries. Each weight has its own cache: dw**2, entry by entry.",
        "dw**2",
        "np.sum(dw**2)",
    ),
    ("cache-starts-at-1", "The cache starts at ones. It starts at zeros.", "np.zeros_like(w)", "np.ones_like(w)"),
]:
    edit("rmsprop", _name, _hint, (_old, _new))


edit(
    "rmsprop",
    "decay-applied-twice",
    "dw**2 is weighed with 1 − decay_rate twice.",
    ('(1 - config["decay_rate"]) * dw**2', '(1 - config["decay_rate"]) ** 2 * dw**2'),
)


for _name, _hint, _old, _new in [
    (
        "weight-of-v-missing",
        "v = beta2 · v + (1 − beta2) · dw²: the weight of dw² is missing.",
        "(1 - beta2) * dw**2",
        "dw**2",
    ),
    (
        "weight-of-m-missing",
        "m = beta1 · m + (1 − beta1) · dw: the weight of dw is missing.",
        "(1 - beta1) * dw\n",
        "dw\n",
    ),
    (
        "m-in-the-root",
        "The step was divided by the size of m. Divide by the root of v.",
        "np.sqrt(vt)",
        "np.abs(mt)",
    ),
    (
        "m-squared-in-v",
        "v averages m². It averages squared gradients, dw**2.",
        "(1 - beta2) * dw**2",
        "(1 - beta2) * m**2",
    ),
    (
        "correction-multiplied",
        "m was multiplied with 1 − beta1**t. Divide by it.",
        "m / (1 - beta1",
        "m * (1 - beta1",
    ),
    (
        "correction-of-v-multiplied",
        "v was multiplied with 1 − beta2**t. Divide by it.",
        "v / (1 - beta2",
        "v * (1 - beta2",
    ),
    (
        "correction-without-root",
        "The rate was corrected with 1 − beta2**t. As a factor of the rate it is the root, sqrt(1 − beta2**t).",
        "(np.sqrt(vt)",
        "(np.sqrt(v) / (1 - beta2 ** config['t'])",
    ),
    (
        "epsilon-too-large",
        "epsilon is 1e-2 where config has none. Its default is 1e-8.",
        'config.setdefault("epsilon", 1e-8)',
        'config.setdefault("epsilon", 1e-2)',
    ),
]:
    edit("adam", _name, _hint, (_old, _new))
