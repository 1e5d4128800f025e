import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cs_layers.gradient_check import eval_numerical_gradient_array
from cs_layers.layers import max_pool_backward, max_pool_forward, mean_pool_backward, mean_pool_forward

KINDS = {"max": (max_pool_forward, max_pool_backward), "mean": (mean_pool_forward, mean_pool_backward)}
SQUARE = {"pool_height": 2, "pool_width": 2, "stride": 2}


@st.composite
def cases(draw, inputs):
    shape, (height, width), stride, pad = draw(inputs.images())
    assume(pad < min(height, width))
    (x,) = inputs.normal(draw(st.integers(0, 99)), shape)
    if draw(st.booleans()):
        x = x.round()  # ties
    return inputs.in_layout(x, draw(inputs.layouts)), (height, width, stride, pad)


def as_dict(height, width, stride, pad):
    required = {"pool_height": height, "pool_width": width, "stride": stride}
    return required | {"pad": pad} if pad else required


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150)
@given(data=st.data())
def test_agrees_with_the_loops(reference, inputs, kind, data):
    forward, backward = KINDS[kind]
    x, param = data.draw(cases(inputs))
    out, cache = forward(x, as_dict(*param))
    assert np.allclose(out, getattr(reference, f"{kind}_pool_forward")(x, *param), rtol=1e-12, atol=1e-12)
    (dout,) = inputs.normal(1, out.shape)
    dout = inputs.in_layout(dout, data.draw(inputs.layouts))
    dx = backward(dout, cache)
    assert dx.shape == x.shape
    assert np.allclose(dx, getattr(reference, f"{kind}_pool_backward")(dout, x, *param), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25)
@given(data=st.data())
def test_gradient_is_the_central_difference(inputs, kind, data):
    forward, backward = KINDS[kind]
    x, param = data.draw(cases(inputs))
    # Numbers far apart: none is near a tie, where the maximum has no derivative.
    x = np.random.default_rng(x.size).permutation(x.size).reshape(x.shape).astype(float)
    out, cache = forward(x, as_dict(*param))
    (dout,) = inputs.normal(1, out.shape)
    numerical = eval_numerical_gradient_array(lambda x: forward(x, as_dict(*param))[0], x, dout)
    assert np.allclose(backward(dout, cache), numerical, atol=1e-6)


def test_an_example_by_hand():
    x = np.array([[[[1.0, 2, 5, 6], [3, 4, 7, 8]]]])
    assert max_pool_forward(x, SQUARE)[0].tolist() == [[[[4, 8]]]]
    assert mean_pool_forward(x, SQUARE)[0].tolist() == [[[[(1 + 2 + 3 + 4) / 4, (5 + 6 + 7 + 8) / 4]]]]


def test_a_tie_pays_the_first_in_reading_order():
    _, cache = max_pool_forward(np.ones((1, 1, 2, 2)), SQUARE)
    assert max_pool_backward(np.full((1, 1, 1, 1), 3.0), cache).tolist() == [[[[3, 0], [0, 0]]]]


def test_overlapping_windows_add_up():
    x = np.array([[[[0.0, 9.0, 0.0]]]])
    _, cache = max_pool_forward(x, {"pool_height": 1, "pool_width": 2, "stride": 1})
    assert max_pool_backward(np.array([[[[1.0, 10.0]]]]), cache).tolist() == [[[[0, 11, 0]]]]


def test_padding_is_never_the_maximum_and_counts_as_zero_in_the_mean():
    x, padded = np.full((1, 1, 2, 2), -4.0), SQUARE | {"pad": 1}
    out, cache = max_pool_forward(x, padded)
    assert out.tolist() == [[[[-4, -4], [-4, -4]]]]
    assert max_pool_backward(np.ones((1, 1, 2, 2)), cache).tolist() == [[[[1, 1], [1, 1]]]]
    assert mean_pool_forward(x, padded)[0].tolist() == [[[[-1, -1], [-1, -1]]]]


def test_max_pooling_of_minus_infinity():
    x = np.full((1, 1, 2, 2), -np.inf)
    out, cache = max_pool_forward(x, SQUARE)
    assert out.tolist() == [[[[-np.inf]]]]
    assert max_pool_backward(np.ones((1, 1, 1, 1)), cache).sum() == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("pad", [0, 1])
def test_keeps_the_dtype(kind, dtype, pad):
    forward, backward = KINDS[kind]
    out, cache = forward(np.ones((2, 3, 4, 4), dtype=dtype), SQUARE | {"pad": pad})
    assert out.dtype == backward(np.ones(out.shape, dtype=dtype), cache).dtype == dtype


@pytest.mark.parametrize("kind", KINDS)
def test_what_comes_back_is_new(kind, inputs):
    forward, backward = KINDS[kind]
    x, dout = inputs.normal(0, (2, 3, 4, 4), (2, 3, 4, 4))
    param = {"pool_height": 1, "pool_width": 1, "stride": 1}
    out, cache = forward(x, param)
    dx = backward(dout, cache)
    assert not any(np.shares_memory(new, old) for new in (out, dx) for old in (x, dout))
    assert np.array_equal(out, x)
    assert np.array_equal(dx, dout)
    assert param == {"pool_height": 1, "pool_width": 1, "stride": 1}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("shape", "param", "error", "message"),
    [
        ((1, 1, 5, 4), SQUARE, ValueError, "Stride 2 does not fit along the height"),
        ((1, 1, 4, 5), SQUARE, ValueError, "Stride 2 does not fit along the width"),
        ((1, 1, 1, 4), SQUARE, ValueError, "window of height 2 does not fit"),
        ((1, 4, 4), SQUARE, ValueError, "x must have 4 axes"),
        ((0, 1, 4, 4), SQUARE, ValueError, "x is empty"),
        (
            (1, 1, 4, 4),
            SQUARE | {"pad": 2},
            ValueError,
            r"pool_param\['pad'\] must be smaller than the window, 2×2; got 2",
        ),
        ((1, 1, 4, 4), {"pool_height": 2, "stride": 2}, ValueError, "'pool_width' is missing"),
        ((1, 1, 4, 4), SQUARE | {"size": 2}, ValueError, "'size' is unknown"),
        ((1, 1, 4, 4), SQUARE | {"stride": 2.0}, TypeError, "must be an integer; got 2.0"),
        ((1, 1, 4, 4), None, TypeError, "pool_param must be a dict"),
    ],
)
def test_bad_input(kind, shape, param, error, message):
    with pytest.raises(error, match=message):
        KINDS[kind][0](np.ones(shape), param)


@pytest.mark.parametrize("kind", KINDS)
def test_upstream_gradient_of_another_shape(kind):
    forward, backward = KINDS[kind]
    _, cache = forward(np.ones((2, 1, 4, 4)), SQUARE)
    with pytest.raises(ValueError, match=r"\(2, 1, 2, 2\); got \(2, 1, 4, 4\)"):
        backward(np.ones((2, 1, 4, 4)), cache)
