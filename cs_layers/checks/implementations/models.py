"""Right and wrong ways to write TwoLayerNet and ThreeLayerConvNet, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain
from ..models import _UNIFORM


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
    _biases = " + ".join(f"np.sum(b{k}**2)" for k in range(1, _last + 1))
    _e(
        "all-biases-regularized",
        "The biases are regularized too. Only weights are.",
        (_all, _all.replace("**2))", f"**2) + {_biases})")),
    )
    _e(
        "regularization-divided-by-batch",
        "The regularization was divided by N. It belongs to the weights, and stays the same for any batch.",
        ("0.5 * self.reg", "0.5 * self.reg / N"),
    )
    _e(
        "regularization-of-absolute-values",
        "The weights' absolute values were summed (L1). The regularization here is 0.5 · reg · sum(W²).",
        (_all, _all.replace("np.sum(W", "np.sum(np.abs(W").replace("**2)", "))")),
    )
    _e(
        "squares-of-sums",
        "The sums were squared. Square each weight, then sum: sum(W²).",
        (_all, _all.replace("**2)", ")**2")),
    )
    _e(
        "reg-hard-coded",
        "reg is hard-coded in the constructor. Keep the one that is given.",
        ("self.reg = reg", "self.reg = 0.5"),
    )
    _e(
        "classes-hard-coded",
        "The number of classes is hard-coded as 10 in the last weight. Take num_classes.",
        (
            f'"W{_last}": weight_scale * np.random.randn(hidden_dim, num_classes)',
            f'"W{_last}": weight_scale * np.random.randn(hidden_dim, 10)',
        ),
    )
    _terms = [f" + self.reg * W{k}" for k in range(1, _last + 1)]
    for _k, _term in enumerate(_terms, 1):
        _e(f"grad-regularization-missing-for-W{_k}", f"reg · W is missing from the gradient of W{_k}.", (_term, ""))
    for _name, _hint, _other in (
        ("halved", "here it is halved", "0.5 * self.reg"),
        ("doubled", "here it is doubled", "2 * self.reg"),
    ):
        _e(
            f"grad-regularization-{_name}",
            f"The gradient of 0.5 · reg · W² is reg · W; {_hint}.",
            *((_term, _term.replace("self.reg", _other)) for _term in _terms),
        )
    _e(
        "grad-regularization-summed",
        "The sum of all of W was added to each entry of its gradient. The gradient of 0.5 · reg · sum(W²) is reg · W.",
        *((_term, _term.replace("W", "np.sum(W") + ")") for _term in _terms),
    )
    _e(
        "relu-mask-missing",
        "The gradient passes the ReLU as if it were not there.",
        (f"dscores.dot(W{_last}.T) * (hidden > 0)", f"dscores.dot(W{_last}.T)"),
    )
    _e(
        "relu-mask-is-the-activation",
        "Back through the ReLU the gradient was multiplied with its output. Multiply with 1 where that is above 0.",
        (f"dscores.dot(W{_last}.T) * (hidden > 0)", f"dscores.dot(W{_last}.T) * hidden"),
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


for _pad in (0, 1, 2):
    edit(
        "ThreeLayerConvNet",
        f"pad-{_pad}-hard-coded",
        f"A padding of {_pad} is hard-coded. It is (filter_size − 1) // 2, so that the image keeps its size.",
        ("pad = (HH - 1) // 2", f"pad = {_pad}"),
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
