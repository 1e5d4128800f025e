"""A later notebook starts from a student's own earlier functions where they are right."""

import json
import textwrap

import numpy as np
import pytest

from cs_layers import layers
from cs_layers.carry import definitions, earlier
from cs_layers.models import TwoLayerNet

RIGHT = """
import numpy as np

def relu_forward(x):
    return np.maximum(0, x), x

def relu_backward(dout, cache):
    return dout * (cache > 0)
"""
STAND_INS = {"relu_forward": layers.relu_forward, "relu_backward": layers.relu_backward}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write(*cells, name="01.ipynb"):
    made = [{"cell_type": "code", "source": textwrap.dedent(cell).splitlines(keepends=True)} for cell in cells]
    made.append({"cell_type": "markdown", "source": "def not_code(): pass"})
    with open(name, "w", encoding="utf-8") as file:
        json.dump({"cells": made, "nbformat": 4}, file)


def take(capsys, **stand_ins):
    own = earlier("01", **(stand_ins or STAND_INS))
    return own, capsys.readouterr().out


def test_what_is_right_is_the_students(capsys):
    write(RIGHT, "print('loud')", "x = relu_forward(3)")
    own, said = take(capsys)
    assert own.relu_forward.__module__ == own.relu_backward.__module__ == "01"
    assert said.split("\n") == [
        "From 01, as it was last saved:", "  relu_forward   yours", "  relu_backward  yours", ""
    ]  # fmt: skip


def test_while_a_notebook_is_graded_all_are_stand_ins(capsys, monkeypatch):
    write(RIGHT)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    own, said = take(capsys)
    assert vars(own) == STAND_INS
    assert "this notebook is being graded" in said


def test_what_is_wrong_missing_or_not_written_is_the_packages_and_the_rest_the_students(capsys):
    write(
        RIGHT.replace("dout * (cache > 0)", "dout"),
        "def sgd(w, dw, config=None):\n    raise NotImplementedError()",
        "affine_forward = 3",
    )
    from cs_layers import optim

    stand_ins = {**STAND_INS, "sgd": optim.sgd, "adam": optim.adam, "affine_forward": layers.affine_forward}
    own, said = take(capsys, **stand_ins)
    assert own.relu_forward.__module__ == "01"
    assert own.relu_backward is layers.relu_backward
    assert own.sgd is optim.sgd
    rows = dict(line.split(maxsplit=1) for line in said.splitlines()[1:])
    assert rows["relu_forward"] == "yours"
    assert rows["relu_backward"].startswith("the package's, because its check says: dx is wrong")
    assert rows["sgd"] == "the package's, because it is not written yet."
    assert rows["adam"] == "the package's, because that notebook does not define it."
    assert "was given int, not a function" in rows["affine_forward"]


@pytest.mark.parametrize("text", [None, "", "{", '{"cells": 3}', "[]"])
def test_without_a_readable_notebook_all_is_the_packages(capsys, tmp_path, text):
    if text is not None:
        (tmp_path / "01.ipynb").write_text(text)
    own, said = take(capsys)
    assert vars(own) == STAND_INS
    assert ("there is no 01.ipynb in this folder" if text is None else "01.ipynb cannot be read as a notebook") in said


def test_what_hangs_or_crashes_takes_nothing_with_it(capsys):
    write(
        RIGHT,
        "def affine_forward(x, w, b):\n    while True:\n        pass",
        "import os\ndef softmax_loss(x, y):\n    os._exit(0)",
    )
    stand_ins = {"affine_forward": layers.affine_forward, "softmax_loss": layers.softmax_loss}
    own = earlier("01", seconds=6, **stand_ins, **STAND_INS)
    said = capsys.readouterr().out
    assert own.affine_forward is layers.affine_forward
    assert own.softmax_loss is layers.softmax_loss
    assert own.relu_backward.__module__ == "01"
    assert "trying it did not end within 6 s" in said
    assert "the process that tried it crashed" in said


def test_a_class_is_judged_by_the_check_of_its_stand_in(capsys):
    write(
        """
        import numpy as np
        from cs_layers.models import TwoLayerNet

        class MyNet(TwoLayerNet):
            def loss(self, X, y=None):
                result = super().loss(X, y)
                return result if y is None else (2 * result[0], result[1])
        """
    )
    own, said = take(capsys, MyNet=TwoLayerNet)
    assert own.MyNet is TwoLayerNet
    assert "its check says: loss" in said


def test_a_stand_in_needs_a_check():
    write(RIGHT)
    with pytest.raises(ValueError, match=r"no checks\.mean"):
        earlier("01", relu_forward=np.mean)


def test_definitions_leave_out_what_computes():
    write(
        "%matplotlib inline\nEPS = 1e-3\nlimit: int = 7\nf = g = lambda x: x + EPS\nhalf, third = 1 / 2, 1 / 0",
        "half a line(",
        "table = print('ran')\nfor i in range(3): print('ran')\nif True: print('ran')",
        "from nowhere import thing\nfrom math import pi\nclass A:\n    size = 1 / 0",
        "!ls\ndef later():\n    return f(limit)",
    )
    names, errors = definitions("01.ipynb")
    assert names["later"]() == 7.001
    assert {"g", "pi"} <= set(names)
    assert not {"table", "i", "A", "thing"} & set(names)
    assert errors["thing"] == "ModuleNotFoundError: No module named 'nowhere'"
    assert errors["half"] == errors["third"] == errors["A"] == "ZeroDivisionError: division by zero"
