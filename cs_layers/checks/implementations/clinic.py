"""Inputs that expose the broken layers of the bug clinic, and inputs that do not, as students give them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain


@plain("expose_1")
def expose_1():
    x = np.array([[2.0, 0.0, -1.0]])
    dout = np.array([[1.0, 5.0, 3.0]])
    return x, dout


@plain("expose_2")
def expose_2():
    x = np.array([[[[-3.0, -1.0], [-2.0, -4.0]]]])
    return x, {"pool_height": 2, "pool_width": 2, "stride": 2}


@plain("expose_3")
def expose_3():
    x = np.arange(8.0).reshape(1, 1, 2, 4)
    w, b = np.ones((1, 1, 2, 2)), np.zeros(1)
    return x, w, b, {"stride": 1, "pad": 0}


@plain("expose_4")
def expose_4():
    x, w, b = np.arange(9.0).reshape(1, 1, 3, 3), np.ones((1, 1, 2, 2)), np.zeros(1)
    dout = np.ones((1, 1, 2, 2))
    return x, w, b, {"stride": 1, "pad": 0}, dout


@plain("expose_5")
def expose_5():
    x = np.array([[[[1.0, 3.0], [3.0, 2.0]]]])
    dout = np.array([[[[7.0]]]])
    return x, {"pool_height": 2, "pool_width": 2, "stride": 2}, dout


@plain("expose_6")
def expose_6():
    x = np.array([[[[1.0, 9.0, 2.0]]]])
    dout = np.array([[[[1.0, 10.0]]]])
    return x, {"pool_height": 1, "pool_width": 2, "stride": 1}, dout


@plain("expose_7")
def expose_7():
    x = np.array([[1000.0, 0.0]])
    y = np.array([1])
    return x, y


@plain("expose_8")
def expose_8():
    x, gamma, beta = np.array([[3.0], [5.0]]), np.ones(1), np.zeros(1)
    running = {"running_mean": np.array([4.0]), "running_var": np.array([1.0])}
    return x, gamma, beta, {"mode": "test", "eps": 0.5, **running}


_GIVES = {
    1: "return x, dout",
    2: 'return x, {"pool_height": 2, "pool_width": 2, "stride": 2}',
    3: 'return x, w, b, {"stride": 1, "pad": 0}',
    4: 'return x, w, b, {"stride": 1, "pad": 0}, dout',
    5: 'return x, {"pool_height": 2, "pool_width": 2, "stride": 2}, dout',
    6: 'return x, {"pool_height": 1, "pool_width": 2, "stride": 1}, dout',
    7: "return x, y",
    8: 'return x, gamma, beta, {"mode": "test", "eps": 0.5, **running}',
}
_HEALTHY = {
    1: (
        "Everywhere but at one point the broken mask and x > 0 are the same. Which numbers has x to hold?",
        [("0.0", "0.5")],
    ),
    2: (
        "Each window is compared with one number more than it holds. When is that number the largest?",
        [("[-3.0", "[3.0")],
    ),
    3: (
        "Look for a name that stands where its counterpart belongs. When are the two equal?",
        [("2, 4)", "3, 3)"), ("arange(8.0)", "arange(9.0)")],
    ),
    4: (
        "Read the last line that makes dx. For which pad is that slice another one than meant?",
        [('"pad": 0}, dout', '"pad": 1}, dout'), ("(1, 1, 2, 2))\n    return", "(1, 1, 4, 4))\n    return")],
    ),
    5: ("The mask may hold more than one True. When does it?", [("3.0]", "2.5]")]),
    6: (
        "A share is written where another may be already. How can one entry win in two windows?",
        [('"stride": 1', '"stride": 2'), ("9.0, 2.0", "9.0"), ("1.0, 10.0", "1.0")],
    ),
    7: (
        "The logarithm is taken of a rounded probability. How small can it get, and what is its logarithm then?",
        [("1000.0", "10.0")],
    ),
    8: (
        "One number is written twice, once from bn_param and once as it is. In which mode is the second one used?",
        [('"test"', '"train"')],
    ),
}
_REFUSED = {
    1: ("[1.0, 5.0, 3.0]", "[1.0, 5.0]"),
    2: ('"stride": 2', '"stride": 3, "window": 2'),
    3: ("np.zeros(1)", "np.zeros(2)"),
    4: ("np.ones((1, 1, 2, 2))\n", "np.ones((1, 1, 3, 3))\n"),
    5: ("[[[[7.0]]]]", "[[7.0]]"),
    6: ("[1.0, 10.0]", "[1.0, 10.0, 1.0]"),
    7: ("np.array([1])", "np.array([2])"),
    8: ("np.ones(1)", "np.ones(2)"),
}
_FIRST = {1: "2.0", 2: "-3.0", 3: "0", 4: "0", 5: "1.0, 3.0", 6: "1.0, 9.0", 7: "1000.0", 8: "3.0"}

for _number, _give in _GIVES.items():
    _target = f"expose_{_number}"
    _parts = _give.removeprefix("return ")
    edit(_target, "healthy", *_HEALTHY[_number][:1], *_HEALTHY[_number][1])
    edit(
        _target,
        "refused",
        "The shapes, labels or settings do not fit one another; the layer's sentence says which.",
        _REFUSED[_number],
    )
    edit(_target, "no-return", "The function ends without `return`.", (_give, f"_ = {_parts}"))
    edit(_target, "one-too-few", "Return all that the layer takes, in the order of the docstring.", (_give, "return x"))
    edit(_target, "one-too-many", "Return what the layer takes and nothing more.", (_give, f"return (*({_parts}), 1)"))
    edit(_target, "not-numbers", "An array of numbers is wanted.", (_give, f'x = "{_number}"\n    {_give}'))
    edit(
        _target,
        "not-finite",
        "With inf or nan in it no layer can be right; give finite numbers.",
        (_give, f"x = x + np.inf\n    {_give}"),
    )
    edit(
        _target,
        "too-large",
        "Numbers as large as that lose their digits in any layer.",
        (_give, f"x = x * 1e30 + 1e30\n    {_give}"),
    )
    edit(_target, "too-much", "A few entries are enough.", (_give, f"x = np.zeros((200, 200))\n    {_give}"))


@alternative("expose_1")
def zero_in_a_list():
    return [0.0], [1.0]


@alternative("expose_2")
def negative_with_pad():
    return -np.ones((2, 3, 4, 4)), {"pool_height": 3, "pool_width": 2, "stride": 1, "pad": 0}


@alternative("expose_3")
def high_and_narrow():
    rng = np.random.default_rng(1)
    x, w = rng.normal(size=(2, 3, 7, 4)), rng.normal(size=(2, 3, 2, 3))
    return x, w, np.zeros(2), {"stride": 1, "pad": 1}


@alternative("expose_4")
def stride_two_without_pad():
    rng = np.random.default_rng(2)
    x, w = rng.normal(size=(2, 2, 4, 6)), rng.normal(size=(3, 2, 2, 2))
    return x, w, np.zeros(3), {"stride": 2, "pad": 0}, np.ones((2, 3, 2, 3))


@alternative("expose_5")
def a_constant_image():
    return np.zeros((1, 2, 4, 4)), {"pool_height": 2, "pool_width": 2, "stride": 2}, np.ones((1, 2, 2, 2))


@alternative("expose_6")
def one_peak_in_four_windows():
    x = np.zeros((1, 1, 3, 3))
    x[0, 0] = np.arange(9).reshape(3, 3)
    x[0, 0, 1, 1] = 20
    return x, {"pool_height": 2, "pool_width": 2, "stride": 1}, np.ones((1, 1, 2, 2))


@alternative("expose_7")
def one_row_of_three():
    return np.array([[0.0, 1.0], [0.0, 900.0], [2.0, 1.0]]), np.array([0, 0, 1])


@alternative("expose_8")
def a_small_eps():
    rng = np.random.default_rng(3)
    param = {"mode": "test", "eps": 1e-3, "running_mean": np.zeros(4), "running_var": np.full(4, 0.1)}
    return rng.normal(size=(5, 4)), rng.normal(size=4), rng.normal(size=4), param
