"""The part of cs_layers that a student's process may import while it is graded.

Checks hold right implementations, and `cs_layers.layers` holds what assignments ask for. In the student's process
both are replaced: an import still works, as in the student's own kernel, but a check says nothing and a hidden
function refuses.
"""

import ast
import shutil
from pathlib import Path

import cs_layers

PACKAGE = Path(cs_layers.__file__).resolve().parent
_NEVER = ("grading", "cli.py", "__pycache__")

_SILENT = '''"""Checks say nothing here: they run outside the process that runs students' code."""


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    if name == "CheckFailed":
        return AssertionError
    return lambda *args, **kwargs: None
'''
_REFUSING = '''"""Hidden: the notebook that is graded asks for what this module holds."""


def _hidden(name):
    def refuse(*args, **kwargs):
        raise RuntimeError(f"cs_layers' own `{{name}}` cannot be used while a notebook that asks for it is graded.")

    refuse.__name__ = name
    return refuse


for _name in {names!r}:
    globals()[_name] = _hidden(_name)
'''


def build(folder, asked_for=()):
    """Write the package as a student's process sees it.

    Parameters
    ----------
    folder : Path
        Empty; gets a folder `cs_layers`.
    asked_for : iterable of str
        Names that the notebook asks students to define; modules that define one of them are hidden.
    """
    target = Path(folder) / "cs_layers"
    shutil.copytree(PACKAGE, target, ignore=lambda _, names: [name for name in names if name in _NEVER])
    checks = target / "checks"
    shutil.rmtree(checks, ignore_errors=True)
    checks.mkdir()
    (checks / "__init__.py").write_text(_SILENT)
    asked = {_plain(name) for name in asked_for}
    for path in sorted(target.rglob("*.py")):
        if path.name != "__init__.py" and path.parent != checks:
            names = _defined(path)
            if any(_plain(name) in asked for name in names):
                path.write_text(_REFUSING.format(names=sorted(names)))
    for path in [target, *target.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def _plain(name):
    """A function's name without the endings that mark its speed: `conv_forward_naive` asks for `conv_forward`."""
    for ending in ("_naive", "_fast", "_vectorized", "_loop"):
        name = name.removesuffix(ending)
    return name.lower()


def _defined(path):
    """Top-level names that a module defines."""
    names = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return {name for name in names if not name.startswith("__")}
