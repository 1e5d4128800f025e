"""Plots: what is drawn is what was given, nothing is left open, and wrong shapes are named."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cs_layers import plots
from cs_layers.models import ThreeLayerConvNet, TwoLayerNet

rng = np.random.default_rng(0)
colour = rng.random((7, 3, 8, 8))
grey = rng.random((7, 1, 8, 8))
probabilities = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.3, 0.3, 0.4], [0.9, 0.05, 0.05]])
truth = np.array([0, 2, 0, 1])

drawings = {
    "plot_loss": lambda **ax: plots.plot_loss([3.0, 2.0, 1.5], **ax),
    "plot_accuracy": lambda **ax: plots.plot_accuracy([0.1, 0.5], [0.1, 0.4], **ax),
    "plot_history": lambda: plots.plot_history(np.linspace(3, 1, 100), [0.1, 0.5], [0.1, 0.4]),
    "show_images": lambda: plots.show_images(colour, range(7)),
    "show_images, grey": lambda: plots.show_images(grey[:, 0], list("abcdefg"), columns=3),
    "show_net_weights": lambda **ax: plots.show_net_weights(rng.standard_normal((192, 5)), (3, 8, 8), **ax),
    "show_net_weights, grey": lambda **ax: plots.show_net_weights(rng.standard_normal((64, 5)), (1, 8, 8), **ax),
    "show_conv_filters": lambda **ax: plots.show_conv_filters(rng.standard_normal((5, 3, 3, 3)), **ax),
    "show_conv_filters, grey": lambda **ax: plots.show_conv_filters(np.zeros((5, 1, 3, 3)), **ax),
    "show_conv_filters, deep": lambda **ax: plots.show_conv_filters(rng.standard_normal((5, 4, 3, 3)), **ax),
    "plot_confusion_matrix": lambda **ax: plots.plot_confusion_matrix([[3, 1], [0, 2]], ["cat", "dog"], **ax),
    "show_predictions": lambda: plots.show_predictions(colour[:1], probabilities[:1], truth[:1]),
    "show_misclassified": lambda: plots.show_misclassified(colour[:4], probabilities, truth, ["cat", "dog", "cow"]),
}


def texts(figure):
    """Everything written in a figure's panels."""
    figure.canvas.draw()
    words = []
    for panel in figure.axes:
        titles = [panel.get_title(), panel.get_title("left"), panel.get_xlabel(), panel.get_ylabel()]
        words += titles + [text.get_text() for text in panel.texts]
        words += [label.get_text() for label in panel.get_xticklabels() + panel.get_yticklabels()]
    return words


@pytest.mark.parametrize("draw", drawings.values(), ids=drawings)
def test_a_closed_figure_comes_back(draw, monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: pytest.fail("plt.show was called"))
    figure = draw()
    assert isinstance(figure, Figure)
    assert plt.get_fignums() == []
    figure.canvas.draw()
    assert any(texts(figure))


@pytest.mark.parametrize(
    "name", ["plot_loss", "plot_accuracy", "show_net_weights, grey", "show_conv_filters", "plot_confusion_matrix"]
)
def test_one_panel_can_be_drawn_into_a_figure_of_ones_own(name):
    _, axes = plt.subplots(1, 2)
    assert isinstance(axes[1], Axes)
    assert drawings[name](ax=axes[1]) is axes[1]
    assert axes[1].has_data()
    assert not axes[0].has_data()


def test_every_loss_is_a_dot():
    figure = plots.plot_loss([3.0, 2.0, np.nan, 1.0, np.inf])
    assert figure.axes[0].collections[0].get_offsets().tolist() == [[1, 3], [2, 2], [4, 1]]


def test_accuracies_start_at_epoch_zero():
    training, validation = plots.plot_accuracy([0.1, 0.5, 0.6], [0.2, 0.4, 0.5]).axes[0].get_lines()[-2:]
    assert training.get_xydata().tolist() == [[0, 0.1], [1, 0.5], [2, 0.6]]
    assert validation.get_ydata().tolist() == [0.2, 0.4, 0.5]


@pytest.mark.parametrize(
    "layout",
    [colour, colour.transpose(0, 2, 3, 1), (colour * 255).round().astype(np.uint8)],
    ids=["NCHW", "NHWC", "bytes"],
)
def test_images_are_drawn_as_they_are(layout):
    figure = plots.show_images(layout, range(7), ["zero", "one", "two", "three", "four", "five", "six"])
    drawn = [panel for panel in figure.axes if panel.images]
    assert [panel.get_title() for panel in drawn] == ["zero", "one", "two", "three", "four", "five", "six"]
    for panel, image in zip(drawn, colour, strict=True):
        np.testing.assert_allclose(panel.images[0].get_array(), image.transpose(1, 2, 0), atol=1 / 255)


def test_centred_images_are_stretched_alike():
    figure = plots.show_images(np.array([np.full((2, 2), -1.0), np.full((2, 2), 1.0), np.zeros((2, 2))]))
    assert [panel.images[0].get_array()[0, 0] for panel in figure.axes if panel.images] == [0, 1, 0.5]


