"""`python -m benchmarks.grading`: a class graded with plain nbgrader and with ours, side by side in one run."""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from statistics import mean, median

from benchmarks.__main__ import load, machine
from benchmarks.grading import course, limits, report
from benchmarks.grading.measure import Meter
from benchmarks.grading.systems import Lap, available
from cs_layers.parallel import cores

RESULTS = Path(__file__).parents[1] / "results" / "grading.json"
LARGER = 4
"""How many times larger classes ours are given where a submission costs so little that starting up hides it."""
SECONDS = {"one notebook": 5, "course": 20}
"""How long a cell may run, in the small course and in the real one."""


def main():
    args = arguments()
    if args.table:
        print(report.markdown(json.loads(args.json.read_text())))
        return
    run = {"machine": {**machine(), "nbgrader": version("nbgrader")}, "load_before": load(), "courses": []}
    meter = Meter()
    run["machine"]["processor time from"] = meter.how
    try:
        with tempfile.TemporaryDirectory(prefix="cs-layers-benchmark-") as folder:
            measure(args, run, meter, Path(folder))
        run["left"] = meter.left()
    finally:
        meter.close()
    run["load_after"] = load()
    write(args.json, run)
    print(f"\n{report.markdown(run)}\n\nWritten to {args.json}. Processes left running: {run['left']}. ", end="")
    print(
        f"Load before {run['load_before']}, after {run['load_after']}, on {cores()} cores: trust the figures only if ",
        end="",
    )
    print("nothing else ran.")


