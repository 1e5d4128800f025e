"""Read a pickle that may come from anyone: it can build arrays, numbers, strings, lists and dicts, nothing else.

A pickle is a program, and Python's own reader runs it. Here two things stand in the way. The program is scanned
before it runs, and may use only the instructions listed below. Of the names it may look up, all are stand-ins: NumPy's
own functions are never called with what the file says, because a crafted ``dtype`` can make NumPy itself misbehave.
"""

import io
import itertools
import math
import pickle
import pickletools
from pathlib import Path

import numpy as np

from cs_layers.data.errors import DataFileError

__all__ = ["load_plain_pickle"]

_OPCODES = """PROTO FRAME STOP MARK POP POP_MARK DUP MEMOIZE PUT BINPUT LONG_BINPUT GET BINGET LONG_BINGET
    NONE NEWTRUE NEWFALSE INT BININT BININT1 BININT2 LONG LONG1 LONG4 FLOAT BINFLOAT
    STRING BINSTRING SHORT_BINSTRING BINBYTES SHORT_BINBYTES BINBYTES8 BYTEARRAY8
    UNICODE BINUNICODE SHORT_BINUNICODE BINUNICODE8
    EMPTY_LIST LIST APPEND APPENDS EMPTY_TUPLE TUPLE TUPLE1 TUPLE2 TUPLE3 EMPTY_DICT DICT SETITEM SETITEMS
    GLOBAL STACK_GLOBAL REDUCE BUILD"""
_MEMO_OPCODES = ("PUT", "BINPUT", "LONG_BINPUT")
_MAX_DEPTH = 4
_MAX_ITEMS = 1_000_000


class _DtypeStandIn:
    """Takes the place of ``numpy.dtype``: remembers the text and the byte order of a boolean or number type."""

    __slots__ = ("dtype",)

    def __init__(self, text, *_):
        text = text.decode("ascii") if isinstance(text, bytes) else text
        if not (isinstance(text, str) and text[:1] in "biuf" and text[1:] in ("1", "2", "4", "8")):
            raise pickle.UnpicklingError(f"an array of type {text!r}")
        self.dtype = np.dtype(text)

    def __setstate__(self, state):
        order = state[1].decode("ascii") if isinstance(state[1], bytes) else state[1]
        self.dtype = self.dtype.newbyteorder({"<": "<", ">": ">", "|": "|", "=": "="}[order])


class _ArrayStandIn:
    """Takes the place of an array while the pickle is read."""

    __slots__ = ("array",)

    def __setstate__(self, state):
        _, shape, kind, fortran, raw = state
        self.array = _array(raw, kind, shape, "F" if fortran else "C")


def _array(raw, kind, shape, order):
    """The array of these bytes, if they are as many as its shape and type need."""
    raw = raw.encode("latin1") if isinstance(raw, str) else raw  # Python 2 had one type for text and bytes
    if not isinstance(kind, _DtypeStandIn) or not all(isinstance(n, int) and n >= 0 for n in shape):
        raise pickle.UnpicklingError("an array whose shape or type is not one")
    if not isinstance(raw, (bytes, bytearray)) or math.prod(shape) * kind.dtype.itemsize != len(raw):
        raise pickle.UnpicklingError(f"an array of shape {shape} with {len(raw)} bytes of data")
    return np.frombuffer(raw, kind.dtype).reshape(shape, order="F" if order == "F" else "C").copy()


def _array_stand_in(raw, kind, shape, order):
    """How NumPy writes arrays since protocol 5."""
    stand_in = _ArrayStandIn()
    stand_in.array = _array(raw, kind, shape, order)
    return stand_in


class _Name:
    """A function that a pickle may call. It has no attributes, so the pickle cannot change it."""

    __slots__ = ("_call",)

    def __init__(self, call):
        object.__setattr__(self, "_call", call)

    def __call__(self, *args):
        return self._call(*args)

    def __setattr__(self, name, value):
        raise pickle.UnpicklingError("an attempt to change a function")


def _encode(text, encoding="latin1"):
    """How Python 3 writes bytes into a pickle that Python 2 can read."""
    if not isinstance(text, str) or encoding not in ("latin1", "latin-1"):
        raise pickle.UnpicklingError("an unknown text encoding")
    return text.encode("latin1")


