"""Draw the README's pictures: `python docs/draw_images.py`. Nothing in them is typed; all of it is computed."""

from pathlib import Path

import numpy as np

from cs_layers import plots
from cs_layers.data import SHAPES32_CLASSES, load_digits, load_shapes32
from cs_layers.diagrams import windows
from cs_layers.layers import softmax
from cs_layers.models import ThreeLayerConvNet
from cs_layers.solver import Solver

IMAGES = Path(__file__).with_name("images")


def main():
    digits, shapes = load_digits(), load_shapes32()
    draw_window(digits["X_train"][0, 0])
    draw_training(shapes)


def draw_window(digit):
    """A vertical edge filter at three places of a digit."""
    edge = np.array([[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]])
    save(windows.sliding_windows(digit.round(1), edge, [(0, 0), (2, 3), (4, 4)]), "window.png")


def draw_training(shapes):
    """How a small network learns the drawn shapes, and the mistakes that it was surest of."""
    model = ThreeLayerConvNet(num_filters=16, filter_size=7, hidden_dim=100, weight_scale="he", reg=1e-3, seed=0)
    solver = Solver(model, shapes, "adam", {"learning_rate": 1e-3}, batch_size=50, num_epochs=8, verbose=False)
    solver.train()
    save(plots.plot_history(solver.loss_history, solver.train_acc_history, solver.val_acc_history), "training.png")
    probabilities = softmax(model.loss(shapes["X_val"]))
    mistakes = plots.show_misclassified(shapes["X_val"], probabilities, shapes["y_val"], SHAPES32_CLASSES, count=4)
    save(mistakes, "mistakes.png")


def save(figure, name):
    figure.savefig(IMAGES / name, dpi=110, bbox_inches="tight", facecolor="white")
    print(IMAGES / name)


if __name__ == "__main__":
    main()
