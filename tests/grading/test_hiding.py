"""The package as a student's process sees it: what is asked for refuses, and everything can still be imported."""

import subprocess
import sys

import pytest

from cs_layers.grading import hiding

LOOK = """
import sys
sys.path.insert(0, {folder!r})
import importlib, pkgutil
import cs_layers
assert cs_layers.__file__.startswith({folder!r})
for module in pkgutil.walk_packages(cs_layers.__path__, "cs_layers."):
    importlib.import_module(module.name)
{then}
"""


def look(folder, then=""):
    command = [sys.executable, "-c", LOOK.format(folder=str(folder), then=then)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.parametrize(
    "asked_for",
    [
        ["max_pool_forward_naive", "mean_pool_backward"],
        ["conv_forward_naive", "im2col", "Convolution"],
        ["softmax_loss", "svm_loss", "affine_forward", "relu_backward", "dropout_forward", "batchnorm_forward"],
        ["log_uniform", "random_search", "standardize", "adam", "xavier", "he"],
    ],
)
def test_every_module_can_be_imported_whatever_is_hidden(tmp_path, asked_for):
    hiding.build(tmp_path, asked_for)
    seen = look(tmp_path)
    assert seen.returncode == 0, seen.stderr


def test_what_is_asked_for_refuses_and_so_does_what_rests_on_it(tmp_path):
    hiding.build(tmp_path, ["log_uniform"])
    seen = look(
        tmp_path,
        "import numpy as np\n"
        "from cs_layers import optim, search\n"
        "optim.sgd(np.ones(2), np.ones(2))\n"
        "search.LogUniform(0.1, 1).draw(np.random.default_rng(0))",
    )
    assert "RuntimeError: cs_layers' own `log_uniform` cannot be used" in seen.stderr
