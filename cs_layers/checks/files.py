"""Checks of writing a network's parameters to a file and of reading them back: the round trip changes no bit.

Each of the two is judged together with the other one of the student's, or, given alone, with one that reads or writes
what np.savez writes.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from pathlib import Path

import numpy as np

from .calls import Raised, copy_of, touched
from .compare import compare
from .engine import Case, Outcome, Task
from .known import alternative, edit, plain
from .verdicts import FINE, Verdict, judged

_READ = "09_cnn"
_count = itertools.count()


@plain("save_params")
def save_params(params, path):
    np.savez(path, **params)


@plain("load_params")
def load_params(path):
    with np.load(path) as file:
        return {name: file[name] for name in file.files}


def cases(rng):
    shapes = {"W1": (3, 2, 3, 3), "b1": (3,), "W2": (12, 4), "b2": (4,)}
    made = []
    for names, dtype, tags in [
        (shapes, np.float64, set()),
        (shapes, np.float32, {"float32"}),
        ({"W10": (2, 3), "gamma": (1,), "W2": (1, 2), "beta": ()}, np.float64, {"other names and shapes"}),
    ]:
        params = {n: np.asarray(rng.normal(size=s) / 3, dtype=dtype) for n, s in names.items()}
        made.append(Case({"params": params}, {"round trip": judged}, frozenset(tags), plain=not tags))
    return made


def _verdict(got, params):
    """Whether what came back is what was saved, to the last bit."""
    if not isinstance(got, dict):
        form = "None" if got is None else f"a {type(got).__name__}"
        return Verdict(f"kind {form}", f"gives {form}, expected a dict of arrays")
    if set(got) != set(params):
        return Verdict(f"names {_names(got)}", f"gives the names {_names(got)}, expected {_names(params)}")
    for name, right in params.items():
        value = got[name]
        if not isinstance(value, np.ndarray):
            return Verdict(f"kind {type(value).__name__}", f"gives {name} as a {type(value).__name__}, not an array")
        if value.dtype != right.dtype:
            return Verdict(f"dtype {value.dtype}", f"gives {name} as {value.dtype}, expected {right.dtype}")
        wrong = compare(value, right, rtol=0.0)
        if wrong:
            return Verdict(f"{wrong.kind} {np.shape(value)}", f"changes {name}, which {wrong.text}")
    return FINE


def _names(params):
    return ", ".join(sorted(map(str, params))) or "none"


def _round_trip(save, load, case, guard):
    """Save two sets of parameters to two files, then read the first."""
    params = copy_of(case.args["params"])
    other = {name: value + 1 for name, value in params.items()}
    with _paths() as (first, second):
        for path, content in ((first, params), (second, other)):
            got = guard(save, content, path)
            if isinstance(got, Raised):
                break
        else:
            got = guard(load, first)
            got = got if isinstance(got, Raised) else guard(_verdict, got, params)
    changed = touched({"params": case.args["params"]}, {"params": params})
    return Outcome({"round trip": got} | {"~" + name: True for name in changed})


@contextlib.contextmanager
def _paths():
    """Two file names in the working folder, the one place to which a student's function can always write."""
    number = next(_count)
    paths = [f"check_{os.getpid()}_{number}_{which}.npz" for which in "ab"]
    try:
        yield paths
    finally:
        for path in paths:
            for name in (path, path + ".npz", path + ".npy"):
                Path(name).unlink(missing_ok=True)


def _task(name, call, run):
    patterns = {
        "float32": ("dtype-changed", "It fails just where the parameters are float32: keep the dtype of every array."),
        "other names and shapes": (
            "names-hard-coded",
            "It fails just where the parameters have other names or shapes: go over params.items().",
        ),
    }
    return Task(name, ("round trip",), cases, run, call, read=_READ, patterns=patterns)


SAVE = _task(
    "save_params",
    "save_params(params, path)",
    lambda functions, case, guard: _round_trip(functions[0], (*functions, load_params)[1], case, guard),
)
LOAD = _task(
    "load_params",
    "load_params(path)",
    lambda functions, case, guard: _round_trip((*functions, save_params)[1], functions[0], case, guard),
)

