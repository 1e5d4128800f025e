"""The student's side: runs in the sandboxed process, executes cells and answers calls of the functions they defined.

Nothing here is trusted by the other side: student code lives in the same process and may change all of it.
"""

import asyncio
import copy
import functools
import gc
import importlib
import inspect
import os
import signal
import socket
import sys
import traceback
import types

import numpy as np

from cs_layers.grading import draws, raised, special
from cs_layers.grading.around import Surroundings, noticing
from cs_layers.grading.missing import rest_of
from cs_layers.grading.peer import Peer, same_bytes
from cs_layers.grading.protocol import Closed, ProtocolError
from cs_layers.grading.sandbox import syscalls
from cs_layers.grading.shell import Collector


class Remote:
    """An object of the checker, seen from student code: callable, iterable, or with public attributes."""

    def __init__(self, peer, number, type_name, kind):
        object.__setattr__(self, "_remote", (peer, number))

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        peer, _ = self._remote
        return peer.question("getattr", self, name)


class RemoteCallable(Remote):
    __name__ = property(lambda self: self._remote[0].question("getattr", self, "__name__"))
    __doc__ = property(lambda self: self._remote[0].question("getattr", self, "__doc__"))

    def __call__(self, *args, **kwargs):
        peer, _ = self._remote
        return peer.question("call", self, args, kwargs)


class RemoteIterator(Remote):
    def __iter__(self):
        return self

    def __next__(self):
        peer, _ = self._remote
        more, value = peer.question("next", self)
        if not more:
            raise StopIteration
        return value


class RemoteObject(Remote):
    """An object of the checker whose class an instructor's cell has defined here, too: what the class has is used here,
    what the object holds is read and written there."""

    def __getattribute__(self, name):
        if name == "_remote" or name.startswith("__"):
            return object.__getattribute__(self, name)
        if isinstance(inspect.getattr_static(type(self), name, None), _DESCRIPTORS):
            return object.__getattribute__(self, name)
        return self._remote[0].question("getattr", self, name)

    def __setattr__(self, name, value):
        if isinstance(inspect.getattr_static(type(self), name, None), property):
            object.__setattr__(self, name, value)
        else:
            self._remote[0].question("setattr", self, name, value)


_MAX_PARTS = 20
"""How often a cell may go on after a line that does not work here."""
_DESCRIPTORS = (types.FunctionType, property, classmethod, staticmethod)
_REMOTES = {"callable": RemoteCallable, "iterator": RemoteIterator}


