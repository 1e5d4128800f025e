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
# # x2 · The bug clinic
#
# Eight layers are broken, and all of them pass the tests that one usually writes. You read each and give **an input on which it is wrong**: half
# of finding a bug is knowing where to look. Then you mend two. **10 points · about 90 minutes.** Optional; it needs 01, 02, 06 and 07; room 8 needs x1.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from cs_layers import checks, diagrams

# %% [markdown] nbgrader={"grade": false, "grade_id": "example_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## A worked example
#
# **Why.** A test can only find what its inputs bring to light. This ReLU is broken:


# %% nbgrader={"grade": false, "grade_id": "example_source", "locked": true, "schema_version": 3, "solution": false, "task": false}
def relu_forward(x):
    out = np.maximum(0, np.minimum(x, 6))
    return out, x


# %% [markdown] nbgrader={"grade": false, "grade_id": "example_how", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Read it and ask of each line: *for which inputs does this differ from what I would write?* `np.minimum(…, 6)` does something to numbers above 6 and to no
# others. Normal numbers, which everybody tests with, hardly ever reach it:

# %% nbgrader={"grade": false, "grade_id": "example_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
largest = np.random.default_rng(0).normal(size=10_000).max()
print(f"the largest of 10,000 normal numbers: {largest:.1f}")
x = np.linspace(-4, 10, 141)
lines = {"right": np.maximum(0, x), "broken": relu_forward(x)[0]}

# %% nbgrader={"grade": false, "grade_id": "example_curves", "locked": true, "schema_version": 3, "solution": false, "task": false}
diagrams.curves(x, lines, xlabel="x", ylabel="out", title="They part at 6: x = np.array([7.0]) exposes it")

# %% [markdown] nbgrader={"grade": false, "grade_id": "rules", "locked": true, "schema_version": 3, "solution": false, "task": false}
# So `return np.array([7.0])` would be the answer. **The rules**
#
# - Return what the layer takes, in the order of the docstring. Arrays may be lists of numbers; a few entries are enough.
# - For a backward that is the input of the forward and, last, dout: the forward is run for you, and it is right.
# - The input must be valid: the right layer must accept it. Numbers finite and within ±1,000,000, so that rounding is no excuse.
# - It counts if the broken layer and the right one differ on it.
#
# None of the eight is exposed by what one usually tests with: pixels between 0 and 1 or normal numbers, square images, pad 1, windows side by
# side.

# %% nbgrader={"grade": false, "grade_id": "survey", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.survey_broken()

# %% [markdown] nbgrader={"grade": false, "grade_id": "room_1_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Room 1 · ReLU, backward  (1 point, easy, 3 minutes)
#
# Gradient passes where x > 0; at exactly 0 this course lets nothing through.

# %% nbgrader={"grade": false, "grade_id": "room_1_source", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.show_broken(1)

# %% [markdown] nbgrader={"grade": false, "grade_id": "room_1_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task.** Return `x, dout`: x of any shape, dout like x.
#
# <details><summary>Hint</summary>
#
# The mask differs from x > 0 for one value of x only. Is it likely among normal numbers?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "expose_1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def expose_1():
    """Return an input on which the broken relu_backward is wrong: (x, dout)."""
    ### BEGIN SOLUTION
    return np.array([[2.0, 0.0, -1.0]]), np.array([[1.0, 5.0, 3.0]])
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "expose_1_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.expose_1(expose_1)

# %% nbgrader={"grade": true, "grade_id": "expose_1_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
given = expose_1()
assert isinstance(given, (tuple, list)), f"expose_1 returned {type(given).__name__}; return x, dout"
assert len(given) == 2, f"expose_1 returned {len(given)} values; return x, dout"
### BEGIN HIDDEN TESTS
checks.expose_1(expose_1)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "room_1_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.picture_broken(1, expose_1)

# %% [markdown] nbgrader={"grade": false, "grade_id": "room_2_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Room 2 · Max pooling, forward  (1 point, easy, 5 minutes)
#
# Each output is the largest entry of its window. Images hold pixels between 0 and 1, and after a ReLU nothing is negative; but nobody promised either.

