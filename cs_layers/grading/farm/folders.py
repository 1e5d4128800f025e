"""The students' folders under ``autograded/``: written beside their place, then moved into it, whole or not at all."""

import contextlib
import os
import shutil
from pathlib import Path

from nbgrader import utils

from cs_layers.grading.submitted import copy_files


class Folders:
    """The folders of one assignment.

    Parameters
    ----------
    course : Course
    """

    def __init__(self, course):
        self.course = course

    def of(self, student):
        """Where a student's graded folder is, or will be."""
        return Path(os.path.normpath(self.course.place("autograded_directory", student)))

    @contextlib.contextmanager
    def beside(self, student):
        """A new folder beside the student's graded one; it is gone afterwards, moved or not."""
        target = self.of(student)
        new = target.with_name(f".{target.name}.new")
        _remove(new)
        new.mkdir(parents=True)
        try:
            yield new
        finally:
            _remove(new)
            with contextlib.suppress(OSError):
                new.parent.rmdir()

    def write(self, new, submitted, texts):
        """Fill a new folder: the student's files, the instructor's over them, the graded notebooks (`texts`)."""
        ignored = self.course.coursedir.ignore
        if not os.path.islink(submitted):
            reserved = list(self.course.released_files())
            copy_files(submitted, new, lambda path: utils.is_ignored(path, ignored), reserved)
        for name, path in self.course.released_files().items():
            goal = new / name
            goal.parent.mkdir(parents=True, exist_ok=True)
            goal.unlink(missing_ok=True)
            shutil.copy(path, goal)
        for name, text in texts.items():
            (new / f"{name}.ipynb").write_text(text, encoding="utf-8")
        permissions = int(str(self.course.converter.permissions), 8)
        for folder, _, names in os.walk(new):
            for name in names:
                os.chmod(os.path.join(folder, name), permissions)

    def put_in_place(self, student, new):
        """Let a new folder take the place of the student's."""
        target = self.of(student)
        old = target.with_name(f".{target.name}.old")
        _remove(old)
        with contextlib.suppress(FileNotFoundError):
            os.rename(target, old)
        os.rename(new, target)
        _remove(old)
        if self.course.coursedir.groupshared:
            self.course.converter.set_permissions(self.course.assignment, student)

    def text(self, student, notebook):
        """A graded notebook's text as it lies there now; None if it cannot be read."""
        try:
            return (self.of(student) / f"{notebook}.ipynb").read_text(encoding="utf-8")
        except (OSError, ValueError):
            return None

    def clean(self):
        """Remove what a run that was killed left half done."""
        target = self.of("*")
        for kind in ("new", "old"):
            for path in target.parent.parent.glob(f"*/.{target.name}.{kind}"):
                _remove(path)


def _remove(folder):
    """Remove a folder of read-only files, if it is there."""
    if os.path.lexists(folder):
        utils.rmtree(str(folder))
