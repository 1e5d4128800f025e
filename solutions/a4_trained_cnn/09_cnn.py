# ---
# jupyter:
#   cs_layers:
#     cpu_seconds: 120
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
# # 09 · A convolutional network: built, checked, trained, rescued
#
# You build the network of CS231n out of layers that you know, learn to find out what is wrong with a network within seconds, train it, look at
# what it learned, and rescue a run that learned nothing. **12 points · about three hours.**
#
# The layers come from `cs_layers.layers`: those of notebooks 01, 02, 06 and 07, fast. The package has this network too, and experiments below use it; your answers cannot, for while a notebook is graded, it is out of reach.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import tempfile
import time
from pathlib import Path

import numpy as np

from cs_layers import checks, cnn_runs, diagrams, layers, plots, sanity
from cs_layers.carry import earlier
from cs_layers.data import SHAPES32_CLASSES, load_digits, load_models, load_shapes32
from cs_layers.diagrams import windows
from cs_layers.gradient_check import rel_error
from cs_layers.layers import classes
from cs_layers.models import ThreeLayerConvNet as CourseNet
from cs_layers.patients import make_patients
from cs_layers.solver import Solver

# %% [markdown] nbgrader={"grade": false, "grade_id": "init_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1 · The network's parameters  (1 point, easy, 15 minutes)
#
# **Why.** Convolutions find things wherever they are; affine layers then decide what they mean together.
#
# conv – ReLU – 2×2 max pool – affine – ReLU – affine – softmax. The convolution has stride 1 and is padded so that the size stays; the pool
# halves height and width. What two colour images become on the way, with 32 filters of 7×7 and 100 hidden units:

