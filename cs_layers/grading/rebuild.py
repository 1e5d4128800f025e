"""Rebuild, do not sanitise: the notebook that is graded is the instructor's own, with the text of the student's
answers in it.

Of the submitted file nothing else counts: no metadata, tags, outputs or test cells. Answers are found by `grade_id`,
else by cell id, by the names they define, by position. Code that is nobody's answer (helpers, scratch) runs where it
stood, in the student's process.
"""

import ast
import functools
import hashlib
import json
import re
from dataclasses import dataclass, field

import nbformat

from cs_layers.grading import names as naming
from cs_layers.grading.display import clean_text
from cs_layers.grading.markdown import MAX_PICTURES, harmless, pictures_of, without_missing

MAX_BYTES = 256 << 20
MAX_BRACKETS = 4_000_000
MAX_CELLS = 2000
MAX_SOURCE = 1 << 20
MAX_TEXT = 8 << 20
"""Characters of text, code and words, that are read of one notebook, marked cells first."""
MAX_CODE = 2 << 20
"""Characters of code that are read of one notebook: reading more takes longer than it is worth."""


class Unreadable(ValueError):
    """The submitted file is no notebook; the message is for the student."""


@dataclass
class Rebuilt:
    """The notebook to grade, and what was odd."""

    notebook: object
    notes: list = field(default_factory=list)


@dataclass
class Submitted:
    """One cell of the submitted notebook, with what it was taken for.

    `role`: "piece" of the answer `target`, "same" as the instructor's cell `target`, "extra" after the instructor's
    cell `target`.
    """

    cell_type: str
    source: str
    grade_id: str
    cell_id: str
    role: str = ""
    target: int = -1
    pictures: dict = field(default_factory=dict)


def rebuild(raw, bundle):
    """Put a student's answers into the instructor's notebook.

    Parameters
    ----------
    raw : bytes or None
        The submitted file.
    bundle : Bundle

    Returns
    -------
    Rebuilt
        Always: what cannot be read gives the notebook as released, and the reason under `metadata.cs_layers.problem`.
    """
    notes, problem, submitted = [], None, []
    try:
        submitted = read_cells(raw)
    except Unreadable as error:
        problem = str(error)
        notes.append(problem)
    _leave_out(submitted, bundle, notes)
    place(submitted, bundle, notes)
    cells = list(_cells(submitted, bundle, notes))
    nb = nbformat.v4.new_notebook(cells=cells, metadata=dict(bundle.metadata))
    nb.nbformat_minor = 5
    nb.metadata["cs_layers"] = {"notes": notes}
    if problem:
        nb.metadata["cs_layers"]["problem"] = problem
    return Rebuilt(nb, notes)


def rebuild_found(raw, notes, problem, bundle):
    """Rebuild what `find_notebook` found, and note in the notebook what it was made of.

    Parameters
    ----------
    raw : bytes or None
    notes : list of str
        What was odd about the file.
    problem : str or None
        Why nothing of it counts, if so.
    bundle : Bundle
    """
    rebuilt = rebuild(raw, bundle)
    if problem:
        rebuilt.notebook.metadata.cs_layers["problem"] = problem
        rebuilt.notes[:] = [problem]
    rebuilt.notes.extend(notes)
    rebuilt.notebook.metadata.cs_layers["notes"] = list(rebuilt.notes)
    rebuilt.notebook.metadata.cs_layers["submission"] = hashlib.sha256(raw or b"").hexdigest()
    return rebuilt.notebook


# -- reading


