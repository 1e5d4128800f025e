"""Right and wrong splits, preparations and random searches."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain


@plain("train_val_split")
def train_val_split(X, y, val_fraction=0.2, seed=0):
    order = np.random.default_rng(seed).permutation(len(X))
    n_val = round(len(X) * val_fraction)
    val, train = order[:n_val], order[n_val:]
    return X[train], y[train], X[val], y[val]


_ORDER = "np.random.default_rng(seed).permutation(len(X))"


for _name, _hint, *_changes in [
    (
        "all-rows-in-training",
        "The training part holds every row, those of the validation part too. Leave them out.",
        ("order[:n_val], order[n_val:]", "order[:n_val], np.concatenate([order[n_val:], order[:n_val]])"),
        ("X[train], y[train]", "X[train][:len(X)], y[train][:len(X)]"),
    ),
    (
        "overlap",
        "The two parts were cut at different places and overlap. Cut once, at n_val.",
        ("order[n_val:]", "order[n_val - 1 : -1]"),
    ),
    (
        "drawn-twice",
        "The two parts were drawn independently of each other, so they share rows. Cut one order in two.",
        ("order[n_val:]", "np.random.default_rng(seed + 1).permutation(len(X))[n_val:]"),
    ),
    (
        "with-replacement",
        "Rows were drawn with replacement, so some are there twice. Use a permutation.",
        (_ORDER, "np.random.default_rng(seed).integers(len(X), size=len(X))"),
    ),
    (
        "first-rows",
        "The first rows became the validation part. Files are often sorted by class: shuffle first.",
        (_ORDER, "np.arange(len(X))"),
    ),
    (
        "last-rows",
        "The last rows became the validation part. Files are often sorted by class: shuffle first.",
        (_ORDER, "np.arange(len(X))[::-1]"),
    ),
    (
        "cut-before-shuffling",
        "The rows were cut in two first and then shuffled inside each part. Shuffle first.",
        (_ORDER, "np.arange(len(X))"),
        (
            "    return",
            "    rng = np.random.default_rng(seed)\n"
            "    val, train = rng.permutation(val), rng.permutation(train)\n    return",
        ),
    ),
    (
        "labels-not-shuffled",
        "X was shuffled and y was not. Use the same row numbers for both.",
        ("y[train]", "y[n_val:]"),
        ("y[val]", "y[:n_val]"),
    ),
    (
        "shuffled-apart",
        "X and y were shuffled by different orders. Draw one and use it for both.",
        (
            "    return X[train], y[train], X[val], y[val]",
            "    other = np.random.default_rng(seed + 1).permutation(len(X))\n"
            "    return X[train], y[other[n_val:]], X[val], y[other[:n_val]]",
        ),
    ),
    (
        "validation-labels-swapped",
        "The validation rows come with labels of training rows.",
        ("y[val]", "y[train[:n_val]]"),
    ),
    (
        "parts-swapped",
        "The validation part is as large as the training part should be: they are swapped.",
        ("return X[train], y[train], X[val], y[val]", "return X[val], y[val], X[train], y[train]"),
    ),
    ("fraction-ignored", "val_fraction is not used; a tenth is always taken.", ("* val_fraction", "* 0.15")),
    (
        "order-of-results",
        "Return X_train, y_train, X_val, y_val in this order.",
        ("return X[train], y[train], X[val], y[val]", "return X[train], X[val], y[train], y[val]"),
    ),
    ("seed-ignored", "The generator was made without the seed.", ("default_rng(seed)", "default_rng()")),
    ("seed-fixed", "The generator always starts from one fixed seed.", ("default_rng(seed)", "default_rng(0)")),
    (
        "input-shuffled",
        "X itself was shuffled in place. Index it with an order.",
        (
            "    order = ",
            "    rng = np.random.default_rng(seed)\n    state = rng.bit_generator.state\n    rng.shuffle(X)\n"
            "    rng.bit_generator.state = state\n    y = y.copy()\n    rng.shuffle(y)\n    order = ",
        ),
    ),
]:
    edit("train_val_split", _name, _hint, *_changes)


@alternative("train_val_split")
def split_with_a_mask(X, y, val_fraction=0.2, seed=0):
    rng = np.random.RandomState(seed)
    chosen = np.zeros(X.shape[0], dtype=bool)
    chosen[rng.choice(X.shape[0], int(X.shape[0] * val_fraction + 0.5), replace=False)] = True
    return X[~chosen], y[~chosen], X[chosen], y[chosen]


@alternative("train_val_split")
def split_of_shuffled_copies(X, y, val_fraction=0.2, seed=0):
    np.random.seed(seed)
    rows = np.arange(len(X))
    np.random.shuffle(rows)
    X, y, cut = X[rows], y[rows], int((1 - val_fraction) * len(rows) + 0.5)
    return X[:cut], y[:cut], X[cut:], y[cut:]


@plain("standardize")
def standardize(X_train, X_val, X_test):
    mean = X_train.mean(axis=0)
    std = X_train.std(axis=0)
    std = np.where(std == 0, 1.0, std)
    X_train_out = (X_train - mean) / std
    X_val_out = (X_val - mean) / std
    X_test_out = (X_test - mean) / std
    return X_train_out, X_val_out, X_test_out


for _name, _hint, *_changes in [
    (
        "own-statistics",
        "Each part was prepared with its own mean and standard deviation. Use the training set's for all three.",
        ("(X_val - mean) / std", "(X_val - X_val.mean(axis=0)) / np.maximum(X_val.std(axis=0), 1e-12)"),
        ("(X_test - mean) / std", "(X_test - X_test.mean(axis=0)) / np.maximum(X_test.std(axis=0), 1e-12)"),
    ),
    (
        "statistics-of-all",
        "The statistics were taken of all three parts together: the test set leaks in. Take them of the training set.",
        ("X_train.mean(axis=0)", "np.concatenate([X_train, X_val, X_test]).mean(axis=0)"),
        ("X_train.std(axis=0)", "np.concatenate([X_train, X_val, X_test]).std(axis=0)"),
    ),
    (
        "statistics-with-validation",
        "The statistics were taken of training and validation together. Take them of the training set.",
        ("X_train.mean(axis=0)", "np.concatenate([X_train, X_val]).mean(axis=0)"),
        ("X_train.std(axis=0)", "np.concatenate([X_train, X_val]).std(axis=0)"),
    ),
    (
        "constant-feature",
        "A feature that never changes in the training set has std 0, and dividing by it gives nan. Divide it by 1.",
        ("    std = np.where(std == 0, 1.0, std)\n", ""),
    ),
    (
        "tiny-epsilon",
        "Where std is 0, a tiny epsilon turns any later change into a huge number. Divide by 1.",
        ("np.where(std == 0, 1.0, std)", "std + 1e-8"),
    ),
    (
        "mean-of-all-features",
        "One mean was taken over all features. Take one for each: axis=0.",
        ("X_train.mean(axis=0)", "X_train.mean()"),
    ),
    (
        "std-of-all-features",
        "One standard deviation was taken over all features. Take one for each: axis=0.",
        ("X_train.std(axis=0)", "X_train.std()"),
    ),
    (
        "mean-of-each-row",
        "The statistics were taken along the wrong axis. The rows are axis 0.",
        ("X_train.mean(axis=0)", "X_train.mean(axis=1).mean()"),
        ("X_train.std(axis=0)", "X_train.std(axis=1).mean()"),
    ),
    (
        "variance",
        "It was divided by the variance. Take the standard deviation, its root.",
        ("X_train.std(axis=0)", "X_train.var(axis=0)"),
    ),
    (
        "mean-alone",
        "The mean was subtracted, but nothing was divided by the standard deviation.",
        ("np.where(std == 0, 1.0, std)", "1.0"),
    ),
    ("std-alone", "The mean was not subtracted.", ("X_train.mean(axis=0)", "0.0")),
    ("validation-forgotten", "X_val came back as it was.", ("(X_val - mean) / std", "X_val.copy()")),
    ("test-forgotten", "X_test came back as it was.", ("(X_test - mean) / std", "X_test.copy()")),
    (
        "validation-and-test-forgotten",
        "Only X_train was prepared. The network must see the same scale in all three.",
        ("(X_val - mean) / std", "X_val.copy()"),
        ("(X_test - mean) / std", "X_test.copy()"),
    ),
    (
        "scaled-to-range",
        "Each feature was scaled to its range. Divide by the standard deviation.",
        ("X_train.std(axis=0)", "np.ptp(X_train, axis=0)"),
    ),
    (
        "divided-before-subtracting",
        "The mean was subtracted after the division. Subtract it first.",
        ("(X_train - mean) / std", "X_train / std - mean"),
        ("(X_val - mean) / std", "X_val / std - mean"),
        ("(X_test - mean) / std", "X_test / std - mean"),
    ),
    ("training-alone", "Return all three parts.", ("return X_train_out, X_val_out, X_test_out", "return X_train_out")),
    (
        "writes-input",
        "The arrays that came in were changed. Return new ones.",
        (
            "    X_train_out = ",
            "    mean = mean + 0\n    X_train -= mean\n    X_train += mean\n    X_val -= 1\n    X_val += 0\n"
            "    X_train_out = ",
        ),
        ("(X_val - mean) / std", "(X_val + 1 - mean) / std"),
    ),
]:
    edit("standardize", _name, _hint, *_changes)


@alternative("standardize")
def standardize_in_a_loop(X_train, X_val, X_test):
    mean, std = np.mean(X_train, 0), np.std(X_train, 0)
    std[std == 0] = 1
    return tuple((part - mean) / std for part in (X_train, X_val, X_test))


@alternative("standardize")
def standardize_with_a_guard(X_train, X_val, X_test):
    mean = X_train.mean(axis=0, keepdims=True)
    std = X_train.std(axis=0, keepdims=True)
    std = np.where(std < 1e-12, 1.0, std + 1e-9)
    return [(X_train - mean) / std, (X_val - mean) / std, (X_test - mean) / std]


@plain("log_uniform")
def log_uniform(low, high, count, seed=0):
    rng = np.random.default_rng(seed)
    exponents = rng.uniform(np.log10(low), np.log10(high), count)
    return 10**exponents


_DRAW = "    exponents = rng.uniform(np.log10(low), np.log10(high), count)\n    return 10**exponents"


for _name, _hint, *_changes in [
    (
        "uniform",
        "These are uniform numbers: nearly all lie in the highest power of ten. Draw the exponent uniformly, "
        "then raise 10 to it.",
        (_DRAW, "    return rng.uniform(low, high, count)"),
    ),
    ("exponents-returned", "The exponents came back. Raise 10 to them.", ("return 10**exponents", "return exponents")),
    (
        "wrong-base",
        "The logarithm and the power have different bases: np.log with np.exp, np.log10 with 10**.",
        ("10**exponents", "np.exp(exponents)"),
    ),
    (
        "log-for-log10",
        "The logarithm and the power have different bases: np.log with np.exp, np.log10 with 10**.",
        ("rng.uniform(np.log10(low), np.log10(high), count)", "rng.uniform(np.log(low), np.log(high), count)"),
    ),
    (
        "range-not-in-logs",
        "low and high themselves were taken for exponents. Take their logarithms.",
        ("rng.uniform(np.log10(low), np.log10(high), count)", "rng.uniform(low, high, count)"),
    ),
    (
        "whole-exponents",
        "Only whole powers of ten were drawn. The exponent is any number between.",
        ("return 10**exponents", "return np.clip(10.0 ** np.round(exponents), low, high)"),
    ),
    (
        "normal",
        "The exponents were drawn from a normal distribution. Use rng.uniform.",
        (
            "rng.uniform(np.log10(low), np.log10(high), count)",
            "np.clip(rng.normal(0.5 * np.log10(low * high), 0.1 * np.log10(high / low), count), np.log10(low), "
            "np.log10(high))",
        ),
    ),
    (
        "grid",
        "That is a grid. Draw at random.",
        ("rng.uniform(np.log10(low), np.log10(high), count)", "np.linspace(np.log10(low), np.log10(high), count)"),
    ),
    ("one-number", "One number came back. Return `count` of them.", ("np.log10(high), count)", "np.log10(high))")),
    (
        "one-number-repeated",
        "One number is repeated. Draw `count` of them.",
        ("np.log10(high), count)", "np.log10(high)) * np.ones(count)"),
    ),
    ("seed-ignored", "The generator was made without the seed.", ("default_rng(seed)", "default_rng()")),
    ("seed-fixed", "The generator always starts from one fixed seed.", ("default_rng(seed)", "default_rng(0)")),
]:
    edit("log_uniform", _name, _hint, *_changes)


@alternative("log_uniform")
def log_uniform_by_ratio(low, high, count, seed=0):
    np.random.seed(seed)
    return [low * (high / low) ** np.random.rand() for _ in range(count)]


@alternative("log_uniform")
def log_uniform_by_exp(low, high, count, seed=0):
    return np.exp(np.random.default_rng(seed).uniform(np.log(low), np.log(high), size=count))


@plain("shrink_range")
def shrink_range(low, high, best):
    factor = (high / low) ** 0.25
    new_low = best / factor
    new_high = best * factor
    return max(low, new_low), min(high, new_high)


for _name, _hint, *_changes in [
    (
        "not-cut",
        "The new range reaches beyond the old one. Cut it at the old one's ends.",
        ("max(low, new_low), min(high, new_high)", "new_low, new_high"),
    ),
    ("high-not-cut", "The new upper end lies beyond the old one. Cut it.", ("min(high, new_high)", "new_high")),
    ("low-not-cut", "The new lower end lies beyond the old one. Cut it.", ("max(low, new_low)", "new_low")),
    (
        "not-halved",
        "The new range is as wide as the old one. On a log scale it is half as wide: a quarter to each side of "
        "the best.",
        ("** 0.25", "** 0.5"),
    ),
    (
        "quartered",
        "The new range is a quarter as wide as the old one. It is half as wide: a quarter to each side.",
        ("** 0.25", "** 0.125"),
    ),
    (
        "linear",
        "The range was halved on a linear scale. Halve it on a log scale, by a factor up and down.",
        ("best / factor", "best - 0.25 * (high - low)"),
        ("best * factor", "best + 0.25 * (high - low)"),
    ),
    (
        "around-the-middle",
        "The new range lies around the middle of the old one. Centre it on the best.",
        ("best / factor", "np.sqrt(low * high) / factor"),
        ("best * factor", "np.sqrt(low * high) * factor"),
    ),
    (
        "from-the-best-up",
        "The best is the lower end of the new range. It is the centre.",
        ("best / factor", "best"),
        ("best * factor", "best * factor**2"),
    ),
    (
        "shifted",
        "Near an end the range was moved so as to keep its width. Cut it instead.",
        (
            "return max(low, new_low), min(high, new_high)",
            "shift = max(1.0, low / new_low) * min(1.0, high / new_high)\n    return new_low * shift, new_high * shift",
        ),
    ),
    (
        "swapped",
        "The two ends come back in the wrong order.",
        ("return max(low, new_low), min(high, new_high)", "return min(high, new_high), max(low, new_low)"),
    ),
    (
        "factor-two",
        "The factor was fixed at 2. It depends on the width of the range: (high / low) ** (1/4).",
        ("(high / low) ** 0.25", "2.0"),
    ),
    ("unchanged", "The range did not change.", ("max(low, new_low), min(high, new_high)", "low, high")),
    (
        "natural-log-width",
        "The width was taken as high − low. On a log scale it is log(high / low).",
        ("(high / low) ** 0.25", "np.exp((high - low) / 4)"),
    ),
]:
    edit("shrink_range", _name, _hint, *_changes)


@alternative("shrink_range")
def shrink_by_exponents(low, high, best):
    a, b, c = np.log10([low, high, best])
    quarter = (b - a) / 4
    return 10.0 ** np.clip([c - quarter, c + quarter], a, b)


@alternative("shrink_range")
def shrink_by_logs(low, high, best):
    width = (np.log(high) - np.log(low)) / 2
    return np.exp(max(np.log(low), np.log(best) - width / 2)), np.exp(min(np.log(high), np.log(best) + width / 2))
