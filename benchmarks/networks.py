"""The three networks that are timed, and one training step of each over any library of layers.

A library is a module with these names of `cs_layers.layers`: conv_relu_pool_forward, affine_relu_forward,
affine_forward and dropout_forward, each with its _backward, and softmax_loss.
"""

from dataclasses import dataclass, replace

import numpy as np

from cs_layers.initializers import he
from cs_layers.optim import sgd_momentum

POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}


@dataclass(frozen=True)
class Stage:
    """A convolution (or, with size 0, an affine layer) with ReLU, 2×2 max pooling after a convolution, and dropout."""

    units: int
    size: int = 0
    pad: int = 0
    keep: float = 1.0

    @property
    def conv_param(self):
        return {"stride": 1, "pad": self.pad}


@dataclass(frozen=True)
class Network:
    """Stages of convolution, then affine ones, then an affine layer of ten scores and the softmax loss."""

    title: str
    images: tuple
    batch: int
    convolutions: tuple
    hidden: tuple
    classes: int = 10

    def without_dropout(self):
        def kept(stages):
            return tuple(replace(stage, keep=1.0) for stage in stages)

        return replace(self, convolutions=kept(self.convolutions), hidden=kept(self.hidden))

    def shapes(self):
        """The shapes that go through the network for one image: (name, shape) of every layer's output, input first."""
        C, H, W = self.images
        yield "images", (C, H, W)
        for k, stage in enumerate(self.convolutions, 1):
            C, H, W = stage.units, H + 2 * stage.pad - stage.size + 1, W + 2 * stage.pad - stage.size + 1
            yield f"conv{k}", (C, H, W)
            H, W = H // 2, W // 2
            yield f"pool{k}", (C, H, W)
        for k, stage in enumerate(self.hidden, 1):
            yield f"affine{k}", (stage.units,)
        yield "scores", (self.classes,)

    def initial(self, seed=0):
        """He-initialised weights: w1, b1, w2, b2, … in the order of the layers, float32."""
        rng, params, (channels, *_) = np.random.default_rng(seed), {}, self.images
        pooled = [shape for name, shape in self.shapes() if name.startswith("pool")]
        inputs = int(np.prod(pooled[-1] if pooled else self.images))
        for stage in [*self.convolutions, *self.hidden, Stage(self.classes)]:
            if stage.size:
                shape, channels = (stage.units, channels, stage.size, stage.size), stage.units
            else:
                shape, inputs = (inputs, stage.units), stage.units
            k = len(params) // 2 + 1
            params[f"w{k}"] = he(shape, rng).astype(np.float32)
            params[f"b{k}"] = np.zeros(stage.units, dtype=np.float32)
        return params

    def data(self, seed=0, batch=None):
        rng, batch = np.random.default_rng(seed), batch or self.batch
        return rng.normal(size=(batch, *self.images)).astype(np.float32), rng.integers(self.classes, size=batch)


NETWORKS = {
    "three_layer": Network(
        "ThreeLayerConvNet, CIFAR-10, batch 100", (3, 32, 32), 100, (Stage(32, size=7, pad=3),), (Stage(100),)
    ),
    "simple": Network("SimpleConvNet, MNIST, batch 100", (1, 28, 28), 100, (Stage(30, size=5),), (Stage(100),)),
    "two_stage": Network(
        "two-stage CNN, CIFAR-10, batch 128",
        (3, 32, 32),
        128,
        (Stage(32, size=3, pad=1, keep=0.75), Stage(64, size=3, pad=1, keep=0.75)),
        (Stage(512, keep=0.5),),
    ),
}


def loss_and_gradients(library, network, params, x, y, rng=None):
    """Forward and backward pass: the loss, and a gradient for each parameter."""
    out, backwards = scores_and_backwards(library, network, params, x, rng, "train")
    loss, dout = library.softmax_loss(out, y)
    grads = {}
    for k in reversed(range(1, len(backwards) + 1)):
        layer_backward, cache, dropout_cache = backwards.pop()  # and with it goes what this layer remembered
        if dropout_cache is not None:
            dout = library.dropout_backward(dout, dropout_cache)
        dout, grads[f"w{k}"], grads[f"b{k}"] = layer_backward(dout, cache, need_dx=k > 1)
    return loss, grads


def scores_and_backwards(library, network, params, x, rng, mode):
    """The scores, and for each layer its backward function, its cache and that of its dropout (None without)."""
    out, backwards = x, []
    for k, stage in enumerate([*network.convolutions, *network.hidden], 1):
        w, b = params[f"w{k}"], params[f"b{k}"]
        if stage.size:
            out, cache = library.conv_relu_pool_forward(out, w, b, stage.conv_param, POOL)
            backward = library.conv_relu_pool_backward
        else:
            out, cache = library.affine_relu_forward(out, w, b)
            backward = library.affine_relu_backward
        dropout_cache = None
        if stage.keep < 1 and mode == "train":
            out, dropout_cache = library.dropout_forward(out, {"mode": mode, "p": stage.keep, "seed": rng})
        backwards.append((backward, cache, dropout_cache))
    k = len(backwards) + 1
    out, cache = library.affine_forward(out, params[f"w{k}"], params[f"b{k}"])
    return out, [*backwards, (library.affine_backward, cache, None)]


class Trainer:
    """One network over one library of layers, with what stochastic gradient descent with momentum remembers."""

    def __init__(self, library, network, batch=None, seed=0):
        self.library, self.network = library, network
        self.params, self.configs = network.initial(seed), {}
        self.x, self.y = network.data(seed, batch)
        self.rng = np.random.default_rng(seed)

    def gradients(self, dtype):
        params = {name: array.astype(dtype) for name, array in self.params.items()}
        network, x = self.network.without_dropout(), self.x.astype(dtype)
        loss, grads = loss_and_gradients(self.library, network, params, x, self.y)
        return {"loss": np.array(loss), **grads}

    def step(self):
        _, grads = loss_and_gradients(self.library, self.network, self.params, self.x, self.y, self.rng)
        for name, w in self.params.items():
            config = self.configs.get(name, {"learning_rate": 1e-3, "momentum": 0.9})
            self.params[name], self.configs[name] = sgd_momentum(w, grads[name], config)
