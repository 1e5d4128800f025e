"""Functions, types and dtypes that both processes have: they travel by name, and only these names are read."""

import math
import types

import numpy as np

from cs_layers.grading.arrays import dtype_name, named_dtype
from cs_layers.grading.protocol import ProtocolError

_MODULES = {"numpy": np, "builtins": __import__("builtins"), "math": math}
_BUILTINS = frozenset([
    "bool", "int", "float", "complex", "str", "bytes", "list", "tuple", "dict", "set", "frozenset", "object", "abs",
    "max", "min", "sum", "len", "round", "sorted", "any", "all", "pow", "range", "zip", "map",
])  # fmt: skip


def name_of(value):
    """Module and name of a function or type that both sides have, or None: NumPy's, Python's own, math's."""
    if isinstance(value, types.ModuleType):
        return (value.__name__, "") if value.__name__ in ("numpy", "math") else None
    if isinstance(value, np.dtype):
        name = dtype_name(value)
        return ("dtype", name) if name else None
    if not callable(value):
        return None
    name = getattr(value, "__name__", None)
    if not isinstance(name, str):
        return None
    for module, contents in _MODULES.items():
        if getattr(contents, name, None) is value and _is_public(module, name):
            return module, name
    return None


def _is_public(module, name):
    if module == "builtins":
        value = getattr(_MODULES[module], name)
        return name in _BUILTINS or (isinstance(value, type) and issubclass(value, Exception))
    value = getattr(_MODULES[module], name)
    if module == "numpy":
        return isinstance(value, np.ufunc) or (isinstance(value, type) and issubclass(value, np.generic))
    return not name.startswith("_")


def named(module, name):
    """What a name stands for.

    Raises
    ------
    ProtocolError
        If it is none of those that may be named.
    """
    if module == "dtype":
        return named_dtype(name)
    if module not in ("numpy", "math", "builtins") or type(name) is not str:
        raise ProtocolError("a name of a module that is not allowed")
    if not name and module != "builtins":
        return _MODULES[module]
    if not hasattr(_MODULES[module], name) or not _is_public(module, name):
        raise ProtocolError("a name that is not allowed")
    return getattr(_MODULES[module], name)
