"""What the checks know: for each function right implementations, plain and unusual, and its known mistakes."""

from . import (
    activations,
    affine,
    convolution,
    dropout,
    losses,
    models,
    normalization,
    optimizers,
    pooling,
    shapes,
    training,
    tuning,
    two_layer,
    warmup,
)

__all__ = [
    "activations",
    "affine",
    "convolution",
    "dropout",
    "losses",
    "models",
    "normalization",
    "optimizers",
    "pooling",
    "shapes",
    "training",
    "tuning",
    "two_layer",
    "warmup",
]
