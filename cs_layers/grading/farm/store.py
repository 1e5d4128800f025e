"""The one writer: puts a result into the gradebook, and its files into place, once or again with the same end.

What it leaves is what `nbgrader autograde` leaves. It speaks to nbgrader's own tables directly, a few statements for
each submission in one transaction; nbgrader's objects are used where a late submission's penalty is worked out.
"""

import contextlib
from datetime import timedelta

from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cs_layers.grading.books import be_patient
from cs_layers.grading.farm.folders import Folders
from cs_layers.grading.farm.ledger import digest
from cs_layers.grading.lock import GradingStopped

ASSIGNMENTS, NOTEBOOKS = SubmittedAssignment.__table__, SubmittedNotebook.__table__
GRADES, COMMENTS, CELLS = Grade.__table__, Comment.__table__, BaseCell.__table__
KINDS = ("grade", "solution", "task")


class UnknownStudent(Exception):
    """The gradebook does not know the student, and the course's configuration adds nobody."""


class Store:
    """Writes results of one assignment.

    Parameters
    ----------
    course : Course

    Raises
    ------
    GradingStopped
        If the gradebook does not know the assignment, or cannot be written.
    """

    def __init__(self, course):
        self.course, self.folders = course, Folders(course)
        with _told():
            self.gradebook = Gradebook(course.coursedir.db_url, course.coursedir.course_id)
            self.engine = self.gradebook.engine
            be_patient(self.gradebook)
            self._read_assignment(course.assignment)
            self._try_to_write()

    def _read_assignment(self, name):
        try:
            assignment = self.gradebook.find_assignment(name)
        except MissingEntry:
            known = ", ".join(sorted(one.name for one in self.gradebook.assignments)) or "none"
            has = f"The gradebook has no assignment {name!r} (it has: {known})"
            raise GradingStopped(f"{has}; run `nbgrader generate_assignment {name}`.") from None
        self.assignment_id, self.duedate = assignment.id, assignment.duedate
        self.notebooks, self.graded, self.commented = {}, {}, {}
        for notebook in assignment.notebooks:
            cells = {kind: {cell.id: cell.name for cell in getattr(notebook, f"{kind}_cells")} for kind in KINDS}
            self.notebooks[notebook.name] = notebook.id
            self.graded[notebook.name] = {**cells["grade"], **cells["task"]}
            self.commented[notebook.name] = {**cells["solution"], **cells["task"]}
        self.gradebook.db.remove()

    def _try_to_write(self):
        with self.engine.begin() as connection:
            connection.execute(update(ASSIGNMENTS).where(ASSIGNMENTS.c.id == "").values(id=""))

    def close(self):
        self.gradebook.close()

    # -- one submission

    def save(self, submission, result):
        """Store a result: the files beside their place, the gradebook in one transaction, the files in their place.

        Returns
        -------
        rows : str
            A hash of the points and comments written.
        files : dict of str to str
            The notebooks' hashes.

        Raises
        ------
        GradingStopped
            If the disk or the gradebook does not take it. What was stored before stays.
        """
        texts = {part["name"]: part["text"] for part in result["notebooks"]}
        with _told(), self.folders.beside(submission.student) as new:
            self.folders.write(new, submission.folder, texts)
            with self.engine.begin() as connection:
                self._write_rows(connection, submission, result)
            self.folders.put_in_place(submission.student, new)
        return digest(rows_of(result)), {name: digest(text) for name, text in texts.items()}

    def _write_rows(self, connection, submission, result):
        self._need_student(connection, submission.student)
        assignment_id, late = self._need_submission(connection, submission)
        known = dict(
            connection.execute(
                select(NOTEBOOKS.c.notebook_id, NOTEBOOKS.c.id).where(NOTEBOOKS.c.assignment_id == assignment_id)
            ).all()
        )
        for name, notebook_id in self.notebooks.items():
            if notebook_id not in known:
                known[notebook_id] = new_uuid()
                row = {"id": known[notebook_id], "assignment_id": assignment_id, "notebook_id": notebook_id}
                connection.execute(insert(NOTEBOOKS).values(row))
            self._need_cells(connection, name, known[notebook_id])
            if name in submission.missing:  # tasks too: there is nothing for a person to look at
                none = update(GRADES).where(GRADES.c.notebook_id == known[notebook_id])
                connection.execute(none.values(auto_score=0, needs_manual_grade=False))
        for part in result["notebooks"]:
            at = known[self.notebooks[part["name"]]]
            self._write_grades(connection, part["name"], at, part["grades"])
            self._write_comments(connection, part["name"], at, part["comments"])
            penalty = self._penalty(connection, at, submission.student, late) if late > 0 else None
            connection.execute(update(NOTEBOOKS).where(NOTEBOOKS.c.id == at).values(late_submission_penalty=penalty))

    def _need_student(self, connection, student):
        table = Student.__table__
        if connection.execute(select(table.c.id).where(table.c.id == student)).first() is None:
            if not self.course.converter.create_student:
                raise UnknownStudent(student)
            connection.execute(insert(table).values(id=student))

    def _need_submission(self, connection, submission):
        """The row's id, and how many seconds late it is; as for nbgrader, a submission without a time keeps the one
        before."""
        mine = (ASSIGNMENTS.c.assignment_id == self.assignment_id) & (ASSIGNMENTS.c.student_id == submission.student)
        found = connection.execute(select(ASSIGNMENTS).where(mine)).mappings().first()
        row = dict(found or {"id": new_uuid(), "timestamp": None, "extension": None})
        if submission.timestamp:
            row["timestamp"] = submission.timestamp
        if found is None:
            row.update(assignment_id=self.assignment_id, student_id=submission.student)
            connection.execute(insert(ASSIGNMENTS).values(row))
        elif row != found:
            connection.execute(update(ASSIGNMENTS).where(mine).values(timestamp=row["timestamp"]))
        if self.duedate is None or row["timestamp"] is None:
            return row["id"], 0
        late = row["timestamp"] - self.duedate - (row["extension"] or timedelta())
        return row["id"], late.total_seconds()

    def _need_cells(self, connection, name, notebook_id):
        for table, cells in ((GRADES, self.graded[name]), (COMMENTS, self.commented[name])):
            there = connection.execute(select(table.c.cell_id).where(table.c.notebook_id == notebook_id)).scalars()
            new = [
                {"id": new_uuid(), "cell_id": cell, "notebook_id": notebook_id}
                for cell in sorted(set(cells) - set(there))
            ]
            if new:
                connection.execute(insert(table), new)

    def _write_grades(self, connection, name, notebook_id, points):
        known = select(GRADES.c.id, GRADES.c.cell_id, GRADES.c.manual_score).where(GRADES.c.notebook_id == notebook_id)
        rows = [
            {"row": row.id, "auto": (auto := points[grade_id]), "manual": auto is None or row.manual_score is not None}
            for row in connection.execute(known).all()
            if (grade_id := self.graded[name].get(row.cell_id)) in points
        ]
        if rows:
            values = {"auto_score": bindparam("auto"), "needs_manual_grade": bindparam("manual")}
            connection.execute(update(GRADES).where(GRADES.c.id == bindparam("row")).values(values), rows)

    def _write_comments(self, connection, name, notebook_id, comments):
        known = select(COMMENTS.c.id, COMMENTS.c.cell_id).where(COMMENTS.c.notebook_id == notebook_id)
        rows = [
            {"row": row.id, "comment": comments[grade_id]}
            for row in connection.execute(known).all()
            if (grade_id := self.commented[name].get(row.cell_id)) in comments
        ]
        if rows:
            statement = update(COMMENTS).where(COMMENTS.c.id == bindparam("row"))
            connection.execute(statement.values(auto_comment=bindparam("comment")), rows)

    def _penalty(self, connection, notebook_id, student, late):
        """What nbgrader's step takes off, with the course's own plug-in."""
        step = AssignLatePenalties(parent=self.course.converter)
        step.init_plugin()
        with Session(bind=connection) as session:
            notebook = session.get(SubmittedNotebook, notebook_id)
            penalty = step.plugin_inst.late_submission_penalty(student, notebook.score, late)
            return None if penalty is None else step._check_late_penalty(notebook, penalty)

    # -- what is there

    def held(self):
        """What the gradebook holds now: {student: {notebook/cell: points or comment}}."""
        found = {}
        for kind, table, column in (("", GRADES, "auto_score"), ("#", COMMENTS, "auto_comment")):
            rows = (
                select(ASSIGNMENTS.c.student_id, Notebook.name, CELLS.c.name, table.c[column])
                .select_from(table)
                .join(CELLS, CELLS.c.id == table.c.cell_id)
                .join(NOTEBOOKS, NOTEBOOKS.c.id == table.c.notebook_id)
                .join(Notebook, Notebook.id == NOTEBOOKS.c.notebook_id)
                .join(ASSIGNMENTS, ASSIGNMENTS.c.id == NOTEBOOKS.c.assignment_id)
                .where(ASSIGNMENTS.c.assignment_id == self.assignment_id)
            )
            if table is GRADES:  # a task's points come from a person alone
                rows = rows.where(CELLS.c.type != "TaskCell")
            with self.engine.connect() as connection:
                for student, notebook, cell, value in connection.execute(rows):
                    found.setdefault(student, {})[f"{notebook}/{cell}{kind}"] = value
        return found

    def is_stored(self, line, held):
        """Whether what the ledger says was stored is still there, in the gradebook (`held`) and in the folder."""
        if digest(held.get(line["student"])) != line["rows"]:
            return False
        return all(digest(self.folders.text(line["student"], name)) == one for name, one in line["files"].items())


def rows_of(result):
    """What `held` gives for a student once this result has been stored."""
    rows = {}
    for part in result["notebooks"]:
        for cell, points in part["grades"].items():
            rows[f"{part['name']}/{cell}"] = None if points is None else float(points)
        rows.update({f"{part['name']}/{cell}#": comment for cell, comment in part["comments"].items()})
    return rows


@contextlib.contextmanager
def _told():
    """Errors of the disk and of the gradebook, as a sentence."""
    try:
        yield
    except OSError as error:
        raise GradingStopped(f"{error.filename or 'The disk'} could not be written ({error.strerror}).") from error
    except DBAPIError as error:
        reason = str(error.orig).strip().split("\n")[0]
        raise GradingStopped(f"The gradebook could not be read or written ({reason}).") from error
