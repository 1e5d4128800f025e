"""Right and wrong ways to write RMSProp and AdaGrad, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain

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


for _target in ("rmsprop", "adagrad"):
    edit(
        _target,
        "writes-w",
        "w itself was changed (w -= …), so that a step cannot be taken back. Make a new array: next_w = w − ….",
        ("    return next_w, config", "    w[...] = next_w\n    return w, config"),
        pure=True,
    )
