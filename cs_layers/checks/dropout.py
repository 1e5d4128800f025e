"""Checks of (inverted) dropout.

dropout_param has 'mode', 'p' and perhaps 'seed'. Where masks come from is free: what is tested is that every kept
entry is scaled by one factor, that this factor is 1 over the share that is kept, that the share is right within five
standard errors, and that entries are dropped one by one. `p_is` says what p means: "keep", "drop", or "either", which
takes whichever of the two the function follows throughout.
"""

from __future__ import annotations

import math

import numpy as np

from .calls import copy_of, unpack
from .compare import Difference, compare, number
from .engine import Case, Outcome, Task, failing

_READ = "x1_init_norm_dropout"


def forward_cases(rng, p_is="either"):
    _known_meaning(p_is)
    cases, seen = [], {}
    for p, shape in [(0.3, (60, 50)), (0.75, (50, 60)), (0.6, (20, 5, 6, 5)), (0.5, (50, 60))]:
        x = rng.normal(size=shape) + 3 * np.sign(rng.normal(size=shape))
        param = {"mode": "train", "p": p, "seed": int(rng.integers(1000))}
        expected = {"out": _dropped(x, p, p_is, seen)}
        tags = {"mode train"} | ({"p not 0.5"} if p != 0.5 else set())
        cases.append(Case({"x": x, "dropout_param": param}, expected, frozenset(tags)))
    x = rng.normal(size=(40, 50)) + 4
    cases.append(
        Case(
            {"x": x, "dropout_param": {"mode": "train", "p": 0.4}},
            {"out": _dropped(x, 0.4, p_is, seen)},
            frozenset({"mode train", "no seed", "p not 0.5"}),
        )
    )
    for p in (0.3, 0.75):
        x = rng.normal(size=(5, 6))
        param = {"mode": "test", "p": p, "seed": 3}
        cases.append(Case({"x": x, "dropout_param": param}, {"out": _untouched(x)}, frozenset({"mode test"})))
    return cases


def _known_meaning(p_is):
    if p_is not in ("keep", "drop", "either"):
        raise ValueError(f"p_is is {p_is!r}; it may be 'keep', 'drop' or 'either'")


_HINTS = {
    "nothing-dropped": "Nothing is dropped in training.",
    "not-scaled": "What is kept must be divided by the keep probability, so that the mean stays (inverted dropout).",
    "scaled-by-the-drop-probability": "What is kept was divided by the drop probability, not the keep probability.",
    "scaled-otherwise": "What is kept was not divided by the keep probability itself.",
    "multiplied-by-p": "What is kept was multiplied by p. Divide by the probability to keep.",
    "randn-for-rand": "The mask was drawn from randn, whose numbers are not below p with probability p; use rand.",
    "random-scale": "The mask holds random numbers. It holds 0 and 1/keep only.",
    "p-is-the-probability-to-keep": "p is the probability to KEEP here; the function drops with probability p.",
    "p-is-the-probability-to-drop": "p is the probability to DROP here; the function keeps with probability p.",
    "p-in-two-meanings": "p is the probability to keep in one place and to drop in another.",
    "whole-rows": "Whole rows are dropped. Draw one number for each entry of x.",
    "whole-columns": "Whole columns are dropped. Draw one number for each entry of x.",
    "test-mode": "At test time nothing is dropped and nothing is scaled: out = x.",
}


def _wrong(kind, text, cause=None, brief=""):
    return Difference(kind, text, brief, (cause, _HINTS[cause]) if cause else ())


