"""One list of mistakes, two uses: what a check diagnoses also costs points where it is made. And luck costs none."""

import re

import pytest

from cs_layers import checks


@pytest.fixture(scope="module")
def names(solved, tmp_path_factory):
    """What a solved notebook has defined when all of it has run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("notebook"))
        return solved.run()


@pytest.mark.slow
def test_every_known_mistake_loses_points_in_its_own_cell_and_in_no_other(solved, names):
    assert solved.failing(names) == {}
    wrong = []
    for answer in solved.answers.values():
        test = solved.tests.get(f"{answer.id}_test")
        for function in re.findall(r"^(?:def|class) (\w+)", answer.source, re.M) if test else ():
            for mistake in checks.mistakes(function):
                if all(f"{key}={value!r}" in test.source for key, value in mistake.options.items()):
                    failing = set(solved.failing(solved.with_mistake(names, mistake)))
                    if failing != {test.id}:
                        wrong.append((function, mistake.name, failing))
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["1", "7", "20261"])
def test_no_graded_cell_depends_on_the_seed(solved, names, seed, monkeypatch):
    monkeypatch.setenv("CS_LAYERS_CHECK_SEED", seed)
    assert solved.failing(names) == {}
