"""A course of one small notebook, built once and copied for each test that grades."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from cs_layers.grading import course, demo

HERE = Path(__file__).parent
collect_ignore = ["accidents", "attacks"]  # what students hand in, though some of it looks like tests


@pytest.fixture(scope="session")
def built_course(tmp_path_factory):
    """The course of ``one_notebook``, released."""
    folder = course.copy_course(HERE / "one_notebook", tmp_path_factory.mktemp("built"))
    course.build(folder)
    return folder


@pytest.fixture
def one_notebook(built_course, tmp_path):
    """A copy of that course, and what puts a submission into it and grades all that were put."""
    return Classroom(shutil.copytree(built_course, tmp_path / "course"))


class Classroom:
    """One course with its submissions."""

    def __init__(self, folder):
        self.folder = folder

    def submit(self, student, answer):
        """Hand in the released notebook with ``answer`` in its one answer cell."""
        nb = nbformat.read(self.folder / "assignments/warmup/double.ipynb", as_version=4)
        [cell] = [cell for cell in nb.cells if cell.id == "double"]
        cell.source = answer
        target = self.folder / "submitted" / student / "warmup"
        target.mkdir(parents=True)
        nbformat.write(nb, target / "double.ipynb")

    def grade(self, *options):
        """Run ``nbgrader autograde`` and return each student's points by test."""
        from nbgrader.api import Gradebook

        demo.nbgrader(self.folder, "autograde", "warmup", *options)
        with Gradebook(f"sqlite:///{self.folder}/gradebook.db") as book:
            submissions = book.assignment_submissions("warmup")
            return {
                s.student.id: {grade.name: grade.score for nb in s.notebooks for grade in nb.grades}
                for s in submissions
            }


CONFIGURATION = """
c = get_config()
c.CourseDirectory.course_id = "tiny"
from cs_layers.grading import configure
configure(c, limits={"call": 3, "cell": 8, "notebook": 40})
"""


@pytest.fixture(scope="session")
def nbgrader_class(tmp_path_factory):
    """Makes a one-notebook course, with this text at the end of its configuration."""
    return lambda configuration="": Class(tmp_path_factory.mktemp("course"), affine_notebook(), configuration)


class Class:
    """A one-notebook course and those who handed in, seen through nbgrader's own commands."""

    OF = "join submitted_notebook n on n.id ="
    WHOSE = "join submitted_assignment s on s.id = n.assignment_id"

    def __init__(self, folder, source, configuration=""):
        self.folder = folder
        (folder / "source/ps1").mkdir(parents=True)
        nbformat.write(source, folder / "source/ps1/affine.ipynb")
        (folder / "source/ps1/numbers.csv").write_text("1,2\n")
        (folder / "nbgrader_config.py").write_text(CONFIGURATION + configuration)
        self.run("generate_assignment", "ps1")
        self.released = json.loads((folder / "release/ps1/affine.ipynb").read_text())

    def run(self, *arguments, status=0):
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        command = [sys.executable, "-m", "nbgrader", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env={**os.environ, "PATH": path}, text=True, capture_output=True
        )
        assert done.returncode == status, done.stderr[-4000:]
        return done.stderr

    def notebook(self, answer):
        nb = json.loads(json.dumps(self.released))
        for cell in nb["cells"]:
            if cell["id"] == "answer":
                cell["source"] = answer
        return nb

    def place(self, student):
        folder = self.folder / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        return folder

    def hand_in(self, student, answer, name="affine.ipynb", encoding="utf-8"):
        path = self.place(student) / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(json.dumps(self.notebook(answer)).encode(encoding))
        return path.parent

    def query(self, text):
        import sqlite3

        with sqlite3.connect(self.folder / "gradebook.db") as book:
            return book.execute(text).fetchall()

    def scores(self):
        score = "sum(coalesce(g.manual_score, g.auto_score) + coalesce(g.extra_credit, 0))"
        return dict(
            self.query(
                f"select s.student_id, {score} from grade g {self.OF} g.notebook_id {self.WHOSE} group by s.student_id"
            )
        )

    def comments(self):
        return dict(
            self.query(f"select s.student_id, c.auto_comment from comment c {self.OF} c.notebook_id {self.WHOSE}")
        )


@pytest.fixture(scope="session")
def affine():
    """One notebook with one answer (`affine_forward`), a visible test (2 points) and a hidden one (3 points), and a
    grader."""
    room = AffineRoom()
    yield room
    room.grader.close()


