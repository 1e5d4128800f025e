"""What training runs reached: a file that every run is added to, and the README's table of such runs."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Run:
    """One run of a setting: images used, accuracies from 0 to 1, seconds by the clock and of all processors together.

    The processors' seconds depend less on what else the machine had to do.
    """

    setting: str
    seed: int
    training_images: int
    validation_images: int
    val_accuracy: float
    test_accuracy: float
    seconds: float
    processor_seconds: float


def append(path, run):
    """Add a run to a file, as a line of JSON."""
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps(dataclasses.asdict(run)) + "\n")


def read(paths):
    """The runs in files that `append` wrote; of two with the same setting and seed the later one.

    Raises
    ------
    ValueError
        When a file is missing, or a line of it is no run.
    """
    runs = {}
    for path in map(Path, paths):
        if not path.is_file():
            raise ValueError(f"There is no file {path}; `cs-layers train --json {path}` writes one.")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                run = Run(**json.loads(line))
            except (TypeError, ValueError):
                raise ValueError(
                    f"Line {number} of {path} is no training run; `cs-layers train --json` writes them."
                ) from None
            runs[run.setting, run.seed] = run
    return list(runs.values())


def table(runs, settings):
    """Lines of Markdown: for each setting what it is, what is to be reached, and the runs' mean and each of them.

    Parameters
    ----------
    runs : sequence of Run
    settings : dict of str to Setting
        See `cs_layers.training`; rows come in this order.

    Raises
    ------
    ValueError
        When a run is of no such setting.
    """
    unknown = [run.setting for run in runs if run.setting not in settings]
    if unknown:
        raise ValueError(f"There is a run of {unknown[0]!r}, which is no setting; there are {', '.join(settings)}.")
    lines = [
        "| setting | network | images: training + validation | theirs | goal | test accuracy | goal reached "
        "| seconds | processor seconds | seeds |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, setting in settings.items():
        of_setting = sorted((run for run in runs if run.setting == name), key=lambda run: run.seed)
        if of_setting:
            lines.append(f"| `{name}` | {setting.about} | " + " | ".join(_cells(setting, of_setting)) + " |")
    return lines


def _cells(setting, runs):
    reached = [run.test_accuracy for run in runs]
    goal = f"{setting.goal:.1%}" if setting.goal else ""
    goal += f" in {setting.limit:g} s" if setting.limit else ""
    mean, each = f"{np.mean(reached):.2%}", ", ".join(f"{accuracy:.2%}" for accuracy in reached)
    return [
        f"{runs[0].training_images:,} + {runs[0].validation_images:,}",
        setting.theirs,
        goal,
        mean if len(runs) == 1 else f"{mean} ({each})",
        _verdict(setting, runs),
        f"{np.mean([run.seconds for run in runs]):.0f}",
        f"{np.mean([run.processor_seconds for run in runs]):.0f}",
        ", ".join(str(run.seed) for run in runs),
    ]


def _verdict(setting, runs):
    """Whether the mean reaches the goal, and if not, by how much it is missed."""
    if not setting.goal:
        return ""
    short = setting.goal - np.mean([run.test_accuracy for run in runs])
    late = np.mean([run.seconds for run in runs]) - setting.limit if setting.limit else 0
    missed = [f"{100 * short:.2f} points short"] if short > 0 else []
    missed += [f"{late:.1f} s late"] if late > 0 else []
    return ", ".join(missed) or "yes"
