import numpy as np
import pytest

from cs_layers.data import DataFileError, load_tiny_imagenet


@pytest.fixture
def folder(data_root, write_tiny_imagenet):
    return write_tiny_imagenet(data_root / "tiny-imagenet-mini")


def test_what_comes_back(folder):
    data = load_tiny_imagenet(subtract_mean=False)
    assert data["wnids"] == ["n02124075", "n01641577"]  # the order of wnids.txt, not of the alphabet
    assert data["class_names"] == [["Egyptian cat"], ["bullfrog", "Rana catesbeiana"]]
    assert data["X_train"].shape == (25, 3, 64, 64)
    assert data["X_train"].dtype == np.float32
    assert data["y_train"].tolist() == [0] * 12 + [1] * 13
    assert data["y_val"].tolist() == [0, 1, 0, 1]
    assert data["X_test"].shape == (1, 3, 64, 64)
    assert data["y_test"] is None
    assert data["mean_image"] is None


def test_images_are_in_the_order_of_their_numbers_and_colours_in_place(folder):
    images = load_tiny_imagenet(subtract_mean=False)["X_train"]
    np.testing.assert_allclose(images[:12, 0, 5, 5], 10 * np.arange(12), atol=2)  # JPEG rounds
    np.testing.assert_allclose(images[12, :, 9, 9], [0, 100, 100], atol=2)


def test_a_grey_image_has_three_equal_channels(folder):
    grey = load_tiny_imagenet(subtract_mean=False)["X_train"][24]
    np.testing.assert_array_equal(grey[0], grey[1])
    np.testing.assert_array_equal(grey[0], grey[2])
    np.testing.assert_allclose(grey, 77, atol=1)


def test_the_mean_is_of_the_training_images(folder):
    plain, centred = load_tiny_imagenet(subtract_mean=False), load_tiny_imagenet(path=folder, dtype=np.float64)
    mean = plain["X_train"].mean(axis=0, dtype=np.float64)
    np.testing.assert_allclose(centred["mean_image"], mean)
    np.testing.assert_allclose(centred["X_val"], plain["X_val"] - mean)
    assert centred["X_test"].dtype == np.float64
    with pytest.raises(TypeError, match="dtype is uint8; to subtract the mean it must be a floating type"):
        load_tiny_imagenet(dtype=np.uint8)
    assert load_tiny_imagenet(dtype=np.uint8, subtract_mean=False)["X_val"].dtype == np.uint8


def test_without_lists_of_classes_and_words(folder):
    (folder / "wnids.txt").unlink()
    (folder / "words.txt").unlink()
    data = load_tiny_imagenet()
    assert data["wnids"] == ["n01641577", "n02124075"]
    assert data["class_names"] == [["n01641577"], ["n02124075"]]
    assert data["y_val"].tolist() == [1, 0, 1, 0]


def test_with_labels_for_the_test_or_without_a_test(folder):
    annotations = folder / "test" / "test_annotations.txt"
    annotations.write_text("test_0.JPEG\tn01641577\t0\t0\t1\t1\n")
    assert load_tiny_imagenet()["y_test"].tolist() == [1]
    annotations.unlink()
    (folder / "test" / "images" / "test_0.JPEG").unlink()
    assert load_tiny_imagenet()["X_test"].shape == (0, 3, 64, 64)


def test_files_that_an_operating_system_adds(folder):
    images = folder / "train" / "n02124075" / "images"
    (images / "._n02124075_0.JPEG").write_bytes(b"\0\5\x16\7")
    (images / "Thumbs.db").write_bytes(b"x")
    assert len(load_tiny_imagenet()["X_train"]) == 25


def break_annotations(folder, _):
    path = folder / "val" / "val_annotations.txt"
    path.write_text(path.read_text().replace("n01641577", "n99999999"))


def forget_an_image(folder, _):
    path = folder / "val" / "val_annotations.txt"
    path.write_text("\n".join(path.read_text().splitlines()[1:]))


def cut_an_image(folder, _):
    path = folder / "train" / "n02124075" / "images" / "n02124075_3.JPEG"
    path.write_bytes(path.read_bytes()[:200])


def not_an_image(folder, _):
    (folder / "val" / "images" / "val_2.JPEG").write_bytes(b"<html>")


def wrong_size(folder, save):
    save(folder / "val" / "images" / "val_2.JPEG", 3, mode="L", size=(64, 32))


def empty_class(folder, _):
    for path in (folder / "train" / "n02124075" / "images").iterdir():
        path.unlink()


def double_class(folder, _):
    (folder / "wnids.txt").write_text("n02124075 n02124075")


def binary_list(folder, _):
    (folder / "wnids.txt").write_bytes(b"\xff\xfe\x00")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (break_annotations, "val_annotations.txt gives val_1.JPEG the class n99999999, which is not one of the 2"),
        (forget_an_image, "gives val_0.JPEG the class None"),
        (cut_an_image, "n02124075_3.JPEG is not a readable image: it is damaged or incomplete"),
        (not_an_image, "val_2.JPEG is not a readable image"),
        (wrong_size, "val_2.JPEG has 64×32 pixels, expected 64×64"),
        (empty_class, "holds no images of class n02124075"),
        (double_class, "wnids.txt is not a list of different WordNet ids"),
        (binary_list, "wnids.txt is not a text file"),
    ],
)
def test_damage(folder, write_tiny_imagenet, snapshot, harm, words):
    harm(folder, write_tiny_imagenet.save)
    before = snapshot(folder)
    with pytest.raises(DataFileError, match=words) as caught:
        load_tiny_imagenet()
    assert "cs-layers data tiny-imagenet" in str(caught.value)
    assert snapshot(folder) == before


def test_real_files(real_data):
    data = load_tiny_imagenet(real_data / "tiny-imagenet-mini", subtract_mean=False)
    assert data["X_train"].shape == (400, 3, 64, 64)
    assert np.bincount(data["y_train"]).tolist() == [40] * 10
    assert np.bincount(data["y_val"]).tolist() == [10] * 10
    assert data["y_test"] is None
    grey = (data["X_train"][:, 0] == data["X_train"][:, 1]).all(axis=(1, 2))
    assert 0 < grey.sum() < 40  # some are grey, and were read all the same
