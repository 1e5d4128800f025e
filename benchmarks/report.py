"""What a run's figures say, as text and as the README's table."""

import numpy as np

from benchmarks.networks import NETWORKS

OURS = "cs_layers"


def run(result):
    """One network at one number of threads: medians, and the ratio to ours with its spread."""
    ours = np.array(result["seconds"][OURS])
    lines = [f"\n{NETWORKS[result['network']].title}, {threads(result)}"]
    for peer, seconds in result["seconds"].items():
        line = f"  {peer:16} {np.median(seconds) * 1e3:10.1f} ms"
        if peer != OURS:
            low, middle, high = spread(ours, np.array(seconds))
            line += f"   ours/theirs {middle:.3g} ({low:.3g} to {high:.3g}): {1 / middle:.3g} times as fast"
            busy = result["processor_seconds"]
            line += f"; processor time {np.median(busy[OURS]) / np.median(busy[peer]):.3g}"
            line += f"; gradients differ by {result['gradient_errors'][peer]:.0e}"
        if peer == "naive loops":
            line += f"; {result['naive_batch']} images timed, scaled to the batch"
        lines.append(line)
    peaks = {peer: peak for peer, peak in result["peak_bytes"].items() if peak is not None}
    if peaks:
        text = ", ".join(f"{peer} {peak / 2**20:.0f} MiB" for peer, peak in peaks.items())
        lines.append(f"  peak memory {text}; bound for ours {result['memory_bound_bytes'] / 2**20:.0f} MiB")
    return "\n".join(lines)


def spread(ours, theirs):
    """The ratio of the medians, between the quartiles of the ratio round by round."""
    middle = np.median(ours) / np.median(theirs)
    if len(theirs) < len(ours):
        return middle, middle, middle
    low, high = np.percentile(ours / theirs, [25, 75])
    return low, middle, high


def threads(result):
    return "1 thread" if result["threads"] == 1 else f"{result['threads']} threads"


def markdown(result):
    """A row for each network and number of threads; ratios of ours to theirs, below 1 where we are faster."""
    machine = result["machine"]
    peers = list(result["runs"][0]["seconds"])[1:]
    lines = [
        "| training step | " + " | ".join(["cs_layers", *(f"to {peer}" for peer in peers)]) + " | peak memory |",
        "|---|" + "---|" * (len(peers) + 2),
    ]
    for each in result["runs"]:
        ours = np.array(each["seconds"][OURS])
        cells = [f"{np.median(ours) * 1e3:.1f} ms"]
        for peer in peers:
            if peer in each["seconds"]:
                low, middle, high = spread(ours, np.array(each["seconds"][peer]))
                cells.append(f"{middle:.2f} ({low:.2f}–{high:.2f})" if middle > 0.01 else f"1 : {1 / middle:,.0f}")
            else:
                cells.append("")
        peak = each["peak_bytes"][OURS]
        cells.append("" if peak is None else f"{peak / 2**20:.0f} of {each['memory_bound_bytes'] / 2**20:.0f} MiB")
        lines.append(f"| {NETWORKS[each['network']].title}, {threads(each)} | " + " | ".join(cells) + " |")
    lines += ["", f"The naive loops were timed on {result['runs'][0]['naive_batch']} images and scaled to the batch."]
    versions = ", ".join(f"{name} {machine[name]}" for name in ("python", "numpy", "torch") if name in machine)
    return "\n".join([*lines, "", f"{machine['cpu']}, {machine['cores']} cores; {versions}."])
