"""A small course with everything that a gradebook can hold, its class, and what compares two graded copies of it."""

import json
import os
import sqlite3
import subprocess
from datetime import datetime

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from cs_layers.grading.course import nbgrader_api, succeed
from cs_layers.grading.farm import command, task
from cs_layers.grading.farm.here import Here

CONFIGURATION = """
c = get_config()
c.CourseDirectory.course_id = "hall"
c.LateSubmissionPlugin.penalty_method = "zero"
from cs_layers.grading import configure
configure(c, limits={"call": 2, "cell": 4, "notebook": 30})
"""
RIGHT = "def affine_forward(x, w, b):\n    return x.reshape(len(x), -1) @ w + b"
WRONG = "def affine_forward(x, w, b):\n    return x * 0"
ENDLESS = "def affine_forward(x, w, b):\n    while True:\n        pass"
CRASH = "import os\ndef affine_forward(x, w, b):\n    os._exit(3)"
ADDRESS = f"{RIGHT}\nprint(affine_forward, object())\nimport warnings; warnings.warn('slow')\n[object()]"
DUE = datetime(2026, 3, 1)

ROWS = {
    "student": "select id, first_name, last_name, email, lms_user_id from student",
    "submission": "select student_id, timestamp, extension from submitted_assignment",
    "notebook": "select {who}, n.flagged, n.late_submission_penalty from {notebooks}",
    "grade": (
        "select {who}, c.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade from grade g {of}"
    ),
    "comment": "select {who}, c.name, g.auto_comment, g.manual_comment from comment g {of}",
}
WHO = "s.student_id, b.name"
NOTEBOOKS = (
    "submitted_notebook n join notebook b on b.id = n.notebook_id join submitted_assignment s on s.id = n.assignment_id"
)
OF = f"join base_cell c on c.id = g.cell_id join {NOTEBOOKS} where n.id = g.notebook_id"


def marked(grade_id, source, cell="code", **marks):
    """A cell with nbgrader's marks."""
    marks = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3, **marks}
    make = new_code_cell if cell == "code" else new_markdown_cell
    return make(source, id=grade_id, metadata={"nbgrader": {**marks, "grade_id": grade_id, "cell_type": cell}})


