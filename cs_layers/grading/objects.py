"""What check cells hold in place of a student's functions, classes and objects: what is done to them is done in the
student's process.

Nobody's answer decides a comparison in his own favour. Two objects of the student's are compared there; one of them and
a value of the test's never, nor does a student's class do arithmetic with a test's value, unless the notebook asks for
that class with that operator. Otherwise `abs(f(x) - right) < 1e-6` could be passed by an object that says so.
"""

import abc
import inspect
import types

import numpy as np

from cs_layers.grading.raised import ErrorClass, StudentError
from cs_layers.grading.special import BINARY, COMPARISONS, CONVERSIONS, UNARY, names_of
from cs_layers.grading.written import code_of

_NUMBERS = frozenset(dir(np.ndarray)) | frozenset(dir(float))
_DISGUISES = {"function": types.FunctionType, "generator": types.GeneratorType}
OWN = frozenset(["_student", "_ask", "_global", "_origin", "_told", "_handle"])
MADE, DERIVED = "made", "derived"
"""Where an object comes from that is surely of a class that the notebook asks for: the test made it by calling that
class, or by an operator from one that is."""


def handle_of(value):
    """(peer, number, name of its type) of a proxy."""
    is_class = isinstance(value, (StudentClass, ErrorClass))
    return type.__getattribute__(value, "_handle") if is_class else value._student


def is_proxy(value):
    if isinstance(value, StudentError):
        return "_student" in vars(value)
    return isinstance(value, (StudentObject, StudentClass, ErrorClass))


def ask(value, operation, *values, **options):
    """Have the student's process do something to the object that a proxy stands for."""
    peer = handle_of(value)[0]
    return peer.fetched(peer.value(operation, value, *values, **options))


class StudentObject:
    """An object in the student's process. What is done to it is done there."""

    __slots__ = ("__weakref__", "_global", "_origin", "_student", "_told")

    def __init__(self, peer, number, type_name):
        for name, value in (("_student", (peer, number, type_name)), ("_global", None)):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_origin", "")
        object.__setattr__(self, "_told", False)  # whether it comes of arithmetic with a value of the test's

    def __init_subclass__(cls, **_):
        """A class of the instructor's is told nothing of its proxies."""

    def __del__(self):
        peer, number, _ = getattr(self, "_student", (None, 0, ""))
        if peer is not None:
            peer.freed.add(number)

    def _ask(self, operation, *values, **options):
        return ask(self, operation, *values, **options)

    def __getattribute__(self, name):
        if name in OWN or (name.startswith("__") and name.endswith("__")):
            return object.__getattribute__(self, name)
        if name in _NUMBERS:
            _guard(self, name)
        return ask(self, "getattr", name)

    def __setattr__(self, name, value):
        self._ask("setattr", name, value)

    def __delattr__(self, name):
        self._ask("delattr", name)

    @property
    def __dict__(self):
        return self._ask("getattr", "__dict__")

    def __dir__(self):
        return self._ask("dir")

    def __copy__(self):
        return self._ask("copied", False)

    def __deepcopy__(self, memo):
        return self._ask("copied", True)

    def __reduce_ex__(self, protocol):
        raise TypeError("an object of the student's cannot be pickled.")

    def __repr__(self):
        return f"<{self._student[2]} of the student>"


def is_function(value):
    return isinstance(value, (types.FunctionType, types.LambdaType)) and not is_proxy(value)


# -- operators


def _knows(self, name, classes=None):
    """Whether the notebook asks for this object's class, and for this special method of it."""
    peer, _, type_name = self._student
    known = peer.asked_for if classes is None else classes
    return name in known.get(type_name, ()) and peer.name(type_name)[1] is type(self)


def _does(self, name, *values):
    """What a special method gives, or NotImplemented."""
    does, value = self._ask("special", name, values)
    return value if does is True else NotImplemented


def _binary(self, name, other, *more):
    """The result of an operator.

    What comes of a test's value is plain data only where a test made the object itself; else it may be an object, to be
    looked into by its attributes, as tests do with objects of a class and not with numbers.
    """
    peer = self._student[0]
    theirs = peer.is_theirs(other)
    if not theirs and not _knows(self, name) and not _knows(self, name, peer.shared_classes):
        return NotImplemented
    value = _does(self, name, other, *more)
    told = self._told or getattr(other, "_told", False) if theirs else self._origin != MADE
    if not isinstance(value, StudentObject):
        if told and value is not NotImplemented:
            raise _refused(self, name)
    else:
        object.__setattr__(value, "_told", told or value._told)
        if value is not self or not name.startswith("__i"):
            object.__setattr__(value, "_origin", DERIVED if self._origin else "")
    return value


def _compare(self, name, other):
    theirs = isinstance(other, StudentObject)
    value = _does(self, name, other) if theirs else NotImplemented
    return value if value is NotImplemented else value is True


