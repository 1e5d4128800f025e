"""Finds the reason for a wrong result.

For each wrong output, in this order: a known mistake that gives the same on every case; two known mistakes at once;
known mistakes that between them explain most of the failing cases; a property that the failing inputs share and no
other has ("every input with pad 0"); a simple relation to what is right (a factor N, a transposed array, an axis
kept, all zeros).
"""

from __future__ import annotations

import re
import time

import numpy as np

from . import known
from .compare import agree, as_number, is_number, shape_of
from .engine import Guard, Missing, Raised, failing
from .report import Cause

_SECONDS = 2.0
_NEAR = 0.01  # how much nearer than the right result a mistake's must be, to be named though it is not the same


class _Search:
    """Runs known mistakes on the student's cases, each at most once a case."""

    def __init__(self, run):
        self.run = run
        self.guard = Guard()
        self.known = {}
        self.end = time.monotonic() + _SECONDS
        self.loose = False  # whether two calls that raised agree whatever they raised

    def outcome(self, candidate, i):
        cache = self.known.setdefault(candidate, {})
        if i not in cache:
            case = self.run.cases[i]
            try:
                function = candidate.function
            except Exception as error:  # an edit that does not compile is no reason to fail a check
                cache[i] = {o: Raised(type(error).__name__) for o in case.expected}
            else:
                functions = (function, candidate.forward) if candidate.partner else (function,)
                cache[i] = self.run.task.run(functions, case, self.guard).values
        return cache[i]

    def matches(self, candidate, output, i):
        """Whether the candidate's output is what the student's is, on case i."""
        if output not in self.run.cases[i].expected and output != "!" and not output.startswith("~"):
            return True
        theirs = self.run.outcomes[i].values
        mine = self.outcome(candidate, i)
        if output == "!":
            return _raised(theirs) == _raised(mine)
        if output.startswith("~"):
            return theirs.get(output, False) == mine.get(output, False)
        if self.loose and isinstance(theirs.get(output), Raised) and isinstance(mine.get(output), Raised):
            return True
        return _same(theirs.get(output), mine.get(output))

    def matches_firmly(self, candidate, output, i):
        """Like `matches`; of two calls that raised, both must have raised the same."""
        loose, self.loose = self.loose, False
        try:
            return self.matches(candidate, output, i)
        finally:
            self.loose = loose

    def late(self):
        return time.monotonic() > self.end


def _raised(values):
    return next((v.type for v in values.values() if isinstance(v, Raised)), None)


def _same(a, b):
    if isinstance(a, (Raised, Missing)) or isinstance(b, (Raised, Missing)):
        return type(a) is type(b) and a == b
    if isinstance(a, dict) and isinstance(b, dict):
        return {k: np.shape(v) for k, v in a.items()} == {k: np.shape(v) for k, v in b.items()}
    if isinstance(a, dict) or isinstance(b, dict) or a is None or b is None:
        return a is b
    rtol = 1e-3 if any(isinstance(v, np.ndarray) and v.dtype == np.float32 for v in (a, b)) else 1e-6
    return agree(a, b, rtol)


def diagnose(run):
    """Causes, merged by name, and a sentence about the failing inputs where no cause was found."""
    plainly = _given_away(run)
    if plainly:
        return plainly, ""
    search, causes, left = _Search(run), [], []
    for output in run.outputs:
        found = _explain(search, output)
        if found:
            causes += found
        else:
            left.append(output)
    for probe in run.task.probes:
        causes += [c for c in probe(run) if not set(c.outputs) <= {o for k in causes for o in k.outputs}]
    left = [o for o in left if o not in {p for c in causes for p in c.outputs}]
    pattern = ""
    for output in left:
        relation = _relation(run, output)
        shared = None if relation and relation.name not in _VAGUE else _pattern(run, output)
        if shared:
            causes.append(shared)
        if relation:
            causes.append(relation)
        if not shared and not pattern:
            pattern = _where(run, output)
            pattern = f"In {output}: {pattern}" if pattern and len(run.outputs) > 1 else pattern
    return _merged(causes or _from_forward(run) or _from_errors(run)), pattern


def _from_forward(run):
    """The forward is to blame where a backward cannot do with any cache but its own, and that one is wrong."""
    told = [outcome.forward for outcome, bad in zip(run.outcomes, run.bad, strict=True) if bad]
    if not told or not all(told):
        return []
    return [
        Cause(
            "forward-not-right",
            f"the backward needs the cache of your own forward, and {told[0]}. Mend the forward first.",
            certain=False,
        )
    ]


def _explain(search, output):
    """Known mistakes behind one output: the surest kind of evidence that there is."""
    found = _exact(search, output) or _told(search.run, output) or _two(search, output)
    values = [o.values.get(output) for o in search.run.outcomes]
    if found or all(isinstance(v, Raised) for v in values):
        return found
    search.loose = True
    found = _exact(search, output, certain=False) or _cover(search, output)
    search.loose = False
    return found or _nearest(search, output)


