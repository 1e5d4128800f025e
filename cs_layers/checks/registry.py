"""From a task to the public function that a check cell calls."""

from __future__ import annotations

from dataclasses import replace

from . import known
from .engine import conclude, examine

_tasks = {}


def check(task, name=None):
    """The check of a task, under its own name or another one that students use for the same function."""
    if name is not None:
        known.alias(name, task.name)
        task = replace(task, name=name, call=task.call.replace(task.name, name))
    _tasks[task.name] = task
    known.reading(task.name, task.read)

    def run(*functions, seed=None, **options):
        unknown = set(options) - set(task.options)
        if unknown:
            allowed = f"knows {', '.join(task.options)}" if task.options else "has no options"
            raise TypeError(f"checks.{task.name} {allowed} (and seed); {', '.join(sorted(unknown))} is not one")
        conclude(examine(task, _callables(task, functions), seed, **options))

    run.__name__ = run.__qualname__ = task.name
    run.__doc__ = f"Check `{task.call}`; raise CheckFailed, or print one line. The module's docstring has the details."
    run.task = task
    return run


def _callables(task, functions):
    partner = _partner(task.name)
    most = 2 if partner else 1
    if not 1 <= len(functions) <= most:
        wanted = f"checks.{task.name}({task.name}" + (f", {partner})" if partner else ")")
        raise TypeError(f"checks.{task.name} was given {len(functions)} functions; call it as {wanted}")
    for function in functions:
        if not callable(function):
            raise TypeError(f"checks.{task.name} was given {type(function).__name__}, not a function")
    return functions


def _partner(name):
    """The function that a check takes beside its own, if any."""
    if "backward" in name:
        return name.replace("backward", "forward").replace("_alt", "")
    return {"save_params": "load_params", "load_params": "save_params"}.get(name)


def names():
    """Names of all checks."""
    return sorted(_tasks)


def report(name, *functions, seed=None, explain=True, **options):
    """What a check finds, as a `Report`, without raising."""
    task = _tasks[name]
    return examine(task, _callables(task, functions), seed, explain, **options)
