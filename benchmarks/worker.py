"""One network over one library, in a process of its own, which steps when it is told to.

A process each, because thread pools that wait for work by spinning would slow down whoever is timed next, and because
the memory of one can then be read from outside. Started by `benchmarks.processes`; speaks lines of JSON.
"""

import importlib
import json
import sys
import time

import numpy as np

from benchmarks.networks import NETWORKS, Trainer

LIBRARIES = {
    "cs_layers": "cs_layers.layers",
    "CS231n's im2col": "benchmarks.im2col",
    "DLFS's im2col": "benchmarks.dlfs",
    "naive loops": "benchmarks.naive",
}


def main():
    peer, network, batch, threads = sys.argv[1], NETWORKS[sys.argv[2]], int(sys.argv[3]), int(sys.argv[4])
    if peer == "PyTorch":
        from benchmarks import pytorch

        def make():
            return pytorch.Trainer(network, batch, threads=threads)
    else:
        library = importlib.import_module(LIBRARIES[peer])

        def make():
            return Trainer(library, network, batch)

    answer({"ready": True})
    trainer = make()
    for line in sys.stdin:
        command = json.loads(line)
        if "steps" in command:
            answer(
                {"seconds": [timed(trainer.step) for _ in range(command["steps"])]}
            )  # by the clock, and of processors
        elif "save_gradients" in command:
            np.savez(command["save_gradients"], **trainer.gradients(command["dtype"]))
            answer({"saved": True})


def timed(step):
    start, busy = time.perf_counter(), time.process_time()
    step()
    return time.perf_counter() - start, time.process_time() - busy


def answer(message):
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    main()
