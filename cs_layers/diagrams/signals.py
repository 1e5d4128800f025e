"""What happens to signals on their way: activations through many layers, units left out, one normalised feature."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Circle

from cs_layers.diagrams.matrices import BLUE, GREY, INK, ORANGE, PALE, VERMILLION, _canvas, _draw_matrix, _number


def activation_histograms(runs, layers):
    """Draw a row of histograms for each run, one for the activations of each layer shown.

    Parameters
    ----------
    runs : dict of str to sequence of array
        For each run the activations of all of its layers, in order, each of any shape.
    layers : sequence of int
        Which layers to show, counted from 1.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, axes = plt.subplots(
        len(runs), len(layers), figsize=(1.55 * len(layers) + 1.3, 1.15 * len(runs) + 0.5), squeeze=False
    )
    plt.close(fig)
    for row, (name, activations) in zip(axes, runs.items(), strict=True):
        low = min(0.0, *(float(np.min(activations[k - 1])) for k in layers))
        high = float(np.quantile(np.concatenate([np.ravel(activations[k - 1]) for k in layers]), 0.999))
        for ax, k in zip(row, layers, strict=True):
            values = np.ravel(activations[k - 1])
            heights, edges = np.histogram(values, bins=25, range=(low, max(high, low + 1e-9)))
            ax.bar(edges[:-1], heights / max(heights.max(), 1), width=np.diff(edges), align="edge", color=BLUE)
            ax.text(0.97, 0.93, _spread(values.std()), transform=ax.transAxes, ha="right", va="top", size=9, color=INK)
            ax.set(yticks=[], ylim=(0, 1.45))
            ax.set_xticks([low, high] if low == 0 else [low, 0, high])
            ax.set_xticklabels([_number(t) for t in ax.get_xticks()], size=8)
            ax.spines[["top", "right", "left"]].set_visible(False)
        row[0].set_ylabel(name, rotation=0, ha="right", va="center", size=10.5, labelpad=8)
    for ax, k in zip(axes[0], layers, strict=True):
        ax.set_title(f"layer {k}", size=10.5)
    fig.tight_layout(pad=0.4)
    return fig


def dropped_network(kept):
    """Draw a network whose crossed-out units are left out of one update, with all that led to them and from them.

    Parameters
    ----------
    kept : sequence of array of bool, shape (units,)
        For each layer which of its units are kept.

    Returns
    -------
    matplotlib.figure.Figure
    """
    tall = max(len(layer) for layer in kept)
    fig, ax = _canvas(4.0 * len(kept), tall + 1.9)
    places = [
        [(1.6 + 3.6 * k, 0.8 + (tall - len(layer)) / 2 + i) for i in range(len(layer))] for k, layer in enumerate(kept)
    ]
    for left, right, a, b in zip(places[:-1], places[1:], kept[:-1], kept[1:], strict=True):
        for i, j in np.ndindex(len(left), len(right)):
            on = a[i] and b[j]
            style = {"color": BLUE, "linewidth": 1.1, "alpha": 0.6} if on else {"color": "#dddddd", "linewidth": 0.7}
            ax.plot(*zip(left[i], right[j], strict=True), zorder=2 if on else 1, **style)
    for layer, spots in zip(kept, places, strict=True):
        for on, (x, y) in zip(layer, spots, strict=True):
            face = "#cfe4f2" if on else "white"
            ax.add_patch(Circle((x, y), 0.34, facecolor=face, edgecolor=BLUE if on else GREY, linewidth=1.3, zorder=3))
            if not on:
                for way in (1, -1):
                    ax.plot([x - 0.24, x + 0.24], [y - 0.24 * way, y + 0.24 * way], color=VERMILLION, zorder=4)
    hidden = np.concatenate([np.asarray(layer, dtype=bool) for layer in kept[1:-1]])
    line = f"{hidden.sum()} of {hidden.size} hidden units kept"
    ax.text(2.0 * len(kept), tall + 1.25, line, ha="center", va="center", size=12, color=INK)
    return fig


