import os
import pickle
import pickletools
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_layers.data import DataFileError
from cs_layers.data.pickles import load_plain_pickle


class Runs:
    """Pickles into a call of `function`."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.fixture
def read(tmp_path):
    def read(content, **options):
        path = tmp_path / "batch"
        path.write_bytes(content)
        try:
            return load_plain_pickle(path, **options)
        finally:
            assert path.read_bytes() == content

    return read


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("dtype", ["u1", "<i8", ">i4", "f4", "f8", "?"])
def test_plain_data_comes_back(read, protocol, dtype):
    array = np.arange(12).reshape(3, 4).astype(dtype)
    content = {"data": array, "across": np.asfortranarray(array), "labels": [1, 2], "name": "ä", "t": (1.5, None, True)}
    back = read(pickle.dumps(content, protocol))
    for key in ("data", "across"):
        np.testing.assert_array_equal(back[key], array)
        assert back[key].dtype == array.dtype
        back[key][0, 0] = 1  # a copy of its own, and writable
    assert {key: back[key] for key in ("labels", "name", "t")} == {
        "labels": [1, 2],
        "name": "ä",
        "t": (1.5, None, True),
    }


def test_numpy_scalars_come_back_as_numbers(read):
    assert read(pickle.dumps([np.int64(3), np.float64(0.5)])) == [3, 0.5]


@pytest.mark.parametrize("old_name", [b"numpy.core.multiarray", b"numpy._core.multiarray"])
def test_files_of_numpy_1_and_2(read, old_name):
    content = pickle.dumps({"data": np.arange(3, dtype=np.uint8)}, protocol=2)
    content = content.replace(b"numpy._core.multiarray", b"numpy.core.multiarray").replace(
        b"numpy.core.multiarray", old_name
    )
    np.testing.assert_array_equal(read(content)["data"], [0, 1, 2])


def test_a_file_of_python_2(read):
    """The instructions that Python 2 and an old NumPy wrote for {'labels': [6], 'data': array([[255, 7]], uint8)}."""
    content = (
        b"\x80\x02}q\x01(U\x06labelsq\x02]q\x03K\x06aU\x04dataq\x04cnumpy.core.multiarray\n_reconstruct\nq\x05cnumpy\n"
        b"ndarray\nq\x06K\x00\x85U\x01b\x87Rq\x07(K\x01K\x01K\x02\x86cnumpy\ndtype\nq\x08U\x02u1K\x00K\x01\x87Rq\t"
        b"(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89U\x02\xff\x07tbu."
    )
    back = read(content)
    assert back["labels"] == [6]
    np.testing.assert_array_equal(back["data"], np.array([[255, 7]], np.uint8))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("function", [os.system, eval, np.load, np.frombuffer, getattr, __import__])
def test_code_is_refused_and_not_run(read, tmp_path, protocol, function):
    witness = tmp_path / "witness"
    bad = pickle.dumps({"data": Runs(function, f"touch {witness}")}, protocol)
    with pytest.raises(DataFileError, match=r"a pickle that carries code .*Nothing in it was run. Delete it."):
        read(bad)
    assert not witness.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"(S'touch witness'\nios\nsystem\n.",  # INST
        b"(cos\nsystem\nS'touch witness'\no.",  # OBJ
        b"cos\nsystem\n(S'touch witness'\ntR.",
        b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x0dtouch witness\x85R.",
        b"\x80\x02\x82\x01.",  # extension registry
        b"Psomewhere\n.",  # persistent id
        b"\x80\x02cnumpy\ndtype\n)\x81.",  # NEWOBJ
    ],
)
def test_other_ways_to_call(read, tmp_path, monkeypatch, content):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataFileError, match="carries code"):
        read(content)
    assert not (tmp_path / "witness").exists()


def reduce_and_build(name, arguments, state=None):
    """Instructions that call a numpy function and, perhaps, set the result's state."""
    call = b"\x80\x02c" + name + b"\n" + pickle.dumps(arguments, 2)[2:-1] + b"R"
    return call + (pickle.dumps(state, 2)[2:-1] + b"b" if state is not None else b"") + b"."


@pytest.mark.parametrize(
    "content",
    [
        reduce_and_build(b"numpy\ndtype", ("O", False, True)),
        reduce_and_build(b"numpy\ndtype", ("V8", False, True)),
        reduce_and_build(b"numpy\ndtype", ("u1,O",)),
        reduce_and_build(b"numpy\nndarray", ((10**12,),)),
        reduce_and_build(b"numpy.core.multiarray\n_reconstruct", (1, 2, 3), (1, (2,), "u1", False, b"ab")),
        reduce_and_build(b"numpy.core.multiarray\n_reconstruct", (1, 2, 3)),
        reduce_and_build(b"_codecs\nencode", ("abc", "utf-7")),
        b"\x80\x02cnumpy\ndtype\n}U\x05_callU\x01xsb.",  # change a function's attributes
        b"\x80\x02cnumpy\ndtype\nN}U\x05_callU\x01xs\x86b.",  # … through the state of its slots
        b"\x80\x02cnumpy\ndtype\n.",  # a function as the value
        b"\x80\x02]r\xff\xff\xff\x7f.",  # a memory of two thousand million places
        b"\x80\x02]q\x00h\x00a.",  # a list that holds itself
        b"\x80\x02](" + b"l" * 50 + b".",
        b"not a pickle",
        b"",
    ],
)
def test_nonsense_is_one_sentence(read, content):
    with pytest.raises(DataFileError, match="Delete it"):
        read(content)


def test_many_references_to_few_lists_end(read):
    value = []
    for _ in range(30):
        value = [value] * 10
    with pytest.raises(DataFileError, match="without end"):
        read(pickle.dumps(value, 2))


def test_array_with_fewer_bytes_than_its_shape(read):
    good = pickle.dumps({"data": np.zeros(300, np.uint8)}, protocol=3)
    bad = good.replace(struct.pack("<H", 300), struct.pack("<H", 999), 1)
    assert bad != good
    with pytest.raises(DataFileError, match="not a readable pickle"):
        read(bad)


@given(st.integers(0, 10**6))
def test_cut_anywhere_is_one_sentence(tmp_path_factory, place):
    whole = pickle.dumps({"data": np.arange(50, dtype=np.uint8), "labels": [1, 2, 3]}, protocol=2)
    path = tmp_path_factory.mktemp("cut") / "batch"
    path.write_bytes(whole[: place % len(whole)])
    with pytest.raises(DataFileError, match="batch is not a readable pickle"):
        load_plain_pickle(path)


@given(st.data())
def test_damage_anywhere_gives_plain_data_or_one_sentence(tmp_path_factory, data):
    whole = bytearray(pickle.dumps({"data": np.arange(5, dtype=np.uint8), "labels": [1, 2, 3]}, protocol=2))
    whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "batch"
    path.write_bytes(whole)
    try:
        value = load_plain_pickle(path)
    except DataFileError:
        return
    assert isinstance(value, (dict, list, tuple, str, bytes, int, float, np.ndarray, type(None)))


def test_a_large_file_is_not_read(read):
    with pytest.raises(DataFileError, match="at most 10 are expected"):
        read(pickle.dumps("x" * 100), max_bytes=10)


def test_only_harmless_instructions_are_allowed():
    from cs_layers.data import pickles

    known = {opcode.name for opcode in pickletools.opcodes}
    allowed = set(pickles._OPCODES.split())
    assert allowed <= known
    assert not allowed & {"INST", "OBJ", "NEWOBJ", "NEWOBJ_EX", "EXT1", "EXT2", "EXT4", "PERSID", "BINPERSID"}
