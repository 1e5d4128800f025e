"""Drawings of the order in which numbers lie one after another: in a file's header, in a row of pixels, when flattened.

Every function takes plain data and returns a Matplotlib figure that is closed, so that a notebook shows it once.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from .windows import BLUE, GREEN, GREY, RED, WINDOW_COLOURS

CELL = 0.56  # inches


def byte_fields(raw, fields, show):
    """Draw the first bytes of a file as boxes, in one colour a field, and work out the number in each field.

    Parameters
    ----------
    raw : bytes
    fields : list of (str, int)
        Name and length in bytes of each field, from the start of the file.
    show : int
        How many of the bytes that follow the fields are drawn too.

    Returns
    -------
    matplotlib Figure
    """
    length = sum(size for _, size in fields)
    shown = raw[: length + show]
    fig, ax = plt.subplots(figsize=(CELL * (len(shown) + 1.1), CELL * (0.8 * len(fields) + 2.4)))
    fig.subplots_adjust(0, 0, 1, 1)
    for place, byte in enumerate(shown):
        ax.text(place + 0.5, -0.22, place, ha="center", va="center", fontsize=8, color=GREY)
        ax.text(place + 0.5, 0.5, byte, ha="center", va="center", fontsize=11)
    start = 0
    for number, (name, size) in enumerate(fields):
        colour = WINDOW_COLOURS[number % len(WINDOW_COLOURS)]
        for place in range(start, start + size):
            ax.add_patch(Rectangle((place, 0), 1, 1, fc=colour, ec=colour, alpha=0.22))
        ax.add_patch(Rectangle((start + 0.03, 0.03), size - 0.06, 0.94, fill=False, ec=colour, lw=2))
        below = 1.7 + 0.8 * number
        ax.add_patch(Rectangle((0.03, below - 0.22), 0.44, 0.44, fc=colour, ec=colour, alpha=0.5))
        ax.text(0.7, below, f"{name}: {_sum_of_bytes(shown[start : start + size])}", va="center", fontsize=11)
        start += size
    for place in range(length, len(shown)):
        ax.add_patch(Rectangle((place, 0), 1, 1, fc="white", ec=GREY, lw=0.8))
    ax.text(len(shown) + 0.25, 0.5, "…", va="center", fontsize=13)
    if show:
        ax.text(length + 0.1, 1.7, "then the numbers themselves", va="center", fontsize=10, color=GREY)
    ax.set(xlim=(-0.1, len(shown) + 1), ylim=(0.8 * len(fields) + 1.7, -0.7))
    ax.axis("off")
    plt.close(fig)
    return fig


def _sum_of_bytes(values):
    """The big-endian number in some bytes, written out: "1·256 + 3 = 259"."""
    powers = range(len(values) - 1, -1, -1)
    units = {0: "", 1: "·256", 2: "·256²", 3: "·256³"}
    terms = [f"{value}{units[power]}" for value, power in zip(values, powers, strict=True) if value]
    total = int.from_bytes(bytes(values), "big")
    return f"{' + '.join(terms) or '0'} = {total:,}" if terms != [str(total)] else f"{total:,}"


def row_and_pictures(row, pictures):
    """Draw a row of bytes, reds before greens before blues, over pictures that were folded from it.

    Parameters
    ----------
    row : array (3 · H · W,) of bytes
    pictures : dict of str to array (H, W, 3) of bytes
        By what was done to fold them.

    Returns
    -------
    matplotlib Figure
    """
    third = len(row) // 3
    fig = plt.figure(figsize=(3.1 * len(pictures), 4.6))
    strip = fig.add_axes((0.02, 0.8, 0.96, 0.1))
    for k, (colour, name) in enumerate(zip((RED, GREEN, BLUE), ("red", "green", "blue"), strict=True)):
        values = row[k * third : (k + 1) * third]
        strip.add_patch(Rectangle((k, 0), 1, 1, fc=colour, ec="white", lw=3, alpha=0.3))
        listed = ", ".join(map(str, values[:5]))
        strip.text(k + 0.5, 0.5, f"{listed}, …, {values[-1]}", ha="center", va="center", fontsize=10)
        strip.text(k + 0.5, 1.35, f"{third:,} {name}s", ha="center", va="center", fontsize=10, color=colour)
    strip.set(xlim=(0, 3), ylim=(0, 1))
    strip.axis("off")
    for k, (title, picture) in enumerate(pictures.items()):
        ax = fig.add_axes((0.02 + k / len(pictures), 0.02, 0.96 / len(pictures) - 0.02, 0.6))
        ax.imshow(picture, interpolation="nearest")
        ax.set_title(title, fontsize=10)
        ax.axis("off")
    plt.close(fig)
    return fig


def flatten_orders(x):
    """Draw the two orders in which images are flattened: channels first, and channels last.

    Parameters
    ----------
    x : array (C, H, W)
        A few numbers, all different: they stand for places. At most six channels.

    Returns
    -------
    matplotlib Figure
    """
    x = np.asarray(x)
    if x.ndim != 3 or len(x) > len(WINDOW_COLOURS):
        raise ValueError(f"x has shape {x.shape}; (C, H, W) with at most {len(WINDOW_COLOURS)} channels can be drawn.")
    C, H, W = x.shape
    wide = max(x.size + 5.5, C * (W + 1) + 5)
    fig, ax = plt.subplots(figsize=(CELL * wide, CELL * (H + 5)))
    fig.subplots_adjust(0, 0, 1, 1)
    channel = np.broadcast_to(np.arange(C)[:, None, None], x.shape)
    for c in range(C):
        left = 5 + c * (W + 1)
        ax.text(left + W / 2, 0.25, f"channel {c}", ha="center", va="center", fontsize=10, color=WINDOW_COLOURS[c])
        for i, j in np.ndindex(H, W):
            _cell(ax, left + j, 0.6 + i, x[c, i, j], c)
    orders = {"x.ravel()\nchannel by channel": (0, 1, 2), "x.transpose(1, 2, 0).ravel()\npixel by pixel": (1, 2, 0)}
    for k, (name, axes) in enumerate(orders.items()):
        top = H + 1.4 + 1.7 * k
        ax.text(4.8, top + 0.5, name, ha="right", va="center", fontsize=10, color=GREY)
        pairs = zip(x.transpose(axes).ravel(), channel.transpose(axes).ravel(), strict=True)
        for place, (value, c) in enumerate(pairs):
            _cell(ax, 5 + place, top, value, c)
    ax.set(xlim=(-0.3, wide), ylim=(H + 4.9, -0.1))
    ax.axis("off")
    plt.close(fig)
    return fig


def _cell(ax, left, top, value, channel):
    colour = WINDOW_COLOURS[channel]
    ax.add_patch(Rectangle((left, top), 1, 1, fc=colour, ec="none", alpha=0.25))
    ax.add_patch(Rectangle((left, top), 1, 1, fill=False, ec=colour, lw=1.2, ls=("-", "--", ":")[channel % 3]))
    ax.text(left + 0.5, top + 0.52, f"{value:g}", ha="center", va="center", fontsize=11)
