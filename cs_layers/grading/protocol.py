"""What the checker and a student's process say to each other: frames of plain data, checked before use.

A frame is a head (magic, length of the text, length of the raw bytes), a JSON text, and the bytes of all arrays one
after the other. Nothing in it names code: data are tagged lists (`["a", dtype, shape, length]` is an array), and what
is not plain data is a number, a *handle*, of an object that stays where it is. The side that reads trusts no length,
shape, dtype, depth or order.
"""

import collections
import json
import re
import struct
import time
import types
from dataclasses import dataclass, field

import numpy as np

MAX_TEXT = 32 << 20
MAX_DEPTH = 50
MAX_NODES = 1_100_000
_HEAD = struct.Struct(">4sIQ")
_MAGIC = b"csl1"
_DTYPE = re.compile(r"[<>|=]?(b1|[iu][1248]|f(2|4|8|16)|c(8|16|32)|[US][0-9]{1,4})")
_MAX_DIMENSION = 1 << 40
_MAX_INTEGER_BITS = 4096
_BIT_GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")
_MODULES = {"numpy": np, "builtins": __import__("builtins"), "math": __import__("math")}
_BUILTINS = frozenset(
    [
        "bool",
        "int",
        "float",
        "complex",
        "str",
        "bytes",
        "list",
        "tuple",
        "dict",
        "set",
        "frozenset",
        "object",
        "abs",
        "max",
        "min",
        "sum",
        "len",
        "round",
        "sorted",
        "any",
        "all",
        "pow",
        "range",
        "zip",
        "map",
    ]
)


class ProtocolError(Exception):
    """The other side sent something that is no valid frame."""


class Closed(ProtocolError):
    """The other side has closed the connection."""


class Late(ProtocolError):
    """No whole frame came before the deadline."""


class NotPlain(TypeError):
    """A value is neither plain data nor something that can stay behind as a handle."""


class Channel:
    """Frames over a connected stream socket.

    Parameters
    ----------
    sock : socket.socket
    max_bytes : int
        Largest payload, of text and raw bytes each, that is accepted or sent.
    """

    def __init__(self, sock, max_bytes=256 << 20):
        self.sock = sock
        self.max_bytes = max_bytes
        self.in_frame = False

    def send(self, message, buffers=(), deadline=None):
        """Send one frame. `message` is JSON data, `buffers` are bytes-like.

        Raises
        ------
        ValueError
            If the frame is larger than the limit.
        Closed, Late
            If it could not be delivered.
        """
        text = json.dumps(message, separators=(",", ":")).encode()
        size = sum(len(buffer) for buffer in buffers)
        if len(text) > MAX_TEXT or size > self.max_bytes:
            raise ValueError(
                f"{(len(text) + size) >> 20} MB are more than the {self.max_bytes >> 20} MB one message may hold."
            )
        self.in_frame = False
        try:
            self._wait(deadline)
            self.in_frame = True
            self.sock.sendall(_HEAD.pack(_MAGIC, len(text), size) + text)
            for buffer in buffers:
                self._wait(deadline)
                self.sock.sendall(buffer)
            self.in_frame = False
        except TimeoutError:
            raise Late("the other side did not take the message in time") from None
        except OSError:
            raise Closed("the other side has gone") from None

    def receive(self, deadline=None):
        """Wait for one frame.

        Parameters
        ----------
        deadline : float, optional
            `time.monotonic()` after which to give up.

        Returns
        -------
        message : object
            The JSON data.
        data : memoryview
            The raw bytes, fresh and writable.
        """
        magic, text_size, size = _HEAD.unpack(self._read(_HEAD.size, deadline))
        self.in_frame = True
        if magic != _MAGIC:
            raise ProtocolError("a frame without its head")
        if text_size > MAX_TEXT or size > self.max_bytes:
            raise ProtocolError(f"a frame that says it has {(text_size + size) >> 20} MB")
        text = self._read(text_size, deadline)
        data = self._read(size, deadline)
        self.in_frame = False
        try:
            return json.loads(bytes(text).decode()), data
        except (ValueError, RecursionError, MemoryError) as error:
            raise ProtocolError(f"a frame that is not JSON ({type(error).__name__})") from None

    def _read(self, size, deadline):
        view, got = memoryview(np.empty(size, np.uint8)), 0
        while got < size:
            self._wait(deadline)
            try:
                count = self.sock.recv_into(view[got:], min(size - got, 1 << 20))
            except TimeoutError:
                raise Late("no answer in time") from None
            except OSError:
                raise Closed("the connection broke") from None
            if count == 0:
                raise Closed("the other side has closed the connection")
            got += count
            self.in_frame = True
        return view

    def _wait(self, deadline):
        if deadline is None:
            self.sock.settimeout(None)
            return
        left = deadline - time.monotonic()
        if left <= 0:
            raise Late("no answer in time")
        self.sock.settimeout(left)

    def close(self):
        self.sock.close()


