"""Checks of whole networks: initial weights, scores, loss and gradients with L2 regularization.

The classes are CS231n's: TwoLayerNet(input_dim, hidden_dim, num_classes, weight_scale, reg) and
ThreeLayerConvNet(input_dim, num_filters, filter_size, hidden_dim, num_classes, weight_scale, reg), both with `.params` and
`.loss(X, y=None)`. Parameters are set by the check, so that nothing depends on random draws; the initial weights are judged
by their statistics: normal, mean 0, standard deviation weight_scale, biases 0. loss adds 0.5 · reg · sum(W²) over weights.
Points: initial weights 1, scores 2, loss 2, each gradient 1 part.
"""

from __future__ import annotations

import numpy as np

from .compare import Difference, compare, describe, number
from .convolution import reference_backward, reference_forward
from .engine import Case, Outcome, Raised, Task
from .known import alternative, edit, plain
from .losses import _log_probabilities, _probabilities
from .pooling import reference_backward as pool_backward
from .pooling import reference_forward as pool_forward

_POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}


def _run(functions, case, guard):
    """Make the network, look at its initial weights, set its parameters, ask for scores and for loss and gradients."""
    made = guard(lambda: functions[0](**case.extra["settings"]))
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
                return Difference("shape", f"have a {key} of shape {value.shape}, expected {shape}")
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
_BIAS = ("biases-not-zero", "The biases do not start at 0.")


def _not_normal(key, w, scale):
    error = 5 / np.sqrt(w.size)
    mean, std = w.mean() / scale, w.std() / scale
    if not np.isfinite(std):
        return Difference("finite", f"have a {key} that is not finite")
    if std == 0:
        return Difference("value", f"have a {key} that is {number(w.flat[0])} everywhere", cause=_ZERO)
    flat = np.abs(w - w.mean()).max() < 1.8 * w.std()
    uniform = _UNIFORM if flat and (w.size > 300 or w.size > 10 and (w.min() >= 0 or w.max() <= 0)) else ()
    if abs(std - 1) > error:
        text = f"have a {key} with standard deviation {number(w.std())}, expected weight_scale = {scale:g}"
        cause = uniform or (_SCALE if abs(w.std() - 1) < error else _FIXED)
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
    expected = {"initial weights": _initial(shapes, scale), "scores": scores, "loss": float(loss)}
    expected |= {f"grads[{k!r}]": g for k, g in grads.items()}
    case = Case(
        {"X": x, "y": y}, expected, frozenset(tags | ({"reg > 0"} if reg else set())), {"N": len(x), "reg": reg}
    )
    case.extra = {"settings": settings, "params": params}
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
    )


TWO_LAYER = _task("TwoLayerNet", two_layer_cases, ("W1", "b1", "W2", "b2"))
CONV_NET = _task("ThreeLayerConvNet", conv_net_cases, ("W1", "b1", "W2", "b2", "W3", "b3"))


@plain("TwoLayerNet")
class TwoLayerNet:
    def __init__(self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0):
        self.reg = reg
        self.params = {
            "W1": weight_scale * np.random.randn(input_dim, hidden_dim),
            "b1": np.zeros(hidden_dim),
            "W2": weight_scale * np.random.randn(hidden_dim, num_classes),
            "b2": np.zeros(num_classes),
        }

    def loss(self, X, y=None):
        W1, b1, W2, b2 = (self.params[k] for k in ("W1", "b1", "W2", "b2"))
        rows = X.reshape(X.shape[0], -1)
        hidden = np.maximum(0, rows.dot(W1) + b1)
        scores = hidden.dot(W2) + b2
        if y is None:
            return scores
        N = X.shape[0]
        shifted = scores - scores.max(axis=1, keepdims=True)
        log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        loss = -log_probs[np.arange(N), y].mean()
        loss += 0.5 * self.reg * (np.sum(W1**2) + np.sum(W2**2))
        dscores = np.exp(log_probs)
        dscores[np.arange(N), y] -= 1
        dscores /= N
        dhidden = dscores.dot(W2.T) * (hidden > 0)
        grads = {
            "W1": rows.T.dot(dhidden) + self.reg * W1,
            "b1": dhidden.sum(axis=0),
            "W2": hidden.T.dot(dscores) + self.reg * W2,
            "b2": dscores.sum(axis=0),
        }
        return loss, grads


