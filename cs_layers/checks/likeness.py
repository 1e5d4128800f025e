"""How one wrong result relates to the right one: a factor, a term, an order of axes, entries that were never filled.

Each relation is a name and a clause that follows the output's name. They are listed from the most telling to the least:
a relation that says what was done comes before one that says where the result is wrong.
"""

from __future__ import annotations

import itertools

import numpy as np

from .compare import agree, as_number, is_number, shape_of

_CLOSE = 1e-7


def relations_of(got, expected, case, output):
    """Relations between a wrong result and the right one on one case, as (name, clause)."""
    if got is None:
        yield "not-filled", "is still None: the line that computes it is missing."
        return
    if isinstance(got, (tuple, list)):
        yield from _of_sequence(got, expected, output)
        return
    if is_number(got) and is_number(expected):
        got, expected = np.asarray(as_number(got)), np.asarray(float(expected))
    elif isinstance(got, np.ndarray) and is_number(expected):
        yield from _of_a_number(got, float(expected))
        return
    if not all(isinstance(v, np.ndarray) and v.dtype.kind in "biuf" for v in (got, expected)):
        return
    if got.shape != expected.shape:
        yield from _of_another_shape(got, expected)
        return
    if not np.isfinite(got).all():
        return
    if not got.any() and expected.any():
        yield "all-zero", "is zero everywhere: was it ever filled?"
        return
    yield from _kinds(got, expected)
    yield from _factors(got, expected, case)
    yield from _weights(got, expected, case.parts.get(output, {}))
    yield from _terms(got, expected, case)
    yield from _order(got, expected)
    yield from _places(got, expected)


def _of_sequence(got, expected, output):
    """A tuple or a list in place of an array."""
    if isinstance(expected, np.ndarray):
        for i, part in enumerate(got):
            if agree(part, expected):
                yield "wrapped", f"is a {type(got).__name__}; what is asked for is its part [{i}]: return that alone."
                return
        try:
            array = np.array(got, dtype=float)
        except (TypeError, ValueError):
            array = None
        if array is not None and array.size == expected.size and agree(array.reshape(expected.shape), expected):
            yield "a-list", "is a list with the right numbers. Make an array of it, np.array(…), in the right shape."
            return
    if output == "out":
        yield "cache-for-out", "holds the cache, it seems: are the two swapped in the `return` line? out comes first."
    elif output == "scores":
        yield "scores-not-alone", "is a tuple: without y the scores come back alone, before any loss is computed."


def _of_a_number(got, expected):
    """An array in place of a number, as a loss is."""
    if got.ndim == 0:
        return
    if got.size == 1 and agree(float(got.ravel()[0]), expected):
        yield "number-in-an-array", "is the right number in an array of one entry: sum or average without keepdims."
    elif got.dtype.kind == "f" and np.isfinite(got).all():
        for name, number in (("mean", got.mean()), ("sum", got.sum())):
            if agree(float(number), expected):
                yield "one-per-example", f"was not brought down to one number: it is the {name} of these."


def _kinds(got, expected):
    if got.dtype.kind == "b":
        yield "a-mask", "holds True and False. Multiply the mask with the values."
    whole = np.array_equal(got, np.rint(got)) and not agree(expected, np.rint(expected))
    cut = any(agree(got.astype(float), f(expected)) for f in (np.trunc, np.floor, np.rint))
    if whole and (cut or got.dtype.kind in "iu"):
        yield "cut-to-integers", _INTEGERS
    if (expected < 0).any() and agree(got.astype(float), np.maximum(expected, 0)):
        yield "negatives-cut-off", "has zeros where it should be negative: a ReLU, or a maximum with 0, too many."
    elif (expected < 0).any() and agree(got.astype(float), np.abs(expected)):
        yield "absolute", "has lost its signs: an absolute value was taken."


_INTEGERS = (
    "lost its fractions: it went through an array of integers (dtype=int, astype(int), `//`). Make arrays of floats."
)


def _factors(got, expected, case):
    for name, factor in (("−1", -1.0), ("2", 2.0), ("0.5", 0.5)):
        if agree(got, factor * expected):
            yield f"factor {name}", f"is exactly {name} times what is right."
    numbers = {name: n for name, n in case.numbers.items() if n not in (0, 1, -1)}
    products = {f"{a}·{b}": x * y for (a, x), (b, y) in itertools.combinations(numbers.items(), 2)}
    for name, n in {**numbers, **products, **{f"{a}²": x * x for a, x in numbers.items()}}.items():
        if agree(got, expected * n):
            yield f"times {name}", f"is exactly {name} times what is right: is a division by {name} missing?"
        if agree(got, expected / n):
            yield f"divided by {name}", f"is what is right divided by {name}: divided once too often?"
    factor = _ratio(got, expected)
    if got.size > 2 and factor and abs(factor - 1) > 1e-6:
        yield "scaled", f"is what is right times one number ({factor:.3g} here): what was it multiplied or divided by?"