# %% nbgrader={"grade": false, "grade_id": "room_2_source", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.show_broken(2)

# %% [markdown] nbgrader={"grade": false, "grade_id": "room_2_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task.** Return `x, pool_param`: x (N, C, H, W), pool_param with the ints "pool_height", "pool_width", "stride"; the stride must fit.
#
# <details><summary>Hint</summary>
#
# Find the extra number that every window is compared with. What must the window hold for it to win?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "expose_2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def expose_2():
    """Return an input on which the broken max_pool_forward_naive is wrong: (x, pool_param)."""
    ### BEGIN SOLUTION
    return -np.ones((1, 1, 2, 2)), {"pool_height": 2, "pool_width": 2, "stride": 2}
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "expose_2_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.expose_2(expose_2)

# %% nbgrader={"grade": true, "grade_id": "expose_2_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
given = expose_2()
assert isinstance(given, (tuple, list)), f"expose_2 returned {type(given).__name__}; return x, pool_param"
assert len(given) == 2, f"expose_2 returned {len(given)} values; return x, pool_param"
### BEGIN HIDDEN TESTS
checks.expose_2(expose_2)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "room_2_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.picture_broken(2, expose_2)

# %% [markdown] nbgrader={"grade": false, "grade_id": "room_3_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Room 3 · Convolution, forward  (1 point, easy, 5 minutes)
#
# One letter is wrong.

# %% nbgrader={"grade": false, "grade_id": "room_3_source", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.show_broken(3)

# %% [markdown] nbgrader={"grade": false, "grade_id": "room_3_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task.** Return `x, w, b, conv_param`: x (N, C, H, W), w (F, C, HH, WW), b (F,), conv_param with the ints "stride" and "pad"; the stride must fit.
#
# <details><summary>Hint</summary>
#
# Compare the two lines that compute the size of the output. For which images do they give the same by accident?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "expose_3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def expose_3():
    """Return an input on which the broken conv_forward_naive is wrong: (x, w, b, conv_param)."""
    ### BEGIN SOLUTION
    x, w = np.arange(8.0).reshape(1, 1, 2, 4), np.ones((1, 1, 2, 2))
    return x, w, np.zeros(1), {"stride": 1, "pad": 0}
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "expose_3_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.expose_3(expose_3)

# %% nbgrader={"grade": true, "grade_id": "expose_3_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
given = expose_3()
assert isinstance(given, (tuple, list)), f"expose_3 returned {type(given).__name__}; return x, w, b, conv_param"
assert len(given) == 4, f"expose_3 returned {len(given)} values; return x, w, b, conv_param"
### BEGIN HIDDEN TESTS
checks.expose_3(expose_3)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "room_3_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.picture_broken(3, expose_3)

# %% [markdown] nbgrader={"grade": false, "grade_id": "room_4_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Room 4 · Convolution, backward  (1 point, easy, 5 minutes)
#
# The loops are right. People make this mistake often.

# %% nbgrader={"grade": false, "grade_id": "room_4_source", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.show_broken(4)

# %% [markdown] nbgrader={"grade": false, "grade_id": "room_4_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task.** Return `x, w, b, conv_param, dout`: as in room 3, and dout (N, F, H′, W′).
#
# <details><summary>Hint</summary>
#
# What is `a[0:-0]`?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "expose_4", "locked": false, "schema_version": 3, "solution": true, "task": false}
def expose_4():
    """Return an input on which the broken conv_backward_naive is wrong: (x, w, b, conv_param, dout)."""
    ### BEGIN SOLUTION
    x, w, dout = np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), np.ones((1, 1, 2, 2))
    return x, w, np.zeros(1), {"stride": 1, "pad": 0}, dout
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "expose_4_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.expose_4(expose_4)

# %% nbgrader={"grade": true, "grade_id": "expose_4_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
given = expose_4()
assert isinstance(given, (tuple, list)), f"expose_4 returned {type(given).__name__}; return x, w, b, conv_param, dout"
assert len(given) == 5, f"expose_4 returned {len(given)} values; return x, w, b, conv_param, dout"
### BEGIN HIDDEN TESTS
checks.expose_4(expose_4)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "room_4_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.picture_broken(4, expose_4)