def _unary(self, name, *values):
    if self._told:
        raise _refused(self, name)
    return _does(self, name, *values)


def _convert(self, name, kind, *values):
    if self._told and kind is not str:
        raise _refused(self, name)
    value = _does(self, name, *values)
    if type(value) is not kind or (name == "__len__" and not 0 <= value < 1 << 40):
        raise TypeError(f"{name} of a student's object gave no {'length' if name == '__len__' else kind.__name__}.")
    return value


def _guard(self, name):
    """Refuse what reads the outcome of arithmetic that a test believes to be arithmetic of numbers."""
    if self._told and not self._origin:
        raise _refused(self, name)


def _refused(value, name):
    what = f"`{name}` of an object of the type {value._student[2]!r:.60}"
    return TypeError(f"{what} cannot be asked for after arithmetic with a value of the test's.")


# -- special methods, which a proxy has where the object has them


def _contains(self, value):
    _guard(self, "__contains__")
    if self._student[0].is_theirs(value) or _knows(self, "__contains__"):
        return self._ask("contains", value) is True
    return any(one is value or one == value for one in self)


def _entry(self, key):
    _guard(self, "__getitem__")
    return self._ask("getitem", key)


def _iterate(self):
    _guard(self, "__iter__")
    return _entries(self._ask("iter"))


def _entries(iterator):
    while True:
        more, value = iterator._ask("next") if isinstance(iterator, StudentObject) else (False, None)
        if more is not True:
            return
        yield value


def _next(self):
    _guard(self, "__next__")
    more, value = self._ask("next")
    if more is not True:
        raise StopIteration
    return value


def _call(self, *args, **kwargs):
    _guard(self, "__call__")
    return self._ask("call", args, kwargs, name=self._global)


def _await(self):
    _guard(self, "__await__")
    return self._ask("awaited")
    yield  # what is awaited here has ended there


def _exit(self, kind, error, trace):
    """A student's context manager may end the exception that his own code raised, or, where the notebook asks for one,
    any; but not a test's assertion."""
    known = next((one for one in getattr(kind, "__mro__", ()) if one.__module__ == "builtins"), None)
    ended = _does(self, "__exit__", known, None, None) is True
    own = getattr(error, "from_student", False) or _knows(self, "__exit__")
    return ended and own and not isinstance(error, AssertionError)


def _method(name, made):
    made.__name__ = name
    return made


def _special_methods():
    made = {
        "__contains__": _contains,
        "__iter__": _iterate,
        "__next__": _next,
        "__call__": _call,
        "__exit__": _exit,
        "__await__": _await,
        "__enter__": lambda self: _does(self, "__enter__"),
        "__reversed__": lambda self: _does(self, "__reversed__"),
        "__getitem__": _entry,
        "__setitem__": lambda self, key, value: self._ask("setitem", key, value),
        "__delitem__": lambda self, key: self._ask("delitem", key),
    }
    for short in BINARY:
        made[f"__{short}__"] = lambda self, other, *more, _name=f"__{short}__": _binary(self, _name, other, *more)
    for short in COMPARISONS:
        made[f"__{short}__"] = lambda self, other, _name=f"__{short}__": _compare(self, _name, other)
    for short in UNARY:
        made[f"__{short}__"] = lambda self, *values, _name=f"__{short}__": _unary(self, _name, *values)
    for short, kind in CONVERSIONS.items():
        made[f"__{short}__"] = lambda self, *values, _name=f"__{short}__", _kind=kind: _convert(
            self, _name, _kind, *values
        )
    return {name: _method(name, one) for name, one in made.items()}


_SPECIAL = _special_methods()


# -- classes


_OF_CLASSES = ("__bases__", "__init__", "__match_args__", "__dataclass_fields__")
"""What a test may ask of a class that Python has for its own use."""


