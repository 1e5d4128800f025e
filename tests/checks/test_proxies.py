"""Checks judge a function that lives in another process as they judge one that does not.

At grading the student's functions are proxies: plain data is sent, plain data comes back, what was changed on the other
side is copied into the caller's arrays and dicts, and everything else (a cache, a network) stays there behind a handle.
"""

import copy

import numpy as np
import pytest

from cs_layers import checks

PLAIN = (int, float, str, bool, type(None), np.generic)


class Handle:
    """Stands for an object on the other side; no use to a check but to be handed back."""

    def __init__(self, there):
        self._there = there

    def __call__(self, *args, **kwargs):
        return call(self._there, args, kwargs)

    def __getattr__(self, name):
        found = getattr(self._there, name)
        return Handle(found) if callable(found) else to_us(found)

    def __setattr__(self, name, value):
        if name == "_there":
            object.__setattr__(self, name, value)
        else:
            setattr(self._there, name, to_them(value))


class StudentError(Exception):
    """Comes back for any exception, with the name of the student's."""


def to_them(value):
    if isinstance(value, Handle):
        return value._there
    return value if callable(value) else copy.deepcopy(value)


def is_plain(value):
    if isinstance(value, dict):
        return all(is_plain(v) for v in value.values())
    return isinstance(value, PLAIN) or (isinstance(value, np.ndarray) and value.dtype != object)


def to_us(value, top=True):
    if is_plain(value):
        return copy.deepcopy(value)
    if isinstance(value, (tuple, list)) and top:
        return tuple(to_us(v, False) for v in value)
    return Handle(value)


def call(function, args, kwargs):
    sent = [to_them(a) for a in args]
    try:
        result = function(*sent, **kwargs)
    except Exception as error:
        raise type(type(error).__name__, (StudentError,), {})() from None
    finally:
        for ours, theirs in zip(args, sent, strict=True):
            if isinstance(ours, np.ndarray) and ours.flags.writeable and ours.shape == theirs.shape:
                ours[...] = theirs
            elif isinstance(ours, dict):
                ours.update(copy.deepcopy(theirs))
    return to_us(result)


NAMES = [
    "affine_forward",
    "affine_backward",
    "relu_forward",
    "relu_backward",
    "softmax",
    "cross_entropy_error",
    "softmax_loss",
    "svm_loss",
    "numerical_gradient",
    "conv_output_size",
    "pad_images",
    "conv_single_window",
    "conv_forward_naive",
    "conv_backward_naive",
    "max_pool_forward_naive",
    "max_pool_backward_naive",
    "mean_pool_forward",
    "mean_pool_backward",
    "sgd_momentum",
    "adam",
    "batchnorm_forward",
    "batchnorm_backward",
    "dropout_forward",
    "dropout_backward",
    "TwoLayerNet",
    "ThreeLayerConvNet",
]


@pytest.mark.parametrize("name", NAMES)
def test_right_implementations_keep_their_points_behind_a_proxy(name):
    for right in checks.alternatives(name):
        functions = [right.function, right.forward] if right.partner else [right.function]
        getattr(checks, name)(*map(Handle, functions), **right.options)


@pytest.mark.parametrize("name", NAMES)
def test_mistakes_lose_theirs_and_are_named_behind_a_proxy(name):
    unnamed = []
    known = checks.mistakes(name)
    for wrong in known[:: max(1, len(known) // 10)]:
        report = checks.report(name, Handle(wrong.function), **wrong.options)
        assert report.faults, wrong.name
        unnamed += [] if wrong.name in [c.name for c in report.causes] else [wrong.name]
    assert len(unnamed) <= 1, unnamed
