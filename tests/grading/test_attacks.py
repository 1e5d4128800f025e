"""Submissions that want more than they deserve, or what is not theirs. Each file says what it tries and what it
deserves."""

import json
import time

from cs_layers.grading.supervisor import descendants

RIGHT = "def affine_forward(x, w, b):\n    return x.reshape(len(x), -1) @ w + b"


def test_an_attack_gets_what_its_answer_deserves_and_nothing_else(affine, attack, deserves, answer_of, mutate_of):
    graded = affine.grade(answer_of(attack), mutate_of(attack))

    assert affine.score(graded) == deserves(attack), graded.log
    assert set(graded.scores) == {"visible", "hidden"}
    assert all(graded.reasons.get(grade_id) for grade_id, (score, points) in graded.scores.items() if score < points)
    assert graded.log["level"] in ("namespaces", "landlock") or graded.log["failure"]
    shown = json.dumps([cell.get("outputs") for cell in graded.notebook.cells]) + graded.notebook.cells[0].source
    assert "SECRET_MARKER" not in shown
    assert "TOLD" not in shown
    assert "<script" not in shown
    assert "onerror=" not in shown or "&lt;img" in shown
    for word in ("CONNECTED", "LISTENING", "CHANGED", "TRACED", "found in", "status 77", "777123456"):
        assert word not in shown
    assert_nothing_left(affine)


def assert_nothing_left(affine):
    """No process of a submission outlives its grading."""
    parents = [parent.process.pid for parent in affine.grader._parents._students.values()]
    deadline = time.monotonic() + 5
    while any(map(descendants, parents)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(descendants, parents))


def test_the_next_student_is_not_touched(affine):
    affine.grade((attacks() / "startup_files.py").read_text())
    affine.grade((attacks() / "kill_everybody.py").read_text())
    assert affine.score(affine.grade(RIGHT)) == 5


def attacks():
    from pathlib import Path

    return Path(__file__).parent / "attacks"
