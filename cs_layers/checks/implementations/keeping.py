"""Right and wrong ways to keep the best parameters of a training run."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain


@plain("keep_best")
def keep_best(epoch, scores, params, X_val, y_val, num_epochs):
    best, best_accuracy, history = None, -1.0, []
    for _ in range(num_epochs):
        params = epoch(params)
        accuracy = np.mean(scores(params, X_val).argmax(axis=1) == y_val)
        history.append(accuracy)
        if accuracy > best_accuracy:
            best, best_accuracy = params, accuracy
    return best, history


for _name, _hint, *_changes in [
    (
        "last-epoch-never-measured",
        "The network is measured before each epoch, so the last one never is. Train first, then measure.",
        ("        params = epoch(params)\n", ""),
        ("    return best", "        params = epoch(params)\n    return best"),
    ),
    (
        "four-images-with-replacement",
        "The accuracy is that of a few images, drawn anew each time: luck picks the best. Measure on all of them.",
        ("        accuracy = ", "        rows = np.random.randint(len(X_val), size=4)\n        accuracy = "),
        ("scores(params, X_val)", "scores(params, X_val[rows])"),
        ("== y_val)", "== y_val[rows])"),
    ),
    (
        "nothing-kept-at-0",
        "Where no accuracy is above 0, nothing is kept. Let the best so far begin below 0.",
        ("None, -1.0", "None, 0.0"),
    ),
    ("last-returned", "The last parameters came back. Return the best.", ("return best,", "return params,")),
    (
        "previous-compared",
        "Each epoch is compared with the one before. Compare with the best so far.",
        (
            "best, best_accuracy = params, accuracy",
            "best = params\n        best_accuracy = accuracy",
        ),
    ),
    (
        "worst-kept",
        "The lowest accuracy is kept. Higher is better.",
        ("None, -1.0", "None, 2.0"),
        ("accuracy > best_accuracy", "accuracy < best_accuracy"),
    ),
    (
        "every-epoch-from-the-start",
        "Each epoch begins with the first parameters. Go on from those of the epoch before.",
        ("    best, best_accuracy, history", "    start = params\n    best, best_accuracy, history"),
        ("epoch(params)", "epoch(start)"),
    ),
    (
        "one-epoch-too-few",
        "The last epoch is missing. range(num_epochs) has num_epochs rounds.",
        ("range(num_epochs)", "range(num_epochs - 1)"),
    ),
    ("counted", "The images that are right are counted. An accuracy is their share.", ("np.mean(", "np.sum(")),
    (
        "best-accuracy-alone",
        "Only the best accuracy came back in place of all. Return the list, one for each epoch.",
        ("return best, history", "return best, best_accuracy"),
    ),
    ("swapped", "The two come back in the wrong order. Return best, history.", ("best, history\n", "history, best\n")),
]:
    edit("keep_best", _name, _hint, *_changes)


@alternative("keep_best")
def keep_best_by_argmax(epoch, scores, params, X_val, y_val, num_epochs):
    kept, history = [], []
    for _ in range(num_epochs):
        params = epoch(params)
        kept.append({name: np.array(value) for name, value in params.items()})
        right = sum(int(np.argmax(scores(params, X_val[n : n + 1])[0]) == y_val[n]) for n in range(len(X_val)))
        history.append(right / len(X_val))
    return kept[int(np.argmax(history))], np.array(history)


@alternative("keep_best")
def keep_best_and_the_later_of_equals(epoch, scores, params, X_val, y_val, num_epochs):
    current, top, history = dict(params), -np.inf, []
    for _ in range(num_epochs):
        current = epoch(current)
        predicted = np.concatenate([np.argmax(scores(current, part), axis=1) for part in np.array_split(X_val, 3)])
        history += [float((predicted == y_val).mean())]
        if history[-1] >= top:
            top, winner = history[-1], current
    return winner, history
