"""`cs-layers grade`: who is graded, what is said, and what happens when the disk or the gradebook refuses."""

import csv
import fcntl
import json
import os
import sqlite3
import sys
import time

import pytest

from cs_layers.cli import main
from cs_layers.grading import books, farm
from cs_layers.grading.farm import command, folders, store
from cs_layers.grading.lock import GradingStopped, only_writer


@pytest.fixture
def three(hall):
    """Three students have handed in."""
    for student in ("ada", "alan", "blaise"):
        hall.hand_in(student, time="2026-02-01 12:00:00 UTC")
    return hall


def graded(report):
    return sorted({row["student"] for row in report.rows})


def test_everybody_is_graded_once_then_nobody(three, paper):
    assert graded(three.grade()) == ["ada", "alan", "blaise"]
    before = three.rows(), three.files()
    report = three.grade()
    assert report.rows == []
    assert report.skipped == ["ada", "alan", "blaise"]
    assert three.grade(resume=True).rows == []
    assert (three.rows(), three.files()) == before


def test_force_grades_everybody_anew(three, paper):
    three.grade()
    before = three.rows(), three.files()
    assert graded(three.grade(force=True)) == ["ada", "alan", "blaise"]
    assert (three.rows(), three.files()) == before


def test_student_is_a_pattern(three, paper):
    assert graded(three.grade(student="a*")) == ["ada", "alan"]
    with pytest.raises(GradingStopped, match=r"Nothing was handed in at .*nobody"):
        three.grade(student="nobody")


def test_who_hands_in_anew_is_graded_anew(three, paper):
    three.grade()
    (three.folder / "submitted/ada/ps1/timestamp.txt").write_text("2026-02-03 12:00:00 UTC")
    assert graded(three.grade()) == ["ada"]


@pytest.mark.parametrize("what", ["answer", "file", "tests", "limits", "row", "graded file", "graded folder", "ledger"])
def test_resume_grades_what_is_not_as_it_was_stored(three, paper, what):
    three.grade()
    submitted, after = three.folder / "submitted/alan/ps1", three.folder / "autograded/alan/ps1"
    everybody = False
    if what == "answer":
        text = (submitted / "affine.ipynb").read_text()
        (submitted / "affine.ipynb").write_text(text.replace("@ w + b", "@ w - b"))
    elif what == "file":
        (submitted / "notes.txt").write_text("a new file")
    elif what == "tests":
        three.sql("update source_cell set source = source || ' ' where name = 'hidden'")
        everybody = True
    elif what == "limits":
        with (three.folder / "nbgrader_config.py").open("a") as config:
            config.write("c.ExecuteApart.limits = {'call': 1}\n")
        everybody = True
    elif what == "row":
        mine = "select n.id from submitted_notebook n join submitted_assignment s on s.id = n.assignment_id"
        three.sql(f"update grade set auto_score = 7 where notebook_id in ({mine} where s.student_id = 'alan')")
    elif what == "graded file":
        (after / "affine.ipynb").unlink()
    elif what == "graded folder":
        after.rename(after.with_name("elsewhere"))
    else:
        lines = (three.folder / ".cs_layers/ps1.jsonl").read_text().splitlines(keepends=True)
        kept = [line for line in lines if "alan" not in line]
        (three.folder / ".cs_layers/ps1.jsonl").write_text("".join(kept) + '{"student": "alan", "stor')
    assert graded(three.grade(resume=True)) == (["ada", "alan", "blaise"] if everybody else ["alan"])
    assert three.grade(resume=True).rows == []


