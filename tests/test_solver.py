"""The training loop: what it records, what it puts back, and that breaking off and going on changes nothing."""

import inspect
import os
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs_layers import optim
from cs_layers.models import TwoLayerNet
from cs_layers.solver import Solver


def blobs(rows=23, val=11, seed=0):
    """Three classes of points in the plane, far enough apart to be learned."""
    rng = np.random.default_rng(seed)
    centres = np.array([[2.0, 0], [-2, 1], [0, -2]])
    y = rng.integers(0, 3, rows + val)
    X = centres[y] + 0.5 * rng.standard_normal((rows + val, 2))
    return {"X_train": X[:rows], "y_train": y[:rows], "X_val": X[rows:], "y_val": y[rows:]}


def net(seed=0, **changes):
    return TwoLayerNet(
        **({"input_dim": 2, "hidden_dim": 5, "num_classes": 3, "weight_scale": 0.3, "seed": seed} | changes)
    )


def solver(model=None, data=None, **changes):
    defaults = {"batch_size": 5, "num_epochs": 3, "optim_config": {"learning_rate": 0.1}, "verbose": False}
    return Solver(model or net(), data or blobs(), **(defaults | changes))


def assert_same_training(one, other):
    assert one.loss_history == other.loss_history
    assert one.train_acc_history == other.train_acc_history
    assert one.val_acc_history == other.val_acc_history
    assert one.best_val_acc == other.best_val_acc
    assert one.iteration == other.iteration
    for name, value in one.model.params.items():
        np.testing.assert_array_equal(other.model.params[name], value)
        np.testing.assert_array_equal(other.best_params[name], one.best_params[name])


class Recorder:
    """A model with one number; it notes the batches that it is shown, and scores as it is told."""

    def __init__(self, gradient=0.0, scores=None):
        self.params = {"w": np.zeros(1)}
        self.batches, self.gradient, self.score = [], gradient, scores

    def loss(self, X, y=None):
        if y is None:
            return np.zeros((len(X), 2)) if self.score is None else self.score(self.params["w"], X)
        self.batches.append((X.copy(), y.copy()))
        return float(self.params["w"][0]), {"w": np.array([self.gradient])}


def numbered(rows=10, val=4):
    return {
        "X_train": np.arange(rows)[:, None],
        "y_train": np.arange(rows) % 2,
        "X_val": np.ones((val, 1)),
        "y_val": np.ones(val, int),
    }


def test_it_learns():
    trained = solver(num_epochs=30)
    trained.train()
    assert trained.best_val_acc == 1
    assert trained.loss_history[-1] < 0.2 < trained.loss_history[0]


