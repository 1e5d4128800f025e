"""Where the course teaches, grades or supplies each item of the write-ups that it grew out of, and their defects.

`NOTEBOOKS` gives the points of each notebook, `TAUGHT` names cells, `SUPPLIED` parts of the package. A defect is a
known mistake of a function that a graded cell checks.
"""

import importlib
import re

import numpy as np
import pytest
from nbgrader import utils

from cs_layers import checks
from cs_layers.grading import course

NOTEBOOKS = {
    "00_start": 8, "01_affine_relu": 12, "02_losses": 10, "03_two_layer_net": 12, "04_optimizers": 5, "05_tuning": 7,
    "06_conv": 17, "07_pool": 9, "08_fast_conv": 8, "09_cnn": 12, "x1_init_norm_dropout": 16, "x2_bug_clinic": 10,
    "x3_mnist_cifar": 6, "x4_framework_twin": 4, "x5_tiny_autograd": 4,
}  # fmt: skip

TAUGHT = {
    "a failing run before one costs anything": "00_start:add_failing_run",
    "numerical gradient and relative error": "00_start:numerical_gradient 00_start:rel_error",
    "affine": "01_affine_relu:affine_forward 01_affine_relu:affine_backward",
    "relu": "01_affine_relu:relu_forward 01_affine_relu:relu_backward",
    "gallery: sigmoid, tanh = 2σ(2x) − 1, leaky ReLU, maxout, ELU; saturation": "01_affine_relu:gallery",
    "softmax, cross entropy on indices or one-hot": "02_losses:softmax 02_losses:cross_entropy_error",
    "softmax_loss, svm_loss": "02_losses:softmax_loss 02_losses:svm_loss",
    "mean squared error": "02_losses:compare_picture",
    "zeros and symmetry": "03_two_layer_net:init_symmetry x1_init_norm_dropout:symmetry",
    "0.01·randn, Xavier, He; activation histograms": "x1_init_norm_dropout:histograms",
    "TwoLayerNet": "03_two_layer_net:two_layer_loss 03_two_layer_net:ladder_own",
    "loss of a random net; regularisation raises it": "03_two_layer_net:expected_first_loss",
    "a mini-batch loop by hand; overfit 20 images": "03_two_layer_net:train 03_two_layer_net:train_test",
    "measured after every epoch on all images, the best parameters kept": "03_two_layer_net:keep_best",
    "the sanity ladder": "03_two_layer_net:ladder_own 09_cnn:diagnoses",
    "atlas of loss curves: too low, too high, nan": "03_two_layer_net:settings_atlas",
    "dead ReLU at too high a learning rate": "03_two_layer_net:settings_dead",
    "loss scatter, accuracies with a line": "03_two_layer_net:settings_history",
    "grid of first-layer weights": "03_two_layer_net:settings_grid",
    "closing the gap between training and test": "03_two_layer_net:closing_the_gap",
    "sgd, momentum, AdaGrad, RMSProp, Adam": "04_optimizers:rules_sgd 04_optimizers:sgd_momentum 04_optimizers:adagrad "
    "04_optimizers:rmsprop 04_optimizers:adam",
    "optimisers on a ravine, Nesterov": "04_optimizers:compare_ravine",
    "momentum 0.5 → 0.9, learning-rate decay": "04_optimizers:schedules_digits",
    "shuffled 20 % split": "05_tuning:train_val_split",
    "preparation by training statistics; PCA, whitening": "05_tuning:standardize 05_tuning:whitening_picture",
    "grid of 3×4×4×3 settings": "05_tuning:grid_run",
    "random search that shrinks its ranges": "05_tuning:log_uniform 05_tuning:shrink_range 05_tuning:random_search",
    "never the test set": "05_tuning:never_the_test_set 05_tuning:test_once",
    "output size and AlexNet's table": "06_conv:conv_output_size 06_conv:alexnet_table",
    "by hand: 3 and −5": "06_conv:hand_example 06_conv:hand_again",
    "hand-made filters, one not square": "06_conv:filters_picture",
    "naive convolution": "06_conv:conv_forward_naive 06_conv:conv_backward_naive",
    "max and mean pooling": "07_pool:max_pool_forward_naive 07_pool:max_pool_backward_naive 07_pool:mean_pool_forward "
    "07_pool:mean_pool_backward",
    "pooling gives no rotation invariance": "07_pool:invariance",
    "shape trace": "07_pool:shape_trace 09_cnn:shapes_picture",
    "im2col, col2im, a class": "08_fast_conv:im2col 08_fast_conv:col2im 08_fast_conv:Convolution",
    "ThreeLayerConvNet": "09_cnn:conv_net_init 09_cnn:conv_net_loss",
    "train past a gate": "09_cnn:conv_training_settings",
    "filters before and after": "09_cnn:filter_images 09_cnn:looking_filters_before 09_cnn:looking_filters_after",
    "nine-image grid": "03_two_layer_net:digits_grid",
    "confusion matrix, bars, table of mistakes": "09_cnn:looking_matrix 09_cnn:looking_bars 09_cnn:looking_worst",
    "save and load": "09_cnn:save_params 09_cnn:load_models_demo",
    "the run that learned nothing was not overfitting": "09_cnn:rescue_failed 09_cnn:rescue_steps 09_cnn:rescue_story",
    "dropout, batch norm": "x1_init_norm_dropout:dropout_forward x1_init_norm_dropout:batchnorm_backward",
    "real MNIST, CIFAR-10 and Tiny-ImageNet files": "x3_mnist_cifar:read_idx x3_mnist_cifar:cifar_images "
    "x3_mnist_cifar:annotated_labels",
    "SimpleConvNet, a whole epoch": "x3_mnist_cifar:train_epoch x3_mnist_cifar:mnist_train",
}

