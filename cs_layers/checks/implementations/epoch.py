"""Right and wrong ways to centre and scale images, and to train for one epoch."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain


@plain("center_and_scale")
def center_and_scale(X_train, X_val, X_test):
    mean_image = X_train.mean(axis=0)
    std = np.sqrt(((X_train - mean_image) ** 2).mean(axis=(0, 2, 3)))
    X_train, X_val, X_test = [(X - mean_image) / std[:, None, None] for X in (X_train, X_val, X_test)]
    return X_train, X_val, X_test, mean_image, std


_STD = "np.sqrt(((X_train - mean_image) ** 2).mean(axis=(0, 2, 3)))"
_ALL = "    X_train, X_val, X_test = [(X - mean_image) / std[:, None, None] for X in (X_train, X_val, X_test)]"
_EVERY = "np.concatenate([X_train, X_val, X_test])"
for _name, _hint, *_changes in [
    (
        "leak",
        "The statistics are those of all images, validation and test images too. Only the training images may be "
        "looked at.",
        ("mean_image = X_train.mean(axis=0)", f"mean_image = {_EVERY}.mean(axis=0)"),
        (_STD, f"np.sqrt((({_EVERY} - mean_image) ** 2).mean(axis=(0, 2, 3)))"),
    ),
    (
        "own-statistics",
        "Each part was centred and scaled by its own statistics. All three go by those of the training images.",
        (
            _ALL,
            "    X_train, X_val, X_test = [\n"
            "        (X - X.mean(axis=0)) / (X - X.mean(axis=0)).std(axis=(0, 2, 3))[:, None, None]\n"
            "        for X in (X_train, X_val, X_test)\n    ]",
        ),
    ),
    (
        "one-mean",
        "One number was subtracted from every pixel. The mean image has a mean for each pixel and channel: axis=0.",
        ("X_train.mean(axis=0)", "np.full(X_train.shape[1:], X_train.mean())"),
    ),
    (
        "mean-of-channels",
        "The mean of each channel was subtracted. The mean image has a mean for each pixel and channel: axis=0 alone.",
        (
            "X_train.mean(axis=0)",
            "X_train.mean(axis=(0, 2, 3))[:, None, None] + np.zeros(X_train.shape[1:])",
        ),
    ),
    (
        "grey-mean-image",
        "The mean image is grey: it was averaged over the channels too.",
        ("X_train.mean(axis=0)", "X_train.mean(axis=(0, 1)) + np.zeros(X_train.shape[1:])"),
    ),
    (
        "mean-of-each-image",
        "Each image was centred by its own mean. The mean is over the images: axis=0.",
        ("(X - mean_image) /", "(X - X.mean(axis=(1, 2, 3), keepdims=True)) /"),
    ),
    (
        "std-of-pixels",
        "There is a standard deviation for each pixel. Take one for each channel: over images, rows and columns.",
        (_STD, "np.sqrt(((X_train - mean_image) ** 2).mean(axis=0))"),
        ("std[:, None, None]", "std"),
    ),
    (
        "one-std",
        "One standard deviation was taken for all channels. Each channel has its own: axis=(0, 2, 3).",
        (_STD, "np.full(X_train.shape[1], np.sqrt(((X_train - mean_image) ** 2).mean()))"),
    ),
    (
        "std-before-centring",
        "The standard deviation is that of the raw pixels. Take it after the mean image was subtracted: what differs "
        "from one place of the mean image to another is gone by then.",
        (_STD, "X_train.std(axis=(0, 2, 3))"),
    ),
    (
        "variance",
        "The variance came in place of the standard deviation. Take its root.",
        (_STD, "((X_train - mean_image) ** 2).mean(axis=(0, 2, 3))"),
    ),
    ("not-divided", "The images were not divided by the standard deviation.", (" / std[:, None, None]", "")),
    ("not-centred", "The mean image was not subtracted.", ("[(X - mean_image) /", "[X /")),
    (
        "wraps-around",
        "The mean image was turned into bytes, and differences below 0 wrapped around to 255. Subtract floats.",
        ("[(X - mean_image) /", "[(X - mean_image.astype(np.uint8)) /"),
    ),
    (
        "divided-over-columns",
        "The standard deviations were spread along the last axis, which holds columns. Channels are axis 1: "
        "std[:, None, None].",
        ("std[:, None, None]", "np.resize(std, X_train.shape[-1])"),
    ),
    (
        "training-alone",
        "Only the training images were centred and scaled. A network must see all images prepared alike.",
        (
            _ALL,
            "    X_train = (X_train - mean_image) / std[:, None, None]",
        ),
    ),
    (
        "scaled-back",
        "The images were multiplied by the standard deviation. Divide by it.",
        (") / std[", ") * std["),
    ),
    (
        "writes-inputs",
        "The arrays that came in were changed. Make new ones.",
        (_ALL, "    raw = X_train, X_val, X_test\n" + _ALL + "\n    raw[1][...] = 0"),
    ),
]:
    edit("center_and_scale", _name, _hint, *_changes)


@alternative("center_and_scale")
def center_in_floats(X_train, X_val, X_test):
    X_train, X_val, X_test = (np.array(X, dtype=np.float64) for X in (X_train, X_val, X_test))
    mean_image = np.mean(X_train, 0)
    for X in (X_train, X_val, X_test):
        X -= mean_image
    std = np.std(X_train, axis=(0, 2, 3)) + 1e-8
    for X in (X_train, X_val, X_test):
        X /= std.reshape(1, -1, 1, 1)
    return X_train, X_val, X_test, mean_image, std


@alternative("center_and_scale")
def center_in_single_precision(X_train, X_val, X_test):
    X = X_train.astype(np.float32)
    mean = X.mean(axis=0)
    centred = [X - mean, X_val.astype(np.float32) - mean, X_test.astype(np.float32) - mean]
    std = np.array([centred[0][:, c].std() for c in range(X.shape[1])])
    scaled = [part / std[None, :, None, None] for part in centred]
    return (*scaled, mean, std)


@plain("train_epoch")
def train_epoch(gradient, params, x, t, rule, config, batch_size, seed=0):
    params = dict(params)
    configs = {name: dict(config) for name in params}
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        grads = gradient(params, x[rows], t[rows])
        for name in params:
            params[name], configs[name] = rule(params[name], grads[name], configs[name])
    return params


_STEP = "params[name], configs[name] = rule(params[name], grads[name], configs[name])"
_EACH = "        for name in params:"
for _name, _hint, *_changes in [
    (
        "last-layer-never-updated",
        "The last layer's parameters are never updated. Go over every key of params.",
        (_EACH, "        for name in list(params)[:-2]:"),
    ),
    (
        "first-layer-never-updated",
        "The first layer's parameters are never updated. Go over every key of params.",
        (_EACH, "        for name in list(params)[2:]:"),
    ),
    (
        "biases-never-updated",
        "The biases are never updated. Go over every key of params.",
        (_EACH, '        for name in [n for n in params if n.startswith("W")]:'),
    ),
    (
        "weights-never-updated",
        "The weights are never updated. Go over every key of params.",
        (_EACH, '        for name in [n for n in params if n.startswith("b")]:'),
    ),
    (
        "result-dropped",
        "rule returns the new array, and it was dropped.",
        (_STEP, _STEP.replace("params[name],", "_,", 1)),
    ),
    (
        "config-forgotten",
        "Every step starts from the first config, so the rule remembers nothing: keep the config that it returns.",
        ("params[name], configs[name] = rule", "params[name], _ = rule"),
    ),
    (
        "config-shared",
        "All parameters share one config, so that the memory of one is mixed into the next. Keep one for each name.",
        ("configs = {name: dict(config) for name in params}", "memory = dict(config)"),
        (_STEP, "params[name], memory = rule(params[name], grads[name], memory)"),
    ),
    (
        "step-turned-round",
        "The gradients' signs were turned round before rule got them. It goes downhill by itself.",
        ("rule(params[name], grads[name]", "rule(params[name], -grads[name]"),
    ),
    (
        "gradients-divided-by-batch",
        "The gradients were divided by the batch size. They are those of a mean already.",
        ("rule(params[name], grads[name]", "rule(params[name], grads[name] / batch_size"),
    ),
    (
        "stale-gradients",
        "The gradient is always that of the first parameters. Give gradient() the current ones.",
        ("    rng = ", "    first = dict(params)\n    rng = "),
        ("gradient(params, x", "gradient(first, x"),
    ),
    (
        "as-given",
        "The rows are visited in the order of the data, which may be sorted. Shuffle: rng.permutation(len(x)).",
        ("rng.permutation(len(x))", "np.arange(len(x))"),
    ),
    (
        "with-replacement",
        "Every batch was drawn from all rows, so that some come twice and others never. Walk through one permutation.",
        ("order[start : start + batch_size]", "rng.integers(len(x), size=min(batch_size, len(x) - start))"),
    ),
    (
        "labels-not-shuffled",
        "x was shuffled and t was not. Use the same row numbers for both.",
        ("t[rows]", "t[start : start + batch_size]"),
    ),
    (
        "first-rows-alone",
        "Every batch holds the same rows. Use start.",
        ("order[start : start + batch_size]", "order[: min(batch_size, len(x) - start)]"),
    ),
    (
        "leftover-dropped",
        "The rows left over after the last full batch were dropped. Go up to len(x).",
        ("range(0, len(x), batch_size)", "range(0, len(x) - len(x) % batch_size, batch_size)"),
    ),
    ("one-batch", "Only one batch was used. An epoch visits every row.", ("range(0, len(x), batch_size)", "range(1)")),
    (
        "two-epochs",
        "Every row was visited twice. One epoch visits it once.",
        ("range(0, len(x), batch_size)", "[*range(0, len(x), batch_size)] * 2"),
    ),
    (
        "whole-set-at-once",
        "All rows went into one batch. Take batch_size of them at a time.",
        ("rows = order[start : start + batch_size]", "rows = order"),
        ("range(0, len(x), batch_size)", "range(1)"),
    ),
    (
        "params-changed",
        "The params that came in were changed. Copy them first: dict(params), or copies of the arrays.",
        ("    params = dict(params)\n", ""),
    ),
    ("no-return", "Nothing came back: the `return` line is missing.", ("    return params", "    pass")),
]:
    edit("train_epoch", _name, _hint, *_changes)


@alternative("train_epoch")
def epoch_of_split_rows(gradient, params, x, t, rule, config, batch_size, seed=0):
    trained, memory = {k: v.copy() for k, v in params.items()}, {}
    rows = list(range(len(x)))
    np.random.seed(seed)
    np.random.shuffle(rows)
    for chunk in np.split(np.array(rows), range(batch_size, len(rows), batch_size)):
        g = gradient(trained, x[chunk], t[chunk])
        for k in sorted(g):
            trained[k], memory[k] = rule(trained[k], g[k], memory.get(k, config))
    return trained


@alternative("train_epoch")
def epoch_that_copies_the_data(gradient, params, x, t, rule, config, batch_size, seed=0):
    p = np.random.default_rng(seed).permutation(len(x))
    x, t, configs, i = x[p], t[p], {n: config.copy() for n in params}, 0
    while i < len(x):
        grads = gradient(params, x[i : i + batch_size], t[i : i + batch_size])
        both = {n: rule(params[n], grads[n], configs[n]) for n in params}
        params, configs = {n: v[0] for n, v in both.items()}, {n: v[1] for n, v in both.items()}
        i += batch_size
    return params
