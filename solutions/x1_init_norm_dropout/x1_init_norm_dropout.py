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
# # x1 · Initial weights, dropout, batch norm
#
# Three ways to make a deep network learn: start it so that signals keep their size, disturb it so that it does not learn by heart, and
# put signals back to a good size on their way. **16 points · about 2½ hours.** Optional; it needs 01 and 03.
#
# The sections do not need one another: begin where you like.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from cs_layers import checks, diagrams, layers
from cs_layers.data import load_digits
from cs_layers.gradient_check import eval_numerical_gradient_array, rel_error

digits = load_digits()
X_train, X_val = (digits[part].reshape(len(digits[part]), -1) for part in ("X_train", "X_val"))
mean, scale = X_train.mean(axis=0), X_train.std()  # of the training set, for both
X_train, X_val = (X_train - mean) / scale, (X_val - mean) / scale
y_train, y_val = digits["y_train"], digits["y_val"]

# %% [markdown] nbgrader={"grade": false, "grade_id": "init_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1 · Initial weights  (4 points, easy, 30 minutes)
#
# **Why.** In a deep network the numbers pass through many matrices. If each makes them a little smaller, nothing is left at the end; if each
# makes them a little larger, they explode. The weights that you start from decide which.
#
# Not zeros, to begin with, nor any one value: units that start alike get the same gradient and stay alike for ever. Below, fifty hidden
# units are trained, once from weights that are all alike and once from random ones.

# %% nbgrader={"grade": false, "grade_id": "symmetry", "locked": true, "schema_version": 3, "solution": false, "task": false}
for name, w1 in {
    "all 0.1": np.full((64, 50), 0.1),
    "random": 0.1 * np.random.default_rng(0).normal(size=(64, 50)),
}.items():
    w2 = np.full((50, 10), 0.1) if name == "all 0.1" else 0.1 * np.random.default_rng(1).normal(size=(50, 10))
    for _ in range(20):
        hidden, cache = layers.affine_relu_forward(X_train, w1, np.zeros(50))
        loss, dscores = layers.softmax_loss(hidden @ w2, y_train)
        dhidden, w2 = dscores @ w2.T, w2 - 0.1 * hidden.T @ dscores
        w1 = w1 - 0.1 * layers.affine_relu_backward(dhidden, cache)[1]
    different = len(np.unique(np.round(w1, 10), axis=1).T)
    print(f"{name:8s} after 20 updates: loss {loss:.2f}, {different} different hidden units of 50")

# %% [markdown] nbgrader={"grade": false, "grade_id": "init_rule", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **How large, then?** One unit adds up `fan_in` products. If inputs and weights are independent with mean 0, the variances add:
#
# $$\text{Var}\Big(\sum_{d} x_d w_d\Big) = \text{fan\_in} \cdot \text{Var}(x) \cdot \text{Var}(w)$$
#
# So the sum is as large as its inputs if Var(w) = 1 / fan_in. The table computes it for one number of inputs:

# %% nbgrader={"grade": false, "grade_id": "init_numbers", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(0)
x = rng.normal(size=(1000, 400))
for std in [0.01, np.sqrt(1 / 400), 0.2]:
    sums = x @ (std * rng.normal(size=(400, 300)))
    print(f"weights of std {std:.2f}: sums of std {sums.std():.2f}, by the formula {np.sqrt(400 * 1 * std**2):.2f}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "xavier_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$\text{Xavier: } \text{Var}(w) = \frac{1}{\text{fan\_in}} \qquad\qquad \text{He: } \text{Var}(w) = \frac{2}{\text{fan\_in}}$$
#
# Xavier's suits tanh, which is nearly the identity around 0. ReLU sets half of its inputs to 0 and so halves the mean square; He's 2 makes up
# for it. (Glorot and Bengio, 2010, average fan_in and fan_out; here it is fan_in alone. He and others, 2015.)
#
# **Shapes.** Affine weights have shape (D, M): fan_in is D. Filters have shape (F, C, HH, WW): one filter adds up C·HH·WW products.
#
# **Task.** `xavier(shape, seed)` and `he(shape, seed)` return weights of this shape, drawn from a **normal** distribution with mean 0 and the
# variance above. The same seed gives the same weights, another seed others. 2 points each.
#
# <details><summary>Hint</summary>
#
# `np.random.default_rng(seed).standard_normal(shape)` has variance 1. Multiplying by s multiplies the variance by s².
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "xavier", "locked": false, "schema_version": 3, "solution": true, "task": false}
def xavier(shape, seed=0):
    """Draw normal weights of variance 1 / fan_in.

    Parameters
    ----------
    shape : tuple of int
        (D, M), or (F, C, HH, WW) for filters.
    seed : int

    Returns
    -------
    array of that shape
    """
    ### BEGIN SOLUTION
    fan_in = shape[0] if len(shape) == 2 else np.prod(shape[1:])
    return np.random.default_rng(seed).standard_normal(shape) * np.sqrt(1 / fan_in)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "xavier_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.xavier(xavier)

