"""Dask's workers: they die, join late, are poisoned, are of another version; the scheduler dies; TLS is on."""

import json
import os
import subprocess
import sys
import threading
import time

import pytest

pytest.importorskip("distributed")

from cs_layers.grading.farm import cluster
from cs_layers.grading.lock import GradingStopped

pytestmark = pytest.mark.slow

POISON = """
import sys
if any("farm.apart" in word or "spawn_main" in word for word in sys.orig_argv):
    import os
    from cs_layers.grading.farm import task
    plain = task._graded
    def deadly(part, one, grader):
        if grader is not None and b"POISON" in (part["raw"] or b""):
            os.kill(os.getpid(), 9)
        return plain(part, one, grader)
    task._graded = deadly
"""
FORGETFUL = """
import sys
if any("spawn_main" in word for word in sys.orig_argv):
    from cs_layers.grading.farm import cluster
    cluster.Bundles.setup = lambda self, worker: None
"""
OTHER_VERSION = """
import sys
if any("spawn_main" in word for word in sys.orig_argv):
    from cs_layers.grading.farm import task
    task.identity = lambda: {"cs_layers": "another", "python": "3", "numpy": "2"}
"""


@pytest.fixture
def class_of(hall):
    def make(count, seconds=0):
        hall.give_time()
        for number in range(count):
            hall.hand_in(f"s{number:02}", essay={"count": f"import time; time.sleep({seconds})\ncount = 3"})
        return hall

    return make


def workers_of(pid):
    """Processes that Dask started for workers below `pid`."""
    found = []
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/children") as file:
            for child in file.read().split():
                with open(f"/proc/{child}/cmdline") as line:
                    if "spawn_main" in line.read():
                        found.append(int(child))
    return found


class Machines:
    """A scheduler and workers as processes of their own, as on several machines."""

    def __init__(self, folder, security=()):
        self.folder, self.security, self.running = folder, list(security), []
        self.file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--scheduler-file", self.file, "--port", "0", "--no-dashboard")
        until = time.monotonic() + 60
        while not self.file.exists() or not self.file.read_text().strip():
            assert time.monotonic() < until
            time.sleep(0.1)
        self.address = json.loads(self.file.read_text())["address"]

    def _start(self, kind, *arguments, **env):
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *map(str, arguments), *self.security]
        log = open(self.folder / f"{kind}-{len(self.running)}.log", "wb")  # noqa: SIM115  (the process writes to it)
        made = subprocess.Popen(
            command, cwd=self.folder, env={**os.environ, **env}, stdout=log, stderr=log, start_new_session=True
        )
        self.running.append(made)
        return made

    def worker(self, **env):
        limits = ("--nthreads", 1, "--no-dashboard", "--death-timeout", 60)
        return self._start("worker", self.address, *limits, **env)

    def close(self):
        for one in self.running:
            one.terminate()
        for one in self.running:
            one.wait(30)


@pytest.fixture
def machines(tmp_path):
    made = []

    def start(*security):
        folder = tmp_path / f"machines{len(made)}"
        folder.mkdir()
        made.append(Machines(folder, security))
        return made[-1]

    yield start
    for one in made:
        one.close()


def kill_while(hall, grading, victims, number, seconds=1.0):
    """Kill one of the `victims()` every now and then while `grading()` runs, `number` times at most."""
    done, killed = threading.Event(), []

    def kill():
        while not done.wait(seconds) and len(killed) < number:
            if (hall.folder / "autograded").exists():  # the first result is stored: they are at work
                for pid in victims()[:1]:
                    os.kill(pid, 9)
                    killed.append(pid)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        return grading(), killed
    finally:
        done.set()
        thread.join()


def test_a_killed_worker_costs_a_retry_and_no_grade(class_of, undisturbed):
    hall = class_of(16)
    expected = undisturbed(hall)
    report, killed = kill_while(hall, lambda: hall.grade(workers=2), lambda: workers_of(os.getpid()), 3)
    assert len(killed) == 3
    assert [row["odd"] for row in report.rows if row["stopped"]] == []
    assert len({row["worker"] for row in report.rows}) > 3
    assert (hall.rows(), hall.files()) == expected


