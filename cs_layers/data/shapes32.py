"""Pictures of ten shapes, 3×32×32, drawn from a seed: a data set in the size of CIFAR-10 that needs no network.

Colours are drawn independently of the class; all that is sure is that a shape is lighter than its background. Sizes
and places differ, so neither the mean colour nor one template a class is enough: edges and corners tell them apart.
"""

import numpy as np

from cs_layers.arguments import count

__all__ = ["SHAPES32_CLASSES", "draw_shapes32", "load_shapes32"]

SIZE = 32
PARAMETERS = 15  # random numbers that describe one picture, its noise aside
CHUNK = 500  # pictures drawn at a time: keeps the work in the processor's cache


def _disc(u, v):
    return np.hypot(u, v) - 0.9


def _ring(u, v):
    return np.abs(np.hypot(u, v) - 0.72) - 0.22


def _square(u, v):
    return np.maximum(np.abs(u), np.abs(v)) - 0.78


def _diamond(u, v):
    return (np.abs(u) + np.abs(v) - 1.1) * np.sqrt(0.5)


def _triangle(u, v):
    return np.maximum(v, np.abs(u) * np.cos(np.pi / 6) - v * 0.5) - 0.52


def _plus(u, v):
    u, v = np.abs(u), np.abs(v)
    return np.minimum(np.maximum(u - 1, v - 0.3), np.maximum(u - 0.3, v - 1))


def _cross(u, v):
    return _plus((u + v) * np.sqrt(0.5), (u - v) * np.sqrt(0.5))


def _star(u, v):
    # Fold the plane into one tenth of a turn, from a tip (angle 0) to the notch beside it; there the edge is one line.
    angle = np.abs((np.arctan2(u, -v) + np.pi / 5) % (2 * np.pi / 5) - np.pi / 5)
    radius = np.hypot(u, v)
    tip = np.array([1.1, 0.0])
    notch = 0.46 * np.array([np.cos(np.pi / 5), np.sin(np.pi / 5)])
    normal = np.array([notch[1] - tip[1], tip[0] - notch[0]]) / np.hypot(*(tip - notch))
    return radius * (np.cos(angle) * normal[0] + np.sin(angle) * normal[1]) - tip @ normal


def _crescent(u, v):
    return np.maximum(np.hypot(u, v) - 0.95, 0.8 - np.hypot(u - 0.5, v))


def _heart(u, v):
    u = np.abs(u)
    point = (u + np.abs(v - 0.1) - 0.8) * np.sqrt(0.5)
    return np.minimum(point, np.hypot(u - 0.4, v + 0.3) - 0.56)


# How far a point lies outside the shape, negative inside; u runs right, v down, and a shape's radius is about 1.
_SHAPES = {
    "disc": _disc,
    "ring": _ring,
    "square": _square,
    "diamond": _diamond,
    "triangle": _triangle,
    "plus": _plus,
    "cross": _cross,
    "star": _star,
    "crescent": _crescent,
    "heart": _heart,
}
SHAPES32_CLASSES = tuple(_SHAPES)


def load_shapes32(num_training=2000, num_validation=500, num_test=500, seed=0, dtype=np.float32):
    """Draw pictures of ten shapes, split into three parts.

    Each part has its own random numbers, so asking for more pictures of one part changes no other, and a smaller
    part is the beginning of a larger one. Every ten pictures in a row show the ten classes, in some order.

    Parameters
    ----------
    num_training, num_validation, num_test : int, optional
        How many pictures of each part. Drawing 1,000 takes about a tenth of a second.
    seed : int, optional
        Another seed gives other pictures of the same kind.
    dtype : floating type, optional
        The type of the pictures.

    Returns
    -------
    dict
        ``X_train``, ``X_val``, ``X_test``: (N, 3, 32, 32), red, green, blue from 0 to 1, not centred.
        ``y_train``, ``y_val``, ``y_test``: (N,), int64, an index into ``SHAPES32_CLASSES``.

    Raises
    ------
    ValueError
        If a number of pictures or the seed is not an integer of 0 or more.
    TypeError
        If `dtype` is not a floating type.

    Examples
    --------
    >>> from cs_layers.data import SHAPES32_CLASSES, load_shapes32
    >>> shapes = load_shapes32(num_training=20, num_validation=10, num_test=10)
    >>> shapes["X_train"].shape, SHAPES32_CLASSES[:3]
    ((20, 3, 32, 32), ('disc', 'ring', 'square'))
    """
    data = {}
    sizes = {"train": num_training, "val": num_validation, "test": num_test}
    for number, (part, size) in enumerate(sizes.items()):
        data[f"X_{part}"], data[f"y_{part}"] = draw_shapes32(size, seed, dtype, part=number)
    return data


