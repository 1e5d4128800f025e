"""The gate: no mistake keeps its points, no right implementation loses any, every mistake is named."""

import pytest

from cs_layers import checks
from cs_layers.checks import known, table


@pytest.mark.parametrize("seed", [0, 20261])
@pytest.mark.parametrize("name", table.functions())
def test_every_implementation_gets_what_it_deserves(name, seed):
    """With any seed; only what a few draws look like may get another name with another seed."""
    faults = [(row.name, row.fault) for row in table.rows(name, seed) if row.fault]
    if seed and name in ("random_search", "train_val_split"):
        faults = [fault for fault in faults if not fault[1].startswith("named")]
    assert faults == []


@pytest.mark.parametrize("name", table.functions())
def test_there_are_enough_implementations(name):
    assert len(checks.mistakes(name)) >= 8
    assert len({m.name for m in checks.mistakes(name)}) == len(checks.mistakes(name))
    assert all(m.hint.endswith((".", "?")) and m.read for m in checks.mistakes(name))


@pytest.mark.parametrize("name", ["affine_backward", "conv_forward_fast", "mean_pool_backward", "TwoLayerNet"])
def test_sources_stand_alone(name):
    for implementation in [*checks.mistakes(name), *checks.alternatives(name)]:
        space = {}
        exec("import numpy as np\n" + implementation.source, space)
        assert callable(space[name])


def test_two_mistakes_at_once_are_told_apart():
    wrong = total = 0
    for name in ("affine_backward", "conv_backward_naive", "batchnorm_backward", "svm_loss", "max_pool_backward_naive"):
        pairs = list(known.pairs(name))
        for first, second, both in pairs[:: max(1, len(pairs) // 15)]:
            if "must_fit" in first.options | second.options or "with_pad" in first.options | second.options:
                continue
            report = checks.report(name, both.function)
            named = {cause.name for cause in report.causes}
            total += 1
            wrong += not named & {first.name, second.name}
    assert wrong <= 0.1 * total


def test_the_command_prints_the_totals(capsys):
    assert table.main(["relu_forward", "--full"]) == 0
    printed = capsys.readouterr().out
    assert "leaky-as-max" in printed
    assert "mistakes lose points and are named" in printed


@pytest.mark.parametrize("name", table.functions())
def test_no_seed_fails_a_right_implementation(name):
    for seed in range(100, 112):
        for right in checks.alternatives(name):
            functions = (right.function, right.forward) if right.partner else (right.function,)
            assert checks.report(name, *functions, seed=seed, explain=False, **right.options).faults == [], right.name
