"""The course at a glance: every notebook, its points, and the processor time that its solution takes and may take.

A notebook's budget stands in the header of its text: `cs_layers: {cpu_seconds: 30}` under `jupyter:`.
"""

import re
import resource
from pathlib import Path
from typing import NamedTuple

import jupytext
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbgrader import utils

from cs_layers.grading.course import CourseError, read_solution


class Row(NamedTuple):
    """One notebook: its title, points scored by machine and by hand, CPU seconds (None if it was not run), budget."""

    assignment: str
    notebook: str
    title: str
    by_machine: float
    by_hand: float
    seconds: float | None
    budget: float | None


def outline(root=".", run=True):
    """Describe every notebook of a course, and run each solution in a kernel of its own if ``run`` is true.

    Raises
    ------
    CourseError
        There are no notebooks, or a solution raises.
    """
    sources = sorted(Path(root).glob("solutions/*/*.py"))
    if not sources:
        raise CourseError(f"{Path(root).resolve()} is no course: it has no solutions/<assignment>/<notebook>.py.")
    for source in sources:
        nb = read_solution(source)
        graded = [cell for cell in nb.cells if utils.is_grade(cell)]
        by_hand = sum(cell.metadata.nbgrader.points for cell in graded if utils.is_solution(cell))
        points = sum(cell.metadata.nbgrader.points for cell in graded)
        title = re.search(r"^# (?:\w+ · )?(.*)$", nb.cells[0].source, re.M)
        seconds = cpu_seconds(nb, source) if run else None
        names = source.parent.name, source.stem, title[1] if title else ""
        yield Row(*names, points - by_hand, by_hand, seconds, budget(source))


def budget(source):
    """The CPU seconds that a solution may take, None where its header names none."""
    return jupytext.read(source).metadata.get("cs_layers", {}).get("cpu_seconds")


def cpu_seconds(nb, source):
    """Run a notebook and return the processor time that its kernel took, start-up included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    client = NotebookClient(nb, timeout=None, kernel_name="python3", resources={"metadata": {"path": source.parent}})
    client.extra_arguments = ["--IPKernelApp.log_level=ERROR"]
    try:
        client.execute()
    except CellExecutionError as error:
        raise CourseError(f"{source} does not run: {error.ename}: {error.evalue}") from error
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def table(rows):
    """The rows as Markdown, line by line."""
    yield "| assignment | notebook | | points | CPU seconds | budget |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        points = f"{row.by_machine:g}" + (f" + {row.by_hand:g} by hand" if row.by_hand else "")
        seconds = "" if row.seconds is None else f"{row.seconds:.0f}"
        link = f"[{row.notebook}](assignments/{row.assignment}/{row.notebook}.ipynb)"
        limit = (
            "" if row.budget is None else f"{row.budget:g}" + (", exceeded" if (row.seconds or 0) > row.budget else "")
        )
        yield f"| {row.assignment} | {link} | {row.title} | {points} | {seconds} | {limit} |"
