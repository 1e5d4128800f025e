"""`python -m benchmarks.training`: what the timed networks reach on the real data sets, and in how many seconds.

CIFAR-10 and MNIST are read from the folder that CS_LAYERS_DATA names, or downloaded once. Adam, the learning rate
falling to zero along half a cosine; CIFAR-10's images are mirrored at random. The last epoch's network is tested, once.
"""

import argparse
import time

import numpy as np

from benchmarks.networks import NETWORKS, loss_and_gradients, scores_and_backwards
from cs_layers import layers
from cs_layers.data import get_MNIST_data, load_cifar10
from cs_layers.optim import adam


def cifar10():
    return standardized(load_cifar10(num_validation=0))


def mnist(num_training=None):
    return standardized(get_MNIST_data(num_training=num_training, num_validation=0))


def standardized(data):
    """Mean 0 and deviation 1 over all training pixels of a channel; the test images by the same numbers."""
    mean, deviation = (statistic(data["X_train"], axis=(0, 2, 3), keepdims=True) for statistic in (np.mean, np.std))
    return data | {part: (data[part] - mean) / deviation for part in ("X_train", "X_test")}


# Name: the network, its data, epochs, learning rate, whether images may be mirrored, and the accuracy to beat.
RUNS = {
    "cifar10": ("two_stage", cifar10, 15, 1e-3, True, 0.75),
    "mnist-5000": ("simple", lambda: mnist(5000), 20, 2e-3, False, 0.97),
    "mnist": ("simple", mnist, 8, 2e-3, False, 0.992),
}


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=__doc__)
    parser.add_argument("--runs", nargs="+", choices=RUNS, default=list(RUNS))
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    lines = ["| run | training images | epochs | seconds | test accuracy | to beat |", "|---|---|---|---|---|---|"]
    for name in args.runs:
        network, load, epochs, rate, mirror, goal = RUNS[name]
        data = load()
        start = time.perf_counter()
        params = train(NETWORKS[network], data, epochs, rate, mirror, args.seed)
        seconds = time.perf_counter() - start
        reached = accuracy(NETWORKS[network], params, data["X_test"], data["y_test"])
        lines.append(
            f"| {name}, {NETWORKS[network].title.split(',')[0]} | {len(data['X_train']):,} | {epochs} | {seconds:.0f} "
            f"| {reached:.2%} | {goal:.1%} |"
        )
    print("\n".join(lines))


def train(network, data, epochs, rate, mirror, seed):
    rng, params, configs = np.random.default_rng(seed), network.initial(seed), {}
    X, y, step = data["X_train"], data["y_train"], 0
    steps = epochs * (len(X) // network.batch)
    for epoch in range(epochs):
        losses = []
        for batch in np.array_split(rng.permutation(len(X)), len(X) // network.batch):
            images = X[batch]
            if mirror:
                chosen = rng.random(len(batch)) < 0.5
                images[chosen] = images[chosen, :, :, ::-1]
            loss, grads = loss_and_gradients(layers, network, params, images, y[batch], rng)
            for name, w in params.items():
                config = configs.get(name, {}) | {"learning_rate": rate * (1 + np.cos(np.pi * step / steps)) / 2}
                params[name], configs[name] = adam(w, grads[name], config)
            losses.append(loss)
            step += 1
        print(f"epoch {epoch + 1} of {epochs}: training loss {np.mean(losses):.3f}", flush=True)
    return params


def accuracy(network, params, X, y, batch=500):
    right = 0
    for start in range(0, len(X), batch):
        scores, _ = scores_and_backwards(layers, network, params, X[start : start + batch], None, "test")
        right += int((scores.argmax(axis=1) == y[start : start + batch]).sum())
    return right / len(X)


if __name__ == "__main__":
    main()