@given(rows=st.integers(1, 30), batch_size=st.integers(1, 30), epochs=st.integers(1, 3))
@settings(max_examples=30)
def test_every_row_comes_once_an_epoch(rows, batch_size, epochs):
    batch_size = min(batch_size, rows)
    model = Recorder()
    one = solver(model, numbered(rows), batch_size=batch_size, num_epochs=epochs)
    one.train()
    shown = np.concatenate([X[:, 0] for X, _ in model.batches])
    assert len(shown) == rows * epochs
    for epoch in shown.reshape(epochs, rows):
        assert sorted(epoch) == list(range(rows))
    assert all(np.array_equal(X[:, 0] % 2, y) for X, y in model.batches)
    assert len(one.loss_history) == one.iteration == len(model.batches) == epochs * -(-rows // batch_size)
    assert len(one.train_acc_history) == len(one.val_acc_history) == epochs + 1


def test_the_order_is_new_in_every_epoch_and_decided_by_the_seed():
    def order(seed):
        model = Recorder()
        solver(model, numbered(), batch_size=1, num_epochs=2, seed=seed).train()
        return [int(X[0, 0]) for X, _ in model.batches]

    assert order(1)[:10] != order(1)[10:]
    assert order(1) == order(1) != order(2)


def test_the_global_generator_is_left_alone():
    np.random.seed(5)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    solver().train()
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_the_loss_is_recorded_before_the_update_of_its_batch():
    one = solver(Recorder(gradient=1.0), numbered(), batch_size=5, num_epochs=2)
    one.train()
    # w starts at 0 and every update takes 0.1 · 1 off; the model's loss is w itself.
    np.testing.assert_allclose(one.loss_history, [0, -0.1, -0.2, -0.3])


def test_the_learning_rate_decays_after_every_epoch():
    one = solver(Recorder(gradient=1.0), numbered(), batch_size=5, num_epochs=3, lr_decay=0.5)
    one.train()
    np.testing.assert_allclose(np.diff(one.loss_history), [-0.1, -0.1, -0.05, -0.05, -0.025])
    assert one.optim_config == {"learning_rate": 0.1}


def test_the_best_parameters_are_put_back():
    # Right on class 1 only while w is within 0.15 of -0.2, that is after the first epoch of two updates.
    def score(w, X):
        return np.tile([0.0, 1.0] if abs(w[0] + 0.2) < 0.15 else [1.0, 0.0], (len(X), 1))

    one = solver(Recorder(1.0, score), numbered(), batch_size=5, num_epochs=4)
    one.train()
    assert one.val_acc_history == [0, 1, 0, 0, 0]
    assert one.best_val_acc == 1
    np.testing.assert_allclose(one.model.params["w"], [-0.2])
    assert not np.shares_memory(one.model.params["w"], one.best_params["w"])


def test_an_accuracy_that_stays_zero_has_best_parameters_too():
    one = solver(Recorder(1.0), numbered())
    one.train()
    assert one.val_acc_history == [0, 0, 0, 0]
    assert one.best_val_acc == 0
    assert one.best_params["w"].tolist() == one.model.params["w"].tolist() == [0]


def test_the_last_update_is_measured():
    seen = []
    model = Recorder(1.0, lambda w, X: seen.append(w[0]) or np.zeros((len(X), 2)))
    solver(model, numbered(), batch_size=5, num_epochs=2).train()
    np.testing.assert_allclose(sorted(set(seen)), [-0.4, -0.2, 0])


def test_accuracy_by_hand():
    model = Recorder(0.0, lambda w, X: np.hstack([X - 4.5, 0 * X]))  # class 0 for numbers above 4.5, else class 1
    one = solver(model, numbered())
    X, y = np.arange(10)[:, None], np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 1])
    assert one.check_accuracy(X, y) == one.check_accuracy(X, y, batch_size=3) == one.check_accuracy(X, y, 99) == 0.8


def test_samples_are_drawn_without_replacement():
    shown = []
    model = Recorder(0.0, lambda w, X: shown.append(X[:, 0].copy()) or np.zeros((len(X), 2)))
    one = solver(model, numbered(rows=10), num_train_samples=9, num_val_samples=3, num_epochs=1)
    shown.clear()
    for _ in range(20):
        one.check_accuracy(one.X_train, one.y_train, num_samples=9)
    assert all(len(set(rows)) == 9 for rows in shown)
    assert len({frozenset(rows) for rows in shown}) > 1
    shown.clear()
    one.train()
    assert [len(rows) for rows in shown] == [9, 3, 9, 3]


@pytest.mark.parametrize("rule", list(optim.RULES))
def test_every_rule_by_name_is_the_function(rule):
    config = {"learning_rate": 0.01}
    by_name, by_function = (solver(update_rule=given, optim_config=config) for given in (rule, optim.RULES[rule]))
    by_name.train()
    by_function.train()
    assert_same_training(by_name, by_function)


def test_a_rule_of_ones_own_may_work_in_place():
    def in_place(w, dw, config):
        config.setdefault("learning_rate", 1e-2)
        w -= config["learning_rate"] * dw
        return w, config

    config = {"learning_rate": 0.1}
    own, ours = solver(update_rule=in_place, optim_config=config, lr_decay=0.9), solver(lr_decay=0.9)
    own.train()
    ours.train()
    assert_same_training(own, ours)
    assert config == {"learning_rate": 0.1}


def test_augmentation_sees_only_training_batches():
    model = Recorder()
    solver(model, numbered(), augment=lambda X, rng: X + 100 * rng.integers(1, 2)).train()
    assert all(X.min() >= 100 for X, _ in model.batches)


# Breaking off and going on


@pytest.mark.parametrize("rule", list(optim.RULES))
@pytest.mark.parametrize("stop", [0, 1, 4, 5, 7, 15])
def test_resume_continues_bit_for_bit(tmp_path, rule, stop):
    settings = {"update_rule": rule, "optim_config": {"learning_rate": 0.01}, "lr_decay": 0.9, "num_train_samples": 7}
    whole, broken = solver(**settings), solver(**settings)
    whole.train()
    stop_after(broken, stop)
    path = broken.save(tmp_path / "half")
    resumed = Solver.resume(path, net(seed=9), blobs())
    resumed.train()
    assert_same_training(whole, resumed)