def read_cells(raw):
    """The cells of a submitted file, whatever else it holds.

    Raises
    ------
    Unreadable
        If there are none to be found.
    """
    if raw is None:
        raise Unreadable("No notebook was handed in.")
    if len(raw) > MAX_BYTES:
        size = f"The notebook file has {len(raw) >> 20} MB or more; over {MAX_BYTES >> 20} MB are not read."
        raise Unreadable(f"{size} Clear the outputs and hand it in again.")
    if not raw.strip(b"\0 \t\r\n"):
        raise Unreadable("The notebook file is empty.")
    if raw.count(b"[") + raw.count(b"{") > MAX_BRACKETS:
        raise Unreadable("The notebook file has millions of brackets; it is not read.")
    try:
        nb = _json(_decoded(raw))
    except RecursionError:
        raise Unreadable("The notebook file is nested too deeply to be read.") from None
    except (ValueError, MemoryError):
        raise Unreadable(
            "The notebook file is not valid JSON: it may be cut off. Open it in Jupyter, save it and hand it in again."
        ) from None
    if not isinstance(nb, dict):
        raise Unreadable("The notebook file holds no notebook.")
    cells = nb.get("cells")
    if not isinstance(cells, list):  # nbformat 3 keeps cells in worksheets
        sheets = nb.get("worksheets")
        cells = (
            [cell for sheet in sheets if isinstance(sheet, dict) for cell in _list(sheet.get("cells"))]
            if isinstance(sheets, list)
            else None
        )
    if cells is None:
        raise Unreadable("The notebook file holds no cells.")
    found, left = [made for made in map(_submitted, cells[:MAX_CELLS]) if made], MAX_TEXT
    for cell in sorted(found, key=lambda cell: not cell.grade_id):
        left -= len(cell.source)
        cell.source = cell.source if left >= 0 else ""
    return found


def _json(text):
    """What a JSON text holds; where a longer file was saved over, what stands first in it."""
    decoder = json.JSONDecoder(parse_int=_integer)
    return decoder.raw_decode(text, len(text) - len(text.lstrip()))[0]


