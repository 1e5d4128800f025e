"""Six small networks, five of them broken in one place each, for the sanity ladder to be climbed with.

Whoever wants to find the faults with the ladder should not read on.
"""

from __future__ import annotations

import numpy as np

from cs_layers.layers import (
    affine_backward,
    affine_relu_backward,
    conv_backward,
    conv_forward,
    max_pool_backward,
    max_pool_forward,
)
from cs_layers.models import ThreeLayerConvNet


def make_patients():
    """The networks A to F, untrained, for images (N, 1, 8, 8) of ten classes: dict of letter to network."""
    kinds = {
        "A": _SumOverBatch,
        "B": _MaskForgotten,
        "C": ThreeLayerConvNet,
        "D": _HalfForgotten,
        "E": _Dead,
        "F": _Large,
    }
    return {
        letter: kind((1, 8, 8), 8, 3, 30, 10, weight_scale=1.0 if kind is _Large else 0.02, dtype=np.float64, seed=seed)
        for seed, (letter, kind) in enumerate(kinds.items())
    }


class _SumOverBatch(ThreeLayerConvNet):
    """The loss of a batch is a sum."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        return len(X) * loss, {name: len(X) * grad for name, grad in grads.items()}


class _MaskForgotten(ThreeLayerConvNet):
    """The gradient comes back through the first ReLU as if that were not there."""

    def _backward(self, dscores, caches):
        grads = super()._backward(dscores, caches)
        _, hidden_cache, scores_cache = caches
        dhidden, *_ = affine_backward(dscores, scores_cache)
        dpooled, *_ = affine_relu_backward(dhidden, hidden_cache)
        conv_cache, pool_cache = self._first
        _, grads["W1"], grads["b1"] = conv_backward(max_pool_backward(dpooled, pool_cache), conv_cache)
        return grads

    def _forward(self, X, mode):
        conv, conv_cache = conv_forward(X, self.params["W1"], self.params["b1"], self.conv_param)
        _, pool_cache = max_pool_forward(np.maximum(0, conv), self.pool_param)
        self._first = conv_cache, pool_cache
        return super()._forward(X, mode)


class _HalfForgotten(ThreeLayerConvNet):
    """The penalty is reg · sum(W²), its gradient that of half as much."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        penalty = sum(float(np.sum(w * w)) for name, w in self.params.items() if name[0] == "W")
        return loss + 0.5 * self.reg * penalty, grads


class _Dead(ThreeLayerConvNet):
    """No hidden unit is ever on."""

    def __init__(self, *sizes, **settings):
        super().__init__(*sizes, **settings)
        self.params["b2"] -= 100


class _Large(ThreeLayerConvNet):
    """The weights start fifty times too large."""
