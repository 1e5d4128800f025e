"""What a check found, and the message that a student reads."""

from __future__ import annotations

import os
import re
import textwrap
from contextlib import contextmanager
from dataclasses import dataclass, field

WRONG, DEMANDED, ADVICE = "wrong", "demanded", "advice"
_LINES = 12
_WIDTH = 110
_hidden = 0


@dataclass(frozen=True)
class Finding:
    """One thing that a check found.

    level : "wrong" and "demanded" (the task text asks for it) cost points, "advice" never does.
    output : the output, or the input that was changed, that it is about.
    message : a clause that follows the output's name.
    """

    level: str
    output: str
    message: str
    kind: str = "value"
    brief: str = ""

    def sentence(self, hidden=False):
        return f"{self.output} {self.brief if hidden and self.brief else self.message}".strip()


@dataclass(frozen=True)
class Cause:
    """A reason that was recognised: the mistake's name, its hint, where to read, and the outputs that it explains."""

    name: str
    hint: str
    read: str = ""
    outputs: tuple = ()
    certain: bool = True


class CheckFailed(AssertionError):
    """A function is not right. `str(error)` is what the student reads.

    Attributes
    ----------
    function : str
    findings : list of Finding
    diagnosis : list of str       names of the recognised mistakes, best first
    points : float                share of the points still earned, 0 to 1
    seed : int
    """

    def __init__(self, message, function="", findings=(), diagnosis=(), points=0.0, seed=0):
        super().__init__(message)
        self.function = function
        self.findings = list(findings)
        self.diagnosis = list(diagnosis)
        self.points = float(points)
        self.seed = seed

    def __reduce__(self):
        return type(self), (str(self), self.function, self.findings, self.diagnosis, self.points, self.seed)

    def _render_traceback_(self):
        """What IPython shows: the message alone, for the frames below it are the check's own."""
        return ["CheckFailed: " + str(self)]


@dataclass
class Report:
    """All that a check found about a function on its inputs."""

    function: str
    findings: list = field(default_factory=list)
    causes: list = field(default_factory=list)
    right: list = field(default_factory=list)  # outputs without a fault
    called: str = ""
    inputs: int = 0
    failing: int = 0
    pattern: str = ""
    points: float = 1.0
    seed: int = 0

    @property
    def faults(self):
        return [f for f in self.findings if f.level != ADVICE]

    @property
    def advice(self):
        return [f for f in self.findings if f.level == ADVICE]

    def error(self):
        return CheckFailed(
            message(self), self.function, self.findings, [c.name for c in self.causes], self.points, self.seed
        )


@contextmanager
def hidden_messages():
    """Messages made inside the block tell the cause but leave out the values of the inputs and of the results."""
    global _hidden
    _hidden += 1
    try:
        yield
    finally:
        _hidden -= 1


def is_hidden():
    return bool(_hidden or os.environ.get("CS_LAYERS_CHECK_HIDDEN"))


def message(report, hidden=None):
    """The message, at most twelve lines: what is wrong, how it was called, the mistake, what is right."""
    hidden = is_hidden() if hidden is None else hidden
    if [cause.name for cause in report.causes] == ["not-written"]:
        return f"{report.function}: is not written yet. Write it where the notebook says YOUR CODE HERE."
    lines = []
    for i, fault in enumerate(report.faults[:4]):
        lead = f"{report.function}: " if i == 0 else "  and "
        lines += wrap(lead + _stop(fault.sentence(hidden)), "    ")
    if report.called and not hidden:
        lines += wrap(f"  Called as {report.called}.", "    ")
    causes = report.causes[:3]
    for cause in causes:
        lines += wrap("  " + _cause(report, cause, cause is causes[-1]), "    ")
    if report.pattern:
        lines += wrap("  " + report.pattern, "    ")
    if report.right:
        verb = "is" if len(report.right) == 1 else "are"
        lines.append(f"  {_join(report.right)} {verb} right.")
    if report.inputs > 1 and report.failing > 0:
        lines.append(f"  {report.failing} of {report.inputs} inputs fail.")
    text = "\n".join(lines[:_LINES])
    return _without_choices(text) if hidden else text


def _without_choices(text):
    """A message without what a function can choose freely, and so tell what it was called with: fields of records,
    long numbers, shapes of many sizes."""
    for pattern, instead in _CHOICES:
        text = pattern.sub(instead, text)
    return text


_CHOICES = [
    (re.compile(r"\[\((?:'|\").*?\)\]|\{'names'.*?\}", re.S), "records"),
    (re.compile(r"\((?:\d+,\s+){6,}\d+\)"), "many axes"),
    (re.compile(r"\d{5,}"), "…"),
]


def _cause(report, cause, last):
    lead = "Known mistake" if cause.certain else "Likely cause"
    about = ""
    if cause.outputs and (len(report.causes) > 1 or not {f.output for f in report.faults} <= {*cause.outputs, ""}):
        about = f" in {_join(cause.outputs)}"
    read = f" Read {cause.read}." if cause.read and last else ""
    return f"{lead}{about}: {cause.hint}{read}"


def passed(report):
    """The one line of a function that is right, and what is only advice: one line for each kind."""
    seed = f" Seed {report.seed}." if report.seed else ""
    lines = [f"{report.function}: right on {report.inputs} input{'s' * (report.inputs > 1)}.{seed}"]
    kinds = {}
    for finding in report.advice:
        kinds.setdefault(finding.kind, []).append(finding)
    for first, *others in kinds.values():
        also = [f.output for f in others if f.output != first.output]
        too = f"; {_join(dict.fromkeys(also))} likewise" if also else ""
        lines += wrap("  Advice: " + _stop(first.sentence() + too), "    ")
    return "\n".join(lines)


def _stop(text):
    return text if text.endswith((".", "?", "!", "`")) else text + "."


def _join(words):
    words = list(words)
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def wrap(text, indent):
    """The lines of a text, none longer than a message may be."""
    return textwrap.wrap(text, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
