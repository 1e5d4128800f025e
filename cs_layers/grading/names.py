"""Which names a cell binds and mentions: how cells depend on one another, read from their text."""

import ast
import builtins
import functools
import symtable

from cs_layers.grading.special import SPECIAL, names_of, number_of

_CHANGING = {
    "add", "append", "appendleft", "clear", "discard", "extend", "fill", "insert", "partition", "pop", "popleft", "put",
    "remove", "resize", "reverse", "setdefault", "shuffle", "sort", "update",
}  # fmt: skip
_PYTHON_MAGICS = ("%%time", "%%timeit", "%%capture", "%%prun")


def _remembered(function):
    """Keep what is known of short texts: the cells of a notebook are asked about again and again."""
    known = functools.lru_cache(2048)(function)

    @functools.wraps(function)
    def ask(source):
        return known(source) if len(source) < 20_000 else function(source)

    return ask


def parse(source):
    """The syntax tree of a cell, magics and `!` lines left out; an empty one if it is no Python."""
    return _python(source)[1]


def _python(source):
    """A cell as Python: its text and its tree."""
    for text in (source, _without_magics(source)):
        try:
            return text, ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return "", ast.parse("")


def _without_magics(source):
    """A cell with what is IPython's replaced by lines that do nothing, line by line.

    IPython's own transformer is not asked: for some texts it takes hours.
    """
    lines = source.lstrip("\n").split("\n")
    if lines[0].startswith("%%"):
        if lines[0].split()[0] not in _PYTHON_MAGICS:
            return ""
        lines[0] = ""
    first = next((line for line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip())]
    return "\n".join(map(_without_magic, (line.removeprefix(indent) for line in lines)))


def _without_magic(line):
    text = line.strip()
    target, equals, value = line.partition("=")
    if is_magic(text):
        return line[: len(line) - len(line.lstrip())] + "pass"
    return f"{target}= None" if equals and value.lstrip()[:1] in ("%", "!") else line


def is_magic(line):
    """Whether a line is IPython's: `%magic`, `!command`, `?name` or `name?`."""
    text = line.strip()
    return text[:1] in ("%", "!", "?") or text.endswith("?") if text else False


@_remembered
def mentioned(source):
    """Every name of the notebook that a cell uses, at any depth; names local to its functions are not the
    notebook's."""
    text, tree = _python(source)
    try:
        tables = [symtable.symtable(text, "<cell>", "exec")]
    except (SyntaxError, ValueError, RecursionError):  # `await` outside functions, for one
        return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
    found = {symbol.get_name() for symbol in tables[0].get_symbols()}
    while tables:
        table = tables.pop()
        found |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
        tables += table.get_children()
    return frozenset(found)


def taken(source):
    """Names that a cell may take from cells before it: those that it reads before it has surely bound them."""
    found = set()
    _follow(parse(source).body, set(), found)
    return found


def surely_bound(source):
    """Names that a cell has bound when it has run to its end, whatever happens in it."""
    return _follow(parse(source).body, set(), set())


def _follow(statements, known, taken):
    """Go through statements in their order; returns what is surely bound after them, adds to `taken`."""
    for node in statements:
        if isinstance(node, ast.If):
            _read(node.test, known, taken)
            known = _follow(node.body, known, taken) & _follow(node.orelse, known, taken)
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            _read(node.iter, known, taken)
            _follow(node.body, known | _stored(node.target), taken)
            _follow(node.orelse, known, taken)
        elif isinstance(node, ast.With):
            for item in node.items:
                _read(item.context_expr, known, taken)
                known = known | (_stored(item.optional_vars) if item.optional_vars else set())
            known = _follow(node.body, known, taken)
        elif isinstance(node, (ast.While, ast.Try)):
            _read(node, known, taken)
        else:
            _read(node, known, taken)
            known = known | _stored(node)
    return known


def _read(node, known, taken):
    """Add the names that a statement or an expression reads, in functions that it defines too."""
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        taken |= {node.target.id} - known
    try:
        tables = [symtable.symtable(ast.unparse(node), "<cell>", "exec")]
    except (SyntaxError, ValueError, RecursionError):
        taken |= {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} - known
        return
    top = tables[0]
    found = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_referenced()}
    tables = list(top.get_children())
    while tables:
        table = tables.pop()
        found |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
        tables += table.get_children()
    taken |= found - known


def _stored(node):
    """Names that a simple statement or a target binds in the notebook."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {node.name}
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    found, queue = set(), [node]
    while queue:
        one = queue.pop()
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            found.add(one.id)
        if not isinstance(one, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.BoolOp)):
            queue += ast.iter_child_nodes(one)
    return found


def names_from(source, modules):
    """Names that a cell's imports bind to one of some modules, given by their dotted names, or to what is in it."""
    found = {}
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.asname: alias.name for alias in node.names if alias.asname}
            found |= {name: name for alias in node.names if not alias.asname for name in [alias.name.split(".")[0]]}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name, full in found.items() if any(f"{full}.".startswith(f"{one}.") for one in modules)}


