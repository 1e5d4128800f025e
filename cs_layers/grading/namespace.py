"""The globals of check cells: what the instructor's cells define, Python's own names, then the student's."""

import builtins
import sys

import numpy as np

from cs_layers.grading.objects import is_proxy

_NUMPY_EXCEPTIONS = getattr(np, "exceptions", np)
_USES = [
    "call", "setattr", "delattr", "getitem", "setitem", "delitem", "len", "iter", "next", "contains", "bool", "int",
    "float", "complex", "index", "hash", "array", "eq", "ne", "lt", "le", "gt", "ge", "neg", "pos", "abs", "invert",
    "enter", "exit", "instancecheck",
    *(side + name for side in ("", "r") for name in (
        "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor", "lshift", "rshift",
        "divmod",
    )),
]  # fmt: skip


class StandIn:
    """Stands in a test for what another answer should have defined and did not, or for what cannot be called any more.

    Whatever is done with it raises NameError with the cause. A test that can do without goes on (a check of a backward
    makes its own cache where the forward is wrong); any other fails and says why.
    """

    def __init__(self, name, reason):
        self.__dict__.update(_name=name, _reason=reason, _used=False)

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        self._refuse()

    def _refuse(self, *_, **__):
        self.__dict__["_used"] = True
        raise NameError(self._reason, name=self._name)

    def __repr__(self):
        return f"<{self._reason}>"

    for _use in _USES:
        locals()[f"__{_use}__"] = _refuse
    del _use


class Names(dict):
    """A dict that asks the student's process for the names it does not have.

    `expected` are the names that answers should define; `others` those among them that the cell which is running can
    perhaps do without; `reasons` says what became of a name.
    """

    student = None
    expected = frozenset()
    others = frozenset()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.failures, self.unusable, self._stand_ins, self._gone = {}, {}, {}, set()

    def __delitem__(self, name):
        """`del f` of a name of the student's: it is gone for the tests, and for what they call."""
        if dict.__contains__(self, name):
            dict.__delitem__(self, name)
        elif name not in self:
            raise KeyError(name)
        if name in self.expected:
            self._gone.add(name)

    def forget(self, names):
        """A student's cell has run: what it binds is what it says."""
        for name in names:
            self.pop(name, None)
            self._gone.discard(name)

    def standing(self, name):
        """How a name of an answer stands: "bound" to a value by a test, "gone", or the student's "own"."""
        if dict.__contains__(self, name):
            self._gone.discard(name)
            return "bound", dict.__getitem__(self, name)
        return ("gone" if name in self._gone else "own"), None

    def enter(self, others, unusable=()):
        """Begin a cell: of `others`, those in `unusable` (name to reason) are not to be called."""
        self.others, self.unusable, self._stand_ins = others, dict(unusable), {}

    def __missing__(self, name):
        if (
            name in self._gone
            or self.student is None
            or name.startswith("__")
            or (hasattr(builtins, name) and name not in self.expected)
        ):
            raise KeyError(name)
        found = False
        if not (name in self.others and name in self.unusable):
            found, value = self.student.name(name)
        if found:
            return value
        if name not in self.others:
            raise KeyError(name)
        return self._stand_ins.setdefault(name, StandIn(name, self.reason(name)))

    def __contains__(self, name):
        """`'f' in globals()`: what the student defined is there too."""
        if dict.__contains__(self, name) or name not in self.expected - self._gone or self.student is None:
            return dict.__contains__(self, name)
        return self.student.name(name)[0]

    def get(self, name, default=None):
        return self[name] if name in self else default  # noqa: SIM401  (this is what dict.get does)

    def own_class(self, name):
        """The class that the instructor's cells know by a name, or one of Matplotlib's, by its module and name.

        Of other modules there is none: to claim that an object is NumPy's array is not for its owner.
        """
        module, _, short = name.rpartition(".")
        if module.split(".")[0] == "matplotlib":
            known = getattr(sys.modules.get(module), short, None)
            return known if isinstance(known, type) and known.__module__.startswith("matplotlib.") else None
        own = dict.get(self, name)
        is_own = isinstance(own, type) and own.__module__ == "__main__" and not is_proxy(own)
        return own if is_own else None

    def exception(self, name):
        """The exception class that the instructor's cells, NumPy or Python know by a name."""
        own = dict.get(self, name)
        if isinstance(own, type) and issubclass(own, Exception):
            return own
        return getattr(np.linalg, name, None) or getattr(_NUMPY_EXCEPTIONS, name, None)

    def reason(self, name):
        """Why a name is not to be had, for the student."""
        if name in self.unusable:
            return self.unusable[name]
        if name in self.failures:
            return f"`{name}` is not defined: its cell ended with {self.failures[name]}; see there."
        return f"`{name}` is not defined."

    def unused(self):
        """The error of a cell that ended well without ever using what stood in for another answer: it has shown
        nothing."""
        for name, one in self._stand_ins.items():
            if not one.__dict__["_used"]:
                return NameError(self.reason(name), name=name)
        return None
