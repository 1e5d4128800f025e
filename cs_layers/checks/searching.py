"""Checks of a random search that narrows: its draws, the ranges that shrink, and the search itself.

Draws are judged by where they lie and how they are spread. The bounds are wide, so that no right generator of random
numbers fails.
"""

from __future__ import annotations

import math

import numpy as np

from .compare import compare
from .engine import Case, Outcome, Raised, Task, copy_of, touched, unpack
from .verdicts import FINE, Verdict, judged, verdict_of

_READ = "05_tuning"


def log_uniform_cases(rng):
    cases = []
    for low, high, count in [(1e-5, 1e-1, 400), (1.0, 1000.0, 400), (0.01, 0.02, 300), (1e-8, 1.0, 400)]:
        args = {"low": low, "high": high, "count": count, "seed": int(rng.integers(50))}
        tags = {"a range below 1"} if high <= 1 else {"a range above 1"}
        cases.append(Case(args, dict.fromkeys(("draws", "spread", "seed"), judged), frozenset(tags)))
    return cases


def _log_uniform_run(functions, case, guard):
    low, high, count, seed = case.args.values()
    got = guard(functions[0], low, high, count, seed)
    if isinstance(got, Raised):
        return Outcome(dict.fromkeys(case.expected, got))
    values = {"draws": _as_draws(got, low, high, count), "spread": FINE, "seed": FINE}
    if not values["draws"].fault:
        values["spread"] = _spread(np.log(np.asarray(got) / low) / np.log(high / low), np.asarray(got), low, high)
        again, other = guard(functions[0], low, high, count, seed), guard(functions[0], low, high, count, seed + 1)
        if not np.array_equal(got, again):
            values["seed"] = Verdict(
                "ignored", "is not what decides: two calls with the same seed gave different numbers"
            )
        elif np.array_equal(got, other):
            values["seed"] = Verdict("fixed", "is not used: another seed gave the same numbers")
    return Outcome(values)


def _as_draws(got, low, high, count):
    try:
        array = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        return Verdict("kind", f"are a {type(got).__name__}, expected an array of {count} numbers")
    if array.shape != (count,):
        return Verdict(f"shape {array.ndim}", f"have shape {array.shape}, expected ({count},)")
    outside = np.mean(~((array >= low * (1 - 1e-9)) & (array <= high * (1 + 1e-9))))
    if outside:
        side = "below" if np.nanmin(array) < low else "above"
        return Verdict(
            f"outside {side}",
            f"leave the range at {outside:.0%}: they run from {np.nanmin(array):.3g} to {np.nanmax(array):.3g}, "
            f"the range is {low:g} to {high:g}",
        )
    return FINE


def _spread(where, draws, low, high):
    """Whether places `where` in a range, 0 its low end and 1 its high end on a log scale, are uniform."""
    n = len(where)
    share, place = np.mean(where < 0.5), np.sort(where)
    gap = np.abs(place - (np.arange(n) + 0.5) / n).max()
    middle = np.sqrt(low * high)
    if len(set(draws)) < n / 2:
        return Verdict("repeated", f"is {len(set(draws))} different numbers in {n} draws")
    if gap > 2.6 / np.sqrt(n):
        side = "low" if share > 0.5 + 2.5 / np.sqrt(n) else "high" if share < 0.5 - 2.5 / np.sqrt(n) else "both"
        return Verdict(
            f"not log-uniform {side}",
            f"is not even on a log scale: {share:.0%} of the draws are below {middle:.3g}, the middle of the "
            "powers of ten, expected about half",
        )
    if (np.diff(where) > 0).all():
        return Verdict("grid", "is a grid: the numbers are in rising order, at even distances")
    return FINE


LOG_UNIFORM = Task(
    "log_uniform",
    ("draws", "spread", "seed"),
    log_uniform_cases,
    _log_uniform_run,
    "log_uniform(low, high, count, seed)",
    {"draws": 1, "spread": 1},
    read=_READ,
)


def shrink_cases(rng):
    cases = []
    picks = [
        (1e-4, 1.0, 1e-2),
        (1.0, 16.0, 4.0),
        (1e-6, 1e-2, 3e-5),
        (1e-4, 1.0, 1.0),
        (1e-4, 1.0, 1e-4),
        (0.01, 10.0, 7.0),
        (1e-3, 1e-2, 2e-3),
    ]
    for low, high, best in picks:
        factor = (high / low) ** 0.25
        right = (max(low, best / factor), min(high, best * factor))
        cut = {"best near an end"} if right[0] == low or right[1] == high else {"best in the middle"}
        args = {"low": low, "high": high, "best": best}
        cases.append(Case(args, {"new_low": float(right[0]), "new_high": float(right[1])}, frozenset(cut)))
    return cases


