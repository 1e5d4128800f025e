"""What has been stored, so that a broken-off run can be resumed: a file beside the course's lock."""

import contextlib
import hashlib
import json
import os
from pathlib import Path

from cs_layers.grading.lock import FOLDER


class Ledger:
    """One line of JSON for each event of an assignment: a submission was begun, or has been stored.

    A line that was cut off, by a kill or a full disk, is as if it had not been written: the submission is graded again.

    Parameters
    ----------
    root : path
        The course.
    assignment : str
    """

    def __init__(self, root, assignment):
        self.path = Path(root) / FOLDER / f"{assignment}.jsonl"
        self.path.parent.mkdir(exist_ok=True)
        self.stored, self.begun = {}, {}
        for line in self._lines():
            if "stored" in line:
                self.stored[line["student"]] = line
                self.begun.pop(line["student"], None)
            else:
                times = self.begun.get(line["student"], {}).get(line["begun"], 0)
                self.begun[line["student"]] = {line["begun"]: times + 1}
        self._compact()

    def _lines(self):
        with contextlib.suppress(FileNotFoundError), open(self.path, encoding="utf-8", errors="replace") as file:
            for text in file:
                with contextlib.suppress(ValueError, TypeError, KeyError):
                    line = json.loads(text)
                    if isinstance(line["student"], str) and ("stored" in line or isinstance(line["begun"], str)):
                        yield line

    def _compact(self):
        lines = list(self.stored.values())
        for student, begun in self.begun.items():
            lines += [{"student": student, "begun": key} for key, times in begun.items() for _ in range(times)]
        new = self.path.with_suffix(".new")
        new.write_text("".join(json.dumps(line, sort_keys=True) + "\n" for line in lines), encoding="utf-8")
        os.replace(new, self.path)

    def times_begun(self, student, key):
        """How often this very submission was begun since it was last stored."""
        return self.begun.get(student, {}).get(key, 0)

    def begin(self, student, key):
        self._write({"student": student, "begun": key})

    def store(self, student, key, rows, files):
        """Note that a result is in the gradebook (`rows`, a hash) and in autograded/ (`files`, name to hash)."""
        line = {"student": student, "stored": key, "rows": rows, "files": files}
        self.stored[student] = line
        self._write(line)

    def _write(self, line):
        with open(self.path, "a", encoding="utf-8") as file:
            file.write("\n" * self._is_cut_off() + json.dumps(line, sort_keys=True) + "\n")

    def _is_cut_off(self):
        with contextlib.suppress(OSError), open(self.path, "rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"
        return False


def digest(value):
    """A hash of plain data."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
