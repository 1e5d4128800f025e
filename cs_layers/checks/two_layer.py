"""Checks of a first network: its initial weights, scores, loss and gradients, and the loss that it must start from.

A network is a dict of parameters: W1 (D, H), b1 (H,), W2 (H, C), b2 (C,). Initial weights are judged by what they are
drawn from, never entry by entry.
"""

from __future__ import annotations

import numpy as np

from .arrays import readonly
from .engine import Case, Missing, Outcome, Raised, Task, copy_of, repeat_forward, touched, unpack
from .known import alternative, edit, plain
from .verdicts import FINE, Verdict, is_array, judged

_READ = "03_two_layer_net"
_PARAMS = ("W1", "b1", "W2", "b2")


def _network(rng, D, H, C, scale=0.5):
    shapes = {"W1": (D, H), "b1": (H,), "W2": (H, C), "b2": (C,)}
    return {name: scale * rng.normal(size=shape) for name, shape in shapes.items()}


def _split(args):
    """The parameters among a case's arguments as the dict that the student's function takes, and the others."""
    params = {n: args[n] for n in args if n in _PARAMS}
    return params, [args[n] for n in args if n not in _PARAMS]


# Initial parameters


def init_cases(rng):
    cases = []
    for D, H, C, scale in [(64, 100, 10, 1e-2), (40, 60, 25, 0.5), (30, 90, 20, 1.0)]:
        args = {"input_dim": D, "hidden_dim": H, "num_classes": C, "weight_scale": scale, "seed": int(rng.integers(99))}
        cases.append(Case(args, dict.fromkeys(("params", *_PARAMS, "seed"), judged)))
    return cases


def _init_run(functions, case, guard):
    args = list(case.args.values())
    D, H, C, scale, _ = args
    got = guard(functions[0], *args)
    if isinstance(got, Raised):
        return Outcome(dict.fromkeys(case.expected, got))
    if not isinstance(got, dict):
        form = (
            "None, expected a dict: is the `return` line missing?"
            if got is None
            else f"a {type(got).__name__}, expected a dict"
        )
        return Outcome(dict.fromkeys(case.expected, Missing(f"returned {form}")))
    values = {"params": _keys(got)}
    for name, shape in {"W1": (D, H), "b1": (H,), "W2": (H, C), "b2": (C,)}.items():
        value = got.get(name)
        if name not in got:
            values[name] = FINE
            continue
        values[name] = is_array(value, shape)
        if not values[name].fault:
            values[name] = _drawn(value, scale) if name[0] == "W" else _zero(value)
    values["seed"] = _seeded(functions[0], args, got, guard)
    return Outcome(values)


def _keys(got):
    lacks, more = [n for n in _PARAMS if n not in got], [n for n in got if n not in _PARAMS]
    if lacks or more:
        shown = ", ".join(map(repr, got)) or "nothing"
        return Verdict(f"keys {lacks} {more}", f"has the keys {shown}, expected 'W1', 'b1', 'W2', 'b2'")
    return FINE


def _zero(bias):
    return Verdict("not zero", "is not zero; biases start at 0") if bias.any() else FINE


def _drawn(w, scale):
    """Whether entries could have been drawn from a normal distribution of standard deviation `scale`, to 4.5 sigma."""
    n, spread = w.size, w.std()
    if not w.any():
        return Verdict("all zero", "is zero everywhere")
    if spread < 1e-12 * np.abs(w).max():
        return Verdict("constant", "has one value everywhere")
    if abs(w.mean()) > 5 * spread / np.sqrt(n):
        return Verdict("mean", f"has mean {w.mean():.2g}, expected about 0")
    if not 0.87 < spread / scale < 1.15:
        far = round(np.log(spread / scale))
        return Verdict(f"spread {far}", f"has standard deviation {spread:.3g}, expected about {scale:g}")
    if ((w - w.mean()) ** 4).mean() / spread**4 < 2.3:
        return Verdict(
            "not normal", "is not drawn from a normal distribution: there are no values beyond twice its spread"
        )
    return FINE


