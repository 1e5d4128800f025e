"""Ready-made networks over `cs_layers.layers`, with the names and call signatures of CS231n."""

from collections import OrderedDict

import numpy as np

from cs_layers import storage
from cs_layers.arguments import count, number
from cs_layers.layers import (
    affine_backward,
    affine_forward,
    affine_relu_backward,
    affine_relu_forward,
    conv_relu_pool_backward,
    conv_relu_pool_forward,
    dropout_backward,
    dropout_forward,
    softmax_loss,
)
from cs_layers.layers.classes import Affine, Convolution, Pooling, Relu, SoftmaxWithLoss

_HALVING = {"pool_height": 2, "pool_width": 2, "stride": 2}


class _Network:
    """What the networks share: drawing weights, the regularised loss, predictions, files.

    A subclass gives ``params``, ``input_dim``, ``_forward(X, mode) -> (scores, caches)``, where ``mode`` is "train" or
    "test", and ``_backward(dscores, caches) -> grads``.
    """

    def __init__(self, weight_scale, reg, dtype, seed):
        if isinstance(weight_scale, str) and weight_scale != "he":
            raise ValueError(f"weight_scale is {weight_scale!r}, but must be a number of 0 or more, or 'he'.")
        self.weight_scale = "he" if weight_scale == "he" else number("weight_scale", weight_scale)
        self.reg = number("reg", reg)
        self.dtype = np.dtype(dtype)
        if self.dtype.kind != "f":
            raise TypeError(f"dtype is {self.dtype}, but must be a floating dtype, np.float32 or np.float64, say.")
        self.params = {}
        self._rng = np.random.default_rng(count("seed", seed, least=0))

    def loss(self, X, y=None):
        """Scores, or the loss and its gradients.

        Parameters
        ----------
        X : array (N, ...)
            A batch of inputs; it is converted to the network's dtype.
        y : array (N,) of integer labels, optional

        Returns
        -------
        scores : array (N, num_classes)
            Without ``y``.
        loss, grads : float, dict of str to array
            With ``y``: the mean softmax loss plus ``0.5 * reg`` times the sum of all squared weights (biases are left
            out), and its gradient with respect to every parameter.

        Raises
        ------
        TypeError, ValueError
            When the shape of ``X`` is not the network's, or the labels are not N integers below ``num_classes``.
        """
        scores, caches = self._forward(self._inputs(X), "test" if y is None else "train")
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        grads = self._backward(dscores, caches)
        for name, value in self.params.items():
            if self.reg and name.startswith("W"):
                loss += 0.5 * self.reg * float(np.vdot(value, value))
                grads[name] += self.dtype.type(self.reg) * value
        return loss, grads

    def scores(self, X, batch_size=100):
        """The scores (N, num_classes) of any number of inputs, computed ``batch_size`` rows at a time."""
        batch_size = count("batch_size", batch_size)
        X = np.asarray(X)
        if X.ndim == 0 or len(X) == 0:
            raise ValueError(f"X has shape {X.shape}, but must hold at least one row.")
        return np.concatenate([self.loss(X[start : start + batch_size]) for start in range(0, len(X), batch_size)])

    def predict(self, X, batch_size=100):
        """The class with the highest score for each row: array (N,) of integers."""
        return np.argmax(self.scores(X, batch_size), axis=1)

    def save_params(self, path):
        """Write the parameters to an .npz file, whole or not at all; return its path."""
        return storage.save_npz(path, self.params)

    def load_params(self, path):
        """Read the parameters that `save_params` of a network of the same shape wrote.

        Raises
        ------
        FileNotFoundError, ValueError
            When the file is missing or damaged, or holds the parameters of another network; the network's own are
            left as they were.
        """
        loaded = storage.load_npz(path)
        found = {name: value.shape for name, value in loaded.items()}
        expected = {name: value.shape for name, value in self.params.items()}
        if found != expected:
            raise ValueError(f"{path} holds the parameters {found}, but this network has {expected}.")
        self.params.update({name: loaded[name].astype(self.dtype) for name in expected})

    def _inputs(self, X):
        X = np.asarray(X)
        if X.dtype.kind not in "fiub":
            raise TypeError(f"X has dtype {X.dtype}, but must hold numbers.")
        if X.ndim == 0 or len(X) == 0 or not self._fits(X.shape[1:]):
            raise ValueError(f"X has shape {X.shape}, but this network takes {self._shape_text()} with N of 1 or more.")
        return X.astype(self.dtype, copy=False)

    def _weights(self, shape, fan_in):
        """Normal random weights: of standard deviation ``weight_scale``, or sqrt(2 / fan_in) for "he".

        The latter keeps the size of the signal from layer to layer under ReLU (He et al. 2015, arXiv:1502.01852).
        """
        scale = np.sqrt(2 / fan_in) if self.weight_scale == "he" else self.weight_scale
        return (scale * self._rng.standard_normal(shape)).astype(self.dtype)

    def _zeros(self, length):
        return np.zeros(length, self.dtype)


