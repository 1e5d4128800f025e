"""What the tests of single layers do not reach with their small inputs: many bands, many threads, forks."""

import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cs_layers import layers
from cs_layers.layers import _fast, _threads

POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}


@pytest.fixture(params=["a line at a time", "one band", "three threads"])
def cut(request, monkeypatch):
    """The work of one call cut in other ways than its size would have it."""
    monkeypatch.setattr(_fast, "_SCRATCH_BYTES", {"a line at a time": 1}.get(request.param, 1 << 30))
    monkeypatch.setattr(_fast, "_BANDS", {"one band": 1}.get(request.param, 8))
    if request.param == "three threads":
        monkeypatch.setattr(_threads, "_SMALL", 0)
        monkeypatch.setattr(_fast, "_CHANNELS_BYTES", 1)
        monkeypatch.setattr(_threads._OpenBlas, "num_threads", lambda self: 3)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_results_do_not_depend_on_how_the_work_is_cut(cut, reference, inputs, data):
    (N, C, H, W), (HH, WW), stride, pad = data.draw(inputs.images())
    x, w, b = inputs.normal(data.draw(st.integers(0, 9)), (N, C, H, W), (2, C, HH, WW), (2,))
    out, cache = layers.conv_forward(x, w, b, {"stride": stride, "pad": pad})
    assert np.allclose(out, reference.conv_forward(x, w, b, stride, pad), rtol=1e-10, atol=1e-12)
    (dout,) = inputs.normal(1, out.shape)
    expected = reference.conv_backward(dout, x, w, stride, pad)
    for grad, expected_grad in zip(layers.conv_backward(dout, cache), expected, strict=True):
        assert np.allclose(grad, expected_grad, rtol=1e-10, atol=1e-12)
    if pad < min(HH, WW):
        param = {"pool_height": HH, "pool_width": WW, "stride": stride, "pad": pad}
        out, cache = layers.max_pool_forward(x, param)
        assert np.array_equal(out, reference.max_pool_forward(x, HH, WW, stride, pad))
        (dout,) = inputs.normal(1, out.shape)
        expected = reference.max_pool_backward(dout, x, HH, WW, stride, pad)
        assert np.allclose(layers.max_pool_backward(dout, cache), expected)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(1, 3), rows=st.integers(1, 4), columns=st.integers(1, 3), N=st.integers(1, 40))
def test_pooled_convolutions_do_not_depend_on_how_the_work_is_cut(cut, reference, inputs, size, rows, columns, N):
    H, W = rows * size, columns * size
    x, w, b, dout = inputs.normal(0, (N, 2, H, W), (3, 2, 3, 3), (3,), (N, 3, rows, columns))
    pool_param = {"pool_height": size, "pool_width": size, "stride": size}
    out, cache = layers.conv_relu_pool_forward(x, w, b, {"stride": 1, "pad": 1}, pool_param)
    a = np.maximum(reference.conv_forward(x, w, b, 1, 1), 0)
    assert np.allclose(out, reference.max_pool_forward(a, size, size, size, 0), rtol=1e-10, atol=1e-12)
    da = reference.max_pool_backward(dout, a, size, size, size, 0) * (a > 0)
    expected = reference.conv_backward(da, x, w, 1, 1)
    for grad, expected_grad in zip(layers.conv_relu_pool_backward(dout, cache), expected, strict=True):
        assert np.allclose(grad, expected_grad, rtol=1e-10, atol=1e-12)


def test_filters_as_large_as_the_images_are_an_affine_layer(inputs):
    """One row of output only, so it is the images that are cut into bands."""
    x, w, b, dout = inputs.normal(0, (50, 3, 5, 4), (6, 3, 5, 4), (6,), (50, 6))
    out, cache = layers.conv_forward(x, w, b, {"stride": 1, "pad": 0})
    expected, affine_cache = layers.affine_forward(x, w.reshape(6, -1).T, b)
    assert np.allclose(out[:, :, 0, 0], expected, rtol=1e-12, atol=1e-12)
    dx, dw, db = layers.conv_backward(dout[:, :, np.newaxis, np.newaxis], cache)
    expected_dx, expected_dw, expected_db = layers.affine_backward(dout, affine_cache)
    assert np.allclose(dx, expected_dx, rtol=1e-12, atol=1e-12)
    assert np.allclose(dw, expected_dw.T.reshape(w.shape), rtol=1e-12, atol=1e-12)
    assert np.allclose(db, expected_db, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("m", "k", "n"), [(5, 700, 3), (700, 5, 3), (3, 5, 700), (65, 65, 65), (1, 1, 1)])
def test_a_product_in_pieces_is_the_product(cut, monkeypatch, inputs, m, k, n):
    monkeypatch.setattr(_fast, "_SMALL_PRODUCT", 0)
    a, b = inputs.normal(0, (m, k), (k, n))
    assert np.allclose(_fast.matmul(a, b), a @ b, rtol=1e-12, atol=1e-12)
    assert np.allclose(_fast.matmul(b.T, a.T), (a @ b).T, rtol=1e-12, atol=1e-12)


