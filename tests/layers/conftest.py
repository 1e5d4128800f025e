"""What the tests of the layers share: the slow reference, and inputs of every shape and memory layout."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import strategies as st


def _load_reference():
    spec = importlib.util.spec_from_file_location("layers_reference", Path(__file__).with_name("reference.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def in_layout(x, layout):
    """The same numbers as `x`, read-only, lying in memory in another way."""
    if layout == "every second":
        spread = np.full([2 * length for length in x.shape], np.nan, dtype=x.dtype)
        laid = spread[tuple([slice(None, None, 2)] * x.ndim)]
    elif layout == "reversed":
        laid = np.empty_like(x)[::-1]
    elif layout == "batch last":
        laid = np.moveaxis(np.empty((*x.shape[1:], x.shape[0]), dtype=x.dtype), -1, 0)
    else:
        laid = np.empty(x.shape, dtype=x.dtype, order={"rows first": "C", "columns first": "F"}[layout])
    laid[...] = x
    laid.flags.writeable = False
    return laid


LAYOUTS = ["rows first", "columns first", "batch last", "every second", "reversed"]


class Inputs:
    """Draws of arrays, deterministic given Hypothesis's choices."""

    layouts = st.sampled_from(LAYOUTS)
    in_layout = staticmethod(in_layout)

    @staticmethod
    def normal(seed, *shapes, dtype=np.float64):
        rng = np.random.default_rng(seed)
        return [rng.normal(size=shape).astype(dtype) for shape in shapes]

    @staticmethod
    @st.composite
    def images(draw, max_window=4, max_pad=3):
        """(N, C, H, W), window, stride, pad: any that fit together."""
        height, width = draw(st.integers(1, max_window)), draw(st.integers(1, max_window))
        stride, pad = draw(st.integers(1, 4)), draw(st.integers(0, max_pad))
        H = (draw(st.integers(1, 4)) - 1) * stride + height - 2 * pad
        W = (draw(st.integers(1, 4)) - 1) * stride + width - 2 * pad
        assume(H > 0 and W > 0)
        return (draw(st.integers(1, 3)), draw(st.integers(1, 3)), H, W), (height, width), stride, pad


@pytest.fixture(scope="session")
def reference():
    return _load_reference()


@pytest.fixture(scope="session")
def inputs():
    return Inputs
