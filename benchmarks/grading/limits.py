"""What a large cluster would come up against: the one writer and the one scheduler, each fed with trivial tasks."""

import time
from pathlib import Path

from benchmarks.grading import course as courses


def writer(course, folder, count=200):
    """Results that the writer stores in a second: the same result, for one student after another."""
    from cs_layers.grading.course import nbgrader_api
    from cs_layers.grading.farm import reading, store, task

    place = courses.hand_in(course, course.ours, Path(folder) / "class", ["right"])
    with nbgrader_api(place) as api:
        read = reading.Course(api, course.assignment)
        writes = store.Store(read)
        try:
            read.load(sorted(writes.notebooks))
            [(student, path)] = read.students().items()
            one = read.read(student, path)
            result = task.grade(one.task)
            started = time.perf_counter()
            for number in range(count):
                one.student = result["student"] = f"t{number:05}"
                writes.save(one, result)
            return count / (time.perf_counter() - started)
        finally:
            task.close()
            writes.close()


def scheduler(course, folder, count=1000, workers=2):
    """Tasks that the farm's scheduler hands out and takes back in a second, of a real one's size, when grading itself
    takes no time."""
    from cs_layers.grading.course import nbgrader_api
    from cs_layers.grading.farm import cluster, reading, store, task

    place = courses.hand_in(course, course.ours, Path(folder) / "class", ["right"])
    with nbgrader_api(place) as api:
        read = reading.Course(api, course.assignment)
        writes = store.Store(read)
        read.load(sorted(writes.notebooks))
        writes.close()
        [(student, path)] = read.students().items()
        one = read.read(student, path).task
    real, task.grade = task.grade, echo
    try:
        with cluster.Cluster(read.packed, workers) as farm:
            list(farm.results([dict(one) for _ in range(4 * workers)]))
            started = time.perf_counter()
            done = sum(1 for _ in farm.results(dict(one) for _ in range(count)))
            return done / (time.perf_counter() - started)
    finally:
        task.grade = real


def echo(one):
    """A task that grades nothing, and whose result is as large as what it was given."""
    return {"student": one["student"], "notebooks": one["notebooks"]}


def projection(submissions, workers, startup, cpu, written, handed_out):
    """Seconds that a class takes on a cluster, and what of it decides.

    Parameters
    ----------
    submissions, workers : int
    startup : float
        Seconds before the first submission is graded.
    cpu : float
        Processor seconds of one submission on a worker with a core of its own.
    written, handed_out : float
        Submissions a second that the writer stores and the scheduler hands out.
    """
    parts = {
        "the workers": submissions * cpu / workers,
        "the writer": submissions / written,
        "the scheduler": submissions / handed_out,
    }
    slowest = max(parts, key=parts.get)
    return {"seconds": startup + parts[slowest], "decided by": slowest, "parts": parts}
