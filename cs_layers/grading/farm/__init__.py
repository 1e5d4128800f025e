"""Grading a class over many processes: `cs-layers grade ASSIGNMENT`, or `cs_layers.grading.farm.grade(...)`.

- `task`: the pure part. A submission's bytes in, the executed notebook, scores and reasons out; plain data both ways,
  on any machine that has this package.
- `reading`: from a course's folders to tasks. `store` and `folders`: the one writer, into the gradebook and
  ``autograded/``.
- `cluster`, `here`: where tasks run, on Dask's workers or in this process.
- `ledger`: what has been stored, for `--resume`.
- `command`: all of it together; `progress` and `summary` say what happens and what came of it.

Examples
--------
In a course's folder::

    from cs_layers.grading import farm

    report = farm.grade(".", "a1_layers", workers=2)
    report.status, [row["student"] for row in report.rows if row["stopped"]]
"""

from cs_layers.grading.farm.lean import import_jsonschema

import_jsonschema()


def grade(*arguments, **options):
    """Grade an assignment; see `cs_layers.grading.farm.command.grade`."""
    from cs_layers.grading.farm import command

    return command.grade(*arguments, **options)
