"""Initial weights: how the first values of a layer's parameters are drawn.

Every function takes the shape of the weights and a generator and returns an array. ``fan_in`` is the number of inputs
that one unit sums: D for an affine layer of shape (D, M), C·HH·WW for filters of shape (F, C, HH, WW).
"""

import numpy as np

from cs_layers.arguments import number


def zeros(shape, rng=None):
    """All zeros: right for biases. Weights that start so make all units of a layer equal, and they stay equal."""
    return np.zeros(_shape(shape))


def gaussian(shape, rng, scale=0.01):
    """Normal numbers of standard deviation ``scale``.

    With the customary 0.01 the signal shrinks from layer to layer: fine for one or two layers, fatal for ten.

    Parameters
    ----------
    shape : tuple of int
    rng : numpy.random.Generator
    scale : float

    Returns
    -------
    array of float64, shape ``shape``
    """
    return number("scale", scale) * _generator(rng).standard_normal(_shape(shape))


def xavier(shape, rng):
    """Normal numbers of variance 1 / fan_in, which keeps the variance of a signal through linear and tanh layers.

    The form of LeCun et al. 1998 (Efficient BackProp); Glorot and Bengio 2010 average fan_in and fan_out.

    Parameters
    ----------
    shape : tuple of int
    rng : numpy.random.Generator

    Returns
    -------
    array of float64, shape ``shape``
    """
    return gaussian(shape, rng, np.sqrt(1 / fan_in(shape)))


def he(shape, rng):
    """Normal numbers of variance 2 / fan_in, for layers with a ReLU, which drops half of the variance.

    He et al. 2015, arXiv:1502.01852.

    Parameters
    ----------
    shape : tuple of int
    rng : numpy.random.Generator

    Returns
    -------
    array of float64, shape ``shape``
    """
    return gaussian(shape, rng, np.sqrt(2 / fan_in(shape)))


def fan_in(shape):
    """How many inputs one unit of weights of this shape sums.

    Raises
    ------
    ValueError
        For any shape but (D, M) and (F, C, HH, WW).
    """
    shape = _shape(shape)
    if len(shape) == 2:
        return shape[0]
    if len(shape) == 4:
        return shape[1] * shape[2] * shape[3]
    raise ValueError(f"shape is {shape}, but weights have shape (D, M), or (F, C, HH, WW) for filters.")


INITIALIZERS = {function.__name__: function for function in (zeros, gaussian, xavier, he)}


def _shape(shape):
    sizes = (shape,) if isinstance(shape, (int, np.integer)) else tuple(shape)
    if not sizes or not all(isinstance(n, (int, np.integer)) and n > 0 for n in sizes):
        raise ValueError(f"shape is {shape!r}, but must be a tuple of integers of 1 or more.")
    return tuple(int(n) for n in sizes)


def _generator(rng):
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng is {rng!r}, but must be a generator: np.random.default_rng(0), say.")
    return rng
