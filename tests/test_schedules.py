"""Schedules: their values, and a rule that follows them."""

import numpy as np
import pytest

from cs_layers import optim, schedules
from cs_layers.data import load_digits
from cs_layers.models import TwoLayerNet
from cs_layers.solver import Solver


def test_values():
    momentum = schedules.ramp(0.5, 0.9, 200)
    assert [momentum(0), momentum(100), momentum(200), momentum(10**6)] == pytest.approx([0.5, 0.7, 0.9, 0.9])
    rate = schedules.cosine(1.0, 100, end=0.1)
    assert [rate(0), rate(50), rate(100), rate(200)] == pytest.approx([1.0, 0.55, 0.1, 0.1])
    assert [schedules.exponential(8, 0.5, 10)(step) for step in (0, 9, 10, 25)] == [8, 8, 4, 2]
    assert [schedules.warm_up(schedules.constant(3), 3)(step) for step in (0, 1, 2, 9)] == pytest.approx([1, 2, 3, 3])


def test_a_scheduled_rule_is_the_rule_with_the_schedules_values():
    rule = schedules.scheduled(
        "sgd_momentum", momentum=schedules.ramp(0.5, 0.9, 3), learning_rate=lambda step: 0.1 / (step + 1)
    )
    rng = np.random.default_rng(0)
    w = expected = rng.normal(size=4)
    config, velocity = {}, np.zeros(4)
    for step, momentum in enumerate((0.5, 0.5 + 0.4 / 3, 0.5 + 0.8 / 3, 0.9, 0.9)):
        dw, before = rng.normal(size=4), dict(config)
        w, config = rule(w, dw, config)
        velocity = momentum * velocity - 0.1 / (step + 1) * dw
        expected = expected + velocity
        np.testing.assert_allclose(w, expected, rtol=1e-12)
        assert config["step"] == step + 1
        assert before.get("step", 0) == step


def test_a_solver_resumes_within_a_schedule(tmp_path):
    data = load_digits()
    rule = schedules.scheduled(optim.adam, learning_rate=schedules.cosine(0.01, 40))
    whole = Solver(TwoLayerNet(64, 5, 10), data, rule, num_epochs=3, verbose=False)
    whole.train()
    first = Solver(TwoLayerNet(64, 5, 10), data, rule, num_epochs=1, verbose=False)
    first.train()
    path = first.save(tmp_path / "half")
    second = Solver.resume(path, TwoLayerNet(64, 5, 10, seed=1), data, update_rule=rule, num_epochs=3)
    second.train()
    assert second.loss_history == whole.loss_history


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: schedules.scheduled("sdg"), ValueError, "rule is 'sdg'"),
        (lambda: schedules.scheduled("sgd", learning_rate=0.1), TypeError, "must be a function of the step"),
        (lambda: schedules.ramp(0.5, 0.9, 0), ValueError, "steps"),
        (lambda: schedules.exponential(1, 0), ValueError, "factor"),
        (lambda: schedules.cosine(-1, 10), ValueError, "start"),
    ],
)
def test_bad_arguments_are_told(call, error, said):
    with pytest.raises(error, match=said):
        call()