# %% [markdown] nbgrader={"grade": false, "grade_id": "room_5_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Room 5 · Max pooling, backward  (1 point, medium, 8 minutes)
#
# The gradient of a window goes to its largest entry: to one of them.

# %% nbgrader={"grade": false, "grade_id": "room_5_source", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.show_broken(5)

# %% [markdown] nbgrader={"grade": false, "grade_id": "room_5_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task.** Return `x, pool_param, dout`: x and pool_param as in room 2, dout (N, C, H′, W′).
#
# <details><summary>Hint</summary>
#
# Count the True in `mask`. Photographs have patches of one colour, and after a ReLU many entries are 0.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "expose_5", "locked": false, "schema_version": 3, "solution": true, "task": false}
def expose_5():
    """Return an input on which the broken max_pool_backward_naive is wrong: (x, pool_param, dout)."""
    ### BEGIN SOLUTION
    x, dout = np.array([[[[1.0, 3.0], [3.0, 2.0]]]]), np.array([[[[7.0]]]])
    return x, {"pool_height": 2, "pool_width": 2, "stride": 2}, dout
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "expose_5_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.expose_5(expose_5)

# %% nbgrader={"grade": true, "grade_id": "expose_5_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
given = expose_5()
assert isinstance(given, (tuple, list)), f"expose_5 returned {type(given).__name__}; return x, pool_param, dout"
assert len(given) == 3, f"expose_5 returned {len(given)} values; return x, pool_param, dout"
### BEGIN HIDDEN TESTS
checks.expose_5(expose_5)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "room_5_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.picture_broken(5, expose_5)

# %% [markdown] nbgrader={"grade": false, "grade_id": "room_6_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Room 6 · Max pooling, backward, once more  (1 point, medium, 8 minutes)
#
# The same layer, written by somebody else, and another bug. AlexNet, by the way, pools 3×3 windows with stride 2.

# %% nbgrader={"grade": false, "grade_id": "room_6_source", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.show_broken(6)

# %% [markdown] nbgrader={"grade": false, "grade_id": "room_6_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task.** Return `x, pool_param, dout`: as in room 5.
#
# <details><summary>Hint</summary>
#
# What happens to an entry that is the largest of two windows? When do two windows share an entry?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "expose_6", "locked": false, "schema_version": 3, "solution": true, "task": false}
def expose_6():
    """Return an input on which the broken max_pool_backward_naive is wrong: (x, pool_param, dout)."""
    ### BEGIN SOLUTION
    x, dout = np.array([[[[1.0, 9.0, 2.0]]]]), np.array([[[[1.0, 10.0]]]])
    return x, {"pool_height": 1, "pool_width": 2, "stride": 1}, dout
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "expose_6_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.expose_6(expose_6)

# %% nbgrader={"grade": true, "grade_id": "expose_6_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
given = expose_6()
assert isinstance(given, (tuple, list)), f"expose_6 returned {type(given).__name__}; return x, pool_param, dout"
assert len(given) == 3, f"expose_6 returned {len(given)} values; return x, pool_param, dout"
### BEGIN HIDDEN TESTS
checks.expose_6(expose_6)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "room_6_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.picture_broken(6, expose_6)

# %% [markdown] nbgrader={"grade": false, "grade_id": "room_7_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Room 7 · Softmax loss  (1 point, medium, 8 minutes)
#
# The row's maximum is subtracted, as it should be, so nothing overflows. The most frequent mistake of all is still there.

# %% nbgrader={"grade": false, "grade_id": "room_7_source", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.show_broken(7)

# %% [markdown] nbgrader={"grade": false, "grade_id": "room_7_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task.** Return `x, y`: x (N, C) scores, y (N,) the right classes, integers from 0 to C − 1.
#
# <details><summary>Hint</summary>
#
# Follow a probability that is far below 1: how small can a float get before it is 0, and what is log(0)? The network must be very sure, and wrong.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "expose_7", "locked": false, "schema_version": 3, "solution": true, "task": false}
def expose_7():
    """Return an input on which the broken softmax_loss is wrong: (x, y)."""
    ### BEGIN SOLUTION
    return np.array([[1000.0, 0.0]]), np.array([1])
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "expose_7_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.expose_7(expose_7)