def test_the_report_as_table_json_and_csv(three, here, tmp_path, monkeypatch, capsys):
    (three.hand_in("cut_off", None) / "affine.ipynb").write_text('{"cells": [')
    monkeypatch.chdir(three.folder)
    assert main(["grade", "ps1", "--json", str(tmp_path / "r.json"), "--csv", str(tmp_path / "r.csv")]) == 1
    table = capsys.readouterr().out.splitlines()
    assert table[0].startswith("4 students, 8 notebooks graded in ")
    assert "this process alone, for Dask is not installed" in table[0]
    assert any(line.startswith("Worker ") and ("namespaces" in line or "landlock" in line) for line in table)
    assert any(line.startswith("cut_off") and "may be cut off" in line for line in table)
    said = json.loads((tmp_path / "r.json").read_text())
    assert said["status"] == 1
    assert {row["student"]: row["score"] for row in said["notebooks"] if row["notebook"] == "affine"} == {
        "ada": 5, "alan": 5, "blaise": 5, "cut_off": 0,
    }  # fmt: skip
    with open(tmp_path / "r.csv", newline="") as file:
        points = {row["student"]: row for row in csv.DictReader(file)}
    assert points["ada"]["affine/hidden"] == "3.0"
    assert points["ada"]["total"] == "5.0"
    assert points["cut_off"]["affine/visible"] == "0.0"


def test_an_unknown_assignment_is_named_with_those_there_are(three, monkeypatch, capsys):
    monkeypatch.chdir(three.folder)
    assert main(["grade", "ps2"]) == 2
    assert capsys.readouterr().err == (
        "cs-layers: The gradebook has no assignment 'ps2' (it has: ps1); run `nbgrader generate_assignment ps2`.\n"
    )


def test_outside_a_course_nothing_is_made(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["grade", "ps1"]) == 2
    assert "is no course" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("workers", ["0", "-1"])
def test_a_wrong_number_of_workers_is_refused(three, monkeypatch, capsys, workers):
    monkeypatch.chdir(three.folder)
    assert main(["grade", "ps1", "--workers", workers]) == 2
    assert f"--workers is {workers}" in capsys.readouterr().err


def test_steps_of_a_courses_own_are_refused(three, paper):
    with (three.folder / "nbgrader_config.py").open("a") as config:
        config.write("c.Autograde.autograde_preprocessors = ['nbgrader.preprocessors.SaveAutoGrades']\n")
    with pytest.raises(GradingStopped, match="use `nbgrader autograde`"):
        three.grade()


def test_a_student_that_may_not_be_added_is_reported(three, paper):
    with (three.folder / "nbgrader_config.py").open("a") as config:
        config.write("c.Autograde.create_student = False\n")
    three.sql("insert into student (id) values ('ada')")
    report = three.grade()
    assert [row[0] for row in three.rows()["student"]] == ["ada"]
    assert report.status == 1
    assert {row["student"] for row in report.rows if "no such student" in row["odd"][0]} == {"alan", "blaise"}
    assert not (three.folder / "autograded/alan").exists()


# -- two at a time


def test_a_second_grader_is_told_who_is_first(three, paper):
    with only_writer(three.folder), pytest.raises(GradingStopped, match=f"process {os.getpid()} on .*; wait"):
        three.grade()
    assert len(three.grade().rows) == 6


def test_nbgrader_autograde_and_the_farm_keep_out_of_each_others_way(three, paper):
    one, another = (only_writer(three.folder, shared=True) for _ in range(2))
    with one, another, pytest.raises(GradingStopped, match="is being graded already"):
        three.grade()
    with only_writer(three.folder):
        result = three.nbgrader("autograde")
    assert not result["success"]
    assert "This course is being graded already, by process" in result["error"]
    assert three.rows()["grade"] == []


def test_the_lock_of_a_dead_process_counts_for_nothing(three, paper):
    pid = os.fork()
    if pid == 0:
        lock = only_writer(three.folder)
        lock.__enter__()
        os.kill(os.getpid(), 9)
    os.waitpid(pid, 0)
    assert "process" in (three.folder / ".cs_layers/lock").read_text()
    assert len(three.grade().rows) == 6


def test_workers_do_not_inherit_the_lock(three):
    with only_writer(three.folder), open(three.folder / ".cs_layers/lock") as again:
        assert not os.get_inheritable(again.fileno())
        with pytest.raises(BlockingIOError):
            fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)


