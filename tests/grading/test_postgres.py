"""The gradebook on a real PostgreSQL server, started here on a free loopback port."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from cs_layers.grading import demo
from cs_layers.grading.farm import grade

RIGHT, WRONG = "def double(x):\n    return 2 * x", "def double(x):\n    return x"
PROGRAMS = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)

pytestmark = pytest.mark.skipif(PROGRAMS is None, reason="no PostgreSQL server (Debian: apt install postgresql)")


@pytest.fixture(scope="module")
def server():
    """A server of its own in a folder of its own; yields its port. PostgreSQL refuses to run as root."""
    folder = Path(tempfile.mkdtemp(prefix="cs-layers-postgres-"))
    user = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
    if user:
        shutil.chown(folder, "nobody", "nogroup")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    initdb = [PROGRAMS / "initdb", "-D", data, "-U", "grader", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(initdb, check=True, capture_output=True, cwd="/", **user)
    command = [PROGRAMS / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", folder, "-F"]
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(command, cwd="/", stdout=log, stderr=log, **user)
    try:
        ready = [PROGRAMS / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
        until = time.monotonic() + 60
        while subprocess.run(ready).returncode:
            assert running.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < until, "PostgreSQL did not start in a minute"
            time.sleep(0.1)
        yield port
    finally:
        running.terminate()
        running.wait()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(server, request):
    """The address of an empty database, as nbgrader's db_url."""
    name = f"gradebook_{abs(hash(request.node.name))}"
    where = ["-h", "127.0.0.1", "-p", str(server), "-U", "grader"]
    subprocess.run([PROGRAMS / "createdb", *where, name], check=True, cwd="/")
    return f"postgresql+psycopg://grader@127.0.0.1:{server}/{name}"


@pytest.fixture
def classroom(one_notebook, database):
    """The one-notebook course with its gradebook in that database, and two submissions."""
    one_notebook.database = database
    with (one_notebook.folder / "nbgrader_config.py").open("a") as config:
        config.write(f"\nc.CourseDirectory.db_url = {database!r}\n")
    (one_notebook.folder / "gradebook.db").unlink()
    demo.nbgrader(one_notebook.folder, "generate_assignment", "warmup", "--force")
    one_notebook.submit("ada", RIGHT)
    one_notebook.submit("blaise", WRONG)
    return one_notebook


def rows(url):
    """Each student's points by test, whether a person must grade it, and the comments."""
    with Gradebook(url) as gradebook:
        return {
            submission.student.id: (
                {grade.name: grade.score for notebook in submission.notebooks for grade in notebook.grades},
                submission.needs_manual_grade,
                {comment.name: comment.comment for notebook in submission.notebooks for comment in notebook.comments},
            )
            for submission in gradebook.assignment_submissions("warmup")
        }


def in_sqlite(classroom):
    """The same rows as SQLite holds them for the same class."""
    folder = classroom.folder
    config = (folder / "nbgrader_config.py").read_text().replace(classroom.database, f"sqlite:///{folder}/again.db")
    (folder / "nbgrader_config.py").write_text(config)
    demo.nbgrader(folder, "generate_assignment", "warmup", "--force")
    demo.nbgrader(folder, "autograde", "warmup", "--force")
    return rows(f"sqlite:///{folder}/again.db")


@pytest.mark.slow
def test_it_is_graded_regraded_exported_and_explained_as_with_sqlite(classroom):
    demo.nbgrader(classroom.folder, "autograde", "warmup")
    saved = rows(classroom.database)
    assert sum(saved["ada"][0].values()) == 6
    assert sum(saved["blaise"][0].values()) < 6
    for command in (("autograde", "warmup", "--force"), ("generate_feedback", "warmup"), ("export",)):
        demo.nbgrader(classroom.folder, *command)
    assert rows(classroom.database) == saved
    assert grade(classroom.folder, "warmup", workers=1, force=True).status == 0
    assert rows(classroom.database) == saved
    assert "6.0" in (classroom.folder / "grades.csv").read_text()
    assert (classroom.folder / "feedback/blaise/warmup/double.html").stat().st_size > 1000
    assert not (classroom.folder / "gradebook.db").exists()
    assert saved == in_sqlite(classroom)
