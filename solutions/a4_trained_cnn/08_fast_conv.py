# ---
# jupyter:
#   cs_layers:
#     cpu_seconds: 20
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
# # 08 · Fast convolution
#
# The loops of notebook 06 are right and slow. You turn a convolution into one matrix product, which is what makes the networks of
# notebook 09 trainable. **8 points · about 75 minutes.**
#
# Names: images x (N, C, H, W), filters w (F, C, HH, WW), one bias for each filter b (F,); output size H′ = (H − HH + 2P)/S + 1, W′ likewise.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import time
from functools import partial

import numpy as np

from cs_layers import checks, layers
from cs_layers.data import load_digits
from cs_layers.diagrams import columns, windows
from cs_layers.gradient_check import eval_numerical_gradient_array, rel_error

# %% [markdown] nbgrader={"grade": false, "grade_id": "slow_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1 · Why loops are slow
#
# **Why.** Four nested loops ask Python for each window, with each filter, by itself: every number of the output costs a few microseconds,
# whatever arithmetic it needs.
#
# The next cell measures the loops on this computer: one forward pass for ten digits.


# %% nbgrader={"grade": false, "grade_id": "slow_time", "locked": true, "schema_version": 3, "solution": false, "task": false}
def seconds(function, *args, repeats=3):
    """The shortest of a few calls, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function(*args)
        times.append(time.perf_counter() - start)
    return min(times)


def conv_loops(x, w, b, stride, pad):
    """The four loops of notebook 06."""
    N, _, H, W = x.shape
    F, _, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, F, (H - HH + 2 * pad) // stride + 1, (W - WW + 2 * pad) // stride + 1))
    for n, f, i, j in np.ndindex(out.shape):
        window = xp[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out


rng = np.random.default_rng(8)
digits = load_digits()["X_train"][:10]
filters, biases = rng.normal(size=(8, 1, 3, 3)), rng.normal(size=8)
loops_out = conv_loops(digits, filters, biases, 1, 1)
loops_seconds = seconds(conv_loops, digits, filters, biases, 1, 1)
print(
    f"loops: {1000 * loops_seconds:.1f} ms for {loops_out.size:,} outputs, {1e6 * loops_seconds / loops_out.size:.1f} µs each"
)
print(f"an epoch of 50,000 such images: {loops_seconds * 5000 / 60:.0f} minutes for one layer, forward alone")

# %% [markdown] nbgrader={"grade": false, "grade_id": "im2col_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2 · im2col  (3 points, medium, 25 minutes)
#
# **Why.** The sum over a window is a dot product of two lists of numbers. Many dot products at once are a matrix product, and nothing
# in NumPy is faster than that.
#
# So copy every window into a row of its own. One channel first: the outlines are the windows of 2×2, the numbers behind each row say where
# its window begins.

# %% nbgrader={"grade": false, "grade_id": "im2col_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
one_channel = np.arange(1, 13).reshape(1, 3, 4)
columns.windows_to_rows(one_channel, 2, 2)

# %% [markdown] nbgrader={"grade": false, "grade_id": "im2col_picture_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# With several channels a row holds the window's part of channel 0, then of channel 1: the order in which `w[f].ravel()` lists a filter.

# %% nbgrader={"grade": false, "grade_id": "im2col_channels", "locked": true, "schema_version": 3, "solution": false, "task": false}
columns.windows_to_rows(np.stack([np.arange(1, 10), np.arange(11, 20)]).reshape(2, 3, 3), 2, 2, stride=1)

# %% [markdown] nbgrader={"grade": false, "grade_id": "im2col_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$\text{col}_{(n,i,j),\,(c,p,q)} = x^p_{n,\,c,\,iS+p,\,jS+q}$$
#
# **Shapes.** x (N, C, H, W) → col (N·H′·W′, C·HH·WW). Rows run over images n, then output rows i, then output columns j; within a row run
# channels c, then window rows p, then window columns q.
#
# **Task.** `im2col(x, HH, WW, stride=1, pad=0)`, for any stride, pad 0 included, images and windows that are not square; x stays as it
# was. Strides that do not fit are not tested. Try to loop over the HH·WW places *within* a window instead of over all windows: the loop
# then has 9 rounds for a 3×3 filter, however large the images are.
#
# <details><summary>Hint</summary>
#
# Pad first. Make an array of shape (N, C, HH, WW, H′, W′). What lies at place (p, q) of *all* windows is one slice of the padded
# image: rows from p in steps of the stride, H′ of them, so `p : p + stride * H′ : stride`; columns likewise. In the end bring the axes into the
# order (N, H′, W′, C, HH, WW) with `transpose`, then `reshape`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "im2col", "locked": false, "schema_version": 3, "solution": true, "task": false}
def im2col(x, HH, WW, stride=1, pad=0):
    """Copy every window of every image into a row.

    Parameters
    ----------
    x : array of shape (N, C, H, W)
    HH, WW : int, height and width of the window
    stride : int, pixels between neighbouring windows
    pad : int, zeros added on every side

    Returns
    -------
    array of shape (N * H' * W', C * HH * WW)
    """
    ### BEGIN SOLUTION
    N, C, H, W = x.shape
    rows, cols = (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    col = np.zeros((N, C, HH, WW, rows, cols), dtype=x.dtype)
    for p, q in np.ndindex(HH, WW):
        col[:, :, p, q] = xp[:, :, p : p + stride * rows : stride, q : q + stride * cols : stride]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(N * rows * cols, C * HH * WW)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "im2col_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.im2col(im2col)

# %% nbgrader={"grade": true, "grade_id": "im2col_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
col = im2col(np.arange(1.0, 13.0).reshape(1, 1, 3, 4), 2, 2)  # the first picture
assert col.shape == (6, 4), f"six windows of four numbers: (6, 4); yours {col.shape}"
assert col[0].tolist() == [1, 2, 5, 6], f"the window at (0, 0) holds 1, 2, 5, 6; your first row {col[0]}"
assert col[4].tolist() == [6, 7, 10, 11], f"the window at (1, 1) holds 6, 7, 10, 11; your row 4 {col[4]}"
### BEGIN HIDDEN TESTS
checks.im2col(im2col)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "product_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** Now a convolution is a product. The filters, one in each column, times the windows, one in each row: every output
# number at once. Drawn for the first layer of notebook 09.

# %% nbgrader={"grade": false, "grade_id": "product_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
columns.convolution_as_product((2, 3, 32, 32), (32, 3, 7, 7), stride=1, pad=3)


# %% nbgrader={"grade": false, "grade_id": "product_time", "locked": true, "schema_version": 3, "solution": false, "task": false}
def conv_columns(x, w, b, stride, pad):
    """A convolution as a matrix product, with your im2col."""
    N, _, H, W = x.shape
    F, _, HH, WW = w.shape
    out = im2col(x, HH, WW, stride, pad) @ w.reshape(F, -1).T + b
    rows, cols = (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1
    return out.reshape(N, rows, cols, F).transpose(0, 3, 1, 2)


out = conv_columns(digits, filters, biases, 1, 1)
columns_seconds = seconds(conv_columns, digits, filters, biases, 1, 1)
print(f"largest difference from the loops: {np.abs(out - loops_out).max():.0e}")
print(
    f"loops {1000 * loops_seconds:.2f} ms, im2col {1000 * columns_seconds:.2f} ms: {loops_seconds / columns_seconds:.0f} times as fast"
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "product_question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Question.** What does the speed cost?
#
# <details><summary>Answer</summary>
#
# Memory. A pixel inside the image lies in 9 windows of 3×3, so `col` is nine times as large as the images; with 7×7 filters 49 times.
#
# </details>
#
# ## 3 · col2im  (3 points, medium, 25 minutes)
#
# **Why.** On the way back the gradient arrives for the rows of `col`, and has to find its way to the pixels.
#
# Turn the copying around: each row is laid back onto its window, and a pixel that was copied into several rows **adds up** what comes back
# from all of them. Below, every window sends back its own number, 1, 10, 100 …, from each of its four pixels.

# %% nbgrader={"grade": false, "grade_id": "col2im_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
shares = np.zeros((4, 3, 3), dtype=int)
for k, (row, column) in enumerate(np.ndindex(2, 2)):
    shares[k, row : row + 2, column : column + 2] = 10**k
windows.number_grids(
    [*shares, shares.sum(axis=0)],
    ["window (0, 0)", "window (0, 1)", "window (1, 0)", "window (1, 1)", "image"],
    limits=[4, 40, 400, 4000, 4000],
    between=["+", "+", "+", "="],
    below=f"the pixel in the middle lies in all four windows: {' + '.join(str(s[1, 1]) for s in shares)} = {shares.sum(axis=0)[1, 1]}",
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "col2im_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$x_{n,c,r,s} = \sum_{iS+p\,=\,r+P,\;\; jS+q\,=\,s+P} \text{col}_{(n,i,j),\,(c,p,q)}$$
#
# **Shapes.** col (N·H′·W′, C·HH·WW) → image (N, C, H, W), given as `x_shape`. What falls onto the padding is dropped.
#
# **This is not the inverse of im2col.** It is its *adjoint*, or transpose: for all x and y
#
# $$\langle \text{im2col}(x),\, y \rangle = \langle x,\, \text{col2im}(y) \rangle, \qquad \langle a, b\rangle = \sum a\,b$$
#
# and this one equation says it all: a gradient y at col moves the loss by ⟨im2col(dx), y⟩, so its gradient at x is col2im(y).
#
# **Task.** `col2im(col, x_shape, HH, WW, stride=1, pad=0)`, for everything that im2col takes; col stays as it was.
#
# <details><summary>Hint</summary>
#
# im2col, line by line from the end: undo the reshape and the transpose, (N, H′, W′, C, HH, WW) → (N, C, HH, WW, H′, W′); start from a padded
# image of zeros; for each place (p, q) the same slice as before, now on the left of `+=`; cut the padding off by naming both ends,
# `pad : pad + H`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "col2im", "locked": false, "schema_version": 3, "solution": true, "task": false}
def col2im(col, x_shape, HH, WW, stride=1, pad=0):
    """Add every row back onto the window that it was taken from.

    Parameters
    ----------
    col : array of shape (N * H' * W', C * HH * WW)
    x_shape : (N, C, H, W), shape of the images
    HH, WW, stride, pad : int, as for im2col

    Returns
    -------
    array of shape (N, C, H, W)
    """
    ### BEGIN SOLUTION
    N, C, H, W = x_shape
    rows, cols = (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1
    parts = col.reshape(N, rows, cols, C, HH, WW).transpose(0, 3, 4, 5, 1, 2)
    xp = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=col.dtype)
    for p, q in np.ndindex(HH, WW):
        xp[:, :, p : p + stride * rows : stride, q : q + stride * cols : stride] += parts[:, :, p, q]
    return xp[:, :, pad : pad + H, pad : pad + W]
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "col2im_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.col2im(col2im)

# %% nbgrader={"grade": true, "grade_id": "col2im_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
image = col2im(np.repeat([[1.0], [10.0], [100.0], [1000.0]], 4, axis=1), (1, 1, 3, 3), 2, 2)  # the picture
assert image.shape == (1, 1, 3, 3), f"the shape of the images is (1, 1, 3, 3); yours {image.shape}"
assert image[0, 0, 1, 1] == 1111, f"the middle gets a share from each of the four windows; yours {image[0, 0, 1, 1]}"
assert image[0, 0].tolist() == [[1, 11, 10], [101, 1111, 1010], [100, 1100, 1000]], image[0, 0]
### BEGIN HIDDEN TESTS
checks.col2im(col2im)
from cs_layers.layers.im2col import im2col as right_im2col

random = np.random.default_rng(80)
x = random.normal(size=(2, 3, 5, 7))
y = random.normal(size=(2 * 3 * 4, 3 * 3 * 3))
left, right = np.sum(right_im2col(x, 3, 3, 2, 1) * y), np.sum(x * col2im(y, x.shape, 3, 3, 2, 1))
assert abs(left - right) < 1e-9 * abs(left), "⟨im2col x, y⟩ and ⟨x, col2im y⟩ differ"
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "adjoint_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Check it by the equation.** Random x and y, your im2col on the left, your col2im on the right. Both sides must agree to the last digits.

# %% nbgrader={"grade": false, "grade_id": "adjoint_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
for shape, HH, WW, stride, pad in [((2, 3, 5, 7), 3, 3, 2, 1), ((1, 2, 6, 4), 2, 3, 1, 0), ((3, 1, 4, 4), 1, 1, 1, 2)]:
    x = rng.normal(size=shape)
    col = im2col(x, HH, WW, stride, pad)
    y = rng.normal(size=col.shape)
    left, right = np.sum(col * y), np.sum(x * col2im(y, shape, HH, WW, stride, pad))
    print(f"x {shape!s:14} window {HH}×{WW} stride {stride} pad {pad}:  {left:.12f}  {right:.12f}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "adjoint_count_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** Going there and back multiplies each pixel by the number of windows that look at it: the counts of notebook 06,
# section 3.

# %% nbgrader={"grade": false, "grade_id": "adjoint_count", "locked": true, "schema_version": 3, "solution": false, "task": false}
ones = np.ones((1, 1, 5, 6))
there_and_back = col2im(im2col(ones, 3, 3, 1, 1), ones.shape, 3, 3, 1, 1)
windows.number_grids([there_and_back[0, 0]], ["col2im(im2col(ones))"], colours=["cividis"])

# %% [markdown] nbgrader={"grade": false, "grade_id": "convolution_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4 · A class  (2 points, medium, 25 minutes)
#
# **Why.** Passing caches around by hand grows tiresome with every layer. An object can keep its own weights, what its backward pass
# will need, and its gradients.
#
# $$\text{out} = \text{col}\; \mathbf{w}^\top + b \qquad
# d\mathbf{w} = \text{dout}^\top\, \text{col} \qquad
# db = \sum_{\text{rows}} \text{dout} \qquad
# dx = \text{col2im}(\text{dout}\; \mathbf{w})$$
#
# with **w** = `w.reshape(F, -1)`, and dout as a matrix (N·H′·W′, F) whose rows are in the order of im2col's. It is the affine layer of notebook 01,
# with windows for inputs.
#
# **Shapes.** forward: x (N, C, H, W) → out (N, F, H′, W′). backward: dout (N, F, H′, W′) → dx (N, C, H, W), and then `layer.dw` (F, C, HH, WW)
# and `layer.db` (F,).
#
# **Task.** `forward` returns out alone and keeps what it must in `self`; `backward` returns dx alone. Each backward belongs to the latest
# forward of the same object and sets `self.dw` and `self.db` anew. Two objects do not know of each other. x, dout, w and b
# stay as they were. You may call your im2col and col2im; if one of them is wrong, this class will be too.
#
# <details><summary>Hint</summary>
#
# `im2col(...) @ w.reshape(F, -1).T` has shape (N·H′·W′, F): reshape it to (N, H′, W′, F), then `transpose(0, 3, 1, 2)`. Backward, the other way
# round: `dout.transpose(0, 2, 3, 1).reshape(-1, F)`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "Convolution", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Convolution:
    """A convolutional layer that keeps its filters, its latest input and its gradients.

    Parameters
    ----------
    w : array of shape (F, C, HH, WW)
    b : array of shape (F,)
    stride, pad : int

    Attributes
    ----------
    dw, db : arrays in the shapes of w and b, after backward
    """

    def __init__(self, w, b, stride=1, pad=0):
        ### BEGIN SOLUTION
        self.w, self.b, self.stride, self.pad = w, b, stride, pad
        self.dw = self.db = None
        ### END SOLUTION

    def forward(self, x):
        """x (N, C, H, W) -> out (N, F, H', W')."""
        ### BEGIN SOLUTION
        N, _, H, W = x.shape
        F, _, HH, WW = self.w.shape
        rows, cols = (H + 2 * self.pad - HH) // self.stride + 1, (W + 2 * self.pad - WW) // self.stride + 1
        self.x_shape, self.col = x.shape, im2col(x, HH, WW, self.stride, self.pad)
        out = self.col @ self.w.reshape(F, -1).T + self.b
        return out.reshape(N, rows, cols, F).transpose(0, 3, 1, 2)
        ### END SOLUTION

    def backward(self, dout):
        """dout (N, F, H', W') -> dx (N, C, H, W); dw and db are left in self."""
        ### BEGIN SOLUTION
        F, _, HH, WW = self.w.shape
        dout = dout.transpose(0, 2, 3, 1).reshape(-1, F)
        self.dw = (dout.T @ self.col).reshape(self.w.shape)
        self.db = dout.sum(axis=0)
        return col2im(dout @ self.w.reshape(F, -1), self.x_shape, HH, WW, self.stride, self.pad)
        ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "Convolution_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.Convolution(Convolution)

# %% nbgrader={"grade": true, "grade_id": "Convolution_test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
layer = Convolution(np.array([[[[1.0, 2.0], [3.0, 4.0]]]]), np.array([0.5]))
out = layer.forward(np.array([[[[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]]]))
assert np.round(out, 9).tolist() == [[[[1.5, 4.5]]]], f"1·1 + 0.5 and 1·4 + 0.5; yours {out}"
dx = layer.backward(np.array([[[[1.0, 10.0]]]]))  # the backward pass of notebook 06, section 6
assert np.round(dx, 9).tolist() == [[[[1.0, 12.0, 20.0], [3.0, 34.0, 40.0]]]], f"dx is {dx}"
### BEGIN HIDDEN TESTS
checks.Convolution(Convolution)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "gradient_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Gradient check.** Central differences in float64 with h = 1e-5. A convolution has no kinks: expect relative errors below 1e-7.

# %% nbgrader={"grade": false, "grade_id": "gradient_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
x, w, b = rng.normal(size=(2, 2, 5, 4)), rng.normal(size=(3, 2, 3, 2)), rng.normal(size=3)
layer = Convolution(w, b, stride=2, pad=1)
out = layer.forward(x)
dout = rng.normal(size=out.shape)
dx = layer.backward(dout)
for name, variable, gradient in [("x", x, dx), ("w", w, layer.dw), ("b", b, layer.db)]:
    numerical = eval_numerical_gradient_array(lambda _: layer.forward(x), variable, dout, h=1e-5)
    print(f"d{name} {gradient.shape!s:14} relative error {rel_error(gradient, numerical):.1e}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "speed_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5 · How fast is it?
#
# Your class beside the loops, forward and backward, with more and more images, and the layer that comes with the course (`cs_layers.layers`),
# which is made for large batches. Every time is measured here and now.

# %% nbgrader={"grade": false, "grade_id": "speed_table", "locked": true, "schema_version": 3, "solution": false, "task": false}
images = load_digits()["X_train"]
sizes, times = [1, 10, 100, 1000], {"loops": [], "your class": []}
layer = Convolution(filters, biases, stride=1, pad=1)
for N in sizes:
    x, dout = images[:N], np.ones((N, 8, 8, 8))
    times["loops"].append(seconds(conv_loops, x, filters, biases, 1, 1, repeats=1) if N <= 100 else np.nan)
    times["your class"].append(seconds(lambda x=x, dout=dout: (layer.forward(x), layer.backward(dout))))
print("milliseconds for 8 filters of 3×3 on 8×8 digits; loops: forward alone, up to 100 images")
print(f"{'images':>8}" + "".join(f"{name:>20}" for name in times))
for k, N in enumerate(sizes):
    print(f"{N:>8}" + "".join(f"{1000 * values[k]:>20.2f}" for values in times.values()).replace("nan", "  –"))

# %% nbgrader={"grade": false, "grade_id": "speed_course", "locked": true, "schema_version": 3, "solution": false, "task": false}
course = []
for N in sizes:
    x, dout = images[:N], np.ones((N, 8, 8, 8))
    forward = partial(layers.conv_forward, x, filters, biases, {"stride": 1, "pad": 1})
    course.append(seconds(lambda forward=forward, dout=dout: layers.conv_backward(dout, forward()[1])))
print("cs_layers.layers:", ", ".join(f"{1000 * t:.2f} ms for {N}" for N, t in zip(sizes, course, strict=True)))

# %% nbgrader={"grade": false, "grade_id": "speed_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
if len(times["your class"]) < len(sizes):
    raise NotImplementedError("This picture waits for your class.")
columns.times(sizes, {**times, "cs_layers.layers": course}, "images in the batch")

# %% [markdown] nbgrader={"grade": false, "grade_id": "speed_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** Both axes are logarithmic: ten times the time for ten times the images is a straight line that rises by one power of ten, as that of the loops. The other two are
# nearly flat at first, since a call costs something however little there is to do. With a hundred images the loops lie far above both.
#
# **Question.** Where does the time of your class go, if not into multiplications?
#
# <details><summary>Answer</summary>
#
# Into copying: `col` is nine times the images, and is written, read, and read again on the way back. That is why libraries avoid the copy:
# some multiply image and filter directly in blocks that fit the processor's cache, some use fast Fourier transforms for large filters.
#
# </details>
