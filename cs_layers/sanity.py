"""The sanity ladder: what must be true of a network before it is worth training for long.

Four rungs, cheapest first. A mistake that a long run would only show as a disappointing accuracy shows here within
seconds, and on the rung where it is.

    from cs_layers import sanity
    ladder = sanity.climb(model, X, y)      # prints a sentence a rung; falsy when a rung did not hold

The model is any object with ``params``, a dict of float arrays, and ``loss(X, y) -> (loss, grads)``,
``loss(X) -> scores``. Its parameters are as before when a function of this module returns. The order of the rungs is
that of CS231n's notes on babysitting the learning process.
"""

import contextlib
import textwrap
from dataclasses import dataclass

import numpy as np

from cs_layers import optim
from cs_layers.arguments import count, number
from cs_layers.initializers import he

_WIDTH = 88
"""Columns that a notebook shows without wrapping in the middle of a word."""


@dataclass(frozen=True)
class Rung:
    """What one rung found.

    Attributes
    ----------
    name : str
    held : bool or None
        None when it could not be tried.
    sentence : str
        What was measured, what was expected, and what to look at when the rung did not hold.
    value : float
        The number that was measured.
    """

    name: str
    held: bool | None
    sentence: str
    value: float = float("nan")

    def __bool__(self):
        return self.held is not False

    def __str__(self):
        mark = {True: "holds", False: "FAILS", None: "left out"}[self.held]
        return textwrap.fill(f"{self.name}: {mark}. {self.sentence}", _WIDTH, subsequent_indent="    ")


class Ladder(tuple):
    """The rungs that were tried, in order; true when none failed, and printed as one line a rung."""

    def __bool__(self):
        return all(self)

    def __str__(self):
        return "\n".join(map(str, self))

    __repr__ = __str__


def climb(model, X, y, reg=1.0, steps=300, learning_rate=None, seed=0, out=print):
    """Try the four rungs in order and stop at the first that does not hold.

    Parameters
    ----------
    model : object
        Untrained, as it was made.
    X : array (N, ...)
        Images prepared as for training; the more, the surer is the first rung.
    y : array (N,) of integer labels
        Every class must be there.
    reg : float
        The strength that regularisation is raised to; see `regularisation_raises`.
    steps, learning_rate : int, float
        See `overfits`.
    seed : int
        Decides which rows and which entries of the parameters are looked at.
    out : callable
        Called with every rung's sentence.

    Returns
    -------
    Ladder
    """
    rungs = []
    for rung in (
        lambda: starts_at_ln_c(model, X, y),
        lambda: regularisation_raises(model, X, y, reg),
        lambda: gradients_agree(model, X, y, seed=seed),
        lambda: overfits(model, X, y, steps=steps, learning_rate=learning_rate, seed=seed),
    ):
        rungs.append(rung())
        out(str(rungs[-1]))
        if not rungs[-1]:
            break
    return Ladder(rungs)


def starts_at_ln_c(model, X, y, tolerance=0.7):
    """Rung 1: an untrained network knows nothing, so its loss is that of guessing, ln C for C classes.

    Parameters
    ----------
    model, X, y : see `climb`
    tolerance : float
        How far above ln C the loss may be: random scores of variance v cost about v / 2 more than equal ones, which is
        nothing for weights of 0.01 and some tenths for He's. Below ln C it may be by a tenth of ln C.

    Returns
    -------
    Rung
    """
    _check(model, X, y)
    with _setting(model, reg=0.0):
        loss = float(model.loss(X, y)[0])
    C = np.asarray(model.loss(X[:1])).shape[1]
    expected = np.log(C)
    said = f"The loss at the start is {loss:.4g}; guessing among {C} classes costs ln {C} = {expected:.4g}"
    held = bool(-0.1 * expected <= loss - expected <= tolerance)
    if not held and not np.isfinite(loss):
        said += ". Is log taken of a probability that is 0? Are the inputs finite?"
    elif not held and loss > expected:
        said += ". Are the weights or the inputs too large, or is the loss a sum where it should be a mean?"
    elif not held:
        said += ". Is the model trained already, or is the loss divided once too often?"
    return Rung("loss at the start", held, _ended(said), loss)


