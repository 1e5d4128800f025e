# ---
# jupyter:
#   cs_layers:
#     cpu_seconds: 300
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
# # x3 · Real files: MNIST, CIFAR-10, Tiny-ImageNet
#
# Data sets do not come as arrays. They come as bytes in files, each set in a format of its own, and most of the mistakes that are made with them
# are made before any network is built. You read three famous formats, prepare what is in them honestly, and train a network for one whole epoch. **6 points · about two and a
# half hours.** Optional; it needs 03 and 09.
#
# The sections do not need one another: begin where you like.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import gzip
import tempfile

import matplotlib.pyplot as plt
import numpy as np

from cs_layers import checks, layers, optim, plots
from cs_layers.data import load_CIFAR10, load_mnist, stand_ins
from cs_layers.data.pickles import load_plain_pickle
from cs_layers.diagrams import orders, windows
from cs_layers.models import SimpleConvNet

digits = x_train = X_train = scores = None  # until the tasks below are written


def wait_for(value):
    """Stop a cell that shows what tasks above it make, while they are not written."""
    if value is None:
        raise NotImplementedError("This cell waits for the tasks above.")


# %% [markdown] nbgrader={"grade": false, "grade_id": "files_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Which files are here?
#
# The three sets lie in the folder that `CS_LAYERS_DATA` names, in `datasets/` of the course, or in your cache; `cs-layers data` lists them. Where one is missing, nothing is
# downloaded behind your back: the notebook writes **files of the same format** with the package's own pictures, and says so. Every task, every check and every
# point is the same either way; only the pictures differ.

# %% nbgrader={"grade": false, "grade_id": "files", "locked": true, "schema_version": 3, "solution": false, "task": false}
written = tempfile.TemporaryDirectory()  # for what stands in for a set that is not here; gone with the kernel
mnist, cifar, tiny = (
    stand_ins.original_or_stand_in(name, written.name) for name in ("mnist", "cifar10", "tiny-imagenet")
)
for files in (mnist, cifar, tiny):
    print(files.sentence)

# %% [markdown] nbgrader={"grade": false, "grade_id": "idx_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1 · MNIST's format: from bytes to an array  (1 point, medium, 25 minutes)
#
# **Why.** A file is a row of bytes, numbers from 0 to 255. Whoever can turn bytes into an array can read any format, and check that a file is what its
# name promises. The first bytes of the training images:


# %% nbgrader={"grade": false, "grade_id": "idx_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
def unpack(name):
    """The bytes of one of MNIST's four files, which are packed with gzip."""
    path = next(path for path in mnist.folder.iterdir() if path.name.replace(".idx", "-idx").startswith(name))
    return (gzip.open if path.suffix == ".gz" else open)(path, "rb").read()


raw = unpack("train-images-idx3")
fields = [("magic number", 4), ("images", 4), ("rows", 4), ("columns", 4)]
orders.byte_fields(raw, fields, 6)

# %% [markdown] nbgrader={"grade": false, "grade_id": "read_idx_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# An **IDX** file is a header and then the numbers.
#
# - Four bytes of *magic number*: 0, 0, the type (8 stands for unsigned bytes), and **the number of axes**.
# - Four bytes for the length of each axis, **big-endian**: the first byte counts most, as the first digit of a number does.
# - Then one byte for each number, the last index moving fastest.
#
# $$n = b_0\cdot 256^3 + b_1\cdot 256^2 + b_2\cdot 256 + b_3$$
#
# The processor in your machine keeps numbers the other way round, which is what `np.frombuffer(raw, np.int32)` would assume.
#
# **Shapes.** Images have three axes and so a header of 4 + 3·4 = 16 bytes; labels have one axis, and a header of 8.
#
# **Task.** `read_idx(raw)` takes the bytes of an unpacked file, with any number of axes, and returns the array of unsigned bytes. It raises a **ValueError** where the first
# three bytes are not 0, 0, 8, and where the number of bytes after the header is not what the header promises: a file that was cut off must not pass.
#
# <details><summary>Hint</summary>
#
# `raw[3]` is a number. `int.from_bytes(raw[4:8], "big")` makes one number of four bytes. `np.frombuffer(raw, np.uint8, offset=...)` turns the rest into an array without
# copying it.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "read_idx", "locked": false, "schema_version": 3, "solution": true, "task": false}
def read_idx(raw):
    """Turn the bytes of an IDX file into an array.

    Parameters
    ----------
    raw : bytes
        The whole file, unpacked.

    Returns
    -------
    array of uint8, of the shape that the header gives

    Raises
    ------
    ValueError
        If this is no IDX file of unsigned bytes, or its length does not fit its header.
    """
    ### BEGIN SOLUTION
    if raw[:3] != bytes([0, 0, 8]):
        raise ValueError(f"an IDX file of unsigned bytes begins with 0, 0, 8, this one with {list(raw[:3])}")
    start = 4 + 4 * raw[3]
    shape = [int.from_bytes(raw[k : k + 4], "big") for k in range(4, start, 4)]
    if len(raw) != start + np.prod(shape):
        raise ValueError(f"the header promises {np.prod(shape)} numbers, and {len(raw) - start} bytes follow")
    return np.frombuffer(raw, np.uint8, offset=start).reshape(shape)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "read_idx_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.read_idx(read_idx)

