"""nbgrader's own code, with the gradebook left open: what it writes arrives at the end of a step, all or nothing."""

import contextlib
import os
import sqlite3
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import autograde

from cs_layers.grading.books import Books


@pytest.fixture
def address(tmp_path, monkeypatch):
    path = [str(Path(sys.executable).parent), os.environ["PATH"]]
    monkeypatch.setenv("PATH", os.pathsep.join(path))  # nbgrader calls `alembic` by name
    return f"sqlite:///{tmp_path}/gradebook.db"


def students(address):
    """Who is in the gradebook, for another program that reads it now."""
    with contextlib.closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as book:
        return [row[0] for row in book.execute("select id from student")]


def test_a_step_is_written_at_its_end(address):
    with Books() as books:
        with books.step():
            with autograde.Gradebook(address, "course") as book:
                book.add_student("ada")
            with autograde.Gradebook(address, "course") as book:
                assert book.find_student("ada").id == "ada"
            assert students(address) == []
        assert students(address) == ["ada"]


def test_of_a_step_that_fails_nothing_is_written(address):
    with Books() as books:
        with pytest.raises(ZeroDivisionError), books.step(), autograde.Gradebook(address, "course") as book:  # noqa: PT012
            book.add_student("ada")
            raise ZeroDivisionError
        with books.step(), autograde.Gradebook(address, "course") as book:
            book.add_student("alan")
    assert students(address) == ["alan"]


def test_what_is_read_after_a_change_is_the_changed(address):
    with Books() as books, books.step():
        with autograde.Gradebook(address, "course") as book:
            book.add_assignment("a1")
            book.add_notebook("n", "a1")
            book.add_grade_cell("cell", "n", "a1", max_score=4, cell_type="code")
            book.add_student("ada")
            submission = book.add_submission("a1", "ada")
            assert submission.score == 0
        with autograde.Gradebook(address, "course") as book:
            book.find_grade("cell", "n", "a1", "ada").auto_score = 3
            book.db.commit()
        with autograde.Gradebook(address, "course") as book:
            assert book.find_submission("a1", "ada").score == 3


def test_nbgrader_gets_its_own_gradebook_back(address):
    with Books():
        assert autograde.Gradebook is not Gradebook
    assert autograde.Gradebook is Gradebook
