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
from cs_layers.gradient_check import rel_error

OURS, NAIVE, NAIVE_BATCH = "cs_layers", "naive loops", 2
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
            run = compare(name, threads, peers if threads == 1 else peers[: peers.index(NAIVE)], args.rounds)
            result["runs"].append(run)
            print(report.run(run), flush=True)
    for name in args.networks:
        result["profiles"].append(profiled(name))
        print("\n" + profile.table(result["profiles"][-1]), flush=True)
    result["load_after"] = load()
    args.json.parent.mkdir(parents=True, exist_ok=True)
    args.json.write_text(json.dumps(result, indent=1))
    print(f"\n{report.markdown(result)}\n\nWritten to {args.json}. Load before {result['load_before']}, ", end="")
    print(f"after {result['load_after']}, on {cores()} cores: trust the figures only if nothing else ran.")


def compare(name, threads, peers, rounds):
    """Time all peers in turn, round after round, so that whatever disturbs the machine disturbs all of them alike."""
    network = NETWORKS[name]
    workers = [Worker(OURS, name, network.batch, threads)]
    try:
        workers += [Worker(peer, name, NAIVE_BATCH if peer == NAIVE else network.batch, threads) for peer in peers]
        errors = same_numbers(name, threads, workers)
        seconds = {worker.peer: [] for worker in workers}
        for worker in workers[: len(workers) - (NAIVE in peers)]:
            worker.steps(3)  # warm-up
        for r in range(rounds):
            for worker in workers:
                if worker.peer != NAIVE or r == 0:
                    seconds[worker.peer].append(float(np.median(worker.steps(1 if worker.peer == NAIVE else 3))))
                    time.sleep(0.02)  # until the threads that the last one left spinning have gone to sleep
        if NAIVE in seconds:
            seconds[NAIVE] = [once * network.batch / NAIVE_BATCH for once in seconds[NAIVE]]
        peaks = {worker.peer: worker.peak_bytes() for worker in workers if worker.peer != NAIVE}
    finally:
        for worker in workers:
            worker.__exit__()
    return {
        "network": name,
        "threads": threads,
        "seconds": seconds,
        "gradient_errors": errors,
        "peak_bytes": peaks,
        "memory_bound_bytes": memory_bound(name, threads),
    }


def same_numbers(name, threads, workers):
    """The largest difference of any gradient from ours, as a share of that gradient's largest entry."""
    errors = {}
    with tempfile.TemporaryDirectory() as folder:
        ours = {}
        for worker in workers:
            # The naive loops get a small batch, so they are compared with ours on the same small one.
            if worker.batch not in ours and worker.peer != OURS:
                with Worker(OURS, name, worker.batch, threads) as small:
                    ours[worker.batch] = gradients(small, folder)
            numbers = gradients(worker, folder)
            if worker.peer == OURS:
                ours[worker.batch] = numbers
                continue
            expected = ours[worker.batch]
            errors[worker.peer] = max(
                float(np.abs(numbers[key] - expected[key]).max() / np.abs(expected[key]).max()) for key in expected
            )
            if errors[worker.peer] > 1e-3:
                raise SystemExit(
                    f"{worker.peer} computes other numbers than {OURS} on {name}: {errors[worker.peer]:.1e}."
                )
            assert rel_error(numbers["loss"], expected["loss"]) < 1e-4
    return errors


def gradients(worker, folder):
    path = f"{folder}/{worker.peer}{worker.batch}.npz"
    worker.ask(save_gradients=path)
    with np.load(path) as file:
        return dict(file)


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


def cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


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
