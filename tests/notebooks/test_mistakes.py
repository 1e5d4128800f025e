"""One list of mistakes, two uses: what a check diagnoses must also cost points where it is made."""

import re

import pytest

from cs_layers import checks


@pytest.mark.slow
def test_every_known_mistake_loses_points_in_its_own_cell_and_in_no_other(solved):
    names = solved.run()
    assert solved.failing(names) == {}
    wrong = []
    for answer in solved.answers.values():
        test = solved.tests.get(f"{answer.id}_test")
        for function in re.findall(r"^(?:def|class) (\w+)", answer.source, re.M) if test else ():
            for mistake in checks.mistakes(function):
                if all(f"{key}={value!r}" in test.source for key, value in mistake.options.items()):
                    failing = set(solved.failing(solved.with_mistake(names, mistake.source)))
                    if failing != {test.id}:
                        wrong.append((function, mistake.name, failing))
    assert wrong == []
