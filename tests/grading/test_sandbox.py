"""The layers of the sandbox, each tried alone, and what happens where one is missing."""

import contextlib
import glob
import json
import os
import sys
import time
from dataclasses import replace

import pytest

from cs_layers.grading.engine import Grader, SandboxRefused
from cs_layers.grading.sandbox import landlock, limits, probe, seccomp, syscalls
from cs_layers.grading.supervisor import descendants, memory_of

linux = pytest.mark.skipif(not syscalls.available, reason="namespaces, Landlock and seccomp are Linux's")
RIGHT = "def affine_forward(x, w, b):\n    return x.reshape(len(x), -1) @ w + b"


def in_a_child(action):
    """The exit status of `action` in a process of its own: 0 if it returned true."""
    pid = os.fork()
    if pid == 0:
        try:
            os._exit(0 if action() else 1)
        except BaseException:
            os._exit(2)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def fails(action):
    try:
        action()
    except OSError:
        return True
    return False


@linux
def test_landlock_leaves_only_what_is_allowed(tmp_path):
    if not landlock.abi():
        pytest.skip("this kernel has no Landlock")
    (tmp_path / "mine").mkdir()
    (tmp_path / "secret").write_text("x")

    def action():
        syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
        landlock.restrict(["/usr"], [str(tmp_path / "mine")])
        (tmp_path / "mine/file").write_text("x")
        return fails((tmp_path / "secret").read_text) and fails(lambda: (tmp_path / "new").write_text("x"))

    assert in_a_child(action) == 0


@linux
def test_seccomp_denies_sockets_tracing_and_namespaces():
    import socket

    def action():
        syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
        seccomp.restrict(shared_files=True)
        socket.socketpair()
        return (
            fails(socket.socket)
            and fails(lambda: syscalls.unshare(syscalls.CLONE_NEWUSER))
            and fails(lambda: os.chmod("/tmp", 0o777))
            and os.waitpid(os.fork() or os._exit(0), 0)[1] == 0
        )

    assert in_a_child(action) == 0


def test_limits_hold_and_cannot_be_raised():
    import resource

    def action():
        limits.apply(limits.Limits(memory=300, disk=1), already_running=1000)
        try:
            bytearray(1 << 30)
            return False
        except MemoryError:
            pass
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))
            return os.getuid() == 0
        except ValueError:
            return True

    assert in_a_child(action) == 0 or sys.platform == "darwin"


@pytest.mark.parametrize("value", [0, -1, "3", True, None])
def test_a_limit_that_is_no_number_above_0_is_refused(value):
    with pytest.raises(ValueError, match="limit call"):
        limits.Limits(call=value)


def test_a_level_that_is_not_known_is_refused():
    with pytest.raises(ValueError, match="choose one of"):
        Grader(level="none")


def test_levels_follow_from_what_held():
    everything = dict.fromkeys(probe.REQUIRED["namespaces"], True)
    assert probe.level(everything) == "namespaces"
    assert probe.level({**everything, "grader_invisible": False}) == "landlock"
    assert probe.level({**everything, "no_network": False}) == "unsandboxed"
    assert probe.level({}) is None
    assert probe.missing({**everything, "not_root": False}, "landlock") == ["not_root"]


@linux
@pytest.mark.parametrize("wanted", ["namespaces", "landlock", "unsandboxed"])
def test_the_level_that_is_reported_is_the_one_that_holds(affine, wanted):
    """Unsandboxed works, but only if it is asked for; Landlock alone needs a Python that every user can read."""
    with Grader(level="unsandboxed", limits=affine.limits, wanted=wanted) as grader:
        try:
            level = grader.check()
        except SandboxRefused as refused:
            if "libraries_readable" not in str(refused):
                raise
            pytest.skip("this Python lies in a folder that other users cannot read")
        assert level == wanted or (wanted == "namespaces" and level == "landlock")
        graded = grader.grade(affine.submission(RIGHT), affine.bundle)
    assert affine.score(graded) == 5
    assert ("UNSANDBOXED" in graded.notebook.cells[0].source) == (level == "unsandboxed")


