"""A class that nobody has to wait for: submissions made from the solutions, graded with nbgrader's own commands."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from cs_layers.grading import gradebook
from cs_layers.grading.course import CourseError, build, copy_course, read_solution
from cs_layers.grading.submissions import make_submission, mistake_source

MARK = ".made_by_cs_layers_demo"
A1, A3 = "a1_layers", "a3_convolution"

# Added to the demo's own configuration: an endless loop ends sooner than in a real class, and where there is no sandbox
# (macOS) grading goes on without, for this class is ours.
CONFIGURATION = """
c.ExecuteApart.limits = {"call": 10, "cell": 10}
c.ExecuteApart.level = "unsandboxed"
"""


@dataclass(frozen=True)
class Student:
    """One member of the class: who, what they handed in, and where it departs from the solution.

    ``answers`` maps the ``grade_id`` of an answer cell to its text, ``mistakes`` to the name of a mistake that the
    checks know. ``answers=None`` stands for notebooks handed in as they were released.
    """

    id: str
    what: str
    assignment: str
    answers: dict | None = field(default_factory=dict)
    mistakes: dict = field(default_factory=dict)


SYNTAX_ERROR = """\
def affine_forward(x, w, b):
    out = x.reshape(x.shape[0], -1) @ w + b
    return out, (x, w, b
"""
CRASH = """\
import ctypes

def relu_forward(x):
    ctypes.string_at(0)  # reads memory that is not ours: Python dies
"""
ENDLESS_LOOP = """\
def relu_backward(dout, cache):
    dx = dout * (cache > 0)
    i = 0
    while i < len(dx):
        dx[i] = dx[i]
    return dx
"""
PRINTS_AND_WARNS = """\
import sys
import warnings

def affine_forward(x, w, b):
    print("affine_forward was called with", x.shape)
    print("debug: on stderr", file=sys.stderr)
    warnings.warn("this layer is slow")
    return x.reshape(x.shape[0], -1) @ w + b, (x, w, b)
"""

CLASS = [
    Student("ada", "everything right", A1),
    Student("alan", "everything right", A3),
    Student("blaise", "handed in as released", A1, None),
    Student("charles", "db keeps its batch axis", A1, mistakes={"affine_backward": "db-kept-batch-axis"}),
    Student("dorothy", "relu_backward writes into dout", A1, mistakes={"relu_backward": "writes-dout"}),
    Student("edsger", "log of a probability of 0", A1, mistakes={"softmax_loss": "log-of-underflowed-probability"}),
    Student("frances", "overlapping windows overwrite", A3, mistakes={"max_pool_backward_naive": "overlap-assigned"}),
    Student("grace", "every tied maximum is paid", A3, mistakes={"max_pool_backward_naive": "ties-paid-in-full"}),
    Student("hedy", "a syntax error", A1, {"affine_forward": SYNTAX_ERROR}),
    Student("ivan", "crashes Python", A1, {"relu_forward": CRASH}),
    Student("john", "an endless loop", A1, {"relu_backward": ENDLESS_LOOP}),
    Student("katherine", "right; prints and warns", A1, {"affine_forward": PRINTS_AND_WARNS}),
]


def run(root=".", folder="demo", out=print):
    """Build the course in a folder of its own, make a class, grade it, and print the grades.

    Parameters
    ----------
    root : path
        The course.
    folder : path
        Where everything is made. A folder that an earlier run made is replaced; any other is left alone.
    out : callable
        Gets each line that is printed.

    Raises
    ------
    CourseError
        The folder exists and is not an earlier run's, or an nbgrader command failed.
    """
    folder = _fresh(folder)
    course = copy_course(root, folder)
    out(f"Building the course in {folder}")
    with open(course / "nbgrader_config.py", "a", encoding="utf-8") as config:
        config.write(CONFIGURATION)
    build(course)
    hand_in(course, CLASS)
    out(f"{len(CLASS)} students handed in. Grading them with nbgrader:")
    for assignment in sorted({student.assignment for student in CLASS}):
        for command in ("autograde", "generate_feedback"):
            out(f"  $ nbgrader {command} {assignment}")
            nbgrader(course, command, assignment)
    out("")
    what = {student.id: student.what for student in CLASS}
    for line in gradebook.table(course, what):
        out(line)
    out("")
    out(f"Feedback pages    open {folder}/feedback/<student>/<assignment>/<notebook>.html in a browser")
    out(f"Graded notebooks  {folder}/autograded/")
    out(f"Formgrader        cd {folder} && ../.venv/bin/jupyter lab, then the menu Nbgrader > Formgrader")
    out("Course notebooks  make lab")


def hand_in(course, students):
    """Write each student's notebooks to ``submitted/``, as they would arrive."""
    for student in students:
        target = Path(course) / "submitted" / student.id / student.assignment
        target.mkdir(parents=True)
        texts = sorted((Path(course) / "solutions" / student.assignment).glob("*.py"))
        answers = student.answers
        if answers is not None:
            answers = answers | {name: mistake_source(name, mistake) for name, mistake in student.mistakes.items()}
        for text in texts:
            released = nbformat.read(course / "assignments" / student.assignment / f"{text.stem}.ipynb", as_version=4)
            submission = make_submission(read_solution(text), released, answers)
            nbformat.write(submission, target / f"{text.stem}.ipynb")


def nbgrader(course, *arguments):
    """Run an nbgrader command in a course as an instructor would type it; its log goes to ``nbgrader.log``."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=course, env={**os.environ, "PATH": path}, text=True, capture_output=True)
    with open(Path(course) / "nbgrader.log", "a", encoding="utf-8") as log:
        log.write(f"$ nbgrader {' '.join(arguments)}\n{done.stdout}{done.stderr}")
    if done.returncode:
        tail = "\n".join(done.stderr.splitlines()[-15:])
        raise CourseError(f"nbgrader {' '.join(arguments)} failed; the end of {course}/nbgrader.log is:\n{tail}")


def _fresh(folder):
    folder = Path(folder).resolve()
    if folder.exists():
        if not (folder / MARK).exists() and any(folder.iterdir()):
            raise CourseError(f"{folder} holds something else; move it away, or give the demo another folder.")
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).touch()
    return folder