def _dropped(x, p, p_is, seen):
    """Judge one output of training. `seen` remembers which meaning of p the function followed on other inputs."""
    keep = {"keep": p, "drop": 1 - p}
    allowed = {m: k for m, k in keep.items() if p_is in (m, "either")}
    slack = 5 * np.sqrt(p * (1 - p) / x.size)

    def judge(value):
        finite = (
            isinstance(value, np.ndarray)
            and value.dtype.kind == "f"
            and value.shape == x.shape
            and np.isfinite(value).all()
        )
        if not finite:
            return compare(value, x)
        kept = value != 0
        share = kept.mean()
        if share in (0, 1) and (share == 0 or np.ptp(value / x) < 1e-9):
            return _wrong(
                "value", f"has {'every' if share == 0 else 'no'} entry set to 0", "nothing-dropped" if share else None
            )
        factor = value[kept] / x[kept]
        low, high = factor.min(), factor.max()
        if high - low > 1e-6 * abs(high):
            text = f"scales what it keeps by factors from {number(low)} to {number(high)}, expected one factor"
            return _wrong("value", text, "random-scale", "scales what it keeps unevenly")
        whole = _whole(kept)
        if whole:
            return _wrong("value", f"drops {whole.replace('-', ' ')}, expected entry by entry", whole)
        fitting = {m: k for m, k in allowed.items() if abs(share - k) <= slack and abs(high * k - 1) < 1e-6}
        if not fitting:
            right = " or ".join(f"keeping {k:g} and scaling by {1 / k:.4g}" for k in allowed.values())
            kept_share = f"keeps {number(share)} of its entries and scales them by {number(high)}"
            text = f"{kept_share} for p = {p:g}, expected {right}"
            return _wrong("value", text, _cause(share, high, p, p_is, slack), "keeps or scales wrongly")
        meaning = next(iter(fitting)) if p != 0.5 else None
        if meaning and seen.setdefault("meaning", meaning) != meaning:
            return _wrong(
                "value", "takes p as the probability to keep on some inputs, to drop on others", "p-in-two-meanings"
            )
        return None

    return judge


def _whole(kept):
    rows, columns = kept.reshape(len(kept), -1).mean(axis=1), kept.reshape(len(kept), -1).mean(axis=0)
    if np.isin(rows, (0, 1)).all():
        return "whole-rows"
    return "whole-columns" if np.isin(columns, (0, 1)).all() else None


def _cause(share, factor, p, p_is, slack):
    """The mistake that a share of kept entries and their factor give away."""
    if abs(factor - 1) < 1e-6:
        return "not-scaled"
    near = {m: k for m, k in {"keep": p, "drop": 1 - p}.items() if abs(share - k) <= slack}
    if any(abs(factor * k - 1) < 1e-6 for k in near.values()):
        return f"p-is-the-probability-to-{p_is}"
    if any(abs(factor * (1 - k) - 1) < 1e-6 for k in near.values()):
        return "scaled-by-the-drop-probability"
    if near and abs(factor - p) < 1e-6:
        return "multiplied-by-p"
    if near:
        return "scaled-otherwise"
    below = 0.5 * (1 + math.erf(p / math.sqrt(2)))
    return "randn-for-rand" if min(abs(share - below), abs(share - 1 + below)) <= slack else None


def _untouched(x):
    def judge(value):
        wrong = compare(value, x)
        return wrong and _wrong(wrong.kind, wrong.text, "test-mode", wrong.brief)

    return judge


def _forward_run(functions, case, guard):
    x, param = copy_of(case.args["x"]), copy_of(case.args["dropout_param"])
    state = np.random.get_state()  # noqa: NPY002
    values = unpack(guard(functions[0], x, param), ("out", "cache"))
    np.random.set_state(state)  # noqa: NPY002
    values.pop("cache")
    if not np.array_equal(x, case.args["x"]):
        values["~x"] = True
    return Outcome(values)


def _repeat(functions, run, guard):
    """Two calls without a seed draw two masks."""
    from .report import WRONG, Finding

    case = next(c for c in run.cases if "no seed" in c.tags)
    outs = []
    for _ in range(2):
        out = unpack(
            guard(functions[0], copy_of(case.args["x"]), copy_of(case.args["dropout_param"])), ("out", "cache")
        )["out"]
        outs.append(out)
    if (
        all(isinstance(o, np.ndarray) for o in outs)
        and outs[0].shape == outs[1].shape
        and np.array_equal(outs[0], outs[1])
    ):
        return [
            Finding(
                WRONG,
                "out",
                "drops the same entries on two calls without a seed",
                "state",
            )
        ]
    return []


def backward_cases(rng):
    cases = []
    for p, shape, mode in [
        (0.3, (20, 30), "train"),
        (0.75, (20, 30), "train"),
        (0.6, (10, 3, 5, 4), "train"),
        (0.3, (5, 6), "test"),
        (0.8, (3, 2, 2, 2), "test"),
    ]:
        x = rng.normal(size=shape) + 3 * np.sign(rng.normal(size=shape))
        case = Case(
            {"x": x, "dropout_param": {"mode": mode, "p": p, "seed": int(rng.integers(1000))}},
            {"dx": None},
            frozenset({f"mode {mode}"}),
        )
        case.extra = {"dout": rng.normal(size=shape) + 2 * np.sign(rng.normal(size=shape)), "out": None}
        cases.append(case)
    return cases


