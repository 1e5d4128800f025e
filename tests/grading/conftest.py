"""A course of one small notebook, built once and copied for each test that grades."""

import shutil
from pathlib import Path

import nbformat
import pytest

from cs_layers.grading import course, demo

HERE = Path(__file__).parent


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
