"""Right and wrong training loops, and settings that do and do not train a network."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain


@plain("train")
def train(loss, params, X, y, learning_rate, batch_size, num_epochs, seed=0):
    params = {name: value.copy() for name, value in params.items()}
    rng = np.random.default_rng(seed)
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            value, grads = loss(params, X[rows], y[rows])
            losses.append(value)
            for name in params:
                params[name] = params[name] - learning_rate * grads[name]
    return params, losses


_UPDATE = "params[name] = params[name] - learning_rate * grads[name]"


for _name, _hint, *_changes in [
    ("ascent", "The step goes uphill. Subtract learning_rate · gradient.", ("- learning_rate", "+ learning_rate")),
    ("no-rate", "The learning rate is missing from the step.", ("- learning_rate * grads", "- grads")),
    (
        "rate-hard-coded",
        "The learning rate is hard-coded. Use learning_rate.",
        ("- learning_rate * grads", "- 0.1 * grads"),
    ),
    (
        "last-layer-never-updated",
        "The last parameter is never updated. Go over every key of params.",
        ("for name in params:", "for name in list(params)[:-1]:"),
    ),
    (
        "biases-never-updated",
        "The biases are never updated. Go over every key of params.",
        ("for name in params:", 'for name in [n for n in params if n.startswith("W")]:'),
    ),
    (
        "weights-never-updated",
        "The weights are never updated. Go over every key of params.",
        ("for name in params:", 'for name in [n for n in params if n.startswith("b")]:'),
    ),
    ("never-updated", "No parameter is updated.", (_UPDATE, "pass")),
    (
        "loss-after-update",
        "The loss was noted after the update, on the batch that it was made with. Note the one that loss() returned.",
        ("            losses.append(value)\n", ""),
        (_UPDATE, _UPDATE + "\n            losses.append(loss(params, X[rows], y[rows])[0])"),
    ),
    (
        "one-loss-an-epoch",
        "Only one loss was noted for each epoch. Note one for each batch.",
        ("            losses.append(value)\n", ""),
        ("    return params", "        losses.append(value)\n    return params"),
    ),
    (
        "last-loss-alone",
        "Only the last loss came back. Return the list of all.",
        ("return params, losses", "return params, [value]"),
    ),
    ("losses-alone", "Only the losses came back. Return (params, losses).", ("return params, losses", "return losses")),
    ("swapped", "params and losses come back in the wrong order.", ("return params, losses", "return losses, params")),
    (
        "as-given",
        "The rows are visited in the order of the data. Draw an order anew for each epoch: rng.permutation(len(X)).",
        ("rng.permutation(len(X))", "np.arange(len(X))"),
    ),
    (
        "one-order",
        "One order is used for all epochs. Draw it inside the loop over epochs.",
        ("        order = rng.permutation(len(X))\n", ""),
        ("    losses = []\n", "    losses = []\n    order = rng.permutation(len(X))\n"),
    ),
    (
        "with-replacement",
        "Rows were drawn with replacement, so some come twice and others never. Walk through a permutation.",
        ("order[start : start + batch_size]", "rng.integers(len(X), size=min(batch_size, len(X) - start))"),
    ),
    (
        "labels-not-shuffled",
        "X was shuffled and y was not. Use the same row numbers for both.",
        ("y[rows]", "y[start : start + batch_size]"),
    ),
    (
        "first-rows-alone",
        "Every batch holds the first rows. Use start.",
        ("order[start : start + batch_size]", "order[:batch_size]"),
    ),
    (
        "leftover-dropped",
        "The rows left over after the last full batch were dropped. Go up to len(X).",
        ("range(0, len(X), batch_size)", "range(0, len(X) - len(X) % batch_size, batch_size)"),
    ),
    ("one-epoch", "Only one epoch was run.", ("range(num_epochs)", "range(1)")),
    ("one-batch-an-epoch", "Only one batch was used in each epoch.", ("range(0, len(X), batch_size)", "range(1)")),
    (
        "params-changed",
        "The params that came in were changed. Copy each array first; `-=` writes into it.",
        ("{name: value.copy() for name, value in params.items()}", "dict(params)"),
        (_UPDATE, "params[name] -= learning_rate * grads[name]"),
    ),
    (
        "rate-divided-by-batch",
        "The step was divided by the batch size. The loss is a mean already.",
        ("learning_rate * grads[name]", "learning_rate / len(rows) * grads[name]"),
    ),
    (
        "stale-gradients",
        "The gradient is always that of the first parameters. Give loss() the current ones.",
        ("    rng = ", "    first = dict(params)\n    rng = "),
        ("loss(params, X[rows]", "loss(first, X[rows]"),
    ),
]:
    edit("train", _name, _hint, *_changes)


@alternative("train")
def train_by_splitting(loss, params, X, y, learning_rate, batch_size, num_epochs, seed=0):
    np.random.seed(seed)
    trained, losses = {k: np.array(v) for k, v in params.items()}, []
    for _ in range(num_epochs):
        order = np.arange(X.shape[0])
        np.random.shuffle(order)
        for rows in np.split(order, range(batch_size, len(order), batch_size)):
            value, grads = loss(trained, X[rows], y[rows])
            losses += [value]
            for k, g in grads.items():
                trained[k] -= learning_rate * g
    return trained, losses


@alternative("train")
def train_on_shuffled_copies(loss, params, X, y, learning_rate, batch_size, num_epochs, seed=0):
    rng, losses = np.random.default_rng(seed), []
    for _ in range(num_epochs):
        order = rng.permutation(X.shape[0])
        shuffled, labels, i = X[order], y[order], 0
        while i < len(X):
            value, grads = loss(params, shuffled[i : i + batch_size], labels[i : i + batch_size])
            losses.append(value)
            params = {k: params[k] - learning_rate * grads[k] for k in params}
            i += batch_size
    return params, np.array(losses)


def _settings(name, hint, text):
    """Register wrong settings as a mistake whose source is a function that returns them."""
    edit(
        "training_settings",
        name,
        hint,
        ("hidden_dim=100, weight_scale=0.1, reg=1e-3, learning_rate=0.5, batch_size=50, num_epochs=30", text),
    )


@plain("training_settings")
def training_settings():
    return dict(hidden_dim=100, weight_scale=0.1, reg=1e-3, learning_rate=0.5, batch_size=50, num_epochs=30)


@alternative("training_settings")
def settings_of_a_smaller_net():
    return {
        "hidden_dim": 50,
        "weight_scale": 0.2,
        "reg": 0.0,
        "learning_rate": 1.0,
        "batch_size": 100,
        "num_epochs": 25,
    }


_settings(
    "rate-too-high",
    "nan means that the steps are so large that each one makes the loss larger. Divide the learning rate by 10.",
    "hidden_dim=100, weight_scale=0.1, reg=1e-2, learning_rate=500.0, batch_size=50, num_epochs=30",
)


_settings(
    "units-dead",
    "One step was so large that no hidden unit answers any more: the ReLUs are dead. Divide the learning rate by 10.",
    "hidden_dim=100, weight_scale=0.1, reg=1e-3, learning_rate=100.0, batch_size=50, num_epochs=30",
)


_settings(
    "rate-too-low",
    "The loss hardly left ln 10 ≈ 2.3: the steps or the initial weights are too small. Raise the learning rate first.",
    "hidden_dim=100, weight_scale=0.01, reg=1e-3, learning_rate=1e-4, batch_size=50, num_epochs=30",
)


_settings(
    "regularised-away",
    "The loss fell, but only because the penalty did: reg pulls all weights to 0 and the scores with them. Lower it.",
    "hidden_dim=100, weight_scale=0.3, reg=3.0, learning_rate=0.1, batch_size=50, num_epochs=30",
)


_settings(
    "stopped-early",
    "It learns, but not far enough: more epochs, smaller batches or a higher learning rate.",
    "hidden_dim=100, weight_scale=0.1, reg=1e-3, learning_rate=0.02, batch_size=100, num_epochs=5",
)


_settings(
    "beyond-the-limits",
    "Stay inside the limits that the task gives.",
    "hidden_dim=2000, weight_scale=0.1, reg=1e-3, learning_rate=0.5, batch_size=50, num_epochs=300",
)


_settings(
    "key-missing",
    "Give all six settings.",
    "hidden_dim=100, weight_scale=0.1, learning_rate=0.5, batch_size=50, num_epochs=30",
)


_settings(
    "setting-misspelt",
    "A key is misspelt. Give the six names as they stand in the table.",
    "hidden_dim=100, weight_scale=0.1, reg=1e-3, lr=0.5, batch_size=50, num_epochs=30",
)
