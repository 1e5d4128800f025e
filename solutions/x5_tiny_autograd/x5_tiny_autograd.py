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
# # x5 · A tiny autograd
#
# In 01 you worked out the gradients of a layer by hand. Now you write, in about sixty lines, a machine that works out the gradient of **any** formula that is put
# together from operations it knows: what every framework has at its heart. **4 points · about 75 minutes.** Optional; it needs 01.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from cs_layers import checks, diagrams, layers
from cs_layers.data import load_digits
from cs_layers.gradient_check import eval_numerical_gradient, rel_error

# %% [markdown] nbgrader={"grade": false, "grade_id": "idea_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## The idea
#
# While a formula is computed forward, write down for each result **what it was made from** and **how its gradient goes back** to those. That is a graph. Then
# walk it from its end to its beginnings, once.

# %% nbgrader={"grade": false, "grade_id": "idea_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
x, w, b = 2.0, -1.5, 4.0
graph = {"out": ("sum",), "sum": ("x·w", "b"), "x·w": ("x", "w"), "x": (), "w": (), "b": ()}
values = {"x": x, "w": w, "b": b, "x·w": x * w, "sum": x * w + b, "out": max(0, x * w + b)}
back = {"out": 1.0, "sum": 1.0, "x·w": 1.0, "b": 1.0, "x": w, "w": x}
diagrams.computation_graph(graph, values, back)

# %% [markdown] nbgrader={"grade": false, "grade_id": "idea_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Blue, above each node: its value, from left to right. Orange, below: how much `out` changes with it, from right to left. Yellow nodes are what goes in. No node
# needs to know the whole: `x·w` passes on *the gradient that it gets, times the other factor*, and is done.
#
# **The plan.** Two **rules** (matrix product, ReLU) and what broadcasting needs; the **order** of the walk; the **walk** itself. Each part is graded by itself, so you can
# write them in any order. Then they meet in a class of twenty lines.

# %% [markdown] nbgrader={"grade": false, "grade_id": "unbroadcast_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1 · Undo broadcasting  (1 point, medium, 20 minutes)
#
# **Why.** In x @ w + b, the (M,) numbers of b are added to each of N rows. A number that was used N times gets N gradients, and they add up. In 01 that was db; here it is
# one function for every case.

