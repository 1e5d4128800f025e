"""The courses and classes that are graded: made anew for each run of the benchmark, always the same."""

import json
import os
import random
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).parents[2]
PLAIN = """c = get_config()
c.CourseDirectory.course_id = "benchmark"
c.CourseDirectory.source_directory = "{source}"
c.CourseDirectory.release_directory = "{release}"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "*.py"]
c.Execute.timeout = {seconds}
c.Execute.interrupt_on_timeout = True
"""
OURS = """
from cs_layers.grading import configure
configure(c, limits={{"call": {seconds}}})
"""
RIGHT = "def affine_forward(x, w, b):\n    return x.reshape(x.shape[0], -1) @ w + b\n"
ZEROS = "def affine_forward(x, w, b):\n    return np.zeros((len(x), w.shape[1]))\n"
ANSWERS = {
    "right": [RIGHT, "def affine_forward(x, w, b):\n    return np.einsum('nd,dm->nm', x.reshape(len(x), -1), w) + b\n"],
    "wrong": [
        "def affine_forward(x, w, b):\n    return x.reshape(x.shape[0], -1) @ w\n",
        "def affine_forward(x, w, b):\n    return x.reshape(2, 6) @ w + b\n",
        ZEROS,
        "def affine_forward(x, w, b):\n    raise NotImplementedError()\n",
    ],
    "accident": [
        "def affine_forward(x, w, b:\n    return x @ w + b\n",
        f"import sys\n{RIGHT}print('it works!', file=sys.stderr)\n",
        f"{RIGHT}for i in range(2000):\n    print('debug', i)\n",
        f"{RIGHT}1 / 0\n",
    ],
    "hostile": [
        "class Yes:\n    shape = (2, 4)\n    def __eq__(self, other):\n        return True\n"
        "    def __array__(self, *args, **kwargs):\n        return np.zeros((2, 4))\n"
        "def affine_forward(x, w, b):\n    return Yes()\n",
        f"np.testing.assert_allclose = lambda *args, **kwargs: None\n{ZEROS}",
        "def affine_forward(x, w, b):\n    raise SystemExit(0)\n",
    ],
    "hanging": ["def affine_forward(x, w, b):\n    while True:\n        pass\n"],
}
"""Answers by kind; none harms the machine that plain nbgrader runs them on, unguarded."""
SHARES = {"right": 9, "wrong": 7, "accident": 2, "hostile": 2}
"""How many of twenty students hand in which kind."""


@dataclass(frozen=True)
class Course:
    """A released course in two folders, that differ in nbgrader's configuration alone.

    `notebooks_of(kind, number)` gives {name: JSON data} of one submission and a function that changes it further, or
    None.
    """

    title: str
    assignment: str
    plain: Path
    ours: Path
    notebooks_of: object


def class_of(size, hanging=True):
    """The kinds of submissions of a class, in which the first may hang; a smaller class is the beginning of a larger
    one."""
    kinds, draw = ["hanging"] if hanging else [], random.Random(20)
    while len(kinds) < size:
        twenty = [kind for kind, share in SHARES.items() for _ in range(share)]
        draw.shuffle(twenty)
        kinds += twenty
    return kinds[:size]


def hand_in(course, made, folder, kinds):
    """Copy a released course (`course.plain` or `course.ours`) to `folder`, with a class's submissions."""
    folder = Path(folder)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(made, folder)
    for number, kind in enumerate(kinds):
        target = folder / "submitted" / f"s{number:04}" / course.assignment
        target.mkdir(parents=True)
        notebooks, change = course.notebooks_of(kind, number)
        for name, nb in notebooks.items():
            if change:
                change(nb, target)
            if not os.path.lexists(target / f"{name}.ipynb"):
                (target / f"{name}.ipynb").write_text(json.dumps(nb))
    return folder


# -- the course of one small notebook


def one_notebook(folder, seconds, given=None):
    """The course of one notebook: an answer, a visible test and a hidden one.

    Parameters
    ----------
    folder : path
        Empty; everything is made in it.
    seconds : int
        How long a cell may run.
    given : path, optional
        A folder of submissions with the course that they are for, made by its `make_course.py`: `NAME.py` is an answer,
        `NAME.mutate.py` what else was changed, and names that begin with `honest_` are honest people's. The others are
        handed in to no grader that runs them unguarded, and so take no part where plain nbgrader does.
    """
    folder = Path(folder)
    if given is None:
        source = folder / "template" / "source" / "ps1" / "affine.ipynb"
        source.parent.mkdir(parents=True)
        nbformat.write(affine_notebook(), source)
        answers = {kind: [(text, None) for text in texts] for kind, texts in ANSWERS.items()}
    else:
        shutil.copytree(given, folder / "given")
        (folder / "given").chmod(0o755)
        subprocess.run([sys.executable, "make_course.py"], cwd=folder / "given", check=True)
        shutil.copytree(folder / "given" / "template", folder / "template")
        answers = given_answers(folder / "given")
    plain, ours = released(folder, folder / "template", "ps1", "source", "release", seconds)
    [path] = (ours / "release" / "ps1").glob("*.ipynb")
    text = path.read_text()

    def notebooks_of(kind, number):
        nb = json.loads(text)
        answer, change = answers[kind][number % len(answers[kind])]
        [cell] = [cell for cell in nb["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")]
        cell["source"] = answer
        return {path.stem: nb}, change

    return Course("one notebook", "ps1", plain, ours, notebooks_of)


