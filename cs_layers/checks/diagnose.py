"""Finds the reason for a wrong result.

Results that come back in another order are told first. Then, for each wrong output, in this order: a known mistake
that gives the same on every case; a simple relation to what is right (a factor N, a transposed array, an axis kept,
all zeros); two known mistakes at once; known mistakes that between them explain most of the failing cases; a property
that the failing inputs share and no other has ("every input with pad 0"); where the result is wrong. Of an input that
was written into this is said, where nothing more is known of it.
"""

from __future__ import annotations

import time

import numpy as np

from . import known, relations
from .calls import Guard, Missing, Raised
from .compare import agree, is_number
from .engine import Outcome, failing, tried
from .raised import from_errors, given_away, of_its_own
from .report import Cause

_SECONDS = 3.0  # of processor time
_SECONDS_FOR_PAIRS = 1.5  # of these
_NEAR = 0.01  # how much nearer than the right result a mistake's must be, to be named though it is not the same


class _Search:
    """Runs known mistakes on the student's cases, each at most once a case."""

    def __init__(self, run):
        self.run = run
        self.guard = Guard()
        self.known = {}
        self.start = time.process_time()
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
                cache[i] = tried(self.run.task, functions, case, self.guard).values
        return cache[i]

    def matches(self, candidate, output, i):
        """Whether the candidate's output is what the student's is, on case i."""
        if output not in self.run.cases[i].expected and output != "!" and not output.startswith("~"):
            return True
        theirs = self.run.outcomes[i].values
        mine = self.outcome(candidate, i)
        if output == "!":
            return _raised(theirs) == _raised(mine)
        if any(o.startswith("~") and o not in theirs for o in mine):
            return False  # who leaves the inputs alone has not made a mistake that writes into them
        if output.startswith("~"):
            return theirs.get(output, False) == mine.get(output, False)
        if output not in self.run.bad[i] or not self.fails(candidate, output, i):
            return output not in self.run.bad[i] and not self.fails(candidate, output, i)
        if self.loose and isinstance(theirs.get(output), Raised) and isinstance(mine.get(output), Raised):
            return True
        return _same(theirs.get(output), mine.get(output))

    def matches_firmly(self, candidate, output, i):
        """Of a match: whether it is one of values, or of calls that raised alike, common errors in the same words."""
        theirs, mine = self.run.outcomes[i].values.get(output), self.outcome(candidate, i).get(output)
        if not isinstance(theirs, Raised):
            return True
        return theirs == mine and (theirs.type not in ("ValueError", "TypeError") or theirs.text == mine.text)

    def late(self, seconds=_SECONDS):
        return time.process_time() > self.start + seconds

    def fails(self, candidate, output, i):
        """Whether the candidate's output is wrong on case i."""
        return output in failing(Outcome(self.outcome(candidate, i)), self.run.cases[i])


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
    plainly = given_away(run)
    if plainly:
        return plainly, ""
    search, left = _Search(run), []
    causes = _exchanged(search)
    for output in [o for o in run.outputs if not any(o in c.outputs for c in causes)]:
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
        relation = relations.relation(run, output)
        shared = [] if relation and not relations.vague(relation) else relations.patterns(run, output)
        causes += shared
        if relation:
            causes.append(relation)
        if not shared and not relation and output.startswith("~"):
            causes.append(_written_into(output[1:]))
        elif not shared and not pattern:
            pattern = relations.where(run, output)
            pattern = f"In {output}: {pattern}" if pattern and len(run.outputs) > 1 else pattern
    if not any(cause.certain for cause in causes):
        causes = _from_forward(run) or causes
    return _merged(causes or from_errors(run)), pattern


def _exchanged(search):
    """Results in another order, unless one known mistake says the same in the task's own words."""
    for cause in relations.exchanged(search.run):
        known_as = {tuple(c.name for c in _exact(search, output)) for output in cause.outputs}
        return [] if len(known_as) == 1 and known_as != {()} else [cause]
    return []


def _written_into(name):
    hint = f"an in-place operation (+=, -=, {name}[…] = …) changes {name}, or an array that shares its memory. Copy it."
    return Cause("writes-input", hint, "", (name,), certain=False)


def _from_forward(run):
    """The forward is to blame where a backward cannot do with any cache but its own, and that one is wrong."""
    failed = [outcome for outcome, bad in zip(run.outcomes, run.bad, strict=True) if bad]
    told = [outcome.forward for outcome in failed]
    if not told or not all(told) or any(of_its_own(v, o.forward) for o in failed for v in o.values.values()):
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
    found = _exact(search, output) or _told(search.run, output)
    if not found:
        relation = relations.relation(search.run, output)
        found = [relation] if relation and not relations.vague(relation) else _two(search, output)
    values = [search.run.outcomes[i].values.get(output) for i in search.run.wrong(output)]
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
    found = [
        c
        for c in _candidates(search, output)
        if all(search.matches(c, output, i) for i in order) and (not certain or _evident(search, c, output))
    ]
    if not found:
        return []
    outputs = [*search.run.task.outputs, *[o for o in search.run.outputs if o not in search.run.task.outputs]]
    best = (
        max(found, key=lambda c: sum(search.matches(c, o, i) for o in outputs for i in cases))
        if found[1:]
        else found[0]
    )
    return [_cause(best, output, certain)]


def _evident(search, candidate, output):
    """Whether a match says something: not where every call raised, and each in other words than the candidate's."""
    run = search.run
    judged = [i for i, case in enumerate(run.cases) if output in case.expected or output[:1] in "!~"]
    return len(run.wrong(output)) < len(judged) or any(
        search.matches_firmly(candidate, output, i) for i in run.wrong(output)
    )


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
    theirs, mine = search.run.outcomes[i].values, search.outcome(candidate, i)
    if any(o.startswith("~") and o not in theirs for o in mine):
        return False
    theirs, mine = theirs.get(output), mine.get(output)
    if not all(is_number(v) or isinstance(v, np.ndarray) for v in (theirs, mine)):
        return False
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
    later = []  # pairs that show together what neither shows alone
    for pair in known.pairs(search.run.task.name):
        if search.late(_SECONDS_FOR_PAIRS):
            return []
        if not _worth_trying(search, *pair[:2], output, wrong[0]):
            later.append(pair)
        elif all(search.matches(pair[2], output, i) for i in order):
            return _causes_of_both(search, *pair[:2], output)
    for first, second, both in later:
        if search.late(_SECONDS_FOR_PAIRS):
            return []
        touched = _touches(search, first, output) or _touches(search, second, output)
        if touched and all(search.matches(both, output, i) for i in order):
            return _causes_of_both(search, first, second, output)
    return []


def _causes_of_both(search, first, second, output):
    parts = [m for m in (first, second) if _touches(search, m, output)]
    return [_cause(m, output) for m in parts or (first, second)]


def _worth_trying(search, first, second, output, i):
    """Whether two mistakes may give the student's output on case i: both make it wrong there, or one that gives it."""
    wrong = [m for m in (first, second) if search.fails(m, output, i)]
    return len(wrong) == 2 or (len(wrong) == 1 and search.matches(wrong[0], output, i))


def _touches(search, candidate, output):
    """Whether the mistake alone makes this output wrong on some case."""
    return any(search.fails(candidate, output, i) for i in range(len(search.run.cases)))


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
