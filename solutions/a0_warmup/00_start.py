# ---
# jupyter:
#   cs_layers:
#     cpu_seconds: 5
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
# # 00 · Start here
#
# Four small tasks that every later notebook leans on: how answers are checked, how arrays change shape, and how to
# tell whether a gradient is right. **8 points · about 40 minutes.**
#
# **How a task works.** Write your answer in the cell that says `YOUR CODE HERE` in place of `raise NotImplementedError()`,
# and run it with <kbd>Shift</kbd>+<kbd>Enter</kbd>. Then run the two cells below it:
#
# - the **check** tries your function on many inputs and says what is wrong. Run it as often as you like; it costs nothing;
# - the **graded** cell carries the points. When your notebook is collected, more tests are added to it; they ask for nothing
#   that the task does not say.
#
# Cells other than your answers are locked. Add cells of your own wherever you want to try something.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from cs_layers import checks, diagrams
from cs_layers.data import load_digits

# %% [markdown] nbgrader={"grade": false, "grade_id": "add_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1 · Meet the grader  (1 point, easy, 5 minutes)
#
# **Why.** You should know what a wrong answer looks like before one costs you anything.
#
# Here is somebody's `add`, and it is wrong. The next cell runs the check on it and prints what the check says.


# %% nbgrader={"grade": false, "grade_id": "add_failing_run", "locked": true, "schema_version": 3, "solution": false, "task": false}
def somebodys_add(a, b):
    return a - b


try:
    checks.add(somebodys_add)
except checks.CheckFailed as message:
    print(message)

# %% [markdown] nbgrader={"grade": false, "grade_id": "add_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# The message says what was called, what came back, what was expected, and, where it knows the mistake, how to mend it.
#
# **Task.** `add(a, b)` returns a + b. Both are numbers, or arrays whose shapes fit each other; an array is added entry by entry.
# The inputs stay as they were.
#
# <details><summary>Hint</summary>
#
# `return` hands a value back: `return` and then the sum, in place of the line that raises.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "add", "locked": false, "schema_version": 3, "solution": true, "task": false}
def add(a, b):
    """Add two numbers or arrays.

    Parameters
    ----------
    a, b : number or array

    Returns
    -------
    number or array
        a + b, entry by entry.
    """
    ### BEGIN SOLUTION
    return a + b
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "add_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.add(add)

# %% nbgrader={"grade": true, "grade_id": "add_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert add(2, 3) == 5, "2 + 3 is 5"
assert add(np.array([1.0, 2.0]), 10).tolist() == [11.0, 12.0], "an array is added entry by entry"
### BEGIN HIDDEN TESTS
checks.add(add)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "center_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2a · Broadcast: subtract from every row its mean  (1 point, easy, 5 minutes)
#
# **Why.** A layer works on a batch, one row an image; broadcasting is how one number per row meets every entry of that row.

