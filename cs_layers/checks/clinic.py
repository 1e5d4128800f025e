"""The bug clinic: broken layers, each with an input that shows what is wrong.

A room holds a broken layer, which is a known mistake of that layer. `expose_1()` and so on return an input for the
layer of the room; it counts if the course's own layer accepts it, the plain right implementation gives the same there,
and the broken one, which differs from the plain one in that mistake only, gives something else.

    checks.show_broken(1)                       prints the source of the broken layer of a room
    checks.survey_broken()                      prints how many random inputs of the everyday kind expose each
    checks.picture_broken(1, expose_1)          draws what the right and the broken layer say on an input
    checks.list_broken([expose_1, ...])         prints in what they differ
    checks.show_broken("svm_loss")              prints the source of a layer with two mistakes
    checks.mended("svm_loss", svm_loss)         its check, which tells symptoms and no causes
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from cs_layers import layers

from . import known
from .calls import Guard, Missing, Raised, copy_of, unpack
from .compare import compare
from .engine import Case, Outcome, Task, conclude, examine
from .registry import check, report
from .report import wrap
from .verdicts import FINE, Verdict, judged

MOST_ENTRIES, LARGEST = 10_000, 1e6


@dataclass(frozen=True)
class Room:
    """A broken layer: which function it is, which mistake it has, and inputs on which nobody notices."""

    target: str
    mistake: str
    takes: tuple
    outputs: tuple
    layer: tuple  # the course's own: (forward,) or (forward, backward)
    everyday: Callable  # rng -> arguments in the order of `takes`

    @property
    def backward(self):
        return len(self.layer) == 2

    @property
    def broken(self):
        return _mistake(self.target, self.mistake)

    def results(self, function, args, guard):
        """What a function with this room's name gives: {output: value}, or Raised for each."""
        args = copy_of(args)
        if not self.backward:
            return unpack(_without_cache(guard(function, *args), len(self.outputs)), self.outputs)
        forward = known.alternatives(self.target.replace("backward", "forward"))[0].function
        made = guard(forward, *args[:-1])
        if isinstance(made, Raised):
            return dict.fromkeys(self.outputs, made)
        return unpack(guard(function, args[-1], made[1]), self.outputs)


def _mistake(target, name):
    return next(m for m in known.mistakes(target) if m.name == name)


def _without_cache(result, count):
    if isinstance(result, tuple) and len(result) > count:
        result = result[:count]
    return result[0] if isinstance(result, tuple) and count == 1 else result


def _pixels(rng, shape):
    """Different values between 0 and 1."""
    return (rng.permutation(int(np.prod(shape))).reshape(shape) + 0.5) / np.prod(shape)


def _relu(rng):
    return rng.normal(size=(4, 5)), rng.normal(size=(4, 5))


def _pool(rng):
    return _pixels(rng, (2, 3, 4, 4)), {"pool_height": 2, "pool_width": 2, "stride": 2}


def _pool_back(rng):
    return *_pool(rng), rng.normal(size=(2, 3, 2, 2))


def _conv(rng):
    x, w, b = rng.normal(size=(2, 3, 5, 5)), rng.normal(size=(2, 3, 3, 3)), rng.normal(size=2)
    return x, w, b, {"stride": 1, "pad": 1}


def _conv_back(rng):
    return *_conv(rng), rng.normal(size=(2, 2, 5, 5))


def _scores(rng):
    return 3 * rng.normal(size=(5, 10)), rng.integers(10, size=5)


def _norm(rng):
    mode = {"mode": ("train", "test")[int(rng.integers(2))]}
    running = {"running_mean": rng.normal(size=3), "running_var": 0.5 + rng.random(3)}
    return rng.normal(size=(6, 3)), rng.normal(size=3), rng.normal(size=3), {**mode, **running}


