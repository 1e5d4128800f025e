"""What a student wrote in an earlier notebook, for a later one of the same assignment.

    own = earlier("01_affine_relu", affine_forward=layers.affine_forward, affine_backward=layers.affine_backward)
    out, cache = own.affine_forward(x, w, b)

Each function is the student's if it passes its check, else the stand-in that was given, and a table says which it is:
one mistake is paid for once. While nbgrader grades a notebook all are stand-ins, for no other lies beside it then. Of
the earlier notebook only definitions are run (functions, classes, imports, constants), first in a process of their own,
so that what hangs or crashes there takes nothing with it.
"""

from __future__ import annotations

import ast
import contextlib
import io
import itertools
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

from cs_layers import checks

SECONDS = 20


def earlier(notebook, seconds=SECONDS, **stand_ins):
    """Take functions and classes from an earlier notebook in the working folder, and print where each comes from.

    Parameters
    ----------
    notebook : str
        Its name, without the ending.
    seconds : float
        How long trying them may take. Where one hangs, those after it are tried again for as long.
    **stand_ins : callable
        What to take where the student's own is missing or wrong, under the name that the student's has. The check that
        the student's must pass is called like the stand-in: `MyNet=TwoLayerNet` is judged by `checks.TwoLayerNet`.

    Returns
    -------
    types.SimpleNamespace
        With the names of `stand_ins`.

    Raises
    ------
    ValueError
        There is no check for a stand-in.
    """
    path, own = Path(f"{notebook}.ipynb"), {}
    if os.environ.get("NBGRADER_EXECUTION") == "autograde":
        reasons = dict.fromkeys(stand_ins, "this notebook is being graded")
    elif path.is_file():
        reasons = _tried(path, _judges(stand_ins), seconds)
        if not all(reasons.values()):
            own, _ = definitions(path)
    else:
        reasons = dict.fromkeys(stand_ins, f"there is no {path} in this folder")
    taken = {name: value if reasons[name] else own[name] for name, value in stand_ins.items()}
    print(_table(notebook, reasons))
    return SimpleNamespace(**taken)


def definitions(path):
    """Run what a notebook defines, and nothing else of it.

    Parameters
    ----------
    path : path
        An .ipynb file.

    Returns
    -------
    names : dict
        What was defined.
    errors : dict of str to str
        For a name whose definition failed, what was raised.

    Raises
    ------
    ValueError
        The file is no notebook.
    """
    names, errors = {"__name__": Path(path).stem}, {}
    for source in _code(path):
        try:
            tree = ast.parse(source)
        except SyntaxError:
            continue
        for node in filter(_defines, tree.body):
            try:
                exec(compile(ast.Module([node], []), str(path), "exec"), names)
            except Exception as error:
                errors.update(dict.fromkeys(_bound(node), f"{type(error).__name__}: {error}"))
    return names, errors


def _code(path):
    """The text of a notebook's code cells, without the lines that are for Jupyter and not for Python."""
    try:
        cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):
        raise ValueError(f"{path} cannot be read as a notebook") from None
    for source in sources:
        yield "\n".join(line for line in source.splitlines() if not line.lstrip().startswith(("%", "!")))


def _defines(node):
    """Whether a statement defines something without computing anything: `w = 3` and `f = g` do, `w = f(3)` does not."""
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        return node.value is not None and not _calls(node.value)
    return isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))


def _calls(node):
    if isinstance(node, ast.Lambda):
        return False
    return isinstance(node, (ast.Call, ast.Await)) or any(_calls(child) for child in ast.iter_child_nodes(node))


def _bound(node):
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [(alias.asname or alias.name).split(".")[0] for alias in node.names]
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        return [c.id for c in ast.walk(node) if isinstance(c, ast.Name) and isinstance(c.ctx, ast.Store)]
    return [node.name]


def _judges(stand_ins):
    """The name of the check for each name."""
    judges = {name: value.__name__ for name, value in stand_ins.items()}
    unknown = sorted(set(judges.values()) - set(checks.names()))
    if unknown:
        raise ValueError(f"there is no checks.{unknown[0]}; give stand-ins that have the name of a check")
    return judges


def _tried(path, judges, seconds):
    """Why each name is not taken from the notebook, "" where it is.

    One process tries one name after the other; where it hangs or dies, another goes on behind that name.
    """
    try:
        list(_code(path))
    except ValueError as error:
        return dict.fromkeys(judges, str(error))
    reasons, left = {}, dict(judges)
    while left:
        command = [sys.executable, "-m", __name__, str(path), json.dumps(left)]
        found, ending = _said(command, seconds)
        reasons.update(found)
        left = {name: judge for name, judge in left.items() if name not in reasons}
        if left:
            name = next(iter(left))
            reasons[name] = ending
            del left[name]
    return reasons


def _said(command, seconds):
    """The reasons that a process printed, and how it ended before it had printed all."""
    environment = {**os.environ, "MPLBACKEND": "agg"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True)
    try:
        text, errors = process.communicate(timeout=seconds)
        ending = "the process that tried it crashed" + "".join(f" ({line})" for line in errors.splitlines()[-1:])
    except subprocess.TimeoutExpired:
        process.kill()
        text, _ = process.communicate()
        ending = f"trying it did not end within {seconds:g} s"
    found = {}
    for line in text.splitlines():
        with contextlib.suppress(ValueError, TypeError):
            found.update(json.loads(line))
    return found, ending


def _try_all(path, judges):
    """In the process that tries: print a line of JSON for each name, {name: reason}."""
    out, sys.stdout = sys.stdout, io.StringIO()
    names, errors = definitions(path)
    for name, judge in judges.items():
        print(json.dumps({name: _reason(name, judge, names, errors)}), file=out, flush=True)


def _reason(name, judge, names, errors):
    if name not in names:
        return f"its cell ends with {errors[name]}" if name in errors else "that notebook does not define it"
    functions = [names[name]]
    forward = name.replace("backward", "forward")
    if forward != name and forward in names:  # a backward is tried on the caches of its own forward
        functions.append(names[forward])
    try:
        getattr(checks, judge)(*functions)
    except checks.CheckFailed as error:
        first, *more = str(error).splitlines()
        fault = " ".join([first.removeprefix(f"{judge}: "), *_continued(more)])
        return "it is not written yet" if "not written yet" in fault else f"its check says: {fault}"
    except TypeError as error:  # it is no function at all
        return str(error)
    return ""


def _continued(lines):
    """The rest of a sentence that a check's message has wrapped."""
    return [line.strip() for line in itertools.takewhile(lambda line: line.startswith("    "), lines)]


def _table(notebook, reasons):
    width = max(map(len, reasons))
    lines = [f"  {name:{width}}  {_taken(reason)}" for name, reason in reasons.items()]
    return "\n".join([f"From {notebook}, as it was last saved:", *lines])


def _taken(reason):
    return f"the package's, because {reason.rstrip('.')}." if reason else "yours"


if __name__ == "__main__":
    _try_all(sys.argv[1], json.loads(sys.argv[2]))
