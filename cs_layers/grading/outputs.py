"""What a test cell prints or shows must not change what it scores."""

import math

from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor


class KeepPoints(NbGraderPreprocessor):
    """Leave in a test cell only the outputs that nbgrader should score; to be run between Execute and SaveAutoGrades.

    nbgrader scores a test cell 0 when anything went to stderr, and reads a value on its last line as partial credit.
    Here text on stderr becomes ordinary text, and a value counts as partial credit only if it is a plain number
    between 0 and the cell's points; any other value is shown and costs nothing.
    """

    def preprocess_cell(self, cell, resources, cell_index):
        if cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell):
            for output in cell.outputs:
                if output.output_type == "stream":
                    output.name = "stdout"
                elif output.output_type == "execute_result" and not is_partial_credit(output, cell):
                    output.output_type = "display_data"
                    del output["execution_count"]
        return cell, resources


def is_partial_credit(output, cell):
    """Whether a cell's last value is a plain number of points: not ``True``, not ``np.float64(1.0)``."""
    try:
        score = float(output["data"].get("text/plain", ""))
    except ValueError:
        return False
    return math.isfinite(score) and 0 <= score <= float(cell.metadata["nbgrader"]["points"])
