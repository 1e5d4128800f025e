"""nbgrader plug-ins: switched on for a course by two lines in its ``nbgrader_config.py``.

from cs_layers.grading import configure
configure(c)
"""

CELL_SECONDS = 120
TIMED_OUT = "this cell ran longer than its limit and was stopped; look for a loop that never ends."


def configure(c, cell_seconds=CELL_SECONDS):
    """Make nbgrader's own commands give a right answer its points, whatever it prints.

    Parameters
    ----------
    c : traitlets.config.Config
        What ``get_config()`` returns in ``nbgrader_config.py``.
    cell_seconds : int
        How long one cell may run, in seconds. nbgrader's own limit, 30, is less than training a small network takes.
    """
    if not isinstance(cell_seconds, int) or cell_seconds < 1:
        raise ValueError(f"cell_seconds is {cell_seconds!r}; give a whole number of seconds, 1 or more.")
    c.Execute.kernel_name = "python3"
    c.Execute.timeout = cell_seconds
    c.Execute.shutdown_kernel = "immediate"
    c.Execute.error_on_timeout = {
        "ename": "CellTimeoutError",
        "evalue": TIMED_OUT,
        "traceback": [f"CellTimeoutError: {TIMED_OUT}"],
    }
    c.Execute.extra_arguments = [
        "--HistoryManager.hist_file=:memory:",
        "--InteractiveShellApp.extra_extensions=cs_layers.grading.kernel",
    ]
    c.Autograde.autograde_preprocessors = [
        "cs_layers.grading.execute.Execute",
        "cs_layers.grading.outputs.KeepPoints",
        "nbgrader.preprocessors.IgnorePattern",
        "nbconvert.preprocessors.ClearMetadataPreprocessor",
        "nbgrader.preprocessors.LimitOutput",
        "nbgrader.preprocessors.SaveAutoGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
