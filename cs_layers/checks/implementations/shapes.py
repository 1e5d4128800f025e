"""Right and wrong ways to solve the shape puzzles, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain


@plain("center_rows")
def center_rows(x):
    return x - x.mean(axis=1, keepdims=True)


for _name, _hint, _new in [
    ("row-means-along-columns", "The means have shape (N,); they need (N, 1): keepdims=True.", "x - x.mean(axis=1)"),
    ("mean-of-columns", "The mean of each column was taken. Take the mean over axis 1.", "x - x.mean(axis=0)"),
    ("mean-of-all", "One mean was taken for the whole array. Take one a row: axis=1.", "x - x.mean()"),
    ("added", "The mean was added. Subtract it.", "x + x.mean(axis=1, keepdims=True)"),
    ("sum-for-mean", "The sum of the row was subtracted. Divide it by D.", "x - x.sum(axis=1, keepdims=True)"),
    ("divided-by-the-mean", "x was divided by the mean. Subtract it.", "x / x.mean(axis=1, keepdims=True)"),
    ("only-the-mean", "That is the mean itself. Subtract it from x.", "x.mean(axis=1, keepdims=True) + 0 * x"),
]:
    edit("center_rows", _name, _hint, ("x - x.mean(axis=1, keepdims=True)", _new))
edit(
    "center_rows",
    "writes-input",
    "`x -= …` changes the array of the caller. Write x = x − …, which makes a new one.",
    ("    return x - x.mean(axis=1, keepdims=True)", "    x -= x.mean(axis=1, keepdims=True)\n    return x"),
)


@alternative("center_rows")
def center_rows_with_newaxis(x):
    return x - (x.sum(axis=1) / x.shape[1])[:, np.newaxis]


@plain("flatten_images")
def flatten_images(images):
    return images.reshape(images.shape[0], -1)


for _name, _hint, _new in [
    ("scrambled", "The shape is right, but each row mixes all images. Keep N as the first axis.", ".reshape(-1, N).T"),
    ("one-image-a-column", "Each image became a column. Each is to be a row: (N, C·H·W).", ".reshape(N, -1).T"),
    ("one-long-row", "All images became one row. Keep the first axis, N.", ".reshape(-1)"),
    ("one-image-alone", "Only the first image came back. Return a row for each of the N.", "[0].reshape(1, -1)"),
    ("channels-averaged", "The channels were averaged away. Keep all C·H·W numbers.", ".mean(axis=1).reshape(N, -1)"),
    ("one-row-a-channel", "Each channel became a row. Keep only the first axis.", ".reshape(N * C, -1)"),
    (
        "channels-last",
        "The channels of one pixel stand together. Keep the order.",
        ".transpose(0, 2, 3, 1).reshape(N, -1)",
    ),
    (
        "columns-first",
        'The order is by columns (order="F"). Take each row of an image in turn.',
        '.reshape((N, -1), order="F")',
    ),
]:
    edit(
        "flatten_images",
        _name,
        _hint,
        (
            "    return images.reshape(images.shape[0], -1)",
            f"    N, C = images.shape[:2]\n    return images{_new}",
        ),
    )


@alternative("flatten_images")
def flatten_by_loop(images):
    return np.array([image.flatten() for image in images])


@plain("sum_per_channel")
def sum_per_channel(x):
    return x.sum(axis=(0, 2, 3))


for _name, _hint, _new in [
    (
        "keeps-axes",
        "The summed axes were kept. Leave keepdims out: the shape is (C,).",
        "x.sum(axis=(0, 2, 3), keepdims=True)",
    ),
    ("batch-not-summed", "The sum over the images is missing. Sum over axis 0 too.", "x.sum(axis=(2, 3))"),
    ("channels-summed", "The channels were summed and the images kept. Keep axis 1.", "x.sum(axis=(1, 2, 3))"),
    ("only-the-batch", "Only the images were summed. Sum over rows and columns too.", "x.sum(axis=0)"),
    ("all-summed", "Everything was summed to one number. Keep axis 1.", "x.sum()"),
    ("channels-and-rows", "The rows of pixels were kept. Sum over axes 0, 2 and 3.", "x.sum(axis=(0, 3))[:, 0]"),
    ("mean-for-sum", "That is the mean. Take the sum.", "x.mean(axis=(0, 2, 3))"),
    ("row-of-sums", "A row of shape (1, C) came back. It is (C,).", "x.sum(axis=(0, 2, 3))[np.newaxis]"),
]:
    edit("sum_per_channel", _name, _hint, ("x.sum(axis=(0, 2, 3))", _new))


@alternative("sum_per_channel")
def sum_axis_after_axis(x):
    return x.sum(axis=3).sum(axis=2).sum(axis=0)


@alternative("sum_per_channel")
def sum_by_einsum(x):
    return np.einsum("ncij->c", x)