def _shrink_run(functions, case, guard):
    got = guard(functions[0], *case.args.values())
    return Outcome(unpack(tuple(got) if isinstance(got, np.ndarray) else got, ("new_low", "new_high")))


SHRINK = Task(
    "shrink_range",
    ("new_low", "new_high"),
    shrink_cases,
    _shrink_run,
    "shrink_range(low, high, best)",
    read=_READ,
    patterns={
        "best near an end": (
            "not-cut",
            "It fails just where the best lies near an end: cut the new range at the old one's ends.",
        )
    },
)


class _Landscape:
    """A score of settings that is best at one place; it keeps what it was asked for.

    Parameters
    ----------
    best : dict of str to float
    fails : bool
        Whether runs with a large first setting come to nothing (nan), as diverged training does.
    lucky : int or None
        The number of a trial that scores far better than its setting deserves, as a run does with a lucky start.
    """

    def __init__(self, best, fails=False, lucky=None):
        self.best, self.fails, self.lucky, self.asked = best, fails, lucky, []

    def __call__(self, setting):
        setting = {name: float(setting[name]) for name in self.best}
        miss = sum(math.log10(setting[name] / self.best[name]) ** 2 for name in self.best)
        first = next(iter(self.best))
        score = 2.0 if len(self.asked) == self.lucky else 1 / (1 + miss)
        score = float("nan") if self.fails and setting[first] > 30 * self.best[first] else score
        self.asked.append((setting, score))
        return score


def search_cases(rng):
    cases = []
    ranges = {"learning_rate": (1e-5, 1.0), "reg": (1e-6, 1e-1)}
    for trials, rounds, tag in [
        (40, 3, "several rounds"),
        (40, 1, "one round"),
        (40, 3, "runs that score nan"),
        (1, 1, "one trial"),
    ]:
        args = {"ranges": dict(ranges), "num_trials": trials, "num_rounds": rounds}
        case = Case(args, dict.fromkeys(("trials", "first round", "later rounds"), judged), frozenset({tag}))
        best = {"learning_rate": 10 ** rng.uniform(-4, -1.7), "reg": 10 ** rng.uniform(-5, -2)}
        lucky = 7 if tag == "several rounds" else None
        landscape = {"best": best, "fails": tag == "runs that score nan", "lucky": lucky}
        case.extra = {"landscape": landscape, "seed": int(rng.integers(50))}
        cases.append(case)
    return cases


def _search_run(functions, case, guard):
    args = copy_of(case.args)
    before = copy_of(args)
    landscape, rng = _Landscape(**case.extra["landscape"]), np.random.default_rng(case.extra["seed"])

    def draw(low, high):
        return float(low * (high / low) ** rng.random())

    got = guard(functions[0], landscape, *args.values(), draw, _half)
    if isinstance(got, Raised):
        return Outcome(dict.fromkeys(case.expected, got))
    values = dict.fromkeys(case.expected, FINE)
    values["trials"] = _trials(got, landscape.asked, before["num_trials"] * before["num_rounds"])
    if not values["trials"].fault:
        values["first round"], values["later rounds"] = _rounds(landscape.asked, before)
    return Outcome(values | {"~" + n: True for n in touched(before, args)})


def _trials(got, asked, wanted):
    if len(asked) != wanted:
        return Verdict(
            f"{len(asked) / wanted:.2f} calls",
            f"call evaluate {len(asked)} times, expected {wanted}: num_trials times num_rounds",
        )
    if (
        not isinstance(got, (list, tuple))
        or len(got) != wanted
        or not all(isinstance(t, (list, tuple)) and len(t) == 2 for t in got)
    ):
        size = f"a {type(got).__name__}" + (f" of {len(got)}" if isinstance(got, (list, tuple, dict)) else "")
        return Verdict(f"form {size}", f"come back as {size}, expected a list of {wanted} pairs (setting, score)")
    for k, ((setting, score), (right, value)) in enumerate(zip(got, asked, strict=True)):
        if not isinstance(setting, dict) or {n: float(setting.get(n, np.nan)) for n in right} != right:
            return Verdict("settings", f"do not hold what evaluate was given: the setting of trial {k} is another one")
        if verdict_of(compare(score, value, 1e-12)).fault:
            return Verdict("scores", f"do not hold what evaluate returned: the score of trial {k} is another one")
    return FINE