class StudentPeer(Peer):
    """Answers the checker: runs cells, calls functions, reads and sets attributes and items."""

    strict = False

    def __init__(self, sock, shell, max_bytes=256 << 20):
        super().__init__(sock, max_bytes)
        self.shell = shell
        self._remotes, self.warned = {}, []
        self.surroundings = Surroundings(shell.user_ns)

    def serve(self):
        """Answer until the checker hangs up."""
        while True:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            try:
                message, data = self.channel.receive()
                if message.get("do") == "fork":
                    self._fork(message)
                    continue
                signal.signal(signal.SIGINT, signal.default_int_handler)
                self.answer(message, data)
            except Closed:
                return
            except KeyboardInterrupt:
                continue

    def _fork(self, message):
        """Leave a copy of this process, as it is now, that serves the connection passed along."""
        _, fds, _, _ = socket.recv_fds(self.channel.sock, 1, 1)
        child = os.fork()
        if child == 0:
            self.channel.sock.close()
            self.channel.sock = socket.socket(fileno=fds[0])
            self.channel.sock.send(b".")  # with it the kernel tells the checker which process this is
            return
        os.close(fds[0])
        self.channel.send({"answer": message.get("ask"), "changed": None, "value": None})

    # -- what the checker may ask

    def perform(self, message, values):
        operation = message.get("do")
        if operation == "run":
            return self._run(message, *values)
        if operation == "put":
            return self._put(*values)
        self.shell.collector = Collector(int(message.get("output", 0)))
        around = ()
        if message.get("around"):
            *values, around = values
        if message.get("draws"):
            *values, told = values
            draws.adopt(told)
        if message.get("written"):
            *values, written = values
            for target, value in written:
                np.copyto(target, value)
        action = getattr(self, "do_" + str(operation), None)
        if action is None:
            raise ProtocolError("an unknown question")
        value = self._watched(action, values, around)
        return value, self._seen()

    def _watched(self, action, values, told):
        with self.shell.collecting(), noticing() as self.warned, self.surroundings.like(told):
            value = action(*values)
        if self.shell.figures:
            with self.shell.collecting():
                self.shell._flush_figures()
        return value

    def _seen(self):
        warned, self.warned = self.warned, []
        return {"outputs": self.shell.collector.take(), **({"warned": warned} if warned else {})}

    def after_error(self):
        error = sys.exc_info()[1]
        if isinstance(error, MemoryError):
            traceback.clear_frames(error.__traceback__)
            _give_back()
        return self._seen()

    def _run(self, message, source):
        self.shell.show_errors = bool(message.get("errors", True))
        self.surroundings.forget()
        limit = int(message.get("output", 1 << 20))
        outputs, error, _ = self.shell.run(source, limit)
        for _ in range(_MAX_PARTS):
            source = rest_of(source, error)
            if source is None:
                break
            more, error, _ = self.shell.run(source, limit)
            outputs += more
        failed = type(error).__name__ if error is not None else None
        ran_out, error = isinstance(error, MemoryError), None
        self.shell.forget_error()
        if ran_out:
            _give_back()
        return None, {"outputs": outputs, "failed": failed}

    def _put(self, path, contents):
        folder = os.path.dirname(path)
        if folder:
            os.makedirs(folder, exist_ok=True)
        with open(path, "wb") as file:
            file.write(contents)
        return None, {}

    def do_name(self, name):
        """The value of a global name, and whether there is one."""
        if name not in self.shell.user_ns:
            return (False, None)
        return (True, self.shell.user_ns[name])

    def do_give(self, name, value):
        self.shell.user_ns[name] = value

    def do_call(self, target, args, kwargs):
        return target(*args, **kwargs)

    def do_call_name(self, name, args, kwargs):
        return self.shell.user_ns[name](*args, **kwargs)

    def do_getattr(self, target, name):
        return self._lend(getattr(target, name))

    def do_hasattr(self, target, name):
        return hasattr(target, name)

    def do_setattr(self, target, name, value):
        setattr(target, name, value)

    def do_delattr(self, target, name):
        delattr(target, name)

    def do_getitem(self, target, key):
        return self._lend(target[key])

    def do_setitem(self, target, key, value):
        target[key] = value

    def do_delitem(self, target, key):
        del target[key]

    def do_len(self, target):
        return len(target)

    def do_special(self, target, name, values):
        """Whether a special method of an object's class does something with these values, and what."""
        value = getattr(type(target), name)(target, *values)
        return (False, None) if value is NotImplemented else (True, value)

    def do_dir(self, target):
        return dir(target)

    def do_contains(self, target, value):
        return value in target

    def do_iter(self, target):
        return Kept(iter(target))

    def do_next(self, target):
        try:
            return (True, next(target))
        except StopIteration:
            return (False, None)

    def do_keys(self, target):
        return list(target)

    def do_awaited(self, target):
        async def until_it_ends():
            return await target

        return asyncio.run(until_it_ends())

    def do_copied(self, target, deep):
        return Kept((copy.deepcopy if deep else copy.copy)(target))

    def do_copy(self, target):
        return target.copy()

    def do_method(self, target, name, args, kwargs):
        return getattr(target, name)(*args, **kwargs)

    def do_isinstance(self, target, value):
        return isinstance(value, target)

    def do_issubclass(self, target, value):
        return issubclass(value, target)

    def do_derive(self, name, bases, members):
        """A class that a test derives from some of the notebook's, and the names of what those have."""
        namespace = {key: _MEMBERS[kind](*values) for key, (kind, *values) in members.items()}
        made = types.new_class(name, bases, {}, lambda given: given.update(namespace, __module__="__main__"))
        above = {key for base in bases for one in base.__mro__[:-1] for key in vars(one)}
        return (made, sorted(above | {"__init__"}))

    def do_above(self, kind, target, name):
        return getattr(super(kind, target), name)

    def do_describe(self, target):
        """Name, documentation, parameters, annotations and defaults of a function or class."""
        try:
            parameters = [
                (one.name, int(one.kind), *((False, None) if one.default is one.empty else (True, one.default)))
                for one in inspect.signature(target).parameters.values()
            ]
        except (TypeError, ValueError):
            parameters = None
        name, text = str(getattr(target, "__name__", "")), getattr(target, "__doc__", None)
        return (name, text, parameters, getattr(target, "__annotations__", {}), getattr(target, "__defaults__", None))

    def _lend(self, value):
        """Containers and arrays that belong to an object are lent, so that what is written to them arrives."""
        is_array = type(value) is np.ndarray and value.flags.writeable and not value.dtype.hasobject
        if isinstance(value, (dict, list)) or type(value) is set or is_array:
            return Kept(value)
        return value

    # -- objects

    def show(self, value):
        if isinstance(value, Kept):
            kept = value.value
            described = super().show(kept)
            for kind, name in ((dict, "dict"), (list, "list"), (set, "set"), (np.ndarray, "array")):
                if isinstance(kept, kind):
                    described[3] = name
            return described
        if isinstance(value, Remote):
            return ["H", value._remote[1]]
        described, kind = super().show(value), value if isinstance(value, type) else type(value)
        if described[3] in ("class", "object", "iterator"):
            ancestors = [
                one.__name__ if one.__module__ == "__main__" else f"{one.__module__}.{one.__name__}"
                for one in kind.__mro__[:-1]
            ]
            described[2] = kind.__name__
            described.append([self._number(kind), special.number_of(kind), ancestors])
            if issubclass(kind, Exception) and kind.__module__ != "builtins":
                described[-1].append(raised.lineage_of(kind, self._number))
        return described

    def _number(self, value):
        return super().show(value)[1]

    def held(self, error):
        """An exception of a class that the notebook defines, without the frames that it came through."""
        is_own = type(error).__module__ == "__main__" and isinstance(error, Exception)
        return error.with_traceback(None) if is_own else None

    def is_theirs(self, value):
        return isinstance(value, (Kept, Remote))

    def kind(self, value):
        if inspect.ismodule(value):
            return "module " + value.__name__
        if isinstance(value, type):
            return "class"
        if inspect.isfunction(value):
            return "function"
        if inspect.isgenerator(value):
            return "generator"
        if callable(value) and not isinstance(value, _FUNCTIONS):
            return "object"
        return super().kind(value)

    def proxy(self, number, type_name, kind, class_=None):
        if number not in self._remotes:
            self._remotes[number] = self._remote(number, type_name, kind)
        return self._remotes[number]

    def find_class(self, name):
        return self.shell.user_ns.get(name)

    def _remote(self, number, type_name, kind):
        own = self.find_class(type_name)
        if kind == "shared" and isinstance(own, type):
            try:
                made = object.__new__(type(type_name, (RemoteObject, own), {}))
                Remote.__init__(made, self, number, type_name, kind)
                return made
            except TypeError:  # a class with slots, or one that descends from a list, say
                pass
        return _REMOTES.get(kind, Remote)(self, number, type_name, kind)

    def question(self, operation, *values):
        """Ask the checker something in the middle of a call."""
        with self.surroundings.apart():
            message = self.ask(operation, *values)
        if "error" in message:
            error = message["value"]
            raise error if isinstance(error, BaseException) else raised.rebuilt_exception(message["error"])
        return message["value"]

    # -- changes in place

    def remember(self, codec):
        """What the mutable arguments held when they came."""
        return [
            codec.pieces[index] if index in codec.pieces else _contents(node) for index, node in enumerate(codec.nodes)
        ]

    def changes(self, codec, origins):
        """[index, new value] of each argument that the call changed in place."""
        changed = []
        for index, (node, origin) in enumerate(zip(codec.nodes, origins, strict=False)):
            if index in codec.pieces:
                same = same_bytes(node, origin)
            else:
                now = _contents(node)
                same = len(now) == len(origin) and all(_identical(a, b) for a, b in zip(now, origin, strict=True))
            if not same:
                changed.append((index, node.copy()))
        return tuple(changed) or None