# %% nbgrader={"grade": true, "grade_id": "xavier_test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
w = xavier((200, 100), 0)
assert w.shape == (200, 100), f"w has shape {w.shape}, expected (200, 100)"
assert abs(200 * w.var() - 1) < 0.1, f"200 · variance is {200 * w.var():.3g}, expected about 1"
### BEGIN HIDDEN TESTS
checks.xavier(xavier)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "he", "locked": false, "schema_version": 3, "solution": true, "task": false}
def he(shape, seed=0):
    """Draw normal weights of variance 2 / fan_in.

    Parameters
    ----------
    shape : tuple of int
        (D, M), or (F, C, HH, WW) for filters.
    seed : int

    Returns
    -------
    array of that shape
    """
    ### BEGIN SOLUTION
    fan_in = shape[0] if len(shape) == 2 else np.prod(shape[1:])
    return np.random.default_rng(seed).standard_normal(shape) * np.sqrt(2 / fan_in)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "he_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.he(he)

# %% nbgrader={"grade": true, "grade_id": "he_test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
w = he((100, 3, 4, 5), 0)
assert w.shape == (100, 3, 4, 5), f"w has shape {w.shape}, expected (100, 3, 4, 5)"
assert abs(60 * w.var() - 2) < 0.2, f"60 · variance is {60 * w.var():.3g}, expected about 2"
### BEGIN HIDDEN TESTS
checks.he(he)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "histograms_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** The digits go through ten layers of 100 units, forward only. Each histogram holds the activations of one layer.


# %% nbgrader={"grade": false, "grade_id": "histograms", "locked": true, "schema_version": 3, "solution": false, "task": false}
def activations(draw, bend, depth=10):
    x, found = X_train, []
    for k in range(depth):
        x = bend(x @ draw((x.shape[1], 100), k))
        found.append(x)
    return found


def normal(std):
    return lambda shape, seed: std * np.random.default_rng(seed).standard_normal(shape)


def relu(x):
    return np.maximum(0, x)


runs = {
    "tanh, 0.01 · normal": activations(normal(0.01), np.tanh),
    "tanh, 1 · normal": activations(normal(1.0), np.tanh),
    "tanh, Xavier": activations(xavier, np.tanh),
    "ReLU, Xavier": activations(xavier, relu),
    "ReLU, He": activations(he, relu),
}
diagrams.activation_histograms(runs, [1, 2, 4, 6, 8, 10])

# %% [markdown] nbgrader={"grade": false, "grade_id": "histograms_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# First row: every layer multiplies by about 0.01 · √100 = 0.1, and after ten nothing is left, nor of the gradient that comes back. Second row: nearly every
# tanh is at −1 or 1, where its slope is 0. Third row: Xavier keeps tanh in between. Fourth row: with ReLU, Xavier loses a factor of
# about √2 in every layer; the last row has He's 2. (A bar at the left end of a ReLU row: the units that are off.)
#
# **Question.** In 03 you started from 0.01 · normal, and it learned. Why?
#
# <details><summary>Answer</summary>
#
# With two layers the signal shrinks twice only, and the gradient is small but not lost. At ten layers it would have been.
#
# </details>

# %% [markdown] nbgrader={"grade": false, "grade_id": "dropout_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2 · Dropout, forward  (2 points, easy, 15 minutes)
#
# **Why.** A unit that may be left out at any moment cannot be relied on, so the others must learn what it knows. That keeps a network from
# learning single images by heart.

# %% nbgrader={"grade": false, "grade_id": "dropout_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(1)
diagrams.dropped_network([np.ones(4, dtype=bool), rng.random(6) < 0.6, rng.random(5) < 0.6, np.ones(3, dtype=bool)])