def given_answers(folder):
    """The answers of a folder of submissions, by kind; every file is also a kind of its own."""
    answers = {"right": [], "wrong": [], "accident": [], "hostile": []}
    for path in sorted(folder.glob("*.py")):
        if path.name == "make_course.py" or path.name.endswith(".mutate.py"):
            continue
        change, names = None, {}
        if path.with_suffix(".mutate.py").exists():
            exec(path.with_suffix(".mutate.py").read_text(), names)
            change = names["mutate"]
        one = path.read_text(), change
        answers[path.stem] = [one]
        kind = "right" if path.stem == "honest_good" else "accident" if path.stem.startswith("honest_") else None
        if kind:
            answers[kind].append(one)
    answers["right"] = answers["right"] or [(RIGHT, None)]
    answers["wrong"] = [(text, None) for text in ANSWERS["wrong"]]
    answers["hostile"] = answers["accident"] = answers["accident"] or answers["wrong"]
    answers["hanging"] = [(text, None) for text in ANSWERS["hanging"]]
    return answers


def affine_notebook():
    """The instructor's notebook: six cells, two of them graded."""

    def code(grade_id, source, **marks):
        data = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3} | marks
        data |= {"grade_id": grade_id, "cell_type": "code"}
        return new_code_cell(source, id=grade_id, metadata={"nbgrader": data})

    visible = (
        "x = np.linspace(-0.1, 0.5, num=12).reshape(2, 3, 2)\nw = np.linspace(-0.2, 0.3, num=24).reshape(6, 4)\n"
        "b = np.linspace(-0.3, 0.1, num=4)\nout = affine_forward(x, w, b)\nassert out.shape == (2, 4)\n"
        "np.testing.assert_allclose(out[0, :2], [-0.25632411, -0.11897233], rtol=1e-5)"
    )
    hidden = (
        '"""More checks run at grading time."""\n### BEGIN HIDDEN TESTS\n_rng = np.random.default_rng(7)\n'
        "_x, _w, _b = _rng.normal(size=(5, 2, 3)), _rng.normal(size=(6, 7)), _rng.normal(size=7)\n"
        "_got = affine_forward(_x, _w, _b)\nassert isinstance(_got, np.ndarray)\nassert _got.shape == (5, 7)\n"
        "np.testing.assert_allclose(_got, np.einsum('ni,ij->nj', _x.reshape(5, 6), _w) + _b, rtol=1e-9)\n"
        "### END HIDDEN TESTS"
    )
    cells = [
        new_markdown_cell("# Affine layer\nImplement `affine_forward(x, w, b)` in NumPy.", id="intro"),
        code("imports", "import numpy as np", locked=True),
        code("answer", f"### BEGIN SOLUTION\n{RIGHT}### END SOLUTION", solution=True),
        code("visible", visible, grade=True, locked=True, points=2),
        code("hidden", hidden, grade=True, locked=True, points=3),
        new_markdown_cell("The end.", id="end"),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


# -- an assignment of the course


def real(folder, assignment, seconds):
    """An assignment of this repository: its notebooks, solved, with the mistakes that the checks know."""
    from cs_layers import checks
    from cs_layers.grading import course
    from cs_layers.grading.demo import SYNTAX_ERROR
    from cs_layers.grading.submissions import make_submission, mistake_source

    folder, template = Path(folder), Path(folder) / "template"
    (template / "solutions").mkdir(parents=True)
    shutil.copytree(
        ROOT / "solutions" / assignment, template / "solutions" / assignment, ignore=shutil.ignore_patterns("*.ipynb")
    )
    sources = sorted((template / "solutions" / assignment).glob("*.py"))
    for source in sources:
        course.write_notebook(source)
    plain, ours = released(folder, template, assignment, "solutions", "assignments", seconds)
    solutions = {source.stem: course.read_solution(source) for source in sources}
    given = {name: nbformat.read(ours / "assignments" / assignment / f"{name}.ipynb", 4) for name in solutions}
    tasks = [
        cell.metadata.nbgrader.grade_id
        for nb in solutions.values()
        for cell in nb.cells
        if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "code"
    ]
    known = {task: [one.name for one in checks.mistakes(task)] for task in tasks if _is_checked(checks, task)}

    def answers_of(kind, number):
        draw = random.Random(number)
        task = draw.choice(sorted(name for name, mistakes in known.items() if mistakes))
        if kind == "wrong":
            return {task: mistake_source(task, draw.choice(known[task]))}
        if kind == "accident":
            return {task: SYNTAX_ERROR}
        if kind == "hostile":
            return {task: f"def {task}(*args, **kwargs):\n    raise SystemExit(0)\n"}
        if kind == "hanging":
            return {tasks[0]: f"def {tasks[0]}(*args, **kwargs):\n    while True:\n        pass\n"}
        return {}

    def notebooks_of(kind, number):
        answers = answers_of(kind, number)
        return {name: make_submission(solutions[name], given[name], answers) for name in solutions}, None

    return Course(assignment, assignment, plain, ours, notebooks_of)


def _is_checked(checks, task):
    try:
        return bool(checks.mistakes(task))
    except (KeyError, ValueError):
        return False


def released(folder, template, assignment, source, release, seconds):
    """The course with plain nbgrader's configuration and with ours, the assignment released in both."""
    made = []
    for name, text in (("plain", PLAIN), ("ours", PLAIN + OURS)):
        place = Path(folder) / name
        shutil.copytree(template, place)
        (place / "nbgrader_config.py").write_text(text.format(seconds=seconds, source=source, release=release))
        command = [sys.executable, "-m", "nbgrader", "generate_assignment", assignment, "--force"]
        done = subprocess.run(command, cwd=place, env=environment(), capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"nbgrader generate_assignment {assignment} failed:\n{done.stderr[-2000:]}")
        made.append(place)
    return made


def environment():
    """What a command is started with: nbgrader looks for `alembic` on PATH."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