def regularisation_raises(model, X, y, reg=1.0):
    """Rung 2: regularisation adds 0.5 · reg · (sum of squared weights), so it raises the loss, and by just that.

    Parameters
    ----------
    model : object
        With an attribute ``reg``, which is put back. Without it the rung is left out.
    X, y : see `climb`
    reg : float
        Above 0. Weights are the parameters whose names begin with W.

    Returns
    -------
    Rung
    """
    _check(model, X, y)
    reg, name = number("reg", reg, above=0), "regularisation raises it"
    if not hasattr(model, "reg"):
        return Rung(name, None, "The model has no attribute reg that could be raised.")
    with _setting(model, reg=0.0):
        without = float(model.loss(X, y)[0])
    with _setting(model, reg=reg):
        loss = float(model.loss(X, y)[0])
    penalty = 0.5 * reg * sum(float(np.sum(np.square(v))) for n, v in model.params.items() if n.startswith("W"))
    said = f"reg = {reg:g} raises the loss from {without:.4g} to {loss:.4g}, by {loss - without:.4g}"
    expected = f"0.5 · {reg:g} · (sum of squared weights) is {penalty:.4g}"
    if abs(loss - without - penalty) <= 1e-3 * penalty + 1e-9 * abs(without):
        return Rung(name, True, f"{said}; {expected}.", loss)
    hint = "Is reg used?" if loss <= without else "Is the 0.5, a layer or the square missing, or are biases counted?"
    return Rung(name, False, f"{said}; {expected}. {hint}", loss)


def gradients_agree(model, X, y, num_checks=6, rows=5, tolerance=1e-5, reg=0.5, seed=0):
    """Rung 3: the gradients that the model returns are those that small changes of its parameters measure.

    They are compared at random parameters of moderate size, biases not zero, since near the start many units stand on
    the kink of their ReLU and most gradients are next to nothing. Everything is computed in float64 where the model
    lets it: its parameters and, if it has one, its attribute ``dtype`` are changed meanwhile.

    Parameters
    ----------
    model, X, y, seed : see `climb`
    num_checks : int
        Entries of each parameter that are looked at.
    rows : int
        Rows of X that are used.
    tolerance : float
        The largest difference allowed, relative to the largest of the gradients looked at in the same parameter.
    reg : float
        The regularisation meanwhile, so that its gradient is looked at as well.

    Returns
    -------
    Rung
    """
    _check(model, X, y)
    X, y = np.asarray(X[: count("rows", rows)], dtype=np.float64), np.asarray(y[:rows])
    rng, name = np.random.default_rng(seed), "gradients agree"
    with _kept(model), _setting(model, reg=reg, dtype=np.dtype(np.float64)):
        for key, value in model.params.items():
            model.params[key] = _moderate(value, rng)
        _, grads = model.loss(X, y)
        for key, value in model.params.items():
            if key not in grads:
                return Rung(name, False, f"model.loss(X, y) returns no gradient for {key}.", float("inf"))
            if np.shape(grads[key]) != value.shape:
                text = f"The gradient of {key} has shape {np.shape(grads[key])}, but {key} has shape {value.shape}."
                return Rung(name, False, text, float("inf"))
        errors = {key: _difference(model, X, y, key, grads[key], num_checks, tolerance, rng) for key in model.params}
    worst = max(errors, key=errors.get)
    said = f"Analytic and numerical gradients differ by at most {errors[worst]:.0e} of their size, in {worst}"
    if errors[worst] <= number("tolerance", tolerance, above=0):
        return Rung(name, True, said + ".", errors[worst])
    bad = ", ".join(key for key, error in errors.items() if not error <= tolerance)
    return Rung(name, False, f"{said}; allowed is {tolerance:.0e}. Wrong: {bad}.", errors[worst])


