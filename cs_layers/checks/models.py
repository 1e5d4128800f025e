"""Checks of whole networks: initial weights, scores, loss and gradients with L2 regularization.

The classes are CS231n's: TwoLayerNet(input_dim, hidden_dim, num_classes, weight_scale, reg) and
ThreeLayerConvNet(input_dim, num_filters, filter_size, hidden_dim, num_classes, weight_scale, reg), both with
`.params` and `.loss(X, y=None)`. Parameters are set by the check, so that nothing depends on random draws; the
initial weights are judged by their statistics: normal, mean 0, standard deviation weight_scale, biases 0. loss adds
0.5 · reg · sum(W²) over weights. Points: initial weights 1, scores 2, loss 2, each gradient 1 part.
"""

from __future__ import annotations

import inspect

import numpy as np

from .compare import Difference, describe, number
from .convolution import reference_backward, reference_forward
from .engine import Case, Outcome, Raised, Task
from .losses import _log_probabilities, _probabilities
from .pooling import reference_backward as pool_backward
from .pooling import reference_forward as pool_forward
from .report import Cause

_POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}


def _run(functions, case, guard):
    """Make the network, look at its initial weights, set its parameters, ask for scores and for loss and gradients."""
    settings = _as_named(functions[0], case.extra["settings"])
    made = guard(lambda: functions[0](**settings, dtype=np.float64))
    if isinstance(made, Raised) and made.type == "TypeError":
        made = guard(lambda: functions[0](**settings))
    if isinstance(made, Raised):
        return Outcome(dict.fromkeys(case.expected, made))
    values = {"initial weights": guard(lambda: {k: made.params[k] for k in made.params})}
    if "params" not in case.extra:
        return Outcome(values)
    failed = guard(_set, made, case.extra["params"])
    if isinstance(failed, Raised):
        return Outcome({**values, **{o: failed for o in case.expected if o != "initial weights"}})
    x, y = case.args["X"].copy(), case.args["y"].copy()
    values["scores"] = guard(made.loss, x)
    result = guard(made.loss, x, y)
    if isinstance(result, (tuple, list)) and len(result) == 2 and isinstance(result[1], dict):
        values["loss"] = result[0]
        for key in case.extra["params"]:
            values[f"grads[{key!r}]"] = result[1].get(key)
    else:
        for output in case.expected:
            if output not in values:
                values[output] = result if isinstance(result, Raised) else None
    if not np.array_equal(x, case.args["X"]):
        values["~X"] = True
    return Outcome(values)


def _as_named(cls, settings):
    """Settings under the names that the class gives them: a parameter of another name is known by its place."""
    try:
        places = list(inspect.signature(cls).parameters.values())
    except (TypeError, ValueError):
        return settings
    names = [p.name for p in places if p.kind is p.POSITIONAL_OR_KEYWORD]
    if len(names) < len(settings):
        return settings
    taken = {key: name for key, name in zip(settings, names, strict=False) if key not in names and name not in settings}
    return {taken.get(key, key): value for key, value in settings.items()}


def _set(model, params):
    for key, value in params.items():
        model.params[key] = value.copy()
    if not all(np.array_equal(model.params[key], params[key]) for key in params):
        model.params = {key: value.copy() for key, value in params.items()}


def _initial(shapes, scale):
    """Judge initial weights by shape, mean, standard deviation and form; several standard errors of room."""

    def judge(params):
        if not isinstance(params, dict):
            return Difference("kind", f"are {describe(params)}, expected the dict self.params")
        for key, shape in shapes.items():
            value = params.get(key)
            if not isinstance(value, np.ndarray):
                return Difference("missing", f"lack {key!r}: self.params[{key!r}] is {describe(value)}")
            if value.shape != shape:
                cause = _cause_of_shape(key, value.shape, shape)
                return Difference("shape", f"have a {key} of shape {value.shape}, expected {shape}", cause=cause)
            if key.startswith("b"):
                if value.any():
                    return Difference("value", f"have a {key} that is not zero", cause=_BIAS)
                continue
            wrong = _not_normal(key, value, scale)
            if wrong:
                return wrong
        return None

    return judge


_ZERO = ("zero-weights", "The weights start at 0, so that all hidden units stay alike. Draw them at random.")


_UNIFORM = (
    "uniform-weights",
    "The weights are uniform. Draw them from a normal distribution: weight_scale * randn(…).",
)


_SCALE = ("scale-missing", "weight_scale is missing from a weight: weight_scale * randn(…).")


_FIXED = ("scale-hard-coded", "The scale of a weight is fixed. Take weight_scale.")


_OTHER = ("other-scale", "The scale follows from the layer's size (Xavier or He). Here it is weight_scale.")
_BIAS = ("biases-not-zero", "The biases do not start at 0.")


def _cause_of_shape(key, got, shape):
    if key.startswith("b"):
        return _BIAS_AXES if got == (1, *shape) else _BIAS_SIZE
    return _WEIGHT_AXES if sorted(got) == sorted(shape) else ()