def _seeded(function, args, got, guard):
    again, other = guard(function, *args), guard(function, *args[:-1], args[-1] + 1)
    if not all(
        isinstance(p, dict) and isinstance(p.get(n), np.ndarray) for p in (got, again, other) for n in ("W1", "W2")
    ):
        return FINE
    if not all(np.array_equal(got[n], again[n]) for n in ("W1", "W2")):
        return Verdict("ignored", "is not what decides the weights: two calls with the same seed gave different ones")
    if got["W1"].std() > 0 and np.array_equal(got["W1"], other["W1"]):
        return Verdict("fixed", "is not used: another seed gave the same weights")
    first, second = got["W1"].ravel(), got["W2"].ravel()
    n = min(len(first), len(second))
    if n > 1 and first[:n].std() > 0 and second[:n].std() > 0 and abs(np.corrcoef(first[:n], second[:n])[0, 1]) > 0.9:
        return Verdict("same draws", "was used twice: W2 repeats the numbers of W1")
    return FINE


INIT = Task(
    "two_layer_init",
    ("params", *_PARAMS, "seed"),
    init_cases,
    _init_run,
    "two_layer_init(input_dim, hidden_dim, num_classes, weight_scale, seed)",
    {"W1": 1, "W2": 1, "b1": 0.5, "b2": 0.5},
    read=_READ,
)


@plain("two_layer_init")
def two_layer_init(input_dim, hidden_dim, num_classes, weight_scale=1e-2, seed=0):
    rng = np.random.default_rng(seed)
    return {
        "W1": weight_scale * rng.standard_normal((input_dim, hidden_dim)),
        "b1": np.zeros(hidden_dim),
        "W2": weight_scale * rng.standard_normal((hidden_dim, num_classes)),
        "b2": np.zeros(num_classes),
    }


_W1, _W2 = (
    "weight_scale * rng.standard_normal((input_dim, hidden_dim))",
    "weight_scale * rng.standard_normal((hidden_dim, num_classes))",
)
for _name, _hint, *_changes in [
    (
        "zeros",
        "Weights that start at zero stay equal for ever: all units compute the same. Draw them at random.",
        (_W1, "np.zeros((input_dim, hidden_dim))"),
        (_W2, "np.zeros((hidden_dim, num_classes))"),
    ),
    (
        "one-value",
        "All weights have one value, so all units compute the same. Draw them at random.",
        (_W1, "weight_scale * np.ones((input_dim, hidden_dim))"),
        (_W2, "weight_scale * np.ones((hidden_dim, num_classes))"),
    ),
    (
        "scale-ignored",
        "weight_scale is not used. Multiply the standard normal draws with it.",
        (_W1, "rng.standard_normal((input_dim, hidden_dim))"),
        (_W2, "rng.standard_normal((hidden_dim, num_classes))"),
    ),
    (
        "scale-for-one-layer",
        "weight_scale is used for W1 alone. Multiply W2's draws with it too.",
        (_W2, "rng.standard_normal((hidden_dim, num_classes))"),
    ),
    (
        "uniform",
        "These are uniform numbers from 0 to 1, all positive. Use rng.standard_normal (np.random.randn).",
        (_W1, "weight_scale * rng.random((input_dim, hidden_dim))"),
        (_W2, "weight_scale * rng.random((hidden_dim, num_classes))"),
    ),
    (
        "uniform-centred",
        "These are uniform numbers. Use rng.standard_normal (np.random.randn).",
        (_W1, "weight_scale * rng.uniform(-1.732, 1.732, (input_dim, hidden_dim))"),
        (_W2, "weight_scale * rng.uniform(-1.732, 1.732, (hidden_dim, num_classes))"),
    ),
    (
        "scale-as-mean",
        "weight_scale became the mean. It is the standard deviation.",
        (_W1, "rng.normal(weight_scale, 1.0, (input_dim, hidden_dim))"),
        (_W2, "rng.normal(weight_scale, 1.0, (hidden_dim, num_classes))"),
    ),
    (
        "scale-as-variance",
        "weight_scale became the variance. It is the standard deviation.",
        (_W1, "np.sqrt(weight_scale) * rng.standard_normal((input_dim, hidden_dim))"),
        (_W2, "np.sqrt(weight_scale) * rng.standard_normal((hidden_dim, num_classes))"),
    ),
    (
        "w1-transposed",
        "W1 is (input_dim, hidden_dim): a row for each input, a column for each hidden unit.",
        (_W1, "weight_scale * rng.standard_normal((hidden_dim, input_dim))"),
    ),
    (
        "w2-transposed",
        "W2 is (hidden_dim, num_classes): a row for each hidden unit, a column for each class.",
        (_W2, "weight_scale * rng.standard_normal((num_classes, hidden_dim))"),
    ),
    (
        "biases-drawn",
        "The biases were drawn at random. They start at zero.",
        ("np.zeros(hidden_dim)", "weight_scale * rng.standard_normal(hidden_dim)"),
        ("np.zeros(num_classes)", "weight_scale * rng.standard_normal(num_classes)"),
    ),
    (
        "biases-with-an-axis",
        "The biases have shape (1, H) and (1, C). They are (H,) and (C,).",
        ("np.zeros(hidden_dim)", "np.zeros((1, hidden_dim))"),
        ("np.zeros(num_classes)", "np.zeros((1, num_classes))"),
    ),
    (
        "b1-too-short",
        "b1 has one entry for each hidden unit: (hidden_dim,).",
        ("np.zeros(hidden_dim)", "np.zeros(num_classes)"),
    ),
    (
        "seed-ignored",
        "The generator was made without the seed: np.random.default_rng(seed).",
        ("default_rng(seed)", "default_rng()"),
    ),
    (
        "seed-fixed",
        "The generator always starts from one fixed seed: np.random.default_rng(seed).",
        ("default_rng(seed)", "default_rng(0)"),
    ),
    (
        "same-draws",
        "The generator was made twice from the same seed, so W2 repeats W1's numbers. Make it once.",
        (_W2, "weight_scale * np.random.default_rng(seed).standard_normal((hidden_dim, num_classes))"),
    ),
]:
    edit("two_layer_init", _name, _hint, *_changes)


