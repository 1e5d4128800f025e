"""Checks of softmax, cross entropy and the two losses.

softmax_loss: loss = −mean(log p[n, y_n]) with p = softmax of each row; dx = (p − one-hot) / N. Demanded: finite for
any finite x, so logits reach ±1e4. svm_loss: loss = mean over n of sum over j ≠ y_n of max(0, x[n, j] − x[n, y_n] +
1); at the kink (margin exactly 0) both slopes are right, so no input has one. Points: loss 1 part, dx 1 part.
"""

from __future__ import annotations

import numpy as np

from .arrays import readonly, spaced
from .compare import Difference, as_number, compare, tolerance
from .engine import DEMANDED, Case, Task, forward_run, repeat_forward

_READ = "02_losses"


def _probabilities(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _log_probabilities(x):
    z = x - x.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def _scores(rng):
    """Scores, labels, facts."""
    yield rng.normal(size=(5, 4)), rng.integers(4, size=5), set()
    yield 2 * rng.normal(size=(3, 6)), rng.integers(6, size=3), set()
    yield rng.normal(size=(7, 3)), rng.integers(3, size=7), set()
    yield rng.normal(size=(4, 5)), np.array([1, 1, 3, 1]), set()
    yield rng.normal(size=(4, 4)) + 3, np.array([0, 3, 2, 2]), {"N = C"}
    yield rng.normal(size=(1, 5)), rng.integers(5, size=1), {"N = 1"}
    yield rng.normal(size=(4, 2)), np.array([0, 1, 1, 0]), {"C = 2"}
    yield 1e-3 * rng.normal(size=(6, 10)), rng.integers(10, size=6), {"small scores"}
    yield rng.normal(size=(4, 3)) - 20, rng.integers(3, size=4), {"all scores negative"}
    yield rng.normal(size=(3, 4)).astype(np.float32), rng.integers(4, size=3), {"float32"}
    yield spaced(rng.normal(size=(3, 4))), rng.integers(4, size=3), {"x not contiguous"}
    yield readonly(rng.normal(size=(3, 4))), readonly(rng.integers(4, size=3)), {"read-only inputs"}
    yield rng.normal(size=(3, 4)), rng.integers(4, size=3).astype(np.int32), {"int32 labels"}


def _far(rng):
    """Scores far apart, for which exp overflows or a probability becomes 0."""
    yield np.array([[30.0, 0.0, -5.0], [1.0, 2.0, 3.0]]), np.array([1, 0]), {"scores 30 apart"}
    yield np.array([[9.0, 0.0, -2.0], [0.0, 11.0, 0.5]]), np.array([1, 0]), {"scores 10 apart"}
    yield rng.normal(size=(3, 4)) + 1000, rng.integers(4, size=3), {"scores near 1000"}
    yield rng.normal(size=(3, 4)) - 1000, rng.integers(4, size=3), {"scores near -1000"}
    yield np.array([[1000.0, 0.5, 1.5], [3.0, 1.0, 2.0]]), np.array([0, 2]), {"right class ahead by 1000"}
    yield rng.normal(size=(2, 3)) + np.array([[0.0], [2000.0]]), np.array([2, 1]), {"rows 2000 apart"}
    yield np.array([[1000.0, 0.0], [0.0, 0.25]]), np.array([1, 0]), {"wrong class ahead by 1000"}
    yield np.array([[-1e4, 1e4, 0.0], [0.5, 0.0, 1e4]]), np.array([0, 1]), {"wrong class ahead by 1e4"}


# Facts under which a finite loss is demanded, and the words that say so.
_FINITE = dict.fromkeys(
    (
        "scores near 1000",
        "scores near -1000",
        "right class ahead by 1000",
        "rows 2000 apart",
        "wrong class ahead by 1000",
        "wrong class ahead by 1e4",
    ),
    r"finite and right \*\*for any finite scores",
)


def softmax_cases(rng):
    cases = []
    for x, y, tags in [*_scores(rng), *_far(rng)]:
        large = "scores beyond exp's range" in _extreme(x, y)
        tags = tags | ({"large scores", "large scores in a batch"} if large else set())
        cases.append(
            Case(
                {"scores": x},
                {"probabilities": _probabilities(x)},
                frozenset(tags),
                {"N": len(x), "C": x.shape[1]},
                plain=not tags,
            )
        )
    rows = [rng.normal(size=5), rng.normal(size=3) + 800, np.array([0.3, 2.9, 4.0]), rng.normal(size=1)]
    for x in [*rows, np.array([1.0, 900.0, -2.0, 0.5])]:
        large = {"large scores", "large scores in one row"} if x.max() > 700 else set()
        cases.append(
            Case(
                {"scores": x},
                {"probabilities": _probabilities(x)},
                frozenset({"one row, (C,)", *large}),
                {"C": len(x)},
                plain=False,
            )
        )
    return cases


def cross_entropy_cases(rng):
    cases = []
    for x, y, tags in _scores(rng):
        p = _probabilities(x)
        if "read-only inputs" in tags:
            p = readonly(p)
        loss = -np.log(p[np.arange(len(y)), y]).mean()
        facts = {"N": len(x), "C": x.shape[1]}
        hot = np.eye(x.shape[1], dtype=[int, float][len(cases) % 4 // 2])[y]
        for t, form in ((y, "indices"), (hot, "one-hot labels")):
            cases.append(
                Case({"probs": p, "t": t}, {"loss": float(loss)}, frozenset({form, *tags}), facts, plain=not tags)
            )
    p = np.array([[1e-6, 1 - 1e-6], [0.999, 0.001]])
    loss = -np.log(p[np.arange(2), [0, 1]]).mean()
    cases.append(
        Case(
            {"probs": p, "t": np.array([0, 1])},
            {"loss": float(loss)},
            frozenset({"small probabilities", "indices"}),
            {"N": 2},
            plain=False,
        )
    )
    return cases


def softmax_loss_cases(rng):
    cases = []
    for x, y, tags in [*_scores(rng), *_far(rng)]:
        n = len(x)
        wide = x.astype(np.float64)
        dx = _probabilities(wide)
        hot = np.eye(x.shape[1])[y]
        parts = {"the probabilities": dx / n, "the 1 of the true class": hot / n}
        dx = dx - hot
        loss = -_log_probabilities(wide)[np.arange(n), y].mean()
        facts = {"N": n, "C": x.shape[1]}
        tags = tags | _extreme(wide, y)
        case = Case({"x": x, "y": y}, {"loss": _loss(x, y, loss), "dx": dx / n}, frozenset(tags), facts, plain=not tags)
        if tags & _FINITE.keys():
            case.level = DEMANDED
        case.like, case.parts = {"dx": ", like x"}, {"dx": parts}
        case.floor = {"loss": 1e-12}
        cases.append(case)
    return cases


def _loss(x, y, right):
    """Compare a loss, and tell a constant inside the logarithm where a probability is 0."""
    log_p = _log_probabilities(x)[np.arange(len(y)), y]
    gone = log_p < -700

    def judge(value):
        wrong = compare(value, float(right), tolerance(x, value), 1e-12)
        if not wrong or wrong.kind != "value" or not gone.any():
            return wrong
        with np.errstate(over="ignore"):
            constant = np.exp(-(as_number(value) * len(y) + log_p[~gone].sum()) / gone.sum())
        if not 1e-40 < constant < 1e-2:
            return wrong
        return Difference(wrong.kind, wrong.text, wrong.brief, ("constant-inside-log", _CONSTANT.format(constant)))

    judge.expected = float(right)
    return judge


_CONSTANT = (
    "Something like {:.1g} is added inside the logarithm, or the probability is clipped there. That only hides log(0): "
    "the true loss is far larger. Use log p = z − log(sum(exp(z))) with z = x − row maximum."
)


def _extreme(x, y):
    """What makes an input hard: exp of a raw score leaves its range, a row lies far below the others, p[y] is 0."""
    own = x[np.arange(len(y)), y]
    facts = {
        "the true class far behind": (x.max(axis=1) - own > 700).any(),
        "a row far below the batch's maximum": (x.max() - x.max(axis=1) > 700).any(),
        "scores beyond exp's range": (np.abs(x.max(axis=1)) > 700).any(),
    }
    return {fact for fact, holds in facts.items() if holds}


def svm_loss_cases(rng):
    cases = []
    far = [(np.array([[1e4, 0.0, 3.0], [0.0, 1.5, -1e4]]), np.array([1, 2]), {"scores 1e4 apart"})]
    settled = np.array([[5.0, 1.0, 0.0], [0.0, 9.0, 2.0]]) + rng.random((2, 3))
    far.append((settled, np.array([0, 1]), {"no margin violated"}))
    for x, y, tags in [*_scores(rng), *far]:
        n, rows = len(x), np.arange(len(x))
        wide = x.astype(np.float64)
        margins = np.maximum(0, wide - wide[rows, y][:, None] + 1)
        margins[rows, y] = 0
        violated = (margins > 0).astype(float)
        counts = np.eye(x.shape[1])[y] * violated.sum(axis=1, keepdims=True)
        dx = violated - counts
        facts = {"N": n, "C": x.shape[1]}
        case = Case(
            {"x": x, "y": y}, {"loss": float(margins.sum() / n), "dx": dx / n}, frozenset(tags), facts, plain=not tags
        )
        case.like = {"dx": ", like x"}
        case.parts = {"dx": {"a violated margin": violated / n, "the number of these, at the true class,": counts / n}}
        case.floor = {"loss": 1e-9, "dx": 1e-9}
        cases.append(case)
    return cases


_LOG_OF_ZERO = (
    "The loss is inf where a probability underflows to 0: log(exp(z)) loses what z still knew. "
    "Use log p = z − log(sum(exp(z))) with z = x − row maximum, for the loss."
)


_OVERFLOW = "exp overflows for large scores. Subtract each row's largest score first; the probabilities stay the same."


_ONE_MAXIMUM = (
    "One maximum was subtracted from the whole batch, so that rows far below it underflow. "
    "Take each row's own: axis=1, keepdims=True."
)


_PATTERNS = {
    "read-only inputs": ("writes-input", "The function writes into one of its inputs. Work on a copy."),
    "N = 1": ("batch-of-one", "A batch of one example is a batch too."),
}


SOFTMAX = Task(
    "softmax",
    ("probabilities",),
    softmax_cases,
    forward_run(("probabilities",), ("probabilities",)),
    "softmax(scores)",
    read=_READ,
    repeat=repeat_forward,
    patterns={
        **_PATTERNS,
        "one row, (C,)": (
            "one-row-not-handled",
            "scores may be one row of shape (C,): use axis=-1 with keepdims=True.",
            "probabilities",
        ),
        "large scores": ("overflow", _OVERFLOW),
        "large scores in a batch": ("overflow", _OVERFLOW),
        "large scores in one row": ("overflow", _OVERFLOW),
    },
)


CROSS_ENTROPY = Task(
    "cross_entropy_error",
    ("loss",),
    cross_entropy_cases,
    forward_run(("loss",), ("loss",)),
    "cross_entropy_error(probs, t)",
    read=_READ,
    repeat=repeat_forward,
    patterns={
        **_PATTERNS,
        "indices": (
            "indices-not-handled",
            "t may hold one index for each example, shape (N,): probs[np.arange(N), t].",
        ),
        "one-hot labels": (
            "one-hot-not-handled",
            "t may be one-hot, of the shape of probs; turn it into indices with argmax(axis=1).",
        ),
    },
)


SOFTMAX_LOSS = Task(
    "softmax_loss",
    ("loss", "dx"),
    softmax_loss_cases,
    forward_run(("loss", "dx"), ("loss", "dx")),
    "softmax_loss(x, y)",
    {"loss": 1, "dx": 1},
    read=_READ,
    repeat=repeat_forward,
    patterns={
        "the true class far behind": ("log-of-underflowed-probability", _LOG_OF_ZERO),
        "a row far below the batch's maximum": ("one-maximum-for-the-batch", _ONE_MAXIMUM),
        "scores beyond exp's range": ("overflow", _OVERFLOW),
        **_PATTERNS,
    },
    demands=_FINITE,
)


SVM_LOSS = Task(
    "svm_loss",
    ("loss", "dx"),
    svm_loss_cases,
    forward_run(("loss", "dx"), ("loss", "dx")),
    "svm_loss(x, y)",
    {"loss": 1, "dx": 1},
    read=_READ,
    repeat=repeat_forward,
    patterns=_PATTERNS,
)