def _refuse(*_):
    raise pickle.UnpicklingError("a call of numpy.ndarray")


def _allowed_names():
    """(module, name) of all that a pickle may look up, each with its stand-in."""
    allowed = {
        ("numpy", "dtype"): _Name(_DtypeStandIn),
        ("numpy", "ndarray"): _Name(_refuse),
        ("_codecs", "encode"): _Name(_encode),
    }
    for core in ("numpy.core", "numpy._core"):  # NumPy 1 and 2
        allowed[f"{core}.multiarray", "_reconstruct"] = _Name(lambda *_: _ArrayStandIn())
        allowed[f"{core}.multiarray", "scalar"] = _Name(lambda kind, raw: _array(raw, kind, (), "C").item())
        allowed[f"{core}.numeric", "_frombuffer"] = _Name(_array_stand_in)
    return allowed


class _Unpickler(pickle.Unpickler):
    def __init__(self, data, encoding):
        super().__init__(io.BytesIO(data), encoding=encoding)
        self._allowed = _allowed_names()

    def find_class(self, module, name):
        if (module, name) not in self._allowed:
            raise _CodeInPickle(f"{module}.{name}")
        return self._allowed[module, name]


class _CodeInPickle(Exception):
    pass


def load_plain_pickle(path, max_bytes=200_000_000, remedy="Delete it."):
    """Read a pickle of arrays, numbers, strings, lists, tuples and dicts, and refuse any other.

    Files of Python 2 and 3 and of NumPy 1 and 2 are read; what Python 2 called a string comes back as text, each
    byte one character.

    Parameters
    ----------
    path : path
        The file; it is only read.
    max_bytes : int, optional
        A larger file is refused.
    remedy : str, optional
        The last sentence of an error: what to do.

    Returns
    -------
    object
        What was pickled.

    Raises
    ------
    DataFileError
        If the file is damaged, too large, or wants anything else than plain data. Nothing in it has been executed.
    """
    path = Path(path)
    size = path.stat().st_size
    if size > max_bytes:
        raise DataFileError(f"{path} has {size:,} bytes, at most {max_bytes:,} are expected. {remedy}")
    data = path.read_bytes()
    try:
        _scan(data)
        return _plain(_Unpickler(data, encoding="latin1").load(), _MAX_DEPTH, itertools.count())
    except _CodeInPickle as error:
        raise DataFileError(
            f"{path} is a pickle that carries code ({error}); a data file holds arrays, lists and strings only. "
            f"Nothing in it was run. {remedy}"
        ) from None
    except Exception as error:  # a damaged pickle can raise nearly anything
        reason = str(error) or type(error).__name__
        raise DataFileError(
            f"{path} is not a readable pickle: it is damaged or incomplete ({reason}). {remedy}"
        ) from None


def _scan(data):
    """Go through the instructions without running them."""
    names, opcodes = _allowed_names(), frozenset(_OPCODES.split())
    for count, (opcode, argument, _) in enumerate(pickletools.genops(data)):
        if opcode.name not in opcodes:
            raise _CodeInPickle(f"instruction {opcode.name}")
        if opcode.name == "GLOBAL" and tuple(argument.split(" ", 1)) not in names:
            raise _CodeInPickle(argument.replace(" ", "."))
        if opcode.name in _MEMO_OPCODES and argument > count:
            raise pickle.UnpicklingError("a place in its memory that it cannot have reached")


def _plain(value, depth, items):
    """`value` with each stand-in replaced by the array it stands for; `items` counts what was looked at."""
    if depth == 0 or next(items) > _MAX_ITEMS:
        raise pickle.UnpicklingError("lists within lists without end")
    if isinstance(value, _ArrayStandIn):
        return value.array
    if isinstance(value, dict):
        return {key: _plain(item, depth - 1, items) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_plain(item, depth - 1, items) for item in value)
    if isinstance(value, (str, bytes, bool, int, float, type(None))):
        return value
    raise pickle.UnpicklingError(f"a {type(value).__name__} where data is expected")
