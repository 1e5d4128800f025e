"""A wrong forward is paid for once: the backward's visible test then takes a right cache."""

import numpy as np

from cs_layers.checks import cache_of

X = np.array([[1.0, -2.0]])


def test_the_cache_of_a_right_forward_is_taken_whatever_its_layout():
    assert cache_of(lambda x: (2 * x, "mine"), X, right=2 * X, otherwise="ours") == "mine"


def test_another_is_taken_where_the_forward_fails_is_wrong_or_writes_into_its_input():
    def unwritten(x):
        raise NotImplementedError

    def writes(x):
        x *= 2
        return x.copy(), x

    for forward in (unwritten, lambda x: x, lambda x: (3 * x, "mine"), lambda x: (2 * x.T, "mine"), writes):
        assert cache_of(forward, X, right=2 * X, otherwise="ours") == "ours"
    assert X.tolist() == [[1.0, -2.0]]
