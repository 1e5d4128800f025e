"""The sanity ladder: each rung holds for right models and fails for the fault that it looks for."""

import numpy as np
import pytest

from cs_layers import sanity
from cs_layers.data import load_digits, load_shapes32
from cs_layers.models import ThreeLayerConvNet, TwoLayerNet


@pytest.fixture(scope="module")
def digits():
    data = load_digits()
    return data["X_train"][:300], data["y_train"][:300]


def broken(change):
    """A TwoLayerNet whose (loss, grads) go through ``change(net, loss, grads, X)``."""

    class Broken(TwoLayerNet):
        def loss(self, X, y=None):
            result = super().loss(X, y)
            return result if y is None else change(self, *result, X)

    return Broken(64, 30, 10, weight_scale=0.01)


@pytest.mark.parametrize("weight_scale", [1e-3, 1e-2, 0.1, "he"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_right_network_climbs(digits, weight_scale, dtype):
    net = TwoLayerNet(64, 30, 10, weight_scale, reg=0.1, dtype=dtype)
    said = []
    ladder = sanity.climb(net, *digits, out=said.append)
    assert ladder, ladder
    assert [rung.name for rung in ladder] == [
        "loss at the start",
        "regularisation raises it",
        "gradients agree",
        "20 images overfit",
    ]
    assert said == [str(rung) for rung in ladder]
    assert max(map(len, str(ladder).splitlines())) <= 88


def test_a_convolutional_network_climbs():
    shapes = load_shapes32(60, 10, 10)
    X = shapes["X_train"] - shapes["X_train"].mean(axis=0)
    net = ThreeLayerConvNet(num_filters=4, filter_size=3, hidden_dim=20, weight_scale="he")
    assert sanity.climb(net, X, shapes["y_train"], out=lambda line: None)


def test_the_model_is_as_before(digits):
    net = TwoLayerNet(64, 30, 10, reg=0.3, dtype=np.float32)
    before = {name: (value, value.copy()) for name, value in net.params.items()}
    sanity.climb(net, *digits, out=lambda line: None)
    assert net.reg == 0.3
    assert net.dtype == np.float32
    for name, (array, values) in before.items():
        assert net.params[name] is array
        np.testing.assert_array_equal(array, values)


def test_a_model_of_ones_own_needs_params_and_loss_alone(digits):
    inner = TwoLayerNet(64, 30, 10)

    class Bare:
        params = inner.params

        def loss(self, X, y=None):
            inner.params = self.params
            return inner.loss(X, y)

    ladder = sanity.climb(Bare(), *digits, out=lambda line: None)
    assert ladder
    assert ladder[1].held is None
    assert "no attribute reg" in ladder[1].sentence


def test_a_summed_loss_fails_on_the_first_rung(digits):
    net = broken(lambda net, loss, grads, X: (loss * len(X), grads))
    ladder = sanity.climb(net, *digits, out=lambda line: None)
    assert not ladder
    assert len(ladder) == 1
    assert "a sum where it should be a mean" in ladder[0].sentence


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        (lambda net, loss, grads, X: (loss - net.reg * 0.25 * np.sum(net.params["W1"] ** 2), grads), "0.5"),
        (lambda net, loss, grads, X: (2.3, grads), "Is reg used?"),
    ],
)
def test_a_wrong_penalty_fails_on_the_second(digits, change, hint):
    rung = sanity.regularisation_raises(broken(change), *digits)
    assert rung.held is False
    assert hint in rung.sentence


@pytest.mark.parametrize("name", ["W1", "b1", "W2", "b2"])
def test_a_wrong_gradient_fails_on_the_third_and_is_named(digits, name):
    net = broken(lambda net, loss, grads, X: (loss, grads | {name: 1.001 * grads[name]}))
    rung = sanity.gradients_agree(net, *digits)
    assert rung.held is False
    assert rung.sentence.endswith(f"Wrong: {name}.")


def test_a_gradient_that_is_missing_or_of_another_shape_is_named(digits):
    without = broken(lambda net, loss, grads, X: (loss, {n: g for n, g in grads.items() if n != "b2"}))
    assert "no gradient for b2" in sanity.gradients_agree(without, *digits).sentence
    kept = broken(lambda net, loss, grads, X: (loss, grads | {"b1": grads["b1"][None]}))
    assert "has shape (1, 30), but b1 has shape (30,)" in sanity.gradients_agree(kept, *digits).sentence


def test_a_network_without_gradients_does_not_overfit(digits):
    net = broken(lambda net, loss, grads, X: (loss, {n: np.zeros_like(g) for n, g in grads.items()}))
    rung = sanity.overfits(net, *digits, steps=20)
    assert rung.held is False
    assert "Expected 100 %" in rung.sentence


def test_bad_input_is_told():
    with pytest.raises(TypeError, match=r"model\.params"):
        sanity.starts_at_ln_c(object(), np.zeros((2, 3)), np.zeros(2, int))
    with pytest.raises(ValueError, match="X has shape"):
        sanity.starts_at_ln_c(TwoLayerNet(3, 2, 2), np.zeros((2, 3)), np.zeros(3, int))
