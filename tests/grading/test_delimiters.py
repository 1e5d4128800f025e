"""A course that marks its hidden tests with other words than nbgrader's keeps them hidden."""

import pytest

from cs_layers.grading import course, demo

PRINTS = "def double(x):\n    print('called with', x)\n    return 2 * x + 1"


@pytest.mark.slow
def test_hidden_tests_are_hidden_under_other_marks(one_notebook):
    folder = one_notebook.folder
    source = folder / "solutions/warmup/double.py"
    text = source.read_text()
    assert "### BEGIN HIDDEN TESTS" in text
    source.write_text(text.replace("BEGIN HIDDEN TESTS", "FROM HERE").replace("END HIDDEN TESTS", "TO HERE"))
    with (folder / "nbgrader_config.py").open("a") as config:
        config.write('\nc.ClearHiddenTests.begin_test_delimeter = "FROM HERE"\n')
        config.write('c.ClearHiddenTests.end_test_delimeter = "TO HERE"\n')
    course.build(folder)
    assert "FROM HERE" not in (folder / "assignments/warmup/double.ipynb").read_text()
    one_notebook.submit("ada", PRINTS)
    demo.nbgrader(folder, "autograde", "warmup")
    demo.nbgrader(folder, "generate_feedback", "warmup")
    page = (folder / "feedback/ada/warmup/double.html").read_text()
    assert "negative numbers" in text  # a hidden test's words
    for secret in ("FROM HERE", "TO HERE", "called with -", "double(-"):
        assert secret not in page