_ALL = "np.savez(path, **params)"
for _name, _hint, *_changes in [
    (
        "names-lost",
        "The names are not in the file. np.savez takes them as keywords: **params.",
        (_ALL, "np.savez(path, *params.values())"),
    ),
    (
        "pickled",
        "The dict was pickled whole with np.save; np.load refuses pickles. Save an array under each name: np.savez.",
        (_ALL, 'f = open(path, "wb")\n    np.save(f, params)\n    f.close()'),
    ),
    (
        "weights-alone",
        "Only the weights are in the file. Biases are parameters too.",
        (_ALL, 'np.savez(path, **{n: v for n, v in params.items() if n.startswith("W")})'),
    ),
    (
        "single-precision",
        "The numbers were rounded to float32. Save the arrays as they are.",
        (_ALL, "np.savez(path, **{n: v.astype(np.float32) for n, v in params.items()})"),
    ),
    (
        "double-precision",
        "The arrays were turned into float64. Save them as they are.",
        (_ALL, "np.savez(path, **{n: np.array(v, dtype=np.float64) for n, v in params.items()})"),
    ),
    (
        "flattened",
        "The arrays were flattened. Save them with their shapes.",
        (_ALL, "np.savez(path, **{n: v.ravel() for n, v in params.items()})"),
    ),
    (
        "rounded",
        "The numbers were rounded. Save all digits.",
        (_ALL, "np.savez(path, **{n: v.round(4) for n, v in params.items()})"),
    ),
    (
        "path-not-used",
        "Nothing lies under the name that was given. Write to path itself, which ends in .npz already.",
        (_ALL, "pass"),
    ),
    (
        "names-hard-coded",
        "The names are written down in the code. Go over params.items(): other networks have other names.",
        (_ALL, 'np.savez(path, **{n: params[n] for n in ("W1", "b1", "W2", "b2")})'),
    ),
    ("params-emptied", "The dict that came in was changed.", (_ALL, _ALL + "\n    params.clear()")),
]:
    edit("save_params", _name, _hint, *_changes)

_BACK = "{name: file[name] for name in file.files}"
for _name, _hint, *_changes in [
    ("no-return", "Nothing came back: the `return` line is missing.", ("return {", "params = {")),
    (
        "file-returned",
        "The open file came back. Its arrays are read when asked for; make a dict of them before it is closed.",
        ("    with np.load(path) as file:\n        return " + _BACK, "    return np.load(path)"),
    ),
    (
        "list-returned",
        "A list came back. Return a dict from names to arrays.",
        (_BACK, "[file[name] for name in file.files]"),
    ),
    (
        "weights-alone",
        "Only the weights came back. Biases are parameters too.",
        ("for name in file.files", 'for name in file.files if name[0] == "W"'),
    ),
    ("transposed", "The arrays came back transposed.", ("file[name] for", "file[name].T for")),
    (
        "double-precision",
        "The arrays came back as float64. Keep their dtype.",
        ("file[name] for", "file[name].astype(np.float64) for"),
    ),
    ("flattened", "The arrays came back flattened. Keep their shapes.", ("file[name] for", "file[name].ravel() for")),
    (
        "lists-of-numbers",
        "The arrays became lists. Keep them as arrays.",
        ("file[name] for", "file[name].tolist() for"),
    ),
    (
        "names-hard-coded",
        "The names are written down in the code. Go over file.files: other networks have other names.",
        ("for name in file.files", 'for name in ("W1", "b1", "W2", "b2")'),
    ),
]:
    edit("load_params", _name, _hint, *_changes)


@alternative("save_params")
def save_to_an_open_file(params, path):
    with open(path, "wb") as file:
        np.savez_compressed(file, **{key: value.copy() for key, value in params.items()})


@alternative("load_params")
def load_by_items(path):
    params = {}
    for key, value in np.load(path).items():
        params[key] = value
    return params
