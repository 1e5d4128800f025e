"""Right and wrong ways to write the backward pass of batch and spatial batch normalization, as students do."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, mistake, plain
from .batchnorm_forward import batchnorm_in_steps, spatial_by_axes


@plain("batchnorm_backward")
def batchnorm_backward(dout, cache):
    x, x_hat, gamma, mean, var, eps = cache
    N = x.shape[0]
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * x_hat, axis=0)
    dx_hat = dout * gamma
    std = np.sqrt(var + eps)
    dvar = np.sum(dx_hat * (x - mean), axis=0) * -0.5 * std**-3
    dmean = -np.sum(dx_hat, axis=0) / std
    dx = dx_hat / std + dvar * 2 * (x - mean) / N + dmean / N
    return dx, dgamma, dbeta


@plain("spatial_batchnorm_backward")
def spatial_batchnorm_backward(dout, cache):
    x, x_hat, gamma, mean, var, eps = cache
    shape = dout.shape
    dout = dout.transpose(0, 2, 3, 1).reshape(-1, shape[1])
    N = x.shape[0]
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * x_hat, axis=0)
    dx_hat = dout * gamma
    std = np.sqrt(var + eps)
    dvar = np.sum(dx_hat * (x - mean), axis=0) * -0.5 * std**-3
    dmean = -np.sum(dx_hat, axis=0) / std
    dx = dx_hat / std + dvar * 2 * (x - mean) / N + dmean / N
    dx = dx.reshape(shape[0], shape[2], shape[3], shape[1]).transpose(0, 3, 1, 2)
    return dx, dgamma, dbeta


for _target in ("batchnorm_backward", "spatial_batchnorm_backward"):

    def _e(name, hint, *changes, _target=_target):
        edit(_target, name, hint, *changes)

    _e(
        "variance-term-missing",
        "x reaches out through the variance too; that term of dx is missing.",
        (" + dvar * 2 * (x - mean) / N", ""),
    )
    _e("mean-term-missing", "x reaches out through the mean too; that term of dx is missing.", (" + dmean / N", ""))
    _e(
        "mean-and-variance-held-fixed",
        "mean and variance depend on x; both of their terms are missing from dx.",
        (" + dvar * 2 * (x - mean) / N + dmean / N", ""),
    )
    _e(
        "gamma-missing",
        "gamma is missing from dx: dx_hat = dout · gamma.",
        ("dx_hat = dout * gamma", "dx_hat = dout.copy()"),
    )
    _e("mean-term-not-averaged", "The mean's term is not divided by N.", ("dmean / N", "dmean"))
    _e(
        "variance-term-not-averaged",
        "The variance's term is not divided by N.",
        (" * 2 * (x - mean) / N", " * 2 * (x - mean)"),
    )
    _e("factor-2-missing", "The factor 2 of the square is missing from the variance's term.", ("dvar * 2 *", "dvar *"))
    _e(
        "power-of-the-root",
        "The variance's term has the wrong power: −0.5 · (var + eps)^(−3/2).",
        ("std**-3", "std**-1"),
    )
    _e("minus-half-missing", "The factor −0.5 of the root is missing.", ("* -0.5 * std", "* std"))
    _e(
        "sign-of-the-mean-term",
        "The mean's term has the wrong sign.",
        ("-np.sum(dx_hat, axis=0) / std", "np.sum(dx_hat, axis=0) / std"),
    )
    _e("eps-missing", "eps is missing from the root in the backward.", ("np.sqrt(var + eps)", "np.sqrt(var)"))
    _e(
        "eps-hard-coded",
        "eps is hard-coded in the backward. Keep the forward's own in the cache.",
        ("np.sqrt(var + eps)", "np.sqrt(var + 1e-5)"),
    )
    _e(
        "dgamma-without-x-hat",
        "dgamma is missing x_hat: sum of dout · x_hat.",
        ("dout * x_hat, axis=0)", "dout, axis=0)"),
    )
    _e("dgamma-from-x", "dgamma was made with x. Use the normalized x_hat.", ("dout * x_hat", "dout * x"))
    _e("dgamma-from-out", "dgamma was made with gamma · x_hat. Use x_hat.", ("dout * x_hat", "dout * gamma * x_hat"))
    _e("dgamma-not-summed", "dgamma was not summed over the batch.", ("np.sum(dout * x_hat, axis=0)", "dout * x_hat"))
    _e(
        "dbeta-not-summed",
        "dbeta was not summed over the batch.",
        ("np.sum(dout, axis=0)\n    dgamma", "dout\n    dgamma"),
    )
    _e(
        "dbeta-averaged",
        "dbeta is a mean. Sum.",
        ("np.sum(dout, axis=0)\n    dgamma", "np.mean(dout, axis=0)\n    dgamma"),
    )
    _e(
        "kept-batch-axis",
        "The batch axis was kept. Sum over axis 0 without keepdims.",
        ("np.sum(dout, axis=0)\n    dgamma", "np.sum(dout, axis=0, keepdims=True)\n    dgamma"),
        ("np.sum(dout * x_hat, axis=0)", "np.sum(dout * x_hat, axis=0, keepdims=True)"),
    )
    _e(
        "gamma-and-beta-swapped",
        "dgamma and dbeta are swapped. Return dx, dgamma, dbeta.",
        ("return dx, dgamma, dbeta", "return dx, dbeta, dgamma"),
    )
    if _target == "batchnorm_backward":
        _e(
            "writes-dout",
            "dout itself was changed. Work on a copy.",
            ("    return dx", "    dout *= 0.5\n    return dx"),
        )
    else:
        _e(
            "writes-dout",
            "dout itself was changed. Work on a copy.",
            ("    shape = dout.shape\n", "    shape = dout.shape\n    given = dout\n"),
            ("    return dx", "    given *= 0.5\n    return dx"),
        )
        _e(
            "divided-by-images",
            "The terms were divided by the number of images. The mean runs over N·H·W entries.",
            ("N = x.shape[0]", "N = shape[0]"),
        )
        _e(
            "reshaped-without-transposing",
            "reshape(-1, C) without a transpose mixes channels. Move C to the end first: transpose(0, 2, 3, 1).",
            ("dout.transpose(0, 2, 3, 1).reshape(-1, shape[1])", "dout.reshape(-1, shape[1])"),
        )
        _e(
            "not-transposed-back",
            "The channels of dx were not moved back.",
            ("dx.reshape(shape[0], shape[2], shape[3], shape[1]).transpose(0, 3, 1, 2)", "dx.reshape(shape)"),
        )


for _target in ("batchnorm_backward", "spatial_batchnorm_backward"):
    edit(
        _target,
        "dgamma-from-centred-x",
        "dgamma was made with x − mean. Use x_hat, which is divided by the standard deviation too.",
        ("dout * x_hat", "dout * (x - mean)"),
    )
    edit(
        _target,
        "dgamma-for-gamma",
        "dx was made with dgamma where gamma belongs: dx_hat = dout · gamma.",
        ("dx_hat = dout * gamma", "dx_hat = dout * dgamma"),
    )


def running_in_cache(x, gamma, beta, bn_param):
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    running = [bn_param.get(name, np.zeros(x.shape[1])) for name in ("running_mean", "running_var")]
    mean, var = running
    if bn_param["mode"] == "train":
        mean, var = x.mean(axis=0), x.var(axis=0)
        running = [momentum * old + (1 - momentum) * new for old, new in zip(running, (mean, var), strict=True)]
        bn_param["running_mean"], bn_param["running_var"] = running
    x_hat = (x - mean) / np.sqrt(var + eps)
    return gamma * x_hat + beta, (x, x_hat, gamma, *running, eps)


@mistake(
    "batchnorm_backward",
    "running-statistics-in-backward",
    "The backward was given the running mean and variance. In training out was made with the batch's own: put these "
    "into the cache.",
    forward=running_in_cache,
)
def batchnorm_backward_from_running(dout, cache):
    x, x_hat, gamma, mean, var, eps = cache
    N = x.shape[0]
    dx_hat, std = dout * gamma, np.sqrt(var + eps)
    dvar = np.sum(dx_hat * (x - mean), axis=0) * -0.5 * std**-3
    dmean = -np.sum(dx_hat, axis=0) / std
    dx = dx_hat / std + dvar * 2 * (x - mean) / N + dmean / N
    return dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)


@alternative("batchnorm_backward", forward=batchnorm_in_steps)
def batchnorm_in_one_formula(dout, cache):
    c, ivar, gamma = cache["centred"], cache["ivar"], cache["gamma"]
    n = len(dout)
    hat = c * ivar
    dgamma = (dout * hat).sum(axis=0)
    dbeta = dout.sum(0)
    return gamma * ivar / n * (n * dout - dbeta - hat * dgamma), dgamma, dbeta


@alternative("batchnorm_backward")
def batchnorm_by_matrix(dout, cache):
    x, x_hat, gamma, mean, var, eps = cache
    n = len(x)
    dx = np.zeros(x.shape)
    for d in range(x.shape[1]):
        jacobian = (np.eye(n) - 1 / n - np.outer(x_hat[:, d], x_hat[:, d]) / n) / np.sqrt(var[d] + eps)
        dx[:, d] = jacobian @ (dout[:, d] * gamma[d])
    return dx, np.einsum("nd,nd->d", dout, x_hat), np.ones(n) @ dout


@alternative("spatial_batchnorm_backward", forward=spatial_by_axes)
def spatial_gradients_by_axes(dout, cache):
    hat, gamma, var = cache
    axes, n = (0, 2, 3), dout.size / dout.shape[1]
    dgamma, dbeta = (dout * hat).sum(axes), dout.sum(axes)
    scale = (gamma / np.sqrt(var)).reshape(1, -1, 1, 1)
    dx = scale * (dout - dbeta.reshape(1, -1, 1, 1) / n - hat * dgamma.reshape(1, -1, 1, 1) / n)
    return dx, dgamma, dbeta
