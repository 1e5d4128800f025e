"""What the figures of a run say, as text and as the README's table."""

from statistics import median

PLAIN = "plain nbgrader"


def fit(result, system):
    """Start-up and each further submission of a system, from two sizes of class, round by round.

    Returns
    -------
    dict of str to list of float
        "each": seconds, "cpu": processor seconds (both of one further submission), "startup": seconds.
    """
    small, large = sorted(map(int, result["runs"][system]))
    rounds = {"each": [], "cpu": [], "startup": []}
    for one, other in zip(result["runs"][system][str(small)], result["runs"][system][str(large)], strict=True):
        each = (other["wall"] - one["wall"]) / (large - small)
        rounds["each"].append(each)
        rounds["startup"].append(one["wall"] - small * each)
        if one["cpu"] is not None:
            rounds["cpu"].append((other["cpu"] - one["cpu"]) / (large - small))
    return rounds


def rows(result):
    """One dict of figures for each system."""
    large = result["sizes"][1]
    fits = {system: fit(result, system) for system in result["runs"]}
    plain = median(fits[PLAIN]["each"]) if PLAIN in fits else None
    cells = result.get("cells")
    for system, rounds in fits.items():
        each, cpu = median(rounds["each"]), median(rounds["cpu"]) if rounds["cpu"] else None
        calm = median(run["wall"] for run in result["runs"][system][str(large)])
        mixed = median(run["wall"] for run in result["mixed"][system])
        yield {
            "system": system,
            "each": each,
            "spread": (min(rounds["each"]), max(rounds["each"])),
            "times": plain / each if plain else None,
            "startup": median(rounds["startup"]),
            "rate": large / mixed,
            "cpu": cpu,
            "else": cpu - cells if cpu is not None and cells is not None else None,
            "peak": result.get("peaks", {}).get(system),
            "hang": mixed - calm,
        }


def text(result):
    """The figures of one course, for the terminal."""
    small, large = result["sizes"]
    ours = max(int(size) for runs in result["runs"].values() for size in runs)
    of_ours = f" (for ours {large} and {ours})" if ours != large else ""
    lines = [f"\n{result['title']}: classes of {small} and {large}{of_ours}, median of {result['rounds']} rounds"]
    if result.get("cells") is not None:
        lines.append(f"  a further submission's own cells, alone: {result['cells']:.3f} CPU s")
    for row in rows(result):
        low, high = row["spread"]
        line = f"  {row['system']:26} {row['each']:6.3f} s each ({low:.3f} to {high:.3f})"
        line += f", {row['times']:.1f} times plain nbgrader" if row["times"] else ""
        line += f", start-up {row['startup']:.1f} s, {row['rate']:.2f} a second in all"
        if row["cpu"] is not None:
            line += f"; CPU {row['cpu']:.3f} s each"
            line += f", {row['else']:.3f} of it not in the cells" if row["else"] is not None else ""
        line += f"; peak {row['peak'] / 2**20:.0f} MiB" if row["peak"] else ""
        line += f"; a student who hangs costs {row['hang']:.1f} s"
        lines.append(line)
    lines.append("  " + result["agreement"])
    return "\n".join(lines)


def markdown(run):
    """The README's table: a row for each course and system."""
    lines = [
        "| course | graded with | each further one | times plain | CPU s, cells + rest | start-up | peak memory |",
        "|---|---|---|---|---|---|---|",
    ]
    for result in run["courses"]:
        for row in rows(result):
            low, high = row["spread"]
            cells = [
                result["title"],
                row["system"],
                f"{row['each']:.3f} s ({low:.3f}–{high:.3f})",
                f"{row['times']:.1f}" if row["times"] else "",
                f"{result['cells']:.3f} + {row['else']:.3f}" if row["else"] is not None else "",
                f"{row['startup']:.1f} s",
                f"{row['peak'] / 2**20:.0f} MiB" if row["peak"] else "",
            ]
            lines.append(f"| {' | '.join(cells)} |")
    machine = run["machine"]
    lines += [
        "",
        f"{machine['cpu']}, {machine['cores']} cores; nbgrader {machine['nbgrader']}, Python {machine['python']}.",
    ]
    return "\n".join(lines)


def growth(grown):
    """How time and memory grow with the class."""
    lines = ["\nGrowth (no hanging student)"]
    for system, runs in grown.items():
        for run in runs:
            line = (
                f"  {system:26} {run['size']:5d} submissions: {run['wall']:7.1f} s, {run['wall'] / run['size']:.3f} s"
            )
            lines.append(f"{line} each, peak {run['peak'] / 2**20:.0f} MiB")
    return "\n".join(lines)


def limits(found):
    """The writer, the scheduler, and a large class on a large cluster."""
    lines = [
        "\nOn a cluster, calculated from what was measured here",
        f"  one writer stores {found['writer']:.0f} submissions a second (SQLite), one scheduler hands out and takes "
        f"back {found['scheduler']:.0f}; a submission takes a worker {found['cpu']:.3f} CPU s",
    ]
    for size, workers, projected in found["projections"]:
        parts = ", ".join(f"{part} {seconds:.0f} s" for part, seconds in projected["parts"].items())
        lines.append(
            f"  {size:,} submissions on {workers} workers: {projected['seconds']:.0f} s, decided by "
            f"{projected['decided by']} ({parts})"
        )
    return "\n".join(lines)
