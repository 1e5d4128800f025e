"""What a test puts in the place of Python's own while it calls a student's function, and takes away again.

`patch("builtins.input", …)`, `sys.stdin = io.StringIO(…)`, `random.random = lambda: 0.5`, `del helper`: the student's
process has modules and names of its own, which are set so for the time of the call. What is told are functions, as
callbacks; of the notebook's names, never a value that a test has computed.
"""

import contextlib
import inspect
import os
import re
import sys
import warnings

_MODULES = ("builtins", "time", "random", "math", "datetime", "os", "numpy", "numpy.linalg", "numpy.random")
_MAY_CHANGE = re.compile(
    r"patch|builtins|stdin|setattr|environ|\b(?:time|random|math|datetime|os|np|numpy)(?:\.\w+)+\s*=[^=]"
)
_MAX_WARNINGS = 20
_MAX_FILE = 16 << 20


class Around:
    """What one student's process knows of what stands around it in the checker.

    Parameters
    ----------
    sources : list of str
        The instructor's cells: where none of them looks as if it replaced something, nothing is looked for.
    names : Names
    job_files : iterable of str
        The instructor's files, which the student's process has, too.
    """

    def __init__(self, sources, names, job_files=()):
        self.names, self.told = names, {}
        self.may_change = any(map(_MAY_CHANGE.search, sources))
        self.usual = {name: dict(vars(sys.modules[name])) for name in _MODULES if name in sys.modules}
        self.stdin, self.environ = sys.stdin, dict(os.environ)
        self.files = {name: _state(name) for name in job_files}

    def news(self):
        """What differs: [("module", module, name, value) | ("environ", name, value) | ("name", name, state, value)]."""
        return (*(self._replaced() if self.may_change else ()), *self._names())

    def _replaced(self):
        for module, usual in self.usual.items():
            for name, value in vars(sys.modules[module]).items():
                if usual.get(name, value) is not value and (callable(value) or value is None):
                    yield "module", module, name, value
        if sys.stdin is not self.stdin and hasattr(sys.stdin, "readline"):
            yield "module", "builtins", "input", _reading(sys.stdin)
        for name in {*self.environ, *os.environ}:
            if os.environ.get(name) != self.environ.get(name):
                yield "environ", name, os.environ.get(name)

    def new_files(self, values):
        """(name, contents) of files beside the notebook that a test has written and names to a student's function."""
        for name in _texts(values):
            path = os.path.normpath(name)
            if len(path) < 200 and not os.path.isabs(path) and not path.startswith("..") and os.path.isfile(path):
                state = _state(path)
                if state != self.files.get(path) and state[1] <= _MAX_FILE and not os.path.islink(path):
                    self.files[path] = state
                    with open(path, "rb") as file:
                        yield path, file.read()

    def _names(self):
        """Names of answers that a test has deleted or bound anew: those of other answers to functions of its own, any
        to what is the student's."""
        for name in self.names.expected:
            state, value = self.names.standing(name)
            if state == "bound" and not self._may_be_told(name, value):
                continue
            if self.told.get(name, ("", None)) != (state, id(value)):
                self.told[name] = (state, id(value))
                yield "name", name, state, value

    def _may_be_told(self, name, value):
        if self.names.student.is_theirs(value):
            return True
        return name in self.names.others and (inspect.isfunction(value) or inspect.isclass(value))


def _state(path):
    with contextlib.suppress(OSError):
        status = os.stat(path)
        return status.st_mtime_ns, status.st_size
    return None


def _texts(values, depth=3):
    """Texts and paths among the arguments of a call."""
    for value in values[:50]:
        if isinstance(value, (str, os.PathLike)):
            yield str(value)
        elif depth and isinstance(value, (list, tuple)):
            yield from _texts(value, depth - 1)
        elif depth and type(value) is dict:
            yield from _texts(list(value.values()), depth - 1)


def _reading(stream):
    def ask(prompt=""):
        line = stream.readline()
        if not line:
            raise EOFError("EOF when reading a line")
        return line.rstrip("\n")

    return ask


class Surroundings:
    """In the student's process: puts things in place, and back."""

    def __init__(self, names):
        self.names, self.taken, self.installed = names, {}, []

    @contextlib.contextmanager
    def like(self, told):
        """For the time of a call."""
        before = []
        for kind, *what in told:
            if kind == "name":
                self._bind(*what)
            elif kind == "module":
                module, name, value = what
                before.append((vars(sys.modules[module]), name, value))
            elif kind == "environ":
                name, value = what
                before.append((os.environ, name, value))
        outer, self.installed = self.installed, _exchange(before)
        try:
            yield
        finally:
            _exchange(self.installed)
            self.installed = outer

    @contextlib.contextmanager
    def apart(self):
        """As it was, while the checker is asked something: the way there uses some of it."""
        inner, self.installed = _exchange(self.installed), []
        try:
            yield
        finally:
            self.installed = _exchange(inner)

    def forget(self):
        """The notebook goes on: its names are what its cells make of them."""
        self.taken.clear()

    def _bind(self, name, state, value):
        if state == "own":
            if name in self.taken:
                self.names[name] = self.taken.pop(name)
            return
        if name in self.names:
            self.taken.setdefault(name, self.names[name])
        if state == "gone":
            self.names.pop(name, None)
        else:
            self.names[name] = value


def _exchange(values):
    """Set mappings' values; returns what undoes it."""
    undo = []
    for mapping, name, value in values:
        undo.append((mapping, name, mapping.get(name)))
        if value is None and mapping is os.environ:
            mapping.pop(name, None)
        else:
            mapping[name] = value
    return undo


# -- warnings


@contextlib.contextmanager
def noticing():
    """Collect what is warned of; it is shown all the same."""
    warned, show = [], warnings.showwarning

    def note(message, category, *args, **kwargs):
        if len(warned) < _MAX_WARNINGS:
            warned.append([[kind.__name__ for kind in category.__mro__], str(message)[:2000]])
        show(message, category, *args, **kwargs)

    warnings.showwarning = note
    try:
        yield warned
    finally:
        warnings.showwarning = show


_usual_impl = getattr(warnings, "_showwarnmsg_impl", None)


def warn_again(warned):
    """Say here what a student's function warned of, where a test waits for warnings or takes them for errors."""
    recorded = getattr(warnings, "_showwarnmsg_impl", None) is not _usual_impl
    if not recorded and not (warnings.filters and warnings.filters[0][0] == "error"):
        return
    for one in warned[:_MAX_WARNINGS] if type(warned) is list else ():
        if type(one) is list and len(one) == 2 and type(one[0]) is list and type(one[1]) is str:
            warnings.warn(one[1][:2000], _category(one[0]), stacklevel=2)


def _category(names):
    import builtins

    for name in names[:20]:
        kind = getattr(builtins, str(name), None)
        if isinstance(kind, type) and issubclass(kind, Warning):
            return kind
    return UserWarning
