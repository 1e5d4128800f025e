"""The networks of `cs_layers.models` trained on the real data sets: what ``cs-layers train`` runs.

Every choice below was made on validation images; test images are looked at once, when a run is over.
"""

import contextlib
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from cs_layers import data
from cs_layers.arguments import count
from cs_layers.models import ThreeLayerConvNet, TwoLayerNet
from cs_layers.solver import Solver


@dataclass(frozen=True)
class Setting:
    """A network, the data it is trained on, and how.

    Attributes
    ----------
    load : function
        Returns a dict with the training, validation and test part.
    make : function
        ``make(X_train, seed)`` returns a model for such images.
    augment : function or None
        What `Solver` calls on every training batch.
    solver : dict
        Further arguments of `Solver`.
    about : str
        What the table says.
    """

    about: str
    load: Callable
    make: Callable
    augment: Callable | None = None
    solver: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What one run reached: images used for training and validation, accuracies from 0 to 1, wall time in seconds."""

    setting: str
    seed: int
    training_images: int
    validation_images: int
    val_accuracy: float
    test_accuracy: float
    seconds: float


class Prepared:
    """A network behind a fixed preparation of its input, so that batches are augmented as images and prepared after.

    Parameters
    ----------
    network : object with ``params`` and ``loss``
    prepare : function
        Called on every batch; must not depend on anything but the training set.
    """

    def __init__(self, network, prepare):
        self.network, self.prepare, self.params = network, prepare, network.params

    def loss(self, X, y=None):
        return self.network.loss(self.prepare(X), y)


def shifted(pixels, flip=False):
    """A function for ``Solver(augment=...)`` that moves images about, and mirrors half of them if ``flip`` is true.

    Every image (N, C, H, W) of a batch moves by up to ``pixels`` up or down and left or right; its border is repeated
    where it leaves a gap.
    """

    def augment(X, rng):
        N, _, H, W = X.shape
        padded = np.pad(X, ((0, 0), (0, 0), (pixels, pixels), (pixels, pixels)), mode="edge")
        mirrored = rng.random(N) < (0.5 if flip else 0)
        corners = rng.integers(0, 2 * pixels + 1, (N, 2))
        out = np.empty_like(X)
        for image, (top, left) in enumerate(corners):
            window = padded[image, :, top : top + H, left : left + W]
            out[image] = window[:, :, ::-1] if mirrored[image] else window
        return out

    return augment


def whitening(X, num_components, eps=1e-2):
    """A function that flattens images and whitens them along the principal axes of the training images ``X``.

    `cs_layers.data.PCA` does the same; through the covariance it takes seconds where there are many more images than
    pixels. ``eps`` is added to the variances (pixels run from 0 to 1), so that noise along weak axes is not blown up.
    """
    rows = X.reshape(len(X), -1)
    mean = rows.mean(axis=0)
    centred = rows - mean
    variances, axes = np.linalg.eigh((centred.T @ centred / len(rows)).astype(np.float64))
    strongest = np.argsort(-variances)[:num_components]
    scaled = (axes[:, strongest] / np.sqrt(variances[strongest] + eps)).astype(X.dtype)
    return lambda images: (images.reshape(len(images), -1) - mean) @ scaled


def standardising(X):
    """A function that subtracts the mean of the training images ``X`` and divides by the standard deviation of all."""
    mean = X.mean(axis=0)
    scale = 1 / (X - mean).std()
    return lambda X: (X - mean) * scale


def _two_layers(hidden_dim, reg, num_components=None):
    """TwoLayerNet on so many whitened components, or on the standardised pixels without a number."""

    def make(X, seed):
        input_dim = num_components or int(np.prod(X.shape[1:]))
        net = TwoLayerNet(input_dim, hidden_dim, 10, weight_scale="he", reg=reg, dtype=np.float32, seed=seed)
        return Prepared(net, whitening(X, num_components) if num_components else standardising(X))

    return make


def _convolution(num_filters, filter_size, hidden_dim, reg):
    def make(X, seed):
        net = ThreeLayerConvNet(X.shape[1:], num_filters, filter_size, hidden_dim, 10, "he", reg, seed=seed)
        return Prepared(net, standardising(X))

    return make


def _cifar10(num_training=None, num_validation=2000):
    return lambda: _first(data.load_cifar10(num_validation), num_training)


def _mnist(num_training=None, num_validation=5000):
    return lambda: _first(data.get_MNIST_data(num_validation=num_validation), num_training)


def _first(parts, num_training):
    return parts | {name: parts[name][:num_training] for name in ("X_train", "y_train")}


def _adam(learning_rate, epochs, batch_size, lr_decay):
    return {
        "update_rule": "adam",
        "optim_config": {"learning_rate": learning_rate},
        "lr_decay": lr_decay,
        "batch_size": batch_size,
        "num_epochs": epochs,
    }


SETTINGS = {
    "digits-conv": Setting(
        "ThreeLayerConvNet, 32 filters 5×5, 100 hidden units; Adam",
        lambda: data.load_digits(np.float32),
        _convolution(num_filters=32, filter_size=5, hidden_dim=100, reg=1e-2),
        solver=_adam(2e-3, epochs=15, batch_size=50, lr_decay=0.85),
    ),
    "cifar10-two-layer": Setting(
        "TwoLayerNet, 1,000 hidden units; 500 whitened principal components, images mirrored and shifted, Adam",
        _cifar10(),
        _two_layers(hidden_dim=1000, reg=3e-4, num_components=500),
        shifted(2, flip=True),
        _adam(1e-3, epochs=30, batch_size=100, lr_decay=0.95),
    ),
    "cifar10-conv-500": Setting(
        "ThreeLayerConvNet, 32 filters 5×5, 100 hidden units; images mirrored and shifted, Adam",
        _cifar10(num_training=500, num_validation=1000),
        _convolution(num_filters=32, filter_size=5, hidden_dim=100, reg=0.1),
        shifted(2, flip=True),
        _adam(5e-4, epochs=60, batch_size=50, lr_decay=0.97),
    ),
    "cifar10-conv": Setting(
        "ThreeLayerConvNet, 32 filters 5×5, 100 hidden units; images mirrored and shifted, Adam",
        _cifar10(),
        _convolution(num_filters=32, filter_size=5, hidden_dim=100, reg=1e-3),
        shifted(2, flip=True),
        _adam(5e-4, epochs=15, batch_size=100, lr_decay=0.85),
    ),
    "mnist-two-layer": Setting(
        "TwoLayerNet, 500 hidden units; images shifted, Adam",
        _mnist(),
        _two_layers(hidden_dim=500, reg=1e-4),
        shifted(1),
        _adam(1e-3, epochs=15, batch_size=100, lr_decay=0.8),
    ),
    "mnist-conv": Setting(
        "ThreeLayerConvNet, 32 filters 5×5, 100 hidden units; images shifted, Adam",
        _mnist(),
        _convolution(num_filters=32, filter_size=5, hidden_dim=100, reg=1e-4),
        shifted(1),
        _adam(1e-3, epochs=8, batch_size=100, lr_decay=0.65),
    ),
}


def train(name, seed=0, verbose=True):
    """Train one of the `SETTINGS` and measure it on the test images.

    Parameters
    ----------
    name : str
    seed : int
        Of the initial weights and of the order of the batches.
    verbose : bool
        Show progress.

    Returns
    -------
    model, solver, result : object, Solver, Result

    Raises
    ------
    ValueError
        When there is no such setting.
    """
    if name not in SETTINGS:
        raise ValueError(f"There is no setting {name!r}; there are {', '.join(SETTINGS)}.")
    seed, setting = count("seed", seed, least=0), SETTINGS[name]
    with contextlib.redirect_stdout(sys.stderr):  # what loading has to say must not come between a table's rows
        parts = setting.load()
    start = time.perf_counter()
    model = setting.make(parts["X_train"], seed)
    solver = Solver(model, parts, seed=seed, augment=setting.augment, verbose=verbose, print_every=0, **setting.solver)
    solver.train()
    seconds = time.perf_counter() - start
    test = solver.check_accuracy(parts["X_test"], parts["y_test"])
    sizes = len(parts["X_train"]), len(parts["X_val"])
    return model, solver, Result(name, seed, *sizes, solver.best_val_acc, test, seconds)


def figures(settings=None, seeds=(0,), out=print, verbose=False):
    """Train every setting with every seed and write a Markdown table of what each run reached.

    Parameters
    ----------
    settings : sequence of str, optional
        Names from `SETTINGS`; all by default.
    seeds : sequence of int
    out : function
        Called with every line.
    verbose : bool
        Show the progress of every run.

    Returns
    -------
    list of Result
    """
    names = list(SETTINGS) if settings is None else list(settings)
    unknown = [name for name in names if name not in SETTINGS]
    if unknown:
        raise ValueError(f"There is no setting {unknown[0]!r}; there are {', '.join(SETTINGS)}.")
    out("| setting | network | images: training + validation | test accuracy | seconds | seed |")
    out("|---|---|---|---|---|---|")
    results = []
    for name in names:
        for seed in seeds:
            _, _, result = train(name, seed, verbose)
            results.append(result)
            used = f"{result.training_images:,} + {result.validation_images:,}"
            out(
                f"| `{name}` | {SETTINGS[name].about} | {used} | {result.test_accuracy:.1%} | {result.seconds:.0f} "
                f"| {seed} |"
            )
    return results
