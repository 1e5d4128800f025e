import os
import pickle

import numpy as np
import pytest

from cs_layers.data import (
    CIFAR10_CLASSES,
    DataFileError,
    DownloadError,
    get_CIFAR10_data,
    load_CIFAR10,
    load_cifar10,
    load_CIFAR_batch,
)


def test_a_batch_has_pixels_where_cifar_puts_them(cifar_folder):
    path = cifar_folder / "data_batch_2"
    raw = pickle.loads(path.read_bytes())
    images, labels = load_CIFAR_batch(path)
    assert images.shape == (20, 32, 32, 3)
    assert images.dtype == np.float32
    np.testing.assert_array_equal(labels, raw["labels"])
    # a row holds 1,024 bytes of red, then of green, then of blue, each line by line
    assert images[3, 5, 7, 0] == raw["data"][3, 5 * 32 + 7]
    assert images[3, 5, 7, 2] == raw["data"][3, 2048 + 5 * 32 + 7]


def test_all_batches_in_order(cifar_folder, capsys):
    Xtr, Ytr, _, Yte = load_CIFAR10(cifar_folder)
    assert Xtr.shape == (100, 32, 32, 3)
    np.testing.assert_array_equal(Xtr[20:40], load_CIFAR_batch(cifar_folder / "data_batch_2")[0])
    np.testing.assert_array_equal(Ytr[80:], load_CIFAR_batch(cifar_folder / "data_batch_5")[1])
    np.testing.assert_array_equal(Yte, load_CIFAR_batch(cifar_folder / "test_batch")[1])
    assert capsys.readouterr().out == ""


def test_fewer_batches_are_used_and_announced(cifar_folder, capsys):
    (cifar_folder / "data_batch_2").unlink()
    (cifar_folder / "data_batch_5").unlink()
    assert len(load_CIFAR10()[0]) == 60
    printed = capsys.readouterr()
    assert "3 of 5 training batches" in printed.out
    assert "60 images" in printed.out
    assert printed.err == ""


def test_batches_of_any_size(cifar_folder, make_batch):
    (cifar_folder / "data_batch_1").write_bytes(make_batch(9, count=7))
    assert len(load_CIFAR10()[0]) == 87


def test_validation_rows_are_never_training_rows(cifar_folder):
    data = get_CIFAR10_data(num_training=60, num_validation=40, num_test=10, subtract_mean=False)
    rows = np.concatenate([data["X_train"], data["X_val"], data["X_test"]]).reshape(110, -1)
    assert len(np.unique(rows, axis=0)) == 110
    images = load_CIFAR10()[0].transpose(0, 3, 1, 2)
    np.testing.assert_array_equal(data["X_train"], images[:60])
    np.testing.assert_array_equal(data["X_val"], images[60:])


def test_mean_image_is_of_the_training_images(cifar_folder):
    plain = get_CIFAR10_data(50, 20, 10, subtract_mean=False)
    centred = get_CIFAR10_data(50, 20, 10)
    mean = plain["X_train"].astype(np.float64).mean(axis=0)
    np.testing.assert_allclose(plain["mean_image"], mean, rtol=1e-6)
    for part in ("X_train", "X_val", "X_test"):
        np.testing.assert_allclose(centred[part], plain[part] - mean, atol=1e-4)
    assert centred["X_test"].shape == (10, 3, 32, 32)
    assert get_CIFAR10_data(50, 20, 10, dtype=np.float64)["X_val"].dtype == np.float64


def test_all_that_are_left(cifar_folder):
    assert len(get_CIFAR10_data(num_validation=30, num_test=None)["X_train"]) == 70
    data = load_cifar10(num_validation=30)
    assert data["X_train"].shape == (70, 3, 32, 32)
    assert data["X_test"].shape == (20, 3, 32, 32)
    assert data["X_train"].max() == 1
    assert len(CIFAR10_CLASSES) == 10


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        (
            {"num_training": 49000},
            "49,000 training .* 1,000 validation .* the files here have 100 together",
        ),
        ({"num_training": 90, "num_validation": 11}, "90 training and 11"),
        ({"num_validation": 5, "num_test": 21}, "21 test images were asked for, .* 20"),
        ({"num_training": -1}, "num_training is -1"),
        ({"num_training": 1.5}, "num_training is 1.5"),
        ({"num_training": 0, "num_validation": 5}, "ask for at least one"),
    ],
)
def test_sizes_that_do_not_fit(cifar_folder, sizes, words):
    sizes = {"num_test": 10, **sizes}
    with pytest.raises(ValueError, match=words):
        get_CIFAR10_data(**sizes)


