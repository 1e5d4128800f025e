"""Data sets: two that come with the package, and readers of the original files of three well-known ones.

`load_digits` and `load_shapes32` need no network. `load_mnist`, `load_cifar10` and `load_tiny_imagenet` read the
original files from the data folder, and download them once if they are not there.
"""

from cs_layers.data.cifar10 import CIFAR10_CLASSES, get_CIFAR10_data, load_CIFAR10, load_cifar10, load_CIFAR_batch
from cs_layers.data.digits import load_digits
from cs_layers.data.download import fetch
from cs_layers.data.errors import DataFileError, DownloadError, MissingPackageError, SettingError
from cs_layers.data.folders import data_folder
from cs_layers.data.mnist import get_MNIST_data, load_mnist
from cs_layers.data.preprocessing import PCA, Standardizer, one_hot
from cs_layers.data.saved_models import load_models
from cs_layers.data.shapes32 import SHAPES32_CLASSES, draw_shapes32, load_shapes32
from cs_layers.data.status import describe, fetch_report, status
from cs_layers.data.tiny_imagenet import load_tiny_imagenet

__all__ = [
    "CIFAR10_CLASSES",
    "PCA",
    "SHAPES32_CLASSES",
    "DataFileError",
    "DownloadError",
    "MissingPackageError",
    "SettingError",
    "Standardizer",
    "data_folder",
    "describe",
    "draw_shapes32",
    "fetch",
    "fetch_report",
    "get_CIFAR10_data",
    "get_MNIST_data",
    "load_CIFAR10",
    "load_CIFAR_batch",
    "load_cifar10",
    "load_digits",
    "load_mnist",
    "load_models",
    "load_shapes32",
    "load_tiny_imagenet",
    "one_hot",
    "status",
]