_POOL, _CONV = ("x", "pool_param"), ("x", "w", "b", "conv_param")
_MAX = (layers.max_pool_forward, layers.max_pool_backward)
ROOMS = [
    Room(
        "relu_backward",
        "gradient-at-zero",
        ("x", "dout"),
        ("dx",),
        (layers.relu_forward, layers.relu_backward),
        _relu,
    ),
    Room("max_pool_forward_naive", "zero-as-smallest", _POOL, ("out",), _MAX[:1], _pool),
    Room("conv_forward_naive", "h-for-w", _CONV, ("out",), (layers.conv_forward,), _conv),
    Room(
        "conv_backward_naive",
        "pad-slice-empty",
        (*_CONV, "dout"),
        ("dx", "dw", "db"),
        (layers.conv_forward, layers.conv_backward),
        _conv_back,
    ),
    Room("max_pool_backward_naive", "ties-paid-in-full", (*_POOL, "dout"), ("dx",), _MAX, _pool_back),
    Room("max_pool_backward_naive", "maximum-assigned", (*_POOL, "dout"), ("dx",), _MAX, _pool_back),
    Room(
        "softmax_loss",
        "log-of-underflowed-probability",
        ("x", "y"),
        ("loss", "dx"),
        (layers.softmax_loss,),
        _scores,
    ),
    Room(
        "batchnorm_forward",
        "eps-hard-coded-at-test-time",
        ("x", "gamma", "beta", "bn_param"),
        ("out",),
        (layers.batchnorm_forward,),
        _norm,
    ),
]
TWO = {
    "svm_loss": ("counts-for-the-batch", "divided-by-classes"),
    "mean_pool_backward_naive": ("overlap-assigned", "divided-by-height-squared"),
}
EXAMPLES = {
    "mean_pool_backward_naive": (
        np.full((1, 1, 1, 3), 3.0),
        (np.zeros((1, 1, 1, 5)), {"pool_height": 1, "pool_width": 3, "stride": 1}),
    )
}


def show(which):
    """Print the source of the broken layer of a room, or of one with two mistakes, by its name."""
    source = _two(which) if which in TWO else _room(which).broken.source
    print(source.rstrip())


def everyday(number, seed=0):
    """An input on which the broken layer of a room is right: a dict of what the layer takes."""
    room = _room(number)
    return dict(zip(room.takes, room.everyday(np.random.default_rng(seed)), strict=True))


def exposed(count=100):
    """How many of `count` random everyday inputs expose each broken layer: {room number: number}."""
    guard, found = Guard(), {}
    for number, room in enumerate(ROOMS, 1):
        inputs = (room.everyday(np.random.default_rng(seed)) for seed in range(count))
        found[number] = sum(_disagreement(room, args, guard) is not None for args in inputs)
    return found


def difference(number, function):
    """The first output on which right and broken differ, on a student's input: its name, right and broken values.

    Raises
    ------
    NotImplementedError, CheckFailed
        If there is no input yet, or it does not expose the layer.
    """
    room, guard = _room(number), Guard()
    given = function()
    _raise(examine(TASKS[number - 1], (lambda: given,)))
    args = _read(given, room)
    right = room.results(known.alternatives(room.target)[0].function, args, guard)
    broken = room.results(room.broken.function, args, guard)
    name = next(n for n in room.outputs if isinstance(broken[n], Raised) or compare(broken[n], right[n]))
    return name, right[name], broken[name]


def survey(count=100):
    """Print how many of `count` random everyday inputs expose each broken layer."""
    for number, found in exposed(count).items():
        print(f"room {number}, {_room(number).target:24s} exposed by {found} of {count} random inputs")


def list_differences(functions):
    """Print for the inputs of all rooms in what right and broken differ."""
    for number, function in enumerate(functions, 1):
        name, right, broken = difference(number, function)
        differ = "values" if np.shape(right) == np.shape(broken) else "shape"
        print(f"room {number}: {_room(number).target:24s} {name:4s} differs in its {differ}")


def picture(which, function):
    """Draw the right and the broken result: of a room on a student's input, of a mended layer on an example."""
    from cs_layers.diagrams import disagreement

    if which not in TWO:
        return disagreement(*difference(which, function))
    example = copy_of(EXAMPLES[which])
    return disagreement("dx", function(*example), broken_twice(which)(*copy_of(EXAMPLES[which])))


def _two(target):
    changes = [c for name in TWO[target] for c in _mistake(target, name).edits]
    return known.apply(known.alternatives(target)[0].source, changes, target)


def broken_twice(target):
    """The layer with two mistakes."""
    return known.build(_two(target), target, "two mistakes")


def mended(target, function):
    """Check a layer, and say what is wrong with its results but not why."""
    conclude(report(target, function, explain=False))


def _room(number):
    if number not in range(1, len(ROOMS) + 1):
        raise ValueError(f"room {number!r}: the clinic has the rooms 1 to {len(ROOMS)}.")
    return ROOMS[number - 1]


# The check of an input


def _cases(rng):
    return [Case({}, {"input": judged})]


def _run_for(room):
    def run(functions, case, guard):
        given = guard(functions[0])
        if isinstance(given, Raised):
            return Outcome({"input": given})
        parts = unpack(given, room.takes)
        if any(isinstance(part, Missing) for part in parts.values()):
            return Outcome({"input": next(iter(parts.values()))})
        return Outcome({"input": _plain(parts) or _verdict(room, _read(given, room), guard)})

    return run


def _read(given, room):
    """The arguments as the layer wants them: lists of numbers become arrays."""
    named = zip(room.takes, given, strict=True)
    return tuple(_array(value, name) if not name.endswith("_param") else value for name, value in named)


