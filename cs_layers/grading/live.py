"""Dicts, lists and sets of a student's object, such as `model.params`: what is done to them is done there."""

import copy

import numpy as np


class Unfetched:
    """A list, set or array of a student's object, before its contents are asked for."""

    def __init__(self, student, kind):
        self.student, self.kind = student, kind


class LiveDict(dict):
    """A dict that belongs to a student's object, such as `model.params`: reads and writes go there."""

    def __init__(self, student):
        super().__init__()
        self.student = student

    def __getitem__(self, key):
        return self.student._ask("getitem", key)

    def __setitem__(self, key, value):
        self.student._ask("setitem", key, value)

    def __delitem__(self, key):
        self.student._ask("delitem", key)

    def __iter__(self):
        return iter(self.student._ask("keys"))

    def __len__(self):
        return len(self.keys())

    def __bool__(self):
        return len(self) > 0

    def __contains__(self, key):
        return key in self.keys()  # not asked there: a class of the student's own could say yes to anything

    def __eq__(self, other):
        return self.copy() == (other.copy() if isinstance(other, LiveDict) else other)

    def __ne__(self, other):
        return not self == other

    __hash__ = None

    def __repr__(self):
        return repr(self.copy())

    def copy(self):
        return {key: self[key] for key in self}

    __copy__ = copy

    def __deepcopy__(self, memo):
        return copy.deepcopy(self.copy(), memo)

    def __reduce_ex__(self, protocol):
        return dict, (self.copy(),)

    def __or__(self, other):
        return self.copy() | (other.copy() if isinstance(other, LiveDict) else other)

    def __ror__(self, other):
        return other | self.copy()

    def keys(self):
        return {key: None for key in self}.keys()

    def values(self):
        return [self[key] for key in self]

    def items(self):
        return [(key, self[key]) for key in self]

    def get(self, key, default=None):
        return self[key] if key in self else default  # noqa: SIM401  (this is what dict.get does)

    def pop(self, key, *default):
        if key not in self and default:
            return default[0]
        value = self[key]
        del self[key]
        return value

    def update(self, *others, **more):
        for key, value in dict(*others, **more).items():
            self[key] = value

    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
        return self[key]

    def clear(self):
        for key in self.keys():
            del self[key]


def _method(kind, name):
    """A method that changes a container: here, and there."""

    def method(self, *args, **kwargs):
        self.student._ask("method", name, args, kwargs)
        return getattr(kind, name)(self, *args, **kwargs)

    method.__name__ = name
    return method


class LiveSet(set):
    """A set that belongs to a student's object: a copy, with what is done to it done there too."""

    def __init__(self, student, contents):
        super().__init__(contents if type(contents) is set else ())
        self.student = student

    for _name in ("add", "clear", "difference_update", "discard", "intersection_update", "remove",
                  "symmetric_difference_update", "update"):  # fmt: skip
        locals()[_name] = _method(set, _name)
    del _name

    def pop(self):
        for value in self:
            self.remove(value)
            return value
        return super().pop()

    def __ior__(self, other):
        self.update(other)
        return self

    def __isub__(self, other):
        self.difference_update(other)
        return self

    def __copy__(self):
        return set(self)

    def __deepcopy__(self, memo):
        return copy.deepcopy(set(self), memo)

    def __reduce_ex__(self, protocol):
        return set, (list(self),)


class LiveList(list):
    """A list that belongs to a student's object: a copy, with what is written to it written there too."""

    def __init__(self, student, contents):
        super().__init__(contents if type(contents) is list else [])
        self.student = student

    def __getitem__(self, key):
        """An entry; a list, a dict or an array in it is the student's, too, and what is written to it arrives."""
        value = super().__getitem__(key)
        if not isinstance(key, slice) and type(value) in (list, dict, set, np.ndarray):
            value = self.student._ask("getitem", key)
            super().__setitem__(key, value)
        return value

    def __iter__(self):
        return (self[place] for place in range(len(self)))

    def __copy__(self):
        return self[:]

    def __deepcopy__(self, memo):
        return copy.deepcopy(self[:], memo)

    def __reduce_ex__(self, protocol):
        return list, (self[:],)

    def __setitem__(self, key, value):
        self.student._ask("setitem", key, value)
        super().__setitem__(key, value)

    def __delitem__(self, key):
        self.student._ask("delitem", key)
        super().__delitem__(key)

    for _name in ("append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse"):
        locals()[_name] = _method(list, _name)
    del _name