@plain("ThreeLayerConvNet")
class ThreeLayerConvNet:
    def __init__(
        self,
        input_dim=(3, 32, 32),
        num_filters=32,
        filter_size=7,
        hidden_dim=100,
        num_classes=10,
        weight_scale=1e-3,
        reg=0.0,
        dtype=np.float64,
    ):
        self.reg = reg
        C, H, W = input_dim
        self.params = {
            "W1": weight_scale * np.random.randn(num_filters, C, filter_size, filter_size),
            "b1": np.zeros(num_filters),
            "W2": weight_scale * np.random.randn(num_filters * (H // 2) * (W // 2), hidden_dim),
            "b2": np.zeros(hidden_dim),
            "W3": weight_scale * np.random.randn(hidden_dim, num_classes),
            "b3": np.zeros(num_classes),
        }

    def loss(self, X, y=None):
        W1, b1, W2, b2, W3, b3 = (self.params[k] for k in ("W1", "b1", "W2", "b2", "W3", "b3"))
        N, C, H, W = X.shape
        F, _, HH, WW = W1.shape
        pad = (HH - 1) // 2
        xp = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        windows = np.lib.stride_tricks.sliding_window_view(xp, (HH, WW), axis=(2, 3))
        conv = np.einsum("ncijpq,fcpq->nfij", windows, W1) + b1[:, None, None]
        active = np.maximum(0, conv)
        blocks = active.reshape(N, F, H // 2, 2, W // 2, 2)
        pooled = blocks.max(axis=(3, 5))
        rows = pooled.reshape(N, -1)
        hidden = np.maximum(0, rows.dot(W2) + b2)
        scores = hidden.dot(W3) + b3
        if y is None:
            return scores
        shifted = scores - scores.max(axis=1, keepdims=True)
        log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        loss = -log_probs[np.arange(N), y].mean()
        loss += 0.5 * self.reg * (np.sum(W1**2) + np.sum(W2**2) + np.sum(W3**2))
        dscores = np.exp(log_probs)
        dscores[np.arange(N), y] -= 1
        dscores /= N
        dhidden = dscores.dot(W3.T) * (hidden > 0)
        dpooled = dhidden.dot(W2.T).reshape(pooled.shape)
        mask = blocks == pooled[:, :, :, None, :, None]
        dconv = (mask * dpooled[:, :, :, None, :, None]).reshape(conv.shape) * (conv > 0)
        grads = {
            "W1": np.einsum("nfij,ncijpq->fcpq", dconv, windows) + self.reg * W1,
            "b1": dconv.sum(axis=(0, 2, 3)),
            "W2": rows.T.dot(dhidden) + self.reg * W2,
            "b2": dhidden.sum(axis=0),
            "W3": hidden.T.dot(dscores) + self.reg * W3,
            "b3": dscores.sum(axis=0),
        }
        return loss, grads


for _target, _last, _all in (
    ("TwoLayerNet", 2, "(np.sum(W1**2) + np.sum(W2**2))"),
    ("ThreeLayerConvNet", 3, "(np.sum(W1**2) + np.sum(W2**2) + np.sum(W3**2))"),
):

    def _e(name, hint, *changes, _target=_target):
        edit(_target, name, hint, *changes)

    _first = (
        "np.random.randn(input_dim, hidden_dim)"
        if _last == 2
        else "np.random.randn(num_filters, C, filter_size, filter_size)"
    )
    _final = f"hidden.dot(W{_last}) + b{_last}"
    _e("scale-missing", "weight_scale is missing from a weight.", (f"weight_scale * {_first}", _first))
    _e(
        "scale-hard-coded",
        "The scale of a weight is fixed. Take weight_scale.",
        (f"weight_scale * {_first}", f"1e-3 * {_first}"),
    )
    _e(*_UNIFORM, (_first, _first.replace("randn", "rand")))
    _e(
        "zero-weights",
        "The weights start at 0, so that all hidden units stay alike. Draw them at random.",
        (f"weight_scale * {_first}", f"0 * {_first}"),
    )
    _e(
        "biases-not-zero",
        "The biases are drawn at random. They start at 0.",
        (f'"b{_last}": np.zeros(num_classes)', f'"b{_last}": weight_scale * np.random.randn(num_classes)'),
    )
    _e(
        "relu-on-scores",
        "The last layer has a ReLU. Scores may be negative: the last layer is affine only.",
        (_final, f"np.maximum(0, {_final})"),
    )
    _e(
        "no-relu",
        "The ReLU between the last two layers is missing.",
        (
            f"hidden = np.maximum(0, rows.dot(W{_last - 1}) + b{_last - 1})",
            f"hidden = rows.dot(W{_last - 1}) + b{_last - 1}",
        ),
    )
    _e(
        "half-missing-in-loss",
        "The 0.5 of the regularization is missing from the loss: 0.5 · reg · sum(W²).",
        ("0.5 * self.reg", "self.reg"),
    )
    _e(
        "regularization-missing-in-loss",
        "The regularization is missing from the loss.",
        ("0.5 * self.reg", "0 * self.reg"),
    )
    _e(
        "regularization-of-the-first-only",
        "Only W1 is regularized in the loss. Add sum(W²) of every weight.",
        (_all, "np.sum(W1**2)"),
    )
    _e(
        "first-weight-not-regularized",
        "W1 is not regularized in the loss. Add sum(W²) of every weight.",
        (_all, _all.replace("np.sum(W1**2) + ", "")),
    )
    _e(
        "biases-regularized",
        "The biases are regularized too. Only weights are.",
        (_all, _all.replace("**2))", "**2) + np.sum(b1**2))")),
    )
    _e("grad-regularization-missing-for-W1", "reg · W is missing from the gradient of W1.", (" + self.reg * W1", ""))
    _e(
        f"grad-regularization-missing-for-W{_last}",
        f"reg · W is missing from the gradient of W{_last}.",
        (f" + self.reg * W{_last}", ""),
    )
    _e(
        "grad-regularization-halved",
        "The gradient of 0.5 · reg · W² is reg · W; here it is halved.",
        (" + self.reg * W1", " + 0.5 * self.reg * W1"),
    )
    _e(
        "grad-regularization-doubled",
        "The gradient of 0.5 · reg · W² is reg · W; here it is doubled.",
        (" + self.reg * W1", " + 2 * self.reg * W1"),
        (f" + self.reg * W{_last}", f" + 2 * self.reg * W{_last}"),
    )
    _e(
        "relu-mask-missing",
        "The gradient passes the ReLU as if it were not there.",
        (f"dscores.dot(W{_last}.T) * (hidden > 0)", f"dscores.dot(W{_last}.T)"),
    )
    _e("loss-not-averaged", "The loss is a sum over the batch. Take the mean.", ("y].mean()", "y].sum()"))
    _e("gradient-not-averaged", "The gradient of the scores was not divided by N.", ("        dscores /= N\n", ""))
    _e(
        "bias-gradients-missing",
        "The gradient of a bias is not in grads.",
        (f'            "b{_last}": dscores.sum(axis=0),\n', ""),
    )
    _e(
        "writes-X",
        "X itself was changed. Work on a copy.",
        ("        if y is None:", "        X *= 0.5\n        if y is None:"),
    )
edit(
    "ThreeLayerConvNet",
    "h-for-w",
    "H was used for W in the size of W2: images need not be square.",
    ("(H // 2) * (W // 2)", "(H // 2) * (H // 2)"),
)
edit(
    "ThreeLayerConvNet",
    "size-hard-coded",
    "The size of W2 does not come from input_dim.",
    ("num_filters * (H // 2) * (W // 2)", "num_filters * 16 * 16"),
)
edit(
    "ThreeLayerConvNet",
    "pool-forgotten-in-size",
    "W2 has the size before pooling. Pooling halves H and W.",
    ("num_filters * (H // 2) * (W // 2)", "num_filters * H * W"),
)
edit(
    "ThreeLayerConvNet",
    "conv-relu-missing",
    "The ReLU after the convolution is missing.",
    ("active = np.maximum(0, conv)", "active = conv"),
    (" * (conv > 0)", ""),
)
edit("TwoLayerNet", "batch-flattened-wrongly", "X was not flattened to (N, D).", ("X.reshape(X.shape[0], -1)", "X"))


@alternative("TwoLayerNet")
class WithHelpers:
    def __init__(
        self, input_dim=10, hidden_dim=10, num_classes=10, weight_scale=1e-3, reg=0.0, dtype=np.float64, seed=None
    ):
        self.params, self.reg = {}, reg
        sizes = [input_dim, hidden_dim, num_classes]
        for i in range(2):
            self.params[f"W{i + 1}"] = np.random.normal(0, weight_scale, (sizes[i], sizes[i + 1]))
            self.params[f"b{i + 1}"] = np.zeros(sizes[i + 1])

    def forward(self, x, layer):
        flat = x.reshape(len(x), -1)
        return flat @ self.params[f"W{layer}"] + self.params[f"b{layer}"], flat

    def loss(self, X, y=None):
        a, rows = self.forward(X, 1)
        h = a * (a > 0)
        scores, _ = self.forward(h, 2)
        if y is None:
            return scores
        print("loss")
        p = np.exp(scores - scores.max(1)[:, None])
        p /= p.sum(1)[:, None]
        loss = -np.log(p[range(len(y)), y]).sum() / len(y)
        for k in ("W1", "W2"):
            loss += self.reg / 2 * np.sum(self.params[k] * self.params[k])
        p[range(len(y)), y] -= 1
        p /= len(y)
        dh = p @ self.params["W2"].T
        dh[a <= 0] = 0
        grads = {"W2": h.T @ p, "b2": p.sum(0), "W1": rows.T @ dh, "b1": dh.sum(0)}
        for k in ("W1", "W2"):
            grads[k] += self.reg * self.params[k]
        return loss, grads


__all__ = ["CONV_NET", "TWO_LAYER", "compare"]