# %% nbgrader={"grade": false, "grade_id": "shapes_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
windows.shape_trace(
    [(2, 3, 32, 32), (2, 32, 32, 32), (2, 32, 16, 16), (2, 32 * 16 * 16), (2, 100), (2, 10)],
    ["conv 7×7\nReLU", "max pool\n2×2", "flatten", "affine\nReLU", "affine"],
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "init_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Shapes**, with F filters of K×K, M hidden units, images (C, H, W), H and W even:
#
# | | weights | bias |
# |---|---|---|
# | convolution | W1 (F, C, K, K) | b1 (F,) |
# | first affine layer | W2 (F · H/2 · W/2, M) | b2 (M,) |
# | second affine layer | W3 (M, classes) | b3 (classes,) |
#
# **Task.** `conv_net_init(...)` returns a dict of the six. Weights are normal, mean 0, standard deviation `weight_scale`; biases are 0. All draws
# come from one generator that is made from `seed`. Images need not be square.
#
# <details><summary>Hint</summary>
#
# `rng = np.random.default_rng(seed)`, then `weight_scale * rng.standard_normal(shape)`. Pooling leaves H // 2 rows and W // 2 columns of
# each of the F maps.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "conv_net_init", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_net_init(input_dim, num_filters, filter_size, hidden_dim, num_classes, weight_scale=1e-3, seed=0):
    """Draw the parameters of a three-layer convolutional network.

    Parameters
    ----------
    input_dim : (C, H, W), shape of one image
    num_filters, filter_size, hidden_dim, num_classes : int
    weight_scale : float, standard deviation of the weights
    seed : int

    Returns
    -------
    dict of W1, b1, W2, b2, W3, b3
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    C, H, W = input_dim
    shapes = {
        "1": (num_filters, C, filter_size, filter_size),
        "2": (num_filters * (H // 2) * (W // 2), hidden_dim),
        "3": (hidden_dim, num_classes),
    }
    params = {}
    for layer, shape in shapes.items():
        params["W" + layer] = weight_scale * rng.standard_normal(shape)
        params["b" + layer] = np.zeros(num_filters if layer == "1" else shape[1])
    return params
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "conv_net_init_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.conv_net_init(conv_net_init)

# %% nbgrader={"grade": true, "grade_id": "conv_net_init_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
params = conv_net_init((3, 32, 32), 32, 7, 100, 10, 1e-3, 0)
assert params["W1"].shape == (32, 3, 7, 7), f"W1 has shape {params['W1'].shape}"
assert params["W2"].shape == (8192, 100), (
    f"8,192 numbers reach the first affine layer; W2 has shape {params['W2'].shape}"
)
assert params["b3"].tolist() == [0] * 10, "biases start at 0"
### BEGIN HIDDEN TESTS
checks.conv_net_init(conv_net_init)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "loss_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2 · Scores, loss and gradients  (4 points, medium, 40 minutes)
#
# **Why.** A network is its layers in a row, and its gradient the same layers the other way round. Each backward takes the gradient that the
# one behind it returned, and the cache that its own forward left.
#
#     X → conv_relu_pool_forward → affine_relu_forward → affine_forward → scores → softmax_loss
#             W1, b1                  W2, b2               W3, b3                     ↓
#     dX ← conv_relu_pool_backward ← affine_relu_backward ← affine_backward ←  gradient of the scores
#
# $$L = \frac1N\sum_n -\log p_{n,\,y_n} \;+\; \frac{\text{reg}}{2}\left(\sum W_1^2 + \sum W_2^2 + \sum W_3^2\right)$$
#
# **Shapes.** X (N, C, H, W), y (N,) → scores (N, classes), or (loss, grads): a number and a dict with the keys of params, each gradient in
# the shape of its parameter.
#
# **Task.** `conv_net_loss(params, X, y=None, reg=0.0)`: without y return the scores alone; with y return `(loss, grads)`. pad is
# (K − 1) // 2 for filters of K×K. Biases are not regularised. Gradients of the weights include reg · W. params and X stay as they were.
# The functions of `cs_layers.layers` do the work:
#
# - `layers.conv_relu_pool_forward(x, w, b, conv_param, pool_param)` → `(out, cache)`, `layers.conv_relu_pool_backward(dout, cache)` → `(dx, dw, db)`
# - `layers.affine_relu_forward(x, w, b)`, `layers.affine_forward(x, w, b)`, and their backwards likewise
# - for the first layer nobody asks for dx: `layers.conv_relu_pool_backward(dout, cache, need_dx=False)` leaves it out, and most of the work
# - `layers.softmax_loss(scores, y)` → `(loss, dscores)`
#
# with `conv_param = {"stride": 1, "pad": …}` and `pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}`.
#
# <details><summary>Hint</summary>
#
# Three forwards, each into a cache of its own; `if y is None: return scores`; the loss; three backwards in the opposite order; then a loop over W1,
# W2, W3 for the regularisation. The affine layer flattens its input and shapes dx back, so there is nothing to reshape.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "conv_net_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_net_loss(params, X, y=None, reg=0.0):
    """Compute the scores of a three-layer convolutional network, or its loss and gradients.

    Parameters
    ----------
    params : dict of W1, b1, W2, b2, W3, b3, as conv_net_init makes it
    X : array of shape (N, C, H, W)
    y : array of N integer labels, or None
    reg : float, strength of the L2 regularisation

    Returns
    -------
    scores : array of shape (N, classes), if y is None
    loss, grads : otherwise; a number and a dict with the keys of params
    """
    ### BEGIN SOLUTION
    conv_param = {"stride": 1, "pad": (params["W1"].shape[2] - 1) // 2}
    pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
    pooled, cache1 = layers.conv_relu_pool_forward(X, params["W1"], params["b1"], conv_param, pool_param)
    hidden, cache2 = layers.affine_relu_forward(pooled, params["W2"], params["b2"])
    scores, cache3 = layers.affine_forward(hidden, params["W3"], params["b3"])
    if y is None:
        return scores
    loss, dscores = layers.softmax_loss(scores, y)
    grads = {}
    dhidden, grads["W3"], grads["b3"] = layers.affine_backward(dscores, cache3)
    dpooled, grads["W2"], grads["b2"] = layers.affine_relu_backward(dhidden, cache2)
    _, grads["W1"], grads["b1"] = layers.conv_relu_pool_backward(dpooled, cache1, need_dx=False)
    for name in ("W1", "W2", "W3"):
        loss += 0.5 * reg * np.sum(params[name] ** 2)
        grads[name] = grads[name] + reg * params[name]
    return loss, grads
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "conv_net_loss_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.conv_net_loss(conv_net_loss)

# %% nbgrader={"grade": true, "grade_id": "conv_net_loss_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
params = {"W1": np.ones((1, 1, 1, 1)), "b1": np.zeros(1), "W2": np.array([[1.0, -1.0]]), "b2": np.zeros(2)}
params |= {"W3": np.array([[1.0, 0.0], [0.0, 1.0]]), "b3": np.array([0.0, 1.0])}
X = np.array([[[[0.5, -3.0], [2.0, 1.0]]]])
scores = conv_net_loss(params, X)  # the largest pixel is 2; the hidden units get 2 and −2, ReLU leaves 2 and 0
assert np.allclose(scores, [[2, 1]]), f"2·1 + 0 and 0·1 + 1; yours {scores}"
loss, grads = conv_net_loss(params, X, np.array([0]), 0.1)
assert abs(loss - (np.log(1 + np.exp(-1)) + 0.05 * (1 + 2 + 2))) < 1e-9, f"loss is {loss}"
assert abs(grads["b3"][1] - 1 / (1 + np.e)) < 1e-9, f"the gradient of b3 is p − [0 is right]; yours {grads['b3']}"
### BEGIN HIDDEN TESTS
checks.conv_net_loss(conv_net_loss)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "ladder_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3 · The sanity ladder  (1 point, medium, 20 minutes)
#
# **Why.** A network with a mistake in it often learns all the same, only worse, and hours of training do not say what is wrong. Four questions
# do, within seconds; ask them in this order:
#
# 1. Is the loss at the start that of guessing, ln C?
# 2. Does regularisation raise it, and by just ½ · reg · ΣW²?
# 3. Do the gradients agree with central differences?
# 4. Can the network learn 20 images by heart?
#
# Your functions as a class with `params` and `loss`, which is all that `Solver` and the ladder ask for:


# %% nbgrader={"grade": false, "grade_id": "ladder_own", "locked": true, "schema_version": 3, "solution": false, "task": false}
class ThreeLayerConvNet:
    """Your two functions, under the name and with the arguments that CS231n gave them."""

    def __init__(
        self,
        input_dim=(3, 32, 32),
        num_filters=32,
        filter_size=7,
        hidden_dim=100,
        num_classes=10,
        weight_scale=1e-3,
        reg=0.0,
        dtype=np.float32,
        seed=0,
    ):
        params = conv_net_init(input_dim, num_filters, filter_size, hidden_dim, num_classes, weight_scale, seed)
        self.params = {name: value.astype(dtype) for name, value in params.items()}
        self.reg = reg

    def loss(self, X, y=None):
        return conv_net_loss(self.params, X, y, self.reg)


digits = load_digits()
few = digits["X_train"][:50], digits["y_train"][:50]
ladder = sanity.climb(ThreeLayerConvNet((1, 8, 8), 8, 3, 30, weight_scale=0.02, dtype=np.float64), *few)

# %% [markdown] nbgrader={"grade": false, "grade_id": "ladder_patients_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Six networks, A to F. One is healthy; the others are broken, each in another place. You do not see their code, as you would not see a mistake in
# your own: let the ladder speak. It stops at the first rung that does not hold.

# %% nbgrader={"grade": false, "grade_id": "ladder_patients", "locked": true, "schema_version": 3, "solution": false, "task": false}
for letter, network in make_patients().items():
    print(f"{letter}\n")
    sanity.climb(network, *few)
    print()

# %% [markdown] nbgrader={"grade": false, "grade_id": "ladder_rows_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Two of them fall off the first rung. What does their loss do with the number of images, N? A mean should not care.

# %% nbgrader={"grade": false, "grade_id": "ladder_rows", "locked": true, "schema_version": 3, "solution": false, "task": false}
for letter, network in make_patients().items():
    losses = [network.loss(digits["X_train"][:N], digits["y_train"][:N])[0] for N in (1, 10, 100)]
    print(letter, "  ".join(f"  N = {N}: {loss:8.2f}" for N, loss in zip((1, 10, 100), losses, strict=True)))

# %% [markdown] nbgrader={"grade": false, "grade_id": "ladder_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task.** What is wrong with each? Return one of these six for every letter; each is true of one network:
#
# - `"healthy"`
# - `"summed loss"`: the loss of a batch is a sum, not a mean
# - `"large weights"`: the weights are drawn fifty times too large
# - `"half missing"`: the penalty lacks its ½
# - `"mask missing"`: on the way back a ReLU lets everything through
# - `"dead units"`: no hidden unit is on, for any image
#
# <details><summary>Hint</summary>
#
# Which mistakes can the first rung see at all? Which one leaves every gradient right, and still nothing can be learned?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "diagnoses", "locked": false, "schema_version": 3, "solution": true, "task": false}
def diagnoses():
    """Say what is wrong with the networks A to F.

    Returns
    -------
    dict of str to str, as in {"A": "healthy", "B": ..., "C": ..., "D": ..., "E": ..., "F": ...}
    """
    ### BEGIN SOLUTION
    return {
        "A": "summed loss",
        "B": "mask missing",
        "C": "healthy",
        "D": "half missing",
        "E": "dead units",
        "F": "large weights",
    }
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "diagnoses_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
found = diagnoses()
causes = {"healthy", "summed loss", "large weights", "half missing", "mask missing", "dead units"}
assert set(found) == set("ABCDEF"), f"give a cause for each of A to F; yours are {', '.join(found)}"
unknown = [letter for letter in found if found[letter] not in causes]
assert not unknown, f"the cause of {', '.join(unknown)} is none of the six, as spelt above"
twice = sorted(causes - set(found.values()))
assert not twice, f"each cause belongs to one network; nobody has {', '.join(twice)}"
print("Six networks, six causes.\nWhether they are the right way round you learn when the notebook is graded.")

# %% nbgrader={"grade": true, "grade_id": "diagnoses_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
found = diagnoses()
assert set(found) == set("ABCDEF"), f"give a cause for each of A to F; yours are {', '.join(found)}"
### BEGIN HIDDEN TESTS
right = {"A": "summed loss", "B": "mask missing", "C": "healthy"}
right |= {"D": "half missing", "E": "dead units", "F": "large weights"}
wrong = [letter for letter in right if found[letter] != right[letter]]
assert not wrong, f"read again what the ladder says of {', '.join(wrong)}"
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "training_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4 · Train past a gate  (1 point, easy, 15 minutes)
#
# **Why.** A convolution gets as far as the fully connected network of notebook 03 within seconds, with the right settings, and nowhere with wrong ones.
#
# **Task.** Return the settings of a run that reaches at least **95 %** on the 250 validation digits, with each of three seeds. The network is the
# course's own, so nothing here depends on your functions above.
#
# | key | allowed |
# |---|---|
# | `num_filters` | 1 to 32 (integer) |
# | `filter_size` | 1, 3, 5 or 7 |
# | `hidden_dim` | 1 to 100 (integer) |
# | `weight_scale` | a number from 0 to 10, or `"he"`: √(2 / inputs of a unit) |
# | `reg` | 0 to 10 |
# | `update_rule` | `"sgd"`, `"sgd_momentum"`, `"rmsprop"`, `"adam"`, `"adagrad"` or `"nesterov"` |
# | `learning_rate` | above 0, to 1000 |
# | `batch_size` | 1 to 1297 (integer) |
# | `num_epochs` | 1 to 15 (integer) |
#
# A good choice lies well above the gate, so you need no luck: if one seed fails, choose better, not again. Try settings in a cell of your own:
# `net, solver = cnn_runs.train_on_digits(settings, seed=0)`, then `solver.val_acc_history`.
#
# <details><summary>Hint</summary>
#
# Start from `"he"` and `"adam"` with 1e-3, reg 1e-4. If the loss still falls at the end, raise the rate or the epochs.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "conv_training_settings", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_training_settings():
    """Choose settings for a convolutional network on the digits.

    Returns
    -------
    dict
        num_filters, filter_size, hidden_dim, weight_scale, reg, update_rule, learning_rate, batch_size, num_epochs.
    """
    ### BEGIN SOLUTION
    return {
        "num_filters": 16,
        "filter_size": 3,
        "hidden_dim": 64,
        "weight_scale": "he",
        "reg": 1e-4,
        "update_rule": "adam",
        "learning_rate": 3e-3,
        "batch_size": 50,
        "num_epochs": 10,
    }
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "conv_training_settings_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.conv_training_settings(conv_training_settings)

# %% nbgrader={"grade": true, "grade_id": "conv_training_settings_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
settings = conv_training_settings()
assert isinstance(settings, dict), f"return a dict of settings, not a {type(settings).__name__}"
### BEGIN HIDDEN TESTS
checks.conv_training_settings(conv_training_settings)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "training_curves", "locked": true, "schema_version": 3, "solution": false, "task": false}
net, solver = cnn_runs.train_on_digits(conv_training_settings())
print(
    f"best validation accuracy {solver.best_val_acc:.1%}; on the test digits {solver.check_accuracy(digits['X_test'], digits['y_test']):.1%}"
)
plots.plot_history(solver.loss_history, solver.train_acc_history, solver.val_acc_history)

# %% [markdown] nbgrader={"grade": false, "grade_id": "own_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **With your own convolution.** The same network on the digits, its first layer an object of **your class** of notebook 08, if that lies in the same folder and the class passes its check; else
# the package's stands in. Beside it, the course's network from the same start on the same batches: after three epochs their scores must be all but the same, and only the time may differ.


# %% nbgrader={"grade": false, "grade_id": "own_carry", "locked": true, "schema_version": 3, "solution": false, "task": false}
class Convolution(classes.Convolution):
    """The package's, with its gradients under the names of notebook 08."""

    dw = property(lambda self: self.dW)


own = earlier("08_fast_conv", Convolution=Convolution)


# %% nbgrader={"grade": false, "grade_id": "own_network", "locked": true, "schema_version": 3, "solution": false, "task": false}
class OwnConvolutionNet:
    def __init__(self, params, reg):
        self.params, self.reg = params, reg

    def loss(self, X, y=None):
        p = self.params
        convolution = own.Convolution(p["W1"], p["b1"], 1, 1)
        bent, relu_cache = layers.relu_forward(convolution.forward(X))
        pooled, pool_cache = layers.max_pool_forward(bent, {"pool_height": 2, "pool_width": 2, "stride": 2})
        hidden, hidden_cache = layers.affine_relu_forward(pooled, p["W2"], p["b2"])
        scores, scores_cache = layers.affine_forward(hidden, p["W3"], p["b3"])
        if y is None:
            return scores
        loss, dscores = layers.softmax_loss(scores, y)
        dhidden, dW3, db3 = layers.affine_backward(dscores, scores_cache)
        dpooled, dW2, db2 = layers.affine_relu_backward(dhidden, hidden_cache)
        convolution.backward(layers.relu_backward(layers.max_pool_backward(dpooled, pool_cache), relu_cache))
        grads = {"W1": convolution.dw, "W2": dW2, "W3": dW3, "b1": convolution.db, "b2": db2, "b3": db3}
        for name in ("W1", "W2", "W3"):
            loss += 0.5 * self.reg * np.sum(p[name] ** 2)
            grads[name] = grads[name] + self.reg * p[name]
        return loss, grads


def course_net():
    return CourseNet((1, 8, 8), 16, 3, 64, weight_scale="he", reg=1e-4, dtype=np.float64)


scores = []
for name, net in {
    "your Convolution": OwnConvolutionNet(course_net().params, 1e-4),
    "the course's": course_net(),
}.items():
    solver = Solver(net, digits, "adam", {"learning_rate": 3e-3}, batch_size=50, num_epochs=3, verbose=False)
    start = time.perf_counter()
    solver.train()
    print(f"{name:17s} validation accuracy {solver.best_val_acc:.1%}, {time.perf_counter() - start:.2f} s")
    scores.append(net.loss(digits["X_val"]))
print(f"relative error between their scores on 250 digits: {rel_error(*scores):.0e}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "looking_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5 · Look at what it does  (1 point in two steps, medium, 30 minutes)
#
# **Why.** An accuracy is one number. What a network confuses, and how sure it is, says what to do next.
#
# **Your** network, on 2,000 coloured pictures of ten shapes, 32×32. Size, place and colour are drawn at random, so a shape is known by its
# edges alone.

# %% nbgrader={"grade": false, "grade_id": "looking_pictures", "locked": true, "schema_version": 3, "solution": false, "task": false}
shapes = load_shapes32(num_training=2000, num_validation=300, num_test=500)

# %% nbgrader={"grade": false, "grade_id": "looking_images", "locked": true, "schema_version": 3, "solution": false, "task": false}
plots.show_images(shapes["X_train"][:20], shapes["y_train"][:20], SHAPES32_CLASSES, columns=10)

# %% nbgrader={"grade": false, "grade_id": "looking_train", "locked": true, "schema_version": 3, "solution": false, "task": false}
right = CourseNet((3, 32, 32), num_filters=2, filter_size=5, hidden_dim=4, weight_scale=0.1, reg=0.1, dtype=np.float64)
some = load_shapes32(num_training=3, num_validation=0, num_test=0, dtype=np.float64)
some = some["X_train"], some["y_train"]
try:
    made = conv_net_init((3, 32, 32), 2, 5, 4, 10, 0.1, 0)
    assert {name: value.shape for name, value in made.items()} == {n: v.shape for n, v in right.params.items()}
    (loss, grads), (right_loss, right_grads) = conv_net_loss(right.params, *some, 0.1), right.loss(*some)
    assert max(abs(loss - right_loss), *(rel_error(grads[name], right_grads[name]) for name in grads)) < 1e-6
    Net = ThreeLayerConvNet
    print("Your network agrees with the course's, and is trained here.")
except Exception:
    Net = CourseNet
    print("Your network is not right yet, so the course's own stands in for it here.")
mean, scale = shapes["X_train"].mean(axis=0), shapes["X_train"].std()
inputs = {name: (shapes[name] - mean) / scale if name.startswith("X") else shapes[name] for name in shapes}
net = Net((3, 32, 32), num_filters=16, filter_size=7, hidden_dim=64, weight_scale=0.03, reg=1e-3)
before = net.params["W1"].copy()
solver = Solver(
    net,
    inputs,
    "adam",
    {"learning_rate": 1e-3},
    lr_decay=0.9,
    batch_size=50,
    num_epochs=8,
    num_train_samples=300,
    verbose=False,
)
solver.train()
test_scores = np.concatenate([net.loss(inputs["X_test"][i : i + 100]) for i in range(0, 500, 100)])
print(f"500 test pictures: {np.mean(test_scores.argmax(axis=1) == shapes['y_test']):.1%} right")
plots.plot_history(solver.loss_history, solver.train_acc_history, solver.val_acc_history)

# %% [markdown] nbgrader={"grade": false, "grade_id": "filter_images_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### 5a · Filters as pictures  (½ point, easy, 10 minutes)
#
# **Why.** A filter has the shape of a small picture, and what it looks like is what it answers to.
#
# One has to unfold it, though. One of the write-ups that this course grew out of drew the first layer of this network with a line made for a **fully connected** one, whose weights (D, M) hold a unit
# in each column: `w.reshape(K, K, C, -1).transpose(3, 0, 1, 2)`. On filters (F, C, K, K) it runs too, and the shape is right. To see what it does, let eight pictures of
# shapes play eight filters of 3×32×32: first as they are, then unfolded by that line.

# %% nbgrader={"grade": false, "grade_id": "filter_images_right", "locked": true, "schema_version": 3, "solution": false, "task": false}
played = shapes["X_train"][:8]
plots.show_images(played, columns=8)

# %% nbgrader={"grade": false, "grade_id": "filter_images_wrong", "locked": true, "schema_version": 3, "solution": false, "task": false}
plots.show_images(played.reshape(32, 32, 3, -1).transpose(3, 0, 1, 2), columns=8)

# %% [markdown] nbgrader={"grade": false, "grade_id": "filter_images_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Matplotlib wants the channels of a pixel together, at the end, and numbers from 0 to 1; filters are around 0. So each filter is also **stretched by itself**: its smallest number becomes 0, its
# largest 1, over all of its channels together, so that its colours stay what they are.
#
# $$\text{images}_{f,i,j,c} = \frac{w_{f,c,i,j} - \min w_f}{\max w_f - \min w_f}$$
#
# **Shapes.** w (F, C, HH, WW) → images (F, HH, WW, C). **Task.** `filter_images(w)`, for any number of channels, and filters that need not be square; no filter is the same number throughout. No loops
# are needed; w stays as it was.
#
# <details><summary>Hint</summary>
#
# `transpose` takes, for each axis of the result, the axis of w that it comes from. `a.min(axis=(1, 2, 3), keepdims=True)` has shape (F, 1, 1, 1).
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "filter_images", "locked": false, "schema_version": 3, "solution": true, "task": false}
def filter_images(w):
    """Make pictures of filters.

    Parameters
    ----------
    w : array of shape (F, C, HH, WW)

    Returns
    -------
    array of shape (F, HH, WW, C)
        From 0 to 1 in each filter.
    """
    ### BEGIN SOLUTION
    images = w.transpose(0, 2, 3, 1)
    low, high = (end(axis=(1, 2, 3), keepdims=True) for end in (images.min, images.max))
    return (images - low) / (high - low)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "filter_images_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.filter_images(filter_images)

# %% nbgrader={"grade": true, "grade_id": "filter_images_test", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
w = np.array([[[[-2.0, 0.0]], [[6.0, 2.0]]]])  # one filter of two channels, one row, two columns
images = filter_images(w)
assert images.shape == (1, 1, 2, 2), f"images have shape {images.shape}, expected (1, 1, 2, 2)"
assert np.allclose(images, [[[[0, 1], [0.25, 0.5]]]]), (
    f"from −2 to 6; the pixels are (−2, 6) and (0, 2); yours {images}"
)
### BEGIN HIDDEN TESTS
checks.filter_images(filter_images)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "looking_filters_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** The 16 filters before training, and after. Noise is giving way to areas of light beside areas of dark, each in a direction of its own: detectors of edges and
# corners. The colours fade, as they should, since colour says nothing about the shape.

# %% nbgrader={"grade": false, "grade_id": "looking_filters_before", "locked": true, "schema_version": 3, "solution": false, "task": false}
plots.show_images(filter_images(before), columns=8)

# %% nbgrader={"grade": false, "grade_id": "looking_filters_after", "locked": true, "schema_version": 3, "solution": false, "task": false}
plots.show_images(filter_images(net.params["W1"]), columns=8)

# %% [markdown] nbgrader={"grade": false, "grade_id": "looking_bars_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### 5b · What it confuses  (½ point, medium, 20 minutes)
#
# Four test pictures and the probabilities that your network gives to the ten classes.

# %% nbgrader={"grade": false, "grade_id": "looking_bars", "locked": true, "schema_version": 3, "solution": false, "task": false}
probabilities = layers.softmax(test_scores)
plots.show_predictions(shapes["X_test"][:4], probabilities[:4], shapes["y_test"][:4], SHAPES32_CLASSES)

# %% [markdown] nbgrader={"grade": false, "grade_id": "mistakes_of_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task.** `mistakes_of(scores, y, count)` returns two things:
#
# - `matrix` (C, C), whole numbers: row i, column j says how many images of class i were taken for class j. C comes from `scores`, so that a
#   class without images has its row of zeros too.
# - `worst`: the row numbers of the wrong predictions that the network was surest of, the surest first; `count` of them, or all if there are
#   fewer. How sure it is, is the **probability** of the class that it predicts, not the score. Scores may be large.
#
# scores (N, C) and y (N,) stay as they were.
#
# <details><summary>Hint</summary>
#
# `matrix[y, predicted] += 1` counts a pair only once, even if it occurs three times; `np.add.at` or a loop counts right. `np.argsort(-a)` sorts from the
# largest down. `layers.softmax` takes large scores.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "mistakes_of", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mistakes_of(scores, y, count):
    """Count which class was taken for which, and find the surest mistakes.

    Parameters
    ----------
    scores : array of shape (N, C)
    y : array of N integer labels
    count : int

    Returns
    -------
    matrix : array of shape (C, C) of whole numbers
    worst : array of at most count row numbers
    """
    ### BEGIN SOLUTION
    predicted = scores.argmax(axis=1)
    matrix = np.zeros((scores.shape[1], scores.shape[1]), dtype=int)
    np.add.at(matrix, (y, predicted), 1)
    sure = layers.softmax(scores).max(axis=1)
    wrong = np.flatnonzero(predicted != y)
    return matrix, wrong[np.argsort(-sure[wrong])][:count]
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "mistakes_of_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.mistakes_of(mistakes_of)

# %% nbgrader={"grade": true, "grade_id": "mistakes_of_test", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
scores = np.array([[5.0, 4.0], [0.0, 3.0], [1.0, 3.0], [2.0, 1.0]])
matrix, worst = mistakes_of(scores, np.array([1, 0, 1, 0]), 2)
assert np.array_equal(matrix, [[1, 1], [1, 1]]), f"each pair occurs once; yours {matrix}"
assert list(worst) == [1, 0], f"row 1 is wrong by 3 points, row 0 by 1, whatever their height; yours {worst}"
### BEGIN HIDDEN TESTS
checks.mistakes_of(mistakes_of)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "looking_matrix", "locked": true, "schema_version": 3, "solution": false, "task": false}
matrix, _ = mistakes_of(test_scores, shapes["y_test"], 6)
plots.plot_confusion_matrix(matrix, SHAPES32_CLASSES)

