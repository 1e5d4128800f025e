"""What a student's function looks like, for tests that ask for it: `f.__code__.co_names`, `inspect.getsource(f)`.

It is read from the text of the student's cells, which is compiled and never run here. A text says what was written, not
what is called: who wants to mislead such a test can.
"""

import ast
import contextlib
import functools
import hashlib
import linecache
import types

from cs_layers.grading import names as naming


def code_of(name, sources):
    """The code of the function that the last of some cells to bind a name defines, None if it is no plain `def`.

    Parameters
    ----------
    name : str
    sources : list of str
        Cells of the student's, in the order they ran.
    """
    for source in reversed(sources):
        if name in naming.bound(source):
            with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
                return _compiled(source).get(name)
            break
    return None


@functools.lru_cache(256)
def _compiled(source):
    tree, filename = naming.parse(source), f"<answer {hashlib.sha256(source.encode()).hexdigest()[:12]}>"
    last = {node.name: node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
    others = naming.bound(ast.unparse(ast.Module([node for node in tree.body if node not in last.values()], [])))
    made = compile(ast.Module(list(last.values()), []), filename, "exec")
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    codes = {one.co_name: one for one in made.co_consts if isinstance(one, types.CodeType)}
    return {name: codes[name] for name in last if name in codes and name not in others}


def refuse_examples():
    """Have `doctest` leave alone what a student's documentation says: it would run it outside of the sandbox."""
    import doctest

    from cs_layers.grading.objects import is_proxy

    find = doctest.DocTestFinder.find

    def asked(self, obj, *args, **kwargs):
        if is_proxy(obj):
            raise TypeError("the examples in a student's documentation cannot be run by a test while it is graded.")
        return find(self, obj, *args, **kwargs)

    doctest.DocTestFinder.find = asked