def _ratio(a, b):
    """The number c for which a = c b everywhere, or None."""
    scale = np.abs(b).max()
    if scale == 0:
        return None
    at = np.unravel_index(np.argmax(np.abs(b)), b.shape)
    c = float(a[at] / b[at])
    return c if c and np.abs(a - c * b).max() <= _CLOSE * abs(c) * scale else None


def _weights(got, expected, parts):
    """A sum of the right parts, one of which counts another number of times than it should."""
    if not parts or got.size <= 2 * len(parts):
        return
    columns = np.stack([np.broadcast_to(part, got.shape).ravel().astype(float) for part in parts.values()], axis=1)
    scale = np.abs(columns).max(axis=0)
    if not scale.all() or np.linalg.matrix_rank(columns / scale, 1e-6) < len(parts):
        return
    counted, due = (np.linalg.lstsq(columns / scale, v.ravel(), rcond=None)[0] for v in (got, expected))
    if np.abs(columns / scale @ counted - got.ravel()).max() > _CLOSE * np.abs(got).max():
        return
    for name, times, right in zip(parts, counted / scale, due / scale, strict=True):
        if abs(times - right) > 1e-5 * max(abs(times), abs(right)):
            often = "is missing" if abs(times) < 1e-9 else f"counts {times:.3g} times, expected {right:.3g}"
            yield f"weight of {name}", f"is a sum in which {name} {often}."


def _terms(got, expected, case):
    """What was added: an input as it is, a multiple of it, one constant; or an input that came back."""
    difference = got - expected
    if got.size > 1 and np.ptp(difference) <= _CLOSE * max(np.abs(expected).max(), 1e-30):
        yield "off by a constant", "is off by one constant everywhere: a term is missing or added twice."
    for name, value in {**case.args, **{k: v for k, v in case.extra.items() if k == "dout"}}.items():
        if not isinstance(value, np.ndarray) or value.dtype.kind != "f" or not value.size:
            continue
        if value.shape == got.shape and agree(got, value):
            yield f"equals {name}", f"is {name} itself, unchanged."
        spread = _spread_to(value, got.shape)
        times = None if spread is None or got.size < 3 else _ratio(difference, spread)
        if times:
            often = {1.0: name, -1.0: f"−{name}"}.get(round(times, 9), f"{times:.3g} times {name}")
            yield (
                f"off by {name}",
                f"is off by {often} everywhere: is {name} added too often, or where it does not belong?",
            )


def _spread_to(value, shape):
    """`value` as it adds to an array of this shape: the same shape, or one number for each column or channel."""
    if value.shape == shape:
        return value
    if value.ndim == 1 and len(shape) in (2, 4) and value.size == shape[1] > 1:
        return np.broadcast_to(value.reshape(1, -1, *[1] * (len(shape) - 2)), shape)
    return None


def _order(got, expected):
    """The right values in other places."""
    if got.ndim >= 2 and got.shape[-1] == got.shape[-2] and agree(got, np.swapaxes(expected, -1, -2)):
        yield "transposed", "has its last two axes swapped."
    if got.size > 1 and agree(got, expected[..., ::-1, ::-1] if got.ndim >= 2 else expected[::-1]):
        yield "flipped", "is flipped along its last axes."
    for axis in range(got.ndim):
        if got.shape[axis] > 1 and agree(got, np.flip(expected, axis)):
            yield f"flipped along {axis}", f"is flipped along axis {axis}."
    if got.ndim > 1:
        yield from _reshaped_for_transposed(got, expected)
    if got.size > 3 and agree(np.sort(got, axis=None), np.sort(expected, axis=None)):
        yield "in-other-places", "has the right values in the wrong places: an order of axes, or of indices, is off."


def _reshaped_for_transposed(got, expected):
    for axes in itertools.permutations(range(got.ndim)):
        if axes != tuple(range(got.ndim)) and agree(got.ravel(), expected.transpose(axes).ravel()):
            yield "reshaped-not-transposed", _RESHAPED
            return


_RESHAPED = "has the right values in other places: a reshape stands where axes must be swapped (transpose)."


