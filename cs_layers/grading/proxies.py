"""The checker's end of the connection to a student's process: what it asks, and what it makes of the answers."""

import builtins
import contextlib
import importlib
import inspect
import io
import re
import socket
import sys
import threading
import time
import weakref

import numpy as np

from cs_layers.grading import objects, raised
from cs_layers.grading.around import warn_again
from cs_layers.grading.display import clean_outputs
from cs_layers.grading.draws import Draws
from cs_layers.grading.live import LiveDict, LiveList, LiveSet, Unfetched
from cs_layers.grading.peer import DataCodec, Peer, deadline_in, same_bytes
from cs_layers.grading.protocol import Closed, Late, NotPlain, ProtocolError

_LIVE = (LiveDict, LiveList, LiveSet)
_RUNNING = ("call", "special", "next")
"""What may run a student's code for long."""
GRACE = 2.0
"""Seconds that a function has to end after an interrupt, before its process is killed."""
MAX_CLASSES = 2000
"""How many classes of a student's have proxies of their own."""

_MODULES = [
    "numpy",
    "scipy",
    "pandas",
    "matplotlib",
    "math",
    "random",
    "statistics",
    "itertools",
    "functools",
    "collections",
    "re",
    "time",
    "copy",
    "typing",
    "cs_layers.gradient_check",
    "cs_layers.data",
    "cs_layers.plots",
    "cs_layers.optim",
]


class StudentStopped(BaseException):
    """The student's process gave no usable answer. Not an `Exception`: no test that expects one may take it for it."""


class TookTooLong(StudentStopped):
    pass


class Gone(StudentStopped):
    pass


