"""Training drawn: a small network with its numbers, loss curves, dead units, paths on a ravine, splits and searches."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Rectangle

from .matrices import BLUE, GREEN, GREY, INK, ORANGE, PALE, PURPLE, SKY, VERMILLION

_CLASSES = (BLUE, ORANGE, GREEN, VERMILLION, PURPLE, SKY, "#F0E442", "#999999", "#000000", "#8a5a2b")


def tiny_network(params, x):
    """Draw a two-layer network of a few units with the value of each, and the arithmetic of its first hidden unit.

    Parameters
    ----------
    params : dict
        ``W1`` (D, H), ``b1`` (H,), ``W2`` (H, C), ``b2`` (C,).
    x : array of shape (D,)
        One input.

    Returns
    -------
    matplotlib.figure.Figure
    """
    W1, b1, W2, b2 = (np.asarray(params[n], dtype=float) for n in ("W1", "b1", "W2", "b2"))
    before = x @ W1 + b1
    hidden = np.maximum(before, 0)
    layers = [np.asarray(x, dtype=float), hidden, hidden @ W2 + b2]
    tall = 0.3 * (max(map(len, layers)) - 1)
    fig = plt.figure(figsize=(7.2, 7.2 * (tall + 0.98) / 3.1))
    plt.close(fig)
    ax = fig.add_axes((0, 0, 1, 1))
    ax.axis("off")
    ax.set(xlim=(-0.55, 2.55), ylim=(-0.56 - tall / 2, 0.42 + tall / 2))
    spots = [[(k, 0.3 * ((len(v) - 1) / 2 - i)) for i in range(len(v))] for k, v in enumerate(layers)]
    for k, w in enumerate((W1, W2)):
        _edges(ax, spots[k], spots[k + 1], w)
    for k, values in enumerate(layers):
        for i, value in enumerate(values):
            dead = k == 1 and before[i] <= 0
            face = PALE if dead else "white"
            ax.add_patch(
                Circle(spots[k][i], 0.115, facecolor=face, edgecolor=GREY if dead else INK, linewidth=1.4, zorder=3)
            )
            ax.text(*spots[k][i], _n(value), ha="center", va="center", size=11, color=GREY if dead else INK, zorder=4)
    for k, text in enumerate(("input x", "hidden = ReLU(x·W1 + b1)", "scores = hidden·W2 + b2")):
        ax.text(k, tall / 2 + 0.26, text, ha="center", size=11, color=INK)
    terms = " + ".join(f"{_n(a)}·{_n(w)}" for a, w in zip(layers[0], W1[:, 0], strict=True))
    ax.text(
        1,
        -0.28 - tall / 2,
        f"first hidden unit: max(0, {terms} + {_n(b1[0])}) = {_n(hidden[0])}",
        ha="center",
        size=11,
        color=INK,
    )
    ax.text(
        1,
        -0.44 - tall / 2,
        "blue: positive weight, orange: negative; grey: a unit that its ReLU has switched off",
        ha="center",
        size=10,
        color=GREY,
    )
    return fig


def loss_curves(histories, line=None, columns=4, note=None):
    """Draw a small panel for each run's loss, all to the same scale, and mark where a loss stopped being a number.

    A loss that leaves the panel has its largest value written there.

    Parameters
    ----------
    histories : dict of str to sequence of float
        Losses by the title of their panel; nan and inf end a curve.
    line : float, optional
        A horizontal line, ln C say.
    columns : int, optional
    note : dict of str to str, optional
        A sentence for the foot of a panel.

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = -(-len(histories) // columns)
    fig, axes = plt.subplots(
        rows, columns, figsize=(2.9 * columns, 2.6 * rows), squeeze=False, sharey=True, layout="constrained"
    )
    plt.close(fig)
    flat = axes.ravel()
    finite = np.concatenate([np.asarray(h, dtype=float)[np.isfinite(h)] for h in histories.values()])
    top = min(finite.max(), 3 * (line or finite.max()))
    for ax, (name, losses) in zip(flat, histories.items(), strict=False):
        losses = np.asarray(losses, dtype=float)
        good = np.isfinite(losses)
        end = len(losses) if good.all() else int(np.argmin(good))
        ax.plot(np.arange(1, end + 1), losses[:end], color=BLUE, linewidth=1.1)
        if good.all() and losses.max() > 1.05 * top:
            peak = int(losses.argmax())
            side = "left" if peak < end / 2 else "right"
            ax.text(peak + 1, 0.97 * top, f"  ↑ {losses[peak]:.3g}  ", color=BLUE, size=10, va="center", ha=side)
        if line is not None:
            ax.axhline(line, color=GREY, linestyle=":", linewidth=1.2)
        if end < len(losses):
            ax.plot([end + 1], [0.97 * top], marker="x", color=VERMILLION, markersize=9, markeredgewidth=2.4)
            ax.text(end + 1, 0.88 * top, f" {losses[end]:.0f}", color=VERMILLION, size=11, va="center")
        ax.set_title(name, size=11)
        ax.set_ylim(0, 1.05 * top)
        ax.set_xlabel((note or {}).get(name, "update"), size=10)
        ax.spines[["top", "right"]].set_visible(False)
    for ax in flat[len(histories) :]:
        ax.axis("off")
    for row in axes:
        row[0].set_ylabel("loss")
    fig.get_layout_engine().set(hspace=0.1)  # a panel's note is no title of the panel below
    return fig


def active_units(shares):
    """Draw for each run how often each hidden unit is switched on, units sorted; a unit that never is, is dead.

    Parameters
    ----------
    shares : dict of str to array of shape (H,)
        For each run the share of images on which each unit is above 0.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, axes = plt.subplots(
        1, len(shares), figsize=(2.7 * len(shares), 2.7), sharey=True, squeeze=False, layout="constrained"
    )
    plt.close(fig)
    for ax, (name, share) in zip(axes[0], shares.items(), strict=True):
        share = np.sort(share)[::-1]
        dead = share == 0
        unit = np.arange(1, len(share) + 1)
        ax.bar(unit, share, width=1.0, color=BLUE)
        ax.bar(unit[dead], 1.0, width=1.0, color=VERMILLION, alpha=0.25)
        ax.set_title(f"{name}\n{dead.sum()} of {len(share)} units dead", size=11)
        ax.set(xlim=(0.5, len(share) + 0.5), ylim=(0, 1), xlabel="hidden unit, sorted")
        ax.spines[["top", "right"]].set_visible(False)
    axes[0, 0].set_ylabel("share of images\nthat switch it on")
    return fig


def ravine(f, paths, reach=((-2.4, 2.4), (-1.3, 1.3)), columns=3):
    """Draw the contours of a function of two variables, and the path of each optimiser over them.

    Parameters
    ----------
    f : callable
        ``f(x, y)`` for arrays x and y.
    paths : dict of str to array of shape (T, 2)
        Where each optimiser stood before and after each step; what leaves the picture is cut off.
    reach : pair of pairs
        From where to where the two axes go.
    columns : int, optional

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = -(-len(paths) // columns)
    fig, axes = plt.subplots(rows, columns, figsize=(3.7 * columns, 2.4 * rows), squeeze=False, layout="constrained")
    plt.close(fig)
    (x0, x1), (y0, y1) = reach
    x, y = np.meshgrid(np.linspace(x0, x1, 160), np.linspace(y0, y1, 120))
    z = f(x, y)
    levels = z.min() + (z.max() - z.min()) * np.linspace(0, 1, 14) ** 2.5
    for ax, (name, path) in zip(axes.ravel(), paths.items(), strict=False):
        ax.contour(x, y, z, levels=levels[1:], colors="#bbbbbb", linewidths=0.9)
        path = np.asarray(path, dtype=float)
        ax.plot(*path.T, color=BLUE, linewidth=1.2, marker="o", markersize=2.8, clip_on=True)
        ax.plot(*path[0], marker="o", color=ORANGE, markersize=8)
        ax.plot(*path[-1], marker="o", color=VERMILLION, markersize=8)
        ax.set(xlim=(x0, x1), ylim=(y0, y1), xticks=[], yticks=[])
        ax.set_title(f"{name}: {float(f(*path[-1])):.2g}", size=11)
    for ax in axes.ravel()[len(paths) :]:
        ax.axis("off")
    return fig


def curves_by_name(histories, xlabel, ylabel, log=False, line=None):
    """Draw one curve for each name, each with its own colour and dash.

    Parameters
    ----------
    histories : dict of str to sequence of float
    xlabel, ylabel : str
    log : bool, optional
        A logarithmic vertical axis.
    line : float, optional
        A dotted horizontal line.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = _panel(7.0, 3.7)
    styles = [(colour, dash) for dash in ("-", "--") for colour in (BLUE, VERMILLION, GREEN, ORANGE, PURPLE, INK)]
    for (name, values), (colour, dash) in zip(histories.items(), styles, strict=False):
        ax.plot(np.arange(1, len(values) + 1), values, color=colour, linestyle=dash, linewidth=1.8, label=name)
    if line is not None:
        ax.axhline(line, color=GREY, linestyle=":", linewidth=1.4)
    if log:
        ax.set_yscale("log")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend(edgecolor="none", framealpha=0.9, fontsize=10)
    return fig


def splits(y, ways):
    """Draw labels as coloured stripes, and for each way to split them which rows are held out.

    Parameters
    ----------
    y : array of shape (N,)
        Labels from 0 to 9.
    ways : dict of str to array of shape (K,)
        The numbers of the validation rows.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = _panel(8.4, 0.95 * (len(ways) + 1) + 0.3)
    N, classes = len(y), len(np.unique(y))
    for level, (name, rows) in enumerate([("the file", None), *ways.items()]):
        top = -level
        for i, label in enumerate(y):
            held = rows is not None and i in set(np.asarray(rows).tolist())
            place, strength = (i, top + (0.1 if held else 0.0)), 1.0 if held or rows is None else 0.28
            colour = _CLASSES[label % 10]
            ax.add_patch(Rectangle(place, 1, 0.5, facecolor=colour, edgecolor="white", linewidth=0.8, alpha=strength))
        text = name
        if rows is not None:
            text = f"{name}: {len(set(np.asarray(y)[rows].tolist()))} of {classes} classes in the validation part"
        ax.text(0, top + 0.68, text, size=11, color=INK, va="bottom")
    ax.set(xlim=(-0.5, N + 0.5), ylim=(-len(ways) - 0.05, 1.1))
    ax.axis("off")
    return fig


def point_clouds(stages, labels=None):
    """Draw sets of points in the plane beside one another, with the spread of each along both axes.

    Parameters
    ----------
    stages : dict of str to array of shape (N, 2)
    labels : array of shape (N,), optional
        Colours by class.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, axes = plt.subplots(1, len(stages), figsize=(3.1 * len(stages), 3.3), squeeze=False, layout="constrained")
    plt.close(fig)
    colours = BLUE if labels is None else [_CLASSES[k % 10] for k in labels]
    for ax, (name, points) in zip(axes[0], stages.items(), strict=True):
        ax.scatter(*points.T, s=7, c=colours, alpha=0.7, linewidths=0)
        ax.axhline(0, color=GREY, linewidth=0.8)
        ax.axvline(0, color=GREY, linewidth=0.8)
        reach = 1.05 * np.abs(points).max()
        ax.set(xlim=(-reach, reach), ylim=(-reach, reach))
        ax.set_aspect("equal")
        sx, sy = points.std(axis=0)
        r = round(float(np.corrcoef(points.T)[0, 1]), 2) + 0.0  # no −0.00
        ax.set_title(f"{name}\nstd {sx:.2f} and {sy:.2f}, correlation {r:.2f}", size=10.5)
    return fig


def decades(draws, low, high):
    """Draw how many numbers fell into each power of ten.

    Parameters
    ----------
    draws : dict of str to array
    low, high : float
        Powers of ten that the range goes from and to.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, axes = plt.subplots(
        1, len(draws), figsize=(4.2 * len(draws), 2.7), sharey=True, squeeze=False, layout="constrained"
    )
    plt.close(fig)
    exponents = np.arange(round(np.log10(low)), round(np.log10(high)) + 1)
    for ax, (name, values) in zip(axes[0], draws.items(), strict=True):
        counts = np.histogram(np.log10(values), bins=exponents)[0]
        bars = ax.bar(exponents[:-1] + 0.5, counts, width=0.9, color=BLUE)
        ax.bar_label(bars, padding=2, fontsize=10)
        ax.set_xticks(exponents, [f"$10^{{{e}}}$" for e in exponents])
        ax.set_title(name, size=12)
        ax.spines[["top", "right"]].set_visible(False)
    axes[0, 0].set_ylabel("draws")
    return fig


def grid_against_random(score, grid, random):
    """Draw a grid and random points over a landscape whose one setting matters and whose other hardly does.

    Parameters
    ----------
    score : callable
        ``score(x)`` for an array x from 0 to 1: how good the setting that matters is.
    grid, random : array of shape (K, 2)
        Places from 0 to 1; the first coordinate matters.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, axes = plt.subplots(
        2, 2, figsize=(7.6, 4.3), sharex=True, height_ratios=(1, 2.2), layout="constrained", squeeze=False
    )
    plt.close(fig)
    x = np.linspace(0, 1, 200)
    for column, (name, points) in enumerate([("grid", grid), ("random", random)]):
        tried = np.unique(points[:, 0])
        curve, square = axes[:, column]
        curve.plot(x, score(x), color=INK, linewidth=1.6)
        curve.vlines(tried, 0, score(tried), color=ORANGE, linewidth=2)
        curve.plot(tried, score(tried), "o", color=VERMILLION, markersize=5)
        curve.set_title(
            f"{name}: {len(points)} runs try {len(tried)} values of it; best {score(tried).max():.2f}", size=11
        )
        square.plot(*points.T, "o", color=VERMILLION, markersize=7)
        square.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03), xlabel="the setting that matters")
        for ax in (curve, square):
            ax.set(xticks=[], yticks=[])
            ax.spines[["top", "right"]].set_visible(False)
    axes[0, 0].set_ylabel("accuracy")
    axes[1, 0].set_ylabel("the other setting")
    return fig


def search_rounds(points, boxes, xlabel, ylabel):
    """Draw the settings that a search tried, coloured by score, and the ranges of each round as nested boxes.

    Parameters
    ----------
    points : list of (x, y, score, round)
        A score of nan is drawn as a cross.
    boxes : list of ((x low, x high), (y low, y high))
        One for each round.
    xlabel, ylabel : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = _panel(6.8, 4.4)
    x, y, score, turn = (np.array(column, dtype=float) for column in zip(*points, strict=True))
    good = np.isfinite(score)
    markers = ("o", "s", "^", "D", "v")
    shown = None
    for k in range(int(turn.max()) + 1):
        chosen = good & (turn == k)
        shown = ax.scatter(
            x[chosen], y[chosen], c=score[chosen], vmin=score[good].min() if good.any() else 0,
            vmax=score[good].max() if good.any() else 1, cmap="viridis", s=58, marker=markers[k % 5],
            edgecolors=INK, linewidths=0.5, zorder=3,
        )  # fmt: skip
    ax.plot(x[~good], y[~good], "x", color=VERMILLION, markersize=8, markeredgewidth=2)
    for k, ((x0, x1), (y0, y1)) in enumerate(boxes):
        ax.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, edgecolor=_CLASSES[k], linewidth=2))
    if good.any():
        best = int(np.nanargmax(score))
        ax.plot(x[best], y[best], "*", color=VERMILLION, markersize=20, markeredgecolor="white", zorder=4)
        fig.colorbar(shown, ax=ax, label="validation accuracy")
    scale = {
        axis: "log" if values.min() > 0 and values.max() > 20 * values.min() else "linear"
        for axis, values in (("x", x), ("y", y))
    }
    ax.set(xscale=scale["x"], yscale=scale["y"], xlabel=xlabel, ylabel=ylabel)
    handles = [
        Line2D([], [], color=_CLASSES[k], marker=markers[k % 5], label=f"round {k + 1}")
        for k in range(int(turn.max()) + 1)
    ]
    handles += [Line2D([], [], color=VERMILLION, marker="*", linestyle="", markersize=11, label="best")]
    if not good.all():
        handles += [Line2D([], [], color=VERMILLION, marker="x", linestyle="", label="diverged")]
    ax.legend(handles=handles, fontsize=9, frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncol=len(handles))
    return fig


def _edges(ax, left, right, w):
    largest = np.abs(w).max() or 1.0
    for i, j in np.ndindex(w.shape):
        colour = BLUE if w[i, j] > 0 else ORANGE
        ax.plot(
            *zip(left[i], right[j], strict=True),
            color=colour,
            linewidth=0.4 + 3 * abs(w[i, j]) / largest,
            alpha=0.7,
            zorder=1,
        )


def _panel(width, height):
    fig, ax = plt.subplots(figsize=(width, height), layout="constrained")
    plt.close(fig)
    ax.spines[["top", "right"]].set_visible(False)
    return fig, ax


def _n(value):
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return ("0" if text in ("-0", "") else text).replace("-", "−")
