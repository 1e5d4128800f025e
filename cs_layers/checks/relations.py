"""What the failing inputs share, and how wrong values relate to the right ones."""

from __future__ import annotations

import numpy as np

from .compare import agree, as_number, is_number, shape_of
from .report import Cause


def _sides(run, output):
    """The cases on which the output is wrong, and those on which it is right."""
    wrong = set(run.wrong(output))
    judged = output in ("!",) or output.startswith("~")
    return wrong, [i for i, case in enumerate(run.cases) if i not in wrong and (judged or output in case.expected)]


def pattern(run, output):
    """A property that every failing input has and no passing one."""
    wrong, right = _sides(run, output)
    if not right or not wrong:
        return None
    shared = set.intersection(*(set(run.cases[i].tags) for i in wrong))
    only = [t for t in shared if not any(t in run.cases[i].tags for i in right)]
    for tag, (name, hint, *outputs) in run.task.patterns.items():
        if tag in only and output in (outputs or [output]):
            return Cause(name, hint, run.task.read, (output,), certain=False)
    return None


def where(run, output):
    """A sentence on what the failing inputs have in common, weaker than a cause."""
    wrong, right = _sides(run, output)
    if not right or not wrong:
        return ""
    shared = sorted(set.intersection(*(set(run.cases[i].tags) for i in wrong)))
    only = [t for t in shared if not any(t in run.cases[i].tags for i in right)]
    if only:
        return f"It fails exactly on the inputs with {only[0]}."
    telling = [t for t in shared if sum(t in run.cases[i].tags for i in right) <= len(right) / 2]
    if telling:
        return f"All inputs that fail have {' and '.join(telling[:2])}."
    for t in sorted({t for i in wrong for t in run.cases[i].tags}):
        mostly = sum(t in run.cases[i].tags for i in wrong) >= len(wrong) / 2
        if mostly and not any(t in run.cases[i].tags for i in right):
            return f"Every input with {t} fails."
    return ""


VAGUE = ("only the first", "first wrong", "last wrong", "only the last")  # where it is wrong, not how


def relation(run, output):
    """How the wrong values relate to the right ones, on every failing case alike."""
    found = None
    for i in run.wrong(output):
        got, expected = run.outcomes[i].values.get(output), run.cases[i].expected.get(output)
        expected = getattr(expected, "expected", expected)  # what a judge that allows more than one result prefers
        if callable(expected) or expected is None:
            return None
        here = dict(_relations(got, expected, run.cases[i]))
        found = here if found is None else {name: text for name, text in found.items() if name in here}
        if not found:
            return None
    if not found:
        return None
    name, text = sorted(found.items(), key=lambda r: (r[0].startswith("only"), len(r[1])))[0]
    return Cause(name, f"{output} {text}", "", (output,), certain=False)


def _relations(got, expected, case):
    if got is None:
        yield "not-filled", "is still None: the line that computes it is missing."
        return
    if is_number(got) and is_number(expected):
        got, expected = np.asarray(as_number(got)), np.asarray(float(expected))
    if not isinstance(got, np.ndarray) or got.dtype.kind not in "biuf" or not isinstance(expected, np.ndarray):
        return
    if got.shape != expected.shape:
        yield from _shape_relations(got, expected)
        return
    if not np.isfinite(got).all():
        return
    if not got.any() and expected.any():
        yield "all-zero", "is zero everywhere: was it ever filled?"
        return
    for name, factor in (("−1", -1.0), ("2", 2.0), ("0.5", 0.5)):
        if agree(got, factor * expected):
            yield f"factor {name}", f"is exactly {name} times what is right."
    for name, n in case.numbers.items():
        if n in (0, 1, -1):
            continue
        if agree(got, expected * n):
            yield f"times {name}", f"is exactly {name} times what is right: is a division by {name} missing?"
        if agree(got, expected / n):
            yield f"divided by {name}", f"is what is right divided by {name}: divided once too often?"
    if got.ndim >= 2 and got.shape[-1] == got.shape[-2] and agree(got, np.swapaxes(expected, -1, -2)):
        yield "transposed", "has its last two axes swapped."
    if got.size > 1 and agree(got, expected[..., ::-1, ::-1] if got.ndim >= 2 else expected[::-1]):
        yield "flipped", "is flipped along its last axes."
    difference = got - expected
    if got.size > 1 and np.ptp(difference) <= 1e-7 * max(np.abs(expected).max(), 1e-30):
        yield "off by a constant", "is off by one constant everywhere: a term is missing or added twice."
    for name, value in {**case.args, **{k: v for k, v in case.extra.items() if k == "dout"}}.items():
        if isinstance(value, np.ndarray) and value.shape == got.shape and agree(got, value):
            yield f"equals {name}", f"is {name} itself, unchanged."
    if got.ndim >= 2 and got.shape[0] > 1:
        bad = np.abs(difference) > 1e-7 * max(np.abs(expected).max(), 1e-30)
        rows = bad.reshape(len(bad), -1).any(axis=1)
        if not rows[0] and rows[1:].all():
            yield (
                "only the first",
                "is right in its first entry along axis 0 only: does a loop end or `return` too early?",
            )
        elif rows[0] and not rows[1:].any():
            yield "first wrong", "is wrong only in its first entry along axis 0."
        elif rows[-1] and not rows[:-1].any():
            yield "last wrong", "is wrong only in its last entry along axis 0: an off-by-one at the end of a loop?"
        elif not rows[-1] and rows[:-1].all():
            yield (
                "only the last",
                "is right only in its last entry along axis 0: is it overwritten in the loop, where it should be "
                "added?",
            )


def _shape_relations(got, expected):
    if got.ndim > expected.ndim and got.size == expected.size and agree(got.reshape(expected.shape), expected):
        yield (
            "axis kept",
            f"has the right values, but an axis of length 1 was kept: {shape_of(got)}. Sum without keepdims, or "
            f"reshape.",
        )
    elif got.size == expected.size and agree(got.reshape(expected.shape), expected):
        yield "not reshaped", "has the right values in another shape; a reshape at the end is missing."
    elif got.ndim == 2 and expected.ndim == 2 and got.shape == expected.shape[::-1] and agree(got.T, expected):
        yield "transposed", "is transposed."
    elif got.ndim == expected.ndim - 1 or got.ndim < expected.ndim:
        yield "axis lost", "has too few axes; one was summed or indexed away."