_BIAS_SIZE = ("bias-of-another-size", "A bias has another layer's size. It has one entry for each output of its layer.")
_WEIGHT_AXES = (
    "weight-axes-swapped",
    "A weight has its axes in another order. They are (inputs, outputs), for filters (num_filters, C, HH, WW).",
)
_BIAS_AXES = ("biases-of-two-axes", "A bias has two axes. It has one: np.zeros(hidden_dim), np.zeros(num_classes).")


def _not_normal(key, w, scale):
    error = 5 / np.sqrt(w.size)
    mean, std = w.mean() / scale, w.std() / scale
    if not np.isfinite(std):
        return Difference("finite", f"have a {key} that is not finite")
    if std == 0:
        return Difference("value", f"have a {key} that is {number(w.flat[0])} everywhere", cause=_ZERO)
    spread = np.abs(w - w.mean()).max() / w.std()
    one_sided = w.size > 10 and (w.min() >= 0 or w.max() <= 0)
    uniform = _UNIFORM if (one_sided and spread < 2.5) or (w.size > 300 and spread < 1.8) else ()
    if abs(std - 1) > error:
        text = f"have a {key} with standard deviation {number(w.std())}, expected weight_scale = {scale:g}"
        fan_in = w.shape[0] if w.ndim == 2 else w[0].size
        by_size = any(abs(w.std() * np.sqrt(fan_in / k) - 1) < error for k in (1, 2))
        cause = uniform or (_SCALE if abs(w.std() - 1) < error else _OTHER if by_size else _FIXED)
        cause = cause if w.size >= 300 or uniform else ()
        return Difference("value", text, cause=cause)
    if abs(mean) > error:
        return Difference("value", f"have a {key} with mean {number(w.mean())}, expected about 0", cause=uniform)
    if w.size > 300 and uniform:
        text = f"have a {key} that is not normal: no entry is beyond 1.8 standard deviations, as if drawn uniformly"
        return Difference("value", text, cause=_UNIFORM)
    return None


def _softmax(scores, y):
    n = len(y)
    loss = -_log_probabilities(scores)[np.arange(n), y].mean()
    d = _probabilities(scores)
    d[np.arange(n), y] -= 1
    return loss, d / n


def _two_layer(x, y, p, reg):
    rows = x.reshape(len(x), -1)
    hidden = np.maximum(0, rows @ p["W1"] + p["b1"])
    scores = hidden @ p["W2"] + p["b2"]
    loss, d = _softmax(scores, y)
    dh = d @ p["W2"].T * (hidden > 0)
    grads = {"W2": hidden.T @ d, "b2": d.sum(0), "W1": rows.T @ dh, "b1": dh.sum(0)}
    return scores, *_regularized(loss, grads, p, reg)


def _regularized(loss, grads, p, reg):
    weights = [k for k in p if k.startswith("W")]
    loss = loss + 0.5 * reg * sum((p[k] ** 2).sum() for k in weights)
    return loss, {k: grads[k] + (reg * p[k] if k in weights else 0) for k in p}


def _conv_net(x, y, p, reg):
    pad = (p["W1"].shape[2] - 1) // 2
    conv = reference_forward(x, p["W1"], p["b1"], 1, pad)
    active = np.maximum(0, conv)
    pooled = pool_forward(active, _POOL, np.max)
    rows = pooled.reshape(len(x), -1)
    hidden = np.maximum(0, rows @ p["W2"] + p["b2"])
    scores = hidden @ p["W3"] + p["b3"]
    loss, d = _softmax(scores, y)
    dh = d @ p["W3"].T * (hidden > 0)
    dp = (dh @ p["W2"].T).reshape(pooled.shape)
    dc = pool_backward(dp, active, _POOL, "max") * (conv > 0)
    _, dw1, db1 = reference_backward(dc, x, p["W1"], 1, pad)
    grads = {"W1": dw1, "b1": db1, "W2": rows.T @ dh, "b2": dh.sum(0), "W3": hidden.T @ d, "b3": d.sum(0)}
    return scores, *_regularized(loss, grads, p, reg)


def _case(rng, settings, shapes, x_shape, reference, tags):
    scale, reg = settings["weight_scale"], settings["reg"]
    params = {k: rng.normal(size=s) * (0.4 if k[0] == "W" else 0.3) for k, s in shapes.items()}
    x, y = rng.normal(size=x_shape), rng.integers(settings["num_classes"], size=x_shape[0])
    scores, loss, grads = reference(x, y, params, reg)
    data = reference(x, y, params, 0.0)[2]
    expected = {"initial weights": _initial(shapes, scale), "scores": scores, "loss": float(loss)}
    expected |= {f"grads[{k!r}]": g for k, g in grads.items()}
    case = Case(
        {"X": x, "y": y}, expected, frozenset(tags | ({"reg > 0"} if reg else set())), {"N": len(x), "reg": reg}
    )
    case.extra = {"settings": settings, "params": params}
    if reg:
        names = {k: ("the data's gradient", f"reg · {k}" if k[0] == "W" else k) for k in params}
        case.parts = {f"grads[{k!r}]": dict(zip(names[k], (data[k], params[k] * reg), strict=True)) for k in params}
    case.plain, case.rtol = not tags, 1e-6
    return case