# %% nbgrader={"grade": true, "grade_id": "read_idx_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
small = bytes([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 7, 0, 255, 1, 2, 3])  # two axes, of 2 and 3
array = read_idx(small)
assert np.array_equal(array, [[7, 0, 255], [1, 2, 3]]), f"two rows of three numbers; yours {array}"
try:
    read_idx(small[:-1])
except ValueError:
    pass
else:
    raise AssertionError("a file that lacks its last byte was read as if it were whole")
### BEGIN HIDDEN TESTS
checks.read_idx(read_idx)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "idx_demo", "locked": true, "schema_version": 3, "solution": false, "task": false}
for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
    print(f"{name:20}{read_idx(unpack(name)).shape}")
images, labels = digits = read_idx(unpack("train-images-idx3")), read_idx(unpack("train-labels-idx1"))
print(f"\n{mnist.name}, the first 16 images of the training file:")
plots.show_images(images[:16], labels[:16], columns=8)

# %% [markdown] nbgrader={"grade": false, "grade_id": "idx_question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** Digits, with their labels over them. If your offset were 8 instead of 16, every picture would be shifted by eight pixels, and a network would hardly mind: it
# would learn from shifted digits and never tell you.
#
# **Question.** A friend reads the labels with an offset of 16. How long is the array, and what is wrong with it?
#
# <details><summary>Answer</summary>
#
# Eight entries are missing, the first eight labels. Every image now gets the label of the one eight places further on: nine of ten labels are wrong, and a network that trains on
# them learns nothing. Had the lengths been compared, as your function does, the file would not have passed.
#
# </details>
#
# ## 2 · What a network takes  (½ point, easy, 10 minutes)
#
# **Why.** Bytes up to 255 make the first scores, and the first gradients, hundreds of times too large. Three habits, each a switch here, as in `load_mnist` of many books:
#
# | switch | on | off |
# |---|---|---|
# | `flatten` | (N, H·W), for an affine layer | (N, **1**, H, W), for a convolution: one channel |
# | `normalize` | floats from 0 to 1: divided by 255 | the bytes as they are |
# | `one_hot` | (N, 10), a 1 in the column of the class | the numbers of the classes, (N,) |
#
# The arithmetic for three pixels and one label:

# %% nbgrader={"grade": false, "grade_id": "prepare_worked", "locked": true, "schema_version": 3, "solution": false, "task": false}
pixels = np.array([0, 51, 255], dtype=np.uint8)
print("pixels        ", pixels, "→", pixels / 255)
print("whole division", pixels, "→", pixels // 255, "  (a classic: 51 becomes 0)")
print("label 3 of 10 →", np.eye(10, dtype=int)[3])

# %% [markdown] nbgrader={"grade": false, "grade_id": "prepare_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Shapes.** images (N, H, W) and labels (N,), both unsigned bytes as `read_idx` returns them.
#
# **Task.** `prepare_digits(images, labels, flatten=True, normalize=True, one_hot=False)` returns `(x, t)`. There are ten classes even if a batch holds only some of them. images and labels
# stay as they were; the dtype of floats is yours to choose.
#
# <details><summary>Hint</summary>
#
# `images[:, np.newaxis]` adds the channel axis. `np.eye(10)[labels]` takes row `label` of the unit matrix for each label.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "prepare_digits", "locked": false, "schema_version": 3, "solution": true, "task": false}
def prepare_digits(images, labels, flatten=True, normalize=True, one_hot=False):
    """Prepare grey images and their labels for a network.

    Parameters
    ----------
    images : array of shape (N, H, W), unsigned bytes
    labels : array of shape (N,), unsigned bytes
    flatten : bool, rows of H·W numbers instead of (1, H, W)
    normalize : bool, from 0 to 1 instead of 0 to 255
    one_hot : bool, rows of ten numbers instead of the numbers of the classes

    Returns
    -------
    x : array of shape (N, H·W) or (N, 1, H, W)
    t : array of shape (N, 10) or (N,)
    """
    ### BEGIN SOLUTION
    x = images.reshape(len(images), -1) if flatten else images[:, np.newaxis]
    if normalize:
        x = x.astype(np.float32) / 255
    t = np.eye(10, dtype=np.float32)[labels] if one_hot else labels.astype(np.int64)
    return x, t
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "prepare_digits_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.prepare_digits(prepare_digits)

# %% nbgrader={"grade": true, "grade_id": "prepare_digits_test", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
x, t = prepare_digits(np.array([[[0, 51], [255, 102]]], dtype=np.uint8), np.array([3], dtype=np.uint8), one_hot=True)
assert np.allclose(x, [[0, 0.2, 1, 0.4]], atol=1e-6), f"0/255, 51/255, 255/255, 102/255 in one row; yours {x}"
assert np.shape(t) == (1, 10), f"one label, ten classes: t has shape {np.shape(t)}"
### BEGIN HIDDEN TESTS
checks.prepare_digits(prepare_digits)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "prepare_demo", "locked": true, "schema_version": 3, "solution": false, "task": false}
wait_for(digits)
for flatten, normalize, one_hot in [(True, True, False), (False, True, False), (False, False, True)]:
    x, t = prepare_digits(images, labels, flatten, normalize, one_hot)
    print(
        f"flatten={flatten!s:6} normalize={normalize!s:6} one_hot={one_hot!s:6} x {x.shape}, {x.min()} to {x.max()}; t {t.shape}"
    )

