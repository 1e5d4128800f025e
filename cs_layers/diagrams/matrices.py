"""Matrices with their shapes, computation graphs and curves."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Circle, Rectangle

BLUE, SKY, ORANGE, VERMILLION, GREEN, PURPLE = "#0072B2", "#56B4E9", "#E69F00", "#D55E00", "#009E73", "#CC79A7"
INK, GREY, PALE = "#222222", "#6b6b6b", "#f2f2f2"
INCHES_PER_CELL = 0.52


def matrices(items, symbols, caption=""):
    """Draw arrays side by side with a symbol between each two, as a formula is written.

    Parameters
    ----------
    items : list of (str, array, mask)
        Name, numbers of shape (M,) or (N, M), and the entries to colour: a boolean array of the same shape, or None.
    symbols : list of str
        What stands between two arrays; one fewer than `items`.
    caption : str, optional
        A line under the drawing.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If the number of symbols does not fit the number of arrays, or an array has more than two axes.
    """
    if len(symbols) != len(items) - 1:
        raise ValueError(f"{len(items)} arrays need {len(items) - 1} symbols between them; got {len(symbols)}.")
    grids = [np.atleast_2d(values) for _, values, _ in items]
    if any(grid.ndim > 2 for grid in grids):
        raise ValueError("matrices draws arrays with one or two axes; reshape the others first.")
    rows = max(len(grid) for grid in grids)
    width = sum(_cells_wide(grid) for grid in grids) + 1.0 * len(symbols) + 0.6
    fig, ax = _canvas(width, rows + (2.1 if caption else 1.3))
    left = 0.3
    for k, (name, values, mask) in enumerate(items):
        top = 0.2 + (rows - len(grids[k])) / 2
        _draw_matrix(ax, grids[k], left, top, mask, f"{name}  {_shape(values)}", label_at=rows + 0.7)
        left += _cells_wide(grids[k])
        if k < len(symbols):
            ax.text(left + 0.5, 0.2 + rows / 2, symbols[k], ha="center", va="center", size=17, color=INK)
            left += 1.0
    if caption:
        ax.text(width / 2, rows + 1.55, caption, ha="center", va="center", size=12, color=INK)
    return fig


def matrix_product(x, w, b, row, column):
    """Draw ``x @ w + b`` and show the arithmetic of the entry at `row`, `column`.

    Parameters
    ----------
    x, w, b : array of shape (N, D), (D, M) and (M,)
    row, column : int
        The entry of the result that the caption computes.

    Returns
    -------
    matplotlib.figure.Figure
    """
    out = x @ w + b
    marks = [np.zeros(values.shape, dtype=bool) for values in (x, w, b, out)]
    marks[0][row], marks[1][:, column], marks[2][column], marks[3][row, column] = True, True, True, True
    terms = " + ".join(f"{_number(p, True)}·{_number(q, True)}" for p, q in zip(x[row], w[:, column], strict=True))
    caption = f"out[{row}, {column}]  =  {terms} + {_number(b[column], True)}  =  {_number(out[row, column])}"
    items = [(name, v, m) for name, v, m in zip(("x", "w", "b", "out"), (x, w, b, out), marks, strict=True)]
    return matrices(items, ["@", "+", "="], caption)


def sum_over_axes(x):
    """Draw an array of shape (N, C, H, W) as images in one colour a channel, and its sum over all but the channels.

    Parameters
    ----------
    x : array of shape (N, C, H, W)
        At most three channels.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If `x` does not have four axes, or has more than three channels.
    """
    if x.ndim != 4 or x.shape[1] > 3:
        raise ValueError(f"sum_over_axes draws shapes (N, C, H, W) with C ≤ 3; got {x.shape}.")
    n, channels, height, wide = x.shape
    colours = [VERMILLION, GREEN, BLUE][:channels]
    sums = x.sum(axis=(0, 2, 3))
    block_w, block_h = wide + 0.7, height + 0.5
    fig, ax = _canvas(1.9 + channels * block_w, (n + 1) * block_h + 1.5)
    for c, colour in enumerate(colours):
        left = 1.6 + c * block_w
        ax.text(left + wide / 2, 0.3, f"channel {c}", ha="center", va="center", size=11, color=colour)
        for i in range(n):
            top = 0.7 + i * block_h
            _draw_matrix(ax, x[i, c], left, top, np.ones((height, wide), dtype=bool), colour=colour)
        middle, bottom = left + wide / 2, 0.7 + n * block_h
        ax.annotate(
            "", (middle, bottom + 0.55), (middle, bottom - 0.35), arrowprops={"arrowstyle": "->", "color": GREY}
        )
        _draw_matrix(ax, sums[c : c + 1, None], middle - 0.5, bottom + 0.65, np.ones((1, 1), dtype=bool), colour=colour)
    for i in range(n):
        ax.text(1.3, 0.7 + i * block_h + height / 2, f"image {i}", ha="right", va="center", size=11, color=GREY)
    ax.text(1.3, 0.7 + n * block_h + 1.15, "sum", ha="right", va="center", size=11, color=GREY)
    terms = " + ".join(_number(v, True) for v in x[:, 0].ravel())
    line = f"channel 0:  {terms}  =  {_number(sums[0])}"
    ax.text(0.95 + channels * block_w / 2, 0.7 + n * block_h + 2.15, line, ha="center", va="center", size=11, color=INK)
    return fig


def affine_graph(x, w, b, dout):
    """Draw the graph of ``out = x·w + b`` for single numbers: values forward above each edge, gradients back below.

    Parameters
    ----------
    x, w, b : float
        What goes in.
    dout : float
        The gradient of the loss with respect to `out`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    product = x * w
    fig, ax = _canvas(15, 6.4)
    nodes = {"x": (1, 0.75), "w": (1, 4.05), "b": (5.6, 5.2), "×": (5.6, 2.4), "+": (9.8, 2.4), "out": (13.8, 2.4)}
    edges = [("x", "×", x, dout * w), ("w", "×", w, dout * x), ("b", "+", b, dout)]
    edges += [("×", "+", product, dout), ("+", "out", product + b, dout)]
    for start, end, value, gradient in edges:
        (x0, y0), (x1, y1) = nodes[start], nodes[end]
        arrow = {"arrowstyle": "-|>", "color": GREY, "shrinkA": 17, "shrinkB": 17}
        ax.annotate("", (x1, y1), (x0, y0), arrowprops=arrow)
        middle = np.array([x0 + x1, y0 + y1]) / 2
        backing = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
        for text, shift, colour in ((_number(value), -0.42, BLUE), (_number(gradient), 0.42, VERMILLION)):
            ax.text(
                middle[0],
                middle[1] + shift,
                text,
                ha="center",
                va="center",
                size=13,
                color=colour,
                bbox=backing,
                zorder=3,
            )
    for name, (left, top) in nodes.items():
        ax.add_patch(Circle((left, top), 0.55, facecolor="white", edgecolor=INK, linewidth=1.3, zorder=4))
        ax.text(left, top, name, ha="center", va="center", size=13, color=INK, zorder=5)
    ax.text(8.2, 0.35, "values go forward →", size=12, color=BLUE, va="center")
    ax.text(8.2, 1.0, "← gradients come back", size=12, color=VERMILLION, va="center")
    line = f"dw  =  dout · x  =  {_number(dout)} · {_number(x, True)}  =  {_number(dout * x)}"
    ax.text(11.2, 5.2, line, ha="center", va="center", size=12, color=INK)
    return fig


