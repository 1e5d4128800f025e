"""Files of arrays: what is written comes back, and nothing else is ever loaded, run or left behind."""

import io
import os
import pickle
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cs_layers import storage

arrays = hnp.arrays(
    st.sampled_from([np.float32, np.float64, np.int64, np.bool_]), hnp.array_shapes(min_dims=0, max_dims=3, max_side=3)
)
leaves = st.none() | st.booleans() | st.integers(-(2**130), 2**130) | st.floats(allow_nan=False) | st.text() | arrays
states = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=8
)


def equal(a, b):
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, dict):
        return list(a) == list(b) and all(equal(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(equal, a, b))
    return type(a) is type(b) and a == b


@given(state=states)
def test_a_state_comes_back_bit_for_bit(state, tmp_path_factory):
    path = storage.save_state(tmp_path_factory.mktemp("state") / "s.npz", state)
    assert equal(storage.load_state(path), state)


@pytest.mark.parametrize("name", ["file", "a/b", "W1", "é"])
def test_any_name_will_do(tmp_path, name):
    path = storage.save_npz(tmp_path / "x", {name: np.arange(3)})
    assert storage.load_npz(path)[name].tolist() == [0, 1, 2]
    assert os.listdir(tmp_path) == ["x.npz"]


def test_a_dot_in_the_name_is_kept(tmp_path):
    assert storage.save_npz(tmp_path / "rate_0.1", {"a": np.ones(1)}) == tmp_path / "rate_0.1.npz"


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = storage.save_npz(tmp_path / "x.npz", {"a": np.arange(3)})

    def fails(*_):
        raise OSError("no space left")

    monkeypatch.setattr(storage.os, "fsync", fails)
    with pytest.raises(OSError, match="no space left"):
        storage.save_npz(path, {"a": np.zeros(9)})
    assert os.listdir(tmp_path) == ["x.npz"]
    assert storage.load_npz(path)["a"].tolist() == [0, 1, 2]


class Trap:
    def __reduce__(self):
        return os.mkdir, ("trap",)


def npy_with(text):
    stream = io.BytesIO()
    stream.write(b"\x93NUMPY\x01\x00")
    header = text.encode().ljust(117) + b"\n"
    stream.write(len(header).to_bytes(2, "little") + header)
    return stream.getvalue()


def zipped(content):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.npy", content)
    return stream.getvalue()


def a_good_file():
    stream = io.BytesIO()
    np.savez(stream, a=np.arange(1000))
    return stream.getvalue()


def an_object_array():
    stream = io.BytesIO()
    np.savez(stream, a=np.array([Trap()], dtype=object))
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 no zip at all",
        a_good_file()[:2000],
        a_good_file()[:3000] + b"\0" * 40 + a_good_file()[3040:],
        pickle.dumps(Trap()),
        an_object_array(),
        zipped(b"not an array"),
        zipped(npy_with("{'descr': '<f8', 'fortran_order': False, 'shape': (9, 9), }")),
        zipped(npy_with("{'descr': '|O', 'fortran_order': False, 'shape': (9, 9), }")),
    ],
    ids=["empty", "no zip", "cut off", "scrambled", "pickle", "objects", "no array", "too short", "object header"],
)
def test_damaged_files_are_refused_and_nothing_is_run(tmp_path, monkeypatch, content):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.npz").write_bytes(content)
    with pytest.raises(ValueError, match=r"x\.npz is damaged or is no \.npz file"):
        storage.load_npz("x.npz")
    assert os.listdir(tmp_path) == ["x.npz"]


def test_a_bare_array_is_no_npz_file(tmp_path):
    np.save(tmp_path / "x.npy", np.ones(3))
    (tmp_path / "x.npy").rename(tmp_path / "x.npz")
    with pytest.raises(ValueError, match=r"no \.npz file"):
        storage.load_npz(tmp_path / "x.npz")


def test_clear_errors_for_what_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"There is no file .*x\.npz"):
        storage.load_npz(tmp_path / "x")
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        storage.save_npz(tmp_path / "no" / "x", {"a": np.ones(1)})
    with pytest.raises(ValueError, match=r"'a' .* holds Python objects"):
        storage.save_npz(tmp_path / "x", {"a": np.array([Trap()])})
    with pytest.raises(TypeError, match="holds a set"):
        storage.save_state(tmp_path / "x", {"a": {1}})
    path = storage.save_npz(tmp_path / "x", {"a": np.ones(1)})
    with pytest.raises(ValueError, match="not one that holds a saved state"):
        storage.load_state(path)