def _rounds(asked, args):
    """Verdicts on the first round and on the later ones, whose ranges follow from what was asked before."""
    n, rounds = args["num_trials"], args["num_rounds"]
    tried = [asked[k * n : (k + 1) * n] for k in range(rounds)]
    first = _first(tried[0], args["ranges"])
    if first.fault:
        return first, FINE
    for k, ranges in enumerate(_ranges(tried, args["ranges"], _best, _half)):
        later = _inside(tried[k], ranges, k) if k else FINE
        if later.fault:
            return FINE, Verdict(_rule_behind(tried, args["ranges"]) or later.fault, later.text)
    return FINE, FINE


def _ranges(tried, ranges, centre, shrink):
    """The ranges of each round, if each shrinks by a rule around a setting chosen from the rounds before."""
    current = dict(ranges)
    for k in range(len(tried)):
        yield current
        chosen = centre(tried[: k + 1])
        if chosen is None:
            return
        current = {name: shrink(*current[name], chosen[name], *ranges[name]) for name in ranges}


def _best(rounds, worst=False):
    trials = [t for tried in rounds for t in tried if np.isfinite(t[1])]
    return (min if worst else max)(trials, key=lambda t: t[1])[0] if trials else None


def _half(low, high, best, *_):
    quarter = (high / low) ** 0.25
    return max(low, best / quarter), min(high, best * quarter)


_CENTRES = {
    "best": _best,
    "worst": lambda rounds: _best(rounds, worst=True),
    "best of the last round": lambda rounds: _best(rounds[-1:]),
    "last": lambda rounds: rounds[-1][-1][0],
    "nan": lambda rounds: next((s for tried in rounds for s, score in tried if np.isnan(score)), None),
}
_SHRINKS = {  # the first that fits gives the mistake its name, and what shrinks by any rule fits "unchanged"
    "half": _half,
    "quarter": lambda low, high, best, *_: (
        max(low, best / (high / low) ** 0.125),
        min(high, best * (high / low) ** 0.125),
    ),
    "from the start": lambda low, high, best, first, last: _half(first, last, best),
    "linear": lambda low, high, best, *_: (max(low, best - (high - low) / 4), min(high, best + (high - low) / 4)),
    "unchanged": lambda low, high, best, *_: (low, high),
}


def _rule_behind(tried, ranges):
    """The wrong rule by which the rounds were narrowed, or ""."""
    for centre, choose in _CENTRES.items():
        for name, shrink in _SHRINKS.items():
            rounds = list(_ranges(tried, ranges, choose, shrink))
            if len(rounds) == len(tried) and not any(_inside(tried[k], r, k).fault for k, r in enumerate(rounds)):
                return f"{centre}, {name}"
    return ""


def _first(tried, ranges):
    where = {}
    for name, (low, high) in ranges.items():
        draws = np.array([setting[name] for setting, _ in tried])
        verdict = _as_draws(draws, low, high, len(draws))
        if not verdict.fault and len(draws) > 1:
            where[name] = np.log(draws / low) / np.log(high / low)
            verdict = _spread(where[name], draws, low, high)
        if verdict.fault:
            return Verdict(
                f"{name} {verdict.fault}",
                f"is not right for {name}: the spread {verdict.text}".replace(
                    "the spread leave", "settings leave"
                ).replace("the spread have", "settings have"),
            )
    if len(where) == 2 and len(tried) > 30 and abs(np.corrcoef(*where.values())[0, 1]) > 0.8:
        return Verdict(
            "together",
            "moves all settings together: a high learning rate always comes with a high reg. Draw each on its own",
        )
    return FINE


def _inside(tried, ranges, k):
    for name, (low, high) in ranges.items():
        draws = np.array([setting[name] for setting, _ in tried])
        if (draws < low * (1 - 1e-6)).any() or (draws > high * (1 + 1e-6)).any():
            return Verdict(
                "outside",
                f"search beyond the shrunk range: in round {k + 1} {name} runs from {draws.min():.3g} to "
                f"{draws.max():.3g}, expected {low:.3g} to {high:.3g}",
            )
        if len(draws) >= 30 and np.log(draws.max() / draws.min()) < 0.7 * np.log(high / low):
            return Verdict(
                "too narrow",
                f"search too little: in round {k + 1} {name} runs from {draws.min():.3g} to {draws.max():.3g}, "
                f"expected {low:.3g} to {high:.3g}",
            )
    return FINE


SEARCH = Task(
    "random_search",
    ("trials", "first round", "later rounds"),
    search_cases,
    _search_run,
    "random_search(evaluate, ranges, num_trials, num_rounds, draw, shrink)",
    {"trials": 1, "first round": 1, "later rounds": 1},
    read=_READ,
    patterns={
        "runs that score nan": (
            "nan-as-best",
            "It fails just where runs score nan: nan is never the best. Compare with np.isnan, or use np.nanargmax.",
        )
    },
)