class StudentPeer(Peer):
    """The checker's end of the connection to a student's process.

    Parameters
    ----------
    sock : socket.socket
    limits : Limits
    control : object
        `interrupt()` and `kill()` reach the process.
    """

    sends_generators = True

    def __init__(self, sock, limits, control):
        super().__init__(sock, limits.message << 20)
        self.limits, self.control = limits, control
        self.cell_deadline = None
        self.quiet = lambda: False  # whether what the student's code prints is wanted by nobody
        self.on_outputs = lambda outputs: None
        self.concealed = False  # whether nothing of the process may show, not even how it ended
        self.dead, self.culprit = None, None  # why the process ended, and in which function
        self.too_slow, self.others = set(), frozenset()
        self.on_hungry = lambda name: None
        self.borrowed = {}
        self.draws = Draws()
        self.find_exception = lambda name: None
        self.find_class = lambda name: None  # a class of the instructor's, by its name
        self.asked_for = {}  # classes that the notebook asks for, and their special methods
        self.shared_classes = {}  # the same of the instructor's that the student's process has, too
        self._words = None
        self.texts = lambda: []  # of the student's cells that have run
        self.around = None  # what a test has put in the place of Python's own
        self.calls = 0
        self.changed_in_place = 0
        self._students, self._classes, self._errors = {}, {}, {}
        self._line = threading.RLock()

    # -- asking

    def request(self, operation, *values, limit=None, name=None, **extra):
        """Ask the student's process; return the value it gives.

        Raises
        ------
        TookTooLong, Gone
            If there is no answer in time, or the process is gone or broke the rules.
        Exception
            What the student's code raised, as its nearest built-in type.
        """
        with self._line:  # a test may call from several threads
            return self._request(operation, values, limit, name, extra)

    def _request(self, operation, values, limit, name, extra):
        if self.dead:
            raise Gone(self.dead)
        if name in self.too_slow:
            raise self._no_answer(name, f"`{name}` gave no answer in time before, so it was not called again.")
        if self.around and operation in _RUNNING:
            for path, contents in self.around.new_files(values):
                with contextlib.suppress(Exception):
                    self.value("put", path, contents)
        self.calls += 1
        limit = min(limit or self.limits.call, self._left())
        written = self._written()
        if written:
            values, extra["written"] = (*values, written), True
        told = self.draws.news() if operation == "call" else None
        if told:
            values, extra["draws"] = (*values, told), True
        around = self.around.news() if self.around and operation in _RUNNING else None
        if around:
            values, extra["around"] = (*values, around), True
        extra["output"] = 0 if self.quiet() else int(self.limits.output * (1 << 20))
        try:
            message = self.ask(operation, *values, deadline=deadline_in(limit), **extra)
        except Late:
            self._stop(name, self._said(limit))
        except Closed:
            ended = "the process that runs your code ended (exit, a crash, or out of memory)."
            self._lost(name, self.control.reason() or ended)
        except ProtocolError as error:
            self.control.kill()
            self._lost(name, f"the process that runs your code sent {error}.")
        except ValueError as error:
            raise ValueError(f"The arguments could not be sent: {error}") from None
        if not self.quiet():
            self.on_outputs(clean_outputs(message.get("outputs")))
        warn_again(message.get("warned"))
        if "error" in message:
            described = message["error"]
            if type(described) is dict:
                described["type"] = self.known_name(str(described.get("type")), "")
            error = raised.rebuilt_exception(described, self.find_exception, message["value"])
            if isinstance(error, MemoryError):
                self.on_hungry(name)
            raise error
        return message["value"], message

    def value(self, operation, *values, **options):
        return self.request(operation, *values, **options)[0]

    def _left(self):
        if self.cell_deadline is None:
            return self.limits.cell
        return max(0.01, self.cell_deadline - time.monotonic())

    def _said(self, limit):
        """The limit as it was set, not what happened to be left of it: a grade's reason is to be the same each time."""
        if limit in (self.limits.call, self.limits.cell):
            return f"within {limit:.3g} s"
        if self.cell_deadline is not None:
            return f"before its cell's {self.limits.cell:g} s were over"
        return f"before the notebook's {self.limits.notebook:g} s were over"

    def _stop(self, name, limit):
        """No answer came in time, `limit` says which: interrupt; if that does not help, kill."""
        what = f"`{name}`" if name else "it"
        if name:
            self.too_slow.add(name)
        reason = f"{what} gave no answer {limit} and was stopped."
        self.control.interrupt()
        try:
            self._resynchronise(deadline_in(GRACE))
        except ProtocolError:
            self.control.kill()
            self.culprit = name
            self.dead = f"{what} gave no answer {limit}, could not be interrupted, and its process was killed."
            raise TookTooLong(self.dead) from None
        raise self._no_answer(name, reason)

    def _no_answer(self, name, reason):
        """The error of a function that takes too long: one that a test may live with only where it tests another."""
        return NameError(reason, name=name) if name in self.others else TookTooLong(reason)

    def _resynchronise(self, deadline):
        """Read up to the answer of the question that was interrupted."""
        if self.channel.in_frame:
            raise ProtocolError("half a frame")
        while True:
            message, _ = self.channel.receive(deadline)
            if type(message) is dict and "answer" in message:
                return

    def _lost(self, name, reason):
        if not self.dead:  # of calls within calls the innermost was the one
            if self.concealed and " more than " not in reason:  # a status or a size could say what was asked
                reason = "the process that runs your code ended, or broke the rules."
            self.dead, self.culprit = reason, name
        raise Gone(self.dead)

    # -- the whole process

    def fork(self, theirs):
        """Have the process leave a copy of itself, as it is now, that serves the socket `theirs`.

        Raises
        ------
        Gone
            If it cannot be copied; it is then ended.
        """
        if self.dead:
            raise Gone(self.dead)
        try:
            self.channel.send({"ask": 0, "do": "fork", "values": None}, deadline=deadline_in(5))
            socket.send_fds(self.channel.sock, [b"."], [theirs.fileno()])
            message, _ = self.channel.receive(deadline_in(10))
        except (ProtocolError, OSError) as error:
            self.control.kill()
            reason = self.control.reason(0.2)
            self._lost(None, reason or f"the process that runs your code could not be copied ({error}).")
        if type(message) is not dict or message.get("answer") != 0:
            self.control.kill()
            self._lost(None, "the process that runs your code answered out of turn.")

    def give(self, name, value):
        """Bind a name of the student's notebook to a copy of a value, if all of it is plain data or the student's.

        Returns
        -------
        bool
            Whether it was.
        """
        try:
            DataCodec(self).encode(value)
            self.value("give", name, value)
        except (NotPlain, ValueError, StudentStopped):
            return False
        return True

    def is_stale(self, value, depth=3):
        """Whether a value is, or holds, an object of a student's process that is gone."""
        if isinstance(value, _LIVE):
            value = value.student
        if objects.is_proxy(value):
            return objects.handle_of(value)[0] is not self
        parts = value.values() if type(value) is dict else value if type(value) in (list, tuple) else ()
        return depth > 0 and any(self.is_stale(part, depth - 1) for part in parts)

    # -- objects

    def show(self, value):
        if self.is_theirs(value):
            peer, number, type_name = objects.handle_of(value if objects.is_proxy(value) else value.student)
            if peer is not self:
                raise Gone(f"the {type_name} made by your code is gone with the process that held it.")
            return ["H", number]
        if inspect.ismodule(value):
            raise TypeError(f"The module {value.__name__} cannot be given to a student's function.")
        return super().show(value)

    def kind(self, value):
        """An object of a class that an instructor's cell defines in both processes is known to be that there too."""
        kind = type(value)
        is_shared = kind.__name__ in self.shared_classes and self.find_class(kind.__name__) is kind
        return "shared" if is_shared else super().kind(value)

    def is_theirs(self, value):
        return objects.is_proxy(value) or isinstance(value, _LIVE)

    def known_name(self, name, instead="Object"):
        """A name that student code gives a class. In a hidden test it has to stand in the notebook's text, or to be a
        usual one: another could be made of what the code was called with, and a check's message may repeat it."""
        if not self.concealed:
            return name
        if self._words is None:
            self._words = {
                *re.findall(r"\w+", "\n".join(self.texts())),
                *dir(builtins),
                *dir(np),
                *raised.library_names(),
            }
        return name if name in self._words or self.find_exception(name) or self.find_class(name) else instead

    def proxy(self, number, type_name, kind, class_=None):
        type_name = self.known_name(type_name)
        if type(kind) is str and kind.startswith("module "):
            return _module(kind[7:])
        class_ = self._class(type_name, class_)
        is_error = isinstance(class_, type) and issubclass(class_, Exception)
        if kind == "class" and class_ is not None and (is_error or objects.handle_of(class_)[1] == number):
            return class_
        made = self._students.get(number, lambda: None)()
        if made is None:
            made = self._made(number, type_name, kind, class_)
            self._students[number] = weakref.ref(made)
            self.freed.discard(number)
        if kind == "dict":
            return LiveDict(made)
        return Unfetched(made, kind) if kind in ("list", "set", "array") else made

    def _made(self, number, type_name, kind, class_):
        if kind in ("callable", "function", "class"):
            return objects.StudentFunction(self, number, type_name, kind)
        if kind == "generator":
            return objects.StudentGenerator(self, number, type_name)
        if isinstance(class_, raised.ErrorClass):
            return raised.instance_of(class_, self, number, type_name)
        if isinstance(class_, objects.StudentClass) and kind in ("object", "iterator"):
            return objects.instance_of(class_, self, number, type_name)
        return objects.StudentObject(self, number, type_name)

    def held(self, error):
        return error if objects.is_proxy(error) else None

    def _class(self, name, described):
        """The proxy of a class: [number, special methods as a number, classes it descends from by their names, the same
        as classes where they are exceptions]."""
        if described is None:
            return None
        number, special, ancestors, *lineage = described
        if type(number) is not int or type(special) is not int or type(ancestors) is not list:
            raise ProtocolError("a class that is none")
        if lineage and len(self._errors) < MAX_CLASSES:
            raised.classes_of(self, lineage[0], self._errors)
        if number in self._errors:
            return self._errors[number]
        known = self._classes.get(number)
        if known is None and len(self._classes) < MAX_CLASSES:
            bases = [kind for kind in map(self.find_class, map(str, ancestors[:50])) if kind is not None]
            known = self._classes[number] = objects.class_of(self, number, name, special, bases), special
        elif known is not None and known[1] != special:
            objects.equip(known[0], special)
            self._classes[number] = known[0], special
        return known and known[0]

    def replace_class(self, known, kind):
        """Have a class that was derived here stand for the one that was made of it there."""
        number = objects.handle_of(known)[1]
        special = self._classes[number][1]
        objects.equip(kind, special)
        self._classes[number] = kind, special
        return kind

    def fetched(self, value):
        """A list or an array that a student's object has lent: a copy whose changes are sent back."""
        if not isinstance(value, Unfetched):
            return value
        copy = self.value("copy", value.student)
        if value.kind == "list":
            return LiveList(value.student, copy)
        if value.kind == "set":
            return LiveSet(value.student, copy)
        is_lent = type(copy) is np.ndarray and not copy.dtype.hasobject
        return self._borrow(value.student, copy) if is_lent else copy

    def _borrow(self, student, copy):
        """Remember a copy of a student's array; while a check holds it, the same array is given again."""
        number = objects.handle_of(student)[1]
        known = self.borrowed.get(number)
        if known is not None and known[0].shape == copy.shape and known[0].dtype == copy.dtype:
            np.copyto(known[0], copy)
            copy = known[0]
        self.borrowed[number] = (copy, student, copy.tobytes())
        return copy

    def name(self, name):
        """Whether the student defined a global name, and its value or proxy."""
        answer = self.value("name", name)
        if type(answer) is not tuple or len(answer) != 2 or answer[0] is not True:
            return False, None
        if isinstance(answer[1], objects.StudentObject):
            object.__setattr__(answer[1], "_global", name)
        return answer

    def _written(self):
        """(student's array, new contents) of the borrowed arrays that a check has written to."""
        written = []
        for number, (array, student, before) in list(self.borrowed.items()):
            if not same_bytes(array, before):
                written.append((student, np.array(array)))
                self.borrowed[number] = (array, student, array.tobytes())
            if sys.getrefcount(array) <= 3:  # ours, the loop's and the call's: no check holds it any more
                del self.borrowed[number]
        return written

    # -- questions from student code: only about what it was given, only while it is being called

    def perform(self, message, values):
        operation, target = message.get("do"), values[0] if values else None
        if not self.has_shown(target):  # a function of Python's own, asked for by name, could be busy for days
            raise ProtocolError("a question about what it was not given")
        if operation == "call" and len(values) == 3 and callable(target):
            return target(*values[1], **values[2]), {}
        if operation == "next" and hasattr(type(target), "__next__"):
            try:
                return (True, next(target)), {}
            except StopIteration:
                return (False, None), {}
        name, is_shared = values[1] if len(values) > 1 else None, self.kind(target) == "shared"
        if type(name) is str and not name.startswith("__" if is_shared else "_"):
            if operation == "setattr" and len(values) == 3 and is_shared:
                setattr(target, name, values[2])
                return None, {}
            if operation == "getattr" and _may_be_read(target, name):
                return getattr(target, name), {}
        if operation == "getattr" and name in ("__name__", "__doc__") and inspect.isfunction(target):
            return getattr(target, name), {}
        raise AttributeError(f"{type(target).__name__} objects of the tests cannot do that here.")

    def change(self, codec, changes):
        """Write into the instructor's values what the student's function wrote into its copies."""
        if changes is None:
            return
        if type(changes) is not tuple:
            raise ProtocolError("changes that are no changes")
        for index, new in changes:
            if type(index) is not int or not 0 <= index < len(codec.nodes):
                raise ProtocolError("a change of nothing")
            self.changed_in_place += 1
            _write_into(codec.nodes[index], new)


def _may_be_read(target, name):
    """Whether student code may have an attribute of what a test has given it: of the tests' own objects, of mocks, but
    for what makes others of them, and of texts in the place of files."""
    if isinstance(target, (io.StringIO, io.BytesIO)):
        return True
    package = type(target).__module__.split(".")[0]
    return package in ("__main__", "cs_layers") or (package == "unittest" and name not in _REMAKING)


_REMAKING = ("configure_mock", "reset_mock", "attach_mock", "mock_add_spec")


def _write_into(old, new):
    if type(old) is not type(new):
        raise ProtocolError("a change of type")
    if type(old) is np.ndarray:
        if old.shape == new.shape and old.dtype == new.dtype and old.flags.writeable:
            np.copyto(old, new)
    elif isinstance(old, dict):
        items = dict(new)
        old.clear()
        dict.update(old, items)
    else:
        items = list(new)
        old.clear()
        old.update(items) if type(old) is set else old.extend(items)


def _module(name):
    """A module that the student imported and the tests use: the instructor's own copy of it."""
    if not any(name == allowed or name.startswith(allowed + ".") for allowed in _MODULES):
        raise NameError(f"the tests use the module {name}, which only the student imported.")
    return importlib.import_module(name)
