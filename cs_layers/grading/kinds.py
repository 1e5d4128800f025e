"""Kinds of plain data beside numbers, text, lists, dicts and arrays: how each is written, and how it is read.

`write(codec, value, depth)` gives a tagged list, or None for a value that does not travel; `read(codec, items, depth)`
makes the value again of what follows the tag.
"""

import collections
import datetime
import decimal
import fractions
import pathlib
import types

import numpy as np

from cs_layers.grading.protocol import NotPlain, ProtocolError

MAX_RANGE = 1_100_000
MAX_NUMBERS = 8_000_000
"""How long a list of numbers may be that travels as their bytes."""
_MAX_INTEGER_BYTES = 1 << 15
_MAX_DIGITS = 10_000
_FACTORIES = (None, bool, int, float, complex, str, list, tuple, dict, set)
DICTS = (dict, collections.Counter, collections.OrderedDict, collections.defaultdict)
_BIT_GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")


def _parts(codec, values, depth):
    return (codec.write(value, depth) for value in values)


def is_mutable(value):
    """Whether a value is of a kind that a function can change, so that the change is told to the other side."""
    if type(value) is collections.defaultdict:
        return value.default_factory in _FACTORIES
    return type(value) in (list, set, collections.deque, bytearray) or type(value) in DICTS


# -- numbers


def encode_integer(codec, value):
    size = value.bit_length() // 8 + 1
    if size > _MAX_INTEGER_BYTES:
        raise NotPlain(f"an integer of {value.bit_length()} bits is too long to be sent.")
    return ["i", codec.raw(value.to_bytes(size, "little", signed=True))]


def _decode_integer(codec, items, _):
    (size,) = items
    if type(size) is not int or size > _MAX_INTEGER_BYTES:
        raise ProtocolError("an integer that is too long")
    return int.from_bytes(codec.take(size), "little", signed=True)


def encode_numbers(codec, value):
    """A long list of floats, or of integers, as their bytes; None for any other."""
    types_ = set(map(type, value)) if 64 <= len(value) <= MAX_NUMBERS else ()
    if types_ == {float}:
        return ["ln", "<f8", codec.raw(np.array(value, "<f8").tobytes())]
    if types_ == {int}:
        try:
            return ["ln", "<i8", codec.raw(np.array(value, "<i8").tobytes())]
        except OverflowError:
            return None
    return None


def _decode_numbers(codec, items, _):
    name, size = items
    if name not in ("<f8", "<i8") or type(size) is not int or size > 8 * MAX_NUMBERS:
        raise ProtocolError("a list of numbers that is none")
    value = np.frombuffer(codec.take(size), name).tolist()
    codec.nodes.append(value)
    return value


def _decode_fraction(codec, items, depth):
    above, below = (codec.read(item, depth) for item in items)
    if type(above) is not int or type(below) is not int:
        raise ProtocolError("a fraction of what are no integers")
    return fractions.Fraction(above, below)


def _encode_decimal(codec, value, _):
    return ["de", str(value)] if _is_short(value) else None


def _decode_decimal(codec, items, _):
    (text,) = items
    if type(text) is not str or len(text) > 2 * _MAX_DIGITS:
        raise ProtocolError("a decimal number that is none")
    value = decimal.Decimal(text)
    if not _is_short(value):
        raise ProtocolError("a decimal number that is too long")
    return value


def _is_short(value):
    """Whether a decimal number can be made an integer or a fraction in no time."""
    return not value.is_finite() or (len(value.as_tuple().digits) < _MAX_DIGITS > abs(value.as_tuple().exponent))


# -- containers of the standard library


def _encode_counter(codec, value, depth):
    return ["ct", *_pairs(codec, value, depth)]


def _encode_ordered(codec, value, depth):
    return ["od", *_pairs(codec, value, depth)]


def _encode_default(codec, value, depth):
    if value.default_factory not in _FACTORIES:
        return None
    return ["dd", codec.write(value.default_factory, depth), *_pairs(codec, value, depth)]


def _pairs(codec, value, depth):
    return ([codec.write(key, depth), codec.write(item, depth)] for key, item in value.items())


def _decode_default(codec, items, depth):
    factory = codec.read(items[0], depth)
    if factory not in _FACTORIES:
        raise ProtocolError("a factory that is not allowed")
    return _filled(codec, collections.defaultdict(factory), items[1:], depth)


