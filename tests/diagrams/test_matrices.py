"""The drawings say what was computed: their numbers are read back from the figure."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from cs_layers import diagrams

FIGURES = {
    "matrices": lambda: diagrams.matrices(
        [("a", np.arange(3.0), None), ("b", np.eye(3), np.eye(3) > 0)], ["−"], "a − b"
    ),
    "matrix_product": lambda: diagrams.matrix_product(np.ones((2, 3)), np.ones((3, 4)), np.zeros(4), 0, 1),
    "sum_over_axes": lambda: diagrams.sum_over_axes(np.arange(24.0).reshape(2, 3, 2, 2)),
    "affine_graph": lambda: diagrams.affine_graph(3.0, -2.0, 1.0, 0.5),
    "gradient_shapes": lambda: diagrams.gradient_shapes(3, 5, 4),
    "central_difference": lambda: diagrams.central_difference(np.exp, 0.0, 0.7),
    "functions_and_slopes": lambda: diagrams.functions_and_slopes({"tanh": np.tanh, "x": lambda x: x}),
    "softmax_bars": lambda: diagrams.softmax_bars([2.0, 1.0, -1.0]),
    "minus_log": lambda: diagrams.minus_log([0.1, 0.5]),
    "margins": lambda: diagrams.margins([2.0, 2.5, -1.0, 1.4], 0),
    "curves": lambda: diagrams.curves(np.arange(1, 5), {"up": np.arange(1, 5), "down": np.arange(5, 1, -1)}, log=True),
    "image_rows": lambda: diagrams.image_rows({"digits": np.ones((3, 8, 8)), "two": np.ones((2, 8, 8))}),
}


def words(figure):
    """All texts of a figure, drawn first so that every one exists."""
    figure.canvas.draw()
    return [text.get_text() for text in figure.findobj(plt.Text) if text.get_text()]


@pytest.mark.parametrize("name", FIGURES)
def test_each_is_a_closed_figure_that_can_be_drawn(name):
    before = plt.get_fignums()
    figure = FIGURES[name]()
    figure.canvas.draw()
    assert plt.get_fignums() == before  # an open figure would be shown twice in a notebook


@pytest.mark.parametrize("name", ["matrices", "matrix_product", "sum_over_axes", "affine_graph", "gradient_shapes"])
def test_no_text_lies_on_another_or_outside(name):
    figure = FIGURES[name]()
    figure.canvas.draw()
    (ax,) = figure.axes
    texts = [text for text in ax.texts if text.get_text()]
    boxes = [text.get_window_extent() for text in texts]
    for k, box in enumerate(boxes):
        assert box.x0 >= 0, texts[k]
        assert box.x1 <= figure.bbox.x1, texts[k]
        clash = [texts[j] for j in range(k) if box.shrunk(0.98, 0.98).overlaps(boxes[j].shrunk(0.98, 0.98))]
        assert not clash, (texts[k], clash)


def test_the_caption_of_a_product_computes_its_entry():
    x, w, b = np.array([[1.0, 2.0, -1.0]]), np.array([[1.0], [0.0], [2.0]]), np.array([-1.0])
    assert "out[0, 0]  =  1·1 + 2·0 + (−1)·2 + (−1)  =  −2" in words(diagrams.matrix_product(x, w, b, 0, 0))


def test_the_graph_sends_each_factor_the_other():
    texts = words(diagrams.affine_graph(3.0, -2.0, 1.0, 0.5))
    assert "dw  =  dout · x  =  0.5 · 3  =  1.5" in texts
    assert {"−6", "−5", "−1", "1.5", "0.5"} <= set(texts)  # x·w, out, dx, dw, db


def test_the_sum_is_one_number_a_channel():
    x = np.arange(24.0).reshape(2, 3, 2, 2)
    texts = words(diagrams.sum_over_axes(x))
    assert {f"{s:.0f}" for s in x.sum(axis=(0, 2, 3))} <= set(texts)


def test_margins_add_up():
    assert "inside the margin costs: 1.5 + 0 + 0.4 = 1.9" in words(diagrams.margins([2.0, 2.5, -1.0, 1.4], 0))


def test_what_does_not_fit_is_told():
    with pytest.raises(ValueError, match="2 arrays need 1 symbols"):
        diagrams.matrices([("a", np.ones(2), None), ("b", np.ones(2), None)], [])
    with pytest.raises(ValueError, match="one or two axes"):
        diagrams.matrices([("a", np.ones((2, 2, 2)), None)], [])
    with pytest.raises(ValueError, match=r"got \(2, 4, 1, 1\)"):
        diagrams.sum_over_axes(np.ones((2, 4, 1, 1)))
