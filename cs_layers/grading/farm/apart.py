"""A task in a process of its own: for a submission under which a worker has died, so that it is certain whose fault it
is.

If the process dies, twice, while the worker that started it lives on, the submission gets no points and the reason. If
the worker dies, from outside, the process ends with it, and the task is run again elsewhere.
"""

import contextlib
import os
import pickle
import subprocess
import sys
import threading

from cs_layers.grading.engine import SandboxRefused
from cs_layers.grading.farm import task as tasks

TRIALS = 2
REFUSED = 3
"""Exit status of a process whose sandbox is too weak."""


def grade(task):
    """As `task.grade`, but in a process that lives for this submission alone."""
    needed, kept = {part["bundle"] for part in task["notebooks"]}, tasks.kept()
    if needed - kept.keys():  # a worker that has just been started may be given a task before its bundles
        raise tasks.NotKept(task["student"])
    bundles = {version: kept[version] for version in needed}
    for _ in range(TRIALS):
        code, answer = _ask(pickle.dumps((bundles, task)))
        if code == 0:
            return pickle.loads(answer)
        if code == REFUSED:
            raise SandboxRefused(answer.decode())
    return tasks.give_up(task)


def _ask(question):
    path = [*os.environ.get("PYTHONPATH", "").split(os.pathsep), *sys.path]
    process = subprocess.Popen(
        [sys.executable, "-m", "cs_layers.grading.farm.apart"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, path))},
    )  # fmt: skip
    with process:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(len(question).to_bytes(8, "big") + question)
            process.stdin.flush()
        answer = process.stdout.read()  # its standard input stays open: by its end it knows that we are gone
    return process.returncode, answer


def main():
    answers = os.dup(1)
    os.dup2(2, 1)
    size = int.from_bytes(sys.stdin.buffer.read(8), "big")
    bundles, task = pickle.loads(sys.stdin.buffer.read(size))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("500")  # if memory runs out it is this process that goes
    code, answer = 0, b""
    try:
        tasks.keep(bundles)
        answer = pickle.dumps(tasks.grade(task))
    except SandboxRefused as refused:
        code, answer = REFUSED, str(refused).encode()
    finally:
        tasks.close()
    with open(answers, "wb") as file:
        file.write(answer)
    sys.stdout.flush()
    os._exit(code)


def _end_with_parent():
    sys.stdin.buffer.read(1)
    os._exit(1)


if __name__ == "__main__":
    main()
