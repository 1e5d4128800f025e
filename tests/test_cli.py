"""The command line: thin, and one sentence for a mistake of the user's."""

import shutil
from pathlib import Path

import pytest

from cs_layers.cli import main

ROOT = Path(__file__).parents[1]
ONE_NOTEBOOK = ROOT / "tests" / "grading" / "one_notebook"


@pytest.fixture
def small_course(tmp_path, monkeypatch):
    folder = shutil.copytree(ONE_NOTEBOOK, tmp_path / "course")
    monkeypatch.chdir(folder)
    return folder


def test_course_builds_the_assignments_and_check_says_whether_they_are_stale(small_course, capsys):
    assert main(["course", "--check"]) == 1
    assert "assignments/warmup/double.ipynb" in capsys.readouterr().out
    assert not main(["course"])
    assert capsys.readouterr().out.strip() == str(small_course / "assignments/warmup/double.ipynb")
    assert main(["course", "--check"]) == 0


def test_course_outside_a_course_is_one_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["course"]) == 2
    assert capsys.readouterr().err == (
        f"cs-layers: {tmp_path} is no course: it has no solutions/<assignment>/<notebook>.py.\n"
    )


def test_demo_leaves_a_folder_alone_that_it_did_not_make(tmp_path, capsys):
    (tmp_path / "thesis.txt").write_text("years of work")
    assert main(["demo", "--folder", str(tmp_path)]) == 2
    assert "holds something else" in capsys.readouterr().err
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_data_lists_every_set(capsys):
    assert not main(["data"])
    listed = capsys.readouterr().out
    for name in ("digits", "shapes32", "mnist", "cifar10", "tiny-imagenet"):
        assert f"\n{name}: " in listed


def test_an_unknown_data_set_is_named_with_those_there_are(capsys):
    assert main(["data", "cifar11"]) == 2
    message = capsys.readouterr().err
    assert "'cifar11'" in message
    assert "cifar10" in message


def test_train_lists_its_settings(capsys):
    assert not main(["train", "--list"])
    assert "cifar10-two-layer" in capsys.readouterr().out.split()


def test_an_unknown_setting_is_named_with_those_there_are(capsys):
    assert main(["train", "alexnet"]) == 2
    message = capsys.readouterr().err
    assert "'alexnet'" in message
    assert "cifar10-two-layer" in message


def test_train_writes_runs_down_and_makes_a_table_of_them_later(tmp_path, capsys):
    path = str(tmp_path / "runs.json")
    assert not main(["train", "digits-conv", "--seeds", "1", "--json", path])
    table = capsys.readouterr().out
    assert "| `digits-conv` |" in table
    assert not main(["train", "--table", path])
    assert capsys.readouterr().out == table
    assert main(["train", "--table", str(tmp_path / "gone")]) == 2


@pytest.mark.parametrize("arguments", [[], ["grade-everything"], ["train", "--seeds", "x"]])
def test_wrong_usage_ends_with_status_2(arguments):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2


@pytest.fixture
def handed_in(small_course):
    """What runs `cs-layers check` on the small course's notebook with an answer in it."""
    from cs_layers.grading.course import read_solution, write_notebook

    def run(answer, *options):
        source = small_course / "solutions/warmup/double.py"
        source.write_text(source.read_text().replace("return 2 * x", answer))
        assert read_solution(source)
        return main(["check", str(write_notebook(source)), *options])

    return run


def test_check_ends_with_status_0_where_every_task_is_right(handed_in, capfd):
    assert handed_in("return x + x") == 0
    assert capfd.readouterr().out.splitlines()[0].split() == ["✓", "double", "right"]


def test_check_says_what_is_wrong_and_leaves_the_notebook_as_it_was(handed_in, small_course, capfd):
    assert handed_in("return x", "--full") == 1
    shown = capfd.readouterr()
    assert "double([1, 2]) is not [2, 4]" in shown.out
    assert shown.err == ""
    assert '"outputs": []' in (small_course / "solutions/warmup/double.ipynb").read_text()


def test_check_tells_not_written_from_wrong(handed_in, capfd):
    assert handed_in("raise NotImplementedError()") == 2
    assert "not yet" in capfd.readouterr().out


def test_check_names_the_tasks_there_are(handed_in, capfd):
    assert handed_in("return 2 * x", "--task", "triple") == 2
    assert "has no task 'triple'; it has double." in capfd.readouterr().err


@pytest.mark.parametrize(("name", "text"), [("no.ipynb", None), ("text.ipynb", "not JSON"), ("list.ipynb", "[1, 2]")])
def test_check_of_what_is_no_notebook_is_one_sentence(tmp_path, capfd, name, text):
    if text is not None:
        (tmp_path / name).write_text(text)
    assert main(["check", str(tmp_path / name)]) == 2
    message = capfd.readouterr().err
    assert message.startswith("cs-layers: ")
    assert name in message
    assert "Traceback" not in message
