import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_layers.gradient_check import eval_numerical_gradient_array, rel_error
from cs_layers.layers import affine_backward, affine_forward

sizes = st.integers(1, 4)


@given(sizes, st.lists(sizes, min_size=1, max_size=3), sizes, st.data())
def test_agrees_with_the_loops_and_with_central_differences(reference, inputs, n, dims, m, data):
    x, w, b, dout = inputs.normal(n, (n, *dims), (int(np.prod(dims)), m), (m,), (n, m))
    x = inputs.in_layout(x, data.draw(inputs.layouts))
    w, dout = (inputs.in_layout(array, data.draw(inputs.layouts)) for array in (w, dout))
    out, cache = affine_forward(x, w, b)
    assert rel_error(out, reference.affine_forward(x, w, b)) < 1e-9
    grads = affine_backward(dout, cache)
    for grad, expected in zip(grads, reference.affine_backward(dout, x, w), strict=True):
        assert np.allclose(grad, expected, rtol=1e-10, atol=1e-12)
    for grad, which in zip(grads, range(3), strict=True):
        point = [np.array(x), np.array(w), np.array(b)]

        def forward(moved, which=which, point=point):
            return affine_forward(*point[:which], moved, *point[which + 1 :])[0]

        assert np.allclose(grad, eval_numerical_gradient_array(forward, point[which], dout), rtol=1e-6, atol=1e-8)


def test_an_example_by_hand():
    x, w, b = np.array([[1.0, 2.0]]), np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 3.0]]), np.array([0.5, 0.0, -1.0])
    out, cache = affine_forward(x, w, b)
    assert out.tolist() == [[1 * 1 + 2 * 0 + 0.5, 1 * 0 + 2 * 1, 1 * 2 + 2 * 3 - 1]]
    dx, dw, db = affine_backward(np.array([[1.0, 10.0, 100.0]]), cache)
    assert dx.tolist() == [[1 * 1 + 2 * 100, 1 * 10 + 3 * 100]]
    assert dw.tolist() == [[1, 10, 100], [2, 20, 200]]
    assert db.tolist() == [1, 10, 100]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_keeps_the_dtype(inputs, dtype):
    x, w, b, dout = inputs.normal(0, (3, 2, 2), (4, 5), (5,), (3, 5), dtype=dtype)
    out, cache = affine_forward(x, w, b)
    assert {array.dtype for array in (out, *affine_backward(dout, cache))} == {np.dtype(dtype)}


def test_integers_become_floats():
    out, _ = affine_forward(np.ones((2, 3), dtype=int), np.ones((3, 1), dtype=int), [1])
    assert out.dtype == np.float64
    assert out.tolist() == [[4], [4]]


@pytest.mark.parametrize(
    ("x", "w", "b", "error", "message"),
    [
        ((2, 3), (4, 5), (5,), ValueError, r"3 numbers an example, but w of shape \(4, 5\) takes 4"),
        ((2, 4), (4, 5), (1, 5), ValueError, r"b must have shape \(5,\)"),
        ((2, 4), (4, 5), (4,), ValueError, r"b must have shape \(5,\)"),
        ((2, 4), (4, 5, 1), (5,), ValueError, "w must have 2 axes"),
        ((4,), (4, 5), (5,), ValueError, "x must have a batch axis"),
        ((0, 4), (4, 5), (5,), ValueError, r"x is empty: its shape is \(0, 4\)"),
    ],
)
def test_shapes_that_do_not_fit(x, w, b, error, message):
    with pytest.raises(error, match=message):
        affine_forward(np.ones(x), np.ones(w), np.ones(b))


def test_text_is_no_number():
    with pytest.raises(TypeError, match="x must hold real numbers"):
        affine_forward(np.array([["a"]]), np.ones((1, 1)), np.ones(1))


def test_upstream_gradient_of_another_shape():
    _, cache = affine_forward(np.ones((2, 4)), np.ones((4, 5)), np.ones(5))
    with pytest.raises(ValueError, match=r"dout must have the shape of the layer's output, \(2, 5\); got \(1, 5\)"):
        affine_backward(np.ones((1, 5)), cache)
