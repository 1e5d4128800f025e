"""Update rules: how a gradient changes a parameter.

Every rule is called as ``next_w, config = rule(w, dw, config)``. ``config`` holds the rule's settings (its learning
rate, say) and what it remembers between steps (a velocity, say); pass on the one returned to take the next step.
The rules are pure: ``w``, ``dw`` and the ``config`` passed in are never changed. What a rule makes on the way it writes
over, since every further array of the size of ``w`` is memory to find and to fill.
"""

import numpy as np

# The settings of a rule and their defaults. What it remembers starts at zero, shaped like w but for the count t.
_DEFAULTS = {
    "sgd": {"learning_rate": 1e-2},
    "sgd_momentum": {"learning_rate": 1e-2, "momentum": 0.9},
    "nesterov": {"learning_rate": 1e-2, "momentum": 0.9},
    "adagrad": {"learning_rate": 1e-2, "epsilon": 1e-8},
    "rmsprop": {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8},
    "adam": {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
}
_REMEMBERED = {
    "sgd": (),
    "sgd_momentum": ("velocity",),
    "nesterov": ("velocity",),
    "adagrad": ("cache",),
    "rmsprop": ("cache",),
    "adam": ("m", "v", "t"),
}
_RANGES = {
    "learning_rate": (lambda value: value >= 0, "0 or more"),
    "epsilon": (lambda value: value > 0, "above 0"),
    "momentum": (lambda value: 0 <= value < 1, "at least 0 and below 1"),
    "decay_rate": (lambda value: 0 <= value < 1, "at least 0 and below 1"),
    "beta1": (lambda value: 0 <= value < 1, "at least 0 and below 1"),
    "beta2": (lambda value: 0 <= value < 1, "at least 0 and below 1"),
}


def sgd(w, dw, config=None):
    """Stochastic gradient descent: ``w - learning_rate * dw``.

    Parameters
    ----------
    w : array of any shape
        The parameter.
    dw : array, shape of ``w``
        The gradient of the loss with respect to ``w``.
    config : dict, optional
        ``learning_rate`` (default 1e-2).

    Returns
    -------
    next_w : array, shape and dtype of ``w``
    config : dict
        What to pass with the next step.

    Raises
    ------
    TypeError, ValueError
        When the shapes differ, ``w`` is not of a floating dtype, or ``config`` has an unknown key or a value out of
        range.
    """
    w, dw, config = _prepare("sgd", w, dw, config)
    return w - config["learning_rate"] * dw, config


def sgd_momentum(w, dw, config=None):
    """Gradient descent with momentum: the step is a velocity that each gradient pushes a little.

    ``velocity = momentum * velocity - learning_rate * dw``, then ``w + velocity`` (Polyak 1964, in the form of CS231n).

    Parameters
    ----------
    w : array of any shape
    dw : array, shape of ``w``
    config : dict, optional
        ``learning_rate`` (1e-2), ``momentum`` (0.9: the share of the velocity that is kept), ``velocity`` (zeros).

    Returns
    -------
    next_w, config : see `sgd`

    Raises
    ------
    TypeError, ValueError
        See `sgd`.
    """
    w, dw, config = _prepare("sgd_momentum", w, dw, config)
    velocity = config["momentum"] * config["velocity"]
    velocity -= config["learning_rate"] * dw
    return w + velocity, {**config, "velocity": velocity}


def nesterov(w, dw, config=None):
    """Momentum whose gradient is taken where the velocity is about to carry ``w``.

    With ``w`` standing for that look-ahead point, the step is ``(1 + momentum) * velocity`` less ``momentum`` times the
    previous velocity (Nesterov 1983, in the form of Bengio et al. 2013, arXiv:1212.0901).

    Parameters
    ----------
    w : array of any shape
    dw : array, shape of ``w``
    config : dict, optional
        ``learning_rate`` (1e-2), ``momentum`` (0.9), ``velocity`` (zeros).

    Returns
    -------
    next_w, config : see `sgd`

    Raises
    ------
    TypeError, ValueError
        See `sgd`.
    """
    w, dw, config = _prepare("nesterov", w, dw, config)
    momentum, previous = config["momentum"], config["velocity"]
    config["velocity"] = momentum * previous - config["learning_rate"] * dw
    return w + (1 + momentum) * config["velocity"] - momentum * previous, config


def adagrad(w, dw, config=None):
    """Each entry's step is divided by the root of the sum of its squared gradients so far (Duchi et al. 2011).

    ``cache = cache + dw**2``, then ``w - learning_rate * dw / (sqrt(cache) + epsilon)``.

    Parameters
    ----------
    w : array of any shape
    dw : array, shape of ``w``
    config : dict, optional
        ``learning_rate`` (1e-2), ``epsilon`` (1e-8: keeps the division away from 0), ``cache`` (zeros).

    Returns
    -------
    next_w, config : see `sgd`

    Raises
    ------
    TypeError, ValueError
        See `sgd`.
    """
    w, dw, config = _prepare("adagrad", w, dw, config)
    config["cache"] = config["cache"] + dw * dw
    return w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"]), config


def rmsprop(w, dw, config=None):
    """AdaGrad with a memory that fades: the squared gradients are averaged, not summed (Tieleman and Hinton 2012).

    ``cache = decay_rate * cache + (1 - decay_rate) * dw**2``, then the step of `adagrad`:
    ``w - learning_rate * dw / (sqrt(cache) + epsilon)``.

    Parameters
    ----------
    w : array of any shape
    dw : array, shape of ``w``
    config : dict, optional
        ``learning_rate`` (1e-2), ``decay_rate`` (0.99), ``epsilon`` (1e-8), ``cache`` (zeros).

    Returns
    -------
    next_w, config : see `sgd`

    Raises
    ------
    TypeError, ValueError
        See `sgd`.
    """
    w, dw, config = _prepare("rmsprop", w, dw, config)
    decay = config["decay_rate"]
    config["cache"] = decay * config["cache"] + (1 - decay) * (dw * dw)
    return w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"]), config


def adam(w, dw, config=None):
    """Momentum and RMSProp together, each corrected for having started at zero (Kingma and Ba 2015, arXiv:1412.6980).

    ``t`` counts the steps and is raised before it is used, so the first step has ``t = 1``.

    Parameters
    ----------
    w : array of any shape
    dw : array, shape of ``w``
    config : dict, optional
        ``learning_rate`` (1e-3), ``beta1`` (0.9), ``beta2`` (0.999), ``epsilon`` (1e-8); ``m``, ``v`` (zeros: averages
        of the gradient and of its square), ``t`` (0: the steps taken).

    Returns
    -------
    next_w, config : see `sgd`

    Raises
    ------
    TypeError, ValueError
        See `sgd`.
    """
    w, dw, config = _prepare("adam", w, dw, config)
    beta1, beta2, t = config["beta1"], config["beta2"], config["t"] + 1
    m, v = beta1 * config["m"], beta2 * config["v"]
    m += (1 - beta1) * dw
    v += (1 - beta2) * (dw * dw)
    root = v / (1 - beta2**t)
    np.sqrt(root, out=root)
    root += config["epsilon"]
    step = m / (1 - beta1**t)
    step *= config["learning_rate"]
    step /= root
    return w - step, {**config, "m": m, "v": v, "t": t}


RULES = {rule.__name__: rule for rule in (sgd, sgd_momentum, nesterov, adagrad, rmsprop, adam)}


def _prepare(rule, w, dw, config):
    """Check what a rule was given; return ``w`` and ``dw`` in one dtype and a new, complete ``config``."""
    w, dw = np.asarray(w), np.asarray(dw)
    if not np.issubdtype(w.dtype, np.floating):
        raise TypeError(f"{rule}: w has dtype {w.dtype}, but must be of a floating dtype, float64 or float32, say.")
    if dw.dtype.kind not in "fiu":
        raise TypeError(f"{rule}: dw has dtype {dw.dtype}, but must hold real numbers.")
    if dw.shape != w.shape:
        raise ValueError(f"{rule}: dw has shape {dw.shape}, but w has shape {w.shape}; they must be the same.")
    if config is not None and not isinstance(config, dict):
        raise TypeError(f"{rule}: config is a {type(config).__name__}, but must be a dict or None.")
    given = {} if config is None else config
    settings, remembered = _DEFAULTS[rule], _REMEMBERED[rule]
    unknown = [key for key in given if key not in settings and key not in remembered]
    if unknown:
        allowed = ", ".join((*settings, *remembered))
        raise ValueError(f"{rule}: config has the unknown key {unknown[0]!r}; {rule} knows {allowed}.")
    complete = {key: _setting(rule, key, given.get(key, default)) for key, default in settings.items()}
    complete |= {key: _memory(rule, key, given.get(key), w) for key in remembered}
    return w, dw.astype(w.dtype, copy=False), complete


def _setting(rule, key, value):
    # A Python float, since a NumPy float64 would turn float32 parameters into float64.
    in_range, allowed = _RANGES[key]
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{rule}: {key} is {value!r}, but must be a number {allowed}.") from None
    if not (np.isfinite(number) and in_range(number)):
        raise ValueError(f"{rule}: {key} is {value!r}, but must be a number {allowed}.")
    return number


def _memory(rule, key, value, w):
    if key == "t":
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 0:
            raise ValueError(f"{rule}: t is {value!r}, but must be the number of steps taken, an integer of 0 or more.")
        return int(value)
    if value is None:
        return np.zeros_like(w)
    if np.shape(value) != w.shape:
        raise ValueError(f"{rule}: {key} has shape {np.shape(value)}, but must have the shape of w, {w.shape}.")
    return np.asarray(value, dtype=w.dtype)  # not copied: no rule writes into what it remembers
