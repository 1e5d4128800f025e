"""What waits for a task says so in a sentence, in a notebook's kernel and nowhere else."""

import builtins
import sys

from cs_layers.checks import waiting

CELL = """
def affine_forward(x):
    raise NotImplementedError()

class Convolution:
    def __init__(self):
        raise NotImplementedError()
"""


def said(text, **names):
    space = {"__name__": "__main__", **names}
    exec(CELL, space)
    try:
        exec(text, space)
    except NotImplementedError as error:
        return waiting.sentence(error, sys.exc_info()[2])


def test_the_function_that_is_not_written_is_named():
    assert said("affine_forward(3)").startswith("`affine_forward` is not written yet.")
    assert said("Convolution()").split("`")[1].endswith("Convolution" if sys.version_info >= (3, 11) else "__init__")


def test_an_error_that_says_something_is_left_as_it_is():
    assert said("raise NotImplementedError('This cell waits.')") == "This cell waits."


def test_what_no_function_of_the_notebook_raised_keeps_its_traceback():
    def elsewhere():
        raise NotImplementedError

    assert said("elsewhere()", elsewhere=elsewhere) == ""
    assert said("raise NotImplementedError") == ""


def test_only_a_notebooks_kernel_is_told(monkeypatch):
    class Shell:
        told = None

        def set_custom_exc(self, kinds, show):
            self.told = kinds

    shell = Shell()
    monkeypatch.setattr(builtins, "get_ipython", lambda: shell, raising=False)
    waiting.install()
    assert shell.told is None
    shell.kernel = object()
    waiting.install()
    assert shell.told == (NotImplementedError,)