def test_resume_continues_bit_for_bit_with_a_model_that_draws_random_numbers(tmp_path):
    def noisy(seed):
        model = net(seed)
        model.rng, loss = np.random.default_rng(seed), model.loss
        model.loss = lambda X, y=None: loss(X if y is None else X + model.rng.normal(size=X.shape), y)
        return model

    whole, broken = (solver(noisy(0)) for _ in "ab")
    whole.train()
    stop_after(broken, 7)
    path = broken.save(tmp_path / "half")
    resumed = Solver.resume(path, noisy(9), blobs())
    resumed.train()
    assert_same_training(whole, resumed)
    with pytest.raises(ValueError, match="saved with a model that has an rng, unlike the model given"):
        Solver.resume(path, net(), blobs())


def stop_after(one, iterations):
    """Train up to an update, through Ctrl-C where that is not the end."""
    loss = one.model.loss

    def interrupted(X, y=None):
        if y is not None and one.iteration == iterations:
            raise KeyboardInterrupt
        return loss(X, y)

    one.model.loss = interrupted
    if iterations < one.num_epochs * one.iterations_per_epoch:
        with pytest.raises(KeyboardInterrupt):
            one.train()
    else:
        one.train()
    one.model.loss = loss


@pytest.mark.parametrize("checkpoint", [1, 2, 3])
def test_checkpoints_of_every_epoch_continue_bit_for_bit(tmp_path, checkpoint):
    whole = solver(checkpoint_name=str(tmp_path / "run"), update_rule="adam", optim_config={"learning_rate": 0.01})
    whole.train()
    assert sorted(os.listdir(tmp_path)) == ["run_epoch_1.npz", "run_epoch_2.npz", "run_epoch_3.npz"]
    resumed = Solver.resume(tmp_path / f"run_epoch_{checkpoint}.npz", net(), blobs(), checkpoint_name=None)
    assert resumed.epoch == checkpoint
    resumed.train()
    assert_same_training(whole, resumed)


def test_a_missing_folder_for_checkpoints_is_named_before_training(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"but there is no folder .*make it first"):
        solver(checkpoint_name=tmp_path / "no" / "run")


def test_a_checkpoint_holds_no_pickle(tmp_path):
    with np.load(solver().save(tmp_path / "x"), allow_pickle=False) as file:
        assert all(file[name].dtype != object for name in file.files)


@given(moment=st.integers(1, 1200))
@settings(max_examples=100)
def test_ctrl_c_at_any_moment_leaves_a_state_to_go_on_from(moment):
    """The interrupt comes at the moment-th line that runs anywhere in the package's training code."""
    whole, broken = (
        solver(net(), blobs(9, 5), batch_size=4, num_epochs=2, update_rule="adam", lr_decay=0.5) for _ in "ab"
    )
    whole.train()
    files = [inspect.getsourcefile(Solver), inspect.getsourcefile(TwoLayerNet)]
    lines = 0

    def trace(frame, event, _):
        nonlocal lines
        if frame.f_code.co_filename not in files or frame.f_code.co_name == "_all_or_nothing":
            return trace
        lines += event == "line"
        if lines == moment:
            sys.settrace(None)
            raise KeyboardInterrupt
        return trace

    previous = sys.gettrace()
    sys.settrace(trace)
    try:
        broken.train()
    except KeyboardInterrupt:
        assert len(broken.loss_history) == broken.iteration
    finally:
        sys.settrace(previous)
    broken.train()
    assert_same_training(whole, broken)


def test_more_epochs_later_equal_more_epochs_at_once():
    whole, later = solver(num_epochs=5), solver(num_epochs=2)
    whole.train()
    later.train()
    later.num_epochs = 5
    later.train()
    assert_same_training(whole, later)


def test_training_again_when_done_says_so_and_changes_nothing(capsys):
    one = solver(verbose=True)
    one.train()
    params = {name: value.copy() for name, value in one.model.params.items()}
    capsys.readouterr()
    one.train()
    assert capsys.readouterr().out == "Already trained for 3 epochs; raise num_epochs to train on.\n"
    for name, value in params.items():
        np.testing.assert_array_equal(one.model.params[name], value)


