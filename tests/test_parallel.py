"""Runs in processes and on a real Dask cluster: same results, in order, and a sentence when it cannot be had."""

import os
import socket
import sys

import pytest

from cs_layers import figures, search, training
from cs_layers.data import load_digits
from cs_layers.models import TwoLayerNet
from cs_layers.parallel import run_all
from cs_layers.search import LogUniform
from cs_layers.solver import Solver


@pytest.fixture(scope="module")
def cluster():
    """A scheduler and two workers, all processes of their own."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, protocol="tcp") as made:
        yield made


def test_results_come_in_the_order_of_the_items():
    for n_jobs in (1, 2):
        assert list(run_all(abs, [-3, 1, -2], n_jobs)) == [3, 1, 2]


def test_a_cluster_works_in_processes_of_its_own(cluster):
    found = list(run_all(lambda item: (item, os.getpid()), range(8), scheduler=cluster.scheduler_address))
    assert [item for item, _ in found] == list(range(8))
    workers = {worker.pid for worker in cluster.workers.values()}
    assert {pid for _, pid in found} <= workers
    assert os.getpid() not in workers


def test_a_search_finds_the_same_on_a_cluster(cluster):
    def build(setting):
        net = TwoLayerNet(64, 10, 10, "he")
        return Solver(net, load_digits(), "sgd", setting, batch_size=50, num_epochs=1, verbose=False)

    space = {"learning_rate": LogUniform(1e-3, 1.0)}
    here = search.random_search(build, space, 2, 2, seed=1)
    there = search.random_search(build, space, 2, 2, seed=1, scheduler=cluster.scheduler_address)
    assert [(t.setting, t.score, t.round) for t in here.trials] == [(t.setting, t.score, t.round) for t in there.trials]


def test_networks_train_on_a_cluster_as_they_do_here(cluster, tmp_path):
    address, path = cluster.scheduler_address, tmp_path / "runs"
    (here,) = training.train_all(["digits-conv"])
    there, other = training.train_all(["digits-conv"], (0, 1), path, scheduler=address)
    assert (there.seed, there.test_accuracy, there.val_accuracy) == (0, here.test_accuracy, here.val_accuracy)
    assert other.seed == 1
    assert figures.read([path]) == [there, other]


def test_an_error_on_a_worker_is_the_callers(cluster):
    with pytest.raises(ZeroDivisionError):
        list(run_all(lambda item: 1 / item, [1, 0], scheduler=cluster.scheduler_address))


def test_nobody_at_the_address():
    dask = pytest.importorskip("dask")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "500ms"}),
        pytest.raises(ConnectionError, match=r"No Dask scheduler answers at .*dask scheduler"),
    ):
        list(run_all(abs, [1], scheduler=address))


@pytest.mark.parametrize("n_jobs", [0, -2, True, 1.5, "2"])
def test_bad_numbers_of_processes_are_told(n_jobs):
    with pytest.raises(ValueError, match="number of processes"):
        run_all(abs, [1], n_jobs)


def test_what_is_missing_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "joblib", None)
    assert list(run_all(abs, [-1], n_jobs=2)) == [1]
    with pytest.raises(ValueError, match="through joblib: pip install"):
        run_all(abs, [-1], scheduler="tcp://127.0.0.1:8786")
