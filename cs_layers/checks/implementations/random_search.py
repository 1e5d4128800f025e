"""Right and wrong ways to write a random search, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, mistake, plain


@plain("random_search")
def random_search(evaluate, ranges, num_trials, num_rounds, draw, shrink):
    ranges = dict(ranges)
    trials = []
    for _ in range(num_rounds):
        for _ in range(num_trials):
            setting = {name: draw(low, high) for name, (low, high) in ranges.items()}
            trials.append((setting, evaluate(setting)))
        scores = np.array([score for _, score in trials])
        best, _ = trials[np.nanargmax(scores)]
        for name, (low, high) in ranges.items():
            ranges[name] = shrink(low, high, best[name])
    return trials


_DRAW, _SHRINK = "draw(low, high)", "shrink(low, high, best[name])"


for _name, _hint, *_changes in [
    (
        "uniform",
        "The settings are drawn uniformly. draw(low, high) draws on a log scale.",
        (_DRAW, "np.random.uniform(low, high)"),
    ),
    (
        "never-shrinks",
        "The ranges stay as they were. Shrink each around the best after every round.",
        (_SHRINK, "(low, high)"),
    ),
    (
        "minimises",
        "The ranges shrink around the worst setting. A higher score is better.",
        ("np.nanargmax", "np.nanargmin"),
    ),
    (
        "nan-as-best",
        "A run that scored nan was taken for the best: np.argmax finds nan first. Use np.nanargmax.",
        ("np.nanargmax", "np.argmax"),
    ),
    (
        "best-of-the-last-round",
        "The ranges shrink around the best of the last round. Take the best of all rounds so far.",
        (
            "best, _ = trials[np.nanargmax(scores)]",
            "best, _ = trials[len(trials) - num_trials + np.nanargmax(scores[-num_trials:])]",
        ),
    ),
    (
        "last-setting",
        "The ranges shrink around the last setting. Take the one with the highest score.",
        ("trials[np.nanargmax(scores)]", "trials[-1]"),
    ),
    (
        "shrinks-from-the-start",
        "In every round the first ranges were shrunk, so they get no narrower. Shrink the current ones.",
        ("    trials = []\n", "    trials = []\n    whole = dict(ranges)\n"),
        (
            "        for name, (low, high) in ranges.items():\n            ranges[name]",
            "        for name, (low, high) in whole.items():\n            ranges[name]",
        ),
    ),
    (
        "shrinks-too-much",
        "The ranges shrink to a quarter. Call shrink once for each range and round.",
        (_SHRINK, "shrink(*shrink(low, high, best[name]), best[name])"),
    ),
    (
        "linear-shrink",
        "The ranges were halved on a linear scale. shrink(low, high, best) halves them on a log scale.",
        (_SHRINK, "(max(low, best[name] - (high - low) / 4), min(high, best[name] + (high - low) / 4))"),
    ),
    (
        "shrinks-after-each-trial",
        "The ranges shrink after every trial. Shrink them once a round.",
        (
            "        scores = np.array([score for _, score in trials])\n"
            "        best, _ = trials[np.nanargmax(scores)]\n        for name, (low, high) in ranges.items():\n"
            "            ranges[name] = shrink(low, high, best[name])\n",
            "            best, _ = max(trials, key=lambda t: t[1] if t[1] == t[1] else -1.0)\n"
            "            for name, (low, high) in ranges.items():\n"
            "                ranges[name] = shrink(low, high, best[name])\n",
        ),
    ),
    (
        "one-draw-for-all",
        "One random number decides all settings of a trial. Draw one for each.",
        ("            setting = {", "            u = np.random.rand()\n            setting = {"),
        (_DRAW, "low * (high / low) ** u"),
    ),
    ("one-round", "Only one round was run.", ("range(num_rounds)", "range(1)")),
    ("one-trial-a-round", "Only one setting was tried in each round.", ("range(num_trials)", "range(1)")),
    (
        "last-round-alone",
        "Only the last round came back. Return the trials of all rounds.",
        ("return trials", "return trials[-num_trials:] if num_rounds > 1 else trials"),
    ),
    (
        "best-alone",
        "Only the best setting came back. Return the list of all (setting, score).",
        ("return trials", "return best"),
    ),
    (
        "scores-alone",
        "Only the scores came back. Return (setting, score) of every trial.",
        ("return trials", "return [score for _, score in trials]"),
    ),
    (
        "pairs-swapped",
        "The pairs are (score, setting). Return (setting, score).",
        ("trials.append((setting, evaluate(setting)))", "trials.append((setting, evaluate(setting)))"),
        ("return trials", "return [(score, setting) for setting, score in trials]"),
    ),
    (
        "sorted",
        "The trials were sorted. Leave them in the order in which they were tried.",
        ("return trials", "return sorted(trials, key=lambda t: t[1] if t[1] == t[1] else -1.0)"),
    ),
    (
        "evaluated-twice",
        "evaluate was called twice for each setting. Training costs time: call it once and keep its score.",
        (
            "trials.append((setting, evaluate(setting)))",
            "evaluate(setting)\n            trials.append((setting, evaluate(setting)))",
        ),
    ),
    (
        "one-setting-a-round",
        "A setting is drawn once in each round and tried again and again. Draw a new one for every trial.",
        (
            "        for _ in range(num_trials):\n"
            "            setting = {name: draw(low, high) for name, (low, high) in ranges.items()}\n",
            "        setting = {name: draw(low, high) for name, (low, high) in ranges.items()}\n"
            "        for _ in range(num_trials):\n",
        ),
    ),
    (
        "ranges-changed",
        "The dict of ranges that came in was changed. Copy it first: dict(ranges).",
        ("    ranges = dict(ranges)\n", ""),
    ),
]:
    edit("random_search", _name, _hint, *_changes)


@alternative("random_search")
def random_search_with_a_best_so_far(evaluate, ranges, num_trials, num_rounds, draw, shrink):
    current, trials, top, best = {k: list(v) for k, v in ranges.items()}, [], -np.inf, None
    for _ in range(num_rounds):
        for _ in range(num_trials):
            setting = {k: draw(*current[k]) for k in current}
            score = evaluate(setting)
            trials += [[setting, score]]
            if score > top:
                top, best = score, setting
        current = {k: shrink(*current[k], best[k]) for k in current}
    return trials


@alternative("random_search")
def random_search_that_draws_and_shrinks_itself(evaluate, ranges, num_trials, num_rounds, draw, shrink):
    current, trials = {k: np.log10(v) for k, v in ranges.items()}, []
    for _ in range(num_rounds):
        for _ in range(num_trials):
            setting = {k: float(10 ** np.random.uniform(a, b)) for k, (a, b) in current.items()}
            trials.append((setting, evaluate(setting)))
        best = max(trials, key=lambda trial: -np.inf if np.isnan(trial[1]) else trial[1])[0]
        for k, (a, b) in current.items():
            centre, quarter = np.log10(best[k]), (b - a) / 4
            current[k] = (max(a, centre - quarter), min(b, centre + quarter))
    return trials


@mistake("random_search", "grid", "That is a grid. Draw the settings at random: draw(low, high).")
def random_search_on_a_grid(evaluate, ranges, num_trials, num_rounds, draw, shrink):
    trials = []
    for _ in range(num_rounds):
        for place in (np.arange(num_trials) + 0.5) / num_trials:
            setting = {name: low * (high / low) ** place for name, (low, high) in ranges.items()}
            trials.append((setting, evaluate(setting)))
    return trials
