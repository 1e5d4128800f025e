"""From the end of a check cell to points and reasons."""

import json
import re

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from cs_layers import checks
from cs_layers.checks import CheckFailed
from cs_layers.grading.bundle import from_notebook
from cs_layers.grading.cells import Cell
from cs_layers.grading.verdict import judge


def verdict_of(value, source="f(x)\n1", points=4):
    return judge(Cell(0, "check", source, "t", points), None, value, {"f"})


@pytest.mark.parametrize(
    ("value", "score"),
    [
        (None, 4),
        (1, 1),
        (2.5, 2.5),
        (0, 0),
        (4, 4),
        (9, 4),
        (-1, 4),
        (True, 4),
        (float("nan"), 4),
        ("2", 4),
        (np.float64(1), 4),
    ],
)
def test_only_a_plain_number_is_partial_credit(value, score):
    assert verdict_of(value).score == score


def test_the_value_of_a_students_function_is_not_partial_credit():
    assert verdict_of(1.0, "x = 1\nf(x)").score == 4
    assert verdict_of(1.0, "x = 1\ng(x)").score == 1


def test_a_check_may_grant_a_share_of_the_points_and_nothing_else_may():
    cell = Cell(0, "check", "x", "t", 4)
    assert judge(cell, CheckFailed("half", points=0.5), None, set()).score == 2
    assert judge(cell, CheckFailed("none"), None, set()).score == 0
    forged = type("CheckFailed", (AssertionError,), {"points": 0.9})("nearly")
    assert judge(cell, forged, None, set()).score == 0
    crossed = CheckFailed("forged", points=0.9)
    crossed.from_student = True
    assert judge(cell, crossed, None, set()).score == 0


def code(grade_id, source, **marks):
    marks = {"grade": False, "solution": False, "locked": True, "task": False, "schema_version": 3, **marks}
    return new_code_cell(
        source, id=grade_id, metadata={"nbgrader": marks | {"grade_id": grade_id, "cell_type": "code"}}
    )


def hidden(text):
    return f"### BEGIN HIDDEN TESTS\n{text}\n### END HIDDEN TESTS"


@pytest.fixture(scope="module")
def graded(affine):
    """A notebook whose tests end in every way."""
    tests = {
        "says_why": hidden("secret = 271828\nassert f(secret) == 3, 'f gives 3 for some numbers'"),
        "formats_why": hidden("secret = 271828\nassert f(secret) == 3, f'{secret} gives {f(secret)}'"),
        "raises": hidden("g(271828)"),
        "is_missing": hidden("missing(271828)"),
        "loops": hidden("while True:\n    pass"),
        "exits": hidden("import os\nos._exit(0)"),
        "prints": hidden("print('secret', 271828)\nf(271828)"),
        "visible_first": "assert f(1) == 2, 'f(1) is 2'\n" + hidden("assert f(2) == 3"),
        "uses_an_earlier_hidden_name": hidden("assert secret == 271828 and f(secret) == 271829"),
        "partial_in_the_open": "f(1)\n0.5",
        "partial_hidden": hidden(
            "from cs_layers import checks\nchecks.partial(checks.affine_backward, affine_backward, points=1)"
        ),
        "warns": "import sys, warnings\nwarnings.warn('x')\nprint('on stderr', file=sys.stderr)\nassert f(1) == 2",
        "ends_in_a_scalar": "np.float64(f(1))",
        "ends_in_a_bool": "f(1) == 2",
        "draws": "import matplotlib.pyplot as plt\nplt.plot([f(1), 2])\nplt.show()",
    }
    answer = "def f(x):\n    return x + 1\ndef g(x):\n    raise ValueError(f'told {x}')\n"
    mistake, *_ = [one for one in checks.mistakes("affine_backward") if "batch" in one.name and "db" in one.name]
    answer += mistake.source + "\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])"
    cells = [
        code("imports", "import numpy as np"),
        code("answer", answer + "\ndef missing(x): ...", solution=True, locked=False),
    ]
    cells += [code(name, text, grade=True, points=1) for name, text in tests.items()]
    nb = new_notebook(cells=cells)
    submitted = json.loads(nbformat.writes(nb))
    submitted["cells"][1]["source"] = answer
    return affine.grader.grade(json.dumps(submitted).encode(), from_notebook(nb, "a", "verdicts"))