# %% [markdown] nbgrader={"grade": false, "grade_id": "dropout_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# > **p is the probability to KEEP a unit.** p = 0.9 is a little dropout, p = 0.2 is a lot. Half the world's libraries mean the
# > probability to drop: `torch.nn.Dropout(0.2)` is p = 0.8 here. Read the documentation before you copy a number.
#
# While training, each entry is kept with probability p, independently of all others, and what is kept is divided by p:
#
# $$\text{out}_i = \begin{cases} x_i / p & \text{with probability } p \\ 0 & \text{otherwise} \end{cases} \qquad\text{so that its mean is}\quad p \cdot \frac{x_i}{p} = x_i$$
#
# At test time nothing is dropped and nothing is scaled: out = x. (This is *inverted* dropout. The first paper did not divide in training and
# multiplied by p at test time instead, which makes every prediction pay for it.)
#
# **Shapes.** x of any shape, out like x; a new mask in every call, a number for each entry.
#
# **Task.** `dropout_forward(x, dropout_param)` with `dropout_param = {"mode": "train" or "test", "p": ...}`, perhaps with a `"seed"`: where your
# random numbers come from is up to you, and they are not compared with any others. What is tested: the share that is kept, one factor for all that is kept,
# entries one by one, and x as it was. The cache must hold the mask; `(dropout_param, mask)` is a good choice.
#
# <details><summary>Hint</summary>
#
# `np.random.rand(*x.shape) < p` is True with probability p. `randn` is not.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "dropout_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dropout_forward(x, dropout_param):
    """Leave out entries at random while training.

    Parameters
    ----------
    x : array of any shape
    dropout_param : dict
        'mode': 'train' or 'test'. 'p': the probability to KEEP an entry. Perhaps 'seed': int.

    Returns
    -------
    out : array of x's shape
    cache : tuple
        (dropout_param, mask), or whatever your dropout_backward needs
    """
    ### BEGIN SOLUTION
    if dropout_param["mode"] == "test":
        return x.copy(), (dropout_param, None)
    p = dropout_param["p"]
    mask = (np.random.default_rng(dropout_param.get("seed")).random(x.shape) < p) / p
    return x * mask, (dropout_param, mask)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "dropout_forward_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.dropout_forward(dropout_forward, p_is="keep")

# %% nbgrader={"grade": true, "grade_id": "dropout_forward_test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
out, _ = dropout_forward(np.ones((200, 100)), {"mode": "train", "p": 0.8})
kept = np.mean(out != 0)
assert abs(kept - 0.8) < 0.02, f"{kept:.0%} of the entries were kept, expected about 80 %: p is the probability to KEEP"
assert np.allclose(out[out != 0], 1 / 0.8), "what is kept is divided by p"
### BEGIN HIDDEN TESTS
checks.dropout_forward(dropout_forward, p_is="keep")
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "dropout_digit_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** One digit under three values of p, and each the mean over a thousand masks: darker and sparser, but right on average.

# %% nbgrader={"grade": false, "grade_id": "dropout_digit", "locked": true, "schema_version": 3, "solution": false, "task": false}
image = digits["X_train"][3, 0]
shares = [0.9, 0.5, 0.2]
once = [dropout_forward(image, {"mode": "train", "p": p, "seed": 1})[0] for p in shares]
many = [np.mean([dropout_forward(image, {"mode": "train", "p": p})[0] for _ in range(1000)], axis=0) for p in shares]
titles = ["x"] + [f"p = {p:g}" for p in shares]
diagrams.image_rows({"one mask": np.array([image, *once]), "mean of 1000": np.array([image, *many])}, titles=titles)

# %% [markdown] nbgrader={"grade": false, "grade_id": "dropout_back_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3 · Dropout, backward  (2 points, easy, 5 minutes)
#
# **Why.** Dropout multiplied each entry by a number, 0 or 1/p. Going back it is the same multiplication.
#
# $$\text{dx} = \text{dout} \cdot \text{mask}$$
#
# with the **same** mask, its scale 1/p included. At test time dx = dout.