# %% nbgrader={"grade": false, "grade_id": "looking_worst", "locked": true, "schema_version": 3, "solution": false, "task": false}
_, worst = mistakes_of(test_scores, shapes["y_test"], 6)
print(f"{'picture':>7}  {'true class':12}{'taken for':12}{'probability':>11}{'of the true class':>20}")
for row in worst:
    true, guess = shapes["y_test"][row], test_scores[row].argmax()
    shares = probabilities[row, guess], probabilities[row, true]
    print(f"{row:>7}  {SHAPES32_CLASSES[true]:12}{SHAPES32_CLASSES[guess]:12}{shares[0]:>11.0%}{shares[1]:>20.0%}")
plots.show_predictions(shapes["X_test"][worst], probabilities[worst], shapes["y_test"][worst], SHAPES32_CLASSES)

# %% [markdown] nbgrader={"grade": false, "grade_id": "looking_question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Question.** Which two shapes are confused most? Look at the surest mistakes: would *you* have got them right?
#
# <details><summary>Answer</summary>
#
# It depends on the run. The usual pairs share much of their outline: a plus or a cross is taken for a star, a diamond for a heart, a square for a disc. Small shapes
# are the hardest, since a few pixels decide.
#
# </details>
#
# ## 6 · Save and load  (1 point, easy, 10 minutes)
#
# **Why.** Training costs hours, reading a file milliseconds.
#
# **Task.** `save_params(params, path)` writes a dict of arrays to a file with `np.savez`, one array under each name, so that anyone can read it without
# running your code (which pickled files do not offer: reading one may run whatever its author liked). `load_params(path)` returns the dict: the same names,
# shapes, dtypes, and every bit of every number. Write to `path` itself, which ends in `.npz`. Other networks have other names, so write none down.
# params stays as it was.
#
# <details><summary>Hint</summary>
#
# `np.savez(path, **params)` turns the dict's keys into keywords. What `np.load` returns reads its arrays when they are asked for; `.files` lists their
# names.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "save_params", "locked": false, "schema_version": 3, "solution": true, "task": false}
def save_params(params, path):
    """Write the arrays of the dict params to the file path, under their names."""
    ### BEGIN SOLUTION
    np.savez(path, **params)
    ### END SOLUTION