def _places(got, expected):
    """Where the result is wrong: in one entry along an axis, wherever it is still zero."""
    bad = np.abs(got - expected) > _CLOSE * max(np.abs(expected).max(), 1e-30)
    if got.ndim >= 2 and got.shape[0] > 1:
        yield from _one_image(got, expected)
    for axis in range(got.ndim):
        if got.ndim < 2 or got.shape[axis] < 2:
            continue
        at = bad.any(axis=tuple(k for k in range(got.ndim) if k != axis))
        if at[:-1].all() and not at[-1] and not np.take(got, range(len(at) - 1), axis).any():
            text = f"is filled in its last entry along axis {axis} only: does a loop skip, or a line stand after it?"
            yield f"last-filled-only of axis {axis}", text
        name, suffix = (f"along axis {axis}", "") if axis == 0 else (f"along axis {axis}", f" of axis {axis}")
        if not at[0] and at[1:].all():
            text = f"is right in its first entry {name} only: does a loop end or `return` too early?"
            yield "only the first" + suffix, text
        elif at[0] and not at[1:].any():
            yield "first wrong" + suffix, f"is wrong only in its first entry {name}: a loop that begins at 1?"
        elif at[-1] and not at[:-1].any():
            yield "last wrong" + suffix, f"is wrong only in its last entry {name}: an off-by-one at the end of a loop?"
        elif not at[-1] and at[:-1].all():
            text = f"is right only in its last entry {name}: is it overwritten in the loop, where it should be added?"
            yield "only the last" + suffix, text
    if bad.any() and not bad.all() and not got[bad].any():
        yield "partly-filled", "is right where it is not zero, but not all of it was filled: where do the loops go?"


def _one_image(got, expected):
    for k, which in ((0, "first"), (-1, "last")):
        if agree(got, np.broadcast_to(expected[k], expected.shape)):
            yield f"{which}-for-all", f"holds the {which} entry's result in every entry along axis 0."


def _of_another_shape(got, expected):
    if got.ndim > expected.ndim and got.size == expected.size and agree(got.reshape(expected.shape), expected):
        yield (
            "axis kept",
            f"has the right values, but an axis of length 1 was kept: {shape_of(got)}. Sum without keepdims, or "
            f"reshape.",
        )
        return
    if got.ndim == expected.ndim > 1 and got.size == expected.size:
        for axes in itertools.permutations(range(got.ndim)):
            if got.shape == expected.transpose(axes).shape and agree(got, expected.transpose(axes)):
                if got.ndim == 2:
                    yield "transposed", "is transposed."
                else:
                    yield "axes-in-another-order", f"has its axes in another order: those {axes} of what is right."
                return
    squeezed = got.ndim < expected.ndim and got.shape == tuple(n for n in expected.shape if n > 1)
    if squeezed and agree(got.reshape(expected.shape), expected):
        yield "squeezed", "lost its axes of length 1: a batch, or an output, of one keeps its axis. No squeeze."
        return
    if got.size == expected.size and agree(got.reshape(expected.shape), expected):
        yield "not reshaped", "has the right values in another shape; a reshape at the end is missing."
        return
    if got.ndim == expected.ndim:
        yield from _cut(got, expected)
        if got.ndim > 1 and got.shape == expected.shape[::-1]:
            yield (
                "sides-exchanged",
                f"has the shape {shape_of(got)} of its transpose: where are rows and columns swapped?",
            )
    elif got.ndim < expected.ndim:
        yield "axis lost", "has too few axes; one was summed or indexed away."
    elif got.ndim > expected.ndim:
        yield from _not_summed(got, expected)


def _cut(got, expected):
    common = tuple(slice(0, min(a, b)) for a, b in zip(got.shape, expected.shape, strict=True))
    off = [k for k in range(got.ndim) if got.shape[k] != expected.shape[k]]
    if not got[common].size or not agree(got[common], expected[common]):
        if got.ndim == 1:
            yield "summed-over-the-wrong-axis", "has the length of another axis: it was summed over the wrong one."
        return
    axes = " and ".join(str(k) for k in off)
    if all(got.shape[k] < expected.shape[k] for k in off):
        yield "cut-short", f"has the right values but ends too early along axis {axes}: its size there is too small."
    elif all(got.shape[k] > expected.shape[k] for k in off):
        yield "too-long", f"has the right values, then more along axis {axes}: its size there is too large."


def _not_summed(got, expected):
    for count in range(1, got.ndim - expected.ndim + 1):
        for axes in itertools.combinations(range(got.ndim), count):
            summed = got.sum(axis=axes)
            if summed.shape == expected.shape and agree(summed, expected):
                yield "not-summed", f"must still be summed over axis {' and '.join(map(str, axes))}."
                return