class TwoLayerNet(_Network):
    """affine - ReLU - affine - softmax.

    Parameters
    ----------
    input_dim : int
        Numbers in one input; inputs of any shape (N, ...) with that many are flattened.
    hidden_dim, num_classes : int
    weight_scale : float or "he"
        Standard deviation of the initial weights; "he" for sqrt(2 / numbers that go into a unit), which trains well on
        inputs of about unit size. Biases start at 0.
    reg : float
        Strength of the L2 regularisation.
    dtype : floating dtype
    seed : int
        Seed of the initial weights.

    Attributes
    ----------
    params : dict
        ``W1`` (input_dim, hidden_dim), ``b1`` (hidden_dim,), ``W2`` (hidden_dim, num_classes), ``b2`` (num_classes,).
    """

    def __init__(
        self,
        input_dim=3 * 32 * 32,
        hidden_dim=100,
        num_classes=10,
        weight_scale=1e-3,
        reg=0.0,
        dtype=np.float64,
        seed=0,
    ):
        super().__init__(weight_scale, reg, dtype, seed)
        self.input_dim = count("input_dim", input_dim)
        hidden_dim, num_classes = count("hidden_dim", hidden_dim), count("num_classes", num_classes)
        self.params["W1"] = self._weights((input_dim, hidden_dim), input_dim)
        self.params["b1"] = self._zeros(hidden_dim)
        self.params["W2"] = self._weights((hidden_dim, num_classes), hidden_dim)
        self.params["b2"] = self._zeros(num_classes)

    def _forward(self, X, mode):
        hidden, hidden_cache = affine_relu_forward(X, self.params["W1"], self.params["b1"])
        scores, scores_cache = affine_forward(hidden, self.params["W2"], self.params["b2"])
        return scores, (hidden_cache, scores_cache)

    def _backward(self, dscores, caches):
        hidden_cache, scores_cache = caches
        grads = {}
        dhidden, grads["W2"], grads["b2"] = affine_backward(dscores, scores_cache)
        _, grads["W1"], grads["b1"] = affine_relu_backward(dhidden, hidden_cache, need_dx=False)
        return grads

    def _fits(self, row_shape):
        return len(row_shape) > 0 and int(np.prod(row_shape)) == self.input_dim

    def _shape_text(self):
        return f"(N, ...) with {self.input_dim} numbers in each row,"


