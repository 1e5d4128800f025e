import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs_layers.gradient_check import eval_numerical_gradient_array
from cs_layers.layers import conv_backward, conv_backward_fast, conv_forward, conv_forward_fast


@st.composite
def cases(draw, inputs):
    (N, C, H, W), (HH, WW), stride, pad = draw(inputs.images())
    F = draw(st.integers(1, 3))
    x, w, b = inputs.normal(draw(st.integers(0, 99)), (N, C, H, W), (F, C, HH, WW), (F,))
    x, w = (inputs.in_layout(array, draw(inputs.layouts)) for array in (x, w))
    return x, w, b, stride, pad


@settings(max_examples=150)
@given(data=st.data())
def test_agrees_with_the_loops(reference, inputs, data):
    x, w, b, stride, pad = data.draw(cases(inputs))
    out, cache = conv_forward(x, w, b, {"stride": stride, "pad": pad})
    assert np.allclose(out, reference.conv_forward(x, w, b, stride, pad), rtol=1e-10, atol=1e-12)
    (dout,) = inputs.normal(1, out.shape)
    dout = inputs.in_layout(dout, data.draw(inputs.layouts))
    expected = reference.conv_backward(dout, x, w, stride, pad)
    for grad, expected_grad in zip(conv_backward(dout, cache), expected, strict=True):
        assert grad.shape == expected_grad.shape
        assert np.allclose(grad, expected_grad, rtol=1e-10, atol=1e-12)


@settings(max_examples=20)
@given(data=st.data())
def test_gradients_are_central_differences(inputs, data):
    x, w, b, stride, pad = data.draw(cases(inputs))
    point, conv_param = [np.array(x), np.array(w), np.array(b)], {"stride": stride, "pad": pad}
    out, cache = conv_forward(*point, conv_param)
    (dout,) = inputs.normal(2, out.shape)
    for which, grad in enumerate(conv_backward(dout, cache)):

        def forward(moved, which=which):
            return conv_forward(*point[:which], moved, *point[which + 1 :], conv_param)[0]

        assert np.allclose(grad, eval_numerical_gradient_array(forward, point[which], dout), rtol=1e-6, atol=1e-7)


def test_the_example_by_hand():
    """Stride 2, pad 1, one filter of 3×3×3, bias 1: the first two outputs of the top row are 3 and −5."""
    channels = ["00000/01122/01112", "00000/00120/02211", "00000/02200/00021"]
    padded = np.array([[[float(digit) for digit in row] for row in rows.split("/")] for rows in channels])
    w = np.array(
        [
            [[1, 1, 1], [-1, -1, 0], [-1, 1, 0]],
            [[-1, -1, 1], [-1, 1, 0], [-1, 1, 0]],
            [[1, 0, -1], [0, 0, 0], [1, -1, -1]],
        ],
        dtype=float,
    )
    # What lies below and to the right of these windows does not reach them, so it can be zero.
    x = np.zeros((1, 3, 5, 5))
    x[0, :, :2, :4] = padded[:, 1:, 1:]
    out, _ = conv_forward(x, w[np.newaxis], np.array([1.0]), {"stride": 2, "pad": 1})
    assert out[0, 0, 0, :2].tolist() == [3, -5]


def test_one_window_by_hand():
    x = np.arange(1.0, 5.0).reshape(1, 1, 2, 2)
    out, cache = conv_forward(x, 10 * x, np.array([0.5]), {"stride": 1, "pad": 0})
    assert out.tolist() == [[[[1 * 10 + 2 * 20 + 3 * 30 + 4 * 40 + 0.5]]]]
    dx, dw, db = conv_backward(np.full((1, 1, 1, 1), 2.0), cache)
    assert dx.tolist() == (2 * 10 * x).tolist()
    assert dw.tolist() == (2 * x).tolist()
    assert db.tolist() == [2]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_keeps_the_dtype(inputs, dtype):
    x, w, b, dout = inputs.normal(0, (2, 3, 4, 4), (5, 3, 3, 3), (5,), (2, 5, 4, 4), dtype=dtype)
    out, cache = conv_forward(x, w, b, {"stride": 1, "pad": 1})
    assert {array.dtype for array in (out, *conv_backward(dout, cache))} == {np.dtype(dtype)}


