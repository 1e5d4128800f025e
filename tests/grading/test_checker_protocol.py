"""Frames: what is written is read again, and what breaks a rule is refused before it is used."""

import contextlib
import datetime
import json
import math
import socket
import struct
import threading
import time
from collections import Counter, OrderedDict, defaultdict, deque
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

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


KINDS = [
    Counter("abca"),
    OrderedDict(b=1, a=[2]),
    defaultdict(list, a=[1]),
    defaultdict(None, a=1),
    deque([1, "a"], maxlen=3),
    deque(),
    bytearray(b"ab"),
    Fraction(-1, 3),
    Decimal("-0.10"),
    Decimal("Infinity"),
    datetime.date(2024, 2, 29),
    datetime.datetime(2024, 2, 29, 1, 2, 3, 4),
    datetime.datetime(2024, 2, 29, tzinfo=datetime.timezone(datetime.timedelta(hours=2))),
    datetime.time(1, 2),
    datetime.timedelta(-3, 4, 5),
    Path("a/b"),
    {"b": 1, "a": 2}.keys(),
    {"b": 1}.items(),
    math.factorial(800),
    -math.factorial(800),
    -(1 << 1000),
    list(range(200_000)),
    [0.5, math.inf] * 100_000,
    [1 << 70] * 100,
    [True] * 100,
    np.datetime64("2024-01-01"),
    np.timedelta64(3, "D"),
    np.dtype([("name", "U10"), ("age", "i4")]),
]


@pytest.mark.parametrize("value", KINDS, ids=lambda value: type(value).__name__)
def test_every_kind_arrives_as_it_was(value):
    got = sent([value, value])
    assert got[0] == value
    assert type(got[0]) is type(value)
    assert getattr(got[0], "maxlen", None) == getattr(value, "maxlen", None)


def test_values_of_a_dict_arrive_as_such():
    assert list(sent({"a": [1], "b": 2}.values())) == [[1], 2]
    assert type(sent({}.values())) is type({}.values())


def test_records_and_times_arrive():
    people = np.array([("Ann", 30, True), ("Bob", 25, False)], dtype=[("name", "U10"), ("age", "i4"), ("in", "?")])
    times = np.array(["2024-01-01", "NaT"], dtype="M8[D]")
    assert sent(people).dtype == people.dtype
    assert sent(people).tolist() == people.tolist()
    assert sent(people[1]).tolist() == people[1].tolist()
    assert sent(times).tobytes() == times.tobytes()
    with pytest.raises(NotPlain):
        Codec().encode(np.array([(1, object())], dtype=[("a", "i4"), ("b", "O")]))


def test_changeable_kinds_are_the_same_object_there():
    for value in KINDS:
        if isinstance(value, (dict, deque, bytearray, list)):
            a, b = sent((value, value))
            assert a is b


@pytest.mark.parametrize(
    "value", [object(), lambda: 0, np.array([object()]), [[object()]], 1 << 300_000, socket], ids=range(6)
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
    "a_view_of_nothing": (["v", 0, 0, [1], [8], True], b""),
    **{
        f"a_view_{name}": (["l", A, ["v", *view, True]], b"x" * 16)
        for name, view in {
            "behind_its_array": (1, 8, [2], [8]),
            "before_its_array": (1, 0, [2], [-8]),
            "between_entries": (1, 4, [1], [8]),
            "of_steps_between_entries": (1, 0, [2], [4]),
            "of_more_than_there_is": (1, 0, [1 << 30], [0]),
            "of_no_entries": (1, 0, [0], [8]),
            "of_a_list": (0, 0, [1], [8]),
            "of_few_steps": (1, 0, [1, 1], [8]),
            "of_a_negative_length": (1, 0, [-1], [8]),
            "from_nowhere": (1, -8, [1], [8]),
            "of_steps_that_overflow": (1, 0, [2], [1 << 62]),
        }.items()
    },
    "a_factory_that_is_not_allowed": (["dd", ["g", "builtins", "sum"]], b""),
    "an_integer_too_long": (["i", 1 << 20], b"x" * (1 << 20)),
    "an_integer_of_a_negative_length": (["i", -1], b""),
    "numbers_that_are_objects": (["ln", "|O", 8], b"x" * 8),
    "numbers_cut_off": (["ln", "<f8", 7], b"x" * 7),
    "a_fraction_of_nothing": (["fr", 1, 0], b""),
    "a_fraction_of_text": (["fr", "1", "2"], b""),
    "a_decimal_without_end": (["de", "1e999999999"], b""),
    "a_decimal_of_many_digits": (["de", "1" * 15_000], b""),
    "a_decimal_that_signals_words": (["de", "one"], b""),
    "a_date_that_is_none": (["date", "2024-02-30"], b""),
    "a_timedelta_too_long": (["timedelta", 10**12, 0, 0], b""),
    "a_path_with_a_null": (["pa", 3], b""),
    "a_deque_of_a_negative_length": (["dq", -1, 2], b""),
    "records_with_objects": (["a", [["a", "|O"]], [1], 8, True], b"x" * 8),
    "records_in_records": (["a", [["a", [["b", "<f8"]]]], [1], 8, True], b"x" * 8),
    "records_without_fields": (["a", [], [1], 0, True], b""),
    "records_with_one_name": (["a", [["a", "<f8"], ["a", "<f8"]], [1], 16, True], b"x" * 16),
    "text_in_records_that_is_no_unicode": (["a", [["a", "<U1"]], [1], 4, True], b"\xff" * 4),
    "a_time_of_no_unit": (["a", "<M8[x]", [1], 8, True], b"x" * 8),
    "a_range_of_text": (["r", "a", "b", "c"], b""),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_found(lie):
    tree, data = LIES[lie]
    with pytest.raises(ProtocolError):
        Codec().decode(tree, data)


TAGS = ["l", "t", "d", "s", "a", "b", "g", "r", "n", "i", "ct", "od", "dd", "dq", "ba", "fr", "de", "ln", "dk", "pa"]
trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.sampled_from(TAGS),
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
