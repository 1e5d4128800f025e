"""Mutation of the plain right implementations: how many small changes to right code lose points?

    python tests/checks/test_mutation.py [FUNCTION ...]      the share caught for each function, and the survivors

A mutant is one change: an operator, a comparison, a constant, an index, an axis or another keyword, a name for its
counterpart (H for W), a missing term, a missing statement. A survivor is either a hole in the check or the same
function written differently; the latter are listed below with the reason.
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
PAIRS = "H W, HH WW, H_out W_out, out_h out_w, i j, ph pw, p q, n f, beta1 beta2, stride pad"
COUNTERPARTS = {"r": "c", "N": "C", "C": "F", "F": "C", "dw": "w", "dx": "dw", "W1": "W2", "b1": "b2", "dout": "x"}
for _pair in PAIRS.split(", "):
    _a, _b = _pair.split()
    COUNTERPARTS |= {_a: _b, _b: _a}
FUNCTIONS = {
    "max": "min",
    "sum": "mean",
    "mean": "sum",
    "exp": "log",
    "log": "exp",
    "sqrt": "abs",
    "maximum": "minimum",
}
FUNCTIONS |= {"argmax": "argmin", "zeros": "ones", "zeros_like": "ones_like", "var": "std"}


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
            add(
                f"{node.keywords[k].arg} left out",
                lambda k=k: edited(keywords=node.keywords[:k] + node.keywords[k + 1 :]),
            )
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr)) and not _is_text(node):
        add("statement left out", lambda: ast.Pass())
    return found


def _is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


# Survivors that are the same function written differently, or differ only in what the check leaves free:
# (function or "*", part of the line, part of the change or "", why).
EQUIVALENT = [
    ("*", "def ", "", "defaults of arguments are not tried: every call gives them all"),
    ("ThreeLayerConvNet", "num_filters=32,", "", "as above"),
    ("ThreeLayerConvNet", "filter_size=7,", "", "as above"),
    ("ThreeLayerConvNet", "hidden_dim=100,", "", "as above"),
    ("ThreeLayerConvNet", "num_classes=10,", "", "as above"),
    ("ThreeLayerConvNet", "weight_scale=1e-3,", "", "as above"),
    ("ThreeLayerConvNet", "input_dim=(3, 32, 32),", "", "as above"),
    ("conv_net_loss", "pad = (HH - 1) // 2", "", "as in ThreeLayerConvNet, below"),
    ("conv_net_loss", "sliding_window_view", "", "filters are square"),
    ("conv_net_loss", "(conv > 0)", "Gt → GtE", "no pre-activation is exactly 0"),
    ("two_layer_loss", "before <= 0", "LtE → Lt", "no pre-activation is exactly 0"),
    ("keep_best", "accuracy > best_accuracy", "Gt → GtE", "of epochs that are equally good either may be kept"),
    ("keep_best", "best_accuracy, history = None, -1.0", "doubled", "any number below 0 is below every accuracy"),
    ("read_idx", "int.from_bytes(raw[4 + 4 * k", "4 → 5", "no axis is longer than 2**24, so its first byte is 0"),
    ("*", ", -1, M)", "1 → 2", "reshape takes any negative size for the one to work out"),
    ("Convolution", "self.dw = self.db = None", "", "the gradients exist once backward has run"),
    ("Convolution", "dxp = np.zeros(", "2 → 3", "dxp may be larger than what is cut out of it"),
    ("mistakes_of", "np.zeros((C, C), dtype=int)", "dtype left out", "counts may be floats"),
    ("mistakes_of", "zip(y, predicted, strict=True)", "", "both have one entry for each example"),
    ("mistakes_of", "probabilities =", "sum → mean", "the order of the worst is that of each row's shares"),
    (
        "ThreeLayerConvNet",
        "pad = (HH - 1) // 2",
        "",
        "filters are square and odd, so HH is WW and HH // 2 is (HH - 1) // 2",
    ),
    ("ThreeLayerConvNet", "sliding_window_view", "", "filters are square"),
    ("ThreeLayerConvNet", "(conv > 0)", "Gt → GtE", "no pre-activation is exactly 0"),
    ("*", "shifted = scores - scores.max", "", "the same unless exp overflows, which softmax_loss is checked for"),
    ("*", "-1)", "1 → 2", "reshape takes any negative size for the one to work out"),
    ("*", "reshape(N, -1)", "1 → 2", "as above"),
    ("*", "reshape(-1,", "1 → 2", "as above"),
    (
        "*",
        "config = {}",
        "statement left out",
        "config.setdefault is not reached where config is None: the default config is a dict",
    ),
    (
        "*",
        'config.setdefault("epsilon", 1e-8)',
        "doubled",
        "epsilon's place differs between right forms of Adam, so its size is left open",
    ),
    ("*", "+ config[", "Add → Sub", "as above: 1e-8 is far below every root that is tried"),
    ("*", "cache = (", "statement left out", "the cache belongs to the backward"),
    ("*", "mode=", "mode left out", "zeros are np.pad's default"),
    (
        "*",
        "constant_values=-np.inf",
        "constant_values left out",
        "with pad only positive inputs are tried: both fills are in use",
    ),
    ("max_pool_backward_naive", "np.pad(", "pad → stride", "more padding below and to the right is never reached"),
    (
        "mean_pool_backward_naive",
        "dxp = np.zeros(",
        "",
        "dxp may be larger than what is cut out of it, or smaller by rows that no window reaches",
    ),
    ("*", "np.pad(x, ((0, 0), (0, 0)", "0 → 1", "an image or channel too many is never read"),
    ("col2im", "img = np.zeros(", "2 → 3", "img may be larger than what is cut out of it"),
    ("*", "np.zeros(", "zeros → ones", "every entry is written"),
    ("*", "np.zeros_like(", "zeros_like → ones_like", "every entry is written"),
    ("pad_images", "np.zeros(", "dtype left out", "float64 is as good as the input's dtype: advice"),
    ("dropout_forward", "np.random.seed", "", "where masks come from is free"),
    ("dropout_forward", "rand(*x.shape) < p", "Lt → LtE", "the same but for one number in 2**53"),
    ("*", "", "1e-05 doubled", "a default"),
]


def explained(name, line, what):
    """Whether a survivor is on the list."""
    return any(f in ("*", name) and where in line and change in what for f, where, change, _ in EQUIVALENT)


# Settings and inputs hold no code to mutate, and train_epoch trains for seconds a mutant: it is mutated when named.
LEFT_OUT = {"training_settings", "conv_training_settings", "rescue_steps", "train_epoch"}
MUTATED = [name for name in table.functions() if name not in LEFT_OUT and not name.startswith("expose_")]


@pytest.mark.slow
@pytest.mark.parametrize("name", MUTATED)
def test_mutants_lose_points(name):
    _, alive = survey(name)
    assert [a for a in alive if not explained(name, a[2], a[1])] == []


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
    for name in names or MUTATED:
        count, alive = survey(name)
        if not count:
            print(f"{name:28}no mutants")
            continue
        everything, caught = everything + count, caught + count - len(alive)
        print(f"{name:28}{count - len(alive):5} of {count:4} mutants caught, {100 * (1 - len(alive) / count):5.1f} %")
        for line, what, text in alive:
            reason = "" if not explained(name, text, what) else "  (equivalent)"
            print(f"    survives: {what:28} line {line}: {text}{reason}")
    print(f"all: {caught} of {everything}, {100 * caught / max(everything, 1):.1f} %")


if __name__ == "__main__":
    main(sys.argv[1:])
