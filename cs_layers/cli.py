"""``cs-layers …``: every command is one call into the package."""

import argparse
import sys


def main(arguments=None):
    """Run a command; a mistake of the user's ends with one sentence and exit status 2."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    except Exception as error:
        if not _is_sentence(error):
            raise
        print(f"cs-layers: {error}", file=sys.stderr)
        return 2


def _parser():
    parser = argparse.ArgumentParser(prog="cs-layers", description="The course cs_layers from the command line.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="build the course, make a class, grade it with nbgrader, show the grades")
    demo.add_argument("--folder", default="demo", help="where everything is made (default: %(default)s)")
    demo.set_defaults(run=_demo)

    course = commands.add_parser("course", help="build assignments/ from solutions/")
    course.add_argument("assignment", nargs="*", help="only these assignments (default: all)")
    course.add_argument("--check", action="store_true", help="build nothing; list what is stale, exit status 1 if any")
    course.set_defaults(run=_course)

    outline = commands.add_parser("outline", help="run every solution; list notebooks, points and CPU seconds")
    outline.set_defaults(run=_outline)

    _add_grade(commands)

    check = commands.add_parser("check", help="run a notebook from the top and list its tasks: right, wrong, not yet")
    check.add_argument("notebook", help="an .ipynb file; it is not changed")
    check.add_argument("--task", help="show one task's message in full")
    check.add_argument("--full", action="store_true", help="show every message in full")
    check.epilog = "Exit status: 0 all tasks right, 1 some wrong, 2 none wrong but some not written yet."
    check.set_defaults(run=_check)

    data = commands.add_parser("data", help="list the data sets, or bring some onto this machine")
    data.add_argument("name", nargs="*", help="mnist, cifar10 or tiny-imagenet: download what is missing and verify it")
    data.add_argument("--complete", action="store_true", help="also what the loaders can do without")
    data.set_defaults(run=_data)

    train = commands.add_parser("train", help="train networks on the real data and print what they reach as a table")
    train.add_argument("setting", nargs="*", help="which networks (default: all; --list names them)")
    train.add_argument(
        "--seeds", type=int, nargs="+", default=[0], metavar="SEED", help="one run for each (default: 0)"
    )
    train.add_argument("--json", metavar="FILE", help="append every run to this file as soon as it is over")
    train.add_argument("--table", nargs="+", metavar="FILE", help="print the table of the runs in such files")
    train.add_argument("--list", action="store_true", help="name the settings and train nothing")
    train.add_argument("--scheduler", metavar="ADDRESS", help="train on a Dask cluster, whose workers have the data")
    train.set_defaults(run=_train)
    return parser


def _add_grade(commands):
    grade = commands.add_parser("grade", help="grade what was handed in for an assignment, over many processes")
    grade.add_argument("assignment")
    grade.add_argument("--workers", type=int, metavar="N", help="processes on this machine (default: its cores)")
    grade.add_argument("--scheduler", metavar="ADDRESS", help="use a running Dask cluster: tcp://host:8786, say")
    for name, what in (("ca-file", "its authority"), ("cert", "our certificate"), ("key", "our key")):
        grade.add_argument(f"--tls-{name}", metavar="FILE", help=f"for a cluster at tls://…: {what}")
    grade.add_argument("--student", default="*", metavar="PATTERN", help="only these students")
    grade.add_argument("--resume", action="store_true", help="grade what is not stored yet, or has changed since")
    grade.add_argument("--force", action="store_true", help="grade everybody anew")
    grade.add_argument("--json", metavar="FILE", help="write down what came of every notebook")
    grade.add_argument("--csv", metavar="FILE", help="write down everybody's points, a column for each test")
    grade.epilog = (
        "Without --resume or --force, who was graded before is left, unless they handed in anew. "
        "Exit status: 0, or 1 if some submissions could not be read or run, 2 if the run was stopped."
    )
    grade.set_defaults(run=_grade)


def _demo(options):
    from cs_layers.grading import demo

    demo.run(".", options.folder)


def _course(options):
    from cs_layers.grading import course

    if options.check:
        old = course.stale(".")
        print("\n".join(old) or "assignments/ is what solutions/ would build.")
        return int(bool(old))
    for path in course.build(".", options.assignment or None):
        print(path)


def _outline(options):
    from cs_layers.grading import outline

    for line in outline.table(outline.outline(".")):
        print(line, flush=True)


def _grade(options):
    from cs_layers.grading import farm
    from cs_layers.grading.farm.summary import write_csv

    report = farm.grade(
        ".",
        options.assignment,
        workers=options.workers,
        scheduler=options.scheduler,
        certificates=(options.tls_ca_file, options.tls_cert, options.tls_key),
        student=options.student,
        resume=options.resume,
        force=options.force,
        progress=True,
    )
    for line in report.lines():
        print(line)
    if options.json:
        report.write_json(options.json)
    if options.csv:
        write_csv(options.csv, report.points)
    return report.status


def _check(options):
    from cs_layers.checks import notebook
    from cs_layers.grading import check

    found = check.check(options.notebook)
    if options.task:
        chosen = [state for state in found if state.task == options.task]
        if not chosen:
            tasks = ", ".join(state.task for state in found)
            raise ValueError(f"{options.notebook} has no task {options.task!r}; it has {tasks}.")
        found = chosen
    print(notebook.as_table(found, full=options.full or bool(options.task)))
    return notebook.exit_status(found)


def _data(options):
    from cs_layers import data

    for name in options.name:
        print(data.fetch_report(name, complete=options.complete))
    if not options.name:
        print(data.describe())


def _train(options):
    from cs_layers import figures, training

    if options.list:
        print("\n".join(training.SETTINGS))
        return
    if options.table:
        runs = figures.read(options.table)
    else:
        runs = []
        where = {"path": options.json, "scheduler": options.scheduler}
        for run in training.train_all(options.setting or None, options.seeds, **where):
            runs.append(run)
            print(f"{run.setting}, seed {run.seed}: {run.test_accuracy:.2%}", file=sys.stderr, flush=True)
    print("\n".join(figures.table(runs, training.SETTINGS)))


def _is_sentence(error):
    """Whether an exception was written for the person at the keyboard, so that a traceback would only hide it."""
    return isinstance(error, ValueError) or type(error).__module__.startswith("cs_layers.")


if __name__ == "__main__":
    sys.exit(main())
