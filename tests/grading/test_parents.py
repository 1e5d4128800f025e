"""Warm parents: nothing of one submission reaches the next, and they end with their grader, however it ends."""

import json
import os
import subprocess
import sys
import tempfile
import time
from types import SimpleNamespace

import pytest

from cs_layers.grading import parents
from cs_layers.grading.parents import Parents

LEAVE = """
import builtins, os, random, subprocess, sys, tempfile
import matplotlib
import cs_layers.gradient_check
os.environ["LEFT"] = "behind"
sys.modules["left_behind"] = random
builtins.left_behind = np.left_behind = cs_layers.gradient_check.left_behind = True
cs_layers.gradient_check.rel_error = matplotlib.rcParams["figure.dpi"] = 42
np.random.seed(99); random.seed(99); np.seterr(all="raise"); sys.setrecursionlimit(300)
for path in ("left_behind.py", os.path.join(tempfile.gettempdir(), "left_behind")):
    open(path, "w").write("left = 'behind'")
left_running = subprocess.Popen(["sleep", "612"], start_new_session=True)
"""
LOOK = """
import builtins, importlib.util, json, os, random, sys, tempfile
import matplotlib
import cs_layers.gradient_check
from pathlib import Path
def text_of(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""
print(json.dumps({
    "environment": sorted(os.environ), "argv": sys.argv, "folder": os.listdir("."), "modules": len(sys.modules),
    "temporary": [name for name in os.listdir(tempfile.gettempdir()) if "left" in name],
    "draws": [np.random.random(), random.random()], "errors": np.geterr(), "recursion": sys.getrecursionlimit(),
    "left": ["left_behind" in sys.modules, importlib.util.find_spec("left_behind") is not None,
             *(hasattr(one, "left_behind") for one in (builtins, np, cs_layers.gradient_check))],
    "check": callable(cs_layers.gradient_check.rel_error), "dpi": matplotlib.rcParams["figure.dpi"],
    "sleeping": [str(path) for path in Path("/proc").glob("[0-9]*/cmdline") if b"612" in text_of(path)],
}))
"""
RIGHT = "def affine_forward(x, w, b):\n    return x.reshape(len(x), -1) @ w + b\n"


def seen(graded):
    """What the answer cell printed."""
    [cell] = [cell for cell in graded.notebook.cells if cell.id == "answer"]
    return json.loads(next(output.text for output in cell.outputs if output.name == "stdout"))


def test_nothing_of_one_submission_reaches_the_next(affine):
    before = seen(affine.grade(LOOK + RIGHT))
    assert affine.score(affine.grade(LEAVE + RIGHT)) == 5
    after = affine.grade(LOOK + RIGHT)
    assert seen(after) == before
    assert affine.score(after) == 5
    assert not any(before["left"])


def bundle(*asked_for):
    return SimpleNamespace(asked_for=list(asked_for), imports=[])


def test_idle_parents_of_other_notebooks_are_ended_but_none_that_is_in_use(monkeypatch):
    monkeypatch.setattr(Parents, "_start", lambda self, kind, settings: Stub())
    monkeypatch.setattr(parents.hiding, "build", lambda folder, asked_for: None)
    some = Parents()
    try:
        with some.of(bundle("in use")) as (_, used):
            kept = []
            for number in range(10):
                with some.of(bundle(f"notebook {number}")) as (_, student):
                    kept.append(student)
            assert len(some._students) == parents.MAX_STUDENTS
            assert not used.stopped
            assert [one.stopped for one in kept] == [True] * 7 + [False] * 3
            with some.of(bundle("notebook 9")) as (_, again):
                assert again is kept[9]
    finally:
        some.close()
    assert used.stopped


class Stub:
    """A warm parent that is no process."""

    def __init__(self):
        self.users, self.stopped = 0, False

    def is_alive(self):
        return True

    def stop(self):
        self.stopped = True


def test_a_closed_grader_starts_nothing():
    some = Parents()
    some.close()
    with pytest.raises(RuntimeError, match="closed"), some.of(bundle()):
        pass
    assert not os.path.exists(some.base)


def test_a_grader_that_is_killed_leaves_nothing(tmp_path):
    code = (
        "import os, signal\nfrom cs_layers.grading.engine import Grader\n"
        "Grader('unsandboxed').check()\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    (tmp_path / "tmp").mkdir()
    subprocess.run([sys.executable, "-c", code], env={**os.environ, "TMPDIR": str(tmp_path / "tmp")}, cwd=tmp_path)
    deadline = time.monotonic() + 60
    while os.listdir(tmp_path / "tmp") and time.monotonic() < deadline:
        time.sleep(0.1)
    assert os.listdir(tmp_path / "tmp") == []


def test_a_folder_that_was_left_half_made_is_removed_after_a_while(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name, age in (("old", 1000), ("new", 0)):
        (tmp_path / f"cs-layers-grading-{name}/student-x").mkdir(parents=True)
        os.utime(tmp_path / f"cs-layers-grading-{name}", (time.time() - age,) * 2)
    Parents().close()
    assert os.listdir(tmp_path) == ["cs-layers-grading-new"]
