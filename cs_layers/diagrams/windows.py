"""Drawings of windows that slide over an image: convolution, padding, stride, pooling and where the gradient goes.

Every function takes arrays and returns a Matplotlib figure that is already closed, so that a notebook shows it once: as
the value of a cell's last line. None of them convolves or pools: apart from the one
window whose sum a picture explains, results are handed in, so that a notebook shows what the reader's own code made.
Colours are those of Okabe and Ito (2008), which readers with any colour vision can tell apart; whatever a colour
says is also said by a number, a line style or a position.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle

BLUE, ORANGE, RED, GREEN, GREY = "#0072B2", "#E69F00", "#D55E00", "#009E73", "#6E6E6E"
WINDOW_COLOURS = (BLUE, ORANGE, GREEN, "#CC79A7", "#56B4E9", RED)
SIGNED = "RdBu_r"  # blue below zero, white at zero, red above


def number_grid(ax, values, title="", *, colours=None, limit=None, pad=0, text=True, fmt="{:g}"):
    """Draw a matrix as coloured cells with a number in each.

    Parameters
    ----------
    ax : matplotlib Axes
    values : (H, W) array
    title : str
    colours : name of a Matplotlib colour map; None: grey for values without a minus sign, else blue–white–red
    limit : the absolute value at which the colours end; None: the largest one in `values`
    pad : int, so many outer rows and columns are padding, drawn hatched
    text : bool, write the numbers
    fmt : how a number is written

    Returns
    -------
    ax
    """
    values = _matrix(values, "values")
    height, width = values.shape
    signed = colours == SIGNED or (colours is None and (values < 0).any())
    limit = limit or max(np.abs(values).max(), 1e-12)
    shown = ax.imshow(values, cmap=SIGNED if signed else colours or "gray", vmin=-limit if signed else 0, vmax=limit)
    if text:
        for (row, column), value in np.ndenumerate(values):
            ax.text(column, row, fmt.format(value + 0.0), ha="center", va="center", **_ink(shown, value, height, width))
    for row, column in np.ndindex(height, width):
        if not (pad <= row < height - pad and pad <= column < width - pad):
            cell = Rectangle((column - 0.5, row - 0.5), 1, 1, fc="none", ec=GREY, hatch="////", lw=0, alpha=0.5)
            ax.add_patch(cell)
    ax.set(xticks=np.arange(width + 1) - 0.5, yticks=np.arange(height + 1) - 0.5)
    ax.grid(color="#B0B0B0", lw=0.5)
    ax.tick_params(length=0, labelbottom=False, labelleft=False)
    ax.set_title(title, fontsize=10)
    return ax


def number_grids(arrays, titles, *, between=(), limits=None, colours=None, pads=None, fmt="{:g}", below=""):
    """Draw matrices beside one another, to the same scale, as in `2 3 × 1 0 = 2 0`.

    Parameters
    ----------
    arrays : list of (H, W) arrays
    titles : list of str, one for each array
    between : list of str written between neighbours, such as "×" or "="
    limits, colours, pads : lists, one entry for each array, as in `number_grid`
    fmt : how a number is written
    below : str, a line of text under the whole drawing

    Returns
    -------
    matplotlib Figure
    """
    arrays = [_matrix(array, "each array") for array in arrays]
    if len(titles) != len(arrays):
        raise ValueError(f"{len(arrays)} arrays came with {len(titles)} titles; give one title for each array")
    columns, rows = sum(array.shape[1] + 1.2 for array in arrays), max(array.shape[0] for array in arrays)
    cell = min(0.5, 11 / columns)
    size = (cell * columns, cell * rows + (0.85 if below else 0.55))
    fig, axes = plt.subplots(1, len(arrays), figsize=size, width_ratios=[a.shape[1] for a in arrays], squeeze=False)
    bottom, top = (0.35 if below else 0.08) / size[1], 1 - 0.45 / size[1]
    fig.subplots_adjust(left=0.01, right=0.99, wspace=1.2 * len(arrays) / columns * 1.15, bottom=bottom, top=top)
    every = [option or [default] * len(arrays) for option, default in ((limits, None), (colours, None), (pads, 0))]
    for ax, array, title, limit, colour, pad in zip(axes[0], arrays, titles, *every, strict=True):
        number_grid(ax, array, title, limit=limit, colours=colour, pad=pad, fmt=fmt)
    for left, right, sign in zip(axes[0], axes[0][1:], between, strict=False):
        middle = (left.get_position().x1 + right.get_position().x0) / 2
        fig.text(middle, (bottom + top) / 2, sign, ha="center", va="center", fontsize=15)
    fig.text(0.5, 0.04, below, ha="center", va="bottom", fontsize=11)
    plt.close(fig)
    return fig


def one_window(image, kernel, row, column, bias=0.0, fmt="{:.2g}"):
    """Draw one window of a convolution: the picture, the window, the filter, the products and their sum.

    Parameters
    ----------
    image : (H, W) array, the picture of one channel, padded already
    kernel : (HH, WW) array, the filter
    row, column : int, where the window's upper left corner lies
    bias : float, added to the sum
    fmt : how a number is written

    Returns
    -------
    matplotlib Figure
    """
    image, kernel = _matrix(image, "image"), _matrix(kernel, "kernel")
    window = _cut(image, kernel.shape, row, column)
    products = window * kernel
    total = products.sum() + bias
    fig, axes = plt.subplots(1, 4, figsize=(11, 3.1), width_ratios=[1.45, 1, 1, 1])
    fig.subplots_adjust(left=0.01, right=0.99, wspace=0.28, bottom=0.12, top=0.9)
    number_grid(axes[0], image, f"image, {image.shape[0]}×{image.shape[1]}", text=False)
    outline(axes[0], row, column, kernel.shape)
    number_grid(axes[1], window, "window", limit=np.abs(image).max(), fmt=fmt)
    number_grid(axes[2], kernel, "filter", colours=SIGNED, fmt=fmt)
    number_grid(
        axes[3], products, "products", colours=SIGNED, limit=np.abs(image).max() * np.abs(kernel).max(), fmt=fmt
    )
    for left, right, sign in zip(axes, axes[1:], "→×=", strict=False):
        middle = (left.get_position().x1 + right.get_position().x0) / 2
        fig.text(middle, 0.51, sign, ha="center", va="center", fontsize=16)
    plus = f" + b = {products.sum():.4g} + {bias:g}" if bias else ""
    axes[3].set_xlabel(f"sum{plus} = {total:.4g}", fontsize=11)
    plt.close(fig)
    return fig


def sliding_windows(image, kernel, positions, stride=1, pad=0, bias=0.0, fmt="{:.2g}"):
    """Draw a window at several places of one image, and under each place its products and their sum.

    Parameters
    ----------
    image : (H, W) array, the picture of one channel, not padded
    kernel : (HH, WW) array, the filter
    positions : list of (i, j), indices into the output
    stride, pad : int
    bias : float, added to each sum
    fmt : how a product is written

    Returns
    -------
    matplotlib Figure
    """
    image, kernel = _matrix(image, "image"), _matrix(kernel, "kernel")
    padded = np.pad(image, pad)
    limit = np.abs(padded).max() * np.abs(kernel).max()
    fig, axes = plt.subplots(2, len(positions), figsize=(2.25 * len(positions), 4.3), squeeze=False)
    fig.subplots_adjust(left=0.01, right=0.99, wspace=0.12, hspace=0.12, bottom=0.08, top=0.93)
    for (upper, lower), (i, j), colour in zip(axes.T, positions, _cycle(len(positions)), strict=True):
        row, column = i * stride, j * stride
        products = _cut(padded, kernel.shape, row, column) * kernel
        number_grid(upper, padded, f"out[{i}, {j}]", pad=pad, text=False)
        outline(upper, row, column, kernel.shape, colour)
        number_grid(lower, products, colours=SIGNED, limit=limit, fmt=fmt)
        outline(lower, 0, 0, kernel.shape, colour)
        lower.set_xlabel(f"sum of products{' + b' if bias else ''} = {products.sum() + bias:.3g}", fontsize=10)
    plt.close(fig)
    return fig


def outline(ax, row, column, shape, colour=RED, *, inset=0.0, width=2.8, dashed=False):
    """Draw the edge of a window of the given (height, width) whose upper left cell is (row, column)."""
    corner = column - 0.5 + inset, row - 0.5 + inset
    style = {"ls": (0, (2.5, 1.5)) if dashed else "-", "lw": width, "ec": colour, "zorder": 4}
    ax.add_patch(Rectangle(corner, shape[1] - 2 * inset, shape[0] - 2 * inset, fc="none", **style))
    return ax


def window_steps(cases):
    """Draw one row of pixels for each case, and under it every place where the window stands.

    Parameters
    ----------
    cases : list of (size, filter_size, stride, pad); one that does not fit shows by how much its last window hangs over

    Returns
    -------
    matplotlib Figure
    """
    plans = [_steps(*case) for case in cases]
    heights = [1.9 + 0.5 * len(starts) for starts, _ in plans]
    width = max(size + 2 * pad + over + 0.6 for (size, _, _, pad), (_, over) in zip(cases, plans, strict=True))
    fig, axes = plt.subplots(len(cases), 1, figsize=(7.5, 0.47 * sum(heights)), height_ratios=heights, squeeze=False)
    fig.subplots_adjust(left=0.02, right=0.98, bottom=0.01, top=0.95, hspace=0.12)
    for ax, case, (starts, over), height in zip(axes[:, 0], cases, plans, heights, strict=True):
        size, filter_size, stride, pad = case
        for cell in range(size + 2 * pad):
            outside = not pad <= cell < size + pad
            look = {"fc": "white", "ec": GREY, "hatch": "////"} if outside else {"fc": "#D9E6F2", "ec": "black"}
            ax.add_patch(Rectangle((cell, 0), 1, 0.8, **look))
            label = {"color": "black", "bbox": {"fc": "white", "ec": "none", "pad": 1}} if outside else {}
            ax.text(
                cell + 0.5, 0.4, "0" if outside else f"x{cell - pad}", ha="center", va="center", fontsize=9, **label
            )
        for step, start in enumerate(starts):
            last = over and step == len(starts) - 1
            colour, style = (RED, (0, (2, 1.5))) if last else ((BLUE, GREEN)[step % 2], "-")
            low = -0.55 - 0.5 * step
            bar = Rectangle((start + 0.04, low), filter_size - 0.08, 0.4, fc="none" if last else colour, ec=colour)
            bar.set(ls=style, lw=1.6)
            ax.add_patch(bar)
            note = f"hangs over by {over}" if last else f"out[{step}]"
            ink = colour if last else "white"
            ax.text(start + filter_size / 2, low + 0.19, note, ha="center", va="center", fontsize=8, color=ink)
        count = f"({size} − {filter_size} + 2·{pad}) / {stride} + 1"
        number = f"{(size - filter_size + 2 * pad) / stride + 1:g}"
        ax.set_title(
            f"W = {size}, F = {filter_size}, S = {stride}, P = {pad}:   {count} = {number}", fontsize=10, pad=2
        )
        ax.set(xlim=(-0.3, width - 0.3), ylim=(1.0 - height, 1.0))
        ax.axis("off")
    plt.close(fig)
    return fig


def coverage(cases):
    """Draw in every pixel the number of windows that look at it.

    Parameters
    ----------
    cases : list of dicts with the keys height, width, filter_height, filter_width, stride, pad

    Returns
    -------
    matplotlib Figure
    """
    fig, axes = plt.subplots(1, len(cases), figsize=(3.5 * len(cases), 3.7), squeeze=False)
    fig.subplots_adjust(left=0.01, right=0.99, wspace=0.1, bottom=0.02, top=0.84)
    for ax, case in zip(axes[0], cases, strict=True):
        counts, rows, columns = _count_windows(**case)
        number_grid(ax, counts, colours="cividis", pad=case["pad"])
        outline(ax, 0, 0, (case["filter_height"], case["filter_width"]))
        filters = f"{case['filter_height']}×{case['filter_width']}"
        title = (
            f"filter {filters}, stride {case['stride']}, pad {case['pad']}\n{rows}×{columns} = {rows * columns} windows"
        )
        ax.set_title(title, fontsize=10)
    plt.close(fig)
    return fig


def filter_gallery(images, filters, responses):
    """Draw images in rows, filters in columns, and what each filter makes of each image where they cross.

    Parameters
    ----------
    images : list of (H, W) or (H, W, 3) arrays with values from 0 to 1
    filters : dict of name -> (HH, WW) array
    responses : list (one entry for each image) of lists (one entry for each filter) of (H', W') arrays; negative
        numbers are drawn blue, positive ones red. Where a filter's entries do not add up to 0, they are drawn in grey.

    Returns
    -------
    matplotlib Figure
    """
    rows, columns = len(images) + 1, len(filters) + 1
    fig, axes = plt.subplots(rows, columns, figsize=(1.75 * columns, 1.75 * rows + 0.3), squeeze=False)
    fig.subplots_adjust(left=0.01, right=0.99, bottom=0.01, top=0.94, wspace=0.08, hspace=0.08)
    axes[0, 0].axis("off")
    for ax, (name, kernel) in zip(axes[0, 1:], filters.items(), strict=True):
        number_grid(ax, kernel, name, colours=SIGNED, fmt="{:.2g}")
    for row, image, made in zip(axes[1:], images, responses, strict=True):
        _picture(row[0], image, cmap="gray", vmin=0, vmax=1)
        for ax, response, kernel in zip(row[1:], made, filters.values(), strict=True):
            if abs(np.sum(kernel)) < 1e-9:
                limit = max(np.abs(response).max(), 1e-12)
                _picture(ax, response, cmap=SIGNED, vmin=-limit, vmax=limit)
            else:
                _picture(ax, response, cmap="gray", vmin=0, vmax=1)
    plt.close(fig)
    return fig


def pool_windows(x, pool_height, pool_width, stride, reduce=np.max):
    """Draw every pooling window of a small matrix: in the matrix, where they may overlap, and one by one.

    Parameters
    ----------
    x : (H, W) array
    pool_height, pool_width, stride : int
    reduce : function of a window that gives its number, np.max or np.mean; for np.max, every maximum is ringed

    Returns
    -------
    matplotlib Figure
    """
    x = _matrix(x, "x")
    corners = [
        (row, column)
        for row in range(0, x.shape[0] - pool_height + 1, stride)
        for column in range(0, x.shape[1] - pool_width + 1, stride)
    ]
    ratios = [x.shape[1], *[pool_width] * len(corners)]
    scale = min(0.48, 10.5 / (sum(ratios) + len(ratios)))
    size = scale * (sum(ratios) + len(ratios)), scale * x.shape[0] + 0.5
    fig, axes = plt.subplots(1, len(ratios), figsize=size, width_ratios=ratios)
    fig.subplots_adjust(
        left=0.01, right=0.99, bottom=0.02, top=1 - 0.4 / size[1], wspace=0.6 * len(ratios) / sum(ratios)
    )
    limit = np.abs(x).max()
    number_grid(axes[0], x, "x", limit=limit)
    for step, (row, column) in enumerate(corners):
        colour, window = WINDOW_COLOURS[step % len(WINDOW_COLOURS)], _cut(x, (pool_height, pool_width), row, column)
        outline(axes[0], row, column, window.shape, colour, inset=0.05 + 0.05 * (step % 3), dashed=step % 2 == 1)
        ax = number_grid(axes[step + 1], window, f"{reduce.__name__} {reduce(window):g}", limit=limit)
        outline(ax, 0, 0, window.shape, colour, dashed=step % 2 == 1)
        for i, j in np.argwhere(window == window.max()) if reduce is np.max else ():
            ax.add_patch(Circle((j, i), 0.38, fc="none", ec=RED, lw=2))
    plt.close(fig)
    return fig


def shape_trace(shapes, steps):
    """Draw the shapes that a batch takes on its way through a network as boxes, joined by the layers' names.

    Parameters
    ----------
    shapes : list of tuples, (N, C, H, W) or (N, D)
    steps : list of str, what happens between one shape and the next: one shorter than `shapes`

    Returns
    -------
    matplotlib Figure
    """
    if len(steps) != len(shapes) - 1:
        raise ValueError(f"{len(shapes)} shapes need {len(shapes) - 1} steps between them, got {len(steps)}")
    fig, ax = plt.subplots(figsize=(1.95 * len(shapes), 3.3))
    fig.subplots_adjust(left=0.01, right=0.99, bottom=0.02, top=0.98)
    for place, shape in enumerate(shapes):
        draw = _volume if len(shape) == 4 else _column
        draw(ax, 3.2 * place, shape)
        ax.text(3.2 * place, -1.75, "×".join(map(str, shape)), ha="center", fontsize=11, weight="bold")
        ax.text(3.2 * place, -2.1, f"{np.prod(shape):,} numbers", ha="center", fontsize=8.5, color=GREY)
    for place, step in enumerate(steps):
        start, end = 3.2 * place + 1.2, 3.2 * place + 2.0
        ax.add_patch(FancyArrowPatch((start, 0), (end, 0), arrowstyle="-|>", mutation_scale=14, color="black"))
        ax.text((start + end) / 2, 1.45, step, ha="center", va="bottom", fontsize=9.5, color=BLUE)
    ax.set(xlim=(-1.5, 3.2 * (len(shapes) - 1) + 1.5), ylim=(-2.3, 2.4), aspect="equal")
    ax.axis("off")
    plt.close(fig)
    return fig


def _volume(ax, centre, shape):
    """Draw (N, C, H, W) as a stack of sheets: side by the logarithm of H, number of sheets by the logarithm of C."""
    sheets, side = 2 + int(np.log2(shape[1])), 0.28 * np.log2(shape[2] + 1)
    for sheet in reversed(range(sheets)):
        corner = centre - side / 2 + 0.09 * (sheet - sheets / 2), -side / 2 + 0.09 * (sheet - sheets / 2)
        ax.add_patch(Rectangle(corner, side, side, fc="#D9E6F2", ec=BLUE, lw=0.9))


def _column(ax, centre, shape):
    """Draw (N, D) as a column whose height is the logarithm of D."""
    height = 0.2 * np.log2(shape[1] + 1)
    ax.add_patch(Rectangle((centre - 0.14, -height / 2), 0.28, height, fc="#FBE6C0", ec=ORANGE, lw=1.2))


def _picture(ax, image, **look):
    ax.imshow(image, **look)
    ax.set(xticks=[], yticks=[])


def _steps(size, filter_size, stride, pad):
    """Return where windows start, and by how many pixels the last one hangs over (0 if it fits)."""
    for name, value, least in (
        ("size", size, 1),
        ("filter_size", filter_size, 1),
        ("stride", stride, 1),
        ("pad", pad, 0),
    ):
        if value < least:
            raise ValueError(f"{name} is {value}; it must be at least {least}")
    room = size + 2 * pad - filter_size
    if room < 0:
        return [0], -room
    starts = list(range(0, room + 1, stride))
    over = -room % stride
    return ([*starts, starts[-1] + stride], over) if over else (starts, 0)


def _count_windows(height, width, filter_height, filter_width, stride, pad):
    """Return a padded picture of counts, and how many rows and columns of windows there are."""
    counts = np.zeros((height + 2 * pad, width + 2 * pad), dtype=int)
    rows = range(0, counts.shape[0] - filter_height + 1, stride)
    columns = range(0, counts.shape[1] - filter_width + 1, stride)
    for row in rows:
        for column in columns:
            counts[row : row + filter_height, column : column + filter_width] += 1
    return counts, len(rows), len(columns)


def _cut(image, shape, row, column):
    if row < 0 or column < 0 or row + shape[0] > image.shape[0] or column + shape[1] > image.shape[1]:
        raise ValueError(
            f"a {shape[0]}×{shape[1]} window at row {row}, column {column} does not lie inside an image of "
            f"{image.shape[0]}×{image.shape[1]}; choose a smaller row or column"
        )
    return image[row : row + shape[0], column : column + shape[1]]


def _matrix(values, name):
    values = np.asarray(values)
    if values.ndim != 2:
        raise ValueError(f"{name} must have two axes (rows, columns), got shape {values.shape}; take one channel of it")
    return values


def _ink(shown, value, height, width):
    """Return the colour and size of a cell's number: black on light cells, white on dark ones."""
    red, green, blue, _ = shown.cmap(shown.norm(value))
    light = 0.299 * red + 0.587 * green + 0.114 * blue > 0.5
    return {"color": "black" if light else "white", "fontsize": 10 if max(height, width) <= 6 else 8}


def _cycle(count):
    return [WINDOW_COLOURS[step % len(WINDOW_COLOURS)] for step in range(count)]