def gradient_shapes(n, d, m):
    """Draw the three gradients of an affine layer as blocks whose sides are their shapes.

    Parameters
    ----------
    n, d, m : int
        Images in the batch, inputs and outputs of the layer.

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = [
        [("dx", n, d, GREEN), "=", ("dout", n, m, VERMILLION), "·", ("wᵀ", m, d, BLUE)],
        [("dw", d, m, GREEN), "=", ("xᵀ", d, n, BLUE), "·", ("dout", n, m, VERMILLION)],
        [("db", 1, m, GREEN), "=", ("dout", n, m, VERMILLION), "summed over its rows"],
    ]
    heights = [max(part[1] for part in row if isinstance(part, tuple)) for row in rows]
    fig, ax = _canvas(3 * max(n, d, m) + 6.5, sum(heights) + 1.2 * len(rows), inches=0.3)
    top = 0.2
    for row, height in zip(rows, heights, strict=True):
        left = 0.5
        for part in row:
            if isinstance(part, str):
                long = len(part) > 1
                at = left + (0.4 if long else 0.9)
                ax.text(at, top + height / 2, part, size=12, ha="left" if long else "center", va="center", color=INK)
                left += 1.8
                continue
            name, tall, wide, colour = part
            y = top + (height - tall) / 2
            ax.add_patch(Rectangle((left, y), wide, tall, facecolor=colour, alpha=0.25))
            ax.add_patch(Rectangle((left, y), wide, tall, facecolor="none", edgecolor=colour, linewidth=1.4))
            ax.text(left + wide / 2, y + tall / 2, name, ha="center", va="center", size=12, color=INK)
            shape = f"({wide},)" if name == "db" else f"({tall}, {wide})"
            ax.text(left + wide / 2, y + tall + 0.4, shape, ha="center", va="center", size=10, color=GREY)
            left += wide
        top += height + 1.2
    return fig


def central_difference(f, x, h):
    """Draw a curve, and what a forward and a central difference with step `h` say its slope at `x` is.

    Parameters
    ----------
    f : callable
        From numbers to numbers; takes arrays.
    x, h : float
        The point and a step large enough to be seen.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = _axes(6.4, 3.9)
    reach = 1.9 * h
    grid = np.linspace(x - reach, x + reach, 200)
    forward, central = (f(x + h) - f(x)) / h, (f(x + h) - f(x - h)) / (2 * h)
    tiny = 1e-6
    slope = (f(x + tiny) - f(x - tiny)) / (2 * tiny)
    ax.plot(grid, f(grid), color=INK, linewidth=2, label="f")
    ax.plot(grid, f(x) + slope * (grid - x), color=GREY, linestyle=":", linewidth=2, label=f"slope at x: {slope:.3f}")
    ends = np.array([x, x + h])
    ax.plot(ends, f(ends), color=ORANGE, linestyle="--", marker="s", linewidth=2, label=f"forward: {forward:.3f}")
    ends = np.array([x - h, x + h])
    ax.plot(ends, f(ends), color=BLUE, marker="o", linewidth=2, label=f"central: {central:.3f}")
    ax.set_xticks([x - h, x, x + h], ["x − h", "x", "x + h"])
    ax.set_yticks([])
    ax.set_title(
        f"h = {h:g}: forward is off by {abs(forward - slope):.3f}, central by {abs(central - slope):.3f}", size=12
    )
    ax.legend(frameon=False, fontsize=11)
    return fig