# %% nbgrader={"grade": false, "grade_id": "center_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
x = np.array([[1.0, 2.0, 3.0], [4.0, 6.0, 11.0]])
mean = x.mean(axis=1, keepdims=True)
mark = np.zeros(x.shape, dtype=bool)
mark[1, 0] = True
diagrams.matrices(
    [("x", x, mark), ("mean", mean, np.array([[False], [True]])), ("out", x - mean, mark)],
    ["−", "="],
    f"out[1, 0] = {x[1, 0]:g} − {mean[1, 0]:g} = {x[1, 0] - mean[1, 0]:g}".replace("-", "−"),
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "center_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$\text{out}_{ij} = x_{ij} - \frac{1}{D}\sum_{k} x_{ik}$$
#
# NumPy lines shapes up from the right, and stretches an axis of length 1: `(N, D) − (N, 1)` works; in `(N, D) − (N,)` the N
# would be held against D. If N = D happens to hold, that runs, and is wrong.
#
# **Shapes.** x (N, D) → out (N, D). **Task.** No loops; x stays as it was.
#
# <details><summary>Hint</summary>
#
# `x.sum(axis=1)` has shape (N,). The reductions of NumPy take `keepdims=True`, which leaves an axis of length 1 in place.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "center_rows", "locked": false, "schema_version": 3, "solution": true, "task": false}
def center_rows(x):
    """Subtract from every row its mean.

    Parameters
    ----------
    x : array of shape (N, D)

    Returns
    -------
    array of shape (N, D)
    """
    ### BEGIN SOLUTION
    return x - x.mean(axis=1, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "center_rows_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.center_rows(center_rows)

# %% nbgrader={"grade": true, "grade_id": "center_rows_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
centered = center_rows(np.array([[1.0, 2.0, 3.0], [4.0, 6.0, 11.0]]))
assert centered.tolist() == [[-1.0, 0.0, 1.0], [-3.0, -1.0, 4.0]], centered
### BEGIN HIDDEN TESTS
checks.center_rows(center_rows)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "flatten_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2b · Reshape: one image, one row  (1 point, easy, 5 minutes)
#
# **Why.** A fully connected layer wants every image as one row of numbers, and there are wrong ways that give the right shape.
#
# The middle row below is what you want: flatten each image, and it can be folded back. The last row has the same shape, but
# its "images" are mixtures of pixels of all images.

# %% nbgrader={"grade": false, "grade_id": "flatten_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
images = load_digits()["X_train"][:8]
N = len(images)
good, scrambled = images.reshape(N, -1), images.reshape(-1, N).T
print(f"images {images.shape}   flattened {good.shape}   scrambled {scrambled.shape}")
diagrams.image_rows(
    {
        "images": images[:, 0],
        "one image, one row": good.reshape(N, 8, 8),
        "same shape, scrambled": scrambled.reshape(N, 8, 8),
    }
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "flatten_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Shapes.** images (N, C, H, W) → (N, C·H·W). Row n holds image n: its channels one after the other, each row by row.
#
# **Task.** Write it for any N, C, H, W, N = 1 included. No loops; the images stay as they were.
#
# <details><summary>Hint</summary>
#
# `reshape` reads the entries with the last axis fastest and never changes their order. Keep the first axis, and let −1 stand for
# what is left.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "flatten_images", "locked": false, "schema_version": 3, "solution": true, "task": false}
def flatten_images(images):
    """Make every image a row.

    Parameters
    ----------
    images : array of shape (N, C, H, W)

    Returns
    -------
    array of shape (N, C * H * W)
    """
    ### BEGIN SOLUTION
    return images.reshape(len(images), -1)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "flatten_images_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.flatten_images(flatten_images)

# %% nbgrader={"grade": true, "grade_id": "flatten_images_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
tiny = np.arange(12.0).reshape(2, 1, 2, 3)
assert flatten_images(tiny).tolist() == [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]], flatten_images(tiny)
### BEGIN HIDDEN TESTS
checks.flatten_images(flatten_images)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "sum_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2c · Axis sum: one number for each channel  (1 point, easy, 5 minutes)
#
# **Why.** The gradient of a convolution's bias is exactly this sum: one bias serves a channel of every image, at every pixel.

# %% nbgrader={"grade": false, "grade_id": "sum_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
numbers = np.random.default_rng(0).integers(-3, 6, size=(2, 3, 2, 2)).astype(float)
diagrams.sum_over_axes(numbers)

# %% [markdown] nbgrader={"grade": false, "grade_id": "sum_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$s_c = \sum_{n,i,j} x_{ncij}$$
#
# **Shapes.** x (N, C, H, W) → (C,): one axis, not (1, C) and not (1, C, 1, 1).
#
# **Task.** No loops; x stays as it was.
#
# <details><summary>Hint</summary>
#
# `axis` may be a tuple: the axes named in it disappear, the others stay.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "sum_per_channel", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sum_per_channel(x):
    """Sum over images, rows and columns.

    Parameters
    ----------
    x : array of shape (N, C, H, W)

    Returns
    -------
    array of shape (C,)
    """
    ### BEGIN SOLUTION
    return x.sum(axis=(0, 2, 3))
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "sum_per_channel_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.sum_per_channel(sum_per_channel)

# %% nbgrader={"grade": true, "grade_id": "sum_per_channel_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
tiny = np.arange(8.0).reshape(1, 2, 2, 2)
assert sum_per_channel(tiny).tolist() == [0 + 1 + 2 + 3, 4 + 5 + 6 + 7], sum_per_channel(tiny)
### BEGIN HIDDEN TESTS
checks.sum_per_channel(sum_per_channel)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "gradient_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3 · Numerical gradient  (3 points, medium, 15 minutes)
#
# **Why.** Every gradient that you will derive on paper can be checked by wiggling the input and watching the output.

# %% nbgrader={"grade": false, "grade_id": "gradient_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
diagrams.central_difference(np.exp, 0.0, 0.7)

# %% [markdown] nbgrader={"grade": false, "grade_id": "gradient_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# The central difference looks to both sides, so that the curve's bend cancels:
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h e_i) - f(x - h e_i)}{2h}$$
#
# where $e_i$ is 1 in entry i and 0 elsewhere: **one entry moves at a time**.
#
# **Shapes.** f takes an array and returns one number; x is a float array with any number of axes; the gradient has x's shape.
#
# **Task.** Use the h that is given. When you return, x holds what it held before (up to rounding). Loops are fine.
#
# <details><summary>Hint</summary>
#
# `for i in np.ndindex(*x.shape)` walks over all entries, whatever the number of axes; `x[i]` is one of them.
# Keep the old value, write x[i] + h, call f, write x[i] − h, call f, put the old value back.
# Mind the brackets: `a / 2 * h` is not `a / (2 * h)`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "numerical_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def numerical_gradient(f, x, h=1e-5):
    """Estimate the gradient of f at x by central differences.

    Parameters
    ----------
    f : callable
        Takes an array like x and returns a number.
    x : float array of any shape
        Unchanged afterwards.
    h : float
        The step.

    Returns
    -------
    array of x's shape
    """
    ### BEGIN SOLUTION
    gradient = np.zeros_like(x)
    for i in np.ndindex(*x.shape):
        old = x[i]
        x[i] = old + h
        above = f(x)
        x[i] = old - h
        below = f(x)
        x[i] = old
        gradient[i] = (above - below) / (2 * h)
    return gradient
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "numerical_gradient_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.numerical_gradient(numerical_gradient)


