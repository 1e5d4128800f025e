"""The course at a glance."""

import pytest

from cs_layers.grading import outline
from cs_layers.grading.course import CourseError


def test_points_and_seconds_of_each_notebook(one_notebook):
    [row] = outline.outline(one_notebook.folder)
    assert row[:5] == ("warmup", "double", "Doubling", 6, 0)
    assert row.seconds > 0
    assert row.budget is None
    *_, line = outline.table([row])
    assert line.startswith("| warmup | [double](assignments/warmup/double.ipynb) | Doubling | 6 | ")


def test_a_budget_stands_in_the_header_and_says_when_it_is_exceeded(one_notebook):
    source = one_notebook.folder / "solutions/warmup/double.py"
    source.write_text(source.read_text().replace("# jupyter:", "# jupyter:\n#   cs_layers:\n#     cpu_seconds: 2.5", 1))
    [row] = outline.outline(one_notebook.folder, run=False)
    assert row.budget == 2.5
    for seconds, shown in [(2.0, "| 2 | 2.5 |"), (3.0, "| 3 | 2.5, exceeded |"), (None, "|  | 2.5 |")]:
        *_, line = outline.table([row._replace(seconds=seconds)])
        assert line.endswith(shown)


def test_a_solution_that_raises_is_named(one_notebook):
    source = one_notebook.folder / "solutions/warmup/double.py"
    source.write_text(source.read_text().replace("return 2 * x", "return x"))
    with pytest.raises(CourseError, match=r"double.py does not run: AssertionError: double\(\[1, 2\]\) is not"):
        list(outline.outline(one_notebook.folder))


def test_no_course_no_outline(tmp_path):
    with pytest.raises(CourseError, match="is no course"):
        list(outline.outline(tmp_path))
