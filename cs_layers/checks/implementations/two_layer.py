"""Right and wrong ways to write a first network: initial weights, scores, loss and gradients, the first loss."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain


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
    np.random.seed(seed)
    params = {}
    params["W1"] = np.random.normal(0.0, weight_scale, (input_dim, hidden_dim))
    params["b1"] = np.zeros((hidden_dim,))
    params["W2"] = np.random.randn(hidden_dim, num_classes) * weight_scale
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
