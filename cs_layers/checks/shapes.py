"""Checks of the shape puzzles: a row's mean by broadcasting, images as rows by reshape, a sum over several axes."""

from __future__ import annotations

import numpy as np

from .arrays import readonly
from .engine import Case, Task, forward_run, repeat_forward

_READ = "00_start"


def _cases(shapes, argument, output, right):
    """Random arrays of each shape, the last one read-only, with what is right for each."""

    def cases(rng):
        made = []
        for shape in shapes:
            x = rng.normal(size=shape)
            tags = {"read-only inputs"} if shape is shapes[-1] else set()
            expected = right(x)
            made.append(Case({argument: readonly(x) if tags else x}, {output: expected}, frozenset(tags)))
        return made

    return cases


def _task(name, argument, output, shapes, right):
    run = forward_run((output,), ())  # a view of the input is welcome here, so no advice about it
    cases = _cases(shapes, argument, output, right)
    patterns = {"read-only inputs": ("writes-input", f"The function writes into {argument}. Make a new array.")}
    return Task(
        name, (output,), cases, run, f"{name}({argument})", read=_READ, repeat=repeat_forward, patterns=patterns
    )


_MATRICES = [(2, 3), (4, 4), (1, 5), (5, 1), (3, 3), (3, 2)]
_IMAGES = [(2, 3, 4, 5), (3, 3, 3, 3), (1, 2, 3, 2), (4, 1, 2, 2), (2, 2, 1, 3), (2, 3, 2, 2)]

CENTER = _task("center_rows", "x", "out", _MATRICES, lambda x: np.stack([row - row.mean() for row in x]))
FLATTEN = _task("flatten_images", "images", "rows", _IMAGES, lambda x: np.stack([np.ravel(image) for image in x]))
SUM = _task(
    "sum_per_channel", "x", "sums", _IMAGES, lambda x: np.array([x[:, c].sum() for c in range(x.shape[1])], dtype=float)
)

__all__ = ["CENTER", "FLATTEN", "SUM"]
