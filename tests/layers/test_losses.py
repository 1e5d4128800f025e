import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_layers.gradient_check import eval_numerical_gradient, rel_error
from cs_layers.layers import cross_entropy_error, mean_squared_error, softmax, softmax_loss, svm_loss

LOSSES = [softmax_loss, svm_loss]


def drawn(seed, n, c, scale=1.0):
    rng = np.random.default_rng(seed)
    x, y = scale * rng.normal(size=(n, c)), rng.integers(c, size=n)
    x.flags.writeable = y.flags.writeable = False
    return x, y


cases = st.builds(drawn, st.integers(0, 99), st.integers(1, 5), st.integers(1, 5), st.sampled_from([0.1, 1.0, 30.0]))


@pytest.mark.parametrize("loss_function", LOSSES)
@given(case=cases)
def test_agrees_with_the_loops(reference, loss_function, case):
    loss, dx = loss_function(*case)
    expected_loss, expected_dx = getattr(reference, loss_function.__name__)(*case)
    assert isinstance(loss, float)
    assert loss == pytest.approx(expected_loss, rel=1e-10, abs=1e-12)
    assert np.allclose(dx, expected_dx, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("loss_function", LOSSES)
@given(case=cases)
def test_gradient_is_that_of_the_loss_and_sums_to_zero(loss_function, case):
    x, y = case
    _, dx = loss_function(x, y)
    numerical = eval_numerical_gradient(lambda x: loss_function(x, y)[0], np.array(x))
    assert np.allclose(dx, numerical, rtol=1e-5, atol=1e-7)
    assert np.allclose(dx.sum(axis=1), 0, atol=1e-12)


@given(cases, st.floats(-1000, 1000))
def test_adding_one_number_to_all_scores_changes_nothing(case, shift):
    x, y = case
    for loss_function in LOSSES:
        assert loss_function(x + shift, y)[0] == pytest.approx(loss_function(x, y)[0], rel=1e-9, abs=1e-10)


def test_a_confident_mistake_costs_its_margin_and_not_infinity():
    loss, dx = softmax_loss(np.array([[1000.0, 0.0]]), np.array([1]))
    assert loss == 1000
    assert dx.tolist() == [[1, -1]]


def test_a_confident_right_answer_costs_nothing():
    assert softmax_loss(np.array([[1000.0, 0.0]]), np.array([0]))[0] == 0


def test_the_largest_score_is_taken_row_by_row():
    loss, _ = softmax_loss(np.array([[1000.0, 1000.0], [-1000.0, -1000.0]]), np.array([0, 1]))
    assert loss == pytest.approx(math.log(2))


def test_equal_scores_cost_the_logarithm_of_the_number_of_classes():
    assert softmax_loss(np.zeros((3, 10)), np.array([0, 5, 9]))[0] == pytest.approx(math.log(10))
    assert svm_loss(np.zeros((3, 10)), np.array([0, 5, 9]))[0] == 9


def test_hinge_by_hand():
    loss, dx = svm_loss(np.array([[3.0, 2.5, 1.0]]), np.array([0]))
    assert loss == max(0, 2.5 - 3 + 1) + max(0, 1 - 3 + 1)
    assert dx.tolist() == [[-1, 1, 0]]


@pytest.mark.parametrize("loss_function", LOSSES)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_keeps_the_dtype(loss_function, dtype):
    loss, dx = loss_function(np.eye(3, dtype=dtype), np.array([0, 1, 1], dtype=np.uint8))
    assert isinstance(loss, float)
    assert dx.dtype == dtype


@pytest.mark.parametrize("loss_function", LOSSES)
@pytest.mark.parametrize(
    ("x", "y", "error", "message"),
    [
        (np.ones((2, 3)), [0, 3], ValueError, r"from 0 to 2, for there are 3 classes; y\[1\] is 3"),
        (np.ones((2, 3)), [-1, 0], ValueError, r"y\[0\] is -1"),
        (np.ones((2, 3)), [0.0, 1.0], TypeError, "y must hold integer labels; got dtype float64"),
        (np.ones((2, 3)), [True, False], TypeError, "integer labels; got dtype bool"),
        (np.ones((2, 3)), [0, 1, 2], ValueError, r"y must have shape \(2,\)"),
        (np.ones((2, 3)), [[0], [1]], ValueError, r"y must have shape \(2,\)"),
        (np.ones(3), [0], ValueError, "x must have 2 axes"),
        (np.ones((0, 3)), np.zeros(0, dtype=int), ValueError, "x is empty"),
        (np.array([[1.0, np.nan]]), [0], ValueError, "1 NaN or infinite scores among 2"),
        (np.array([[1.0, np.inf]]), [0], ValueError, "NaN or infinite"),
        (np.ones((1, 2), dtype=complex), [0], TypeError, "real numbers"),
    ],
)
def test_bad_input(loss_function, x, y, error, message):
    with pytest.raises(error, match=message):
        loss_function(x, y)


@given(cases)
def test_softmax_gives_probabilities_in_the_order_of_the_scores(case):
    x, _ = case
    p = softmax(x)
    assert np.allclose(p.sum(axis=1), 1)
    assert (p >= 0).all()
    assert np.array_equal(p.argmax(axis=1), x.argmax(axis=1))


def test_softmax_of_one_row():
    assert np.allclose(softmax(np.array([0.0, math.log(3)])), [0.25, 0.75])
    assert softmax(np.array([1000, 0, -1000])).tolist() == [1, 0, 0]


@given(cases)
def test_cross_entropy_of_softmax_is_the_softmax_loss(case):
    x, y = case
    p = softmax(x)
    if (p[np.arange(len(y)), y] > 1e-300).all():
        assert cross_entropy_error(p, y) == pytest.approx(softmax_loss(x, y)[0], rel=1e-9, abs=1e-9)
    assert cross_entropy_error(p, np.eye(x.shape[1])[y]) == cross_entropy_error(p, y)


def test_cross_entropy_adds_nothing_inside_the_logarithm():
    assert cross_entropy_error(np.array([[1.0, 0.0]]), [0]) == 0
    assert cross_entropy_error(np.array([[1.0, 0.0]]), [1]) == math.inf
    assert cross_entropy_error(np.array([0.5, 0.5]), 1) == cross_entropy_error(np.array([0.5, 0.5]), [0, 1])


@pytest.mark.parametrize(
    ("p", "t", "error", "message"),
    [
        ([[0.5, 0.5]], [[1, 1]], ValueError, "one-hot"),
        ([[0.5, 0.5]], [[0.5, 0.5]], ValueError, "one-hot"),
        ([[0.5, 1.5]], [0], ValueError, "probabilities"),
        ([[0.5, np.nan]], [0], ValueError, "probabilities"),
        ([[0.5, 0.5]], [2], ValueError, "0 to 1"),
        ([[0.5, 0.5]], [0.0], TypeError, "integer labels"),
    ],
)
def test_bad_input_of_cross_entropy(p, t, error, message):
    with pytest.raises(error, match=message):
        cross_entropy_error(np.array(p), np.array(t))


@given(cases)
def test_mean_squared_error(case):
    x, _ = case
    t = np.ones(x.shape)
    loss, dx = mean_squared_error(x, t)
    assert loss == pytest.approx(sum((a - 1) ** 2 for a in x.flat) / x.size)
    assert rel_error(dx, 2 * (x - 1) / x.size) < 1e-12
    assert mean_squared_error(x.astype(np.float32), t.astype(np.float32))[1].dtype == np.float32


def test_mean_squared_error_never_broadcasts():
    with pytest.raises(ValueError, match="same shape"):
        mean_squared_error(np.ones((2, 1)), np.ones(2))