# %% [markdown] nbgrader={"grade": false, "grade_id": "cifar_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3 · A batch of CIFAR-10  (1 point, medium, 20 minutes)
#
# **Why.** CIFAR-10 comes as Python *pickles*. A pickle is a program that builds objects, and reading one runs whatever its author liked; `load_plain_pickle` of this package reads arrays, lists and
# text, and refuses all else. What comes out is a dict: `"data"`, a matrix of bytes with one row of 3,072 for each image, and `"labels"`, a list.
#
# How do 3,072 numbers become a picture? Below, one row of the first batch, folded in three ways. All three have a shape with 3, 32 and 32 in it.

# %% nbgrader={"grade": false, "grade_id": "cifar_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
names = [f"data_batch_{number}" for number in range(1, 6)] + ["test_batch", "batches.meta"]
batches = {name: load_plain_pickle(cifar.folder / name) for name in names if (cifar.folder / name).exists()}
classes = batches["batches.meta"]["label_names"]
number = batches["data_batch_1"]["labels"].index(9)  # the first image of the last class
row = batches["data_batch_1"]["data"][number]
print(f"{cifar.name}, image {number} of data_batch_1: {classes[9]}")
pictures = {
    "reshape(3, 32, 32)\n.transpose(1, 2, 0)": row.reshape(3, 32, 32).transpose(1, 2, 0),
    "reshape(32, 32, 3)": row.reshape(32, 32, 3),
    "reshape(3, 32, 32)\n.transpose(2, 1, 0)": row.reshape(3, 32, 32).transpose(2, 1, 0),
}
orders.row_and_pictures(row, pictures)

# %% [markdown] nbgrader={"grade": false, "grade_id": "cifar_images_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# A row holds all reds, then all greens, then all blues; within a colour, pixels run along the rows of the picture. With i for the row of the picture and j for its column,
#
# $$\text{images}[n, c, i, j] = \text{data}[n,\; 1024\,c + 32\,i + j]$$
#
# (The transpose over the first picture is there for Matplotlib, which wants channels last. The layers of this course want them second.)
#
# **Shapes.** data (N, 3072) → images (N, 3, 32, 32), bytes as they are; labels, a list of N numbers → an array (N,). The real files have N = 10,000; yours must take any.
#
# **Task.** `cifar_images(batch)` returns `(images, labels)`; the batch stays as it was.
#
# <details><summary>Hint</summary>
#
# `reshape` fills the last axis fastest, and the formula says which index moves fastest in the file, which comes next, and which moves slowest. Nothing has to be transposed.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "cifar_images", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cifar_images(batch):
    """Turn a batch of CIFAR-10 into images and labels.

    Parameters
    ----------
    batch : dict
        "data": array of shape (N, 3072), unsigned bytes. "labels": list of N integers.

    Returns
    -------
    images : array of shape (N, 3, 32, 32), from 0 to 255
    labels : array of shape (N,)
    """
    ### BEGIN SOLUTION
    return batch["data"].reshape(-1, 3, 32, 32), np.array(batch["labels"])
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "cifar_images_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.cifar_images(cifar_images)

