"""The affine (fully connected, dense) layer: out = x · w + b."""

import numpy as np

from cs_layers.layers import _fast
from cs_layers.layers import _validation as check


def affine_forward(x, w, b):
    """Forward pass of an affine layer.

    Parameters
    ----------
    x : ndarray, shape (N, d_1, …, d_k)
        N examples; each is flattened to a row of D = d_1 · … · d_k numbers.
    w : ndarray, shape (D, M)
        Weights.
    b : ndarray, shape (M,)
        Biases.

    Returns
    -------
    out : ndarray, shape (N, M)
    cache : tuple
        (x, w, b), for `affine_backward`.

    Raises
    ------
    ValueError
        The shapes do not fit, or an array is empty.
    TypeError
        An array does not hold real numbers.
    """
    x = check.real_array("x", x)
    w = check.real_array("w", w, 2, " (D, M)")
    b = check.vector("b", b, w.shape[1], "column of w")
    if x.ndim < 2:
        raise ValueError(f"x must have a batch axis and at least one more, (N, d_1, …); got shape {x.shape}.")
    x, w, b = check.common_float(x, w, b)
    rows = x.reshape(x.shape[0], -1)
    if rows.shape[1] != w.shape[0]:
        raise ValueError(
            f"x of shape {x.shape} has {rows.shape[1]} numbers an example, but w of shape {w.shape} takes {w.shape[0]}."
        )
    out = _fast.matmul(rows, w)
    out += b
    return out, (x, w, b)


def affine_backward(dout, cache, need_dx=True):
    """Backward pass of an affine layer.

    Each output is a sum of products, so each factor's gradient is the other factor times the upstream gradient, summed
    over the outputs it took part in: dx = dout · wᵀ, dw = xᵀ · dout, db = the sum of dout over the batch.

    Parameters
    ----------
    dout : ndarray, shape (N, M)
        Upstream gradient.
    cache : tuple
        From `affine_forward`.
    need_dx : bool
        False for a network's first layer: nobody asks for the gradient of its input.

    Returns
    -------
    dx : ndarray, shape (N, d_1, …, d_k), or None without `need_dx`
    dw : ndarray, shape (D, M)
    db : ndarray, shape (M,)

    Raises
    ------
    ValueError
        `dout` has not the shape of the output.
    """
    x, w, _ = cache
    dout = check.upstream(dout, (x.shape[0], w.shape[1])).astype(w.dtype, copy=False)
    rows = x.reshape(x.shape[0], -1)
    dw = _fast.matmul(rows.T, dout)
    db = np.sum(dout, axis=0)
    if not need_dx:
        return None, dw, db
    # Images of a convolution lie in memory with the batch last (see _fast), and so should their gradient.
    drows = _fast.matmul(dout, w.T) if rows.flags.c_contiguous else _fast.matmul(w, dout.T).T
    return drows.reshape(x.shape), dw, db