def measure(args, run, meter, folder):
    systems = [one for one in available() if not args.systems or one.name in args.systems]
    small = course.one_notebook(folder / "one", SECONDS["one notebook"], args.submissions)
    sizes = [max(2, args.size // 4), max(4, args.size)]
    lap = Lap(small, meter, folder)
    run["courses"].append(compare(lap, systems, sizes, args.rounds, LARGER))
    print(report.text(run["courses"][-1]), flush=True)
    for assignment in args.assignments:
        real = Lap(course.real(folder / assignment, assignment, SECONDS["course"]), meter, folder)
        sizes = [max(2, args.course_size // 3), max(4, args.course_size)]
        run["courses"].append(compare(real, systems, sizes, args.course_rounds))
        print(report.text(run["courses"][-1]), flush=True)
    if args.submissions:
        run["given"] = given(lap, systems, args.submissions)
    if args.grow:
        run["growth"] = grow(lap, systems, args.grow)
        print(report.growth(run["growth"]), flush=True)
    if not args.no_limits and len(systems) > 2:
        run["limits"] = at_scale(lap, run["courses"][0], folder)
        print(report.limits(run["limits"]), flush=True)


def compare(lap, systems, sizes, rounds, larger=1):
    """Grade classes with all systems in turn, round after round, so that what disturbs the machine disturbs all.

    Two sizes without a student who hangs, for others would be graded in his time, and a further submission seem to cost
    nothing; and the large class with him in the place of another."""
    ours = [sizes[1], larger * sizes[1]] if larger > 1 else sizes
    runs = {one.name: {str(size): [] for size in (sizes if one.plain else ours)} for one in systems}
    mixed = {system.name: [] for system in systems}
    points = {}
    for _ in range(rounds):
        for sizes_now in zip(sizes, ours, strict=True):
            for system in systems:
                size = sizes_now[0 if system.plain else 1]
                runs[system.name][str(size)].append(asdict(lap.run(system, course.class_of(size, hanging=False))[0]))
        for system in systems:
            cost, points[system.name] = lap.run(system, course.class_of(sizes[1]))
            mixed[system.name].append(asdict(cost))
    peaks = {one.name: lap.run(one, course.class_of(sizes[1]), memory=0.05)[0].peak for one in systems}
    return {
        "title": lap.course.title,
        "sizes": sizes,
        "rounds": rounds,
        "runs": runs,
        "mixed": mixed,
        "peaks": peaks,
        "cells": cells(lap, sizes),
        "agreement": agreement(points, systems),
    }


def cells(lap, sizes):
    """The mean processor time of a further submission's own cells: of those that only the larger class has."""
    place = course.hand_in(lap.course, lap.course.ours, lap.folder / "class", course.class_of(sizes[1], hanging=False))
    students = [f"s{number:04}" for number in range(*sizes)]
    command = [sys.executable, "-m", "benchmarks.grading.alone", str(place), lap.course.assignment, *students]
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}  # as graders have it
    done = subprocess.run(
        command, env={**course.environment(), **threads}, cwd=course.ROOT, stdout=subprocess.PIPE, check=True
    )
    return mean(json.loads(done.stdout.strip().split(b"\n")[-1]).values())


def agreement(points, systems):
    """In a sentence: do our ways of grading give the same points, and how many of plain nbgrader's differ?"""
    ours = [points[system.name] for system in systems if not system.plain]
    if not ours:
        return "nothing to compare"
    differ = sum(one != ours[0] for one in ours)
    said = (
        f"{len(ours)} ways of ours give the same points" if not differ else f"{differ} ways of ours GIVE OTHER POINTS"
    )
    for system in systems:
        if system.plain:
            other = points[system.name]
            students = {name.split("/")[0] for name in ours[0] if other.get(name) != ours[0][name]}
            said += (
                f"; plain nbgrader gives {len(students)} of {len({n.split('/')[0] for n in ours[0]})} students others"
            )
    return said + "."


def given(lap, systems, folder):
    """Every submission of a given folder, graded by ours, against the score that it deserves."""
    wanted = {one["name"]: one["honest_score"] for one in json.loads((Path(folder) / "manifest.json").read_text())}
    found = {}
    for system in systems:
        if not system.plain:
            cost, points = lap.run(system, list(wanted))
            totals = {}
            for name, score in points.items():
                student = name.split("/")[0]
                totals[student] = totals.get(student, 0) + (score or 0)
            wrong = {
                name: totals.get(f"s{number:04}")
                for number, name in enumerate(wanted)
                if totals.get(f"s{number:04}") != wanted[name]
            }
            found[system.name] = {"wall": cost.wall, "wrong": wrong}
            print(f"  {system.name}: {len(wanted)} given submissions, {len(wrong)} with another score {wrong or ''}")
    return found


def grow(lap, systems, sizes):
    """Larger and larger classes: time should grow in proportion, memory not at all."""
    grown = {}
    for system in systems:
        if not system.plain and "1 worker" not in system.name:
            grown[system.name] = [
                {"size": size, **asdict(lap.run(system, course.class_of(size, hanging=False), memory=0.5)[0])}
                for size in sizes
            ]
    return grown


def at_scale(lap, result, folder):
    """The writer's and the scheduler's limits, and what they and the workers mean for a class of 10,000."""
    one = next(name for name in result["runs"] if "1 worker" in name)
    rounds = report.fit(result, one)
    cpu = median(rounds["cpu"] or rounds["each"])
    found = {"writer": limits.writer(lap.course, folder), "scheduler": limits.scheduler(lap.course, folder), "cpu": cpu}
    start = median(rounds["startup"])
    found["projections"] = [
        (size, workers, limits.projection(size, workers, start, cpu, found["writer"], found["scheduler"]))
        for size, workers in ((1000, 2), (3000, 32), (10_000, 100))
    ]
    return found


def write(path, run):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(run, indent=1))


def arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grading", description=__doc__)
    parser.add_argument("--size", type=int, default=60, help="submissions in the large class (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each system has its turn")
    parser.add_argument(
        "--assignments", nargs="*", default=["a1_layers"], metavar="NAME", help="of the course, real notebooks too"
    )
    parser.add_argument("--course-size", type=int, default=12, help="submissions in the large class of these")
    parser.add_argument("--course-rounds", type=int, default=1)
    parser.add_argument("--submissions", type=Path, metavar="FOLDER", help="a course and submissions made elsewhere")
    parser.add_argument("--systems", nargs="+", metavar="NAME", help="only these ways of grading")
    parser.add_argument(
        "--grow", type=int, nargs="*", metavar="SIZE", help="grade growing classes as well (10 100 1000)"
    )
    parser.add_argument("--no-limits", action="store_true", help="leave out the writer's and the scheduler's limits")
    parser.add_argument("--json", type=Path, default=RESULTS, help="where the figures are written")
    parser.add_argument("--table", action="store_true", help="print the README's table from the last run's figures")
    args = parser.parse_args()
    if args.grow == []:
        args.grow = [10, 100, 1000]
    return args


if __name__ == "__main__":
    main()