class AffineRoom:
    """Grades answers to one small notebook, without nbgrader."""

    def __init__(self):
        from cs_layers.grading.bundle import SourceCell, from_notebook
        from cs_layers.grading.engine import Grader
        from cs_layers.grading.sandbox.limits import Limits

        source, self.released = affine_notebook(), released(affine_notebook())
        saved = {
            cell.metadata.nbgrader.grade_id: SourceCell(
                "code", cell.source, "", points=cell.metadata.nbgrader.get("points", 0)
            )
            for cell in source.cells
            if "nbgrader" in cell.metadata and not cell.metadata.nbgrader.solution
        }
        self.bundle = from_notebook(self.released, "ps1", "affine", saved, source)
        self.limits = Limits(call=3, cell=8, notebook=240, memory=600, disk=32, output=0.1)
        self.grader = Grader(limits=self.limits)

    def submission(self, answer, mutate=None):
        """The bytes of the notebook with `answer` in it, after `mutate(nb, folder)`."""
        nb = json.loads(nbformat.writes(self.released))
        for cell in nb["cells"]:
            if cell["id"] == "answer":
                cell["source"] = answer
        if mutate:
            mutate(nb, None)
        return json.dumps(nb).encode()

    def grade(self, answer, mutate=None):
        return self.grader.grade(self.submission(answer, mutate), self.bundle)

    def score(self, graded):
        return sum(score for score, _ in graded.scores.values())


def affine_notebook():
    """The instructor's notebook: small, with one visible and one hidden test."""
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    def code(grade_id, source, **marks):
        marks = {"grade": False, "solution": False, "locked": True, "task": False, "schema_version": 3, **marks}
        marks |= {"grade_id": grade_id, "cell_type": "code"}
        return new_code_cell(source, id=grade_id, metadata={"nbgrader": marks})

    visible = (
        "x, w, b = np.arange(12.0).reshape(2, 3, 2), np.arange(24.0).reshape(6, 4) / 10, np.arange(4.0)\n"
        "out = affine_forward(x, w, b)\n"
        "assert out.shape == (2, 4), 'out has one row an input and one column a class'\n"
        "np.testing.assert_allclose(out[0], [22.0, 24.5, 27.0, 29.5])"
    )
    hidden = (
        '"""More checks run when this is graded."""\n'
        "### BEGIN HIDDEN TESTS\n"
        "_rng = np.random.default_rng(987654321)\n"
        "_x, _w, _b = _rng.normal(size=(5, 2, 3)), _rng.normal(size=(6, 7)), _rng.normal(size=7)\n"
        "SECRET_MARKER = 'of the hidden test'\n"
        "_got = affine_forward(_x.copy(), _w.copy(), _b.copy())\n"
        "assert isinstance(_got, np.ndarray) and _got.shape == (5, 7)\n"
        "np.testing.assert_allclose(_got, np.einsum('nij,ijm->nm', _x, _w.reshape(2, 3, 7)) + _b, rtol=1e-9)\n"
        "### END HIDDEN TESTS"
    )
    solution = (
        "### BEGIN SOLUTION\ndef affine_forward(x, w, b):\n    return x.reshape(len(x), -1) @ w + b\n### END SOLUTION"
    )
    cells = [
        new_markdown_cell("# Affine layer", id="intro"),
        code("imports", "import numpy as np"),
        code("answer", solution, locked=False, solution=True),
        code("visible", visible, grade=True, points=2),
        code("hidden", hidden, grade=True, points=3),
        new_markdown_cell("The end.", id="end"),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def released(nb):
    """The notebook as students get it."""
    from cs_layers.grading.rebuild import visible_source

    for cell in nb.cells:
        cell.source = visible_source(cell.source)
        if cell.id == "answer":
            cell.source = "# YOUR CODE HERE\nraise NotImplementedError()"
    return nb


def answer(path):
    """The answer in a submission file: all but its first line."""
    return path.read_text().split("\n", 1)[1]


def deserved(path):
    """The score that a submission file says it deserves."""
    return float(path.read_text().split("\n", 1)[0].rsplit("DESERVES:", 1)[1])


def mutation(path):
    """What else a submission file changes in the notebook, if anything."""
    file = path.with_suffix(".mutate.py")
    if not file.exists():
        return None
    names = {}
    exec(file.read_text(), names)
    return names["mutate"]


def submissions(folder):
    """The submission files of a folder."""
    return sorted(path for path in (HERE / folder).glob("*.py") if not path.name.endswith(".mutate.py"))


def pytest_generate_tests(metafunc):
    """A test that asks for `attack` or `accident` runs once for each file."""
    for name, folder in (("attack", "attacks"), ("accident", "accidents")):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, submissions(folder), ids=lambda path: path.stem)


@pytest.fixture(scope="session")
def affine_source():
    """The instructor's notebook of `affine`."""
    return affine_notebook()


@pytest.fixture
def answer_of():
    return answer


@pytest.fixture
def deserves():
    return deserved


@pytest.fixture
def mutate_of():
    return mutation
