"""kill -9 at random moments: of the writer, of workers, of the whole command. What is resumed ends as if nothing had
happened, and nothing is left over."""

import contextlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

WRITER_KILLS, COMMAND_KILLS, WORKER_KILLS = 20, 14, 16


def wait_for(pid):
    """How a child ended."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def start_writer(hall, **options):
    """A run in a process of its own, which can be killed."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            hall.grade(**options)
            code = 0
        finally:
            os._exit(code)
    return pid


def test_the_writer_is_killed_twenty_times(hall, paper):
    """The task costs nothing here, so that most kills meet the writer at work."""
    rng = random.Random(6)
    for number in range(12):
        hall.hand_in(f"s{number:02}", essay={"count": "count = 3"})
    whole = hall.copy(hall.folder.with_name("undisturbed"))
    started = time.monotonic()
    whole.grade()
    took, killed, resume = time.monotonic() - started, 0, False
    while killed < WRITER_KILLS:
        pid = start_writer(hall, resume=resume, force=not resume)
        time.sleep(rng.uniform(0.2, 1) * took)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, 9)
        died = wait_for(pid) != 0
        killed += died
        resume = died and rng.random() < 0.8  # now and then everything anew, over what is there
    hall.grade(resume=True)
    assert (hall.rows(), hall.files()) == (whole.rows(), whole.files())
    assert hall.grade(resume=True).rows == []


def below(pid):
    """Every process below `pid`."""
    found = []
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split():
                found += [int(child), *below(int(child))]
    return found


def line_of(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


class Command:
    """`cs-layers grade` as it is typed, with a temporary folder of its own."""

    def __init__(self, hall, temporary):
        self.hall, self.temporary, self.running = hall, temporary, None

    def start(self, *options):
        env = {**os.environ, "TMPDIR": str(self.temporary)}
        command = [sys.executable, "-m", "cs_layers.cli", "grade", "ps1", "--workers", "2", *options]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.running = subprocess.Popen(command, cwd=self.hall.folder, env=env, start_new_session=True, **quiet)

    def workers(self):
        return [pid for pid in below(self.running.pid) if "spawn_main" in line_of(pid)]

    def kill(self, pids):
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, 9)

    def stored(self):
        with contextlib.suppress(OSError):
            return (self.hall.folder / ".cs_layers/ps1.jsonl").read_text().count("stored")
        return 0

    def until_at_work(self, seconds=300):
        """Wait until one more result is stored, or the command ends; returns whether it still runs."""
        before, until = self.stored(), time.monotonic() + seconds
        while self.running.poll() is None:
            now = self.stored()
            if now > before:
                break
            before = now  # a new run begins with a shorter ledger
            assert time.monotonic() < until, f"no result in {seconds} s"
            time.sleep(0.02)
        return self.running.poll() is None


@pytest.fixture
def command(hall):
    temporary = Path(tempfile.mkdtemp(prefix="farm-faults-"))
    temporary.chmod(0o755)
    made = Command(hall, temporary)
    yield made
    if made.running.poll() is None:
        made.kill([*below(made.running.pid), made.running.pid])
        made.running.wait()
    shutil.rmtree(temporary, ignore_errors=True)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_workers_and_the_whole_command_are_killed_thirty_times(hall, command, undisturbed):
    rng = random.Random(2026)
    hall.give_time()
    for number in range(10):
        hall.hand_in(f"s{number:02}", essay={"count": f"count = {number % 4}"})
    expected = undisturbed(hall)
    kills = ["command"] * COMMAND_KILLS + ["worker"] * WORKER_KILLS
    rng.shuffle(kills)
    command.start()
    while kills:
        if not command.until_at_work():
            assert command.running.returncode == 0
            assert (hall.rows(), hall.files()) == expected
            command.start("--force")
            continue
        time.sleep(rng.uniform(0, 0.3))
        if kills.pop() == "worker":
            command.kill(command.workers()[:1])
        else:
            everything = rng.random() < 0.5
            command.kill([command.running.pid, *(below(command.running.pid) if everything else ())])
            command.running.wait()
            command.start("--resume")
    command.running.wait()
    command.start("--resume")
    assert command.running.wait() == 0
    assert (hall.rows(), hall.files()) == expected
    assert leftovers(hall, command) == ([], [], [])


def leftovers(hall, command):
    """Processes, folders and files that the runs have left."""
    until, alive = time.monotonic() + 10, ["?"]
    while alive and time.monotonic() < until:  # what lost its parent notices within a second
        time.sleep(0.2)
        alive = [
            line_of(pid) for pid in os.listdir("/proc") if pid.isdigit() and str(command.temporary) in line_of(pid)
        ]
    folders = [path.name for path in command.temporary.iterdir() if path.name != "dask-scratch-space"]
    files = [str(path) for path in hall.folder.rglob(".*") if path.name.startswith((".canary", ".ps1"))]
    return alive, folders, files