def batchnorm_paths(x, gamma, beta, dout, eps=1e-5):
    """Draw batch norm of one feature: values forward in blue, gradients back in red, and the three ways into one dx.

    Parameters
    ----------
    x, dout : array of shape (N,)
        One column of the input, and its upstream gradient; N at most 4.
    gamma, beta, eps : float

    Returns
    -------
    matplotlib.figure.Figure
    """
    n, mean, var = len(x), x.mean(), x.var()
    std = np.sqrt(var + eps)
    normal = (x - mean) / std
    dnormal = gamma * dout
    dvar = -0.5 * np.sum(dnormal * (x - mean)) / std**3
    dmean = -dnormal.sum() / std
    ways = dnormal / std, dvar * 2 * (x - mean) / n, np.full(n, dmean / n)
    fig, ax = _canvas(21.2, n + 4.9)
    top = 3.3
    for left, name, values, gradients in [
        (0.8, "x", x, sum(ways)),
        (13.0, "x̂", normal, dnormal),
        (18.2, "out", gamma * normal + beta, dout),
    ]:
        _pair(ax, left, top, values[:, None], gradients[:, None], name)
    _pair(ax, 5.4, 0.75, np.array([[mean]]), np.array([[dmean]]), "mean")
    _pair(ax, 9.2, 0.75, np.array([[var]]), np.array([[dvar]]), "var")
    middle = top + n / 2
    arrow = {"arrowstyle": "-|>", "color": GREY, "linewidth": 1.3}
    for start, end in [
        ((2.9, top), (5.3, 1.6)),
        ((7.5, 1.25), (9.1, 1.25)),
        ((2.9, top + 0.35), (9.15, 1.7)),
        ((11.3, 1.6), (13.2, top - 0.6)),
        ((7.2, 1.8), (12.9, top + 0.5)),
        ((2.9, middle), (12.9, middle)),
        ((15.1, middle), (18.1, middle)),
    ]:
        ax.annotate("", end, start, arrowprops=arrow)
    ax.text(8.0, middle - 0.4, "(x − mean) / √(var + ε)", ha="center", va="center", size=10.5, color=GREY)
    scale = f"· {_number(gamma, True)} + {_number(beta, True)}"
    ax.text(16.6, middle - 0.4, scale, ha="center", va="center", size=10.5, color=GREY)
    ax.text(14.4, 1.0, "values forward", size=11, color=BLUE, va="center")
    ax.text(14.4, 1.6, "gradients back", size=11, color=VERMILLION, va="center")
    terms = "  +  ".join(f"{_number(way[0], True)} {how}" for way, how in zip(ways, _WAYS, strict=True))
    line = f"dx[0]  =  {terms}  =  {_number(sum(way[0] for way in ways))}"
    ax.text(10.6, n + 4.3, line, ha="center", va="center", size=12, color=INK)
    return fig


_WAYS = ("straight", "by var", "by mean")


def _pair(ax, left, top, values, gradients, name):
    """A column of values and beside it the column of their gradients."""
    on = np.ones(values.shape, dtype=bool)
    _draw_matrix(ax, values, left, top, on, colour=BLUE)
    _draw_matrix(ax, gradients, left + 1.08, top, on, colour=VERMILLION)
    ax.text(left + 0.5, top - 0.32, name, ha="center", va="center", size=11, color=BLUE)
    ax.text(
        left + 1.58,
        top - 0.32,
        f"d{name}",
        ha="center",
        va="center",
        size=11,
        color=VERMILLION,
    )


def _spread(std):
    return f"std {std:.2f}" if std >= 0.005 else f"std {std:.0e}"


def computation_graph(graph, values=None, gradients=None, order=None):
    """Draw a computation, with the value of each node above it, its gradient below, and its place in an order.

    Parameters
    ----------
    graph : dict of str to sequence of str
        For each node the nodes that it was made from.
    values, gradients : dict of str to (float or str), optional
    order : sequence of str, optional
        The nodes in the order in which they are visited.

    Returns
    -------
    matplotlib.figure.Figure
    """
    places = _layout(graph)
    width = 3.0 * (1 + max(x for x, _ in places.values())) + 0.6
    arcs = any(_far(places, node, parent) for node in graph for parent in graph[node])
    height = 2.5 * (1 + max(y for _, y in places.values())) + 0.7 * bool(order) + 0.6 * arcs
    fig, ax = _canvas(width, height)
    spots = {node: (1.8 + 3.0 * x, 1.25 + 2.5 * y) for node, (x, y) in places.items()}
    for node, parents in graph.items():
        for k, parent in enumerate(parents):
            bend = 0.3 if _far(places, node, parent) else 0.28 * (k - 0.5) if len(set(parents)) < len(parents) else 0
            arrow = {"arrowstyle": "-|>", "color": GREY, "shrinkA": 19, "shrinkB": 19, "linewidth": 1.3}
            arrow["connectionstyle"] = f"arc3,rad={bend}"
            ax.annotate("", spots[node], spots[parent], arrowprops=arrow)
    for node, (x, y) in spots.items():
        leaf = not graph[node]
        face = "#fdf3dd" if leaf else "white"
        ax.add_patch(Circle((x, y), 0.52, facecolor=face, edgecolor=INK, linewidth=1.2, zorder=3))
        ax.text(x, y, node, ha="center", va="center", size=11, color=INK, zorder=4)
        for texts, shift, colour in ((values, -0.82, BLUE), (gradients, 0.82, VERMILLION)):
            if texts and node in texts:
                text = texts[node] if isinstance(texts[node], str) else _number(texts[node])
                ax.text(x, y + shift, text, ha="center", va="center", size=11, color=colour, zorder=5)
        if order and node in order:
            at = list(order).index(node) + 1
            ax.text(
                x + 0.62,
                y - 0.52,
                str(at),
                ha="center",
                va="center",
                size=10,
                color=INK,
                zorder=6,
                bbox={"boxstyle": "circle,pad=0.2", "facecolor": ORANGE, "edgecolor": "none", "alpha": 0.75},
            )
    if order:
        line = "order: " + ", ".join(order)
        ax.text(width / 2, height - 0.45, line, ha="center", va="center", size=11.5, color=INK)
    return fig


