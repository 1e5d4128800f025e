"""Every update rule against the formula written out for single numbers, and the promises that all rules keep."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cs_layers import optim

rules = pytest.mark.parametrize("rule", list(optim.RULES.values()), ids=list(optim.RULES))
numbers = st.floats(-5, 5, allow_subnormal=False)


def by_hand(name, w, gradients, rate=0.1):
    """The same steps on one Python float, each rule in its textbook form."""
    v = m = cache = 0.0
    for t, dw in enumerate(gradients, start=1):
        if name == "sgd":
            w -= rate * dw
        elif name == "sgd_momentum":
            v = 0.9 * v - rate * dw
            w += v
        elif name == "nesterov":
            old, v = v, 0.9 * v - rate * dw
            w += -0.9 * old + 1.9 * v
        elif name == "adagrad":
            cache += dw**2
            w -= rate * dw / (math.sqrt(cache) + 1e-8)
        elif name == "rmsprop":
            cache = 0.99 * cache + 0.01 * dw**2
            w -= rate * dw / (math.sqrt(cache) + 1e-8)
        elif name == "adam":
            m = 0.9 * m + 0.1 * dw
            v = 0.999 * v + 0.001 * dw**2
            w -= rate * (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return w


@rules
@given(start=numbers, gradients=st.lists(numbers, min_size=1, max_size=5))
def test_steps_equal_the_formula_by_hand(rule, start, gradients):
    w, config = np.array([[start]]), {"learning_rate": 0.1}
    for dw in gradients:
        w, config = rule(w, np.array([[dw]]), config)
    np.testing.assert_allclose(w[0, 0], by_hand(rule.__name__, start, gradients), rtol=1e-9, atol=1e-12)


def test_numbers_small_enough_to_follow():
    w, dw = np.array([1.0, 2.0]), np.array([10.0, -10.0])
    assert optim.sgd(w, dw, {"learning_rate": 0.1})[0].tolist() == [1 - 1, 2 + 1]
    first, config = optim.sgd_momentum(w, dw, {"learning_rate": 0.1, "momentum": 0.5})
    assert first.tolist() == [0, 3]
    second, config = optim.sgd_momentum(first, np.zeros(2), config)
    assert second.tolist() == [0 - 0.5, 3 + 0.5], "without a gradient, half of the velocity is left"
    # Adam's first step is the learning rate, whatever the size of the gradient: the bias correction sees to it.
    np.testing.assert_allclose(optim.adam(w, dw, {"learning_rate": 0.1})[0], [0.9, 2.1])


def test_defaults_are_cs231ns():
    w = np.zeros(1)
    assert optim.sgd(w, w)[1] == {"learning_rate": 1e-2}
    assert optim.sgd_momentum(w, w)[1] == {"learning_rate": 1e-2, "momentum": 0.9, "velocity": [0]}
    assert optim.rmsprop(w, w)[1] == {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": [0]}
    expected = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "m": [0], "v": [0], "t": 1}
    assert optim.adam(w, w)[1] == expected


@rules
@given(w=hnp.arrays(np.float64, hnp.array_shapes(max_dims=4, max_side=3), elements=numbers))
def test_rules_are_pure(rule, w):
    dw = np.sin(w) + 1
    _, before = rule(w, dw)
    w_copy, dw_copy = w.copy(), dw.copy()
    config_copy = {key: np.copy(value) for key, value in before.items()}
    next_w, after = rule(w, dw, before)
    np.testing.assert_array_equal(w, w_copy)
    np.testing.assert_array_equal(dw, dw_copy)
    assert after is not before
    assert not np.shares_memory(next_w, w)
    for key, value in before.items():
        np.testing.assert_array_equal(value, config_copy[key])
        if isinstance(value, np.ndarray):
            assert not np.shares_memory(value, after[key])


@rules
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("rate", [0.1, np.float64(0.1), np.float32(0.1)])
def test_the_dtype_stays(rule, dtype, rate):
    w, config = np.ones((2, 3), dtype), {"learning_rate": rate}
    for _ in range(3):
        w, config = rule(w, np.ones((2, 3)), config)
        assert w.dtype == dtype
        assert all(value.dtype == dtype for value in config.values() if isinstance(value, np.ndarray))


@rules
def test_every_rule_comes_down_a_bowl(rule):
    w, config = np.array([3.0, -2.0]), {"learning_rate": 0.05}
    for _ in range(400):
        w, config = rule(w, 2 * w, config)
    assert np.sum(w**2) < 13 / 2


@rules
def test_an_unknown_key_is_named_with_those_allowed(rule):
    with pytest.raises(ValueError, match=f"{rule.__name__}: .*'lr'.* knows learning_rate"):
        rule(np.ones(2), np.ones(2), {"lr": 0.1})


@rules
def test_a_wrong_shape_is_named(rule):
    with pytest.raises(ValueError, match=r"dw has shape \(1, 3\), but w has shape \(3,\)"):
        rule(np.ones(3), np.ones((1, 3)))


@pytest.mark.parametrize(
    ("rule", "config", "message"),
    [
        (optim.sgd, {"learning_rate": -1}, "learning_rate is -1, but must be a number 0 or more"),
        (optim.sgd, {"learning_rate": float("nan")}, "learning_rate is nan"),
        (optim.sgd, {"learning_rate": "fast"}, "learning_rate is 'fast'"),
        (optim.sgd, {"learning_rate": None}, "learning_rate is None"),
        (optim.sgd_momentum, {"momentum": 1.5}, "momentum is 1.5, but must be a number at least 0 and below 1"),
        (optim.sgd_momentum, {"velocity": np.zeros(2)}, r"velocity has shape \(2,\)"),
        (optim.rmsprop, {"decay_rate": 1}, "decay_rate is 1"),
        (optim.adagrad, {"epsilon": 0}, "epsilon is 0, but must be a number above 0"),
        (optim.adam, {"beta2": 1}, "beta2 is 1"),
        (optim.adam, {"t": -1}, "t is -1"),
        (optim.adam, {"t": 0.5}, "t is 0.5"),
        (optim.adam, [("t", 0)], "config is a list"),
    ],
)
def test_bad_settings_are_named(rule, config, message):
    with pytest.raises((ValueError, TypeError), match=message):
        rule(np.ones(3), np.ones(3), config)


def test_parameters_must_be_floating():
    with pytest.raises(TypeError, match="w has dtype int64"):
        optim.sgd(np.ones(3, np.int64), np.ones(3))
    with pytest.raises(TypeError, match="dw has dtype complex128"):
        optim.sgd(np.ones(3), np.ones(3, complex))
