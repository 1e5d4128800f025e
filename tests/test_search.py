"""Search: what is tried, what is given up, what is kept, and that processes change nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_layers import search
from cs_layers.data import load_digits
from cs_layers.models import TwoLayerNet
from cs_layers.search import LogUniform, Uniform
from cs_layers.solver import Solver

positive = st.floats(1e-6, 1e6)


def build(setting):
    data = load_digits()
    small = {**data, "X_train": data["X_train"][:100], "y_train": data["y_train"][:100]}
    net = TwoLayerNet(64, setting.get("hidden", 10), 10, "he", reg=setting.get("reg", 0.0))
    rate = {"learning_rate": setting.get("learning_rate", 0.3)}
    return Solver(net, small, "sgd", rate, batch_size=20, num_epochs=4, verbose=False)


SPACE = {"learning_rate": LogUniform(1e-3, 1.0), "hidden": [5, 20], "reg": LogUniform(1e-6, 1e-3)}


@given(positive, positive, st.integers(1, 50), st.integers(0, 1000))
def test_draws_lie_in_the_range(a, b, count, seed):
    low, high = sorted((a, b))
    draws = search.log_uniform(low, high, count, seed)
    assert draws.shape == (count,)
    assert np.all((draws >= low * (1 - 1e-12)) & (draws <= high * (1 + 1e-12)))


@given(positive, positive, st.floats(0, 1))
def test_a_shrunk_range_is_inside_holds_the_best_and_is_at_most_half_as_wide(a, b, place):
    low, high = sorted((a, b))
    best = float(np.clip(low * (high / low) ** place, low, high))
    new_low, new_high = search.shrink_range(low, high, best)
    assert low <= new_low <= best * (1 + 1e-12)
    assert best <= new_high * (1 + 1e-12)
    assert new_high <= high
    assert np.log(new_high / new_low) <= 0.5 * np.log(high / low) + 1e-9


def test_linear_ranges_and_whole_numbers():
    rng = np.random.default_rng(0)
    assert Uniform(0, 8).shrunk(1) == Uniform(0, 3)
    assert LogUniform(1, 10000).shrunk(100) == LogUniform(10, 1000)
    draws = [LogUniform(10, 100, whole=True).draw(rng) for _ in range(20)]
    assert all(isinstance(value, int) and 10 <= value <= 100 for value in draws)


def test_a_grid_tries_every_combination_in_order():
    results = search.grid_search(build, {"learning_rate": [0.1, 0.5], "hidden": [5, 10, 20]})
    tried = [tuple(trial.setting.values()) for trial in results.trials]
    assert tried == [(0.1, 5), (0.1, 10), (0.1, 20), (0.5, 5), (0.5, 10), (0.5, 20)]
    assert results.best.score == max(trial.score for trial in results.trials)


def test_settings_of_ones_own_are_tried_in_order():
    settings = [{"hidden": 20}, {"hidden": 5}]
    results = search.try_settings(build, settings, give_up_after=1, give_up_below=1.1)
    assert [trial.setting for trial in results.trials] == settings
    assert [(trial.status, trial.epochs) for trial in results.trials] == [("given up", 1)] * 2
    for nothing in ([], [{}], {"hidden": [5]}):
        with pytest.raises(TypeError, match="a list of dicts"):
            search.try_settings(build, nothing)


def test_rounds_shrink_around_the_best_so_far():
    results = search.random_search(build, SPACE, num_trials=4, num_rounds=3, seed=3)
    assert [trial.round for trial in results.trials] == [0] * 4 + [1] * 4 + [2] * 4
    for k in (1, 2):
        best = search._best(results.trials[: 4 * k]).setting
        assert results.spaces[k]["learning_rate"] == results.spaces[k - 1]["learning_rate"].shrunk(
            best["learning_rate"]
        )
        assert results.spaces[k]["hidden"] == [5, 20]
        for trial in results.trials[4 * k : 4 * k + 4]:
            space = results.spaces[k]["learning_rate"]
            assert space.low * (1 - 1e-9) <= trial.setting["learning_rate"] <= space.high * (1 + 1e-9)


def test_the_seed_decides():
    tried = [[trial.setting for trial in search.random_search(build, SPACE, 3, seed=seed).trials] for seed in (0, 0, 1)]
    assert tried[0] == tried[1]
    assert tried[0] != tried[2]


def test_hopeless_runs_are_given_up_and_others_go_on_as_if_never_stopped():
    whole = search.grid_search(build, {"learning_rate": [1e-5, 0.3]})
    stopped = search.grid_search(build, {"learning_rate": [1e-5, 0.3]}, give_up_after=2, give_up_below=0.15)
    assert [(trial.status, trial.epochs) for trial in stopped.trials] == [("given up", 2), ("done", 4)]
    assert stopped.trials[1].loss_history == whole.trials[1].loss_history
    assert stopped.trials[1].score == whole.trials[1].score


def test_a_run_that_diverges_is_never_the_best():
    grid = {"learning_rate": [0.3, 1e200]}
    with np.errstate(all="ignore"):
        results = search.grid_search(build, grid)
    assert [trial.status for trial in results.trials] == ["done", "diverged"]
    assert np.isnan(results.trials[1].score)
    assert results.best.setting == {"learning_rate": 0.3}
    assert "| nan |" in results.table()
    assert "diverged" in results.table().splitlines()[-1]
    with pytest.raises(ValueError, match="All 1 runs diverged"):
        search.Results(results.trials[1:], [grid]).best  # noqa: B018


def test_processes_change_nothing():
    pytest.importorskip("joblib")
    alone = search.random_search(build, SPACE, 2, 2, seed=1)
    together = search.random_search(build, SPACE, 2, 2, seed=1, n_jobs=2)
    assert [(t.setting, t.score, t.status) for t in alone.trials] == [
        (t.setting, t.score, t.status) for t in together.trials
    ]


def test_without_joblib_runs_follow_one_another(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "joblib", None)
    assert len(search.grid_search(build, {"learning_rate": [0.1, 0.3]}, n_jobs=2).trials) == 2


def test_the_table_and_the_plot():
    results = search.random_search(build, SPACE, 3, 2, seed=0, out=(said := []).append)
    lines = results.table(most=2).splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("| learning_rate | hidden | reg | validation accuracy")
    assert len(said) == 6
    assert said[0].startswith("round 1: learning_rate")
    axes = results.plot("learning_rate", "reg").axes[0]
    assert axes.get_xlabel() == "learning_rate"
    with pytest.raises(ValueError, match="two settings with numbers"):
        results.plot("learning_rate", "nothing")


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"space": {}}, TypeError, "space is {}"),
        ({"space": {"reg": (1e-3)}}, TypeError, "must be a LogUniform"),
        ({"space": SPACE, "num_trials": 0}, ValueError, "num_trials"),
        ({"space": SPACE, "n_jobs": 0}, ValueError, "n_jobs"),
        ({"space": SPACE, "give_up_after": 0}, ValueError, "give_up_after"),
    ],
)
def test_bad_arguments_are_told(arguments, error, said):
    with pytest.raises(error, match=said):
        search.random_search(build, **arguments)


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-1, 1), (2, 1), (1, np.inf), ("a", 1)])
def test_bad_ranges_are_told(low, high):
    with pytest.raises(ValueError, match=r"must be|must go up"):
        LogUniform(low, high)
