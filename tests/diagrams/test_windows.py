"""The drawings show the numbers they were given, and the one number each of them computes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_layers.diagrams import windows

X = np.array([[1, 3, 2, 0, 1], [4, 9, 5, 5, 2], [0, 6, 7, 5, 3]])
KERNEL = np.array([[1, 0], [0, -2]])


def words(fig):
    texts = [text.get_text() for text in fig.texts]
    for ax in fig.axes:
        texts += [text.get_text() for text in ax.texts] + [ax.get_title(), ax.get_xlabel()]
    return texts


def test_one_window_prints_the_sum():
    assert "sum + b = -7 + 0.5 = -6.5" in words(windows.one_window(X, KERNEL, 0, 1, 0.5))


def test_a_window_outside_is_refused():
    with pytest.raises(ValueError, match="2×2 window at row 2, column 0 does not lie inside"):
        windows.one_window(X, KERNEL, 2, 0)


def test_sliding_windows_adds_each_place():
    texts = words(windows.sliding_windows(X, KERNEL, [(0, 0), (1, 2)], stride=2, pad=1))
    assert "sum of products = -2" in texts  # 0·1 + 1·(−2) in the padded upper left corner
    assert "sum of products = -1" in texts  # 5·1 + 3·(−2)


def test_number_grid_writes_every_number_and_no_minus_zero():
    texts = words(windows.number_grids([-0.0 * X, X], ["zeros", "x"]))
    assert texts.count("0") == X.size + 2
    assert "-0" not in texts


def test_number_grids_wants_a_title_each():
    with pytest.raises(ValueError, match="2 arrays came with 1 titles"):
        windows.number_grids([X, X], ["x"])


def test_a_picture_of_several_channels_is_refused():
    with pytest.raises(ValueError, match=r"image must have two axes .* got shape \(3, 8, 8\)"):
        windows.sliding_windows(np.zeros((3, 8, 8)), KERNEL, [(0, 0)])


def test_window_steps_shows_what_hangs_over():
    texts = words(windows.window_steps([(6, 3, 2, 0), (5, 3, 2, 1)]))
    assert texts.count("hangs over by 1") == 1
    assert any(text.endswith("= 2.5") for text in texts)
    assert texts.count("out[2]") == 1


@given(st.integers(1, 9), st.integers(1, 5), st.integers(1, 4), st.integers(0, 2))
def test_steps_stay_inside_or_say_by_how_much_they_do_not(size, filter_size, stride, pad):
    starts, over = windows._steps(size, filter_size, stride, pad)
    assert starts[-1] + filter_size - over <= size + 2 * pad
    if not over:
        assert len(starts) <= 1 + (size + 2 * pad - filter_size) // stride


def test_window_steps_refuses_a_stride_of_0():
    with pytest.raises(ValueError, match="stride is 0; it must be at least 1"):
        windows.window_steps([(5, 3, 0, 1)])


def test_coverage_counts_windows():
    case = {"height": 3, "width": 4, "filter_height": 2, "filter_width": 3, "stride": 1, "pad": 0}
    fig = windows.coverage([case])
    assert "2×2 = 4 windows" in words(fig)[-2]
    assert [text.get_text() for text in fig.axes[0].texts] == list("122124421221")


def test_filter_gallery_has_a_cell_for_every_pair():
    fig = windows.filter_gallery([X / 9, X / 9], {"same": np.eye(1), "edge": KERNEL}, [[X / 9, X], [X / 9, X]])
    assert len(fig.axes) == 9


def test_pool_windows_rings_tied_maxima_and_writes_each_maximum():
    fig = windows.pool_windows(np.array([[1, 1, 0], [0, 0, 2]]), 2, 2, 1)
    assert [ax.get_title() for ax in fig.axes] == ["x", "max 1", "max 2"]
    rings = [sum(type(patch).__name__ == "Circle" for patch in ax.patches) for ax in fig.axes]
    assert rings == [0, 2, 1]


def test_pool_windows_of_means():
    fig = windows.pool_windows(np.arange(4).reshape(2, 2), 2, 2, 1, reduce=np.mean)
    assert fig.axes[1].get_title() == "mean 1.5"


def test_shape_trace_writes_shapes_and_counts():
    texts = words(windows.shape_trace([(2, 3, 32, 32), (2, 10)], ["everything"]))
    assert {"2×3×32×32", "6,144 numbers", "2×10", "everything"} <= set(texts)
    with pytest.raises(ValueError, match="2 shapes need 1 steps"):
        windows.shape_trace([(2, 3, 32, 32), (2, 10)], [])
