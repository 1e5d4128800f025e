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
# # 06 · Convolution
#
# A convolution looks at an image through a small window, wherever the window fits, and asks everywhere the same question.
# You write it with plain loops, forward and backward; speed comes in notebook 08. **17 points · about 2 hours.**
#
# Names in this notebook: images x (N, C, H, W), filters w (F, C, HH, WW), one bias for each filter b (F,).

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from cs_layers import checks
from cs_layers.data import load_digits, load_shapes32
from cs_layers.diagrams import windows
from cs_layers.gradient_check import eval_numerical_gradient_array, rel_error

digits, shapes = load_digits(), load_shapes32(num_training=20, num_validation=0, num_test=0, dtype=np.float64)
ink = digits["X_train"][3, 0] * 16  # one digit, 8×8, ink from 0 to 16
edge = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])  # Sobel's filter: left neighbours minus right neighbours

# %% [markdown] nbgrader={"grade": false, "grade_id": "idea_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## The idea
#
# **Why.** An edge is an edge wherever it lies in the image, so one small filter can look for it everywhere.
#
# This filter subtracts what lies right of a pixel from what lies left of it:

# %% nbgrader={"grade": false, "grade_id": "idea_filter", "locked": true, "schema_version": 3, "solution": false, "task": false}
windows.number_grids([edge], ["filter"], limits=[2])

# %% [markdown] nbgrader={"grade": false, "grade_id": "idea_places", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Five places of its window on a real digit; under each, window × filter, entry by entry, and the sum: one number of the output. Where the ink ends on the right the sum is large, where it
# begins it is large and negative, and on even ground it is near 0.

# %% nbgrader={"grade": false, "grade_id": "idea_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
windows.sliding_windows(ink, edge, [(0, 0), (1, 1), (2, 3), (3, 4), (5, 2)])

# %% [markdown] nbgrader={"grade": false, "grade_id": "conv_output_size_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1 · Output size  (2 points, easy, 15 minutes)
#
# **Why.** Most errors in a convolutional network are sizes that do not fit; one formula settles them.
#
# A row of W pixels, padded with P zeros on both sides; a window of F pixels that moves S pixels at a time. Each bar is one place of
# the window, so one number of the output. In the last picture the window would have to hang over the edge.

# %% nbgrader={"grade": false, "grade_id": "conv_output_size_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
windows.window_steps([(5, 3, 1, 0), (5, 3, 1, 1), (5, 3, 2, 1), (6, 3, 2, 0)])

# %% [markdown] nbgrader={"grade": false, "grade_id": "conv_output_size_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$\text{out} = \frac{W - F + 2P}{S} + 1$$
#
# The same holds for the height, with its own filter size: images and filters need not be square.
#
# **Task.** Write `conv_output_size(size, window, pad, stride)` for one direction, all whole numbers; it returns an `int`.
# Two cases have no answer; raise `ValueError` in both:
# - the stride does not fit: size − window + 2·pad is no multiple of the stride;
# - the window is larger than the padded image.
#
# <details><summary>Hint</summary>
#
# `%` gives the remainder of a division, `//` divides and stays an `int`. In Python −1 // 2 is −1, so look at the sign
# before you divide. `raise ValueError("one sentence: what does not fit")`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "conv_output_size", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_output_size(size, window, pad, stride):
    """Count the places of a window along one direction of an image.

    Parameters
    ----------
    size : int, pixels of the image (H or W)
    window : int, pixels of the window (HH or WW)
    pad : int, zeros added on each of the two sides
    stride : int, pixels between one place and the next

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If the stride does not fit, or the window is larger than the padded image.
    """
    ### BEGIN SOLUTION
    room = size + 2 * pad - window
    if room < 0:
        raise ValueError(f"a window of {window} is larger than {size} pixels with {pad} of padding on each side")
    if room % stride:
        raise ValueError(f"a stride of {stride} does not fit: the window moves {room} pixels from edge to edge")
    return room // stride + 1
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "conv_output_size_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.conv_output_size(conv_output_size)

# %% nbgrader={"grade": true, "grade_id": "conv_output_size_test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert conv_output_size(5, 3, 0, 1) == 3, "first row of the picture: three bars"
assert conv_output_size(5, 3, 1, 2) == 3, "third row of the picture: three bars"
### BEGIN HIDDEN TESTS
checks.conv_output_size(conv_output_size)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "alexnet_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** Your function computes the table of AlexNet (Krizhevsky, Sutskever and Hinton, 2012), the network that
# brought convolution back; here with all channels on one processor. The paper says its images have 224 pixels. Read the last line.

