"""The course at a glance."""

import pytest

from cs_layers.grading import outline
from cs_layers.grading.course import CourseError


def test_points_and_seconds_of_each_notebook(one_notebook):
    [row] = outline.outline(one_notebook.folder)
    assert row[:5] == ("warmup", "double", "Doubling", 6, 0)
    assert row.seconds > 0
    *_, line = outline.table([row])
    assert line.startswith("| warmup | [double](assignments/warmup/double.ipynb) | Doubling | 6 | ")


def test_a_solution_that_raises_is_named(one_notebook):
    source = one_notebook.folder / "solutions/warmup/double.py"
    source.write_text(source.read_text().replace("return 2 * x", "return x"))
    with pytest.raises(CourseError, match=r"double.py does not run: AssertionError: double\(\[1, 2\]\) is not"):
        list(outline.outline(one_notebook.folder))


def test_no_course_no_outline(tmp_path):
    with pytest.raises(CourseError, match="is no course"):
        list(outline.outline(tmp_path))
