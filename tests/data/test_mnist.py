import gzip
import struct

import numpy as np
import pytest

from cs_layers.data import DataFileError, DownloadError, get_MNIST_data, load_mnist
from cs_layers.data.mnist import read_idx


def test_every_combination_of_options(mnist_folder):
    for flatten in (True, False):
        for normalize in (True, False):
            for one_hot in (True, False):
                (x_train, t_train), (x_test, t_test) = load_mnist(flatten, normalize, one_hot)
                assert x_train.shape == ((30, 784) if flatten else (30, 1, 28, 28))
                assert len(x_test) == 10
                assert x_train.dtype == (np.float32 if normalize else np.uint8)
                assert x_train.max() == (1 if normalize else 255)
                labels = np.arange(10) % 10
                if one_hot:
                    np.testing.assert_array_equal(t_test, np.eye(10)[labels])
                else:
                    np.testing.assert_array_equal(t_test, labels)
                    assert t_train.dtype == np.int64


def test_unpacked_files_and_other_names(mnist_folder, mnist_files):
    packed = load_mnist()
    for name, content in mnist_files.items():
        (mnist_folder / name).unlink()
        (mnist_folder / name.removesuffix(".gz").replace("-idx", ".idx")).write_bytes(gzip.decompress(content))
    for (images, labels), (same_images, same_labels) in zip(packed, load_mnist(), strict=True):
        np.testing.assert_array_equal(images, same_images)
        np.testing.assert_array_equal(labels, same_labels)


@pytest.mark.parametrize("place", ["mnist", "MNIST/raw", "."])
def test_usual_folders(data_root, mnist_files, place):
    folder = data_root / place
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in mnist_files.items():
        (folder / name).write_bytes(content)
    assert len(load_mnist()[0][0]) == 30


def test_folder_given(tmp_path, data_root, mnist_files):
    for name, content in mnist_files.items():
        (tmp_path / name).write_bytes(content)
    assert len(load_mnist(folder=tmp_path)[0][0]) == 30
    with pytest.raises(DownloadError, match=r"holds no files of MNIST. Leave the folder out"):
        load_mnist(folder=data_root)
    (tmp_path / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DownloadError, match=r"lacks files of MNIST: t10k-labels-idx1-ubyte.gz"):
        load_mnist(folder=tmp_path)


def images_file(count=30, side=28, magic=2051, extra=b"", missing=0):
    body = bytes(count * side * side - missing) + extra
    return struct.pack(">4I", magic, count, side, side) + body


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (images_file(magic=2049), "begins with the magic number 2049, expected 2051"),
        (b"\0\0\x08", "ends within its header, after 3 bytes"),
        (b"", "ends within its header, after 0 bytes"),
        (images_file(missing=1), "should hold 23,520 bytes after its header and holds only 23,519"),
        (images_file(extra=b"x"), "should hold 23,520 bytes after its header and holds more"),
        (images_file(count=29), "holds 29 images, .* 30 labels"),
        (images_file(side=27), r"holds images of shape \(27, 27\), expected \(28, 28\)"),
        (struct.pack(">4I", 2051, 10**9, 10**9, 28), "far more than MNIST has"),
        (b"<html>not found</html>", "begins with the magic number"),
    ],
)
def test_bad_image_files(mnist_folder, snapshot, packed, content, words):
    name = "train-images-idx3-ubyte"
    (mnist_folder / f"{name}.gz").unlink()
    path = mnist_folder / (f"{name}.gz" if packed else name)
    path.write_bytes(gzip.compress(content) if packed else content)
    before = snapshot(mnist_folder)
    with pytest.raises(DataFileError, match=words) as caught:
        load_mnist()
    assert str(path) in str(caught.value)
    assert str(caught.value).endswith("Run `cs-layers data mnist` to put a good copy in its place.")
    assert snapshot(mnist_folder) == before


@pytest.mark.parametrize("keep", [0.99, 0.5, 0.001])
def test_truncated_gzip(mnist_folder, snapshot, keep):
    path = mnist_folder / "t10k-images-idx3-ubyte.gz"
    content = path.read_bytes()
    path.write_bytes(content[: max(int(len(content) * keep), 2)])
    before = snapshot(mnist_folder)
    with pytest.raises(
        DataFileError, match=r"t10k-images-idx3-ubyte.gz is damaged or incomplete: .*cs-layers data mnist"
    ):
        load_mnist()
    assert snapshot(mnist_folder) == before


def test_flipped_bit_in_gzip(mnist_folder):
    path = mnist_folder / "train-images-idx3-ubyte.gz"
    content = bytearray(path.read_bytes())
    content[-6] ^= 1  # in the checksum of the content
    path.write_bytes(content)
    with pytest.raises(DataFileError, match="damaged or incomplete: CRC"):
        load_mnist()


def test_labels_out_of_range(mnist_folder, make_idx):
    path = mnist_folder / "train-labels-idx1-ubyte.gz"
    path.write_bytes(gzip.compress(make_idx(np.arange(30))))
    with pytest.raises(DataFileError, match=r"train-labels-idx1-ubyte.gz holds the label 29, allowed are 0 to 9"):
        load_mnist()


def test_no_images(mnist_folder, make_idx):
    (mnist_folder / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(make_idx(np.zeros(0))))
    (mnist_folder / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(make_idx(np.zeros((0, 28, 28)))))
    with pytest.raises(DataFileError, match="holds no images"):
        load_mnist()


def test_split_for_a_solver(mnist_folder):
    (images, labels), _ = load_mnist(flatten=False)
    data = get_MNIST_data(num_validation=5, num_test=4)
    assert data["X_train"].shape == (25, 1, 28, 28)
    np.testing.assert_array_equal(data["X_train"], images[:25])
    np.testing.assert_array_equal(data["X_val"], images[25:])
    np.testing.assert_array_equal(data["y_val"], labels[25:])
    assert len(data["y_test"]) == 4
    with pytest.raises(ValueError, match="28 training and 5 validation images were asked for, the files here have 30"):
        get_MNIST_data(num_training=28, num_validation=5)


def test_real_files(real_data):
    (x_train, t_train), (x_test, t_test) = load_mnist(flatten=False, normalize=False, folder=real_data)
    assert x_train.shape == (60000, 1, 28, 28)
    assert x_test.shape == (10000, 1, 28, 28)
    assert t_train[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]  # as on the data set's own page
    assert np.bincount(t_test).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert read_idx(real_data / "mnist" / "t10k-labels-idx1-ubyte.gz", 1).dtype == np.uint8
