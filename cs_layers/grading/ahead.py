"""The next submissions already running while nbgrader is busy with the present one.

nbgrader converts one submission after the other, half of the time waiting for a student's code. Here a few threads
run what it will ask for next. What they found is used if it is asked for exactly: by a hash of cells, files and
options. Otherwise it is forgotten, and run anew.
"""

import contextlib
import threading

MAX_WAITING = 64 << 20
"""Bytes of results that may wait for nbgrader before no more submissions are started."""


class Ahead:
    """Runs submissions before they are asked for, and says which are ready.

    Parameters
    ----------
    submissions : list of str
        In the order in which they are wanted.
    jobs_of : callable
        The jobs of a submission that have to be run; called in a thread.
    run : callable
        From a job to what came of it; called in a thread.
    workers : int
        How many submissions may run at a time; 0: nothing is run before it is asked for.

    Notes
    -----
    Iterating gives the submissions, each when nothing of it is left to run: in order, but none waits for one that takes
    long. At most ``2 * workers + 2`` are running or wait to be given out.
    """

    def __init__(self, submissions, jobs_of, run, workers):
        self._jobs_of, self._run, self._workers = jobs_of, run, workers
        self._next, self._started, self._ready, self._current = list(submissions), [], {}, {}
        self._waiting, self._stopped = 0, False
        self._changed = threading.Condition()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(workers)]

    def __iter__(self):
        if not self._threads:
            yield from self._next
            return
        for thread in self._threads:
            thread.start()
        while True:
            with self._changed:
                self._current = {}
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._ready or not (self._next or self._started))
                if not self._ready:
                    return
                submission = next(one for one in self._started if one in self._ready)
                self._started.remove(submission)
                self._current, size = self._ready.pop(submission)
                self._waiting -= size
            yield submission

    def take(self, job):
        """What was found for a job of the submission given out last; None if exactly this job was not run."""
        return self._current.pop(job.key, None)

    def close(self):
        """Start nothing more; whoever closes the grader ends what still runs."""
        with self._changed:
            self._stopped, self._next = True, []
            self._changed.notify_all()

    def join(self, seconds=10):
        """Wait until the threads have noticed."""
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(seconds)

    # -- in the threads

    def _work(self):
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopped or not self._next or self._has_room())
                if not self._next:
                    return
                submission = self._next.pop(0)
                self._started.append(submission)
            found = {}
            with contextlib.suppress(Exception):  # it will be met again where it is asked for, and be dealt with
                for job in self._jobs_of(submission):
                    ran = None if self._stopped else self._run(job)
                    if ran and not ran.failure:
                        found[job.key] = ran
            size = sum(size_of(ran.results) for ran in found.values())
            with self._changed:
                self._ready[submission] = found, size
                self._waiting += size
                self._changed.notify_all()

    def _has_room(self):
        return len(self._started) < 2 * self._workers + 2 and self._waiting < MAX_WAITING


def size_of(value):
    """Characters in all the text that plain data hold."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(map(size_of, value.values()))
    return sum(map(size_of, value)) if isinstance(value, (list, tuple)) else 0
