import numpy as np
import pytest

from cs_layers.gradient_check import eval_numerical_gradient_array, rel_error
from cs_layers.layers.classes import Affine, Convolution, Pooling, Relu, SoftmaxWithLoss


def arrays(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


def made(name):
    """A layer of each kind and an input for it."""
    x, W, V, b = arrays(3, (2, 3, 4, 6), (5, 3, 3, 3), (72, 5), (5,))
    return {
        "relu": (Relu(), x),
        "affine": (Affine(V, b), x),
        "convolution": (Convolution(W, b, stride=1, pad=1), x),
        "pooling": (Pooling(2, 2), x),
    }[name]


@pytest.mark.parametrize("name", ["relu", "affine", "convolution", "pooling"])
def test_gradients_are_central_differences(name):
    layer, x = made(name)
    out = layer.forward(x)
    (dout,) = arrays(4, out.shape)
    dx = layer.backward(dout)
    assert rel_error(dx, eval_numerical_gradient_array(lambda _: layer.forward(x), x, dout)) < 1e-6
    for parameter in ("W", "b") if hasattr(layer, "dW") else ():
        numerical = eval_numerical_gradient_array(lambda _: layer.forward(x), getattr(layer, parameter), dout)
        assert rel_error(getattr(layer, f"d{parameter}"), numerical) < 1e-6


@pytest.mark.parametrize("one_hot", [False, True])
def test_softmax_with_loss_takes_labels_in_both_forms(one_hot):
    (x,) = arrays(5, (4, 3))
    t = np.array([0, 2, 1, 1])
    last = SoftmaxWithLoss()
    loss = last.forward(x, np.eye(3)[t] if one_hot else t)
    assert loss == last.loss == pytest.approx(-np.log(last.y[np.arange(4), t]).mean())
    assert np.allclose(last.backward(), (last.y - np.eye(3)[t]) / 4)
    assert np.allclose(last.backward(2), 2 * last.backward())


def test_rows_that_are_not_one_hot_are_refused():
    with pytest.raises(ValueError, match="must be one-hot"):
        SoftmaxWithLoss().forward(np.ones((2, 3)), np.ones((2, 3)))


def test_backward_before_forward_says_so():
    with pytest.raises(ValueError, match=r"Relu.backward was called before forward"):
        Relu().backward(np.ones(3))


def test_two_layers_keep_apart_what_they_need():
    first, second = Relu(), Relu()
    first.forward(np.array([1.0, -1.0]))
    second.forward(np.array([-1.0, 1.0]))
    assert first.backward(np.ones(2)).tolist() == [1, 0]
