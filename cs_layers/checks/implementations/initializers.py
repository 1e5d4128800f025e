"""Right and wrong ways to draw initial weights, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain


@plain("xavier")
def xavier(shape, seed=0):
    fan_in = shape[0] if len(shape) == 2 else shape[1] * shape[2] * shape[3]
    rng = np.random.default_rng(seed)
    return rng.standard_normal(shape) * np.sqrt(1 / fan_in)


@plain("he")
def he(shape, seed=0):
    fan_in = shape[0] if len(shape) == 2 else shape[1] * shape[2] * shape[3]
    rng = np.random.default_rng(seed)
    return rng.standard_normal(shape) * np.sqrt(2 / fan_in)


_FAN = "shape[0] if len(shape) == 2 else shape[1] * shape[2] * shape[3]"
for _target, _factor, _other in (("xavier", 1, 2), ("he", 2, 1)):
    _root, _draw = f"np.sqrt({_factor} / fan_in)", "rng.standard_normal(shape)"
    for _name, _hint, *_changes in [
        (
            "other-factor",
            f"The variance is {_other} / fan_in. Here it is {_factor} / fan_in"
            + (", because ReLU drops half of it." if _factor == 2 else "; the 2 is He's, for ReLU."),
            (_root, f"np.sqrt({_other} / fan_in)"),
        ),
        (
            "no-root",
            f"{_factor} / fan_in is the variance. Multiply by its square root.",
            (_root, f"{_factor} / fan_in"),
        ),
        ("not-scaled", "The numbers are not scaled: multiply by the standard deviation.", (f" * {_root}", "")),
        ("0.01", "The scale is 0.01 for every size. It depends on fan_in.", (_root, "0.01")),
        ("zeros", "All weights are 0, so all units stay alike. Draw them at random.", (_draw, "np.zeros(shape)")),
        ("ones", "All weights are alike, and so are all units. Draw them at random.", (_draw, "np.ones(shape)")),
        (
            "fan-out",
            "The scale is made from the number of outputs. It is the inputs that one unit adds up.",
            (_FAN, "shape[1] if len(shape) == 2 else shape[0] * shape[2] * shape[3]"),
        ),
        (
            "average-of-both",
            "fan_in and fan_out were averaged, as Glorot and Bengio do. Here it is fan_in alone.",
            (
                _FAN,
                "(shape[0] + shape[1]) / 2 if len(shape) == 2 else (shape[0] + shape[1]) * shape[2] * shape[3] / 2",
            ),
        ),
        (
            "filters-counted-as-inputs",
            "For filters fan_in is C · HH · WW, what one filter adds up; F is the number of filters.",
            (_FAN, "shape[0]"),
        ),
        (
            "channels-only",
            "For filters fan_in is C · HH · WW; here it is C alone.",
            (_FAN, "shape[0] if len(shape) == 2 else shape[1]"),
        ),
        (
            "window-only",
            "For filters fan_in is C · HH · WW; here the channels are missing.",
            (_FAN, "shape[0] if len(shape) == 2 else shape[2] * shape[3]"),
        ),
        (
            "uniform",
            "The weights are uniform. Draw them from a normal distribution.",
            (_draw, "rng.uniform(-np.sqrt(3), np.sqrt(3), shape)"),
        ),
        (
            "one-sided",
            "Every weight is positive. Draw from a normal distribution of mean 0.",
            (_draw, "rng.random(shape)"),
        ),
        ("seed-fixed", "The seed is hard-coded. Use the one given.", ("default_rng(seed)", "default_rng(0)")),
        ("seed-ignored", "The seed is not used, so no run can be repeated.", ("default_rng(seed)", "default_rng()")),
    ]:
        edit(_target, _name, _hint, *_changes)


@alternative("xavier")
def xavier_the_old_way(shape, seed=0):
    np.random.seed(seed)
    return np.random.randn(*shape) / np.sqrt(np.prod(shape[1:]) if len(shape) > 2 else shape[0])


@alternative("he")
def he_by_normal(shape, seed=0):
    fan_in = int(np.prod(shape)) // (shape[1] if len(shape) == 2 else shape[0])
    return np.random.default_rng(seed).normal(0.0, (2.0 / fan_in) ** 0.5, size=shape)