def draw_shapes32(num, seed=0, dtype=np.float32, part=0):
    """Draw `num` pictures and their labels: what `load_shapes32` calls for each part.

    Parameters
    ----------
    num : int
        How many pictures.
    seed : int, optional
        Where the random numbers start.
    dtype : floating type, optional
        The type of the pictures.
    part : int, optional
        Which of the seed's independent series: 0 training, 1 validation, 2 test, or any other.

    Returns
    -------
    X : array, (num, 3, 32, 32)
        Pictures, values from 0 to 1.
    y : array of int64, (num,)
        Indices into ``SHAPES32_CLASSES``.
    """
    num, seed, part = (count(name, value, least=0) for name, value in (("num", num), ("seed", seed), ("part", part)))
    dtype = np.dtype(dtype)
    if dtype.kind != "f":
        raise TypeError(f"draw_shapes32: dtype is {dtype}, allowed are floating types such as np.float32.")
    label_rng, picture_rng, noise_rng = (np.random.default_rng([seed, part, series]) for series in range(3))
    rounds = label_rng.random((-(-num // 10), 10))
    labels = rounds.argsort(axis=1, kind="stable").reshape(-1)[:num].astype(np.int64)
    images = np.empty((num, 3, SIZE, SIZE), dtype)
    for start in range(0, num, CHUNK):
        chunk = slice(start, min(start + CHUNK, num))
        drawn = _draw(labels[chunk], picture_rng)
        noise = noise_rng.random(drawn.shape, dtype=np.float32) - np.float32(0.5)
        drawn += noise * np.float32(0.15)
        images[chunk] = drawn.clip(0, 1, out=drawn)
    return images, labels


def _draw(labels, rng):
    """Pictures (N, 3, 32, 32) of the shapes `labels`, float32, without noise."""
    random = rng.random((len(labels), PARAMETERS)).astype(np.float32)[:, :, np.newaxis, np.newaxis]
    radius = 7 + 5 * random[:, 0]
    room = 0.5 * (SIZE / 2 - 0.9 * radius)  # how far from the middle a shape's own middle may lie
    centre_x = SIZE / 2 + (2 * random[:, 1] - 1) * room
    centre_y = SIZE / 2 + (2 * random[:, 2] - 1) * room
    turn = (random[:, 3] - 0.5) * np.float32(np.pi / 6)  # up to 15 degrees: a square never becomes a diamond
    pixel = np.arange(SIZE, dtype=np.float32) + np.float32(0.5)
    x = (pixel - centre_x) / radius
    y = (pixel[:, np.newaxis] - centre_y) / radius
    u, v = np.cos(turn) * x + np.sin(turn) * y, np.cos(turn) * y - np.sin(turn) * x

    covered = np.empty((len(labels), SIZE, SIZE), np.float32)
    for label, shape in enumerate(_SHAPES.values()):
        rows = labels == label
        covered[rows] = (0.5 - shape(u[rows], v[rows]) * radius[rows]).clip(0, 1)  # a soft edge, one pixel wide

    shape_colour, background_colour = _colours(random[:, 4:10])
    background = background_colour + 0.06 * _texture(random[:, 10:], pixel)[:, np.newaxis]
    return background + covered[:, np.newaxis] * (shape_colour - background)


def _colours(random):
    """Colours of shapes and backgrounds, each (N, 3, 1, 1), whose mean over red, green, blue differs by 0.4 or more."""
    first, second = random[:, 0:3], random[:, 3:6]
    gap = (first - second).mean(axis=1, keepdims=True)
    light, dark = np.where(gap > 0, first, second), np.where(gap > 0, second, first)
    missing = np.maximum(0, np.float32(0.4) - np.abs(gap))
    return light + missing / 2, dark - missing / 2


def _texture(random, pixel):
    """Backgrounds (N, 32, 32) from −2 to 2: a slope across the picture plus waves of a random direction and width."""
    slope_angle, wave_angle, phase = (2 * np.float32(np.pi) * random[:, k] for k in range(3))
    frequency, strength = 0.3 + random[:, 3], random[:, 4]
    across, down = pixel - SIZE / 2, (pixel - SIZE / 2)[:, np.newaxis]
    slope = (np.cos(slope_angle) * across + np.sin(slope_angle) * down) / (SIZE / 2)
    waves = np.sin(frequency * (np.cos(wave_angle) * across + np.sin(wave_angle) * down) + phase)
    return slope + strength * waves
