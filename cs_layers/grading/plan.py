"""Where the instructor's ungraded cells run: in the student's process, in the checker, or in both."""

import ast
import builtins

from cs_layers.grading import names as naming

_HARMLESS = (
    "numpy", "math", "matplotlib",
    "cs_layers.diagrams", "cs_layers.plots", "cs_layers.gradient_check", "cs_layers.data", "cs_layers.schedules",
)  # fmt: skip
"""Modules whose functions change nothing that they are given, but for those in `_CHANGING`."""
_CHANGING = {"copyto", "put", "put_along_axis", "place", "putmask", "fill_diagonal", "seterr", "set_printoptions"}
_LASTING = {"exec", "eval", "compile", "globals", "setattr", "delattr", "open", "input", "__import__", "next"}
_READING = {
    "all", "any", "argmax", "argmin", "argsort", "astype", "copy", "count", "cumsum", "dot", "flatten", "format", "get",
    "index", "items", "join", "keys", "max", "mean", "min", "nonzero", "prod", "ravel", "replace", "reshape", "round",
    "split", "squeeze", "std", "strip", "sum", "tolist", "trace", "transpose", "values", "var",
}  # fmt: skip


class Plan:
    """What runs where.

    A cell that does not use the student's names (imports, data, helpers) runs in both processes, unless all it does is
    show something: then it runs in the student's. One that does is a demonstration: it runs where it is needed, and in
    the student's process if it is needed nowhere. A cell that calls the course's checks runs in the checker alone, for
    only there are they.

    A cell is needed where a later cell takes a name from it: one that it binds, or whose value it may change. What a
    student's function may do to arrays that the instructor made is not waited for: tests meet them as they were.
    """

    def __init__(self, cells):
        self.cells = cells
        self._uses, self._checks, self._written, self._theirs = {}, {}, {}, {}
        self._functions, self._harmless = set(), {"checks"}
        self._look_forward()
        self._here, self._there = {}, {}
        self._look_back()

    def here(self, cell):
        """Whether the checker runs a cell."""
        return self._here[cell.index]

    def there(self, cell):
        """Whether the student's process runs it."""
        return self._there[cell.index]

    def _look_forward(self):
        """Which names are students', which are made with them, and what is imported."""
        written, theirs, answers = set(), set(), set().union(*(cell.provides for cell in self.cells))
        for cell in self.cells:
            bound = naming.bound(cell.source)
            if cell.kind == "student":
                written |= bound | set(cell.provides)
                self._functions |= written
                continue
            self._functions |= naming.callables(cell.source)
            self._harmless |= naming.names_from(cell.source, _HARMLESS)
            if cell.kind == "shared":
                written -= bound - answers
                self._checks[cell.index] = cell.apart
            uses = bool(naming.taken(cell.source) & (written | theirs))
            theirs = theirs | bound if uses else theirs - naming.surely_bound(cell.source)
            self._uses[cell.index], self._written[cell.index], self._theirs[cell.index] = (
                uses,
                set(written),
                set(theirs),
            )

    def _look_back(self):
        """From the last cell to the first: what is still wanted, and so which cells."""
        wanted_here, wanted_there = set(), set()
        for cell in reversed(self.cells):
            mentioned, bound = naming.mentioned(cell.source), naming.bound(cell.source)
            uses_checks = self._checks.get(cell.index, False)
            if cell.kind == "check":
                here, there = True, bool(bound & wanted_there)
            elif cell.kind == "student":
                here, there = False, True
            elif not self._uses[cell.index] and not uses_checks:
                here, there = not self._only_shows(cell, bound, wanted_here), True
            else:
                touched = bound | (mentioned - self._functions)
                here = uses_checks or bool((bound | self._changed(cell)) & wanted_here)
                there = (bool(touched & wanted_there) and not uses_checks) or not here
            self._here[cell.index], self._there[cell.index] = here, there
            if here:
                wanted_here -= naming.surely_bound(cell.source)
                wanted_here |= naming.taken(cell.source) - self._functions
            if there:
                wanted_there |= mentioned

    def _only_shows(self, cell, bound, wanted):
        """Whether nothing later would miss an instructor's cell, and it leaves no traces but names."""
        tree = naming.parse(cell.source)
        if any(isinstance(node, (ast.Import, ast.ImportFrom, ast.Global)) for node in ast.walk(tree)):
            return False
        defined = {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
        if defined or (bound | self._changed(cell)) & (wanted | self._functions):
            return False
        return all(self._is_harmless(node.func, bound) for node in ast.walk(tree) if isinstance(node, ast.Call))

    def _changed(self, cell):
        """Names whose values a cell may change in place."""
        changed = set()
        for node in ast.walk(naming.parse(cell.source)):
            if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Delete, ast.For)):
                targets = node.targets if isinstance(node, (ast.Assign, ast.Delete)) else [node.target]
                changed |= {_root(target) for one in targets for target in _flat(one)}
            elif isinstance(node, ast.Call):
                changed |= self._changed_by(node, self._written[cell.index], self._theirs[cell.index])
        return changed - {None}

    def _changed_by(self, call, written, theirs):
        """Names that a call may change: what it is a method of, and its arguments, unless it is known to read only."""
        arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
        given = {node.id for one in arguments for node in ast.walk(one) if isinstance(node, ast.Name)}
        changed = {_root(keyword.value) for keyword in call.keywords if keyword.arg == "out"}
        if self._is_harmless(call.func, ()):
            return changed
        if isinstance(call.func, ast.Name):  # a student's function has no say over what the instructor made
            return changed | (given & (written | theirs) if call.func.id in written else given)
        return changed | given | {_root(call.func)}

    def _is_harmless(self, function, own):
        """Whether a call is known to change nothing that lasts; `own` names are the cell's own."""
        if isinstance(function, ast.Name):
            name = function.id
            return name in self._harmless or (hasattr(builtins, name) and name not in _LASTING)
        if not isinstance(function, ast.Attribute):
            return False
        path, root = _path(function), _root(function)
        if root in self._harmless and _is_fresh_generator(function.value):
            return True
        if root in self._harmless:
            return not _CHANGING & set(path) and ("random" not in path or path[-1] in ("default_rng", "Generator"))
        return root in own or function.attr in _READING


def _is_fresh_generator(node):
    """Whether an expression is `….default_rng(…)`: what is drawn from that changes nothing else."""
    return isinstance(node, ast.Call) and _path(node.func)[-1:] == ["default_rng"]


def _path(node):
    """The names after the first of `a.b.c`."""
    path = []
    while isinstance(node, ast.Attribute):
        path.insert(0, node.attr)
        node = node.value
    return path


def _root(node):
    """The name that an expression `a.b[c].d(e)` begins with, None if with none."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call, ast.Starred)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def _flat(target):
    """The single targets of an assignment."""
    if isinstance(target, (ast.Tuple, ast.List)):
        return [one for part in target.elts for one in _flat(part)]
    return [target]
