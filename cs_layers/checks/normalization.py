"""Checks of batch, spatial batch and layer normalization.

Training: out = gamma (x − mean)/sqrt(var + eps) + beta with the batch's own mean and (biased) variance, and running =
momentum · running + (1 − momentum) · batch, kept in bn_param. Testing: the running statistics in their place. The
running variance may be fed with the biased or the unbiased variance: both are in use. The cache is free, so a
backward is always fed from the student's own forward where that is right. Points: forward out 2, running statistics
1; backward dx 2, dgamma 1, dbeta 1 parts.
"""

from __future__ import annotations

import itertools

import numpy as np

from .arrays import readonly
from .calls import Missing, Raised, copy_of, touched, unpack
from .compare import compare
from .engine import Case, Outcome, Task, backward_run, repeat_backward, repeat_forward
from .report import Cause

_READ = "x1_init_norm_dropout"


def _forward_run(functions, case, guard):
    args = {n: copy_of(v) for n, v in case.args.items()}
    result = guard(functions[0], *args.values())
    values = unpack(result, ("out", "cache"))
    values.pop("cache")
    param = list(args.values())[-1]
    for name in ("running_mean", "running_var"):
        if name in case.expected:
            values[name] = (
                param.get(name) if values["out"] is not None and not _failed(values["out"]) else values["out"]
            )
    arrays = {n: v for n, v in case.args.items() if isinstance(v, np.ndarray)}
    for name in touched(arrays, args):
        values["~" + name] = True
    return Outcome(values)


def _failed(value):
    return isinstance(value, (Raised, Missing))


def _normalize(x, axis, eps):
    mean, var = x.mean(axis=axis, keepdims=True), x.var(axis=axis, keepdims=True)
    return (x - mean) / np.sqrt(var + eps), mean, var


def _gradients(dout, x, gamma, axis, eps, per):
    """dx, dgamma, dbeta of out = gamma · x_hat + beta, from the chain rule through mean and variance."""
    x_hat, mean, var = _normalize(x, axis, eps)
    g = dout * gamma
    n = np.prod([x.shape[a] for a in (axis if isinstance(axis, tuple) else (axis,))])
    dvar = (g * (x - mean)).sum(axis=axis, keepdims=True) * -0.5 * (var + eps) ** -1.5
    dmean = (-g / np.sqrt(var + eps)).sum(axis=axis, keepdims=True)
    dx = g / np.sqrt(var + eps) + dvar * 2 * (x - mean) / n + dmean / n
    return {"dx": dx, "dgamma": (dout * x_hat).sum(axis=per), "dbeta": dout.sum(axis=per)}


_SETTINGS = [
    ({}, set()),
    ({"eps": 1e-2}, {"eps not 1e-5"}),
    ({"eps": 0.3, "momentum": 0.5}, {"eps not 1e-5", "momentum not 0.9"}),
    ({"momentum": 0.7}, {"momentum not 0.9"}),
]


def _train_cases(rng, shapes, spatial):
    cases = []
    for k, shape in enumerate(shapes):
        param, tags = _SETTINGS[k % 4]
        c = shape[1]
        x = rng.normal(size=shape) * _wide(0.2 + 2 * rng.random(c), spatial) + _wide(rng.normal(size=c) * 3, spatial)
        gamma, beta = rng.normal(size=c) + 0.5, rng.normal(size=c)
        state = {} if k % 2 == 0 else {"running_mean": rng.normal(size=c), "running_var": rng.random(c) + 0.5}
        if "eps" in param and param["eps"] > 0.1:
            x = 0.3 * x
        if k == len(shapes) - 1:
            x, gamma, beta, tags = readonly(x), readonly(gamma), readonly(beta), tags | {"read-only inputs"}
        if spatial and shape[2] != shape[3]:
            tags = tags | {"H ≠ W"}
        yield (
            x,
            gamma,
            beta,
            {"mode": "train", **param, **state},
            frozenset(tags | ({"running statistics given"} if state else set())),
        )
    return cases


def _wide(v, spatial):
    return v[:, None, None] if spatial else v


