"""Every notebook, solved, in a kernel: as a student sees it who has answered everything."""

import nbformat
import pytest
from nbclient import NotebookClient

from cs_layers.grading import course


@pytest.mark.slow
def test_a_solved_notebook_runs_without_an_error_or_a_warning(solved, solved_path, tmp_path):
    for other in solved_path.parent.glob("*.py"):  # the assignment's other notebooks lie beside it
        nbformat.write(course.read_solution(other), tmp_path / f"{other.stem}.ipynb")
    client = NotebookClient(solved.nb, timeout=300, kernel_name="python3", resources={"metadata": {"path": tmp_path}})
    client.execute()
    for cell in solved.code:
        for output in cell.outputs:
            assert output.get("name") != "stderr", (cell.id, output.text)
            assert "Warning" not in output.get("text", ""), (cell.id, output.text)
            assert "the package's, because" not in output.get("text", ""), (cell.id, output.text)
