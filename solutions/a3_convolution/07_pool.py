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
# # 07 · Pooling
#
# Pooling makes images smaller: it replaces each window by one number, its maximum or its mean. It has nothing to learn, and
# its backward pass has two traps that are easy to fall into unseen: overlapping windows and ties. **9 points · about 80 minutes.**
#
# Names in this notebook: images x (N, C, H, W); `pool_param` is a dict with the ints `pool_height`, `pool_width`, `stride`. Nothing is padded.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from cs_layers import checks, layers
from cs_layers.carry import earlier
from cs_layers.data import load_digits, load_shapes32
from cs_layers.diagrams import windows
from cs_layers.gradient_check import eval_numerical_gradient_array, rel_error

digits = load_digits()
ink = digits["X_train"][3, 0] * 16  # one digit, 8×8, ink from 0 to 16

# %% [markdown] nbgrader={"grade": false, "grade_id": "max_pool_forward_naive_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1 · Max pool, forward  (2 points, easy, 15 minutes)
#
# **Why.** Where exactly an edge lies matters less than that there is one: keep the strongest answer of each neighbourhood, and the
# next layer has a quarter of the numbers to look at.
#
# A part of a real digit under windows of 2×2 that step by 2, so they tile the image. Beside it every window with its maximum
# ringed.

# %% nbgrader={"grade": false, "grade_id": "max_pool_forward_naive_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
windows.pool_windows(ink[2:6, 1:7].astype(int), 2, 2, 2)

# %% [markdown] nbgrader={"grade": false, "grade_id": "max_pool_forward_naive_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$\text{out}_{n,c,i,j} = \max_{p,q}\; x_{n,c,\,iS+p,\,jS+q}$$
#
# $$H' = \frac{H - \text{pool\_height}}{S} + 1 \qquad W' = \frac{W - \text{pool\_width}}{S} + 1$$
#
# **Shapes.** x (N, C, H, W) → out (N, C, H′, W′). Each channel is pooled by itself.
#
# **Task.** Loops are welcome. Images and windows need not be square, windows may overlap (stride smaller than the window), and all numbers may
# be negative. x stays as it was. How you treat a stride that does not fit is up to you here.
#
# <details><summary>Hint</summary>
#
# The loops are those of the convolution: a window begins at row i·stride and column j·stride. With all images and channels
# at once, two loops are enough: `x[:, :, rows, columns].max(axis=(2, 3))`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "max_pool_forward_naive", "locked": false, "schema_version": 3, "solution": true, "task": false}
def max_pool_forward_naive(x, pool_param):
    """Take the maximum of each window.

    Parameters
    ----------
    x : array of shape (N, C, H, W)
    pool_param : dict with the ints 'pool_height', 'pool_width' and 'stride'

    Returns
    -------
    out : array of shape (N, C, H', W')
    cache : (x, pool_param), or whatever your max_pool_backward_naive needs
    """
    ### BEGIN SOLUTION
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, (H - height) // stride + 1, (W - width) // stride + 1), dtype=x.dtype)
    for i, j in np.ndindex(out.shape[2:]):
        window = x[:, :, i * stride : i * stride + height, j * stride : j * stride + width]
        out[:, :, i, j] = window.max(axis=(2, 3))
    return out, (x, pool_param)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "max_pool_forward_naive_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.max_pool_forward_naive(max_pool_forward_naive)

# %% nbgrader={"grade": true, "grade_id": "max_pool_forward_naive_test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
tiny = np.array([[[[-1.0, -3.0, -2.0, -9.0], [-4.0, -9.0, -5.0, -6.0]]]])
out, _ = max_pool_forward_naive(tiny, {"pool_height": 2, "pool_width": 2, "stride": 2})
assert out.tolist() == [[[[-1.0, -2.0]]]], f"the maxima are -1 and -2; yours are {out.tolist()}"
### BEGIN HIDDEN TESTS
checks.max_pool_forward_naive(max_pool_forward_naive)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "invariance_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** Pooling forgives small shifts, a little; it does **not** make a network blind to rotation, as one often
# reads. Your function pools a digit, the same digit one pixel to the right, and the same digit turned; compare the three pooled pictures on
# the right. The lines above them say how much changes, over 100 digits, as a share of all ink.

# %% nbgrader={"grade": false, "grade_id": "invariance", "locked": true, "schema_version": 3, "solution": false, "task": false}
two_by_two = {"pool_height": 2, "pool_width": 2, "stride": 2}


