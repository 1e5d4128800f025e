"""Initial weights: their spread, and what it does to a signal."""

import numpy as np
import pytest

from cs_layers import initializers
from cs_layers.initializers import fan_in, gaussian, he, xavier, zeros


@pytest.mark.parametrize("shape", [(400, 300), (64, 32, 5, 5)])
def test_spreads(shape):
    rng = np.random.default_rng(0)
    n = fan_in(shape)
    assert gaussian(shape, rng).std() == pytest.approx(0.01, rel=0.02)
    assert xavier(shape, rng).std() == pytest.approx(np.sqrt(1 / n), rel=0.02)
    assert he(shape, rng).std() == pytest.approx(np.sqrt(2 / n), rel=0.02)
    assert not zeros(shape).any()
    assert all(f(shape, rng).shape == shape for f in initializers.INITIALIZERS.values())


def test_he_keeps_the_size_of_a_signal_through_ten_relu_layers_and_a_hundredth_does_not():
    rng = np.random.default_rng(1)
    sizes = {}
    for name, draw in {"he": he, "0.01": gaussian}.items():
        signal = rng.normal(size=(200, 256))
        for _ in range(10):
            signal = np.maximum(0, signal @ draw((256, 256), rng))
        sizes[name] = np.sqrt(np.mean(signal**2))
    assert 0.3 < sizes["he"] < 3
    assert sizes["0.01"] < 1e-6


def test_the_same_seed_draws_the_same():
    first, second = (he((5, 4), np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: he((3,), np.random.default_rng(0)), ValueError, r"\(D, M\)"),
        (lambda: he((3, 0), np.random.default_rng(0)), ValueError, "integers of 1 or more"),
        (lambda: he((3, 4), 0), TypeError, "default_rng"),
        (lambda: gaussian((3, 4), np.random.default_rng(0), -1), ValueError, "scale"),
    ],
)
def test_bad_arguments_are_told(call, error, said):
    with pytest.raises(error, match=said):
        call()
