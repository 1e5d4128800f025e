"""Right and wrong ways to write Adam, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain


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


for _target in ("adam",):
    edit(
        _target,
        "writes-w",
        "w itself was changed (w -= …), so that a step cannot be taken back. Make a new array: next_w = w − ….",
        ("    return next_w, config", "    w[...] = next_w\n    return w, config"),
        pure=True,
    )
