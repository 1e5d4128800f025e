"""`python -m benchmarks`: a training step of three networks, timed side by side with peers in one run."""

import argparse
import importlib.util
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks import profile, report
from benchmarks.networks import NETWORKS
from benchmarks.processes import Worker
from cs_layers.parallel import cores

OURS, NAIVE = "cs_layers", "naive loops"
NAIVE_BATCH, NAIVE_ROUNDS = 2, 3
PEERS = ["PyTorch", "CS231n's im2col", "DLFS's im2col", NAIVE]
RESULTS = Path(__file__).with_name("results") / "latest.json"


def main():
    args = arguments()
    if args.table:
        print(report.markdown(json.loads(args.json.read_text())))
        return
    peers = [peer for peer in PEERS if peer != "PyTorch" or importlib.util.find_spec("torch")]
    if "PyTorch" not in peers:
        print('PyTorch is not installed, so it is left out: pip install "cs-layers[torch]"', file=sys.stderr)
    result = {"machine": machine(), "load_before": load(), "runs": [], "profiles": []}
    for threads in dict.fromkeys([1, cores()]):
        for name in args.networks:
            run = compare(name, threads, peers, args.rounds)
            result["runs"].append(run)
            print(report.run(run), flush=True)
            write(args.json, result)  # a run that is broken off keeps what it has
    for name in args.networks:
        result["profiles"].append(profiled(name))
        print("\n" + profile.table(result["profiles"][-1]), flush=True)
    result["load_after"] = load()
    write(args.json, result)
    print(f"\n{report.markdown(result)}\n\nWritten to {args.json}. Load before {result['load_before']}, ", end="")
    print(f"after {result['load_after']}, on {cores()} cores: trust the figures only if nothing else ran.")


def write(path, result):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1))


def compare(name, threads, peers, rounds):
    """Time all peers in turn, round after round, so that whatever disturbs the machine disturbs all of them alike.

    The naive loops take seconds for two images: they get one step in each of three rounds, scaled to the whole batch.
    """
    network, batches = NETWORKS[name], {OURS: NETWORKS[name].batch}
    batches |= {peer: NAIVE_BATCH if peer == NAIVE else network.batch for peer in peers}
    errors = same_numbers(name, threads, batches)
    workers = [Worker(peer, name, batch, threads) for peer, batch in batches.items()]
    try:
        seconds, busy = {worker.peer: [] for worker in workers}, {worker.peer: [] for worker in workers}
        for worker in workers[: len(workers) - (NAIVE in peers)]:
            worker.steps(3)  # warm-up
        for r in range(rounds):
            for worker in workers:
                if worker.peer != NAIVE or r < NAIVE_ROUNDS:
                    by_clock, of_processors = np.median(worker.steps(1 if worker.peer == NAIVE else 3), axis=0)
                    seconds[worker.peer].append(by_clock)
                    busy[worker.peer].append(of_processors)
                    time.sleep(0.02)  # until the threads that the last one left spinning have gone to sleep
        if NAIVE in seconds:
            for kind in (seconds, busy):
                kind[NAIVE] = [once * network.batch / NAIVE_BATCH for once in kind[NAIVE]]
        peaks = {worker.peer: worker.peak_bytes() for worker in workers if worker.peer != NAIVE}
    finally:
        for worker in workers:
            worker.__exit__()
    return {
        "network": name,
        "threads": threads,
        "seconds": seconds,
        "processor_seconds": busy,
        "naive_batch": NAIVE_BATCH,
        "gradient_errors": errors,
        "peak_bytes": peaks,
        "memory_bound_bytes": memory_bound(name, threads),
    }


def same_numbers(name, threads, batches):
    """For each peer the largest difference of any gradient from ours, as a share of that gradient's largest entry.

    In float64, where all must agree closely; and in float32, which may tip a ReLU or a maximum over, on the whole. The
    naive loops get a small batch, and are compared with ours on the same small one.
    """
    ours = {batch: gradients(OURS, name, batch, threads) for batch in set(batches.values())}
    errors = {}
    for peer, batch in batches.items():
        numbers = gradients(peer, name, batch, threads)
        for dtype, allowed in {"float32": 1e-2, "float64": 1e-9}.items():
            errors[peer] = difference(numbers[dtype], ours[batch][dtype])
            if not errors[peer] <= allowed:
                raise SystemExit(f"{peer} computes other {dtype} numbers than {OURS} on {name}: {errors[peer]:.1e}.")
    return errors


def difference(numbers, expected):
    return max(float(np.abs(numbers[key] - expected[key]).max() / np.abs(expected[key]).max()) for key in expected)


def gradients(peer, name, batch, threads):
    """The loss and gradients of one step, by dtype, from a process of its own: those that are timed do nothing else."""
    numbers = {}
    with tempfile.TemporaryDirectory() as folder, Worker(peer, name, batch, threads) as worker:
        for dtype in ("float32", "float64"):
            path = f"{folder}/{dtype}.npz"
            worker.ask(save_gradients=path, dtype=dtype)
            with np.load(path) as file:
                numbers[dtype] = dict(file)
    return numbers


def memory_bound(name, threads):
    """Twice the sum of activations, parameters and one block for each thread: what a step should stay below."""
    from cs_layers.layers._fast import _SCRATCH_BYTES

    network = NETWORKS[name]
    activations = sum(int(np.prod(shape)) for _, shape in network.shapes()) * network.batch * 4
    parameters = sum(array.nbytes for array in network.initial().values())
    return 2 * (activations + parameters + threads * _SCRATCH_BYTES)


def profiled(name):
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "benchmarks.profile", name, str(NETWORKS[name].batch)]
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, check=True, cwd=Path(__file__).parents[1], text=True
    )
    return json.loads(done.stdout)


def load():
    return [round(average, 2) for average in os.getloadavg()] if hasattr(os, "getloadavg") else None


def machine():
    cpu = platform.processor()
    if Path("/proc/cpuinfo").exists():
        names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
        cpu = names[0].split(":")[1].strip() if names else cpu
    versions = {"python": platform.python_version(), "numpy": np.__version__}
    if importlib.util.find_spec("torch"):
        from importlib.metadata import version

        versions["torch"] = version("torch")
    return {"cpu": cpu, "cores": cores(), "system": platform.platform(), **versions}


def arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS), metavar="NETWORK")
    parser.add_argument("--rounds", type=int, default=15, help="how often each peer gets its turn (three steps)")
    parser.add_argument(
        "--json", type=Path, default=RESULTS, help="where the figures are written, or read with --table"
    )
    parser.add_argument("--table", action="store_true", help="print the README's table from the last run's figures")
    return parser.parse_args()


if __name__ == "__main__":
    main()
