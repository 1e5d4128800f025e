"""Right and wrong ways to write the warm-up, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain


@plain("add")
def add(a, b):
    return a + b


for _name, _hint, _new in [
    ("subtracted", "b is subtracted. Add it.", "return a - b"),
    ("multiplied", "a and b are multiplied. Add them.", "return a * b"),
    ("b-ignored", "b is not used.", "return a"),
    ("a-ignored", "a is not used.", "return b"),
    ("one-too-many", "1 is added as well.", "return a + b + 1"),
    ("text", "The result is text. Return a number.", "return str(a + b)"),
    ("no-return", "Nothing is returned (printing is not returning). Use `return`.", "print(a + b)"),
    ("summed-up", "An array came in and one number came out. Add entry by entry.", "return np.sum(a + b)"),
    ("truncated", "The result was made an integer, which cuts off the fraction.", "return np.trunc(a + b)"),
]:
    edit("add", _name, _hint, ("return a + b", _new))


@alternative("add")
def add_by_numpy(a, b):
    return np.add(a, b)


@plain("rel_error")
def rel_error(x, y):
    if x.shape != y.shape:
        raise ValueError("shapes differ")
    return np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y)))


for _name, _hint, _old, _new in [
    (
        "divides-by-zero",
        "Where x and y are both 0 this divides 0 by 0. Divide by at least 1e-8.",
        "np.maximum(1e-8, np.abs(x) + np.abs(y))",
        "(np.abs(x) + np.abs(y))",
    ),
    ("mean-for-max", "The mean hides one bad entry among many good ones. Take the maximum.", "np.max(", "np.mean("),
    ("sum-for-max", "The errors were summed. Take the maximum.", "np.max(", "np.sum("),
    ("one-per-entry", "One error for each entry came back. Take the maximum, one number.", "np.max(", "np.asarray("),
    ("sign-kept", "The difference may be negative. Take its absolute value.", "np.abs(x - y)", "(x - y)"),
    (
        "absolute-error",
        "That is the absolute error. Divide by |x| + |y|.",
        " / np.maximum(1e-8, np.abs(x) + np.abs(y))",
        "",
    ),
    ("divided-by-x", "Divided by |x| only. Divide by |x| + |y|.", "np.abs(x) + np.abs(y)", "np.abs(x)"),
    (
        "sum-not-of-absolutes",
        "|x + y| is 0 where y = −x. Divide by |x| + |y|.",
        "np.abs(x) + np.abs(y)",
        "np.abs(x + y)",
    ),
    (
        "small-number-added",
        "1e-8 was added to the denominator. Take the larger of the two.",
        "np.maximum(1e-8, np.abs(x) + np.abs(y))",
        "(1e-8 + np.abs(x) + np.abs(y))",
    ),
    (
        "doubled",
        "The difference is doubled: this is 2|x − y|/(|x| + |y|). Leave the 2 out.",
        "np.abs(x - y)",
        "2 * np.abs(x - y)",
    ),
    (
        "larger-of-the-two",
        "Divided by the larger of |x| and |y|. Divide by their sum.",
        "np.abs(x) + np.abs(y)",
        "np.maximum(np.abs(x), np.abs(y))",
    ),
]:
    edit("rel_error", _name, _hint, (_old, _new))


edit(
    "rel_error",
    "shapes-not-compared",
    "Shapes that differ were broadcast. Raise ValueError.",
    ('    if x.shape != y.shape:\n        raise ValueError("shapes differ")\n', ""),
    raises=True,
)


@alternative("rel_error")
def rel_error_by_loop(x, y):
    worst = 0.0
    for a, b in zip(x.ravel(), y.ravel()):
        worst = max(worst, abs(a - b) / max(1e-8, abs(a) + abs(b)))
    return float(worst)


@plain("numerical_gradient")
def numerical_gradient(f, x, h=1e-5):
    grad = np.zeros_like(x)
    for i in np.ndindex(*x.shape):
        old = x[i]
        x[i] = old + h
        plus = f(x)
        x[i] = old - h
        minus = f(x)
        x[i] = old
        grad[i] = (plus - minus) / (2 * h)
    return grad


for _name, _hint, _changes in [
    (
        "flattened-for-f",
        "f was given x in another shape. Only one entry of x changes; f gets the whole array in the shape that it has.",
        [("plus = f(x)", "plus = f(x.ravel())"), ("minus = f(x)", "minus = f(x.ravel())")],
    ),
    (
        "x-not-restored",
        "x was left changed. Put the old value back after both calls, and before the next entry.",
        [("        x[i] = old\n", "")],
    ),
    ("divided-by-h", "The points are 2h apart: divide by 2h.", [("(2 * h)", "h")]),
    (
        "half-not-in-brackets",
        "`/ 2 * h` divides by 2 and multiplies by h. Write / (2 * h).",
        [("/ (2 * h)", "/ 2 * h")],
    ),
    (
        "one-sided",
        "A one-sided difference, (f(x + h) − f(x))/h, is far less exact. Use f(x + h) − f(x − h) over 2h.",
        [("x[i] = old - h", "x[i] = old"), ("(2 * h)", "h")],
    ),
    (
        "backward-difference",
        "A one-sided difference, (f(x) − f(x − h))/h, is far less exact. Use f(x + h) − f(x − h) over 2h.",
        [("x[i] = old + h", "x[i] = old"), ("(2 * h)", "h")],
    ),
    ("sign", "The difference is the wrong way round: f(x + h) − f(x − h).", [("plus - minus", "minus - plus")]),
    ("added", "The two values were added. Take their difference.", [("plus - minus", "plus + minus")]),
    (
        "all-entries-moved",
        "Every entry was moved at once. Move one entry at a time, with the others where they were.",
        [
            (
                "        x[i] = old + h\n        plus = f(x)\n        x[i] = old - h\n"
                "        minus = f(x)\n        x[i] = old\n",
                "        plus = f(x + h)\n        minus = f(x - h)\n",
            )
        ],
    ),
    (
        "h-hard-coded",
        "h is hard-coded. Use the argument.",
        [("    grad = np.zeros_like(x)\n", "    grad = np.zeros_like(x)\n    h = 1e-4\n")],
    ),
    (
        "last-entry-missing",
        "The last entry was left out.",
        [("np.ndindex(*x.shape)", "list(np.ndindex(*x.shape))[:-1]")],
    ),
    ("not-divided", "The difference was not divided by 2h.", [(" / (2 * h)", "")]),
    (
        "first-axis-only",
        "Only the first axis was walked. x may have any number of axes: np.ndindex(*x.shape).",
        [("np.ndindex(*x.shape)", "range(x.shape[0])"), ("old = x[i]", "old = np.copy(x[i])")],
    ),
    ("flat-result", "The gradient is flat. It has the shape of x.", [("return grad", "return grad.ravel()")]),
]:
    edit("numerical_gradient", _name, _hint, *_changes)


@alternative("numerical_gradient")
def gradient_on_copies(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    flat = grad.reshape(-1)
    for k in range(x.size):
        step = np.zeros(x.size)
        step[k] = h
        step = step.reshape(x.shape)
        flat[k] = (f(x + step) - f(x - step)) / (2 * h)
    return grad


@alternative("numerical_gradient")
def gradient_by_nditer(f, x, h=1e-5):
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        i = it.multi_index
        x[i] += h
        a = f(x)
        x[i] -= 2 * h
        b = f(x)
        x[i] += h
        grad[i] = (a - b) / (2 * h)
        it.iternext()
    return grad