# %% nbgrader={"grade": false, "grade_id": "alexnet_table", "locked": true, "schema_version": 3, "solution": false, "task": false}
size, channels = 227, 3
print(f"{'layer':8}{'window':>8}{'stride':>8}{'pad':>5}{'output':>16}{'parameters':>14}")
print(f"{'image':8}{'':>21}{f'{channels}×{size}×{size}':>16}")
for name, window, stride, pad, filters in [
    ("conv1", 11, 4, 0, 96), ("pool1", 3, 2, 0, None),
    ("conv2", 5, 1, 2, 256), ("pool2", 3, 2, 0, None),
    ("conv3", 3, 1, 1, 384), ("conv4", 3, 1, 1, 384), ("conv5", 3, 1, 1, 256), ("pool5", 3, 2, 0, None),
]:  # fmt: skip
    size = conv_output_size(size, window, pad, stride)
    parameters = filters * (channels * window * window + 1) if filters else 0
    channels = filters or channels
    print(f"{name:8}{window:>8}{stride:>8}{pad:>5}{f'{channels}×{size}×{size}':>16}{parameters:>14,}")
print(f"flattened for the first affine layer: {channels * size * size:,} numbers\n")
try:
    conv_output_size(224, 11, 0, 4)
except ValueError as error:
    print("224 pixels:", error)

# %% [markdown] nbgrader={"grade": false, "grade_id": "conv_output_size_question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Question.** Which pad keeps the size with stride 1 and a 7×7 filter? Why is there none for a 4×4 filter?
#
# <details><summary>Answer</summary>
#
# out = W asks for 2P = F − 1: P = 3 for F = 7. For F = 4 it would be 1.5. That is why filters mostly have an odd size, square or not.
#
# </details>
#
# ## 2 · By hand  (1 point, easy, 10 minutes)
#
# **Why.** After two numbers on paper, the loops below only repeat what you know.
#
# An image of three channels, padded with 1; you see its top three rows. One filter with three channels, stride 2, bias 1.
# The first window covers columns 0 to 2 of each channel, the second columns 2 to 4.

