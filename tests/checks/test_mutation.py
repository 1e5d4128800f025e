"""Mutation of the plain right implementations: how many small changes to right code lose points?

    python tests/checks/test_mutation.py [FUNCTION ...]      the share of mutants caught for each function, and the survivors

A mutant is one change: an operator, a comparison, a constant, an index, an axis or another keyword, a name for its
counterpart (H for W), a missing term, a missing statement. A survivor is either a hole in the check or the same function
written differently; the latter are listed below with the reason.
"""

import ast
import copy
import sys

import pytest

from cs_layers import checks
from cs_layers.checks import known, registry, table

SWAPS = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div],
    ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Mult],
    ast.Pow: [ast.Mult],
    ast.Mod: [ast.FloorDiv],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt],
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Or: [ast.And],
    ast.And: [ast.Or],
}
COUNTERPARTS = {
    "H": "W", "W": "H", "HH": "WW", "WW": "HH", "H_out": "W_out", "W_out": "H_out", "i": "j", "j": "i", "ph": "pw", "pw": "ph",
    "r": "c", "N": "C", "C": "F", "F": "C", "n": "f", "f": "n", "beta1": "beta2", "beta2": "beta1", "dw": "w", "dx": "dw",
    "stride": "pad", "pad": "stride", "out_h": "out_w", "out_w": "out_h", "p": "q", "q": "p", "W1": "W2", "b1": "b2", "dout": "x",
}  # fmt: skip
FUNCTIONS = {"max": "min", "sum": "mean", "mean": "sum", "exp": "log", "log": "exp", "sqrt": "abs", "maximum": "minimum",
             "argmax": "argmin", "zeros": "ones", "zeros_like": "ones_like", "var": "std"}  # fmt: skip


def mutants(source):
    """Each mutant of a source: (line, what was changed, new source)."""
    tree = ast.parse(source)
    for index, node in enumerate(ast.walk(tree)):
        for number, (what, _) in enumerate(_changes(node)):
            fresh = copy.deepcopy(tree)
            target = list(ast.walk(fresh))[index]
            replacement = _changes(target)[number][1]()
            new = _Replace(target, replacement).visit(fresh)
            text = ast.unparse(ast.fix_missing_locations(new))
            if text != ast.unparse(tree):
                yield getattr(node, "lineno", 0), what, text


class _Replace(ast.NodeTransformer):
    def __init__(self, target, replacement):
        self.target, self.replacement = target, replacement

    def visit(self, node):
        return self.replacement if node is self.target else super().generic_visit(node)


def _changes(node):
    """(description, maker of the replacement) for each way to change a node."""
    found = []

    def add(what, make):
        found.append((what, make))

    def edited(**fields):
        new = copy.copy(node)
        for name, value in fields.items():
            setattr(new, name, value)
        return new

    if isinstance(node, ast.BinOp):
        for op in SWAPS.get(type(node.op), []):
            add(f"{type(node.op).__name__} → {op.__name__}", lambda op=op: edited(op=op()))
        add("right term dropped", lambda: node.left)
        if not isinstance(node.op, (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)):
            add("left term dropped", lambda: node.right)
    elif isinstance(node, ast.AugAssign):
        add("= for an augmented assignment", lambda: ast.Assign([node.target], node.value, lineno=node.lineno))
        for op in SWAPS.get(type(node.op), []):
            add(f"augmented {type(node.op).__name__} → {op.__name__}", lambda op=op: edited(op=op()))
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for op in SWAPS.get(type(node.ops[0]), []):
            add(f"{type(node.ops[0]).__name__} → {op.__name__}", lambda op=op: edited(ops=[op()]))
    elif isinstance(node, ast.BoolOp):
        for op in SWAPS.get(type(node.op), []):
            add(f"{type(node.op).__name__} → {op.__name__}", lambda op=op: edited(op=op()))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        add("minus dropped", lambda: node.operand)
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        add(f"{node.value} → {node.value + 1}", lambda: ast.Constant(node.value + 1))
        add(f"{node.value} → {node.value - 1}", lambda: ast.Constant(node.value - 1))
    elif isinstance(node, ast.Constant) and type(node.value) is float:
        add(f"{node.value} doubled", lambda: ast.Constant(node.value * 2))
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in COUNTERPARTS:
        add(f"{node.id} → {COUNTERPARTS[node.id]}", lambda: edited(id=COUNTERPARTS[node.id]))
    elif isinstance(node, ast.Attribute) and node.attr in FUNCTIONS:
        add(f"{node.attr} → {FUNCTIONS[node.attr]}", lambda: edited(attr=FUNCTIONS[node.attr]))
    elif isinstance(node, ast.Call) and node.keywords:
        for k in range(len(node.keywords)):
            add(f"{node.keywords[k].arg} left out", lambda k=k: edited(keywords=node.keywords[:k] + node.keywords[k + 1 :]))
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr)) and not _is_text(node):
        add("statement left out", lambda: ast.Pass())
    return found


def _is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


# Survivors that are the same function, or differ only in what the check leaves free, by (function, part of the change).
EQUIVALENT = {}


def survey(name):
    """(all mutants that compile, survivors) of one function, under every option its mistakes name."""
    options = {}
    for m in checks.mistakes(name):
        options.update(m.options)
    source = checks.alternatives(name)[0].source
    count, alive = 0, []
    for line, what, text in mutants(source):
        count += 1
        try:
            function = known.build(text, name)
            report = registry.report(name, function, explain=False, **options)
        except (SyntaxError, KeyError):
            continue
        if not report.faults:
            alive.append((line, what, source.splitlines()[line - 1].strip()))
    return count, alive


def main(names):
    everything, caught = 0, 0
    for name in names or table.functions():
        count, alive = survey(name)
        everything, caught = everything + count, caught + count - len(alive)
        print(f"{name:28}{count - len(alive):5} of {count:4} mutants caught, {100 * (1 - len(alive) / count):5.1f} %")
        for line, what, text in alive:
            print(f"    survives: {what:28} line {line}: {text}")
    print(f"all: {caught} of {everything}, {100 * caught / everything:.1f} %")


if __name__ == "__main__":
    main(sys.argv[1:])
