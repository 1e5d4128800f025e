"""What `cs-layers train` runs: the preparations, the table, and that test images are never trained on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_layers import data, figures, training
from cs_layers.models import SimpleConvNet, TwoLayerNet


def digits_setting(**changes):
    """A setting that takes a second: the embedded digits, with a network behind the same preparations."""
    arguments = {
        "about": "TwoLayerNet, 32 hidden units",
        "load": data.load_digits,
        "make": training._two_layers(hidden_dim=32, reg=1e-3, num_components=40),
        "how": training._adam(3e-3, epochs=5, batch_size=50, lr_decay=0.9),
    }
    return training.Setting(**(arguments | changes))


@pytest.fixture
def digits(monkeypatch):
    monkeypatch.setattr(training, "SETTINGS", {"digits": digits_setting()})


def test_every_setting_is_run_with_every_seed_and_written_down_as_it_ends(digits, tmp_path):
    path = tmp_path / "runs.json"
    runs = training.train_all(["digits"], (0, 1), path)
    first = next(runs)
    assert figures.read([path]) == [first]
    (second,) = runs
    assert figures.read([path]) == [first, second]
    assert (first.seed, second.seed) == (0, 1)
    assert (first.training_images, first.validation_images) == (1297, 250)
    assert all(run.test_accuracy > 0.85 and run.seconds > 0 and run.processor_seconds > 0 for run in (first, second))


def test_the_embedded_digits_are_learned_in_seconds():
    _, _, run = training.train("digits-conv", verbose=False)
    assert run.test_accuracy > 0.95


def test_the_rate_rises_for_an_epoch_and_falls_to_zero():
    how = training._cycle("sgd", 0.5, epochs=3, batch_size=4)(10)
    rule, config, rates = how["update_rule"], {}, []
    for _ in range(9):
        w, config = rule(np.zeros(1), np.ones(1), config)
        rates.append(-w[0])
    assert how["num_epochs"] * 3 == len(rates)
    assert rates.index(max(rates)) == 2
    assert rates[0] == pytest.approx(0.5 / 3)
    assert rates[-1] < 0.02


def test_a_simple_conv_net_trains_as_its_own_gradient_says():
    net = SimpleConvNet((1, 8, 8), {"filter_num": 2, "filter_size": 3}, 4)
    X, y = np.random.default_rng(0).random((3, 1, 8, 8), dtype=np.float32), np.array([0, 1, 2])
    model = training.OfGradients(net)
    loss, grads = model.loss(X, y)
    assert loss == net.loss(X, y)
    np.testing.assert_array_equal(grads["W1"], net.gradient(X, y)["W1"])
    np.testing.assert_array_equal(model.loss(X), net.predict(X))


def test_probabilities_of_mirror_images_are_averaged():
    class Sees:
        """Certain of class 1 where the left pixel is bright, nearly undecided elsewhere."""

        def loss(self, X):
            return np.where(X[:, 0, 0, :1] > 0, [0.0, 9.0], [0.1, 0.0])

    X = np.array([[[[1.0, 0.0]]], [[[0.0, 1.0]]], [[[0.0, 0.0]]]])
    assert training.accuracy(Sees(), X, np.array([1, 1, 0])) == pytest.approx(2 / 3)
    assert training.accuracy(Sees(), X, np.array([1, 1, 0]), mirrored=True, batch_size=2) == 1


def test_a_seed_decides_the_result(digits):
    one, _, first = training.train("digits", seed=3, verbose=False)
    other, _, second = training.train("digits", seed=3, verbose=False)
    assert (first.test_accuracy, first.val_accuracy) == (second.test_accuracy, second.val_accuracy)
    np.testing.assert_array_equal(one.params["W1"], other.params["W1"])


def test_test_images_are_first_seen_when_training_is_over(monkeypatch):
    parts = data.load_digits()
    allowed = {image.tobytes() for name in ("X_train", "X_val") for image in parts[name].astype(np.float64)}
    make = training._two_layers(hidden_dim=8, reg=0.0)

    class Watched:
        def __init__(self, X, seed):
            self.model, self.over = make(X, seed), False
            self.params = self.model.params

        def loss(self, X, y=None):
            assert self.over or all(image.tobytes() in allowed for image in X)
            return self.model.loss(X, y)

    class Solver(training.Solver):
        def train(self):
            super().train()
            self.model.over = True

    monkeypatch.setattr(training, "Solver", Solver)
    monkeypatch.setattr(training, "SETTINGS", {"digits": digits_setting(make=Watched)})
    training.train("digits", verbose=False)


@given(pixels=st.integers(0, 3), flip=st.booleans(), seed=st.integers(0, 99))
def test_shifted_images_are_windows_of_the_padded_ones(pixels, flip, seed):
    X = np.random.default_rng(seed).random((3, 2, 5, 4))
    before = X.copy()
    out = training.shifted(pixels, flip)(X, np.random.default_rng(seed))
    np.testing.assert_array_equal(X, before)
    for image, moved in zip(X, out, strict=True):
        padded = np.pad(image, ((0, 0), (pixels, pixels), (pixels, pixels)), mode="edge")
        windows = [
            padded[:, top : top + 5, left : left + 4] for top in range(2 * pixels + 1) for left in range(2 * pixels + 1)
        ]
        windows += [window[:, :, ::-1] for window in windows] if flip else []
        assert any(np.array_equal(moved, window) for window in windows)


def test_half_of_the_images_are_mirrored():
    X = np.arange(4.0).reshape(1, 1, 1, 4).repeat(1000, axis=0)
    out = training.shifted(0, flip=True)(X, np.random.default_rng(0))
    assert 0.4 < np.mean(out[:, 0, 0, 0] == 3) < 0.6
    assert training.shifted(0)(X, np.random.default_rng(0)).tolist() == X.tolist()


def test_whitened_training_images_are_uncorrelated_and_alike_to_pca():
    X = np.random.default_rng(0).standard_normal((400, 1, 3, 4)) * np.arange(1, 5) + 7
    prepare = training.whitening(X, 6, eps=1e-9)
    white = prepare(X)
    np.testing.assert_allclose(white.T @ white / len(X), np.eye(6), atol=1e-6)
    np.testing.assert_allclose(white.mean(axis=0), 0, atol=1e-9)
    reference = data.PCA(6, whiten=True, eps=1e-9).fit(X).transform(X)
    np.testing.assert_allclose(np.abs(white), np.abs(reference), atol=1e-6)


def test_standardised_training_images_have_mean_zero_and_variance_one():
    X = np.random.default_rng(0).random((50, 3, 4, 4)).astype(np.float32)
    out = training.standardising(X)(X)
    assert out.dtype == np.float32
    np.testing.assert_allclose(out.mean(axis=0), 0, atol=1e-6)
    assert out.std() == pytest.approx(1, abs=1e-5)


def test_an_unknown_setting_is_named_before_any_training():
    for call in (training.train, lambda name: list(training.train_all(["digits-conv", name]))):
        with pytest.raises(ValueError, match="no setting 'imagenet'; there are digits-conv, mnist-5000-simple, "):
            call("imagenet")


def test_two_layers_learn_real_mnist_in_seconds(real_data):
    parts = data.get_MNIST_data(num_training=3000, num_validation=1000, num_test=2000)
    net = TwoLayerNet(784, 64, 10, "he", dtype=np.float32)
    solver = training.Solver(net, parts, "adam", {"learning_rate": 5e-3}, num_epochs=10, verbose=False)
    solver.train()
    assert solver.check_accuracy(parts["X_test"], parts["y_test"]) > 0.88


def test_a_convolution_learns_real_cifar10_in_seconds(real_data):
    parts = training._cifar10(num_training=500, num_validation=200)()
    net = training._convolution(num_filters=8, filter_size=3, hidden_dim=32, reg=0.1)(parts["X_train"], 0)
    solver = training.Solver(net, parts, "adam", {"learning_rate": 2e-3}, batch_size=50, num_epochs=6, verbose=False)
    solver.train()
    assert solver.check_accuracy(parts["X_test"][:1000], parts["y_test"][:1000]) > 0.25