def load_params(path):
    """Read what save_params wrote: a dict of names to arrays."""
    ### BEGIN SOLUTION
    with np.load(path) as file:
        return {name: file[name] for name in file.files}
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "save_params_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.save_params(save_params, load_params)
checks.load_params(load_params, save_params)

# %% nbgrader={"grade": true, "grade_id": "save_params_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
params = {"W1": np.array([[1.5, -2.0]], dtype=np.float32), "b1": np.zeros(2)}
save_params(params, "round_trip.npz")
try:
    loaded = load_params("round_trip.npz")
finally:
    Path("round_trip.npz").unlink(missing_ok=True)
assert sorted(loaded) == ["W1", "b1"], f"the names W1 and b1 must come back; yours {sorted(loaded)}"
assert loaded["W1"].dtype == np.float32, f"W1 was float32 and came back as {loaded['W1'].dtype}"
assert loaded["W1"].tolist() == [[1.5, -2.0]], loaded["W1"]
### BEGIN HIDDEN TESTS
checks.save_params(save_params, load_params)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "save_params_demo", "locked": true, "schema_version": 3, "solution": false, "task": false}
save_params(net.params, "shapes_net.npz")
another = Net((3, 32, 32), num_filters=16, filter_size=7, hidden_dim=64, seed=1)
print(
    f"untrained: {np.mean(another.loss(inputs['X_test'][:100]).argmax(axis=1) == shapes['y_test'][:100]):.0%} of 100 pictures right"
)
another.params = load_params("shapes_net.npz")
print(f"loaded:    {np.mean(another.loss(inputs['X_test'][:100]).argmax(axis=1) == shapes['y_test'][:100]):.0%}")
print(
    "the same scores, bit for bit:",
    np.array_equal(another.loss(inputs["X_test"][:100]), net.loss(inputs["X_test"][:100])),
)
sizes = [(value.size, value.nbytes) for value in net.params.values()]
print(
    f"{sum(n for n, _ in sizes):,} numbers, {sum(n for _, n in sizes) / 1024:.0f} KiB and a few bytes for their names"
)
Path("shapes_net.npz").unlink(missing_ok=True)

