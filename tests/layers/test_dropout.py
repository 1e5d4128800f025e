import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cs_layers.gradient_check import eval_numerical_gradient_array
from cs_layers.layers import dropout_backward, dropout_forward

shapes = hnp.array_shapes(min_dims=1, max_dims=4, max_side=4)


@given(shapes, st.floats(0.05, 1), st.integers(0, 99), st.data())
def test_what_is_kept_is_divided_by_the_probability_to_keep(inputs, shape, p, seed, data):
    x = inputs.in_layout(*inputs.normal(seed, shape), data.draw(inputs.layouts))
    out, cache = dropout_forward(x, {"mode": "train", "p": p, "seed": seed})
    kept = out != 0
    assert np.allclose(out, np.where(kept, x / p, 0))
    # The gradient goes where the entry went, on the same scale.
    assert np.allclose(dropout_backward(np.ones(shape), cache), np.where(kept, 1 / p, 0))


@given(shapes)
def test_gradient_is_the_central_difference(inputs, shape):
    x, dout = inputs.normal(1, shape, shape)
    param = {"mode": "train", "p": 0.6, "seed": 5}
    _, cache = dropout_forward(x, param)
    numerical = eval_numerical_gradient_array(lambda x: dropout_forward(x, param)[0], x, dout)
    assert np.allclose(dropout_backward(dout, cache), numerical)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.75, 0.999])
def test_p_is_the_fraction_that_is_kept_and_the_mean_stays(p):
    x = np.ones((400, 500))
    out, _ = dropout_forward(x, {"mode": "train", "p": p, "seed": 3})
    assert np.mean(out != 0) == pytest.approx(p, abs=5 * np.sqrt(p * (1 - p) / x.size))
    assert out.mean() == pytest.approx(1, abs=0.02)


def test_nothing_happens_at_test_time_or_when_all_is_kept():
    x = np.arange(6.0).reshape(2, 3)
    for param in ({"mode": "test", "p": 0.5}, {"mode": "train", "p": 1}):
        out, cache = dropout_forward(x, param)
        dx = dropout_backward(x, cache)
        assert np.array_equal(out, x)
        assert np.array_equal(dx, x)
        assert not np.shares_memory(out, x)
        assert not np.shares_memory(dx, x)


def test_a_seed_repeats_the_mask_and_a_generator_goes_on():
    x = np.ones((20, 20))

    def mask(**seed):
        return dropout_forward(x, {"mode": "train", "p": 0.5, **seed})[0]

    rng = np.random.default_rng(1)
    assert np.array_equal(mask(seed=1), mask(seed=1))
    assert np.array_equal(mask(seed=rng), mask(seed=1))
    assert not np.array_equal(mask(seed=rng), mask(seed=1))
    assert not np.array_equal(mask(), mask())


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("mode", ["train", "test"])
def test_keeps_the_dtype(dtype, mode):
    out, cache = dropout_forward(np.ones((3, 4), dtype), {"mode": mode, "p": 0.5})
    assert out.dtype == dropout_backward(np.ones((3, 4), dtype), cache).dtype == dtype


@pytest.mark.parametrize(
    ("param", "error", "message"),
    [
        ({"mode": "train", "p": 0}, ValueError, "probability to keep an entry, above 0 and at most 1; got 0"),
        ({"mode": "train", "p": 1.5}, ValueError, "at most 1; got 1.5"),
        ({"mode": "train", "p": "half"}, ValueError, "got 'half'"),
        ({"mode": "training", "p": 0.5}, ValueError, "must be 'train' or 'test'; got 'training'"),
        ({"p": 0.5}, ValueError, "'mode' is missing"),
        ({"mode": "train", "p": 0.5, "rate": 1}, ValueError, "'rate' is unknown"),
        (0.5, TypeError, "dropout_param must be a dict"),
    ],
)
def test_bad_input(param, error, message):
    with pytest.raises(error, match=message):
        dropout_forward(np.ones(3), param)


def test_upstream_gradient_of_another_shape():
    _, cache = dropout_forward(np.ones((2, 3)), {"mode": "train", "p": 0.5})
    with pytest.raises(ValueError, match=r"\(2, 3\); got \(3,\)"):
        dropout_backward(np.ones(3), cache)
