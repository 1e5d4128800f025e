"""Data sets: two that come with the package, and readers of the original files of three well-known ones.

`load_digits` and `load_shapes32` need no network. `load_mnist`, `load_cifar10` and `load_tiny_imagenet` read the
original files from the data folder, and download them once if they are not there.
"""

from cs_layers.data.digits import load_digits
from cs_layers.data.shapes32 import SHAPES32_CLASSES, draw_shapes32, load_shapes32

__all__ = [
    "SHAPES32_CLASSES",
    "draw_shapes32",
    "load_digits",
    "load_shapes32",
]
