"""nbgrader plug-ins: switched on for a course by two lines in its ``nbgrader_config.py``.

from cs_layers.grading import configure
configure(c)
"""

CELL_SECONDS = 120
TIMED_OUT = "this cell ran longer than its limit and was stopped; look for a loop that never ends."


def configure(c, cell_seconds=None, sandbox="landlock", limits=None, timestamps="file"):
    """Have nbgrader's own commands grade strangers' code: rebuilt notebooks, a sandbox, tests outside it.

    Parameters
    ----------
    c : traitlets.config.Config
        What ``get_config()`` returns in ``nbgrader_config.py``.
    cell_seconds : int, optional
        How long one cell may run, in seconds: by default what ``c.Execute.timeout`` says already, else 120; nbgrader's
        own limit, 30, is less than training a small network takes.
    sandbox : {"landlock", "namespaces", "unsandboxed"}
        The weakest isolation to accept; a stronger one is used where it is to be had, and nothing is graded below it.
        "unsandboxed" is a separate process with limits, for machines that have nothing better; every result says so.
    limits : dict, optional
        Other limits of one submission, by the names in `cs_layers.grading.sandbox.limits.Limits`.
    timestamps : {"file", "gradebook"}
        Where the time of a submission is read: ``timestamp.txt`` beside it, as nbgrader does, or the gradebook alone.
    """
    if cell_seconds is None:
        cell_seconds = c.Execute.get("timeout", CELL_SECONDS)
    if not isinstance(cell_seconds, int) or cell_seconds < 1:
        raise ValueError(f"cell_seconds is {cell_seconds!r}; give a whole number of seconds, 1 or more.")
    from cs_layers.grading import autograde, feedback

    autograde.install()
    feedback.install()
    _configure_kernels(c, cell_seconds)
    c.Autograde.sanitize_preprocessors = [
        "cs_layers.grading.preprocessors.Rebuild",
        "cs_layers.grading.preprocessors.CheckMarks",
    ]
    c.Autograde.autograde_preprocessors = [
        "cs_layers.grading.preprocessors.ExecuteApart",
        "nbgrader.preprocessors.IgnorePattern",
        "nbgrader.preprocessors.LimitOutput",
        "nbgrader.preprocessors.SaveAutoGrades",
        "cs_layers.grading.preprocessors.SaveReasons",
        "nbgrader.preprocessors.AssignLatePenalties",
        "cs_layers.grading.preprocessors.CheckMarks",
    ]
    c.Autograde.timestamps = timestamps
    c.ExecuteApart.level = sandbox
    c.ExecuteApart.limits = dict(limits or {})
    c.GenerateFeedback.preprocessors = [
        "cs_layers.grading.preprocessors.BlankHiddenTests",
        "nbgrader.preprocessors.GetGrades",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]
    c.HTMLExporter.sanitize_html = True


def _configure_kernels(c, cell_seconds):
    """`nbgrader validate` runs the student's own kernel: there too a right answer keeps its points, whatever it
    prints."""
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
        "--IPKernelApp.log_level=ERROR",
        "--InteractiveShellApp.extra_extensions=cs_layers.grading.kernel",
    ]
