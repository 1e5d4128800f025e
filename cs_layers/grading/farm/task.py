"""The pure part: one submission in, its executed notebooks, scores and reasons out, whichever process does it.

Everything is plain data (dicts, lists, strings, numbers, bytes). A task needs no shared disk, gradebook or course
folder; the assignment's bundles come to a process once, with `keep`.

A task::

    {"student", "assignment", "seed", "options": {...},
     "notebooks": [{"name", "bundle": version, "raw": bytes or None, "notes": [...], "problem": str or None}],
     "own": {file name: bytes}}

Its result::

    {"student", "worker": "host:pid", "level", "seconds": float,
     "notebooks": [{"name", "text": the notebook file, "grades": {grade_id: points or None}, "scores":
                    {grade_id: [points, of]}, "comments": {grade_id: str or None}, "odd": [...], "level", "stopped"}]}

The result is a function of the task, but for "worker" and "seconds", which are for the report alone. Two further
entries of a task have no influence on it: "identity", what a worker on another machine must have installed, and
"careful", that it is to run in a process of its own.
"""

import atexit
import contextlib
import functools
import hashlib
import json
import multiprocessing.util
import os
import socket
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np

import cs_layers
from cs_layers.grading import report
from cs_layers.grading.bundle import Bundle, SourceCell
from cs_layers.grading.engine import Grader, Ran, SandboxRefused
from cs_layers.grading.rebuild import rebuild_found
from cs_layers.grading.sandbox.limits import Limits

BROKEN = "Grading failed ({}). This is not your fault; please tell your instructor."
DEADLY = (
    "Grading this submission ended the process that grades, twice. It is not tried again and has 0 points; please tell "
    "your instructor."
)

_lock = threading.Lock()
_bundles, _graders, _users = {}, {}, {}


class NotKept(Exception):
    """A bundle that a task needs was not given to this process."""


class Unlike(Exception):
    """This process's package, Python or NumPy is another than the asker's."""


def pack(bundle):
    """A bundle as plain data: JSON text and files."""
    return {"json": json.dumps({**asdict(bundle), "files": {}}), "files": dict(bundle.files)}


def unpack(packed):
    """The bundle that was packed."""
    made = Bundle(**json.loads(packed["json"]))
    made.cells = [SourceCell(**cell) for cell in made.cells]
    made.files = dict(packed["files"])
    return made


def kept():
    """The bundles that this process keeps, packed."""
    return {version: pack(bundle) for version, bundle in _bundles.items()}


def keep(packed):
    """Keep bundles (`{version: packed bundle}`) for this process's life."""
    for version, one in packed.items():
        if version not in _bundles:
            _bundles[version] = unpack(one)


def grade(task, packed=None):
    """Grade one submission with this process's warm parents.

    Parameters
    ----------
    task : dict
        As above.
    packed : dict, optional
        Bundles to keep first, for a process that has not been given them.

    Returns
    -------
    dict
        As above.

    Raises
    ------
    SandboxRefused
        If the sandbox is weaker here than the task's options ask for.
    Unlike
        If the asker's package is another.
    NotKept
        If a bundle has not been kept.
    """
    mismatch = "identity" in task and unlike(task["identity"], identity())
    if mismatch:
        raise Unlike(f"The worker at {socket.gethostname()} {mismatch}; install the same versions on both.")
    keep(packed or {})
    with _grader_for(task["options"]) as grader:
        return _result(task, lambda part: _graded(part, task, grader))


def give_up(task, problem=DEADLY):
    """The result of a submission that is not to be run: no points, and the reason."""
    return _result(task, lambda part: _graded(_nothing(part, problem), task, None))


@contextlib.contextmanager
def _grader_for(options):
    """This process's grader for such options; one with others, that nobody uses now, is closed."""
    key = json.dumps([options["level"], options["limits"], options["canary_folder"]], sort_keys=True)
    with _lock:
        if not _graders:
            _close_at_exit()
        for other in [one for one in _graders if one != key and not _users[one]]:
            _graders.pop(other).close()
        if key not in _graders:
            limits = Limits(**options["limits"])
            _graders[key] = Grader(options["level"], limits, canary_folder=options["canary_folder"])
            _users[key] = 0
        _users[key] += 1
        grader = _graders[key]
    try:
        yield grader
    finally:
        with _lock:
            _users[key] -= 1


def close():
    """End this process's warm parents."""
    with _lock:
        while _graders:
            _graders.popitem()[1].close()


