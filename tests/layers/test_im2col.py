import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs_layers.layers import conv_backward, conv_forward
from cs_layers.layers.im2col import col2im, im2col


@settings(max_examples=80)
@given(data=st.data())
def test_rows_times_filters_are_a_convolution(inputs, data):
    (N, C, H, W), (HH, WW), stride, pad = data.draw(inputs.images())
    x, w, b = inputs.normal(0, (N, C, H, W), (3, C, HH, WW), (3,))
    out, cache = conv_forward(x, w, b, {"stride": stride, "pad": pad})
    col = im2col(x, HH, WW, stride, pad)
    maps = out.transpose(0, 2, 3, 1)
    assert np.allclose((col @ w.reshape(3, -1).T + b).reshape(maps.shape), maps)
    (dout,) = inputs.normal(1, out.shape)
    rows = dout.transpose(0, 2, 3, 1).reshape(-1, 3)
    dx, dw, _ = conv_backward(dout, cache)
    assert np.allclose(col2im(rows @ w.reshape(3, -1), x.shape, HH, WW, stride, pad), dx)
    assert np.allclose((rows.T @ col).reshape(w.shape), dw)


@settings(max_examples=80)
@given(data=st.data())
def test_they_are_adjoint(inputs, data):
    shape, (HH, WW), stride, pad = data.draw(inputs.images())
    (x,) = inputs.normal(0, shape)
    col = im2col(x, HH, WW, stride, pad)
    (y,) = inputs.normal(1, col.shape)
    assert np.isclose(np.sum(col * y), np.sum(x * col2im(y, shape, HH, WW, stride, pad)))


def test_the_order_within_a_row_is_channel_row_column():
    x = np.arange(8.0).reshape(1, 2, 2, 2)
    assert im2col(x, 2, 2).tolist() == [[0, 1, 2, 3, 4, 5, 6, 7]]


def test_shares_of_overlapping_windows_add_up():
    assert col2im(np.ones((2, 2)), (1, 1, 1, 3), 1, 2).tolist() == [[[[1, 2, 1]]]]


def test_the_dtype_stays_and_the_result_is_a_copy():
    x = np.ones((1, 1, 2, 2), np.float32)
    col = im2col(x, 2, 2)
    col[...] = 5
    assert col.dtype == col2im(col, x.shape, 2, 2).dtype == np.float32
    assert (x == 1).all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda x: im2col(x[0], 2, 2), "x must have 4 axes"),
        (lambda x: im2col(x, 4, 2), "A window of height 4 does not fit"),
        (lambda x: im2col(x, 2, 2, stride=2), "Stride 2 does not fit along the height"),
        (lambda x: col2im(np.ones((3, 4)), x.shape, 2, 2), r"give \(4, 4\)"),
        (lambda x: col2im(np.ones((4, 4)), x.shape[1:], 2, 2), "x_shape is"),
    ],
)
def test_what_does_not_fit_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call(np.ones((1, 1, 3, 3)))


def test_sizes_are_integers():
    with pytest.raises(TypeError, match=r"must be an integer; got 2\.0"):
        im2col(np.ones((1, 1, 3, 3)), 2.0, 2)
