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
# # 02 · Losses: from scores to one number
#
# A network ends in scores, one for each class. A loss says in one number how bad they are, and its gradient is where all
# learning starts. You write the two classic ones, and train a classifier with each. **10 points · about 70 minutes.**
#
# Each graded task is judged on its own: a mistake in one costs nothing in another.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from cs_layers import checks, diagrams, layers
from cs_layers.carry import earlier
from cs_layers.data import load_digits
from cs_layers.gradient_check import eval_numerical_gradient, rel_error

# %% [markdown] nbgrader={"grade": false, "grade_id": "softmax_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1 · Softmax by hand  (1 point, easy, 15 minutes)
#
# **Why.** Scores are any numbers; probabilities are positive and sum to 1. Softmax turns one into the other.

# %% nbgrader={"grade": false, "grade_id": "softmax_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
diagrams.softmax_bars([2.0, 1.0, -1.0], names=["cat", "dog", "ship"])

# %% [markdown] nbgrader={"grade": false, "grade_id": "softmax_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$p_{nk} = \frac{e^{s_{nk}}}{\sum_j e^{s_{nj}}}$$
#
# **On paper first.** Scores ln 1, ln 2 and ln 5, right class 2 (the last). What are the three probabilities, the loss −log p of
# the right class, and its gradient with respect to the scores, which is p, less 1 at the right class? Write them down, then run
# the next cell.

