import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cs_layers import layers

POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}


def step_by_step(forwards, x, w, b, *params):
    """The same layers one after another: the output, and a function from dout to (dx, dw, db)."""
    caches = []
    first, *rest = forwards
    extra = list(params)
    out, cache = getattr(layers, f"{first}_forward")(x, w, b, *([extra.pop(0)] if first == "conv" else []))
    caches.append(cache)
    for name in rest:
        out, cache = getattr(layers, f"{name}_forward")(out, *([extra.pop(0)] if "pool" in name else []))
        caches.append(cache)

    def backward(dout):
        for name, cache in reversed(list(zip(forwards, caches, strict=True))):
            dout = getattr(layers, f"{name}_backward")(dout, cache)
        return dout

    return out, backward


def check_equal(name, forwards, args, dtype):
    out, cache = getattr(layers, f"{name}_forward")(*args)
    expected, backward = step_by_step(forwards, *args)
    assert out.dtype == dtype
    # Joining the layers changes the order in which they work, not one bit of what comes out.
    assert np.array_equal(out, expected)
    dout = np.random.default_rng(1).normal(size=out.shape).astype(dtype)
    dout.flags.writeable = False
    for grad, expected_grad in zip(getattr(layers, f"{name}_backward")(dout, cache), backward(dout), strict=True):
        assert grad.dtype == dtype
        assert np.allclose(grad, expected_grad, rtol=1e-5 if dtype == np.float32 else 1e-12, atol=1e-5)


@settings(max_examples=30)
@given(data=st.data())
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_convolutions(inputs, dtype, data):
    (N, C, H, W), (HH, WW), stride, pad = data.draw(inputs.images())
    x, w, b = inputs.normal(data.draw(st.integers(0, 9)), (N, C, H, W), (4, C, HH, WW), (4,), dtype=dtype)
    x = inputs.in_layout(x, data.draw(inputs.layouts))
    conv_param = {"stride": stride, "pad": pad}
    check_equal("conv_relu", ["conv", "relu"], (x, w, b, conv_param), dtype)
    out_height = (H + 2 * pad - HH) // stride + 1
    pool_param = {"pool_height": data.draw(st.integers(1, out_height)), "pool_width": 1, "stride": 1}
    check_equal("conv_relu_pool", ["conv", "relu", "max_pool"], (x, w, b, conv_param, pool_param), dtype)


@settings(max_examples=40)
@given(data=st.data())
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_pools_side_by_side(inputs, dtype, data):
    """Windows of every size that lie side by side: then the convolution's own output is never made."""
    size, stride, pad = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3)), data.draw(st.integers(0, 2))
    HH, WW = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    rows, columns = (size * data.draw(st.integers(1, 3)) for _ in "HW")
    H, W = (rows - 1) * stride + HH - 2 * pad, (columns - 1) * stride + WW - 2 * pad
    assume(H > 0 and W > 0)
    x, w, b = inputs.normal(data.draw(st.integers(0, 9)), (3, 2, H, W), (4, 2, HH, WW), (4,), dtype=dtype)
    x = inputs.in_layout(x, data.draw(inputs.layouts))
    pool_param = {"pool_height": size, "pool_width": size, "stride": size}
    check_equal(
        "conv_relu_pool", ["conv", "relu", "max_pool"], (x, w, b, {"stride": stride, "pad": pad}, pool_param), dtype
    )


def test_of_equal_maxima_the_first_is_paid():
    """Ones under a filter of one: all four entries of a window are equal, and the first in reading order counts."""
    x = np.ones((1, 1, 4, 4))
    out, cache = layers.conv_relu_pool_forward(x, np.ones((1, 1, 1, 1)), np.zeros(1), {"stride": 1, "pad": 0}, POOL)
    dx, _, _ = layers.conv_relu_pool_backward(np.arange(1.0, 5.0).reshape(out.shape), cache)
    assert dx[0, 0].tolist() == [[1, 0, 2, 0], [0, 0, 0, 0], [3, 0, 4, 0], [0, 0, 0, 0]]
    x[0, 0, ::2, ::2] = x[0, 0, 1::2, 1::2] = 0  # now the second and the third are equal
    _, cache = layers.conv_relu_pool_forward(x, np.ones((1, 1, 1, 1)), np.zeros(1), {"stride": 1, "pad": 0}, POOL)
    dx, _, _ = layers.conv_relu_pool_backward(np.arange(1.0, 5.0).reshape(out.shape), cache)
    assert dx[0, 0].tolist() == [[0, 1, 0, 2], [0, 0, 0, 0], [0, 3, 0, 4], [0, 0, 0, 0]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_affine_relu(inputs, dtype):
    check_equal("affine_relu", ["affine", "relu"], inputs.normal(0, (5, 3, 2), (6, 4), (4,), dtype=dtype), dtype)


def test_windows_without_a_positive_score_pass_no_gradient():
    x = np.arange(-8.0, 8.0).reshape(1, 1, 4, 4)
    out, cache = layers.conv_relu_pool_forward(x, np.ones((1, 1, 1, 1)), np.zeros(1), {"stride": 1, "pad": 0}, POOL)
    assert out.tolist() == [[[[0, 0], [5, 7]]]]
    dx, _, db = layers.conv_relu_pool_backward(np.ones((1, 1, 2, 2)), cache)
    assert dx[0, 0].tolist() == [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 1, 0, 1]]
    assert db.tolist() == [2]


@pytest.mark.parametrize("name", ["affine_relu", "conv_relu", "conv_relu_pool"])
def test_bad_input_is_refused_by_the_layer_inside(name):
    params = {"affine_relu": (), "conv_relu": ({},), "conv_relu_pool": ({}, POOL)}[name]
    with pytest.raises(ValueError, match="must have"):
        getattr(layers, f"{name}_forward")(np.ones(3), np.ones((3, 2)), np.ones(2), *params)


def test_the_pool_has_to_fit_what_the_convolution_gives():
    args = np.ones((1, 1, 3, 3)), np.ones((1, 1, 1, 1)), np.ones(1), {"stride": 1, "pad": 0}
    with pytest.raises(ValueError, match="Stride 2 does not fit"):
        layers.conv_relu_pool_forward(*args, POOL)
