"""Drawings of training show the numbers that they were given."""

import matplotlib.pyplot as plt
import numpy as np

from cs_layers import diagrams


def texts(figure):
    return " ".join(text.get_text() for axes in figure.axes for text in [*axes.texts, axes.title])


def test_the_tiny_network_computes_its_values():
    params = {"W1": np.array([[1.0, -1.0], [2.0, 0.5]]), "b1": np.array([0.5, 0.0])}
    params |= {"W2": np.array([[1.0], [3.0]]), "b2": np.array([-1.0])}
    shown = texts(diagrams.tiny_network(params, np.array([1.0, 0.25])))
    assert "max(0, 1·1 + 0.25·2 + 0.5) = 2" in shown
    assert "−" not in shown.split("first hidden")[0].replace("−1", "")


def test_loss_curves_end_where_the_loss_does():
    figure = diagrams.loss_curves({"good": [2.3, 1.0, 0.5], "bad": [2.3, 9.0, np.nan]}, line=2.3)
    assert [len(axes.lines[0].get_xdata()) for axes in figure.axes[:2]] == [3, 2]
    assert "nan" in texts(figure)


def test_dead_units_are_counted():
    figure = diagrams.active_units({"rate 1": np.array([0.0, 0.5, 0.0]), "rate 2": np.array([1.0, 0.5, 0.1])})
    assert "2 of 3 units dead" in texts(figure)
    assert "0 of 3 units dead" in texts(figure)


def test_the_ravine_names_where_paths_end():
    figure = diagrams.ravine(lambda x, y: x**2 + 4 * y**2, {"one": np.array([[1.0, 1.0], [0.5, 0.0]])})
    assert "one: 0.25" in texts(figure)


def test_splits_count_classes():
    shown = texts(diagrams.splits(np.arange(20) // 5, {"last": np.arange(15, 20), "mixed": np.array([0, 5, 10, 15])}))
    assert "last: 1 of 4 classes" in shown
    assert "mixed: 4 of 4 classes" in shown


def test_point_clouds_say_their_spread():
    points = np.random.default_rng(0).normal(size=(500, 2)) * [1.0, 3.0]
    assert f"std {points[:, 0].std():.2f} and {points[:, 1].std():.2f}" in texts(diagrams.point_clouds({"a": points}))


def test_decades_count_draws():
    figure = diagrams.decades({"draws": np.array([0.002, 0.02, 0.03, 0.5])}, 1e-3, 1.0)
    assert [bar.get_height() for bar in figure.axes[0].patches] == [1, 2, 1]


def test_grid_against_random_says_how_many_values_were_tried():
    grid = np.array([(a, b) for a in (0.2, 0.8) for b in (0.2, 0.8)])
    shown = texts(diagrams.grid_against_random(lambda x: x, grid, np.random.default_rng(0).random((4, 2))))
    assert "grid: 4 runs try 2 values of it; best 0.80" in shown
    assert "random: 4 runs try 4 values" in shown


def test_a_search_is_drawn_with_its_boxes_and_its_failed_runs():
    points = [(0.1, 1e-3, 0.9, 0), (10.0, 1e-5, np.nan, 0), (0.2, 1e-4, 0.95, 1)]
    boxes = [((1e-3, 100.0), (1e-6, 1.0)), ((0.01, 1.0), (1e-4, 1e-2))]
    axes = diagrams.search_rounds(points, boxes, "learning_rate", "reg").axes[0]
    assert len(axes.patches) == 2
    assert axes.get_xscale() == "log"
    assert "diverged" in [text.get_text() for text in axes.get_legend().get_texts()]


def test_no_drawing_stays_open():
    diagrams.curves_by_name({"a": [1.0, 2.0]}, "x", "y", log=True, line=1.5)
    assert plt.get_fignums() == []
