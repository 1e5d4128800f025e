"""Settings that every test shares."""

import os
from pathlib import Path

import matplotlib
import pytest
from hypothesis import settings

matplotlib.use("Agg")

# The same examples on every run: a red build can be repeated, and a green one was not luck.
settings.register_profile("cs_layers", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("cs_layers")


@pytest.fixture(scope="session")
def real_data():
    """The folder with the real MNIST, CIFAR-10 and Tiny-ImageNet files, or a skip that says how to name it."""
    folder = os.environ.get("CS_LAYERS_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("CS_LAYERS_DATA does not name a folder with the real data sets")
    return Path(folder)


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")
