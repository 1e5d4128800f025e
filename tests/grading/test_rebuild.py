"""Rebuilding: from any bytes at all a notebook that is the instructor's own, with the student's answers in it."""

import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_layers.grading.rebuild import Unreadable, read_cells, rebuild

ANSWER = "def affine_forward(x, w, b):\n    return x"


def cell_of(rebuilt, grade_id):
    [cell] = [one for one in rebuilt.notebook.cells if one.metadata.get("nbgrader", {}).get("grade_id") == grade_id]
    return cell


def test_only_the_text_of_the_answer_is_taken(affine):
    def mutate(nb, _):
        nb["metadata"]["evil"] = True
        for cell in nb["cells"]:
            cell["metadata"]["tags"] = ["skip-execution"]
            cell["attachments"] = {"a": {}}

    rebuilt = rebuild(affine.submission(ANSWER, mutate), affine.bundle)
    assert cell_of(rebuilt, "answer").source == ANSWER
    assert cell_of(rebuilt, "hidden").source == affine.bundle.cells[4].source
    assert cell_of(rebuilt, "hidden").metadata.nbgrader.points == 3
    text = nbformat.writes(rebuilt.notebook)
    assert "skip-execution" not in text
    assert "evil" not in text
    nbformat.validate(rebuilt.notebook)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_a_notebook_and_a_reason(raw):
    from cs_layers.grading.bundle import Bundle, SourceCell

    bundle = Bundle(
        "a", "n", [SourceCell("code", "assert True", "check", "t", 1.0, "t", {"grade": True, "grade_id": "t"})]
    )
    rebuilt = rebuild(raw, bundle)
    assert [cell.source for cell in rebuilt.notebook.cells if cell.metadata.cs_layers.kind == "check"] == [
        "assert True"
    ]
    nbformat.validate(rebuilt.notebook)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["cells", "source", "metadata", "nbgrader", "grade_id", "cell_type", "id"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(json_values)
def test_any_json_gives_a_notebook(value):
    from cs_layers.grading.bundle import Bundle, SourceCell

    bundle = Bundle(
        "a",
        "n",
        [SourceCell("code", "# YOUR CODE HERE", "solution", "s", 0.0, "s", {"solution": True, "grade_id": "s"})],
    )
    rebuilt = rebuild(json.dumps(value).encode(), bundle)
    nbformat.validate(rebuilt.notebook)
    assert rebuilt.notebook.cells


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (None, "No notebook"),
        (b"", "empty"),
        (b" \n\0", "empty"),
        (b"[1, 2]", "holds no notebook"),
        (b'{"cells": 3}', "no cells"),
        (b'{"cells": [', "not valid JSON"),
        (b"[" * 10_000, "nested too deeply"),
        (b"[" * 5_000_000, "millions of brackets"),
    ],
)
def test_what_cannot_be_read_has_a_reason(raw, word):
    with pytest.raises(Unreadable, match=word):
        read_cells(raw)


def test_text_of_a_student_cannot_carry_html_into_pages(affine):
    def mutate(nb, _):
        nb["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "a <script>alert(1)</script> $a<b$"})

    rebuilt = rebuild(affine.submission(ANSWER, mutate), affine.bundle)
    assert "<script" not in rebuilt.notebook.cells[-1].source


def test_a_lone_surrogate_can_be_written(affine):
    rebuilt = rebuild(affine.submission("x = '\ud800'\n" + ANSWER), affine.bundle)
    nbformat.writes(rebuilt.notebook).encode("utf-8")


def test_what_was_odd_is_noted(affine):
    def mutate(nb, _):
        nb["cells"] = [cell for cell in nb["cells"] if cell["id"] != "visible"]
        for cell in nb["cells"]:
            if cell["id"] == "imports":
                cell["source"] = "import numpy as np, os"

    notes = rebuild(affine.submission(ANSWER, mutate), affine.bundle).notes
    assert notes == [
        "The text of the cell imports was changed; the instructor's own is graded.",
        "The test cell visible was missing and was put back.",
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-32-be"])
def test_every_unicode_encoding_is_read(affine, encoding):
    raw = affine.submission(ANSWER).decode().encode(encoding)
    assert cell_of(rebuild(raw, affine.bundle), "answer").source == ANSWER


def test_what_is_left_of_a_longer_file_is_passed_over(affine):
    assert cell_of(rebuild(affine.submission(ANSWER) + b'"}]}\n', affine.bundle), "answer").source == ANSWER


def test_an_answer_under_the_mark_of_a_test_is_found_by_what_it_defines(affine):
    def mutate(nb, _):
        for cell in nb["cells"]:
            if "nbgrader" in cell["metadata"]:
                cell["metadata"]["nbgrader"]["grade_id"] = "hidden"

    assert cell_of(rebuild(affine.submission(ANSWER, mutate), affine.bundle), "answer").source == ANSWER


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[a](javascript:alert(1))", "[a] (java"),
        ("[a]: javascript:alert(1)", "[a] :"),
        ("![](http://elsewhere/x.png)", "![] ("),
        (r"$\href{javascript:alert(1)}{5/5}$", r"\ href"),
        (r"$\csname href\endcsname{javascript:alert(1)}{5/5}$", r"\ csname"),
    ],
)
def test_text_of_a_student_makes_no_links(affine, text, word):
    def mutate(nb, _):
        nb["cells"].append({"cell_type": "markdown", "metadata": {}, "source": text})

    assert word in rebuild(affine.submission(ANSWER, mutate), affine.bundle).notebook.cells[-1].source


@pytest.mark.parametrize(
    "text",
    ["a" * 200_000 + " +b?", "!a\n" * 490 + "x = 1\n" * 10_000, "\n" * 1_000_000 + "def (", "x = [\n" * 100_000],
    ids=["question", "commands", "empty_lines", "brackets"],
)
def test_no_text_takes_long_to_read(affine, text):
    def mutate(nb, _):
        nb["cells"].insert(0, nb["cells"][2] | {"source": text, "id": "piece"})

    rebuilt = rebuild(affine.submission(ANSWER, mutate), affine.bundle)
    assert ANSWER in cell_of(rebuilt, "answer").source


def test_code_without_end_is_left_out_and_the_rest_is_read(affine):
    def mutate(nb, _):
        nb["cells"][:0] = [{"cell_type": "code", "metadata": {}, "source": "x = 1\n" * 100_000} for _ in range(8)]

    rebuilt = rebuild(affine.submission(ANSWER, mutate), affine.bundle)
    assert cell_of(rebuilt, "answer").source == ANSWER
    assert any("more than 2 MB of code" in note for note in rebuilt.notes)


def test_an_answer_in_a_cell_of_its_own_is_taken_where_the_given_one_was_left(affine):
    def mutate(nb, _):
        nb["cells"].append({"cell_type": "code", "metadata": {}, "source": ANSWER})

    stub = next(cell.source for cell in affine.released.cells if cell.id == "answer")
    assert cell_of(rebuild(affine.submission(stub, mutate), affine.bundle), "answer").source == ANSWER


def test_a_byte_order_mark_inside_a_cell_is_left_out(affine):
    assert cell_of(rebuild(affine.submission("\ufeff" + ANSWER), affine.bundle), "answer").source == ANSWER