def test_what_comes_back_is_new_and_the_arguments_are_as_they_were(inputs):
    x, w, b, dout = inputs.normal(0, (2, 3, 4, 4), (5, 3, 1, 1), (5,), (2, 5, 4, 4))
    conv_param = {"stride": 1, "pad": 0}
    out, cache = conv_forward(x, w, b, conv_param)
    grads = conv_backward(dout, cache)
    assert conv_param == {"stride": 1, "pad": 0}
    assert not any(np.shares_memory(new, old) for new in (out, *grads) for old in (x, w, b, dout))
    # A second call leaves the first one's results alone: no buffer is handed out twice.
    kept = [array.copy() for array in (out, *grads)]
    conv_backward(-dout, conv_forward(-x, w, b, conv_param)[1])
    assert all(np.array_equal(a, b) for a, b in zip((out, *grads), kept, strict=True))


def test_the_fast_names_are_the_same_functions():
    assert conv_forward_fast is conv_forward
    assert conv_backward_fast is conv_backward


GOOD = {"stride": 1, "pad": 0}


@pytest.mark.parametrize(
    ("x", "w", "b", "conv_param", "error", "message"),
    [
        ((1, 3, 4, 4), (2, 1, 3, 3), (2,), GOOD, ValueError, r"has 3 channels; w of shape \(2, 1, 3, 3\) takes 1"),
        ((1, 3, 4, 4), (2, 3, 3, 3), (3,), GOOD, ValueError, r"b must have shape \(2,\), one number for each filter"),
        ((3, 4, 4), (2, 3, 3, 3), (2,), GOOD, ValueError, r"x must have 4 axes \(N, C, H, W\)"),
        ((1, 3, 4, 4), (3, 3, 3), (2,), GOOD, ValueError, "w must have 4 axes"),
        ((0, 3, 4, 4), (2, 3, 3, 3), (2,), GOOD, ValueError, "x is empty"),
        (
            (1, 3, 4, 4),
            (2, 3, 3, 3),
            (2,),
            {"stride": 2, "pad": 0},
            ValueError,
            "Stride 2 does not fit along the height",
        ),
        (
            (1, 3, 3, 4),
            (2, 3, 3, 3),
            (2,),
            {"stride": 2, "pad": 0},
            ValueError,
            "Stride 2 does not fit along the width",
        ),
        ((1, 3, 4, 4), (2, 3, 5, 3), (2,), GOOD, ValueError, "window of height 5 does not fit"),
        ((1, 3, 4, 4), (2, 3, 3, 3), (2,), {"stride": 1}, ValueError, "'pad' is missing"),
        ((1, 3, 4, 4), (2, 3, 3, 3), (2,), GOOD | {"padding": 1}, ValueError, "'padding' is unknown"),
        (
            (1, 3, 4, 4),
            (2, 3, 3, 3),
            (2,),
            {"stride": 0, "pad": 0},
            ValueError,
            r"conv_param\['stride'\] must be at least 1",
        ),
        ((1, 3, 4, 4), (2, 3, 3, 3), (2,), {"stride": 1, "pad": -1}, ValueError, "must be at least 0; got -1"),
        ((1, 3, 4, 4), (2, 3, 3, 3), (2,), {"stride": 1, "pad": 0.5}, TypeError, "must be an integer; got 0.5"),
        ((1, 3, 4, 4), (2, 3, 3, 3), (2,), {"stride": True, "pad": 0}, TypeError, "must be an integer; got True"),
        (
            (1, 3, 4, 4),
            (2, 3, 3, 3),
            (2,),
            (1, 0),
            TypeError,
            "conv_param must be a dict with the keys 'stride', 'pad'",
        ),
    ],
)
def test_bad_input(x, w, b, conv_param, error, message):
    with pytest.raises(error, match=message):
        conv_forward(np.ones(x), np.ones(w), np.ones(b), conv_param)


def test_upstream_gradient_of_another_shape():
    _, cache = conv_forward(np.ones((2, 1, 3, 3)), np.ones((4, 1, 3, 3)), np.ones(4), GOOD)
    with pytest.raises(ValueError, match=r"\(2, 4, 1, 1\); got \(2, 4\)"):
        conv_backward(np.ones((2, 4)), cache)
