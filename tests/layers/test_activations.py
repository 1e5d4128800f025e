import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

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


def test_relu_of_bad_input():
    with pytest.raises(TypeError, match="real numbers"):
        relu_forward(np.array(["a"]))
    with pytest.raises(ValueError, match="empty"):
        relu_forward(np.ones((0, 3)))
    _, cache = relu_forward(np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"\(2, 3\); got \(3,\)"):
        relu_backward(np.ones(3), cache)
