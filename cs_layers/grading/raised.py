"""Exceptions that cross from one process to the other: as their nearest built-in type, or as the class that both know.

A class of exceptions that a student defines has a class here to be caught by, which descends from the same built-in
ones. What its instances hold is asked for in the student's process.
"""

import builtins
import sys
import traceback

from cs_layers.grading.protocol import ProtocolError
from cs_layers.grading.shell import safe_text

_LIBRARY = ("dataclasses", "decimal", "json.decoder", "statistics", "_queue", "queue", "struct", "_csv", "re", "csv")
"""Modules whose exceptions a test may wait for by name."""
_NEVER = (StopIteration, StopAsyncIteration)  # as from a generator: no loop around a call ends by what the call raises
_NO_BASES = (*_NEVER, *filter(None, [getattr(builtins, "BaseExceptionGroup", None)]))
_MAX_LINEAGE = 50
_MAX_CAUSES = 3


def describe(error, depth=0):
    """An exception as plain data: its name, its built-in ancestors, its text, where and whence it came."""
    names = [kind.__name__ for kind in type(error).__mro__ if getattr(builtins, kind.__name__, None) is kind]
    frames = [
        f"line {frame.lineno} in {frame.name}: {frame.line or ''}"
        for frame in traceback.extract_tb(error.__traceback__)
        if "cs_layers/grading" not in frame.filename
    ]
    described = {
        "type": type(error).__name__[:100],
        "module": str(type(error).__module__)[:100],
        "ancestors": names,
        "text": safe_text(error)[:2000],
        "args": [one if type(one) in (int, float, bool, type(None)) else safe_text(one)[:2000] for one in _args(error)],
        "trace": [frame[:500] for frame in frames[-12:]],
    }
    if isinstance(error.__cause__, Exception) and depth < _MAX_CAUSES:
        described["cause"] = describe(error.__cause__, depth + 1)
    return described


def _args(error):
    plain, args = (int, float, bool, str, type(None)), error.args
    if isinstance(error, OSError) and type(args) is tuple and len(args) == 2 and error.filename is not None:
        args = (*args, error.filename)
    return args[:5] if type(args) is tuple and all(type(one) in plain for one in args) else ()


def rebuilt_exception(description, find=lambda name: None, shown=None, depth=0):
    """An exception of the other side, as an instance of its nearest built-in ancestor, or of what `find` gives for its
    name, where that descends from the same.

    Only the name, plain arguments, the text and the type cross; SystemExit and the like become RuntimeError, so that
    none ends the process that reads. `shown` is the exception itself, where it is one that this side can hold.
    """
    if type(description) is not dict:
        raise ProtocolError("an error without a description")
    name, base = str(description.get("type"))[:100], _base(description.get("ancestors"))
    if not name.isidentifier():
        name = base.__name__
    known, text = find(name) or _of_library(description.get("module"), name), str(description.get("text"))[:2000]
    if isinstance(known, type) and issubclass(known, base):
        error = _made(known, description.get("args"), text)
    elif isinstance(shown, BaseException):
        error = shown
        args = description.get("args")
        vars(error)["_text"], error.args = text, tuple(args) if type(args) is list and args else (text,)
    else:
        kind = base if base.__name__ == name else type(name, (base,), {"__module__": "__main__"})
        error = _made(kind, description.get("args"), text)
    trace = description.get("trace")
    error.student_trace = [str(line)[:500] for line in trace[:12]] if type(trace) is list else []
    error.from_student = True
    if "cause" in description and depth < _MAX_CAUSES:
        error.__cause__ = rebuilt_exception(description["cause"], find, None, depth + 1)
    return error


def _base(ancestors):
    for ancestor in ancestors if type(ancestors) is list else ():
        kind = getattr(builtins, str(ancestor), None)
        if isinstance(kind, type) and issubclass(kind, Exception):
            return RuntimeError if kind in _NEVER else kind
    return RuntimeError


def _of_library(module, name):
    known = getattr(sys.modules.get(module), name, None) if module in _LIBRARY else None
    return known if isinstance(known, type) and issubclass(known, Exception) else None


def library_names():
    """The names of exceptions of Python's library that a test may wait for."""
    modules = [vars(sys.modules[module]) for module in _LIBRARY if module in sys.modules]
    return {name for names in modules for name in names if _of_library(names["__name__"], name)}


