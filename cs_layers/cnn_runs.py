"""Runs that notebook 09 looks at: on the digits, the run that learned nothing, and five with one fault each."""

import functools
from typing import NamedTuple

import numpy as np

from cs_layers import optim
from cs_layers.data import load_digits, load_shapes32
from cs_layers.models import ThreeLayerConvNet
from cs_layers.solver import Solver


def train_on_digits(settings, seed=0):
    """A ThreeLayerConvNet trained on the digits, and the Solver that did it.

    Parameters
    ----------
    settings : dict
        num_filters, filter_size, hidden_dim, weight_scale, reg, update_rule, learning_rate, batch_size, num_epochs.
    seed : int
        Of the initial weights and of the order of the rows.

    Raises
    ------
    FloatingPointError
        When the loss is no longer a finite number.
    """
    s = settings
    net = ThreeLayerConvNet(
        (1, 8, 8), s["num_filters"], s["filter_size"], s["hidden_dim"], 10, s["weight_scale"], s["reg"], seed=seed
    )
    solver = Solver(
        net,
        load_digits(np.float32),
        s["update_rule"],
        {"learning_rate": s["learning_rate"]},
        batch_size=s["batch_size"],
        num_epochs=s["num_epochs"],
        verbose=False,
        seed=seed,
    )
    solver.train()
    return net, solver


FAILED = {"inputs": "raw", "weight_scale": 1e-3, "update_rule": "sgd_momentum", "learning_rate": 1e-3, "reg": 0.9}


class Run(NamedTuple):
    """What is left of a training run on the shapes.

    losses : list of float, for each update, the penalty included
    penalties : list of float, 0.5 · reg · (sum of squared weights) within each of them
    accuracy : float, share of the 300 validation pictures that the network got right at the end
    predicted : (10,) array, how many of them it gave to each class
    net : ThreeLayerConvNet
    """

    losses: list
    penalties: list
    accuracy: float
    predicted: np.ndarray
    net: object


@functools.lru_cache(maxsize=1)
def _shapes():
    return load_shapes32(num_training=500, num_validation=300, num_test=0)


def shapes_inputs(inputs):
    """500 training and 300 validation pictures of the shapes, with labels.

    Parameters
    ----------
    inputs : "raw" or "scaled"
        Both are centred by the training pictures' mean image. Raw pixels then reach from −255 to 255; scaled ones are
        divided by the training pictures' standard deviation, so that most lie between −2 and 2.
    """
    data = _shapes()
    mean = 255 * data["X_train"].mean(axis=0)
    train, val = (255 * data[f"X_{part}"] - mean for part in ("train", "val"))
    if inputs == "scaled":
        train, val = train / train.std(), val / train.std()
    return train, data["y_train"], val, data["y_val"]


def train_on_shapes(settings, seed=0, epochs=20, batch_size=50):
    """Train 16 filters of 5×5 and 100 hidden units on 500 pictures of the shapes.

    Parameters
    ----------
    settings : dict
        inputs, weight_scale, update_rule, learning_rate, reg; as in `FAILED`.
    seed : int
        Of the initial weights and of the order of the pictures.

    Returns
    -------
    Run
    """
    X, y, X_val, y_val = shapes_inputs(settings["inputs"])
    net = ThreeLayerConvNet((3, 32, 32), 16, 5, 100, 10, settings["weight_scale"], settings["reg"], seed=seed)
    rule, rng = getattr(optim, settings["update_rule"]), np.random.default_rng(seed)
    configs = {name: {"learning_rate": settings["learning_rate"]} for name in net.params}
    losses, penalties = [], []
    for _ in range(epochs):
        for rows in np.split(rng.permutation(len(X)), range(batch_size, len(X), batch_size)):
            with np.errstate(all="ignore"):
                penalties.append(
                    0.5 * net.reg * sum(float(np.sum(w * w)) for n, w in net.params.items() if n[0] == "W")
                )
                loss, grads = _loss(net, X[rows], y[rows])
                losses.append(loss)
                if not np.isfinite(loss):
                    return Run(losses, penalties, 0.0, np.zeros(10, int), net)
                for name, grad in grads.items():
                    net.params[name], configs[name] = rule(net.params[name], grad, configs[name])
    predicted = net.predict(X_val)
    return Run(losses, penalties, float(np.mean(predicted == y_val)), np.bincount(predicted, minlength=10), net)


def _loss(net, X, y):
    """Loss and gradients; nan where the scores are no longer finite."""
    try:
        return net.loss(X, y)
    except ValueError:
        return float("nan"), {}


@functools.lru_cache(maxsize=32)
def rescue_run(values, seed):
    """`train_on_shapes` with the values of the settings in the order of `FAILED`, remembered."""
    return train_on_shapes(dict(zip(FAILED, values, strict=True)), seed)


def five_runs():
    """Five runs on the digits, 360 updates each: what is wrong with each is the question, so better not read on.

    Returns
    -------
    dict of str to (losses, training accuracy, validation accuracy)
    """
    digits, runs = load_digits(np.float32), {}
    for name, rate, reg, images in [
        ("P", 3e-3, 2.0, 600),
        ("Q", 3e-3, 1e-4, 50),
        ("R", 1e-5, 1e-4, 600),
        ("S", 3e-3, 1e-4, 600),
        ("T", 0.5, 1e-4, 600),
    ]:
        data = {**digits, **{part: digits[part][:images] for part in ("X_train", "y_train")}}
        net = ThreeLayerConvNet((1, 8, 8), 8, 3, 30, weight_scale="he", reg=reg)
        epochs = 360 * 50 // images
        solver = Solver(net, data, "adam", {"learning_rate": rate}, batch_size=50, num_epochs=epochs, verbose=False)
        solver.train()
        runs[name] = solver.loss_history, solver.train_acc_history[-1], solver.val_acc_history[-1]
    return runs
