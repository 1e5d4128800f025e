# ---
# jupyter:
#   cs_layers:
#     cpu_seconds: 10
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
# # 01 · Affine and ReLU: two layers, forward and backward
#
# A fully connected network is these two layers, over and over. You write both, with their gradients, and check each gradient
# against numbers. **12 points · about 75 minutes.**
#
# **One agreement for the whole course.** A layer's `forward` returns `(out, cache)`: what the next layer needs, and what its own
# `backward` will need. `backward(dout, cache)` takes the gradient of the loss with respect to `out` and returns the gradients
# with respect to the layer's inputs, **each in the shape of that input**. No layer changes an array that it was given: another
# layer may still need it.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from cs_layers import checks, diagrams
from cs_layers.data import load_digits
from cs_layers.gradient_check import eval_numerical_gradient_array, rel_error

# %% [markdown] nbgrader={"grade": false, "grade_id": "affine_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1 · Affine, forward  (3 points, easy, 15 minutes)
#
# **Why.** Every output is a weighted sum of all inputs: the simplest thing that can be learned.

# %% nbgrader={"grade": false, "grade_id": "affine_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
x_small = np.array([[1.0, 2.0, -1.0], [0.0, 1.0, 3.0]])
w_small = np.array([[2.0, 0.0, 1.0, -1.0], [1.0, -1.0, 0.0, 2.0], [0.0, 1.0, 2.0, 1.0]])
b_small = np.array([1.0, 0.0, -1.0, 2.0])

# %% nbgrader={"grade": false, "grade_id": "affine_product", "locked": true, "schema_version": 3, "solution": false, "task": false}
diagrams.matrix_product(x_small, w_small, b_small, row=0, column=2)

# %% [markdown] nbgrader={"grade": false, "grade_id": "affine_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$\text{out}_{nm} = \sum_d x_{nd}\, w_{dm} + b_m$$
#
# **Shapes.** w (D, M), b (M,), out (N, M). x comes as (N, d₁, …, dₖ), images for instance: each of the N is flattened to a row of
# D = d₁·…·dₖ numbers first. N = 1 and a plain (N, D) occur too.
#
# **Task.** Return `(out, cache)`. The cache is yours to design; `(x, w, b)`, with x in the shape in which it came, serves well.
# No loops; x, w and b stay as they were.
#
# <details><summary>Hint</summary>
#
# You flattened images in 00. `@` is the matrix product; b meets every row by broadcasting.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "affine_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def affine_forward(x, w, b):
    """Compute the weighted sums of a fully connected layer.

    Parameters
    ----------
    x : array of shape (N, d_1, ..., d_k)
        N inputs of D = d_1 * ... * d_k numbers.
    w : array of shape (D, M)
    b : array of shape (M,)

    Returns
    -------
    out : array of shape (N, M)
    cache : tuple
        (x, w, b)
    """
    ### BEGIN SOLUTION
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w, b)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "affine_forward_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.affine_forward(affine_forward)

# %% nbgrader={"grade": true, "grade_id": "affine_forward_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
out, _ = affine_forward(x_small.copy(), w_small.copy(), b_small.copy())
assert out.shape == (2, 4), f"out has shape {out.shape}, expected (2, 4)"
assert out[0, 2] == 1 * 1 + 2 * 0 + (-1) * 2 + (-1), "the entry of the picture"
assert out[1, 0] == 0 * 2 + 1 * 1 + 3 * 0 + 1
### BEGIN HIDDEN TESTS
checks.affine_forward(affine_forward)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "affine_back_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2 · Affine, backward  (5 points, medium, 25 minutes)
#
# **Why.** To learn, each weight must know which way to move: how much the loss changes when it does.
#
# For single numbers the chain rule can be read off a drawing. A product sends the gradient back times *the other* factor; a sum
# sends it back unchanged.

# %% nbgrader={"grade": false, "grade_id": "affine_back_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
diagrams.affine_graph(x=3.0, w=-2.0, b=1.0, dout=0.5)

