import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_layers.gradient_check import eval_numerical_gradient_array
from cs_layers.layers import (
    batchnorm_backward,
    batchnorm_forward,
    spatial_batchnorm_backward,
    spatial_batchnorm_forward,
)

TRAIN = {"mode": "train"}


def by_loops(x, gamma, beta, eps):
    out = np.zeros(x.shape)
    for d in range(x.shape[1]):
        column = [float(entry) for entry in x[:, d]]
        mean = sum(column) / len(column)
        variance = sum((entry - mean) ** 2 for entry in column) / len(column)
        for n, entry in enumerate(column):
            out[n, d] = gamma[d] * (entry - mean) / (variance + eps) ** 0.5 + beta[d]
    return out


@given(st.integers(2, 6), st.integers(1, 4), st.sampled_from([1e-5, 1e-2]), st.data())
def test_agrees_with_the_loops_and_with_central_differences(inputs, n, d, eps, data):
    x, gamma, beta, dout = inputs.normal(n, (n, d), (d,), (d,), (n, d))
    x = inputs.in_layout(3 * x + 5, data.draw(inputs.layouts))
    param = {"mode": "train", "eps": eps}
    out, cache = batchnorm_forward(x, gamma, beta, dict(param))
    assert np.allclose(out, by_loops(x, gamma, beta, eps), rtol=1e-9, atol=1e-9)
    point = [np.array(x), gamma, beta]
    for which, grad in enumerate(batchnorm_backward(dout, cache)):

        def forward(moved, which=which):
            return batchnorm_forward(*point[:which], moved, *point[which + 1 :], dict(param))[0]

        numerical = eval_numerical_gradient_array(forward, point[which], dout)
        assert np.allclose(grad, numerical, rtol=1e-5, atol=1e-6)


@given(st.integers(2, 4), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3), st.data())
def test_spatial_is_the_flat_one_on_the_pixels(inputs, n, c, h, w, data):
    x, gamma, beta, dout = inputs.normal(n, (n, c, h, w), (c,), (c,), (n, c, h, w))
    x, dout = (inputs.in_layout(array, data.draw(inputs.layouts)) for array in (x, dout))

    def flat(images):
        return images.transpose(0, 2, 3, 1).reshape(-1, c)

    spatial_param, flat_param = dict(TRAIN), dict(TRAIN)
    out, cache = spatial_batchnorm_forward(x, gamma, beta, spatial_param)
    expected, flat_cache = batchnorm_forward(flat(x), gamma, beta, flat_param)
    assert np.allclose(flat(out), expected)
    dx, dgamma, dbeta = spatial_batchnorm_backward(dout, cache)
    flat_dx, flat_dgamma, flat_dbeta = batchnorm_backward(flat(dout), flat_cache)
    assert np.allclose(flat(dx), flat_dx)
    assert np.allclose(dgamma, flat_dgamma)
    assert np.allclose(dbeta, flat_dbeta)
    assert np.allclose(spatial_param["running_mean"], flat_param["running_mean"])


def test_the_batch_comes_out_with_mean_beta_and_deviation_gamma(inputs):
    (x,) = inputs.normal(0, (200, 3))
    out, _ = batchnorm_forward(10 * x + 4, np.array([1.0, 2.0, 3.0]), np.array([0.0, 5.0, 7.0]), dict(TRAIN))
    assert np.allclose(out.mean(axis=0), [0, 5, 7])
    assert np.allclose(out.std(axis=0), [1, 2, 3], rtol=1e-4)


def test_running_averages_are_replaced_and_used_at_test_time(inputs):
    (x,) = inputs.normal(0, (50, 2))
    start = np.zeros(2)
    start.flags.writeable = False
    param = {"mode": "train", "momentum": 0.75, "running_mean": start, "running_var": start}
    batchnorm_forward(x, np.ones(2), np.zeros(2), param)
    assert np.allclose(param["running_mean"], 0.25 * x.mean(axis=0))
    assert np.allclose(param["running_var"], 0.25 * x.var(axis=0))
    param["mode"] = "test"
    before = dict(param)
    out, cache = batchnorm_forward(x, np.ones(2), np.zeros(2), param)
    assert np.allclose(out, (x - param["running_mean"]) / np.sqrt(param["running_var"] + 1e-5))
    assert all(param[key] is before[key] for key in before)
    numerical = eval_numerical_gradient_array(
        lambda x: batchnorm_forward(x, np.ones(2), np.zeros(2), param)[0], x, np.ones(x.shape)
    )
    assert np.allclose(batchnorm_backward(np.ones(x.shape), cache)[0], numerical)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_keeps_the_dtype(inputs, dtype):
    x, gamma, beta, dout = inputs.normal(0, (4, 3), (3,), (3,), (4, 3), dtype=dtype)
    param = dict(TRAIN)
    out, cache = batchnorm_forward(x, gamma, beta, param)
    arrays = [out, *batchnorm_backward(dout, cache), param["running_mean"], param["running_var"]]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


@pytest.mark.parametrize(
    ("x", "gamma", "param", "error", "message"),
    [
        ((4, 3), (1, 3), TRAIN, ValueError, r"gamma must have shape \(3,\), one number for each feature"),
        ((4,), (3,), TRAIN, ValueError, r"x must have 2 axes \(N, D\)"),
        ((0, 3), (3,), TRAIN, ValueError, "x is empty"),
        ((4, 3), (3,), {}, ValueError, "'mode' is missing"),
        ((4, 3), (3,), {"mode": "eval"}, ValueError, "must be 'train' or 'test'"),
        ((4, 3), (3,), TRAIN | {"epsilon": 1}, ValueError, "'epsilon' is unknown"),
        ((4, 3), (3,), TRAIN | {"eps": 0}, ValueError, "must be above 0"),
        ((4, 3), (3,), TRAIN | {"momentum": 2}, ValueError, "from 0 to 1; got 2"),
        ((4, 3), (3,), TRAIN | {"running_mean": np.ones(2)}, ValueError, r"bn_param\['running_mean'\] must have shape"),
        ((4, 3), (3,), None, TypeError, "bn_param must be a dict"),
    ],
)
def test_bad_input(x, gamma, param, error, message):
    with pytest.raises(error, match=message):
        batchnorm_forward(np.ones(x), np.ones(gamma), np.ones(3), param)


def test_upstream_gradient_of_another_shape():
    _, cache = batchnorm_forward(np.eye(3), np.ones(3), np.ones(3), dict(TRAIN))
    with pytest.raises(ValueError, match="dout must have the shape"):
        batchnorm_backward(np.ones((2, 3)), cache)
