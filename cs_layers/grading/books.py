"""nbgrader's gradebook, opened once for a whole run and written once for each step of it.

Left alone, nbgrader opens it nine times for each submission, and each opening begins with an empty cache of compiled
queries and a look at every table; and it commits after every grade, with a wait for the disk each time.
"""

import contextlib

from nbgrader.api import Gradebook
from nbgrader.converters import autograde
from nbgrader.preprocessors import latesubmissions, overwritecells, overwritekernelspec, saveautogrades
from sqlalchemy import event
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from cs_layers.grading import preprocessors

PATIENCE = 60
"""Seconds to wait for another program that is writing to the gradebook."""
_USERS = (autograde, saveautogrades, latesubmissions, overwritecells, overwritekernelspec, preprocessors)


class _Session(Session):
    """A session whose commits are kept back until `commit_all`; what is asked of it afterwards is read anew."""

    def commit(self):
        self.flush()
        self.expire_all()

    def commit_all(self):
        super().commit()


class _OpenBook(Gradebook):
    """A gradebook that is left open when a step of nbgrader's closes it."""

    def __init__(self, db_url, course_id):
        super().__init__(db_url, course_id)
        self.courses = {course_id}
        be_patient(self)
        self.db = scoped_session(sessionmaker(class_=_Session, bind=self.engine))

    def close(self):
        self.db.expunge_all()


def be_patient(gradebook):
    """Have an open gradebook's connections wait for another program that is writing, where the database itself would
    not."""
    if gradebook.engine.dialect.name == "sqlite":
        command = f"PRAGMA busy_timeout = {PATIENCE * 1000}"
        event.listen(gradebook.engine, "connect", lambda connection, _: connection.execute(command))
    gradebook.db.remove()
    gradebook.engine.dispose()


class Books:
    """The gradebooks that a run has open, by their addresses: in practice one.

    Use as a context: while it lasts, nbgrader's own steps find theirs here.
    """

    def __init__(self):
        self._open, self._patches = {}, contextlib.ExitStack()

    def __enter__(self):
        for module in _USERS:
            self._patches.callback(setattr, module, "Gradebook", module.Gradebook)
            module.Gradebook = self.open
        return self

    def __exit__(self, *_):
        self._patches.close()
        for book in self._open.values():
            Gradebook.close(book)
        self._open.clear()

    def open(self, db_url, course_id="default_course", authenticator=None):
        """What stands for nbgrader's `Gradebook(...)`."""
        book = self._open.get(db_url)
        if book is None:
            book = self._open[db_url] = _OpenBook(db_url, course_id)
        elif course_id not in book.courses:
            book.check_course(course_id)
            book.courses.add(course_id)
        book.course_id, book.authenticator = course_id, authenticator
        return book

    def commit(self):
        """Write down what the steps have done since the last time."""
        for book in self._open.values():
            book.db().commit_all()

    def rollback(self):
        """Forget what the steps have done since the last time."""
        for book in self._open.values():
            book.db.rollback()

    @contextlib.contextmanager
    def step(self):
        """Write all or nothing of what is done inside."""
        try:
            yield
        except BaseException:
            self.rollback()
            raise
        self.commit()
