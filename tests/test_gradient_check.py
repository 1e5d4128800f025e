import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cs_layers.gradient_check import (
    eval_numerical_gradient,
    eval_numerical_gradient_array,
    grad_check_sparse,
    rel_error,
)

finite = st.floats(-1e6, 1e6)
arrays = hnp.arrays(np.float64, hnp.array_shapes(max_dims=3, max_side=3), elements=finite)


@given(arrays)
def test_error_of_an_array_with_itself_is_zero(x):
    assert rel_error(x, x) == 0


@given(arrays, st.data())
def test_error_is_symmetric_and_between_zero_and_one(x, data):
    y = data.draw(hnp.arrays(np.float64, x.shape, elements=finite))
    assert rel_error(x, y) == rel_error(y, x)
    assert 0 <= rel_error(x, y) <= 1


def test_error_is_the_largest_over_the_entries():
    assert rel_error([1.0, 2.0], [1.0, 3.0]) == (3 - 2) / (3 + 2)


def test_error_of_tiny_numbers_is_measured_against_1e_8():
    assert rel_error(0.0, 1e-10) == 1e-10 / 1e-8


def test_error_of_unsigned_integers_does_not_wrap_around():
    assert rel_error(np.uint8([1]), np.uint8([3])) == 2 / 4


def test_error_with_nan_or_infinity_passes_no_threshold():
    assert not rel_error([1.0, np.nan], [1.0, 1.0]) < 1e-2
    assert not rel_error([np.inf], [np.inf]) < 1e-2


@pytest.mark.parametrize(("x", "y"), [(np.ones(3), np.ones((1, 3))), (np.ones(3), 1.0), (np.ones((2, 1)), np.ones(2))])
def test_error_never_broadcasts(x, y):
    with pytest.raises(ValueError, match="same shape"):
        rel_error(x, y)


def test_error_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one number"):
        rel_error([], [])


@given(hnp.arrays(np.float64, hnp.array_shapes(max_dims=3, max_side=3), elements=st.floats(-3, 3)))
def test_gradient_of_a_sum_of_squares(x):
    before = x.copy()
    assert np.allclose(eval_numerical_gradient(lambda x: np.sum(x**2), x), 2 * x, atol=1e-8)
    assert np.array_equal(x, before)


def test_gradient_at_a_view_moves_the_view_only():
    x = np.arange(12.0).reshape(3, 4)
    grad = eval_numerical_gradient(lambda row: np.sum(row**2), x[1, ::2])
    assert np.allclose(grad, [8, 12])
    assert np.array_equal(x, np.arange(12.0).reshape(3, 4))


def test_gradient_in_float32_divides_by_the_step_that_was_taken():
    x = np.array([100.0], dtype=np.float32)
    # 100 + 1e-5 rounds to 100 + 1.5e-5 there.
    assert np.allclose(eval_numerical_gradient(lambda x: 3 * float(x[0]), x, 1e-5), 3)


def test_x_is_put_back_when_the_function_fails():
    x = np.array([1.0, 2.0])
    with pytest.raises(ZeroDivisionError):
        eval_numerical_gradient(lambda x: 1 / 0, x)
    assert x.tolist() == [1, 2]


def test_gradient_understands_the_order_of_cs231n(capsys):
    x = np.array([2.0])
    assert np.allclose(eval_numerical_gradient(lambda x: x[0] ** 2, x, False, 1e-4), 4)
    assert np.allclose(eval_numerical_gradient(lambda x: x[0] ** 2, x, verbose=False, h=1e-4), 4)
    assert capsys.readouterr().out == ""
    eval_numerical_gradient(lambda x: x[0] ** 2, x, True)
    assert "(0,)" in capsys.readouterr().out


@given(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
def test_array_gradient_of_a_matrix_product(n, d, m):
    rng = np.random.default_rng(n + 4 * d + 16 * m)
    x, w, dout = rng.normal(size=(n, d)), rng.normal(size=(d, m)), rng.normal(size=(n, m))
    assert np.allclose(eval_numerical_gradient_array(lambda x: x @ w, x, dout), dout @ w.T)


def test_array_gradient_of_a_function_that_returns_a_view_of_its_argument():
    x = np.arange(6.0).reshape(2, 3)
    dout = np.arange(6.0)
    assert np.allclose(eval_numerical_gradient_array(lambda x: x.reshape(-1), x, dout), dout.reshape(2, 3))


def test_array_gradient_of_a_function_that_reuses_its_output():
    out = np.zeros(3)
    x, dout = np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 2.0])
    assert np.allclose(eval_numerical_gradient_array(lambda x: np.multiply(x, 2, out=out), x, dout), [2, 2, 4])


def test_sparse_check_of_a_right_gradient_and_of_a_wrong_one(capsys):
    x = np.arange(1.0, 10.0)
    assert grad_check_sparse(lambda x: np.sum(x**2), x, 2 * x, 5) < 1e-8
    assert capsys.readouterr().out.count("relative error") == 5
    assert grad_check_sparse(lambda x: np.sum(x**2), x, 2.1 * x, 5, verbose=False) == pytest.approx(0.1 / 4.1)
    assert capsys.readouterr().out == ""
    assert np.array_equal(x, np.arange(1.0, 10.0))


def test_sparse_check_of_one_seed_tries_the_same_entries():
    x = np.arange(1.0, 100.0)
    wrong = 2 * x + np.arange(99)
    errors = [grad_check_sparse(lambda x: np.sum(x**2), x, wrong, 3, seed=seed, verbose=False) for seed in (1, 1, 2)]
    assert errors[0] == errors[1] != errors[2]


@pytest.mark.parametrize("x", [np.arange(3), [1.0, 2.0], 1.0])
def test_only_arrays_of_floats_can_be_moved(x):
    with pytest.raises(TypeError, match="array of floats"):
        eval_numerical_gradient(lambda x: 0.0, x)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: eval_numerical_gradient(lambda x: x, np.ones(2)), "one number"),
        (lambda: eval_numerical_gradient(lambda x: 0.0, np.ones(2), 0.0), "positive"),
        (lambda: eval_numerical_gradient(lambda x: 0.0, np.ones(0)), "at least one number"),
        (lambda: eval_numerical_gradient(lambda x: 0.0, np.float32([1e6])), "does not change"),
        (lambda: eval_numerical_gradient_array(lambda x: x, np.ones(2), np.ones(3)), "shape of f"),
        (lambda: grad_check_sparse(np.sum, np.ones(2), np.ones(3)), "shape of x"),
        (lambda: grad_check_sparse(np.sum, np.ones(2), np.ones(2), 0), "at least 1"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
