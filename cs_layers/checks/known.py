"""The registry of known mistakes and of right alternatives.

A mistake is a small wrong implementation with a name and a hint. It is written in one of two ways: as a whole function
under `@mistake(...)`, or as an edit of the plain right implementation (`edit("affine_backward", ..., old=new)`), which
shows in one line what is wrong. Either has a `source` that stands alone given `import numpy as np`.
"""

from __future__ import annotations

import functools
import inspect
import itertools
import linecache
import re
import textwrap
from dataclasses import dataclass, field, replace

import numpy as np

_mistakes: dict[str, list] = {}
_alternatives: dict[str, list] = {}
_plain: dict[str, str] = {}
_aliases: dict[str, str] = {}
_reading: dict[str, str] = {}
_count = itertools.count()


@dataclass(eq=False)
class Implementation:
    """One way to write a function, right or wrong. `source` defines it under the graded function's own name."""

    target: str
    name: str
    source: str
    hint: str = ""
    read: str = ""
    options: dict = field(default_factory=dict)  # keywords of the check under which it counts
    edits: tuple = ()
    partner: str = ""  # source of a forward that goes with a backward of another cache layout
    _function: object = None

    @property
    def function(self):
        if self._function is None:
            self._function = build(self.source, self.target, self.name)
        return self._function

    @property
    def forward(self):
        """The forward that goes with this backward, or None where the documented cache does."""
        return build(self.partner, None, self.name) if self.partner else None

    def __repr__(self):
        return f"<{self.target}: {self.name}>"


def build(source, target, name=""):
    """Run a source in a namespace of its own and return what it defines as `target` (None: the last function)."""
    filename = f"<{target or 'forward'} {name} {next(_count)}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    space = {"np": np, "__name__": "student"}
    exec(compile(source, filename, "exec"), space)
    if target is None:
        return [v for v in space.values() if inspect.isroutine(v) or inspect.isclass(v)][-1]
    return space[target]


def _source(function, target):
    """The text of a function without its decorators, under the name `target`."""
    text = textwrap.dedent(inspect.getsource(function))
    start = re.search(r"^(def|class) ", text, re.M).start()
    return re.sub(rf"\b{function.__name__}\b", target, text[start:])


def plain(target):
    """Register the plain right implementation, which edits change and which is also the first alternative."""

    def register(function):
        _plain[target] = _source(function, target)
        _alternatives.setdefault(target, []).insert(0, Implementation(target, "plain", _plain[target]))
        return function

    return register


def mistake(target, name, hint, read="", forward=None, **options):
    """Register a wrong implementation written as a whole function; `forward` made the cache of such a backward."""
    partner = _source(forward, forward.__name__) if forward else ""

    def register(function):
        _mistakes.setdefault(target, []).append(
            Implementation(target, name, _source(function, target), hint, read, options, partner=partner)
        )
        return function

    return register


def edit(target, name, hint, *changes, read="", **options):
    """Register the mistake that the plain implementation turns into when each `(old, new)` of `changes` is applied."""
    source = apply(_plain[target], changes, f"{target}: {name}")
    _mistakes.setdefault(target, []).append(Implementation(target, name, source, hint, read, options, changes))


def apply(source, changes, what=""):
    for old, new in changes:
        if source.count(old) != 1:
            raise ValueError(f"{what}: {old!r} is in the source {source.count(old)} times, and must be there once")
        source = source.replace(old, new)
    return source


def alternative(target, name="", forward=None, **options):
    """Register a right implementation; for a backward, `forward` is the function that made its cache."""

    def register(function):
        partner = _source(forward, forward.__name__) if forward else ""
        label = name or function.__name__
        _alternatives.setdefault(target, []).append(
            Implementation(target, label, _source(function, target), options=options, partner=partner)
        )
        return function

    return register


def alias(name, target):
    """Let a second name of a function have the same mistakes and alternatives."""
    _aliases[name] = target


def reading(name, read):
    """Let the mistakes of a function, where they name no place of their own, be explained in this notebook."""
    _reading[name] = read


def original(name):
    """The name that a function's implementations are listed under."""
    return _aliases.get(name, name)


def is_alias(name):
    return name in _aliases


def _of(table, name):
    found = table.get(_aliases.get(name, name), [])
    for m in found:
        m.read = m.read or _reading.get(name, "")
    if name not in _aliases:
        return list(found)
    return [replace(m, target=name, source=_renamed(m.source, m.target, name), _function=None) for m in found]


def _renamed(source, old, new):
    return re.sub(rf"\b{old}\b", new, source)


@functools.cache
def _known(kind, name):
    return tuple(_of(_mistakes if kind == "mistakes" else _alternatives, name))


def mistakes(name):
    """Known mistakes of a function, each with `.name`, `.hint`, `.read`, `.source` and `.function`."""
    return list(_known("mistakes", name))


def alternatives(name):
    """Right implementations of a function, each with `.name`, `.source` and `.function`."""
    return list(_known("alternatives", name))


def pairs(name):
    """Two edits of the plain implementation at once, where their texts do not overlap."""
    edits = [m for m in mistakes(name) if m.edits]
    for first, second in itertools.combinations(edits, 2):
        try:
            source = apply(_plain[_aliases.get(name, name)], first.edits + second.edits)
        except ValueError:
            continue
        source = _renamed(source, _aliases.get(name, name), name)
        yield first, second, Implementation(name, f"{first.name} + {second.name}", source)