@dataclass
class Codec:
    """Plain data to JSON and raw bytes, and back.

    Subclasses say what becomes of the rest: `keep(value)` gives the tagged list of an object that stays on this side,
    `find(tag, items)` what a tagged list of the other side stands for.

    `nodes` lists the mutable values met, arrays, lists, dicts and sets, in order, on both sides the same:
    `["ref", k]` is the k-th of them, so that aliases and changes in place can be told to the other side.
    """

    nodes: list = field(default_factory=list)
    copies = True
    """Whether decoded arrays own their memory. Where they need not, they lie in the frame's."""
    pieces: dict = field(default_factory=dict)
    """Index in `nodes` of each decoded array to its bytes in the frame."""
    generators = True
    """Whether random generators travel as their state. Not towards the checker: NumPy trusts the state it is given."""

    def keep(self, value):
        raise NotPlain(
            f"a value of type {type(value).__name__} is not plain data (numbers, text, lists, dicts, arrays)."
        )

    def find(self, tag, items):
        raise ProtocolError(f"an unknown tag {tag!r:.20}")

    # -- writing

    def encode(self, value):
        """Return (JSON data, list of buffers).

        Raises
        ------
        NotPlain
            If a part of it cannot be sent.
        """
        self._buffers, self._count = [], 0
        self._seen = {id(node): index for index, node in enumerate(self.nodes)}
        return self._encode(value, 0), self._buffers

    def _encode(self, value, depth):
        self._count += 1
        if depth > MAX_DEPTH or self._count > MAX_NODES:
            raise NotPlain("the value is nested too deeply, or has too many parts, to be sent.")
        kind = type(value)
        if value is None or kind in (bool, float, str):
            return value
        if kind is int:
            if value.bit_length() > _MAX_INTEGER_BITS:
                raise NotPlain(f"an integer of {value.bit_length()} bits is too long to be sent.")
            return value
        if kind is np.ndarray or kind in (list, dict, set):
            if id(value) in self._seen:
                return ["ref", self._seen[id(value)]]
            if kind is not np.ndarray or _DTYPE.fullmatch(value.dtype.str):
                self._seen[id(value)] = len(self.nodes)
                self.nodes.append(value)
        writer = _WRITERS.get(kind)
        answer = writer(self, value, depth + 1) if writer else None
        if answer is None:
            answer = self._encode_other(value, depth)
        return answer

    def _encode_other(self, value, depth):
        if isinstance(value, np.generic) and _DTYPE.fullmatch(value.dtype.str):
            return ["n", value.dtype.str, self._raw(value.tobytes())]
        if (
            isinstance(value, np.ndarray)
            and not isinstance(value, np.ma.MaskedArray)
            and _DTYPE.fullmatch(value.dtype.str)
        ):
            return self._encode(
                np.asarray(value), depth
            )  # a matrix, say: its numbers travel, what it does stays behind
        if isinstance(value, tuple) and hasattr(type(value), "_fields"):
            fields = [str(name) for name in type(value)._fields]
            return ["nt", type(value).__name__, fields, *(self._encode(item, depth + 1) for item in tuple(value))]
        name = _global_name(value)
        if name:
            return ["g", *name]
        return self.keep(value)

    def _raw(self, buffer):
        self._buffers.append(buffer)
        return len(buffer)

    def _encode_array(self, value, _):
        if not _DTYPE.fullmatch(value.dtype.str):
            return None
        data = np.ascontiguousarray(value).reshape(-1).view("u1") if value.size else value
        return [
            "a", value.dtype.str, list(value.shape), self._raw(data.data if value.size else b""),
            value.flags.writeable,
        ]  # fmt: skip

    # -- reading

    def decode(self, tree, data):
        """The value that `encode` wrote on the other side.

        Raises
        ------
        ProtocolError
            If the frame breaks a rule.
        """
        self._data, self._at, self._count = data, 0, 0
        try:
            value = self._decode(tree, 0)
        except ProtocolError:
            raise
        except Exception as error:  # a malformed frame fails somewhere: all of it is the sender's doing
            raise ProtocolError(f"a malformed frame ({type(error).__name__})") from None
        if self._at != len(data):
            raise ProtocolError("a frame with bytes left over")
        return value

    def _decode(self, tree, depth):
        self._count += 1
        if depth > MAX_DEPTH or self._count > MAX_NODES:
            raise ProtocolError("a frame nested too deeply")
        kind = type(tree)
        if tree is None or kind in (bool, float, str):
            return tree
        if kind is int and tree.bit_length() <= _MAX_INTEGER_BITS:
            return tree
        if kind is not list or not tree or type(tree[0]) is not str:
            raise ProtocolError("a frame with an untagged value")
        tag, *items = tree
        if tag in ("rng", "rs") and not self.generators:
            raise ProtocolError("a random generator, which may not travel this way")
        reader = _READERS.get(tag)
        return reader(self, items, depth + 1) if reader else self.find(tag, items)

    def _take(self, size):
        if type(size) is not int or size < 0 or self._at + size > len(self._data):
            raise ProtocolError("a frame that lies about its size")
        piece = memoryview(self._data)[self._at : self._at + size]
        self._at += size
        return piece

    def _decode_list(self, items, depth):
        value = []
        self.nodes.append(value)
        value.extend(self._decode(item, depth) for item in items)
        return value

    def _decode_dict(self, items, depth):
        value = {}
        self.nodes.append(value)
        for key, item in items:
            key = self._decode(key, depth)
            value[key] = self._decode(item, depth)
        return value

    def _decode_set(self, items, depth):
        value = set()
        self.nodes.append(value)
        value.update(self._decode(item, depth) for item in items)
        return value

    def _decode_array(self, items, _):
        name, shape, size, writeable = items
        if type(name) is not str or not _DTYPE.fullmatch(name):
            raise ProtocolError("an array of a dtype that is not allowed")
        if type(shape) is not list or len(shape) > 32:
            raise ProtocolError("an array of an impossible shape")
        dtype, entries = np.dtype(name), 1
        for length in shape:
            if type(length) is not int or not 0 <= length <= _MAX_DIMENSION:
                raise ProtocolError("an array of an impossible shape")
            entries *= length
        if entries * dtype.itemsize != size or entries > _MAX_DIMENSION:
            raise ProtocolError("an array that lies about its size")
        piece = self._take(size)
        value = _sound(np.frombuffer(piece, dtype=dtype)).reshape(shape)
        if self.copies or not value.flags.aligned or not value.flags.writeable:
            value = value.copy()
        self.pieces[len(self.nodes)] = piece
        value.flags.writeable = writeable is True
        self.nodes.append(value)
        return value

    def _decode_scalar(self, items, _):
        name, size = items
        if type(name) is not str or not _DTYPE.fullmatch(name) or np.dtype(name).itemsize != size:
            raise ProtocolError("a number of a dtype that is not allowed")
        return _sound(np.frombuffer(self._take(size), dtype=name))[0]

    def _decode_ref(self, items, _):
        (index,) = items
        if type(index) is not int or not 0 <= index < len(self.nodes):
            raise ProtocolError("a reference to nothing")
        return self.nodes[index]

    def _decode_namedtuple(self, items, depth):
        name, fields, *values = items
        if len(fields) != len(values):
            raise ProtocolError("a named tuple of the wrong length")
        kind = collections.namedtuple(name if str(name).isidentifier() else "Record", fields, rename=True)
        return kind(*(self._decode(value, depth) for value in values))

    def _decode_namespace(self, items, depth):
        value = types.SimpleNamespace()
        for key, item in items:
            if not str(key).isidentifier() or str(key).startswith("_"):
                raise ProtocolError("an attribute that is no name")
            setattr(value, key, self._decode(item, depth))
        return value

    def _decode_generator(self, items, depth):
        name, state = items
        if name not in _BIT_GENERATORS:
            raise ProtocolError("an unknown random generator")
        bits = getattr(np.random, name)()
        bits.state = self._decode(state, depth)
        return np.random.Generator(bits)

    def _decode_random_state(self, items, depth):
        value = np.random.RandomState()
        value.set_state(self._decode(items[0], depth))
        return value