@alternative("two_layer_init")
def init_with_the_global_generator(input_dim, hidden_dim, num_classes, weight_scale=1e-2, seed=0):
    np.random.seed(seed)  # noqa: NPY002  (many students write it so, and it is right)
    params = {}
    params["W1"] = np.random.normal(0.0, weight_scale, (input_dim, hidden_dim))  # noqa: NPY002
    params["b1"] = np.zeros((hidden_dim,))
    params["W2"] = np.random.randn(hidden_dim, num_classes) * weight_scale  # noqa: NPY002
    params["b2"] = np.zeros((num_classes,))
    return params


@alternative("two_layer_init")
def init_in_a_loop(input_dim, hidden_dim, num_classes, weight_scale=1e-2, seed=0):
    rng, params = np.random.default_rng(seed), {}
    sizes = [input_dim, hidden_dim, num_classes]
    for layer in (1, 2):
        params[f"W{layer}"] = rng.normal(scale=weight_scale, size=(sizes[layer - 1], sizes[layer]))
        params[f"b{layer}"] = np.zeros(sizes[layer])
    return params


# Scores, loss and gradients


def _batches(rng):
    """Arguments for a network and a batch: small ones, images, a single row, float32, read-only arrays."""
    made = []
    for N, D, H, C in [(3, 4, 5, 3), (1, 4, 6, 2), (5, 6, 4, 7)]:
        made.append(({**_network(rng, D, H, C), "X": rng.normal(size=(N, D))}, C, set()))
    made.append(({**_network(rng, 12, 5, 4), "X": rng.normal(size=(4, 3, 2, 2))}, 4, {"images"}))
    large = {**_network(rng, 4, 5, 3), "X": rng.normal(size=(3, 4))}
    large["W2"] = 1e4 * large["W2"]
    made.append((large, 3, {"huge scores"}))
    frozen = {n: readonly(v) for n, v in {**_network(rng, 4, 5, 3), "X": rng.normal(size=(3, 4))}.items()}
    made.append((frozen, 3, {"read-only inputs"}))
    single = {n: v.astype(np.float32) for n, v in {**_network(rng, 4, 5, 3), "X": rng.normal(size=(3, 4))}.items()}
    made.append((single, 3, {"float32"}))
    return made


