import numpy as np
import pytest

from cs_layers.data import load_models


def test_arrays_come_back_under_their_names(tmp_path):
    np.savez(tmp_path / "b.npz", W1=np.eye(2), b1=np.zeros(2))
    np.savez(tmp_path / "a.npz", W1=np.ones(3))
    (tmp_path / "notes.txt").write_text("not a model")
    models = load_models(tmp_path)
    assert list(models) == ["a.npz", "b.npz"]
    np.testing.assert_array_equal(models["b.npz"]["W1"], np.eye(2))


def test_objects_and_damage_are_refused(tmp_path):
    path = tmp_path / "model.npz"
    np.savez(path, W1=np.array([{}], dtype=object))
    with pytest.raises(ValueError, match=r"model.npz is damaged or is no .npz file"):
        load_models(tmp_path)
    np.savez(path, W1=np.eye(2))
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(ValueError, match=r"model.npz is damaged"):
        load_models(tmp_path)
    path.write_bytes(b"")
    with pytest.raises(ValueError, match=r"model.npz is damaged"):
        load_models(tmp_path)


def test_no_such_folder(tmp_path):
    with pytest.raises(FileNotFoundError, match="There is no folder"):
        load_models(tmp_path / "models")
