"""What NumPy's comparisons say of an empty array, in check cells: that it is close to nothing.

For NumPy it is close to every number, for it has no entry that is not: `np.allclose([], 3.0)` is true, and whoever
returns an empty array would pass. So where one side has no entries and the other has some, they differ here. Two empty
sides are compared as ever.
"""

import functools
import inspect

import numpy as np

WORDS = "An empty array was compared with one that is not empty: it is close to nothing."
_PLAIN = (np.ndarray, float, int, complex, bool, str)
_met = []


def watch():
    """Have the comparisons of NumPy and `numpy.testing` answer so from now on."""
    np.allclose = _answering(np.allclose, lambda a, b: False)
    np.array_equiv = _answering(np.array_equiv, lambda a, b: False)
    np.isclose = _answering(np.isclose, lambda a, b: np.zeros(np.shape(a) if np.size(a) else np.shape(b), bool)[()])
    for name in ("assert_approx_equal", "assert_array_almost_equal_nulp"):
        setattr(np.testing, name, _answering(getattr(np.testing, name), _refuse))
    inside = inspect.unwrap(np.testing.assert_allclose).__globals__  # all other assertions end in this one
    compare = inside["assert_array_compare"]
    inside["assert_array_compare"] = lambda comparison, *sides, **options: _answering(
        functools.partial(compare, comparison), _refuse
    )(*sides, **options)


def begin():
    """A cell begins: nothing has been compared yet."""
    _met.clear()


def was_met():
    """Whether the cell has compared an empty array with one that is not."""
    return bool(_met)


def _answering(compare, different):
    """`compare`, but for an empty and a full side, of which `different` says what is to be said."""

    def asked(a, b, *args, **kwargs):
        a, b = _once(a), _once(b)
        if _is_empty(a) != _is_empty(b):
            _met.append(True)
            return different(a, b)
        return compare(a, b, *args, **kwargs)

    return functools.update_wrapper(asked, compare) if hasattr(compare, "__name__") else asked


def _once(value):
    """A value as NumPy takes it: an object of a student's is asked for its entries once, not once for each question."""
    if isinstance(value, np.generic) or type(value) in _PLAIN:
        return value
    try:
        return np.asanyarray(value)
    except Exception:  # NumPy says it better
        return value


def _is_empty(value):
    return type(value) is not str and np.ndim(value) > 0 and np.size(value) == 0


def _refuse(a, b):
    raise AssertionError(WORDS)
