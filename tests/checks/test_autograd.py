"""The parts of the autograd engine, put together: gradients of whole formulas."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_layers import checks, layers

PLAIN = {
    name: checks.alternatives(name)[0].function
    for name in ("unbroadcast", "matmul_rule", "relu_rule", "backward_order", "collect_gradients")
}
sides = st.integers(1, 4)


@given(st.lists(sides, max_size=3), st.lists(sides, max_size=2), st.data())
def test_undoing_a_broadcast_is_its_adjoint(front, shape, data):
    shape = tuple(shape)
    wide = (*front, *(n if n > 1 else data.draw(sides) for n in shape))
    rng = np.random.default_rng(len(front))
    small, gradient = rng.normal(size=shape), rng.normal(size=wide)
    for right in checks.alternatives("unbroadcast"):
        back = right.function(gradient, shape)
        assert np.shape(back) == shape
        assert np.sum(small * back) == pytest.approx(np.sum(np.broadcast_to(small, wide) * gradient))


@pytest.mark.parametrize("order", checks.alternatives("backward_order"), ids=str)
@pytest.mark.parametrize("collect", checks.alternatives("collect_gradients"), ids=str)
def test_the_parts_reproduce_an_affine_relu_layer(order, collect):
    rng = np.random.default_rng(0)
    arrays = {"x": rng.normal(size=(4, 3)), "w": rng.normal(size=(3, 5)), "b": rng.normal(size=5)}
    dout = rng.normal(size=(4, 5))
    product, pull_product = PLAIN["matmul_rule"](arrays["x"], arrays["w"])
    out, pull_relu = PLAIN["relu_rule"](product + arrays["b"])
    parents = {"out": ("sum",), "sum": ("xw", "b"), "xw": ("x", "w"), "x": (), "w": (), "b": ()}
    pulls = {"out": pull_relu, "xw": pull_product, "sum": lambda g: (g, PLAIN["unbroadcast"](g, (5,)))}
    nodes = order.function("out", parents.__getitem__)
    got = collect.function(nodes, dout, parents.__getitem__, lambda n, g: pulls[n](g) if n in pulls else ())
    right_out, cache = layers.affine_relu_forward(*arrays.values())
    assert np.allclose(out, right_out)
    for name, right in zip(arrays, layers.affine_relu_backward(dout, cache), strict=True):
        assert np.allclose(got[name], right)


def test_a_pull_that_is_no_function_is_told():
    with pytest.raises(checks.CheckFailed, match="pull is ndarray, expected a function"):
        checks.relu_rule(lambda a: (np.maximum(a, 0), a > 0))


def test_the_message_says_which_node_came_too_early():
    wrong = next(m for m in checks.mistakes("backward_order") if m.name == "noted-on-the-way-down")
    with pytest.raises(checks.CheckFailed, match=r"before [gh], which uses it"):
        checks.backward_order(wrong.function)