# %% nbgrader={"grade": true, "grade_id": "numerical_gradient_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
def half_square_sum(x):
    return 0.5 * np.sum(x**2)  # its gradient is x itself


point = np.array([[1.0, -2.0], [3.0, 0.5]])
assert np.allclose(numerical_gradient(half_square_sum, point.copy()), point, atol=1e-8), "the gradient of Σ x²/2 is x"
### BEGIN HIDDEN TESTS
checks.numerical_gradient(numerical_gradient)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "gradient_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** Your function against the true slope of exp at 1, for many h. From right to left the error first
# falls as h²; then f(x + h) and f(x − h) become so alike that only rounding is left, and it rises again. That is why checks
# take h near 10⁻⁵.

# %% nbgrader={"grade": false, "grade_id": "gradient_curve", "locked": true, "schema_version": 3, "solution": false, "task": false}
steps = np.logspace(-12, -0.5, 60)
point = np.array([1.0])


def exponential(x):
    return float(np.exp(x[0]))


central = [abs(numerical_gradient(exponential, point.copy(), h)[0] - np.e) for h in steps]
forward = [abs((np.exp(1 + h) - np.exp(1)) / h - np.e) for h in steps]
best = steps[np.argmin(central)]
diagrams.curves(
    steps,
    {"central (yours)": np.maximum(central, 1e-16), "forward": forward},
    xlabel="step h",
    ylabel="error of the slope",
    title=f"the smallest error of yours is {min(central):.0e}, at h = {best:.0e}",
    log=True,
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "error_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4 · Relative error  (1 point, easy, 5 minutes)
#
# **Why.** A difference of 0.001 is nothing between thousands and everything between thousandths; a check must ask for the
# *relative* error.
#
# $$\max_i \frac{|x_i - y_i|}{\max(10^{-8},\; |x_i| + |y_i|)}$$
#
# The 10⁻⁸ keeps 0/0 away. Between a right analytic gradient and a numerical one, expect less than 10⁻⁶; 10⁻² is a mistake.
#
# But look what broadcasting does to a comparison that forgets shapes:

# %% nbgrader={"grade": false, "grade_id": "error_trap", "locked": true, "schema_version": 3, "solution": false, "task": false}
row, column = np.array([1.0, 2.0, 3.0]), np.array([[1.0], [2.0], [3.0]])
print(f"row {row.shape} − column {column.shape} has shape {(row - column).shape}:")
diagrams.matrices(
    [("row", row, None), ("column", column, None), ("a table of all pairs", row - column, None)], ["−", "="]
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "error_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Shapes.** x and y: arrays of the same shape → one number, the **largest** of the entries' relative errors.
#
# **Task.** Where the shapes differ, raise `ValueError`, as no number would mean anything. x and y stay as they were.
#
# <details><summary>Hint</summary>
#
# `np.maximum(a, b)` takes the larger entry by entry; `np.max(a)` the largest of one array. An array's `.shape` is a tuple, and
# tuples can be compared with `!=`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "rel_error", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rel_error(x, y):
    """Return the largest relative error between two arrays.

    Parameters
    ----------
    x, y : array
        Of one shape.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    ### BEGIN SOLUTION
    if x.shape != y.shape:
        raise ValueError(f"x has shape {x.shape} and y {y.shape}; give two arrays of one shape.")
    return float(np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y))))
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "rel_error_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.rel_error(rel_error, raises=True)

# %% nbgrader={"grade": true, "grade_id": "rel_error_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert abs(rel_error(np.array([1.0, 3.0]), np.array([1.0, 1.0])) - 0.5) < 1e-12, "|3 − 1| / (3 + 1) is 0.5"
assert rel_error(np.zeros(2), np.zeros(2)) == 0, "two zeros are equal"
### BEGIN HIDDEN TESTS
checks.rel_error(rel_error, raises=True)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "end_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## A gradient check, whole
#
# Your two functions together are the tool of all that follows. The slope of tanh is 1 − tanh², and the slope 1 − tanh is a slip
# that is easily made. Which of the two errors below would you trust?

# %% nbgrader={"grade": false, "grade_id": "end_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
point = np.array([-1.0, 0.3, 2.0])


def sum_of_tanh(x):
    return np.sum(np.tanh(x))


measured = numerical_gradient(sum_of_tanh, point.copy())
for name, claimed in [("1 − tanh²", 1 - np.tanh(point) ** 2), ("1 − tanh", 1 - np.tanh(point))]:
    print(f"{name:10s} relative error {rel_error(claimed, measured):.1e}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "end_question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **To think about.** A gradient check passes at one random x. What could be wrong all the same? (Think of a function with a
# kink, such as |x|, and of inputs that a random draw never gives.)
