"""Honest submissions that something happened to. Each file says what, and which score is fair."""

import pytest


def test_an_accident_costs_no_more_than_is_fair(affine, accident, deserves, answer_of, mutate_of):
    graded = affine.grade(answer_of(accident), mutate_of(accident))
    if accident.stem == "process_pool" and graded.log["level"] != "namespaces":
        pytest.skip("without a file tree of its own a process has no shared memory")

    assert affine.score(graded) == deserves(accident), (graded.reasons, graded.log)
    for grade_id, (score, points) in graded.scores.items():
        assert score == points or graded.reasons[grade_id]
