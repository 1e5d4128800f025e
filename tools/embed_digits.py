"""Write cs_layers/data/digits.npz, the handwritten digits that come with the package.

Needed once, by a maintainer. The only user of scikit-learn here, whose bundled copy of the data is the source:

    python -m venv /tmp/embed && /tmp/embed/bin/pip install scikit-learn
    /tmp/embed/bin/python tools/embed_digits.py

Running it twice gives the same bytes with the same versions of NumPy and zlib, and the same arrays with any.
"""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

PER_DIGIT = {"val": 25, "test": 25}  # the rest, 1,297 rows, is for training
TARGET = Path(__file__).resolve().parents[1] / "cs_layers" / "data" / "digits.npz"


def split_rows(labels):
    """Rows of each part: 25 of each digit for validation, 25 for the test, what is left for training; shuffled."""
    rng = np.random.default_rng(1998)
    parts = {"train": [], "val": [], "test": []}
    for digit in range(10):
        rows = rng.permutation(np.flatnonzero(labels == digit))
        start = 0
        for part, count in PER_DIGIT.items():
            parts[part].append(rows[start : start + count])
            start += count
        parts["train"].append(rows[start:])
    return {part: rng.permutation(np.concatenate(rows)) for part, rows in parts.items()}


def main():
    source = load_digits()
    images = source.images.astype(np.uint8)
    labels = source.target.astype(np.uint8)
    assert images.shape == (1797, 8, 8)
    assert np.array_equal(images, source.images), "the pixels are whole numbers from 0 to 16"

    arrays = {}
    for part, rows in split_rows(labels).items():
        arrays[f"X_{part}"] = images[rows]
        arrays[f"y_{part}"] = labels[rows]
        arrays[f"row_{part}"] = rows.astype(np.uint16)  # where the image stands in the original file
    np.savez_compressed(TARGET, **arrays)
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes", {k: v.shape for k, v in arrays.items()})


if __name__ == "__main__":
    main()
