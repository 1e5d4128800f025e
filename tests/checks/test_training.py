"""Checks of a first network, its training loop and tuning: results that chance has a part in."""

import copy

import numpy as np
import pytest

from cs_layers import checks
from cs_layers.checks import verdicts

NAMES = [
    "two_layer_init", "two_layer_scores", "two_layer_loss", "expected_first_loss", "train", "training_settings",
    "train_val_split", "standardize", "log_uniform", "shrink_range", "random_search",
]  # fmt: skip


def wrong(name, mistake):
    return next(m.function for m in checks.mistakes(name) if m.name == mistake)


def message(name, function, **options):
    with pytest.raises(checks.CheckFailed) as failed:
        getattr(checks, name)(function, **options)
    return " ".join(str(failed.value).split())


@pytest.mark.parametrize("name", NAMES)
def test_no_right_answer_depends_on_luck(name):
    for right in checks.alternatives(name):
        for seed in range(1 if name == "training_settings" else 25):
            getattr(checks, name)(right.function, seed=seed)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_written_says_so(name):
    def empty(*args):
        raise NotImplementedError

    assert "not written yet" in message(name, empty)


@pytest.mark.parametrize("name", NAMES)
def test_a_forgotten_return_is_named(name):
    said = message(name, lambda *args: None)
    assert "None" in said or "expected" in said


@pytest.mark.parametrize("name", NAMES)
def test_strange_results_are_judged_and_not_fatal(name):
    for strange in (3, "text", [], {}, (None, None), [1, "a"], {"W1": None}, np.zeros(0), np.array(["a"]), np.nan):
        message(name, lambda *args, strange=strange: copy.deepcopy(strange))


@pytest.mark.parametrize("name", ["train", "random_search", "two_layer_loss", "train_val_split"])
def test_results_that_came_from_another_process_are_as_good(name):
    """Plain data only: tuples may have become lists, and numbers NumPy's."""

    def plain(value):
        if isinstance(value, dict):
            return {k: plain(v) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            return [plain(v) for v in value]
        return copy.deepcopy(value)

    right = checks.alternatives(name)[0].function
    getattr(checks, name)(lambda *args: plain(right(*[a if callable(a) else plain(a) for a in args])))


def test_verdicts_compare_by_fault_not_by_text():
    assert verdicts.Verdict("spread 2", "is 0.51") == verdicts.Verdict("spread 2", "is 0.49")
    assert verdicts.Verdict("spread 2", "is 0.5") != verdicts.Verdict("zero", "is 0.5")
    assert verdicts.judged(verdicts.FINE) is None


@pytest.mark.parametrize(
    ("name", "mistake", "said"),
    [
        ("two_layer_init", "zeros", "stay equal for ever"),
        ("two_layer_init", "scale-ignored", "has standard deviation"),
        ("two_layer_init", "uniform-centred", "not drawn from a normal distribution"),
        ("two_layer_init", "same-draws", "W2 repeats the numbers of W1"),
        ("two_layer_loss", "w2-gradient-without-reg", "reg · W2 is missing"),
        ("two_layer_loss", "half-missing-in-loss", "The 0.5 is missing"),
        ("two_layer_loss", "log-of-probabilities", "loss is inf"),
        ("train", "last-layer-never-updated", "Go over every key"),
        ("train", "loss-after-update", "after the update"),
        ("train", "labels-not-shuffled", "Use the same row numbers for both"),
        ("train", "leftover-dropped", "is 4, expected 6: 3 batches an epoch"),
        ("train", "params-changed", "was changed by the call"),
        ("training_settings", "rate-too-high", "nan or inf"),
        ("training_settings", "rate-too-low", "hardly left ln 10"),
        ("training_settings", "beyond-the-limits", "expected an integer from 1 to 200"),
        ("train_val_split", "overlap", "in the training part too"),
        ("train_val_split", "first-rows", "Files are often sorted by class"),
        ("standardize", "own-statistics", "Use the training set's for all three"),
        ("standardize", "tiny-epsilon", "Divide by 1"),
        ("log_uniform", "uniform", "is not even on a log scale"),
        ("shrink_range", "not-cut", "Cut it at the old one's ends"),
        ("random_search", "nan-as-best", "np.nanargmax"),
        ("random_search", "best-of-the-last-round", "best of all rounds so far"),
        ("random_search", "evaluated-twice", "call evaluate 240 times, expected 120"),
    ],
)
def test_messages_say_what_is_wrong(name, mistake, said):
    assert said in message(name, wrong(name, mistake))


def test_a_loop_is_not_judged_by_the_order_it_draws():
    right = checks.alternatives("train")[0].function

    def reversed_batches(loss, params, X, y, learning_rate, batch_size, num_epochs, seed=0):
        return right(loss, params, X[::-1], y[::-1], learning_rate, batch_size, num_epochs, seed + 100)

    checks.train(reversed_batches)


def test_settings_are_trained_with_every_seed():
    from cs_layers.checks import training

    seen = []

    def spy(values, seed):
        seen.append(seed)
        return verdicts.FINE

    original, training._trained = training._trained, spy
    try:
        checks.training_settings(checks.alternatives("training_settings")[0].function)
    finally:
        training._trained = original
    assert seen == list(training.SEEDS)
