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
    return parser


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


def _is_sentence(error):
    """Whether an exception is ours: written for the person at the keyboard, with nothing that a traceback adds."""
    return type(error).__module__.startswith("cs_layers.")


if __name__ == "__main__":
    sys.exit(main())
