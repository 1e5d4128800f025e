"""Batch normalization: each feature is brought to mean 0 and variance 1 over the batch, then scaled and shifted."""

import numpy as np

from cs_layers.layers import _fast
from cs_layers.layers import _validation as check


def batchnorm_forward(x, gamma, beta, bn_param):
    """Forward pass of batch normalization.

    In training, out = gamma · (x − mean) / √(variance + eps) + beta with the mean and variance of this batch (divided
    by N, not N − 1), and running averages of both are kept: running = momentum · running + (1 − momentum) · this one's.
    At test time the running averages take the place of the batch's.

    Parameters
    ----------
    x : ndarray, shape (N, D)
    gamma, beta : ndarray, shape (D,)
        The new scale and shift, to be learned.
    bn_param : dict
        'mode': 'train' or 'test'. Optional: 'eps' (1e-5), 'momentum' (0.9), 'running_mean' and 'running_var' (zeros of
        shape (D,)). As in CS231n, training puts new running averages into this dict. No other argument of any layer is
        ever changed, and the arrays in it are replaced, not written into.

    Returns
    -------
    out : ndarray, shape (N, D)
    cache : tuple
        For `batchnorm_backward`.

    Raises
    ------
    ValueError
        The shapes do not fit, a key is missing or unknown, eps or momentum is out of range, or the mode is unknown.

    References
    ----------
    Ioffe and Szegedy, "Batch normalization: accelerating deep network training by reducing internal covariate shift",
    2015.
    """
    x = check.real_array("x", x, 2, " (N, D)")
    out, cache = _normalize(x.T, gamma, beta, bn_param)
    return out.T, cache


def batchnorm_backward(dout, cache):
    """Backward pass of batch normalization.

    With x̂ = (x − mean) / σ, the mean and σ depend on every x of the batch, and what flows through them takes away the
    mean of the gradient and its part along x̂:

        dx = gamma / σ · (dout − mean(dout) − x̂ · mean(dout · x̂)).

    At test time mean and σ are constants, and dx = gamma / σ · dout.

    Parameters
    ----------
    dout : ndarray, shape (N, D)
        Upstream gradient.
    cache : tuple
        From `batchnorm_forward`.

    Returns
    -------
    dx : ndarray, shape (N, D)
    dgamma, dbeta : ndarray, shape (D,)
    """
    dout = check.real_array("dout", dout, 2, " (N, D)")
    dx, dgamma, dbeta = _normalize_backward(dout.T, cache)
    return dx.T, dgamma, dbeta


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    """Forward pass of batch normalization for images.

    Each channel is one feature, and the pixels of all images are its batch.

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
    gamma, beta : ndarray, shape (C,)
    bn_param : dict
        As for `batchnorm_forward`, with running averages of shape (C,).

    Returns
    -------
    out : ndarray, shape (N, C, H, W)
    cache : tuple
        For `spatial_batchnorm_backward`.
    """
    x = check.real_array("x", x, 4, " (N, C, H, W)")
    pixels = _fast.batch_last(x)
    out, cache = _normalize(pixels.reshape(x.shape[1], -1), gamma, beta, bn_param)
    return _fast.batch_first(out.reshape(pixels.shape)), cache


def spatial_batchnorm_backward(dout, cache):
    """Backward pass of batch normalization for images.

    Parameters
    ----------
    dout : ndarray, shape (N, C, H, W)
        Upstream gradient.
    cache : tuple
        From `spatial_batchnorm_forward`.

    Returns
    -------
    dx : ndarray, shape (N, C, H, W)
    dgamma, dbeta : ndarray, shape (C,)
    """
    dout = check.real_array("dout", dout, 4, " (N, C, H, W)")
    pixels = _fast.batch_last(dout)
    dx, dgamma, dbeta = _normalize_backward(pixels.reshape(dout.shape[1], -1), cache)
    return _fast.batch_first(dx.reshape(pixels.shape)), dgamma, dbeta


def _normalize(x, gamma, beta, bn_param):
    """`batchnorm_forward` with the features as rows: x is (D, M), and each row is normalized by itself."""
    D = len(x)
    gamma, beta = check.vector("gamma", gamma, D, "feature"), check.vector("beta", beta, D, "feature")
    x, gamma, beta = check.common_float(x, gamma, beta)
    mode, eps, momentum, running = _read(bn_param, D, x.dtype)
    training = mode == "train"
    mean, variance = np.empty((2, D), dtype=x.dtype) if training else running.values()
    deviation, out = np.empty_like(mean), np.empty_like(x)

    def work(features):
        rows = out[features]
        if training:
            mean[features] = x[features].mean(axis=1)
        np.subtract(x[features], _column(mean[features]), out=rows)
        if training:
            variance[features] = np.mean(rows * rows, axis=1)
        deviation[features] = np.sqrt(variance[features] + x.dtype.type(eps))
        rows *= _column(gamma[features] / deviation[features])
        rows += _column(beta[features])

    _fast.share_channels(work, x)
    if training:
        for key, ours in zip(running, (mean, variance), strict=True):
            bn_param[key] = (momentum * running[key] + (1 - momentum) * ours).astype(x.dtype)
    return out, (x, mean, deviation, gamma, training)


def _normalize_backward(dout, cache):
    x, mean, deviation, gamma, training = cache
    dout = check.upstream(dout, x.shape).astype(x.dtype, copy=False)
    dx, (dgamma, dbeta) = np.empty_like(dout), np.empty((2, len(dout)), dtype=dout.dtype)

    def work(features):
        rows = dx[features]
        # x̂ once more: it is less work to compute it than to fetch it from where the forward pass would have left it.
        normal = x[features] - _column(mean[features])
        normal /= _column(deviation[features])
        dbeta[features] = dout[features].sum(axis=1)
        dgamma[features] = np.sum(dout[features] * normal, axis=1)
        slope = _column(gamma[features] / deviation[features])
        if training:
            normal *= _column(dgamma[features] / rows.shape[1])
            normal += _column(dbeta[features] / rows.shape[1])
            np.subtract(dout[features], normal, out=rows)
            rows *= slope
        else:
            np.multiply(dout[features], slope, out=rows)

    _fast.share_channels(work, dout)
    return dx, dgamma, dbeta


def _column(vector):
    return vector[:, np.newaxis]


def _read(bn_param, D, dtype):
    check.keys("bn_param", bn_param, ["mode"], ["eps", "momentum", "running_mean", "running_var"])
    mode, eps, momentum = bn_param["mode"], bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    check.mode("bn_param", mode)
    if not eps > 0:
        raise ValueError(f"bn_param['eps'] must be above 0; got {eps}.")
    if not 0 <= momentum <= 1:
        raise ValueError(f"bn_param['momentum'] must be from 0 to 1; got {momentum}.")
    running = {
        key: check.vector(f"bn_param[{key!r}]", bn_param.get(key, np.zeros(D)), D, "feature").astype(dtype)
        for key in ("running_mean", "running_var")
    }
    return mode, eps, momentum, running