def functions_and_slopes(functions, reach=5.0, flat=0.01):
    """Draw each function with its slope, and shade the inputs where the slope is nearly zero.

    Parameters
    ----------
    functions : dict of str to callable
        From an array to an array of the same shape, entry by entry.
    reach : float, optional
        Inputs run from −reach to reach.
    flat : float, optional
        A slope below this in absolute value is shaded.

    Returns
    -------
    matplotlib.figure.Figure
    """
    columns = 3
    rows = -(-len(functions) // columns)
    fig, axes = plt.subplots(rows, columns, figsize=(9.6, 2.75 * rows), sharex=True, squeeze=False)
    plt.close(fig)
    x = np.linspace(-reach, reach, 1000)  # an even number of points: none is at 0, where some have a kink
    h = 1e-6
    for ax, (name, f) in zip(axes.flat, functions.items(), strict=False):
        slope = (f(x + h) - f(x - h)) / (2 * h)
        ax.fill_between(
            x, 0, 1, where=abs(slope) < flat, transform=ax.get_xaxis_transform(), color="#d9d9d9", linewidth=0
        )
        ax.plot(x, f(x), color=BLUE, linewidth=2.2)
        ax.plot(x, slope, color=VERMILLION, linewidth=1.8, linestyle="--")
        ax.set(title=name, ylim=(-1.6, 3.1))
        ax.axhline(0, color=GREY, linewidth=0.6)
        ax.spines[["top", "right"]].set_visible(False)
    for ax in axes.flat[len(functions) :]:
        ax.axis("off")
    handles = [plt.Line2D([], [], color=BLUE, linewidth=2.2), plt.Line2D([], [], color=VERMILLION, linestyle="--")]
    handles.append(Rectangle((0, 0), 1, 1, color="#d9d9d9"))
    labels = ["value", "slope", f"slope smaller than {flat:g}: the gradient is lost here"]
    fig.legend(handles, labels, loc="lower center", ncols=3, frameon=False, fontsize=11)
    fig.tight_layout(rect=(0, 0.07, 1, 1))
    return fig


def softmax_bars(scores, names=None):
    """Draw one row of scores, their exponentials and the probabilities they become.

    Parameters
    ----------
    scores : array of shape (C,)
        Small enough for their exponentials to be drawn.
    names : list of str, optional
        The classes; their numbers by default.

    Returns
    -------
    matplotlib.figure.Figure
    """
    scores = np.asarray(scores, dtype=float)
    powers = np.exp(scores)
    names = [str(k) for k in range(len(scores))] if names is None else names
    panels = [("scores  s", scores, GREY), ("exp(s): all positive", powers, ORANGE)]
    panels.append((f"divided by their sum, {powers.sum():.2f}", powers / powers.sum(), BLUE))
    fig, axes = plt.subplots(1, 3, figsize=(9.6, 2.9))
    plt.close(fig)
    for ax, (title, heights, colour) in zip(axes, panels, strict=True):
        bars = ax.bar(names, heights, color=colour, width=0.65)
        ax.bar_label(bars, [f"{v:.2f}".replace("-", "−") for v in heights], padding=2, fontsize=11)
        ax.set_title(title, size=12)
        ax.set_yticks([])
        ax.margins(y=0.2)
        ax.axhline(0, color=INK, linewidth=0.8)
        ax.spines[["top", "right", "left", "bottom"]].set_visible(False)
    fig.tight_layout()
    return fig


def minus_log(probabilities):
    """Draw −log p, the price of giving the right class the probability p, and mark some probabilities on it.

    Parameters
    ----------
    probabilities : sequence of float
        Each above 0 and at most 1.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = _axes(6.4, 3.4)
    p = np.linspace(0.005, 1, 400)
    ax.plot(p, -np.log(p), color=BLUE, linewidth=2)
    for q in probabilities:
        ax.plot(q, -np.log(q), "o", color=VERMILLION)
        ax.annotate(f"p = {q:g}: {-np.log(q):.2f}", (q, -np.log(q)), (6, 6), textcoords="offset points", fontsize=11)
    ax.set(xlabel="probability p given to the right class", ylabel="loss  −log p", xlim=(0, 1.15), ylim=(0, None))
    return fig


def margins(scores, label, delta=1.0):
    """Draw one row of scores on a line, and how far each wrong class reaches into the margin of the right one.

    Parameters
    ----------
    scores : array of shape (C,)
    label : int
        The right class.
    delta : float, optional
        The width of the margin.

    Returns
    -------
    matplotlib.figure.Figure
    """
    scores = np.asarray(scores, dtype=float)
    costs = np.maximum(0, scores - scores[label] + delta)
    costs[label] = 0
    edge = scores[label] - delta
    fig, ax = _axes(7.2, 0.62 * len(scores) + 1.3)
    right = max(scores.max(), edge) + 1.2
    ax.axvspan(edge, right, color=ORANGE, alpha=0.18, linewidth=0)
    ax.axvline(scores[label], color=BLUE, linestyle="--", linewidth=1.4, zorder=1)
    backing = {"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1.0}
    for k, score in enumerate(scores):
        colour = BLUE if k == label else VERMILLION if costs[k] > 0 else GREY
        if costs[k] > 0:
            ax.plot([edge, score], [k, k], color=VERMILLION, linewidth=5, alpha=0.55, solid_capstyle="butt")
        ax.plot(score, k, "o", color=colour, markersize=9, zorder=3)
        note = f"{_number(score)}  (right class)" if k == label else f"{_number(score)}  costs {_number(costs[k])}"
        ax.annotate(note, (score, k), (9, 7), textcoords="offset points", fontsize=11, color=INK, bbox=backing)
    ax.set_yticks(range(len(scores)), [f"class {k}" for k in range(len(scores))])
    ax.set(ylim=(len(scores) - 0.4, -0.8), xlim=(min(scores.min(), edge) - 0.4, right), xlabel="score")
    total = " + ".join(_number(c) for k, c in enumerate(costs) if k != label)
    ax.set_title(f"inside the margin costs: {total} = {_number(costs.sum())}", size=12)
    return fig


def curves(x, lines, xlabel="", ylabel="", title="", log=False):
    """Draw several curves over one axis, each in its own colour and dash.

    Parameters
    ----------
    x : array of shape (K,)
    lines : dict of str to array of shape (K,)
    xlabel, ylabel, title : str, optional
    log : bool, optional
        Logarithmic axes.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = _axes(6.6, 3.7)
    styles = zip((BLUE, VERMILLION, GREEN, PURPLE), ("-", "--", "-.", ":"), strict=True)
    for (name, y), (colour, dash) in zip(lines.items(), styles, strict=False):
        ax.plot(x, y, color=colour, linestyle=dash, linewidth=2.2, label=name)
    if log:
        ax.set(xscale="log", yscale="log")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.set_title(title, size=12)
    if len(lines) > 1:
        ax.legend(frameon=False, fontsize=11)
    return fig


def image_rows(rows, cmap="gray_r", titles=None):
    """Draw rows of small images, each row under one scale of colours, with its name on the left.

    Parameters
    ----------
    rows : dict of str to array of shape (K, H, W)
    cmap : str, optional
        "gray_r" for ink on paper; a diverging map such as "PuOr" for weights, which puts 0 in its middle.
    titles : list of str, optional
        One for each column.

    Returns
    -------
    matplotlib.figure.Figure
    """
    columns = max(len(images) for images in rows.values())
    fig, axes = plt.subplots(len(rows), columns, figsize=(columns * 0.92 + 1.6, len(rows) * 1.0 + 0.3), squeeze=False)
    plt.close(fig)
    for axes_row, (name, images) in zip(axes, rows.items(), strict=True):
        largest = np.abs(images).max() or 1.0
        low = 0 if cmap == "gray_r" else -largest
        for ax, image in zip(axes_row, images, strict=False):
            ax.imshow(image, cmap=cmap, vmin=low, vmax=largest)
        for ax in axes_row:
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set_color("#bbbbbb")
        for ax in axes_row[len(images) :]:
            ax.axis("off")
        axes_row[0].set_ylabel(name, rotation=0, ha="right", va="center", size=11, labelpad=8)
    for ax, title in zip(axes[0], titles or [], strict=False):
        ax.set_title(title, size=11)
    fig.tight_layout(pad=0.3)
    return fig


def _canvas(width, height, inches=INCHES_PER_CELL):
    """Return a closed figure and axes without a frame, measured in cells, with rows counted downwards."""
    fig = plt.figure(figsize=(width * inches, height * inches))
    plt.close(fig)
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(height, 0))
    ax.axis("off")
    return fig, ax


