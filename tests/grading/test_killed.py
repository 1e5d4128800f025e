"""What the system or a person kills while an honest submission is graded costs it nothing."""

import os
import signal
import sys
import threading
import time

import pytest

from cs_layers.grading.engine import Grader
from cs_layers.grading.supervisor import _children as children

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]
SLOW = "import time\ndef affine_forward(x, w, b):\n    time.sleep(1.2)\n    return x.reshape(len(x), -1) @ w + b"


@pytest.fixture(scope="module")
def grader(affine):
    with Grader(limits=affine.limits) as grader:
        grader.check(affine.bundle)
        yield grader


CHAINS = (
    ("checkers' parent", "checker"),
    ("students' parent", "supervisor", "init", "student's process", "copy for a hidden test"),
)


def victims(grader):
    """The processes of one submission, by what they are; those that are there by now. A students' parent that was
    killed is missing until there is another."""
    parents, found = grader._parents, {}
    for chain, first in zip(CHAINS, (parents._checker, *parents._students.values()), strict=False):
        below = [first.process.pid]
        for what in chain:
            if below:
                found[what] = below[-1]
                below = children(below[-1])
    return found


@pytest.mark.parametrize("late", [False, True], ids=["in a visible test", "in a hidden test"])
@pytest.mark.parametrize(
    "victim",
    [what for chain in CHAINS for what in chain],
)
def test_a_process_that_is_killed_costs_no_points(affine, grader, victim, late):
    graded, until = [], time.monotonic() + 60
    while len(victims(grader)) > 2:  # of the test before
        time.sleep(0.01)
    thread = threading.Thread(target=lambda: graded.append(grader.grade(affine.submission(SLOW), affine.bundle)))
    thread.start()
    wanted = "copy for a hidden test" if late or victim.startswith("copy") else "student's process"
    while wanted not in (running := victims(grader)):
        assert time.monotonic() < until
        time.sleep(0.01)
    time.sleep(0.3)
    os.kill(running[victim], signal.SIGKILL)
    thread.join(120)
    assert affine.score(graded[0]) == 5, graded[0].log
    assert not graded[0].log["failure"]


def test_who_kills_himself_gets_the_reason_the_second_time(affine, grader):
    answer = "import os\ndef affine_forward(x, w, b):\n    os.kill(os.getpid(), 9)"
    graded = grader.grade(affine.submission(answer), affine.bundle)
    assert affine.score(graded) == 0
    assert "the process that runs your code" in " ".join(graded.reasons.values())
