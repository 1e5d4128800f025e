"""The pure task: plain data in and out, and the same bytes whoever does it."""

import json
import pickle
import subprocess
import sys

import pytest

from cs_layers.grading.course import nbgrader_api
from cs_layers.grading.farm import apart, task
from cs_layers.grading.farm.reading import Course
from cs_layers.grading.farm.summary import Report

ELSEWHERE = """
import os, pickle, sys
bundles, one = pickle.load(sys.stdin.buffer)
assert not os.listdir(".")
from cs_layers.grading.farm import task
task.keep(bundles)
answer = pickle.dumps(task.grade(one))
task.close()
sys.stdout.buffer.write(answer)
"""


SLOW_TO_END = """
import sys
if any("farm.apart" in word for word in sys.orig_argv):
    import os, threading, time
    end = os._exit
    def slowly(code):
        if threading.current_thread() is threading.main_thread():
            time.sleep(1)
        end(code)
    os._exit = slowly
"""


@pytest.fixture(scope="module")
def tasks(released_hall, fill, tmp_path_factory):
    """The class's tasks by student, and the bundles that they need, packed."""
    hall = released_hall.copy(tmp_path_factory.mktemp("tasks") / "hall")
    fill(hall)
    with nbgrader_api(hall.folder) as api:
        course = Course(api, "ps1")
        course.load(["affine", "essay"])
        yield {name: course.read(name, folder).task for name, folder in course.students().items()}, course.packed
    task.close()


def without_who(result):
    return {key: value for key, value in result.items() if key not in ("worker", "seconds")}


def test_tasks_and_bundles_are_plain_data(tasks):
    def plain(value):
        if isinstance(value, dict):
            return all(type(key) is str and plain(one) for key, one in value.items())
        if isinstance(value, list):
            return all(map(plain, value))
        return value is None or type(value) in (str, bytes, int, float, bool)

    ones, packed = tasks
    assert all(map(plain, ones.values()))
    assert plain(packed)
    for version, one in packed.items():
        assert task.unpack(one).version == version
        assert task.pack(task.unpack(one)) == one


def test_another_process_in_an_empty_folder_gives_the_same_bytes(tasks, tmp_path):
    """Printed addresses, warnings, figures and sets are the traps; durations are no part of the notebook."""
    ones, packed = tasks
    one = ones["address"]
    mine = task.grade(one)
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], input=pickle.dumps((packed, one)), cwd=tmp_path, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    theirs = pickle.loads(done.stdout)
    assert theirs["worker"] != mine["worker"]
    assert without_who(theirs) == without_who(mine)
    text = mine["notebooks"][0]["text"]
    assert "<function affine_forward at 0x…>" in text
    assert "seconds" not in json.loads(text)["metadata"]["cs_layers"]["audit"]


def test_scores_reasons_and_what_was_odd(tasks):
    result = task.grade(tasks[0]["crash"])
    affine, essay = result["notebooks"]
    assert affine["scores"] == {"visible": [0.0, 2.0], "hidden": [0.0, 3.0]}
    assert affine["grades"] == {"visible": 0, "hidden": 0}
    assert "`visible`: " in affine["comments"]["answer"]
    assert any("ended (status 3)" in odd for odd in affine["odd"])
    assert essay["grades"] == {"why": 0, "count_test": 1.0}
    assert essay["comments"]["do"] is None
    assert result["level"] in ("namespaces", "landlock")


def test_what_cannot_be_read_is_not_run_and_says_why(tasks):
    result = task.grade(tasks[0]["cut_off"])
    assert [part["stopped"] for part in result["notebooks"]] == [True, True]
    assert "may be cut off" in result["notebooks"][0]["odd"][0]
    assert result["notebooks"][1]["odd"] == ["No notebook was handed in."]


def test_an_error_of_our_own_costs_one_notebook_its_points_and_says_so(tasks, monkeypatch):
    plain = task.grades

    def broken(nb):
        if "problem" not in nb.metadata.cs_layers:
            raise ZeroDivisionError
        return plain(nb)

    monkeypatch.setattr(task, "grades", broken)
    result = task.grade(tasks[0]["right"])
    assert result["notebooks"][0]["grades"] == {"visible": 0, "hidden": 0}
    assert "Grading failed (ZeroDivisionError)" in result["notebooks"][0]["odd"][0]


def test_a_process_of_its_own_gives_the_same(tasks):
    one = tasks[0]["partly"]
    assert without_who(apart.grade(one)) == without_who(task.grade(one))


def test_a_submission_that_kills_its_process_twice_is_given_up(tasks, monkeypatch):
    asked = []
    monkeypatch.setattr(apart, "_ask", lambda question: asked.append(1) or (-9, b""))
    result = apart.grade(tasks[0]["right"])
    assert len(asked) == 2
    assert [part["grades"] for part in result["notebooks"]] == [
        {"visible": 0, "hidden": 0},
        {"why": 0, "count_test": 0},
    ]
    assert all("ended the process that grades, twice" in part["odd"][0] for part in result["notebooks"])
    assert "ended the process that grades" in result["notebooks"][0]["comments"]["answer"]
    assert Report("ps1", "here", [{"student": "x", **part} for part in result["notebooks"]]).status == 1


def test_another_version_of_the_package_is_named():
    mine = task.identity()
    assert task.unlike(mine, mine) == ""
    assert "has another numpy (1.0)" in task.unlike(mine, {**mine, "numpy": "1.0"})
    assert "cannot import cs_layers" in task.unlike(mine, ModuleNotFoundError("cs_layers"))
    with pytest.raises(task.Unlike, match="has another cs_layers"):
        task.grade({"identity": {**mine, "cs_layers": "0"}})


def test_a_process_of_its_own_is_not_blamed_for_a_bundle_that_its_worker_lacks(tasks, monkeypatch):
    monkeypatch.setattr(task, "_bundles", {})
    with pytest.raises(task.NotKept):
        apart.grade(tasks[0]["right"])


def test_what_goes_wrong_in_a_process_of_its_own_is_told_and_is_no_death(tasks):
    right = tasks[0]["right"]
    with pytest.raises(RuntimeError, match="ValueError: sandbox level 'glass' is not known"):
        apart.grade({**right, "options": {**right["options"], "level": "glass"}})


def test_a_process_of_its_own_that_has_answered_may_take_its_time_to_end(tasks, tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(SLOW_TO_END)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    task.keep(tasks[1])
    assert apart._ask(pickle.dumps((tasks[1], tasks[0]["right"])))[0] == 0
