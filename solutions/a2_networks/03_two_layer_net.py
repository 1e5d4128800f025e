# ---
# jupyter:
#   cs_layers:
#     cpu_seconds: 30
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
# # 03 · A two-layer network: from random weights to a trained model
#
# Two affine layers with a ReLU between them, a loss, and a loop that makes it smaller. Before you train for long you climb the
# *sanity ladder*: four quick questions that find most mistakes within seconds. **12 points · about two hours.**
#
# The layers come from the package now (`cs_layers.layers`): if one of yours from a1 was wrong, it costs nothing here. The package also has the whole network, `TwoLayerNet`, and the loop, `Solver`. Pictures and
# experiments use them; your answers cannot, for while a notebook is graded, both are out of reach.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from cs_layers import checks, diagrams, plots, sanity
from cs_layers.data import load_digits
from cs_layers.gradient_check import eval_numerical_gradient, rel_error
from cs_layers.layers import affine_backward, affine_forward, relu_backward, relu_forward, softmax_loss
from cs_layers.models import TwoLayerNet
from cs_layers.solver import Solver

digits = load_digits()
X_train, y_train, X_val, y_val = (digits[name] for name in ("X_train", "y_train", "X_val", "y_val"))
print(f"training images {X_train.shape}, validation images {X_val.shape}")
print(f"ink from {X_train.min():g} to {X_train.max():g}, classes {np.unique(y_train)}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "digits_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Nine of the training images, with their labels. Look at data before you train on them: here 8×8 pixels are all that the network gets, and the 4 and the 9 are near neighbours.

# %% nbgrader={"grade": false, "grade_id": "digits_grid", "locked": true, "schema_version": 3, "solution": false, "task": false}
plots.show_images(X_train[:9], y_train[:9], columns=3)

# %% [markdown] nbgrader={"grade": false, "grade_id": "init_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1 · Initial parameters  (1 point, easy, 10 minutes)
#
# **Why.** Learning starts somewhere, and two starts are fatal: weights that are all equal, and weights that are far too large.
#
# Here is a whole network with two inputs, three hidden units and two classes.

# %% nbgrader={"grade": false, "grade_id": "init_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
tiny = {
    "W1": np.array([[1.0, -1.0, 0.5], [0.5, 2.0, -1.5]]),
    "b1": np.array([0.2, -1.0, 0.0]),
    "W2": np.array([[1.5, -1.0], [0.5, 1.0], [-1.0, 2.0]]),
    "b2": np.array([0.0, 0.1]),
}
x_tiny = np.array([2.0, 0.4])
diagrams.tiny_network(tiny, x_tiny)

# %% [markdown] nbgrader={"grade": false, "grade_id": "init_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Now suppose all weights begin with one value. Every hidden unit then computes the same number, gets the same gradient, and takes
# the same step: fifty units stay one unit for ever. Random numbers break the tie. The next cell trains three networks for ten epochs,
# and counts the hidden units that differ.

# %% nbgrader={"grade": false, "grade_id": "init_symmetry", "locked": true, "schema_version": 3, "solution": false, "task": false}
for name, start in {"all 0": 0.0, "all 0.1": 0.1, "random": None}.items():
    net = TwoLayerNet(64, 50, 10, weight_scale=0.1)
    if start is not None:
        net.params = {key: np.full_like(value, start) for key, value in net.params.items()}
    solver = Solver(net, digits, "sgd", {"learning_rate": 0.5}, num_epochs=10, verbose=False)
    solver.train()
    different = len(np.unique(np.round(net.params["W1"], 9), axis=1).T)
    accuracy = f"validation accuracy {solver.best_val_acc:.0%}"
    print(f"weights start {name:7s}: {different:2d} different hidden units, {accuracy}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "init_formula", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$W_{ij} \sim \text{weight\_scale}\cdot\mathcal{N}(0, 1) \qquad b_j = 0$$
#
# **Shapes.** W1 (input_dim, hidden_dim), b1 (hidden_dim,), W2 (hidden_dim, num_classes), b2 (num_classes,).
#
# **Task.** Return a dict with the keys `"W1"`, `"b1"`, `"W2"`, `"b2"`. Weights are normal random numbers of standard deviation
# `weight_scale`; biases are 0. The same seed must give the same weights, another seed others.
#
# <details><summary>Hint</summary>
#
# `rng = np.random.default_rng(seed)` makes a generator, `rng.standard_normal((3, 4))` draws twelve numbers from it. Make it once:
# a second generator with the same seed would draw the same numbers again.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "two_layer_init", "locked": false, "schema_version": 3, "solution": true, "task": false}
def two_layer_init(input_dim, hidden_dim, num_classes, weight_scale=1e-2, seed=0):
    """Draw the initial parameters of a two-layer network.

    Parameters
    ----------
    input_dim, hidden_dim, num_classes : int
    weight_scale : float
        Standard deviation of the weights.
    seed : int

    Returns
    -------
    dict
        "W1" (input_dim, hidden_dim), "b1" (hidden_dim,), "W2" (hidden_dim, num_classes), "b2" (num_classes,)
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    return {
        "W1": weight_scale * rng.standard_normal((input_dim, hidden_dim)),
        "b1": np.zeros(hidden_dim),
        "W2": weight_scale * rng.standard_normal((hidden_dim, num_classes)),
        "b2": np.zeros(num_classes),
    }
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "two_layer_init_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.two_layer_init(two_layer_init)

# %% nbgrader={"grade": true, "grade_id": "two_layer_init_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
params = two_layer_init(64, 100, 10, 0.01, 0)
shapes = {name: value.shape for name, value in params.items()}
assert shapes == {"W1": (64, 100), "b1": (100,), "W2": (100, 10), "b2": (10,)}, shapes
assert 0.009 < params["W1"].std() < 0.011, "the standard deviation of 6,400 draws is close to weight_scale"
assert not np.any([*params["b1"], *params["b2"]]), "biases start at 0"
### BEGIN HIDDEN TESTS
checks.two_layer_init(two_layer_init)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "scores_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2 · Scores  (2 points, easy, 10 minutes)
#
# **Why.** The forward pass turns an image into ten numbers; the largest is the network's answer.
#
# $$\text{hidden} = \max(0,\; x W_1 + b_1) \qquad \text{scores} = \text{hidden}\, W_2 + b_2$$
#
# In the picture above the two scores come out like this:

# %% nbgrader={"grade": false, "grade_id": "scores_worked", "locked": true, "schema_version": 3, "solution": false, "task": false}
hidden = np.maximum(0, x_tiny @ tiny["W1"] + tiny["b1"])
print("hidden", hidden)
print("scores", hidden @ tiny["W2"] + tiny["b2"])

# %% [markdown] nbgrader={"grade": false, "grade_id": "scores_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Shapes.** X (N, d₁, …, dₖ) → scores (N, C). **Task.** Use `affine_forward(x, w, b)` and `relu_forward(x)`; both return
# `(out, cache)`, and here you need no cache. No ReLU after the second layer: a score may be negative.
# params and X stay as they were.
#
# <details><summary>Hint</summary>
#
# Three calls, each on what the one before returned; `hidden, _ = affine_forward(…)` keeps the output and drops the cache.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "two_layer_scores", "locked": false, "schema_version": 3, "solution": true, "task": false}
def two_layer_scores(params, X):
    """Compute the scores of a two-layer network: affine, ReLU, affine.

    Parameters
    ----------
    params : dict
        "W1" (D, H), "b1" (H,), "W2" (H, C), "b2" (C,)
    X : array of shape (N, d_1, ..., d_k)
        N inputs of D = d_1 * ... * d_k numbers.

    Returns
    -------
    array of shape (N, C)
    """
    ### BEGIN SOLUTION
    hidden, _ = affine_forward(X, params["W1"], params["b1"])
    hidden, _ = relu_forward(hidden)
    scores, _ = affine_forward(hidden, params["W2"], params["b2"])
    return scores
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "two_layer_scores_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.two_layer_scores(two_layer_scores)

# %% nbgrader={"grade": true, "grade_id": "two_layer_scores_test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
identity = {"W1": np.eye(2), "b1": np.zeros(2)}
identity |= {"W2": np.array([[1.0, -1.0], [1.0, 1.0]]), "b2": np.array([0.0, 10.0])}
scores = two_layer_scores(identity, np.array([[3.0, -1.0]]))
assert scores.shape == (1, 2), scores.shape
assert scores.tolist() == [[3.0, 7.0]], "hidden is (3, 0), so scores are (3·1 + 0·1, −3 + 0 + 10)"
### BEGIN HIDDEN TESTS
checks.two_layer_scores(two_layer_scores)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "loss_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3 · Loss and gradients  (4 points, medium, 30 minutes)
#
# **Why.** The gradient of one number, the loss, with respect to every weight is all that training ever uses.
#
# $$L = \underbrace{\frac1N\sum_n \ell_\text{softmax}(\text{scores}_n, y_n)}_{\text{data}} \;+\;
# \underbrace{\tfrac12\,\text{reg}\,\Big(\sum W_1^2 + \sum W_2^2\Big)}_{\text{L2 regularisation}}$$
#
# Regularisation says: of two networks that fit the data equally well, take the one with smaller weights. Its gradient is simple,
# ∂L/∂W gains **reg · W**; that is what the ½ is for. Biases are left out, in the loss and in the gradients.
#
# Backwards, walk through the layers in reverse, each `*_backward` with the cache of its own forward:
#
# | | forward | backward |
# |---|---|---|
# | 1 | affine (W1, b1) | ← dW1, db1 |
# | 2 | ReLU | ← dhidden, where the ReLU let its input through |
# | 3 | affine (W2, b2) | ← dW2, db2, dhidden |
# | 4 | softmax_loss | ← dscores |
#
# One number of it, computed: with the tiny network, the label 0 and reg = 0.1, moving W2[0, 0] a little changes the loss by this much.

# %% nbgrader={"grade": false, "grade_id": "loss_worked", "locked": true, "schema_version": 3, "solution": false, "task": false}
scores = hidden @ tiny["W2"] + tiny["b2"]
p = np.exp(scores) / np.exp(scores).sum()
print(f"probabilities {np.round(p, 4)}")
print("∂L/∂W2[0, 0] = hidden[0] · (p[0] − 1) + reg · W2[0, 0]")
slope = hidden[0] * (p[0] - 1) + 0.1 * tiny["W2"][0, 0]
print(f"             = {hidden[0]:.2f} · ({p[0]:.4f} − 1) + 0.1 · {tiny['W2'][0, 0]} = {slope:.4f}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "loss_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Shapes.** loss: one number. grads: a dict with the keys of params, each gradient in the shape of its parameter.
#
# **Task.** Return `(loss, grads)`. Use `softmax_loss(scores, y)`, which returns `(loss, dscores)`, averaged over the batch, and
# `affine_backward(dout, cache)`, `relu_backward(dout, cache)`. This time you need the caches, so walk forward again in this function.
# params, X and y stay as they were.
#
# <details><summary>Hint</summary>
#
# `affine_backward` returns `(dx, dw, db)`; the dx of the second affine layer is the dout of the ReLU. Add `reg * W` to dW1 **and** dW2,
# after the backward pass.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "two_layer_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def two_layer_loss(params, X, y, reg):
    """Compute the loss of a two-layer network on a batch, and its gradients.

    Parameters
    ----------
    params : dict
        "W1" (D, H), "b1" (H,), "W2" (H, C), "b2" (C,); left as they are.
    X : array of shape (N, d_1, ..., d_k)
    y : array of shape (N,)
        Labels from 0 to C - 1.
    reg : float
        Strength of the L2 regularisation.

    Returns
    -------
    loss : float
        The mean softmax loss plus 0.5 * reg times the sum of all squared weights.
    grads : dict
        The gradient of the loss with respect to each parameter, under its name.
    """
    ### BEGIN SOLUTION
    before, cache1 = affine_forward(X, params["W1"], params["b1"])
    hidden, relu_cache = relu_forward(before)
    scores, cache2 = affine_forward(hidden, params["W2"], params["b2"])
    loss, dscores = softmax_loss(scores, y)
    loss += 0.5 * reg * sum(np.sum(params[name] ** 2) for name in ("W1", "W2"))

    grads = {}
    dhidden, grads["W2"], grads["b2"] = affine_backward(dscores, cache2)
    dbefore = relu_backward(dhidden, relu_cache)
    _, grads["W1"], grads["b1"] = affine_backward(dbefore, cache1)
    for name in ("W1", "W2"):
        grads[name] = grads[name] + reg * params[name]
    return loss, grads
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "two_layer_loss_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.two_layer_loss(two_layer_loss)

# %% nbgrader={"grade": true, "grade_id": "two_layer_loss_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
quiet = {"W1": np.eye(2), "b1": np.zeros(2), "W2": np.zeros((2, 2)), "b2": np.zeros(2)}
loss, grads = two_layer_loss(quiet, np.array([[3.0, -1.0]]), np.array([0]), reg=0.5)
assert abs(loss - (np.log(2) + 0.5 * 0.5 * 2)) < 1e-12, "both scores are 0: ln 2, plus 0.5 · reg · (1 + 1)"
assert set(grads) == {"W1", "b1", "W2", "b2"}, set(grads)
assert np.allclose(grads["W2"], [[-1.5, 1.5], [0, 0]]), "hidden is (3, 0), dscores is (−0.5, 0.5)"
assert np.allclose(grads["W1"], [[0.5, 0], [0, 0.5]]), "W2 is 0, so only reg · W1 is left"
### BEGIN HIDDEN TESTS
checks.two_layer_loss(two_layer_loss)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "loss_gradient_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Gradient check.** Every entry of every parameter is moved by 10⁻⁵. Biases are not 0 here, so that a mistake in them shows.

# %% nbgrader={"grade": false, "grade_id": "loss_gradient", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(3)
params = {
    "W1": rng.normal(size=(6, 5)),
    "b1": rng.normal(size=5),
    "W2": rng.normal(size=(5, 4)),
    "b2": rng.normal(size=4),
}
X_few, y_few = rng.normal(size=(3, 6)), np.array([0, 3, 1])
_, grads = two_layer_loss(params, X_few, y_few, reg=0.7)
for name in params:
    numerical = eval_numerical_gradient(lambda _: two_layer_loss(params, X_few, y_few, 0.7)[0], params[name])
    print(f"{name} {params[name].shape!s:7s} relative error {rel_error(grads[name], numerical):.0e}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "loss_gradient_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** Four errors below 10⁻⁶.

# %% [markdown] nbgrader={"grade": false, "grade_id": "first_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4 · What an untrained network must cost  (1 point, easy, 10 minutes)
#
# **Why.** Before you train anything you already know its first loss. If the number differs, something is wrong, and you have lost
# a second instead of a night.
#
# With small random weights all scores are nearly 0, so each of the C classes gets the probability 1/C whatever the image. The softmax loss
# of that is **−ln(1/C) = ln C**. Regularisation adds its penalty on top. The probabilities of an untrained network for one digit:

# %% nbgrader={"grade": false, "grade_id": "first_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
net = TwoLayerNet(64, 50, 10, weight_scale=0.01)
scores = net.loss(X_train[:1])
p = np.exp(scores) / np.exp(scores).sum()
given = float(p[0, y_train[0]])
print(f"probabilities from {p.min():.4f} to {p.max():.4f}")
print(f"the label gets {given:.4f}, and −ln of that is {-np.log(given):.4f}; ln 10 is {np.log(10):.4f}")
diagrams.minus_log([round(given, 3), 0.5, 0.9])

# %% [markdown] nbgrader={"grade": false, "grade_id": "first_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task.** Return the loss that an untrained network with these parameters is expected to have: a number, from the number of
# classes, the weights and reg.
#
# <details><summary>Hint</summary>
#
# `np.log` is the natural logarithm. The penalty is the one of section 3, for W1 and W2; biases have no part in it.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "expected_first_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def expected_first_loss(num_classes, params, reg):
    """Predict the loss of a network that knows nothing yet.

    Parameters
    ----------
    num_classes : int
        C
    params : dict
        "W1", "b1", "W2", "b2"
    reg : float

    Returns
    -------
    float
        The loss of giving each class the probability 1 / C, plus the penalty.
    """
    ### BEGIN SOLUTION
    penalty = sum(np.sum(params[name] ** 2) for name in ("W1", "W2"))
    return np.log(num_classes) + 0.5 * reg * penalty
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "expected_first_loss_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.expected_first_loss(expected_first_loss)

# %% nbgrader={"grade": true, "grade_id": "expected_first_loss_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
nothing = {"W1": np.zeros((4, 3)), "b1": np.zeros(3), "W2": np.zeros((3, 2)), "b2": np.zeros(2)}
assert abs(expected_first_loss(2, nothing, 5.0) - np.log(2)) < 1e-12, "without weights there is no penalty"
ones = {"W1": np.ones((4, 3)), "b1": np.ones(3), "W2": np.ones((3, 2)), "b2": np.ones(2)}
assert abs(expected_first_loss(2, ones, 0.1) - (np.log(2) + 0.5 * 0.1 * (12 + 6))) < 1e-12, "18 weights of 1"
### BEGIN HIDDEN TESTS
checks.expected_first_loss(expected_first_loss)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "first_table", "locked": true, "schema_version": 3, "solution": false, "task": false}
print("weight_scale    reg     loss   expected")
for weight_scale, reg in [(0.01, 0), (0.01, 1), (0.01, 10), (0.1, 0), (0.1, 0.1), (1, 0), (3, 0)]:
    net = TwoLayerNet(64, 50, 10, weight_scale, reg)
    loss, _ = net.loss(X_train, y_train)
    print(f"{weight_scale:12g} {reg:6g} {loss:8.3f} {expected_first_loss(10, net.params, reg):10.3f}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "first_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** ln 10 ≈ 2.303 wherever the weights are small, and your prediction rises with reg just as the loss does. With
# weights of size 1 and 3 the network is sure of itself before it has seen a label, and pays for it: the prediction no longer holds.

# %% [markdown] nbgrader={"grade": false, "grade_id": "train_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5 · The training loop, by hand  (1½ points, medium, 20 minutes)
#
# **Why.** Everything so far was one step. A loop of steps is what learning is; it has five lines, and each has its classic mistake.
#
# In every **epoch** each image is visited once, in a **new random order**, a few images at a time (a *batch*):
#
# 1. draw an order of all rows: `rng.permutation(len(X))`;
# 2. take the next `batch_size` rows of it (what is left over makes a smaller last batch), from X **and** y;
# 3. loss and gradients on this batch; **note the loss** (the one of before the step);
# 4. for **every** parameter: $\;w \leftarrow w - \text{learning\_rate}\cdot\partial L/\partial w$;
# 5. on to the next batch.
#
# The next cell does the arithmetic of one step for one weight.

# %% nbgrader={"grade": false, "grade_id": "train_worked", "locked": true, "schema_version": 3, "solution": false, "task": false}
w, dw, learning_rate = 0.8, -2.0, 0.1
print(f"w = {w} − {learning_rate} · ({dw}) = {w - learning_rate * dw}: a negative slope, a step up")
order = np.random.default_rng(0).permutation(7)
print("an order of 7 rows: ", order)
print("in batches of 3:    ", [order[start : start + 3].tolist() for start in (0, 3, 6)])

# %% [markdown] nbgrader={"grade": false, "grade_id": "train_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task.** Return `(params, losses)`: a **new** dict with trained copies (the arrays that came in stay as they were) and the list of the
# losses, one for each batch. `loss(params, X, y)` is any function that returns `(loss, grads)`; the graded cell brings its own, so
# a mistake further up costs nothing here.
#
# <details><summary>Hint</summary>
#
# `{name: value.copy() for name, value in params.items()}` copies the arrays too; `dict(params)` copies the dict alone, and `-=` would
# then change the caller's arrays.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "train", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train(loss, params, X, y, learning_rate, batch_size, num_epochs, seed=0):
    """Train by gradient descent on batches.

    Parameters
    ----------
    loss : function
        loss(params, X, y) returns (loss, grads); grads has the keys of params.
    params : dict of arrays
        Where to start; left as they are.
    X : array of shape (N, ...)
    y : array of shape (N,)
    learning_rate : float
    batch_size : int
        Rows in a batch; the last one of an epoch may be smaller.
    num_epochs : int
        How often every row is visited.
    seed : int
        Of the generator that draws a new order for each epoch.

    Returns
    -------
    params : dict of arrays
        Trained.
    losses : list of float
        The loss of each batch, before the step that it led to.
    """
    ### BEGIN SOLUTION
    params = {name: value.copy() for name, value in params.items()}
    rng = np.random.default_rng(seed)
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            value, grads = loss(params, X[rows], y[rows])
            losses.append(value)
            for name in params:
                params[name] -= learning_rate * grads[name]
    return params, losses
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "train_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.train(train)

# %% [markdown] nbgrader={"grade": false, "grade_id": "train_overfit", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Overfit 20 images.** A network that cannot learn 20 images by heart will not learn more from a thousand. This is the fourth rung
# of the ladder, and your loop has to climb it. `net_loss` is the package's network.

# %% nbgrader={"grade": false, "grade_id": "train_net_loss", "locked": true, "schema_version": 3, "solution": false, "task": false}
course_net = TwoLayerNet(64, 30, 10, weight_scale=0.1, seed=1)
first_params = {name: value.copy() for name, value in course_net.params.items()}
X20, y20 = X_train[:20], y_train[:20]


def net_loss(params, X, y):
    course_net.params = params
    return course_net.loss(X, y)


# %% nbgrader={"grade": true, "grade_id": "train_test", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
trained, losses = train(net_loss, first_params, X20, y20, 0.3, 5, 60, seed=0)
assert len(losses) == 60 * 4, f"{len(losses)} losses; 60 epochs of 4 batches are 240"
course_net.params = trained
accuracy = np.mean(course_net.loss(X20).argmax(axis=1) == y20)
assert accuracy == 1.0, f"{accuracy:.0%} of the 20 are right, expected all; is every parameter updated?"
### BEGIN HIDDEN TESTS
checks.train(train)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "train_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
runs = {}
for images in (20, 200):
    _, runs[f"{images} images"] = train(
        net_loss,
        first_params,
        X_train[:images],
        y_train[:images],
        learning_rate=0.3,
        batch_size=5,
        num_epochs=1200 // images,
    )
diagrams.curves_by_name(runs, "update", "loss of the batch", line=np.log(10))

# %% [markdown] nbgrader={"grade": false, "grade_id": "train_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** Both curves start at ln 10 ≈ 2.3 (dotted). The 20 images are learned by heart within some hundred updates: their
# loss goes to 0. With 200 images the loss jumps from batch to batch, since each batch is different, but it falls too.

# %% [markdown] nbgrader={"grade": false, "grade_id": "best_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### The best epoch  (½ point, easy, 10 minutes)
#
# **Why.** The last epoch is not always the best. Measure after every epoch on images that are not trained on, and you can go back to the one that did best.
#
# But measure well. The public solver that this course grew out of took the accuracy on **four** images, drawn anew each time, for the accuracy of the network, and kept the parameters that were lucky. One
# run on 300 digits, measured both ways:

# %% nbgrader={"grade": false, "grade_id": "best_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(0)
net = TwoLayerNet(64, 50, 10, weight_scale=0.1)
measured = {f"all {len(X_val)} validation images": [], "4 of them, drawn with replacement": []}
for _ in range(20):
    for rows in np.split(rng.permutation(300), 6):
        _, grads = net.loss(X_train[rows], y_train[rows])
        net.params = {name: value - 0.5 * grads[name] for name, value in net.params.items()}
    right = net.loss(X_val).argmax(axis=1) == y_val
    for name, some in zip(measured, (right, right[rng.integers(len(right), size=4)]), strict=True):
        measured[name].append(some.mean())
for name, history in measured.items():
    print(f"{name}: the best epoch seems to be number {np.argmax(history) + 1}, with {max(history):.1%}")
diagrams.curves_by_name(measured, "epoch", "accuracy")

# %% [markdown] nbgrader={"grade": false, "grade_id": "best_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task.** `keep_best` trains for `num_epochs` epochs and returns `(best, history)`: the parameters of the epoch with the highest validation accuracy, and the list of all accuracies, one for each epoch. Two functions
# come as arguments:
#
# - `epoch(params)` trains for one more epoch and returns **new** params;
# - `scores(params, X)` returns scores (N, C). The accuracy is the share of images whose largest score belongs to their label.
#
# Measure **after** each epoch, the last one too, and on **all** validation images. Return the parameters of some epoch even if no image is ever right. Of equally good epochs take any. What comes in stays as it was.
#
# <details><summary>Hint</summary>
#
# Let the best accuracy so far begin below 0, and compare after every epoch. `scores(params, X_val).argmax(axis=1) == y_val` is True where the network is right.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "keep_best", "locked": false, "schema_version": 3, "solution": true, "task": false}
def keep_best(epoch, scores, params, X_val, y_val, num_epochs):
    """Train epoch by epoch, and keep the parameters that did best on the validation images.

    Parameters
    ----------
    epoch : function
        epoch(params) returns new params, trained for one more epoch.
    scores : function
        scores(params, X) returns an array (N, C).
    params : dict of arrays
        Where to start.
    X_val : array of shape (N, ...)
    y_val : array of shape (N,)
    num_epochs : int

    Returns
    -------
    best : dict of arrays
        The params of the epoch with the highest accuracy.
    history : list of float
        The accuracy after each epoch.
    """
    ### BEGIN SOLUTION
    best, best_accuracy, history = None, -1.0, []
    for _ in range(num_epochs):
        params = epoch(params)
        accuracy = np.mean(scores(params, X_val).argmax(axis=1) == y_val)
        history.append(accuracy)
        if accuracy > best_accuracy:
            best, best_accuracy = params, accuracy
    return best, history
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "keep_best_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.keep_best(keep_best)


# %% nbgrader={"grade": true, "grade_id": "keep_best_test", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
def one_more(params):
    return {"epochs": params["epochs"] + 1}


def scripted(params, X):  # of four images 1, 3 and 2 are right after epochs 1, 2 and 3
    right = X[:, 0] < [0, 1, 3, 2][params["epochs"]]
    return np.stack([right, ~right], axis=1).astype(float)


best, history = keep_best(one_more, scripted, {"epochs": 0}, np.arange(4.0)[:, np.newaxis], np.zeros(4, int), 3)
assert list(history) == [0.25, 0.75, 0.5], f"1, 3 and 2 of 4 images are right; yours {history}"
assert best == {"epochs": 2}, f"epoch 2 is the best; yours {best}"
### BEGIN HIDDEN TESTS
checks.keep_best(keep_best)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "ladder_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 6 · The sanity ladder
#
# The four questions in one call, for any object with `params` and `loss`: `sanity.climb(model, X, y)`. It stops at the first rung that
# does not hold. Your own functions make such an object:


# %% nbgrader={"grade": false, "grade_id": "ladder_own", "locked": true, "schema_version": 3, "solution": false, "task": false}
class MyTwoLayerNet:
    """Your functions, in the form that the package's Solver and sanity ladder take."""

    def __init__(self, input_dim, hidden_dim, num_classes, weight_scale=1e-2, reg=0.0, seed=0):
        self.params = two_layer_init(input_dim, hidden_dim, num_classes, weight_scale, seed)
        self.reg = reg

    def loss(self, X, y=None):
        if y is None:
            return two_layer_scores(self.params, X)
        return two_layer_loss(self.params, X, y, self.reg)


ladder = sanity.climb(MyTwoLayerNet(64, 50, 10), X_train, y_train)

# %% [markdown] nbgrader={"grade": false, "grade_id": "ladder_broken_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# And two networks that somebody got wrong. The first sums the loss over the batch; the second halves the gradient of the first
# layer's bias, which no loss curve would show: it trains, a little worse than it should.


# %% nbgrader={"grade": false, "grade_id": "ladder_broken", "locked": true, "schema_version": 3, "solution": false, "task": false}
class SummedLoss(TwoLayerNet):
    def loss(self, X, y=None):
        result = super().loss(X, y)
        return result if y is None else (result[0] * len(X), result[1])


class HalfBias(TwoLayerNet):
    def loss(self, X, y=None):
        result = super().loss(X, y)
        if y is not None:
            result[1]["b1"] = result[1]["b1"] / 2
        return result


for broken in (SummedLoss, HalfBias):
    print(broken.__name__)
    sanity.climb(broken(64, 50, 10, weight_scale=0.01), X_train, y_train)
    print()

# %% [markdown] nbgrader={"grade": false, "grade_id": "settings_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 7 · Settings that train well  (1 point, easy, 20 minutes)
#
# **Why.** The same code learns nothing, everything, or blows up, by the choice of a few numbers. The learning rate comes first.
#
# An atlas: one network, six learning rates, ten epochs each, and a seventh run with strong regularisation besides. (`Solver` is the package's loop: yours, with the best
# parameters put back at the end, checkpoints and more.) Dotted: ln 10, the loss of guessing.


# %% nbgrader={"grade": false, "grade_id": "settings_atlas", "locked": true, "schema_version": 3, "solution": false, "task": false}
def run(learning_rate, reg=0.0, num_epochs=10, weight_scale=0.1):
    net = TwoLayerNet(64, 50, 10, weight_scale, reg)
    rate = {"learning_rate": learning_rate}
    solver = Solver(net, digits, "sgd", rate, batch_size=50, num_epochs=num_epochs, verbose=False)
    try:
        solver.train()
    except FloatingPointError:
        solver.loss_history.append(float("nan"))
    return net, solver


atlas, accuracy = {}, {}
for learning_rate in (0.001, 0.01, 0.1, 0.5, 2, 20):
    _, solver = run(learning_rate)
    title = f"learning rate {learning_rate:g}"
    atlas[title], accuracy[title] = solver.loss_history, f"validation {solver.best_val_acc:.0%}"
_, solver = run(20, reg=1.0, weight_scale=0.01)
atlas["learning rate 20, reg 1"], accuracy["learning rate 20, reg 1"] = solver.loss_history, "stopped"
diagrams.loss_curves(atlas, line=np.log(10), note=accuracy)

# %% [markdown] nbgrader={"grade": false, "grade_id": "settings_atlas_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **How to read it.** A straight, hardly falling line: too low. A quick fall that flattens out: about right. A jump up, then ln 10 for
# ever: too high, and something has died. nan: every step makes the loss larger, until it is no longer a number.
#
# What died? Count for each hidden unit the share of images that switch it on. A step that is too large can push a unit's bias so far down
# that no image reaches it any more. Its ReLU then passes no gradient, for any image: nothing can bring it back.

# %% nbgrader={"grade": false, "grade_id": "settings_dead", "locked": true, "schema_version": 3, "solution": false, "task": false}
flat, shares = X_train.reshape(len(X_train), -1), {}
for learning_rate in (0.1, 1, 2, 8):
    net = TwoLayerNet(64, 50, 10, weight_scale=0.1)
    for step in range(130):  # five epochs
        rows = np.random.default_rng(step).permutation(len(X_train))[:50]
        _, grads = net.loss(X_train[rows], y_train[rows])
        for name in net.params:
            net.params[name] = net.params[name] - learning_rate * grads[name]
    hidden = flat @ net.params["W1"] + net.params["b1"]
    shares[f"learning rate {learning_rate:g}"] = np.mean(hidden > 0, axis=0)
diagrams.active_units(shares)

# %% [markdown] nbgrader={"grade": false, "grade_id": "settings_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task.** Return the settings of a run that reaches at least **93 %** validation accuracy on the digits, with plain gradient descent, for
# each of three seeds. The limits:
#
# | key | from | to |
# |---|---|---|
# | `hidden_dim` | 1 | 200 (integer) |
# | `weight_scale` | 0 | 10 |
# | `reg` | 0 | 10 |
# | `learning_rate` | above 0 | 1000 |
# | `batch_size` | 1 | 1297 (integer) |
# | `num_epochs` | 1 | 30 (integer) |
#
# A good choice lies well above the gate, so you need no luck: if one seed fails, choose better, not again.
#
# <details><summary>Hint</summary>
#
# Begin with the panel of the atlas that falls fastest without a jump. If its curve still falls at the end, give it more epochs.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "training_settings", "locked": false, "schema_version": 3, "solution": true, "task": false}
def training_settings():
    """Choose settings that train a two-layer network on the digits.

    Returns
    -------
    dict
        hidden_dim, weight_scale, reg, learning_rate, batch_size, num_epochs
    """
    ### BEGIN SOLUTION
    return {
        "hidden_dim": 100,
        "weight_scale": 0.1,
        "reg": 1e-4,
        "learning_rate": 0.5,
        "batch_size": 50,
        "num_epochs": 15,
    }
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "training_settings_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.training_settings(training_settings)

# %% nbgrader={"grade": true, "grade_id": "training_settings_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
settings = training_settings()
names = {"hidden_dim", "weight_scale", "reg", "learning_rate", "batch_size", "num_epochs"}
assert set(settings) == names, f"{sorted(settings)}, expected {sorted(names)}"
assert 1 <= settings["num_epochs"] <= 30, "see the limits above"
### BEGIN HIDDEN TESTS
checks.training_settings(training_settings)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "settings_see_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Your settings, looked at.** Loss and accuracy of one run:

# %% nbgrader={"grade": false, "grade_id": "settings_history", "locked": true, "schema_version": 3, "solution": false, "task": false}
settings = training_settings()
net = TwoLayerNet(64, settings["hidden_dim"], 10, settings["weight_scale"], settings["reg"])
solver = Solver(
    net,
    digits,
    "sgd",
    {"learning_rate": settings["learning_rate"]},
    batch_size=settings["batch_size"],
    num_epochs=settings["num_epochs"],
    verbose=False,
)
solver.train()
print(f"best validation accuracy {solver.best_val_acc:.1%}")
plots.plot_history(solver.loss_history, solver.train_acc_history, solver.val_acc_history, line=0.93)

# %% [markdown] nbgrader={"grade": false, "grade_id": "settings_weights_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What the first layer has learned.** Each unit's 64 weights, drawn as an image, before and after: orange counts for the unit, purple against.

# %% nbgrader={"grade": false, "grade_id": "settings_weights", "locked": true, "schema_version": 3, "solution": false, "task": false}
settings = training_settings()
start = TwoLayerNet(64, settings["hidden_dim"], 10, settings["weight_scale"])  # the same seed, the same start
rows = {"before": start.params["W1"].T[:10].reshape(-1, 8, 8), "after": net.params["W1"].T[:10].reshape(-1, 8, 8)}
diagrams.image_rows(rows, cmap="PuOr_r")

# %% [markdown] nbgrader={"grade": false, "grade_id": "settings_grid_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# All hidden units at once, as one looks at the first layer of any network whose inputs are images. Here red counts for the unit, blue against:

# %% nbgrader={"grade": false, "grade_id": "settings_grid", "locked": true, "schema_version": 3, "solution": false, "task": false}
training_settings()  # until they are written, there is no network of yours to show
plots.show_net_weights(net.params["W1"], image_shape=(1, 8, 8))

# %% [markdown] nbgrader={"grade": false, "grade_id": "gap_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 8 · Question: closing the gap  (1 point, 15 minutes)
#
# A hard problem, made from the digits: strong noise on every pixel, and only 300 training images. The network learns them by heart
# and does far worse on new ones. The table tries six changes, each on its own: means of three seeds, 120 epochs unless it says otherwise.

# %% nbgrader={"grade": false, "grade_id": "gap_table", "locked": true, "schema_version": 3, "solution": false, "task": false}
noise = np.random.default_rng(0)
noisy = {
    name: part + 0.5 * noise.standard_normal(part.shape) if name[0] == "X" else part for name, part in digits.items()
}


def train_noisy(images=300, reg=0.0, hidden_dim=100, num_epochs=120, augment=None):
    part = {**noisy, "X_train": noisy["X_train"][:images], "y_train": noisy["y_train"][:images]}
    reached = []
    for seed in range(3):
        solver = Solver(
            TwoLayerNet(64, hidden_dim, 10, "he", reg, seed=seed),
            part,
            "sgd",
            {"learning_rate": 0.1},
            lr_decay=0.05 ** (1 / num_epochs),
            batch_size=50,
            num_epochs=num_epochs,
            num_train_samples=None,
            augment=augment,
            verbose=False,
        )
        solver.train()
        reached.append((solver.train_acc_history[-1], solver.val_acc_history[-1]))
    return np.mean(reached, axis=0)


changes = {
    "as it is": {},
    "more_training_images: 1,200": {"images": 1200, "num_epochs": 30},
    "some_l2: reg 0.06": {"reg": 0.06},
    "too_much_l2: reg 0.3": {"reg": 0.3},
    "more_hidden_units: 300": {"hidden_dim": 300},
    "train_longer: 240 epochs": {"num_epochs": 240},
    "fresh_noise on every batch": {"augment": lambda X, rng: X + 0.5 * rng.standard_normal(X.shape)},
}
print(f"{'':28s} training  validation    gap")
for name, change in changes.items():
    train_accuracy, val_accuracy = train_noisy(**change)
    print(f"{name:28s} {train_accuracy:8.1%} {val_accuracy:11.1%} {train_accuracy - val_accuracy:6.1%}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "gap_question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What does each change do?**
#
# - `"A"`: the validation accuracy rises by more than two points: the network generalises better
# - `"B"`: the gap closes, but only because the network has become worse at both
# - `"C"`: neither: the validation accuracy moves by less than two points, and the gap is still there
#
# Return one letter for each of the six names (½ point, scored by machine, all six right), and write a sentence in the last cell
# (½ point, read by a person).
#
# <details><summary>Hint</summary>
#
# Take the first row's validation accuracy from each of the others'; then look at the last column.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "closing_the_gap", "locked": false, "schema_version": 3, "solution": true, "task": false}
def closing_the_gap():
    """Say what each change does.

    Returns
    -------
    dict
        "A", "B" or "C" for more_training_images, some_l2, too_much_l2, more_hidden_units, train_longer, fresh_noise.
    """
    ### BEGIN SOLUTION
    return {
        "more_training_images": "A",
        "some_l2": "A",
        "too_much_l2": "B",
        "more_hidden_units": "C",
        "train_longer": "C",
        "fresh_noise": "A",
    }
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "closing_the_gap_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
answer = closing_the_gap()
names = ["more_training_images", "some_l2", "too_much_l2", "more_hidden_units", "train_longer", "fresh_noise"]
assert sorted(answer) == sorted(names), f"return a dict with the names {', '.join(names)}"
unanswered = [name for name in names if answer[name] not in ("A", "B", "C")]
assert not unanswered, f"put A, B or C, in quotes, for {', '.join(unanswered)}"
print("Six answers. Whether they are right you learn when the notebook is graded;\nthe table above tells you now.")

# %% nbgrader={"grade": true, "grade_id": "closing_the_gap_test", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
answer = closing_the_gap()
assert len(answer) == 6, f"{len(answer)} answers, expected 6"
### BEGIN HIDDEN TESTS
right = {"more_training_images": "A", "some_l2": "A", "too_much_l2": "B"}
right |= {"more_hidden_units": "C", "train_longer": "C", "fresh_noise": "A"}
wrong = [name for name, letter in right.items() if answer.get(name) != letter]
assert not wrong, f"look again at the table for {', '.join(wrong)}"
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "gap_sentence_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **In one sentence:** why do more training images help the validation accuracy, while more hidden units do not?

# %% [markdown] nbgrader={"grade": true, "grade_id": "closing_the_gap_sentence", "locked": false, "points": 0.5, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# Noise differs from image to image while the shapes of the digits repeat, so with more images the network can no longer learn each one's
# noise by heart and what it fits is what they have in common; more hidden units only give it more room to learn noise by heart.
# ### END SOLUTION
