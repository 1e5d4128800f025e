"""What macOS lacks, taken away: no Landlock, seccomp or namespaces, no /proc, no number of a peer."""

import os
import resource
import subprocess
import sys
import time

import pytest

from cs_layers.grading import parents, supervisor, warm
from cs_layers.grading.engine import Grader, SandboxRefused
from cs_layers.grading.sandbox import limits, probe
from cs_layers.grading.supervisor import descendants

RIGHT = "def affine_forward(x, w, b):\n    return x.reshape(len(x), -1) @ w + b"
TAKE_AWAY = """
import socket
from cs_layers.grading import supervisor
from cs_layers.grading.sandbox import syscalls
syscalls.available, supervisor._PROC = False, False
if hasattr(socket, "SO_PASSCRED"):
    del socket.SO_PASSCRED
from cs_layers.grading.warm import main
"""


@pytest.fixture
def bare_grader(affine, monkeypatch):
    """A grader whose processes find nothing of Linux."""
    start = parents.subprocess.Popen

    def poorer(command, **options):
        return start(
            [*command[:-1], command[-1].replace("from cs_layers.grading.warm import main", f"exec({TAKE_AWAY!r})")],
            **options,
        )

    monkeypatch.setattr(parents.subprocess, "Popen", poorer)
    with Grader(level="unsandboxed", limits=affine.limits, wanted="unsandboxed") as grader:
        try:
            grader.check()
        except SandboxRefused as refused:
            if "other users cannot read" not in str(refused):
                raise
            pytest.skip("this Python lies in a folder that other users cannot read")
        yield grader


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "score"),
    [
        (RIGHT, 5),
        ("def affine_forward(x, w, b):\n    return x", 0),
        ("def affine_forward(x, w, b):\n    while True:\n        pass", 0),
        ("import os\nfor _ in range(3):\n    if os.fork() == 0:\n        while True:\n            pass\n" + RIGHT, 5),
    ],
    ids=["right", "wrong", "endless", "children"],
)
def test_grading_works_and_says_that_nothing_held(affine, bare_grader, answer, score):
    graded = bare_grader.grade(affine.submission(answer), affine.bundle)
    assert affine.score(graded) == score, graded.log
    assert "UNSANDBOXED" in graded.notebook.cells[0].source
    warm_parents = [parent.process.pid for parent in bare_grader._parents._students.values()]
    deadline = time.monotonic() + 30
    while any(map(descendants, warm_parents)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(map(descendants, warm_parents))


def test_processes_are_found_without_proc(monkeypatch):
    monkeypatch.setattr(supervisor, "_PROC", False)
    assert os.getpid() in descendants(os.getppid())
    assert 10 < supervisor.memory_of([os.getpid()], 1 << 20) < 8000
    assert not supervisor._is_dead(os.getpid())
    assert supervisor._is_dead(1 << 30)


def test_a_system_that_takes_no_memory_limit_is_no_error(monkeypatch):
    def refuse(kind, value):
        assert kind == resource.RLIMIT_AS
        raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    limits.cap_memory(100)


def test_students_processes_are_counted_without_proc(monkeypatch):
    monkeypatch.setattr(warm.syscalls, "available", False)
    assert warm._count_processes(os.getuid()) >= 1


def test_a_python_that_others_cannot_read_is_named():
    held = dict.fromkeys(probe.REQUIRED["landlock"], True)
    assert probe.refusal(held, "landlock") == ""
    assert "use a Python that everybody can read" in probe.refusal(held | {"libraries_readable": False}, "landlock")


WINDOWS = """
import sys
sys.modules["fcntl"] = sys.modules["resource"] = None
from traitlets.config import Config
from cs_layers.cli import main
from cs_layers.grading import configure
configure(Config())
sys.exit(main(["grade", "warmup"]))
"""


def test_windows_checks_notebooks_and_refuses_to_grade_in_a_sentence(one_notebook):
    done = subprocess.run(
        [sys.executable, "-c", WINDOWS], cwd=one_notebook.folder, stderr=subprocess.PIPE, text=True, check=False
    )
    assert done.returncode == 2, done.stderr
    assert "grade in WSL 2" in done.stderr
    assert "Traceback" not in done.stderr
