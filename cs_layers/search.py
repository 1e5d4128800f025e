"""Hyper-parameter search: every combination of a grid, or random settings from ranges that shrink around the best.

    def build(setting):
        net = TwoLayerNet(64, 50, 10, weight_scale="he", reg=setting["reg"])
        return Solver(net, data, "sgd", {"learning_rate": setting["learning_rate"]}, num_epochs=10, verbose=False)

    results = random_search(build, {"learning_rate": LogUniform(1e-4, 10), "reg": LogUniform(1e-6, 1)}, num_trials=8)
    results.best, results.table(), results.plot()

A run that diverges scores nan and is never the best; a run that has learned nothing after a few epochs can be given up.
Settings are drawn before a round begins and do not depend on how runs are spread over processes: with any ``n_jobs``
the same settings are tried. Random rather than grid: Bergstra and Bengio 2012, JMLR 13, 281-305.
"""

import functools
import itertools
import math
import time
from dataclasses import dataclass, field

import numpy as np

from cs_layers.arguments import count, number
from cs_layers.parallel import run_all


def log_uniform(low, high, count, seed=0):
    """``count`` numbers whose logarithms are spread evenly from ``low`` to ``high``.

    Parameters
    ----------
    low, high : float
        0 < low <= high.
    count : int
    seed : int or numpy.random.Generator

    Returns
    -------
    array of float64, (count,)
    """
    low, high = _range(low, high)
    return low * (high / low) ** np.random.default_rng(seed).random(count)


def shrink_range(low, high, best):
    """The range half as wide on a log scale, centred on ``best`` and cut at the ends of the old one.

    Returns
    -------
    low, high : float
    """
    low, high = _range(low, high)
    factor = (high / low) ** 0.25
    return max(low, best / factor), min(high, best * factor)


@dataclass(frozen=True)
class LogUniform:
    """A range of positive numbers that is searched evenly on a log scale; ``whole`` rounds draws to integers."""

    low: float
    high: float
    whole: bool = False

    def __post_init__(self):
        _range(self.low, self.high)

    def draw(self, rng):
        value = float(log_uniform(self.low, self.high, 1, rng)[0])
        return round(value) if self.whole else value

    def shrunk(self, best):
        return LogUniform(*shrink_range(self.low, self.high, best), self.whole)


@dataclass(frozen=True)
class Uniform:
    """A range of numbers that is searched evenly; ``whole`` rounds draws to integers."""

    low: float
    high: float
    whole: bool = False

    def __post_init__(self):
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low <= self.high):
            raise ValueError(f"The range is {self.low} to {self.high}, but must go up, from one number to another.")

    def draw(self, rng):
        value = float(rng.uniform(self.low, self.high))
        return round(value) if self.whole else value

    def shrunk(self, best):
        quarter = (self.high - self.low) / 4
        return Uniform(max(self.low, best - quarter), min(self.high, best + quarter), self.whole)


@dataclass
class Trial:
    """One run.

    Attributes
    ----------
    setting : dict
    score : float
        The best validation accuracy, nan when the run diverged.
    status : str
        "done", "given up" or "diverged".
    epochs : int
        Epochs trained.
    seconds : float
    round : int
        From 0.
    train_accuracy : float
        In the last epoch.
    loss_history, val_acc_history : list of float
    """

    setting: dict
    score: float
    status: str
    epochs: int
    seconds: float
    round: int = 0
    train_accuracy: float = float("nan")
    loss_history: list = field(default_factory=list, repr=False)
    val_acc_history: list = field(default_factory=list, repr=False)


