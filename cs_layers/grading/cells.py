"""The cells of the rebuilt notebook: which answer a test belongs to, and what cells owe one another."""

from dataclasses import dataclass, field

from cs_layers.grading import names as naming


@dataclass
class Cell:
    """One code cell of the rebuilt notebook.

    `kind` is "student" (a student can write it), "shared" (the instructor's, not graded) or "check" (graded). A cell
    that runs `apart` uses what the student's process does not have: the checks, or what the notebook asks for.
    """

    index: int
    kind: str
    source: str
    grade_id: str = ""
    points: float = 0.0
    provides: list = field(default_factory=list)
    imports: list = field(default_factory=list)
    classes: dict = field(default_factory=dict)
    apart: bool = False


def owed(cell, cells, plan):
    """Names that a cell binds and that a later cell needs in the student's process."""
    later = [one for one in cells if one.index > cell.index and plan.there(one)]
    return naming.bound(cell.source).intersection(set().union(*(naming.mentioned(one.source) for one in later)))


def names_of_others(cells):
    """For each test, by its cell's index: the names that other answers are to provide and are tested for on their own.

    A test belongs to the answer it is named after (`X_test` to `X`), else to the last one above it.
    """
    answers = {cell.grade_id: set(cell.provides) for cell in cells if cell.kind == "student" and cell.grade_id}
    owner, last = {}, None
    for cell in cells:
        if cell.kind == "student" and cell.grade_id:
            last = cell.grade_id
        elif cell.kind == "check":
            named = cell.grade_id.removesuffix("_test")
            owner[cell.index] = named if named in answers else last
    tested = set(owner.values())
    return {
        index: set().union(*(answers[one] for one in tested - {own, None})) - answers.get(own, set())
        for index, own in owner.items()
    }