def test_names_as_bytes_and_labels_as_array(cifar_folder):
    path = cifar_folder / "data_batch_1"
    content = pickle.loads(path.read_bytes())
    images, labels = load_CIFAR_batch(path)
    path.write_bytes(pickle.dumps({b"data": content["data"], b"labels": np.array(content["labels"])}))
    same_images, same_labels = load_CIFAR_batch(path)
    np.testing.assert_array_equal(images, same_images)
    np.testing.assert_array_equal(labels, same_labels)
    assert same_labels.dtype == np.int64


DATA = np.zeros((2, 3072), np.uint8)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([1, 2], "holds a list, expected a dict"),
        ({"labels": [1, 2]}, "has no 'data'"),
        ({"data": DATA, "fine_labels": [1, 2]}, "has no 'labels'"),
        ({"data": DATA[:, :3071], "labels": [1, 2]}, r"has data of shape \(2, 3071\), expected rows of 3,072 bytes"),
        ({"data": DATA.astype(float), "labels": [1, 2]}, "expected rows of 3,072 bytes"),
        ({"data": "text", "labels": [1, 2]}, "has data of shape str"),
        ({"data": DATA, "labels": [1, 2, 3]}, "holds 2 images and 3 labels"),
        ({"data": DATA, "labels": [1, 10]}, "out of the range 0 to 9"),
        ({"data": DATA, "labels": [1, -1]}, "out of the range 0 to 9"),
        ({"data": DATA, "labels": ["a", "b"]}, "not a list of integers"),
        ({"data": DATA, "labels": [[1], [2, 3]]}, "not a list of integers"),
        ({"data": DATA[:0], "labels": []}, "or none"),
    ],
)
def test_batches_that_are_not_cifar(cifar_folder, snapshot, content, words):
    path = cifar_folder / "data_batch_3"
    path.write_bytes(pickle.dumps(content))
    before = snapshot(cifar_folder)
    with pytest.raises(DataFileError, match=words) as caught:
        load_CIFAR10()
    assert str(path) in str(caught.value)
    assert "cs-layers data cifar10" in str(caught.value)
    assert snapshot(cifar_folder) == before


class Evil:
    def __reduce__(self):
        return os.mkdir, ("was_here",)


def test_a_batch_that_carries_code(cifar_folder, snapshot, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (cifar_folder / "test_batch").write_bytes(pickle.dumps({"data": Evil(), "labels": []}))
    before = snapshot(cifar_folder)
    with pytest.raises(DataFileError, match=r"test_batch is a pickle that carries code .*Nothing in it was run"):
        get_CIFAR10_data(10, 5, 5)
    assert not (tmp_path / "was_here").exists()
    assert snapshot(cifar_folder) == before


def test_a_truncated_batch(cifar_folder):
    path = cifar_folder / "data_batch_1"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DataFileError, match="data_batch_1 is not a readable pickle: it is damaged or incomplete"):
        load_cifar10()


def test_no_such_folder_or_file(tmp_path, data_root):
    with pytest.raises(DownloadError, match="holds no files of CIFAR-10"):
        load_CIFAR10(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError):
        load_CIFAR_batch(tmp_path / "data_batch_1")


def test_real_files(real_data):
    batches = len(list((real_data / "cifar-10-batches-py").glob("data_batch_*")))
    data = get_CIFAR10_data(num_validation=1000, num_test=None, root=real_data)
    assert data["X_train"].shape == (10000 * batches - 1000, 3, 32, 32)
    assert data["X_test"].shape == (10000, 3, 32, 32)
    assert np.bincount(data["y_test"]).tolist() == [1000] * 10
    first = data["X_train"][0] + data["mean_image"]
    assert CIFAR10_CLASSES[data["y_train"][0]] == "frog"
    np.testing.assert_allclose(first[:, 0, 0], [59, 62, 63], atol=1e-3)
