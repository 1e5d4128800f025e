"""Drawings of orders: every number is the data's own, worked out on the page."""

import numpy as np
import pytest

from cs_layers.diagrams import orders


def words(fig):
    return [text.get_text() for ax in fig.axes for text in ax.texts] + [ax.get_title() for ax in fig.axes]


def test_fields_of_a_header_are_summed_big_endian():
    raw = bytes([0, 0, 8, 3, 0, 0, 234, 96, 0, 0, 0, 28, 7, 9])
    texts = words(orders.byte_fields(raw, [("magic", 4), ("images", 4), ("rows", 4)], 2))
    assert {"magic: 8·256 + 3 = 2,051", "images: 234·256 + 96 = 60,000", "rows: 28"} <= set(texts)
    assert "then the numbers themselves" in texts
    assert texts.count("9") == 2  # the last byte, and the number of a place


def test_a_row_is_drawn_in_thirds_over_its_pictures():
    row = np.arange(12, dtype=np.uint8)
    fig = orders.row_and_pictures(row, {"folded": row.reshape(3, 2, 2).transpose(1, 2, 0)})
    assert {"4 reds", "4 greens", "4 blues", "folded"} <= set(words(fig))
    assert np.array_equal(fig.axes[1].images[0].get_array()[0, 1], [1, 5, 9])


def test_both_orders_of_flattening():
    fig = orders.flatten_orders(np.arange(8).reshape(2, 2, 2))
    numbers = [text for text in words(fig) if text.isdigit()]
    assert numbers[8:16] == list("01234567")
    assert numbers[16:] == list("04152637")


def test_one_image_alone_can_be_flattened():
    with pytest.raises(ValueError, match=r"x has shape \(2, 2\)"):
        orders.flatten_orders(np.ones((2, 2)))
