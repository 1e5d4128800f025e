"""The layers as objects that keep what their backward pass needs, in the manner of "Deep Learning from Scratch".

Each has ``forward(x)`` and ``backward(dout)``, which returns the gradient for x and leaves those of the parameters in
``dW`` and ``db``. They compute with the functions of this package and keep no more than the latest forward pass, so
one object serves one place in a network.
"""

import numpy as np

from cs_layers.layers import _validation as check
from cs_layers.layers import activations as _activations
from cs_layers.layers import affine, convolution, losses, pooling


class _Layer:
    """A layer of one cache."""

    _cache = None

    def _kept(self):
        if self._cache is None:
            raise ValueError(f"{type(self).__name__}.backward was called before forward; call forward first.")
        return self._cache


class Relu(_Layer):
    """max(0, x), entry by entry; the gradient at 0 is 0."""

    def forward(self, x):
        """x of any shape -> array of that shape."""
        out, self._cache = _activations.relu_forward(x)
        return out

    def backward(self, dout):
        """dout of x's shape -> dx of that shape."""
        return _activations.relu_backward(dout, self._kept())


class Affine(_Layer):
    """x @ W + b.

    Parameters
    ----------
    W : ndarray, shape (D, M)
    b : ndarray, shape (M,)

    Attributes
    ----------
    dW, db : ndarray
        Gradients, in the shapes of W and b, after `backward`.
    """

    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW = self.db = None

    def forward(self, x):
        """x (N, d_1, ..., d_k) with D = d_1 · … · d_k -> (N, M)."""
        out, self._cache = affine.affine_forward(x, self.W, self.b)
        return out

    def backward(self, dout):
        """dout (N, M) -> dx in the shape of x."""
        dx, self.dW, self.db = affine.affine_backward(dout, self._kept())
        return dx


class Convolution(_Layer):
    """F filters that slide over C×H×W images.

    Parameters
    ----------
    W : ndarray, shape (F, C, HH, WW)
    b : ndarray, shape (F,)
    stride, pad : int
        See `conv_forward`.
    need_dx : bool
        See `conv_backward`.

    Attributes
    ----------
    dW, db : ndarray
        Gradients, in the shapes of W and b, after `backward`.
    """

    def __init__(self, W, b, stride=1, pad=0, need_dx=True):
        self.W, self.b, self.stride, self.pad, self.need_dx = W, b, stride, pad, need_dx
        self.dW = self.db = None

    def forward(self, x):
        """x (N, C, H, W) -> (N, F, H', W')."""
        out, self._cache = convolution.conv_forward(x, self.W, self.b, {"stride": self.stride, "pad": self.pad})
        return out

    def backward(self, dout):
        """dout (N, F, H', W') -> dx (N, C, H, W), or None without `need_dx`."""
        dx, self.dW, self.db = convolution.conv_backward(dout, self._kept(), self.need_dx)
        return dx


class Pooling(_Layer):
    """Max pooling.

    Parameters
    ----------
    pool_h, pool_w : int
        Size of the window.
    stride, pad : int
        See `max_pool_forward`.
    """

    def __init__(self, pool_h, pool_w, stride=2, pad=0):
        self.pool_param = {"pool_height": pool_h, "pool_width": pool_w, "stride": stride, "pad": pad}

    def forward(self, x):
        """x (N, C, H, W) -> (N, C, H', W')."""
        out, self._cache = pooling.max_pool_forward(x, self.pool_param)
        return out

    def backward(self, dout):
        """dout (N, C, H', W') -> dx (N, C, H, W); of tied maxima the first is paid."""
        return pooling.max_pool_backward(dout, self._kept())


class SoftmaxWithLoss(_Layer):
    """Softmax and cross entropy in one, the last layer of a network while it is trained.

    Attributes
    ----------
    loss : float
        Mean over the batch.
    y : ndarray, shape (N, C)
        The probabilities.
    """

    loss = y = None

    def forward(self, x, t):
        """Scores x (N, C) and labels t, (N,) integers or (N, C) one-hot -> the loss."""
        self.loss, self._cache = losses.softmax_loss(x, _as_labels(t))
        self.y = losses.softmax(x)
        return self.loss

    def backward(self, dout=1):
        """Gradient of dout · loss with respect to the scores: (N, C)."""
        return dout * self._kept()


def _as_labels(t):
    """Labels (N,) of labels or of one-hot rows."""
    t = np.asarray(t)
    if t.ndim != 2:
        return t
    t = check.real_array("t", t)
    if not (np.all((t == 0) | (t == 1)) and np.all(t.sum(axis=1) == 1)):
        raise ValueError("t has two axes, so it must be one-hot: a single 1 in every row, else zeros.")
    return t.argmax(axis=1)
