"""What came of a run: a table for people, JSON and CSV for programs."""

import csv
import json
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Report:
    """All that a run did.

    `rows` has one dict for each notebook graded: "student", "notebook", "score", "of", "odd", "level", "stopped",
    "worker", "seconds" (of the whole submission). `skipped` are students whose stored result was left as it is.
    `points` has everybody's, by student and notebook/cell, as the gradebook has them at the end.
    """

    assignment: str
    where: str
    rows: list = field(default_factory=list)
    skipped: list = field(default_factory=list)
    points: dict = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def students(self):
        """How many submissions were graded."""
        return len({row["student"] for row in self.rows})

    @property
    def status(self):
        """Exit status: 1 if some submission could not be read or run, as for `nbgrader autograde`, else 0."""
        return int(any(row["stopped"] for row in self.rows))

    def add(self, submission, result):
        """Note a stored result."""
        for part in result["notebooks"]:
            odd = [*part["odd"], *(f"left out, for it is no file: {name}" for name in submission.odd)]
            points = part["scores"].values()
            self.rows.append(
                {
                    "student": submission.student, "notebook": part["name"], "odd": odd, "level": part["level"],
                    "score": sum(score for score, _ in points), "of": sum(most for _, most in points),
                    "stopped": part["stopped"], "worker": result["worker"], "seconds": result["seconds"],
                }
            )  # fmt: skip

    def lines(self):
        """The table, line by line."""
        odd = [row for row in self.rows if row["odd"]]
        left = f" {len(self.skipped)} were left as they were." if self.skipped else ""
        yield (
            f"{self.students} students, {len(self.rows)} notebooks graded in {self.seconds:.1f} s on {self.where}; "
            f"{len(odd)} were odd.{left}"
        )
        for worker, levels in sorted(self._of_workers().items()):
            held = ", ".join(f"{count} {level}" for level, count in sorted(levels.items()))
            yield f"Worker {worker}, notebooks by isolation: {held}"
        for row in sorted(odd, key=lambda row: (row["student"], row["notebook"])):
            points = f"{row['score']:5g} of {row['of']:<5g}"
            yield f"{row['student']:20} {row['notebook']:20} {points} {'; '.join(row['odd'])[:400]}"

    def _of_workers(self):
        found = {}
        for row in self.rows:
            found.setdefault(row["worker"], Counter())[row["level"] or "not run"] += 1
        return found

    def write_json(self, path):
        """Everything."""
        said = {
            "assignment": self.assignment, "where": self.where, "seconds": round(self.seconds, 2),
            "status": self.status, "skipped": self.skipped,
            "notebooks": sorted(self.rows, key=lambda row: (row["student"], row["notebook"])),
        }  # fmt: skip
        with open(path, "w", encoding="utf-8") as file:
            json.dump(said, file, indent=1)


def write_csv(path, points):
    """Students × cells: the points of each test as the gradebook has them now; empty where a person must grade.

    Parameters
    ----------
    path : path
    points : dict of str to dict of str to float or None
        By student, then by notebook/cell.
    """
    cells = sorted({cell for row in points.values() for cell in row})
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["student", *cells, "total"])
        for student, row in sorted(points.items()):
            total = sum(value for value in row.values() if value is not None)
            writer.writerow([student, *(row.get(cell) for cell in cells), total])
