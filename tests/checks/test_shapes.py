"""The shape puzzles: right ways pass, and each known mistake is told by its own hint."""

import pytest

from cs_layers import checks

PUZZLES = ["center_rows", "flatten_images", "sum_per_channel"]


@pytest.mark.parametrize("name", PUZZLES)
def test_every_right_way_passes(name):
    for right in checks.alternatives(name):
        getattr(checks, name)(right.function)


@pytest.mark.parametrize("mistake", [m for name in PUZZLES for m in checks.mistakes(name)], ids=str)
def test_every_mistake_fails_with_its_hint(mistake):
    with pytest.raises(checks.CheckFailed) as failure:
        getattr(checks, mistake.target)(mistake.function)
    said = " ".join(str(failure.value).split())
    assert mistake.hint in said
