"""The package as a student's process sees it: what is asked for refuses, and everything can still be imported."""

import subprocess
import sys
from pathlib import Path

import pytest

from cs_layers.grading import bundle, course, hiding

LOOK = """
import sys
from pathlib import Path
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
        ["TwoLayerNet", "ThreeLayerConvNet", "SimpleConvNet", "Solver", "Standardizer", "eval_numerical_gradient"],
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


def test_what_answers_a_task_under_another_name_is_hidden_too():
    root = Path(__file__).parents[2]
    asked = bundle.from_notebook(course.read_solution(root / "solutions/a2_networks/03_two_layer_net.py"), "a2", "03")
    assert {"two_layer_loss", "TwoLayerNet", "Solver"} <= set(asked.asked_for)
    asked = bundle.from_notebook(course.read_solution(root / "solutions/a4_trained_cnn/09_cnn.py"), "a4", "09")
    assert {"conv_net_loss", "ThreeLayerConvNet", "SimpleConvNet", "confusion_matrix"} <= set(asked.asked_for)
    asked = bundle.from_notebook(
        course.read_solution(root / "solutions/x5_tiny_autograd/x5_tiny_autograd.py"), "x5", "x5"
    )
    assert {"matmul_rule", "affine_forward", "affine_relu_forward", "relu_forward"} <= set(asked.asked_for)


@pytest.mark.parametrize(
    "call",
    [
        "layers.affine_backward(x, (x, x, x[0]))",
        "layers.conv_forward(x, x, x, {})",
        "layers.relu_forward(x)",
        "layers.affine_relu_forward(x, x, x[0])",
        "layers.classes.Relu().forward(x)",
    ],
)
def test_no_layer_answers_the_rules_of_an_autograd_engine(tmp_path, call):
    hiding.build(tmp_path, hiding.with_other_names(["matmul_rule", "relu_rule"]))
    given = "import numpy as np\nimport cs_layers.layers.classes\nfrom cs_layers import layers\nx = np.ones((2, 2))"
    seen = look(tmp_path, f"{given}\n{call}")
    assert "cannot be used while a notebook that asks for it is graded" in seen.stderr


def test_cells_that_use_what_rests_on_something_hidden_run_apart():
    used = {"train_on_digits", "make_patients", "climb", "TwoLayerNet", "load_digits"}
    assert hiding.refused(used, ["ThreeLayerConvNet"]) == {"train_on_digits", "make_patients"}


def test_a_hidden_network_refuses_and_so_do_runs_of_it(tmp_path):
    hiding.build(tmp_path, ["ThreeLayerConvNet"])
    seen = look(tmp_path, "from cs_layers import cnn_runs, models\nmodels.TwoLayerNet(4, 3, 2)\ncnn_runs.five_runs()")
    assert "RuntimeError: cs_layers' own `ThreeLayerConvNet` cannot be used" in seen.stderr
