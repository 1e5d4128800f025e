"""Checks of the parts of a small autograd engine: the rules of single operations, and the walk back through a graph.

A rule takes arrays and returns `(out, pull)`; `pull(dout)` gives a tuple with one gradient for each array. The two
functions of the walk see a graph only through `parents_of(node)` and `pull(node, gradient)`, so they are tried on
graphs whose nodes are plain names.
"""

from __future__ import annotations

import numpy as np

from .arrays import readonly
from .calls import Missing, Raised, copy_of, touched, unpack
from .compare import compare
from .engine import Case, Outcome, Task, forward_run, repeat_forward
from .verdicts import FINE, Verdict, judged

_READ = "x5_tiny_autograd"


# The gradient of what was repeated


def _unbroadcast_cases(rng):
    cases = []
    for wide, shape, tag in [
        ((3, 4), (4,), "an axis added in front"),
        ((3, 4), (3, 4), "nothing repeated"),
        ((3, 4), (1, 4), "an axis of length 1"),
        ((3, 4), (3, 1), "an axis of length 1"),
        ((2, 3), (1, 1), "an axis of length 1"),
        ((2, 3, 4), (4,), "an axis added in front"),
        ((2, 3, 4), (3, 1), "both"),
        ((3, 1), (1, 1), "an axis of length 1"),
        ((2, 3), (), "a number"),
        ((4, 4), (4,), "an axis added in front"),
    ]:
        gradient = rng.normal(size=wide) + 0.3
        if tag == "both":
            gradient = readonly(gradient)
        places = np.broadcast_to(np.arange(int(np.prod(shape))).reshape(shape), wide)
        sums = np.bincount(places.ravel(), weights=gradient.ravel()).reshape(shape)
        args = {"gradient": gradient, "shape": shape}
        cases.append(Case(args, {"result": sums}, frozenset({tag}), plain=tag == "an axis added in front"))
    return cases


UNBROADCAST = Task(
    "unbroadcast",
    ("result",),
    _unbroadcast_cases,
    forward_run(("result",), ()),
    "unbroadcast(gradient, shape)",
    read=_READ,
    repeat=repeat_forward,
    patterns={
        "a number": ("number-forgotten", "A number has shape (): every axis of the gradient is summed."),
        "nothing repeated": ("nothing-repeated", "Where nothing was repeated, nothing is to be summed."),
        "an axis of length 1": ("ones-forgotten", "It fails just where the shape has an axis of length 1."),
    },
)


# Rules of single operations


def _matmul_cases(rng):
    cases = []
    for n, d, m in [(2, 3, 4), (3, 3, 3), (1, 4, 2), (4, 1, 3), (3, 2, 1)]:
        a, b, dout = rng.normal(size=(n, d)), rng.normal(size=(d, m)), rng.normal(size=(n, m)) + 0.2
        da = np.einsum("nm,dm->nd", dout, b)
        db = np.einsum("nd,nm->dm", a, dout)
        case = Case({"a": a, "b": b}, {"out": np.einsum("nd,dm->nm", a, b), "da": da, "db": db}, numbers={"N": n})
        case.extra, case.like = {"dout": dout}, {"da": ", like a", "db": ", like b"}
        cases.append(case)
    return cases


def _relu_cases(rng):
    cases = []
    for shape in [(3, 4), (4, 4), (5,), (2, 3, 2)]:
        a, dout = rng.normal(size=shape), rng.normal(size=shape)
        if shape == (4, 4):
            a[::2, ::2] = 0
        case = Case({"a": a}, {"out": np.maximum(a, 0), "da": dout * (a > 0)}, plain=shape != (4, 4))
        case.tags = frozenset({"zeros in a"} if shape == (4, 4) else ())
        case.extra, case.like = {"dout": dout}, {"da": ", like a"}
        cases.append(case)
    return cases


def _rule_run(names):
    """Call a rule, call it again with other arrays, then ask the first pull: what it needs must be its own."""

    def run(functions, case, guard):
        rule, args, dout = functions[0], copy_of(case.args), copy_of(case.extra["dout"])
        values = unpack(guard(rule, *args.values()), ("out", "pull"))
        guard(rule, *[-value for value in case.args.values()])
        values |= _pulled(values.pop("pull"), dout, names, guard)
        changed = touched({**case.args, "dout": case.extra["dout"]}, {**args, "dout": dout})
        return Outcome(values | {"~" + name: True for name in changed})

    return run


