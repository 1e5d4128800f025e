"""Runs a function on the cases of its task, judges each result, and puts a report together.

A `Task` belongs to one graded function. Its cases hold inputs and what is right for them; `task.run` calls the
student's function (or a known mistake, which goes the same way) on one case and gives an `Outcome`: a value for each
named output. An input that a call changed counts as an output too, named "~x", so that writing into an input is
judged and diagnosed like anything else.

Levels of a finding. *Wrong*: a value, shape or kind that is not right, a state kept between calls. *Demanded*, and said
in the task's text: inputs and dout are left as they were, and what a family's module says is demanded (finite losses,
overlapping windows, tied maxima, errors for strides that do not fit). *Advice*, which costs nothing: float64 from
float32, float32 from float64, an output that is a view of an input, prints, `w` updated in place, a slow loop.
"""

from __future__ import annotations

import contextlib
import os
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from . import compare as _compare
from .calls import Guard, Missing, Raised, copy_of, same, touched, unpack, writeable
from .report import ADVICE, DEMANDED, WRONG, Cause, Finding, Report, passed


@dataclass
class Case:
    """One input and what is right for it.

    args : dict          arguments in order, by the name the message uses
    expected : dict      output -> array, number, or a callable that takes the value and returns a Difference or None
    tags : set of str    facts about the input ("pad 0", "not square"), to find what the failing inputs have in common
    numbers : dict       quantities by which a result may be off ("N": 4)
    raises : type        the exception that is demanded instead of a result
    level : str          level of a fault on this case
    plain : bool         an everyday input; being right on all of these alone still earns part of the points
    """

    args: dict
    expected: dict
    tags: frozenset = frozenset()
    numbers: dict = field(default_factory=dict)
    raises: type | None = None
    raises_why: str = ""
    level: str = WRONG
    plain: bool = True
    rtol: float | None = None
    floor: dict = field(default_factory=dict)
    like: dict = field(default_factory=dict)
    extra: dict = field(default_factory=dict)
    parts: dict = field(default_factory=dict)  # output -> name -> array: what it is a weighted sum of


def refusal(args, tag, why):
    """A case whose input must be refused with a ValueError, as the task's text demands."""
    return Case(args, {}, frozenset({tag}), raises=ValueError, raises_why=why, level=DEMANDED, plain=False)


@dataclass
class Outcome:
    """What one case gave. `forward` tells what was wrong with the forward whose cache a backward was to be fed from."""

    values: dict
    advice: list = field(default_factory=list)
    forward: str = ""


@dataclass
class Task:
    """What belongs to one graded function.

    `demands` has, for each tag whose cases are *demanded*, the words (a regular expression) of the task's text that
    say so; without such words in a notebook a test fails.
    """

    name: str
    outputs: tuple
    cases: Callable  # (rng, **options) -> list of Case
    run: Callable  # (functions, case, guard) -> Outcome
    call: str  # "affine_forward(x, w, b)"
    weights: dict = field(default_factory=dict)
    read: str = ""
    patterns: dict = field(default_factory=dict)  # tag -> (name, hint)
    demands: dict = field(default_factory=dict)
    probes: tuple = ()  # callables (task, trace) -> list of Cause
    options: tuple = ()
    repeat: Callable | None = None  # (functions, cases, outcomes, guard) -> findings

    def rng(self, seed):
        return np.random.default_rng([seed, zlib.crc32(self.name.encode())])


def seed_of(seed):
    return int(os.environ.get("CS_LAYERS_CHECK_SEED") or 0) if seed is None else int(seed)


def forward_run(names, outputs, unjudged=("cache",)):
    """A `Task.run` for a function called with the case's arguments that returns `outputs`."""

    def run(functions, case, guard):
        args = {n: copy_of(v) for n, v in case.args.items()}
        before = {n: copy_of(v) for n, v in args.items()}
        result = guard(functions[0], *args.values())
        values = unpack(result, names)
        values = {n: v for n, v in values.items() if n not in unjudged}
        for n in touched(before, args):
            values["~" + n] = True
        return Outcome(values, _advice(values, case, outputs, args))

    return run


def _advice(values, case, outputs, args):
    """Findings that cost nothing: float64 out of float32 in, an output that is a view of an input."""
    found = []
    floats = [a.dtype for a in case.args.values() if isinstance(a, np.ndarray) and a.dtype.kind == "f"]
    single = floats and all(d == np.float32 for d in floats)
    for n in outputs:
        v = values.get(n)
        if not isinstance(v, np.ndarray):
            continue
        if single and v.dtype == np.float64:
            found.append(
                Finding(ADVICE, n, "is float64 where the inputs are float32; take the dtype from the input", "dtype")
            )
        if not single and v.dtype == np.float32:
            text = "is float32 where the inputs are float64: half of the digits are lost"
            found.append(Finding(ADVICE, n, text, "dtype"))
        if any(isinstance(a, np.ndarray) and np.may_share_memory(v, a) for a in args.values()):
            found.append(
                Finding(ADVICE, n, "shares its memory with an input; who changes one changes both", "aliasing")
            )
    return found