# %% nbgrader={"grade": true, "grade_id": "expose_7_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
given = expose_7()
assert isinstance(given, (tuple, list)), f"expose_7 returned {type(given).__name__}; return x, y"
assert len(given) == 2, f"expose_7 returned {len(given)} values; return x, y"
### BEGIN HIDDEN TESTS
checks.expose_7(expose_7)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "room_7_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.picture_broken(7, expose_7)

# %% [markdown] nbgrader={"grade": false, "grade_id": "room_8_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Room 8 · Batch norm, forward  (1 point, medium, 10 minutes)
#
# Training is right, and so is testing, with the settings that everybody uses.

# %% nbgrader={"grade": false, "grade_id": "room_8_source", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.show_broken(8)

# %% [markdown] nbgrader={"grade": false, "grade_id": "room_8_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task.** Return `x, gamma, beta, bn_param`: x (N, D), gamma and beta (D,), bn_param with "mode" ("train" or "test") and perhaps "eps", "momentum", "running_mean" and "running_var", both (D,).
#
# <details><summary>Hint</summary>
#
# A setting that can be chosen is read at the top. Follow it through both branches.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "expose_8", "locked": false, "schema_version": 3, "solution": true, "task": false}
def expose_8():
    """Return an input on which the broken batchnorm_forward is wrong: (x, gamma, beta, bn_param)."""
    ### BEGIN SOLUTION
    param = {"mode": "test", "eps": 0.5, "running_mean": np.zeros(1), "running_var": np.ones(1)}
    return np.array([[3.0], [5.0]]), np.ones(1), np.zeros(1), param
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "expose_8_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.expose_8(expose_8)

# %% nbgrader={"grade": true, "grade_id": "expose_8_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
given = expose_8()
assert isinstance(given, (tuple, list)), f"expose_8 returned {type(given).__name__}; return x, gamma, beta, bn_param"
assert len(given) == 4, f"expose_8 returned {len(given)} values; return x, gamma, beta, bn_param"
### BEGIN HIDDEN TESTS
checks.expose_8(expose_8)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "room_8_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.picture_broken(8, expose_8)

# %% [markdown] nbgrader={"grade": false, "grade_id": "list_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## What your inputs have in common
#
# Would a test have found them that compares shapes only?

# %% nbgrader={"grade": false, "grade_id": "list", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.list_broken([expose_1, expose_2, expose_3, expose_4, expose_5, expose_6, expose_7, expose_8])

# %% [markdown] nbgrader={"grade": false, "grade_id": "list_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# A list to try on any layer of your own: numbers that are exactly **0** · all **negative** · **equal** numbers · images and windows that are
# **not square** · **pad 0** · a stride **smaller than the window** · scores that are **far apart** · **every setting** changed from its default, in **both
# modes** · a batch of **one**.

# %% [markdown] nbgrader={"grade": false, "grade_id": "svm_loss_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Mend two  (1 point each, medium, 15 minutes each)
#
# **Why.** A real patient has more than one illness, and one hides the other. Each of these two layers has **two** bugs. The checks tell you the symptoms, not the
# cause.

# %% nbgrader={"grade": false, "grade_id": "svm_loss_source", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.show_broken("svm_loss")

# %% [markdown] nbgrader={"grade": false, "grade_id": "svm_loss_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$L = \frac1N \sum_n \sum_{j \ne y_n} \max(0,\; x_{nj} - x_{n y_n} + 1)$$
#
# In dx, each margin that is violated counts +1 for its own class and −1 for the right class **of that row**, both divided by N.
#
# **Shapes.** x (N, C), y (N,) → loss, a number, and dx (N, C). **Task.** Write it again without the bugs. x and y stay as they were.
#
# <details><summary>Hint</summary>
#
# What does each sum run over? Try N = 1 and N = C in your head: where is the layer right?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "svm_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def svm_loss(x, y):
    """Compute the multiclass hinge loss with margin 1, the mean over the batch, and its gradient.

    Parameters
    ----------
    x : array of shape (N, C)
    y : array of int, shape (N,)

    Returns
    -------
    loss : float
    dx : array of shape (N, C)
    """
    ### BEGIN SOLUTION
    n = np.arange(len(x))
    margins = np.maximum(0, x - x[n, y][:, np.newaxis] + 1)
    margins[n, y] = 0
    dx = (margins > 0).astype(x.dtype)
    dx[n, y] -= dx.sum(axis=1)
    return margins.sum() / len(x), dx / len(x)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "svm_loss_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.mended("svm_loss", svm_loss)