def _batch_cases(shapes, spatial):
    axis = (0, 2, 3) if spatial else 0

    def cases_of(rng):
        cases = []
        for x, gamma, beta, param, tags in _train_cases(rng, shapes, spatial):
            x_hat, mean, var = _normalize(x, axis, param.get("eps", 1e-5))
            c, n, momentum = x.shape[1], x.size // x.shape[1], param.get("momentum", 0.9)
            old_mean, old_var = param.get("running_mean", np.zeros(c)), param.get("running_var", np.zeros(c))
            expected = {
                "out": x_hat * _wide(gamma, spatial) + _wide(beta, spatial),
                "running_mean": momentum * old_mean + (1 - momentum) * mean.ravel(),
                "running_var": _either(
                    *(momentum * old_var + (1 - momentum) * var.ravel() * f for f in (1, n / (n - 1)))
                ),
            }
            args = {"x": x, "gamma": gamma, "beta": beta, "bn_param": param}
            cases.append(
                Case(
                    args,
                    expected,
                    tags | {"mode train"},
                    {"N": x.shape[0]},
                    plain=not tags - {"running statistics given"},
                )
            )
        for shape, eps in ((shapes[0], None), (shapes[1], 0.2), (shapes[2], None), ((1, *shapes[0][1:]), None)):
            c = shape[1]
            x, gamma, beta = rng.normal(size=shape) * 2 + 1, rng.normal(size=c) + 0.5, rng.normal(size=c)
            mean, var = rng.normal(size=c), rng.random(c) * 0.5 + 0.05
            param = {"mode": "test", "running_mean": mean, "running_var": var, **({"eps": eps} if eps else {})}
            x_hat = (x - _wide(mean, spatial)) / np.sqrt(_wide(var, spatial) + (eps or 1e-5))
            expected = {
                "out": x_hat * _wide(gamma, spatial) + _wide(beta, spatial),
                "running_mean": mean,
                "running_var": var,
            }
            tags = {"mode test"} | ({"eps not 1e-5", "mode test and eps not 1e-5"} if eps else set())
            if spatial and shape[2] != shape[3]:
                tags.add("H ≠ W")
            args = {"x": x, "gamma": gamma, "beta": beta, "bn_param": param}
            cases.append(Case(args, expected, frozenset(tags), {"N": x.shape[0]}, plain=not eps))
        return cases

    return cases_of


def _either(first, second):
    def judge(value):
        wrong = compare(value, first)
        return wrong and (None if compare(value, second) is None else wrong)

    judge.expected = first
    return judge


def _batch_backward_cases(shapes, spatial):
    axis = (0, 2, 3) if spatial else 0

    def cases_of(rng):
        cases = []
        for x, gamma, beta, param, tags in _train_cases(rng, shapes, spatial):
            eps = param.setdefault("eps", 1e-5)  # a forward's own defaults are the forward's affair
            param.setdefault("momentum", 0.9)
            dout = rng.normal(size=x.shape) + 0.4
            if "read-only inputs" in tags:
                dout = readonly(dout)
            args = {"x": x, "gamma": gamma, "beta": beta, "bn_param": param}
            expected = _gradients(dout, x, _wide(gamma, spatial), axis, eps, axis)
            case = Case(args, expected, tags, {"N": x.shape[0]}, plain=not tags - {"running statistics given"})
            out = _normalize(x, axis, eps)[0] * _wide(gamma, spatial) + _wide(beta, spatial)
            case.extra = {"dout": dout, "out": out}
            case.like = {"dx": ", like x", "dgamma": ", like gamma", "dbeta": ", like beta"}
            cases.append(case)
        return cases

    return cases_of


def _layer_inputs(rng):
    for k, shape in enumerate([(4, 5), (3, 7), (6, 3), (1, 6), (5, 5), (2, 4)]):
        param, tags = ({}, set()) if k % 2 == 0 else ({"eps": 0.05}, {"eps not 1e-5"})
        if shape[0] == 1:
            tags = tags | {"N = 1"}
        x = rng.normal(size=shape) * (0.3 + rng.random((shape[0], 1))) + rng.normal(size=(shape[0], 1))
        gamma, beta = rng.normal(size=shape[1]) + 0.5, rng.normal(size=shape[1])
        if k == 5:
            x, gamma, beta, tags = readonly(x), readonly(gamma), readonly(beta), tags | {"read-only inputs"}
        yield {"x": x, "gamma": gamma, "beta": beta, "ln_param": param}, frozenset(tags)