def _array(value, name):
    array = np.asarray(value)
    return array if name == "y" or array.dtype.kind == "f" else array.astype(float)


def _plain(parts):
    """A Verdict on parts that are no data at all, or too much of it; None where a layer can be asked."""
    for name, value in parts.items():
        fault = _param(value, name) if name.endswith("_param") else _numbers(value, name)
        if fault:
            return fault
    return None


def _param(value, name):
    if not isinstance(value, dict):
        return Verdict("no dict", f"has {name} = {type(value).__name__}, expected a dict")
    return next((fault for key in value if (fault := _setting(value[key], f"{name}[{key!r}]"))), None)


def _setting(value, name):
    return None if isinstance(value, str) else _numbers(value, name)


def _numbers(value, name):
    try:
        array = np.asarray(value)
    except ValueError:
        array = np.asarray("rows of different lengths")
    if array.dtype.kind not in "iuf":
        return Verdict(f"not numbers {name}", f"has {name} that does not hold numbers")
    if array.size > MOST_ENTRIES:
        return Verdict("size", f"has {name} with {array.size:,} entries; {MOST_ENTRIES:,} are enough for any of these")
    if not np.isfinite(array).all():
        return Verdict("not finite", f"holds inf or nan in {name}: on such an input no layer is right")
    if array.size and np.abs(array).max() > LARGEST:
        text = f"holds {np.abs(array).max():.3g} in {name}; stay within ±{LARGEST:,.0f}, where rounding is no excuse"
        return Verdict("too large", text)
    return None


def _verdict(room, args, guard):
    refused = _refused(room, args, guard)
    if refused:
        return Verdict("refused", f"is no valid one; the right layer says: {refused}")
    plain = room.results(known.alternatives(room.target)[0].function, args, guard)
    own = _own(room, args, guard)
    if any(isinstance(plain[n], Raised) or compare(plain[n], own[n], rtol=1e-6) for n in room.outputs):
        return Verdict("rounding", "is one on which two right layers differ by rounding; take plainer numbers")
    if _disagreement(room, args, guard) is None:
        return Verdict("not exposed", "does not expose the layer: broken and right give the same on it")
    return FINE


def _refused(room, args, guard):
    """What the course's own layer says against an input, or an empty string."""
    result = guard(_call, room, args)
    return (result.text or result.type) if isinstance(result, Raised) else ""


def _call(room, args):
    args = copy_of(args)
    if not room.backward:
        return room.layer[0](*args)
    _, cache = room.layer[0](*args[:-1])
    return room.layer[1](args[-1], cache)


def _own(room, args, guard):
    result = guard(_call, room, args)
    return unpack(result if room.backward else _without_cache(result, len(room.outputs)), room.outputs)


def _disagreement(room, args, guard):
    """(output, sentence) for the first output on which broken and right differ, or None."""
    right = room.results(known.alternatives(room.target)[0].function, args, guard)
    broken = room.results(room.broken.function, args, guard)
    for name in room.outputs:
        if isinstance(broken[name], Raised):
            return name, f"The broken layer raises {broken[name].type}"
        found = compare(broken[name], right[name])
        if found:
            return name, f"In the broken layer {name} {found.text}"
    return None


def _raise(found):
    """Raise what a check found, if anything; to find the input is the exercise, so what helps is called a hint."""
    if found.faults:
        found.called, found.causes = "", [replace(cause, read="") for cause in found.causes]
        error = found.error()
        error.args = (str(error).replace("Known mistake:", "Hint:"),)
        raise error from None


def _task(number):
    name = f"expose_{number}"
    return Task(name, ("input",), _cases, _run_for(_room(number)), f"{name}()", read="x2_bug_clinic")


def _check(number):
    """The check of a room: where it passes it prints the difference and, now that it is found, the mistake."""
    task, room = TASKS[number - 1], _room(number)
    check(task)

    def run(function, seed=None):
        given = []

        def once():
            given.append(function())
            return given[-1]

        _raise(examine(task, (once,), seed))
        _, sentence = _disagreement(room, _read(given[-1], room), Guard())
        told = f"{task.name}: exposed. {sentence}.", f"  The mistake: {room.broken.hint}"
        print("\n".join(line for text in told for line in wrap(text, "    ")))

    run.__name__ = run.__qualname__ = task.name
    run.__doc__ = f"Check the input for room {number}; raise CheckFailed, or print what it shows."
    run.task = task
    return run


TASKS = [_task(number) for number in range(1, len(ROOMS) + 1)]
CHECKS = [_check(number) for number in range(1, len(ROOMS) + 1)]
