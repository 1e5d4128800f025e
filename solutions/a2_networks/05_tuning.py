# ---
# jupyter:
#   cs_layers:
#     cpu_seconds: 60
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] nbgrader={"grade": false, "grade_id": "title", "locked": true, "schema_version": 3, "solution": false, "task": false}
# # 05 · Tuning: honest splits, prepared inputs, random search
#
# How to choose the settings of a network without fooling yourself. **7 points · about 75 minutes.**

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from IPython.display import Markdown, display

from cs_layers import checks, diagrams, optim, search
from cs_layers.carry import earlier
from cs_layers.data import PCA, load_digits
from cs_layers.models import TwoLayerNet
from cs_layers.solver import Solver

digits = load_digits()
# As if they had come in one file of training images and one of test images, the first sorted by class:
X_file = np.concatenate([digits["X_train"], digits["X_val"]])
y_file = np.concatenate([digits["y_train"], digits["y_val"]])
order = np.argsort(y_file, kind="stable")
X_file, y_file = X_file[order], y_file[order]
X_test, y_test = digits["X_test"], digits["y_test"]
print(f"the file: {X_file.shape}, its first labels {y_file[:5]}, its last {y_file[-5:]}")
print(f"test images: {X_test.shape}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "split_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1 · A split without a leak  (2 points, easy, 15 minutes)
#
# **Why.** Settings are chosen by the accuracy on images that the network was not trained on. If some of them slip into training, the number
# says nothing, and it looks good.
#
# What can go wrong, drawn for a file of fifty images sorted by class (each stripe an image, each colour a class; raised: held out):

# %% nbgrader={"grade": false, "grade_id": "split_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
labels = np.arange(50) // 5
diagrams.splits(
    labels,
    {
        "the last 20 %": np.arange(40, 50),
        "shuffled, then the first 20 %": np.random.default_rng(0).permutation(50)[:10],
    },
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "split_leak_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# And a leak. The labels below are drawn by lot, so there is nothing to learn, and an honest validation accuracy is that of guessing: 10 %, on 200
# images give or take four points. With half of the validation images among the training images, a network "reaches" far more:

# %% nbgrader={"grade": false, "grade_id": "split_leak", "locked": true, "schema_version": 3, "solution": false, "task": false}
lots = np.random.default_rng(0).integers(10, size=400)
images = digits["X_train"][:400]
for name, val_rows in {"honest": np.arange(200, 400), "leaking": np.arange(100, 300)}.items():
    part = {"X_train": images[:200], "y_train": lots[:200], "X_val": images[val_rows], "y_val": lots[val_rows]}
    net = TwoLayerNet(64, 200, 10, weight_scale="he")
    solver = Solver(net, part, "adam", {"learning_rate": 3e-3}, num_epochs=150, verbose=False)
    solver.train()
    train_accuracy, val_accuracy = solver.train_acc_history[-1], solver.val_acc_history[-1]
    print(f"{name:8s} training accuracy {train_accuracy:4.0%}, validation accuracy {val_accuracy:4.0%}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "split_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Shapes.** X (N, …), y (N,) → X_train, y_train, X_val, y_val; the validation part has `round(val_fraction * N)` rows.
#
# **Task.** Shuffle with a generator made from `seed`, then cut. Every row is in exactly one part, with its own label; X and y stay as they
# were. The same seed must give the same split.
#
# <details><summary>Hint</summary>
#
# Shuffle row *numbers*, `rng.permutation(len(X))`, and use them on X and on y.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "train_val_split", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_val_split(X, y, val_fraction=0.2, seed=0):
    """Split a file of images into a training and a validation part.

    Parameters
    ----------
    X : array of shape (N, ...)
    y : array of shape (N,)
    val_fraction : float
        The share of rows that is held out.
    seed : int

    Returns
    -------
    X_train, y_train, X_val, y_val : arrays
    """
    ### BEGIN SOLUTION
    order = np.random.default_rng(seed).permutation(len(X))
    held_out = round(val_fraction * len(X))
    val, train = order[:held_out], order[held_out:]
    return X[train], y[train], X[val], y[val]
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "train_val_split_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.train_val_split(train_val_split)

# %% nbgrader={"grade": true, "grade_id": "train_val_split_test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
X_rows, y_rows = np.arange(10.0).reshape(10, 1), np.arange(10)
X_a, y_a, X_b, y_b = train_val_split(X_rows, y_rows, 0.3, seed=1)
assert (len(X_a), len(X_b)) == (7, 3), f"{len(X_a)} and {len(X_b)} rows, expected 7 and 3"
assert sorted([*y_a.tolist(), *y_b.tolist()]) == list(range(10)), "every row in exactly one part"
assert X_a[:, 0].tolist() == y_a.tolist(), "every row with its own label"
assert X_b[:, 0].tolist() == y_b.tolist(), "every row with its own label"
### BEGIN HIDDEN TESTS
checks.train_val_split(train_val_split)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "standardize_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2 · Inputs prepared with the training set's statistics  (1 point, easy, 10 minutes)
#
# **Why.** Gradient descent likes inputs that are centred on 0 and of similar size: the ravine of 04 gets rounder. The statistics must come
# from the **training** part alone; whatever is computed from validation or test images tells the network something about them.
#
# $$\hat x_d = \frac{x_d - \mu_d}{\sigma_d} \qquad \mu_d, \sigma_d \text{ over the rows of X\_train}$$
#
# Here for one feature, by numbers:

# %% nbgrader={"grade": false, "grade_id": "standardize_worked", "locked": true, "schema_version": 3, "solution": false, "task": false}
train_column, val_column = np.array([2.0, 4.0, 6.0]), np.array([4.0, 8.0])
mean, std = train_column.mean(), train_column.std()
print(f"training: mean {mean:g}, standard deviation {std:.3f}")
print("training part  ", np.round((train_column - mean) / std, 3))
print(
    "validation part",
    np.round((val_column - mean) / std, 3),
    "(its own mean would be",
    val_column.mean(),
    "and is not used)",
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "standardize_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **A trap.** In the digits, some pixels at the edge are 0 in every training image: σ = 0. Dividing by a tiny ε instead turns the first trace of
# ink that comes later into a number of millions. **Where σ is 0, divide by 1.**

# %% nbgrader={"grade": false, "grade_id": "standardize_trap", "locked": true, "schema_version": 3, "solution": false, "task": false}
flat = digits["X_train"].reshape(len(digits["X_train"]), -1)
constant = np.flatnonzero(flat.std(axis=0) == 0)
print(f"pixels that never change in the training images: {constant.tolist()}")
print(f"ink of 1/16 there, divided by 1e-8: {(1 / 16) / 1e-8:.2g}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "standardize_shapes", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Shapes.** Three arrays (N, …), (M, …), (K, …) → the same three, prepared. Mean and standard deviation have the shape of one row: one for
# each feature. **Task.** Return all three, new arrays.
#
# <details><summary>Hint</summary>
#
# `X_train.mean(axis=0)` has the shape of one row. `np.where(condition, a, b)` takes a where the condition holds, b elsewhere.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "standardize", "locked": false, "schema_version": 3, "solution": true, "task": false}
def standardize(X_train, X_val, X_test):
    """Centre and scale every feature with the mean and standard deviation of the training set.

    Parameters
    ----------
    X_train, X_val, X_test : arrays of shapes (N, ...), (M, ...), (K, ...)

    Returns
    -------
    X_train, X_val, X_test : arrays of the same shapes
        A feature that never changes in the training set is centred and divided by 1.
    """
    ### BEGIN SOLUTION
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    std = np.where(std == 0, 1.0, std)
    return (X_train - mean) / std, (X_val - mean) / std, (X_test - mean) / std
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "standardize_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.standardize(standardize)

# %% nbgrader={"grade": true, "grade_id": "standardize_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
a, b, c = standardize(np.array([[2.0, 5.0], [6.0, 5.0]]), np.array([[4.0, 5.0]]), np.array([[8.0, 7.0]]))
assert np.allclose(a, [[-1, 0], [1, 0]]), (
    f"{a}: the first feature has mean 4 and standard deviation 2, the second never changes"
)
assert np.allclose(b, [[0, 0]]), f"{b}: 4 is the training set's mean"
assert np.allclose(c, [[2, 2]]), f"{c}: (8 − 4) / 2, and (7 − 5) / 1"
### BEGIN HIDDEN TESTS
checks.standardize(standardize)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "whitening_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Further: PCA and whitening.** Neighbouring pixels say nearly the same. PCA turns the axes to the directions of greatest variance, in which
# the data are uncorrelated; whitening then scales each to variance 1. Two pixels of the digits, one above the other, at each stage
# (colours: classes):

# %% nbgrader={"grade": false, "grade_id": "whitening_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
jitter = np.random.default_rng(0).uniform(
    -1 / 32, 1 / 32, size=(400, 2)
)  # pixel values are sixteenths: spread the dots
pair = digits["X_train"][:400, 0, 2:4, 2] + jitter
rotated = PCA().fit(pair).transform(pair)
whitened = PCA(whiten=True).fit(pair).transform(pair)
diagrams.point_clouds(
    {"raw": pair, "centred": pair - pair.mean(axis=0), "PCA": rotated, "whitened": whitened},
    labels=digits["y_train"][:400],
)

# %% nbgrader={"grade": false, "grade_id": "whitening_axes", "locked": true, "schema_version": 3, "solution": false, "task": false}
pca = PCA().fit(digits["X_train"])
share = np.cumsum(pca.variance) / pca.variance.sum()
print(
    f"of 64 axes, {np.argmax(share > 0.9) + 1} carry 90 % of the variance and {np.argmax(share > 0.99) + 1} carry 99 %"
)
diagrams.image_rows(
    {"principal axes": pca.components[:10].reshape(-1, 8, 8)},
    cmap="PuOr_r",
    titles=[f"{v:.1%}" for v in pca.variance[:10] / pca.variance.sum()],
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "whitening_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** The cloud moves to 0, turns until its widest direction lies along x, and becomes as high as it is wide. The axes of all 64 pixels
# look like strokes; over each stands its share of the variance.

# %% [markdown] nbgrader={"grade": false, "grade_id": "log_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3 · Random search  (3 points in three steps, medium, 30 minutes)
#
# **Why not a grid?** The public solution that this course grew out of tried 3 × 4 × 4 × 3 = 144 settings. Here is such a grid, on 300 digits
# and three epochs each, and what it says about each setting:

# %% nbgrader={"grade": false, "grade_id": "grid_run", "locked": true, "schema_version": 3, "solution": false, "task": false}
small = {**digits, "X_train": digits["X_train"][:300], "y_train": digits["y_train"][:300]}


def build_grid(setting):
    net = TwoLayerNet(64, setting["hidden_dim"], 10, "he", reg=setting["reg"])
    return Solver(
        net,
        small,
        "sgd",
        {"learning_rate": setting["learning_rate"]},
        batch_size=setting["batch_size"],
        num_epochs=3,
        verbose=False,
    )


grid = {
    "learning_rate": [0.003, 0.03, 0.3],
    "reg": [0, 1e-4, 1e-3, 1e-2],
    "hidden_dim": [25, 50, 75, 100],
    "batch_size": [25, 50, 100],
}
grid_results = search.grid_search(build_grid, grid)
print(len(grid_results.trials), "runs; mean validation accuracy for each value")
for name, values in grid.items():
    print(f"  {name:14s}", end="")
    for value in values:
        scores = [trial.score for trial in grid_results.trials if trial.setting[name] == value]
        print(f"   {value:g}: {np.mean(scores):.0%}", end="")
    print()

# %% [markdown] nbgrader={"grade": false, "grade_id": "grid_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# One setting decides nearly everything, another hardly matters, and the grid tried **three** values of the first, 48 times each. Random settings
# try a new value of every setting in every run (Bergstra and Bengio 2012):

# %% nbgrader={"grade": false, "grade_id": "grid_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
places = (np.arange(3) + 0.5) / 3

# %% nbgrader={"grade": false, "grade_id": "grid_places", "locked": true, "schema_version": 3, "solution": false, "task": false}
diagrams.grid_against_random(
    lambda x: 0.1 + 0.85 * np.exp(-(((x - 0.63) / 0.09) ** 2)),
    np.array([(a, b) for a in places for b in places]),
    np.random.default_rng(7).random((9, 2)),
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "log_uniform_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### 3a · Draw on a log scale  (1 point, easy, 10 minutes)
#
# A learning rate may be 0.0001 or 1; what matters is the power of ten. Drawn uniformly from 0.0001 to 1, nine of ten numbers are above 0.1. Draw
# the **exponent** uniformly:
#
# $$u \sim \mathcal U(\log_{10} \text{low},\; \log_{10} \text{high}) \qquad \text{value} = 10^u$$
#
# **Task.** Return `count` such numbers, an array of shape (count,). The seed decides them.
#
# <details><summary>Hint</summary>
#
# `rng.uniform(a, b, count)` draws `count` numbers from a to b; here they are exponents.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "log_uniform", "locked": false, "schema_version": 3, "solution": true, "task": false}
def log_uniform(low, high, count, seed=0):
    """Draw numbers whose logarithms are spread evenly.

    Parameters
    ----------
    low, high : float
        0 < low < high
    count : int
    seed : int

    Returns
    -------
    array of shape (count,)
    """
    ### BEGIN SOLUTION
    exponents = np.random.default_rng(seed).uniform(np.log10(low), np.log10(high), count)
    return 10**exponents
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "log_uniform_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.log_uniform(log_uniform)

# %% nbgrader={"grade": true, "grade_id": "log_uniform_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
draws = np.asarray(log_uniform(1e-4, 1.0, 1000, seed=0))
assert draws.shape == (1000,), draws.shape
assert 1e-4 <= draws.min() <= draws.max() <= 1.0, f"from {draws.min():.2g} to {draws.max():.2g}"
below = np.mean(draws < 0.01)
assert 0.4 < below < 0.6, f"{below:.0%} are below 0.01, the middle of the range; expected about half"
### BEGIN HIDDEN TESTS
checks.log_uniform(log_uniform)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "log_uniform_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
diagrams.decades(
    {"uniform": np.random.default_rng(0).uniform(1e-4, 1, 1000), "your log_uniform": log_uniform(1e-4, 1, 1000)},
    1e-4,
    1,
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "shrink_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### 3b · Shrink a range around the best  (1 point, easy, 5 minutes)
#
# After a round of runs, search more finely where it went well. On the log scale the new range is **half as wide** as the old one and **centred on
# the best** value, a quarter of the old width to each side, and it is **cut** at the old range's ends. A quarter of the width in logs is a factor:
#
# $$q = \left(\frac{\text{high}}{\text{low}}\right)^{1/4} \qquad
# \text{new\_low} = \max\!\left(\text{low}, \frac{\text{best}}{q}\right) \qquad \text{new\_high} = \min(\text{high},\; \text{best} \cdot q)$$
#
# <details><summary>Hint</summary>
#
# Python's `max` and `min` take two numbers. A difference of logarithms is a ratio, which is why q is a factor.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "shrink_worked", "locked": true, "schema_version": 3, "solution": false, "task": false}
low, high, best = 1e-4, 1.0, 0.01
q = (high / low) ** 0.25
print(f"{low:g} to {high:g}: q = {high / low:g}^(1/4) = {q:g}; around {best:g}: from {best / q:g} to {best * q:g}")


# %% nbgrader={"grade": false, "grade_id": "shrink_range", "locked": false, "schema_version": 3, "solution": true, "task": false}
def shrink_range(low, high, best):
    """Halve a range on a log scale, around the best value, inside the old range.

    Parameters
    ----------
    low, high, best : float
        0 < low <= best <= high

    Returns
    -------
    new_low, new_high : float
    """
    ### BEGIN SOLUTION
    q = (high / low) ** 0.25
    return max(low, best / q), min(high, best * q)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "shrink_range_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.shrink_range(shrink_range)

# %% nbgrader={"grade": true, "grade_id": "shrink_range_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert np.allclose(shrink_range(1e-4, 1.0, 0.01), (0.001, 0.1)), shrink_range(1e-4, 1.0, 0.01)
assert np.allclose(shrink_range(1.0, 16.0, 16.0), (8.0, 16.0)), "cut at the old upper end"
### BEGIN HIDDEN TESTS
checks.shrink_range(shrink_range)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "search_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### 3c · The search  (1 point, medium, 15 minutes)
#
# Rounds of random trials; after each round, every range shrinks around the **best setting of all rounds so far**.
#
# **Task.** Three functions come as arguments:
#
# - `evaluate(setting)` trains a network with the setting, a dict like `{"learning_rate": 0.01, "reg": 0.001}`, and returns its validation accuracy: **higher is
#   better**. A run that diverged returns **nan**, which is never the best (and `np.argmax` takes it for the best: see the hint). Call it once for each trial;
# - `draw(low, high)` returns a new random number from a range each time it is called;
# - `shrink(low, high, best)` returns the new ends of a range.
#
# Draw every setting of every trial with `draw`, narrow every range with `shrink` after each round, and return the list of all trials, `(setting, score)`, in the
# order in which they were tried. Section 4 hands your `log_uniform` and your `shrink_range` in; the graded cell brings its own, so a mistake in yours costs
# nothing here.
#
# <details><summary>Hint</summary>
#
# `np.nanargmax([0.1, float("nan"), 0.3])` is 2. Copy the ranges first, `dict(ranges)`: the caller's stay as they were.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "random_search", "locked": false, "schema_version": 3, "solution": true, "task": false}
def random_search(evaluate, ranges, num_trials, num_rounds, draw, shrink):
    """Try random settings, in rounds whose ranges shrink around the best so far.

    Parameters
    ----------
    evaluate : function
        evaluate(setting) returns a score, higher is better; nan for a run that failed.
    ranges : dict of str to (low, high)
        Left as they are.
    num_trials : int
        Trials in each round.
    num_rounds : int
    draw : function
        draw(low, high) returns a number from the range, another one at every call.
    shrink : function
        shrink(low, high, best) returns (new_low, new_high).

    Returns
    -------
    list of (setting, score)
        Each setting is a dict with the keys of ranges.
    """
    ### BEGIN SOLUTION
    ranges, trials = dict(ranges), []
    for _ in range(num_rounds):
        for _ in range(num_trials):
            setting = {name: draw(low, high) for name, (low, high) in ranges.items()}
            trials.append((setting, evaluate(setting)))
        best, _ = trials[np.nanargmax([score for _, score in trials])]
        ranges = {name: shrink(low, high, best[name]) for name, (low, high) in ranges.items()}
    return trials
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "random_search_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.random_search(random_search)

# %% nbgrader={"grade": true, "grade_id": "random_search_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
asked = []


def one_two_three(low, high):  # draws 1, 2, 3, … and keeps what it was asked for
    asked.append((low, high))
    return float(len(asked))


def one_to_each_side(low, high, best):
    return best - 1, best + 1


def hill(setting):
    return -abs(setting["rate"] - 2)  # best at 2


trials = random_search(hill, {"rate": (1.0, 9.0)}, 3, 2, one_two_three, one_to_each_side)
assert [setting["rate"] for setting, _ in trials] == [1, 2, 3, 4, 5, 6], "two rounds of three trials, in their order"
assert [score for _, score in trials] == [-1, 0, -1, -2, -3, -4], "each with what evaluate returned for it"
assert asked[:3] == [(1, 9)] * 3, f"the first round searches from 1 to 9; yours asked for {asked[:3]}"
assert asked[3:] == [(1, 3)] * 3, f"then the range is shrunk around 2, the best; yours asked for {asked[3:]}"
### BEGIN HIDDEN TESTS
checks.random_search(random_search)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "search_real_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4 · A real search, from the file to the test set
#
# Your split, your preparation, your search; and your network of 03 and your momentum of 04, where they pass their checks. If they do not (yet), the package's
# stand in for them: a mistake is paid for once. (Nothing here is graded, and a cell waits for your functions until you have written them.)

# %% nbgrader={"grade": false, "grade_id": "search_carry", "locked": true, "schema_version": 3, "solution": false, "task": false}
net03 = earlier("03_two_layer_net", MyTwoLayerNet=TwoLayerNet)
rules04 = earlier("04_optimizers", sgd_momentum=optim.sgd_momentum)

# %% [markdown] nbgrader={"grade": false, "grade_id": "search_setup_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# `draw` is your `log_uniform`, one number at a time. `build` makes a short run of 8 epochs on a third of the data, and `evaluate` trains it.


# %% nbgrader={"grade": false, "grade_id": "search_setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
seeds = np.random.default_rng(0)


def draw(low, high):
    return log_uniform(low, high, 1, seed=int(seeds.integers(2**31)))[0]


def build(setting):
    net = net03.MyTwoLayerNet(64, 50, 10, weight_scale=0.05, reg=setting["reg"])
    rate = {"learning_rate": setting["learning_rate"], "momentum": 0.9}
    return Solver(net, data, rules04.sgd_momentum, rate, batch_size=50, num_epochs=8, verbose=False)


def evaluate(setting):
    solver = build(setting)
    try:
        solver.train()
    except FloatingPointError:  # what the Solver raises when the loss is no longer a number
        return float("nan")
    return solver.best_val_acc


ranges = {"learning_rate": (1e-5, 10.0), "reg": (1e-6, 1.0)}
data, trials = None, []

# %% nbgrader={"grade": false, "grade_id": "search_real", "locked": true, "schema_version": 3, "solution": false, "task": false}
X_train, y_train, X_val, y_val = train_val_split(X_file, y_file, 0.2, seed=0)
X_train, X_val, X_test_prepared = standardize(X_train, X_val, X_test)
data = {"X_train": X_train[:400], "y_train": y_train[:400], "X_val": X_val, "y_val": y_val}
trials = random_search(evaluate, ranges, 12, 3, draw, shrink_range)
scores = [score for _, score in trials]
for k in range(3):
    of_round = scores[12 * k : 12 * (k + 1)]
    print(f"round {k + 1}: best {np.nanmax(of_round):.1%}, median {np.nanmedian(of_round):.1%}")
boxes, current = [], dict(ranges)
for k in range(3):
    boxes.append((current["learning_rate"], current["reg"]))
    best, _ = trials[np.nanargmax(scores[: 12 * (k + 1)])]
    current = {name: shrink_range(*current[name], best[name]) for name in current}
points = [(s["learning_rate"], s["reg"], score, n // 12) for n, (s, score) in enumerate(trials)]
diagrams.search_rounds(points, boxes, "learning_rate", "reg")

# %% [markdown] nbgrader={"grade": false, "grade_id": "search_real_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** The first round wastes half of its runs on rates that learn nothing or kill the network. The boxes shrink around the star; by
# the third round even the median run is good.
#
# **The package's own** `search.try_settings` does the book-keeping for settings that you have drawn: it gives up hopeless runs (here: below 30 % after two epochs),
# trains several at a time (`n_jobs=2`), and returns a table. `search.random_search` draws and shrinks as well, and knows ranges for whole numbers and lists of choices.

# %% nbgrader={"grade": false, "grade_id": "search_package", "locked": true, "schema_version": 3, "solution": false, "task": false}
settings = [{name: draw(low, high) for name, (low, high) in ranges.items()} for _ in range(24)]
if data:
    results = search.try_settings(build, settings, give_up_after=2, give_up_below=0.3)
    epochs = sum(trial.epochs for trial in results.trials)
    given_up = sum(trial.status == "given up" for trial in results.trials)
    print(f"{epochs} epochs trained in {len(results.trials)} runs of up to 8; {given_up} runs given up")
    display(Markdown(results.table(most=6)))
else:
    print("This cell waits for the search above, which prepares the data.")

# %% [markdown] nbgrader={"grade": false, "grade_id": "test_once_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **The test set, once.** All choices are made; the best setting is trained on all training images, and then, and only then, the test images
# are looked at.

# %% nbgrader={"grade": false, "grade_id": "test_once", "locked": true, "schema_version": 3, "solution": false, "task": false}
if trials:
    best, val_accuracy = trials[np.nanargmax(scores)]
    net = net03.MyTwoLayerNet(64, 50, 10, weight_scale=0.05, reg=best["reg"])
    everything = {"X_train": X_train, "y_train": y_train, "X_val": X_val, "y_val": y_val}
    rate = {"learning_rate": best["learning_rate"], "momentum": 0.9}
    solver = Solver(net, everything, rules04.sgd_momentum, rate, batch_size=50, num_epochs=20, verbose=False)
    solver.train()
    print(f"learning_rate {best['learning_rate']:.3g}, reg {best['reg']:.3g}")
    print(f"validation accuracy {solver.best_val_acc:.1%}")
    print(f"test accuracy       {solver.check_accuracy(X_test_prepared, y_test):.1%}")
else:
    print("The test set stays shut until the search above has found a setting.")

# %% [markdown] nbgrader={"grade": false, "grade_id": "question_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5 · Question: why never the test set?  (1 point, 10 minutes)
#
# An experiment. Five hundred "networks" answer at random: each is right for one image in ten, no more. Choose the best of them by its accuracy on
# a set of 250 images, and measure that one again on new images.

# %% nbgrader={"grade": false, "grade_id": "question_experiment", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(0)
chosen_by, labels_new = rng.integers(10, size=250), rng.integers(10, size=100_000)
accuracies = [np.mean(rng.integers(10, size=250) == chosen_by) for _ in range(500)]
on_new_images = np.mean(rng.integers(10, size=100_000) == labels_new)
print(f"the best of 500 on the 250 images that chose it: {max(accuracies):.1%}")
print(f"the same one on 100,000 new images:              {on_new_images:.1%}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "question_options", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **You tried 60 settings, and choose by accuracy on the test set, because it is larger than the validation set. What is wrong with the accuracy that
# you then report for the chosen setting?**
#
# - `"A"`: nothing: the network was never trained on the test images
# - `"B"`: it is too low, since the test set is harder than the training set
# - `"C"`: it is too high: of many settings, the one was chosen that these very images happen to favour
# - `"D"`: it is right if no two of the 60 runs used the same seed
#
# Return one letter (½ point, scored by machine), and write a sentence in the last cell (½ point, read by a person).
#
# <details><summary>Hint</summary>
#
# Of the two numbers of the experiment, which would have been reported?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "never_the_test_set", "locked": false, "schema_version": 3, "solution": true, "task": false}
def never_the_test_set():
    """Say what is wrong with choosing by the test set.

    Returns
    -------
    str
        "A", "B", "C" or "D"
    """
    ### BEGIN SOLUTION
    return "C"
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "never_the_test_set_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
assert never_the_test_set() in ("A", "B", "C", "D"), "return one of the letters A, B, C, D, in quotes"
print("An answer. Whether it is right you learn when the notebook is graded.")

# %% nbgrader={"grade": true, "grade_id": "never_the_test_set_test", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
answer = never_the_test_set()
assert answer in ("A", "B", "C", "D"), "return one of the letters A, B, C, D, in quotes"
### BEGIN HIDDEN TESTS
assert answer == "C", "look again at the two numbers of the experiment"
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "never_the_test_set_sentence_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **In one sentence:** the validation accuracy of the chosen setting is too high for the same reason. Why is it fit for choosing all the same, and what is
# the test set then for?

# %% [markdown] nbgrader={"grade": true, "grade_id": "never_the_test_set_sentence", "locked": false, "points": 0.5, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# To choose, only the order of the settings matters and they all profit alike from being measured on the same images, but the number of the winner is
# too high; images that had no part in any choice, the test set used once, give an honest number.
# ### END SOLUTION
