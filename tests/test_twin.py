"""The network in frameworks' layouts: against the course's own, and against the frameworks where they are installed."""

import numpy as np
import pytest

from cs_layers import checks, twin
from cs_layers.gradient_check import rel_error
from cs_layers.models import ThreeLayerConvNet

to_torch, from_torch, to_keras, channels_last = (
    checks.alternatives(name)[0].function for name in ("to_torch", "from_torch", "to_keras", "channels_last")
)


@pytest.fixture
def net():
    made = ThreeLayerConvNet(
        (3, 4, 6), 5, filter_size=3, hidden_dim=7, num_classes=4, weight_scale=0.5, dtype=np.float64
    )
    rng = np.random.default_rng(1)
    for name in ("b1", "b2", "b3"):
        made.params[name] = rng.normal(size=made.params[name].shape)
    return made


@pytest.fixture
def batch():
    rng = np.random.default_rng(2)
    return rng.normal(size=(6, 3, 4, 6)), rng.integers(4, size=6)


def test_numpy_in_pytorchs_layout_gives_the_same_scores(net, batch):
    assert rel_error(twin.torch_scores(to_torch(net.params), batch[0]), net.loss(batch[0])) < 1e-9


def test_numpy_in_kerass_layout_gives_the_same_scores(net, batch):
    assert rel_error(twin.keras_scores(to_keras(net.params), channels_last(batch[0])), net.loss(batch[0])) < 1e-9


def test_rows_in_the_wrong_order_give_other_scores(net, batch):
    weights = to_keras(net.params)
    weights[2] = net.params["W2"]
    assert rel_error(twin.keras_scores(weights, channels_last(batch[0])), net.loss(batch[0])) > 0.1


def test_without_pytorch_a_sentence_says_that_no_point_depends_on_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    torch, sentence = twin.find_torch()
    assert torch is None
    assert sentence.startswith("PyTorch is not installed")
    assert "no point depends on it" in sentence


def test_pytorch_gives_the_same_scores_and_gradients(net, batch):
    torch = pytest.importorskip("torch", reason="PyTorch is an optional extra")
    state = {name: torch.tensor(np.array(v), requires_grad=True) for name, v in to_torch(net.params).items()}
    maps = torch.nn.functional.conv2d(torch.tensor(batch[0]), state["conv.weight"], state["conv.bias"], padding=1)
    flat = torch.nn.functional.max_pool2d(torch.relu(maps), 2).flatten(1)
    hidden = torch.relu(torch.nn.functional.linear(flat, state["fc1.weight"], state["fc1.bias"]))
    scores = torch.nn.functional.linear(hidden, state["fc2.weight"], state["fc2.bias"])
    torch.nn.functional.cross_entropy(scores, torch.tensor(batch[1])).backward()
    _, grads = net.loss(*batch)
    assert rel_error(scores.detach().numpy(), net.loss(batch[0])) < 1e-6
    theirs = from_torch({name: tensor.grad.numpy() for name, tensor in state.items()})
    assert all(rel_error(theirs[name], grads[name]) < 1e-6 for name in grads)


def test_keras_gives_the_same_scores(net, batch):
    keras = pytest.importorskip("keras", reason="Keras is no dependency; its layout is checked where it is installed")
    model = keras.Sequential(
        [
            keras.Input((4, 6, 3), dtype="float64"),
            keras.layers.Conv2D(5, 3, padding="same", activation="relu", dtype="float64"),
            keras.layers.MaxPooling2D(2, dtype="float64"),
            keras.layers.Flatten(dtype="float64"),
            keras.layers.Dense(7, activation="relu", dtype="float64"),
            keras.layers.Dense(4, dtype="float64"),
        ]
    )
    model.set_weights(to_keras(net.params))
    scores = keras.ops.convert_to_numpy(model(channels_last(batch[0])))
    assert rel_error(scores, net.loss(batch[0])) < 1e-6