def _sound(array):
    """The array, with what is no truth value made one, or an error for text that is no Unicode: NumPy checks
    neither."""
    if array.dtype.kind == "b":
        return array.view("u1") != 0
    if array.dtype.kind == "U" and array.size:
        points = array.view(array.dtype.byteorder.replace("=", "").replace("|", "") + "u4")
        if points.max() > 0x10FFFF:
            raise ProtocolError("an array of text that is no Unicode")
    return array


def _range(start, stop, step):
    """A range no longer than what could be sent as a list: adding up a longer one takes for ever."""
    made = range(start, stop, step)
    if len(made) > MAX_NODES:
        raise ProtocolError("a range of more than a million numbers")
    return made


def _encode_generator(codec, value, depth):
    if not codec.generators:
        return None
    state = value.bit_generator.state
    value.random()  # the other side draws on; the next generator sent must not repeat it
    return ["rng", type(value.bit_generator).__name__, codec._encode(state, depth)]


def _encode_random_state(codec, value, depth):
    if not codec.generators:
        return None
    state = value.get_state(legacy=False)
    value.random_sample()
    return ["rs", codec._encode(state, depth)]


_WRITERS = {
    np.ndarray: Codec._encode_array,
    list: lambda codec, value, depth: ["l", *(codec._encode(item, depth) for item in value)],
    tuple: lambda codec, value, depth: ["t", *(codec._encode(item, depth) for item in value)],
    dict: lambda codec, value, depth: [
        "d",
        *([codec._encode(key, depth), codec._encode(item, depth)] for key, item in value.items()),
    ],
    set: lambda codec, value, depth: ["s", *(codec._encode(item, depth) for item in value)],
    frozenset: lambda codec, value, depth: ["fs", *(codec._encode(item, depth) for item in value)],
    bytes: lambda codec, value, depth: ["b", codec._raw(value)],
    complex: lambda codec, value, depth: ["c", value.real, value.imag],
    slice: lambda codec, value, depth: [
        "sl",
        *(codec._encode(x, depth) for x in (value.start, value.stop, value.step)),
    ],
    range: lambda codec, value, depth: ["r", value.start, value.stop, value.step] if len(value) <= MAX_NODES else None,
    type(Ellipsis): lambda codec, value, depth: ["el"],
    types.SimpleNamespace: lambda codec, value, depth: [
        "ns",
        *([key, codec._encode(item, depth)] for key, item in vars(value).items()),
    ],
    np.random.Generator: _encode_generator,
    np.random.RandomState: _encode_random_state,
}
_READERS = {
    "l": Codec._decode_list,
    "t": lambda codec, items, depth: tuple(codec._decode(item, depth) for item in items),
    "d": Codec._decode_dict,
    "s": Codec._decode_set,
    "fs": lambda codec, items, depth: frozenset(codec._decode(item, depth) for item in items),
    "b": lambda codec, items, depth: bytes(codec._take(*items)),
    "c": lambda codec, items, depth: complex(float(items[0]), float(items[1])),
    "sl": lambda codec, items, depth: slice(*(codec._decode(item, depth) for item in items)),
    "r": lambda codec, items, depth: _range(*items),
    "el": lambda codec, items, depth: Ellipsis,
    "a": Codec._decode_array,
    "n": Codec._decode_scalar,
    "ref": Codec._decode_ref,
    "nt": Codec._decode_namedtuple,
    "ns": Codec._decode_namespace,
    "rng": Codec._decode_generator,
    "rs": Codec._decode_random_state,
    "g": lambda codec, items, depth: _global(*items),
}


