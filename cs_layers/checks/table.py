"""The test of the tests: every function, every known mistake, every right alternative, with what each scored.

    python -m cs_layers.checks.table [--full] [FUNCTION ...]

Exit status 1 if a mistake keeps all of its points or gets another name, or a right implementation loses any.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

from . import known, registry


@dataclass(frozen=True)
class Row:
    """One implementation through the check of its function. `named` is the first mistake that the check recognised."""

    function: str
    name: str
    right: bool
    points: float
    named: str = ""

    @property
    def fault(self):
        """What is wrong with this row, or an empty string."""
        if self.right:
            return "" if self.points == 1 else "a right implementation loses points"
        if self.points == 1:
            return "a mistake keeps its points"
        return "" if self.named == self.name else f"named {self.named or 'nothing'}"


def functions():
    """Names of the checks that are not a second name of another."""
    return [name for name in registry.names() if not known.is_alias(name)]


def rows(name, seed=None):
    """Try every alternative and every mistake of one function."""
    for right, implementations in ((True, known.alternatives(name)), (False, known.mistakes(name))):
        for implementation in implementations:
            given = (implementation.function, implementation.forward)
            given = given if implementation.partner else given[:1]
            report = registry.report(name, *given, seed=seed, **implementation.options)
            points = report.points if report.faults else 1.0
            named = report.causes[0].name if report.causes else ""
            yield Row(name, implementation.name, right, points, named)


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m cs_layers.checks.table", description=__doc__.split("\n")[0])
    parser.add_argument("functions", nargs="*", metavar="FUNCTION", help="default: all")
    parser.add_argument("--full", action="store_true", help="a line for each implementation")
    parser.add_argument("--seed", type=int, help="seed of the inputs")
    options = parser.parse_args(arguments)
    total = [0, 0, 0, 0]
    print(f"{'function':28}{'right':>7}{'kept':>6}{'mistakes':>10}{'caught':>8}{'named':>7}")
    for name in options.functions or functions():
        if name not in registry.names():
            parser.error(f"no check is called {name!r}; there are {', '.join(functions())}")
        table = list(rows(name, options.seed))
        right, wrong = [r for r in table if r.right], [r for r in table if not r.right]
        counts = [len(right), sum(r.points == 1 for r in right), len(wrong), sum(r.points < 1 for r in wrong)]
        named = sum(not r.fault for r in wrong)
        print(f"{name:28}{counts[0]:7}{counts[1]:6}{counts[2]:10}{counts[3]:8}{named:7}")
        for row in table:
            if row.fault or options.full:
                mark = "right" if row.right else "mistake"
                print(f"    {mark:8} {row.name:45} {row.points:.2f}  {row.fault}")
        total = [a + b for a, b in zip(total, [counts[0], counts[1], counts[2], named], strict=True)]
    print(
        f"{total[1]} of {total[0]} right implementations keep all points; {total[3]} of {total[2]} mistakes lose "
        f"points and are named."
    )
    return int(total[0] != total[1] or total[2] != total[3])


if __name__ == "__main__":
    sys.exit(main())