# %% nbgrader={"grade": true, "grade_id": "svm_loss_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
loss, dx = svm_loss(np.array([[3.0, 2.5, 0.0], [1.0, 2.0, 4.0]]), np.array([0, 2]))
assert abs(loss - 0.25) < 1e-9, f"one margin of 2.5 − 3 + 1 = 0.5, over 2 rows: the loss is 0.25, yours {loss}"
assert np.round(dx[1], 9).tolist() == [0.0, 0.0, 0.0], f"row 1 violates no margin; its gradient is 0, yours {dx[1]}"
### BEGIN HIDDEN TESTS
checks.mended("svm_loss", svm_loss)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "mean_pool_source", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.show_broken("mean_pool_backward_naive")

# %% [markdown] nbgrader={"grade": false, "grade_id": "mean_pool_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Every entry of a window has an equal share in its mean, so each gets dout divided by the number of entries, from **each** window that it lies in.
#
# **Shapes.** dout (N, C, H′, W′), the cache is `(x, pool_param)`, pool_param perhaps with a "pad" of zeros around x → dx like x. **Task.** Write it again without the
# bugs. Loops are welcome; dout and the cache stay as they were.
#
# <details><summary>Hint</summary>
#
# Rooms 3 and 6 were in the same hospital.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "mean_pool_backward_naive", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mean_pool_backward_naive(dout, cache):
    """Share each window's gradient among its entries.

    Parameters
    ----------
    dout : array of shape (N, C, H', W')
    cache : tuple
        (x, pool_param): x (N, C, H, W) and the ints 'pool_height', 'pool_width', 'stride' and perhaps 'pad'.

    Returns
    -------
    array of shape (N, C, H, W)
    """
    ### BEGIN SOLUTION
    x, param = cache
    ph, pw, stride, pad = param["pool_height"], param["pool_width"], param["stride"], param.get("pad", 0)
    _, _, H, W = x.shape
    dx = np.zeros((*x.shape[:2], H + 2 * pad, W + 2 * pad), dtype=dout.dtype)
    for i, j in np.ndindex(dout.shape[2:]):
        r, c = i * stride, j * stride
        dx[:, :, r : r + ph, c : c + pw] += dout[:, :, i, j][:, :, np.newaxis, np.newaxis] / (ph * pw)
    return dx[:, :, pad : pad + H, pad : pad + W]
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "mean_pool_backward_naive_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.mended("mean_pool_backward_naive", mean_pool_backward_naive)

# %% nbgrader={"grade": true, "grade_id": "mean_pool_backward_naive_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
x, dout = np.zeros((1, 1, 1, 3)), np.array([[[[4.0, 8.0]]]])
dx = mean_pool_backward_naive(dout, (x, {"pool_height": 1, "pool_width": 2, "stride": 1}))
assert np.round(dx, 9).tolist() == [[[[2.0, 6.0, 4.0]]]], f"the middle entry gets 4 / 2 + 8 / 2 = 6; yours is {dx}"
### BEGIN HIDDEN TESTS
checks.mended("mean_pool_backward_naive", mean_pool_backward_naive)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "mended_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** Three windows of 3 columns slide over 5 columns with stride 1; each pays 3, so 1 to each of its entries. The broken layer loses what overlaps
# (and divides by the wrong number, as long as the window is not square).

# %% nbgrader={"grade": false, "grade_id": "mended_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.picture_broken("mean_pool_backward_naive", mean_pool_backward_naive)
