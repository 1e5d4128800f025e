"""Right and wrong ways to write layer normalization, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain


@plain("layernorm_forward")
def layernorm_forward(x, gamma, beta, ln_param):
    eps = ln_param.get("eps", 1e-5)
    mean = np.mean(x, axis=1, keepdims=True)
    var = np.var(x, axis=1, keepdims=True)
    x_hat = (x - mean) / np.sqrt(var + eps)
    out = gamma * x_hat + beta
    cache = (x, x_hat, gamma, mean, var, eps)
    return out, cache


for _name, _hint, _changes in [
    (
        "wrong-axis",
        "The statistics are each column's. Layer norm takes them over each row, axis=1.",
        [("np.mean(x, axis=1", "np.mean(x, axis=0"), ("np.var(x, axis=1", "np.var(x, axis=0")],
    ),
    (
        "eps-outside-root",
        "eps stands outside the root. It is sqrt(var + eps).",
        [("np.sqrt(var + eps)", "(np.sqrt(var) + eps)")],
    ),
    ("eps-missing", "eps is missing from the root.", [("np.sqrt(var + eps)", "np.sqrt(var)")]),
    ("eps-hard-coded", "eps is hard-coded. Take ln_param['eps'].", [('ln_param.get("eps", 1e-5)', "1e-5")]),
    (
        "eps-1e-8-by-default",
        "eps is 1e-8 where ln_param has none. Its default is 1e-5.",
        [('ln_param.get("eps", 1e-5)', 'ln_param.get("eps", 1e-8)')],
    ),
    (
        "keepdims-missing",
        "Without keepdims=True the means and variances, one for each row, are spread over the columns.",
        [
            ("np.mean(x, axis=1, keepdims=True)", "np.mean(x, axis=1)"),
            ("np.var(x, axis=1, keepdims=True)", "np.var(x, axis=1)"),
        ],
    ),
    ("no-root", "The square root is missing.", [("np.sqrt(var + eps)", "(var + eps)")]),
    ("gamma-missing", "gamma is missing.", [("gamma * x_hat + beta", "x_hat + beta")]),
    ("beta-missing", "beta is missing.", [("gamma * x_hat + beta", "gamma * x_hat")]),
    (
        "unbiased-variance",
        "The variance was divided by D − 1. Take the biased one, np.var.",
        [("np.var(x, axis=1, keepdims=True)", "np.var(x, axis=1, keepdims=True, ddof=1)")],
    ),
    (
        "one-mean-for-everything",
        "One mean was taken over everything. Take one for each row: axis=1.",
        [("np.mean(x, axis=1, keepdims=True)", "np.mean(x)"), ("np.var(x, axis=1, keepdims=True)", "np.var(x)")],
    ),
    ("writes-x", "x itself was changed. Work on a copy.", [("    out = ", "    x *= 0.5\n    out = ")]),
]:
    edit("layernorm_forward", _name, _hint, *_changes)


@alternative("layernorm_forward")
def layernorm_transposed(x, gamma, beta, ln_param):
    t = x.T
    mu, var = t.mean(axis=0), t.var(axis=0)
    hat = ((t - mu) / np.sqrt(var + ln_param.get("eps", 1e-5))).T
    return hat * gamma + beta, (hat, gamma, var + ln_param.get("eps", 1e-5))


@plain("layernorm_backward")
def layernorm_backward(dout, cache):
    x, x_hat, gamma, mean, var, eps = cache
    D = x.shape[1]
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * x_hat, axis=0)
    dx_hat = dout * gamma
    std = np.sqrt(var + eps)
    dvar = np.sum(dx_hat * (x - mean), axis=1, keepdims=True) * -0.5 * std**-3
    dmean = -np.sum(dx_hat, axis=1, keepdims=True) / std
    dx = dx_hat / std + dvar * 2 * (x - mean) / D + dmean / D
    return dx, dgamma, dbeta


for _name, _hint, _changes in [
    (
        "variance-term-missing",
        "x reaches out through the variance too; that term of dx is missing.",
        [(" + dvar * 2 * (x - mean) / D", "")],
    ),
    ("mean-term-missing", "x reaches out through the mean too; that term of dx is missing.", [(" + dmean / D", "")]),
    (
        "mean-and-variance-held-fixed",
        "mean and variance depend on x; both of their terms are missing from dx.",
        [(" + dvar * 2 * (x - mean) / D + dmean / D", "")],
    ),
    ("gamma-missing", "gamma is missing from dx.", [("dx_hat = dout * gamma", "dx_hat = dout.copy()")]),
    (
        "divided-by-batch",
        "The terms were divided by N. Each row's mean runs over D entries.",
        [("D = x.shape[1]", "D = x.shape[0]")],
    ),
    ("eps-missing", "eps is missing from the root in the backward.", [("np.sqrt(var + eps)", "np.sqrt(var)")]),
    (
        "dgamma-summed-over-features",
        "dgamma was summed over the features. gamma is shared by the batch: sum over axis 0.",
        [("np.sum(dout * x_hat, axis=0)", "np.sum(dout * x_hat, axis=1)")],
    ),
    (
        "dbeta-summed-over-features",
        "dbeta was summed over the features. beta is shared by the batch: sum over axis 0.",
        [("np.sum(dout, axis=0)", "np.sum(dout, axis=1)")],
    ),
    ("dgamma-without-x-hat", "dgamma is missing x_hat.", [("np.sum(dout * x_hat, axis=0)", "np.sum(dout, axis=0)")]),
    (
        "batch-norm",
        "The sums run over the batch: that is batch norm. Layer norm sums over each row, axis=1.",
        [("(x - mean), axis=1", "(x - mean), axis=0"), ("-np.sum(dx_hat, axis=1", "-np.sum(dx_hat, axis=0")],
    ),
    ("writes-dout", "dout itself was changed. Work on a copy.", [("    return dx", "    dout *= 0.5\n    return dx")]),
]:
    edit("layernorm_backward", _name, _hint, *_changes)


@alternative("layernorm_backward", forward=layernorm_transposed)
def layernorm_in_one_formula(dout, cache):
    hat, gamma, var = cache
    g = dout * gamma
    d = dout.shape[1]
    dx = (d * g - g.sum(1, keepdims=True) - hat * (g * hat).sum(1, keepdims=True)) / (d * np.sqrt(var)[:, None])
    return dx, (dout * hat).sum(0), dout.sum(0)