def _right_mask(case):
    """A right mask of our own, for a backward whose forward is wrong."""
    x, param = case.args["x"], case.args["dropout_param"]
    rng = np.random.default_rng(param["seed"])
    return (rng.random(x.shape) < param["p"]) / param["p"]


def _backward_run(functions, case, guard):
    """The backward from its own forward's cache; where that one is wrong, from a right cache if that helps."""
    state = np.random.get_state()  # noqa: NPY002
    try:
        return _backward(functions, case, guard)
    finally:
        np.random.set_state(state)  # noqa: NPY002


def _backward(functions, case, guard):
    backward, forward = (*functions, None)[:2]
    x, param = case.args["x"], case.args["dropout_param"]
    mask = _right_mask(case) if param["mode"] == "train" else np.ones(x.shape)
    documented = (copy_of(param), mask if param["mode"] == "train" else None)
    if forward is not None:
        values = unpack(guard(forward, copy_of(x), copy_of(param)), ("out", "cache"))
        out = values["out"]
        if isinstance(out, np.ndarray) and out.shape == x.shape and out.dtype.kind == "f":
            outcome = _pulled(backward, values["cache"], case, guard, out / x)
            if _is_mask(out / x, param["mode"]) or not failing(outcome, case):
                return outcome
    return _pulled(backward, documented, case, guard, mask)


def _is_mask(ratio, mode):
    """Whether a forward multiplied by a mask: by 1 at test time, by 0 and one other number in training."""
    kept = ratio[ratio != 0]
    return np.allclose(ratio, 1) if mode == "test" else bool(kept.size) and np.ptp(kept) < 1e-6


def _pulled(backward, cache, case, guard, mask):
    dout, train = case.extra["dout"], case.args["dropout_param"]["mode"] == "train"
    case.expected["dx"] = _masked(dout * mask if train else dout, dout, mask if train else None)
    given = copy_of(dout)
    values = {"dx": guard(backward, given, cache)}
    if not np.array_equal(given, dout):
        values["~dout"] = True
    return Outcome(values)


def _masked(right, dout, mask):
    """dx = dout · mask, and the mistake that another ratio dx/dout gives away."""

    def judge(value):
        wrong = compare(value, right)
        if not wrong or wrong.kind != "value":
            return wrong
        if mask is None:
            hint = "At test time the gradient passes unchanged: dx = dout."
            return Difference(wrong.kind, wrong.text, wrong.brief, ("test-mode", hint))
        cause = next((c for c, ratio in _ratios(value / dout, mask) if ratio), None)
        return Difference(wrong.kind, wrong.text, wrong.brief, (cause, _BACK[cause]) if cause else ())

    return judge


_BACK = {
    "mask-missing": "dout came back unchanged. In training dx = dout · mask.",
    "not-scaled": "The mask's scale is missing: dx = dout · mask, with the 1/keep that the forward had.",
    "scaled-twice": "The scale was applied twice: the mask already has it.",
    "mask-inverted": "The gradient passes where entries were kept, not where they were dropped.",
    "new-mask": "A new mask was drawn. Use the forward's own.",
}


def _ratios(ratio, mask):
    kept, passed = mask != 0, ratio != 0
    same = np.array_equal(kept, passed)
    yield "mask-missing", np.allclose(ratio, 1)
    yield "not-scaled", same and np.allclose(ratio[kept], 1)
    yield "scaled-twice", same and kept.any() and np.allclose(ratio[kept], mask[kept] ** 2)
    yield "mask-inverted", np.array_equal(kept, ~passed)
    yield "new-mask", not same and passed.any() and not passed.all() and np.ptp(ratio[passed]) < 1e-6


FORWARD = Task(
    "dropout_forward",
    ("out",),
    forward_cases,
    _forward_run,
    "dropout_forward(x, dropout_param)",
    read=_READ,
    options=("p_is",),
    repeat=_repeat,
    patterns={
        "mode test": ("test-mode", "At test time nothing is dropped and nothing is scaled: out = x."),
        "p not 0.5": ("p-and-1-minus-p", "It fails just where p is not 0.5: p stands somewhere for 1 − p."),
        "mode train": ("train-mode", "It fails in training only."),
    },
)


BACKWARD = Task(
    "dropout_backward",
    ("dx",),
    backward_cases,
    _backward_run,
    "dropout_backward(dout, cache)",
    read=_READ,
    patterns={
        "mode test": ("test-mode", "At test time the gradient passes unchanged: dx = dout."),
        "mode train": ("train-mode", "In training dx = dout · mask, with the forward's own mask, scale included."),
    },
)
