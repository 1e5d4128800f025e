"""Where the time of one training step goes, and how far each part is from what the machine can do.

Run as a process of its own by `python -m benchmarks`; one thread, so that what is measured adds up.
"""

import collections
import contextlib
import json
import sys
import time

import numpy as np

from benchmarks.networks import NETWORKS, Trainer
from cs_layers import layers
from cs_layers.layers import _fast

STEPS = 10
# What is what kind of work. All of an affine layer counts as multiplication.
KINDS = {
    (np, "matmul"): "gemm",
    (_fast, "_unroll"): "copy",
    (_fast, "batch_last"): "copy",
    (_fast.Pooled, "rows"): "elementwise",
}


def limits():
    """What this machine does at its best: operations of a matrix product and bytes copied (in and out), a second."""
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 1500, 1500)).astype(np.float32)
    product = np.empty_like(a)
    gemm = best(lambda: np.matmul(a, b, out=product))
    source = rng.normal(size=4 << 20).astype(np.float32)
    target = np.empty_like(source)
    copy = best(lambda: np.copyto(target, source))
    return {"gemm_flops": 2 * 1500**3 / gemm, "copy_bytes": 2 * source.nbytes / copy}


def best(call, repeats=15):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


class Clock:
    """Adds up the seconds spent in each layer, and within it in functions of each kind that it is put around."""

    def __init__(self):
        self.seconds, self.kinds = collections.Counter(), collections.defaultdict(collections.Counter)
        self.copied = collections.Counter()
        self.layer, self._within = None, 0.0

    def around(self, function, kind):
        def timed(*args, **kwargs):
            before, self._within = self._within, 0.0
            start = time.perf_counter()
            result = function(*args, **kwargs)
            passed = time.perf_counter() - start
            self.kinds[self.layer][kind] += passed - self._within  # less what functions of another kind took in it
            self._within = before + passed
            if kind == "copy":
                self.copied[self.layer] += 2 * result.nbytes
            return result

        return timed

    @contextlib.contextmanager
    def of(self, layer):
        self.layer = layer
        start = time.perf_counter()
        yield
        self.seconds[layer] += time.perf_counter() - start
        self.layer = None


class ClockedLayers:
    """`cs_layers.layers`, each layer's time taken down under its place in the network."""

    def __init__(self, clock):
        self._clock, self._order = clock, []

    def __getattr__(self, name):
        function = getattr(layers, name)

        def clocked(*args, **kwargs):
            with self._clock.of(self._place(name)):
                return function(*args, **kwargs)

        return clocked

    def _place(self, name):
        """The k-th call of a kind in the forward pass is layer k, and the backward pass counts down again."""
        kind = {"conv_relu_pool": "conv, ReLU, pool", "affine_relu": "affine, ReLU"}
        layer, _, direction = name.rpartition("_")
        if direction == "forward":
            self._order.append(layer)
            number = self._order.count(layer)
        elif direction == "backward":
            number = self._order.count(layer)
            self._order.reverse()
            self._order.remove(layer)
            self._order.reverse()
        else:
            return "softmax loss"
        return f"{kind.get(layer, layer)} {number} {direction}"


def flops(network, batch):
    """Multiplications and additions of each layer's matrix products."""
    shapes, counts = dict(network.shapes()), {}
    channels, previous = network.images[0], int(np.prod(network.images))
    for k, stage in enumerate(network.convolutions, 1):
        units, H, W = shapes[f"conv{k}"]
        one = 2 * batch * units * H * W * channels * stage.size**2
        counts[f"conv, ReLU, pool {k} forward"] = one
        counts[f"conv, ReLU, pool {k} backward"] = one if k == 1 else 2 * one
        channels, previous = units, int(np.prod(shapes[f"pool{k}"]))
    for k, stage in enumerate(network.hidden, 1):
        counts[f"affine, ReLU {k} forward"] = 2 * batch * previous * stage.units
        counts[f"affine, ReLU {k} backward"] = 4 * batch * previous * stage.units
        previous = stage.units
    counts["affine 1 forward"] = 2 * batch * previous * network.classes
    counts["affine 1 backward"] = 2 * counts["affine 1 forward"]
    return counts


def profile(name, batch):
    network, clock = NETWORKS[name], Clock()
    trainer = Trainer(ClockedLayers(clock), network, batch)
    for _ in range(3):
        trainer.step()
    kept = {place: getattr(*place) for place in KINDS}
    for place, function in kept.items():
        setattr(*place, clock.around(function, KINDS[place]))
    clock.seconds.clear()
    start = time.perf_counter()
    for _ in range(STEPS):
        trainer.step()
    total = (time.perf_counter() - start) / STEPS
    for place, function in kept.items():
        setattr(*place, function)
    rows = [row(layer, seconds, clock, flops(network, batch)) for layer, seconds in clock.seconds.items()]
    rest = total - sum(r["seconds"] for r in rows)
    rows.append({"layer": "update", "seconds": rest, "gemm": 0, "copy": 0, "flops": 0})
    return {"network": name, "batch": batch, "seconds": total, "layers": rows, "limits": limits()}


def row(layer, seconds, clock, counts):
    kinds, count = clock.kinds[layer], counts.get(layer, 0)
    gemm = kinds["gemm"] / STEPS
    if layer.startswith("affine") and count:
        gemm = seconds / STEPS  # its bias and ReLU are too little to be told apart
    return {
        "layer": layer,
        "seconds": seconds / STEPS,
        "gemm": gemm,
        "copy": kinds["copy"] / STEPS,
        "flops": count,
        "copied_bytes": clock.copied[layer] / STEPS,
    }


def table(result):
    """The profile as text: milliseconds by layer and kind of work, and the share of the limit that is reached."""
    total, limit = result["seconds"], result["limits"]
    gflops, gbytes = limit["gemm_flops"] / 1e9, limit["copy_bytes"] / 1e9
    lines = [
        f"{NETWORKS[result['network']].title}: {total * 1e3:.1f} ms a step, one thread. "
        f"The machine multiplies matrices at {gflops:.0f} GFLOP/s and copies at {gbytes:.0f} GB/s (in and out).",
        "",
        "| layer | ms | share | GEMM ms | of GEMM limit | copies ms | of copy limit | elementwise ms |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for r in result["layers"]:
        rest = max(0.0, r["seconds"] - r["gemm"] - r["copy"])
        speed = f"{r['flops'] / r['gemm'] / limit['gemm_flops']:.0%}" if r["gemm"] and r["flops"] else ""
        copied = r.get("copied_bytes", 0)
        copying = f"{copied / r['copy'] / limit['copy_bytes']:.0%}" if r["copy"] else ""
        lines.append(
            f"| {r['layer']} | {r['seconds'] * 1e3:.2f} | {r['seconds'] / total:.0%} | {r['gemm'] * 1e3:.2f} | {speed} "
            f"| {r['copy'] * 1e3:.2f} | {copying} | {rest * 1e3:.2f} |"
        )
    work = sum(r["flops"] for r in result["layers"]) / limit["gemm_flops"]
    gemm, copy = (sum(r[kind] for r in result["layers"]) for kind in ("gemm", "copy"))
    rest = total - gemm - copy
    lines += [
        "",
        f"GEMM {gemm / total:.0%}, copies {copy / total:.0%}, elementwise and the rest {rest / total:.0%}. At the GEMM "
        f"limit alone the step would take {work * 1e3:.1f} ms: this is {work / total:.0%} of the machine's best.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(json.dumps(profile(sys.argv[1], int(sys.argv[2]))))