def _pulled(pull, dout, names, guard):
    if isinstance(pull, (Raised, Missing)):
        return dict.fromkeys(names, pull)
    form = "(" + ", ".join(names) + ("," if len(names) == 1 else "") + ")"
    if not callable(pull):
        return dict.fromkeys(names, Missing(f"returned {type(pull).__name__} as pull, expected a function"))
    gradients = guard(pull, dout)
    if isinstance(gradients, Raised):
        return dict.fromkeys(names, gradients)
    if not isinstance(gradients, (tuple, list)) or len(gradients) != len(names):
        kind = "no tuple" if not isinstance(gradients, (tuple, list)) else f"{len(gradients)} gradients"
        return dict.fromkeys(names, Missing(f"returned a pull that gives {kind}, expected {form}"))
    return dict(zip(names, gradients, strict=True))


MATMUL = Task(
    "matmul_rule", ("out", "da", "db"), _matmul_cases, _rule_run(("da", "db")), "matmul_rule(a, b)", read=_READ
)
RELU = Task(
    "relu_rule",
    ("out", "da"),
    _relu_cases,
    _rule_run(("da",)),
    "relu_rule(a)",
    read=_READ,
    patterns={"zeros in a": ("gradient-at-zero", "At exactly 0 the gradient is 0 here: a > 0, not a >= 0.")},
)


# The walk back

_GRAPHS = {
    "a single node": {"x": ()},
    "a chain": {"d": ("c",), "c": ("b",), "b": ("a",), "a": ()},
    "relu(x @ w + b)": {"out": ("sum",), "sum": ("xw", "b"), "xw": ("x", "w"), "x": (), "w": (), "b": ()},
    "a short cut": {"s": ("x", "h"), "h": ("g",), "g": ("x",), "x": ()},
    "a short cut, the long way first": {"s": ("h", "x"), "h": ("g",), "g": ("x",), "x": ()},
    "a diamond": {"out": ("left", "right"), "left": ("x",), "right": ("x",), "x": ("y",), "y": ()},
    "one node twice": {"square": ("x", "x"), "x": ("y", "z"), "y": (), "z": ()},
    "two short cuts": {
        "out": ("e", "a"),
        "e": ("d", "b"),
        "d": ("c",),
        "c": ("b", "a"),
        "b": ("a",),
        "a": (),
    },
    "a ladder": {f"n{k}": (f"n{k + 1}", f"n{k + 1}") if k < 9 else () for k in range(10)},
}


def _order_cases(rng):
    cases = []
    for name, graph in _GRAPHS.items():
        case = Case({"end": next(iter(graph)), "parents_of": graph.__getitem__}, {"order": judged}, frozenset({name}))
        case.extra = {"graph": graph, "name": name}
        cases.append(case)
    return cases


def _order_run(functions, case, guard):
    order = guard(functions[0], *case.args.values())
    if isinstance(order, Raised):
        return Outcome({"order": order})
    return Outcome({"order": _ordered(order, case)})


def _ordered(order, case):
    graph, end, name = case.extra["graph"], case.args["end"], case.extra["name"]
    if order is None:
        return Missing("returned None, expected a list of nodes: is the `return` line missing?")
    if not isinstance(order, (list, tuple)) or not all(isinstance(node, str) and node in graph for node in order):
        return Verdict("kind", f"is {type(order).__name__}, expected a list of the graph's nodes")
    order, lacks = list(order), [node for node in graph if node not in order]
    if lacks:
        return Verdict(f"without {lacks}", f"leaves out {', '.join(lacks[:3])} in {name}: {_shown(order)}")
    if len(order) > len(graph):
        again = next(node for node in order if order.count(node) > 1)
        return Verdict("twice", f"has {again} {order.count(again)} times in {name}: each node comes once")
    early = [(n, p) for n in graph for p in graph[n] if order.index(p) < order.index(n)]
    if early:
        user, node = early[0]
        text = f"has {node} before {user}, which uses it, in {name}: {_shown(order)}"
        return Verdict("reversed" if order[-1] == end and len(graph) > 1 else f"early {early}", text)
    return FINE