SUPPLIED = {
    "cs_layers.layers": "affine_relu_forward affine_relu_backward conv_relu_forward conv_relu_backward "
    "conv_relu_pool_forward conv_relu_pool_backward conv_forward_fast conv_backward_fast max_pool_forward_fast "
    "max_pool_backward_fast sigmoid_forward tanh_forward leaky_relu_forward maxout_forward elu_forward "
    "mean_squared_error cross_entropy_error softmax batchnorm_forward dropout_forward",
    "cs_layers.layers.im2col": "im2col col2im",
    "cs_layers.layers.classes": "Relu Affine Convolution Pooling SoftmaxWithLoss",
    "cs_layers.models": "TwoLayerNet ThreeLayerConvNet TwoStageConvNet SimpleConvNet",
    "cs_layers.models:SimpleConvNet": "predict loss gradient accuracy save_params load_params",
    "cs_layers.solver": "Solver",
    "cs_layers.optim": "sgd sgd_momentum nesterov adagrad rmsprop adam",
    "cs_layers.schedules": "ramp cosine scheduled",
    "cs_layers.initializers": "zeros gaussian xavier he",
    "cs_layers.search": "grid_search random_search log_uniform shrink_range",
    "cs_layers.sanity": "climb",
    "cs_layers.data": "load_CIFAR_batch load_CIFAR10 get_CIFAR10_data load_mnist load_tiny_imagenet load_models PCA "
    "Standardizer one_hot",
    "cs_layers.plots": "plot_loss plot_accuracy plot_history visualize_grid show_net_weights show_conv_filters "
    "show_images plot_confusion_matrix show_predictions show_misclassified",
}

DEFECTS = {
    1: ["affine_backward/db-kept-batch-axis"],
    2: ["relu_backward/writes-dout"],
    3: ["max_pool_backward_naive/overlap-assigned"],
    4: ["max_pool_backward_naive/ties-paid-in-full"],
    5: ["softmax_loss/log-of-underflowed-probability", "softmax_loss/constant-inside-log"],
    7: ["conv_output_size/misfit-not-raised"],
    8: ["keep_best/last-epoch-never-measured"],
    9: ["keep_best/four-images-with-replacement"],
    10: ["join_batches/one-batch-of-five", "join_batches/10000-hard-coded"],
    11: ["sgd_momentum/writes-w", "rmsprop/writes-w", "adam/writes-w", "keep_best/nothing-kept-at-0"],
    13: ["filter_images/as-fully-connected", "filter_images/as-fully-connected-channels-first"],
    15: ["relu_backward/gradient-at-zero"],
    16: ["train_val_split/overlap"],
    17: ["train/last-layer-never-updated", "train_epoch/last-layer-never-updated"],
    18: ["conv_output_size/plus-1-before-dividing", "mean_pool_backward_naive/pad-ignored"],
    19: ["train/loss-after-update"],
}


