"""Checks of a4: what a wrong answer is told, and that gates are reached with room to spare."""

import numpy as np
import pytest

from cs_layers import checks, cnn_runs
from cs_layers.checks import conv_training
from cs_layers.patients import make_patients

NAMES = ["Convolution", "conv_net_init", "conv_net_loss", "mistakes_of", "save_params", "load_params"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_every_right_way_passes(name):
    for right in checks.alternatives(name):
        getattr(checks, name)(right.function)


@pytest.mark.parametrize("mistake", [m for name in NAMES for m in checks.mistakes(name)], ids=str)
def test_every_mistake_fails_with_its_hint(mistake):
    with pytest.raises(checks.CheckFailed) as failure:
        getattr(checks, mistake.target)(mistake.function)
    assert mistake.hint in " ".join(str(failure.value).split())


def test_functions_that_keep_params_in_memory_are_no_round_trip(tmp_path):
    kept = {}

    def save(params, path):
        kept.update(params)

    with pytest.raises(checks.CheckFailed, match="changes W1"):
        checks.save_params(save, lambda path: dict(kept))


def test_a_round_trip_leaves_no_file_behind(tmp_path):
    checks.save_params(checks.alternatives("save_params")[0].function)
    assert list(tmp_path.iterdir()) == []


def test_a_class_may_call_its_gradient_dW():
    other = checks.alternatives("Convolution")[1]
    assert "dW" in other.source
    checks.Convolution(other.function)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda steps: steps[1:], "do not begin with FAILED"),
        (lambda steps: [steps[0], steps[-1]], "must change one thing each"),
        (lambda steps: [*steps[:1], *steps], "nothing changes"),
        (lambda steps: steps[-1], "expected a list of dicts"),
        (lambda steps: [*steps[:-1], {**steps[-1], "inputs": "whitened"}], "has inputs = 'whitened'"),
        (lambda steps: [*steps[:-1], {**steps[-1], "reg": -1.0}], "expected a number from 0 to 10"),
        (lambda steps: [*steps[:-1], {"update_rule": "adam"}], "lacks inputs"),
    ],
)
def test_the_form_of_the_rescue_is_judged_before_anything_is_trained(change, words, monkeypatch):
    steps = checks.alternatives("rescue_steps")[0].function()
    monkeypatch.setattr(conv_training, "rescue_run", None)
    with pytest.raises(checks.CheckFailed) as failure:
        checks.rescue_steps(lambda: change(steps))
    assert words in " ".join(str(failure.value).split())


def test_the_failed_run_ends_at_ln_10_with_one_class():
    run = cnn_runs.train_on_shapes(cnn_runs.FAILED, epochs=10)
    data_loss = np.subtract(run.losses, run.penalties)
    assert np.abs(data_loss - np.log(10)).max() < 0.01
    assert run.penalties[-1] < 0.5 * run.penalties[0]
    assert run.predicted.max() >= 290


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3, 6))
def test_the_gates_leave_room_for_other_seeds(seed):
    settings = checks.alternatives("conv_training_settings")[0].function()
    _, solver = cnn_runs.train_on_digits(settings, seed)
    assert solver.best_val_acc > conv_training.GATE + 0.01
    rescued = checks.alternatives("rescue_steps")[0].function()[-1]
    assert cnn_runs.train_on_shapes(rescued, seed).accuracy > conv_training.RESCUE_GATE


def test_patients_are_six_and_one_is_healthy():
    rng = np.random.default_rng(0)
    X, y = rng.random((4, 1, 8, 8)), np.array([0, 1, 2, 3])
    losses = {letter: network.loss(X, y)[0] for letter, network in make_patients().items()}
    assert list(losses) == list("ABCDEF")
    assert losses["A"] == pytest.approx(4 * np.log(10), rel=0.01)
    assert losses["C"] == pytest.approx(np.log(10), rel=0.01)
    assert losses["F"] > 10


def test_the_five_runs_show_what_the_question_asks_for():
    runs = cnn_runs.five_runs()
    assert all(len(losses) == 360 for losses, _, _ in runs.values())
    train, val = ({name: run[k] for name, run in runs.items()} for k in (1, 2))
    assert val["S"] > 0.93
    assert train["Q"] == 1
    assert val["Q"] < 0.85
    assert max(val[name] for name in "PRT") < 0.35
    losses = {name: np.array(run[0]) for name, run in runs.items()}
    assert losses["P"][0] > 10
    assert losses["P"][-1] < 3
    assert losses["T"].max() > 3 * losses["T"][0]  # a jump
    assert abs(losses["R"][-20:].mean() - losses["R"][:20].mean()) < 0.3
