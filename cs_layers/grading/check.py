"""Run a student's notebook from the top and say what its checks said: no gradebook, no hidden tests."""

from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from cs_layers.checks import notebook
from cs_layers.grading import CELL_SECONDS, TIMED_OUT
from cs_layers.grading.course import CourseError


def check(path, cell_seconds=CELL_SECONDS):
    """Run a notebook and return the state of each of its tasks.

    Parameters
    ----------
    path : path
        An .ipynb file; it is read and not written.
    cell_seconds : int
        How long one cell may run.

    Returns
    -------
    list of cs_layers.checks.notebook.TaskState

    Raises
    ------
    CourseError
        The file is not there or not a notebook, or its kernel died.
    """
    nb = _read(Path(path))
    timed_out = {"ename": "CellTimeoutError", "evalue": TIMED_OUT, "traceback": [TIMED_OUT]}
    client = NotebookClient(
        nb,
        timeout=cell_seconds,
        allow_errors=True,
        interrupt_on_timeout=True,
        error_on_timeout=timed_out,
        kernel_name="python3",
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": str(Path(path).resolve().parent)}},
    )
    try:
        client.execute()
    except DeadKernelError as error:
        raise CourseError(
            f"{path}: the kernel died; open the notebook and run its cells to see which ends it."
        ) from error
    return notebook.states(nb)


def _read(path):
    try:
        nb = nbformat.read(path, as_version=4)
    except FileNotFoundError as error:
        raise CourseError(f"There is no file {path}; give the path of a notebook, assignments/…/….ipynb.") from error
    except (OSError, ValueError, AttributeError, nbformat.ValidationError) as error:
        raise CourseError(f"{path} cannot be read as a notebook: {str(error).splitlines()[0]}") from error
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return nb
