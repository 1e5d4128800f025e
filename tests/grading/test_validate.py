"""`nbgrader validate`, in a student's own kernel, says of the visible tests what grading says of them.

But for one thing, which test_fairness.py has: a test that uses an answer which another cell was to define goes on when
it is graded, where it can do without.
"""

import logging
from pathlib import Path

import nbformat
import pytest
from nbgrader import utils
from nbgrader.validator import Validator
from traitlets.config import Config

from cs_layers.grading import configure, course
from cs_layers.grading.bundle import from_notebook
from cs_layers.grading.engine import Grader
from cs_layers.grading.submissions import make_submission, mistake_source

HANDED_IN = {
    "01_affine_relu": {
        "right": {},
        "unfinished": None,
        "wrong": {"affine_backward": mistake_source("affine_backward", "db-kept-batch-axis")},
        "broken": {"relu_backward": "def relu_backward(dout, cache:\n    return dout"},
    },
    "02_losses": {
        "right": {},
        "unfinished": None,
        "noisy_and_wrong": {"softmax_loss": "import sys\ndef softmax_loss(x, y):\n    print(1, file=sys.stderr)\n"},
    },
}


@pytest.fixture(scope="module")
def grader():
    with Grader() as grader:
        yield grader


def by_validate(nb, path):
    """The tests that `nbgrader validate` calls failed."""
    nbformat.write(nb, path)
    config = Config()
    configure(config)
    failed = Validator(config=config, log=logging.getLogger("validate")).validate(str(path)).get("failed", [])
    sources = [one["source"].strip() for one in failed]
    return {cell.metadata.nbgrader.grade_id for cell in nb.cells if is_test(cell) and cell.source.strip() in sources}


def is_test(cell):
    return cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("notebook", "what"), [(notebook, what) for notebook, kinds in HANDED_IN.items() for what in kinds]
)
def test_validate_agrees_with_grading_on_visible_tests(grader, tmp_path, notebook, what):
    root = Path(__file__).parents[2]
    [source] = root.glob(f"solutions/*/{notebook}.py")
    released = nbformat.read(root / "assignments" / source.parent.name / f"{notebook}.ipynb", as_version=4)
    submission = make_submission(course.read_solution(source), released, HANDED_IN[notebook][what])
    bundle = from_notebook(released, source.parent.name, notebook, solved=course.read_solution(source))
    graded = grader.grade(nbformat.writes(submission).encode(), bundle)
    lost = {grade_id for grade_id, (score, points) in graded.scores.items() if score < points}
    assert by_validate(submission, tmp_path / f"{notebook}.ipynb") == lost, graded.reasons