def _layer_cases(rng):
    cases = []
    for args, tags in _layer_inputs(rng):
        x, gamma, beta, param = args.values()
        out = _normalize(x, 1, param.get("eps", 1e-5))[0] * gamma + beta
        cases.append(Case(args, {"out": out}, tags, {"N": len(x), "D": x.shape[1]}, plain=not tags))
    return cases


def _layer_backward_cases(rng):
    cases = []
    for args, tags in _layer_inputs(rng):
        x, gamma, beta, param = args.values()
        eps = param.setdefault("eps", 1e-5)
        dout = rng.normal(size=x.shape) + 0.4
        case = Case(args, _gradients(dout, x, gamma, 1, eps, 0), tags, {"N": len(x), "D": x.shape[1]}, plain=not tags)
        case.extra = {"dout": dout, "out": _normalize(x, 1, eps)[0] * gamma + beta}
        case.like = {"dx": ", like x", "dgamma": ", like gamma", "dbeta": ", like beta"}
        cases.append(case)
    return cases


_PATTERNS = {
    "mode test and eps not 1e-5": (
        "eps-at-test-time",
        "It fails just at test time with another eps: use sqrt(running_var + bn_param['eps']) there too.",
    ),
    "eps not 1e-5": (
        "eps-hard-coded",
        "It fails just where eps is not 1e-5: eps is hard-coded, or stands outside the root. sqrt(var + eps).",
    ),
    "momentum not 0.9": (
        "momentum-hard-coded",
        "It fails just where momentum is not 0.9: it is hard-coded. Take bn_param['momentum'].",
    ),
    "mode test": (
        "test-mode",
        "It fails just in test mode, where running_mean and running_var, of gamma's shape, take the place of the "
        "batch's own mean and variance.",
    ),
    "mode train": (
        "train-mode",
        "It fails just in train mode: normalize with the batch's own mean and variance there.",
        "out",
    ),
    "running statistics given": (
        "running-statistics-ignored",
        "It fails just where bn_param already holds running statistics: begin from these.",
    ),
    "H ≠ W": ("h-for-w", "It fails just where images are not square: H is used somewhere for W."),
    "N = 1": ("batch-of-one", "A batch of one example is a batch too."),
    "read-only inputs": ("writes-input", "The function writes into one of its inputs. Work on a copy."),
}


def _terms_of_dx(axis):
    """A probe of a dx that no known mistake gives: which term of it, mean, variance or the direct one, is wrong?"""

    def probe(run):
        groups = {i: _groups(run.cases[i].args["x"], axis) for i in run.wrong("dx")}
        names = [_wrong_term(run, i, axis) for i in groups if groups[i].shape[1] > 4]  # few numbers fit anything
        name = max(names, key=names.count, default=None)  # a term may be right on some inputs by its size
        if name is None or names.count(name) < 0.6 * len(names):
            return []
        return [Cause(name, _TERMS[name], run.task.read, ("dx",), certain=False)]

    return probe


_TERMS = {
    "scale-of-dx": "dx is right but for a factor: look at gamma / √(var + eps), by which all of it is multiplied.",
    "dx-does-not-sum-to-0": "All x that share a mean may grow by the same number and nothing comes of it, so their dx "
    "sum to 0. Yours do not: each x reaches every out that shares its mean and variance, not its own alone.",
} | {
    "-and-".join(wrong) + "-term-wrong": "dx has a direct term, one through the mean and one through the variance. "
    f"Look at the one that is wrong here: {' and '.join(wrong)}."
    for count in (1, 2, 3)
    for wrong in itertools.combinations(("direct", "mean", "variance"), count)
}