@dataclass
class Results:
    """What a search found.

    Attributes
    ----------
    trials : list of Trial
        In the order in which their settings were made.
    spaces : list of dict
        What each round searched.
    """

    trials: list
    spaces: list

    @property
    def best(self):
        """The trial with the highest score.

        Raises
        ------
        ValueError
            When every run diverged.
        """
        best = _best(self.trials)
        if best is None:
            raise ValueError(f"All {len(self.trials)} runs diverged; search lower learning rates.")
        return best

    def table(self, most=None):
        """The trials, best first, as a Markdown table.

        Parameters
        ----------
        most : int, optional
            How many rows; all by default.
        """
        names = list(self.trials[0].setting)
        lines = [
            f"| {' | '.join([*names, 'validation accuracy', 'training accuracy', 'round', 'epochs', 'seconds', ''])} |"
        ]
        lines.append("|" + "---|" * (len(names) + 6))
        ranked = sorted(self.trials, key=lambda t: -np.inf if np.isnan(t.score) else t.score, reverse=True)
        for t in ranked[:most]:
            cells = [_shown(t.setting[n]) for n in names] + [_percent(t.score), _percent(t.train_accuracy)]
            cells += [str(t.round + 1), str(t.epochs), f"{t.seconds:.2f}", "" if t.status == "done" else t.status]
            lines.append(f"| {' | '.join(cells)} |")
        return "\n".join(lines)

    def _repr_markdown_(self):
        return self.table()

    def plot(self, x=None, y=None):
        """The trials over two of their settings, and the ranges of each round as boxes.

        Parameters
        ----------
        x, y : str, optional
            Names of settings with numbers; by default the first two.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from cs_layers.diagrams.optimization import search_rounds

        numeric = [n for n, v in self.trials[0].setting.items() if isinstance(v, (int, float, np.number))]
        x = x or (numeric[0] if numeric else None)
        y = y or next((n for n in numeric if n != x), None)
        if x not in numeric or y not in numeric:
            raise ValueError(f"plot needs two settings with numbers; there are {', '.join(numeric) or 'none'}.")
        points = [(t.setting[x], t.setting[y], t.score, t.round) for t in self.trials]
        boxes = [[_ends(space[n]) for n in (x, y)] for space in self.spaces]
        return search_rounds(points, [b for b in boxes if all(b)], x, y)


def grid_search(build, grid, give_up_after=None, give_up_below=0.0, n_jobs=1, out=None, scheduler=None):
    """Try every combination.

    Parameters
    ----------
    build : callable
        ``build(setting)`` returns an untrained `Solver` for a dict with one value of each entry of the grid.
    grid : dict of str to sequence
    give_up_after, give_up_below, n_jobs, out, scheduler : see `random_search`

    Returns
    -------
    Results
    """
    grid = {name: list(values) for name, values in _filled(grid, "grid").items()}
    if not all(grid.values()):
        raise ValueError(f"grid has no value for {next(n for n, v in grid.items() if not v)!r}; give at least one.")
    settings = [dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())]
    results = try_settings(build, settings, give_up_after, give_up_below, n_jobs, out, scheduler)
    results.spaces.append(grid)
    return results


def try_settings(build, settings, give_up_after=None, give_up_below=0.0, n_jobs=1, out=None, scheduler=None):
    """Try settings that somebody else has drawn.

    Parameters
    ----------
    build : callable
        ``build(setting)`` returns an untrained `Solver` for one of the settings.
    settings : list of dict
    give_up_after, give_up_below, n_jobs, out, scheduler : see `random_search`

    Returns
    -------
    Results
        Without ranges, for nothing is known of those.
    """
    settings = list(settings)
    if not settings or not all(isinstance(setting, dict) and setting for setting in settings):
        raise TypeError("settings must be a list of dicts, with an entry for each setting.")
    run = functools.partial(_run, build, give_up_after=_epochs(give_up_after), give_up_below=give_up_below)
    trials = list(run_all(run, settings, n_jobs, scheduler))
    _tell(trials, out)
    return Results(trials, [])


def random_search(
    build,
    space,
    num_trials=10,
    num_rounds=1,
    seed=0,
    give_up_after=None,
    give_up_below=0.0,
    n_jobs=1,
    out=None,
    scheduler=None,
):
    """Try random settings; after each round shrink every range around the best setting so far.

    Parameters
    ----------
    build : callable
        ``build(setting)`` returns an untrained `Solver`.
    space : dict
        For each setting a `LogUniform`, a `Uniform` or a list of choices (which does not shrink).
    num_trials : int
        Settings in each round.
    num_rounds : int
    seed : int
        Of the settings' draws; what else is random in a run is up to ``build``.
    give_up_after : int, optional
        A run is stopped after this many epochs if its best validation accuracy is below ``give_up_below``.
    give_up_below : float
    n_jobs, scheduler : int, str
        Processes that train at the same time, or the address of a Dask cluster; see `cs_layers.parallel.run_all`.
    out : callable, optional
        Called with a sentence for each run, `print` say.

    Returns
    -------
    Results

    Raises
    ------
    TypeError, ValueError
        When an argument is not as above.
    """
    space = {name: _dimension(name, values) for name, values in _filled(space, "space").items()}
    num_trials, num_rounds = count("num_trials", num_trials), count("num_rounds", num_rounds)
    rng = np.random.default_rng(count("seed", seed, least=0))
    run = functools.partial(_run, build, give_up_after=_epochs(give_up_after), give_up_below=give_up_below)
    trials, spaces = [], []
    for k in range(num_rounds):
        spaces.append(space)
        settings = [{name: _draw(values, rng) for name, values in space.items()} for _ in range(num_trials)]
        made = list(run_all(run, settings, n_jobs, scheduler))
        for trial in made:
            trial.round = k
        _tell(made, out)
        trials += made
        best = _best(trials)
        if best is not None:
            space = {n: v if isinstance(v, list) else v.shrunk(best.setting[n]) for n, v in space.items()}
    return Results(trials, spaces)


def _run(build, setting, give_up_after=None, give_up_below=0.0):
    """Train one setting's solver, and give up a run that is hopeless."""
    start = time.perf_counter()
    solver = build(dict(setting))
    epochs, status = solver.num_epochs, "done"
    try:
        if give_up_after is not None and give_up_after < epochs:
            solver.num_epochs = give_up_after
            solver.train()
            if solver.best_val_acc < give_up_below:
                status = "given up"
            solver.num_epochs = epochs
        if status == "done":
            solver.train()
    except FloatingPointError:
        status = "diverged"
    history = list(solver.train_acc_history)
    return Trial(
        setting,
        float("nan") if status == "diverged" else float(solver.best_val_acc),
        status,
        solver.epoch,
        time.perf_counter() - start,
        train_accuracy=float(history[-1]) if history and status != "diverged" else float("nan"),
        loss_history=list(solver.loss_history),
        val_acc_history=list(solver.val_acc_history),
    )