@_remembered
def bound(source):
    """Names that running a cell binds in the notebook: assignments, definitions, imports, loop variables."""
    found = set()
    for node in _outside_functions(parse(source)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
    return frozenset(found)


def changed(source):
    """Names whose values a cell changes in place: `a[0] = 1`, `a.b = 1`, `del a[0]`, `a.append(1)`, `shuffle(a)`."""
    found = set()
    for node in _outside_functions(parse(source)):
        if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, (ast.Store, ast.Del)):
            found |= _names_in(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGING:
            found |= _names_in(node.args[0] if node.func.attr == "shuffle" and node.args else node.func.value)
    return found


def _names_in(node):
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def import_lines(source):
    """The import statements of a cell that stand outside of functions, a line each."""
    return [ast.unparse(node) for node in parse(source).body if isinstance(node, (ast.Import, ast.ImportFrom))]


@_remembered
def callables(source):
    """Names that a cell binds to functions, classes and modules."""
    return frozenset(
        name
        for node in parse(source).body
        for name in (
            [node.name]
            if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef))
            else [(alias.asname or alias.name).split(".")[0] for alias in node.names]
            if isinstance(node, (ast.Import, ast.ImportFrom))
            else []
        )
    )


def classes(source, known=None):
    """Classes that a cell defines, each with the special methods that it or a class it descends from defines.

    Parameters
    ----------
    source : str
    known : dict of str to list, optional
        The same of the cells before. Of a class that is neither there nor Python's own, all is expected.
    """
    found = dict(known or {})
    for node in _outside_functions(parse(source)):
        if isinstance(node, ast.ClassDef):
            names = {one.name for one in node.body if isinstance(one, ast.FunctionDef)}
            names |= {one.id for part in node.body if isinstance(part, ast.Assign) for one in part.targets
                      if isinstance(one, ast.Name)}  # fmt: skip
            for base in node.bases:
                names |= set(_special_of(ast.unparse(base), found))
            found[node.name] = sorted(names.intersection(SPECIAL))
    return found


def _special_of(base, known):
    if base in known:
        return known[base]
    kind = getattr(builtins, base, None)
    if isinstance(kind, type):
        return names_of(number_of(kind))
    return () if base in ("ABC", "abc.ABC") else SPECIAL


def _outside_functions(tree):
    """The nodes of a tree that run when the cell runs."""
    queue = list(ast.iter_child_nodes(tree))
    while queue:
        node = queue.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            queue += ast.iter_child_nodes(node)


def taken_from(package, cells, answers):
    """Names of a package that `answers` use (`search.log_uniform`, `adam`), brought in by imports in `cells`."""
    brought = brought_in(package, cells)
    return set().union(*(used_of(brought, source) for source in answers))


def brought_in(package, cells):
    """What imports of a package in `cells` bind: names that may be modules, and {name: name in the package}."""
    modules, direct = set(), {}
    for source in cells:
        for node in ast.walk(parse(source)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == package:
                for alias in node.names:
                    modules.add(alias.asname or alias.name)
                    direct[alias.asname or alias.name] = alias.name
            elif isinstance(node, ast.Import):
                modules |= {(alias.asname or alias.name).split(".")[0] for alias in node.names if package in alias.name}
    return modules, direct


def used_of(brought, source):
    """Names of the package that a cell uses, where `brought_in` found `brought`."""
    modules, direct = brought
    found = set()
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            found.add(node.attr)
        elif isinstance(node, ast.Name) and node.id in direct:
            found.add(direct[node.id])
    return found


def imported(source, package):
    """Dotted names of what a cell imports from a package: modules, and what may be modules."""
    found = set()
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in found if name.split(".")[0] == package}


def last_is_call_of(source, names):
    """Whether a cell ends in a call of one of `names`: its value is then the student's, not the instructor's."""
    body = parse(source).body
    if not body or not isinstance(body[-1], ast.Expr):
        return False
    value = body[-1].value
    while isinstance(value, (ast.Attribute, ast.Subscript, ast.Call)):
        value = value.func if isinstance(value, ast.Call) else value.value
    return isinstance(value, ast.Name) and value.id in names


def constant_messages(source):
    """Line number to text of each `assert …, "text"` whose text is a constant: words for the student to read."""
    return {
        node.lineno: node.msg.value
        for node in ast.walk(parse(source))
        if isinstance(node, ast.Assert) and isinstance(node.msg, ast.Constant) and isinstance(node.msg.value, str)
    }


BEGIN_HIDDEN, END_HIDDEN = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"


def hidden_lines(source):
    """Numbers (from 1) of the lines of a cell that are hidden from students, markers included."""
    hidden, inside = set(), False
    for number, line in enumerate(source.split("\n"), 1):
        if BEGIN_HIDDEN in line:
            inside = True
        if inside:
            hidden.add(number)
        if END_HIDDEN in line:
            inside = False
    return hidden