@linux
def test_nothing_is_graded_below_the_level_asked_for(affine):
    with (
        Grader(level="namespaces", limits=affine.limits, wanted="unsandboxed") as grader,
        pytest.raises(SandboxRefused),
    ):
        grader.grade(affine.submission(RIGHT), affine.bundle)


@linux
def test_memory_is_measured_over_all_processes():
    mine = memory_of([os.getpid()], 1 << 20)
    assert 10 < mine < 8000
    assert os.getpid() in descendants(os.getppid())


def test_a_submission_finds_nothing_of_the_one_before(affine):
    first = "import os, random\nopen('left', 'w').write('x')\nos.environ['LEFT'] = '1'\nnp.left = 1\n" + RIGHT
    second = (
        "import os\nassert not os.path.exists('left') and 'LEFT' not in os.environ and not hasattr(np, 'left')\n"
        + RIGHT
    )
    assert affine.score(affine.grade(first)) == affine.score(affine.grade(second)) == 5


def test_a_notebook_may_have_more_hidden_tests_than_a_student_may_have_processes(affine):
    import nbformat

    from cs_layers.grading.bundle import from_notebook

    nb = affine.released.copy()
    hidden = nb.cells[4]
    nb.cells = nb.cells[:3]
    for number in range(70):
        test = "assert affine_forward(np.ones((1, 1)), np.ones((1, 1)), 0) == 1"
        source = f"### BEGIN HIDDEN TESTS\n{test}\n### END HIDDEN TESTS"
        marks = {**hidden.metadata.nbgrader, "grade_id": f"t{number}", "points": 1}
        nb.cells.append(nbformat.v4.new_code_cell(source, metadata={"nbgrader": marks}))
    bundle = from_notebook(nb, "a", "many")
    nb = nbformat.from_dict(nb)
    raw = nbformat.writes(nb).replace('"raise NotImplementedError()"', json.dumps(RIGHT)).encode()
    graded = affine.grader.grade(raw, bundle)
    assert affine.score(graded) == 70


def test_random_numbers_are_the_same_when_graded_again(affine):
    text = RIGHT + "\nimport random\nprint(np.random.rand(), random.random())"
    outputs = [affine.grade(text).notebook.cells[3].outputs for _ in range(2)]
    assert outputs[0]
    assert outputs[0] == outputs[1]


LEADERLESS = """
import ctypes, threading, time
libc = ctypes.CDLL(None)
def live():
    libc.prctl(15, b"{name}")
    while True:
        time.sleep(0.01)
threading.Thread(target=live, daemon=True).start()
time.sleep(0.1)
libc.syscall({exit}, 0)  # ends this thread alone; the process looks dead
"""


@linux
@pytest.mark.parametrize("wanted", ["namespaces", "landlock"])
def test_a_process_whose_first_thread_has_ended_is_ended_with_the_rest(affine, wanted):
    name = f"left{os.getpid()}"
    answer = LEADERLESS.format(name=name, exit={"x86_64": 60}.get(syscalls.MACHINE, 93))
    with Grader(level="unsandboxed", limits=replace(affine.limits, cell=2), wanted=wanted) as grader:
        try:
            grader.check()
        except SandboxRefused:
            pytest.skip("this machine does not have it")
        affine.score(grader.grade(affine.submission(answer), affine.bundle))
        until = time.monotonic() + 20
        while threads_called(name):
            assert time.monotonic() < until
            time.sleep(0.1)


def threads_called(name):
    found = []
    for path in glob.glob("/proc/[0-9]*/task/*/comm"):
        with contextlib.suppress(OSError), open(path) as file:
            found += [path] * (file.read().strip() == name)
    return found
