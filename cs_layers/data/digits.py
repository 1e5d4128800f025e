"""The 1,797 handwritten digits of 8×8 pixels that come with the package, so that a first lesson needs no network.

E. Alpaydin and C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine Learning Repository, 1998,
https://doi.org/10.24432/C50P49, licence CC BY 4.0. What is embedded is the data set's test part, written by
13 people who wrote none of its training part. Each pixel counts, from 0 to 16, the inked dots of a 4×4 block of a
32×32 scan. These are not MNIST, whose digits have 28×28 pixels.
"""

from importlib import resources

import numpy as np

__all__ = ["load_digits"]

MAX_PIXEL = 16


def load_digits(dtype=np.float64):
    """Read the embedded 8×8 digits, already split into three parts.

    The split is fixed and stored with the images: 25 of each digit for validation, 25 of each for the test and the
    other 1,297 for training, drawn at random once. No image is in two parts, and no two images are equal.
    All three parts were written by the same 13 people.

    Parameters
    ----------
    dtype : floating type, optional
        The type of the images.

    Returns
    -------
    dict
        ``X_train`` (1297, 1, 8, 8), ``X_val`` and ``X_test`` (250, 1, 8, 8): ink from 0 (paper) to 1, in sixteenths,
        not centred. ``y_train`` (1297,), ``y_val`` and ``y_test`` (250,): the digit, int64.

    Raises
    ------
    TypeError
        If `dtype` is not a floating type.

    Examples
    --------
    >>> from cs_layers.data import load_digits
    >>> digits = load_digits()
    >>> digits["X_train"].shape, digits["y_train"][:5].dtype
    ((1297, 1, 8, 8), dtype('int64'))
    """
    dtype = np.dtype(dtype)
    if dtype.kind != "f":
        raise TypeError(f"load_digits: dtype is {dtype}, allowed are floating types such as np.float32.")
    data = {}
    with (
        resources.files("cs_layers.data").joinpath("digits.npz").open("rb") as file,
        np.load(file, allow_pickle=False) as stored,
    ):
        for part in ("train", "val", "test"):
            images = stored[f"X_{part}"].astype(dtype) / dtype.type(MAX_PIXEL)
            data[f"X_{part}"] = images[:, np.newaxis]
            data[f"y_{part}"] = stored[f"y_{part}"].astype(np.int64)
    return data
