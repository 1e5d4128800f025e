"""The examples in the docstrings give what they say, and the README's table says what the catalogue says."""

import doctest
import importlib
from pathlib import Path

import numpy as np
import pytest

from cs_layers.data.catalogue import SETS


@pytest.mark.parametrize("name", ["digits", "preprocessing", "shapes32"])
def test_docstrings(name):
    module = importlib.import_module(f"cs_layers.data.{name}")
    result = doctest.testmod(module, extraglobs={"np": np})
    assert result.attempted > 0
    assert result.failed == 0


def test_readme_of_the_data_folder():
    text = (Path(__file__).parents[2] / "datasets" / "README.md").read_text(encoding="utf-8")
    for wanted in SETS.values():
        assert f"| {wanted.name} |" in text
        for file in wanted.files:
            assert f"| {file.name} | {file.size:,} | {file.md5} |" in text