_TAGS = {
    "images": (
        "rows-not-flattened",
        "It fails just where X holds images: flatten each row, X.reshape(len(X), -1), or use affine_forward.",
    ),
    "huge scores": (
        "unstable-softmax",
        "It fails just for huge scores: subtract each row's maximum before exp, or use softmax_loss.",
    ),
    "read-only inputs": ("writes-input", "The function writes into its inputs. Work on a copy."),
    "reg 0": ("reg-zero", "It fails just where reg is 0."),
}


def scores_cases(rng):
    cases = []
    for args, _C, tags in _batches(rng):
        right = _forward(*_split(args)[0].values(), args["X"])[1]
        cases.append(Case(args, {"scores": right}, frozenset(tags), {"N": len(args["X"])}, plain=not tags - {"images"}))
    return cases


def _forward(W1, b1, W2, b2, X):
    hidden = np.maximum(0, X.reshape(len(X), -1) @ W1 + b1)
    return hidden, hidden @ W2 + b2


def _scores_run(functions, case, guard):
    args = copy_of(case.args)
    before = copy_of(args)
    params, others = _split(args)
    scores = guard(functions[0], params, *others)
    if isinstance(scores, (tuple, list)):
        scores = Missing(f"returned a {type(scores).__name__} of {len(scores)}, expected the scores alone")
    values = {"scores": scores}
    return Outcome(values | {"~" + n: True for n in touched(before, {**params, "X": args["X"]})})


SCORES = Task(
    "two_layer_scores",
    ("scores",),
    scores_cases,
    _scores_run,
    "two_layer_scores(params, X)",
    read=_READ,
    patterns=_TAGS,
    repeat=repeat_forward,
)


@plain("two_layer_scores")
def two_layer_scores(params, X):
    x = X.reshape(len(X), -1)
    hidden = x @ params["W1"] + params["b1"]
    hidden = np.maximum(0, hidden)
    scores = hidden @ params["W2"] + params["b2"]
    return scores


for _name, _hint, *_changes in [
    (
        "relu-on-scores",
        "ReLU was put on the last layer too. Scores may be negative: leave them as they are.",
        ("return scores", "return np.maximum(0, scores)"),
    ),
    (
        "no-relu",
        "The ReLU between the two layers is missing: two affine layers in a row are one affine layer.",
        ("    hidden = np.maximum(0, hidden)\n", ""),
    ),
    (
        "sigmoid",
        "A sigmoid stands between the layers. This network has a ReLU.",
        ("np.maximum(0, hidden)", "1 / (1 + np.exp(-hidden))"),
    ),
    (
        "absolute-value",
        "The hidden values' signs were dropped. ReLU makes negative values 0.",
        ("np.maximum(0, hidden)", "np.abs(hidden)"),
    ),
    (
        "softmax-applied",
        "Probabilities came back. Return the scores: the loss applies softmax itself.",
        (
            "return scores",
            "e = np.exp(scores - scores.max(axis=1, keepdims=True)); return e / e.sum(axis=1, keepdims=True)",
        ),
    ),
    ("b1-missing", "b1 is not added in the first layer.", (' + params["b1"]', "")),
    ("b2-missing", "b2 is not added in the second layer.", (' + params["b2"]', "")),
    (
        "predictions",
        "The predicted classes came back. Return the scores, (N, C).",
        ("return scores", "return scores.argmax(axis=1)"),
    ),
    ("hidden-returned", "The hidden layer came back. Return the scores.", ("return scores", "return hidden")),
    ("with-a-cache", "A tuple came back. Return the scores alone.", ("return scores", "return scores, (x, hidden)")),
    (
        "not-flattened",
        "Images must be flattened to rows: X.reshape(len(X), -1), or let affine_forward do it.",
        ("X.reshape(len(X), -1)", "X"),
    ),
    (
        "mean-subtracted",
        "Something was subtracted from each row of scores. Return them as they are.",
        ("return scores", "return scores - scores.max(axis=1, keepdims=True)"),
    ),
    (
        "writes-params",
        "A bias was added into the parameters themselves. Work on a copy.",
        ("    return scores", '    params["b2"] += 1.0\n    return scores'),
    ),
]:
    edit("two_layer_scores", _name, _hint, *_changes)


@alternative("two_layer_scores")
def scores_row_by_row(params, X):
    rows = []
    for row in X:
        hidden = np.dot(row.flatten(), params["W1"]) + params["b1"]
        hidden[hidden < 0] = 0
        rows.append(np.dot(hidden, params["W2"]) + params["b2"])
    return np.array(rows)


