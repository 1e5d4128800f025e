"""What must be true of assignments/, whatever the notebooks teach."""

import json
import re

import nbformat
import pytest
from nbgrader import utils

from cs_layers.grading import course, outline

grades_the_course = pytest.mark.timeout(1800)  # whichever of these tests runs first
SECRETS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")


@pytest.fixture(scope="module")
def released(solved_path, root):
    return nbformat.read(root / "assignments" / solved_path.parent.name / f"{solved_path.stem}.ipynb", as_version=4)


@pytest.mark.slow
def test_assignments_are_what_the_solutions_build(root):
    assert course.stale(root) == [], "run `make course` and commit assignments/"


def test_a_release_holds_no_solution_and_no_hidden_test(solved, released):
    text = json.dumps(released)
    assert not [secret for secret in SECRETS if secret in text]
    shown = {cell.id: cell.source for cell in released.cells}
    for cell in solved.code:
        for body in re.findall(r"### BEGIN (?:SOLUTION|HIDDEN TESTS)\n(.*?)\s*### END", cell.source, re.S):
            assert body.strip() not in shown[cell.id]


def test_a_release_shows_no_output(released):
    assert not [cell.id for cell in released.cells if cell.get("outputs") or cell.get("execution_count")]


@pytest.mark.slow
@grades_the_course
def test_the_solutions_score_every_point(graded):
    lost = {
        (*where, cell.metadata.nbgrader.grade_id): utils.determine_grade(cell)
        for where, nb in graded["solved"].items()
        for cell in auto_graded(nb)
        if utils.determine_grade(cell)[0] != cell.metadata.nbgrader.points
    }
    assert lost == {}


@pytest.mark.slow
@grades_the_course
def test_no_cell_of_a_solved_notebook_shows_an_error_when_it_is_graded(graded):
    shown = {
        (*where, cell.id): output.evalue
        for where, nb in graded["solved"].items()
        for cell in nb.cells
        for output in cell.get("outputs", ())
        if output.output_type == "error"
    }
    assert shown == {}


@pytest.mark.slow
@grades_the_course
def test_a_release_as_shipped_scores_nothing_because_nothing_is_implemented(graded):
    for where, nb in graded["untouched"].items():
        for cell in auto_graded(nb):
            assert utils.determine_grade(cell)[0] == 0, (*where, cell.metadata.nbgrader.grade_id)
            raised = [output.ename for output in cell.outputs if output.output_type == "error"]
            assert raised == ["NotImplementedError"], (*where, cell.metadata.nbgrader.grade_id)


@pytest.mark.slow
@grades_the_course
def test_a_demonstration_waits_for_its_task_and_fails_in_no_other_way(graded):
    """Where the package's own stands in for what is not written, a graded copy says that it may not; with the task
    solved the package's own is not asked (see above)."""
    failed = {
        (*where, cell.id): output.evalue
        for where, nb in graded["untouched"].items()
        for cell in ungraded(nb)
        for output in cell.outputs
        if output.output_type == "error"
        and output.ename not in ("NotImplementedError", "CheckFailed")
        and "cannot be used while a notebook that asks for it is graded" not in output.evalue
    }
    assert failed == {}


def test_a_hint_is_one_click_away_from_every_task(solved):
    section, without = "", []
    for cell in solved.nb.cells:
        if cell.cell_type == "markdown":
            headings = list(re.finditer(r"^###? ", cell.source, re.M))
            section = cell.source[headings[-1].start() :] if headings else section + cell.source
        elif cell.id in solved.answers and "<summary>Hint</summary>" not in section:
            without.append(cell.id)
    assert without == []


def test_every_notebook_names_its_budget(solved_path):
    assert outline.budget(solved_path) > 0


def test_what_is_carried_over_comes_from_an_earlier_notebook_of_the_assignment(solved, solved_path):
    others = sorted(path.stem for path in solved_path.parent.glob("*.py"))
    for cell in solved.code:
        for name in re.findall(r'earlier\(\s*"(\w+)"', cell.source):
            assert name in others[: others.index(solved_path.stem)], cell.id


def ungraded(nb):
    """The cells of a graded notebook that are neither answers nor tests."""
    return [c for c in nb.cells if c.cell_type == "code" and not (utils.is_grade(c) or utils.is_solution(c))]


def auto_graded(nb):
    """The cells of a graded notebook that nbgrader scores by running them."""
    return [c for c in nb.cells if c.cell_type == "code" and utils.is_grade(c) and not utils.is_solution(c)]