def _far(places, node, parent):
    """Whether a straight arrow would run through nodes between the two."""
    return places[node][0] - places[parent][0] > 1 and places[node][1] == places[parent][1]


def _layout(graph):
    """A column and a row for each node: to the right of all that it was made from, leaves next to their first user."""
    column = {}

    def place(node):
        if node not in column:
            column[node] = max((place(parent) + 1 for parent in graph[node]), default=0)
        return column[node]

    for node in graph:
        place(node)
    for node in graph:
        users = [column[user] for user in graph if node in graph[user]]
        if not graph[node] and users:
            column[node] = min(users) - 1
    rows = {x: [node for node in graph if column[node] == x] for x in set(column.values())}
    tall = max(map(len, rows.values()))
    return {node: (x, (tall - len(row)) / 2 + row.index(node)) for x, row in rows.items() for node in row}


def disagreement(name, right, broken, largest=8):
    """Draw what a right and a broken layer give, and colour the entries that differ.

    Of arrays with more than two axes the first slice that differs is shown, and of large ones its upper left corner.

    Parameters
    ----------
    name : str
    right, broken : array or number, or for `broken` an object that says which exception was raised
    largest : int, optional
        Rows and columns that are shown.

    Returns
    -------
    matplotlib.figure.Figure
    """
    right = np.asarray(right, dtype=float)
    same = isinstance(broken, (np.ndarray, float, np.floating)) and np.shape(broken) == right.shape
    where = _first_slice(right, np.asarray(broken, dtype=float)) if same else (0,) * max(0, right.ndim - 2)
    grids = [("right", np.atleast_2d(right[where])[:largest, :largest])]
    if same:
        grids.append(("broken", np.atleast_2d(np.asarray(broken, dtype=float)[where])[:largest, :largest]))
    wide = sum(max(grid.shape[1], 3) for _, grid in grids) + 1.8 * len(grids)
    fig, ax = _canvas(wide if same else wide + 6, len(grids[0][1]) + 2.0)
    left = 0.6
    for k, (which, grid) in enumerate(grids):
        differs = ~np.isclose(grid, grids[0][1], rtol=1e-7, atol=0, equal_nan=True) if k else np.zeros(grid.shape, bool)
        shift = (max(grid.shape[1], 3) - grid.shape[1]) / 2
        _draw_texts(ax, grid, left + shift, 0.4, differs)
        label = f"{which} {name}" + (f"{list(where)}" if where else "")
        ax.text(
            left + max(grid.shape[1], 3) / 2, 0.95 + len(grid), label, ha="center", va="center", size=11, color=GREY
        )
        left += max(grid.shape[1], 3) + 1.8
    if not same:
        said = f"shape {np.shape(broken)}, not {right.shape}" if isinstance(broken, np.ndarray) else _raised(broken)
        ax.text(
            left + 2.2,
            0.4 + len(grids[0][1]) / 2,
            f"broken {name}:\n{said}",
            ha="center",
            va="center",
            size=12,
            color=VERMILLION,
        )
    return fig


def _raised(broken):
    return f"{getattr(broken, 'type', type(broken).__name__)} is raised"


def _first_slice(right, broken):
    differs = ~np.isclose(right, broken, rtol=1e-7, atol=0, equal_nan=True)
    first = np.argwhere(differs)
    return tuple(int(i) for i in first[0][: max(0, right.ndim - 2)]) if len(first) else (0,) * max(0, right.ndim - 2)


def _draw_texts(ax, grid, left, top, marked):
    for (i, j), value in np.ndenumerate(grid):
        colour = VERMILLION if marked[i, j] else PALE
        ax.add_patch(plt.Rectangle((left + j, top + i), 1, 1, facecolor=colour, alpha=0.35 if marked[i, j] else 1))
        ax.add_patch(plt.Rectangle((left + j, top + i), 1, 1, facecolor="none", edgecolor="#999999", linewidth=0.8))
        text = _number(value) if np.isfinite(value) else str(value).replace("-", "−")
        ax.text(left + j + 0.5, top + i + 0.52, text, ha="center", va="center", size=11, color=INK)