def loss_cases(rng):
    cases = []
    for k, (args, C, tags) in enumerate(_batches(rng)):
        y = rng.integers(C, size=len(args["X"]))
        if "huge scores" in tags:  # as wrong as can be: the probability of the label is 0 to the last bit
            y = _forward(*args.values())[1].argmin(axis=1)
        reg = (0.7, 0.0, 0.3)[k % 3]
        args = {**args, "y": readonly(y) if "read-only inputs" in tags else y, "reg": reg}
        loss, grads = _loss(*_split(args)[0].values(), args["X"], y, reg)
        expected = {"loss": loss, **{f"grads[{n!r}]": grads[n] for n in _PARAMS}}
        numbers = {"N": len(y), "reg": reg}
        more = {"reg 0"} if reg == 0 else set()
        # float32 sums differ in their last digits with the order, and a gradient of 0 has no scale of its own.
        floor = dict.fromkeys(expected, 2e-6 if "float32" in tags else 1e-12)
        plain_one = not tags - {"images"}
        cases.append(Case(args, expected, frozenset(tags | more), numbers, floor=floor, plain=plain_one))
    return cases


def _loss(W1, b1, W2, b2, X, y, reg):
    W1, b1, W2, b2, X = (v.astype(float) for v in (W1, b1, W2, b2, X))
    hidden, scores = _forward(W1, b1, W2, b2, X)
    shifted = scores - scores.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    every = np.arange(len(y))
    loss = -logs[every, y].mean() + 0.5 * reg * (np.sum(W1**2) + np.sum(W2**2))
    dscores = np.exp(logs)
    dscores[every, y] -= 1
    dscores /= len(y)
    dhidden = (dscores @ W2.T) * (hidden > 0)
    grads = {"W2": hidden.T @ dscores + reg * W2, "b2": dscores.sum(axis=0)}
    grads |= {"W1": X.reshape(len(X), -1).T @ dhidden + reg * W1, "b1": dhidden.sum(axis=0)}
    return float(loss), grads


def _loss_run(functions, case, guard):
    args = copy_of(case.args)
    before = copy_of(args)
    params, others = _split(args)
    values = unpack(guard(functions[0], params, *others), ("loss", "grads"))
    grads = values.pop("grads")
    for name in _PARAMS:
        values[f"grads[{name!r}]"] = _gradient(grads, name)
    return Outcome(values | {"~" + n: True for n in touched(before, {**args, **params})})


def _gradient(grads, name):
    if isinstance(grads, (Raised, Missing)):
        return grads
    if not isinstance(grads, dict):
        return Missing(f"returned a {type(grads).__name__} as grads, expected a dict with the keys of params")
    return (
        grads[name] if name in grads else Missing(f"is missing; grads has {', '.join(map(repr, grads)) or 'no keys'}")
    )


LOSS = Task(
    "two_layer_loss",
    ("loss", *(f"grads[{n!r}]" for n in _PARAMS)),
    loss_cases,
    _loss_run,
    "two_layer_loss(params, X, y, reg)",
    {"loss": 1, "grads['W1']": 1, "grads['b1']": 0.5, "grads['W2']": 1, "grads['b2']": 0.5},
    read=_READ,
    patterns=_TAGS,
    repeat=repeat_forward,
)


@plain("two_layer_loss")
def two_layer_loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    N = len(X)
    x = X.reshape(N, -1)
    before = x @ W1 + b1
    hidden = np.maximum(0, before)
    scores = hidden @ W2 + b2
    scores = scores - scores.max(axis=1, keepdims=True)
    logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    loss = -logs[np.arange(N), y].mean()
    loss += 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    dscores = np.exp(logs)
    dscores[np.arange(N), y] -= 1
    dscores /= N
    grads = {}
    grads["W2"] = hidden.T @ dscores
    grads["b2"] = dscores.sum(axis=0)
    dhidden = dscores @ W2.T
    dhidden[before <= 0] = 0
    grads["W1"] = x.T @ dhidden
    grads["b1"] = dhidden.sum(axis=0)
    grads["W1"] = grads["W1"] + reg * W1
    grads["W2"] = grads["W2"] + reg * W2
    return loss, grads


