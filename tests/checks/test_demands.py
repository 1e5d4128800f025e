"""What a check demands beyond right numbers stands in words in the task's text, before the cell to be written."""

import re
from pathlib import Path

import numpy as np
import pytest

from cs_layers import checks
from cs_layers.checks.report import DEMANDED

CELL = re.compile(r"^# %%(.*)$", re.M)
CALL = re.compile(r"checks\.(\w+)\(([^\n]*)\)")
UNTOUCHED = r"as (they were|it was)|[Uu]nchanged|new array|\*\*new\*\*|in is changed|the one argument .* layer changes"


def tasks():
    """(notebook, task's text, name of the check, options) for each call of a check in a graded cell."""
    for path in sorted((Path(__file__).parents[2] / "solutions").glob("*/*.py")):
        parts = CELL.split(path.read_text(encoding="utf-8"))
        text = ""
        for head, body in zip(parts[1::2], parts[2::2], strict=True):
            if '"grade": true' in head and "[markdown]" not in head:
                for name, arguments in CALL.findall(body):
                    if name in checks.names():
                        options = dict(re.findall(r'(must_fit|with_pad|pure|p_is|at_zero|raises)="?(\w+)"?', arguments))
                        yield path.stem, text, name, options
                text = ""
            elif '"solution": true' in head:
                text += body.split("### BEGIN SOLUTION")[0]
            else:
                text += body if "[markdown]" in head else ""


TASKS = list({(notebook, name): (text, options) for notebook, text, name, options in tasks()}.items())


def flowing(text):
    return " ".join(text.replace("\n# ", " ").replace("`", "").split())


def read(value):
    return {"True": True, "False": False}.get(value, int(value) if value.isdigit() else value)


@pytest.mark.parametrize(("task", "found"), TASKS, ids=lambda v: "-".join(v) if isinstance(v[1], str) else "")
def test_every_demand_is_in_the_tasks_text(task, found):
    (text, options), check = found, getattr(checks, task[1]).task
    words = flowing(text)
    cases = check.cases(check.rng(0), **{key: read(value) for key, value in options.items()})
    for case in cases:
        if case.level == DEMANDED:
            demands = [check.demands[tag] for tag in case.tags if tag in check.demands]
            demands += [f"raise {case.raises.__name__}|{case.raises.__name__} "] if case.raises else []
            assert demands, f"{task[1]}: no words for {sorted(case.tags)}"
            missing = [d for d in demands if not re.search(d, words)]
            assert not missing, f"{task}: the text says nothing like {missing}"


@pytest.mark.parametrize(("task", "found"), TASKS, ids=lambda v: "-".join(v) if isinstance(v[1], str) else "")
def test_that_inputs_are_left_alone_is_in_the_tasks_text(task, found):
    check = getattr(checks, task[1]).task
    arguments = [value for case in check.cases(check.rng(0)) for value in case.args.values()]
    if any(isinstance(value, (np.ndarray, dict)) for value in arguments) and task[1] not in UNASKED:
        assert re.search(UNTOUCHED, flowing(found[0])), f"{task}: the text does not say that inputs stay as they were"


UNASKED = {"expected_first_loss", "join_batches"}  # whether their inputs change is not looked at
