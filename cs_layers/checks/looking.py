"""The check of what is looked at after training: the confusion matrix and the mistakes that a network was surest of."""

from __future__ import annotations

import numpy as np

from .arrays import readonly
from .calls import Missing, copy_of, touched, unpack
from .engine import Case, Outcome, Task, repeat_forward
from .known import alternative, edit, plain

_READ = "09_cnn"


def cases(rng):
    made = []
    for N, C, count, tags in [
        (30, 4, 3, set()),
        (40, 5, 6, set()),
        (12, 3, 50, {"fewer mistakes than asked for"}),
        (20, 6, 4, {"a class without images"}),
        (25, 4, 5, {"large scores"}),
        (30, 4, 3, {"read-only inputs"}),
    ]:
        y = rng.integers(C - (1 if "a class without images" in tags else 0), size=N)
        # Rows of their own scale and offset: the highest score is not the surest one.
        scores = rng.normal(size=(N, C)) * rng.uniform(0.3, 1.5, size=(N, 1)) + 3 * rng.normal(size=(N, 1))
        scores += 1000.0 * rng.normal(size=(N, 1)) if "large scores" in tags else 0.0
        scores[np.arange(0, N, 2), y[::2]] = scores[::2].max(axis=1) + 0.5
        if "a class without images" in tags:
            scores[:, -1] = scores.min(axis=1) - 1
        if "read-only inputs" in tags:
            scores, y = readonly(scores), readonly(y)
        matrix, worst = mistakes_of(scores, y, count)
        args = {"scores": scores, "y": y, "count": count}
        made.append(Case(args, {"matrix": matrix, "worst": worst}, frozenset(tags), {"N": N}, plain=not tags))
    return made


def _run(functions, case, guard):
    args = copy_of(case.args)
    before = copy_of(args)
    values = unpack(guard(functions[0], *args.values()), ("matrix", "worst"))
    for name, value in values.items():
        if isinstance(value, (list, tuple)):
            try:
                values[name] = np.array(value)
            except ValueError:
                values[name] = Missing(f"has {name} as a list of lists of different lengths")
    return Outcome(values | {"~" + n: True for n in touched(before, args)})


MISTAKES = Task(
    "mistakes_of",
    ("matrix", "worst"),
    cases,
    _run,
    "mistakes_of(scores, y, count)",
    {"matrix": 1, "worst": 1},
    read=_READ,
    patterns={
        "fewer mistakes than asked for": (
            "wrong-count",
            "It fails just where there are fewer mistakes than count: then all of them come back.",
        ),
        "a class without images": (
            "size-from-labels",
            "It fails just where a class has no images: the matrix is C × C, with C from scores.shape.",
        ),
        "large scores": ("unstable-softmax", "It fails just for large scores: subtract each row's maximum before exp."),
        "read-only inputs": ("writes-input", "The function writes into its inputs. Work on a copy."),
    },
    repeat=repeat_forward,
)


@plain("mistakes_of")
def mistakes_of(scores, y, count):
    C = scores.shape[1]
    predicted = scores.argmax(axis=1)
    matrix = np.zeros((C, C), dtype=int)
    for true, guess in zip(y, predicted, strict=True):
        matrix[true, guess] += 1
    shifted = scores - scores.max(axis=1, keepdims=True)
    probabilities = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    sure = probabilities.max(axis=1)
    wrong = np.flatnonzero(predicted != y)
    order = np.argsort(-sure[wrong])
    worst = wrong[order[:count]]
    return matrix, worst


for _name, _hint, *_changes in [
    (
        "transposed",
        "Rows and columns are swapped: row = true class, column = prediction.",
        ("[true, guess]", "[guess, true]"),
    ),
    (
        "counts-once",
        "Each cell is 0 or 1. `matrix[y, predicted] += 1` adds a pair only once: count in a loop, or with np.add.at.",
        ("matrix[true, guess] += 1", "matrix[true, guess] = 1"),
    ),
    (
        "shares",
        "The rows are shares. Return the counts.",
        ("return matrix,", "return matrix / matrix.sum(axis=1, keepdims=True),"),
    ),
    (
        "mistakes-alone",
        "The diagonal is empty. Count right predictions too.",
        ("        matrix[true, guess] += 1", "        matrix[true, guess] += int(true != guess)"),
    ),
    (
        "size-from-labels",
        "The matrix is C × C, with C from scores.shape.",
        ("C = scores.shape[1]", "C = max(y.max(), scores.argmax(axis=1).max()) + 1"),
    ),
    (
        "highest-score",
        "They are sorted by the highest score. How sure a network is, is the probability: softmax first.",
        ("sure = probabilities.max(axis=1)", "sure = scores.max(axis=1)"),
    ),
    (
        "unstable-softmax",
        "exp was taken of the raw scores, which overflows. Subtract each row's maximum first, or use softmax.",
        ("shifted = scores - scores.max(axis=1, keepdims=True)", "shifted = scores"),
    ),
    (
        "least-sure-first",
        "The least sure mistakes came. Sort from the surest down.",
        ("argsort(-sure[wrong])", "argsort(sure[wrong])"),
    ),
    (
        "probability-of-the-label",
        "They are sorted by the probability of the true class. Take that of the predicted one.",
        ("sure[wrong])", "probabilities[wrong, y[wrong]])"),
    ),
    (
        "right-ones-too",
        "Right predictions are among them. Take only images with predicted != y.",
        ("np.flatnonzero(predicted != y)", "np.arange(len(y))"),
    ),
    ("right-ones-alone", "These are right predictions. Take predicted != y.", ("predicted != y", "predicted == y")),
    (
        "rows-of-the-mistakes",
        "The numbers count among the mistakes alone. Return rows of scores: wrong[order].",
        ("wrong[order[:count]]", "order[:count]"),
    ),
    ("count-ignored", "All mistakes came. Return the first `count`.", ("order[:count]", "order")),
    ("unsorted", "The mistakes are not sorted. Put the surest first.", ("wrong[order[:count]]", "wrong[:count]")),
    (
        "classes-returned",
        "The predicted classes came. Return the numbers of the rows.",
        ("return matrix, worst", "return matrix, predicted[worst]"),
    ),
    ("swapped", "(worst, matrix) came back. Return (matrix, worst).", ("return matrix, worst", "return worst, matrix")),
    ("writes-scores", "scores was changed. Work on a copy.", ("    C = scores", "    scores -= 1.0\n    C = scores")),
]:
    edit("mistakes_of", _name, _hint, *_changes)


@alternative("mistakes_of")
def mistakes_with_lists(scores, y, count):
    guess = [int(np.argmax(row)) for row in scores]
    C = len(scores[0])
    matrix = np.bincount(C * np.asarray(y) + guess, minlength=C * C).reshape(C, C).astype(float)
    sure = 1 / np.exp(scores - scores.max(1)[:, None]).sum(1)
    wrong = [i for i in range(len(y)) if guess[i] != y[i]]
    return matrix, sorted(wrong, key=lambda i: -sure[i])[:count]
