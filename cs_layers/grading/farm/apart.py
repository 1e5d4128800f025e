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
RAISED = 3
"""Exit status of a process that did not die but answers with an exception."""


def grade(task, packed=None):
    """As `task.grade`, but in a process that lives for this submission alone."""
    tasks.keep(packed or {})
    needed, kept = {part["bundle"] for part in task["notebooks"]}, tasks.kept()
    if needed - kept.keys():
        raise tasks.NotKept(task["student"])
    question = pickle.dumps(({version: kept[version] for version in needed}, task))
    for _ in range(TRIALS):
        code, answer = _ask(question)
        if code == 0:
            return pickle.loads(answer)
        if code == RAISED:
            raise pickle.loads(answer)
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
    except (SandboxRefused, tasks.Unlike) as refused:
        code, answer = RAISED, pickle.dumps(refused)
    except Exception as error:  # it need not be possible to pickle it
        code, answer = RAISED, pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
    finally:
        tasks.close()
    with open(answers, "wb", closefd=False) as file:
        file.write(answer)
    os._exit(code)  # ends the answer, too: who has read it to its end closes our standard input, which ends us


def _end_with_parent():
    sys.stdin.buffer.read(1)
    os._exit(1)


if __name__ == "__main__":
    main()
