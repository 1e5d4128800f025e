"""What a cell can do without: packages that are not installed here, and magics that do not work here.

Students work on machines of their own. A line of an answer that runs only there costs them nothing but what needs it.
"""

import ast

from cs_layers.grading import names as naming


def rest_of(source, error):
    """What is left of a cell after the line at which it stopped, if that is such a line; else None.

    Parameters
    ----------
    source : str
    error : BaseException or None
        What stopped the cell.

    Returns
    -------
    str or None
        With as many comments before it as lines were left out, so that line numbers stay true.
    """
    line = _line_of(error)
    if line is None or source.lstrip().startswith("%%"):
        return None
    lines = source.split("\n")
    for node in naming.parse(source).body:
        if node.lineno <= line <= node.end_lineno:
            is_import = isinstance(node, (ast.Import, ast.ImportFrom)) and isinstance(error, ModuleNotFoundError)
            if is_import or (isinstance(node, ast.Pass) and naming.is_magic(lines[line - 1])):
                return "#\n" * node.end_lineno + "\n".join(lines[node.end_lineno :])
    return None


def _line_of(error):
    """The line of the cell in which it stopped."""
    trace = error.__traceback__ if isinstance(error, Exception) else None
    while trace is not None:
        if "ipython-input" in trace.tb_frame.f_code.co_filename:
            return trace.tb_lineno
        trace = trace.tb_next
    return None