def _decoded(raw):
    for encoding in (json.detect_encoding(raw), "utf-8-sig"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _integer(text):
    return int(text) if len(text) < 1000 else 0


def _list(value):
    return value if isinstance(value, list) else []


def _submitted(cell):
    if not isinstance(cell, dict):
        return None
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        source = ""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    cell_type = cell.get("cell_type")
    return Submitted(
        cell_type if cell_type in ("code", "markdown", "raw") else "code",
        clean_text(source.replace("\r\n", "\n").lstrip("\ufeff"), MAX_SOURCE),
        grade_id if isinstance(grade_id, str) else "",
        cell.get("id") if isinstance(cell.get("id"), str) else "",
        pictures=pictures_of(cell.get("attachments")) if cell_type == "markdown" else {},
    )


def _leave_out(submitted, bundle, notes):
    """Take the text of what is more code than anybody writes; marked answers are kept first."""
    left, answers = MAX_CODE, {own.grade_id for own in bundle.solutions}
    for cell in sorted(submitted, key=lambda cell: cell.grade_id not in answers):
        if cell.cell_type == "code" or "def " in cell.source:
            left -= len(cell.source)
            cell.source = cell.source if left >= 0 else ""
    if left < 0:
        notes.append(f"The notebook holds more than {MAX_CODE >> 20} MB of code; what is over that was left out.")
    left = MAX_PICTURES
    for cell in submitted:
        for name, (_, picture) in list(cell.pictures.items()):
            left -= len(picture)
            if left < 0:
                del cell.pictures[name]
    if left < 0:
        notes.append(f"The notebook's pictures have more than {MAX_PICTURES >> 20} MB; what is over that was left out.")


# -- placing


def place(submitted, bundle, notes):
    """Decide for each submitted cell what it is; sets `role` and `target`."""
    by_id = {cell.grade_id: index for index, cell in enumerate(bundle.cells) if cell.grade_id}
    for cell in submitted:
        _by_grade_id(cell, by_id, bundle)
    taken = {cell.target for cell in submitted if cell.role == "same"}
    for cell in submitted:
        if not cell.role:
            _by_text(cell, bundle, taken)
    answered = answered_cells(submitted, bundle)
    for cell in submitted:
        if not cell.role:
            _by_cell_id_or_names(cell, bundle, answered)
    _by_position(submitted, bundle)
    _anchor_extras(submitted)
    _drop_stubs(submitted, bundle)
    _note_oddities(submitted, bundle, notes)


def answered_cells(submitted, bundle):
    """Which of the bundle's cells have an answer among what was placed that differs from what students were given."""
    pieces = [cell for cell in submitted if cell.role == "piece"]
    return {cell.target for cell in pieces if not _same_text(cell.source, bundle.cells[cell.target])}


def is_answered(raw, bundle):
    """Whether a file is a notebook with an answer in it."""
    try:
        submitted = read_cells(raw)
    except Unreadable:
        return False
    place(submitted, bundle, [])
    return bool(answered_cells(submitted, bundle))


def _by_grade_id(cell, by_id, bundle):
    index = by_id.get(cell.grade_id)
    if index is None:
        return
    if bundle.cells[index].kind == "solution":
        cell.role, cell.target = "piece", index
    elif _same_text(cell.source, bundle.cells[index]):
        cell.role, cell.target = "same", index
    elif not naming.callables(cell.source) & set().union(*(_distinctive(own) for own in bundle.solutions)):
        # a locked cell that was changed: it counts as code of the student's, before the real one
        cell.role, cell.target = "extra", index - 1


def _by_text(cell, bundle, taken):
    for index, own in enumerate(bundle.cells):
        if index not in taken and _same_text(cell.source, own):
            if own.kind == "solution":
                cell.role, cell.target = "piece", index
            else:
                cell.role, cell.target = "same", index
            taken.add(index)
            return


def _by_cell_id_or_names(cell, bundle, answered):
    for index, own in enumerate(bundle.cells):
        if own.kind == "solution" and cell.cell_id and cell.cell_id == own.cell_id and index not in answered:
            cell.role, cell.target = "piece", index
            return
    defined = naming.bound(cell.source) if cell.cell_type != "markdown" or "def " in cell.source else set()
    for index, own in enumerate(bundle.cells):
        if own.kind == "solution" and index not in answered and defined & _distinctive(own):
            cell.role, cell.target = "piece", index
            return


def _distinctive(own):
    """Functions and classes that an answer defines, or all its names where there are none."""
    return naming.callables(own.source) & set(own.provides) or set(own.provides)


def _by_position(submitted, bundle):
    """Give an answer that was not found the cells that stand between its neighbours."""
    answered = {cell.target for cell in submitted if cell.role == "piece"}
    for index, own in enumerate(bundle.cells):
        if own.kind != "solution" or index in answered:
            continue
        before = max(
            (at for at, cell in enumerate(submitted) if cell.role in ("same", "piece") and cell.target < index),
            default=-1,
        )
        after = min(
            (at for at, cell in enumerate(submitted) if at > before and cell.role in ("same", "piece")),
            default=len(submitted),
        )
        for cell in submitted[before + 1 : after]:
            if not cell.role and (cell.cell_type == own.cell_type or len(submitted[before + 1 : after]) == 1):
                cell.role, cell.target = "piece", index


def _anchor_extras(submitted):
    last = -1
    for cell in submitted:
        if not cell.role:
            cell.role, cell.target = "extra", last
        elif cell.role != "extra":
            last = cell.target


def _drop_stubs(submitted, bundle):
    """Of several pieces of an answer, those that were never touched say nothing."""
    for index in {cell.target for cell in submitted if cell.role == "piece"}:
        pieces = [cell for cell in submitted if cell.role == "piece" and cell.target == index]
        touched = [cell for cell in pieces if not _same_text(cell.source, bundle.cells[index])]
        for cell in pieces:
            if touched and cell not in touched:
                cell.role = "dropped"


def _note_oddities(submitted, bundle, notes):
    seen = set()
    for cell in submitted:
        own = bundle.cells[cell.target] if 0 <= cell.target < len(bundle.cells) else None
        if cell.role == "same":
            if cell.target in seen and own.grade_id:
                notes.append(f"A copy of the cell {own.grade_id} was left out.")
            seen.add(cell.target)
        elif cell.role == "piece" and cell.grade_id != own.grade_id:
            notes.append(
                f"The answer {own.grade_id} had lost its mark and was found by its place or the names it defines."
            )
    ids = {
        cell.grade_id: index
        for index, cell in enumerate(bundle.cells)
        if cell.kind in ("check", "locked") and cell.grade_id
    }
    for grade_id, index in ids.items():
        if submitted and index not in seen and any(cell.grade_id == grade_id for cell in submitted):
            notes.append(f"The text of the cell {grade_id} was changed; the instructor's own is graded.")
        elif submitted and index not in seen and bundle.cells[index].kind == "check":
            notes.append(f"The test cell {grade_id} was missing and was put back.")


def _same_text(text, own):
    return _plain(text) in _plain_texts(own.source)


@functools.lru_cache(1024)
def _plain_texts(source):
    return _plain(source), _plain(visible_source(source))


def _plain(text):
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def visible_source(source):
    """A cell's text as students got it, without hidden tests."""
    hidden = naming.hidden_lines(source)
    return "\n".join(line for number, line in enumerate(source.split("\n"), 1) if number not in hidden)


# -- building


def _cells(submitted, bundle, notes):
    """The cells of the notebook that is graded, in the instructor's order."""
    number = 0
    for index in range(-1, len(bundle.cells)):
        if index >= 0:
            own = bundle.cells[index]
            pieces = [cell for cell in submitted if cell.role == "piece" and cell.target == index]
            if own.kind == "solution" and own.cell_type != "code" and pieces:
                yield _text_answer(pieces, own, index)
            elif own.kind == "solution":
                for text, main in _answer(pieces, own):
                    number += not main
                    yield _own_cell(own, text, index) if main else _extra_code(text, number)
            else:
                yield _own_cell(own, own.source, index)
            if len(pieces) > 1:
                notes.append(f"The answer {own.grade_id} came in {len(pieces)} cells; all of them were used.")
        for cell in submitted:
            if cell.role == "extra" and cell.target == index and cell.source.strip():
                number += 1
                is_code = cell.cell_type == "code"
                yield _extra_code(cell.source, number) if is_code else _extra_text(cell, number)


def _answer(pieces, own):
    """[(text, whether it is the answer cell)] of an answer that may have been split or copied."""
    texts = [piece.source for piece in pieces]
    if not texts:
        return [(own.source, True)]
    if len(texts) == 1:
        return [(texts[0], True)]
    if not all(map(_parses, texts)) and _parses("\n".join(texts)):
        return [("\n".join(texts), True)]
    defining = [at for at, text in enumerate(texts) if naming.bound(text) & set(own.provides)] or [len(texts) - 1]
    return [(text, at == defining[-1]) for at, text in enumerate(texts)]


def _parses(text):
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return any(map(naming.is_magic, text.split("\n"))) and bool(naming.parse(text).body)
    return True


def _own_cell(own, source, index):
    if own.cell_type == "code":
        cell = nbformat.v4.new_code_cell(source)
        kind = {"solution": "student", "check": "check"}.get(own.kind, "shared")
    else:
        make = nbformat.v4.new_markdown_cell if own.cell_type == "markdown" else nbformat.v4.new_raw_cell
        cell = make(source)
        if source == own.source:
            cell = _with_pictures(make(without_missing(source, own.attachments)), own.attachments)
        kind = "text"
    if own.metadata:
        cell.metadata["nbgrader"] = json.loads(json.dumps(own.metadata))
    cell.metadata["cs_layers"] = {"kind": kind}
    cell.id = re.sub(r"[^A-Za-z0-9_-]", "-", own.cell_id or own.grade_id or f"cell-{index}")[:60] or f"cell-{index}"
    return cell


def _text_answer(pieces, own, index):
    """The cell of an answer in words, of one piece or of several."""
    if len(pieces) == 1 and pieces[0].source == own.source:
        return _own_cell(own, own.source, index)
    texts, shown = zip(*(harmless(piece.source, piece.pictures) for piece in pieces), strict=True)
    cell = _own_cell(own, "\n\n".join(texts), index)
    return _with_pictures(cell, {name: picture for one in shown for name, picture in one.items()})


def _extra_code(source, number):
    return _extra(nbformat.v4.new_code_cell(source), "student", number)


def _extra_text(submitted, number):
    text, shown = harmless(submitted.source, submitted.pictures)
    return _extra(_with_pictures(nbformat.v4.new_markdown_cell(text), shown), "text", number)


def _extra(cell, kind, number):
    cell.metadata["cs_layers"] = {"kind": kind, "extra": True}
    cell.id = f"student-{number}"
    return cell


def _with_pictures(cell, pictures):
    if pictures and cell.cell_type == "markdown":
        cell["attachments"] = nbformat.from_dict(pictures)
    return cell
