"""Advice: each kind is given, once, and costs nothing."""

import numpy as np
import pytest

from cs_layers import checks
from cs_layers.checks import known, pace, registry


def loops(name):
    return next(a.function for a in checks.alternatives(name) if "loops" in a.name or "Loops" in a.name)


@pytest.fixture
def clock(monkeypatch):
    """Seconds of a call are made up: what loops takes a hundred times as long."""
    slow = {loops(name) for name in ("affine_forward", "softmax_loss", "svm_loss", "Convolution")}

    def seconds(name, functions, args):
        rows = len(next(iter(args.values())))
        return 1e-3 * rows * (100 if set(functions) & slow else 1)

    monkeypatch.setattr(pace, "_seconds", seconds)


@pytest.mark.parametrize("name", ["affine_forward", "softmax_loss", "svm_loss", "Convolution"])
def test_a_slow_loop_is_told_and_costs_nothing(name, clock, capsys):
    getattr(checks, name)(loops(name))
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith(f"{name}: right on")
    assert "Advice: takes about 100 times as long as a form that does not loop" in said
    report = checks.report(name, loops(name))
    assert report.points == 1
    assert report.faults == []


def test_nothing_is_told_while_a_notebook_is_graded(clock, monkeypatch, capsys):
    """What is measured differs from run to run; a graded notebook does not."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    checks.affine_forward(loops("affine_forward"))
    assert "takes about" not in capsys.readouterr().out


def test_nothing_is_told_of_the_plain_form(clock):
    for name in ("affine_forward", "softmax_loss", "svm_loss"):
        assert not any(f.kind == "slow" for f in checks.report(name, checks.alternatives(name)[0].function).advice)


def test_a_check_that_took_long_tries_nothing_larger(monkeypatch):
    monkeypatch.setattr(pace, "_growth", None)
    task = registry.names() and checks.relu_forward.task
    found = pace.slow(task, (loops("affine_forward"),), lambda plain: None, 100.0)
    assert "on the inputs of this check" in found[0].message


@pytest.mark.parametrize("name", [name for name in registry.names() if pace._arguments(name) is not None])
def test_the_larger_call_is_one_that_the_function_takes(name):
    plain = tuple(known.alternatives(n)[0].function for n in dict.fromkeys((name, pace._forward(name))))
    seconds = pace._growth(name, plain[: 2 if "backward" in name else 1], pace._arguments(name))
    assert np.isfinite(seconds)


def test_each_kind_of_advice_is_given_once(capsys):
    def affine_backward(dout, cache):
        print("shapes", dout.shape)
        x, w, _ = cache
        rows = x.reshape(len(x), -1)
        grads = (dout @ w.T).reshape(x.shape), rows.T @ dout, dout.sum(axis=0)
        return tuple(g.astype(np.float64) for g in grads)

    checks.affine_backward(affine_backward)
    said = capsys.readouterr().out
    assert said.count("Advice: ") == 2
    assert "dx is float64 where the inputs are float32" in said
    assert "dw and db likewise" in " ".join(said.split())
    assert "prints while it runs" in said
    assert "shapes" not in said


def test_a_cache_may_be_of_any_kind():
    from collections import namedtuple

    Cache = namedtuple("Cache", "x w rows")

    def affine_forward(x, w, b):
        rows = x.reshape(len(x), -1)
        return rows @ w + b, (Cache(x, w, rows), {1: object()})

    def affine_backward(dout, cache):
        x, w, rows = cache[0]
        return (dout @ w.T).reshape(x.shape), rows.T @ dout, dout.sum(axis=0)

    assert checks.report("affine_backward", affine_backward, affine_forward).points == 1
    larger = pace._arguments("affine_forward")
    assert np.isfinite(pace._seconds("affine_backward", (affine_backward, affine_forward), larger))