class ThreeLayerConvNet(_Network):
    """conv - ReLU - 2×2 max pool - affine - ReLU - affine - softmax.

    The convolution has stride 1 and is padded so that height and width stay; pooling halves them.

    Parameters
    ----------
    input_dim : tuple of int
        (C, H, W) of one image; H and W must be even.
    num_filters : int
    filter_size : int
        Height and width of the filters; must be odd.
    hidden_dim, num_classes : int
    weight_scale : float or "he"
        See `TwoLayerNet`.
    reg : float
    dtype : floating dtype
    seed : int

    Attributes
    ----------
    params : dict
        ``W1`` (num_filters, C, filter_size, filter_size), ``b1``; ``W2`` (num_filters * H/2 * W/2, hidden_dim), ``b2``;
        ``W3`` (hidden_dim, num_classes), ``b3``.
    """

    def __init__(
        self,
        input_dim=(3, 32, 32),
        num_filters=32,
        filter_size=7,
        hidden_dim=100,
        num_classes=10,
        weight_scale=1e-3,
        reg=0.0,
        dtype=np.float32,
        seed=0,
    ):
        super().__init__(weight_scale, reg, dtype, seed)
        self.input_dim = C, H, W = _image_shape(input_dim)
        F, K = count("num_filters", num_filters), _odd("filter_size", filter_size)
        M, num_classes = count("hidden_dim", hidden_dim), count("num_classes", num_classes)
        flat = F * (H // 2) * (W // 2)
        self.conv_param, self.pool_param = {"stride": 1, "pad": (K - 1) // 2}, dict(_HALVING)
        self.params["W1"], self.params["b1"] = self._weights((F, C, K, K), C * K * K), self._zeros(F)
        self.params["W2"], self.params["b2"] = self._weights((flat, M), flat), self._zeros(M)
        self.params["W3"], self.params["b3"] = self._weights((M, num_classes), M), self._zeros(num_classes)

    def _forward(self, X, mode):
        W1, b1, W2, b2, W3, b3 = (self.params[name] for name in ("W1", "b1", "W2", "b2", "W3", "b3"))
        pooled, conv_cache = conv_relu_pool_forward(X, W1, b1, self.conv_param, self.pool_param)
        hidden, hidden_cache = affine_relu_forward(pooled, W2, b2)
        scores, scores_cache = affine_forward(hidden, W3, b3)
        return scores, (conv_cache, hidden_cache, scores_cache)

    def _backward(self, dscores, caches):
        conv_cache, hidden_cache, scores_cache = caches
        grads = {}
        dhidden, grads["W3"], grads["b3"] = affine_backward(dscores, scores_cache)
        dpooled, grads["W2"], grads["b2"] = affine_relu_backward(dhidden, hidden_cache)
        _, grads["W1"], grads["b1"] = conv_relu_pool_backward(dpooled, conv_cache, need_dx=False)
        return grads

    def _fits(self, row_shape):
        return row_shape == self.input_dim

    def _shape_text(self):
        return "(N, {}, {}, {})".format(*self.input_dim)


class TwoStageConvNet(_Network):
    """Twice conv - ReLU - 2×2 max pool - dropout, then affine - ReLU - dropout - affine - softmax.

    The convolutions have stride 1 and are padded so that height and width stay; each pooling halves them. Dropout works
    in ``loss(X, y)`` alone: ``loss(X)``, which returns scores, leaves every unit in.

    Parameters
    ----------
    input_dim : tuple of int
        (C, H, W) of one image; H and W must be multiples of 4.
    num_filters : pair of int
        Filters of the first and of the second convolution.
    filter_size : int
        Height and width of all filters; must be odd.
    hidden_dim, num_classes : int
    keep : three floats
        The probability to KEEP a unit in each of the three dropouts, above 0; 1 for no dropout there.
    weight_scale : float or "he"
        See `TwoLayerNet`.
    reg : float
    dtype : floating dtype
    seed : int
        Seed of the initial weights and of the dropouts.

    Attributes
    ----------
    params : dict
        ``W1`` (F1, C, filter_size, filter_size), ``b1``; ``W2`` (F2, F1, filter_size, filter_size), ``b2``; ``W3``
        (F2 * H/4 * W/4, hidden_dim), ``b3``; ``W4`` (hidden_dim, num_classes), ``b4``.
    rng : numpy.random.Generator
        What dropout draws from. Give the network a new one with an old seed, and it leaves out the same units again.
    """

    def __init__(
        self,
        input_dim=(3, 32, 32),
        num_filters=(32, 64),
        filter_size=3,
        hidden_dim=512,
        num_classes=10,
        keep=(0.75, 0.75, 0.5),
        weight_scale="he",
        reg=0.0,
        dtype=np.float32,
        seed=0,
    ):
        super().__init__(weight_scale, reg, dtype, seed)
        self.input_dim = C, H, W = _image_shape(input_dim, multiple=4)
        F1, F2 = _several("num_filters", num_filters, 2, count)
        K = _odd("filter_size", filter_size)
        M, num_classes = count("hidden_dim", hidden_dim), count("num_classes", num_classes)
        self.keep = _several("keep", keep, 3, _probability)
        self.rng = np.random.default_rng([seed, 1])  # not the generator of the weights over again
        flat = F2 * (H // 4) * (W // 4)
        self.conv_param, self.pool_param = {"stride": 1, "pad": (K - 1) // 2}, dict(_HALVING)
        self.params["W1"], self.params["b1"] = self._weights((F1, C, K, K), C * K * K), self._zeros(F1)
        self.params["W2"], self.params["b2"] = self._weights((F2, F1, K, K), F1 * K * K), self._zeros(F2)
        self.params["W3"], self.params["b3"] = self._weights((flat, M), flat), self._zeros(M)
        self.params["W4"], self.params["b4"] = self._weights((M, num_classes), M), self._zeros(num_classes)

    def _forward(self, X, mode):
        p, caches = self.params, []
        layers = [
            (conv_relu_pool_forward, p["W1"], p["b1"], self.conv_param, self.pool_param),
            (conv_relu_pool_forward, p["W2"], p["b2"], self.conv_param, self.pool_param),
            (affine_relu_forward, p["W3"], p["b3"]),
        ]
        out = X
        for (forward, *arguments), kept in zip(layers, self.keep, strict=True):
            out, cache = forward(out, *arguments)
            dropout_cache = None
            if mode == "train" and kept < 1:
                out, dropout_cache = dropout_forward(out, {"mode": mode, "p": kept, "seed": self.rng})
            caches.append((cache, dropout_cache))
        scores, cache = affine_forward(out, p["W4"], p["b4"])
        return scores, [*caches, (cache, None)]

    def _backward(self, dscores, caches):
        grads, dout = {}, dscores
        backwards = [conv_relu_pool_backward, conv_relu_pool_backward, affine_relu_backward, affine_backward]
        for k in (4, 3, 2, 1):
            cache, dropout_cache = caches.pop()  # and with it goes what this layer remembered
            if dropout_cache is not None:
                dout = dropout_backward(dout, dropout_cache)
            dout, grads[f"W{k}"], grads[f"b{k}"] = backwards[k - 1](dout, cache, need_dx=k > 1)
        return grads

    def _fits(self, row_shape):
        return row_shape == self.input_dim

    def _shape_text(self):
        return "(N, {}, {}, {})".format(*self.input_dim)


class SimpleConvNet:
    """conv - ReLU - 2×2 max pool - affine - ReLU - affine - softmax, out of layer objects.

    Names and signatures are those of "Deep Learning from Scratch". The layers are made anew from ``params`` for every
    pass, so that new arrays in ``params`` count as much as arrays changed in place.

    Parameters
    ----------
    input_dim : tuple of int
        (C, H, W) of one image.
    conv_param : dict
        'filter_num', 'filter_size', 'pad', 'stride' of the convolution, whose output must have even height and width.
    hidden_size, output_size : int
    weight_init_std : float or "he"
        See `TwoLayerNet`.
    dtype : floating dtype
    seed : int

    Attributes
    ----------
    params : dict
        ``W1`` (filter_num, C, filter_size, filter_size), ``b1``; ``W2`` (…, hidden_size), ``b2``; ``W3`` (hidden_size,
        output_size), ``b3``.
    layers : OrderedDict of str to layer
        Those of the latest pass.
    """

    def __init__(
        self,
        input_dim=(1, 28, 28),
        conv_param=None,
        hidden_size=100,
        output_size=10,
        weight_init_std=0.01,
        dtype=np.float32,
        seed=0,
    ):
        conv_param = {"filter_num": 30, "filter_size": 5, "pad": 0, "stride": 1} | (conv_param or {})
        unknown = set(conv_param) - {"filter_num", "filter_size", "pad", "stride"}
        if unknown:
            raise ValueError(
                f"conv_param has the key {sorted(unknown)[0]!r}; allowed are filter_num, filter_size, pad, stride."
            )
        net = _Network(weight_init_std, 0.0, dtype, seed)
        self.input_dim = C, H, W = _image_shape(input_dim)
        F, K = count("filter_num", conv_param["filter_num"]), count("filter_size", conv_param["filter_size"])
        self._stride, self._pad = count("stride", conv_param["stride"]), count("pad", conv_param["pad"], least=0)
        H_out, W_out = ((size + 2 * self._pad - K) / self._stride + 1 for size in (H, W))
        if min(H_out, W_out) < 2 or H_out % 2 or W_out % 2:
            raise ValueError(
                f"The convolution of {H}×{W} images makes {H_out:g}×{W_out:g}, but 2×2 pooling needs even numbers; "
                "change filter_size, pad or stride."
            )
        flat = F * int(H_out // 2) * int(W_out // 2)
        M, num_classes = count("hidden_size", hidden_size), count("output_size", output_size)
        self.dtype, self.layers, self.last_layer = net.dtype, OrderedDict(), SoftmaxWithLoss()
        self.params = {
            "W1": net._weights((F, C, K, K), C * K * K),
            "b1": net._zeros(F),
            "W2": net._weights((flat, M), flat),
            "b2": net._zeros(M),
            "W3": net._weights((M, num_classes), M),
            "b3": net._zeros(num_classes),
        }

    def predict(self, x):
        """Scores (N, output_size) of images x (N, C, H, W)."""
        p = self.params
        self.layers = OrderedDict(
            Conv1=Convolution(p["W1"], p["b1"], self._stride, self._pad, need_dx=False),
            Relu1=Relu(),
            Pool1=Pooling(2, 2, 2),
            Affine1=Affine(p["W2"], p["b2"]),
            Relu2=Relu(),
            Affine2=Affine(p["W3"], p["b3"]),
        )
        x = np.asarray(x, dtype=self.dtype)
        for layer in self.layers.values():
            x = layer.forward(x)
        return x

    def loss(self, x, t):
        """Mean softmax loss; labels t are (N,) integers or (N, output_size) one-hot."""
        return self.last_layer.forward(self.predict(x), t)

    def gradient(self, x, t):
        """Gradient of `loss` with respect to every parameter, by backpropagation: dict of str to array."""
        self.loss(x, t)
        dout = self.last_layer.backward(1)
        for layer in reversed(self.layers.values()):
            dout = layer.backward(dout)
        made = {"1": self.layers["Conv1"], "2": self.layers["Affine1"], "3": self.layers["Affine2"]}
        return {name: getattr(made[name[1]], f"d{name[0]}") for name in self.params}

    def accuracy(self, x, t, batch_size=100):
        """Share of images whose highest score is that of their label; every image counts, the last few too."""
        t = np.asarray(t)
        t = t.argmax(axis=1) if t.ndim == 2 else t
        starts = range(0, len(x), count("batch_size", batch_size))
        right = (self.predict(x[i : i + batch_size]).argmax(axis=1) == t[i : i + batch_size] for i in starts)
        return float(np.mean(np.concatenate(list(right))))

    save_params = _Network.save_params
    load_params = _Network.load_params


def _image_shape(input_dim, multiple=2):
    shape = tuple(np.ravel(np.asarray(input_dim, dtype=object)))
    if len(shape) != 3:
        raise ValueError(f"input_dim is {input_dim!r}, but must be (C, H, W), the shape of one image.")
    C, H, W = (count(f"input_dim's {name}", value) for name, value in zip("CHW", shape, strict=True))
    if H % multiple or W % multiple:
        must_be = "even" if multiple == 2 else f"multiples of {multiple}"
        raise ValueError(f"input_dim is {input_dim!r}, but H and W must be {must_be} for 2×2 pooling.")
    return C, H, W


def _odd(name, value):
    value = count(name, value)
    if value % 2 == 0:
        raise ValueError(f"{name} is {value}, but must be odd: only then can the padding keep height and width.")
    return value


def _several(name, values, length, check):
    """A tuple of so many values, each one checked."""
    if not isinstance(values, (tuple, list)) or len(values) != length:
        raise ValueError(f"{name} is {values!r}, but must be {length} numbers.")
    return tuple(check(f"{name}[{k}]", value) for k, value in enumerate(values))


def _probability(name, value):
    value = number(name, value, above=0)
    if value > 1:
        raise ValueError(f"{name} is {value}, but must be a probability, at most 1.")
    return value
