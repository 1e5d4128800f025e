"""What training runs reached: the file keeps every run, and the table says what is missing."""

from dataclasses import replace

import pytest

from cs_layers import figures
from cs_layers.training import Setting

SETTING = Setting("TwoLayerNet", None, None, None, theirs="51.3%", goal=0.55, limit=100)
RUN = figures.Run("cifar", 0, 28000, 2000, 0.6, 0.5625, 90.4, 171.6)


def row(*runs, **changes):
    lines = figures.table(runs, {"other": SETTING, "cifar": replace(SETTING, **changes)})
    header, _, line = lines
    names, cells = ([cell.strip() for cell in text.strip("|").split("|")] for text in (header, line))
    return dict(zip(names, cells, strict=True))


def test_one_run():
    assert row(RUN) == {
        "setting": "`cifar`",
        "network": "TwoLayerNet",
        "images: training + validation": "28,000 + 2,000",
        "theirs": "51.3%",
        "goal": "55.0% in 100 s",
        "test accuracy": "56.25%",
        "goal reached": "yes",
        "seconds": "90",
        "processor seconds": "172",
        "seeds": "0",
    }


def test_several_runs_are_averaged_and_each_is_shown_in_the_order_of_seeds():
    shown = row(replace(RUN, seed=2, test_accuracy=0.5, seconds=109.4), replace(RUN, seed=1))
    assert shown["test accuracy"] == "53.12% (56.25%, 50.00%)"
    assert shown["seeds"] == "1, 2"
    assert shown["seconds"] == "100"
    assert shown["goal reached"] == "1.88 points short"


def test_what_is_missed_is_said_and_what_was_no_goal_is_not():
    assert row(replace(RUN, seconds=101.5))["goal reached"] == "1.5 s late"
    assert row(replace(RUN, seconds=101.5), limit=None)["goal reached"] == "yes"
    assert row(RUN, goal=0.0, limit=None)["goal reached"] == ""
    assert row(RUN, goal=0.0, limit=None)["goal"] == ""


def test_runs_of_several_files_are_put_together_and_the_later_one_counts(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    again, other = replace(RUN, test_accuracy=0.57), replace(RUN, seed=1)
    for path, run in [(first, RUN), (second, again), (first, other)]:
        figures.append(path, run)
    assert figures.read([first, second]) == [again, other]


@pytest.mark.parametrize("line", ["", "{}", "[1]", "no JSON", '{"setting": "cifar"}'])
def test_a_file_of_something_else_is_named_with_the_line(tmp_path, line):
    path = tmp_path / "runs"
    figures.append(path, RUN)
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(ValueError, match=r"Line 2 of .*runs is no training run"):
        figures.read([path])


def test_a_missing_file_and_an_unknown_setting_are_named(tmp_path):
    with pytest.raises(ValueError, match=r"There is no file .*gone"):
        figures.read([tmp_path / "gone"])
    with pytest.raises(ValueError, match="a run of 'cifar', which is no setting; there are other"):
        figures.table([RUN], {"other": SETTING})