# %% [markdown] nbgrader={"grade": false, "grade_id": "load_models_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# The package's `load_models` reads **every** such file of a folder, so that networks can be compared long after they were trained; CS231n's function of this name unpickles them.

# %% nbgrader={"grade": false, "grade_id": "load_models_demo", "locked": true, "schema_version": 3, "solution": false, "task": false}
with tempfile.TemporaryDirectory() as folder:
    for filters in (8, 16):
        shapes_of_weights = {"W1": (filters, 1, 3, 3), "W2": (filters * 16, 30), "W3": (30, 10)}
        save_params(
            {key: np.zeros(shape) for key, shape in shapes_of_weights.items()}, f"{folder}/{filters}_filters.npz"
        )
    for name, params in load_models(folder).items():
        print(name, {key: value.shape for key, value in params.items()})

# %% [markdown] nbgrader={"grade": false, "grade_id": "rescue_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 7 · Rescue the run that learned nothing  (2 points, hard, 30 minutes)
#
# **Why.** This one is true. One of the write-ups that this course grew out of trains this network on 500 pictures of CIFAR-10 with a
# regularisation of 0.9, and stops at 12 %, where guessing makes 10 %. Its author thought of overfitting. It was not. Here is such a run on 500 of our shapes: raw pixels less their mean image, weights of
# 0.001, regularisation 0.9.

