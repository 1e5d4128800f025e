"""Tasks on Dask's workers: a cluster on this machine, or any that has an address.

The assignment's bundles go to each worker once, with a plug-in that the scheduler also gives to workers that join
later; one that was given a task before them gets them with the task. A submission whose worker died is tried again,
this time in a process of its own, so that it is certain whose fault it was if that one dies too.
"""

import asyncio
import contextlib
import itertools
import logging
import queue
import time
import uuid

import dask
from distributed import Client, KilledWorker, LocalCluster, WorkerPlugin
from distributed.security import Security

from cs_layers.grading.engine import SandboxRefused
from cs_layers.grading.farm import apart, task
from cs_layers.grading.lock import GradingStopped

LOST_AFTER = 20
"""Seconds without a scheduler before a run ends."""
IDLE_FOR = 120
"""Seconds without any worker before a run ends; one that is started again may need half a minute."""
MAX_DEATHS = 20
"""Workers that may die under one submission, though it ran in a process of its own, before it is given up."""
STARTS = 3
"""How often a cluster on this machine may fail to start."""

_LATE = (TimeoutError, asyncio.TimeoutError)  # one and the same from Python 3.11 on
_LOCAL = {
    "distributed.scheduler.allowed-failures": 0,  # the first death is told us, and the task comes back as a careful one
    "distributed.scheduler.worker-saturation": 1.0,  # no task waits at a worker: one that dies takes one task with it
    "distributed.deploy.lost-worker-timeout": "30s",  # then a worker that did not come back may be replaced
}


def certificates(ca_file, cert, key):
    """Dask's description of a cluster's certificates; None if there are none."""
    if not (ca_file or cert or key):
        return None
    return Security(tls_ca_file=ca_file, tls_client_cert=cert, tls_client_key=key, require_encryption=True)


class Bundles(WorkerPlugin):
    """What each worker is given once: the assignment's bundles, as plain data."""

    idempotent = True

    def __init__(self, packed):
        self.packed = packed
        self.name = "cs_layers-" + "-".join(sorted(version[:12] for version in packed))

    def setup(self, worker):
        task.keep(self.packed)


class Cluster:
    """Runs tasks on a cluster.

    Parameters
    ----------
    packed : dict
        The packed bundles by version.
    workers : int, optional
        Of a cluster on this machine.
    scheduler : str, optional
        Address of a running one.
    security : distributed.Security, optional
        Of a running one.

    Raises
    ------
    GradingStopped
        If there is no scheduler at the address, no worker, or one with another version of the package.
    """

    def __init__(self, packed, workers=None, scheduler=None, security=None):
        self.scheduler, self.identity, self._bundles = scheduler, None, Bundles(packed)
        with contextlib.ExitStack() as opened:
            if scheduler is None:
                opened.enter_context(dask.config.set(_LOCAL))
                self.client = opened.enter_context(Client(opened.enter_context(_local(workers))))
                self._wanted = workers
            else:
                self.client = opened.enter_context(self._connect(security))
                self._check_versions()
            self.client.register_plugin(self._bundles)
            self._stack = opened.pop_all()

    def _connect(self, security):
        try:
            return Client(self.scheduler, security=security, timeout=LOST_AFTER)
        except (OSError, ValueError, TypeError) as error:
            raise GradingStopped(
                f"No Dask scheduler could be reached at {self.scheduler} ({type(error).__name__}); see that it runs, "
                "and that its certificates are given with --tls-ca-file, --tls-cert and --tls-key if it has any."
            ) from None

    def _check_versions(self):
        try:
            self.client.wait_for_workers(1, timeout=LOST_AFTER)
        except _LATE:
            raise GradingStopped(
                f"The scheduler at {self.scheduler} has no workers; start some with `dask worker {self.scheduler}`."
            ) from None
        self.identity = task.identity()
        for address, theirs in self.client.run(task.identity, on_error="return").items():
            unlike = task.unlike(self.identity, theirs)
            if unlike:
                raise GradingStopped(f"The worker at {address} {unlike}; install the same versions on both.")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stack.close()

    @property
    def workers(self):
        """How many submissions can run at the same time now."""
        return sum(self.client.nthreads().values())

    @property
    def name(self):
        """For the report."""
        return f"the cluster at {self.scheduler}" if self.scheduler else "this machine"

    def results(self, wanted):
        """Give (task, result) for each task, in the order in which they end; few are in flight at a time.

        Raises
        ------
        GradingStopped
            If the scheduler is gone.
        """
        wanted, ended, flight = iter(wanted), queue.Queue(), {}
        run, numbers = f"grade-{uuid.uuid4().hex[:8]}", itertools.count()

        def submit(one, deaths=0, *packed):
            if self.identity:
                one = {**one, "identity": self.identity}
            grade = apart.grade if deaths or one.get("careful") else task.grade
            future = self.client.submit(grade, one, *packed, key=(run, next(numbers)), pure=False)
            flight[future.key] = one, deaths
            future.add_done_callback(ended.put)

        looked, room, more = 0.0, 0, True
        self._met = self._worked = time.monotonic()
        while more or flight:
            if time.monotonic() - looked > 1:
                looked, room = time.monotonic(), self._room()
            while more and len(flight) < room:
                one = next(wanted, None)
                more = one is not None
                if more:
                    submit(one)
            with contextlib.suppress(queue.Empty):
                future = ended.get(timeout=0.5)
                one, deaths = flight.pop(future.key)
                try:
                    result, died = self._take(future)
                except task.NotKept:
                    submit(one, deaths, self._bundles.packed)
                    continue
                if result is None and deaths + died <= MAX_DEATHS:
                    submit(one, deaths + died)
                else:
                    yield one, result or task.give_up(one)

    def _room(self):
        """How many tasks may be in flight: twice what can run, so that nobody waits; 0 while nothing can run."""
        now, workers = time.monotonic(), 0
        if self.client.status == "running":
            with contextlib.suppress(OSError, *_LATE):
                workers, self._met = self.workers, now
        if workers:
            self._worked = now
        if self.scheduler is None and workers < self._wanted:
            self.client.cluster.scale(self._wanted)  # one that died before it was ready is not started again by itself
        if now - self._met > LOST_AFTER:
            raise GradingStopped(f"The scheduler of {self.name} is gone.")
        if now - self._worked > IDLE_FOR:
            raise GradingStopped(f"The scheduler of {self.name} has had no workers for {IDLE_FOR} s.")
        return 2 * workers + 1 if workers else 0

    def _take(self, future):
        """A task's result, or None if there is none, and whether its worker died."""
        try:
            if future.status in ("finished", "error"):
                return future.result(timeout=LOST_AFTER), False
        except KilledWorker:
            return None, True
        except (SandboxRefused, task.Unlike) as refused:
            raise GradingStopped(str(refused)) from None
        except task.NotKept:
            raise
        except (OSError, *_LATE):  # the scheduler is gone, which `_room` will say, or the result with its worker
            pass
        except Exception as error:
            raise GradingStopped(f"A worker could not run a submission ({type(error).__name__}: {error}).") from error
        finally:
            future.release()
        return None, False


def _local(workers):
    """So many processes, one submission at a time each, behind certificates of their own."""
    for _ in range(STARTS):
        with contextlib.suppress(RuntimeError):  # a worker died before it was ready
            return LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=True, security=True, silence_logs=logging.CRITICAL,
                dashboard_address="127.0.0.1:0",
            )  # fmt: skip
    raise GradingStopped(f"{workers} workers could not be started on this machine; try fewer with --workers.")