def pool(images):
    return max_pool_forward_naive(images, two_by_two)[0]


def change(images, changed):
    return np.abs(images - changed).sum() / np.abs(images).sum()


def shift(images):
    """Move by one pixel to the right; what leaves the image is lost."""
    return np.concatenate([0 * images[..., :1], images[..., :-1]], axis=-1)


some = digits["X_train"][:100]
moves = {"one pixel to the right": shift(some), "turned by 90°": np.rot90(some, axes=(2, 3))}
for name, moved in moves.items():
    before, after = change(some, moved), change(pool(some), pool(moved))
    print(f"{name:23} pixels change by {before:4.0%}, pooled numbers by {after:4.0%}")
versions = [ink, shift(ink), np.rot90(ink)]
windows.number_grids(
    [*versions, *(pool(version[np.newaxis, np.newaxis])[0, 0] for version in versions)],
    ["digit", "shifted", "turned", "pooled", "pooled", "pooled"],
    limits=[16] * 6,
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "max_pool_backward_naive_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2 · Max pool, backward  (4 points, medium, 30 minutes)
#
# **Why.** Only the maximum had a say in the output, so only it gets the gradient: all of it, once.
#
# Windows of 2×2 that step by 1 overlap, and one pixel can be the maximum of several windows. It is paid by each of them.

# %% nbgrader={"grade": false, "grade_id": "max_pool_backward_overlap", "locked": true, "schema_version": 3, "solution": false, "task": false}
x = np.array([[1, 3, 2], [4, 9, 5]])
dout = np.array([[10, 20]])
paid = np.zeros_like(x)
paid[1, 1] = dout[0, 0] + dout[0, 1]
print(f"The 9 is the maximum of both windows: dx[1, 1] = {dout[0, 0]} + {dout[0, 1]} = {paid[1, 1]}")
windows.pool_windows(x, 2, 2, 1)

# %% nbgrader={"grade": false, "grade_id": "max_pool_backward_overlap_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
windows.number_grids([x, dout, paid], ["x", "dout", "dx"], colours=["gray", "cividis", "cividis"], limits=[9, 30, 30])

# %% [markdown] nbgrader={"grade": false, "grade_id": "max_pool_backward_ties_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# And a window may have several equal maxima. Two pixels that tie share **one** upstream number; paid in full to both, the gradient would
# grow out of nothing. After a ReLU, whole windows are 0, so ties are anything but rare:

# %% nbgrader={"grade": false, "grade_id": "max_pool_backward_ties", "locked": true, "schema_version": 3, "solution": false, "task": false}
# every 2×2 window of every digit, one in a row
tiles = digits["X_train"].reshape(-1, 4, 2, 4, 2).swapaxes(2, 3).reshape(-1, 4)
ties = (tiles == tiles.max(axis=1, keepdims=True)).sum(axis=1) > 1
print(f"{ties.mean():.0%} of the {len(tiles):,} windows of the digits have tied maxima")
windows.pool_windows(np.array([[7, 1, 0, 0], [7, 2, 0, 0]]), 2, 2, 2)

# %% [markdown] nbgrader={"grade": false, "grade_id": "max_pool_backward_naive_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$dx_{n,\,c,\,iS+p^*,\,jS+q^*} \mathrel{+}= dout_{n,c,i,j}, \qquad (p^*, q^*) = \text{the place of the first maximum in its window}$$
#
# Hence, whatever x is, **the sum of dx is the sum of dout**.
#
# **Shapes.** dout (N, C, H′, W′) → dx (N, C, H, W).
#
# **Task.** Windows may overlap: add. A tie is paid once in total: to one of the equal maxima (the first is usual), or in shares that add up
# to one. dout and what lies in the cache stay as they were.
#
# <details><summary>Hint</summary>
#
# `np.argmax(window)` counts through the window row by row and stops at the first maximum; `np.unravel_index(k, window.shape)` turns that
# count into (row, column) **of the window**. Add where the window begins.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "max_pool_backward_naive", "locked": false, "schema_version": 3, "solution": true, "task": false}
def max_pool_backward_naive(dout, cache):
    """Carry the gradient through max pooling.

    Parameters
    ----------
    dout : array of shape (N, C, H', W')
    cache : what max_pool_forward_naive returned

    Returns
    -------
    dx : array of shape (N, C, H, W)
    """
    ### BEGIN SOLUTION
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        top, left = i * stride, j * stride
        window = x[n, c, top : top + height, left : left + width]
        row, column = np.unravel_index(np.argmax(window), window.shape)
        dx[n, c, top + row, left + column] += dout[n, c, i, j]
    return dx
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "max_pool_backward_naive_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.max_pool_backward_naive(max_pool_backward_naive, max_pool_forward_naive)

# %% nbgrader={"grade": true, "grade_id": "max_pool_backward_naive_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
x, pool_param = np.array([[[[1.0, 3.0, 2.0], [4.0, 9.0, 5.0]]]]), {"pool_height": 2, "pool_width": 2, "stride": 1}
try:
    out, cache = max_pool_forward_naive(x, pool_param)
    assert out.tolist() == [[[[9.0, 9.0]]]]
except Exception:
    cache = (x, pool_param)  # while your forward is not right: the cache that its docstring names
dx = max_pool_backward_naive(np.array([[[[10.0, 20.0]]]]), cache)  # the picture above
assert dx.tolist() == [[[[0.0, 0.0, 0.0], [0.0, 30.0, 0.0]]]], (
    f"dx is {dx.tolist()}; the picture above says what is right"
)
### BEGIN HIDDEN TESTS
checks.max_pool_backward_naive(max_pool_backward_naive, max_pool_forward_naive)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "max_pool_gradient_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Gradient check.** The maximum has a kink where two numbers tie, and there no numerical gradient can be trusted. So the numbers below are all
# different, at least 0.1 apart, which is far more than h = 1e-5. Expect less than 1e-7.

# %% nbgrader={"grade": false, "grade_id": "max_pool_gradient_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(7)
x = 0.1 * rng.permutation(2 * 2 * 5 * 4).reshape(2, 2, 5, 4)
overlapping = {"pool_height": 3, "pool_width": 2, "stride": 1}
out, cache = max_pool_forward_naive(x, overlapping)
dout = rng.normal(size=out.shape)
dx = max_pool_backward_naive(dout, cache)
numerical = eval_numerical_gradient_array(lambda x: max_pool_forward_naive(x, overlapping)[0], x, dout, h=1e-5)
print(f"relative error {rel_error(dx, numerical):.1e}")
print(f"sum of dout {dout.sum():.6f}, sum of dx {dx.sum():.6f}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "max_pool_route_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** Where the gradient goes in a real digit: an upstream gradient of 1 for each window of 3×3, stride 1. Few pixels get anything,
# and pixels with more ink than all around them get most.

# %% nbgrader={"grade": false, "grade_id": "max_pool_route", "locked": true, "schema_version": 3, "solution": false, "task": false}
out, cache = max_pool_forward_naive(ink[np.newaxis, np.newaxis], {"pool_height": 3, "pool_width": 3, "stride": 1})
dx = max_pool_backward_naive(np.ones_like(out), cache)
windows.number_grids(
    [ink, out[0, 0], dx[0, 0]],
    ["x", "out", "dx, for dout = 1"],
    limits=[16, 16, None],
    colours=[None, None, "cividis"],
    below=f"sum of dout = {out.size}, sum of dx = {dx.sum():g}",
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "max_pool_question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Question.** Why did the gradient check avoid ties, when your backward handles them?
#
# <details><summary>Answer</summary>
#
# At a tie, raising any of the equal numbers raises the maximum, lowering it does not: the slope is 1 on one side and 0 on the other. The central
# difference reports their mean, ½, for each of them, which is no slope of the function. One maximum paid in full is a valid choice, and so are shares.
#
# </details>
#
# ## 3 · Mean pool, forward  (1 point, easy, 10 minutes)
#
# **Why.** Where the strongest answer is too jumpy, the average is calmer; modern networks end with it.

# %% nbgrader={"grade": false, "grade_id": "mean_pool_forward_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
windows.pool_windows(np.array([[1, 3, 2, 0, 10], [4, 8, 6, 5, 7]]), 2, 3, 2, reduce=np.mean)

# %% [markdown] nbgrader={"grade": false, "grade_id": "mean_pool_forward_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$\text{out}_{n,c,i,j} = \frac{1}{\text{pool\_height} \cdot \text{pool\_width}} \sum_{p,q} x_{n,c,\,iS+p,\,jS+q}$$
#
# **Shapes.** As for the maximum: x (N, C, H, W) → out (N, C, H′, W′).
#
# **Task.** As above: images and windows need not be square, windows may overlap, x stays as it was, and a stride that does not fit is up to you.
#
# <details><summary>Hint</summary>
#
# One word of your max pool changes. If x holds integers, `out` must not: a mean is no whole number.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "mean_pool_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mean_pool_forward(x, pool_param):
    """Take the mean of each window.

    Parameters
    ----------
    x : array of shape (N, C, H, W)
    pool_param : dict with the ints 'pool_height', 'pool_width' and 'stride'

    Returns
    -------
    out : array of shape (N, C, H', W')
    cache : (x, pool_param), or whatever your mean_pool_backward needs
    """
    ### BEGIN SOLUTION
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, (H - height) // stride + 1, (W - width) // stride + 1), dtype=np.result_type(x, 0.0))
    for i, j in np.ndindex(out.shape[2:]):
        window = x[:, :, i * stride : i * stride + height, j * stride : j * stride + width]
        out[:, :, i, j] = window.mean(axis=(2, 3))
    return out, (x, pool_param)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "mean_pool_forward_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.mean_pool_forward(mean_pool_forward)

# %% nbgrader={"grade": true, "grade_id": "mean_pool_forward_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
out, _ = mean_pool_forward(np.array([[[[1.0, 3.0, 5.0]]]]), {"pool_height": 1, "pool_width": 2, "stride": 1})
assert np.round(out, 9).tolist() == [[[[2.0, 4.0]]]], f"the means are 2 and 4; yours are {out.tolist()}"
### BEGIN HIDDEN TESTS
checks.mean_pool_forward(mean_pool_forward)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "mean_pool_backward_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4 · Mean pool, backward  (2 points, easy, 15 minutes)
#
# **Why.** Here every pixel of a window had an equal say, so each gets an equal share.
#
# Two windows of 1×2 that overlap in the middle pixel, and upstream numbers of 8 and 2:

# %% nbgrader={"grade": false, "grade_id": "mean_pool_backward_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
dout = np.array([[8, 2]])
shares = np.array([[[1, 1, 0]], [[0, 1, 1]]]) * dout[0, :, np.newaxis, np.newaxis] / 2
windows.number_grids(
    [dout, *shares, shares.sum(axis=0)],
    ["dout", "shares of 8", "shares of 2", "dx"],
    limits=[8] * 4,
    colours=["cividis"] * 4,
    between=["→", "+", "="],
    below=f"dx[0, 1] = {dout[0, 0]}/2 + {dout[0, 1]}/2 = {shares[:, 0, 1].sum():g}",
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "mean_pool_backward_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$dx_{n,\,c,\,iS+p,\,jS+q} \mathrel{+}= \frac{dout_{n,c,i,j}}{\text{pool\_height} \cdot \text{pool\_width}}$$
#
# **Shapes.** dout (N, C, H′, W′) → dx (N, C, H, W).
#
# **Task.** Windows may overlap: add. dout and what lies in the cache stay as they were.
#
# <details><summary>Hint</summary>
#
# Two loops over i and j; a number of shape (N, C, 1, 1) is broadcast over the window: `dout[:, :, i, j, np.newaxis, np.newaxis]`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "mean_pool_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mean_pool_backward(dout, cache):
    """Carry the gradient through mean pooling.

    Parameters
    ----------
    dout : array of shape (N, C, H', W')
    cache : what mean_pool_forward returned

    Returns
    -------
    dx : array of shape (N, C, H, W)
    """
    ### BEGIN SOLUTION
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape, dtype=dout.dtype)
    for i, j in np.ndindex(dout.shape[2:]):
        share = dout[:, :, i, j, np.newaxis, np.newaxis] / (height * width)
        dx[:, :, i * stride : i * stride + height, j * stride : j * stride + width] += share
    return dx
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "mean_pool_backward_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.mean_pool_backward(mean_pool_backward, mean_pool_forward)

# %% nbgrader={"grade": true, "grade_id": "mean_pool_backward_test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
x, pool_param = np.zeros((1, 1, 1, 3)), {"pool_height": 1, "pool_width": 2, "stride": 1}
try:
    out, cache = mean_pool_forward(x, pool_param)
    assert out.tolist() == [[[[0.0, 0.0]]]]
except Exception:
    cache = (x, pool_param)  # while your forward is not right: the cache that its docstring names
dx = mean_pool_backward(np.array([[[[8.0, 2.0]]]]), cache)  # the picture above
assert np.round(dx, 9).tolist() == [[[[4.0, 5.0, 1.0]]]], f"dx is {dx.tolist()}; the picture above says what is right"
### BEGIN HIDDEN TESTS
checks.mean_pool_backward(mean_pool_backward, mean_pool_forward)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "mean_pool_gradient_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Gradient check.** A mean has no kinks, so any numbers will do. Expect less than 1e-7.

# %% nbgrader={"grade": false, "grade_id": "mean_pool_gradient_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
x = rng.normal(size=(2, 2, 5, 4))
out, cache = mean_pool_forward(x, overlapping)
dout = rng.normal(size=out.shape)
numerical = eval_numerical_gradient_array(lambda x: mean_pool_forward(x, overlapping)[0], x, dout, h=1e-5)
print(f"relative error {rel_error(mean_pool_backward(dout, cache), numerical):.1e}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "mean_pool_question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Question.** A window of four pixels has the maximum 8 and the mean 2. The upstream gradient is 4. What does each kind of pooling pay to the largest pixel?
#
# <details><summary>Answer</summary>
#
# Max pooling all of it, 4; mean pooling a quarter, 1. Neither cares how large the pixels are.
#
# </details>
#
# ## 5 · Convolve, bend, pool
#
# Your convolution of 06 and your pooling together, if notebook 06 lies in the same folder and its convolution passes its check; else the package's stands in.

# %% nbgrader={"grade": false, "grade_id": "carry", "locked": true, "schema_version": 3, "solution": false, "task": false}
own = earlier("06_conv", conv_forward_naive=layers.conv_forward)

# %% [markdown] nbgrader={"grade": false, "grade_id": "stage_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# The digit through a filter that looks for edges with ink on their left, through a ReLU, through max pooling of 2×2. That is one *stage* of a convolutional network: what is there, and
# roughly where.

# %% nbgrader={"grade": false, "grade_id": "stage", "locked": true, "schema_version": 3, "solution": false, "task": false}
vertical = np.array([[[[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]]]])
response, _ = own.conv_forward_naive(ink[np.newaxis, np.newaxis], vertical, np.zeros(1), {"stride": 1, "pad": 1})
bent = np.maximum(0, response)
small, _ = max_pool_forward_naive(bent, two_by_two)
print(f"numbers: {ink.size} → {response.size} → {small.size}; the ReLU sets {np.mean(bent == 0):.0%} to 0")
windows.number_grids(
    [ink, response[0, 0], bent[0, 0], small[0, 0]],
    ["digit", "convolved, pad 1", "ReLU", "max pool"],
    limits=[16, 60, 60, 60],
    between=["→", "→", "→"],
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "shape_trace_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **The shapes of a whole network**, as you will train it in notebook 09: two coloured pictures of 3×32×32 go through 32 filters of 7×7 (your convolution, or its stand-in), your
# pooling, and two affine layers. Each block below is the shape of a real array.

# %% nbgrader={"grade": false, "grade_id": "shape_trace", "locked": true, "schema_version": 3, "solution": false, "task": false}
x = load_shapes32(num_training=2, num_validation=0, num_test=0, dtype=np.float64)["X_train"]
filters, window = 32, 7
w = 0.1 * rng.normal(size=(filters, 3, window, window))
convolved, _ = own.conv_forward_naive(x, w, np.zeros(filters), {"stride": 1, "pad": (window - 1) // 2})
pooled, _ = max_pool_forward_naive(np.maximum(0, convolved), two_by_two)
flat = pooled.reshape(len(pooled), -1)
hidden = np.maximum(0, flat @ (0.01 * rng.normal(size=(flat.shape[1], 100))))
scores = hidden @ rng.normal(size=(100, 10))
parameters = {
    "convolution": filters * (x.shape[1] * window * window + 1),
    "first affine": (flat.shape[1] + 1) * hidden.shape[1],
    "second affine": (hidden.shape[1] + 1) * scores.shape[1],
}
print("parameters:", ", ".join(f"{name} {count:,}" for name, count in parameters.items()))
windows.shape_trace(
    [step.shape for step in (x, convolved, pooled, flat, hidden, scores)],
    ["32 filters 7×7\npad 3, ReLU", "max pool 2×2\nstride 2", "flatten", "affine\nReLU", "affine"],
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "end", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** The convolution spends memory (its output is the largest array), pooling takes three quarters of it back, and the first affine
# layer holds most of the parameters.