def _axes(width, height):
    fig, ax = plt.subplots(figsize=(width, height), layout="constrained")
    plt.close(fig)
    ax.spines[["top", "right"]].set_visible(False)
    return fig, ax


def _draw_matrix(ax, values, left, top, mask=None, label="", label_at=None, colour=ORANGE):
    mask = np.zeros(values.shape, dtype=bool) if mask is None else np.atleast_2d(mask)
    left += (_cells_wide(values) - values.shape[1]) / 2 if label else 0
    for (i, j), value in np.ndenumerate(values):
        at = (left + j, top + i)
        ax.add_patch(Rectangle(at, 1, 1, facecolor=colour if mask[i, j] else PALE, alpha=0.35 if mask[i, j] else 1))
        ax.add_patch(Rectangle(at, 1, 1, facecolor="none", edgecolor="#999999", linewidth=0.8))
        ax.text(at[0] + 0.5, at[1] + 0.52, _number(value), ha="center", va="center", size=12, color=INK)
    if label:
        ax.text(left + values.shape[1] / 2, label_at, label, ha="center", va="center", size=11, color=GREY)


def _cells_wide(grid):
    """The columns that a matrix takes on the canvas: narrow ones get room for their label."""
    return max(grid.shape[1], 1.9)


def _number(value, brackets=False):
    """Write a number as briefly as it can be read, with a real minus; negative ones in brackets if asked."""
    value = float(value)
    text = f"{value:.0f}" if abs(value - round(value)) < 1e-9 else f"{value:.2f}".rstrip("0").rstrip(".")
    text = "0" if text in ("-0", "-0.") else text.replace("-", "−")
    return f"({text})" if brackets and value < 0 else text


def _shape(values):
    return str(np.shape(values))
