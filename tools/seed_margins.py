"""Do graded cells depend on luck? Run every solved notebook, then its graded cells with other seeds.

    python tools/seed_margins.py [--seeds 10] [--first 1] [notebook ...]

Two tables are printed. The first has a row for each notebook: its graded cells, and those that fail when the checks
draw their inputs from other seeds. The second has a row for each gate that a graded cell trains a network past: what
the solution's settings reach from as many seeds, and how far the worst of them is from the gate.
"""

import argparse
import contextlib
import io
import os
from pathlib import Path

import matplotlib
import numpy as np
from nbgrader import utils

from cs_layers import cnn_runs, layers
from cs_layers.checks import conv_training, epoch, training
from cs_layers.grading import course

ROOT = Path(__file__).resolve().parents[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebook", nargs="*", help="names without the ending (default: all)")
    parser.add_argument("--seeds", type=int, default=10, help="how many (default: %(default)s)")
    parser.add_argument("--first", type=int, default=1, help="the first of them (default: %(default)s)")
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.seeds)
    matplotlib.use("agg")
    print("| notebook | graded cells | seeds | fail |\n|---|---|---|---|")
    ran = {}
    for source in sorted(ROOT.glob("solutions/*/*.py")):
        if not options.notebook or source.stem in options.notebook:
            ran[source.stem] = names = run(source)
            print(
                f"| {source.stem} | {' | '.join(map(str, with_other_seeds(source, names, seeds)))} |",
                flush=True,
            )
    print("\n| notebook | gate | lowest | mean | margin | seeds |\n|---|---|---|---|---|---|")
    for stem, names in ran.items():
        for gate, wanted, reached in GATES.get(stem, lambda names, seeds: ())(names, seeds):
            row = f"{wanted:.1%} | {min(reached):.1%} | {np.mean(reached):.1%} | {min(reached) - wanted:+.1%}"
            print(f"| {stem} | {gate} | {row} | {len(reached)} |", flush=True)


def run(source):
    """Run every code cell of a solved notebook in one namespace, and return that."""
    names = {"__name__": "__main__", "display": lambda *shown: None}
    os.chdir(source.parent)  # where the assignment's other notebooks lie
    for cell in course.read_solution(source).cells:
        if cell.cell_type == "code":
            execute(cell.source, names)
    return names


def execute(text, names):
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(text, "<cell>", "exec"), names)


def with_other_seeds(source, names, seeds):
    """The number of graded cells, the seeds, and the cells that fail with one of them."""
    graded = [cell for cell in course.read_solution(source).cells if cell.cell_type == "code" and utils.is_grade(cell)]
    failing = []
    for seed in seeds:
        os.environ["CS_LAYERS_CHECK_SEED"] = str(seed)
        for cell in graded:
            try:
                execute(cell.source, dict(names))
            except Exception as error:
                failing.append(f"{cell.id} (seed {seed}: {str(error).splitlines()[0]})")
    del os.environ["CS_LAYERS_CHECK_SEED"]
    return len(graded), f"{seeds[0]} to {seeds[-1]}", ", ".join(failing) or "none"


def two_layer_gates(names, seeds):
    """The settings of 03, and its 20 images that are learned by heart."""
    settings = names["training_settings"]()
    yield (
        "validation accuracy on digits",
        training.GATE,
        [max(training.train_on_digits(settings, seed)[1].val_acc_history) for seed in seeds],
    )
    learned = []
    for seed in seeds:
        X, y, net = names["X20"], names["y20"], names["course_net"]
        net.params, _ = names["train"](names["net_loss"], names["first_params"], X, y, 0.3, 5, 60, seed)
        p = layers.softmax(net.loss(X))
        right = p[np.arange(len(y)), y]
        p[np.arange(len(y)), y] = 0
        learned.append(np.min(right - p.max(axis=1)))
    yield "20 images by heart: least lead of a right class, in probability", 0.0, learned


def conv_gates(names, seeds):
    """The settings and the rescued run of 09."""
    settings = names["conv_training_settings"]()
    yield (
        "validation accuracy on digits",
        conv_training.GATE,
        [max(cnn_runs.train_on_digits(settings, seed)[1].val_acc_history) for seed in seeds],
    )
    rescued = names["rescue_steps"]()[-1]
    yield (
        "validation accuracy of the rescued run (graded: the mean of three)",
        conv_training.RESCUE_GATE,
        [cnn_runs.train_on_shapes(rescued, seed).accuracy for seed in seeds],
    )


def epoch_gates(names, seeds):
    """The one epoch of x3, by the loop of the solution."""
    yield (
        "validation accuracy of SimpleConvNet on digits after one epoch",
        epoch.GATE,
        [epoch.accuracy_after_an_epoch(names["train_epoch"], seed) for seed in seeds],
    )


GATES = {"03_two_layer_net": two_layer_gates, "09_cnn": conv_gates, "x3_mnist_cifar": epoch_gates}


if __name__ == "__main__":
    main()
