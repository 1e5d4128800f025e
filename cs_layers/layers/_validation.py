"""What every layer asks of its input, and the sentences it answers with when it is not so.

Each function is called by a layer's public function, so the reader of an error message sees the layer's own names.
"""

import numpy as np


def real_array(name, value, ndim=None, shape_text=None):
    """`value` as an array of real numbers that is not empty, with `ndim` axes if that is asked for."""
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name} must hold real numbers; got dtype {array.dtype}.")
    if ndim is not None and array.ndim != ndim:
        raise ValueError(f"{name} must have {ndim} axes{shape_text or ''}; got shape {array.shape}.")
    if array.size == 0:
        raise ValueError(f"{name} is empty: its shape is {array.shape}. Give at least one example.")
    return array


def common_float(*arrays):
    """The arrays in the one float type that holds them all: float32 stays float32, integers become float64."""
    dtype = np.result_type(*arrays)
    if dtype.kind != "f":
        dtype = np.dtype(np.float64)
    return [array.astype(dtype, copy=False) for array in arrays]


def upstream(dout, shape):
    """The upstream gradient as an array, which must have the shape of what the forward pass returned."""
    dout = real_array("dout", dout)
    if dout.shape != shape:
        raise ValueError(f"dout must have the shape of the layer's output, {shape}; got {dout.shape}.")
    return dout


def vector(name, value, length, what):
    """`value` as an array of shape (length,): one number for each filter, say."""
    array = real_array(name, value)
    if array.shape != (length,):
        raise ValueError(f"{name} must have shape ({length},), one number for each {what}; got {array.shape}.")
    return array


def scores(x):
    """Scores of shape (N, C) as finite floats."""
    x = real_array("x", x, 2, " (N, C): a row of class scores for each example")
    (x,) = common_float(x)
    if not np.isfinite(x).all():
        bad = int(x.size - np.isfinite(x).sum())
        raise ValueError(
            f"x holds {bad} NaN or infinite scores among {x.size}; all must be finite. "
            "In training, a learning rate that is too high is the usual cause."
        )
    return x


def labels(y, num_examples, num_classes):
    """Labels of shape (N,), integers from 0 to C − 1."""
    y = np.asarray(y)
    if y.dtype.kind not in "iu":
        raise TypeError(f"y must hold integer labels; got dtype {y.dtype}. Whole numbers: y.astype(int).")
    if y.shape != (num_examples,):
        raise ValueError(f"y must have shape ({num_examples},), one label for each row of x; got {y.shape}.")
    wrong = (y < 0) | (y >= num_classes)
    if wrong.any():
        i = int(np.argmax(wrong))
        raise ValueError(
            f"Labels must be from 0 to {num_classes - 1}, for there are {num_classes} classes; y[{i}] is {y[i]}."
        )
    return y


def parameters(name, given, required, optional=None):
    """The integers of a `conv_param` or `pool_param`, in the order of `required`, then of `optional`.

    `optional` is a dict of defaults. Every key counts pixels: those named 'pad' may be 0, the rest are at least 1.
    """
    optional = optional or {}
    keys(name, given, required, optional)
    return [_count(f"{name}[{key!r}]", (optional | given)[key], int(key != "pad")) for key in [*required, *optional]]


def keys(name, given, required, optional):
    """That `given` is a dict with all required keys and none but those and the optional ones."""
    allowed = ", ".join(repr(key) for key in [*required, *optional])
    if not isinstance(given, dict):
        raise TypeError(f"{name} must be a dict with the keys {allowed}; got {type(given).__name__}.")
    missing = [key for key in required if key not in given]
    unknown = [key for key in given if key not in required and key not in optional]
    if missing or unknown:
        problem = f"{missing[0]!r} is missing" if missing else f"{unknown[0]!r} is unknown"
        raise ValueError(f"{name} takes the keys {allowed}: {problem}.")


def mode(name, value):
    if value not in ("train", "test"):
        raise ValueError(f"{name}['mode'] must be 'train' or 'test'; got {value!r}.")


def _count(name, value, least):
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be an integer; got {value!r}.")
    if value < least:
        raise ValueError(f"{name} must be at least {least}; got {value}.")
    return int(value)


def output_size(size, window, pad, stride, axis):
    """How many windows fit along one axis: (size + 2·pad − window) / stride + 1, which must be a whole number."""
    room = size + 2 * pad - window
    if room < 0:
        raise ValueError(
            f"A window of {axis} {window} does not fit in an input of {axis} {size} with pad {pad} "
            f"({size + 2 * pad} in all); take a smaller window or a larger pad."
        )
    if room % stride:
        raise ValueError(
            f"Stride {stride} does not fit along the {axis}: ({size} + 2·{pad} − {window}) / {stride} is not a whole "
            "number; change the stride or the pad."
        )
    return room // stride + 1