def _init_case(settings, shapes, tags):
    case = Case({}, {"initial weights": _initial(shapes, settings["weight_scale"])}, frozenset(tags))
    case.extra = {"settings": settings}
    return case


def two_layer_cases(rng):
    cases = []
    for d, h, c, n, scale, reg, form, tags in [
        (5, 7, 4, 3, 1e-2, 0.0, (5,), set()),
        (4, 50, 7, 3, 1e-3, 0.8, (4,), set()),
        (12, 10, 5, 4, 0.1, 3.0, (3, 2, 2), {"X of more than two axes"}),
        (6, 3, 2, 1, 1e-2, 0.5, (6,), {"N = 1"}),
    ]:
        settings = {"input_dim": d, "hidden_dim": h, "num_classes": c, "weight_scale": scale, "reg": reg}
        shapes = {"W1": (d, h), "b1": (h,), "W2": (h, c), "b2": (c,)}
        cases.append(_case(rng, settings, shapes, (n, *form), _two_layer, tags))
    settings = {"input_dim": 60, "hidden_dim": 40, "num_classes": 30, "weight_scale": 0.05, "reg": 0.0}
    cases.append(_init_case(settings, {"W1": (60, 40), "b1": (40,), "W2": (40, 30), "b2": (30,)}, {"a large net"}))
    return cases


def conv_net_cases(rng):
    cases = []
    for (c, h, w), f, k, hidden, classes, n, scale, reg, tags in [
        ((2, 4, 4), 3, 3, 7, 5, 2, 1e-2, 0.0, set()),
        ((3, 6, 6), 2, 3, 6, 4, 2, 1e-3, 0.7, set()),
        ((2, 4, 6), 3, 3, 5, 4, 2, 0.1, 0.3, {"H ≠ W"}),
        ((1, 6, 6), 2, 5, 5, 3, 1, 1e-2, 0.3, {"N = 1", "filter_size 5"}),
    ]:
        settings = {
            "input_dim": (c, h, w),
            "num_filters": f,
            "filter_size": k,
            "hidden_dim": hidden,
            "num_classes": classes,
        }
        settings |= {"weight_scale": scale, "reg": reg}
        shapes = {"W1": (f, c, k, k), "b1": (f,), "W2": (f * (h // 2) * (w // 2), hidden), "b2": (hidden,)}
        shapes |= {"W3": (hidden, classes), "b3": (classes,)}
        cases.append(_case(rng, settings, shapes, (n, c, h, w), _conv_net, tags))
    settings = {"input_dim": (3, 16, 8), "num_filters": 20, "filter_size": 7, "hidden_dim": 60, "num_classes": 20}
    settings |= {"weight_scale": 0.03, "reg": 0.0}
    shapes = {"W1": (20, 3, 7, 7), "b1": (20,), "W2": (640, 60), "b2": (60,), "W3": (60, 20), "b3": (20,)}
    cases.append(_init_case(settings, shapes, {"a large net"}))
    return cases


_PATTERNS = {
    "H ≠ W": ("h-for-w", "It fails just where images are not square: H is used somewhere for W."),
    "X of more than two axes": (
        "x-not-flattened",
        "It fails just where X has more than two axes; the affine layer flattens it.",
    ),
    "filter_size 5": ("pad-hard-coded", "It fails just where filters are not 3 × 3: pad is (filter_size − 1)//2."),
    "reg > 0": (
        "regularization",
        "It fails just where reg is not 0: loss adds 0.5 · reg · sum(W²) for every W, each gradient reg · W.",
    ),
    "N = 1": ("batch-of-one", "A batch of one example is a batch too."),
}


_WEIGHT_SIZE = (
    "weight-of-another-size",
    "a weight has another size than its layer: (inputs, outputs), where an image has C · H · W inputs, and after a "
    "convolution and 2 × 2 pooling num_filters · (H / 2) · (W / 2).",
)


def _sizes(run):
    """A probe of initial weights whose shapes no known mistake gives."""
    wrong = [run.bad[i]["initial weights"] for i in run.wrong("initial weights")]
    if not wrong or any(difference.kind != "shape" for difference in wrong):
        return []
    return [Cause(*_WEIGHT_SIZE, run.task.read, ("initial weights",), certain=False)]


def _task(name, cases, keys):
    outputs = ("initial weights", "scores", "loss", *(f"grads[{k!r}]" for k in keys))
    weights = {o: 1 for o in outputs} | {"scores": 2, "loss": 2}
    return Task(
        name,
        outputs,
        cases,
        _run,
        f"{name}(…).loss(X, y)",
        weights,
        read="03_two_layer_net" if len(keys) == 4 else "09_cnn",
        patterns=_PATTERNS,
        probes=(_sizes,),
    )


TWO_LAYER = _task("TwoLayerNet", two_layer_cases, ("W1", "b1", "W2", "b2"))


CONV_NET = _task("ThreeLayerConvNet", conv_net_cases, ("W1", "b1", "W2", "b2", "W3", "b3"))
