"""What `Solver` is given, and what a model gives it, checked: each error says what is allowed."""

import numpy as np

from cs_layers import optim, storage


def check_model(model):
    """Raise TypeError if a model has no dict of float arrays `params` or no method `loss`."""
    params = getattr(model, "params", None)
    if not isinstance(params, dict) or not params or not callable(getattr(model, "loss", None)):
        raise TypeError(
            f"model is a {type(model).__name__}, but must have a filled dict model.params and a method model.loss."
        )
    for name, value in params.items():
        if not isinstance(name, str) or not isinstance(value, np.ndarray) or value.dtype.kind != "f":
            kind = getattr(value, "dtype", type(value).__name__)
            raise TypeError(f"model.params[{name!r}] is {kind}, but must be an array of a floating dtype under a name.")


def rows(data, part):
    """The images and labels of one part of the data, checked."""
    if not isinstance(data, dict):
        raise TypeError(f"data is a {type(data).__name__}, but must be a dict with X_train, y_train, X_val and y_val.")
    names = tuple(f"{letter}_{part}" for letter in "Xy")
    missing = [name for name in names if name not in data]
    if missing:
        raise ValueError(
            f"data has the keys {sorted(map(str, data))}, but lacks {missing[0]!r}; it must have X_train, y_train, "
            "X_val and y_val."
        )
    return checked_rows(names[0], data[names[0]], names[1], data[names[1]])


def checked_rows(x_name, X, y_name, y):
    """Rows and their labels as arrays, checked."""
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim == 0 or len(X) == 0:
        raise ValueError(f"{x_name} has shape {X.shape}, but must hold at least one row.")
    if X.dtype.kind not in "fiub":
        raise TypeError(f"{x_name} has dtype {X.dtype}, but must hold numbers.")
    if y.shape != X.shape[:1]:
        raise ValueError(f"{y_name} has shape {y.shape}, but must be ({len(X)},): one label for each row of {x_name}.")
    if y.dtype.kind not in "iu":
        raise TypeError(f"{y_name} has dtype {y.dtype}, but labels must be integers.")
    if y.min() < 0:
        raise ValueError(f"{y_name} has the label {y.min()}, but labels must be 0 or more.")
    if X.dtype.kind == "f" and not np.isfinite(X).all():
        raise ValueError(f"{x_name} holds NaN or infinity; remove or replace those rows first.")
    return X, y


def find_rule(update_rule, optim_config):
    """The update rule that a name stands for, tried with its settings; a function stands for itself."""
    if optim_config is not None and not isinstance(optim_config, dict):
        raise TypeError(f"optim_config is a {type(optim_config).__name__}, but must be a dict or None.")
    if callable(update_rule):
        return update_rule
    if not isinstance(update_rule, str) or update_rule not in optim.RULES:
        raise ValueError(
            f"update_rule is {update_rule!r}, but must be {', '.join(optim.RULES)} or a function rule(w, dw, config)."
        )
    rule = optim.RULES[update_rule]
    rule(np.zeros(1), np.zeros(1), optim_config)
    return rule


def checkpoint_name(name):
    """A checkpoint's name, if its folder exists."""
    # Better now than after an hour, when the first epoch is over.
    if name is not None and not storage.npz_path(name).parent.is_dir():
        raise FileNotFoundError(
            f"checkpoint_name is {str(name)!r}, but there is no folder {storage.npz_path(name).parent}; make it first."
        )
    return None if name is None else str(name)


def loss_and_grads(model, X, y):
    """What ``model.loss(X, y)`` returns: the loss as a float, and a gradient for every parameter; checked."""
    result = model.loss(X, y)
    if not isinstance(result, tuple) or len(result) != 2 or not isinstance(result[1], dict):
        raise TypeError(
            f"model.loss(X, y) returned {type(result).__name__}, but must return (loss, grads), grads a dict."
        )
    loss, grads = result
    missing = [name for name in model.params if name not in grads]
    if missing:
        raise ValueError(
            f"model.loss(X, y) returned gradients for {', '.join(map(str, grads)) or 'nothing'}, but none for "
            f"{missing[0]}; every parameter needs one."
        )
    if np.ndim(loss) != 0:
        raise TypeError(f"model.loss(X, y) returned a loss of shape {np.shape(loss)}, but must return one number.")
    return float(loss), grads