def test_resume_needs_the_functions_again(tmp_path):
    def rule(w, dw, config):
        return optim.sgd(w, dw, config)

    path = solver(update_rule=rule).save(tmp_path / "x")
    with pytest.raises(ValueError, match="saved with a function as update_rule; pass the same function"):
        Solver.resume(path, net(), blobs())
    whole, resumed = solver(), Solver.resume(path, net(), blobs(), update_rule=rule)
    whole.train()
    resumed.train()
    assert_same_training(whole, resumed)


def test_resume_refuses_what_does_not_fit(tmp_path):
    path = solver().save(tmp_path / "x")
    with pytest.raises(ValueError, match="saved while training on other data"):
        Solver.resume(path, net(), blobs(rows=24))
    with pytest.raises(ValueError, match=r"holds the parameters .* but the model given has"):
        Solver.resume(path, net(hidden_dim=6), blobs())
    with pytest.raises(ValueError, match=r"'W1': 'float64 \(2, 5\)', .* but the model given has {'W1': 'float32"):
        Solver.resume(path, net(dtype=np.float32), blobs())
    with pytest.raises(TypeError, match="cannot change 'batch_size'; it can change num_epochs"):
        Solver.resume(path, net(), blobs(), batch_size=3)
    with pytest.raises(FileNotFoundError):
        Solver.resume(tmp_path / "y", net(), blobs())
    params = net().save_params(tmp_path / "params")
    with pytest.raises(ValueError, match="not one that holds a saved state"):
        Solver.resume(params, net(), blobs())
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(ValueError, match="damaged"):
        Solver.resume(path, net(), blobs())


# When training runs away


def test_a_loss_that_is_no_number_stops_training_and_puts_the_best_back(recwarn):
    one = solver(num_epochs=9, optim_config={"learning_rate": 1e200})
    with pytest.raises(
        FloatingPointError, match=r"The loss became \S+ at iteration \d+, in epoch 1 of 9; training stopped"
    ):
        one.train()
    assert np.isfinite(one.loss_history).all()
    assert len(one.loss_history) == one.iteration
    for name, value in one.model.params.items():
        np.testing.assert_array_equal(value, one.best_params[name])
    assert not recwarn.list


@pytest.mark.parametrize("loss", [np.nan, np.inf])
def test_so_does_a_model_that_returns_one(loss):
    model = Recorder()
    model.loss = lambda X, y=None: np.zeros((len(X), 2)) if y is None else (loss, {"w": np.zeros(1)})
    with pytest.raises(FloatingPointError, match=f"The loss became {loss} at iteration 1, .* rate \\(it is 0.1\\)"):
        solver(model, numbered()).train()


# What is printed


def test_progress_goes_to_stdout(capsys):
    solver(verbose=True, print_every=4).train()
    out, err = capsys.readouterr()
    assert err == ""
    lines = [line.strip() for line in out.replace("\r", "\n").split("\n") if line.strip().startswith("(")]
    assert [line.split(" loss")[0] for line in lines if "Iteration" in line] == [
        f"(Iteration {i} / 15)" for i in (1, 5, 9, 13)
    ]
    assert [line.split(" train")[0] for line in lines if "Epoch" in line] == [f"(Epoch {i} / 3)" for i in range(4)]
    assert "Training" in out


def test_quiet_is_quiet(capsys):
    solver(verbose=False).train()
    assert capsys.readouterr() == ("", "")


