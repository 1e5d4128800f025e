"""The benchmarks compare like with like: every peer computes the same numbers as the package. No timing is asserted."""

import importlib
import json
import threading
import tracemalloc

import numpy as np
import pytest

from cs_layers import layers, models, training
from cs_layers.gradient_check import eval_numerical_gradient
from cs_layers.layers import _fast, _threads

networks = pytest.importorskip("benchmarks.networks", reason="run from the repository's root: python -m pytest")
LIBRARIES = ["benchmarks.im2col", "benchmarks.dlfs", "benchmarks.naive"]
SMALL = networks.Network(
    "small",
    (2, 8, 8),
    3,
    (networks.Stage(3, size=3, pad=1, keep=0.75), networks.Stage(4, size=3, pad=1)),
    (networks.Stage(5, keep=0.5),),
)


@pytest.mark.parametrize("library", LIBRARIES)
def test_peers_compute_the_same_gradients(library):
    expected = networks.Trainer(layers, SMALL).gradients("float64")
    numbers = networks.Trainer(importlib.import_module(library), SMALL).gradients("float64")
    for key, array in expected.items():
        assert numbers[key].shape == array.shape
        assert np.allclose(numbers[key], array, rtol=1e-10, atol=1e-12)


def test_pytorch_computes_the_same_gradients():
    pytest.importorskip("torch", reason='PyTorch is not installed: pip install "cs-layers[torch]"')
    from benchmarks import pytorch

    expected, numbers = (
        networks.Trainer(layers, SMALL).gradients("float64"),
        pytorch.Trainer(SMALL).gradients("float64"),
    )
    for key, array in expected.items():
        assert np.allclose(numbers[key], array, rtol=1e-10, atol=1e-12)


def test_gradients_of_a_whole_network_are_central_differences():
    params, (x, y) = SMALL.initial(), SMALL.data()
    params = {name: array.astype(float) for name, array in params.items()}
    network = SMALL.without_dropout()
    _, grads = networks.loss_and_gradients(layers, network, params, x.astype(float), y)
    for name in ("w1", "b2", "w3", "w4"):

        def loss(moved, name=name):
            return networks.loss_and_gradients(layers, network, params | {name: moved}, x.astype(float), y)[0]

        assert np.allclose(grads[name], eval_numerical_gradient(loss, params[name].copy()), atol=1e-7)


@pytest.mark.parametrize("name", networks.NETWORKS)
def test_shapes_are_those_of_the_layers(name):
    network = networks.NETWORKS[name]
    shapes, params = dict(network.shapes()), network.initial()
    x, _ = network.data(batch=2)
    scores, backwards = networks.scores_and_backwards(layers, network, params, x, None, "test")
    assert scores.shape == (2, *shapes["scores"])
    assert all(array.dtype == np.float32 for array in params.values())
    assert len(backwards) * 2 == len(params)


@pytest.mark.parametrize("name", networks.NETWORKS)
def test_the_networks_are_those_of_the_package(name):
    network = networks.NETWORKS[name].without_dropout()
    model = {
        "three_layer": lambda: models.ThreeLayerConvNet(dtype=np.float64),
        "simple": lambda: training.OfGradients(models.SimpleConvNet(dtype=np.float64)),
        "two_stage": lambda: models.TwoStageConvNet(keep=(1, 1, 1), dtype=np.float64),
    }[name]()
    params = {name.lower(): value for name, value in model.params.items()}
    x, y = network.data(batch=3)
    loss, grads = networks.loss_and_gradients(layers, network, params, x.astype(float), y)
    expected, expected_grads = model.loss(x.astype(float), y)
    assert loss == pytest.approx(expected)
    for key, grad in expected_grads.items():
        assert np.allclose(grads[key.lower()], grad, rtol=1e-9, atol=1e-12)


def test_a_training_step_lowers_the_loss():
    trainer = networks.Trainer(layers, SMALL.without_dropout())
    before = trainer.gradients("float32")["loss"]
    for _ in range(20):
        trainer.step()
    assert trainer.gradients("float32")["loss"] < before


def test_the_profile_accounts_for_the_whole_step():
    from benchmarks import profile

    result = json.loads(json.dumps(profile.profile("simple", 4)))
    assert sum(row["seconds"] for row in result["layers"]) == pytest.approx(result["seconds"])
    assert {"conv, ReLU, pool 1 forward", "affine 1 backward", "update"} <= {row["layer"] for row in result["layers"]}
    assert "of the machine's best" in profile.table(result)


def test_the_tables_say_how_many_times_as_fast():
    from benchmarks import report

    run = {
        "network": "simple",
        "threads": 2,
        "seconds": {"cs_layers": [0.01, 0.02, 0.03], "PyTorch": [0.04, 0.04, 0.04], "naive loops": [20.0]},
        "processor_seconds": {"cs_layers": [0.02], "PyTorch": [0.08], "naive loops": [20.0]},
        "naive_batch": 2,
        "gradient_errors": {"PyTorch": 1e-15, "naive loops": 1e-15},
        "peak_bytes": {"cs_layers": 2**20, "PyTorch": None},
        "memory_bound_bytes": 3 * 2**20,
    }
    assert "ours/theirs 0.5 (0.375 to 0.625): 2 times as fast; processor time 0.25" in report.run(run)
    table = report.markdown({"machine": {"cpu": "some", "cores": 2, "numpy": "2"}, "runs": [run]})
    assert "2 images timed, scaled to the batch" in report.run(run)
    assert "| 20.0 ms | 0.50 (0.38–0.62) | 1 : 1,000 | 1 of 3 MiB |" in table


def test_processes_take_turns_and_agree():
    main = importlib.import_module("benchmarks.__main__")
    result = main.compare("simple", 1, ["CS231n's im2col"], 2)
    assert {peer: len(seconds) for peer, seconds in result["seconds"].items()} == {"cs_layers": 2, "CS231n's im2col": 2}
    assert result["gradient_errors"]["CS231n's im2col"] < 1e-9
    assert result["peak_bytes"]["cs_layers"] != 0


@pytest.mark.parametrize("name", networks.NETWORKS)
def test_memory_stays_below_twice_the_activations_parameters_and_one_block(monkeypatch, name):
    main = importlib.import_module("benchmarks.__main__")
    monkeypatch.setattr(_threads._OpenBlas, "num_threads", lambda self: 1)
    monkeypatch.setattr(_fast, "_own", threading.local())  # scratch memory from before is not ours to count
    tracemalloc.start()
    try:
        trainer = networks.Trainer(layers, networks.NETWORKS[name])
        trainer.step()
        tracemalloc.reset_peak()
        trainer.step()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < main.memory_bound(name, threads=1)