def _merged(causes):
    merged = {}
    for cause in causes:
        if cause.name in merged:
            old = merged[cause.name]
            merged[cause.name] = Cause(
                old.name, old.hint, old.read, tuple(dict.fromkeys(old.outputs + cause.outputs)), old.certain
            )
        else:
            merged[cause.name] = cause
    return list(merged.values())


def _cause(candidate, output, certain=True):
    return Cause(candidate.name, candidate.hint, candidate.read, (output.lstrip("~"),), certain)


def _candidates(search, output):
    """Known mistakes that differ from what is right in this output on a failing case, judged on that one case first."""
    first = search.run.wrong(output)[0]
    for candidate in known.mistakes(search.run.task.name):
        if search.matches(candidate, output, first):
            yield candidate


def _told(run, output):
    """A mistake that the difference itself gives away: initial weights and dropout are judged by their statistics."""
    causes = [run.bad[i][output].cause for i in run.wrong(output) if run.bad[i][output].cause]
    if not causes:
        return []
    name, hint = max(causes, key=causes.count)
    return [Cause(name, hint, "", (output,))]


def _exact(search, output, certain=True):
    """The known mistake that gives this output on every case; of several, the one most like the student's in all."""
    if isinstance(search.run.outcomes[search.run.wrong(output)[0]].values.get(output), dict):
        told = _told(search.run, output)
        if told:
            return told
    cases = range(len(search.run.cases))
    order = sorted(cases, key=lambda i: output not in search.run.bad[i])
    found = [c for c in _candidates(search, output) if all(search.matches(c, output, i) for i in order)]
    if not found:
        return []
    outputs = [*search.run.task.outputs, *[o for o in search.run.outputs if o not in search.run.task.outputs]]
    best = (
        max(found, key=lambda c: sum(search.matches(c, o, i) for o in outputs for i in cases))
        if found[1:]
        else found[0]
    )
    return [_cause(best, output, certain)]


def _nearest(search, output):
    """The known mistake that comes far nearer to the student's result than what is right, on most failing cases."""
    run, wrong = search.run, set(search.run.wrong(output))
    right = [i for i in range(len(run.cases)) if i not in wrong]
    best, most = None, 0.75 * len(wrong)
    for candidate in known.mistakes(run.task.name):
        if search.late():
            break
        near = sum(_much_nearer(search, candidate, output, i) for i in wrong)
        if near > most and all(search.matches(candidate, output, i) for i in right):
            best, most = candidate, near
    return [_cause(best, output, certain=False)] if best else []


def _much_nearer(search, candidate, output, i):
    case = search.run.cases[i]
    right = case.expected.get(output)
    right = getattr(right, "expected", right)
    if not is_number(right) and not isinstance(right, np.ndarray):
        return False
    theirs, mine = search.run.outcomes[i].values.get(output), search.outcome(candidate, i).get(output)
    arrays = [np.asarray(v) for v in (theirs, mine, right)]
    if any(a.dtype.kind not in "iuf" or a.shape != arrays[2].shape or not np.isfinite(a).all() for a in arrays):
        return False
    theirs, mine, right = (a.astype(float) for a in arrays)
    return bool(np.abs(theirs - mine).max() <= _NEAR * np.abs(theirs - right).max())


def _two(search, output):
    """Two edits of the plain implementation that together give the student's output on every case."""
    values = [search.run.outcomes[i].values.get(output) for i in search.run.wrong(output)]
    numeric = [v for v in values if is_number(v) or (isinstance(v, np.ndarray) and v.dtype.kind in "biuf")]
    if output.startswith("~") or not numeric:
        return []
    wrong = search.run.wrong(output)
    order = wrong + [i for i in range(len(search.run.cases)) if i not in wrong]
    for first, second, both in known.pairs(search.run.task.name):
        if search.late():
            return []
        if all(search.matches(both, output, i) for i in order):
            parts = [m for m in (first, second) if _touches(search, m, output)]
            return [_cause(m, output) for m in parts or (first, second)]
    return []


def _touches(search, candidate, output):
    """Whether the mistake alone makes this output wrong on some case."""
    for i, case in enumerate(search.run.cases):
        values = search.outcome(candidate, i)
        from .engine import Outcome

        if output in failing(Outcome(values), case):
            return True
    return False


def _cover(search, output):
    """Known mistakes that agree with every right result of the student and between them give most of the wrong ones."""
    run, wrong = search.run, set(search.run.wrong(output))
    right = [i for i in range(len(run.cases)) if i not in wrong]
    options = []
    for candidate in known.mistakes(run.task.name):
        if search.late():
            break
        explains = {i for i in wrong if search.matches(candidate, output, i)}
        firmly = any(search.matches_firmly(candidate, output, i) for i in explains)
        if firmly and all(search.matches(candidate, output, i) for i in right):
            options.append((candidate, explains))
    chosen, left = [], set(wrong)
    while options and left:
        best = max(options, key=lambda o: len(o[1] & left))
        if not best[1] & left:
            break
        chosen.append(best[0])
        left -= best[1]
    if not chosen or len(left) > len(wrong) / 2 or len(chosen) > 3:
        return []
    return [_cause(c, output, certain=not left) for c in chosen]


