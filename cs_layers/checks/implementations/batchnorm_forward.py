"""Right and wrong ways to write the forward pass of batch and spatial batch normalization, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, mistake, plain


@plain("batchnorm_forward")
def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps, momentum = bn_param["mode"], bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    N, D = x.shape
    running_mean = bn_param.get("running_mean", np.zeros(D))
    running_var = bn_param.get("running_var", np.zeros(D))
    cache = None
    if mode == "train":
        mean = np.mean(x, axis=0)
        var = np.var(x, axis=0)
        x_hat = (x - mean) / np.sqrt(var + eps)
        out = gamma * x_hat + beta
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
        cache = (x, x_hat, gamma, mean, var, eps)
    else:
        x_hat = (x - running_mean) / np.sqrt(running_var + eps)
        out = gamma * x_hat + beta
    bn_param["running_mean"] = running_mean
    bn_param["running_var"] = running_var
    return out, cache


@plain("spatial_batchnorm_forward")
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps, momentum = bn_param["mode"], bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    N, C, H, W = x.shape
    rows = x.transpose(0, 2, 3, 1).reshape(-1, C)
    running_mean = bn_param.get("running_mean", np.zeros(C))
    running_var = bn_param.get("running_var", np.zeros(C))
    cache = None
    if mode == "train":
        mean = np.mean(rows, axis=0)
        var = np.var(rows, axis=0)
        x_hat = (rows - mean) / np.sqrt(var + eps)
        out = gamma * x_hat + beta
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
        cache = (rows, x_hat, gamma, mean, var, eps)
    else:
        x_hat = (rows - running_mean) / np.sqrt(running_var + eps)
        out = gamma * x_hat + beta
    bn_param["running_mean"] = running_mean
    bn_param["running_var"] = running_var
    out = out.reshape(N, H, W, C).transpose(0, 3, 1, 2)
    return out, cache


for _target, _x in (("batchnorm_forward", "x"), ("spatial_batchnorm_forward", "rows")):

    def _e(name, hint, *changes, _target=_target):
        edit(_target, name, hint, *changes)

    _train_hat, _test_hat = f"({_x} - mean) / np.sqrt(var + eps)", f"({_x} - running_mean) / np.sqrt(running_var + eps)"
    _both_eps = "eps stands outside the root. It is sqrt(var + eps)."
    _e("eps-outside-root", _both_eps, (_train_hat, f"({_x} - mean) / (np.sqrt(var) + eps)"))
    _e("eps-outside-root-at-test-time", _both_eps, (_test_hat, f"({_x} - running_mean) / (np.sqrt(running_var) + eps)"))
    _e(
        "eps-outside-root-everywhere",
        _both_eps,
        (_train_hat, f"({_x} - mean) / (np.sqrt(var) + eps)"),
        (_test_hat, f"({_x} - running_mean) / (np.sqrt(running_var) + eps)"),
    )
    _e("eps-missing", "eps is missing from the root: sqrt(var + eps).", (_train_hat, f"({_x} - mean) / np.sqrt(var)"))
    _e(
        "eps-missing-at-test-time",
        "eps is missing at test time: sqrt(running_var + eps).",
        (_test_hat, f"({_x} - running_mean) / np.sqrt(running_var)"),
    )
    _e("eps-hard-coded", "eps is hard-coded. Take bn_param['eps'].", ('bn_param.get("eps", 1e-5)', "1e-5"))
    _e(
        "eps-1e-8-by-default",
        "eps is 1e-8 where bn_param has none. Its default is 1e-5.",
        ('bn_param.get("eps", 1e-5)', 'bn_param.get("eps", 1e-8)'),
    )
    _e(
        "eps-1e-8-hard-coded",
        "An eps of 1e-8 is hard-coded. Take bn_param['eps'], 1e-5 where there is none.",
        ('bn_param.get("eps", 1e-5)', "1e-8"),
    )
    _e(
        "running-statistics-kept-axes",
        "running_mean and running_var kept axes of length 1. They have gamma's shape: take the mean without keepdims.",
        ('bn_param["running_mean"] = running_mean', 'bn_param["running_mean"] = running_mean.reshape(1, -1)'),
        ('bn_param["running_var"] = running_var', 'bn_param["running_var"] = running_var.reshape(1, -1)'),
    )
    _e(
        "eps-in-running-variance",
        "running_var was fed with var + eps. eps belongs under the root alone; feed the batch's own variance.",
        ("+ (1 - momentum) * var\n", "+ (1 - momentum) * (var + eps)\n"),
    )
    _e(
        "eps-hard-coded-at-test-time",
        "eps is hard-coded at test time. Take bn_param['eps'].",
        (_test_hat, _test_hat.replace("eps", "1e-5")),
    )
    _e(
        "momentum-hard-coded",
        "momentum is hard-coded. Take bn_param['momentum'].",
        ('bn_param.get("momentum", 0.9)', "0.9"),
    )
    _e(
        "no-root",
        "The square root is missing: divide by the standard deviation.",
        (_train_hat, f"({_x} - mean) / (var + eps)"),
    )
    _e(
        "no-root-at-test-time",
        "The square root is missing at test time: divide by the standard deviation.",
        (_test_hat, f"({_x} - running_mean) / (running_var + eps)"),
    )
    _e(
        "gamma-missing",
        "gamma is missing: out = gamma · x_hat + beta.",
        ("        out = gamma * x_hat + beta\n        running", "        out = x_hat + beta\n        running"),
    )
    _e(
        "beta-missing",
        "beta is missing: out = gamma · x_hat + beta.",
        ("        out = gamma * x_hat + beta\n        running", "        out = gamma * x_hat\n        running"),
    )
    _e(
        "gamma-and-beta-missing-at-test-time",
        "gamma and beta are missing at test time.",
        (
            "    else:\n        x_hat = " + _test_hat + "\n        out = gamma * x_hat + beta",
            "    else:\n        x_hat = " + _test_hat + "\n        out = x_hat",
        ),
    )
    _e(
        "batch-statistics-at-test-time",
        "At test time the batch's own mean and variance were used. Use running_mean and running_var.",
        (_test_hat, f"({_x} - {_x}.mean(axis=0)) / np.sqrt({_x}.var(axis=0) + eps)"),
    )
    _e(
        "running-statistics-in-training",
        "In training the running statistics were used. Use the batch's own mean and variance.",
        (_train_hat, _test_hat),
    )
    _e(
        "running-statistics-not-kept",
        "running_mean and running_var were not put back into bn_param.",
        ('    bn_param["running_mean"] = running_mean\n    bn_param["running_var"] = running_var\n', ""),
    )
    _e(
        "running-weights-swapped",
        "momentum weighs the old value: momentum · running + (1 − momentum) · batch. Here the weights are swapped.",
        ("momentum * running_mean + (1 - momentum) * mean", "(1 - momentum) * running_mean + momentum * mean"),
        ("momentum * running_var + (1 - momentum) * var", "(1 - momentum) * running_var + momentum * var"),
    )
    _e(
        "momentum-for-both",
        "The batch's statistics are weighed by momentum too. Theirs is 1 − momentum.",
        ("running_mean + (1 - momentum) * mean", "running_mean + momentum * mean"),
        ("running_var + (1 - momentum) * var", "running_var + momentum * var"),
    )
    _e(
        "running-mean-in-running-var",
        "running_var was fed with the mean.",
        ("running_var + (1 - momentum) * var", "running_var + (1 - momentum) * mean"),
    )
    _e(
        "running-var-not-updated",
        "running_var was not updated.",
        ("        running_var = momentum * running_var + (1 - momentum) * var\n", ""),
    )
    _e(
        "running-deviation",
        "running_var was fed with the standard deviation. Feed it the variance.",
        ("running_var + (1 - momentum) * var", "running_var + (1 - momentum) * np.sqrt(var)"),
    )
    _e(
        "running-deviation-with-eps",
        "running_var was fed with the standard deviation. Feed it the variance.",
        ("running_var + (1 - momentum) * var", "running_var + (1 - momentum) * np.sqrt(var + eps)"),
    )
    _e(
        "running-statistics-replaced",
        "The running statistics were replaced by the batch's. Average: momentum · running + (1 − momentum) · batch.",
        ("momentum * running_mean + (1 - momentum) * mean", "mean"),
        ("momentum * running_var + (1 - momentum) * var", "var"),
    )
    _e(
        "writes-x",
        "x itself was changed. Work on a copy.",
        ('    bn_param["running_mean"] = ', '    x *= 0.5\n    bn_param["running_mean"] = '),
    )
    _e(
        "unbiased-variance",
        "The variance was divided by N − 1. Normalize with the biased one, np.var.",
        (f"var = np.var({_x}, axis=0)", f"var = np.var({_x}, axis=0, ddof=1)"),
    )
    if _x == "x":
        _e(
            "wrong-axis",
            "The statistics are each row's. Batch norm takes them over the batch, axis=0.",
            ("np.mean(x, axis=0)", "np.mean(x, axis=1, keepdims=True)"),
            ("np.var(x, axis=0)", "np.var(x, axis=1, keepdims=True)"),
            ('    bn_param["running_mean"] = running_mean\n    bn_param["running_var"] = running_var\n', ""),
        )
        _e(
            "one-mean-for-everything",
            "One mean and variance were taken over everything. Take one for each column: axis=0.",
            ("np.mean(x, axis=0)", "np.mean(x)"),
            ("np.var(x, axis=0)", "np.var(x)"),
        )
    else:
        _e(
            "reshaped-without-transposing",
            "reshape(-1, C) without a transpose mixes channels. Move C to the end first: transpose(0, 2, 3, 1).",
            ("x.transpose(0, 2, 3, 1).reshape(-1, C)", "x.reshape(-1, C)"),
            ("out.reshape(N, H, W, C).transpose(0, 3, 1, 2)", "out.reshape(N, C, H, W)"),
        )
        _e(
            "not-transposed-back",
            "The channels were not moved back: transpose(0, 3, 1, 2) after the reshape to (N, H, W, C).",
            ("out.reshape(N, H, W, C).transpose(0, 3, 1, 2)", "out.reshape(N, C, H, W)"),
        )
        _e(
            "height-and-width-swapped",
            "Height and width are swapped.",
            ("reshape(N, H, W, C).transpose(0, 3, 1, 2)", "reshape(N, H, W, C).transpose(0, 3, 2, 1)"),
        )
        _e(
            "h-for-w",
            "W was used for H where the rows are put back together.",
            ("out.reshape(N, H, W, C)", "out.reshape(N, W, H, C)"),
        )


edit(
    "batchnorm_forward",
    "one-variance-for-everything",
    "One variance was taken over everything. Take one for each column: axis=0.",
    ("np.var(x, axis=0)", "np.mean((x - mean) ** 2) * np.ones(D)"),
)


edit(
    "batchnorm_forward",
    "one-sum-of-squares-for-everything",
    "The squares were summed over everything and divided by N. Each column has its own sum: axis=0.",
    ("np.var(x, axis=0)", "np.sum((x - mean) ** 2) / N * np.ones(D)"),
)


for _letter, _name in (("mean", "running_mean"), ("var", "running_var")):
    edit(
        "spatial_batchnorm_forward",
        f"{_name.replace('_', '-')}-kept-axes",
        f"{_name} was fed with an array of shape (1, C, 1, 1). It has gamma's shape, (C,): reshape it first.",
        (f"{_name} + (1 - momentum) * {_letter}\n", f"{_name} + (1 - momentum) * {_letter}.reshape(1, -1, 1, 1)\n"),
    )


@mistake(
    "spatial_batchnorm_forward",
    "running-statistics-of-four-axes",
    "running_mean and running_var are kept with shape (1, C, 1, 1). They have gamma's shape, (C,), in bn_param: "
    "reshape them where they meet x.",
)
def four_axes_all_the_way(x, gamma, beta, bn_param):
    mode, eps, momentum = bn_param["mode"], bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    shape = (1, x.shape[1], 1, 1)
    running_mean = bn_param.get("running_mean", np.zeros(shape))
    running_var = bn_param.get("running_var", np.zeros(shape))
    gamma, beta = gamma.reshape(shape), beta.reshape(shape)
    if mode == "train":
        mean, var = x.mean(axis=(0, 2, 3), keepdims=True), x.var(axis=(0, 2, 3), keepdims=True)
        out = gamma * (x - mean) / np.sqrt(var + eps) + beta
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    else:
        out = gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta
    bn_param["running_mean"] = running_mean
    bn_param["running_var"] = running_var
    return out, None


@alternative("batchnorm_forward")
def batchnorm_in_steps(x, gamma, beta, bn_param):
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    if bn_param["mode"] == "train":
        mu = x.sum(axis=0) / x.shape[0]
        centred = x - mu
        var = np.mean(centred**2, axis=0)
        ivar = 1.0 / np.sqrt(var + eps)
        bn_param["running_mean"] = momentum * bn_param.get("running_mean", 0) + (1 - momentum) * mu
        bn_param["running_var"] = momentum * bn_param.get("running_var", 0) + (1 - momentum) * var
        return centred * ivar * gamma + beta, {"centred": centred, "ivar": ivar, "gamma": gamma}
    scale = gamma / np.sqrt(bn_param["running_var"] + eps)
    return x * scale + (beta - bn_param["running_mean"] * scale), None


@alternative("spatial_batchnorm_forward")
def spatial_by_axes(x, gamma, beta, bn_param):
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    mean, var = bn_param.get("running_mean", np.zeros(x.shape[1])), bn_param.get("running_var", np.zeros(x.shape[1]))
    if bn_param["mode"] == "train":
        mu, sigma = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
        bn_param["running_mean"] = momentum * mean + (1 - momentum) * mu
        bn_param["running_var"] = momentum * var + (1 - momentum) * sigma
        mean, var = mu, sigma
    hat = (x - mean[None, :, None, None]) / np.sqrt(var[None, :, None, None] + eps)
    return gamma.reshape(1, -1, 1, 1) * hat + beta.reshape(1, -1, 1, 1), (hat, gamma, var + eps)


_OUT = "        out = gamma * x_hat + beta\n"
for _target, _x in (("batchnorm_forward", "x"), ("spatial_batchnorm_forward", "rows")):
    for _name, _hint, *_changes in [
        (
            "eps-1e-3-by-default",
            "eps is 1e-3 where bn_param has none. Its default is 1e-5.",
            ('bn_param.get("eps", 1e-5)', 'bn_param.get("eps", 1e-3)'),
        ),
        (
            "momentum-0.99-by-default",
            "momentum is 0.99 where bn_param has none. Its default is 0.9.",
            ('bn_param.get("momentum", 0.9)', 'bn_param.get("momentum", 0.99)'),
        ),
        (
            "beta-multiplied",
            "beta was multiplied in training. Add it: out = gamma · x_hat + beta.",
            (_OUT + "        running_mean", "        out = gamma * x_hat * beta\n        running_mean"),
        ),
        (
            "gamma-and-beta-swapped",
            "gamma and beta are swapped in training: out = gamma · x_hat + beta.",
            (_OUT + "        running_mean", "        out = beta * x_hat + gamma\n        running_mean"),
        ),
        (
            "gamma-missing-at-test-time",
            "gamma is missing at test time: out = gamma · x_hat + beta.",
            (_OUT + '    bn_param["running_mean"]', '        out = x_hat + beta\n    bn_param["running_mean"]'),
        ),
        (
            "beta-missing-at-test-time",
            "beta is missing at test time: out = gamma · x_hat + beta.",
            (_OUT + '    bn_param["running_mean"]', '        out = gamma * x_hat\n    bn_param["running_mean"]'),
        ),
        (
            "mean-missing-at-test-time",
            "At test time the running mean was not subtracted.",
            ("(" + _x + " - running_mean) / np.sqrt(running_var + eps)", _x + " / np.sqrt(running_var + eps)"),
        ),
    ]:
        edit(_target, _name, _hint, *_changes)


for _name, _hint, *_changes in [
    (
        "mean-divided-by-columns",
        "The sum was divided by D, the number of columns. A mean over the batch is divided by N.",
        ("np.mean(x, axis=0)", "np.sum(x, axis=0) / D"),
        ("np.var(x, axis=0)", "np.mean((x - mean) ** 2, axis=0)"),
    ),
    (
        "variance-divided-by-columns",
        "The squares' sum was divided by D, the number of columns. A variance over the batch is divided by N.",
        ("np.var(x, axis=0)", "np.sum((x - mean) ** 2, axis=0) / D"),
    ),
    (
        "mean-of-squares-for-variance",
        "The variance lacks the mean: it is the mean of (x − mean)².",
        ("np.var(x, axis=0)", "np.mean(x**2, axis=0)"),
    ),
    (
        "mean-of-distances-for-variance",
        "The variance is the mean of (x − mean)², not of |x − mean|.",
        ("np.var(x, axis=0)", "np.mean(np.abs(x - mean), axis=0)"),
    ),
]:
    edit("batchnorm_forward", _name, _hint, *_changes)
