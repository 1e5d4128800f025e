"""The grading benchmark: the same classes for all, sums that add up, and a small run of the command. No timing is
asserted."""

import importlib
import json
import subprocess
import sys
import time

import pytest

course = pytest.importorskip("benchmarks.grading.course", reason="run from the repository's root: python -m pytest")
measure, report, limits, main = (
    importlib.import_module(f"benchmarks.grading.{name}") for name in ("measure", "report", "limits", "__main__")
)
SYSTEMS = importlib.import_module("benchmarks.grading.systems").SYSTEMS


def test_a_small_class_is_the_beginning_of_a_large_one_and_has_its_hanging_student():
    large = course.class_of(60)
    assert course.class_of(15) == large[:15]
    assert large.count("hanging") == 1
    assert {kind: large[:41].count(kind) for kind in course.SHARES} == {k: 2 * n for k, n in course.SHARES.items()}
    assert "hanging" not in course.class_of(60, hanging=False)


def test_start_up_and_each_further_submission_are_told_apart():
    def costs(wall, cpu):
        return [{"wall": wall, "cpu": cpu, "peak": None}] * 2

    run = {
        "title": "some",
        "sizes": [10, 30],
        "rounds": 2,
        "cells": 0.05,
        "agreement": "",
        "runs": {
            "plain nbgrader": {"10": costs(25.0, 1.0), "30": costs(65.0, 21.0)},
            "ours": {"10": costs(6.0, 1.0), "30": costs(8.0, 5.0)},
        },
        "mixed": {"plain nbgrader": costs(71.0, 26.0), "ours": costs(8.5, 5.5)},
        "peaks": {"ours": 2**30},
    }
    plain, ours = report.rows(run)
    assert (plain["each"], plain["startup"]) == pytest.approx((2.0, 5.0))
    assert (ours["each"], ours["startup"], ours["times"]) == pytest.approx((0.1, 5.0, 20.0))
    assert (ours["cpu"], ours["else"], ours["hang"], ours["rate"]) == pytest.approx((0.2, 0.15, 0.5, 30 / 8.5))
    machine = {"cpu": "some", "cores": 2, "nbgrader": "0.9.6", "python": "3.11"}
    assert "| some | ours | 0.100 s (0.100–0.100) | 20.0 | 0.050 + 0.150 | 5.0 s | 1024 MiB |" in report.markdown(
        {"courses": [run], "machine": machine}
    )


def test_the_slowest_part_decides_how_long_a_large_class_takes():
    found = limits.projection(10_000, 100, 20, cpu=2.0, written=200, handed_out=500)
    assert found["decided by"] == "the workers"
    assert found["seconds"] == pytest.approx(220)
    assert limits.projection(10_000, 1000, 20, 2.0, written=200, handed_out=500)["decided by"] == "the writer"


def test_points_that_differ_are_told():
    systems = [SYSTEMS[index] for index in (0, 1, -1)]
    names = [system.name for system in systems]
    points = {name: {"a/n/t": 1.0, "b/n/t": 0.0} for name in names}
    assert "0 of 2 students" in main.agreement(points, systems)
    assert "GIVE OTHER POINTS" in main.agreement({**points, names[-1]: {"a/n/t": 0.0, "b/n/t": 0.0}}, systems)


def test_processes_that_leave_their_session_count_too(tmp_path):
    meter = measure.Meter()
    if meter.how != "control group":
        pytest.skip("no control group can be made here")
    busy = "import time; start = time.process_time()\nwhile time.process_time() - start < 0.5: pass"
    code = (
        "import subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-c', {busy!r}], start_new_session=True)\ntime.sleep(5)"
    )
    try:
        cost = meter.run([sys.executable, "-c", code], tmp_path, tmp_path / "log", memory=0.05)
        assert cost.cpu > 0.5
        assert cost.peak > 2**20
        deadline = time.monotonic() + 60
        while meter.left() and time.monotonic() < deadline:
            time.sleep(0.1)
    finally:
        meter.close()


def test_a_folder_of_submissions_from_elsewhere(tmp_path):
    (tmp_path / "honest_good.py").write_text("# HONEST\nx = 1")
    (tmp_path / "honest_copied.py").write_text("# HONEST\nx = 2")
    (tmp_path / "honest_copied.mutate.py").write_text("def mutate(nb, folder): nb['changed'] = True")
    (tmp_path / "fork_bomb.py").write_text("# TRIES")
    answers = course.given_answers(tmp_path)
    assert [text for text, _ in answers["right"]] == ["# HONEST\nx = 1"]
    [(text, change)] = answers["accident"]
    nb = {}
    change(nb, tmp_path)
    assert (text, nb) == ("# HONEST\nx = 2", {"changed": True})
    assert answers["hostile"] == answers["accident"], "what may harm the machine is not for plain nbgrader"
    assert answers["fork_bomb"] == [("# TRIES", None)]


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_command(tmp_path):
    command = [sys.executable, "-m", "benchmarks.grading", "--size", "4", "--rounds", "1", "--assignments"]
    command += ["--systems", "nbgrader autograde", "--no-limits", "--json", str(tmp_path / "found.json")]
    done = subprocess.run(command, cwd=course.ROOT, env=course.environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads((tmp_path / "found.json").read_text())
    [result] = found["courses"]
    assert result["sizes"] == [2, 4]
    assert {len(runs) for runs in result["runs"]["nbgrader autograde"].values()} == {1}
    assert result["cells"] > 0
    assert found["left"] in (0, None)
    assert "| one notebook | nbgrader autograde |" in done.stdout
