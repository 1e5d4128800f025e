"""Slips that other people made in these functions, and what they are told: one test for each way to tell them."""

import numpy as np
import pytest

from cs_layers import checks


def changed(name, *changes):
    """The first right implementation of a function, changed like a mistake."""
    source = checks.alternatives(name)[0].source
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    space = {}
    exec("import numpy as np\n" + source, space)
    return space[name]


def causes(name, *functions):
    report = checks.report(name, *functions)
    assert report.faults
    return [cause.name for cause in report.causes]


def test_who_writes_into_an_input_what_was_there_has_changed_nothing():
    right = checks.alternatives("conv_forward_naive")[0].function

    def conv_forward_naive(x, w, b, conv_param):
        x[:] = np.pad(x, 0)
        return right(x, w, b, conv_param)

    assert checks.report("conv_forward_naive", conv_forward_naive).faults == []


def test_a_backward_that_writes_into_its_forwards_input_is_told():
    right = checks.alternatives("affine_backward")[0].function

    def affine_backward(dout, cache):
        grads = right(dout, cache)
        cache[0][...] = 0
        return grads

    report = checks.report("affine_backward", affine_backward, checks.alternatives("affine_forward")[0].function)
    assert "x" in [fault.output for fault in report.faults]


def test_running_statistics_that_a_forward_updates_do_not_discredit_it():
    """The backward of another cache layout is judged by its own cache, also where running statistics are given."""
    right = checks.alternatives("batchnorm_forward")[0].function
    backward = checks.alternatives("batchnorm_backward")[0].function

    def batchnorm_forward(x, gamma, beta, bn_param):
        out, cache = right(x, gamma, beta, bn_param)
        return out, cache[::-1]

    def batchnorm_backward(dout, cache):
        dx, dgamma, dbeta = backward(dout, cache[::-1])
        return dx, dgamma, dbeta + 1

    assert causes("batchnorm_backward", batchnorm_backward, batchnorm_forward) == ["off by a constant"]


@pytest.mark.parametrize("key", ["learning_rate", "decay_rate"])
def test_a_setting_read_under_another_name_is_told(key):
    wrong = changed("rmsprop", (f'"{key}"', '"another"'), ("dw**2", "np.abs(dw) ** 3"))
    assert causes("rmsprop", wrong) == ["setting-ignored"]


def test_two_facts_that_share_the_failing_inputs_are_both_told():
    root = ('np.sqrt(vt) + config["epsilon"]', 'np.sqrt(vt + config["epsilon"])')
    assert set(causes("adam", changed("adam", ("1e-3", "1e-1"), root))) == {
        "epsilon-misplaced",
        "default-of-learning_rate",
    }


@pytest.mark.parametrize(
    ("size", "name"),
    [
        ("(H - HH) // 1 + 1, (W - WW) // 1 + 1", "stride-and-pad-ignored"),
        ("(H + pad - HH) // stride + 1, W_out", "padding-counted-once"),
        ("(H + 2 * pad - WW) // stride + 1, W_out", "window-side-exchanged"),
    ],
)
def test_an_output_size_tells_its_formula_whatever_the_values(size, name):
    def conv_forward_naive(x, w, b, conv_param):
        stride, pad = conv_param["stride"], conv_param["pad"]
        (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
        W_out = (W + 2 * pad - WW) // stride + 1
        sizes = {"H": H, "W": W, "HH": HH, "WW": WW, "pad": pad, "stride": stride, "W_out": W_out}
        return np.full((N, F, *eval(size, sizes)), 0.5 + W % 3), None

    assert name in causes("conv_forward_naive", conv_forward_naive)


def test_a_pair_that_shows_only_together_is_told():
    def softmax(scores):
        e = np.exp(scores)
        return e / np.sum(e)

    assert set(causes("softmax", softmax)) == {"overflow", "sum-over-everything"}


def test_errors_of_every_kind_on_every_input_are_not_taken_for_a_known_mistake():
    net = checks.alternatives("ThreeLayerConvNet")[0].function

    class Net(net):
        def loss(self, X, y=None):
            raise ValueError("operands of my own could not be broadcast together")

    assert causes("ThreeLayerConvNet", Net) == ["shapes-do-not-fit"]


@pytest.mark.parametrize(
    ("line", "name"),
    [("dout[len(dout)]", "index-out-of-range"), ("np.nothing", "does-not-exist"), ("dout[1.0]", "float-for-integer")],
)
def test_an_error_of_the_backwards_own_is_not_laid_to_a_forward_that_raises(line, name):
    def max_pool_forward_naive(x, pool_param):
        raise KeyError("pool_size")

    space = {"np": np}
    exec(f"def max_pool_backward_naive(dout, cache):\n    return {line}\n", space)
    assert causes("max_pool_backward_naive", space["max_pool_backward_naive"], max_pool_forward_naive) == [name]


def test_only_the_last_image_is_filled():
    right = checks.alternatives("max_pool_backward_naive")[0].function

    def max_pool_backward_naive(dout, cache):
        dx = right(dout, cache)
        dx[:-1] = 0
        return dx

    assert causes("max_pool_backward_naive", max_pool_backward_naive) == ["last-filled-only of axis 0"]


def test_a_line_still_missing_is_told_where_none_is_used():
    def dropout_forward(x, dropout_param):
        out = None
        return out.astype(x.dtype), None

    assert causes("dropout_forward", dropout_forward) == ["none-used"]


def test_weights_of_another_size_are_told():
    net = checks.alternatives("ThreeLayerConvNet")[0].function

    class Net(net):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.params["W2"] = 1e-2 * np.random.default_rng(0).normal(size=(8192, self.params["W2"].shape[1]))

    assert "weight-of-another-size" in causes("ThreeLayerConvNet", Net)


def test_a_loss_in_single_precision_is_advised_against_not_refused():
    right = checks.alternatives("softmax_loss")[0].function

    def softmax_loss(x, y):
        loss, dx = right(x.astype(np.float32), y)
        return np.float32(loss), dx.astype(np.float32)

    assert checks.report("softmax_loss", softmax_loss).faults == []


@pytest.mark.parametrize(
    ("line", "name"), [("return relu_forward(x)", "endless-recursion"), ("raise SystemExit(0)", "exits")]
)
def test_a_call_that_does_not_come_back_is_told(line, name):
    space = {"np": np}
    exec(f"def relu_forward(x):\n    {line}\n", space)
    assert causes("relu_forward", space["relu_forward"]) == [name]


def test_a_numerical_gradient_may_fix_its_h_or_take_it_fourth():
    right = checks.alternatives("numerical_gradient")[0].function

    def fixed(f, x):
        return right(f, x, 1e-5)

    def fourth(f, x, verbose=True, h=0.00001):
        return right(f, x, h)

    def ignored(f, x, h=1e-5):
        return right(f, x, 1e-5)

    assert checks.report("numerical_gradient", fixed).faults == []
    assert checks.report("numerical_gradient", fourth).faults == []
    assert checks.report("numerical_gradient", ignored).faults


def test_nan_is_no_change_of_w():
    """A step count used before it is raised divides by 0: one mistake, not two."""
    late = changed("adam", ('config["t"] += 1', ""), ("return ", 'config["t"] += 1\n    return '))
    with pytest.raises(checks.CheckFailed) as failed:
        checks.adam(late, pure=True)
    assert "t was used before" in str(failed.value)
    assert "w was changed" not in str(failed.value)
