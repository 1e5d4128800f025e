"""What a notebook's own cells cost, and nothing else: the limit that no way of grading can beat.

Each submission's cells, the instructor's tests with their hidden part among them, run once and in their order in a
process that has imported everything; the processor time is that process's. No sandbox: for submissions that the
benchmark has written itself.

`python -m benchmarks.grading.alone COURSE ASSIGNMENT STUDENT …` prints {student: seconds} as JSON.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

CELL_SECONDS = 120


def main():
    root, assignment, students = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    from cs_layers.grading.course import nbgrader_api
    from cs_layers.grading.preprocessors import make_bundle
    from cs_layers.grading.rebuild import rebuild

    with nbgrader_api(root) as api:
        names = sorted(path.stem for path in root.glob(f"*/{assignment}/*.ipynb"))
        bundles = {name: make_bundle(api.coursedir, assignment, name) for name in dict.fromkeys(names)}
    shell = warm_shell(bundles.values())
    spent = dict.fromkeys(students, 0.0)
    for student in students:
        for name, bundle in bundles.items():
            path = root / "submitted" / student / assignment / f"{name}.ipynb"
            nb = rebuild(path.read_bytes(), bundle).notebook
            spent[student] += cost(shell, [cell.source for cell in nb.cells if cell.cell_type == "code"])
    print(json.dumps(spent))


def warm_shell(bundles):
    """The shell that cells run in, with all that they import there already."""
    import contextlib
    import importlib

    import numpy.testing  # noqa: F401  (what tests use)

    from cs_layers.grading.shell import CellShell
    from cs_layers.grading.student import preload

    preload()
    for bundle in bundles:
        for name in bundle.imports:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
    shell = CellShell()
    shell.show_errors = False  # what a traceback looks like is no part of running a cell
    shell.run("1 / 0")
    return shell


def cost(shell, sources):
    """Processor seconds of running cells in a copy of this process; 0 if they end it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        before = time.process_time()
        try:
            for source in sources:
                signal.alarm(CELL_SECONDS)  # ends the copy
                shell.run(source)
            os.write(writing, json.dumps(time.process_time() - before).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, "rb") as file:
        text = file.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else 0.0


if __name__ == "__main__":
    main()