class StudentClass(abc.ABCMeta):
    """A class of the student's: a type whose instances are the proxies of its objects.

    Where it descends from a class of the instructor's, it does so here too, for `isinstance`; what that class can do is
    done in the student's process all the same.
    """

    def __new__(cls, name, bases, namespace):
        """A class statement of a test's."""
        from cs_layers.grading.descended import derive

        return derive(name, bases, namespace)

    def __init__(cls, *_):
        """There is nothing to be done."""

    def __getattribute__(cls, name):
        if name in ("__doc__", "__signature__", "__annotations__"):
            return _described(cls, name)
        if name in _OF_CLASSES:
            return ask(cls, "getattr", name)
        if name == "_abc_impl" or (name.startswith("__") and name.endswith("__")):
            return type.__getattribute__(cls, name)
        return ask(cls, "getattr", name)

    def __setattr__(cls, name, value):
        if name in ("_abc_impl", "__abstractmethods__"):
            return type.__setattr__(cls, name, value)
        ask(cls, "setattr", name, value)

    def __delattr__(cls, name):
        ask(cls, "delattr", name)

    def __call__(cls, *args, **kwargs):
        peer, _, name = handle_of(cls)
        is_asked_for = name in peer.asked_for
        made = ask(cls, "call", args, kwargs, name=name if is_asked_for else None)
        if type(made) is cls and is_asked_for and peer.name(name)[1] is cls:
            object.__setattr__(made, "_origin", MADE)
        return made

    def __dir__(cls):
        return ask(cls, "dir")

    def __iter__(cls):
        return _entries(ask(cls, "iter"))

    def __getitem__(cls, key):
        return ask(cls, "getitem", key)

    def __len__(cls):
        length = ask(cls, "len")
        if type(length) is not int or length < 0:
            raise TypeError("the length of a student's class is no length.")
        return length

    def __bool__(cls):
        return True

    def __contains__(cls, value):
        return any(one is value for one in cls)

    def __instancecheck__(cls, value):
        if type.__instancecheck__(cls, value):
            return True
        if isinstance(value, tuple) and type(value).__name__ == cls.__name__:  # a named tuple travels as its entries
            return ask(cls, "getattr", "_fields") == getattr(type(value), "_fields", None)
        return isinstance(value, StudentObject) and ask(cls, "isinstance", value) is True

    def __subclasscheck__(cls, other):
        if type.__subclasscheck__(cls, other):
            return True
        return isinstance(other, StudentClass) and ask(cls, "issubclass", other) is True

    def __repr__(cls):
        return f"<class {cls.__name__} of the student>"


def _nothing_more(self, name):
    """What the student's object does not have, a class of the instructor's does not give it here."""
    raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)


def new_class(name, bases, members):
    """A class whose instances are proxies."""
    made = abc.ABCMeta.__new__(
        StudentClass, name if name.isidentifier() else "Object", bases, {"__slots__": (), **members}
    )
    type.__setattr__(made, "__abstractmethods__", frozenset())
    return made


def class_of(peer, number, name, special, bases):
    """A new proxy of a class; `bases` are those of the instructor's that it descends from."""
    members = {"__module__": "__main__", "_handle": (peer, number, name)}
    try:
        more = {"__getattr__": _nothing_more} if bases else {}
        made = new_class(name, (StudentObject, *bases), {**members, **more})
    except TypeError:  # a class that `isinstance` cannot be taught about: it has slots, or is built in
        made = new_class(name, (StudentObject,), members)
    equip(made, special)
    return made


def equip(kind, number):
    """Give a class the special methods that a number stands for: a student can add some at any time."""
    given = type.__getattribute__(kind, "__dict__")
    names = names_of(number) | given.get("_least", frozenset())
    for name, method in _SPECIAL.items():
        if name in names:
            type.__setattr__(kind, name, method)
        elif name in given:
            type.__delattr__(kind, name)
    if "__eq__" in names and "__hash__" not in names:
        type.__setattr__(kind, "__hash__", None)


def instance_of(kind, peer, number, type_name):
    """A proxy of an object of a class."""
    made = object.__new__(kind)
    StudentObject.__init__(made, peer, number, type_name)
    return made


# -- functions


class StudentFunction(StudentObject):
    """A function of the student's."""

    __slots__ = ("_disguise",)

    def __init__(self, peer, number, type_name, disguise=None):
        super().__init__(peer, number, type_name)
        object.__setattr__(self, "_disguise", disguise)

    __call__ = _call

    def __getattribute__(self, name):
        if name == "__class__":  # for `inspect.isfunction`
            return _DISGUISES.get(object.__getattribute__(self, "_disguise"), StudentFunction)
        if name in ("__name__", "__doc__", "__signature__", "__annotations__", "__defaults__"):
            return _described(self, name)
        if name == "__code__":
            return _code(self)
        return super().__getattribute__(name)


def _code(value):
    peer, name = value._student[0], value._global
    code = code_of(name, peer.texts()) if name else None
    if code is None:
        raise AttributeError("the text of this function is not known here")
    return code


class StudentGenerator(StudentObject):
    """A generator of the student's."""

    __slots__ = ()
    __next__ = _next

    def __iter__(self):
        return self

    def __getattribute__(self, name):
        return types.GeneratorType if name == "__class__" else super().__getattribute__(name)


def _described(value, attribute):
    """The name, documentation or signature of a student's function or class."""
    peer = handle_of(value)[0]
    name, text, parameters, annotations, defaults = peer.value("describe", value)
    if attribute == "__signature__":
        return _signature(parameters)
    return {
        "__name__": str(name), "__doc__": text if type(text) is str else None, "__annotations__": annotations,
        "__defaults__": defaults,
    }[attribute]  # fmt: skip


def _signature(parameters):
    if parameters is None:
        raise ValueError("no signature")
    made = [
        inspect.Parameter(str(name), inspect._ParameterKind(kind), default=default if has_default else inspect._empty)
        for name, kind, has_default, default in parameters
    ]
    return inspect.Signature(made, __validate_parameters__=False)
