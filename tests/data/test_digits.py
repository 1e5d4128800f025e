import numpy as np
import pytest

from cs_layers.data import load_digits

PARTS = ("train", "val", "test")


def test_there_are_1797_different_digits_in_three_parts():
    digits = load_digits()
    assert [digits[f"X_{part}"].shape for part in PARTS] == [(1297, 1, 8, 8), (250, 1, 8, 8), (250, 1, 8, 8)]
    rows = np.concatenate([digits[f"X_{part}"].reshape(-1, 64) for part in PARTS])
    assert len(np.unique(rows, axis=0)) == 1797


def test_pixels_are_sixteenths_from_0_to_1():
    images = load_digits()["X_train"]
    assert images.dtype == np.float64
    assert images.min() == 0
    assert images.max() == 1
    np.testing.assert_array_equal(images * 16, np.round(images * 16))


def test_validation_and_test_hold_25_of_each_digit():
    digits = load_digits()
    for part in ("val", "test"):
        np.testing.assert_array_equal(np.bincount(digits[f"y_{part}"]), [25] * 10)
    # the numbers of digits 0 to 9 in the whole set, from its description
    totals = sum(np.bincount(digits[f"y_{part}"]) for part in PARTS)
    np.testing.assert_array_equal(totals, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])


def test_each_image_looks_more_like_its_own_digit():
    digits = load_digits()
    images = digits["X_train"].reshape(-1, 64)
    means = np.stack([images[digits["y_train"] == digit].mean(axis=0) for digit in range(10)])
    distances = ((digits["X_test"].reshape(-1, 1, 64) - means) ** 2).sum(axis=2)
    assert np.mean(distances.argmin(axis=1) == digits["y_test"]) > 0.85


def test_two_calls_share_no_memory():
    first = load_digits()
    first["X_train"][:] = 7
    assert load_digits()["X_train"].max() == 1


def test_float32_on_request_and_integers_refused():
    assert load_digits(np.float32)["X_val"].dtype == np.float32
    with pytest.raises(TypeError, match="int64, allowed are floating types"):
        load_digits(np.int64)