# %% [markdown] nbgrader={"grade": false, "grade_id": "affine_back_formula", "locked": true, "schema_version": 3, "solution": false, "task": false}
# With matrices, every path from an entry to the loss adds up:
#
# $$\frac{\partial L}{\partial x} = \text{dout}\; w^\top \qquad
# \frac{\partial L}{\partial w} = x^\top\, \text{dout} \qquad
# \frac{\partial L}{\partial b_m} = \sum_n \text{dout}_{nm}$$
#
# You need not remember which one is transposed: only one order makes the shapes fit. Drawn for N = 3, D = 5, M = 4:

# %% nbgrader={"grade": false, "grade_id": "affine_back_shapes", "locked": true, "schema_version": 3, "solution": false, "task": false}
diagrams.gradient_shapes(n=3, d=5, m=4)

# %% [markdown] nbgrader={"grade": false, "grade_id": "affine_back_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Shapes.** dout (N, M) → dx in the shape of x **as it came** (N, d₁, …, dₖ), dw (D, M), db (M,): one axis, like b.
#
# **Task.** Return `(dx, dw, db)`: sums over the batch, not means. No loops; dout and the cache stay as they were. You are given the
# cache of your own `affine_forward`; where that is still wrong, the graded cell takes `(x, w, b)`, so that a mistake costs once.
#
# <details><summary>Hint</summary>
#
# Flatten x as in the forward pass for dw, and reshape dx to `x.shape` at the end. Which axis of dout is the batch?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "affine_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def affine_backward(dout, cache):
    """Compute the gradients of a fully connected layer.

    Parameters
    ----------
    dout : array of shape (N, M)
        Gradient of the loss with respect to the layer's output.
    cache : tuple
        What affine_forward returned beside it.

    Returns
    -------
    dx : array of shape (N, d_1, ..., d_k)
    dw : array of shape (D, M)
    db : array of shape (M,)
    """
    ### BEGIN SOLUTION
    x, w, _ = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "affine_backward_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.affine_backward(affine_backward, affine_forward)

# %% nbgrader={"grade": true, "grade_id": "affine_backward_test", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
inputs = (x_small, w_small, b_small)
cache = checks.cache_of(affine_forward, *inputs, right=x_small @ w_small + b_small, otherwise=inputs)
dout = np.array([[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 2.0, 0.0]])
dx, dw, db = affine_backward(dout, cache)
assert dx.shape == (2, 3), f"dx has shape {dx.shape}, x (2, 3)"
assert dw.shape == (3, 4), f"dw has shape {dw.shape}, w (3, 4)"
assert db.shape == (4,), f"db has shape {db.shape}, b (4,)"
assert dx[0].tolist() == [2.0, 1.0, 0.0], "output 0 of image 0 pulls with column 0 of w"
assert dw[2, 2] == 3 * 2, "w[2, 2] was multiplied by x[1, 2] = 3 on its way to out[1, 2]"
assert db.tolist() == [1.0, 0.0, 2.0, 0.0]
### BEGIN HIDDEN TESTS
checks.affine_backward(affine_backward, affine_forward)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "affine_gradient_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Gradient check.** Wiggle every entry of x, w and b, and compare. `eval_numerical_gradient_array(f, x, dout)` is your
# `numerical_gradient` of 00 for a function whose value is an array: it takes the slope of Σ dout · f(x).

