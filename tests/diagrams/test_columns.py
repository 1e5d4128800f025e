"""The drawings of im2col show every window, and the sizes that follow from the shapes."""

import numpy as np
import pytest

from cs_layers.diagrams import columns


def words(fig):
    texts = [text.get_text() for text in fig.texts]
    for ax in fig.axes:
        texts += [text.get_text() for text in ax.texts] + [ax.get_title(), ax.get_xlabel()]
    return texts


def test_each_window_becomes_a_row():
    fig = columns.windows_to_rows(np.arange(24).reshape(2, 3, 4), 2, 2, stride=1)
    rows = fig.axes[-1]
    numbers = [text.get_text() for text in rows.texts if not text.get_text().startswith("(")]
    assert numbers[:8] == ["0", "1", "4", "5", "12", "13", "16", "17"]
    assert rows.get_xlabel() == "6×8: 6 windows of 2·2·2 numbers"
    assert "(1, 2)" in words(fig)


def test_padding_and_stride_move_the_windows():
    fig = columns.windows_to_rows(np.ones((1, 2, 2)), 2, 2, stride=2, pad=1)
    assert [text.get_text() for text in fig.axes[-1].texts[-4:]] == ["(0, 0)", "(0, 2)", "(2, 0)", "(2, 2)"]


def test_more_than_two_channels_are_refused():
    with pytest.raises(ValueError, match=r"x has shape \(3, 2, 2\)"):
        columns.windows_to_rows(np.ones((3, 2, 2)), 2, 2)


def test_the_product_has_the_sizes_of_the_convolution():
    texts = words(columns.convolution_as_product((2, 3, 5, 7), (4, 3, 3, 3), stride=2, pad=1))
    assert {"24\n×\n27", "27\n×\n4", "24\n×\n4"} <= set(texts)
    assert "2,592 multiplications in one product" in texts


def test_times_are_drawn_in_milliseconds_and_gaps_left_out():
    fig = columns.times([1, 10], {"slow": [0.5, np.nan], "fast": [0.001, 0.01]}, "images")
    slow, fast = fig.axes[0].lines
    assert slow.get_ydata().tolist() == [500]
    assert fast.get_ydata().tolist() == [1, 10]
    assert {"slow", "fast"} <= set(words(fig))