def _values(run):
    return [v for o in run.outcomes for v in o.values.values()]


def _given_away(run):
    """Causes that the exception itself tells."""
    values = _values(run)
    for value in values:
        if isinstance(value, Raised) and value.type == "NotImplementedError":
            return [Cause("not-written", "the cell still raises NotImplementedError; write the function in its place.")]
        if isinstance(value, Raised) and value.type == "TimedOut":
            return [Cause("endless-loop", "the call was stopped; look for a loop whose end is never reached.")]
    named = [v for v in values if isinstance(v, Raised) and v.type in ("NameError", "UnboundLocalError")]
    if not named:
        return []
    text = f": {named[0].text}" if named[0].text else ""
    if named[0].type == "NameError":
        return [Cause("undefined-name", f"a name is used that was never given a value{text}.")]
    return [Cause("undefined-name", f"a variable is read before it is given a value, at least on one branch{text}.")]


_ERRORS = [
    (
        "TypeError",
        r"indices must be integers.*not '?str",
        "not-a-dict",
        "a tuple, list or array is asked for a name, as if it were a dict; does the backward read what the forward put "
        "into its cache?",
    ),
    (
        "TypeError",
        r"float.*integer|indices must be integers|integer argument",
        "float-for-integer",
        "a float stands where an integer must: sizes and indices divide with //, not with /",
    ),
    ("ValueError", r"read-only", "writes-input", "an input is written into; work on a copy"),
    (
        "TypeError|ValueError",
        r"unpack",
        "unpacked-wrongly",
        "a tuple was unpacked into another number of names than it has parts; does the backward unpack what the "
        "forward put into its cache?",
    ),
    (
        "TypeError",
        r"positional argument|unexpected keyword|missing \d",
        "wrong-signature",
        "a function is called with other arguments than it takes",
    ),
    (
        "ValueError",
        r"broadcast|aligned|mismatch|matmul|dimension|reshape|shape",
        "shapes-do-not-fit",
        "two shapes do not fit together",
    ),
    ("IndexError", r"", "index-out-of-range", "an index lies outside its array"),
    ("KeyError", r"", "key-missing", "a dict is asked for a key that it does not have"),
    ("TypeError", r"None", "none-used", "something that is still None is used as an array"),
    (
        "AttributeError|ImportError|ModuleNotFoundError",
        r"",
        "does-not-exist",
        "something is asked for that does not exist",
    ),
    ("ZeroDivisionError", r"", "divides-by-zero", "a number is divided by 0"),
    ("TypeError", r"", "wrong-type", "an operation is applied to something that does not allow it"),
    ("ValueError", r"", "wrong-value", "a function refuses a value that it is given"),
]


def _from_errors(run):
    """Causes that an exception or a missing return hints at."""
    values = _values(run)
    missing = [v for v in values if isinstance(v, Missing)]
    if len(missing) >= max(1, len(values) / 2):
        if missing[0].text.startswith("returned None"):
            return [Cause("no-return", "the function ends without `return`, so it gives None.")]
        return [Cause("wrong-return", f"the function {missing[0].text}.")]
    if values and len([v for v in values if v is None]) >= len(values) / 2:
        return (
            [_NOT_FILLED]
            if len(run.task.outputs) > 1 or "forward" in run.task.name
            else [Cause("no-return", "the function ends without `return`, so it gives None.")]
        )
    for value in values:
        if isinstance(value, Raised):
            for kinds, text, name, hint in _ERRORS:
                if re.fullmatch(kinds, value.type) and re.search(text, value.text):
                    told = (
                        f": {value.text}"
                        if value.text and name in ("does-not-exist", "key-missing", "wrong-signature")
                        else ""
                    )
                    return [Cause(name, hint + told + ("" if hint.endswith("?") else "."), certain=False)]
    return []


_NOT_FILLED = Cause("not-filled", "the result is still None: the line that computes it is missing.")


def _sides(run, output):
    """The cases on which the output is wrong, and those on which it is right."""
    wrong = set(run.wrong(output))
    judged = output in ("!",) or output.startswith("~")
    return wrong, [i for i, case in enumerate(run.cases) if i not in wrong and (judged or output in case.expected)]


def _pattern(run, output):
    """A property that every failing input has and no passing one."""
    wrong, right = _sides(run, output)
    if not right or not wrong:
        return None
    shared = set.intersection(*(set(run.cases[i].tags) for i in wrong))
    only = [t for t in shared if not any(t in run.cases[i].tags for i in right)]
    known_tags = [t for t in run.task.patterns if t in only]
    if known_tags:
        name, hint = run.task.patterns[known_tags[0]]
        return Cause(name, hint, run.task.read, (output,), certain=False)
    return None


def _where(run, output):
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


_VAGUE = ("only the first", "first wrong", "last wrong", "only the last")  # where it is wrong, not how


def _relation(run, output):
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
