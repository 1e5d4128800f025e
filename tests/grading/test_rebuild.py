"""Rebuilding: from any bytes at all a notebook that is the instructor's own, with the student's answers in it."""

import base64
import html
import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbconvert import HTMLExporter

from cs_layers.grading.bundle import from_notebook
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
        ("see http://elsewhere", "http: //"),
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
    [
        "&#36;&#92;href{javascript:alert(1)}{5/5}&#36;",
        r"\\(\&#104;ref{javascript:1}{x}\\)",
        "$\\&amp;#104;ref{javascript:1}{x}$",
        "&#91;a&#93;&#40;javascript:1&#41; &lt;script>",
    ],
)
def test_entities_hide_nothing(affine, text):
    def mutate(nb, _):
        nb["cells"].append({"cell_type": "markdown", "metadata": {}, "source": text})

    shown = html.unescape(rebuild(affine.submission(ANSWER, mutate), affine.bundle).notebook.cells[-1].source)
    assert r"\href" not in shown
    assert "<script" not in shown
    assert "](" not in shown


PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"a picture").decode()


def with_picture(text, attachments):
    def mutate(nb, _):
        nb["cells"].append({"cell_type": "markdown", "metadata": {}, "source": text, "attachments": attachments})

    return mutate


def page_of(cell):
    nb = nbformat.v4.new_notebook(cells=[cell])
    nbformat.validate(nb)
    return HTMLExporter(sanitize_html=True).from_notebook_node(nb)[0]


@pytest.mark.parametrize("name", ["a.png", "my drawing.png", "my%20drawing.png"])
def test_a_pasted_picture_is_shown(affine, name):
    mutate = with_picture(f"See ![it](attachment:{name})", {name.replace("%20", " "): {"image/png": PNG}})
    cell = rebuild(affine.submission(ANSWER, mutate), affine.bundle).notebook.cells[-1]
    assert f'src="data:image/png;base64,{PNG}"' in page_of(cell)


@pytest.mark.parametrize(
    ("text", "attachments"),
    [
        ("![a](attachment:a.svg)", {"a.svg": {"image/svg+xml": "<svg onload=alert(1)>"}}),
        ("![a](attachment:a.png)", {"a.png": {"image/png": "bm8gcGljdHVyZQ=="}}),
        ("![a](attachment:a.png)", {}),
        ("![a](attachment:a.png)", {"a.png": ["image/png"]}),
        ("![a](attachment:a.png)", ["a.png"]),
        ("![a](attachment:a.png 'x' onerror=1)", {"a.png": {"image/png": PNG}}),
        ("![a][b]\n\n[b]: attachment:a.png", {"a.png": {"image/png": PNG}}),
    ],
)
def test_what_is_no_picture_is_not_shown(affine, text, attachments):
    cell = rebuild(affine.submission(ANSWER, with_picture(text, attachments)), affine.bundle).notebook.cells[-1]
    assert "attachments" not in cell
    assert "<img" not in page_of(cell)


def test_a_picture_brings_nothing_along(affine):
    sent = with_picture('[![a" onerror="x](attachment:a.png)](http://b)', {"a.png": {"image/png": PNG + '"><b>'}})
    cell = rebuild(affine.submission(ANSWER, sent), affine.bundle).notebook.cells[-1]
    page = page_of(cell)
    assert f"base64,{PNG}" in page
    assert "http://b" not in page
    assert "onerror=" not in page
    assert '"><b>' not in json.dumps(cell.attachments)


def test_pictures_of_an_answer_in_words_and_of_the_instructor_stay():
    answer = {"nbgrader": {"grade": True, "solution": True, "locked": False, "points": 1, "grade_id": "words"}}
    cells = [
        nbformat.v4.new_markdown_cell("![i](attachment:i.png) ![lost](attachment:lost.png)", id="intro"),
        nbformat.v4.new_markdown_cell("YOUR ANSWER HERE", id="words", metadata=answer),
    ]
    cells[0]["attachments"] = {"i.png": {"image/png": PNG}}
    nb = nbformat.v4.new_notebook(cells=cells)
    submitted = json.loads(nbformat.writes(nb))
    submitted["cells"][1] |= {"source": "![a](attachment:a.png)", "attachments": {"a.png": {"image/png": PNG}}}
    intro, words = rebuild(json.dumps(submitted).encode(), from_notebook(nb, "a", "words")).notebook.cells
    assert PNG in page_of(words)
    assert PNG in page_of(intro)
    assert words.metadata.nbgrader.grade_id == "words"


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


def test_words_without_end_are_left_out_and_the_answer_is_read(affine):
    def mutate(nb, _):
        nb["cells"][:0] = [{"cell_type": "markdown", "metadata": {}, "source": "ab\n" * 30_000} for _ in range(400)]

    rebuilt = rebuild(affine.submission(ANSWER, mutate), affine.bundle)
    assert cell_of(rebuilt, "answer").source == ANSWER
    assert sum(len(cell.source) for cell in rebuilt.notebook.cells) < 10 << 20


def test_an_answer_in_a_cell_of_its_own_is_taken_where_the_given_one_was_left(affine):
    def mutate(nb, _):
        nb["cells"].append({"cell_type": "code", "metadata": {}, "source": ANSWER})

    stub = next(cell.source for cell in affine.released.cells if cell.id == "answer")
    assert cell_of(rebuild(affine.submission(stub, mutate), affine.bundle), "answer").source == ANSWER


def test_a_byte_order_mark_inside_a_cell_is_left_out(affine):
    assert cell_of(rebuild(affine.submission("\ufeff" + ANSWER), affine.bundle), "answer").source == ANSWER