# %% nbgrader={"grade": false, "grade_id": "unbroadcast_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
gradient = np.array([[1.0, 2.0, -1.0, 0.0], [3.0, 0.0, 1.0, 2.0], [0.5, 1.0, 1.0, -4.0]])
first = np.zeros((3, 4), dtype=bool)
first[:, 0] = True
terms = " + ".join(f"{v:g}" for v in gradient[:, 0])
diagrams.matrices(
    [("gradient", gradient, first), ("for shape", gradient.sum(axis=0), first[0])],
    ["→"],
    f"entry 0 was used three times: {terms} = {gradient[:, 0].sum():g}",
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "unbroadcast_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Broadcasting does two things to make shapes equal: it puts new axes **in front**, and it repeats axes of **length 1**. To go back, sum over both: over the ones in
# front so that they are gone, over the ones of length 1 so that they stay, with length 1.
#
# **Shapes.** gradient has the broadcast shape, (2, 3, 4) say; shape is what the array had before, for instance (4,), (3, 1), (1, 1, 4), (2, 3, 4) or (): a single number.
#
# **Task.** `unbroadcast(gradient, shape)` returns an array of this shape; gradient stays as it was.
#
# <details><summary>Hint</summary>
#
# How many axes are in front: `gradient.ndim - len(shape)`. `sum` takes a tuple of axes, and sums over none if it is empty.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "unbroadcast", "locked": false, "schema_version": 3, "solution": true, "task": false}
def unbroadcast(gradient, shape):
    """Add up the gradients of what broadcasting has repeated.

    Parameters
    ----------
    gradient : array
        Of the shape that broadcasting made.
    shape : tuple of int
        The shape before.

    Returns
    -------
    array of shape `shape`
    """
    ### BEGIN SOLUTION
    front = gradient.ndim - len(shape)
    gradient = gradient.sum(axis=tuple(range(front)))
    ones = tuple(axis for axis, n in enumerate(shape) if n == 1)
    return gradient.sum(axis=ones, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "unbroadcast_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.unbroadcast(unbroadcast)

# %% nbgrader={"grade": true, "grade_id": "unbroadcast_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
got = unbroadcast(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), (2,))
assert np.shape(got) == (2,), f"shape {np.shape(got)}, expected (2,)"
assert got.tolist() == [9.0, 12.0], f"1 + 3 + 5 and 2 + 4 + 6; yours {got}"
### BEGIN HIDDEN TESTS
checks.unbroadcast(unbroadcast)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "rules_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2 · Two rules  (1 point, easy, 15 minutes)
#
# **Why.** A rule is all that the machine knows of an operation. It takes arrays and returns `(out, pull)`: the result, and a **function** that turns the gradient of
# out into a tuple with one gradient for each array. Addition is done for you:


# %% nbgrader={"grade": false, "grade_id": "add_rule", "locked": true, "schema_version": 3, "solution": false, "task": false}
def add_rule(a, b):
    def pull(dout):
        return unbroadcast(dout, a.shape), unbroadcast(dout, b.shape)

    return a + b, pull


# %% [markdown] nbgrader={"grade": false, "grade_id": "rules_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# `pull` is defined inside, so it remembers the a and b of its own call. That is the cache of 01, kept by Python.
#
# $$\text{out} = a\,b: \quad da = \text{dout}\; b^\top, \quad db = a^\top\, \text{dout} \qquad\qquad \text{out} = \max(0, a): \quad da = \text{dout}\cdot[a > 0]$$
#
# **Shapes.** a (N, D), b (D, M), dout (N, M) for the product; anything for ReLU. Gradients have the shapes of what they belong to.
#
# **Task.** `matmul_rule(a, b)` returns `(a @ b, pull)` with `pull(dout) -> (da, db)`; `relu_rule(a)` returns its out and `pull(dout) -> (da,)`, a tuple of **one**. Nothing that comes
# in is changed. At exactly 0 ReLU's gradient is 0, as in 01. Write both out of NumPy: the package's own affine and ReLU layers are out of reach while this notebook is graded.
#
# <details><summary>Hint</summary>
#
# Return `pull`, not `pull()`. The tuple of one is written `(da,)`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "rules", "locked": false, "schema_version": 3, "solution": true, "task": false}
def matmul_rule(a, b):
    """Multiply two matrices.

    Parameters
    ----------
    a : array of shape (N, D)
    b : array of shape (D, M)

    Returns
    -------
    out : array of shape (N, M)
    pull : function
        dout (N, M) -> (da, db)
    """
    ### BEGIN SOLUTION
    return a @ b, lambda dout: (dout @ b.T, a.T @ dout)
    ### END SOLUTION


def relu_rule(a):
    """Replace what is negative by 0.

    Parameters
    ----------
    a : array of any shape

    Returns
    -------
    out : array of a's shape
    pull : function
        dout -> (da,)
    """
    ### BEGIN SOLUTION
    return np.maximum(0, a), lambda dout: (dout * (a > 0),)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "rules_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.matmul_rule(matmul_rule)
checks.relu_rule(relu_rule)

# %% nbgrader={"grade": true, "grade_id": "rules_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
out, pull = matmul_rule(np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]))
assert out.tolist() == [[11.0]], f"1·3 + 2·4 = 11; yours {out}"
da, db = pull(np.array([[10.0]]))
assert da.tolist() == [[30.0, 40.0]], f"da = 10 · (3, 4); yours {da}"
assert db.tolist() == [[10.0], [20.0]], f"db = 10 · (1, 2), standing; yours {db}"
out, pull = relu_rule(np.array([2.0, -3.0]))
(da,) = pull(np.array([5.0, 7.0]))
assert out.tolist() == [2.0, 0.0], out
assert da.tolist() == [5.0, 0.0], da
### BEGIN HIDDEN TESTS
checks.matmul_rule(matmul_rule)
checks.relu_rule(relu_rule)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "order_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3 · The order of the walk  (1 point, medium, 20 minutes)
#
# **Why.** A node may send its gradient on only when it has **all** of it. Below, x is used twice: by g, on the long way to out, and by out itself, over a short cut. Who
# walks to x over the short cut first finds only a part of its gradient.

# %% nbgrader={"grade": false, "grade_id": "order_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
short_cut = {"out": ("x", "h"), "h": ("g",), "g": ("x",), "x": ("w",), "w": ()}
diagrams.computation_graph(short_cut, order=["out", "h", "g", "x", "w"])

