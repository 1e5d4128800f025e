"""Right and wrong ways to write SGD, momentum and Nesterov momentum, as students write them."""

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


for _target in ("sgd", "sgd_momentum", "nesterov"):
    edit(
        _target,
        "writes-w",
        "w itself was changed (w -= …), so that a step cannot be taken back. Make a new array: next_w = w − ….",
        ("    return next_w, config", "    w[...] = next_w\n    return w, config"),
        pure=True,
    )
