"""Kinds of plain data beside numbers, text, lists, dicts and arrays: how each is written, and how it is read.

`write(codec, value, depth)` gives a tagged list, or None for a value that does not travel; `read(codec, items, depth)`
makes the value again of what follows the tag.
"""

import collections
import types

import numpy as np

from cs_layers.grading.protocol import ProtocolError

MAX_RANGE = 1_100_000
_BIT_GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")


def _parts(codec, values, depth):
    return (codec.write(value, depth) for value in values)


# -- tuples with names, attributes without a class


def encode_namedtuple(codec, value, depth):
    fields = [str(name) for name in type(value)._fields]
    return ["nt", type(value).__name__, fields, *_parts(codec, tuple(value), depth)]


def _decode_namedtuple(codec, items, depth):
    name, fields, *values = items
    if len(fields) != len(values):
        raise ProtocolError("a named tuple of the wrong length")
    kind = collections.namedtuple(name if str(name).isidentifier() else "Record", fields, rename=True)
    return kind(*(codec.read(value, depth) for value in values))


def _encode_namespace(codec, value, depth):
    return ["ns", *([key, codec.write(item, depth)] for key, item in vars(value).items())]


def _decode_namespace(codec, items, depth):
    value = types.SimpleNamespace()
    for key, item in items:
        if not str(key).isidentifier() or str(key).startswith("_"):
            raise ProtocolError("an attribute that is no name")
        setattr(value, key, codec.read(item, depth))
    return value


# -- indices


def _encode_slice(codec, value, depth):
    return ["sl", *_parts(codec, (value.start, value.stop, value.step), depth)]


def _encode_range(codec, value, depth):
    return ["r", value.start, value.stop, value.step] if len(value) <= MAX_RANGE else None


def _decode_range(codec, items, depth):
    """A range no longer than what could be sent as a list: adding up a longer one takes for ever."""
    made = range(*items)
    if len(made) > MAX_RANGE:
        raise ProtocolError("a range of more than a million numbers")
    return made


# -- random generators


def _encode_generator(codec, value, depth):
    if not codec.generators:
        return None
    state = value.bit_generator.state
    value.random()  # the other side draws on; the next generator sent must not repeat it
    return ["rng", type(value.bit_generator).__name__, codec.write(state, depth)]


def _encode_random_state(codec, value, depth):
    if not codec.generators:
        return None
    state = value.get_state(legacy=False)
    value.random_sample()
    return ["rs", codec.write(state, depth)]


def _decode_generator(codec, items, depth):
    _may_travel(codec)
    name, state = items
    if name not in _BIT_GENERATORS:
        raise ProtocolError("an unknown random generator")
    bits = getattr(np.random, name)()
    bits.state = codec.read(state, depth)
    return np.random.Generator(bits)


def _decode_random_state(codec, items, depth):
    _may_travel(codec)
    value = np.random.RandomState()
    value.set_state(codec.read(items[0], depth))
    return value


def _may_travel(codec):
    if not codec.generators:
        raise ProtocolError("a random generator, which may not travel this way")


WRITERS = {
    frozenset: lambda codec, value, depth: ["fs", *_parts(codec, value, depth)],
    bytes: lambda codec, value, depth: ["b", codec.raw(value)],
    complex: lambda codec, value, depth: ["c", value.real, value.imag],
    slice: _encode_slice,
    range: _encode_range,
    type(Ellipsis): lambda codec, value, depth: ["el"],
    types.SimpleNamespace: _encode_namespace,
    np.random.Generator: _encode_generator,
    np.random.RandomState: _encode_random_state,
}
READERS = {
    "fs": lambda codec, items, depth: frozenset(codec.read(item, depth) for item in items),
    "b": lambda codec, items, depth: bytes(codec.take(*items)),
    "c": lambda codec, items, depth: complex(float(items[0]), float(items[1])),
    "sl": lambda codec, items, depth: slice(*(codec.read(item, depth) for item in items)),
    "r": _decode_range,
    "el": lambda codec, items, depth: Ellipsis,
    "nt": _decode_namedtuple,
    "ns": _decode_namespace,
    "rng": _decode_generator,
    "rs": _decode_random_state,
}