def _close_at_exit():
    atexit.unregister(close)
    atexit.register(close)
    multiprocessing.util.Finalize(None, close, exitpriority=10)  # processes of multiprocessing run no atexit


def _result(task, grade_part):
    started = time.monotonic()
    notebooks = []
    for part in task["notebooks"]:
        try:
            notebooks.append(grade_part(part))
        except (SandboxRefused, NotKept):
            raise
        except Exception as error:
            notebooks.append(_graded(_nothing(part, BROKEN.format(type(error).__name__)), task, None))
    return {
        "student": task["student"],
        "level": next((one["level"] for one in notebooks if one["level"]), None),
        "worker": f"{socket.gethostname()}:{os.getpid()}",
        "seconds": round(time.monotonic() - started, 3),
        "notebooks": notebooks,
    }


def _nothing(part, problem):
    return {**part, "raw": None, "notes": [], "problem": problem}


def _graded(part, task, grader):
    """Grade one notebook; without a grader, nothing of it is run."""
    from nbformat import v4

    options, bundle = task["options"], _bundles.get(part["bundle"])
    if bundle is None:
        raise NotKept(part["name"])
    nb = rebuild_found(part["raw"], part["notes"], part["problem"], bundle)
    nb = v4.reads(v4.writes(nb))  # as nbgrader does between its two passes
    if not options["execute"]:
        nb.metadata.cs_layers["problem"] = report.NOT_RUN
    if nb.metadata.cs_layers.get("problem") or grader is None:
        limits = Limits(**options["limits"])
        graded = report.finish(nb, bundle, Ran(), task["seed"], nb.metadata.cs_layers["notes"], limits)
    else:
        graded = grader.execute(nb, bundle, task["seed"], nb.metadata.cs_layers["notes"], task["own"])
    nb = _shortened(graded.notebook, options)
    return {
        "name": part["name"],
        "text": v4.writes(nb) + "\n",
        "grades": grades(nb),
        "scores": {grade_id: list(points) for grade_id, points in graded.scores.items()},
        "comments": comments(nb, graded.reasons),
        **report.remarks(graded),
    }


def _shortened(nb, options):
    """nbgrader's own last steps on outputs."""
    from nbgrader.preprocessors import IgnorePattern, LimitOutput

    if options["ignore_pattern"]:
        nb, _ = IgnorePattern(pattern=options["ignore_pattern"]).preprocess(nb, {})
    limit = LimitOutput(max_lines=options["max_lines"], max_traceback=options["max_traceback"])
    return limit.preprocess(nb, {})[0]


def grades(nb):
    """Points by grade_id as nbgrader's SaveAutoGrades reads them from a notebook; None where a person must grade."""
    from nbgrader import utils

    return {
        cell.metadata.nbgrader.grade_id: utils.determine_grade(cell)[0] for cell in nb.cells if utils.is_grade(cell)
    }


def comments(nb, reasons):
    """Automatic comments by grade_id, as SaveAutoGrades and SaveReasons write them."""
    from nbgrader import utils

    found = {}
    for cell in nb.cells:
        if utils.is_solution(cell) or utils.is_task(cell):
            data = cell.metadata.nbgrader
            untouched = data.get("checksum") == utils.compute_checksum(cell) and not utils.is_task(cell)
            found[data.grade_id] = "No response." if untouched else None
    for answer, tests in report.tests_of_answers(nb.cells).items():
        text = report.comment_of(reasons, tests)
        if text:
            found[answer] = f"{found[answer]}\n\n{text}" if found[answer] else text
    return found


@functools.cache
def identity():
    """What must be equal on all machines for results to be equal: the package, by a hash of its text, and what it
    stands on."""
    package, digest = Path(cs_layers.__file__).parent, hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        with contextlib.suppress(OSError):
            digest.update(str(path.relative_to(package)).encode() + b"\0" + path.read_bytes())
    return {
        "cs_layers": digest.hexdigest()[:12],
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "numpy": np.__version__,
    }


def unlike(mine, theirs):
    """What differs between the asker's `identity` and another's, as the end of a sentence; "" if nothing does."""
    if not isinstance(theirs, dict):
        return f"cannot import cs_layers ({theirs})"
    differs = [name for name in mine if mine[name] != theirs.get(name)]
    return (
        f"has another {differs[0]} ({theirs.get(differs[0])}) than this machine ({mine[differs[0]]})" if differs else ""
    )