# %% nbgrader={"grade": true, "grade_id": "cifar_images_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
batch = {"data": (np.arange(2 * 3072) // 1024).reshape(2, 3072).astype(np.uint8), "labels": [6, 9]}
images, labels = cifar_images(batch)
assert images.shape == (2, 3, 32, 32), f"images have shape {images.shape}"
assert np.unique(images[1, 2]).tolist() == [5], "all blues of image 1 are 5 here; do you take 1,024 numbers a colour?"
assert labels.shape == (2,), f"labels have shape {np.shape(labels)}"
### BEGIN HIDDEN TESTS
checks.cifar_images(cifar_images)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "cifar_grid", "locked": true, "schema_version": 3, "solution": false, "task": false}
images, labels = cifar_images(batches["data_batch_1"])
first_of_each = [np.flatnonzero(labels == c)[:2] for c in range(10)]
chosen = np.array(first_of_each).T.ravel()
print(f"{cifar.name}: two images of each class")
plots.show_images(images[chosen], labels[chosen], classes, columns=10)

# %% [markdown] nbgrader={"grade": false, "grade_id": "join_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4 · All batches  (½ point, easy, 10 minutes)
#
# **Why.** One of the write-ups behind this course reads `data_batch_1` and stops: 40,000 photographs never seen. Its loader also makes room for 10,000 images whatever the file
# holds, so that a shorter batch ends in black pictures of class 0. No error, only a worse network.

# %% nbgrader={"grade": false, "grade_id": "join_worked", "locked": true, "schema_version": 3, "solution": false, "task": false}
sizes = {name: len(batch["labels"]) for name, batch in batches.items() if name != "batches.meta"}
print(f"{cifar.name}:", ", ".join(f"{name} {size:,}" for name, size in sizes.items()))
training = [size for name, size in sizes.items() if name.startswith("data_batch")]
print("training images: " + " + ".join(f"{size:,}" for size in training) + f" = {sum(training):,}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "join_batches_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task.** `join_batches(batches, read)` gets a dict from file names to batches: `data_batch_1`, `data_batch_2` and so on up to `data_batch_5`, **as many as there are**, in any order; `test_batch`; and `batches.meta`, which is no
# batch. `read(batch)` returns `(images, labels)`, as your `cifar_images` does; the graded cell brings its own. Return `X_train, y_train, X_test, y_test`: the training batches one after another in the order of their
# numbers, and the test batch.
#
# <details><summary>Hint</summary>
#
# `sorted(name for name in batches if ...)`, then `np.concatenate` over a list of arrays.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "join_batches", "locked": false, "schema_version": 3, "solution": true, "task": false}
def join_batches(batches, read):
    """Join the training batches that are there, and read the test batch.

    Parameters
    ----------
    batches : dict of str to batch
        data_batch_1, ... (some of five, in any order), test_batch, batches.meta.
    read : function
        read(batch) returns (images, labels).

    Returns
    -------
    X_train, y_train, X_test, y_test : arrays
    """
    ### BEGIN SOLUTION
    names = sorted(name for name in batches if name.startswith("data_batch_"))
    images, labels = zip(*(read(batches[name]) for name in names), strict=True)
    return np.concatenate(images), np.concatenate(labels), *read(batches["test_batch"])
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "join_batches_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.join_batches(join_batches)

# %% nbgrader={"grade": true, "grade_id": "join_batches_test", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
toy = {"test_batch": 9, "data_batch_2": 2, "batches.meta": None, "data_batch_1": 1}
joined = join_batches(toy, lambda number: (np.full((number, 1), 10 * number), np.full(number, number)))
assert len(joined) == 4, f"return four arrays; yours {len(joined)}"
assert joined[0].ravel().tolist() == [10, 20, 20], (
    f"one image of batch 1, then two of batch 2; yours {joined[0].ravel()}"
)
assert joined[1].tolist() == [1, 2, 2], f"labels go with their images; yours {joined[1]}"
assert len(joined[2]) == 9, f"nine images are for the test; yours {len(joined[2])}"
### BEGIN HIDDEN TESTS
checks.join_batches(join_batches)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "centre_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5 · Statistics of the training images alone  (1 point, medium, 25 minutes)
#
# **Why.** What all pictures have in common says nothing about their class: subtract it, and the first layer sees differences. But statistics are *learned* from data just as weights are. Whoever
# takes them from validation and test images too has looked at the answers, if only a little.
#
# Two numbers for one pixel, worked out for four training images and one test image:

# %% nbgrader={"grade": false, "grade_id": "centre_worked", "locked": true, "schema_version": 3, "solution": false, "task": false}
train = np.array([100, 140, 120, 160])
mean = train.mean()
std = np.sqrt(np.mean((train - mean) ** 2))
print(
    f"training pixels {train}: mean {mean:g}, standard deviation √(({' + '.join(f'{v:g}' for v in (train - mean) ** 2)}) / 4) = {std:.2f}"
)
print(
    f"a test pixel of 80 becomes (80 − {mean:g}) / {std:.2f} = {(80 - mean) / std:.2f}, by the training pixels' numbers"
)
print(
    "in bytes it would become",
    np.uint8([80]) - np.uint8([130]),
    "instead of −50: bytes wrap around, so subtract floats",
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "center_and_scale_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# $$m_{c,i,j} = \frac1N\sum_n x_{n,c,i,j} \qquad s_c = \sqrt{\frac{1}{N\,H\,W}\sum_{n,i,j}(x_{n,c,i,j} - m_{c,i,j})^2} \qquad x'_{n,c,i,j} = \frac{x_{n,c,i,j} - m_{c,i,j}}{s_c}$$
#
# with n over the **training** images; validation and test images get the same m and s.
#
# **Shapes.** Three arrays of bytes (N, C, H, W), each with its own N → three arrays of floats of the same shapes; the mean image m (C, H, W); s (C,), one for each channel, **after** m was subtracted.
#
# **Task.** `center_and_scale(X_train, X_val, X_test)` returns those five, in this order. What comes in stays as it was. float32 is enough, and half the memory.
#
# <details><summary>Hint</summary>
#
# m is a mean over axis 0. For s, take the mean over axes (0, 2, 3) of the squares. `s[:, None, None]` has shape (C, 1, 1), which fits (N, C, H, W).
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "center_and_scale", "locked": false, "schema_version": 3, "solution": true, "task": false}
def center_and_scale(X_train, X_val, X_test):
    """Subtract the training images' mean image, and divide each channel by what is left of its spread.

    Parameters
    ----------
    X_train, X_val, X_test : arrays of shape (N, C, H, W), unsigned bytes

    Returns
    -------
    X_train, X_val, X_test : arrays of floats, of the same shapes
    mean_image : array of shape (C, H, W)
    std : array of shape (C,)
    """
    ### BEGIN SOLUTION
    mean_image = X_train.mean(axis=0, dtype=np.float64).astype(np.float32)
    parts = [X - mean_image for X in (X_train, X_val, X_test)]
    std = np.sqrt(np.mean(parts[0] ** 2, axis=(0, 2, 3), dtype=np.float64)).astype(np.float32)
    for X in parts:
        X /= std[:, None, None]
    return *parts, mean_image, std
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "center_and_scale_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.center_and_scale(center_and_scale)

# %% nbgrader={"grade": true, "grade_id": "center_and_scale_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
train = np.array([[[[100, 10]]], [[[140, 30]]]], dtype=np.uint8)  # two images of one channel, one row, two columns
X_train, _, X_test, mean_image, std = center_and_scale(train, train, np.array([[[[80, 20]]]], dtype=np.uint8))
assert np.allclose(mean_image, [[[120, 20]]]), f"the means of 100 and 140, of 10 and 30; yours {mean_image}"
assert np.allclose(std, [np.sqrt(250)]), f"√((400 + 400 + 100 + 100) / 4); yours {std}"
assert np.allclose(X_test, np.array([-40, 0]) / np.sqrt(250)), f"80 − 120 and 20 − 20, over √250; yours {X_test}"
### BEGIN HIDDEN TESTS
checks.center_and_scale(center_and_scale)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "centre_demo", "locked": true, "schema_version": 3, "solution": false, "task": false}
try:
    X, y, X_test, y_test = join_batches(batches, cifar_images)
except NotImplementedError:
    print("Your readers are not written yet, so the package's own stand in for them here.")
    X, y, X_test, y_test = load_CIFAR10(cifar.folder)
    X, X_test = (part.astype(np.uint8).transpose(0, 3, 1, 2) for part in (X, X_test))
val = slice(len(X) - 1000, len(X))  # the last thousand
N = min(len(X) - 1000, 20_000)  # what fits into a small machine's memory
y_train, y_val, y_last = y[:N], y[val], y_test[:2000]
X_train, X_val, X_last, mean_image, std = center_and_scale(X[:N], X[val], X_test[:2000])
print(f"{cifar.name}: {N:,} training images; standard deviations of red, green, blue: {np.round(std, 1)}")
for name, part in {"training": X_train, "validation": X_val, "test": X_last}.items():
    means, stds = part.mean(axis=(0, 2, 3)), part.std(axis=(0, 2, 3))
    print(f"{name:11} channel means {np.round(means, 3) + 0.0}, spreads {np.round(stds, 3)}")
means = [X[:N][y_train == c].mean(axis=0) for c in range(10)]
plots.show_images(np.array([mean_image, *means]) / 255, ["all", *classes], columns=11)

# %% [markdown] nbgrader={"grade": false, "grade_id": "centre_question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** The training channels have mean 0 and spread 1, to the last digit shown; the others *nearly* so, and that is as it should be. The mean image is a blur; the mean images of the classes show what is typical of
# each: real photographs have blue over aeroplanes and ships, and a dark band across cars and trucks. (Drawn shapes differ in colour, size and place, and still their means show a blur of each.)
#
# **Question.** With tens of thousands of images, the statistics hardly change when the test images are included. Why insist?
#
# <details><summary>Answer</summary>
#
# Here it would hardly matter, and you would not notice either when it does: with 50 images, with features chosen by looking at all labels, with duplicates of test images in the training set. A rule that is always kept
# needs no judgement of when it matters.
#
# </details>
#
# ## 6 · Tiny-ImageNet's labels  (½ point, easy, 15 minutes)
#
# **Why.** Tiny-ImageNet is a folder of JPEG files. Training images lie in a folder named after their class; validation images lie all in one, and a text file tells their classes. A class has a WordNet id such as `n02124075`, and its label is
# **its place in `wnids.txt`**, which is in no order that you would guess.

# %% nbgrader={"grade": false, "grade_id": "labels_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
annotations = (tiny.folder / "val" / "val_annotations.txt").read_text()
wnids = (tiny.folder / "wnids.txt").read_text().split()
words = dict(line.split("\t") for line in (tiny.folder / "words.txt").read_text().splitlines())
print("\n".join(annotations.splitlines()[:3]), "\n…\n")
for label, wnid in enumerate(wnids[:3]):
    print(f"label {label}: {wnid}, {words[wnid]}")
line = annotations.splitlines()[0].split("\t")
print(f"\nso {line[0]} has label {wnids.index(line[1])}: {words[line[1]]}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "annotated_labels_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Each line: the image's name, its WordNet id, and the corners of the box around the object, with **tabs** between them.
#
# **Task.** `annotated_labels(annotations, names, wnids)` returns the labels (N,) of the images in `names`, in the order of `names`. Lines come in any order, there may be lines about other images, and the last one may lack its line
# break.
#
# <details><summary>Hint</summary>
#
# `annotations.splitlines()`, then `line.split("\t")`: make a dict from names to ids. `wnids.index(wnid)` is the place.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "annotated_labels", "locked": false, "schema_version": 3, "solution": true, "task": false}
def annotated_labels(annotations, names, wnids):
    """Look up the labels of images.

    Parameters
    ----------
    annotations : str
        Lines of a name, a WordNet id and four numbers, with tabs between them.
    names : list of N str
        Names of images.
    wnids : list of str
        The classes; a class's place is its label.

    Returns
    -------
    array of N labels, in the order of names
    """
    ### BEGIN SOLUTION
    wnid_of = dict(line.split("\t")[:2] for line in annotations.splitlines())
    return np.array([wnids.index(wnid_of[name]) for name in names])
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "annotated_labels_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.annotated_labels(annotated_labels)

# %% nbgrader={"grade": true, "grade_id": "annotated_labels_test", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
text = "val_1.JPEG\tn00000002\t0\t0\t9\t9\nval_0.JPEG\tn00000007\t0\t0\t9\t9\n"
labels = annotated_labels(text, ["val_0.JPEG", "val_1.JPEG"], ["n00000007", "n00000002"])
assert list(labels) == [0, 1], f"val_0 is of the class n00000007, which is first in wnids; yours {labels}"
### BEGIN HIDDEN TESTS
checks.annotated_labels(annotated_labels)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "labels_demo", "locked": true, "schema_version": 3, "solution": false, "task": false}
def read_image(path):
    """A JPEG file as bytes (64, 64, 3); a grey one has no channel axis, and gets three equal channels."""
    pixels = plt.imread(path)
    return pixels if pixels.ndim == 3 else np.stack([pixels] * 3, axis=-1)


folder = tiny.folder / "val" / "images"
names = sorted((path.name for path in folder.iterdir()), key=lambda name: int(name[4:-5]))[:21]
labels = annotated_labels(annotations, names, wnids)
print(f"{tiny.name}: {len(wnids)} classes; the first 21 validation images")
photographs = np.array([read_image(folder / name) for name in names])
plots.show_images(photographs, [words[wnids[label]].split(",")[0] for label in labels], columns=7)

# %% [markdown] nbgrader={"grade": false, "grade_id": "labels_question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Question.** What would you see over the pictures if the classes had been numbered in the order of the alphabet, and the names looked up in the same order? And what if training images are
# numbered one way and validation images the other?
#
# <details><summary>Answer</summary>
#
# With both done alike, the right names: any numbering will do, as long as it is one. With two numberings each picture is right by itself, the network learns its training images, and on the validation images it is no better than
# guessing. Nothing crashes.
#
# </details>
#
# ## 7 · One whole epoch  (1½ points, medium, 35 minutes)
#
# **Why.** Now the data meet a network: **SimpleConvNet** of *Deep Learning from Scratch*, made out of layer objects. Its shapes for one batch of MNIST:

# %% nbgrader={"grade": false, "grade_id": "epoch_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
windows.shape_trace(
    [(100, 1, 28, 28), (100, 30, 24, 24), (100, 30, 12, 12), (100, 30 * 12 * 12), (100, 100), (100, 10)],
    ["conv 5×5\nReLU", "max pool\n2×2", "flatten", "affine\nReLU", "affine"],
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "train_epoch_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# In one **epoch** every image is visited once, in random order, `batch_size` at a time; what is left over makes a smaller last batch. For each batch: the gradients of all parameters, then, for **every** parameter, one step of an update rule of notebook 04.
# A rule such as `optim.adam` is called as `rule(w, dw, config)` and returns `(next_w, config)`: the new array, and what it wants to remember until its next step **for this parameter**. Every parameter starts from `config`, and keeps its own from then on.
#
# $$(w_p, \text{config}_p) \leftarrow \text{rule}(w_p,\; \partial L/\partial w_p,\; \text{config}_p) \qquad \text{for every parameter } p \text{, after every batch}$$
#
# How many steps is that?

# %% nbgrader={"grade": false, "grade_id": "epoch_worked", "locked": true, "schema_version": 3, "solution": false, "task": false}
for N, batch_size in ((60_000, 100), (1_297, 16)):
    print(
        f"{N:,} images, {batch_size} at a time: {N // batch_size} full batches and {N % batch_size} left over: {-(-N // batch_size)} steps"
    )

# %% [markdown] nbgrader={"grade": false, "grade_id": "train_epoch_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task.** `train_epoch(gradient, params, x, t, rule, config, batch_size, seed=0)` returns a **new** dict of trained parameters. `gradient(params, x, t)` returns a dict with the keys of params. params, config, x and t stay as they were
# (rules return new arrays, so a copy of the *dict* is enough). The names of the parameters are whatever `params` says.
#
# The graded cell brings its own gradients, follows which rows you ask them for, and trains SimpleConvNet on the package's 8×8 digits for one epoch with three seeds; each must reach **75 %**. A right loop gets well past that, so no luck is needed.
#
# <details><summary>Hint</summary>
#
# `configs = {name: config for name in params}` to begin with. One permutation of `len(x)` row numbers; a loop over `range(0, len(x), batch_size)`; in it a loop over the names.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "train_epoch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_epoch(gradient, params, x, t, rule, config, batch_size, seed=0):
    """Train for one epoch.

    Parameters
    ----------
    gradient : function
        gradient(params, x, t) returns a dict of gradients with the keys of params.
    params : dict of str to array
        Where to start.
    x, t : arrays of shape (N, ...) and (N,)
        Images and labels.
    rule : function
        rule(w, dw, config) returns (next_w, config).
    config : dict
        What every parameter's rule starts from, such as {"learning_rate": 1e-3}.
    batch_size : int
    seed : int
        Of the generator that shuffles the rows.

    Returns
    -------
    dict of str to array
    """
    ### BEGIN SOLUTION
    params, configs = dict(params), dict.fromkeys(params, config)
    order = np.random.default_rng(seed).permutation(len(x))
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        grads = gradient(params, x[rows], t[rows])
        for name in params:
            params[name], configs[name] = rule(params[name], grads[name], configs[name])
    return params
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "train_epoch_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.train_epoch(train_epoch)

# %% nbgrader={"grade": true, "grade_id": "train_epoch_test", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
seen = []


def follow(params, x, t):
    seen.append(len(x))
    return {"w": np.ones(1), "v": np.ones(1)}


start = {"w": np.zeros(1), "v": np.zeros(1)}
trained = train_epoch(follow, start, np.zeros((7, 2)), np.zeros(7, int), optim.sgd, {"learning_rate": 0.1}, 3)
assert seen == [3, 3, 1], f"7 rows, 3 at a time, are batches of 3, 3 and 1; yours {seen}"
assert np.allclose([trained["w"], trained["v"]], -0.3), f"three steps of −0.1 for each parameter; yours {trained}"
assert start["w"][0] == 0, "the params that came in were changed"
### BEGIN HIDDEN TESTS
checks.train_epoch(train_epoch)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "mnist_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** Your loop, a whole epoch, on all training images; the test images are looked at once, at the end. (If your readers are not written yet, the package's stand in for them.)


# %% nbgrader={"grade": false, "grade_id": "mnist_train", "locked": true, "schema_version": 3, "solution": false, "task": false}
def gradient_of(net, losses=None):
    """A function gradient(params, x, t) that asks a SimpleConvNet; the loss of each batch goes into a list."""

    def gradient(params, x, t):
        net.params = params
        grads = net.gradient(x, t)
        if losses is not None:
            losses.append(net.last_layer.loss)
        return grads

    return gradient


kinds = ("images-idx3", "labels-idx1")
try:
    parts = [[read_idx(unpack(f"{part}-{kind}")) for kind in kinds] for part in ("train", "t10k")]
    (x_train, t_train), (x_test, t_test) = (prepare_digits(*part, flatten=False) for part in parts)
except NotImplementedError:
    print("Your readers are not written yet, so the package's own stand in for them here.")
    (x_train, t_train), (x_test, t_test) = load_mnist(flatten=False, folder=mnist.folder)

net, losses = SimpleConvNet(weight_init_std="he"), []
batch_size = 100 if len(x_train) > 10_000 else 20
net.params["W1"] *= 0.1  # so that what the filters learn outweighs what was drawn
before = net.params["W1"]
net.params = train_epoch(
    gradient_of(net, losses), net.params, x_train, t_train, optim.adam, {"learning_rate": 1e-3}, batch_size
)
scores = np.concatenate([net.predict(x_test[i : i + 500]) for i in range(0, len(x_test), 500)])
print(
    f"{mnist.name}: {len(x_train):,} training images, {len(losses)} updates; {len(x_test):,} test images, {np.mean(scores.argmax(axis=1) == t_test):.2%} right"
)
plots.plot_loss(losses)

# %% [markdown] nbgrader={"grade": false, "grade_id": "mnist_filters_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# The thirty filters before training, and after. Noise gives way to areas of one sign beside areas of the other: strokes and their edges, each in a direction of its own.

# %% nbgrader={"grade": false, "grade_id": "mnist_filters_before", "locked": true, "schema_version": 3, "solution": false, "task": false}
wait_for(scores)
plots.show_conv_filters(before)

# %% nbgrader={"grade": false, "grade_id": "mnist_filters_after", "locked": true, "schema_version": 3, "solution": false, "task": false}
wait_for(scores)
plots.show_conv_filters(net.params["W1"])

# %% [markdown] nbgrader={"grade": false, "grade_id": "mnist_looking_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Which digit was taken for which, and the mistakes that the network was surest of:

# %% nbgrader={"grade": false, "grade_id": "mnist_matrix", "locked": true, "schema_version": 3, "solution": false, "task": false}
wait_for(scores)
plots.plot_confusion_matrix(plots.confusion_matrix(t_test, scores.argmax(axis=1), 10))

# %% nbgrader={"grade": false, "grade_id": "mnist_worst", "locked": true, "schema_version": 3, "solution": false, "task": false}
wait_for(scores)
plots.show_misclassified(x_test, layers.softmax(scores), t_test)

# %% [markdown] nbgrader={"grade": false, "grade_id": "frozen_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 8 · The layer that never learned
#
# One of the write-ups behind this course trains this network with a loop that goes over `W1, b1, W2, b2` and forgets the rest: **the last layer stays as it was drawn**, and nobody noticed. Below, up to 5,000 images, one epoch, the same seed: all parameters trained, and
# the last layer left out; with weights drawn small, as there, and with He's.

# %% nbgrader={"grade": false, "grade_id": "frozen", "locked": true, "schema_version": 3, "solution": false, "task": false}
wait_for(x_train)
print(f"{mnist.name}, {min(len(x_train), 5000):,} images, one epoch\n")
print(f"{'weights':10}{'trained':22}{'test accuracy':>14}{'W3 moved by':>14}")
for weights in (0.01, "he"):
    for trained in ("all", "all but W3 and b3"):
        net = SimpleConvNet(weight_init_std=weights, seed=0)
        ask, start = gradient_of(net), net.params

        def gradient(params, x, t, ask=ask, trained=trained):
            grads = ask(params, x, t)
            return {name: g if trained == "all" or "3" not in name else 0 * g for name, g in grads.items()}

        after = train_epoch(
            gradient, start, x_train[:5000], t_train[:5000], optim.adam, {"learning_rate": 1e-3}, batch_size
        )
        net.params = after
        moved = np.abs(after["W3"] - start["W3"]).max()
        print(f"{weights!s:10}{trained:22}{net.accuracy(x_test, t_test):>14.1%}{moved:>14.2g}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "frozen_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** With small weights the frozen layer costs something. With He's it costs next to nothing, since the layers below learn to serve whatever the last one was drawn as. **So no accuracy would have told you.** The last column does: compare
# parameters before and after a few steps, and ask of each whether it moved. It is one line, and it finds in a second what a hundred epochs hide.
#
# ## 9 · The same loop on colour
#
# CIFAR-10's photographs, prepared in section 5, with the same loop and the same network, padded so that 32×32 stays. One epoch is where learning begins, not where it ends: see what `cs-layers train` reaches with more.

# %% nbgrader={"grade": false, "grade_id": "cifar_train", "locked": true, "schema_version": 3, "solution": false, "task": false}
scores = None
wait_for(X_train)
net, losses = SimpleConvNet((3, 32, 32), {"filter_size": 5, "pad": 2}, weight_init_std="he"), []
net.params["W1"] *= 0.1
net.params = train_epoch(
    gradient_of(net, losses), net.params, X_train, y_train, optim.adam, {"learning_rate": 1e-3}, 50
)
scores = np.concatenate([net.predict(X_last[i : i + 500]) for i in range(0, len(X_last), 500)])
print(f"{cifar.name}: {len(X_train):,} training images, one epoch")
print(
    f"validation {net.accuracy(X_val, y_val):.1%}, test {np.mean(scores.argmax(axis=1) == y_last):.1%}; guessing makes 10 %"
)
plots.plot_loss(losses)

# %% [markdown] nbgrader={"grade": false, "grade_id": "cifar_looking_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Its surest mistakes. Would you have done better on 32×32 pixels?

# %% nbgrader={"grade": false, "grade_id": "cifar_worst", "locked": true, "schema_version": 3, "solution": false, "task": false}
wait_for(scores)
plots.show_misclassified(X_test[:2000], layers.softmax(scores), y_last, classes)

# %% [markdown] nbgrader={"grade": false, "grade_id": "cifar_question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Question.** The test accuracy was printed after every run of this notebook. You change the learning rate until it is as high as it gets. What have you done, and what should you have looked at?
#
# <details><summary>Answer</summary>
#
# You have tuned on the test images, and the number no longer says how the network does on new ones. Tune on the validation images; look at the test images once, when everything is decided (notebook 05).
#
# </details>
