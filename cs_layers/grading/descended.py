"""Classes that a test derives from a student's: `class Cow(Animal): …` in a check cell.

The class is made in the student's process, where its methods are callbacks into the test's own. Here stands a proxy
that knows what `super()` leads to.
"""

from cs_layers.grading import objects
from cs_layers.grading.special import SPECIAL

_OWN = frozenset(["__module__", "__qualname__", "__classcell__", "__annotations__", "__firstlineno__",
                  "__static_attributes__"])  # fmt: skip


def derive(name, bases, namespace):
    """What a class statement makes whose bases are a student's classes.

    Parameters
    ----------
    name : str
    bases : tuple of StudentClass
    namespace : dict

    Returns
    -------
    StudentClass

    Raises
    ------
    TypeError
        If another class is among the bases: the student's process does not have it.
    """
    if not all(isinstance(base, objects.StudentClass) for base in bases):
        raise TypeError(f"{name} can descend from students' classes only; the others are not in the student's process.")
    peer = objects.handle_of(bases[0])[0]
    members = {key: _member(value) for key, value in namespace.items() if key not in _OWN}
    made, names = peer.value("derive", name, bases, members)
    if not isinstance(made, objects.StudentClass) or type(names) is not list:
        raise TypeError(f"{name} could not be derived from the student's class.")
    above = {one: _Above(one) for one in names if type(one) is str and _may_be_above(one)}
    own = {key: namespace[key] for key in ("__module__", "__qualname__", "__classcell__") if key in namespace}
    own["_least"] = frozenset(above).intersection(SPECIAL)  # else Python would take `super()`'s for the class's own
    kind = objects.new_class(
        name, (objects.new_class("Above", bases, above),), {**own, "_handle": objects.handle_of(made)}
    )
    for one in above.values():
        one.kind = kind
    return peer.replace_class(made, kind)


def _may_be_above(name):
    return name == "__init__" or name in SPECIAL or not (name.startswith("__") or name in objects.OWN)


def _member(value):
    """How a member of a class travels: [kind, values]."""
    if isinstance(value, (staticmethod, classmethod)):
        return type(value).__name__, value.__func__
    if isinstance(value, property):
        return "property", value.fget, value.fset
    return ("function", value) if objects.is_function(value) else ("value", value)


class _Above:
    """What `super()` gives for a name: what the class above has, for the object at hand."""

    def __init__(self, name):
        self.name, self.kind = name, None

    def __get__(self, value, _=None):
        if value is None:
            raise AttributeError(self.name)
        return objects.ask(self.kind, "above", value, self.name)