# %% [markdown] nbgrader={"grade": false, "grade_id": "order_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# So every node must come **after all nodes that use it**. (Turned round, that is a topological order: the one in which a cook would prepare things.)
#
# A proven way: visit a node by visiting its parents first, and put it on the list when **they are done**; a node that was visited before is left alone. Then
# turn the list round.
#
# **Task.** `backward_order(end, parents_of)` returns a list of all nodes that `end` was made from, directly or not, each once, `end` first. `parents_of(node)` gives the
# tuple of the nodes that a node was made from: empty for what goes in, and the same node may stand in it twice (x·x). Nodes can be put into a set.
#
# <details><summary>Hint</summary>
#
# A function inside the function that calls itself: `visit(node)` returns at once if node is in `seen`. Recursion is fine here.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "backward_order", "locked": false, "schema_version": 3, "solution": true, "task": false}
def backward_order(end, parents_of):
    """List the nodes of a graph such that each comes after all nodes that use it.

    Parameters
    ----------
    end : node
    parents_of : function
        node -> tuple of the nodes that it was made from

    Returns
    -------
    list of nodes
        `end` first.
    """
    ### BEGIN SOLUTION
    seen, order = set(), []

    def visit(node):
        if node not in seen:
            seen.add(node)
            for parent in parents_of(node):
                visit(parent)
            order.append(node)

    visit(end)
    return order[::-1]
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "backward_order_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.backward_order(backward_order)

# %% nbgrader={"grade": true, "grade_id": "backward_order_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
parents = {"out": ("x", "h"), "h": ("g",), "g": ("x",), "x": ("w",), "w": ()}
order = backward_order("out", lambda node: parents[node])
assert list(order) == ["out", "h", "g", "x", "w"], f"only one order is right in this graph; yours is {order}"
### BEGIN HIDDEN TESTS
checks.backward_order(backward_order)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "collect_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4 · The walk  (1 point, medium, 15 minutes)
#
# **Why.** Now the chain rule is a loop: each node pulls its gradient back to its parents, and what a node gets on several ways **adds up**.

