"""The next submissions run ahead of nbgrader: in order, bounded, and none waits for one that takes long."""

import threading
import time
from types import SimpleNamespace

import pytest

from cs_layers.grading import ahead
from cs_layers.grading.ahead import Ahead
from cs_layers.grading.engine import Ran


class Submissions:
    """Submissions `0 … count-1`, each of one job with the same name, run by `run(name)`."""

    def __init__(self, count, workers, run=lambda name: Ran({0: {"outputs": name}})):
        self.started, self.lock = [], threading.Lock()
        self.run = run
        self.ahead = Ahead([str(number) for number in range(count)], self.jobs_of, self.start, workers)

    def jobs_of(self, name):
        return [SimpleNamespace(key=name)]

    def start(self, job):
        with self.lock:
            self.started.append(job.key)
        return self.run(job.key)

    def close(self):
        self.ahead.close()
        self.ahead.join()


def test_each_is_given_out_once_in_order_with_what_came_of_it():
    some = Submissions(30, 1)
    given = []
    for name in some.ahead:
        given.append(name)
        assert some.ahead.take(SimpleNamespace(key="another")) is None
        assert some.ahead.take(SimpleNamespace(key=name)).results == {0: {"outputs": name}}
        assert some.ahead.take(SimpleNamespace(key=name)) is None
    assert given == [str(number) for number in range(30)]


def test_one_that_hangs_holds_up_nobody_else():
    let_go = threading.Event()
    some = Submissions(20, 2, lambda name: Ran() if name != "3" or let_go.wait(20) else None)
    given = []
    for name in some.ahead:
        given.append(name)
        if len(given) == 19:
            assert "3" not in given
            let_go.set()
    assert given[-1] == "3"
    assert sorted(given, key=int) == [str(number) for number in range(20)]


def test_no_more_than_a_few_wait_for_nbgrader():
    some = Submissions(100, 2)
    iterator = iter(some.ahead)
    next(iterator)
    time.sleep(0.3)
    assert len(some.started) <= 1 + 2 * 2 + 2
    some.close()


def test_large_results_are_not_heaped_up(monkeypatch):
    monkeypatch.setattr(ahead, "MAX_WAITING", 1000)
    some = Submissions(100, 1, lambda name: Ran({0: {"outputs": [{"text": "x" * 600}]}}))
    iterator = iter(some.ahead)
    next(iterator)
    time.sleep(0.3)
    assert len(some.started) <= 1 + 2
    some.close()


def test_what_failed_ahead_is_run_again_by_whoever_asks():
    def fail(name):
        if name == "0":
            raise RuntimeError("no sandbox")
        return Ran(failure="the process that checks ended early")

    some = Submissions(2, 1, fail)
    for name in some.ahead:
        assert some.ahead.take(SimpleNamespace(key=name)) is None


def test_after_close_nothing_is_started():
    some = Submissions(100, 2, lambda name: time.sleep(0.01) or Ran())
    next(iter(some.ahead))
    some.close()
    before = len(some.started)
    time.sleep(0.1)
    assert len(some.started) == before


@pytest.mark.parametrize("workers", [0, 3])
def test_without_workers_everything_is_left_to_whoever_asks(workers):
    some = Submissions(5, workers)
    found = [some.ahead.take(SimpleNamespace(key=name)) for name in some.ahead]
    assert len(found) == 5
    assert all(ran is None for ran in found) == (workers == 0)