def _shown(order):
    return ", ".join(order[:8]) + (", …" if len(order) > 8 else "")


ORDER = Task("backward_order", ("order",), _order_cases, _order_run, "backward_order(end, parents_of)", read=_READ)


def _collect_cases(rng):
    cases = []
    for name, graph in _GRAPHS.items():
        order = _right_order(graph)
        slopes = {(n, k): float(rng.normal() + 0.5) for n in graph for k in range(len(graph[n]))}
        dout = rng.normal(size=(2, 3))
        args = {"order": order, "dout": dout, "parents_of": graph.__getitem__, "pull": _pull_of(graph, slopes)}
        case = Case(args, {"gradients": judged}, frozenset({name}))
        case.extra = {"right": _total(order, graph, slopes, dout), "name": name, "graph": graph}
        cases.append(case)
    shared = {"s": ("a", "b"), "a": ("c",), "b": (), "c": ()}
    dout = rng.normal(size=(2, 2))
    shared["t"] = ("s", "b")
    order = ["t", "s", "a", "b", "c"]
    args = {"order": order, "dout": dout, "parents_of": shared.__getitem__, "pull": lambda n, g: (g,) * len(shared[n])}
    case = Case(args, {"gradients": judged}, frozenset({"one array for both parents"}))
    slopes = {(n, k): 1.0 for n in shared for k in range(len(shared[n]))}
    case.extra = {"right": _total(order, shared, slopes, dout), "name": "a sum of sums", "graph": shared}
    return [*cases, case]


def _right_order(graph):
    """Nodes such that each comes after all that use it: the one without waiting users is taken next."""
    waiting = {node: sum(node in parents for parents in graph.values()) for node in graph}
    order, free = [], [node for node in graph if not waiting[node]]
    while free:
        order.append(free.pop())
        for parent in dict.fromkeys(graph[order[-1]]):
            waiting[parent] -= 1
            if not waiting[parent]:
                free.append(parent)
    return order


def _pull_of(graph, slopes):
    return lambda node, gradient: tuple(gradient * slopes[node, k] for k in range(len(graph[node])))


def _total(order, graph, slopes, dout):
    """The gradient of each node: over all paths from the end to it, the products of their slopes, added up."""

    def factor(node):
        if node == order[0]:
            return 1.0
        steps = [(n, k) for n in graph for k, parent in enumerate(graph[n]) if parent == node]
        return sum(factor(n) * slopes[n, k] for n, k in steps)

    return {node: dout * factor(node) for node in order}


def _collect_run(functions, case, guard):
    args = {n: copy_of(v) for n, v in case.args.items()}
    got = guard(functions[0], *args.values())
    values = {"gradients": got if isinstance(got, Raised) else _collected(got, case)}
    changed = touched({"dout": case.args["dout"]}, {"dout": args["dout"]})
    return Outcome(values | {"~" + name: True for name in changed})


def _collected(got, case):
    right, name = case.extra["right"], case.extra["name"]
    if got is None:
        return Missing("returned None, expected a dict: is the `return` line missing?")
    if not isinstance(got, dict):
        return Verdict("kind", f"is a {type(got).__name__}, expected a dict from each node to its gradient")
    lacks = [node for node in right if node not in got]
    if lacks:
        return Verdict(f"without {lacks}", f"has no entry for {', '.join(lacks[:3])} in {name}")
    differ = {node: difference for node in right if (difference := compare(got[node], right[node]))}
    if differ:
        node = next(iter(differ))
        users = ", ".join(n for n, parents in case.extra["graph"].items() if node in parents)
        users = f", which {users} use{'' if ',' in users else 's'}," if users else ""
        values = tuple(round(float(np.sum(got[n])), 6) if isinstance(got[n], np.ndarray) else 0 for n in differ)
        return Verdict(f"{sorted(differ)} {values}", f"of {node}{users} in {name} {differ[node].text}")
    return FINE


COLLECT = Task(
    "collect_gradients",
    ("gradients",),
    _collect_cases,
    _collect_run,
    "collect_gradients(order, dout, parents_of, pull)",
    read=_READ,
)
