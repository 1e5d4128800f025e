"""The part of cs_layers that a student's process may import while it is graded.

Checks hold right implementations, and `cs_layers.layers` holds what assignments ask for. In the student's process
both are replaced: an import still works, as in the student's own kernel, but a check says nothing and a hidden
function refuses.
"""

import ast
import functools
import shutil
from pathlib import Path

import cs_layers

PACKAGE = Path(cs_layers.__file__).resolve().parent
_NEVER = ("grading", "cli.py", "__pycache__")

_SILENT = '''"""Checks say nothing here: they run outside the process that runs students' code."""


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    if name == "CheckFailed":
        return AssertionError
    return lambda *args, **kwargs: None
'''
_REFUSAL = "cs_layers' own `{name}` cannot be used while a notebook that asks for it is graded."
_UNDER_OTHER_NAMES = {
    "numerical_gradient": {"eval_numerical_gradient", "eval_numerical_gradient_array"},
    "two_layer_loss": {"TwoLayerNet"},
    "train": {"Solver"},
    "standardize": {"Standardizer"},
    "Convolution": {"conv_forward", "conv_backward"},
    "conv_net_loss": {"ThreeLayerConvNet", "SimpleConvNet"},
    "mistakes_of": {"confusion_matrix"},
    "matmul_rule": {"affine_forward", "affine_relu_forward", "conv_forward"},
    "relu_rule": {"relu_forward"},
}
"""What answers a task of the course although it is called otherwise."""


def with_other_names(asked_for):
    """The names that a notebook asks for, and those under which the package has the same."""
    return set(asked_for).union(*(_UNDER_OTHER_NAMES.get(name, ()) for name in asked_for))


def build(folder, asked_for=()):
    """Write the package as a student's process sees it.

    Parameters
    ----------
    folder : Path
        Empty; gets a folder `cs_layers`.
    asked_for : iterable of str
        Names that the notebook asks students to define. What has one of these names refuses to work; in `layers`, whose
        files hold nothing but one layer and its parts, all that stands in the same file.
    """
    target = Path(folder) / "cs_layers"
    shutil.copytree(PACKAGE, target, ignore=lambda _, names: [name for name in names if name in _NEVER])
    checks = target / "checks"
    shutil.rmtree(checks, ignore_errors=True)
    checks.mkdir()
    (checks / "__init__.py").write_text(_SILENT)
    asked = {_plain(name) for name in asked_for}
    for path in sorted(target.rglob("*.py")):
        if path.name != "__init__.py":
            _refuse(path, asked, path.parent.name == "layers")
    for path in [target, *target.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def refused(names, asked_for):
    """Those among `names` of the package that a student's process does not have.

    That is the checks, what refuses to work, and what rests on it outside of `layers` and `data`: `train_on_digits` of
    a network that refuses.
    """
    asked = {_plain(name) for name in asked_for}
    found = {"checks"} | {name for name in {*names, *_definitions()} if _plain(name) in asked}
    for path in sorted((PACKAGE / "layers").glob("*.py")):
        found |= {node.name for node in _refusing(ast.parse(path.read_text()), asked, True)}
    resting = found
    while resting:
        resting = {name for name, mentioned in _definitions().items() if mentioned & found} - found
        found |= resting
    return found & names


@functools.cache
def _definitions():
    """The functions and classes of the package outside of `layers`, each with the names that it mentions.

    Not the loaders of data sets: they share what fetches and verifies files, though one reads what another does not.
    Nor `earlier`, which asks no check of a notebook that is being graded.
    """
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if not {"grading", "checks", "layers", "data", "carry.py"} & set(path.relative_to(PACKAGE).parts):
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                    mentioned = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
                    found[node.name] = found.get(node.name, set()) | mentioned
    return found


def _refusing(tree, asked, whole_file):
    """The functions and classes of a file that are to refuse, where those in `asked` are asked for."""
    defined = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    hidden = [node for node in defined if _plain(node.name) in asked]
    return defined if hidden and whole_file else hidden


def _refuse(path, asked, whole_file):
    """Rewrite one file so that the functions and classes that are asked for refuse, if there are any."""
    tree = ast.parse(path.read_text())
    hidden = _refusing(tree, asked, whole_file)
    if not hidden:
        return
    for node in hidden:
        refusal = ast.parse(f"raise RuntimeError({_REFUSAL.format(name=node.name)!r})").body
        if isinstance(node, ast.FunctionDef):
            node.body = refusal
        else:
            node.bases, node.keywords = [], []  # a NamedTuple, say, takes no other __init__
            node.body = ast.parse("def __init__(self, *args, **kwargs): pass").body
            node.body[0].body = refusal
        node.decorator_list = []
    path.write_text(ast.unparse(tree))


def _plain(name):
    """A function's name without the endings that mark its speed: `conv_forward_naive` asks for `conv_forward`."""
    for ending in ("_naive", "_fast", "_vectorized", "_loop"):
        name = name.removesuffix(ending)
    return name.lower()