@pytest.fixture(scope="module")
def course_cells(root):
    """{notebook: {cell id: cell}} of the whole course."""
    return {
        source.stem: {cell.id: cell for cell in course.read_solution(source).cells}
        for source in sorted(root.glob("solutions/*/*.py"))
    }


def test_every_notebook_has_its_points(course_cells):
    found = {
        name: sum(cell.metadata.nbgrader.points for cell in cells.values() if utils.is_grade(cell))
        for name, cells in course_cells.items()
    }
    assert found == NOTEBOOKS
    assert sum(points for name, points in found.items() if name[0] != "x") == 100


@pytest.mark.parametrize("item", TAUGHT)
def test_an_item_is_taught(item, course_cells):
    for place in TAUGHT[item].split():
        notebook, cell = place.split(":")
        assert cell in course_cells[notebook], place


@pytest.mark.parametrize("module", SUPPLIED)
def test_an_item_is_supplied(module):
    name, _, part = module.partition(":")
    found = importlib.import_module(name)
    found = getattr(found, part) if part else found
    assert [one for one in SUPPLIED[module].split() if not hasattr(found, one)] == []


@pytest.mark.parametrize("number", DEFECTS)
def test_a_defect_of_the_sources_loses_points(number, course_cells):
    graded = [cell.source for cells in course_cells.values() for cell in cells.values() if utils.is_grade(cell)]
    for place in DEFECTS[number]:
        function, mistake = place.split("/")
        assert mistake in [known.name for known in checks.mistakes(function)], place
        calls = rf'checks\.(?:{function}\(|mended\("{function}")'
        assert any(re.search(calls, source) for source in graded), place


@pytest.mark.parametrize("rule", ["sgd_momentum", "adagrad", "rmsprop", "adam"])
def test_a_rule_that_changes_w_in_place_loses_points(rule, course_cells):
    """Defect 11's first half. Many right solutions do it, so a check lets it pass unless its cell asks, as 04's do."""
    cells = course_cells["04_optimizers"]
    assert f"checks.{rule}({rule}, pure=True)" in cells[f"{rule}_test"].source
    (known,) = [mistake for mistake in checks.mistakes(rule) if mistake.name == "writes-w"]
    assert known.options == {"pure": True}


@pytest.mark.parametrize("call", ["conv_forward_fast(X, params['W1'], params['b1'], {})", "np.conv_forward_fast(X)"])
def test_a_fast_layer_that_is_called_but_never_defined_is_named(call):
    """Defect 12."""
    names = {"np": np}
    exec(f"def conv_net_loss(params, X, y=None, reg=0.0):\n    return {call}", names)
    with pytest.raises(checks.CheckFailed, match="conv_forward_fast") as failed:
        checks.conv_net_loss(names["conv_net_loss"])
    assert set(failed.value.diagnosis) <= {"undefined-name", "does-not-exist"}


def test_the_question_on_activations_names_what_max_of_001_and_x_would_do(course_cells):
    """Defect 14: whoever takes that for leaky ReLU answers that it loses its gradient for negative inputs."""
    names = {"lost_gradient": lambda: {**right, "leaky_relu": "B"}}
    exec(course_cells["01_affine_relu"]["lost_gradient"].source, solved := {})
    right = solved["lost_gradient"]()
    with pytest.raises(AssertionError, match=re.escape("max(0.01, x)")):
        exec(course_cells["01_affine_relu"]["lost_gradient_test"].source, names)
