"""Dicts and lists that belong to a student's object, such as `model.params`: what is done to them is done there."""


class Unfetched:
    """A list or array of a student's object, before its contents are asked for."""

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


class LiveList(list):
    """A list that belongs to a student's object: a copy, with what is written to it written there too."""

    def __init__(self, student, contents):
        super().__init__(contents if type(contents) is list else [])
        self.student = student

    def __setitem__(self, key, value):
        self.student._ask("setitem", key, value)
        super().__setitem__(key, value)

    def __delitem__(self, key):
        self.student._ask("delitem", key)
        super().__delitem__(key)

    def _method(name):
        def method(self, *args, **kwargs):
            self.student._ask("method", name, args, kwargs)
            return getattr(list, name)(self, *args, **kwargs)

        method.__name__ = name
        return method

    for _name in ("append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse"):
        locals()[_name] = _method(_name)
    del _method, _name
