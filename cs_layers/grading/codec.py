"""Plain data to JSON and raw bytes, and back: the values that the checker and a student's process send each other.

Data are tagged lists (`["a", dtype, shape, length]` is an array), and what is not plain data is a number, a *handle*,
of an object that stays where it is. Nothing is code, and the side that reads trusts no shape, dtype, depth or order.
"""

import time
from dataclasses import dataclass, field

import numpy as np

from cs_layers.grading import arrays, kinds, known
from cs_layers.grading.protocol import Late, NotPlain, ProtocolError

MAX_DEPTH = 50
MAX_NODES = 1_100_000
_MAX_INTEGER_BITS = 1000
"""Longer ones travel as bytes: Python reads no longer texts."""


@dataclass
class Codec:
    """Plain data to JSON and raw bytes, and back.

    Subclasses say what becomes of the rest: `keep(value)` gives the tagged list of an object that stays on this side,
    `find(tag, items)` what a tagged list of the other side stands for.

    `nodes` lists the mutable values met, arrays, lists, dicts, sets and the like, in order, on both sides the same:
    `["ref", k]` is the k-th of them, so that aliases and changes in place can be told to the other side.
    """

    nodes: list = field(default_factory=list)
    tells_layout = False
    """Whether the other side learns what array a view belongs to, and which lie in columns. Students' results do."""
    pieces: dict = field(default_factory=dict)
    """Index in `nodes` of each decoded array to its bytes in the frame."""
    deadline = None
    """`time.monotonic()` at which reading is given up: numbers can be chosen so that a set of them takes for ever."""
    generators = True
    """Whether random generators travel as their state. Not towards the checker: NumPy trusts the state it is given."""

    def keep(self, value):
        raise NotPlain(
            f"a value of type {type(value).__name__} is not plain data (numbers, text, lists, dicts, arrays)."
        )

    def find(self, tag, items):
        raise ProtocolError("an unknown tag")

    def own_class(self, name):
        """The class that this side's notebook knows by a name, for tuples with names; None if there is none."""
        return None

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
        return self.write(value, 0), self._buffers

    def write(self, value, depth):
        """The JSON data of a part of what is encoded."""
        self._count += 1
        if depth > MAX_DEPTH or self._count > MAX_NODES:
            raise NotPlain("the value is nested too deeply, or has too many parts, to be sent.")
        kind = type(value)
        if value is None or kind in (bool, float, str):
            return value
        if kind is int:
            return value if value.bit_length() <= _MAX_INTEGER_BITS else kinds.encode_integer(self, value)
        if kinds.is_mutable(value) or kind is np.ndarray:
            if id(value) in self._seen:
                return ["ref", self._seen[id(value)]]
            if kind is not np.ndarray or arrays.travels(value):
                self._seen[id(value)] = len(self.nodes)
                self.nodes.append(value)
        writer = _WRITERS.get(kind)
        answer = writer(self, value, depth + 1) if writer else None
        if answer is None:
            answer = self.write_other(value, depth)
        return answer

    def write_other(self, value, depth):
        """The JSON data of a value whose type is none of those that are written as they are."""
        if isinstance(value, np.generic):
            number = arrays.encode_number(self, value)
            if number is not None:
                return number
        elif isinstance(value, np.ndarray) and not isinstance(value, np.ma.MaskedArray):
            if arrays.dtype_name(value.dtype):  # a matrix, say: its numbers travel, what it does stays behind
                return self.write(np.asarray(value), depth)
        elif isinstance(value, tuple) and hasattr(type(value), "_fields"):
            return kinds.encode_namedtuple(self, value, depth + 1)
        name = known.name_of(value)
        return ["g", *name] if name else self.keep(value)

    def index_of(self, value):
        """The place in `nodes` of a value that the other side has, too; None for any other."""
        return self._seen.get(id(value))

    def raw(self, buffer):
        """Have bytes travel along; returns how many."""
        self._buffers.append(buffer)
        return len(buffer)

    def _write_list(self, value, depth):
        return kinds.encode_numbers(self, value) or ["l", *(self.write(item, depth) for item in value)]

    def _write_dict(self, value, depth):
        return ["d", *([self.write(key, depth), self.write(item, depth)] for key, item in value.items())]

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
            value = self.read(tree, 0)
        except ProtocolError:
            raise
        except Exception as error:  # a malformed frame fails somewhere: all of it is the sender's doing
            raise ProtocolError(f"a malformed frame ({type(error).__name__})") from None
        if self._at != len(data):
            raise ProtocolError("a frame with bytes left over")
        return value

    def read(self, tree, depth):
        """The value of a part of what is decoded."""
        self._count += 1
        if depth > MAX_DEPTH or self._count > MAX_NODES:
            raise ProtocolError("a frame nested too deeply")
        if self._count % 256 == 0 and self.deadline is not None and time.monotonic() > self.deadline:
            raise Late("the answer took too long to read")
        kind = type(tree)
        if tree is None or kind in (bool, float, str):
            return tree
        if kind is int and tree.bit_length() <= _MAX_INTEGER_BITS:
            return tree
        if kind is not list or not tree or type(tree[0]) is not str:
            raise ProtocolError("a frame with an untagged value")
        tag, *items = tree
        reader = _READERS.get(tag)
        return reader(self, items, depth + 1) if reader else self.find(tag, items)

    def take(self, size):
        """The next bytes that travelled along."""
        if type(size) is not int or size < 0 or self._at + size > len(self._data):
            raise ProtocolError("a frame that lies about its size")
        piece = memoryview(self._data)[self._at : self._at + size]
        self._at += size
        return piece

    def _read_list(self, items, depth):
        value = []
        self.nodes.append(value)
        value.extend(self.read(item, depth) for item in items)
        return value

    def _read_dict(self, items, depth):
        value = {}
        self.nodes.append(value)
        for key, item in items:
            key = self.read(key, depth)
            value[key] = self.read(item, depth)
        return value

    def _read_set(self, items, depth):
        value = set()
        self.nodes.append(value)
        value.update(self.read(item, depth) for item in items)
        return value

    def _read_reference(self, items, _):
        return self.node(*items)

    def node(self, index):
        """The value at a place in `nodes`."""
        if type(index) is not int or not 0 <= index < len(self.nodes):
            raise ProtocolError("a reference to nothing")
        return self.nodes[index]


_WRITERS = {
    np.ndarray: arrays.encode_array,
    list: Codec._write_list,
    tuple: lambda codec, value, depth: ["t", *(codec.write(item, depth) for item in value)],
    dict: Codec._write_dict,
    set: lambda codec, value, depth: ["s", *(codec.write(item, depth) for item in value)],
    **kinds.WRITERS,
}
_READERS = {
    "l": Codec._read_list,
    "t": lambda codec, items, depth: tuple(codec.read(item, depth) for item in items),
    "d": Codec._read_dict,
    "s": Codec._read_set,
    "a": arrays.decode_array,
    "ao": arrays.decode_objects,
    "v": arrays.decode_view,
    "n": arrays.decode_number,
    "ref": Codec._read_reference,
    "g": lambda codec, items, depth: known.named(*items),
    **kinds.READERS,
}