def outputs_of(graded, grade_id):
    [cell] = [cell for cell in graded.notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id]
    return cell.outputs


REASONS = {
    "says_why": "f gives 3 for some numbers",
    "formats_why": "an assertion did not hold.",
    "raises": "your code raised ValueError.",
    "is_missing": "`missing` is not defined.",
    "loops": "did not end within",
    "exits": "left no record",
    "visible_first": None,
    "uses_an_earlier_hidden_name": None,
    "prints": None,
    "warns": None,
    "ends_in_a_scalar": None,
    "ends_in_a_bool": None,
    "draws": None,
}


@pytest.mark.parametrize("grade_id", REASONS)
def test_each_end_has_its_points_and_its_reason(graded, grade_id):
    expected = REASONS[grade_id]
    assert graded.scores[grade_id] == (1.0 if expected is None else 0.0, 1.0), graded.log["verdicts"][grade_id]
    if expected:
        assert expected in graded.reasons[grade_id]


def test_partial_credit_has_its_reason_beside_it(graded):
    assert graded.scores["partial_in_the_open"] == (0.5, 1.0)
    assert 0 < graded.scores["partial_hidden"][0] < 1
    assert "batch axis" in graded.reasons["partial_hidden"]
    assert [one.output_type for one in outputs_of(graded, "partial_hidden")] == ["stream", "execute_result"]


def test_nothing_of_a_hidden_test_is_shown(graded):
    shown = json.dumps([cell.get("outputs") for cell in graded.notebook.cells]) + graded.notebook.cells[0].source
    assert "271828" not in shown
    assert "told" not in shown


def test_nbgrader_reads_the_same_points_from_the_outputs(graded):
    from nbgrader.utils import determine_grade

    for cell in graded.notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            assert determine_grade(cell) == graded.scores[cell.metadata.nbgrader.grade_id]


def test_pictures_of_checks_and_of_students_are_shown(graded):
    assert any("image/png" in one.get("data", {}) for one in outputs_of(graded, "answer"))
    assert any("image/png" in one.get("data", {}) for one in outputs_of(graded, "draws"))


TELLING = {
    "error": "raise type(told, (ValueError,), {})(told)",
    "key": "raise KeyError(told)",
    "name": "raise NameError('name ' + told + ' is not defined')",
    "class": "return type(told, (), {})()",
    "fields": "return np.zeros(3, [(told, float)])",
    "shape": "return np.zeros((0, abs(hash(told)) % 1000000007 + 100000000))",
    "many axes": "return np.zeros([1 + ord(letter) % 7 for letter in told][:20])",
}


@pytest.mark.parametrize("way", TELLING)
def test_a_hidden_check_repeats_nothing_that_a_function_made_of_its_inputs(affine, way):
    answer = (
        f"import numpy as np\ndef affine_forward(x, w, b):\n    told = 'T' + x.tobytes().hex()[:40]\n    {TELLING[way]}"
    )
    test = "from cs_layers import checks\n" + hidden("checks.affine_forward(affine_forward)")
    cells = [code("answer", answer, solution=True, locked=False), code("test", test, grade=True, points=1)]
    nb = new_notebook(cells=cells)
    graded = affine.grader.grade(nbformat.writes(nb).encode(), from_notebook(nb, "a", "telling"))
    reason = graded.reasons["test"]
    assert graded.scores["test"][0] == 0
    assert reason.startswith("affine_forward: ")
    assert not re.search(r"T[0-9a-f]{10}|\d{5}|(\d+, ){6}", reason), reason


def test_an_exception_of_numpys_own_is_told_as_what_it_is_one_of(affine):
    answer = (
        "import numpy as np\ndef affine_forward(x, w, b):\n    out = np.zeros((len(x), w.shape[1]), int)\n"
        "    out += x.reshape(len(x), -1) @ w + b\n    return out, (x, w, b)"
    )
    test = "from cs_layers import checks\n" + hidden("checks.affine_forward(affine_forward)")
    cells = [code("answer", answer, solution=True, locked=False), code("test", test, grade=True, points=1)]
    nb = new_notebook(cells=cells)
    graded = affine.grader.grade(nbformat.writes(nb).encode(), from_notebook(nb, "a", "casting"))
    assert "raised TypeError" in graded.reasons["test"]
    assert "array of integers" in graded.reasons["test"]