def training_step():
    rng = np.random.default_rng(0)
    x, w, b = (rng.normal(size=shape).astype(np.float32) for shape in [(16, 8, 32, 32), (16, 8, 3, 3), (16,)])
    out, cache = layers.conv_relu_pool_forward(x, w, b, {"stride": 1, "pad": 1}, POOL)
    return [out, *layers.conv_relu_pool_backward(np.ones_like(out), cache)]


def test_results_are_the_same_bits_with_any_number_of_threads(monkeypatch):
    expected = training_step()
    for count in (1, 2, 5):
        monkeypatch.setattr(_threads._OpenBlas, "num_threads", lambda self, count=count: count)
        assert all(np.array_equal(a, b) for a, b in zip(training_step(), expected, strict=True))


def test_several_callers_at_once_get_what_each_alone_would_and_blas_gets_its_threads_back():
    before, expected, results = _threads._blas.num_threads(), training_step(), []
    callers = [threading.Thread(target=lambda: results.append(training_step())) for _ in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(results) == 4
    assert all(np.array_equal(a, b) for result in results for a, b in zip(result, expected, strict=True))
    assert _threads._blas.num_threads() == before


def test_the_first_error_of_any_thread_is_the_callers(monkeypatch):
    monkeypatch.setattr(_threads._OpenBlas, "num_threads", lambda self: 3)

    def work(item):
        time.sleep(0.001)
        if item == 5:
            raise IndexError("item 5")
        return item

    with pytest.raises(IndexError, match="item 5"):
        _threads.share(work, list(range(50)), 1 << 40)
    assert _threads.share(work, [1, 2, 3], 1 << 40) == [1, 2, 3]


def test_without_more_threads_the_caller_does_all_the_work(monkeypatch):
    def refuse(*_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(_threads._OpenBlas, "num_threads", lambda self: 3)
    monkeypatch.setattr(_threads, "_pool", None)
    monkeypatch.setattr(_threads.ThreadPoolExecutor, "submit", refuse)
    assert _threads.share(lambda item: -item, [1, 2, 3], 1 << 40) == [-1, -2, -3]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_forked_child_computes_too():
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[1]); import importlib.util as u; "
        "spec = u.spec_from_file_location('t', sys.argv[2]); t = u.module_from_spec(spec); spec.loader.exec_module(t); "
        "t._threads._OpenBlas.num_threads = lambda self: 3; "
        "t.training_step(); child = os.fork(); out = t.training_step(); "
        "os._exit(0) if child == 0 else sys.exit(os.waitpid(child, 0)[1])"
    )
    done = subprocess.run([sys.executable, "-c", code, os.getcwd(), __file__], timeout=60, check=False)
    assert done.returncode == 0


def test_what_follows_a_convolution_stays_batch_last(inputs):
    """No layer on the way of a network turns its arrays over: each such copy costs as much as a pooling layer."""
    x, w, b = inputs.normal(0, (4, 3, 8, 8), (5, 3, 3, 3), (5,), dtype=np.float32)
    pooled, cache = layers.conv_relu_pool_forward(x, w, b, {"stride": 1, "pad": 1}, POOL)
    dropped, drop_cache = layers.dropout_forward(pooled, {"mode": "train", "p": 0.5, "seed": 0})
    scores, affine_cache = layers.affine_forward(dropped, np.ones((80, 2), np.float32), np.ones(2, np.float32))
    dflat, _, _ = layers.affine_backward(np.ones_like(scores), affine_cache)
    ddropped = layers.dropout_backward(dflat, drop_cache)
    dx, _, _ = layers.conv_relu_pool_backward(ddropped, cache)
    for images in (pooled, dropped, dflat, ddropped, dx):
        assert images.transpose(1, 2, 3, 0).flags.c_contiguous


def test_scratch_stays_bounded_whatever_the_input():
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(64, 16, 64, 64)).astype(np.float32), rng.normal(size=(8, 16, 5, 5)).astype(np.float32)
    kept = []

    def in_a_new_thread():
        layers.conv_forward(x, w, np.zeros(8, np.float32), {"stride": 1, "pad": 2})
        kept.append({name: buffer.nbytes for name, buffer in _fast._own.__dict__.items()})

    thread = threading.Thread(target=in_a_new_thread)
    thread.start()
    thread.join()
    # The whole unrolled matrix of im2col would be 25 times the size of x.
    assert sum(kept[0].values()) < 1.5 * _fast._SCRATCH_BYTES < x.nbytes


@pytest.mark.parametrize("layer", ["conv", "affine", "conv_relu", "conv_relu_pool", "affine_relu"])
def test_the_first_layer_can_do_without_the_gradient_of_its_input(inputs, layer):
    if "conv" in layer:
        args = [*inputs.normal(0, (2, 3, 4, 4), (5, 3, 3, 3), (5,)), {"stride": 1, "pad": 1}, POOL]
        args = args if "pool" in layer else args[:4]
    else:
        args = inputs.normal(0, (2, 3), (3, 4), (4,))
    out, cache = getattr(layers, f"{layer}_forward")(*args)
    backward = getattr(layers, f"{layer}_backward")
    with_dx, without = backward(np.ones_like(out), cache), backward(np.ones_like(out), cache, need_dx=False)
    assert without[0] is None
    assert all(np.array_equal(a, b) for a, b in zip(with_dx[1:], without[1:], strict=True))
