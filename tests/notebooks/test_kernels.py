"""Every notebook, solved, in a kernel: as a student sees it who has answered everything."""

import pytest
from nbclient import NotebookClient


@pytest.mark.slow
def test_a_solved_notebook_runs_without_an_error_or_a_warning(solved, tmp_path):
    client = NotebookClient(solved.nb, timeout=300, kernel_name="python3", resources={"metadata": {"path": tmp_path}})
    client.execute()
    for cell in solved.code:
        for output in cell.outputs:
            assert output.get("name") != "stderr", (cell.id, output.text)
            assert "Warning" not in output.get("text", ""), (cell.id, output.text)