# %% nbgrader={"grade": false, "grade_id": "hand_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
red, green, blue = (
    np.array([[int(digit) for digit in row] for row in rows.split("/")])
    for rows in ("00000/01122/01112", "00000/00120/02211", "00000/02200/00021")
)
hand_x = np.stack([red, green, blue])  # (3, 3, 5), padded already
hand_w = np.array(
    [
        [[1, 1, 1], [-1, -1, 0], [-1, 1, 0]],
        [[-1, -1, 1], [-1, 1, 0], [-1, 1, 0]],
        [[1, 0, -1], [0, 0, 0], [1, -1, -1]],
    ]
)
windows.number_grids(
    [*hand_x, *hand_w],
    ["x red", "x green", "x blue", "w red", "w green", "w blue"],
    limits=[2, 2, 2, 1, 1, 1],
    below=f"for example: first window, red channel: sum of products = {(red[:, :3] * hand_w[0]).sum()}",
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "hand_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task.** Work out out[0, 0] and out[0, 1] on paper, the sum over all three channels plus the bias, and let
# `hand_example()` return the two whole numbers.
#
# <details><summary>Hint</summary>
#
# Per window: three sums of nine products, one for each channel; then all three together; then + 1, once. Most products are 0.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "hand_example", "locked": false, "schema_version": 3, "solution": true, "task": false}
def hand_example():
    """Return (first, second): the first two outputs of the top row, as whole numbers worked out by hand."""
    ### BEGIN SOLUTION
    return 3, -5
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "hand_example_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
given = hand_example()
assert np.shape(given) == (2,), f"return two whole numbers, first and second; yours is {given}"
first, second = given
assert (first, second) != (2, -6), f"{first} and {second}: the bias is missing. Add 1 to each."
assert (first, second) != (5, -3), f"{first} and {second}: the bias is added once for each channel. Add it once."
assert first % 8 == 3, f"out[0, 0] is not {first}. Columns 0, 1, 2 of each channel."
assert second % 8 == 3, f"out[0, 1] is not {second}. The stride is 2: columns 2, 3, 4 of each channel."
print("Both sums are right.")

# %% nbgrader={"grade": true, "grade_id": "hand_example_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
given = hand_example()
assert np.shape(given) == (2,), f"return two whole numbers, first and second; yours is {given}"
first, second = given
assert (first, second) != (2, -6), "the bias is missing: add 1 to each"
### BEGIN HIDDEN TESTS
assert first == 3, f"out[0, 0] is not {first}: columns 0 to 2 of each channel, all products added, plus 1"
assert second == -5, f"out[0, 1] is not {second}: columns 2 to 4 of each channel, all products added, plus 1"
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "pad_images_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3 · Pad  (1 point, easy, 10 minutes)
#
# **Why.** Without padding an image shrinks with every layer, and pixels at its edge are looked at less often than those inside.
#
# The number in each pixel says how many windows look at it. Hatched: padding. The outline is the first window. Find the upper left
# pixel of the image itself (not of the padding) in all three.

# %% nbgrader={"grade": false, "grade_id": "pad_images_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
common = {"height": 5, "width": 6}
windows.coverage(
    [
        {**common, "filter_height": 3, "filter_width": 3, "stride": 1, "pad": 0},
        {**common, "filter_height": 3, "filter_width": 3, "stride": 1, "pad": 1},
        {**common, "filter_height": 1, "filter_width": 4, "stride": 1, "pad": 1},
    ]
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "pad_images_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$x^p_{n,c,\,i+P,\,j+P} = x_{n,c,i,j}, \qquad \text{0 elsewhere}$$
#
# **Shapes.** x (N, C, H, W) → (N, C, H + 2P, W + 2P): the last two axes grow, batch and channels do not.
#
# **Task.** `pad_images(x, pad)` for any image, square or not; pad 0 works too; x stays as it was.
#
# <details><summary>Hint</summary>
#
# `np.pad` takes one pair (before, after) for each axis, so four pairs here.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "pad_images", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pad_images(x, pad):
    """Put zeros around every image.

    Parameters
    ----------
    x : array of shape (N, C, H, W)
    pad : int, 0 or more

    Returns
    -------
    array of shape (N, C, H + 2 * pad, W + 2 * pad)
    """
    ### BEGIN SOLUTION
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "pad_images_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.pad_images(pad_images)

# %% nbgrader={"grade": true, "grade_id": "pad_images_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
padded = pad_images(np.ones((2, 3, 1, 2)), 1)
assert padded.shape == (2, 3, 3, 4), f"(2, 3, 1, 2) with pad 1 becomes (2, 3, 3, 4), yours {padded.shape}"
assert padded[0, 0].tolist() == [[0, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]], padded[0, 0]
### BEGIN HIDDEN TESTS
checks.pad_images(pad_images)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "conv_single_window_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4 · One window  (1 point, easy, 5 minutes)
#
# **Why.** A convolution is nothing but this sum, over and over.

# %% nbgrader={"grade": false, "grade_id": "conv_single_window_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
windows.one_window(ink, edge, 2, 3, bias=1)

# %% [markdown] nbgrader={"grade": false, "grade_id": "conv_single_window_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$\text{out} = b + \sum_{c,p,q} \text{window}_{c,p,q}\; w_{c,p,q}$$
#
# **Shapes.** window and w (C, HH, WW), b one number → one number, not one for each channel.
#
# **Task.** `conv_single_window(window, w, b)`; window and w stay as they were.
#
# <details><summary>Hint</summary>
#
# `*` multiplies entry by entry; `np.sum` without an axis adds everything. The bias is no part of the sum.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "conv_single_window", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_single_window(window, w, b):
    """Apply one filter to one window.

    Parameters
    ----------
    window, w : arrays of shape (C, HH, WW)
    b : number

    Returns
    -------
    number
    """
    ### BEGIN SOLUTION
    return np.sum(window * w) + b
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "conv_single_window_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.conv_single_window(conv_single_window)

# %% nbgrader={"grade": true, "grade_id": "conv_single_window_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
window, w = np.array([[[1.0, 2.0]], [[3.0, 4.0]]]), np.array([[[1.0, 0.0]], [[0.0, -1.0]]])
assert conv_single_window(window, w, 10.0) == 7.0, "1·1 + 2·0 + 3·0 − 4·1 + 10 = 7"
### BEGIN HIDDEN TESTS
checks.conv_single_window(conv_single_window)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "conv_forward_naive_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5 · Forward  (5 points, medium, 30 minutes)
#
# **Why.** Now the window slides: over every image, with every filter, to every place.
#
# With stride 2 and pad 1 the window of out[i, j] begins at row 2·i and column 2·j **of the padded image**. Compare the places with
# the indices above them.

# %% nbgrader={"grade": false, "grade_id": "conv_forward_naive_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
windows.sliding_windows(ink[:7, :], edge[:, :2], [(0, 0), (0, 1), (1, 1), (2, 3), (3, 4)], stride=2, pad=1, bias=1)

# %% [markdown] nbgrader={"grade": false, "grade_id": "conv_forward_naive_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$\text{out}_{n,f,i,j} = b_f + \sum_{c,p,q} x^p_{n,\,c,\,iS+p,\,jS+q}\; w_{f,c,p,q}$$
#
# $$H' = \frac{H - HH + 2P}{S} + 1 \qquad W' = \frac{W - WW + 2P}{S} + 1$$
#
# **Shapes.** x (N, C, H, W), w (F, C, HH, WW), b (F,) → out (N, F, H′, W′).
#
# **Task.** Loops are welcome. It must work for any stride and pad, pad 0 included, for images and filters that are not square, and leave
# x, w and b as they were. The cache holds what your backward will want; `(x, w, b, conv_param)` is a good choice. How you treat
# a stride that does not fit is up to you here. You may call your functions from above; if one of them is wrong, this one
# will be too.
#
# <details><summary>Hint</summary>
#
# Four loops: image n, filter f, row i, column j. Inside, cut the window out of the padded image with all channels at once:
# rows from i·stride, HH of them; columns from j·stride, WW of them.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "conv_forward_naive", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_forward_naive(x, w, b, conv_param):
    """Convolve images with filters.

    Parameters
    ----------
    x : array of shape (N, C, H, W)
    w : array of shape (F, C, HH, WW)
    b : array of shape (F,)
    conv_param : dict with the ints 'stride' and 'pad'

    Returns
    -------
    out : array of shape (N, F, H', W')
    cache : (x, w, b, conv_param), or whatever your conv_backward_naive needs
    """
    ### BEGIN SOLUTION
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, _, H, W = x.shape
    F, _, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, F, (H - HH + 2 * pad) // stride + 1, (W - WW + 2 * pad) // stride + 1), dtype=x.dtype)
    for n, f, i, j in np.ndindex(out.shape):
        window = xp[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out, (x, w, b, conv_param)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "conv_forward_naive_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.conv_forward_naive(conv_forward_naive)

# %% nbgrader={"grade": true, "grade_id": "conv_forward_naive_test", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
out, _ = conv_forward_naive(
    np.arange(8.0).reshape(1, 1, 2, 4), np.array([[[[1.0, 10.0]]]]), np.array([0.5]), {"stride": 1, "pad": 0}
)
assert np.round(out, 9).tolist() == [[[[10.5, 21.5, 32.5], [54.5, 65.5, 76.5]]]], (
    f"out[0, 0, 0, 0] is 1·0 + 10·1 + 0.5; yours is {out.tolist()}"
)
### BEGIN HIDDEN TESTS
checks.conv_forward_naive(conv_forward_naive)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "hand_again_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** The two numbers that you worked out on paper in section 2:

# %% nbgrader={"grade": false, "grade_id": "hand_again", "locked": true, "schema_version": 3, "solution": false, "task": false}
out, _ = conv_forward_naive(hand_x[np.newaxis], hand_w[np.newaxis], np.ones(1), {"stride": 2, "pad": 0})
print(out)

# %% [markdown] nbgrader={"grade": false, "grade_id": "filters_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# And filters made by hand, applied by your function. Blur averages and leaves light and dark as they were; sharpen
# exaggerates differences; the others add up to 0 and answer only where something changes: red for more than 0, blue for less. The last one is
# not square, so its output is narrower and just as high. A network learns such filters by itself.

# %% nbgrader={"grade": false, "grade_id": "filters_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
filters = {
    "blur": np.ones((3, 3)) / 9,
    "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "vertical edges": edge,
    "horizontal edges": edge.T,
    "outline": np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
    "1×3 edge": np.array([[1, 0, -1]]),
}
images = [digits["X_train"][3], shapes["X_train"][2], shapes["X_train"][5]]


def apply_by_hand(image, kernel):
    w = np.repeat(kernel[np.newaxis, np.newaxis] / len(image), len(image), axis=1)  # the same for each channel
    out, _ = conv_forward_naive(image[np.newaxis], w, np.zeros(1), {"stride": 1, "pad": 0})
    return out[0, 0]


responses = [[apply_by_hand(image, kernel) for kernel in filters.values()] for image in images]
shown = [image[0] if len(image) == 1 else image.transpose(1, 2, 0) for image in images]
windows.filter_gallery(shown, filters, responses)

# %% [markdown] nbgrader={"grade": false, "grade_id": "forward_shapes_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# The first layer of the network that you build in notebook 09, on two colour images: 32 filters of 7×7, pad 3. The size stays, the
# number of channels becomes the number of filters.

# %% nbgrader={"grade": false, "grade_id": "forward_shapes", "locked": true, "schema_version": 3, "solution": false, "task": false}
x = shapes["X_train"][:2]
w = np.random.default_rng(0).normal(size=(32, 3, 7, 7))
out, _ = conv_forward_naive(x, w, np.zeros(32), {"stride": 1, "pad": 3})
windows.shape_trace([x.shape, out.shape], [f"conv {'×'.join(map(str, w.shape))}\nstride 1, pad 3"])

# %% [markdown] nbgrader={"grade": false, "grade_id": "conv_forward_naive_question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Question.** How many parameters has this layer, and how many would an affine layer from all inputs to all outputs have? Work both out, then run the next cell.

# %% nbgrader={"grade": false, "grade_id": "forward_count", "locked": true, "schema_version": 3, "solution": false, "task": false}
filters, channels, height, width = w.shape
inputs, outputs = x[0].size, filters * x[0, 0].size  # the size stays
print(
    f"convolution: {filters} · ({channels}·{height}·{width} + 1) = {filters * (w[0].size + 1):,}, whatever the image's size"
)
print(f"affine: ({inputs:,} inputs + 1) · {outputs:,} outputs = {(inputs + 1) * outputs:,}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "conv_backward_naive_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 6 · Backward  (7 points, hard, 60 minutes)
#
# **Why.** To learn filters, the network must know how the loss changes with each entry of w, b and x.
#
# Turn the forward around: whatever an output number was made of gets its share of the output's gradient. Below, two
# upstream numbers, 1 and 10. Each stamps the filter, times itself, onto the pixels of its own window. Where windows overlap, the shares **add**.

# %% nbgrader={"grade": false, "grade_id": "conv_backward_naive_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
w = np.array([[1, 2], [3, 4]])
stamps = np.zeros((2, 2, 3), dtype=int)
stamps[0, :, :2] = 1 * w  # the window of out[0, 0]
stamps[1, :, 1:] = 10 * w  # the window of out[0, 1]
windows.number_grids(
    [np.array([[1, 10]]), w, *stamps, stamps.sum(axis=0)],
    ["dout", "w", "1 · w", "10 · w", "dx"],
    limits=[50, 50, 50, 50, 50],
    between=["", "→", "+", "="],
    below=f"dx[0, 1] = 1·{w[0, 1]} + 10·{w[0, 0]} = {stamps[:, 0, 1].sum()}",
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "conv_backward_naive_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$db_f = \sum_{n,i,j} dout_{n,f,i,j} \qquad
# dw_{f,c,p,q} = \sum_{n,i,j} dout_{n,f,i,j}\; x^p_{n,c,iS+p,jS+q} \qquad
# dx^p_{n,\,c,\,iS+p,\,jS+q} \mathrel{+}= dout_{n,f,i,j}\; w_{f,c,p,q}$$
#
# dx is the inner part of dxᵖ: the gradient of the padding is thrown away.
#
# **Shapes.** dout (N, F, H′, W′) → dx like x, dw like w, db like b: (F,).
#
# **Task.** For everything that your forward takes: any stride, overlapping windows, pad 0, images and filters that are not square.
# dout and what lies in the cache stay as they were. The check feeds your backward with the cache of your own forward (if that is
# still wrong, with a right `(x, w, b, conv_param)`).
#
# <details><summary>Hint</summary>
#
# The same four loops. At (n, f, i, j) three things happen, all with `+=`: a scaled window into dw[f], a scaled filter into the window of
# dxᵖ, a number into db[f]. To cut the padding off, name both ends, `pad : pad + H`: the slice `pad : -pad` is empty if pad is 0.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "conv_backward_naive", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_backward_naive(dout, cache):
    """Carry the gradient through a convolution.

    Parameters
    ----------
    dout : array of shape (N, F, H', W')
    cache : what conv_forward_naive returned

    Returns
    -------
    dx : array of shape (N, C, H, W)
    dw : array of shape (F, C, HH, WW)
    db : array of shape (F,)
    """
    ### BEGIN SOLUTION
    x, w, b, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    H, W = x.shape[2:]
    HH, WW = w.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw, db = np.zeros_like(xp), np.zeros_like(w), np.zeros_like(b)
    for n, f, i, j in np.ndindex(dout.shape):
        rows = slice(i * stride, i * stride + HH)
        columns = slice(j * stride, j * stride + WW)
        dxp[n, :, rows, columns] += dout[n, f, i, j] * w[f]
        dw[f] += dout[n, f, i, j] * xp[n, :, rows, columns]
        db[f] += dout[n, f, i, j]
    return dxp[:, :, pad : pad + H, pad : pad + W], dw, db
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "conv_backward_naive_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.conv_backward_naive(conv_backward_naive, conv_forward_naive)

# %% nbgrader={"grade": true, "grade_id": "conv_backward_naive_test", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
inputs = (np.zeros((1, 1, 2, 3)), np.array([[[[1.0, 2.0], [3.0, 4.0]]]]), np.ones(1), {"stride": 1, "pad": 0})
cache = checks.cache_of(conv_forward_naive, *inputs, right=np.ones((1, 1, 1, 2)), otherwise=inputs)
dx, dw, db = conv_backward_naive(np.array([[[[1.0, 10.0]]]]), cache)  # the picture above
assert np.round(dx, 9).tolist() == [[[[1.0, 12.0, 20.0], [3.0, 34.0, 40.0]]]], (
    f"dx is {dx.tolist()}; the picture above says what is right"
)
assert np.round(dw, 9).tolist() == [[[[0.0, 0.0], [0.0, 0.0]]]], f"x is 0, so dw is 0; yours is {dw.tolist()}"
assert np.round(db, 9).tolist() == [11.0], f"db is {db.tolist()}, expected [11.0]"
### BEGIN HIDDEN TESTS
checks.conv_backward_naive(conv_backward_naive, conv_forward_naive)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "conv_gradient_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Gradient check.** Central differences in float64 with h = 1e-5, as in notebook 00. A convolution has no kinks. Expect relative errors
# below 1e-7.

# %% nbgrader={"grade": false, "grade_id": "conv_gradient_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(6)
x, w, b = rng.normal(size=(2, 2, 5, 4)), rng.normal(size=(3, 2, 3, 2)), rng.normal(size=3)
conv_param = {"stride": 2, "pad": 1}
out, cache = conv_forward_naive(x, w, b, conv_param)
dout = rng.normal(size=out.shape)
gradients = conv_backward_naive(dout, cache)
for name, variable, gradient in zip("xwb", (x, w, b), gradients, strict=True):
    numerical = eval_numerical_gradient_array(
        lambda _: conv_forward_naive(x, w, b, conv_param)[0], variable, dout, h=1e-5
    )
    print(f"d{name} {gradient.shape!s:14} relative error {rel_error(gradient, numerical):.1e}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "conv_coverage_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** Let the filter and the upstream gradient be all ones. Then dx counts the windows that look at each pixel: it is the
# picture of section 3 (pad 1, without the hatched border), made by your backward pass.

# %% nbgrader={"grade": false, "grade_id": "conv_coverage", "locked": true, "schema_version": 3, "solution": false, "task": false}
x, w = np.zeros((1, 1, 5, 6)), np.ones((1, 1, 3, 3))
out, cache = conv_forward_naive(x, w, np.zeros(1), {"stride": 1, "pad": 1})
dx, dw, db = conv_backward_naive(np.ones_like(out), cache)
windows.number_grids([dx[0, 0]], ["dx"], colours=["cividis"], below=f"db = {db[0]:g} = number of windows")

# %% [markdown] nbgrader={"grade": false, "grade_id": "conv_backward_naive_question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Question.** In this last picture x is 0 everywhere. What is dw, and why does dx not care?
#
# <details><summary>Answer</summary>
#
# dw is a sum of windows of x, so it is 0. The output is linear in x with w as its slope: dx depends on w and dout, never on x.
#
# </details>
