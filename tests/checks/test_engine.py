"""The engine: what students may return, what they read, and what a report holds."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_layers import checks
from cs_layers.checks import known, registry, table
from cs_layers.checks.calls import TimedOut
from cs_layers.checks.compare import agree, compare

TRAINED = {"conv_training_settings", "rescue_steps"}  # each of whose mistakes is trained; test_a4.py has their messages
HOSTILE = {
    "nothing": lambda *a, **k: None,
    "a number": lambda *a, **k: 1.0,
    "nan": lambda *a, **k: (float("nan"), float("nan")),
    "empty arrays": lambda *a, **k: (np.zeros(0), np.zeros(0)),
    "lists": lambda *a, **k: [[1.0], [2.0]],
    "text": lambda *a, **k: "right",
    "a tuple of None": lambda *a, **k: (None, None),
    "three": lambda *a, **k: (None, None, None),
    "objects": lambda *a, **k: (np.array([None, "x"], dtype=object),) * 2,
    "a class": lambda *a, **k: HOSTILE,
    "a bool": lambda *a, **k: True,
    "an exception": lambda *a, **k: 1 / 0,
    "an exit": lambda *a, **k: exit(),
    "complex numbers": lambda *a, **k: (np.zeros((2, 2), dtype=complex),) * 2,
    "a 0-d array": lambda *a, **k: np.array(3.0),
    "a dict": lambda *a, **k: {"out": 1},
}


def functions_of_a_class_or_not(name, function):
    """A hostile value as the function itself; for a network, as its loss."""
    if name not in ("TwoLayerNet", "ThreeLayerConvNet"):
        return function
    methods = {"__init__": lambda self, **k: setattr(self, "params", {}), "loss": lambda self, *a: function()}
    return type("Net", (), methods)


@pytest.mark.parametrize("name", table.functions())
def test_a_strange_result_fails_in_a_sentence(name):
    for kind, function in HOSTILE.items():
        report = checks.report(name, functions_of_a_class_or_not(name, function), explain=kind in ("nothing", "lists"))
        assert report.faults, kind
        text = str(report.error())
        assert text.startswith(name)
        assert len(text.splitlines()) <= 12


@pytest.mark.parametrize("name", [n for n in table.functions() if n not in TRAINED])
def test_every_message_is_short_and_names_the_mistake(name):
    for m in checks.mistakes(name)[::3]:
        text = str(checks.report(name, m.function, **m.options).error())
        assert len(text.splitlines()) <= 12
        assert max(map(len, text.splitlines())) <= 120
        assert text.startswith(f"{name}: ")


def test_the_message_of_the_course():
    wrong = next(m for m in checks.mistakes("affine_backward") if m.name == "db-kept-batch-axis")
    with pytest.raises(checks.CheckFailed) as caught:
        checks.affine_backward(wrong.function)
    lines = str(caught.value).splitlines()
    assert lines[0] == "affine_backward: db has shape (1, 4), expected (4,), like b."
    assert "Known mistake: the batch axis was kept. Sum over axis 0 without keepdims." in str(caught.value)
    assert "dx and dw are right." in str(caught.value)
    assert caught.value.diagnosis == ["db-kept-batch-axis"]
    assert caught.value.function == "affine_backward"
    assert caught.value.points == pytest.approx(0.8)


def test_three_mistakes_at_once_are_told_apart():
    def affine_backward(dout, cache):
        x, w, _ = cache
        rows = x.reshape(len(x), -1)
        return dout.dot(w.T), rows.T.dot(dout) / len(x), np.sum(dout, axis=0, keepdims=True)

    report = checks.report("affine_backward", affine_backward)
    assert [c.name for c in report.causes] == ["dx-not-reshaped", "dw-divided-by-batch", "db-kept-batch-axis"]


def test_a_hidden_message_holds_no_values():
    wrong = next(m for m in checks.mistakes("svm_loss") if m.name == "no-margin")
    with checks.hidden_messages():
        text = str(checks.report("svm_loss", wrong.function).error())
    assert "has a wrong value" in text
    assert "margin of 1 is missing" in text
    assert "Called as" not in text


def test_a_failed_check_travels_and_shows_itself():
    error = checks.report("relu_forward", lambda x: None).error()
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error)
    assert again.diagnosis == error.diagnosis == ["no-return"]
    assert isinstance(error, AssertionError)
    assert error._render_traceback_() == [f"CheckFailed: {error}"]


def test_the_seed_is_recorded_and_changes_the_inputs(capsys, monkeypatch):
    seen = []

    def relu_forward(x):
        seen.append(x.copy())
        return np.maximum(0, x), x

    checks.relu_forward(relu_forward, seed=11)
    assert "Seed 11" in capsys.readouterr().out
    first = seen[0]
    monkeypatch.setenv("CS_LAYERS_CHECK_SEED", "12")
    seen.clear()
    checks.relu_forward(relu_forward)
    assert "Seed 12" in capsys.readouterr().out
    assert not np.array_equal(first, seen[0])
    assert checks.report("relu_forward", lambda x: None).error().seed == 12


def test_prints_and_warnings_cost_nothing_and_are_not_shown(capsys):
    def relu_forward(x):
        print("debugging", x)
        np.log(np.zeros(1))
        return np.maximum(0, x), x

    checks.relu_forward(relu_forward)
    printed = capsys.readouterr()
    assert "debugging" not in printed.out
    assert "Advice" in printed.out
    assert printed.err == ""


def test_float64_from_float32_is_advice(capsys):
    checks.relu_forward(lambda x: (np.maximum(0, x).astype(float), x))
    assert "float64 where the inputs are float32" in capsys.readouterr().out


def test_state_between_calls_is_found():
    kept = []

    def relu_forward(x):
        kept.append(x)
        return np.maximum(0, x) + (0 if len(kept) < 15 else 1), x

    report = checks.report("relu_forward", relu_forward)
    assert report.faults[0].kind == "state"
    assert report.points < 1


def test_a_cache_kept_in_a_global_is_found():
    kept = {}

    def relu_forward(x):
        kept["x"] = x
        return np.maximum(0, x), None

    def relu_backward(dout, cache):
        return dout * (kept["x"] > 0)

    report = checks.report("relu_backward", relu_backward, relu_forward)
    assert report.faults


def test_a_backward_is_not_blamed_for_its_forward():
    def affine_forward(x, w, b):
        return x.reshape(len(x), -1) @ w - b, (x, w, b)

    checks.affine_backward(checks.alternatives("affine_backward")[0].function, affine_forward)
    checks.affine_backward(checks.alternatives("affine_backward")[0].function, HOSTILE["an exception"])
    dict_based = next(a for a in checks.alternatives("affine_backward") if a.name == "from_a_dict")
    checks.affine_backward(dict_based.function, dict_based.forward)


@pytest.mark.timeout(60, method="thread")
def test_an_endless_loop_ends(monkeypatch):
    from cs_layers.checks import calls

    def relu_forward(x):
        while True:
            pass

    monkeypatch.setattr(calls, "CALL_SECONDS", 0.05)
    report = checks.report("relu_forward", relu_forward)
    assert [c.name for c in report.causes] == ["endless-loop"]
    assert not issubclass(TimedOut, Exception)


def test_second_names_have_the_same_mistakes():
    assert len(checks.mistakes("conv_forward_fast")) == len(checks.mistakes("conv_forward_naive"))
    with pytest.raises(checks.CheckFailed, match=r"^mean_pool_forward: "):
        checks.mean_pool_forward(checks.mistakes("mean_pool_forward")[0].function)


def test_wrong_use_is_told():
    with pytest.raises(TypeError, match=r"checks\.affine_backward\(affine_backward, affine_forward\)"):
        checks.affine_backward()
    with pytest.raises(TypeError, match="not a function"):
        checks.relu_forward(3)
    with pytest.raises(TypeError, match="has no options"):
        checks.relu_forward(lambda x: x, at_zero=0)
    with pytest.raises(ValueError, match="'keep', 'drop' or"):
        checks.dropout_forward(lambda x, p: x, p_is="kept")


def test_partial_credit(capsys):
    wrong = next(m for m in checks.mistakes("affine_backward") if m.name == "db-averaged")
    assert checks.partial(checks.affine_backward, wrong.function, points=5) == 4.0
    assert "4 of 5 points" in capsys.readouterr().out
    assert checks.partial(checks.relu_forward, checks.alternatives("relu_forward")[0].function, points=2) == 2.0


def test_same_compares_kind_then_shape_then_values():
    checks.same(np.float64(1.0), 1.0, "the loss")
    checks.same([1, np.ones(2)], (1, np.ones(2)), "the pair")
    checks.same("cat", "cat", "the word")
    for got, expected, text in [
        ([], np.array([5.0]), "is a list of 0, expected an array of shape \\(1,\\)"),
        (np.zeros(0), np.array([5.0]), "has shape \\(0,\\)"),
        (None, 5.0, "is None"),
        (np.array([5.0]), 5.0, "is an array of shape"),
        (True, 1.0, "is a bool"),
        (1.0, True, "is 1.0, expected True"),
        ((1, 2), (1, 3), "wrong at \\[1\\]"),
        (np.array(["a"]), np.array(["b"]), "wrong at \\[0\\]"),
        (float("nan"), 1.0, "is nan"),
    ]:
        with pytest.raises(checks.CheckFailed, match=text):
            checks.same(got, expected, "it")


def test_like_and_raises():
    checks.like(lambda a, b: a + b, np.add, [(1.0, 2.0), (np.ones(3), np.ones(3))])
    with pytest.raises(checks.CheckFailed, match="try again"):
        checks.like(lambda a: a * 2, np.square, [np.array([1.0, 3.0])], name="square", hint="try again")
    checks.raises(ValueError, int, "x")
    with pytest.raises(checks.CheckFailed, match="raised nothing"):
        checks.raises(ValueError, int, "3")
    with pytest.raises(checks.CheckFailed, match="raised TypeError, expected ValueError"):
        checks.raises(ValueError, int, None)


finite = st.floats(allow_nan=False, allow_infinity=False, width=32)


@given(st.lists(finite, min_size=1, max_size=5), st.floats(0.01, 10))
def test_compare_agrees_with_itself_and_sees_a_shift(values, shift):
    a = np.array(values)
    scale = max(1.0, np.abs(a).max())
    assert compare(a, a.copy()) is None
    assert compare(a + shift * scale, a) is not None
    assert compare(a[:, None], a).kind == "shape"
    assert agree(a, a.copy())
    assert not agree(a + shift * scale, a)


def test_an_edit_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="0 times"):
        known.edit("relu_forward", "nothing", "Nothing.", ("not in the source", ""))


def test_names_lists_every_check():
    assert {"add", "conv_forward_fast", "adam", "TwoLayerNet"} <= set(checks.names())
    assert all(callable(getattr(checks, name)) for name in registry.names())


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ((np.ones(2), 1.0), (np.ones(2), 1.0), True),
        ((np.ones(2), 1.0), (np.zeros(2), 1.0), False),
        ((np.ones(2),), (np.ones(2), 1.0), False),
        ([np.ones(2)], (np.ones(2),), False),
        ({"W1": np.ones(3)}, {"W1": np.ones(3)}, True),
        ({"W1": np.ones(3)}, {"W1": np.ones(4)}, False),
        ({"W1": np.ones(3)}, {"b1": np.ones(3)}, False),
    ],
)
def test_results_that_hold_arrays_are_compared_entry_by_entry(a, b, same):
    assert agree(a, b) is same