def backward_run(task_forward, grads, feed, unjudged=("cache",)):
    """A `Task.run` for a backward, fed from the student's own forward, or from a right cache where that one is wrong.

    Parameters
    ----------
    task_forward : Task           judges the forward
    grads : tuple of str          names of what the backward returns
    feed : callable               case -> the right cache in the documented layout
    """

    def once(backward, cache, case, guard, args):
        dout = copy_of(case.extra["dout"])
        intact = {n: v for n, v in case.args.items() if n in args and isinstance(v, np.ndarray) and same(v, args[n])}
        result = guard(backward, dout, cache)
        values = unpack(result, grads)
        if not same(case.extra["dout"], dout):
            values["~dout"] = True
        for n in touched(intact, args):
            values["~" + n] = True
        return Outcome(values, _advice(values, _with_dout(case), grads, {"dout": dout, **args}))

    def run(functions, case, guard):
        backward, forward = (*functions, None)[:2]
        if forward is None:
            return once(backward, copy_of(feed(case)), case, guard, {})
        args = {n: copy_of(v) for n, v in case.args.items()}
        result = guard(forward, *args.values())
        values = unpack(result, (*task_forward.outputs, "cache"))
        right = not any(judge_value(values[o], case.extra["out"], case, o) for o in task_forward.outputs)
        arrays = {n: v for n, v in case.args.items() if isinstance(v, np.ndarray)}
        right = right and not touched(arrays, args)  # a cache may hold the array that was written into
        if isinstance(values["cache"], (Raised, Missing)):
            outcome = once(backward, copy_of(feed(case)), case, guard, {})
            outcome.forward = _complaint(task_forward.name, values["cache"]) if _raised(outcome) else ""
            return outcome
        outcome = once(backward, values["cache"], case, guard, args)
        if right or not failing(outcome, case):
            return outcome
        other = once(backward, copy_of(feed(case)), case, guard, {})
        if not _raised(other):
            return other
        if not _raised(outcome):  # its cache has another layout
            outcome.forward = f"{task_forward.name} is not right yet"
        return outcome

    return run


def _complaint(name, cache):
    if isinstance(cache, Missing):
        return f"{name} {cache.text}"
    return f"{name} raises {cache.type}" + (f": {cache.text}" if cache.text else "")


def _raised(outcome):
    return any(isinstance(v, Raised) for v in outcome.values.values())


def _with_dout(case):
    return Case({**case.args, "dout": case.extra["dout"]}, {})


def judge_value(value, expected, case, output):
    """The Difference between an output and what is right for it, or None."""
    if isinstance(value, Raised):
        if value.type == "NotImplementedError":
            return _compare.Difference("empty", "is not written yet (NotImplementedError)")
        text = f"raised {value.type}" + (f": {value.text}" if value.text else "")
        at = f", at `{value.line}`" if value.line else ""
        return _compare.Difference("raised", text + at, f"raised {value.type}")
    if isinstance(value, Missing):
        return _compare.Difference("missing", value.text)
    if callable(expected):
        return expected(value)
    rtol = case.rtol or _compare.tolerance(*case.args.values(), case.extra.get("dout"), value)
    return _compare.compare(value, expected, rtol, case.floor.get(output, 0.0), case.like.get(output, ""))


def failing(outcome, case):
    """Output -> Difference, for each output that is wrong on this case, changed inputs included."""
    bad = {}
    if case.raises:
        value = next(iter(outcome.values.values()))
        if not (isinstance(value, Raised) and _is_a(value.type, case.raises)):
            got = f"raised {value.type}" if isinstance(value, Raised) else "returned a result"
            bad["!"] = _compare.Difference("!", f"{got}, expected {case.raises.__name__}: {case.raises_why}")
        return bad
    for output, expected in case.expected.items():
        difference = judge_value(outcome.values.get(output), expected, case, output)
        if difference:
            bad[output] = difference
    for output in outcome.values:
        if output.startswith("~"):
            name = output[1:]
            bad[output] = _compare.Difference("mutated", f"was changed by the call; work on a copy of {name}")
    return bad


def _is_a(type_name, wanted):
    """Whether an exception type, known only by its name, is `wanted` or one of its built-in subclasses."""
    import builtins

    kind = getattr(builtins, type_name, None)
    return type_name == wanted.__name__ or (isinstance(kind, type) and issubclass(kind, wanted))


