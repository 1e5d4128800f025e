"""What people look at: curves, images, weights, confusions, mistakes.

Every function takes arrays and returns a closed Matplotlib figure, which a notebook shows as the value of a cell's last
line. Those that draw one panel also take ``ax``, draw there, and return it instead. Arrays that do not fit raise a
ValueError or TypeError that says what would. Colours are those of Okabe and Ito
(2008) and perceptually even scales, which people with any colour vision can tell apart.
"""

import matplotlib.pyplot as plt
import numpy as np

BLUE, VERMILLION, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#999999"
INK = "#222222"


def plot_loss(loss_history, ax=None):
    """The loss of every update as a dot, and their running mean as a line.

    Parameters
    ----------
    loss_history : sequence of float
        `Solver.loss_history`; what is not finite is left out.
    ax : Axes, optional

    Returns
    -------
    Figure, or ``ax`` if it was given
    """
    losses = _numbers("loss_history", loss_history)
    figure, panel = _panel(ax)
    steps = np.arange(1, len(losses) + 1)
    finite = np.isfinite(losses)
    losses, steps = losses[finite], steps[finite]
    panel.scatter(steps, losses, s=9, color=BLUE, alpha=0.5, linewidths=0, label="one batch")
    width = max(len(losses) // 20, 1)
    if width > 1:
        mean = np.convolve(losses, np.full(width, 1 / width), mode="valid")
        panel.plot(steps[width - 1 :], mean, color=VERMILLION, label=f"mean of the last {width}")
        panel.legend()
    panel.set(xlabel="Update", ylabel="Loss", title="Training loss")
    return _done(figure, ax)


def plot_accuracy(train_acc_history, val_acc_history, ax=None, line=0.5):
    """Training and validation accuracy after every epoch.

    Parameters
    ----------
    train_acc_history, val_acc_history : sequences of float, of the same length
        `Solver.train_acc_history` and `Solver.val_acc_history`: entry k belongs to epoch k.
    ax : Axes, optional
    line : float or None
        Where to draw a level line to compare with.

    Returns
    -------
    Figure, or ``ax`` if it was given
    """
    train, val = _numbers("train_acc_history", train_acc_history), _numbers("val_acc_history", val_acc_history)
    if len(train) != len(val):
        raise ValueError(f"There are {len(train)} training and {len(val)} validation accuracies; give as many of each.")
    figure, panel = _panel(ax)
    if line is not None:
        panel.axhline(line, color=GREY, linestyle=":", linewidth=1)
    panel.plot(train, "-o", color=BLUE, markersize=4, label="training")
    panel.plot(val, "--s", color=VERMILLION, markersize=4, label="validation")
    panel.set(xlabel="Epoch", ylabel="Accuracy", title="Accuracy", ylim=(0, 1.02))
    panel.xaxis.get_major_locator().set_params(integer=True)
    panel.legend(loc="lower right")
    return _done(figure, ax)


def plot_history(loss_history, train_acc_history, val_acc_history, line=0.5):
    """`plot_loss` and `plot_accuracy` side by side.

    Returns
    -------
    Figure
    """
    figure, (left, right) = _figure(1, 2, 10, 3.8)
    plot_loss(loss_history, left)
    plot_accuracy(train_acc_history, val_acc_history, right, line)
    return figure


def show_images(X, labels=None, class_names=None, columns=None):
    """A grid of images with a label over each.

    Parameters
    ----------
    X : array (N, C, H, W), (N, H, W, C) or (N, H, W)
        C is 1 or 3. Integers run from 0 to 255. Floats run from 0 to 1; others are stretched, all alike, to fill that.
    labels : sequence of N integers or strings, optional
    class_names : sequence of str, optional
        Names for integer labels.
    columns : int, optional

    Returns
    -------
    Figure
    """
    images = _images(X)
    if labels is not None and len(labels) != len(images):
        raise ValueError(f"There are {len(labels)} labels for {len(images)} images; give one for each.")
    columns = columns or min(len(images), max(int(np.ceil(np.sqrt(len(images)))), 5))
    rows = -(-len(images) // columns)
    figure, panels = _figure(rows, columns, 1.25 * columns, (1.25 if labels is None else 1.5) * rows)
    for number, panel in enumerate(np.ravel(panels)):
        panel.axis("off")
        if number < len(images):
            _draw_image(panel, images[number])
            if labels is not None:
                panel.set_title(_name(labels[number], class_names), fontsize=9, pad=3)
    return figure


def visualize_grid(Xs, ubound=255.0, padding=1):
    """One picture made of many, each stretched to its own range; for ``imshow``.

    Parameters
    ----------
    Xs : array (N, H, W, C)
    ubound : float
        Every picture is stretched to run from 0 to this.
    padding : int
        Empty pixels between pictures.

    Returns
    -------
    array (rows * (H + padding) - padding, columns * (W + padding) - padding, C)
    """
    Xs = np.asarray(Xs, dtype=np.float64)
    if Xs.ndim != 4 or 0 in Xs.shape:
        raise ValueError(f"Xs has shape {Xs.shape}, but must be (N, H, W, C); move the channels last.")
    N, H, W, C = Xs.shape
    columns = int(np.ceil(np.sqrt(N)))
    rows = -(-N // columns)
    grid = np.zeros((rows * (H + padding) - padding, columns * (W + padding) - padding, C))
    for number, image in enumerate(Xs):
        top, left = number // columns * (H + padding), number % columns * (W + padding)
        grid[top : top + H, left : left + W] = ubound * _stretched(image)
    return grid


def show_net_weights(weights, image_shape=(3, 32, 32), ax=None):
    """What each unit of a fully connected first layer looks for, drawn as an image.

    Parameters
    ----------
    weights : array (D, M), or a network whose ``params["W1"]`` is one
        Column m holds the weights of unit m.
    image_shape : tuple
        How D numbers were an image before it was flattened: (C, H, W), or (H, W, C) with the channels last.
    ax : Axes, optional

    Returns
    -------
    Figure, or ``ax`` if it was given
    """
    weights = _first_weights(weights)
    if weights.ndim == 4:
        raise ValueError(f"The weights have shape {weights.shape}, so they are a convolution's; use show_conv_filters.")
    if weights.ndim != 2 or len(weights) != np.prod(image_shape) or len(image_shape) != 3:
        raise ValueError(
            f"The weights have shape {weights.shape}, but images of {image_shape} ask for ({np.prod(image_shape)}, M)."
        )
    units = _channels_last(weights.T.reshape(-1, *image_shape))
    return _draw_weights(units, f"First-layer weights of {len(units)} units", ax)


def show_conv_filters(weights, ax=None):
    """The filters of a convolution: in colour where they see three channels, else one tile a filter and channel.

    Parameters
    ----------
    weights : array (F, C, HH, WW), or a network whose ``params["W1"]`` is one
    ax : Axes, optional

    Returns
    -------
    Figure, or ``ax`` if it was given
    """
    weights = _first_weights(weights)
    if weights.ndim != 4:
        raise ValueError(
            f"The weights have shape {weights.shape}, but filters have shape (F, C, HH, WW); for a fully connected "
            "layer use show_net_weights."
        )
    F, C, HH, WW = weights.shape
    title = f"{F} filters of {HH}×{WW}"
    if C in (1, 3):
        return _draw_weights(weights.transpose(0, 2, 3, 1), title, ax)
    tiles = weights.reshape(F * C, HH, WW, 1)
    return _draw_weights(tiles, f"{title}\none row a filter, one column a channel", ax, columns=C)


def confusion_matrix(y_true, y_pred, num_classes=None):
    """How often class i was taken for class j.

    Parameters
    ----------
    y_true, y_pred : arrays (N,) of integers from 0
    num_classes : int, optional
        One more than the largest label by default.

    Returns
    -------
    array (num_classes, num_classes) of int
        Row i is the true class, column j the predicted one.
    """
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if y_true.ndim != 1 or y_true.shape != y_pred.shape or len(y_true) == 0:
        raise ValueError(
            f"y_true and y_pred have shapes {y_true.shape} and {y_pred.shape}; both must be (N,), N above 0."
        )
    if y_true.dtype.kind not in "iu" or y_pred.dtype.kind not in "iu":
        raise TypeError(f"y_true and y_pred have dtypes {y_true.dtype} and {y_pred.dtype}; both must be integers.")
    low, high = min(y_true.min(), y_pred.min()), max(y_true.max(), y_pred.max())
    num_classes = int(high) + 1 if num_classes is None else num_classes
    if low < 0 or high >= num_classes:
        raise ValueError(f"The labels run from {low} to {high}, but must lie between 0 and {num_classes - 1}.")
    matrix = np.zeros((num_classes, num_classes), int)
    np.add.at(matrix, (y_true, y_pred), 1)
    return matrix


def plot_confusion_matrix(matrix, class_names=None, ax=None):
    """A confusion matrix as a heat map: colour for the share of the true class, counts in the cells.

    Parameters
    ----------
    matrix : array (K, K)
        From `confusion_matrix`.
    class_names : sequence of K str, optional
    ax : Axes, optional

    Returns
    -------
    Figure, or ``ax`` if it was given
    """
    matrix = np.asarray(matrix)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.size == 0:
        raise ValueError(
            f"matrix has shape {matrix.shape}, but must be square; confusion_matrix(y_true, y_pred) makes one."
        )
    K = len(matrix)
    if class_names is not None and len(class_names) != K:
        raise ValueError(f"There are {len(class_names)} class names for {K} classes; give one for each.")
    total = matrix.sum()
    title = f"{np.trace(matrix) / max(total, 1):.1%} of {total:g} right"
    size = 2.2 + 0.48 * K
    figure, panel = _panel(ax, size + 0.8, size)
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    picture = panel.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.argwhere(matrix > 0) if K <= 20 else []:
        colour = "white" if shares[row, column] > 0.5 else INK
        panel.text(column, row, f"{matrix[row, column]:g}", ha="center", va="center", color=colour, fontsize=9)
    names = [_name(k, class_names) for k in range(K)]
    turned = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"} if max(map(len, names)) > 2 else {}
    panel.set_xticks(range(K), names, **turned)
    panel.set_yticks(range(K), names)
    panel.set(xlabel="Predicted class", ylabel="True class", title=title)
    panel.figure.colorbar(picture, ax=panel, shrink=0.8, label="Share of the true class")
    return _done(figure, ax)


def show_predictions(X, probabilities, y, class_names=None):
    """Images, each beside the probabilities that a network gave to the classes.

    Parameters
    ----------
    X : array of N images
        As for `show_images`.
    probabilities : array (N, K)
        `softmax` of the scores.
    y : array (N,)
        The true classes.
    class_names : sequence of K str, optional

    Returns
    -------
    Figure
    """
    images, probabilities, y = _predictions(X, probabilities, y)
    rows, K = -(-len(images) // 2), probabilities.shape[1]
    pairs = min(len(images), 2)
    figure, panels = _figure(rows, 2 * pairs, 4.6 * pairs, max(1.0 + 0.16 * K, 1.8) * rows, widths=[1, 1.3] * pairs)
    panels = np.reshape(panels, (-1, 2))
    for number, (left, right) in enumerate(panels):
        if number >= len(images):
            left.axis("off")
            right.axis("off")
            continue
        _draw_image(left, images[number])
        left.axis("off")
        predicted = int(np.argmax(probabilities[number]))
        told = f"true: {_name(y[number], class_names)}\npredicted: {_name(predicted, class_names)}"
        left.set_title(told, fontsize=9, loc="left")
        _draw_bars(right, probabilities[number], int(y[number]), predicted, class_names)
    return figure


def show_misclassified(X, probabilities, y, class_names=None, count=6):
    """The mistakes that a network was surest of, each with the probabilities it gave.

    Parameters
    ----------
    X, probabilities, y, class_names
        As for `show_predictions`.
    count : int
        How many to show at most.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        When the shapes do not fit, or there are no mistakes to show.
    """
    _, probabilities, y = _predictions(X, probabilities, y)
    predicted = np.argmax(probabilities, axis=1)
    wrong = np.flatnonzero(predicted != y)
    if len(wrong) == 0:
        raise ValueError(f"All {len(y)} predictions are right; there are no mistakes to show.")
    surest = wrong[np.argsort(-probabilities[wrong, predicted[wrong]], kind="stable")][:count]
    return show_predictions(np.asarray(X)[surest], probabilities[surest], y[surest], class_names)


def _figure(rows, columns, width, height, widths=None):
    figure, panels = plt.subplots(
        rows, columns, figsize=(width, height), layout="constrained", gridspec_kw={"width_ratios": widths}
    )
    plt.close(figure)
    return figure, panels


def _panel(ax, width=5.5, height=3.8):
    return (ax.figure, ax) if ax is not None else _figure(1, 1, width, height)


def _done(figure, ax):
    return figure if ax is None else ax


def _draw_image(panel, image):
    panel.imshow(image, cmap="gray", vmin=0, vmax=1, interpolation="nearest")


def _draw_bars(panel, probabilities, true, predicted, class_names):
    places = np.arange(len(probabilities))
    colours = [GREEN if k == true else VERMILLION if k == predicted else GREY for k in places]
    panel.barh(places, probabilities, color=colours)
    panel.set_yticks(places, [_name(k, class_names) for k in places], fontsize=8)
    panel.invert_yaxis()
    panel.set_xlim(0, 1)
    panel.set_xticks([0, 0.5, 1], ["0", "0.5", "1"], fontsize=8)
    panel.spines[["top", "right"]].set_visible(False)
    for k in {true, predicted}:
        word = "true" if k == true else "predicted"
        inside = probabilities[k] > 0.6
        panel.annotate(
            word,
            (probabilities[k], k),
            xytext=(-3 if inside else 3, 0),
            textcoords="offset points",
            ha="right" if inside else "left",
            va="center",
            fontsize=7,
            color="white" if inside else INK,
        )


def _first_weights(weights):
    return np.asarray(weights.params["W1"] if hasattr(weights, "params") else weights)


def _draw_weights(tiles, title, ax, columns=None):
    """Tiles (N, H, W, C): in colour, each stretched to its own range, or on one scale from blue over white to red."""
    enlarged = -(-12 // min(tiles.shape[1:3]))  # so that a gap of a pixel is thin beside a tile of 3×3
    tiles = tiles.repeat(enlarged, axis=1).repeat(enlarged, axis=2)
    N, H, W, C = tiles.shape
    columns = columns or int(np.ceil(np.sqrt(N)))
    rows, gap = -(-N // columns), max(1, W // 8)
    figure, panel = _panel(ax, *_fitting(rows * (H + gap), columns * (W + gap), scale_bar=C == 1))
    grid = np.full((rows * (H + gap) - gap, columns * (W + gap) - gap, C), np.nan if C == 1 else 1.0)
    for number, tile in enumerate(tiles):
        top, left = number // columns * (H + gap), number % columns * (W + gap)
        grid[top : top + H, left : left + W] = tile if C == 1 else _stretched(tile)
    panel.axis("off")
    if C == 1:
        largest = float(np.abs(tiles).max()) or 1.0
        colours = plt.get_cmap("RdBu_r").with_extremes(bad="#c8c8c8")
        picture = panel.imshow(grid[..., 0], cmap=colours, vmin=-largest, vmax=largest, interpolation="nearest")
        panel.figure.colorbar(picture, ax=panel, shrink=0.8, label="Weight")
        panel.set_title(title, fontsize=10)
    else:
        panel.imshow(grid, interpolation="nearest")
        panel.set_title(f"{title}, each on its own scale", fontsize=10)
    return _done(figure, ax)


def _fitting(rows, columns, scale_bar, longest=5.5):
    inches = longest / max(rows, columns)
    return max(columns * inches + 1.1 * scale_bar, 3.8), max(rows * inches, 1.2) + 0.5


def _stretched(image):
    low, high = np.min(image), np.max(image)
    return (image - low) / (high - low) if high > low else np.zeros_like(image, dtype=float)


def _images(X):
    """Images as (N, H, W) or (N, H, W, 3) from 0 to 1."""
    X = np.asarray(X)
    if X.dtype.kind not in "fiub" or X.ndim not in (3, 4) or 0 in X.shape:
        raise ValueError(f"X has dtype {X.dtype} and shape {X.shape}, but must be numbers (N, C, H, W) or (N, H, W).")
    if X.ndim == 4:
        X = _channels_last(X)
        X = X[..., 0] if X.shape[-1] == 1 else X
    if X.dtype.kind in "iu":
        return np.clip(X / 255, 0, 1) if X.max() > 1 else X.astype(float)
    X = X.astype(float)
    return X if X.min() >= 0 and X.max() <= 1 else _stretched(X)


def _channels_last(X):
    if X.shape[1] in (1, 3):
        return X.transpose(0, 2, 3, 1)
    if X.shape[3] in (1, 3):
        return X
    raise ValueError(f"The images have shape {X.shape[1:]}, but must have 1 or 3 channels, first or last.")


def _predictions(X, probabilities, y):
    images, probabilities, y = _images(X), np.asarray(probabilities), np.asarray(y)
    if probabilities.ndim != 2 or len(probabilities) != len(images) or y.shape != (len(images),):
        raise ValueError(
            f"X, probabilities and y have shapes {np.shape(X)}, {probabilities.shape} and {y.shape}; there must be a "
            "row of probabilities and a label for every image."
        )
    if not (np.all(probabilities >= 0) and np.allclose(probabilities.sum(axis=1), 1, atol=1e-3)):
        raise ValueError("probabilities must be 0 or more and sum to 1 in every row; take the softmax of the scores.")
    if y.dtype.kind not in "iu" or y.min() < 0 or y.max() >= probabilities.shape[1]:
        raise ValueError(f"y must hold integers from 0 to {probabilities.shape[1] - 1}, one class for each.")
    return images, probabilities, y


def _name(label, class_names):
    return str(label) if class_names is None or isinstance(label, str) else str(class_names[label])


def _numbers(name, values):
    array = np.asarray(values, dtype=float)
    if array.ndim != 1 or len(array) == 0:
        raise ValueError(f"{name} has shape {array.shape}, but must be a sequence of at least one number.")
    return array