_REG1, _REG2, _PENALTY = (
    '    grads["W1"] = grads["W1"] + reg * W1\n',
    '    grads["W2"] = grads["W2"] + reg * W2\n',
    "0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))",
)
for _name, _hint, *_changes in [
    (
        "half-missing-in-loss",
        "The 0.5 is missing: the penalty is 0.5 · reg · sum of W².",
        (_PENALTY, "reg * (np.sum(W1 * W1) + np.sum(W2 * W2))"),
    ),
    (
        "half-in-gradient",
        "The gradient of 0.5 · reg · W² is reg · W, without the 0.5.",
        ("+ reg * W1", "+ 0.5 * reg * W1"),
        ("+ reg * W2", "+ 0.5 * reg * W2"),
    ),
    (
        "gradient-doubled",
        "The gradient of 0.5 · reg · W² is reg · W, not 2 · reg · W.",
        ("+ reg * W1", "+ 2 * reg * W1"),
        ("+ reg * W2", "+ 2 * reg * W2"),
    ),
    (
        "reg-only-in-loss",
        "The penalty is in the loss but not in the gradients: add reg · W1 and reg · W2.",
        (_REG1, ""),
        (_REG2, ""),
    ),
    (
        "reg-only-in-gradients",
        "The penalty is in the gradients but not in the loss.",
        (f"    loss += {_PENALTY}\n", ""),
    ),
    (
        "no-reg",
        "reg is not used: add 0.5 · reg · sum of W² to the loss and reg · W to the gradients.",
        (f"    loss += {_PENALTY}\n", ""),
        (_REG1, ""),
        (_REG2, ""),
    ),
    ("w1-gradient-without-reg", "reg · W1 is missing from the gradient of W1.", (_REG1, "")),
    ("w2-gradient-without-reg", "reg · W2 is missing from the gradient of W2.", (_REG2, "")),
    ("w1-not-penalised", "W1 is missing from the penalty.", ("(np.sum(W1 * W1) + np.sum(W2 * W2))", "np.sum(W2 * W2)")),
    ("w2-not-penalised", "W2 is missing from the penalty.", ("(np.sum(W1 * W1) + np.sum(W2 * W2))", "np.sum(W1 * W1)")),
    (
        "biases-penalised",
        "The biases are in the penalty. Leave them out, in the loss and in the gradients.",
        ("np.sum(W2 * W2))", "np.sum(W2 * W2) + np.sum(b1 * b1) + np.sum(b2 * b2))"),
        (_REG1, _REG1 + '    grads["b1"] = grads["b1"] + reg * b1\n    grads["b2"] = grads["b2"] + reg * b2\n'),
    ),
    ("l1", "The penalty sums |W|. L2 sums W².", (_PENALTY, "0.5 * reg * (np.abs(W1).sum() + np.abs(W2).sum())")),
    (
        "root-of-squares",
        "The penalty takes the norm of W. L2 sums W², without a root.",
        (_PENALTY, "0.5 * reg * (np.linalg.norm(W1) + np.linalg.norm(W2))"),
    ),
    (
        "penalty-averaged",
        "The penalty is divided by N. It does not depend on the batch.",
        (_PENALTY, f"{_PENALTY} / N"),
    ),
    (
        "loss-summed",
        "The loss was summed over the batch. Take the mean.",
        ("logs[np.arange(N), y].mean()", "logs[np.arange(N), y].sum()"),
    ),
    (
        "gradient-not-averaged",
        "The gradient of the scores is not divided by N; the loss is a mean over the batch.",
        ("    dscores /= N\n", ""),
    ),
    (
        "label-not-subtracted",
        "1 is not subtracted at the right class: the gradient of the scores is (p − 1 at the label) / N.",
        ("    dscores[np.arange(N), y] -= 1\n", ""),
    ),
    (
        "relu-not-passed",
        "The gradient went through the ReLU unchanged. Set it to 0 where the ReLU's input was not above 0.",
        ("    dhidden[before <= 0] = 0\n", ""),
    ),
    (
        "relu-by-gradient",
        "The ReLU's gradient was cut where the gradient is negative. Cut it where its input was.",
        ("dhidden[before <= 0] = 0", "dhidden[dhidden <= 0] = 0"),
    ),
    (
        "no-relu",
        "The ReLU between the two layers is missing.",
        ("np.maximum(0, before)", "before"),
        ("    dhidden[before <= 0] = 0\n", ""),
    ),
    (
        "relu-on-scores",
        "ReLU was put on the last layer too.",
        ("    scores = scores - scores.max", "    scores = np.maximum(0, scores)\n    scores = scores - scores.max"),
    ),
    (
        "w1-from-hidden",
        "The gradient of W1 was made with the hidden layer. Its input is X.",
        ('grads["W1"] = x.T @ dhidden', 'grads["W1"] = np.resize(hidden.T @ dhidden, W1.shape)'),
    ),
    (
        "b2-averaged",
        "The gradient of b2 takes a mean over the batch. Sum over axis 0.",
        ("dscores.sum(axis=0)", "dscores.mean(axis=0)"),
    ),
    (
        "b1-averaged",
        "The gradient of b1 takes a mean over the batch. Sum over axis 0.",
        ("dhidden.sum(axis=0)", "dhidden.mean(axis=0)"),
    ),
    (
        "b1-axis-kept",
        "The gradient of b1 kept its batch axis. Sum over axis 0 without keepdims.",
        ("dhidden.sum(axis=0)", "dhidden.sum(axis=0, keepdims=True)"),
    ),
    (
        "b2-axis-kept",
        "The gradient of b2 kept its batch axis. Sum over axis 0 without keepdims.",
        ("dscores.sum(axis=0)", "dscores.sum(axis=0, keepdims=True)"),
    ),
    (
        "first-layer-forgotten",
        "The gradients of W1 and b1 are zero: carry the gradient on through W2 and the ReLU.",
        ('grads["W1"] = x.T @ dhidden', 'grads["W1"] = np.zeros_like(W1)'),
        ("dhidden.sum(axis=0)", "np.zeros_like(b1)"),
    ),
    (
        "last-layer-forgotten",
        "The gradients of W2 and b2 are zero, so the last layer would never learn.",
        ('grads["W2"] = hidden.T @ dscores', 'grads["W2"] = np.zeros_like(W2)'),
        ("dscores.sum(axis=0)", "np.zeros_like(b2)"),
    ),
    (
        "unstable-softmax",
        "exp of raw scores overflows. Subtract each row's maximum first, or use softmax_loss.",
        ("    scores = scores - scores.max(axis=1, keepdims=True)\n", ""),
    ),
    (
        "log-of-probabilities",
        "The log of an underflowed probability is −inf. Take log-softmax, or use softmax_loss.",
        ("-logs[np.arange(N), y].mean()", "-np.log(np.exp(logs)[np.arange(N), y]).mean()"),
    ),
    (
        "epsilon-in-log",
        "A small number inside the log changes the loss. Take log-softmax, or use softmax_loss.",
        ("-logs[np.arange(N), y].mean()", "-np.log(np.exp(logs)[np.arange(N), y] + 1e-7).mean()"),
    ),
    (
        "not-flattened",
        "Images must be flattened to rows: X.reshape(len(X), -1), or let affine_forward do it.",
        ("X.reshape(N, -1)", "X"),
    ),
    ("loss-only", "Only the loss came back. Return (loss, grads).", ("return loss, grads", "return loss")),
    ("ascent", "The gradients have the wrong sign.", ("dscores /= N", "dscores /= -N")),
    (
        "writes-params",
        "The parameters themselves were changed. Updating them is the training loop's work.",
        ("    return loss, grads", "    W1 *= 0.9\n    return loss, grads"),
    ),
]:
    edit("two_layer_loss", _name, _hint, *_changes)


