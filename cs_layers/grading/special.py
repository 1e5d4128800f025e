"""The special methods that an object of a student's may have in a check: `u + v`, `len(u)`, `with u`, and so on.

Both processes know them by their place in `SPECIAL`: the student's says which a class has in one number.
"""

ARITHMETIC = (
    "add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow", "lshift", "rshift", "and", "or",
    "xor",
)  # fmt: skip
BINARY = (*ARITHMETIC, *("r" + name for name in ARITHMETIC), *("i" + name for name in ARITHMETIC if name != "divmod"))
COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")
UNARY = ("neg", "pos", "abs", "invert", "round", "trunc", "floor", "ceil")
CONVERSIONS = {
    "int": int, "float": float, "complex": complex, "index": int, "bool": bool, "len": int, "hash": int,
    "repr": str, "str": str, "format": str,
}  # fmt: skip
"""Those whose result is of one type."""
ACCESS = ("contains", "getitem", "setitem", "delitem", "iter", "next", "reversed", "call", "enter", "exit", "await")
SPECIAL = tuple(f"__{name}__" for name in (*BINARY, *COMPARISONS, *UNARY, *CONVERSIONS, *ACCESS))


def number_of(kind):
    """Which special methods a class has of its own or inherits from more than `object`, as a number."""
    members = {}
    for one in reversed(kind.__mro__[:-1]):
        members.update(vars(one))
    return sum(1 << place for place, name in enumerate(SPECIAL) if members.get(name) is not None)


def names_of(number):
    """The special methods that a number stands for."""
    return {name for place, name in enumerate(SPECIAL) if number >> place & 1}