def test_a_poisoned_submission_gets_its_reason_and_others_their_grades(class_of, tmp_path, monkeypatch, undisturbed):
    hall = class_of(3)
    expected, _ = undisturbed(hall)
    hall.hand_in("poison", "# POISON")
    (tmp_path / "site").mkdir()
    (tmp_path / "site/sitecustomize.py").write_text(POISON)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    report = hall.grade(workers=2)
    odd = {row["student"]: row["odd"] for row in report.rows if row["odd"] and row["notebook"] == "affine"}
    assert list(odd) == ["poison"]
    assert "ended the process that grades, twice" in odd["poison"][0]
    rows = hall.rows()
    assert [row for row in rows["grade"] if row[0] != "poison"] == expected["grade"]
    assert {row[3] for row in rows["grade"] if row[0] == "poison"} == {0}
    assert hall.grade(workers=2, resume=True).rows == []


def test_a_worker_that_has_no_bundles_is_given_them_with_the_task(class_of, tmp_path, monkeypatch, undisturbed):
    """As one that has just been started: a task may reach it before the plug-in does."""
    hall = class_of(3)
    expected = undisturbed(hall)
    (tmp_path / "site").mkdir()
    (tmp_path / "site/sitecustomize.py").write_text(FORGETFUL)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    report = hall.grade(workers=2)
    assert [row["odd"] for row in report.rows if row["stopped"]] == []
    assert (hall.rows(), hall.files()) == expected


def test_scheduler_and_workers_elsewhere_with_certificates(class_of, machines, tmp_path, undisturbed):
    """TLS on, one worker from the start, one that joins late, and the one from the start killed."""
    hall = class_of(10, seconds=0.5)
    expected = undisturbed(hall)
    files = certificates(tmp_path)
    ours = machines("--tls-ca-file", files[0], "--tls-cert", files[1], "--tls-key", files[2])
    assert ours.address.startswith("tls://")
    first = ours.worker()

    def victims():
        if len(ours.running) == 2:
            ours.worker()
            return []
        return workers_of(first.pid)

    report, killed = kill_while(hall, lambda: hall.grade(scheduler=ours.address, certificates=files), victims, 1)
    assert killed
    assert ours.address in report.where
    assert len({row["worker"] for row in report.rows}) >= 2
    assert (hall.rows(), hall.files()) == expected
    with pytest.raises(GradingStopped, match="No Dask scheduler could be reached"):
        hall.grade(scheduler=ours.address.replace("tls", "tcp"), force=True)


def certificates(folder):
    """One self-signed certificate for all, as files: authority, certificate, key."""
    from distributed.security import Security

    made = Security.temporary()
    paths = [folder / name for name in ("ca.pem", "cert.pem", "key.pem")]
    for path, text in zip(paths, (made.tls_ca_file, made.tls_client_cert, made.tls_client_key), strict=True):
        path.write_text(text)
    return tuple(map(str, paths))


def test_a_dead_scheduler_ends_the_run_and_resume_ends_it_well(class_of, machines, monkeypatch, undisturbed):
    hall = class_of(10)
    expected = undisturbed(hall)
    ours = machines()
    ours.worker()
    with pytest.raises(GradingStopped, match=r"is gone\. What was stored stays; \d+ submissions are left: .*--resume"):
        kill_while(hall, lambda: hall.grade(scheduler=ours.address), lambda: [ours.scheduler.pid], 1, seconds=0.5)
    assert 0 < len(hall.rows()["submission"]) < 10
    hall.grade(workers=1, resume=True)
    assert (hall.rows(), hall.files()) == expected


def test_a_worker_with_another_version_is_refused(class_of, machines, tmp_path):
    hall, ours = class_of(2), machines()
    (tmp_path / "site").mkdir()
    (tmp_path / "site/sitecustomize.py").write_text(OTHER_VERSION)
    ours.worker(PYTHONPATH=str(tmp_path / "site"))
    with pytest.raises(
        GradingStopped, match=r"The worker at tcp://.* has another cs_layers \(another\) than this machine"
    ):
        hall.grade(scheduler=ours.address)
    assert hall.rows()["grade"] == []


def test_where_no_scheduler_listens(class_of, monkeypatch):
    monkeypatch.setattr(cluster, "LOST_AFTER", 1)
    with pytest.raises(GradingStopped, match="No Dask scheduler could be reached"):
        class_of(1).grade(scheduler="tcp://127.0.0.1:1")


def test_a_scheduler_without_workers(class_of, machines, monkeypatch):
    monkeypatch.setattr(cluster, "LOST_AFTER", 2)
    with pytest.raises(GradingStopped, match="has no workers; start some with `dask worker"):
        class_of(1).grade(scheduler=machines().address)