# %% nbgrader={"grade": false, "grade_id": "collect_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
value = 3.0
diagrams.computation_graph(
    {"x·x": ("x", "x"), "x": ()}, {"x": value, "x·x": value * value}, {"x·x": 1.0, "x": value * 1.0 + value * 1.0}
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "collect_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# x·x is the product rule twice over: each factor gets 1 · *the other one*, 3, and as both are x, x gets 3 + 3 = 6 = 2x.
#
# **Task.** `collect_gradients(order, dout, parents_of, pull)` returns a dict from each node of `order` to its gradient. `order[0]` starts with dout; `pull(node, gradient)`
# returns the tuple of gradients for `parents_of(node)`, in the same order (an empty one for what goes in). Make a **new** array when you add: the one that you were given may belong to
# another node too. The order is right; do not call `backward_order`.
#
# <details><summary>Hint</summary>
#
# `gradients.get(parent, 0) + share` is the sum so far, or 0, plus the new share.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "collect_gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def collect_gradients(order, dout, parents_of, pull):
    """Carry a gradient from the end of a graph back to all of its nodes.

    Parameters
    ----------
    order : list of nodes
        Each after all nodes that use it.
    dout : array
        The gradient of order[0].
    parents_of : function
        node -> tuple of the nodes that it was made from
    pull : function
        (node, gradient) -> tuple of gradients, one for each parent

    Returns
    -------
    dict
        node -> gradient
    """
    ### BEGIN SOLUTION
    gradients = {order[0]: dout}
    for node in order:
        for parent, share in zip(parents_of(node), pull(node, gradients[node]), strict=True):
            gradients[parent] = gradients.get(parent, 0) + share
    return gradients
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "collect_gradients_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.collect_gradients(collect_gradients)

# %% nbgrader={"grade": true, "grade_id": "collect_gradients_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
parents = {"square": ("x", "x"), "x": ()}
slopes = {"square": (3.0, 3.0), "x": ()}
got = collect_gradients(
    ["square", "x"],
    np.array([1.0, 10.0]),
    lambda node: parents[node],
    lambda node, g: tuple(s * g for s in slopes[node]),
)
assert np.allclose(got["square"], [1.0, 10.0]), f"the end's gradient is dout; yours {got['square']}"
assert np.allclose(got["x"], [6.0, 60.0]), f"x is used twice: 3 + 3 and 30 + 30; yours {got['x']}"
### BEGIN HIDDEN TESTS
checks.collect_gradients(collect_gradients)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "engine_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5 · The engine
#
# Here they meet. A `Tensor` is a number array that remembers what it was made from. `record` applies a rule and writes the graph down.


# %% nbgrader={"grade": false, "grade_id": "engine", "locked": true, "schema_version": 3, "solution": false, "task": false}
class Tensor:
    def __init__(self, data, parents=(), pull=None):
        self.data, self.parents, self.pull, self.grad = np.asarray(data, dtype=float), parents, pull, None

    def __add__(self, other):
        return record(add_rule, self, other)

    def __matmul__(self, other):
        return record(matmul_rule, self, other)

    def relu(self):
        return record(relu_rule, self)

    def backward(self, dout=1.0):
        order = backward_order(self, lambda tensor: tensor.parents)
        gradients = collect_gradients(
            order,
            np.broadcast_to(dout, self.data.shape),
            lambda tensor: tensor.parents,
            lambda tensor, gradient: tensor.pull(gradient) if tensor.parents else (),
        )
        for tensor, gradient in gradients.items():
            tensor.grad = gradient


def record(rule, *tensors):
    out, pull = rule(*(tensor.data for tensor in tensors))
    return Tensor(out, tensors, pull)


# %% [markdown] nbgrader={"grade": false, "grade_id": "engine_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** One line forward, one line back, and the gradients of `affine_relu_backward`, which somebody had to work out by hand:

# %% nbgrader={"grade": false, "grade_id": "engine_layers", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(0)
x, w, b, dout = rng.normal(size=(6, 8)), rng.normal(size=(8, 5)), rng.normal(size=5), rng.normal(size=(6, 5))
tensors = {"x": Tensor(x), "w": Tensor(w), "b": Tensor(b)}
out = (tensors["x"] @ tensors["w"] + tensors["b"]).relu()
out.backward(dout)

right_out, cache = layers.affine_relu_forward(x, w, b)
print(f"out relative error {rel_error(out.data, right_out):.0e}")
for (name, tensor), right in zip(tensors.items(), layers.affine_relu_backward(dout, cache), strict=True):
    print(f"d{name}  {tensor.grad.shape!s:7s} relative error {rel_error(tensor.grad, right):.0e}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "reuse_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# And a formula for which nobody has written a backward: the same w in both layers. Its gradient has two parts, and the engine adds them.

# %% nbgrader={"grade": false, "grade_id": "reuse", "locked": true, "schema_version": 3, "solution": false, "task": false}
x, w, b = rng.normal(size=(4, 5)), rng.normal(size=(5, 5)), rng.normal(size=(1, 5))
tw, tb = Tensor(w), Tensor(b)
((Tensor(x) @ tw + tb).relu() @ tw + tb).backward()
for name, array, tensor in [("w", w, tw), ("b", b, tb)]:

    def total(_):
        return np.sum(np.maximum(0, x @ w + b) @ w + b)  # w and b are wiggled where they stand

    print(f"d{name} relative error {rel_error(tensor.grad, eval_numerical_gradient(total, array)):.0e}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "train_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 6 · It trains
#
# Any function with a forward and a backward becomes a rule in a few lines: here the softmax loss of the package. With it the engine trains a network on digits,
# and nobody writes a backward of the network.

# %% nbgrader={"grade": false, "grade_id": "train", "locked": true, "schema_version": 3, "solution": false, "task": false}
digits = load_digits()
X_train, y_train, X_val, y_val = (digits[k] for k in ("X_train", "y_train", "X_val", "y_val"))
X_train, X_val = X_train.reshape(-1, 64) - 0.5, X_val.reshape(-1, 64) - 0.5


def loss_of(scores, labels):
    def rule(s):
        loss, ds = layers.softmax_loss(s, labels)
        return np.array(loss), lambda dout: (dout * ds,)

    return record(rule, scores)


rng = np.random.default_rng(0)
shapes = [(64, 50), (50,), (50, 10), (10,)]
params = [Tensor(rng.normal(size=s) * np.sqrt(2 / s[0]) if len(s) == 2 else np.zeros(s)) for s in shapes]


def scores_of(X):
    w1, b1, w2, b2 = params
    return (Tensor(X) @ w1 + b1).relu() @ w2 + b2


losses = []
for _ in range(600):
    batch = rng.integers(len(X_train), size=64)
    loss = loss_of(scores_of(X_train[batch]), y_train[batch])
    loss.backward()
    losses.append(float(loss.data))
    for param in params:
        param.data = param.data - 0.2 * param.grad
accuracy = np.mean(scores_of(X_val).data.argmax(axis=1) == y_val)
print(
    f"loss {losses[0]:.2f} at the first update, {np.mean(losses[-20:]):.2f} at the last; {accuracy:.1%} of the validation digits are right"
)
diagrams.curves(np.arange(600), {"loss": np.array(losses)}, xlabel="update", ylabel="loss")

# %% [markdown] nbgrader={"grade": false, "grade_id": "train_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** A loss that falls from about ln 10, and nine digits in ten right or more. What frameworks add to this is speed, several hundred rules, and much care; the
# walk is the same.
#
# **Question.** The engine keeps every intermediate result until the walk is over. What does that cost in a network of a hundred layers, and what could one do?
#
# <details><summary>Answer</summary>
#
# Memory in proportion to the depth, for each image of the batch: it is what limits the batch size on a graphics card. One can forget some results on the way forward
# and compute them once more on the way back (*checkpointing*): less memory for about a third more work.
#
# </details>
