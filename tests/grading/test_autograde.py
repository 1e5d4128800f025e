"""`nbgrader autograde`, as instructors type it, in a course that adds two lines to its configuration."""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

FULL = {"double_test": 2.0, "scalar_test": 3.0, "bool_test": 1.0}
NOTHING = dict.fromkeys(FULL, 0.0)


@pytest.mark.slow
def test_each_submission_gets_what_it_deserves_whatever_its_neighbours_do(one_notebook):
    one_notebook.submit("a_right", "def double(x):\n    return 2 * x")
    one_notebook.submit(
        "b_right_but_noisy",
        "import sys, warnings\n"
        "def double(x):\n"
        "    print('on stderr', file=sys.stderr)\n"
        "    warnings.warn('and a warning')\n"
        "    return 2 * x",
    )
    one_notebook.submit("c_wrong_below_zero", "import numpy as np\ndef double(x):\n    return 2 * np.maximum(x, 0)")
    one_notebook.submit("d_syntax_error", "def double(x:\n    return 2 * x")
    one_notebook.submit("e_kernel_dies", "import os\ndef double(x):\n    os._exit(1)")
    one_notebook.submit("f_endless_loop", "def double(x):\n    while True:\n        pass")
    one_notebook.submit("g_right", "def double(x):\n    return x + x")

    assert one_notebook.grade("--Execute.timeout=4") == {
        "a_right": FULL,
        "b_right_but_noisy": FULL,
        "c_wrong_below_zero": FULL | {"double_test": 0.0},
        "d_syntax_error": NOTHING,
        "e_kernel_dies": NOTHING,
        "f_endless_loop": NOTHING,
        "g_right": FULL,
    }


ROWS = """
    select a.student_id, c.name, g.auto_score, g.needs_manual_grade, null from grade g
    join base_cell c on c.id = g.cell_id join submitted_notebook n on n.id = g.notebook_id
    join submitted_assignment a on a.id = n.assignment_id
    union all
    select a.student_id, c.name, null, null, m.auto_comment from comment m
    join base_cell c on c.id = m.cell_id join submitted_notebook n on n.id = m.notebook_id
    join submitted_assignment a on a.id = n.assignment_id
    order by 1, 2, 3, 5
"""


def left_by(folder):
    """All that a run has left: the graded notebooks' bytes, the gradebook's rows."""
    with contextlib.closing(sqlite3.connect(folder / "gradebook.db")) as book:
        rows = book.execute(ROWS).fetchall()
    graded = {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.glob("autograded/*/*/*"))}
    return graded, rows


@pytest.mark.slow
def test_running_ahead_changes_neither_notebooks_nor_gradebook(one_notebook, tmp_path):
    one_notebook.submit("a_right", "def double(x):\n    return 2 * x")
    one_notebook.submit("b_draws", "import numpy as np\ndef double(x):\n    return 2 * x\nnp.random.random(3)")
    one_notebook.submit("c_wrong", "def double(x):\n    return 3 * x\nprint(double)")
    one_notebook.submit("d_untouched", "raise NotImplementedError()")
    one_notebook.submit("e_dies", "import os\nos._exit(1)")
    one_notebook.submit("f_figure", "import matplotlib.pyplot as plt\nplt.plot([1, 2])\ndouble = lambda x: x + x")
    (one_notebook.folder / ".grading_secret").write_text("the same for both")
    copy = shutil.copytree(one_notebook.folder, tmp_path / "copy")
    one_notebook.grade("--Autograde.workers=3")
    first = left_by(one_notebook.folder)
    one_notebook.folder = copy
    one_notebook.grade("--Autograde.workers=0")
    assert left_by(copy) == first
    assert len(first[0]) == 6


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_an_interrupted_run_leaves_nothing_behind(one_notebook, tmp_path):
    for number in range(4):
        one_notebook.submit(f"s{number}", "while True:\n    pass")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = autograde(one_notebook.folder, TMPDIR=str(temporary))
    wait_until(lambda: len(list(temporary.glob("cs-layers-grading-*/check-*"))) >= 2)
    process.send_signal(signal.SIGINT)
    assert process.wait(180) != 0
    wait_until(lambda: not processes_that_name(str(temporary)))
    assert list(temporary.glob("cs-layers-grading-*")) == []
    assert list(one_notebook.folder.glob(".canary-*")) == []
    assert list(one_notebook.folder.glob("autograded/*/*")) == []


@pytest.mark.slow
def test_what_a_killed_run_was_writing_is_graded_again(one_notebook):
    one_notebook.submit("a", "def double(x):\n    return 2 * x")
    one_notebook.submit("b", "import time\ntime.sleep(4)\ndef double(x):\n    return 2 * x")
    process = autograde(one_notebook.folder, "--Autograde.workers=0")
    wait_until((one_notebook.folder / "autograded/b/warmup").exists)
    process.kill()
    process.wait()
    assert (one_notebook.folder / "autograded/b/warmup").exists()
    points = one_notebook.grade()
    assert points["b"] == points["a"]
    assert sum(points["b"].values()) > 0
    assert list(one_notebook.folder.glob(".cs_layers/unfinished-*")) == []


def autograde(folder, *options, **environment):
    """`nbgrader autograde`, begun."""
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    return subprocess.Popen(
        [sys.executable, "-m", "nbgrader", "autograde", "warmup", *options],
        cwd=folder, stderr=subprocess.DEVNULL, env={**os.environ, "PATH": path, **environment},
    )  # fmt: skip


def wait_until(condition, seconds=120):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def processes_that_name(text):
    """Processes with a text in their command line."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/cmdline", "rb") as file:
            if text.encode() in file.read():
                found.append(pid)
    return found