def essay():
    """A notebook with an answer in words, which a person grades, a task, and a test of partial credit."""
    cells = [
        marked("why", "Because.", "markdown", grade=True, solution=True, points=2),
        marked("do", "Draw a picture.", "markdown", task=True, locked=True, points=1),
        marked("count", "### BEGIN SOLUTION\ncount = 3\n### END SOLUTION", solution=True),
        marked("count_test", "count if count in (1, 2, 3) else 0", grade=True, locked=True, points=3),
        new_code_cell("open('numbers.csv').read()", id="read"),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


class Hall:
    """The course in a folder, and those who handed in."""

    def __init__(self, folder):
        self.folder = folder

    def give_time(self):
        """Limits that nobody reaches whose cells end, however busy the machine is."""
        path = self.folder / "nbgrader_config.py"
        path.write_text(path.read_text().replace('"call": 2, "cell": 4, "notebook": 30', '"call": 30, "notebook": 300'))

    def copy(self, folder):
        subprocess.run(["cp", "-a", self.folder, folder], check=True)  # it knows pipes
        return Hall(folder)

    def hand_in(self, student, answer=RIGHT, essay=None, name="affine.ipynb", time=None):
        """Put a student's notebooks into ``submitted/``; returns the folder."""
        folder = self.folder / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        if answer is not None:
            self._write(folder / name, "affine.ipynb", {"answer": answer})
        if essay is not None:
            self._write(folder / "essay.ipynb", "essay.ipynb", essay)
        if time:
            (folder / "timestamp.txt").write_text(time)
        return folder

    def _write(self, path, released, answers):
        nb = json.loads((self.folder / "release/ps1" / released).read_text())
        for cell in nb["cells"]:
            cell["source"] = answers.get(cell["id"], cell["source"])
        path.write_text(json.dumps(nb))

    def grade(self, **options):
        """`cs-layers grade ps1`."""
        return command.grade(self.folder, "ps1", **options)

    def nbgrader(self, what, **options):
        """An nbgrader command for everybody."""
        with nbgrader_api(self.folder) as api:
            return getattr(api, what)("ps1", "*", **options)

    def sql(self, text, *values):
        with sqlite3.connect(self.folder / "gradebook.db") as book:
            return book.execute(text, values).fetchall()

    def rows(self):
        """The gradebook's rows, but for what nbgrader makes up."""
        return {
            name: sorted(self.sql(text.format(who=WHO, notebooks=NOTEBOOKS, of=OF)), key=repr)
            for name, text in ROWS.items()
        }

    def files(self, step="autograded"):
        """Contents and mode of every file and folder of a step."""
        root = self.folder / step
        return {
            str(path.relative_to(root)): (path.read_bytes() if path.is_file() else None, oct(path.stat().st_mode))
            for path in sorted(root.rglob("*"))
        }

    def scores(self):
        """Points of the machine-graded tests by student."""
        rows = self.rows()["grade"]
        return {student: sum(row[3] or 0 for row in rows if row[0] == student) for student in {row[0] for row in rows}}


@pytest.fixture(scope="session")
def released_hall(tmp_path_factory, affine_source):
    """The course, released, with a time when it is due."""
    folder = tmp_path_factory.mktemp("hall")
    (folder / "source/ps1").mkdir(parents=True)
    nbformat.write(affine_source, folder / "source/ps1/affine.ipynb")
    nbformat.write(essay(), folder / "source/ps1/essay.ipynb")
    (folder / "source/ps1/numbers.csv").write_text("1,2\n")
    (folder / "nbgrader_config.py").write_text(CONFIGURATION)
    with nbgrader_api(folder) as api:
        succeed(api.generate_assignment("ps1"), "generate_assignment")
        with api.gradebook as book:
            book.update_or_create_assignment("ps1", duedate=DUE)
    (folder / ".grading_secret").write_text("the same for all copies")
    return Hall(folder)


@pytest.fixture
def hall(released_hall, tmp_path):
    """A copy of the course, with nobody in it."""
    return released_hall.copy(tmp_path / "hall")


class Paper(Here):
    """Grades nothing: every submission gets no points and a reason, at once."""

    name = "paper"

    def results(self, wanted):
        for one in wanted:
            yield one, task.give_up(one, "Nobody ran it.")


@pytest.fixture
def here(monkeypatch):
    """Have the farm grade in this process, which starts sooner than Dask."""
    monkeypatch.setattr(command, "_pool", lambda *_: Here())


@pytest.fixture
def paper(monkeypatch):
    """Have the farm run nothing, for tests of what stands around it; returns the pool's class."""
    monkeypatch.setattr(command, "_pool", lambda *_: Paper())
    return Paper


@pytest.fixture
def undisturbed(monkeypatch):
    """What grades a copy of a class in this process, where nothing goes wrong: its rows and files."""

    def grade(hall):
        other = hall.copy(hall.folder.with_name("undisturbed"))
        with monkeypatch.context() as patch:
            patch.setattr(command, "_pool", lambda *_: Here())
            other.grade()
        return other.rows(), other.files()

    return grade


def whole_class(hall):
    """Everything that may happen to a gradebook."""
    hall.hand_in("right", RIGHT, {"why": "For it is so.", "count": "count = 3"}, time="2026-02-27 10:00:00 UTC")
    hall.hand_in("partly", RIGHT, {"count": "count = 2"})
    hall.hand_in("wrong", WRONG, {}, time="2026-02-28 23:59:59 UTC")
    hall.hand_in("late", RIGHT, {"why": "Late.", "count": "count = 3"}, time="2026-03-01 00:00:01 UTC")
    hall.hand_in("extended", RIGHT, {"count": "count = 3"}, time="2026-03-01 12:00:00 UTC")
    hall.hand_in("endless", ENDLESS)
    hall.hand_in("crash", CRASH, {"count": "count = 1"})
    hall.hand_in("address", ADDRESS)
    hall.hand_in("renamed", RIGHT, name="affine (1).ipynb")
    hall.hand_in("nothing", None)
    (hall.hand_in("cut_off", None) / "affine.ipynb").write_text('{"cells": [')
    odd = hall.hand_in("odd", RIGHT)
    (odd / "link.txt").symlink_to("/etc/passwd")
    os.mkfifo(odd / "pipe")
    (odd / "numbers.csv").write_text("the student's own, which is not used")
    (odd / "sub").mkdir()
    (odd / "sub/mine.txt").write_text("kept")
    (hall.folder / "submitted/linked").mkdir()
    (hall.folder / "submitted/linked/ps1").symlink_to("../right/ps1")


@pytest.fixture(scope="session")
def fill():
    """What hands in for a whole class."""
    return whole_class
