"""Ways in which people write these functions, right and wrong, that no listed implementation has quite so."""

import inspect

import numpy as np
import pytest

from cs_layers import checks


def mistake(name, called):
    return next(m for m in checks.mistakes(name) if m.name == called)


def changed(name, *changes):
    """The first right implementation of a function, changed like a mistake."""
    source = checks.alternatives(name)[0].source
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    space = {}
    exec("import numpy as np\n" + source, space)
    return space[name]


def causes(name, *functions):
    report = checks.report(name, *functions)
    assert report.faults
    return [cause.name for cause in report.causes], str(report.error())


def test_a_network_may_name_its_sizes_otherwise():
    net = checks.alternatives("TwoLayerNet")[0].function
    first, second, *others = [k for k in inspect.signature(net).parameters]
    assert second == "hidden_dim"

    class Net(net):
        def __init__(self, input_dim=12, hidden_dims=5, num_classes=3, weight_scale=1e-3, reg=0.0):
            super().__init__(
                **{first: input_dim, second: hidden_dims},
                **dict(zip(others, (num_classes, weight_scale, reg), strict=False)),
            )

    assert checks.report("TwoLayerNet", Net).faults == []


def test_biases_of_two_axes_are_named():
    net = checks.alternatives("TwoLayerNet")[0].function

    class Net(net):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.params["b1"] = self.params["b1"][None]

    assert "biases-of-two-axes" in causes("TwoLayerNet", Net)[0]


@pytest.mark.parametrize("prefix", ["batchnorm", "spatial_batchnorm", "layernorm"])
def test_a_backward_is_not_charged_for_its_forwards_default_eps(prefix):
    wrong = mistake(f"{prefix}_forward", "eps-1e-8-by-default")
    right = checks.alternatives(f"{prefix}_backward")[0]
    assert checks.report(f"{prefix}_backward", right.function, wrong.function).faults == []
    assert "eps-1e-8-by-default" in causes(f"{prefix}_forward", wrong.function)[0]


def test_a_backward_that_swaps_height_and_width_is_not_said_to_ignore_a_setting():
    right = checks.alternatives("spatial_batchnorm_backward")[0]

    def spatial_batchnorm_backward(dout, cache):
        dx, dgamma, dbeta = right.function(dout, cache)
        n, c, h, w = dx.shape
        return dx.transpose(0, 3, 2, 1).reshape(n, h, w, c).transpose(0, 3, 2, 1).reshape(n, c, h, w), dgamma, dbeta

    forward = (right.forward,) if right.forward else ()
    names, _ = causes("spatial_batchnorm_backward", spatial_batchnorm_backward, *forward)
    assert not {"eps-hard-coded", "momentum-hard-coded", "running-statistics-ignored"} & set(names)


def test_an_axis_kept_is_named_though_its_size_differs_from_input_to_input():
    right = checks.alternatives("affine_forward")[0].function

    def affine_forward(x, w, b):
        out, cache = right(x, w, b)
        return out[:, None], cache

    assert causes("affine_forward", affine_forward)[0] == ["axis kept"]


def test_too_many_windows_are_not_taken_for_payments_overwritten():
    names, text = causes("max_pool_forward_naive", mistake("max_pool_forward_naive", "loops-over-the-image").function)
    assert names == ["loops-over-the-image"]
    assert "+=" not in text


def test_an_update_that_returns_an_array_for_config_is_told_what_to_return():
    def sgd_momentum(w, dw, config=None):
        config = config or {"learning_rate": 1e-2, "momentum": 0.9}
        v = config["momentum"] * config.get("velocity", np.zeros_like(w)) - config["learning_rate"] * dw
        return w + v, v

    names, text = causes("sgd_momentum", sgd_momentum)
    assert names == ["wrong-return"]
    assert "expected (next_w, config)" in text