_FUNCTIONS = (
    types.BuiltinFunctionType, types.MethodType, types.MethodWrapperType, np.ufunc, functools.partial,
    type(functools.lru_cache(len)),
)  # fmt: skip
"""What can be called and is no more than that; other objects that can be called have their own special methods."""


def _function(remote):
    return lambda *args, **kwargs: remote(*args, **kwargs)  # a function becomes a method where a class has it


_MEMBERS = {
    "function": _function,
    "value": lambda value: value,
    "staticmethod": lambda remote: staticmethod(_function(remote)),
    "classmethod": lambda remote: classmethod(_function(remote)),
    "property": lambda *remotes: property(*(one and _function(one) for one in remotes)),
}
"""What a test's class may have, made of callbacks into the test."""


class Kept:
    """Marks a value that is plain data but must stay here."""

    def __init__(self, value):
        self.value = value


def _contents(node):
    if type(node) is np.ndarray:
        return list(node.flat)
    return list(node.items()) if isinstance(node, dict) else list(node)


def _identical(a, b):
    return a is b or (
        type(a) is tuple and type(b) is tuple and len(a) == len(b) and all(x is y for x, y in zip(a, b, strict=True))
    )


def preload():
    """Import in the warm parent what notebooks use, lazy parts included, so that each copy starts ready."""
    for name in ("numpy.random", "numpy.testing", "numpy.linalg", "numpy.fft", "math", "random", "time", "timeit"):
        importlib.import_module(name)
    try:
        import matplotlib

        matplotlib.use("agg")
        import matplotlib.pyplot as plt
    except ImportError:
        return
    import io

    figure, axes = plt.subplots()
    axes.plot([0, 1], label="x")
    axes.imshow(np.zeros((2, 2)))
    axes.legend()
    figure.savefig(io.BytesIO(), format="png")
    plt.close("all")
    importlib.import_module("matplotlib_inline.backend_inline")


def _give_back():
    """Return to the system the memory that code which ran out of it has let go of: it counts until then.

    Before the answer: who is ended for it until then is so in the call that took it, and not in the next.
    """
    gc.collect()
    if syscalls.available:
        syscalls.trim()