# %% nbgrader={"grade": false, "grade_id": "dropout_back_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
mask = np.array([[2.0, 0.0, 2.0], [0.0, 0.0, 2.0]])
dout_small = np.array([[1.0, -3.0, 0.5], [2.0, 4.0, -1.0]])
diagrams.matrices(
    [("dout", dout_small, mask > 0), ("mask, p = 0.5", mask, mask > 0), ("dx", dout_small * mask, mask > 0)],
    ["×", "="],
    f"dx[1, 2] = {dout_small[1, 2]:g} · 1 / 0.5 = {(dout_small * mask)[1, 2]:g}".replace("-", "−"),
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "dropout_back_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task.** `dropout_backward(dout, cache)`; dout stays as it was. It is given the cache of your own `dropout_forward`, whatever its masks look
# like, and `(dropout_param, mask)` where that one does not run.
#
# <details><summary>Hint</summary>
#
# In test mode your forward kept no mask: return a copy of dout then.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "dropout_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dropout_backward(dout, cache):
    """Let the gradient through where the entry was kept, on the same scale.

    Parameters
    ----------
    dout : array of any shape
    cache : tuple
        What dropout_forward returned beside its output.

    Returns
    -------
    array of dout's shape
    """
    ### BEGIN SOLUTION
    _, mask = cache
    return dout.copy() if mask is None else dout * mask
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "dropout_backward_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.dropout_backward(dropout_backward, dropout_forward)

# %% nbgrader={"grade": true, "grade_id": "dropout_backward_test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
x, param = np.ones((2, 3)), {"mode": "test", "p": 0.5}
cache = checks.cache_of(dropout_forward, x, param, right=x, otherwise=(param, None))
dx = dropout_backward(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), cache)
assert np.round(dx, 9).tolist() == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], f"at test time dx = dout; yours is {dx}"
### BEGIN HIDDEN TESTS
checks.dropout_backward(dropout_backward, dropout_forward)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "dropout_gradient_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Gradient check.** It needs the same mask at every call, or it would compare two different functions: hence the seed. Run it twice in your head
# without one.

# %% nbgrader={"grade": false, "grade_id": "dropout_gradient", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(5)
x, dout, param = rng.normal(size=(6, 7)), rng.normal(size=(6, 7)), {"mode": "train", "p": 0.6, "seed": 11}
if np.array_equal(dropout_forward(x, param)[0], dropout_forward(x, param)[0]):
    numerical = eval_numerical_gradient_array(lambda x: dropout_forward(x, param)[0], x, dout)
    print(f"dx relative error {rel_error(dropout_backward(dout, dropout_forward(x, param)[1]), numerical):.0e}")
else:
    print("Your masks do not follow the seed, which is allowed; this check needs it.")

# %% [markdown] nbgrader={"grade": false, "grade_id": "dropout_train_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What it is good for.** 500 digits, and three labels in ten are drawn at random: who learns them all has learned nonsense. A network of two hidden layers
# of 100 units is trained with your dropout after each ReLU, three times for each p.


# %% nbgrader={"grade": false, "grade_id": "dropout_train", "locked": true, "schema_version": 3, "solution": false, "task": false}
def network(params, x, p, mode, rng):
    """Scores of affine - relu - dropout - affine - relu - dropout - affine, and what the way back needs."""
    caches = []
    for k in range(3):
        x, affine = layers.affine_forward(x, params[2 * k], params[2 * k + 1])
        caches.append([affine])
        if k < 2:
            x, relu_cache = layers.relu_forward(x)
            x, dropped = dropout_forward(x, {"mode": mode, "p": p, "seed": int(rng.integers(2**31))})
            caches[-1] += [relu_cache, dropped]
    return x, caches


def gradients(dscores, caches):
    found, dx = [], dscores
    for affine, *rest in caches[::-1]:
        if rest:
            dx = layers.relu_backward(dropout_backward(dx, rest[1]), rest[0])
        dx, dw, db = layers.affine_backward(dx, affine)
        found = [dw, db, *found]
    return found


def accuracy_with(p, seed, epochs=60):
    """Accuracy on the 500 noisy training labels and on the validation set."""
    rng = np.random.default_rng(seed)
    X, y = X_train[:500], y_train[:500].copy()
    noisy = rng.random(500) < 0.3
    y[noisy] = rng.integers(10, size=noisy.sum())
    shapes = [(64, 100), (100, 100), (100, 10)]
    params = [q for D, M in shapes for q in (np.sqrt(2 / D) * rng.normal(size=(D, M)), np.zeros(M))]
    velocities = [np.zeros_like(q) for q in params]
    for _ in range(epochs):
        for batch in np.split(rng.permutation(500), 25):
            scores, caches = network(params, X[batch], p, "train", rng)
            grads = gradients(layers.softmax_loss(scores, y[batch])[1], caches)
            velocities = [0.9 * v - 0.01 * g for v, g in zip(velocities, grads, strict=True)]
            params = [q + v for q, v in zip(params, velocities, strict=True)]
    return [np.mean(network(params, A, p, "test", rng)[0].argmax(axis=1) == b) for A, b in ((X, y), (X_val, y_val))]