def overfits(model, X, y, images=20, steps=300, learning_rate=None, seed=0):
    """Rung 4: a network that cannot learn 20 images by heart will not learn more from many.

    The images are fitted with Adam, all in one batch, with regularisation off.

    Parameters
    ----------
    model, X, y, seed : see `climb`
    images : int
        How many rows, drawn at random.
    steps : int
        Updates at most.
    learning_rate : float, optional
        By default 1e-3, then 1e-2 and 1e-1 where that was too slow.

    Returns
    -------
    Rung
    """
    _check(model, X, y)
    chosen = np.random.default_rng(seed).permutation(len(X))[: count("images", images)]
    rates = (1e-3, 1e-2, 1e-1) if learning_rate is None else (number("learning_rate", learning_rate, above=0),)
    best, taken = -1.0, 0
    for rate in rates:
        with _kept(model), _setting(model, reg=0.0):
            accuracy, used = _fit(model, X[chosen], y[chosen], rate, count("steps", steps))
        if accuracy > best:
            best, taken, at = accuracy, used, rate
        if best == 1.0:
            break
    said = f"{len(chosen)} images: {best:.0%} right after {taken} updates of Adam with learning rate {at:g}"
    if best == 1.0:
        return Rung("20 images overfit" if images == 20 else f"{images} images overfit", True, said + ".", best)
    hint = "Expected 100 %. Are all parameters updated, is a unit alive, do labels belong to their images?"
    return Rung("20 images overfit" if images == 20 else f"{images} images overfit", False, f"{said}. {hint}", best)


def _fit(model, X, y, rate, steps):
    """Accuracy reached by Adam on one batch, and the updates that took."""
    configs = {name: {"learning_rate": rate} for name in model.params}
    accuracy = 0.0
    for step in range(steps + 1):
        with np.errstate(over="ignore", invalid="ignore"):
            accuracy = max(accuracy, float(np.mean(np.argmax(model.loss(X), axis=1) == y)))
            if accuracy == 1.0 or step == steps:
                return accuracy, step
            loss, grads = model.loss(X, y)
        if not np.isfinite(loss):
            return accuracy, step
        for name in model.params:
            model.params[name], configs[name] = optim.adam(model.params[name], grads[name], configs[name])
    return accuracy, steps


def _moderate(value, rng):
    """Random values in place of a parameter: weights that keep the size of a signal, other entries shifted a little."""
    if value.ndim in (2, 4):
        return he(value.shape, rng)
    return value.astype(np.float64) + 0.1 * rng.standard_normal(value.shape)


def _difference(model, X, y, name, grad, num_checks, tolerance, rng):
    """The largest difference between the gradient and central differences at a few entries, relative to their size."""
    w, grad = model.params[name], np.asarray(grad)
    chosen = [tuple(int(rng.integers(n)) for n in w.shape) for _ in range(num_checks)]
    analytic = np.array([grad[index] for index in chosen])
    numerical = np.array([_slope(model, X, y, w, index, 1e-5) for index in chosen])
    scale = max(np.abs(analytic).max(), np.abs(numerical).max(), 1e-4)
    off = np.abs(numerical - analytic)
    # A step across the kink of a ReLU measures neither side's slope; a shorter one seldom crosses it as well.
    for i in np.flatnonzero(off > tolerance * scale):
        off[i] = min(off[i], abs(_slope(model, X, y, w, chosen[i], 1e-6) - analytic[i]))
    return float(off.max() / scale)


def _slope(model, X, y, w, index, h):
    before = w[index]
    try:
        w[index] = before + h
        above = float(model.loss(X, y)[0])
        w[index] = before - h
        return (above - float(model.loss(X, y)[0])) / (2 * h)
    finally:
        w[index] = before


@contextlib.contextmanager
def _kept(model):
    """Put back the values of all parameters at the end, in the arrays that held them."""
    arrays = dict(model.params)
    values = {name: np.copy(value) for name, value in arrays.items()}
    try:
        yield
    finally:
        for name, array in arrays.items():
            array[...] = values[name]
            model.params[name] = array


@contextlib.contextmanager
def _setting(model, **attributes):
    """Set those of the attributes that the model has, and put them back."""
    before = {name: getattr(model, name) for name in attributes if hasattr(model, name)}
    for name in before:
        setattr(model, name, attributes[name])
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(model, name, value)


def _ended(sentence):
    return sentence if sentence.endswith(("?", ".")) else sentence + "."


def _check(model, X, y):
    params = getattr(model, "params", None)
    if not isinstance(params, dict) or not params or not callable(getattr(model, "loss", None)):
        raise TypeError(
            f"model is a {type(model).__name__}, but must have a filled dict model.params and a method model.loss."
        )
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim < 2 or len(X) == 0 or y.shape != X.shape[:1]:
        raise ValueError(f"X has shape {X.shape} and y {y.shape}, but must be (N, ...) and (N,) with N of 1 or more.")