# %% nbgrader={"grade": false, "grade_id": "affine_gradient", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(1)
x, w, b, dout = rng.normal(size=(4, 2, 3)), rng.normal(size=(6, 5)), rng.normal(size=5), rng.normal(size=(4, 5))
out, cache = affine_forward(x, w, b)
dx, dw, db = affine_backward(dout, cache)
gradients = {"dx": dx, "dw": dw, "db": db}
numerical = {
    "dx": eval_numerical_gradient_array(lambda x: affine_forward(x, w, b)[0], x, dout),
    "dw": eval_numerical_gradient_array(lambda w: affine_forward(x, w, b)[0], w, dout),
    "db": eval_numerical_gradient_array(lambda b: affine_forward(x, w, b)[0], b, dout),
}
for name, gradient in gradients.items():
    print(f"{name} {gradient.shape!s:10s} relative error {rel_error(gradient, numerical[name]):.0e}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "affine_gradient_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** Three errors far below 10⁻⁶. An affine layer has no bend, so only rounding is left.
#
# **To think about.** Why would this check still pass if `affine_backward` wrote zeros into `dout` just before it returned, and what
# would go wrong in a network?

# %% [markdown] nbgrader={"grade": false, "grade_id": "relu_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3 · ReLU, forward  (1 point, easy, 5 minutes)
#
# **Why.** Affine after affine is affine again. Something must bend in between, and max(0, x) is the cheapest bend there is.

# %% nbgrader={"grade": false, "grade_id": "relu_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
x_mixed = np.array([[3.0, -1.0, 0.0], [-2.0, 0.5, 4.0]])
kept = x_mixed > 0

# %% nbgrader={"grade": false, "grade_id": "relu_kept", "locked": true, "schema_version": 3, "solution": false, "task": false}
diagrams.matrices(
    [("x", x_mixed, kept), ("out", np.maximum(0, x_mixed), kept)],
    ["→"],
    f"{kept.sum()} of {kept.size} entries get through",
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "relu_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$\text{out} = \max(0, x) \quad\text{entry by entry}$$
#
# **Shapes.** x of any shape → out of the same shape. **Task.** Return `(out, cache)`; a good cache is x. No loops; x stays as it was.
#
# <details><summary>Hint</summary>
#
# `np.max` takes the largest of one array; `np.maximum` compares two, entry by entry.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "relu_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu_forward(x):
    """Replace what is negative by 0.

    Parameters
    ----------
    x : array of any shape

    Returns
    -------
    out : array of x's shape
    cache : array
        x
    """
    ### BEGIN SOLUTION
    return np.maximum(0, x), x
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "relu_forward_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.relu_forward(relu_forward)

# %% nbgrader={"grade": true, "grade_id": "relu_forward_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
out, _ = relu_forward(x_mixed.copy())
assert out.tolist() == [[3.0, 0.0, 0.0], [0.0, 0.5, 4.0]], out
### BEGIN HIDDEN TESTS
checks.relu_forward(relu_forward)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "relu_back_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4 · ReLU, backward  (2 points, easy, 10 minutes)
#
# **Why.** Where the input was cut off, wiggling it changes nothing, so no gradient may come back through it.

# %% nbgrader={"grade": false, "grade_id": "relu_back_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
dout_mixed = np.array([[5.0, 7.0, -2.0], [1.0, -3.0, 2.0]])
diagrams.matrices(
    [("dout", dout_mixed, kept), ("x > 0", kept.astype(float), kept), ("dx", dout_mixed * kept, kept)],
    ["×", "="],
    f"dx[1, 1] = {dout_mixed[1, 1]:g} · {kept[1, 1]:d} = {dout_mixed[1, 1] * kept[1, 1]:g}".replace("-", "−"),
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "relu_back_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$\text{dx} = \text{dout} \cdot [x > 0]$$
#
# It is the sign of **x** that decides, not the sign of dout. At exactly 0 the slope is not defined; **here it is 0**, as in most
# libraries.
#
# **Shapes.** dout and dx have x's shape. **Task.** Return dx, a **new** array: dout belongs to the layer above and stays as it was.
#
# <details><summary>Hint</summary>
#
# `x > 0` is an array of True and False, which multiply as 1 and 0. `dx = dout` would be the same array under a second name.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "relu_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu_backward(dout, cache):
    """Let the gradient through where the input was positive.

    Parameters
    ----------
    dout : array of any shape
    cache : array
        What relu_forward returned beside its output.

    Returns
    -------
    array of dout's shape
        The gradient with respect to x; 0 where x is 0.
    """
    ### BEGIN SOLUTION
    x = cache
    return dout * (x > 0)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "relu_backward_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.relu_backward(relu_backward, relu_forward, at_zero=0)

# %% nbgrader={"grade": true, "grade_id": "relu_backward_test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
cache = checks.cache_of(relu_forward, x_mixed, right=np.maximum(0, x_mixed), otherwise=x_mixed)
dout = np.array([[5.0, 7.0, -2.0], [1.0, -3.0, 2.0]])
dx = relu_backward(dout, cache)
assert dx.tolist() == [[5.0, 0.0, 0.0], [0.0, -3.0, 2.0]], dx
assert dout.tolist() == [[5.0, 7.0, -2.0], [1.0, -3.0, 2.0]], "dout was changed"
### BEGIN HIDDEN TESTS
checks.relu_backward(relu_backward, relu_forward, at_zero=0)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "relu_gradient_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Gradient check.** Away from the kink at 0 it agrees. The second line puts one entry *at* 0: the central difference sees half a
# slope there, and the check fails though your function is right. Kinks are why a gradient check picks its inputs.

# %% nbgrader={"grade": false, "grade_id": "relu_gradient", "locked": true, "schema_version": 3, "solution": false, "task": false}
x = rng.normal(size=(4, 5))
x += 0.1 * np.sign(x)  # no entry within 0.1 of the kink
dout = 1 + rng.random(size=x.shape)
for place in ["away from 0", "one entry at 0"]:
    if place == "one entry at 0":
        x[0, 0] = 0
    numerical = eval_numerical_gradient_array(lambda x: relu_forward(x)[0], x, dout)
    dx = relu_backward(dout, relu_forward(x)[1])
    print(f"{place:15s} relative error {rel_error(dx, numerical):.0e}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "digits_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5 · Your layers on real digits
#
# Eight images go through a layer of eight random units. Each unit looks at the image through its weights (orange counts for it,
# purple against), and ReLU keeps what is positive.

# %% nbgrader={"grade": false, "grade_id": "digits_images", "locked": true, "schema_version": 3, "solution": false, "task": false}
images = load_digits()["X_train"][:8]
diagrams.image_rows({"images": images[:, 0]}, titles=[f"image {n}" for n in range(8)])

# %% nbgrader={"grade": false, "grade_id": "digits_weights", "locked": true, "schema_version": 3, "solution": false, "task": false}
weights = np.random.default_rng(4).normal(size=(64, 8))
names = [f"unit {m}" for m in range(8)]
diagrams.image_rows({"weights": weights.T.reshape(8, 8, 8)}, cmap="PuOr_r", titles=names)

# %% nbgrader={"grade": false, "grade_id": "digits_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
sums, _ = affine_forward(images, weights, np.zeros(8))
activations, _ = relu_forward(sums)
print(f"{np.mean(activations == 0):.0%} of the activations are 0")
shown = np.round(activations, 1)
diagrams.matrices([("a row for each image, a column for each unit", shown, shown > 0)], [])

# %% [markdown] nbgrader={"grade": false, "grade_id": "digits_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** About half of the entries are 0: for random weights a sum is as often negative as positive. A column
# that is 0 for every image is a unit that learns nothing from them.

# %% [markdown] nbgrader={"grade": false, "grade_id": "gallery_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 6 · Other activations, and where each loses its gradient
#
# Where a slope is nearly 0, almost no gradient comes back, and the weights in front of it stop learning. One calls the unit
# *saturated*; a ReLU unit that is off for every input is called *dead*.
#
# | | formula |
# |---|---|
# | sigmoid | σ(x) = 1 / (1 + e⁻ˣ), between 0 and 1 |
# | tanh | tanh x = 2σ(2x) − 1: a sigmoid stretched to −1 … 1 and centred on 0 |
# | leaky ReLU | x if x > 0, else αx with a small α. (Not max(α, x), which is never below α.) |
# | ELU | x if x > 0, else eˣ − 1 |
# | maxout | max(w₁x + b₁, w₂x + b₂): the larger of two affine functions, both learned |


# %% nbgrader={"grade": false, "grade_id": "gallery", "locked": true, "schema_version": 3, "solution": false, "task": false}
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


gallery = {
    "ReLU": lambda x: np.maximum(0, x),
    "sigmoid": sigmoid,
    "tanh": lambda x: 2 * sigmoid(2 * x) - 1,
    "leaky ReLU, α = 0.1": lambda x: np.where(x > 0, x, 0.1 * x),
    "ELU": lambda x: np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1),
    "maxout of 0.5x + 0.5 and −0.8x − 0.5": lambda x: np.maximum(0.5 * x + 0.5, -0.8 * x - 0.5),
}
points = np.linspace(-3, 3, 7)
print(f"largest |tanh x − (2σ(2x) − 1)|: {abs(np.tanh(points) - gallery['tanh'](points)).max():.0e}")

# %% nbgrader={"grade": false, "grade_id": "gallery_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
diagrams.functions_and_slopes(gallery, reach=7)

# %% nbgrader={"grade": false, "grade_id": "gallery_chain", "locked": true, "schema_version": 3, "solution": false, "task": false}
slopes = {name: (f(2.0 + 1e-6) - f(2.0 - 1e-6)) / 2e-6 for name, f in gallery.items()}
print("what is left of a gradient of 1 after ten layers, if every input is 2 (weights left aside)")
for name, slope in slopes.items():
    print(f"  {slope:5.3f}^10 = {slope**10:7.1e}  {name}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "question_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 7 · Question  (1 point, 5 minutes)
#
# **For which inputs does each activation lose its gradient** (the slope tends to 0, or is 0)?
#
# - `"A"`: for none
# - `"B"`: for negative inputs only (far enough from 0, where it depends on that)
# - `"C"`: for positive inputs only (far enough from 0)
# - `"D"`: for inputs far from 0 on either side
#
# Give one letter for each in the next cell (½ point, scored by machine, all six right; take maxout as it is drawn), and a sentence in the cell after it
# (½ point, read by a person).
#
# <details><summary>Hint</summary>
#
# Grey marks in the gallery where a slope is nearly 0. On which side is each panel grey, and would it become so further out?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "lost_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lost_gradient():
    """Answer the question.

    Returns
    -------
    dict of str to str
        One of the letters A, B, C, D for each of the names relu, sigmoid, tanh, leaky_relu, elu and maxout, as in
        {"relu": ..., "sigmoid": ..., "tanh": ..., "leaky_relu": ..., "elu": ..., "maxout": ...}
    """
    ### BEGIN SOLUTION
    # For maxout: any two slopes that differ from 0, as in the picture.
    return {"relu": "B", "sigmoid": "D", "tanh": "D", "leaky_relu": "A", "elu": "B", "maxout": "A"}
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "lost_gradient_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
answers = lost_gradient()
assert set(answers) == {"relu", "sigmoid", "tanh", "leaky_relu", "elu", "maxout"}, "give the six names, as spelt above"
unanswered = [name for name, letter in answers.items() if letter not in ("A", "B", "C", "D")]
assert not unanswered, f'give "A", "B", "C" or "D" for {", ".join(unanswered)}'
print("Six letters. Whether they are right you learn when the notebook is graded;\nthe pictures above tell you now.")

# %% nbgrader={"grade": true, "grade_id": "lost_gradient_test", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
answers = lost_gradient()
assert set(answers) == {"relu", "sigmoid", "tanh", "leaky_relu", "elu", "maxout"}, "give the six names, as spelt above"
### BEGIN HIDDEN TESTS
right = {"relu": "B", "sigmoid": "D", "tanh": "D", "leaky_relu": "A", "elu": "B", "maxout": "A"}
assert answers["leaky_relu"] != "B", "leaky_relu: that is max(0.01, x), a known mistake; leaky ReLU falls on as 0.01 x"
wrong = [name for name, letter in right.items() if answers[name] != letter]
assert not wrong, f"look again at the slopes of {', '.join(wrong)} in the gallery"
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "sentence_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **In one sentence:** a ReLU unit has been off for every training image since the third step. Why does training not bring it back,
# and what would a leaky ReLU change?

# %% [markdown] nbgrader={"grade": true, "grade_id": "lost_gradient_sentence", "locked": false, "points": 0.5, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# Its slope is 0 for every image, so dw and db of that unit are 0 and gradient descent never moves its weights; with a leaky ReLU a
# small gradient α·dout still comes through and can move them until the unit is on again for some image.
# ### END SOLUTION
