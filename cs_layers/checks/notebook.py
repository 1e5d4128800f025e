"""Reads from an executed notebook, task by task, whether its checks passed.

Nothing here runs a notebook: whoever calls it has run it and has read the .ipynb file as a dict.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

RIGHT, WRONG, NOT_YET, ANSWERED = "right", "wrong", "not yet", "answered"
_MARKS = {RIGHT: "✓", WRONG: "✗", NOT_YET: "·", ANSWERED: "?"}
_LATER = "when the notebook is graded"  # what a question's check cell says, which looks at an answer's form alone
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class TaskState:
    """What became of one task.

    state : "right", "wrong", "not yet", or "answered" for a question whose answer is scored by hidden tests alone.
    message : the first failing check's, in full.
    """

    task: str
    state: str
    message: str = ""
    points: float = 0.0

    @property
    def line(self):
        """The message's first line, shortened to fit a table."""
        first = self.message.strip().splitlines()[0] if self.message.strip() else ""
        return first if len(first) <= 90 else first[:89] + "…"


def states(notebook):
    """The state of each task of an executed notebook.

    Parameters
    ----------
    notebook : dict
        An nbformat 4 notebook with its outputs. A task is a solution cell, named by its grade_id, together with the
        test and check cells whose grade_id is the solution's with "_test" or "_check" at the end.

    Returns
    -------
    list of TaskState, in the notebook's order

    Raises
    ------
    ValueError
        `notebook` has no list of cells.
    """
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise ValueError("this is no notebook: it has no list of cells (nbformat 4 is needed)")
    named = {_grade(cell).get("grade_id"): cell for cell in cells if _grade(cell)}
    found = []
    for cell in cells:
        grade = _grade(cell)
        if not grade.get("solution") or cell.get("cell_type") != "code":
            continue
        name = grade["grade_id"]
        checks = [named[name + end] for end in ("_check", "_test") if name + end in named]
        found.append(_state(name, cell, checks or [cell]))
    return found


def _state(name, solution, checks):
    points = sum(_grade(c).get("points", 0) or 0 for c in checks)
    errors = [e for c in [solution, *checks] for e in [_error(c)] if e]
    if any(kind == "NotImplementedError" for kind, _ in errors) or "raise NotImplementedError" in _source(solution):
        return TaskState(name, NOT_YET, "", points)
    if errors:
        kind, text = next((e for e in errors if e[0] == "CheckFailed"), errors[0])
        return TaskState(name, WRONG, text if kind == "CheckFailed" else f"{kind}: {text}", points)
    if not all(c.get("execution_count") for c in checks):
        return TaskState(name, NOT_YET, "", points)
    return TaskState(name, ANSWERED if any(_LATER in _source(c) for c in checks) else RIGHT, "", points)


def _grade(cell):
    found = cell.get("metadata", {}).get("nbgrader", {}) if isinstance(cell, dict) else {}
    return found if isinstance(found, dict) and "grade_id" in found else {}


def _source(cell):
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _error(cell):
    for output in cell.get("outputs", ()):
        if output.get("output_type") == "error":
            return output.get("ename", "Error"), _COLOURS.sub("", output.get("evalue", ""))
    return None


def as_table(found, full=False):
    """The states as text: a mark, the task, its state, and the first line of its message (with `full`, all of it)."""
    width = max([len(s.task) for s in found] or [0])
    lines = []
    for s in found:
        lines.append(f"{_MARKS[s.state]} {s.task:{width}}  {s.state:8}  {'' if full else s.line}".rstrip())
        if full and s.message:
            lines += ["    " + line for line in s.message.splitlines()]
    more = [] if full or not any(s.message for s in found) else ["A message in full: --task NAME, or --full for all."]
    return "\n".join([*lines, _total(found), *more])


def _total(found):
    right, answered = (sum(s.state == state for s in found) for state in (RIGHT, ANSWERED))
    total = f"{right} of {len(found)} tasks are right."
    if answered:
        total += f" {answered} {'is' if answered == 1 else 'are'} answered; whether rightly, only grading tells."
    return total


def exit_status(found):
    """0 where every task is right or answered, 1 where one is wrong, 2 where none is wrong but one not there yet."""
    kinds = {s.state for s in found}
    return 1 if WRONG in kinds else 2 if NOT_YET in kinds else 0