def test_a_given_velocity_turned_round_is_one_mistake():
    def sgd_momentum(w, dw, config=None):
        config = {} if config is None else config
        v = config.get("momentum", 0.9) * config.get("velocity", 0 * w) + config.get("learning_rate", 1e-2) * dw
        config["velocity"] = v
        return w - v, config

    assert causes("sgd_momentum", sgd_momentum)[0] == ["velocity-turned-round"]


def test_a_tuple_asked_for_a_name_is_no_float():
    right = checks.alternatives("max_pool_backward_naive")[0].function

    def max_pool_backward_naive(dout, cache):
        cache["x"]
        return right(dout, cache)

    names, text = causes("max_pool_backward_naive", max_pool_backward_naive)
    assert names == ["not-a-dict"]
    assert "//" not in text


def test_a_remark_on_the_inputs_covers_most_that_fail():
    right = checks.alternatives("affine_forward")[0].function

    def affine_forward(x, w, b):
        out, cache = right(x, w, b)
        return out + np.abs(w).max() * (1 + x.size % 7) / 3, cache

    assert "Every input with" not in causes("affine_forward", affine_forward)[1]


def test_all_of_a_networks_gradients_may_lack_regularization():
    last = {"TwoLayerNet": 2, "ThreeLayerConvNet": 3}
    for name, count in last.items():
        terms = [(f" + self.reg * W{k}", "") for k in range(1, count + 1)]
        names, _ = causes(name, changed(name, *terms))
        assert {f"grad-regularization-missing-for-W{k}" for k in range(1, count + 1)} <= set(names)


def test_a_mask_drawn_anew_in_the_backward_is_caught():
    right = checks.alternatives("dropout_forward")[0].function

    def dropout_forward(x, dropout_param):
        return right(x, {**{k: v for k, v in dropout_param.items() if k != "seed"}})

    def dropout_backward(dout, cache):
        param, mask = cache
        return dout if mask is None else dout * (np.random.rand(*dout.shape) < param["p"]) / param["p"]  # noqa: NPY002

    assert causes("dropout_backward", dropout_backward, dropout_forward)[0] == ["new-mask"]


def test_adam_may_begin_with_t_1_if_it_counts_afterwards():
    assert mistake("adam", "t-starts-at-1")
    late = changed(
        "adam",
        ('config.setdefault("t", 0)', 'config.setdefault("t", 1)'),
        ('    config["t"] += 1\n', ""),
        ('config["m"], config["v"] = m, v', 'config["m"], config["v"], config["t"] = m, v, config["t"] + 1'),
    )
    assert checks.report("adam", late).faults == []


def test_a_backward_behind_a_forward_that_raises_is_told_so():
    right = checks.alternatives("batchnorm_backward")[0].function

    def batchnorm_forward(x, gamma, beta, bn_param):
        return x, bn_param["no_such_key"]

    def batchnorm_backward(dout, cache):
        hat, gamma = cache
        return right(dout, (hat, hat, gamma, 0, 1, 0))

    names, text = causes("batchnorm_backward", batchnorm_backward, batchnorm_forward)
    assert names == ["forward-not-right"]
    assert "batchnorm_forward raises KeyError: 'no_such_key'" in " ".join(text.split())


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        (" + dmean / N", " + 3 * dmean / N", "mean-term-wrong"),
        ("dvar * 2 * (x - mean) / N", "dvar * 5 * (x - mean) / N", "variance-term-wrong"),
        ("dx = dx_hat / std", "dx = 3 * dx_hat / std", "direct-term-wrong"),
        ("return dx,", "return 3 * dx,", "scale-of-dx"),
        ("dx = dx_hat / std", "dx = dout**2 / std", "dx-does-not-sum-to-0"),
    ],
)
def test_an_unknown_dx_of_a_norm_is_taken_apart(old, new, name):
    assert causes("batchnorm_backward", changed("batchnorm_backward", (old, new)))[0] == [name]


def test_a_result_near_a_known_mistake_is_named():
    near = changed("rmsprop", ("np.sqrt(cache) + config", "cache**2 + 10 * config"))
    assert causes("rmsprop", near)[0] == ["square-for-root"]
