"""Frames: what is written is read again, and what breaks a rule is refused before it is used."""

import contextlib
import json
import socket
import struct
import threading
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cs_layers.grading.codec import Codec
from cs_layers.grading.protocol import Channel, Closed, Late, NotPlain, ProtocolError

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
arrays = hnp.arrays(
    dtype=hnp.floating_dtypes(endianness="=", sizes=(32, 64))
    | hnp.integer_dtypes(endianness="=")
    | hnp.boolean_dtypes(),
    shape=hnp.array_shapes(min_dims=0, min_side=0),
)


def sent(value):
    """A value after the journey: encoded, through JSON, decoded."""
    tree, buffers = Codec().encode(value)
    return Codec().decode(json.loads(json.dumps(tree)), b"".join(bytes(buffer) for buffer in buffers))


@given(plain)
def test_plain_data_arrive_as_they_were(value):
    assert sent(value) == value


@given(arrays)
def test_arrays_arrive_with_dtype_shape_and_bytes(array):
    got = sent([array])[0]
    assert (got.dtype, got.shape, got.tobytes()) == (array.dtype, array.shape, array.tobytes())


def test_the_same_array_arrives_once():
    x = np.ones(3)
    a, b = sent([x, x])
    assert a is b


@pytest.mark.parametrize(
    "value", [object(), lambda: 0, np.array([object()]), [[object()]], 1 << 20_000, socket], ids=range(6)
)
def test_what_is_not_plain_is_refused(value):
    with pytest.raises(NotPlain):
        Codec().encode(value)


def test_what_is_nested_too_deeply_is_refused():
    value = []
    value.append(value)
    assert sent([[], []]) == [[], []]
    deep = 1
    for _ in range(200):
        deep = (deep,)
    with pytest.raises(NotPlain):
        Codec().encode(deep)


A = ["a", "<f8", [2], 16, True]
LIES = {
    "a_dtype_of_objects": (["a", "|O", [2], 16, True], b"x" * 16),
    "a_dtype_with_fields": (["a", "f8,f8", [1], 16, True], b"x" * 16),
    "a_negative_length": (["a", "<f8", [-2], 16, True], b"x" * 16),
    "a_shape_that_overflows": (["a", "<f8", [1 << 33, 1 << 33, 0], 0, True], b""),
    "too_few_bytes": (A, b"x" * 8),
    "too_many_bytes": (A, b"x" * 24),
    "a_shape_that_is_no_list": (["a", "<f8", "22", 16, True], b"x" * 16),
    "a_length_that_is_no_number": (["a", "<f8", [2.0], 16, True], b"x" * 16),
    "many_dimensions": (["a", "<f8", [1] * 60, 8, True], b"x" * 8),
    "a_tag_that_is_not_known": (["eval", "1"], b""),
    "a_tag_that_is_no_text": ([1, 2], b""),
    "an_empty_list": ([], b""),
    "a_JSON_object": ({"a": 1}, b""),
    "a_reference_to_nothing": (["ref", 0], b""),
    "a_reference_below_zero": (["ref", -1], b""),
    "a_name_of_eval": (["g", "builtins", "eval"], b""),
    "a_name_of_a_module": (["g", "os", "system"], b""),
    "a_private_name": (["g", "numpy", "__builtins__"], b""),
    "a_function_that_reads_files": (["g", "numpy", "fromfile"], b""),
    "a_list_as_a_key": (["d", [["l"], 1]], b""),
    "a_dict_without_pairs": (["d", 1], b""),
    "a_handle_where_there_are_none": (["h", 1, "x", "y"], b""),
    "attributes_with_underscores": (["ns", ["__class__", 1]], b""),
    "a_range_of_text": (["r", "a", "b", "c"], b""),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_found(lie):
    tree, data = LIES[lie]
    with pytest.raises(ProtocolError):
        Codec().decode(tree, data)


trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.sampled_from(list("ltdsabgrn")),
    lambda inner: st.lists(inner),
    max_leaves=30,
)


@given(trees, st.binary(max_size=64))
def test_no_frame_whatever_ends_in_another_error(tree, data):
    with contextlib.suppress(ProtocolError):
        Codec().decode(tree, data)


@pytest.fixture
def pair():
    a, b = socket.socketpair()
    yield Channel(a, 1 << 20), b
    a.close()
    b.close()


@pytest.mark.parametrize(
    "raw",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        struct.pack(">4sIQ", b"csl1", 1 << 31, 0),
        struct.pack(">4sIQ", b"csl1", 2, 1 << 62) + b"{}",
        struct.pack(">4sIQ", b"csl1", 3, 0) + b"\xff{}",
        struct.pack(">4sIQ", b"csl1", 100_000, 0) + b"[" * 100_000,
    ],
)
def test_a_frame_that_is_none_is_refused(pair, raw):
    channel, other = pair
    threading.Thread(target=other.sendall, args=(raw,), daemon=True).start()
    with pytest.raises(ProtocolError):
        channel.receive(time.monotonic() + 5)


def test_half_a_frame_is_late_and_says_so(pair):
    channel, other = pair
    other.sendall(struct.pack(">4sIQ", b"csl1", 10, 0) + b"12")
    with pytest.raises(Late):
        channel.receive(time.monotonic() + 0.1)
    assert channel.in_frame


def test_a_closed_connection_says_so(pair):
    channel, other = pair
    other.close()
    with pytest.raises(Closed):
        channel.receive()
