"""What lies in a submission's folder: which file is the notebook, and what is copied."""

import json
import os
from pathlib import Path

import pytest

from cs_layers.grading import submitted
from cs_layers.grading.submitted import copy_files, find_notebook, odd_files, readable

ANSWER = "def affine_forward(x, w, b):\n    return x"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "ps1").mkdir()
    return tmp_path / "ps1"


def untouched(affine):
    import nbformat

    return nbformat.writes(affine.released).encode()


COPIES = [
    "affine-Copy1.ipynb", "homework/Affine (1).ipynb", "work/affine.ipynb", "affine.ipynb.txt", "affine.json", "affine",
    ".ipynb_checkpoints/affine-checkpoint.ipynb",
]  # fmt: skip


@pytest.mark.parametrize("copy", COPIES)
@pytest.mark.parametrize("beside", ["nothing", "as_released", "empty", "cut_off"])
def test_the_copy_with_the_answers_is_taken(affine, folder, copy, beside):
    contents = {"as_released": untouched(affine), "empty": b"", "cut_off": untouched(affine)[:500]}
    if beside in contents:
        (folder / "affine.ipynb").write_bytes(contents[beside])
    (folder / copy).parent.mkdir(exist_ok=True)
    (folder / copy).write_bytes(affine.submission(ANSWER))
    raw, notes, problem = find_notebook(folder, "affine", affine.bundle, ["affine"])
    assert problem is None
    assert json.loads(raw) == json.loads(affine.submission(ANSWER))
    assert notes == [f"The notebook was handed in as {copy}."]


def test_the_file_of_the_right_name_wins_if_it_is_answered(affine, folder):
    (folder / "affine.ipynb").write_bytes(affine.submission(ANSWER))
    (folder / "affine-Copy1.ipynb").write_bytes(affine.submission("x = 1"))
    assert find_notebook(folder, "affine", affine.bundle) == (affine.submission(ANSWER), [], None)


def test_a_notebook_of_the_assignments_own_is_not_taken_for_another(affine, folder):
    (folder / "other.ipynb").write_bytes(affine.submission(ANSWER))
    assert find_notebook(folder, "affine", affine.bundle, ["other"]) == (None, [], "No notebook was handed in.")


def test_an_untouched_notebook_is_graded_as_it_is(affine, folder):
    (folder / "affine.ipynb").write_bytes(untouched(affine))
    assert find_notebook(folder, "affine", affine.bundle)[1:] == ([], None)


def test_a_link_is_named_as_such(affine, folder):
    (folder / "affine.ipynb").symlink_to("/etc/passwd")
    assert find_notebook(folder, "affine", affine.bundle)[2].startswith("affine.ipynb is a link")


def test_names_of_any_bytes_can_be_shown(folder):
    assert readable(b"aff\xffine.ipynb") == "aff\N{REPLACEMENT CHARACTER}ine.ipynb"
    (folder / "red\x1b[31m\n").symlink_to("/etc/passwd")
    assert odd_files(folder) == ["red\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}"]
    os.mkfifo(folder / "pipe")
    assert "pipe" in odd_files(folder)


def test_nothing_is_copied_to_where_the_instructors_files_go(folder, tmp_path):
    for name in ("numbers.csv/x.txt", "data", "mine/notes.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x")
    copy_files(folder, tmp_path / "copy", lambda path: False, ["numbers.csv", "data/points.csv", "mine/other.txt"])
    copied = [str(path.relative_to(tmp_path / "copy")) for path in (tmp_path / "copy").rglob("*") if path.is_file()]
    assert copied == ["mine/notes.txt"]


def test_a_page_named_as_the_feedback_is_not_copied(folder, tmp_path):
    (folder / "affine.html").mkdir()
    (folder / "affine.html/x.txt").write_text("in the way")
    copy_files(folder, tmp_path / "copy", lambda path: False, [Path("affine.ipynb")])
    assert not (tmp_path / "copy/affine.html").exists()


def test_not_every_file_of_a_flood_is_read(affine, folder, monkeypatch):
    for number in range(60):
        (folder / f"z{number:02}.ipynb").write_bytes(b"\0" * 100)
    with (folder / "z99.ipynb").open("wb") as file:
        file.truncate(submitted.MAX_CANDIDATE_BYTES + 1)
    (folder / "affine-2.ipynb").write_bytes(affine.submission(ANSWER))
    read, plain = [], submitted.read_file
    monkeypatch.setattr(submitted, "read_file", lambda path, *limit: read.append(path) or plain(path, *limit))
    raw, notes, _ = find_notebook(folder, "affine", affine.bundle)
    assert raw == affine.submission(ANSWER)
    assert "affine-2.ipynb" in notes[0]
    assert len(read) <= submitted.MAX_CANDIDATES + 1
    assert "z99.ipynb" not in {path.name for path in read}
