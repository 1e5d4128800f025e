"""What the failing inputs share, and what the wrong results of all of them have in common."""

from __future__ import annotations

import itertools

from .calls import Missing, Raised
from .compare import agree
from .likeness import relations_of
from .report import Cause


def _sides(run, output):
    """The cases on which the output is wrong, and those on which it is right."""
    wrong = set(run.wrong(output))
    judged = output in ("!",) or output.startswith("~")
    return wrong, [i for i, case in enumerate(run.cases) if i not in wrong and (judged or output in case.expected)]


def patterns(run, output):
    """A property that every failing input has and no passing one, or two such that each has one of them."""
    wrong, right = _sides(run, output)
    if not right or not wrong:
        return []
    telling = {
        tag: {i for i in wrong if tag in run.cases[i].tags}
        for tag, (_, _, *outputs) in run.task.patterns.items()
        if output in (outputs or [output]) and not any(tag in run.cases[i].tags for i in right)
    }
    for count in (1, 2):
        for tags in itertools.combinations(telling, count):
            if set.union(*(telling[t] for t in tags)) == wrong:
                told = [run.task.patterns[t] for t in tags]
                return [Cause(name, hint, run.task.read, (output,), certain=False) for name, hint, *_ in told]
    return []


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


# Relations that say where a result is wrong, not how.
VAGUE = (
    "only the first",
    "first wrong",
    "last wrong",
    "only the last",
    "partly-filled",
    "in-other-places",
    "scaled",
    "cut-short",
    "too-long",
    "sides-exchanged",
)


def vague(cause):
    return cause.name.startswith(VAGUE)


def relation(run, output):
    """How the wrong values relate to the right ones, on two thirds of the failing cases or more.

    Not on all: an image of one entry, a weight of all zeros or scores that overflow show no relation, or another one.
    """
    texts, counts, looked_at = {}, {}, 0
    for i in run.wrong(output):
        got, expected = run.outcomes[i].values.get(output), run.cases[i].expected.get(output)
        expected = getattr(expected, "expected", expected)  # what a judge that allows more than one result prefers
        if isinstance(got, (Raised, Missing)) or callable(expected) or expected is None:
            continue
        looked_at += 1
        for name, text in dict(relations_of(got, expected, run.cases[i], output)).items():
            texts.setdefault(name, text)
            counts[name] = counts.get(name, 0) + 1
    if looked_at < len(run.wrong(output)) / 2:
        return None
    often = [name for name in texts if 3 * counts[name] >= 2 * looked_at]
    if not often:
        return None
    name = max(often, key=lambda n: (not n.startswith(VAGUE), counts[n] == looked_at))
    return Cause(name, f"{output} {texts[name]}", "", (output,), certain=False)


def exchanged(run):
    """Outputs that hold what belongs into others: they come back in another order."""
    holds = {}
    for output in run.outputs:
        others = [o for o in run.task.outputs if o != output and _holds(run, output, o)]
        if len(others) == 1:
            holds[output] = others[0]
    if len(holds) < 2 or set(holds) != set(holds.values()):
        return []
    pairs = ", ".join(f"{output} holds {other}" for output, other in holds.items())
    order = ", ".join(run.task.outputs)
    return [Cause("wrong-order", f"the results come back in another order: {pairs}. It is {order}.", "", tuple(holds))]


def _holds(run, output, other):
    """Whether an output is, on every case on which it is wrong, what another one should be."""
    seen = 0
    for i in run.wrong(output):
        got, right = run.outcomes[i].values.get(output), run.cases[i].expected.get(other)
        if isinstance(got, (Raised, Missing)):
            continue
        right = getattr(right, "expected", right)
        if right is None or callable(right) or not agree(got, right):
            return False
        seen += 1
    return seen > len(run.wrong(output)) / 2
