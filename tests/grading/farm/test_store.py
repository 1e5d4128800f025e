"""What the writer leaves is what `nbgrader autograde` leaves, row for row and byte for byte."""

import pytest

from cs_layers.grading.course import nbgrader_api


def grant_an_extension(hall):
    with nbgrader_api(hall.folder) as api, api.gradebook as book:
        book.update_or_create_student("extended", first_name="Ex", last_name="Tended")
        book.update_or_create_submission("ps1", "extended")
        book.grant_extension("ps1", "extended", days=1)


def grade_by_hand(hall):
    """What a person does in formgrader."""
    cells = "select g.id from grade g join base_cell c on c.id = g.cell_id where c.name = ?"
    hall.sql(f"update grade set manual_score = 1.5, needs_manual_grade = 0 where id in ({cells})", "why")
    hall.sql(f"update grade set extra_credit = 0.5 where id in ({cells})", "visible")
    comments = "select g.id from comment g join base_cell c on c.id = g.cell_id where c.name = ?"
    hall.sql(f"update comment set manual_comment = 'Well said.' where id in ({comments})", "why")


@pytest.fixture(scope="module")
def both(released_hall, fill, tmp_path_factory):
    """One class twice: graded by `cs-layers grade` on two workers, and by `nbgrader autograde`."""
    folder = tmp_path_factory.mktemp("both")
    ours = released_hall.copy(folder / "ours")
    fill(ours)
    grant_an_extension(ours)
    theirs = ours.copy(folder / "theirs")
    ours.report = ours.grade(workers=2)
    theirs.nbgrader("autograde", force=False)
    return ours, theirs


@pytest.mark.slow
def test_the_gradebooks_are_equal_row_for_row(both):
    ours, theirs = both
    assert ours.rows() == theirs.rows()
    assert len(ours.rows()["grade"]) == 13 * 5
    assert ours.report.status == 1


@pytest.mark.slow
def test_the_graded_folders_are_equal_byte_for_byte(both):
    ours, theirs = both
    assert ours.files() == theirs.files()


@pytest.mark.slow
def test_graded_again_after_a_person_graded(both, tmp_path):
    """Manual points, extra credit and comments stay; what has both kinds of points waits for a person."""
    ours, theirs = (hall.copy(tmp_path / name) for name, hall in zip(("ours", "theirs"), both, strict=True))
    for hall in (ours, theirs):
        grade_by_hand(hall)
        (hall.folder / "submitted/right/ps1/timestamp.txt").write_text("2026-03-02 10:00:00 UTC")
        (hall.folder / "submitted/odd/ps1/sub/mine.txt").unlink()
    ours.grade(workers=1, force=True)
    theirs.nbgrader("autograde", force=True)
    assert ours.rows() == theirs.rows()
    assert ours.files() == theirs.files()
    assert ("right", "affine", 0, 5.5) in ours.rows()["notebook"]


@pytest.mark.slow
def test_feedback_reads_it(both):
    ours, theirs = both
    for hall in both:
        assert hall.nbgrader("generate_feedback")["success"]
    pages = ours.files("feedback")
    assert pages == theirs.files("feedback")
    assert b"affine_forward" in pages["wrong/ps1/affine.html"][0]
