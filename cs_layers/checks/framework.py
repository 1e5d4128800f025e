"""Checks of what carries a network's numbers to PyTorch's and Keras's conventions and back.

Neither framework is needed: a convention says where each number goes, and that is compared number by number. So these
checks give the same points wherever they run.
"""

from __future__ import annotations

import numpy as np

from .arrays import readonly
from .engine import Case, Missing, Outcome, Raised, Task, copy_of, forward_run, repeat_forward, touched
from .verdicts import FINE, Verdict, judged

_READ = "x4_framework_twin"
_OURS = ("W1", "b1", "W2", "b2", "W3", "b3")
_TORCHS = tuple(f"{layer}.{part}" for layer in ("conv", "fc1", "fc2") for part in ("weight", "bias"))
_KERASS = ("conv kernel", "conv bias", "dense 1 kernel", "dense 1 bias", "dense 2 kernel", "dense 2 bias")


def _params(rng, F, C, K, height, width, M, classes, dtype=np.float64):
    """Parameters of a network for images (C, height, width), biases not zero."""
    shapes = {"W1": (F, C, K, K), "b1": (F,), "W2": (F * (height // 2) * (width // 2), M), "b2": (M,)}
    shapes |= {"W3": (M, classes), "b3": (classes,)}
    return {name: rng.normal(size=shape).astype(dtype) for name, shape in shapes.items()}


# F, C, K, height, width, M, classes, and what is special
_NETWORKS = [
    ((3, 2, 3, 4, 6, 5, 4), set()),
    ((2, 3, 5, 6, 2, 4, 3), set()),
    ((3, 3, 3, 4, 4, 12, 12), {"square matrices"}),
    ((4, 1, 1, 2, 4, 3, 2), {"one channel"}),
    ((2, 2, 3, 4, 2, 3, 5), {"read-only arrays"}),
    ((2, 2, 3, 2, 4, 3, 5), {"names in another order"}),
]


def _networks(rng):
    for sizes, tags in _NETWORKS:
        params = _params(rng, *sizes)
        if "read-only arrays" in tags:
            params = {name: readonly(value) for name, value in params.items()}
        if "names in another order" in tags:
            params = dict(reversed(params.items()))
        yield params, sizes, frozenset(tags)


def _as_torch(params):
    arrays = [params[name].T if name in ("W2", "W3") else params[name] for name in _OURS]
    return dict(zip(_TORCHS, (array.copy() for array in arrays), strict=True))


def _dict_run(names):
    """A run for a function of one dict that returns a dict with these names."""

    def run(functions, case, guard):
        args = copy_of(case.args)
        result = guard(functions[0], *args.values())
        changed = {"~" + name: True for name in touched(case.args, args)}
        if isinstance(result, Raised):
            return Outcome(dict.fromkeys((*names, "names"), result) | changed)
        if not isinstance(result, dict):
            kind = "None" if result is None else f"a {type(result).__name__}"
            return Outcome(
                dict.fromkeys(names, Missing(f"returned {kind}, expected a dict")) | {"names": FINE} | changed
            )
        lacks, more = ([n for n in one if n not in other] for one, other in ((names, result), (result, names)))
        text = [f"lack {', '.join(lacks)}"] * bool(lacks) + [f"have {', '.join(map(str, more))} too many"] * bool(more)
        verdict = Verdict(f"names {lacks} {more}", " and ".join(text)) if text else FINE
        values = {name: result.get(name, case.expected[name]) for name in names}  # what lacks is said once
        return Outcome({"names": verdict} | values | changed)

    return run


def _torch_cases(rng):
    cases = []
    for params, _, tags in _networks(rng):
        expected = {"names": judged} | _as_torch(params)
        cases.append(Case({"params": params}, expected, tags, rtol=1e-12, plain="square matrices" not in tags))
    return cases


def _back_cases(rng):
    cases = []
    for grads, _, tags in _networks(rng):
        given = _as_torch(grads)
        if "names in another order" in tags:
            given = dict(reversed(given.items()))
        if "read-only arrays" in tags:
            given = {name: readonly(value) for name, value in given.items()}
        expected = {"names": judged} | {name: grads[name].copy() for name in _OURS}
        cases.append(Case({"grads": given}, expected, tags, rtol=1e-12, plain="square matrices" not in tags))
    return cases


_PATTERNS = {
    "read-only arrays": ("writes-inputs", "The function writes into the arrays. Make new ones."),
    "square matrices": ("shape-asked", "It fails just where W2 or W3 is square: transpose always, not by its shape."),
    "names in another order": ("order-of-names", "It fails just where the dict has another order. Ask for names."),
}
TO_TORCH = Task(
    "to_torch",
    ("names", *_TORCHS),
    _torch_cases,
    _dict_run(_TORCHS),
    "to_torch(params)",
    {"conv.weight": 1, "fc1.weight": 2, "fc2.weight": 2, "names": 1},
    read=_READ,
    patterns=_PATTERNS,
)
FROM_TORCH = Task(
    "from_torch",
    ("names", *_OURS),
    _back_cases,
    _dict_run(_OURS),
    "from_torch(grads)",
    {"W1": 1, "W2": 2, "W3": 2, "names": 1},
    read=_READ,
    patterns=_PATTERNS,
)


# Keras


def _last_cases(rng):
    cases = []
    for shape, tags in [
        ((2, 3, 4, 5), set()),
        ((3, 3, 3, 3), set()),
        ((1, 2, 5, 2), set()),
        ((4, 1, 3, 2), {"one channel"}),
        ((2, 2, 2, 2), {"read-only images"}),
    ]:
        X = rng.normal(size=shape)
        expected = np.stack([np.stack(list(image), axis=-1) for image in X])
        args = {"X": readonly(X) if "read-only images" in tags else X}
        cases.append(Case(args, {"images": expected}, frozenset(tags), rtol=1e-12))
    return cases


CHANNELS_LAST = Task(
    "channels_last",
    ("images",),
    _last_cases,
    forward_run(("images",), ()),
    "channels_last(X)",
    read=_READ,
    repeat=repeat_forward,
    patterns={"read-only images": ("writes-inputs", "The function writes into X. Make a new array.")},
)


def _keras_cases(rng):
    cases = []
    for params, sizes, tags in _networks(rng):
        F, _, _, height, width, *_ = sizes
        places = np.arange(F * (height // 2) * (width // 2)).reshape(F, height // 2, width // 2)
        rows = np.stack(list(places), axis=-1).ravel()
        kernel = np.stack([np.stack(list(one), axis=-1) for one in params["W1"]], axis=-1)
        arrays = [kernel, params["b1"], params["W2"][rows], params["b2"], params["W3"], params["b3"]]
        expected = {"number": judged} | {n: a.copy() for n, a in zip(_KERASS, arrays, strict=True)}
        cases.append(Case({"params": params}, expected, tags, rtol=1e-12, plain="square matrices" not in tags))
    return cases


def _keras_run(functions, case, guard):
    args = copy_of(case.args)
    result = guard(functions[0], *args.values())
    changed = {"~" + name: True for name in touched(case.args, args)}
    if isinstance(result, Raised):
        return Outcome(dict.fromkeys(("number", *_KERASS), result) | changed)
    if not isinstance(result, (list, tuple)):
        kind = "None" if result is None else f"a {type(result).__name__}"
        return Outcome(dict.fromkeys(("number", *_KERASS), Missing(f"returned {kind}, expected a list of six arrays")))
    if len(result) != len(_KERASS):
        count = Verdict(f"{len(result)} arrays", f"of arrays is {len(result)}, expected 6: {', '.join(_KERASS)}")
        return Outcome({"number": count} | {name: case.expected[name] for name in _KERASS} | changed)
    return Outcome({"number": FINE} | dict(zip(_KERASS, result, strict=True)) | changed)


TO_KERAS = Task(
    "to_keras",
    ("number", *_KERASS),
    _keras_cases,
    _keras_run,
    "to_keras(params)",
    {"conv kernel": 2, "dense 1 kernel": 3, "dense 2 kernel": 1, "number": 1},
    read=_READ,
    patterns=_PATTERNS,
)