def _best(trials):
    scored = [t for t in trials if not np.isnan(t.score)]
    return max(scored, key=lambda t: t.score) if scored else None


def _draw(values, rng):
    return values[int(rng.integers(len(values)))] if isinstance(values, list) else values.draw(rng)


def _dimension(name, values):
    if isinstance(values, (LogUniform, Uniform)):
        return values
    if isinstance(values, (list, tuple)) and len(values):
        return list(values)
    raise TypeError(f"space[{name!r}] is {values!r}, but must be a LogUniform, a Uniform or a list of choices.")


def _filled(mapping, what):
    if not isinstance(mapping, dict) or not mapping:
        raise TypeError(f"{what} is {mapping!r}, but must be a dict with an entry for each setting.")
    return mapping


def _epochs(give_up_after):
    return None if give_up_after is None else count("give_up_after", give_up_after)


def _range(low, high):
    low, high = number("low", low, above=0), number("high", high, above=0)
    if low > high:
        raise ValueError(f"The range is {low:g} to {high:g}, but must go up.")
    return low, high


def _ends(values):
    if isinstance(values, (LogUniform, Uniform)):
        return values.low, values.high
    numbers = [v for v in values if isinstance(v, (int, float))]
    return (min(numbers), max(numbers)) if numbers else None


def _tell(trials, out):
    for t in trials if out else ():
        setting = ", ".join(f"{name} {_shown(value)}" for name, value in t.setting.items())
        end = "" if t.status == "done" else f" ({t.status} after {t.epochs} epochs)"
        out(f"round {t.round + 1}: {setting}: {_percent(t.score)}{end}")


def _shown(value):
    return f"{value:.3g}" if isinstance(value, (float, np.floating)) else str(value)


def _percent(share):
    return "nan" if np.isnan(share) else f"{share:.1%}"
