"""Build a course: solutions as text become notebooks, and notebooks become what students get.

``solutions/<assignment>/<notebook>.py`` → (jupytext) → ``.ipynb`` beside it → (``nbgrader generate_assignment``) →
``assignments/<assignment>/<notebook>.ipynb``. Building twice gives the same bytes.
"""

import contextlib
import filecmp
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

import jupytext
import nbformat
from nbgrader.apps import NbGrader
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class CourseError(Exception):
    """What stopped a build or a release, in a sentence for the instructor."""


def build(root=".", assignments=None):
    """Build ``assignments/`` from ``solutions/``.

    Parameters
    ----------
    root : path
        The course: the folder with ``nbgrader_config.py`` and ``solutions/``.
    assignments : list of str, optional
        Which assignments; all by default.

    Returns
    -------
    list of Path
        The released notebooks.

    Raises
    ------
    CourseError
        No such assignment, a notebook that jupytext cannot read, two cells with one ``grade_id``,
        or nbgrader's own refusal with its reason.
    """
    root = Path(root).resolve()
    released = []
    for name in _chosen(root, assignments):
        for source in sorted((root / "solutions" / name).glob("*.py")):
            write_notebook(source)
        with nbgrader_api(root) as api:
            succeed(api.generate_assignment(name, force=True), f"nbgrader generate_assignment {name}")
        released += sorted((root / "assignments" / name).glob("*.ipynb"))
    return released


def write_notebook(source):
    """Write the notebook form of a text notebook beside it, and return its path."""
    source = Path(source)
    target = source.with_suffix(".ipynb")
    text = nbformat.writes(read_solution(source)) + "\n"
    if not target.exists() or target.read_text(encoding="utf-8") != text:
        target.write_text(text, encoding="utf-8")
    return target


def read_solution(source):
    """Read a text notebook; every cell gets an id that is the same at every reading.

    The id of a cell with a ``grade_id`` is that; any other cell is called after its kind and its place.
    """
    source = Path(source)
    try:
        nb = jupytext.read(source)
    except Exception as error:
        raise CourseError(f"{source} cannot be read as a jupytext notebook: {error}") from error
    nb.metadata = nbformat.from_dict(KERNEL)
    nb.nbformat_minor = 5
    seen = set()
    for place, cell in enumerate(nb.cells):
        cell.id = cell.metadata.get("nbgrader", {}).get("grade_id", f"{cell.cell_type}-{place}")
        if cell.id in seen:
            raise CourseError(f"{source}: two cells have the grade_id {cell.id!r}; give one of them another.")
        seen.add(cell.id)
    return nb


def stale(root="."):
    """List the released notebooks that differ from what ``solutions/`` would build now, without touching them."""
    root = Path(root).resolve()
    with tempfile.TemporaryDirectory() as folder:
        copy = copy_course(root, folder)
        fresh = {path.relative_to(copy) for path in build(copy)}
        committed = {path.relative_to(root) for path in (root / "assignments").glob("*/*.ipynb")}
        differ = {p for p in fresh & committed if not filecmp.cmp(root / p, copy / p, shallow=False)}
        return sorted(str(path) for path in (fresh ^ committed) | differ)


def copy_course(root, target):
    """Copy what an instructor owns, the configuration and the solutions' text, to a folder; return its path."""
    root, target = Path(root), Path(target)
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(root / "nbgrader_config.py", target)
    shutil.copytree(
        root / "solutions", target / "solutions", dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.ipynb", ".*")
    )
    return target.resolve()


@contextlib.contextmanager
def nbgrader_api(root, **sections):
    """nbgrader's own Python interface, with the course's configuration, while the working folder is the course.

    ``sections`` adds to the configuration: ``nbgrader_api(root, Execute={"timeout": 20})``.
    """
    bin_folder = str(Path(sys.executable).parent)  # nbgrader runs `alembic` by name to make its database
    if bin_folder not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([bin_folder, os.environ["PATH"]])
    with contextlib.chdir(root) if sys.version_info >= (3, 11) else _chdir(root):
        NbGrader.clear_instance()
        app = NbGrader(log_level=logging.ERROR)
        app.config_file_name = "nbgrader_config"
        app.load_config_file()
        config = app.config
        config.CourseDirectory.root = str(root)
        for section, values in sections.items():
            config[section].update(values)
        yield NbGraderAPI(CourseDirectory(config=config), config=config)


def succeed(result, command):
    """Return what an nbgrader command reports, or raise its reason."""
    if not result["success"]:
        raise CourseError(f"{command} failed: {result.get('error') or result['log']}")
    return result


@contextlib.contextmanager
def _chdir(folder):
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _chosen(root, assignments):
    known = sorted(folder.name for folder in (root / "solutions").glob("*") if any(folder.glob("*.py")))
    if not known:
        raise CourseError(f"{root} is no course: it has no solutions/<assignment>/<notebook>.py.")
    unknown = set(assignments or ()) - set(known)
    if unknown:
        raise CourseError(f"There is no assignment {sorted(unknown)[0]!r} in solutions/; there are {', '.join(known)}.")
    return sorted(assignments or known)
