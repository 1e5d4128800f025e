"""`nbgrader autograde`, as instructors type it, in a course that adds two lines to its configuration."""

import pytest

FULL = {"double_test": 2.0, "scalar_test": 3.0, "bool_test": 1.0}
NOTHING = dict.fromkeys(FULL, 0.0)


@pytest.mark.slow
def test_each_submission_gets_what_it_deserves_whatever_its_neighbours_do(one_notebook):
    one_notebook.submit("a_right", "def double(x):\n    return 2 * x")
    one_notebook.submit(
        "b_right_but_noisy",
        "import sys, warnings\n"
        "def double(x):\n"
        "    print('on stderr', file=sys.stderr)\n"
        "    warnings.warn('and a warning')\n"
        "    return 2 * x",
    )
    one_notebook.submit("c_wrong_below_zero", "import numpy as np\ndef double(x):\n    return 2 * np.maximum(x, 0)")
    one_notebook.submit("d_syntax_error", "def double(x:\n    return 2 * x")
    one_notebook.submit("e_kernel_dies", "import os\ndef double(x):\n    os._exit(1)")
    one_notebook.submit("f_endless_loop", "def double(x):\n    while True:\n        pass")
    one_notebook.submit("g_right", "def double(x):\n    return x + x")

    assert one_notebook.grade("--Execute.timeout=4") == {
        "a_right": FULL,
        "b_right_but_noisy": FULL,
        "c_wrong_below_zero": FULL | {"double_test": 0.0},
        "d_syntax_error": NOTHING,
        "e_kernel_dies": NOTHING,
        "f_endless_loop": NOTHING,
        "g_right": FULL,
    }
