"""The bug clinic: its layers pass what people usually test with, and inputs are judged by the layers themselves."""

import numpy as np
import pytest

from cs_layers import checks
from cs_layers.checks import clinic, known

ROOMS = range(1, 9)


def test_no_everyday_input_exposes_a_layer():
    assert clinic.exposed(25) == dict.fromkeys(ROOMS, 0)


@pytest.mark.parametrize("number", ROOMS)
def test_an_everyday_input_is_told_to_expose_nothing(number):
    given = tuple(clinic.everyday(number).values())
    with pytest.raises(checks.CheckFailed, match="does not expose the layer") as failure:
        getattr(checks, f"expose_{number}")(lambda: given)
    assert "Hint: " in str(failure.value)
    assert "x2_bug_clinic" not in str(failure.value)


@pytest.mark.parametrize("number", ROOMS)
def test_an_input_that_exposes_passes_and_the_mistake_is_told(number, capsys):
    name = f"expose_{number}"
    for right in known.alternatives(name):
        getattr(checks, name)(right.function)
        said = capsys.readouterr().out
        assert said.startswith(f"{name}: exposed.")
        assert clinic.ROOMS[number - 1].broken.hint in " ".join(said.split())
        assert max(map(len, said.splitlines())) <= 110


@pytest.mark.parametrize("number", ROOMS)
def test_the_difference_is_that_of_the_layers(number):
    name, right, broken = clinic.difference(number, known.alternatives(f"expose_{number}")[0].function)
    assert name in clinic.ROOMS[number - 1].outputs
    assert not np.array_equal(right, broken)


def test_there_is_no_difference_without_an_input():
    def expose_1():
        raise NotImplementedError

    with pytest.raises(NotImplementedError):
        clinic.difference(1, expose_1)
    with pytest.raises(checks.CheckFailed):
        clinic.difference(1, lambda: None)
    with pytest.raises(ValueError, match="rooms 1 to 8"):
        checks.show_broken(9)


def test_the_layer_says_why_it_refuses_an_input():
    pool = {"pool_height": 2, "pool_width": 2, "stride": 2}
    with pytest.raises(checks.CheckFailed, match=r"the right layer says: Stride 2 does not fit"):
        checks.expose_2(lambda: (-np.ones((1, 1, 3, 3)), pool))


def test_rounding_is_no_difference():
    x = np.array([[1e6, 1e6 + 1e-6], [1e6 + 2e-6, 1e6]])
    running = {"running_mean": np.full(2, 1e6), "running_var": np.full(2, 1e-5)}
    given = x, np.ones(2), np.zeros(2), {"mode": "train", **running}
    with pytest.raises(checks.CheckFailed, match=r"does not expose|rounding"):
        checks.expose_8(lambda: given)


def test_an_input_may_be_a_list_and_stays_as_it_was(capsys):
    dout = np.array([1.0, 5.0])
    checks.expose_1(lambda: ([2, 0], dout))
    assert "exposed" in capsys.readouterr().out
    assert dout.tolist() == [1.0, 5.0]


@pytest.mark.parametrize("target", clinic.TWO)
def test_a_layer_with_two_mistakes_tells_symptoms_and_no_causes(target, capsys):
    checks.show_broken(target)
    assert capsys.readouterr().out.startswith(f"def {target}")
    with pytest.raises(checks.CheckFailed) as failure:
        checks.mended(target, clinic.broken_twice(target))
    assert "inputs fail" in str(failure.value)
    assert "mistake" not in str(failure.value)
    assert "cause" not in str(failure.value)


@pytest.mark.parametrize("target", clinic.TWO)
def test_mending_one_of_two_mistakes_is_not_enough(target):
    checks.mended(target, known.alternatives(target)[0].function)
    for mistake in known.mistakes(target):
        if mistake.name in clinic.TWO[target]:
            with pytest.raises(checks.CheckFailed):
                checks.mended(target, mistake.function)


def test_what_a_notebook_shows_of_the_clinic(capsys):
    right = [known.alternatives(f"expose_{number}")[0].function for number in ROOMS]
    checks.survey_broken(3)
    checks.list_broken(right)
    checks.show_broken(1)
    said = capsys.readouterr().out
    assert said.count("exposed by 0 of 3") == 8
    assert "room 3: conv_forward_naive       out  differs in its shape" in said
    assert "dx = dout * (x >= 0)" in said
    texts = [text.get_text() for text in checks.picture_broken(1, right[0]).axes[0].texts]
    assert {"right dx", "broken dx", "5"} <= set(texts)
    mean = known.alternatives("mean_pool_backward_naive")[0].function
    texts = [t.get_text() for t in checks.picture_broken("mean_pool_backward_naive", mean).axes[0].texts]
    assert texts[:3] == ["1", "2", "3"]