shares = [1.0, 0.75, 0.5, 0.25]
found = np.array([[accuracy_with(p, seed) for seed in range(3)] for p in shares])
for p, seeds in zip(shares, found, strict=True):
    train, val = seeds.mean(axis=0)
    print(
        f"p = {p:4.2f}: training labels {train:.0%}, validation {val:.0%}  (each seed: {', '.join(f'{v:.0%}' for v in seeds[:, 1])})"
    )
diagrams.curves(
    np.array(shares),
    {"training, 3 in 10 labels random": found.mean(axis=1)[:, 0], "validation, right labels": found.mean(axis=1)[:, 1]},
    xlabel="p, the probability to keep",
    ylabel="accuracy",
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "dropout_train_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** Without dropout (p = 1) the network learns every label, the nonsense included. With p = 0.5 it leaves most of the nonsense
# alone and is better on digits that it has not seen. With too little kept it cannot learn enough either: p is a setting to be tuned, on
# the validation set.

# %% [markdown] nbgrader={"grade": false, "grade_id": "norm_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4 · Batch norm, forward  (4 points, medium, 30 minutes)
#
# **Why.** Good initial weights keep signals in shape on the first day. Batch norm does so on every day: each feature is brought to mean 0 and variance 1
# over the batch, and then to a scale and shift that the network learns.

# %% nbgrader={"grade": false, "grade_id": "norm_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
x_small = np.array([[1.0, 10.0], [2.0, 30.0], [6.0, 20.0]])
gamma_small, beta_small = np.array([2.0, 0.5]), np.array([1.0, -1.0])
normal_small = (x_small - x_small.mean(axis=0)) / x_small.std(axis=0)
first = np.zeros((3, 2), dtype=bool)
first[:, 0] = True
diagrams.matrices(
    [
        ("x", x_small, first),
        ("x̂", np.round(normal_small, 1), first),
        ("out", np.round(gamma_small * normal_small + beta_small, 1), first),
    ],
    ["→", "→"],
    f"column 0: mean {x_small[:, 0].mean():g}, variance {x_small[:, 0].var():.2f}, "
    f"x̂[0, 0] = (1 − {x_small[:, 0].mean():g}) / √{x_small[:, 0].var():.2f} = {normal_small[0, 0]:.2f}".replace(
        "-", "−"
    ),
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "norm_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **In training**, for each feature (column), over the N rows of the batch:
#
# $$\mu = \frac1N\sum_n x_n \qquad \sigma^2 = \frac1N\sum_n (x_n - \mu)^2 \qquad
# \hat x_n = \frac{x_n - \mu}{\sqrt{\sigma^2 + \varepsilon}} \qquad \text{out}_n = \gamma\,\hat x_n + \beta$$
#
# ε stands **inside** the root. The variance is divided by N, as `np.var` does. Beside it, running averages of mean and variance are kept, in `bn_param`:
#
# $$\text{running} \leftarrow \text{momentum} \cdot \text{running} + (1 - \text{momentum}) \cdot \text{this batch's}$$
#
# **At test time** the running averages stand in for μ and σ², with the same ε, and are not changed: what a network says of one image
# must not depend on which others are tested with it.
#
# **Shapes.** x (N, D); gamma, beta, running_mean, running_var (D,). `bn_param` has `"mode"` ("train" or "test") and perhaps `"eps"` (default 1e-5),
# `"momentum"` (0.9), `"running_mean"` and `"running_var"` (zeros).
#
# **Task.** Return `(out, cache)`, and put `running_mean` and `running_var` into `bn_param`: it is the one argument of this course that a layer changes. For
# the variance that is averaged, dividing by N − 1 is allowed too. A good cache is `(x, x_hat, gamma, mean, var, eps)`.
#
# <details><summary>Hint</summary>
#
# `bn_param.get("eps", 1e-5)` takes the default where the key is missing. Every mean is over axis 0.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "batchnorm_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def batchnorm_forward(x, gamma, beta, bn_param):
    """Normalise each feature over the batch, then scale and shift it.

    Parameters
    ----------
    x : array of shape (N, D)
    gamma, beta : arrays of shape (D,)
    bn_param : dict
        'mode': 'train' or 'test'; perhaps 'eps', 'momentum', 'running_mean' and 'running_var'. The last two are put
        back, averaged, in training.

    Returns
    -------
    out : array of shape (N, D)
    cache : tuple
        (x, x_hat, gamma, mean, var, eps), or whatever your batchnorm_backward needs
    """
    ### BEGIN SOLUTION
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    running_mean = bn_param.get("running_mean", np.zeros(x.shape[1]))
    running_var = bn_param.get("running_var", np.zeros(x.shape[1]))
    if bn_param["mode"] == "train":
        mean, var = x.mean(axis=0), x.var(axis=0)
        bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mean
        bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
    else:
        mean, var = running_mean, running_var
    x_hat = (x - mean) / np.sqrt(var + eps)
    return gamma * x_hat + beta, (x, x_hat, gamma, mean, var, eps)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "batchnorm_forward_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.batchnorm_forward(batchnorm_forward)

# %% nbgrader={"grade": true, "grade_id": "batchnorm_forward_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
param = {"mode": "train", "eps": 2.0, "momentum": 0.5}
out, _ = batchnorm_forward(np.array([[1.0], [3.0], [5.0], [7.0]]), np.array([3.0]), np.array([1.0]), param)
assert out.shape == (4, 1), f"out has shape {out.shape}, expected (4, 1)"
assert abs(out[3, 0] - (3 * (7 - 4) / np.sqrt(5 + 2) + 1)) < 1e-9, (
    f"mean 4, variance 5, eps 2; out[3, 0] is {out[3, 0]}"
)
assert np.allclose(param["running_mean"], 0.5 * 0 + 0.5 * 4), param["running_mean"]
param["mode"] = "test"
out, _ = batchnorm_forward(np.array([[2.0]]), np.array([1.0]), np.array([0.0]), param)
assert abs(out[0, 0]) < 1e-9, "at test time the running mean, 2, is subtracted"
### BEGIN HIDDEN TESTS
checks.batchnorm_forward(batchnorm_forward)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "norm_modes_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** Two features of the digits' first layer before and after; and why there is a test mode: what the layer gives for *one* image, in the batch that it came
# with, in another batch, and at test time.

# %% nbgrader={"grade": false, "grade_id": "norm_modes", "locked": true, "schema_version": 3, "solution": false, "task": false}
hidden = X_train @ (3 * np.random.default_rng(2).normal(size=(64, 2))) + np.array([20.0, -60.0])
ones, zeros, param = np.ones(2), np.zeros(2), {"mode": "train"}
for start in range(0, 1250, 50):
    batchnorm_forward(hidden[start : start + 50], ones, zeros, param)
for name, rows, mode in [
    ("with the 49 next to it", slice(0, 50), "train"),
    ("with 9 others", slice(0, 10), "train"),
    ("alone", slice(0, 1), "train"),
    ("at test time, in any batch", slice(0, 1), "test"),
]:
    out, _ = batchnorm_forward(hidden[rows], ones, zeros, {**param, "mode": mode})
    print(f"image 0 {name:27s} {out[0, 0]:6.2f} {out[0, 1]:6.2f}")
stages = {"x": hidden, "x̂": batchnorm_forward(hidden, ones, zeros, {"mode": "train"})[0]}
stages["γ x̂ + β"] = batchnorm_forward(hidden, np.array([2.0, 0.5]), np.array([0.0, 3.0]), {"mode": "train"})[0]
diagrams.point_clouds(stages, labels=y_train)

# %% [markdown] nbgrader={"grade": false, "grade_id": "norm_back_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5 · Batch norm, backward  (4 points, hard, 45 minutes)
#
# **Why.** It is the best exercise in the chain rule that there is: x reaches out on **three** ways, straight, by the mean and by the variance, and the gradient comes
# back on all of them.

# %% nbgrader={"grade": false, "grade_id": "norm_back_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
diagrams.batchnorm_paths(np.array([1.0, 2.0, 6.0]), gamma=2.0, beta=1.0, dout=np.array([1.0, 0.0, -0.5]))

# %% [markdown] nbgrader={"grade": false, "grade_id": "norm_back_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Back along the arrows, for each feature, with s = √(σ² + ε):
#
# $$d\hat x_n = \gamma\, \text{dout}_n \qquad
# d\sigma^2 = -\frac{1}{2 s^3}\sum_n d\hat x_n\,(x_n - \mu) \qquad
# d\mu = -\frac{1}{s}\sum_n d\hat x_n$$
#
# $$\text{dx}_n = \underbrace{\frac{d\hat x_n}{s}}_{\text{straight}} + \underbrace{d\sigma^2\, \frac{2\,(x_n - \mu)}{N}}_{\text{by the variance}} + \underbrace{\frac{d\mu}{N}}_{\text{by the mean}}
# \qquad d\gamma = \sum_n \text{dout}_n\, \hat x_n \qquad d\beta = \sum_n \text{dout}_n$$
#
# (The mean inside the variance adds nothing: Σ(xₙ − μ) = 0.)
#
# **Shapes.** dout, dx (N, D); dgamma, dbeta (D,). **Task.** Return `(dx, dgamma, dbeta)` for training; dout and the cache stay as they were. You
# are given the cache of your own forward; where that is wrong, `(x, x_hat, gamma, mean, var, eps)`.
#
# <details><summary>Hint</summary>
#
# One line for each formula, in their order. The three terms of dx have different shapes before they meet: (N, D), (N, D), (D,).
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "batchnorm_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def batchnorm_backward(dout, cache):
    """Compute the gradients of batch norm in training.

    Parameters
    ----------
    dout : array of shape (N, D)
    cache : tuple
        What batchnorm_forward returned beside its output.

    Returns
    -------
    dx : array of shape (N, D)
    dgamma, dbeta : arrays of shape (D,)
    """
    ### BEGIN SOLUTION
    x, x_hat, gamma, mean, var, eps = cache
    std = np.sqrt(var + eps)
    dnormal = dout * gamma
    dvar = -0.5 * np.sum(dnormal * (x - mean), axis=0) / std**3
    dmean = -dnormal.sum(axis=0) / std
    dx = dnormal / std + dvar * 2 * (x - mean) / len(x) + dmean / len(x)
    return dx, np.sum(dout * x_hat, axis=0), dout.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "batchnorm_backward_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.batchnorm_backward(batchnorm_backward, batchnorm_forward)

# %% nbgrader={"grade": true, "grade_id": "batchnorm_backward_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
x, gamma, beta = np.array([[1.0], [3.0], [5.0], [7.0]]), np.array([3.0]), np.array([1.0])
x_hat = (x - 4) / np.sqrt(5 + 4)
cache = checks.cache_of(
    batchnorm_forward, x, gamma, beta, {"mode": "train", "eps": 4.0},
    right=3 * x_hat + 1, otherwise=(x, x_hat, gamma, np.array([4.0]), np.array([5.0]), 4.0),
)  # fmt: skip
dx, dgamma, dbeta = batchnorm_backward(np.array([[1.0], [0.0], [0.0], [0.0]]), cache)
assert dx.shape == (4, 1), f"dx has shape {dx.shape}, x (4, 1)"
assert dbeta.shape == (1,), f"dbeta has shape {dbeta.shape}, beta (1,)"
assert abs(dgamma[0] - (-1)) < 1e-9, f"only dout[0] is not 0, so dgamma is x̂[0] = −1; yours is {dgamma}"
assert abs(dx.sum()) < 1e-9, f"moving all of x together changes nothing, so dx adds up to 0; yours to {dx.sum()}"
assert abs(dx[1, 0] - (3 / 3) * (0 - 1 / 4 - (-1 / 3) * (-1) / 4)) < 1e-9, f"dx[1, 0] is {dx[1, 0]}"
### BEGIN HIDDEN TESTS
checks.batchnorm_backward(batchnorm_backward, batchnorm_forward)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "norm_gradient_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Gradient check**, and with pencil and paper the three terms become one:
#
# $$\text{dx} = \frac{\gamma}{s}\Big(\text{dout} - \text{mean}(\text{dout}) - \hat x \cdot \text{mean}(\text{dout}\cdot\hat x)\Big)$$
#
# Batch norm takes two things out of the gradient: its mean, and its part along x̂. Moving x along either is undone by the
# normalisation, so neither can change the loss.

# %% nbgrader={"grade": false, "grade_id": "norm_gradient", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(1)
x, gamma, beta, dout = 3 * rng.normal(size=(5, 4)) + 2, rng.normal(size=4), rng.normal(size=4), rng.normal(size=(5, 4))
out, cache = batchnorm_forward(x, gamma, beta, {"mode": "train"})
dx, dgamma, dbeta = batchnorm_backward(dout, cache)


def forward(x, gamma, beta):
    return batchnorm_forward(x, gamma, beta, {"mode": "train"})[0]


numerical = {
    "dx": eval_numerical_gradient_array(lambda x: forward(x, gamma, beta), x, dout),
    "dgamma": eval_numerical_gradient_array(lambda gamma: forward(x, gamma, beta), gamma, dout),
    "dbeta": eval_numerical_gradient_array(lambda beta: forward(x, gamma, beta), beta, dout),
}
for name, gradient in {"dx": dx, "dgamma": dgamma, "dbeta": dbeta}.items():
    print(f"{name:6s} {gradient.shape!s:6s} relative error {rel_error(gradient, numerical[name]):.0e}")
std, normal_x = np.sqrt(x.var(axis=0) + 1e-5), (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5)
short = gamma / std * (dout - dout.mean(axis=0) - normal_x * np.mean(dout * normal_x, axis=0))
print(f"the short formula differs by {abs(short - dx).max():.0e}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "norm_train_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 6 · What batch norm changes
#
# A network of six layers learns digits for 200 updates, from normal weights of eight sizes, once plain and once with **your** batch norm before every ReLU.


# %% nbgrader={"grade": false, "grade_id": "norm_train", "locked": true, "schema_version": 3, "solution": false, "task": false}
def last_loss(weight_scale, with_norm, hidden=50, depth=6, updates=200, rate=0.05):
    """Mean loss of the last 20 updates; nan if the numbers overflowed."""
    rng = np.random.default_rng(0)
    sizes = [64] + [hidden] * (depth - 1) + [10]
    w = [weight_scale * rng.normal(size=(sizes[k], sizes[k + 1])) for k in range(depth)]
    b, gamma = [np.zeros(n) for n in sizes[1:]], [np.ones(n) for n in sizes[1:]]
    losses = []
    for _ in range(updates):
        batch = rng.integers(len(X_train), size=50)
        x, caches = X_train[batch], []
        for k in range(depth):
            x, cache = layers.affine_forward(x, w[k], 0 * b[k] if with_norm and k < depth - 1 else b[k])
            caches.append([cache])
            if k < depth - 1:
                if with_norm:
                    x, cache = batchnorm_forward(x, gamma[k], b[k], {"mode": "train"})
                    caches[-1].append(cache)
                x, cache = layers.relu_forward(x)
                caches[-1].append(cache)
        if not np.isfinite(x).all():
            return np.nan
        loss, dx = layers.softmax_loss(x, y_train[batch])
        losses.append(loss)
        for k in reversed(range(depth)):
            if k < depth - 1:
                dx = layers.relu_backward(dx, caches[k][-1])
            if len(caches[k]) == 3:
                dx, dgamma, dbeta = batchnorm_backward(dx, caches[k][1])
                gamma[k], b[k] = gamma[k] - rate * dgamma, b[k] - rate * dbeta
            dx, dw, db = layers.affine_backward(dx, caches[k][0])
            w[k] = w[k] - rate * dw
            if len(caches[k]) < 3:
                b[k] = b[k] - rate * db
    return np.mean(losses[-20:])


scales = [0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.4, 0.8]
with np.errstate(all="ignore"):
    plain, normed = ([last_loss(scale, with_norm) for scale in scales] for with_norm in (False, True))
print(f"ln 10 = {np.log(10):.2f}, the loss of a network that knows nothing; He's scale would be {np.sqrt(2 / 50):.2f}")
diagrams.curves(
    np.array(scales),
    {"plain": np.array(plain), "with batch norm": np.array(normed)},
    xlabel="standard deviation of the initial weights",
    ylabel="loss after 200 updates",
    log=True,
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "norm_train_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** The plain network learns from a narrow range of initial weights around He's and knows nothing outside it (where its curve
# stops, its numbers overflowed). With batch norm it learns from nearly all of them.
#
# **Question.** In front of a batch norm the affine layer's own bias is of no use (it was left at 0 above). Why?
#
# <details><summary>Answer</summary>
#
# The batch's mean is subtracted right after it, and with it any constant. beta takes the bias's place.
#
# </details>