# %% nbgrader={"grade": false, "grade_id": "softmax_paper", "locked": true, "schema_version": 3, "solution": false, "task": false}
powers = np.exp(np.log([1, 2, 5]))
probabilities = powers / powers.sum()
gradient = probabilities - np.array([0, 0, 1])
print(f"exp(scores)    {powers.round(3)}, sum {powers.sum():.3f}")
print(f"probabilities  {probabilities.round(3)}")
print(f"loss           −log {probabilities[2]:.3f} = {-np.log(probabilities[2]):.3f}")
print(f"gradient       {gradient.round(3)}, sum {abs(gradient.sum()):.3f}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "softmax_trap_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Written as it stands, the formula breaks on a confident network: e¹⁰⁰⁰ is more than a float can hold.

# %% nbgrader={"grade": false, "grade_id": "softmax_trap", "locked": true, "schema_version": 3, "solution": false, "task": false}
with np.errstate(over="ignore", invalid="ignore"):
    powers = np.exp(np.array([1000.0, 999.0]))
    print("exp(scores) =", powers, "  divided by their sum:", powers / powers.sum())

# %% [markdown] nbgrader={"grade": false, "grade_id": "softmax_ask", "locked": true, "schema_version": 3, "solution": false, "task": false}
# But softmax does not change when the same number is taken from all scores of a row: numerator and denominator shrink alike.
#
# **Shapes.** scores (N, C), or one row (C,) → probabilities of the same shape. Each row has its own sum.
#
# **Task.** Right for scores of any finite size, also where rows differ by thousands. No loops; scores stay as they were.
#
# <details><summary>Hint</summary>
#
# Take from each row its own largest score: then the largest power is e⁰ = 1. With `axis=-1` and `keepdims=True` one line serves (N, C)
# and (C,) alike.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "softmax", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax(scores):
    """Turn scores into probabilities, row by row.

    Parameters
    ----------
    scores : array of shape (N, C) or (C,)

    Returns
    -------
    array of scores' shape
        Each row sums to 1.
    """
    ### BEGIN SOLUTION
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "softmax_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.softmax(softmax)

# %% nbgrader={"grade": true, "grade_id": "softmax_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert np.allclose(softmax(np.log([[1.0, 2.0, 5.0]])), [[1 / 8, 2 / 8, 5 / 8]]), "the example on paper"
assert np.allclose(softmax(np.array([1000.0, 1000.0])), [0.5, 0.5]), "two equal scores, however large"
### BEGIN HIDDEN TESTS
checks.softmax(softmax)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "entropy_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2 · Cross entropy  (2 points, easy, 10 minutes)
#
# **Why.** The price of a prediction is −log of the probability that it gave to what was true: nothing for certainty, and without
# limit for certainty in what is false.

# %% nbgrader={"grade": false, "grade_id": "entropy_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
diagrams.minus_log([0.02, 0.1, 0.5, 0.9])

# %% [markdown] nbgrader={"grade": false, "grade_id": "entropy_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$L = -\frac{1}{N} \sum_n \log p_{n,\,t_n}$$
#
# What is true comes in one of two forms. As **indices**: `t = [2, 0]`. Or **one-hot**: `t = [[0, 0, 1], [1, 0, 0]]`, a row for each
# image with a 1 at its class.
#
# **Shapes.** y (N, C): probabilities, each above 0. t (N,) integers, or (N, C) zeros and ones (integers or floats). → one number,
# the **mean** over the batch.
#
# **Task.** Tell the forms apart by their number of axes. Add nothing inside the log: a "safety" of 1e-7 makes every loss a
# little wrong, and hides trouble instead of removing it (that is the next task). No loops; y and t stay as they were.
#
# <details><summary>Hint</summary>
#
# `y[np.arange(N), t]` picks from row n the entry t[n]. A one-hot row has its largest entry where the index is.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "cross_entropy_error", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cross_entropy_error(y, t):
    """Return the mean of −log of the probability given to the right class.

    Parameters
    ----------
    y : array of shape (N, C)
        Probabilities above 0; rows sum to 1.
    t : integer array of shape (N,), or array of shape (N, C)
        Indices of the right classes, or one-hot rows.

    Returns
    -------
    float
    """
    ### BEGIN SOLUTION
    if t.ndim == 2:
        t = t.argmax(axis=1)
    return -np.mean(np.log(y[np.arange(len(y)), t]))
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "cross_entropy_error_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.cross_entropy_error(cross_entropy_error)

# %% nbgrader={"grade": true, "grade_id": "cross_entropy_error_test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
y = np.array([[0.1, 0.5, 0.4], [0.8, 0.1, 0.1]])
expected = -(np.log(0.4) + np.log(0.8)) / 2
assert abs(cross_entropy_error(y, np.array([2, 0])) - expected) < 1e-9, "indices"
assert abs(cross_entropy_error(y, np.array([[0, 0, 1], [1, 0, 0]])) - expected) < 1e-9, "one-hot"
### BEGIN HIDDEN TESTS
checks.cross_entropy_error(cross_entropy_error)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "entropy_question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **To think about.** A classifier of ten classes that knows nothing gives 1/10 to each. What is its loss? You will look for this
# number at the start of every training run.

# %% [markdown] nbgrader={"grade": false, "grade_id": "loss_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3 · Softmax loss, stable, with its gradient  (4 points, medium, 25 minutes)
#
# **Why.** Even a careful softmax is not enough: a probability can become exactly 0, and its log is −∞. One confident mistake, and
# the loss of the whole batch is infinite.

# %% nbgrader={"grade": false, "grade_id": "loss_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
gaps = np.array([1.0, 10.0, 100.0, 700.0, 800.0, 1000.0])
print("scores [gap, 0], right class 1; the true loss is log(1 + exp(gap)), all but equal to the gap itself")
for gap in gaps:
    powers = np.exp(np.array([0.0, -gap]))  # the largest score is taken away, as it should be
    with np.errstate(divide="ignore"):
        print(
            f"  gap {gap:6.0f}   p = {powers[1] / powers.sum():9.2e}   -log p = {-np.log(powers[1] / powers.sum()):8.3f}"
        )

# %% [markdown] nbgrader={"grade": false, "grade_id": "loss_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# The way out is to simplify on paper, before any rounding. With $m_n = \max_j x_{nj}$ and $z_{nk} = x_{nk} - m_n$:
#
# $$\log p_{nk} = z_{nk} - \log \sum_j e^{z_{nj}}, \qquad
# L = -\frac1N \sum_n \log p_{n,\,y_n}, \qquad
# \frac{\partial L}{\partial x_{nk}} = \frac{p_{nk} - [k = y_n]}{N}$$
#
# The sum holds one e⁰ = 1, so its log is never of 0: no exp overflows, no log sees a 0.
#
# **Shapes.** x (N, C) scores, y (N,) integer labels → `(loss, dx)`: a number, and dx (N, C).
#
# **Task.** Loss and gradient are finite and right **for any finite scores**. The loss is the mean over the batch; so is its gradient.
# No loops; x and y stay as they were.
#
# <details><summary>Hint</summary>
#
# Compute log p as an array first; p is its exp. For dx, take a copy of p, subtract 1 at `[np.arange(N), y]`, divide by N.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "softmax_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax_loss(x, y):
    """Compute the softmax (cross-entropy) loss and its gradient.

    Parameters
    ----------
    x : array of shape (N, C)
        Scores, of any finite size.
    y : integer array of shape (N,)
        The right classes, 0 to C − 1.

    Returns
    -------
    loss : float
        The mean over the batch.
    dx : array of shape (N, C)
        Gradient of the loss with respect to x.
    """
    ### BEGIN SOLUTION
    rows = np.arange(len(y))
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -np.mean(log_p[rows, y])
    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return loss, dx / len(y)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "softmax_loss_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.softmax_loss(softmax_loss)

# %% nbgrader={"grade": true, "grade_id": "softmax_loss_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
loss, dx = softmax_loss(np.log([[1.0, 2.0, 5.0]]), np.array([2]))
assert abs(loss + np.log(5 / 8)) < 1e-9, "the example on paper: the loss is −log 5/8"
assert np.allclose(dx, [[1 / 8, 2 / 8, 5 / 8 - 1]]), (
    "the example on paper: the gradient is p, less 1 at the right class"
)
loss, dx = softmax_loss(np.array([[1000.0, 0.0]]), np.array([1]))
assert abs(loss - 1000) < 1e-6, f"scores [1000, 0], right class 1: the loss is 1000, yours {loss}"
### BEGIN HIDDEN TESTS
checks.softmax_loss(softmax_loss)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "loss_gradient_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Gradient check**, and the number to remember: small random scores for ten classes give a loss near ln 10.

# %% nbgrader={"grade": false, "grade_id": "loss_gradient", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(0)
x, y = 0.001 * rng.normal(size=(50, 10)), rng.integers(10, size=50)
loss, dx = softmax_loss(x, y)
numerical = eval_numerical_gradient(lambda x: softmax_loss(x, y)[0], x)
print(f"loss {loss:.3f}   ln 10 = {np.log(10):.3f}   relative error of dx {rel_error(dx, numerical):.0e}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "svm_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4 · SVM loss  (3 points, medium, 15 minutes)
#
# **Why.** Another wish for scores: the right class shall lead every other by a margin of 1. What keeps its distance costs nothing.

# %% nbgrader={"grade": false, "grade_id": "svm_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
diagrams.margins([2.0, 2.5, -1.0, 1.4], label=0)

# %% [markdown] nbgrader={"grade": false, "grade_id": "svm_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$L = \frac1N \sum_n \sum_{j \ne y_n} \max(0,\; x_{nj} - x_{n,y_n} + 1)$$
#
# **The gradient.** Each class inside the margin (cost > 0) adds 1/N to its own entry of dx and −1/N to the right class's entry. So
# dx of the right class is −(number of classes inside its margin)/N. A class exactly on the edge may count or not.
#
# **Shapes.** x (N, C) scores, y (N,) integer labels → `(loss, dx)`: a number, and dx (N, C).
#
# **Task.** The mean over the batch; the right class costs nothing itself. No loops; x and y stay as they were.
#
# <details><summary>Hint</summary>
#
# Compute all N × C costs at once; the right class then costs 1, so set it to 0. For dx, `costs > 0` is the first part. How many are
# True in each row is the second.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "svm_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def svm_loss(x, y):
    """Compute the multiclass SVM (hinge) loss with margin 1, and its gradient.

    Parameters
    ----------
    x : array of shape (N, C)
        Scores.
    y : integer array of shape (N,)
        The right classes, 0 to C − 1.

    Returns
    -------
    loss : float
        The mean over the batch.
    dx : array of shape (N, C)
        Gradient of the loss with respect to x.
    """
    ### BEGIN SOLUTION
    rows = np.arange(len(y))
    costs = np.maximum(0, x - x[rows, y][:, np.newaxis] + 1)
    costs[rows, y] = 0
    dx = (costs > 0).astype(x.dtype)
    dx[rows, y] = -dx.sum(axis=1)
    return costs.sum() / len(y), dx / len(y)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "svm_loss_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.svm_loss(svm_loss)

# %% nbgrader={"grade": true, "grade_id": "svm_loss_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
loss, dx = svm_loss(np.array([[2.0, 2.5, -1.0, 1.4]]), np.array([0]))
assert abs(loss - (1.5 + 0 + 0.4)) < 1e-9, "the picture: 1.5 + 0 + 0.4"
assert np.round(dx, 9).tolist() == [[-2.0, 1.0, 0.0, 1.0]], "two classes are inside the margin"
### BEGIN HIDDEN TESTS
checks.svm_loss(svm_loss)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "svm_gradient_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Gradient check**, with margins away from the kink, where both slopes would be right.

# %% nbgrader={"grade": false, "grade_id": "svm_gradient", "locked": true, "schema_version": 3, "solution": false, "task": false}
x, y = rng.normal(size=(20, 10)), rng.integers(10, size=20)
costs = x - x[np.arange(20), y][:, np.newaxis] + 1
loss, dx = svm_loss(x, y)
numerical = eval_numerical_gradient(lambda x: svm_loss(x, y)[0], x)
print(f"closest to a kink: {abs(costs).min():.0e}, and h is 1e-5")
print(f"loss {loss:.3f}   relative error of dx {rel_error(dx, numerical):.0e}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "compare_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5 · What the two wish for
#
# Two classes, and the right one leads by d. The SVM is content at d = 1. Softmax is never quite content, and asks ever less. The third line is the **mean squared error**
# between the scores and the one-hot (1, 0), the loss for numbers that should be *met*, such as a price: for classes it asks for a lead of 1 exactly, and **punishes a network for
# being surer than that**.

# %% nbgrader={"grade": false, "grade_id": "compare_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
leads = np.linspace(-3, 4, 141)
lines = {}
for name, loss_function in [("softmax", softmax_loss), ("SVM", svm_loss)]:
    lines[name] = np.array([loss_function(np.array([[d, 0.0]]), np.array([0]))[0] for d in leads])
one_hot = np.array([1.0, 0.0])
lines["mean squared error"] = np.array([np.mean((np.array([d, 0.0]) - one_hot) ** 2) for d in leads])
at = {d: np.argmin(abs(leads - d)) for d in (1, 3)}
diagrams.curves(
    leads,
    lines,
    xlabel="lead d of the right class",
    ylabel="loss",
    title="\n".join(
        f"at d = {d}: " + ", ".join(f"{name} {line[at[d]]:.2f}" for name, line in lines.items()) for d in (1, 3)
    ),
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "train_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 6 · A classifier, trained by your gradients
#
# scores = images · W + b: the affine layer of 01, and one of your losses on top of it. The next cell looks into your notebook 01, which lies in the same folder, and takes your
# layer from it if it passes its check. If it is not there, or not right yet, the package's stands in: a mistake is paid for once.

# %% nbgrader={"grade": false, "grade_id": "train_carry", "locked": true, "schema_version": 3, "solution": false, "task": false}
own = earlier("01_affine_relu", affine_forward=layers.affine_forward, affine_backward=layers.affine_backward)

# %% [markdown] nbgrader={"grade": false, "grade_id": "train_how", "locked": true, "schema_version": 3, "solution": false, "task": false}
# On the embedded 8×8 digits: 200 steps down the gradient with all training images, once with each loss. The images of the validation set are never trained on.

# %% nbgrader={"grade": false, "grade_id": "train", "locked": true, "schema_version": 3, "solution": false, "task": false}
digits = load_digits()
X, X_val = digits["X_train"].reshape(-1, 64), digits["X_val"].reshape(-1, 64)
y, y_val = digits["y_train"], digits["y_val"]


def train(loss_function, learning_rate):
    W, b = 0.001 * np.random.default_rng(0).normal(size=(64, 10)), np.zeros(10)
    losses = []
    for _ in range(200):
        scores, cache = own.affine_forward(X, W, b)
        loss, dscores = loss_function(scores, y)
        _, dW, db = own.affine_backward(dscores, cache)
        W, b = W - learning_rate * dW, b - learning_rate * db
        losses.append(loss)
    return W, b, np.array(losses)


runs = {"softmax": (softmax_loss, 2.0), "SVM": (svm_loss, 0.1)}
histories, learned = {}, {}
for name, setting in runs.items():
    W, b, losses = train(*setting)
    histories[name], learned[name] = losses, W.T.reshape(10, 8, 8)
    accuracy = np.mean((X_val @ W + b).argmax(axis=1) == y_val)
    print(f"{name:8s} loss {losses[0]:5.2f} → {losses[-1]:5.2f}   validation accuracy {accuracy:.1%}")
diagrams.curves(np.arange(200), histories, xlabel="step", ylabel="loss on the training images")

# %% [markdown] nbgrader={"grade": false, "grade_id": "train_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** Softmax starts at ln 10 and the SVM at 9 (nine wrong classes, each a whole margin in); both end with more
# than nine of ten unseen digits right. And one can look at what was learned: the weights of each class, as an image. Orange is ink
# that speaks for the class, purple ink that speaks against it.

# %% nbgrader={"grade": false, "grade_id": "train_weights", "locked": true, "schema_version": 3, "solution": false, "task": false}
if not learned:
    raise NotImplementedError("This picture waits for your losses.")
diagrams.image_rows(learned, cmap="PuOr_r", titles=[str(k) for k in range(10)])

# %% [markdown] nbgrader={"grade": false, "grade_id": "end_question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **To think about.** The two losses cannot be compared by their values, yet the classifiers can. By what? And why should the 0's
# weights be purple in the middle?