def _made(kind, args, text):
    """An exception with these arguments, if its text is then the one it had, else with the text alone."""
    for given in (args, (text,)):
        try:
            error = kind(*given)
            if safe_text(error) == text or given != args:
                return error
        except Exception:  # an exception may be made of anything, and these are a student's arguments
            continue
    try:
        error = kind.__new__(kind)
        error.args = (text,)
        if safe_text(error) == text:
            return error
    except Exception:  # the Unicode errors have no text of their own
        pass
    return ValueError(text)


# -- classes that a student defines


class StudentError:
    """What an exception of a student's class has: attributes and a text that are the student's."""

    __slots__ = ()
    from_student = False  # said here, so that nobody asks the student for it
    student_trace = ()

    def __getattr__(self, name):
        if name in _UNASKED or (name.startswith("__") and name.endswith("__")):
            raise AttributeError(name)
        peer = self._student[0]
        return peer.fetched(peer.value("getattr", self, name))

    def __str__(self):
        if "_student" not in vars(self):
            return super().__str__()
        if "_text" not in vars(self):
            does, text = self._student[0].value("special", self, "__str__", ())
            vars(self)["_text"] = text if does is True and type(text) is str else ""
        return vars(self)["_text"]

    def __del__(self):
        peer, number, _ = vars(self).get("_student", (None, 0, ""))
        if peer is not None:
            peer.freed.add(number)


_UNASKED = ("_student", "_text", "points")


class ErrorClass(type):
    """A class of exceptions of the student's: it can be caught, raised and descended from."""

    def __call__(cls, *args, **kwargs):
        """Make an instance in the student's process."""
        if "_handle" not in vars(cls):  # a class of the test's that descends from one of the student's
            return super().__call__(*args, **kwargs)
        made = cls._handle[0].value("call", cls, args, kwargs)
        if not isinstance(made, BaseException):
            raise TypeError(f"calling {cls.__name__} made no exception")
        given = made._student[0].value("getattr", made, "args")
        made.args = given if type(given) is tuple else ()
        return made


def class_of(peer, number, name, bases):
    """The class that stands here for one of a student's exceptions; `bases` are those that stand for what it descends
    from."""
    bases = tuple(kind for kind in bases if not issubclass(kind, _NO_BASES)) or (Exception,)
    members = {"__module__": "__main__", "_handle": (peer, number, name)}
    name = name if name.isidentifier() else "Error"
    if not any(issubclass(kind, StudentError) for kind in bases):
        bases = (StudentError, *bases)
    try:
        return ErrorClass(name, bases, members)
    except TypeError:  # bases that do not go together here
        return ErrorClass(name, (StudentError, Exception), members)


def classes_of(peer, lineage, known):
    """Make what is missing of a class and those it descends from, farthest first; `known` is filled.

    Parameters
    ----------
    lineage : list of [number, name, bases]
        `bases` are numbers of the student's classes, and names of built-in ones.
    known : dict of int to type
    """
    for number, name, bases in lineage[:_MAX_LINEAGE]:
        if type(number) is not int or type(bases) is not list:
            raise ProtocolError("a class that is none")
        if number in known:
            continue
        own = peer.find_class(str(name))
        if isinstance(own, type) and issubclass(own, Exception):
            known[number] = own
            continue
        found = [known.get(base) if type(base) is int else getattr(builtins, str(base), None) for base in bases[:20]]
        is_error = [kind for kind in found if isinstance(kind, type) and issubclass(kind, Exception)]
        known[number] = class_of(peer, number, peer.known_name(str(name)[:100]), is_error)


def instance_of(kind, peer, number, type_name):
    """A proxy of an exception."""
    error = kind.__new__(kind)
    vars(error)["_student"] = (peer, number, type_name)
    return error


def lineage_of(kind, number_of):
    """What `classes_of` reads: a class of exceptions, and what it descends from that is not Python's own."""
    own = [one for one in reversed(kind.__mro__) if one.__module__ != "builtins" and issubclass(one, BaseException)]
    return [
        [number_of(one), one.__name__, [base.__name__ if base.__module__ == "builtins" else number_of(base)
                                        for base in one.__bases__ if issubclass(base, BaseException)]]
        for one in own
    ]  # fmt: skip