@alternative("two_layer_loss")
def loss_with_masks(params, X, y, reg):
    W1, b1, W2, b2 = (params[k] for k in ("W1", "b1", "W2", "b2"))
    rows, hot = X.reshape(X.shape[0], -1), np.eye(W2.shape[1])[y]
    z = np.dot(rows, W1) + b1
    a = z * (z > 0)
    s = np.dot(a, W2) + b2
    top = s.max(axis=1, keepdims=True)
    log_sum = top + np.log(np.exp(s - top).sum(axis=1, keepdims=True))
    loss = np.sum(hot * (log_sum - s)) / len(rows) + reg / 2 * sum(np.sum(np.square(params[k])) for k in ("W1", "W2"))
    ds = (np.exp(s - log_sum) - hot) / len(rows)
    da = np.dot(ds, W2.T) * (z > 0)
    return loss, {
        "W1": np.dot(rows.T, da) + reg * W1,
        "W2": np.dot(a.T, ds) + reg * W2,
        "b1": np.sum(da, axis=0),
        "b2": np.sum(ds, axis=0),
    }


# The loss of a network that knows nothing yet


def first_loss_cases(rng):
    cases = []
    for D, H, C, reg in [
        (4, 5, 3, 0.0),
        (64, 20, 10, 0.0),
        (64, 20, 10, 1.0),
        (6, 4, 7, 0.25),
        (3, 3, 2, 10.0),
        (5, 8, 100, 0.1),
    ]:
        params = _network(rng, D, H, C, scale=0.3)
        right = float(np.log(C) + 0.5 * reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2)))
        tags = {"reg 0"} if reg == 0 else {"reg above 0"}
        cases.append(
            Case({"num_classes": C, **params, "reg": reg}, {"loss": right}, frozenset(tags), {"C": C, "reg": reg})
        )
    return cases