def test_a_grid_of_two_by_two():
    pictures = np.arange(4.0).reshape(4, 1, 1, 1) * np.ones((1, 1, 2, 1)) + [[[0], [1]]]
    grid = plots.visualize_grid(pictures, ubound=10, padding=1)
    assert grid.shape == (3, 5, 1)
    assert grid[:, :, 0].tolist() == [[0, 10, 0, 0, 10], [0, 0, 0, 0, 0], [0, 10, 0, 0, 10]]


def test_grids_leave_their_input_alone_and_bear_constant_pictures():
    pictures = np.ones((3, 2, 2, 3))
    assert not plots.visualize_grid(pictures).any()
    assert pictures.all()


@pytest.mark.parametrize("channels_last", [False, True])
def test_a_units_weights_are_its_column(channels_last):
    images = rng.random((4, 3, 12, 12))
    flat = images.transpose(0, 2, 3, 1) if channels_last else images
    figure = plots.show_net_weights(flat.reshape(4, -1).T, (12, 12, 3) if channels_last else (3, 12, 12))
    drawn = figure.axes[0].images[0].get_array()
    first = images[0].transpose(1, 2, 0)
    np.testing.assert_allclose(drawn[:12, :12], (first - first.min()) / (first.max() - first.min()))


def test_a_colour_filter_keeps_its_channels():
    filters = np.zeros((1, 3, 12, 12))
    filters[0, 2] = 1
    assert plots.show_conv_filters(filters).axes[0].images[0].get_array()[5, 5].tolist() == [0, 0, 1]


def test_single_channel_weights_share_one_scale_with_zero_in_the_middle():
    filters = np.full((2, 1, 12, 12), 0.5)
    filters[1] = -2
    picture = plots.show_conv_filters(filters).axes[0].images[0]
    assert picture.get_clim() == (-2, 2)
    assert picture.get_array()[0, 0] == 0.5


def test_each_kind_of_weights_has_its_own_function():
    with pytest.raises(ValueError, match="a convolution's; use show_conv_filters"):
        plots.show_net_weights(np.zeros((8, 3, 5, 5)))
    with pytest.raises(ValueError, match="use show_net_weights"):
        plots.show_conv_filters(np.zeros((75, 8)))
    with pytest.raises(ValueError, match=r"shape \(64, 5\), but images of \(3, 32, 32\) ask for \(3072, M\)"):
        plots.show_net_weights(np.zeros((64, 5)))


def test_networks_are_taken_as_well():
    plots.show_net_weights(TwoLayerNet(hidden_dim=4))
    plots.show_conv_filters(ThreeLayerConvNet(num_filters=4))


def test_confusions_are_counted():
    matrix = plots.confusion_matrix(np.array([0, 0, 1, 2, 2]), np.array([0, 1, 1, 0, 0]))
    assert matrix.tolist() == [[1, 1, 0], [0, 1, 0], [2, 0, 0]]
    assert plots.confusion_matrix(np.array([0]), np.array([0]), num_classes=2).tolist() == [[1, 0], [0, 0]]


def test_a_confusion_matrix_shows_its_counts_and_names():
    words = texts(plots.plot_confusion_matrix([[30, 10], [0, 20]], ["cat", "dog"]))
    assert {"30", "10", "20", "cat", "dog", "Predicted class", "True class", "83.3% of 60 right"} <= set(words)
    assert "0" not in words


def test_mistakes_come_surest_first_and_with_their_names():
    figure = plots.show_misclassified(colour[:4], probabilities, truth, ["cat", "dog", "cow"], count=2)
    titles = [panel.get_title("left") for panel in figure.axes if panel.images]
    assert titles == ["true: dog\npredicted: cat", "true: cow\npredicted: dog"]
    bars = next(panel for panel in figure.axes if panel.patches)
    assert [bar.get_width() for bar in bars.patches] == [0.9, 0.05, 0.05]
    assert [text.get_text() for text in bars.texts] == ["predicted", "true"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plots.plot_loss([]), "loss_history has shape"),
        (lambda: plots.plot_accuracy([0.1], [0.1, 0.2]), "1 training and 2 validation"),
        (lambda: plots.show_images(np.zeros((2, 5, 8, 8))), r"shape \(5, 8, 8\), but must have 1 or 3 channels"),
        (lambda: plots.show_images(colour, [1, 2]), "2 labels for 7 images"),
        (lambda: plots.visualize_grid(np.zeros((2, 8, 8))), r"Xs has shape \(2, 8, 8\)"),
        (lambda: plots.confusion_matrix([0, 1], [0]), r"shapes \(2,\) and \(1,\)"),
        (lambda: plots.confusion_matrix([0.5], [0.5]), "both must be integers"),
        (lambda: plots.confusion_matrix([0, 3], [0, 1], 3), "must lie between 0 and 2"),
        (lambda: plots.plot_confusion_matrix(np.zeros((2, 3))), "must be square"),
        (lambda: plots.plot_confusion_matrix(np.eye(2), ["a"]), "1 class names for 2 classes"),
        (lambda: plots.show_predictions(colour[:4], 2 * probabilities, truth), "take the softmax"),
        (lambda: plots.show_predictions(colour, probabilities, truth), "a label for every image"),
        (lambda: plots.show_predictions(colour[:4], probabilities, truth + 2), "y must hold integers from 0 to 2"),
        (lambda: plots.show_misclassified(colour[:1], probabilities[:1], truth[:1]), "All 1 predictions are right"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()
