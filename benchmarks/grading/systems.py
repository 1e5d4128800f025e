"""The ways of grading that are compared: each is a command, run in a fresh copy of the course."""

import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.grading import course as courses

AUTOGRADE = [sys.executable, "-m", "nbgrader", "autograde"]
GRADE = [sys.executable, "-m", "cs_layers.cli", "grade"]


@dataclass(frozen=True)
class System:
    """One way of grading; `plain` uses nbgrader's own configuration."""

    name: str
    command: tuple
    plain: bool = False


SYSTEMS = [
    System("plain nbgrader", (*AUTOGRADE, "{}"), plain=True),
    System("nbgrader autograde", (*AUTOGRADE, "{}")),
    System("cs-layers grade, 1 worker", (*GRADE, "{}", "--workers", "1")),
    System("cs-layers grade, 2 workers", (*GRADE, "{}", "--workers", "2")),
]


def available():
    """Which of them this installation has."""
    grade = subprocess.run([*GRADE, "--help"], capture_output=True).returncode == 0
    return [system for system in SYSTEMS if grade or "grade," not in system.name]


class Lap:
    """Runs systems on a course's classes in a folder."""

    def __init__(self, course, meter, folder):
        self.course, self.meter, self.folder = course, meter, Path(folder)

    def run(self, system, kinds, memory=None):
        """Grade a class once, in a fresh copy of the course.

        Returns
        -------
        cost : Cost
        scores : dict of str to float
            Points by "student/notebook/test".
        """
        made = self.course.plain if system.plain else self.course.ours
        place = courses.hand_in(self.course, made, self.folder / "class", kinds)
        command = [word.format(self.course.assignment) for word in system.command]
        cost = self.meter.run(command, place, self.folder / "log.txt", courses.environment(), memory)
        return cost, scores(place)


def scores(folder):
    """What the gradebook says, by "student/notebook/test"."""
    query = """
        select a.student_id, n.name, c.name, g.auto_score from grade g
        join base_cell c on c.id = g.cell_id join submitted_notebook s on s.id = g.notebook_id
        join notebook n on n.id = s.notebook_id join submitted_assignment a on a.id = s.assignment_id
    """
    book = sqlite3.connect(Path(folder) / "gradebook.db")
    try:
        return {f"{student}/{notebook}/{test}": points for student, notebook, test, points in book.execute(query)}
    finally:
        book.close()
