"""Late penalties: nbgrader's own plug-in, and the times it goes by."""

import pytest
from nbgrader.api import Gradebook

RIGHT = "def affine_forward(x, w, b):\n    return x.reshape(len(x), -1) @ w + b"
LATE_IS_NOTHING = """
c.LateSubmissionPlugin.penalty_method = "zero"
c.Autograde.timestamps = {!r}
"""
DUE, EARLY, LATE = "2026-01-10 12:00:00 UTC", "2026-01-10 11:59:59 UTC", "2026-01-10 12:00:01 UTC"
FILES = {"early": EARLY, "late": LATE, "forged": EARLY, "unreadable": "the day before yesterday"}
BOOK = {"early": EARLY, "late": LATE, "forged": LATE}


def graded(room):
    """The class's scores after penalties: a file with a time in each submission, and what the gradebook knew before."""
    for student, text in FILES.items():
        (room.hand_in(student, RIGHT) / "timestamp.txt").write_text(text)
    room.hand_in("without", RIGHT)
    with Gradebook(f"sqlite:///{room.folder}/gradebook.db") as book:
        book.update_or_create_assignment("ps1", duedate=DUE.removesuffix(" UTC"))
        for student, time in BOOK.items():
            book.update_or_create_student(student)
            book.update_or_create_submission("ps1", student, timestamp=time.removesuffix(" UTC"))
    room.run("autograde", "ps1")
    with Gradebook(f"sqlite:///{room.folder}/gradebook.db") as book:
        submissions = book.assignment_submissions("ps1")
        return {one.student.id: one.score - one.late_submission_penalty for one in submissions}


@pytest.mark.slow
@pytest.mark.parametrize("timestamps", ["file", "gradebook"])
def test_the_penalty_goes_by_the_time_that_the_instructor_trusts(nbgrader_class, timestamps):
    scores = graded(nbgrader_class(LATE_IS_NOTHING.format(timestamps)))
    forged = 5 if timestamps == "file" else 0
    assert scores == {"early": 5, "late": 0, "forged": forged, "unreadable": 5, "without": 5}