# -- a disk and a gradebook that refuse


def undisturbed(three, paper):
    """What the class comes to where nothing goes wrong."""
    other = three.copy(three.folder.with_name("undisturbed"))
    other.grade()
    return other.rows(), other.files()


@pytest.mark.parametrize("after", [0, 1, 2])
@pytest.mark.parametrize(
    ("kind", "step"), [(folders.Folders, "write"), (store.Store, "_write_rows"), (folders.Folders, "put_in_place")]
)
def test_a_full_disk_ends_the_run_and_resume_ends_it_well(three, paper, monkeypatch, kind, step, after):
    expected, plain, calls = undisturbed(three, paper), getattr(kind, step), []

    def full(self, *arguments):
        calls.append(1)
        if len(calls) > after:
            if step == "_write_rows":
                plain(self, *arguments)  # the rows are there, but not yet for good
            raise OSError(28, "No space left on device", "autograded")
        return plain(self, *arguments)

    monkeypatch.setattr(kind, step, full)
    with pytest.raises(GradingStopped, match=f"No space left on device.* {3 - after} submissions are left: .*--resume"):
        three.grade()
    monkeypatch.setattr(kind, step, plain)
    assert len(graded(three.grade(resume=True))) == 3 - after
    assert (three.rows(), three.files()) == expected


def test_files_may_not_grow_over_the_limit_of_the_system(three, paper):
    """A real refusal by the kernel, in the middle of a file."""
    expected = undisturbed(three, paper)
    pid = os.fork()
    if pid == 0:
        import resource
        import signal

        code = 1
        try:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
            three.grade()
        except GradingStopped:
            code = 42
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 42
    three.grade(resume=True)
    assert (three.rows(), three.files()) == expected


def test_a_locked_gradebook_is_waited_for_and_then_said(three, paper, monkeypatch):
    monkeypatch.setattr(books, "PATIENCE", 0)
    with sqlite3.connect(three.folder / "gradebook.db", isolation_level=None) as other:
        other.execute("begin immediate")
        with pytest.raises(GradingStopped, match=r"The gradebook could not be read or written .*locked"):
            three.grade()
        other.execute("rollback")
    assert len(three.grade(resume=True).rows) == 6


def test_a_read_only_gradebook_is_said_before_anything_is_run(three, paper, monkeypatch):
    monkeypatch.setattr(paper, "results", lambda self, wanted: pytest.fail("nothing should be run"))
    three.sql("pragma journal_mode = delete")
    with (three.folder / "nbgrader_config.py").open("a") as config:
        path = three.folder / "gradebook.db"
        config.write(f"c.CourseDirectory.db_url = 'sqlite:///file:{path}?mode=ro&uri=true'\n")
    with pytest.raises(GradingStopped, match="readonly"):
        three.grade()


def test_a_clock_that_jumps_changes_nothing(three, paper, monkeypatch):
    expected, jumps = undisturbed(three, paper), iter(range(0, 10**9, 10**6))
    monkeypatch.setattr(time, "time", lambda: 2e9 - next(jumps))
    three.grade()
    assert (three.rows(), three.files()) == expected


def test_what_was_half_written_is_removed_by_the_next_run(three, paper):
    expected = undisturbed(three, paper)
    for name in (".ps1.new", ".ps1.old"):
        (three.folder / "autograded/ada" / name).mkdir(parents=True)
        (three.folder / "autograded/ada" / name / "affine.ipynb").write_text("half")
    assert len(graded(three.grade())) == 3
    assert (three.rows(), three.files()) == expected


def test_without_dask_several_workers_are_refused(three, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "cs_layers.grading.farm.cluster", raising=False)
    monkeypatch.delattr(farm, "cluster", raising=False)
    with pytest.raises(GradingStopped, match="Several workers need Dask"):
        command._pool({}, 2, None, (None, None, None))
    assert "Dask is not installed" in command._pool({}, None, None, (None, None, None)).name