@dataclass
class Trace:
    """All that happened: for each case its outcome and what was wrong with it."""

    task: Task
    cases: list
    outcomes: list
    bad: list
    functions: tuple = ()

    @property
    def outputs(self):
        """Outputs that are wrong on at least one case, in the task's order."""
        order = [*self.task.outputs, "!"]
        seen = {o for b in self.bad for o in b}
        return [o for o in order if o in seen] + sorted(seen - set(order))

    def wrong(self, output):
        return [i for i, b in enumerate(self.bad) if output in b]


def trace(task, functions, cases, guard=None):
    guard = guard or Guard()
    outcomes, bad = [], []
    for case in cases:
        outcome, wrong = _attempt(task, functions, case, guard)
        outcomes.append(outcome)
        bad.append(wrong)
        if _hopeless(outcome, bad):
            break
    return Trace(task, cases[: len(outcomes)], outcomes, bad, functions)


def _attempt(task, functions, case, guard):
    """Run one case and judge it. A result too strange to be looked at is wrong, not an error of the check."""
    try:
        outcome = tried(task, functions, case, guard)
        return outcome, failing(outcome, case)
    except Exception as error:
        text = f"returned something of another kind than expected ({type(error).__name__} while it was looked at)"
        outcome = Outcome(dict.fromkeys(case.expected or ("!",), Missing(text)))
        return outcome, {o: _compare.Difference("missing", text) for o in outcome.values}


def tried(task, functions, case, guard):
    """Run one case; again with inputs that may be written to, where the call refused to go on with protected ones.

    Who writes into an input what was there already, or puts it back, has changed nothing.
    """
    outcome = task.run(functions, case, guard)
    if any(isinstance(v, Raised) and "read-only" in v.text for v in outcome.values.values()):
        open_to_all = replace(case, args=writeable(case.args), extra=writeable(case.extra))
        again = task.run(functions, open_to_all, guard)
        if not failing(again, open_to_all):
            return again
    return outcome


def _hopeless(outcome, bad):
    """Nothing more to learn: not written yet, or a call that never ended."""
    return any(isinstance(v, Raised) and v.type in ("NotImplementedError", "TimedOut") for v in outcome.values.values())


def examine(task, functions, seed=None, explain=True, **options):
    """Try the functions on every case of the task and report what was found."""
    seed = seed_of(seed)
    cases = task.cases(task.rng(seed), **options)
    guard = Guard()
    start = time.perf_counter()
    run = trace(task, functions, cases, guard)
    seconds = time.perf_counter() - start
    report = Report(task.name, seed=seed, inputs=len(cases), failing=sum(bool(b) for b in run.bad))
    state = []
    if not report.failing and task.repeat:
        state = task.repeat(functions, run, guard)
        report.failing += bool(state)
    report.findings = _findings(run) + state + _all_advice(run, guard)
    report.points = _points(run) if not state else 0.5
    graded = os.environ.get("NBGRADER_EXECUTION") == "autograde"  # then what is said is the same at every run
    if not report.failing and explain and not graded:
        from .pace import slow

        with contextlib.suppress(Exception):  # advice never costs, and neither does a failure to give it
            report.findings += slow(task, functions, lambda plain: trace(task, plain, cases), seconds)
    if report.failing and run.outputs and explain:
        from .diagnose import diagnose

        report.right = _right(run)
        report.called = _called(run)
        with contextlib.suppress(Exception):  # a result too strange to be explained is still wrong, and said to be
            report.causes, report.pattern = diagnose(run)
    if state:
        report.causes = [_REMEMBERS]
    return report


_REMEMBERS = Cause(
    "state-between-calls",
    "something is kept from call to call, in a global, a default argument or a fixed seed. Keep what a backward needs "
    "in the cache, and begin every call afresh.",
    certain=False,
)


def conclude(report, verbose=True):
    """Raise what the report says, or print its one line."""
    if report.faults:
        raise report.error() from None
    if verbose:
        print(passed(report))


def _findings(run):
    found = []
    for output in run.outputs:
        cases = run.wrong(output)
        first = min(cases, key=lambda i: _interest(run.bad[i][output], run.cases[i]))
        difference, case = run.bad[first][output], run.cases[first]
        level = DEMANDED if output.startswith("~") or output == "!" else case.level
        name = "" if output == "!" or difference.kind in ("raised", "empty") else output.lstrip("~")
        if difference.kind == "missing" and difference.text.startswith("returned"):
            name = ""
        entry = Finding(level, name, difference.text, difference.kind, difference.brief)
        if not any(f.message == entry.message and f.output == entry.output for f in found):
            found.append(entry)
    return found


_ORDER = ("empty", "missing", "kind", "shape", "raised", "value", "finite", "mutated", "!")


