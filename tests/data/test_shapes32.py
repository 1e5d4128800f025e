import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_layers.data import SHAPES32_CLASSES, draw_shapes32, load_shapes32


def test_parts_and_values():
    shapes = load_shapes32(num_training=40, num_validation=20, num_test=10)
    assert shapes["X_train"].shape == (40, 3, 32, 32)
    assert shapes["X_val"].shape == (20, 3, 32, 32)
    assert shapes["X_test"].shape == (10, 3, 32, 32)
    assert shapes["X_train"].dtype == np.float32
    assert shapes["y_train"].dtype == np.int64
    assert 0 <= shapes["X_train"].min() < 0.1
    assert 0.9 < shapes["X_train"].max() <= 1
    assert len(SHAPES32_CLASSES) == 10


@given(st.integers(0, 2**32), st.integers(0, 60), st.integers(0, 60))
def test_fewer_pictures_are_the_beginning_of_more(seed, few, more):
    few, more = sorted((few, more))
    for drawn, all_of_them in zip(draw_shapes32(few, seed), draw_shapes32(more, seed), strict=True):
        np.testing.assert_array_equal(drawn, all_of_them[:few])


def test_the_beginning_is_the_same_across_the_chunks_that_are_drawn_at_a_time():
    np.testing.assert_array_equal(draw_shapes32(501)[0][:499], draw_shapes32(499)[0])


def test_ten_in_a_row_are_the_ten_classes():
    labels = draw_shapes32(100)[1].reshape(10, 10)
    np.testing.assert_array_equal(np.sort(labels, axis=1), np.tile(np.arange(10), (10, 1)))


def test_seeds_and_parts_differ():
    pictures = {draw_shapes32(10, seed, part=part)[0].tobytes() for seed in range(3) for part in range(3)}
    assert len(pictures) == 9


def test_more_training_pictures_change_no_other_part():
    few, many = load_shapes32(10, 10, 10), load_shapes32(30, 10, 10)
    np.testing.assert_array_equal(few["X_test"], many["X_test"])
    np.testing.assert_array_equal(few["X_val"], many["X_val"])


def test_the_mean_colour_says_nothing_and_a_linear_model_not_all():
    shapes = load_shapes32(1500, 0, 500)

    def linear_accuracy(features):
        train, test = features(shapes["X_train"]), features(shapes["X_test"])
        train, test = (np.c_[part, np.ones(len(part))] for part in (train, test))
        weights = np.linalg.solve(
            train.T @ train + 100 * np.eye(train.shape[1]), train.T @ np.eye(10)[shapes["y_train"]]
        )
        return np.mean((test @ weights).argmax(axis=1) == shapes["y_test"])

    assert linear_accuracy(lambda images: images.mean(axis=(2, 3))) < 0.2
    assert 0.3 < linear_accuracy(lambda images: images.mean(axis=1)[:, ::2, ::2].reshape(len(images), -1)) < 0.7


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"num": -1}, ValueError, "num is -1, but must be an integer of 0 or more"),
        ({"num": 2.0}, ValueError, "num is 2.0"),
        ({"num": True}, ValueError, "num is True"),
        ({"num": 2, "seed": -5}, ValueError, "seed is -5"),
        ({"num": 2, "dtype": np.uint8}, TypeError, "dtype is uint8"),
    ],
)
def test_bad_input(arguments, error, words):
    with pytest.raises(error, match=words):
        draw_shapes32(**arguments)
