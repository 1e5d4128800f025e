"""Numerical gradients, and the relative error that compares them with analytic ones.

The formula everywhere is the central difference, (f(x + h) − f(x − h)) / 2h, whose error shrinks with h² until rounding
takes over. In float64 a step of 1e-5 is near the best; float32 has too few digits for it, so check in float64.
"""

import numpy as np

_STEP = 1e-5


def rel_error(x, y):
    """Largest relative error between two arrays of the same shape.

    Parameters
    ----------
    x, y : array_like
        Numbers, of the same shape. They are never broadcast: (M,) against (1, M) is a mistake worth hearing about.

    Returns
    -------
    float
        max |x − y| / max(1e-8, |x| + |y|): 0 for equal arrays, at most 1 for finite ones; NaN if either holds a NaN.

    Raises
    ------
    ValueError
        The shapes differ, or the arrays are empty.

    Examples
    --------
    >>> rel_error([1.0, 2.0], [1.0, 2.0])
    0.0
    >>> rel_error([1.0, 0.0], [1.0, 1.0])
    1.0
    """
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if x.shape != y.shape:
        raise ValueError(f"rel_error compares arrays of the same shape; got {x.shape} and {y.shape}.")
    if x.size == 0:
        raise ValueError(f"rel_error needs at least one number; both arrays are empty, with shape {x.shape}.")
    with np.errstate(invalid="ignore"):  # inf against inf has no relative error: the answer is NaN, without a warning
        return float(np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y))))


def eval_numerical_gradient(f, x, h=_STEP, verbose=False):
    """Gradient of a scalar function, one entry at a time.

    Parameters
    ----------
    f : callable
        Takes an array like `x` and returns one number.
    x : ndarray of floats
        The point. It is changed while this runs, and put back afterwards, even if `f` fails.
    h : float
        The step to either side.
    verbose : bool
        Print each entry as it is found. CS231n's order (`f, x, verbose, h`) is understood too.

    Returns
    -------
    ndarray
        df/dx, float64, the shape of `x`.

    Raises
    ------
    TypeError
        `x` is not an array of floats.
    ValueError
        `f` returns more than one number, or `h` is not positive or too small to move an entry of `x`.
    """
    if isinstance(h, bool):  # CS231n's third argument is verbose
        h, verbose = (_STEP if isinstance(verbose, bool) else verbose), h
    _check_point(x, h)
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        plus, minus, step = _both_sides(lambda point: _one_number(f(point)), x, index, h)
        grad[index] = (plus - minus) / step
        if verbose:
            print(index, grad[index])
    return grad


def eval_numerical_gradient_array(f, x, df, h=_STEP):
    """Vector-Jacobian product of a function that returns an array: what a layer's backward pass should give.

    Parameters
    ----------
    f : callable
        Takes an array like `x` and returns an array.
    x : ndarray of floats
        The point. It is changed while this runs, and put back afterwards, even if `f` fails.
    df : array_like
        The upstream gradient, the shape of `f(x)`.
    h : float
        The step to either side.

    Returns
    -------
    ndarray
        The sum over outputs k of df[k] · ∂f[k]/∂x, float64, the shape of `x`.

    Raises
    ------
    TypeError
        `x` is not an array of floats.
    ValueError
        `df` has not the shape of `f(x)`, or `h` is not positive or too small to move an entry of `x`.
    """
    _check_point(x, h)
    df = np.asarray(df, dtype=np.float64)
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        # A copy, for `f` may return a view of `x` or write into the same array each time.
        plus, minus, step = _both_sides(lambda point: np.array(f(point), dtype=np.float64), x, index, h)
        if plus.shape != df.shape:
            raise ValueError(f"df must have the shape of f(x), {plus.shape}; got {df.shape}.")
        grad[index] = np.sum((plus - minus) * df) / step
    return grad


def grad_check_sparse(f, x, analytic_grad, num_checks=10, h=_STEP, seed=0, verbose=True):
    """Compare an analytic gradient with central differences at a few entries drawn at random.

    For arrays too large for `eval_numerical_gradient`, such as the weights of a whole network.

    Parameters
    ----------
    f : callable
        Takes an array like `x` and returns one number.
    x : ndarray of floats
        The point; put back afterwards.
    analytic_grad : array_like
        The gradient to check, the shape of `x`.
    num_checks : int
        How many entries to try (with repetition).
    h : float
        The step to either side.
    seed : int or numpy.random.Generator
        Where the entries are drawn from.
    verbose : bool
        Print both numbers for each entry.

    Returns
    -------
    float
        The largest relative error, |numerical − analytic| / max(1e-8, |numerical| + |analytic|).

    Raises
    ------
    TypeError
        `x` is not an array of floats.
    ValueError
        The shapes differ, `num_checks` is below 1, `f` returns more than one number, or `h` does not fit.
    """
    _check_point(x, h)
    analytic_grad = np.asarray(analytic_grad, dtype=np.float64)
    if analytic_grad.shape != x.shape:
        raise ValueError(f"analytic_grad must have the shape of x, {x.shape}; got {analytic_grad.shape}.")
    if num_checks < 1:
        raise ValueError(f"num_checks must be at least 1; got {num_checks}.")
    rng = np.random.default_rng(seed)
    errors = []
    for _ in range(num_checks):
        index = tuple(int(rng.integers(length)) for length in x.shape)
        plus, minus, step = _both_sides(lambda point: _one_number(f(point)), x, index, h)
        numerical, analytic = (plus - minus) / step, analytic_grad[index]
        errors.append(rel_error(numerical, analytic))
        if verbose:
            print(f"numerical: {numerical:f} analytic: {analytic:f}, relative error: {errors[-1]:e}")
    return float(np.max(errors))


def _both_sides(f, x, index, h):
    """f at x + h and x − h in one entry, and the distance between the two points as the dtype of x could hold them."""
    old = x[index]
    try:
        x[index] = old + h
        above, plus = float(x[index]), f(x)
        x[index] = old - h
        below, minus = float(x[index]), f(x)
    finally:
        x[index] = old
    if above == below:
        raise ValueError(f"A step of {h} does not change {old!r} in {x.dtype}; check in float64 or take a larger h.")
    return plus, minus, above - below


def _one_number(value):
    value = np.asarray(value)
    if value.size != 1:
        raise ValueError(
            f"f must return one number; it returned an array of shape {value.shape}. "
            "For a function that returns an array use eval_numerical_gradient_array."
        )
    return float(value.reshape(()))


def _check_point(x, h):
    if not isinstance(x, np.ndarray) or x.dtype.kind != "f":
        kind = f"an array of {x.dtype}" if isinstance(x, np.ndarray) else type(x).__name__
        raise TypeError(f"x must be a NumPy array of floats, for it is moved by a small step; got {kind}.")
    if x.size == 0:
        raise ValueError(f"x must hold at least one number; its shape is {x.shape}.")
    if not h > 0:
        raise ValueError(f"The step h must be positive; got {h}.")
