"""Drawings of signals: what is written in them is what was computed."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from cs_layers import diagrams
from cs_layers.checks.engine import Raised

X, DOUT = np.array([1.0, 2.0, 6.0]), np.array([1.0, 0.0, -0.5])
DIAMOND = {"out": ("left", "right"), "left": ("x",), "right": ("x",), "x": ()}
FIGURES = {
    "activation_histograms": lambda: diagrams.activation_histograms(
        {"tanh": [np.linspace(-1, 1, 50), np.zeros(50)], "ReLU": [np.arange(9.0), np.ones(9)]}, [1, 2]
    ),
    "dropped_network": lambda: diagrams.dropped_network([[True] * 3, [True, False, True, False], [True] * 2]),
    "batchnorm_paths": lambda: diagrams.batchnorm_paths(X, 2.0, 1.0, DOUT),
    "computation_graph": lambda: diagrams.computation_graph(
        DIAMOND, {"x": 3.0, "out": 6.0}, {"x": 2.0, "out": "1"}, ["out", "right", "left", "x"]
    ),
    "disagreement": lambda: diagrams.disagreement("dx", np.zeros((2, 1, 2, 3)), np.ones((2, 1, 2, 3))),
    "disagreement_of_shapes": lambda: diagrams.disagreement("dx", np.zeros((1, 1, 3, 3)), np.zeros((1, 1, 0, 0))),
    "disagreement_of_numbers": lambda: diagrams.disagreement("loss", 1000.0, np.inf),
    "disagreement_by_an_exception": lambda: diagrams.disagreement("out", np.zeros((2, 2)), Raised("IndexError")),
}


def words(figure):
    figure.canvas.draw()
    return [text.get_text() for text in figure.findobj(plt.Text) if text.get_text()]


@pytest.mark.parametrize("name", FIGURES)
def test_each_is_a_closed_figure_that_can_be_drawn(name):
    before = plt.get_fignums()
    figure = FIGURES[name]()
    figure.canvas.draw()
    assert plt.get_fignums() == before


@pytest.mark.parametrize("name", [name for name in FIGURES if name != "activation_histograms"])
def test_no_text_lies_on_another_or_outside(name):
    figure = FIGURES[name]()
    figure.canvas.draw()
    (ax,) = figure.axes
    boxes = [(text.get_text(), text.get_window_extent()) for text in ax.texts if text.get_text()]
    for k, (text, box) in enumerate(boxes):
        assert box.x0 >= 0, text
        assert box.x1 <= figure.bbox.x1, text
        clash = [other for other, b in boxes[:k] if box.shrunk(0.95, 0.95).overlaps(b.shrunk(0.95, 0.95))]
        assert not clash, (text, clash)


def test_a_histogram_tells_the_spread_of_its_layer():
    said = words(FIGURES["activation_histograms"]())
    assert f"std {np.linspace(-1, 1, 50).std():.2f}" in said
    assert "std 0e+00" in said
    assert "layer 2" in said


def test_the_three_ways_of_batch_norm_add_up_to_the_numerical_gradient():
    def loss(x):
        return np.sum(DOUT * (2 * (x - x.mean()) / np.sqrt(x.var() + 1e-5) + 1))

    step = np.array([1e-6, 0, 0])
    slope = (loss(X + step) - loss(X - step)) / 2e-6
    caption = next(text for text in words(FIGURES["batchnorm_paths"]()) if text.startswith("dx[0]"))
    *_, total = caption.split("=")
    assert float(total.replace("−", "-")) == pytest.approx(slope, abs=0.006)


def test_a_graph_has_its_values_gradients_and_order():
    said = words(FIGURES["computation_graph"]())
    assert {"x", "left", "right", "out", "3", "6", "2"} <= set(said)
    assert "order: out, right, left, x" in said


def test_a_disagreement_names_the_slice_or_the_shapes():
    assert "broken dx[0, 0]" in words(FIGURES["disagreement"]())
    assert any("shape (1, 1, 0, 0), not (1, 1, 3, 3)" in text for text in words(FIGURES["disagreement_of_shapes"]()))
    assert "inf" in words(FIGURES["disagreement_of_numbers"]())
    assert any("IndexError is raised" in text for text in words(FIGURES["disagreement_by_an_exception"]()))


def test_dropped_units_are_counted():
    assert "2 of 4 hidden units kept" in words(FIGURES["dropped_network"]())
