"""From a course's folders to tasks: which submissions there are, and all that grading each of them needs."""

import contextlib
import fnmatch
import glob
import hashlib
import json
import os
import re
from dataclasses import dataclass

from nbgrader import utils
from nbgrader.preprocessors import IgnorePattern, LimitOutput
from traitlets.config import Config

from cs_layers.grading import configure
from cs_layers.grading.autograde import Autograde
from cs_layers.grading.farm import task
from cs_layers.grading.lock import GradingStopped
from cs_layers.grading.preprocessors import ExecuteApart, make_bundle
from cs_layers.grading.submitted import (
    MAX_FILE,
    Unreadable,
    find_notebook,
    odd_files,
    read_file,
    read_timestamp,
    regular_files,
)


@dataclass
class Submission:
    """One student's folder, read: the task to run, and what the writer and the ledger need besides.

    `key` is a hash of all that decides the result; `missing` are the notebooks that are not there under their names;
    `odd` is what was no file.
    """

    student: str
    folder: str
    task: dict
    key: str
    timestamp: object
    missing: list
    odd: list


class Course:
    """A course's configuration and one of its assignments, as nbgrader's own converter sees them.

    Parameters
    ----------
    api : nbgrader.apps.api.NbGraderAPI
        Of the course, as `cs_layers.grading.course.nbgrader_api` makes it.
    assignment : str

    Raises
    ------
    GradingStopped
        If the assignment is not in the gradebook, or the course's configuration asks for steps that are not known here.
    """

    def __init__(self, api, assignment):
        self.coursedir, self.assignment = api.coursedir, assignment
        self.converter = Autograde(coursedir=api.coursedir, parent=api)
        self.root = self.coursedir.root
        self._check_steps()
        self.apart = ExecuteApart(parent=self.converter)
        self.own_names = list(self.converter.exclude_overwriting.get(assignment, ()))
        self.options = self._options()

    def _check_steps(self):
        usual = Config()
        configure(usual)
        for name in ("sanitize_preprocessors", "autograde_preprocessors"):
            if list(getattr(self.converter, name)) != list(usual.Autograde[name]):
                raise GradingStopped(
                    f"Autograde.{name} in nbgrader_config.py is not what cs_layers.grading.configure(c) sets, and "
                    "`cs-layers grade` knows no other steps; use `nbgrader autograde`."
                )

    def _options(self):
        ignore, limit = IgnorePattern(parent=self.converter), LimitOutput(parent=self.converter)
        return {
            "level": self.apart.level,
            "limits": self.apart.bounds().as_dict(),
            "canary_folder": self.root,
            "execute": self.apart.config.Execute.get("enabled", True) is not False,
            "ignore_pattern": ignore.pattern if ignore.enabled else "",
            "max_lines": limit.max_lines if limit.enabled else -1,
            "max_traceback": limit.max_traceback if limit.enabled else -1,
        }

    def load(self, notebooks):
        """Make the bundles of the assignment's notebooks, and keep them in this process."""
        config = self.converter.config
        self.bundles = {
            name: make_bundle(self.coursedir, self.assignment, name, self.own_names, config) for name in notebooks
        }
        self.packed = {bundle.version: task.pack(bundle) for bundle in self.bundles.values()}
        task.keep(self.packed)
        decisive = {name: value for name, value in self.options.items() if name != "canary_folder"}
        files = {name: _digest(path) for name, path in self.released_files().items()}
        self.version = json.dumps(
            [task.identity(), decisive, {name: one.version for name, one in self.bundles.items()}, files],
            sort_keys=True,
        )

    def released_files(self):
        """The files that lie beside the solution's notebooks, which every student's graded folder gets: name to
        path."""
        folder = self.coursedir.format_path(self.coursedir.source_directory, ".", self.assignment)
        paths = utils.find_all_files(folder, [*self.coursedir.ignore, "*.ipynb"])
        found = {os.path.relpath(path, folder): path for path in paths}
        return {name: path for name, path in sorted(found.items()) if name not in self.own_names}

    def place(self, step, student):
        """A student's folder of a step: "submitted_directory" or "autograded_directory"."""
        return self.coursedir.format_path(getattr(self.coursedir, step), student, self.assignment)

    def students(self, pattern="*"):
        """Who handed in, in order, as {student: folder}.

        Raises
        ------
        GradingStopped
            If nobody did.
        """
        named = self.coursedir.format_path(
            self.coursedir.submitted_directory, "(?P<student>[^/]*)", re.escape(self.assignment), escape=True
        )
        left_out = self.coursedir.student_id_exclude.split(",")
        found = {}
        for folder in glob.glob(self.place("submitted_directory", "*")):
            match = re.fullmatch(named, folder)
            if match and match["student"] not in left_out and fnmatch.fnmatchcase(match["student"], pattern):
                found[match["student"]] = folder
        if not found:
            raise GradingStopped(
                f"Nothing was handed in at {self.place('submitted_directory', pattern)}; see that the assignment's "
                "name and --student are spelled as the folders are."
            )
        return dict(sorted(found.items()))

    def read(self, student, folder):
        """Read one submission."""
        parts, files = [], {}
        names = list(self.bundles)
        for name, bundle in self.bundles.items():
            raw, notes, problem = find_notebook(folder, name, bundle, names)
            parts.append({"name": name, "bundle": bundle.version, "raw": raw, "notes": notes, "problem": problem})
        own = {}
        for name in self.own_names:
            with contextlib.suppress(OSError, Unreadable):
                own[name] = read_file(os.path.join(folder, name))
        if not os.path.islink(folder):
            for path in regular_files(folder):
                if path.suffix != ".ipynb":
                    files[str(path.relative_to(folder))] = _digest(path)
        made = {
            "student": student, "assignment": self.assignment, "options": self.options, "notebooks": parts, "own": own,
            "seed": self.apart.seed(self.root, student, self.assignment),
        }  # fmt: skip
        timestamp = self.converter._timestamp(folder)
        said = [self.version, student, made["seed"], files, sorted(own), str(timestamp)]
        said += [[part["name"], _hash(part["raw"]), part["notes"], part["problem"]] for part in parts]
        key = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        missing = [name for name in names if not os.path.exists(os.path.join(folder, f"{name}.ipynb"))]
        return Submission(student, folder, made, key, timestamp, missing, odd_files(folder))

    def is_due(self, student, folder):
        """nbgrader's own rule without --force: what has been graded is graded again if it was handed in anew."""
        target = self.place("autograded_directory", student)
        if not os.path.exists(target):
            return True
        new, old = self.converter._timestamp(folder), read_timestamp(target)
        return new is not None and old is not None and new > old


def _hash(raw):
    return hashlib.sha256(raw or b"").hexdigest() if raw is not None else None


def _digest(path):
    try:
        return _hash(read_file(path, MAX_FILE + 1))
    except (OSError, Unreadable) as error:
        return type(error).__name__
