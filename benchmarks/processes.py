"""Start the workers, tell them when to step, and look at their memory from outside."""

import json
import os
import subprocess
import sys
from pathlib import Path


class Worker:
    """A process that trains one network over one library."""

    def __init__(self, peer, network, batch, threads):
        self.peer, self.batch = peer, batch
        variables = ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker", peer, network, str(batch), str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | dict.fromkeys(variables, str(threads)),
            cwd=Path(__file__).parents[1],
        )
        self._listen()
        self.resident_before = self._status("VmRSS")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait(timeout=60)

    def ask(self, **command):
        print(json.dumps(command), file=self._process.stdin, flush=True)
        return self._listen()

    def steps(self, count):
        """For each of `count` training steps, the seconds that passed and those that processors worked on it."""
        return self.ask(steps=count)["seconds"]

    def peak_bytes(self):
        """The most memory that the process has had, beyond what it had before its weights and data; None off Linux."""
        peak = self._status("VmHWM")
        return None if peak is None else peak - self.resident_before

    def _listen(self):
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"The process of {self.peer} ended with status {self._process.wait()}; see above.")
        return json.loads(line)

    def _status(self, key):
        path = Path(f"/proc/{self._process.pid}/status")
        if not path.exists():
            return None
        line = next(line for line in path.read_text().splitlines() if line.startswith(key))
        return int(line.split()[1]) * 1024
