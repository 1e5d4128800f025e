"""The ready-made networks: shapes, gradients, the size of the first loss, files."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs_layers.gradient_check import eval_numerical_gradient, rel_error
from cs_layers.models import SimpleConvNet, ThreeLayerConvNet, TwoLayerNet, TwoStageConvNet


def small_two_layer(**changes):
    return TwoLayerNet(**({"input_dim": 12, "hidden_dim": 7, "num_classes": 4, "weight_scale": 0.3} | changes))


def small_conv(**changes):
    shape = {"input_dim": (2, 4, 6), "num_filters": 3, "filter_size": 3, "hidden_dim": 5, "num_classes": 4}
    return ThreeLayerConvNet(**(shape | {"weight_scale": 0.3, "dtype": np.float64} | changes))


def small_two_stage(**changes):
    """Without dropout: what holds of a network that is the same in training and after."""
    shape = {"input_dim": (2, 4, 8), "num_filters": (3, 4), "filter_size": 3, "hidden_dim": 5, "num_classes": 4}
    return TwoStageConvNet(**(shape | {"keep": (1, 1, 1), "weight_scale": 0.3, "dtype": np.float64} | changes))


def batch(model, size=5, seed=1):
    rng = np.random.default_rng(seed)
    row = (model.input_dim,) if isinstance(model, TwoLayerNet) else model.input_dim
    return rng.standard_normal((size, *row)), rng.integers(0, 4, size)


every = pytest.mark.parametrize(
    "make", [small_two_layer, small_conv, small_two_stage], ids=["TwoLayerNet", "ThreeLayerConvNet", "TwoStageConvNet"]
)


def test_scores_of_two_layers_by_hand():
    model = small_two_layer(input_dim=2, hidden_dim=2, num_classes=2)
    model.params.update(
        W1=np.array([[1.0, -1], [2, 0]]), b1=np.array([0.5, 0]), W2=np.array([[1.0, 2], [3, 4]]), b2=np.ones(2)
    )
    # hidden = relu([1·1 + 1·2 + 0.5, -1·1 + 0]) = [3.5, 0]; scores = [3.5·1 + 1, 3.5·2 + 1]
    assert model.loss(np.array([[1.0, 1.0]])).tolist() == [[4.5, 8.0]]


def test_the_shapes_of_cs231ns_defaults():
    two, conv = TwoLayerNet(), ThreeLayerConvNet()
    assert {name: value.shape for name, value in two.params.items()} == {
        "W1": (3072, 100), "b1": (100,), "W2": (100, 10), "b2": (10,),
    }  # fmt: skip
    assert {name: value.shape for name, value in conv.params.items()} == {
        "W1": (32, 3, 7, 7), "b1": (32,), "W2": (32 * 16 * 16, 100), "b2": (100,), "W3": (100, 10), "b3": (10,),
    }  # fmt: skip
    assert two.params["W1"].dtype == np.float64
    assert conv.params["W1"].dtype == np.float32
    assert abs(two.params["W1"].std() / 1e-3 - 1) < 0.02
    assert not two.params["b1"].any()
    assert conv.loss(np.zeros((2, 3, 32, 32))).shape == (2, 10)


@every
@pytest.mark.parametrize("reg", [0.0, 0.7])
def test_gradients_against_central_differences(make, reg):
    model = make(reg=reg)
    X, y = batch(model)
    for name in model.params:
        if name.startswith("b"):
            model.params[name] += 0.1 * np.arange(len(model.params[name]))
    _, grads = model.loss(X, y)
    assert grads.keys() == model.params.keys()
    for name, value in model.params.items():
        numerical = eval_numerical_gradient(lambda _: model.loss(X, y)[0], value)
        assert rel_error(numerical, grads[name]) < 1e-5, name


@every
def test_the_first_loss_is_the_log_of_the_number_of_classes_and_regularisation_raises_it(make):
    X, y = batch(make(), size=50)
    loss = make(weight_scale=1e-3).loss(X, y)[0]
    assert loss == pytest.approx(math.log(4), abs=1e-2)
    plain, model = make().loss(X, y)[0], make(reg=0.5)
    squares = sum(np.sum(value**2) for name, value in model.params.items() if name.startswith("W"))
    assert model.loss(X, y)[0] == pytest.approx(plain + 0.5 * 0.5 * squares)


@every
def test_he_initialisation_keeps_the_size_of_the_scores(make):
    wide = {"hidden_dim": 400, "num_classes": 300, "weight_scale": "he"}
    model = make(**wide)
    X, _ = batch(model, size=200)
    weights = {name: value for name, value in model.params.items() if name.startswith("W")}
    for name, value in weights.items():
        fan_in = value[0].size if value.ndim == 4 else len(value)
        assert value.std() == pytest.approx(math.sqrt(2 / fan_in), rel=0.25), name
    assert 0.5 < model.loss(X).std() < 3


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_everything_stays_in_the_networks_dtype(make, dtype):
    model = make(dtype=dtype, reg=0.1)
    X, y = batch(model)
    assert model.loss(X).dtype == dtype
    loss, grads = model.loss(X, y)
    assert isinstance(loss, float)
    assert all(grad.dtype == dtype and grad.shape == model.params[name].shape for name, grad in grads.items())


@every
def test_loss_changes_nothing(make):
    model = make(reg=0.1)
    X, y = batch(model)
    before = {name: value.copy() for name, value in model.params.items()} | {"X": X.copy(), "y": y.copy()}
    first, second = model.loss(X, y), model.loss(X, y)
    for name, value in (model.params | {"X": X, "y": y}).items():
        np.testing.assert_array_equal(value, before[name])
    assert first[0] == second[0]


@every
def test_the_seed_decides_the_weights_and_the_global_generator_does_not_matter(make):
    np.random.seed(1)  # noqa: NPY002
    one, other = make(seed=3), make(seed=4)
    np.random.seed(2)  # noqa: NPY002
    again = make(seed=3)
    np.testing.assert_array_equal(one.params["W1"], again.params["W1"])
    assert (one.params["W1"] != other.params["W1"]).any()


@every
@given(size=st.integers(1, 12), batch_size=st.integers(1, 12))
@settings(max_examples=20)
def test_predictions_do_not_depend_on_the_batch_size(make, size, batch_size):
    model = make()
    X, _ = batch(model, size)
    np.testing.assert_array_equal(model.predict(X, batch_size), model.loss(X).argmax(axis=1))
    np.testing.assert_allclose(model.scores(X, batch_size), model.loss(X))


def test_two_layers_flatten_images():
    model = small_two_layer()
    X, _ = batch(model)
    np.testing.assert_array_equal(model.loss(X.reshape(5, 3, 2, 2)), model.loss(X))


@every
def test_saved_parameters_come_back(make, tmp_path):
    model, other = make(seed=1), make(seed=2)
    path = model.save_params(tmp_path / "net")
    assert path == tmp_path / "net.npz"
    other.load_params(path)
    for name, value in model.params.items():
        np.testing.assert_array_equal(other.params[name], value)
        assert not np.shares_memory(other.params[name], value)
    with np.load(path, allow_pickle=False) as file:
        assert set(file.files) == set(model.params)


@every
def test_parameters_of_another_network_are_refused_and_change_nothing(make, tmp_path):
    path = make(hidden_dim=9).save_params(tmp_path / "wide.npz")
    model = make()
    before = model.params["W2"].copy()
    with pytest.raises(ValueError, match=r"wide\.npz holds the parameters .*, but this network has"):
        model.load_params(path)
    np.testing.assert_array_equal(model.params["W2"], before)


@every
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hidden_dim": 0}, "hidden_dim is 0, but must be an integer of 1 or more"),
        ({"num_classes": 2.5}, "num_classes is 2.5"),
        ({"weight_scale": "xavier"}, "weight_scale is 'xavier', but must be a number of 0 or more, or 'he'"),
        ({"weight_scale": -1}, "weight_scale is -1"),
        ({"reg": -1}, "reg is -1, but must be a finite number of 0 or more"),
        ({"dtype": np.int64}, "dtype is int64"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_bad_settings_are_named(make, change, message):
    with pytest.raises((ValueError, TypeError), match=message):
        make(**change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"filter_size": 4}, "filter_size is 4, but must be odd"),
        ({"input_dim": (3, 5, 4)}, "H and W must be even"),
        ({"input_dim": 3072}, r"input_dim is 3072, but must be \(C, H, W\)"),
        ({"input_dim": (3, 0, 4)}, "input_dim's H is 0"),
    ],
)
def test_bad_image_shapes_are_named(change, message):
    with pytest.raises(ValueError, match=message):
        small_conv(**change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"filter_size": 2}, "filter_size is 2, but must be odd"),
        ({"input_dim": (3, 8, 6)}, "H and W must be multiples of 4"),
        ({"num_filters": 32}, "num_filters is 32, but must be 2 numbers"),
        ({"num_filters": (32, 0)}, r"num_filters\[1\] is 0, but must be an integer of 1 or more"),
        ({"keep": (0.5, 0.5)}, r"keep is \(0.5, 0.5\), but must be 3 numbers"),
        ({"keep": (0.5, 0, 0.5)}, r"keep\[1\] is 0, but must be a finite number above 0"),
        ({"keep": (0.5, 0.5, 1.5)}, r"keep\[2\] is 1.5, but must be a probability, at most 1"),
    ],
)
def test_bad_settings_of_two_stages_are_named(change, message):
    with pytest.raises(ValueError, match=message):
        small_two_stage(**change)


def test_bad_batches_are_named():
    with pytest.raises(
        ValueError, match=r"X has shape \(5, 11\), but this network takes \(N, \.\.\.\) with 12 numbers"
    ):
        small_two_layer().loss(np.ones((5, 11)))
    with pytest.raises(ValueError, match=r"X has shape \(5, 4, 6, 2\), but this network takes \(N, 2, 4, 6\)"):
        small_conv().loss(np.ones((5, 4, 6, 2)))
    with pytest.raises(ValueError, match=r"X has shape \(0, 12\)"):
        small_two_layer().loss(np.ones((0, 12)))
    with pytest.raises(TypeError, match="X has dtype"):
        small_two_layer().loss(np.full((1, 12), "a"))
    with pytest.raises(ValueError, match="0 to 3"):
        small_two_layer().loss(np.ones((1, 12)), np.array([4]))


def test_the_shapes_of_two_stages():
    assert {name: value.shape for name, value in TwoStageConvNet().params.items()} == {
        "W1": (32, 3, 3, 3), "b1": (32,), "W2": (64, 32, 3, 3), "b2": (64,),
        "W3": (64 * 8 * 8, 512), "b3": (512,), "W4": (512, 10), "b4": (10,),
    }  # fmt: skip


def test_gradients_through_dropout_are_central_differences_of_the_same_masks():
    model = small_two_stage(keep=(0.6, 0.7, 0.5), reg=0.3)
    X, y = batch(model)

    def loss():
        model.rng = np.random.default_rng(8)
        return model.loss(X, y)

    _, grads = loss()
    for name, value in model.params.items():
        numerical = eval_numerical_gradient(lambda _: loss()[0], value)
        assert rel_error(numerical, grads[name]) < 1e-5, name


def test_dropout_changes_the_loss_from_call_to_call_and_never_the_scores():
    model, again = (small_two_stage(keep=(1, 1, 0.5), seed=3) for _ in range(2))
    X, y = batch(model)
    losses = [model.loss(X, y)[0] for _ in range(3)]
    assert len(set(losses)) == 3
    np.testing.assert_array_equal(model.loss(X), again.loss(X))
    assert [again.loss(X, y)[0] for _ in range(3)] == losses
    np.testing.assert_array_equal(small_two_stage(seed=3).loss(X), model.loss(X))


def test_dropout_leaves_the_expected_scores_where_they_are():
    model = small_two_stage(keep=(1, 1, 0.25), num_classes=2)
    X, _ = batch(model, 1)
    model.params["W4"][:, 0] = 0
    (_, score), zero = model.loss(X)[0], np.zeros(1, int)
    # The loss of label 0 is log(1 + exp(score of label 1)), which brings back the score that each mask made.
    scores = [math.log(math.expm1(model.loss(X, zero)[0])) for _ in range(4000)]
    assert np.std(scores) > 0.5 * abs(score) > 0
    assert np.mean(scores) == pytest.approx(score, rel=0.1)


def simple(**changes):
    conv = {"filter_num": 3, "filter_size": 3, "pad": 0, "stride": 1}
    return SimpleConvNet((2, 6, 8), conv, 7, 4, **({"weight_init_std": 0.3, "dtype": np.float64} | changes))


def test_simple_conv_net_has_gradients_that_are_central_differences():
    net, rng = simple(), np.random.default_rng(4)
    x, t = rng.standard_normal((5, 2, 6, 8)), rng.integers(0, 4, 5)
    assert net.predict(x).shape == (5, 4)
    for name, grad in net.gradient(x, np.eye(4)[t]).items():
        assert rel_error(grad, eval_numerical_gradient(lambda _: net.loss(x, t), net.params[name])) < 1e-5, name


def test_simple_conv_net_is_the_three_layer_net_in_other_words():
    rng = np.random.default_rng(5)
    x, t = rng.standard_normal((5, 2, 4, 6)), rng.integers(0, 4, 5)
    other = SimpleConvNet((2, 4, 6), {"filter_num": 3, "filter_size": 3, "pad": 1}, 5, 4, dtype=np.float64)
    model = small_conv()
    other.params.update(model.params)
    loss, grads = model.loss(x, t)
    assert other.loss(x, t) == pytest.approx(loss)
    assert all(np.allclose(other.gradient(x, t)[name], grads[name]) for name in grads)


def test_simple_conv_net_learns_by_hand_counts_every_image_and_comes_back_from_a_file(tmp_path):
    net, rng = simple(), np.random.default_rng(6)
    x, t = rng.standard_normal((7, 2, 6, 8)), rng.integers(0, 4, 7)
    for _ in range(60):
        for name, grad in net.gradient(x, t).items():
            net.params[name] -= 0.3 * grad
    assert net.accuracy(x, t, batch_size=3) == 1
    assert net.accuracy(x, (t + 1) % 4, batch_size=3) == 0
    again = simple(seed=1)
    again.load_params(net.save_params(tmp_path / "net"))
    assert np.array_equal(again.predict(x), net.predict(x))


def test_simple_conv_net_says_what_does_not_fit():
    with pytest.raises(ValueError, match="makes 5×7, but 2×2 pooling needs even numbers"):
        SimpleConvNet((2, 6, 8), {"filter_num": 3, "filter_size": 2})
    with pytest.raises(ValueError, match="conv_param has the key 'filters'"):
        SimpleConvNet(conv_param={"filters": 3})
