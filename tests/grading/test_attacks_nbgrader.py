"""A class graded by nbgrader's own commands: folders that hold anything, and what ends in the gradebook and the
feedback."""

import base64
import json
import os

import nbformat
import pytest

RIGHT = "def affine_forward(x, w, b):\n    return x.reshape(len(x), -1) @ w + b"
WRONG = "def affine_forward(x, w, b):\n    return x * 0"
VISIBLE_ONLY = "def affine_forward(x, w, b):\n    return x.reshape(2, 6) @ w + b"
PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"drawn by hand").decode()
HOSTILE = (
    "from IPython.display import HTML, display\n"
    "display(HTML('<script>alert(1)</script><img src=x onerror=alert(2)>'))\n"
    "def affine_forward(x, w, b):\n    raise ValueError('<script>alert(3)</script><img src=x onerror=alert(4)>')"
)


def fill(room):
    """Hand in for everybody; returns the score that each deserves."""
    room.hand_in("aa_right", RIGHT)
    room.hand_in("wrong", WRONG)
    room.hand_in("visible_only", VISIBLE_ONLY)
    room.hand_in("hostile", HOSTILE)
    room.place("link").joinpath("affine.ipynb").symlink_to("../../aa_right/ps1/affine.ipynb")
    (room.folder / "submitted/link_folder").mkdir()
    (room.folder / "submitted/link_folder/ps1").symlink_to("../aa_right/ps1")
    os.mkfifo(room.place("pipe") / "affine.ipynb")
    os.mkfifo(room.hand_in("pipe_for_a_time", RIGHT) / "timestamp.txt")
    (room.hand_in("no_time", RIGHT) / "timestamp.txt").write_text("yesterday, more or less")
    (room.place("folder") / "affine.ipynb").mkdir()
    room.place("nothing")
    (room.place("cut_off") / "affine.ipynb").write_text('{"cells": [')
    (room.place("deep") / "affine.ipynb").write_text('{"cells": ' + "[" * 10_000 + "]" * 10_000 + "}")
    (room.place("empty") / "affine.ipynb").write_bytes(b"")
    (room.place("a_list") / "affine.ipynb").write_text("[1, 2, 3]")
    nb = room.notebook(RIGHT)
    nb["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * (50 << 20)}]
    (room.place("huge_output") / "affine.ipynb").write_text(json.dumps(nb))
    links = room.hand_in("links", RIGHT)
    (links / "notes.txt").symlink_to("../../../source/ps1/affine.ipynb")
    (links / "data.bin").symlink_to("../../../gradebook.db")
    (links / "loop").symlink_to("..")
    (links / "etc").symlink_to("/etc")
    (links / "mine.txt").write_text("kept")
    room.hand_in("renamed", RIGHT, "affine (1).ipynb")
    room.hand_in("in_a_folder", RIGHT, "homework/Affine.ipynb")
    room.hand_in("byte_order_mark", RIGHT, encoding="utf-8-sig")
    room.hand_in("utf_16", RIGHT, encoding="utf-16")
    room.hand_in("s_[4]", RIGHT)
    (room.hand_in("folder_for_a_page", RIGHT) / "affine.html").mkdir()
    (room.folder / "submitted/folder_for_a_page/ps1/affine.html/x.txt").write_text("x")
    nb = room.notebook(RIGHT)
    picture = {"attachments": {"a.png": {"image/png": PICTURE}}, "source": "![drawn](attachment:a.png)"}
    nb["cells"].append({"cell_type": "markdown", "id": "drawn", "metadata": {}} | picture)
    (room.place("pasted") / "affine.ipynb").write_text(json.dumps(nb))
    room.hand_in("zz_right", RIGHT)
    right = ("aa_right", "pipe_for_a_time", "no_time", "huge_output", "links", "renamed", "in_a_folder")
    right += ("byte_order_mark", "utf_16", "s_[4]", "folder_for_a_page", "pasted", "zz_right")
    unread = ("link", "link_folder", "pipe", "folder", "nothing", "cut_off", "deep", "empty", "a_list")
    return dict.fromkeys(right, 5) | dict.fromkeys(unread, 0) | {"wrong": 0, "visible_only": 2, "hostile": 0}


@pytest.fixture(scope="module")
def graded(nbgrader_class):
    room = nbgrader_class()
    room.deserved = fill(room)
    room.log = room.run("autograde", "ps1", status=1)
    room.run("generate_feedback", "ps1")
    return room


@pytest.mark.slow
def test_everybody_gets_a_row_and_what_is_deserved(graded):
    assert graded.scores() == graded.deserved


@pytest.mark.slow
def test_the_log_ends_with_what_was_odd(graded):
    table = graded.log[graded.log.index("notebooks graded, isolation") :]
    for student in ("link", "pipe", "folder", "nothing", "cut_off", "deep", "empty", "renamed"):
        assert f"{student} " in table
    assert "aa_right " not in table
    assert "traceback" not in graded.log.lower()


@pytest.mark.slow
def test_each_failed_test_has_a_comment(graded):
    comments = graded.comments()
    assert "is a link" in comments["link"]
    assert "a pipe" in comments["pipe"]
    assert "cut off" in comments["cut_off"]
    assert "`hidden`: your code raised ValueError" in comments["visible_only"]
    assert not comments["aa_right"]


@pytest.mark.slow
def test_feedback_shows_no_hidden_test_and_runs_no_script(graded):
    pages = {path.parts[-3]: path.read_text() for path in graded.folder.glob("feedback/*/ps1/affine.html")}
    assert pages.keys() == graded.deserved.keys()
    for page in pages.values():
        for secret in ("SECRET_MARKER", "987654321", "einsum", "of the hidden test"):
            assert secret not in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "your code raised ValueError" in pages["visible_only"]
    assert PICTURE in pages["pasted"]
    assert not list(graded.folder.glob("feedback/**/*.ipynb"))


@pytest.mark.slow
def test_links_are_not_copied_and_files_are(graded):
    copied = sorted(path.name for path in (graded.folder / "autograded/links/ps1").iterdir())
    assert copied == ["affine.ipynb", "mine.txt", "numbers.csv"]
    for step in ("autograded", "feedback"):
        assert not [path for path in (graded.folder / step).rglob("*") if path.is_symlink()]


@pytest.mark.slow
def test_nothing_else_of_the_gradebook_and_no_file_of_the_course_changed(graded):
    assert graded.query("select max_score from grade_cells order by 1") == [(2.0,), (3.0,)]
    assert graded.query("select count(*) from grade where manual_score is not null or extra_credit is not null") == [
        (0,)
    ]
    assert not list(graded.folder.glob(".canary*"))
    assert json.loads((graded.folder / "submitted/aa_right/ps1/affine.ipynb").read_text()) == graded.notebook(RIGHT)


@pytest.mark.slow
def test_the_notebook_says_how_it_was_graded(graded):
    nb = nbformat.read(graded.folder / "autograded/visible_only/ps1/affine.ipynb", as_version=4)
    audit = nb.metadata.cs_layers.audit
    assert audit.level in ("namespaces", "landlock")
    assert all(audit.layers[name] for name in ("canary_unreadable", "no_network", "not_root"))
    assert audit.verdicts.hidden.status == "failed"
    assert "ValueError" in audit.verdicts.hidden.detail
    assert "`hidden`: 0 of 3" in nb.cells[0].source


@pytest.mark.slow
def test_grading_again_gives_the_same_and_keeps_manual_scores(graded):
    import sqlite3

    path = graded.folder / "autograded/wrong/ps1/affine.ipynb"
    old = nbformat.read(path, as_version=4)
    with sqlite3.connect(graded.folder / "gradebook.db") as book:
        theirs = f"select g.id from grade g {graded.OF} g.notebook_id {graded.WHOSE} where s.student_id = 'wrong'"
        book.execute(f"update grade set manual_score = 1.5 where id in ({theirs} limit 1)")
    graded.run("autograde", "ps1", "--force", "--student=wrong")
    assert graded.scores() == graded.deserved | {"wrong": 1.5}
    new = nbformat.read(path, as_version=4)
    assert new.metadata.cs_layers.audit.seed == old.metadata.cs_layers.audit.seed
    assert new.metadata.cs_layers.audit.verdicts == old.metadata.cs_layers.audit.verdicts
    with sqlite3.connect(graded.folder / "gradebook.db") as book:
        book.execute("update grade set manual_score = null")


@pytest.mark.slow
def test_without_running_there_are_no_points(graded):
    graded.run("autograde", "ps1", "--force", "--no-execute", "--student=zz_right", status=1)
    assert graded.scores()["zz_right"] == 0
    graded.run("autograde", "ps1", "--force", "--student=zz_right")
    assert graded.scores()["zz_right"] == 5
