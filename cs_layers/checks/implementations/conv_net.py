"""Right and wrong ways to write a convolutional network in two functions, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain


@plain("conv_net_init")
def conv_net_init(input_dim, num_filters, filter_size, hidden_dim, num_classes, weight_scale=1e-3, seed=0):
    rng = np.random.default_rng(seed)
    C, H, W = input_dim
    flat = num_filters * (H // 2) * (W // 2)
    return {
        "W1": weight_scale * rng.standard_normal((num_filters, C, filter_size, filter_size)),
        "b1": np.zeros(num_filters),
        "W2": weight_scale * rng.standard_normal((flat, hidden_dim)),
        "b2": np.zeros(hidden_dim),
        "W3": weight_scale * rng.standard_normal((hidden_dim, num_classes)),
        "b3": np.zeros(num_classes),
    }


_W1 = "weight_scale * rng.standard_normal((num_filters, C, filter_size, filter_size))"
_W2 = "weight_scale * rng.standard_normal((flat, hidden_dim))"
_W3 = "weight_scale * rng.standard_normal((hidden_dim, num_classes))"
_FLAT = "num_filters * (H // 2) * (W // 2)"
for _name, _hint, *_changes in [
    (
        "pool-forgotten-in-size",
        "W2 has the size before pooling. Pooling halves height and width.",
        (_FLAT, "num_filters * H * W"),
    ),
    (
        "pool-halves-once",
        "W2 is made for half of the pixels. Pooling halves the height and the width, which leaves a quarter.",
        (_FLAT, "num_filters * H * W // 2"),
    ),
    (
        "filters-forgotten-in-size",
        "The number of filters is missing from W2's rows: each filter makes a map of its own.",
        (_FLAT, "(H // 2) * (W // 2)"),
    ),
    (
        "channels-for-filters",
        "W2's rows were counted with the image's channels. After the convolution there are num_filters maps.",
        (_FLAT, "C * (H // 2) * (W // 2)"),
    ),
    ("h-for-w", "H was used for W: images need not be square.", (_FLAT, "num_filters * (H // 2) * (H // 2)")),
    ("size-hard-coded", "The size of W2 does not come from input_dim.", (_FLAT, "num_filters * 16 * 16")),
    (
        "filters-and-channels-swapped",
        "W1 is (num_filters, C, K, K): first which filter, then which channel.",
        (_W1, "weight_scale * rng.standard_normal((C, num_filters, filter_size, filter_size))"),
    ),
    (
        "one-channel",
        "W1 has one channel. Each filter looks at all C channels of the image.",
        (_W1, "weight_scale * rng.standard_normal((num_filters, 1, filter_size, filter_size))"),
    ),
    (
        "zeros",
        "Weights that start at zero stay equal for ever: all filters compute the same. Draw them at random.",
        (_W1, "np.zeros((num_filters, C, filter_size, filter_size))"),
        (_W2, "np.zeros((flat, hidden_dim))"),
        (_W3, "np.zeros((hidden_dim, num_classes))"),
    ),
    (
        "scale-ignored",
        "weight_scale is not used. Multiply the standard normal draws with it.",
        (_W1, _W1.split(" * ", 1)[1]),
        (_W2, _W2.split(" * ", 1)[1]),
        (_W3, _W3.split(" * ", 1)[1]),
    ),
    (
        "scale-for-filters-alone",
        "weight_scale is used for W1 alone. Multiply the draws of W2 and W3 with it too.",
        (_W2, _W2.split(" * ", 1)[1]),
        (_W3, _W3.split(" * ", 1)[1]),
    ),
    (
        "scale-missing-in-the-last",
        "weight_scale is missing from W3.",
        (_W3, _W3.split(" * ", 1)[1]),
    ),
    (
        "uniform",
        "These are uniform numbers, all positive. Use rng.standard_normal (np.random.randn).",
        (_W1, "weight_scale * rng.random((num_filters, C, filter_size, filter_size))"),
    ),
    (
        "scale-as-mean",
        "weight_scale became the mean. It is the standard deviation.",
        (_W2, "rng.normal(weight_scale, 1.0, (flat, hidden_dim))"),
    ),
    (
        "biases-drawn",
        "The biases were drawn at random. They start at zero.",
        ("np.zeros(num_filters)", "weight_scale * rng.standard_normal(num_filters)"),
        ("np.zeros(hidden_dim)", "weight_scale * rng.standard_normal(hidden_dim)"),
    ),
    (
        "biases-with-an-axis",
        "A bias has two axes. It has one: an entry for each filter, unit or class.",
        ("np.zeros(hidden_dim)", "np.zeros((1, hidden_dim))"),
    ),
    (
        "b1-per-channel",
        "b1 has an entry for each channel. It has one for each filter.",
        ("np.zeros(num_filters)", "np.zeros(C)"),
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
        "The generator was made twice from one seed, so W2 repeats W1's numbers. Make it once.",
        (_W2, _W2.replace("rng.", "np.random.default_rng(seed).")),
    ),
    ("layer-missing", "The last layer is not there: W3 and b3.", (f'        "W3": {_W3},\n', "")),
]:
    edit("conv_net_init", _name, _hint, *_changes)


@alternative("conv_net_init")
def init_with_the_global_generator(dim, F, K, M, classes, weight_scale=1e-3, seed=0):
    np.random.seed(seed)
    W1 = np.random.normal(0.0, weight_scale, (F, dim[0], K, K))
    W2 = np.random.randn(F * dim[1] * dim[2] // 4, M) * weight_scale
    W3 = np.random.randn(M, classes) * weight_scale
    return dict(W3=W3, b3=np.zeros(classes), W2=W2, b2=np.zeros((M,)), W1=W1, b1=np.zeros(F))


@plain("conv_net_loss")
def conv_net_loss(params, X, y=None, reg=0.0):
    W1, b1, W2, b2, W3, b3 = (params[k] for k in ("W1", "b1", "W2", "b2", "W3", "b3"))
    N, _, H, W = X.shape
    F, _, HH, WW = W1.shape
    pad = (HH - 1) // 2
    xp = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(xp, (HH, WW), axis=(2, 3))
    conv = np.einsum("ncijpq,fcpq->nfij", windows, W1) + b1[:, None, None]
    active = np.maximum(0, conv)
    blocks = active.reshape(N, F, H // 2, 2, W // 2, 2)
    pooled = blocks.max(axis=(3, 5))
    rows = pooled.reshape(N, -1)
    hidden = np.maximum(0, rows @ W2 + b2)
    scores = hidden @ W3 + b3
    if y is None:
        return scores
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_probs[np.arange(N), y].mean()
    loss += 0.5 * reg * (np.sum(W1**2) + np.sum(W2**2) + np.sum(W3**2))
    dscores = np.exp(log_probs)
    dscores[np.arange(N), y] -= 1
    dscores /= N
    dhidden = dscores @ W3.T * (hidden > 0)
    dpooled = (dhidden @ W2.T).reshape(pooled.shape)
    mask = blocks == pooled[:, :, :, None, :, None]
    dconv = (mask * dpooled[:, :, :, None, :, None]).reshape(conv.shape) * (conv > 0)
    grads = {
        "W1": np.einsum("nfij,ncijpq->fcpq", dconv, windows) + reg * W1,
        "b1": dconv.sum(axis=(0, 2, 3)),
        "W2": rows.T @ dhidden + reg * W2,
        "b2": dhidden.sum(axis=0),
        "W3": hidden.T @ dscores + reg * W3,
        "b3": dscores.sum(axis=0),
    }
    return loss, grads


_SUM = "(np.sum(W1**2) + np.sum(W2**2) + np.sum(W3**2))"
for _name, _hint, *_changes in [
    (
        "relu-on-scores",
        "The last layer has a ReLU. Scores may be negative: the last layer is affine only.",
        ("scores = hidden @ W3 + b3", "scores = np.maximum(0, hidden @ W3 + b3)"),
    ),
    (
        "hidden-relu-missing",
        "The ReLU between the two affine layers is missing.",
        ("hidden = np.maximum(0, rows @ W2 + b2)", "hidden = rows @ W2 + b2"),
        (" * (hidden > 0)", ""),
    ),
    (
        "conv-relu-missing",
        "The ReLU after the convolution is missing.",
        ("active = np.maximum(0, conv)", "active = conv"),
        (" * (conv > 0)", ""),
    ),
    (
        "mean-pooled",
        "The maps were pooled by their mean. This network takes the maximum.",
        ("blocks.max(axis=(3, 5))", "blocks.mean(axis=(3, 5))"),
    ),
    (
        "not-padded",
        "The convolution has no padding that keeps the size: pad = (K − 1) // 2.",
        (
            "np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))",
            "np.pad(X, ((0, 0), (0, 0), (0, 2 * pad), (0, 2 * pad)))",
        ),
    ),
    ("pad-hard-coded", "pad is 1 whatever the filter. It is (K − 1) // 2.", ("pad = (HH - 1) // 2", "pad = 1")),
    ("b1-missing", "b1 is not added after the convolution.", (" + b1[:, None, None]", "")),
    ("b3-missing", "b3 is not added to the scores.", ("hidden @ W3 + b3", "hidden @ W3")),
    (
        "softmax-applied",
        "Without y probabilities came back. Return the scores.",
        (
            "        return scores\n",
            "        e = np.exp(scores - scores.max(axis=1, keepdims=True))\n"
            "        return e / e.sum(axis=1, keepdims=True)\n",
        ),
    ),
    (
        "unstable-softmax",
        "exp was taken of the raw scores, which overflows. Subtract each row's maximum first, or use softmax_loss.",
        ("scores - scores.max(axis=1, keepdims=True)", "scores"),
    ),
    (
        "half-missing-in-loss",
        "The 0.5 of the regularization is missing from the loss: 0.5 · reg · sum(W²).",
        ("0.5 * reg", "reg"),
    ),
    ("regularization-missing-in-loss", "The regularization is missing from the loss.", ("0.5 * reg", "0 * reg")),
    (
        "regularization-forgets-the-filters",
        "W1 is not regularized in the loss. Add sum(W²) of every weight.",
        (_SUM, "(np.sum(W2**2) + np.sum(W3**2))"),
    ),
    (
        "regularization-forgets-the-last",
        "W3 is not regularized in the loss. Add sum(W²) of every weight.",
        (_SUM, "(np.sum(W1**2) + np.sum(W2**2))"),
    ),
    (
        "biases-regularized",
        "The biases are regularized too. Only weights are.",
        (_SUM, "(np.sum(W1**2) + np.sum(W2**2) + np.sum(W3**2) + np.sum(b1**2) + np.sum(b2**2) + np.sum(b3**2))"),
    ),
    ("grad-regularization-missing-for-W1", "reg · W1 is missing from the gradient of W1.", (" + reg * W1", "")),
    ("grad-regularization-missing-for-W2", "reg · W2 is missing from the gradient of W2.", (" + reg * W2", "")),
    ("grad-regularization-missing-for-W3", "reg · W3 is missing from the gradient of W3.", (" + reg * W3", "")),
    (
        "grad-regularization-doubled",
        "The gradient of 0.5 · reg · W² is reg · W; here it is doubled.",
        (" + reg * W1", " + 2 * reg * W1"),
        (" + reg * W2", " + 2 * reg * W2"),
        (" + reg * W3", " + 2 * reg * W3"),
    ),
    (
        "hidden-mask-missing",
        "On the way back the gradient passes the hidden ReLU as if it were not there.",
        (" * (hidden > 0)", ""),
    ),
    (
        "conv-mask-missing",
        "On the way back the gradient passes the ReLU after the convolution as if it were not there.",
        (".reshape(conv.shape) * (conv > 0)", ".reshape(conv.shape)"),
        ("mask * dpooled", "(blocks == pooled[:, :, :, None, :, None]) * dpooled"),
        ("active.reshape(N", "(active + 1e-9 * conv).reshape(N"),
    ),
    (
        "pool-pays-everyone",
        "On the way back every entry of a pooling window got the gradient. Only the maximum did go through.",
        ("mask * dpooled[:, :, :, None, :, None]", "np.ones_like(mask) * dpooled[:, :, :, None, :, None]"),
    ),
    ("loss-not-averaged", "The loss is a sum over the batch. Take the mean.", ("y].mean()", "y].sum()")),
    ("gradient-not-averaged", "The gradient of the scores was not divided by N.", ("    dscores /= N\n", "")),
    ("b3-gradient-missing", "The gradient of b3 is not in grads.", ('        "b3": dscores.sum(axis=0),\n', "")),
    (
        "bias-gradient-averaged",
        "The gradient of b1 is a mean over images and places. It is a sum.",
        ("dconv.sum(axis=(0, 2, 3))", "dconv.mean(axis=(0, 2, 3))"),
    ),
    ("swapped", "(grads, loss) came back. Return (loss, grads).", ("return loss, grads", "return grads, loss")),
    ("loss-alone", "Only the loss came back. Return (loss, grads).", ("return loss, grads", "return loss")),
    ("writes-X", "X itself was changed. Work on a copy.", ("    if y is None:", "    X *= 0.5\n    if y is None:")),
    (
        "updates-params",
        "The parameters were changed. The loss only computes gradients; the optimiser takes the step.",
        ("    return loss, grads", "    params['b3'] -= 0.1 * grads['b3']\n    return loss, grads"),
    ),
]:
    edit("conv_net_loss", _name, _hint, *_changes)


@alternative("conv_net_loss")
def loss_by_windows(params, X, y=None, reg=0.0):
    p, K = params, params["W1"].shape[2]
    print("loss", X.shape)
    P, (N, _, H, W) = K // 2, X.shape
    xp = np.pad(X, ((0, 0), (0, 0), (P, P), (P, P)))
    conv = np.zeros((N, len(p["W1"]), H, W))
    for i in range(H):
        for j in range(W):
            conv[:, :, i, j] = np.einsum("ncpq,fcpq->nf", xp[:, :, i : i + K, j : j + K], p["W1"])
    conv = conv + p["b1"].reshape(1, -1, 1, 1)
    a = conv * (conv > 0)
    four = np.stack([a[:, :, 0::2, 0::2], a[:, :, 0::2, 1::2], a[:, :, 1::2, 0::2], a[:, :, 1::2, 1::2]])
    which, s = four.argmax(0), four.max(0)
    flat = s.reshape(N, -1)
    h = flat @ p["W2"] + p["b2"]
    h[h < 0] = 0
    scores = h @ p["W3"] + p["b3"]
    if y is None:
        return scores
    e = scores - np.amax(scores, 1)[:, None]
    total = np.log(np.exp(e).sum(1))
    loss = (total - e[range(N), y]).sum() / N + reg / 2 * sum((p[k] * p[k]).sum() for k in ("W1", "W2", "W3"))
    d = np.exp(e - total[:, None])
    d[range(N), y] -= 1
    d = d / N
    dh = (d @ p["W3"].T) * (h > 0)
    ds = (dh @ p["W2"].T).reshape(s.shape)
    da = np.zeros(a.shape)
    for k, (i, j) in enumerate([(0, 0), (0, 1), (1, 0), (1, 1)]):
        da[:, :, i::2, j::2] = ds * (which == k)
    da *= conv > 0
    g = {"W1": np.zeros(p["W1"].shape), "b1": da.sum((0, 2, 3)), "b2": dh.sum(0), "b3": d.sum(0)}
    for i in range(H):
        for j in range(W):
            g["W1"] += np.einsum("nf,ncpq->fcpq", da[:, :, i, j], xp[:, :, i : i + K, j : j + K])
    g["W1"] += reg * p["W1"]
    g["W2"], g["W3"] = flat.T @ dh + reg * p["W2"], h.T @ d + reg * p["W3"]
    return float(loss), g