def _wrong_term(run, i, axis):
    """The name in `_TERMS` of what is wrong with dx on one case, or None."""
    case, got = run.cases[i], run.outcomes[i].values.get("dx")
    right = case.expected["dx"]
    if not isinstance(got, np.ndarray) or got.shape != right.shape or not np.isfinite(got).all():
        return None
    x, gamma, dout = case.args["x"], case.args["gamma"], case.extra["dout"]
    direct = dout * _wide(gamma, x.ndim == 4)
    got, right, x_hat, direct = (_groups(a, axis) for a in (got, right, _normalize(x, axis, 0.0)[0], direct))
    if _left(got, [[row] for row in right])[1] < 1e-6:
        return "scale-of-dx"
    terms = [np.stack([g, np.ones_like(h), h]) for g, h in zip(direct, x_hat, strict=True)]
    weights, rest = _left(got, terms)
    if rest < 1e-6:
        due = _left(right, terms)[0]
        off = np.abs(weights - due).max(axis=0) > 1e-5 * np.abs(due).max()
        wrong = [name for name, differs in zip(("direct", "mean", "variance"), off, strict=True) if differs]
        return "-and-".join(wrong) + "-term-wrong" if wrong else None
    return "dx-does-not-sum-to-0" if np.abs(got.sum(axis=1)).max() > 1e-3 * np.abs(got).max() else None


def _left(rows, directions):
    """Weights of the directions that come nearest to each row, and the largest share of a row that they leave."""
    columns = [np.stack(d, axis=1) for d in directions]
    weights = [np.linalg.lstsq(a, row, rcond=None)[0] for a, row in zip(columns, rows, strict=True)]
    rest = [row - a @ w for a, row, w in zip(columns, rows, weights, strict=True)]
    return np.array(weights), np.abs(rest).max() / max(np.abs(rows).max(), 1e-30)


def _groups(a, axis):
    """One row for each mean: the entries that share it."""
    rest = [k for k in range(a.ndim) if k not in np.atleast_1d(axis)]
    return a.transpose(*rest, *np.atleast_1d(axis)).reshape(np.prod([a.shape[k] for k in rest], dtype=int), -1)


_FLAT = [(5, 4), (4, 3), (8, 5), (3, 4), (6, 1), (4, 4)]


_IMAGES = [(3, 4, 3, 3), (2, 3, 4, 4), (4, 2, 3, 5), (2, 4, 2, 3), (3, 1, 2, 4), (1, 3, 4, 4)]


def _feed(name):
    def feed(case):
        from .known import alternatives

        args = {n: copy_of(v) for n, v in case.args.items()}
        return alternatives(name)[0].function(*args.values())[1]

    return feed


def _tasks(prefix, forward_cases, backward_cases, axis, last):
    outputs = ("out", "running_mean", "running_var") if last == "bn_param" else ("out",)
    weights = {"out": 2, "running_mean": 0.5, "running_var": 0.5} if last == "bn_param" else {"out": 1}
    judge = Task(
        f"{prefix}_forward", ("out",), forward_cases, _forward_run, f"{prefix}_forward(x, gamma, beta, {last})"
    )
    forward = Task(
        f"{prefix}_forward",
        outputs,
        forward_cases,
        _forward_run,
        judge.call,
        weights,
        read=_READ,
        patterns=_PATTERNS,
        repeat=repeat_forward,
    )
    backward = Task(
        f"{prefix}_backward",
        ("dx", "dgamma", "dbeta"),
        backward_cases,
        backward_run(judge, ("dx", "dgamma", "dbeta"), _feed(f"{prefix}_forward")),
        f"{prefix}_backward(dout, cache)",
        {"dx": 2, "dgamma": 1, "dbeta": 1},
        read=_READ,
        patterns=_PATTERNS,
        probes=(_terms_of_dx(axis),),
        repeat=repeat_backward,
    )
    return forward, backward


BATCH_FORWARD, BATCH_BACKWARD = _tasks(
    "batchnorm", _batch_cases(_FLAT, False), _batch_backward_cases(_FLAT, False), 0, "bn_param"
)


SPATIAL_FORWARD, SPATIAL_BACKWARD = _tasks(
    "spatial_batchnorm", _batch_cases(_IMAGES, True), _batch_backward_cases(_IMAGES, True), (0, 2, 3), "bn_param"
)


LAYER_FORWARD, LAYER_BACKWARD = _tasks("layernorm", _layer_cases, _layer_backward_cases, 1, "ln_param")