def _interest(difference, case):
    """Sort key: structural faults first, then the plainest and smallest input that shows the fault."""
    size = sum(a.size for a in case.args.values() if isinstance(a, np.ndarray))
    return (_ORDER.index(difference.kind) if difference.kind in _ORDER else 5, not case.plain, size)


def _called(run):
    """The call that the first finding is about, with shapes and dtypes."""
    output = run.outputs[0]
    first = min(run.wrong(output), key=lambda i: _interest(run.bad[i][output], run.cases[i]))
    return call_text(run.task, run.cases[first])


def call_text(task, case):
    args = dict(case.args)
    if "dout" in case.extra:
        args["dout"] = case.extra["dout"]
    kinds = {a.dtype for a in args.values() if isinstance(a, np.ndarray) and a.dtype.kind == "f"}
    one = kinds.pop() if len(kinds) == 1 else None
    parts = []
    for name, value in args.items():
        if isinstance(value, np.ndarray):
            dtype = "" if one is not None and value.dtype == one else f" {value.dtype}"
            parts.append(f"{name} {_compare.shape_of(value)}{dtype}")
        elif isinstance(value, dict):
            parts.append(f"{name} {_short(value)}")
        elif callable(value):
            parts.append(f"{name}")
        elif isinstance(value, bytes):
            parts.append(f"{name} of {len(value)} bytes")
        else:
            text = _compare.number(value) if isinstance(value, float) else repr(value)
            parts.append(f"{name} {text if len(text) <= 60 else text[:57] + '…'}")
    end = f", {one}" if one is not None else ""
    return f"{task.call} with {', '.join(parts)}{end}" if parts else task.call


def _short(mapping):
    shown = ", ".join(f"{k!r}: {v!r}" for k, v in mapping.items() if _is_short(v))
    return f"{{{shown}}}" if shown or not mapping else f"a dict of {len(mapping)}"


def _is_short(value):
    if isinstance(value, tuple):
        return len(value) <= 3 and all(map(_is_short, value))
    return isinstance(value, (int, float, str))


def _right(run):
    """Outputs without a fault, said only where another output has one."""
    if any(f in run.outputs for f in ("!",)) or any(
        isinstance(v, (Raised, Missing)) for o in run.outcomes for v in o.values.values()
    ):
        return []
    return [o for o in run.task.outputs if o not in run.outputs]


def _all_advice(run, guard):
    found = []
    for outcome in run.outcomes:
        for finding in outcome.advice:
            if finding not in found:
                found.append(finding)
    if guard.printed:
        found.append(Finding(ADVICE, "", "prints while it runs; what it printed is not shown here", "print"))
    return found


def _points(run):
    """Each output has its share of the points: all if right on every input, half if right on every plain one.

    A changed input, a missing error and whatever else has no share each cost a quarter.
    """
    weights = run.task.weights or {o: 1.0 for o in run.task.outputs}
    total = sum(weights.values())
    earned = 0.0
    for output, weight in weights.items():
        cases = run.wrong(output)
        if not cases:
            earned += weight
        elif len(run.bad) > 1 and not any(run.cases[i].plain for i in cases):
            earned += weight / 2
    share = earned / total
    extra = [o for o in run.outputs if o not in weights]
    return round(max(0.0, share - 0.25 * len(extra)), 4)


def repeat_forward(functions, run, guard):
    """Call again with the first and the second input: a function that remembers gives something else now."""
    for i in range(min(2, len(run.cases))):
        again = run.task.run(functions, run.cases[i], guard)
        if failing(again, run.cases[i]):
            text = "differs when the same call is made again"
            return [Finding(WRONG, next(iter(failing(again, run.cases[i]))).lstrip("~"), text, "state")]
    return []


def repeat_backward(functions, run, guard):
    """Two forwards, then the backward of the first: what it needs must be in its cache, not in a global."""
    again = repeat_forward(functions, run, guard)
    if again or len(functions) < 2 or len(run.cases) < 2:
        return again
    backward, forward = functions
    first, second = run.cases[:2]
    caches = []
    for case in (first, second):
        args = {name: copy_of(value) for name, value in case.args.items()}
        got = unpack(guard(forward, *args.values()), ("out", "cache"))
        if judge_value(got["out"], case.extra["out"], case, "out") or touched(case.args, args):
            return []  # the forward's own fault, which may well spoil its cache
        caches.append(got["cache"])
    values = unpack(guard(backward, copy_of(first.extra["dout"]), caches[0]), run.task.outputs)
    wrong = failing(Outcome(values), first)
    if not wrong:
        return []
    text = "is wrong once the forward has run again"
    return [Finding(WRONG, next(iter(wrong)), text, "state")]