# %% nbgrader={"grade": false, "grade_id": "rescue_failed", "locked": true, "schema_version": 3, "solution": false, "task": false}
FAILED = cnn_runs.FAILED
print(FAILED)
failed = cnn_runs.train_on_shapes(FAILED, seed=0)
print(
    f"\nvalidation accuracy {failed.accuracy:.0%}; loss {failed.losses[0]:.3f} → {failed.losses[-1]:.3f}; ln 10 = {np.log(10):.3f}"
)
X, y, _, _ = cnn_runs.shapes_inputs("raw")
print(f"training accuracy {np.mean(failed.net.predict(X) == y):.0%}")
print("300 validation pictures were given to the classes 0 to 9:", failed.predicted.tolist())
print("0.5·reg·ΣW²:", f"{failed.penalties[0]:.4f} → {failed.penalties[-1]:.4f}")
data_loss = np.subtract(failed.losses, failed.penalties)
diagrams.curves_by_name(
    {"loss": failed.losses, "loss without the penalty": data_loss}, "update", "loss", line=np.log(10)
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "rescue_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** The loss falls, and an optimist goes on training. But all that falls is the penalty: without it the loss lies on ln 10
# (dotted) from the first update to the last. The weights are not learning, they are being erased, until the scores are the same for every picture and one class gets
# them all. On the *training* pictures it is no better, so nothing was learned by heart either.
#
# Where is the signal? Its standard deviation at each layer of the untrained network, for both ways to prepare the pictures and two ways to draw the weights
# (`"he"` draws with √(2 / inputs of a unit), so that a ReLU layer keeps the size of what passes through):

# %% nbgrader={"grade": false, "grade_id": "rescue_signal", "locked": true, "schema_version": 3, "solution": false, "task": false}
print(f"{'inputs':10}{'weights':>9}{'pixels':>10}{'conv':>10}{'hidden':>10}{'scores':>10}")
for kind in ("raw", "scaled"):
    X = cnn_runs.shapes_inputs(kind)[0][:100]
    for weight_scale in (1e-3, "he"):
        p = CourseNet((3, 32, 32), 16, 5, 100, weight_scale=weight_scale).params
        pooled, _ = layers.conv_relu_pool_forward(
            X, p["W1"], p["b1"], {"stride": 1, "pad": 2}, {"pool_height": 2, "pool_width": 2, "stride": 2}
        )
        hidden, _ = layers.affine_relu_forward(pooled, p["W2"], p["b2"])
        scores, _ = layers.affine_forward(hidden, p["W3"], p["b3"])
        sizes = "".join(f"{a.std():>10.2g}" for a in (X, pooled, hidden, scores))
        print(f"{kind:10}{weight_scale!s:>9}{sizes}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "rescue_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Scores of the size 10⁻⁴ and less differ so little that the gradient for the weights is next to nothing, while the penalty pulls with full
# force. Scores in the hundreds are as bad: softmax is certain before it has seen anything.
#
# **Task.** Rescue the run, one step at a time. `rescue_steps()` returns a list of settings: `FAILED` first; each next entry changes **one** setting of the one before
# it; the last must reach **48 %** on the validation pictures, on average over three seeds. (Up to 8 entries. 20 epochs each; network and pictures are fixed.)
#
# | key | allowed |
# |---|---|
# | `inputs` | `"raw"`: less the mean image, up to 255; `"scaled"`: also divided by the standard deviation |
# | `weight_scale` | a number from 0 to 10, or `"he"` |
# | `update_rule` | a rule of notebook 04: `"sgd"`, `"sgd_momentum"`, `"rmsprop"`, `"adam"`, `"adagrad"`, `"nesterov"` |
# | `learning_rate` | above 0, to 1000 |
# | `reg` | 0 to 10 |
#
# Try a step in a cell of your own: `cnn_runs.train_on_shapes(settings, seed=0).accuracy`, a few seconds of computing.
#
# <details><summary>Hint</summary>
#
# Four things are wrong or weak: what erases the weights, the two ends of the table above, and a rule that gives every weight the same rate. Mend them in that
# order and look at each. `{**FAILED, "reg": …}` copies the settings and changes one. A step may help only together with the next one.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "rescue_steps", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rescue_steps():
    """Mend the run step by step.

    Returns
    -------
    list of dict
        Settings with the keys of FAILED; FAILED itself first, the rescued run last, one change from each to the next.
    """
    ### BEGIN SOLUTION
    steps = [{"inputs": "raw", "weight_scale": 1e-3, "update_rule": "sgd_momentum", "learning_rate": 1e-3, "reg": 0.9}]
    for change in ({"reg": 1e-3}, {"inputs": "scaled"}, {"weight_scale": "he"}, {"update_rule": "adam"}):
        steps.append({**steps[-1], **change})
    return steps
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "rescue_steps_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.rescue_steps(rescue_steps)

# %% nbgrader={"grade": true, "grade_id": "rescue_steps_test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
steps = rescue_steps()
assert isinstance(steps, (list, tuple)), f"return a list of settings, not a {type(steps).__name__}"
assert len(steps) >= 2, "FAILED first, then at least one step"
### BEGIN HIDDEN TESTS
checks.rescue_steps(rescue_steps)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "rescue_story_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** Your steps, one panel each, all with the same seed. Under each panel what it reached.

# %% nbgrader={"grade": false, "grade_id": "rescue_story", "locked": true, "schema_version": 3, "solution": false, "task": false}
steps = rescue_steps()
histories, notes = {}, {}
for number, settings in enumerate(steps):
    changed = [f"{name} {value}" for name, value in settings.items() if number and value != steps[number - 1][name]]
    title = f"{number}: {changed[0] if changed else 'as it was'}"
    run = cnn_runs.rescue_run(tuple(settings[name] for name in FAILED), 0)
    histories[title], notes[title] = run.losses, f"{run.accuracy:.0%}, {np.sum(run.predicted > 0)} of 10 classes used"
diagrams.loss_curves(histories, line=np.log(10), columns=3, note=notes)

# %% [markdown] nbgrader={"grade": false, "grade_id": "rescue_lesson", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Take the steps in the order of the hint. Without the strong penalty the run gets off the ground, after a long plateau: the weights have to grow first.
# Scaled inputs *alone* put it back on the ground: pixels of ±71 had made up for weights of 0.001, and now the signal is too weak again (third
# row of the table). He's weights are the other half of that step, and the plateau is gone. The last step makes it faster. Judged by its accuracy, the second step would have been
# thrown away; the table of signals says why it is right. One thing at a time, and look at signals, not only at the accuracy.
#
# ## 8 · Question  (1 point, 10 minutes)
#
# **What is wrong with each of these runs?** Five runs of the course's network on digits, 360 updates each. They differ in learning rate, regularisation, or in the
# number of training images.

# %% nbgrader={"grade": false, "grade_id": "runs_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
runs = cnn_runs.five_runs()
histories = {name: losses for name, (losses, _, _) in runs.items()}
notes = {name: f"training {train:.0%}, validation {val:.0%}" for name, (_, train, val) in runs.items()}
diagrams.loss_curves(histories, line=np.log(10), columns=3, note=notes)

# %% [markdown] nbgrader={"grade": false, "grade_id": "runs_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# - `"A"`: nothing
# - `"B"`: the learning rate is too low
# - `"C"`: the learning rate is too high
# - `"D"`: regularised too strongly
# - `"E"`: overfitting
#
# Each letter belongs to one run. Give them in the next cell (½ point, scored by machine, all five right), and a sentence in the cell after it (½ point, read
# by a person).
#
# <details><summary>Hint</summary>
#
# Where does each curve start? Guessing costs ln 10, and a penalty comes on top. Then compare each run's training accuracy with its validation accuracy.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "what_is_wrong", "locked": false, "schema_version": 3, "solution": true, "task": false}
def what_is_wrong():
    """Answer the question.

    Returns
    -------
    dict of str to str, a letter from A to E for each run: {"P": ..., "Q": ..., "R": ..., "S": ..., "T": ...}
    """
    ### BEGIN SOLUTION
    return {"P": "D", "Q": "E", "R": "B", "S": "A", "T": "C"}
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "what_is_wrong_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
answers = what_is_wrong()
assert set(answers) == set("PQRST"), "give a letter for each of P, Q, R, S, T"
unanswered = [name for name, letter in answers.items() if letter not in ("A", "B", "C", "D", "E")]
assert not unanswered, f'give "A", "B", "C", "D" or "E" for {", ".join(unanswered)}'
print("Five letters. Whether they are right you learn when the notebook is graded;\nthe picture above tells you now.")

# %% nbgrader={"grade": true, "grade_id": "what_is_wrong_test", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
answers = what_is_wrong()
assert set(answers) == set("PQRST"), "give a letter for each of P, Q, R, S, T"
### BEGIN HIDDEN TESTS
right = {"P": "D", "Q": "E", "R": "B", "S": "A", "T": "C"}
wrong = [name for name, letter in right.items() if answers[name] != letter]
assert not wrong, f"look again at the loss and at both accuracies of {', '.join(wrong)}"
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "overfitting_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **In one sentence:** the run of section 7 had only 500 pictures and failed on new ones. By what can you tell that it was *not* overfitting?

# %% [markdown] nbgrader={"grade": true, "grade_id": "overfitting_sentence", "locked": false, "points": 0.5, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# An overfitted network is right on its training pictures and has a small training loss; this one stood at ln 10 and gave every picture, the
# training pictures too, to the same class, because the penalty had erased the weights.
# ### END SOLUTION
