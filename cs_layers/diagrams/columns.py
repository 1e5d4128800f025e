"""Drawings of im2col: every window of an image as a row of one matrix, and the matrix product that a convolution is.

Every function takes arrays and returns a Matplotlib figure that is already closed, so that a notebook shows it once.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from .windows import BLUE, GREEN, GREY, ORANGE, WINDOW_COLOURS, number_grid, outline


def windows_to_rows(x, HH, WW, stride=1, pad=0):
    """Draw an image with all of its windows, and beside it the matrix whose rows they become.

    Parameters
    ----------
    x : array of shape (C, H, W)
        One image of one or two channels.
    HH, WW, stride, pad : int

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    ValueError
        If x has not three axes, or more than two channels.
    """
    x = np.asarray(x)
    if x.ndim != 3 or len(x) > 2:
        raise ValueError(f"x has shape {x.shape}; one image of one or two channels, (C, H, W), can be drawn.")
    padded = np.pad(x, ((0, 0), (pad, pad), (pad, pad)))
    places = [
        (row, column)
        for row in range(0, padded.shape[1] - HH + 1, stride)
        for column in range(0, padded.shape[2] - WW + 1, stride)
    ]
    rows = np.array([padded[:, r : r + HH, c : c + WW].ravel() for r, c in places])
    ratios = [*[padded.shape[2]] * len(x), rows.shape[1]]
    tall, scale = max(len(rows), padded.shape[1]), 0.42
    size = scale * (sum(ratios) + 2.2 * len(ratios)), scale * tall + 0.9
    fig, axes = plt.subplots(1, len(ratios), figsize=size, width_ratios=ratios)
    fig.subplots_adjust(left=0.02, right=0.94, bottom=0.4 / size[1], top=1 - 0.5 / size[1], wspace=0.35)
    limit = np.abs(padded).max()
    for channel, (ax, values) in enumerate(zip(axes[:-1], padded, strict=True)):
        number_grid(ax, values, "image" if len(x) == 1 else f"channel {channel}", limit=limit, pad=pad)
        for k, (row, column) in enumerate(places):
            inset = 0.05 + 0.045 * (k % 4)
            outline(ax, row, column, (HH, WW), _colour(k), inset=inset, width=2, dashed=k % 2 == 1)
    last = number_grid(axes[-1], rows, "one row for each window", limit=limit)
    for k, (row, column) in enumerate(places):
        outline(last, k, 0, (1, rows.shape[1]), _colour(k), inset=0.07, width=2, dashed=k % 2 == 1)
        last.text(rows.shape[1] - 0.35, k, f"({row}, {column})", va="center", fontsize=9, color=GREY, clip_on=False)
    for channel in range(1, len(x)):
        last.axvline(channel * HH * WW - 0.5, color="black", lw=2.5)
    last.set_xlabel(f"{len(rows)}×{rows.shape[1]}: {len(places)} windows of {len(x)}·{HH}·{WW} numbers", fontsize=10)
    plt.close(fig)
    return fig


def convolution_as_product(x_shape, w_shape, stride=1, pad=0):
    """Draw the matrix product that a convolution becomes, as three rectangles with their shapes.

    Parameters
    ----------
    x_shape : (N, C, H, W)
    w_shape : (F, C, HH, WW)
    stride, pad : int

    Returns
    -------
    matplotlib Figure
    """
    (N, C, H, W), (F, _, HH, WW) = x_shape, w_shape
    rows, columns = (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1
    places, depth = N * rows * columns, C * HH * WW
    tall = [2.6, 1.15, 2.6]
    boxes = [
        ("im2col(x)", places, depth, BLUE, f"N·H′·W′ = {N}·{rows}·{columns}", f"C·HH·WW = {C}·{HH}·{WW}", 1.7),
        ("filters, each a column", depth, F, ORANGE, f"C·HH·WW = {depth:,}", f"F = {F}", 0.8),
        ("output, channels last", places, F, GREEN, f"N·H′·W′ = {places:,}", f"F = {F}", 0.8),
    ]
    fig, ax = plt.subplots(figsize=(10.5, 3.6))
    fig.subplots_adjust(0, 0, 1, 1)
    left = 1.75
    for (name, height, width, colour, down, across, wide), high, sign in zip(boxes, tall, "@=+", strict=True):
        ax.add_patch(Rectangle((left, -high / 2), wide, high, fc=colour, ec="black", alpha=0.35))
        ax.text(left + wide / 2, 0, f"{height:,}\n×\n{width:,}", ha="center", va="center", fontsize=12)
        ax.text(left + wide / 2, high / 2 + 0.12, across, ha="center", va="bottom", fontsize=10)
        ax.text(left - 0.08, 0, down, ha="right", va="center", fontsize=10, rotation=90)
        ax.text(left + wide / 2, -1.55, name, ha="center", va="top", fontsize=11)
        if sign != "+":
            ax.text(left + wide + 0.75, 0, sign, ha="center", va="center", fontsize=20)
        left += wide + 1.8
    multiplications = f"{places * depth * F:,} multiplications in one product"
    ax.text(
        left - 0.9,
        0,
        f"+ b, then\nreshape to\n{N}×{rows}×{columns}×{F},\nthen filters\nto axis 1",
        va="center",
        fontsize=11,
    )
    ax.text(left / 2 + 0.4, -2.05, multiplications, ha="center", fontsize=10.5, color=GREY)
    ax.set(xlim=(1.2, left + 1.1), ylim=(-2.2, 1.85))
    ax.axis("off")
    plt.close(fig)
    return fig


def times(sizes, seconds, xlabel):
    """Draw running times over sizes, both on logarithmic axes, each line with its name at its end.

    Parameters
    ----------
    sizes : sequence of K numbers
    seconds : dict of str to sequence of K floats; nan where nothing was measured
    xlabel : str

    Returns
    -------
    matplotlib Figure
    """
    fig, ax = plt.subplots(figsize=(7, 4), layout="constrained")
    for (name, values), colour, marker in zip(seconds.items(), (WINDOW_COLOURS[5], BLUE, GREEN), "os^", strict=False):
        values = 1000 * np.asarray(values, dtype=float)
        known = np.flatnonzero(np.isfinite(values))
        ax.plot(np.asarray(sizes)[known], values[known], marker=marker, color=colour)
        end = known[-1]
        ax.annotate(name, (sizes[end], values[end]), (8, 0), textcoords="offset points", va="center", color=colour)
    ax.set(xscale="log", yscale="log", xlabel=xlabel, ylabel="milliseconds")
    ax.set_xlim(right=max(sizes) * 7)
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(alpha=0.3)
    plt.close(fig)
    return fig


def _colour(k):
    return WINDOW_COLOURS[k % len(WINDOW_COLOURS)]