def _first_loss_run(functions, case, guard):
    args = copy_of(case.args)
    params, (C, reg) = _split(args)
    return Outcome({"loss": guard(functions[0], C, params, reg)})


FIRST_LOSS = Task(
    "expected_first_loss",
    ("loss",),
    first_loss_cases,
    _first_loss_run,
    "expected_first_loss(num_classes, params, reg)",
    read=_READ,
    patterns={
        "reg above 0": (
            "penalty",
            "Without regularisation it is right; the penalty is 0.5 · reg · (sum of W1² + sum of W2²).",
        )
    },
)


@plain("expected_first_loss")
def expected_first_loss(num_classes, params, reg):
    loss = np.log(num_classes)
    loss = loss + 0.5 * reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))
    return loss


_PENALTY = ' + 0.5 * reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))'
for _name, _hint, *_changes in [
    (
        "log10",
        "That is the logarithm to base 10. The loss uses the natural one, np.log.",
        ("np.log(num", "np.log10(num"),
    ),
    ("log2", "That is the logarithm to base 2. The loss uses the natural one, np.log.", ("np.log(num", "np.log2(num")),
    ("sign", "ln(1/C) is negative; the loss is −ln(1/C) = ln C.", ("np.log(num_classes)", "np.log(1 / num_classes)")),
    (
        "probability",
        "That is the probability of each class, 1/C. The loss is −ln of it.",
        ("np.log(num_classes)", "1 / num_classes"),
    ),
    ("ten-classes", "It is right for ten classes alone. Use num_classes.", ("np.log(num_classes)", "np.log(10)")),
    (
        "two-point-three",
        "2.3 is rounded, and holds for ten classes alone. Use num_classes.",
        ("np.log(num_classes)", "2.3"),
    ),
    ("reg-ignored", "The penalty is missing: 0.5 · reg · (sum of W1² + sum of W2²).", (_PENALTY, "")),
    ("half-missing", "The 0.5 of the penalty is missing.", ("0.5 * reg", "reg")),
    ("w1-alone", "W2 is missing from the penalty.", (' + np.sum(params["W2"] ** 2)', "")),
    ("w2-alone", "W1 is missing from the penalty.", ('np.sum(params["W1"] ** 2) + ', "")),
    (
        "biases-penalised",
        "The biases are in the penalty. Leave them out.",
        ("** 2))", '** 2) + np.sum(params["b1"] ** 2) + np.sum(params["b2"] ** 2))'),
    ),
    ("reg-added", "reg itself was added. The penalty is 0.5 · reg · (sum of W1² + sum of W2²).", (_PENALTY, " + reg")),
]:
    edit("expected_first_loss", _name, _hint, *_changes)


@alternative("expected_first_loss")
def first_loss_from_a_probability(num_classes, params, reg):
    penalty = sum((value * value).sum() for name, value in params.items() if name.startswith("W"))
    return -np.log(1 / num_classes) + reg * penalty / 2
