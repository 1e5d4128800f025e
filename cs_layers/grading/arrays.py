"""Arrays and NumPy's numbers as bytes: what one side writes, and how the other makes sure that they are sound."""

import re

import numpy as np

from cs_layers.grading.protocol import ProtocolError

_DTYPE = re.compile(
    r"[<>|=]?(b1|[iu][1248]|f(2|4|8|16)|c(8|16|32)|[US][0-9]{1,4}"
    r"|[mM]8(\[[0-9]{0,4}(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?)"
)
_MAX_DIMENSION = 1 << 40
_MAX_FIELDS = 100


def dtype_name(dtype):
    """A dtype as it travels, or None for one that does not: its text, or the names and texts of its fields."""
    if dtype.names is None:
        return dtype.str if _DTYPE.fullmatch(dtype.str) else None
    fields = [[name, dtype[name].str] for name in dtype.names]
    plain = len(fields) <= _MAX_FIELDS and all(_DTYPE.fullmatch(text) for _, text in fields)
    return fields if plain and np.dtype(list(map(tuple, fields))) == dtype else None


def named_dtype(name):
    """The dtype that the other side has named.

    Raises
    ------
    ProtocolError
        For any that could hold more than numbers, times, truth values and text.
    """
    if type(name) is list and 0 < len(name) <= _MAX_FIELDS:
        return np.dtype([(str(field)[:100], _simple(text)) for field, text in name])
    return _simple(name)


def _simple(name):
    if type(name) is not str or not _DTYPE.fullmatch(name):
        raise ProtocolError("a dtype that is not allowed")
    return np.dtype(name)


def travels(array):
    """Whether an array is sent as its entries: all but records that hold objects, and the like."""
    return array.dtype == object or dtype_name(array.dtype) is not None


def encode_array(codec, value, depth):
    if value.dtype == object:
        return ["ao", list(value.shape), value.flags.writeable, *(codec.write(entry, depth) for entry in value.flat)]
    name = dtype_name(value.dtype)
    if name is None:
        return None
    view = _as_view(codec, value) if codec.tells_layout else None
    if view is not None:
        return view
    if codec.tells_layout and value.flags.f_contiguous and not value.flags.c_contiguous:
        size = codec.raw(value.T.reshape(-1).view("u1").data)
        return ["a", name, list(value.shape), size, value.flags.writeable, "F"]
    data = np.ascontiguousarray(value).reshape(-1).view("u1") if value.size else value
    size = codec.raw(data.data if value.size else b"")
    return ["a", name, list(value.shape), size, value.flags.writeable]


def _as_view(codec, value):
    """An array that looks into one of the arguments: what it looks at, instead of its entries."""
    owner = value.base
    index = codec.index_of(owner) if value.size and type(owner) is np.ndarray else None
    if index is None or not owner.flags.c_contiguous or owner.dtype != value.dtype or value.size > owner.size:
        return None
    offset = value.__array_interface__["data"][0] - owner.__array_interface__["data"][0]
    return ["v", index, offset, list(value.shape), list(value.strides), value.flags.writeable]


def decode_view(codec, items, _):
    """A view of an array of this side's, if all of it lies in that array."""
    index, offset, shape, strides, writeable = items
    entries, owner = _entries(shape), codec.node(index)
    if type(owner) is not np.ndarray or type(strides) is not list or len(strides) != len(shape):
        raise ProtocolError("a view of what is no array")
    if owner.dtype.hasobject:
        raise ProtocolError("a view of an array of objects")
    steps = [offset, *strides]
    if any(type(step) is not int or step % owner.itemsize for step in steps) or not 0 < entries <= owner.size:
        raise ProtocolError("a view that lies beside an array's entries")
    ends = [(length - 1) * step for length, step in zip(shape, strides, strict=True)]
    if offset + sum(min(end, 0) for end in ends) < 0 or offset + sum(max(end, 0) for end in ends) >= owner.nbytes:
        raise ProtocolError("a view that reaches out of its array")
    owner = np.ascontiguousarray(owner)  # one that is not yet so is copied: it is not known where its entries lie
    value = np.ndarray(shape, owner.dtype, owner, offset, strides)
    value.flags.writeable = writeable is True and owner.flags.writeable
    codec.nodes.append(value)
    return value


def _entries(shape):
    """How many entries an array of a shape has."""
    if type(shape) is not list or len(shape) > 32:
        raise ProtocolError("an array of an impossible shape")
    entries = 1
    for length in shape:
        if type(length) is not int or not 0 <= length <= _MAX_DIMENSION:
            raise ProtocolError("an array of an impossible shape")
        entries *= length
    return entries


def decode_array(codec, items, _):
    name, shape, size, writeable, *order = items
    dtype, entries = named_dtype(name), _entries(shape)
    if entries * dtype.itemsize != size or entries > _MAX_DIMENSION:
        raise ProtocolError("an array that lies about its size")
    piece = codec.take(size)
    value = _sound(np.frombuffer(piece, dtype=dtype))
    value = value.reshape(shape[::-1]).T.copy(order="F") if order == ["F"] else value.reshape(shape).copy()
    codec.pieces[len(codec.nodes)] = piece
    value.flags.writeable = writeable is True
    codec.nodes.append(value)
    return value


def decode_objects(codec, items, depth):
    """An array of objects: each entry is read by itself, as those of a list."""
    shape, writeable, *entries = items
    if _entries(shape) != len(entries):
        raise ProtocolError("an array that lies about its size")
    value = np.empty(len(entries), object)
    shaped = value.reshape(shape)
    codec.nodes.append(shaped)
    for place, entry in enumerate(entries):
        value[place] = codec.read(entry, depth)
    shaped.flags.writeable = writeable is True
    return shaped


def encode_number(codec, value):
    """One of NumPy's numbers, or None for one that does not travel."""
    name = dtype_name(value.dtype)
    return None if name is None else ["n", name, codec.raw(value.tobytes())]


def decode_number(codec, items, _):
    name, size = items
    dtype = named_dtype(name)
    if dtype.itemsize != size:
        raise ProtocolError("a number that lies about its size")
    return _sound(np.frombuffer(codec.take(size), dtype=dtype))[0]


def _sound(array):
    """The array, with what is no truth value made one, or an error for text that is no Unicode: NumPy checks
    neither."""
    if array.dtype.names is not None:
        array = array.copy()
        for name in array.dtype.names:
            array[name] = _sound(np.ascontiguousarray(array[name]))
        return array
    if array.dtype.kind == "b":
        return array.view("u1") != 0
    if array.dtype.kind == "U" and array.size:
        points = array.view(array.dtype.byteorder.replace("=", "").replace("|", "") + "u4")
        if points.max() > 0x10FFFF:
            raise ProtocolError("an array of text that is no Unicode")
    return array
