"""What the checks hold to be right, against central differences and against the package's own layers."""

import numpy as np
import pytest

from cs_layers import checks, layers, optim
from cs_layers.checks import activations, affine, convolution, losses, normalization, optimizers, pooling
from cs_layers.checks.compare import Difference
from cs_layers.gradient_check import eval_numerical_gradient, eval_numerical_gradient_array

BACKWARDS = {
    "affine": affine.BACKWARD,
    "relu": activations.BACKWARD,
    "conv": convolution.BACKWARD,
    "max pool": pooling.MAX_BACKWARD,
    "mean pool": pooling.MEAN_BACKWARD,
    "batch norm": normalization.BATCH_BACKWARD,
    "spatial batch norm": normalization.SPATIAL_BACKWARD,
    "layer norm": normalization.LAYER_BACKWARD,
}
FORWARDS = {
    "affine": "affine_forward",
    "relu": "relu_forward",
    "conv": "conv_forward_naive",
    "max pool": "max_pool_forward_naive",
    "mean pool": "mean_pool_forward_naive",
    "batch norm": "batchnorm_forward",
    "spatial batch norm": "spatial_batchnorm_forward",
    "layer norm": "layernorm_forward",
}


@pytest.mark.parametrize("name", BACKWARDS)
def test_gradients_equal_central_differences(name):
    task, forward = BACKWARDS[name], checks.alternatives(FORWARDS[name])[0].function
    for case in task.cases(np.random.default_rng(5)):
        if "float32" in case.tags or "ties" in case.tags or "zeros in x" in case.tags or "large x" in case.tags:
            continue
        arrays = {n: np.array(v, dtype=float) for n, v in case.args.items() if isinstance(v, np.ndarray)}
        for grad, (n, value) in zip(task.outputs, arrays.items(), strict=False):

            def out(v, n=n, case=case, arrays=arrays):
                args = {k: v if k == n else arrays.get(k, a) for k, a in case.args.items()}
                return forward(*[dict(a) if isinstance(a, dict) else a for a in args.values()])[0]

            h = 1e-9 if "tiny values" in case.tags else 1e-5
            numeric = eval_numerical_gradient_array(out, value, case.extra["dout"], h=h)
            worst = np.abs(numeric - case.expected[grad]).max() / max(np.abs(numeric).max(), 1e-12)
            assert worst < 1e-5, (grad, case.tags)


@pytest.mark.parametrize("task", [losses.SOFTMAX_LOSS, losses.SVM_LOSS], ids=lambda t: t.name)
def test_loss_gradients_equal_central_differences(task):
    loss = checks.alternatives(task.name)[0].function
    for case in task.cases(np.random.default_rng(5)):
        x, y = np.array(case.args["x"], dtype=float), case.args["y"]
        if np.abs(x).max() > 100:
            continue
        numeric = eval_numerical_gradient(lambda v, y=y: loss(v, y)[0], x)
        assert np.abs(numeric - case.expected["dx"]).max() < 1e-6


def test_the_packages_own_layers_are_right(capsys):
    checks.affine_forward(layers.affine_forward)
    checks.affine_backward(layers.affine_backward, layers.affine_forward)
    checks.relu_forward(layers.relu_forward)
    checks.relu_backward(layers.relu_backward, layers.relu_forward, at_zero=0)
    checks.softmax_loss(layers.softmax_loss)
    checks.svm_loss(layers.svm_loss)
    checks.conv_forward(layers.conv_forward, must_fit=True)
    checks.conv_backward(layers.conv_backward, layers.conv_forward)
    checks.max_pool_forward(layers.max_pool_forward, must_fit=True, with_pad=True)
    checks.max_pool_backward(layers.max_pool_backward, layers.max_pool_forward, with_pad=True)
    checks.mean_pool_forward(layers.mean_pool_forward, must_fit=True, with_pad=True)
    checks.mean_pool_backward(layers.mean_pool_backward, layers.mean_pool_forward, with_pad=True)
    assert "right on" in capsys.readouterr().out


@pytest.mark.parametrize("rule", ["sgd", "sgd_momentum", "rmsprop", "adam", "adagrad", "nesterov"])
def test_the_packages_own_update_rules_are_right(rule):
    getattr(checks, rule)(getattr(optim, rule))


def test_adam_is_checked_against_its_paper_by_hand():
    w, dw = np.array([1.0]), np.array([0.5])
    moved, _ = optimizers._adam(w, dw, {"learning_rate": 0.1})
    assert moved[0] == pytest.approx(1.0 - 0.1 * 0.5 / (0.5 + 1e-8))


def test_convolution_by_hand():
    red = [[0, 0, 0, 0, 0], [0, 1, 1, 2, 2], [0, 1, 1, 1, 2]]
    green = [[0, 0, 0, 0, 0], [0, 0, 1, 2, 0], [0, 2, 2, 1, 1]]
    blue = [[0, 0, 0, 0, 0], [0, 2, 2, 0, 0], [0, 0, 0, 2, 1]]
    x = np.array([[red, green, blue]], dtype=float)
    w = np.array(
        [
            [[1, 1, 1], [-1, -1, 0], [-1, 1, 0]],
            [[-1, -1, 1], [-1, 1, 0], [-1, 1, 0]],
            [[1, 0, -1], [0, 0, 0], [1, -1, -1]],
        ],
        dtype=float,
    )
    out = convolution.reference_forward(x, w[None], np.array([1.0]), 2, 0)
    assert out[0, 0, 0].tolist() == [3, -5]


def test_a_tied_maximum_may_be_shared_but_not_paid_twice():
    x, dout = np.ones((1, 1, 2, 2)), np.array([[[[2.0]]]])
    judge = pooling._paid_once(x, dout, {"pool_height": 2, "pool_width": 2, "stride": 2})
    assert judge(np.full(x.shape, 0.5)) is None
    assert judge(np.array([[[[0.0, 2.0], [0.0, 0.0]]]])) is None
    assert isinstance(judge(np.full(x.shape, 2.0)), Difference)
    assert isinstance(judge(np.array([[[[3.0, -1.0], [0.0, 0.0]]]])), Difference)