def test_without_tqdm_there_are_plain_lines(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    solver(verbose=True, print_every=0).train()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("(Epoch 0 / 3) train acc: 0.")


# Bad input


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"update_rule": "adm"}, "update_rule is 'adm', but must be sgd, sgd_momentum, .* or a function"),
        ({"update_rule": ["sgd"]}, "update_rule is"),
        ({"optim_config": {"lr": 1}}, "sgd: config has the unknown key 'lr'"),
        ({"optim_config": 0.1}, "optim_config is a float"),
        ({"batch_size": 0}, "batch_size is 0, but must be an integer of 1 or more"),
        ({"batch_size": 2.0}, "batch_size is 2.0"),
        ({"batch_size": 24}, "batch_size is 24, but there are only 23 training rows"),
        ({"num_epochs": 0}, "num_epochs is 0"),
        ({"num_epochs": True}, "num_epochs is True"),
        ({"lr_decay": 0}, "lr_decay is 0, but must be a finite number above 0"),
        ({"print_every": -1}, "print_every is -1"),
        ({"num_train_samples": 0}, "num_train_samples is 0"),
        ({"num_val_samples": "all"}, "num_val_samples is 'all'"),
        ({"seed": -1}, "seed is -1"),
        ({"augment": "flip"}, "augment is 'flip'"),
        ({"num_epoch": 3}, "does not know the argument 'num_epoch'; .* update_rule, .*Did you mean 'num_epochs'?"),
    ],
)
def test_bad_arguments_are_named(change, message):
    with pytest.raises((ValueError, TypeError), match=message):
        solver(**change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"X_val": None}, "lacks 'X_val'"),
        ({"y_train": np.zeros(22, int)}, r"y_train has shape \(22,\), but must be \(23,\)"),
        ({"y_train": np.zeros((23, 1), int)}, r"y_train has shape \(23, 1\)"),
        ({"y_train": np.zeros(23)}, "y_train has dtype float64, but labels must be integers"),
        ({"y_val": np.full(11, -1)}, "y_val has the label -1"),
        ({"X_val": np.zeros((11, 3))}, r"X_val has rows of shape \(3,\), but those of X_train have shape \(2,\)"),
        ({"X_train": np.full((23, 2), np.nan)}, "X_train holds NaN"),
        ({"X_train": np.zeros((0, 2)), "y_train": np.zeros(0, int)}, r"X_train has shape \(0, 2\)"),
        ({"X_train": np.full((23, 2), "a")}, "X_train has dtype"),
    ],
)
def test_bad_data_are_named(change, message):
    data = {name: value for name, value in (blobs() | change).items() if value is not None}
    with pytest.raises((ValueError, TypeError), match=message):
        solver(data=data)


def test_data_must_be_a_dict_and_a_model_a_model():
    with pytest.raises(TypeError, match="data is a list"):
        solver(data=[1])
    with pytest.raises(TypeError, match="model is a object"):
        solver(model=object())
    model = Recorder()
    model.params["w"] = np.zeros(1, int)
    with pytest.raises(TypeError, match=r"model\.params\['w'\] is int64"):
        solver(model, numbered())


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (0.5, r"returned float, but must return \(loss, grads\)"),
        ((0.5, {}), "returned gradients for nothing, but none for w"),
        ((0.5, {"v": np.zeros(1)}), "returned gradients for v, but none for w"),
        ((0.5, {"w": np.zeros((1, 1))}), r"The gradient of w has shape \(1, 1\), but w has shape \(1,\)"),
        ((np.zeros(2), {"w": np.zeros(1)}), r"a loss of shape \(2,\)"),
    ],
)
def test_a_model_that_returns_something_else_is_told(returned, message):
    model = Recorder()
    model.loss = lambda X, y=None: np.zeros((len(X), 2)) if y is None else returned
    with pytest.raises((ValueError, TypeError), match=message):
        solver(model, numbered()).train()


def test_scores_and_rules_of_the_wrong_shape_are_told():
    with pytest.raises(ValueError, match=r"model.loss\(X\) returned shape \(10,\) for 10 rows"):
        solver(Recorder(0.0, lambda w, X: np.zeros(len(X))), numbered()).train()
    with pytest.raises(ValueError, match=r"model.loss\(X\) returned tuple for 10 rows"):
        solver(Recorder(0.0, lambda w, X: (0.5, {"w": w})), numbered()).train()
    with pytest.raises(ValueError, match=r"made w of shape \(1,\) into shape \(1, 1\)"):
        solver(Recorder(), numbered(), update_rule=lambda w, dw, config: (w[None], config)).train()
    with pytest.raises(TypeError, match="must return"):
        solver(Recorder(), numbered(), update_rule=lambda w, dw, config: w).train()
    with pytest.raises(ValueError, match="keeps no 'learning_rate'"):
        solver(Recorder(), numbered(), update_rule=lambda w, dw, config: (w, {}), lr_decay=0.5).train()


def test_a_mistake_in_the_model_is_not_taken_for_divergence():
    with pytest.raises(ValueError, match="0 to 1"):
        solver(net(num_classes=2)).train()