def _filled(codec, value, pairs, depth):
    codec.nodes.append(value)
    for key, item in pairs:
        key = codec.read(key, depth)
        value[key] = codec.read(item, depth)
    return value


def _encode_deque(codec, value, depth):
    return ["dq", value.maxlen, *_parts(codec, value, depth)]


def _decode_deque(codec, items, depth):
    longest, *items = items
    if longest is not None and (type(longest) is not int or longest < 0):
        raise ProtocolError("a length that is none")
    value = collections.deque(maxlen=longest)
    codec.nodes.append(value)
    value.extend([codec.read(item, depth) for item in items])
    return value


def _decode_bytearray(codec, items, _):
    value = bytearray(codec.take(*items))
    codec.nodes.append(value)
    return value


def _decode_items(codec, items, depth):
    return dict((codec.read(key, depth), codec.read(item, depth)) for key, item in items).items()


# -- times and paths


def _encode_date(codec, value, _):
    return [type(value).__name__, value.isoformat()] if _zone(value) in (type(None), datetime.timezone) else None


def _zone(value):
    return type(getattr(value, "tzinfo", None))


def _date_reader(kind):
    def read(codec, items, _):
        (text,) = items
        return kind.fromisoformat(_short(text, 60))

    return read


def _decode_timedelta(codec, items, _):
    days, seconds, fractions_ = (int(item) for item in items)
    return datetime.timedelta(days, seconds, fractions_)


def _short(text, longest):
    if type(text) is not str or len(text) > longest:
        raise ProtocolError("a text that is too long")
    return text


# -- tuples with names, attributes without a class


def encode_namedtuple(codec, value, depth):
    fields = [str(name) for name in type(value)._fields]
    return ["nt", type(value).__name__, fields, *_parts(codec, tuple(value), depth)]


def _decode_namedtuple(codec, items, depth):
    name, fields, *values = items
    if len(fields) != len(values):
        raise ProtocolError("a named tuple of the wrong length")
    own = codec.own_class(str(name))
    if not (isinstance(own, type) and issubclass(own, tuple) and list(getattr(own, "_fields", ())) == fields):
        own = collections.namedtuple(name if str(name).isidentifier() else "Record", fields, rename=True)
    return own._make([codec.read(value, depth) for value in values])


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
    fractions.Fraction: lambda codec, value, depth: ["fr", *_parts(codec, value.as_integer_ratio(), depth)],
    decimal.Decimal: _encode_decimal,
    collections.Counter: _encode_counter,
    collections.OrderedDict: _encode_ordered,
    collections.defaultdict: _encode_default,
    collections.deque: _encode_deque,
    bytearray: lambda codec, value, depth: ["ba", codec.raw(bytes(value))],
    **{
        type(view): write
        for made in ({}, collections.OrderedDict())
        for view, write in (
            (made.keys(), lambda codec, value, depth: ["dk", *_parts(codec, value, depth)]),
            (made.values(), lambda codec, value, depth: ["dv", *_parts(codec, value, depth)]),
            (made.items(), lambda codec, value, depth: ["di", *_pairs(codec, dict(value), depth)]),
        )
    },
    datetime.date: _encode_date,
    datetime.datetime: _encode_date,
    datetime.time: _encode_date,
    datetime.timedelta: lambda codec, value, depth: ["timedelta", value.days, value.seconds, value.microseconds],
    type(pathlib.Path()): lambda codec, value, depth: ["pa", str(value)],
    pathlib.PurePosixPath: lambda codec, value, depth: ["pa", str(value)],
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
    "i": _decode_integer,
    "ln": _decode_numbers,
    "fr": _decode_fraction,
    "de": _decode_decimal,
    "ct": lambda codec, items, depth: _filled(codec, collections.Counter(), items, depth),
    "od": lambda codec, items, depth: _filled(codec, collections.OrderedDict(), items, depth),
    "dd": _decode_default,
    "dq": _decode_deque,
    "ba": _decode_bytearray,
    "dk": lambda codec, items, depth: dict.fromkeys([codec.read(item, depth) for item in items]).keys(),
    "dv": lambda codec, items, depth: dict(enumerate(codec.read(item, depth) for item in items)).values(),
    "di": _decode_items,
    "date": _date_reader(datetime.date),
    "datetime": _date_reader(datetime.datetime),
    "time": _date_reader(datetime.time),
    "timedelta": _decode_timedelta,
    "pa": lambda codec, items, depth: pathlib.Path(_short(*items, 4096)),
}
