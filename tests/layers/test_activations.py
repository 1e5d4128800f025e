import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cs_layers import layers
from cs_layers.gradient_check import eval_numerical_gradient_array
from cs_layers.layers import relu_backward, relu_forward

shapes = hnp.array_shapes(min_dims=1, max_dims=4, max_side=4)


@given(shapes, st.data())
def test_relu_keeps_what_is_positive(inputs, shape, data):
    x, dout = (inputs.in_layout(a, data.draw(inputs.layouts)) for a in inputs.normal(len(shape), shape, shape))
    out, cache = relu_forward(x)
    assert out.flatten().tolist() == [max(0.0, entry) for entry in x.flatten()]
    dx = relu_backward(dout, cache)
    assert np.allclose(dx, eval_numerical_gradient_array(lambda x: relu_forward(x)[0], np.array(x), dout))


def test_relu_has_no_gradient_at_zero():
    _, cache = relu_forward(np.array([-1.0, 0.0, -0.0, 2.0]))
    assert relu_backward(np.array([5.0, 6.0, 7.0, 8.0]), cache).tolist() == [0, 0, 0, 8]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_relu_keeps_the_dtype(dtype):
    out, cache = relu_forward(np.array([-1, 2], dtype=dtype))
    assert out.dtype == relu_backward(np.array([1, 1], dtype=dtype), cache).dtype == dtype


def test_relu_of_a_network_s_size_is_shared_out(inputs):
    for x in (inputs.normal(0, (64, 16, 32, 32))[0], inputs.normal(0, (32, 32, 16, 64))[0].transpose(3, 2, 0, 1)):
        out, cache = relu_forward(x)
        assert np.array_equal(out, x * (x > 0))
        assert np.array_equal(relu_backward(x[::-1], cache), x[::-1] * (x > 0))
        assert out.strides == x.strides


def test_relu_of_bad_input():
    with pytest.raises(TypeError, match="real numbers"):
        relu_forward(np.array(["a"]))
    with pytest.raises(ValueError, match="empty"):
        relu_forward(np.ones((0, 3)))
    _, cache = relu_forward(np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"\(2, 3\); got \(3,\)"):
        relu_backward(np.ones(3), cache)


GALLERY = ["relu", "sigmoid", "tanh", "leaky_relu", "elu"]


@pytest.mark.parametrize("name", GALLERY)
@given(shape=shapes, data=st.data())
def test_gradient_is_the_central_difference(inputs, name, shape, data):
    forward, backward = getattr(layers, f"{name}_forward"), getattr(layers, f"{name}_backward")
    x, dout = (inputs.in_layout(a, data.draw(inputs.layouts)) for a in inputs.normal(len(shape), shape, shape))
    out, cache = forward(x)
    dx = backward(dout, cache)
    assert out.shape == dx.shape == x.shape
    assert np.allclose(dx, eval_numerical_gradient_array(lambda x: forward(x)[0], np.array(x), dout), atol=1e-9)


@pytest.mark.parametrize("name", [*GALLERY, "maxout"])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_keeps_the_dtype(name, dtype):
    x = np.array([[[-1], [2]]], dtype=dtype)
    out, cache = getattr(layers, f"{name}_forward")(x)
    assert out.dtype == getattr(layers, f"{name}_backward")(np.ones(out.shape, dtype), cache).dtype == dtype


def test_values_by_hand():
    x = np.array([-np.log(3.0), 0.0, np.log(3.0)])
    assert np.allclose(layers.sigmoid_forward(x)[0], [0.25, 0.5, 0.75])
    assert np.allclose(layers.tanh_forward(x)[0], 2 * layers.sigmoid_forward(2 * x)[0] - 1)
    assert np.allclose(layers.leaky_relu_forward(np.array([-2.0, 3.0]))[0], [-0.02, 3])
    assert np.allclose(layers.elu_forward(x, alpha=3.0)[0], [3 * (1 / 3 - 1), 0, np.log(3)])


def test_the_sigmoid_neither_overflows_nor_loses_small_values():
    with np.errstate(over="raise"):
        out, cache = layers.sigmoid_forward(np.array([-1000.0, -40.0, 1000.0]))
    assert out.tolist() == [0, pytest.approx(np.exp(-40)), 1]
    assert layers.sigmoid_backward(np.ones(3), cache)[[0, 2]].tolist() == [0, 0]


def test_maxout_keeps_the_first_of_the_largest_pieces():
    x = np.array([[[1.0, 5.0], [4.0, 5.0], [2.0, 0.0]]])
    out, cache = layers.maxout_forward(x)
    assert out.tolist() == [[4, 5]]
    assert layers.maxout_backward(np.array([[7.0, 8.0]]), cache).tolist() == [[[0, 8], [7, 0], [0, 0]]]
    with pytest.raises(ValueError, match=r"x must have 3 axes \(N, K, D\)"):
        layers.maxout_forward(np.ones((2, 3)))


@pytest.mark.parametrize("name", GALLERY)
def test_a_single_number_is_an_array_too(name):
    out, cache = getattr(layers, f"{name}_forward")(3.0)
    assert np.shape(out) == np.shape(getattr(layers, f"{name}_backward")(1.0, cache)) == ()
