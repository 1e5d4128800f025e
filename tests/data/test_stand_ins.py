"""Stand-ins are read by the loaders of the sets whose format they have, and say what they are."""

import numpy as np
import pytest

from cs_layers.data import SHAPES32_CLASSES, load_CIFAR10, load_digits, load_mnist, load_tiny_imagenet, stand_ins
from cs_layers.data.mnist import read_idx
from cs_layers.data.pickles import load_plain_pickle


def test_digits_in_mnists_format(tmp_path):
    (x, t), (x_test, t_test) = load_mnist(flatten=False, folder=stand_ins.write_stand_in("mnist", tmp_path))
    assert x.shape == (1547, 1, 28, 28)
    assert x_test.shape == (250, 1, 28, 28)
    digits = load_digits()
    assert np.array_equal(t, np.concatenate([digits["y_train"], digits["y_val"]]))
    assert np.array_equal(t_test, digits["y_test"])
    assert np.allclose(x[:1297, 0, 3:-2:3, 3:-2:3], digits["X_train"][:, 0], atol=1 / 255)  # the middles of the pixels


def test_shapes_in_cifars_format(tmp_path):
    folder = stand_ins.write_stand_in("cifar10", tmp_path)
    X, y, X_test, _ = load_CIFAR10(folder)
    assert X.shape == (5000, 32, 32, 3)
    assert X_test.shape == (1000, 32, 32, 3)
    assert np.bincount(y).tolist() == [500] * 10
    assert load_plain_pickle(folder / "batches.meta")["label_names"] == list(SHAPES32_CLASSES)


def test_shapes_in_tiny_imagenets_format(tmp_path):
    data = load_tiny_imagenet(stand_ins.write_stand_in("tiny-imagenet", tmp_path), subtract_mean=False)
    assert data["X_train"].shape == (300, 3, 64, 64)
    assert [names[0] for names in data["class_names"]] == list(SHAPES32_CLASSES)
    assert data["wnids"] != sorted(data["wnids"])
    assert np.bincount(data["y_val"]).tolist() == [10] * 10


def test_what_is_not_here_is_called_by_its_own_name(data_root, tmp_path):
    files = stand_ins.original_or_stand_in("mnist", tmp_path / "written")
    assert not files.original
    assert files.name == "digits (8×8), enlarged to 28×28"
    assert files.sentence.startswith("MNIST: not on this machine. In its place: the package's digits (8×8)")
    assert "`cs-layers data mnist`" in files.sentence


def test_what_is_here_is_taken(mnist_folder, tmp_path):
    files = stand_ins.original_or_stand_in("mnist", tmp_path / "written")
    assert files == (mnist_folder, True, "MNIST", f"MNIST: the original files, in {mnist_folder}.")
    assert not (tmp_path / "written").exists()


@pytest.mark.parametrize("shape", [(4,), (300, 2), (2, 3, 4), (0, 5)])
def test_idx_bytes_are_read_back(tmp_path, shape):
    array = np.random.default_rng(0).integers(256, size=shape).astype(np.uint8)
    (tmp_path / "file").write_bytes(stand_ins.idx_bytes(array))
    assert np.array_equal(read_idx(tmp_path / "file", axes=len(shape)), array)