def _global_name(value):
    """Module and name of a function or type that both sides have, or None: NumPy's, Python's own, math's."""
    if isinstance(value, types.ModuleType):
        return (value.__name__, "") if value.__name__ in ("numpy", "math") else None
    if isinstance(value, np.dtype):
        return ("dtype", value.str) if _DTYPE.fullmatch(value.str) else None
    if not callable(value):
        return None
    name = getattr(value, "__name__", None)
    if not isinstance(name, str):
        return None
    for module, contents in _MODULES.items():
        if getattr(contents, name, None) is value and _is_public(module, name):
            return module, name
    return None


def _is_public(module, name):
    if module == "builtins":
        value = getattr(_MODULES[module], name)
        return name in _BUILTINS or (isinstance(value, type) and issubclass(value, Exception))
    value = getattr(_MODULES[module], name)
    if module == "numpy":
        return isinstance(value, np.ufunc) or (isinstance(value, type) and issubclass(value, np.generic))
    return not name.startswith("_")


def _global(module, name):
    if module == "dtype" and type(name) is str and _DTYPE.fullmatch(name):
        return np.dtype(name)
    if module not in ("numpy", "math", "builtins") or type(name) is not str:
        raise ProtocolError("a name of a module that is not allowed")
    if not name and module != "builtins":
        return _MODULES[module]
    if not hasattr(_MODULES[module], name) or not _is_public(module, name):
        raise ProtocolError("a name that is not allowed")
    return getattr(_MODULES[module], name)
