"""Solutions as text become notebooks and releases, the same bytes every time."""

import shutil

import nbformat
import pytest

from cs_layers.grading import course


def test_a_release_has_no_solution_and_no_hidden_test(built_course):
    text = (built_course / "assignments/warmup/double.ipynb").read_text()
    assert "raise NotImplementedError()" in text
    assert "return 2 * x" not in text
    assert "HIDDEN" not in text
    assert "negative numbers" not in text


def test_the_text_of_solutions_is_not_released(built_course):
    assert [path.name for path in (built_course / "assignments/warmup").iterdir()] == ["double.ipynb"]


def test_building_twice_gives_the_same_bytes(built_course):
    path = built_course / "assignments/warmup/double.ipynb"
    before = path.read_bytes()
    assert course.build(built_course) == [path]
    assert path.read_bytes() == before
    assert course.stale(built_course) == []


def test_what_is_stale_is_named(one_notebook):
    source = one_notebook.folder / "solutions/warmup/double.py"
    source.write_text(source.read_text().replace("# Doubling", "# Doubling numbers"))
    assert course.stale(one_notebook.folder) == ["assignments/warmup/double.ipynb"]
    shutil.rmtree(one_notebook.folder / "assignments")
    assert course.stale(one_notebook.folder) == ["assignments/warmup/double.ipynb"]


def test_cell_ids_are_grade_ids_or_places(built_course):
    nb = nbformat.read(built_course / "assignments/warmup/double.ipynb", as_version=4)
    assert [cell.id for cell in nb.cells][:4] == ["markdown-0", "imports", "double", "double_test"]


def test_two_cells_with_one_grade_id_are_named(one_notebook):
    source = one_notebook.folder / "solutions/warmup/double.py"
    source.write_text(source.read_text().replace('"scalar_test"', '"bool_test"'))
    with pytest.raises(course.CourseError, match="two cells have the grade_id 'bool_test'"):
        course.build(one_notebook.folder)


def test_an_unknown_assignment_is_named_with_those_there_are(built_course):
    with pytest.raises(course.CourseError, match="no assignment 'a9' in solutions/; there are warmup"):
        course.build(built_course, ["a9"])


def test_a_folder_without_solutions_is_no_course(tmp_path):
    with pytest.raises(course.CourseError, match="is no course"):
        course.build(tmp_path)
