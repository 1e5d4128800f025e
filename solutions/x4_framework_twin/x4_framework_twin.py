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
# # x4 · The same network in PyTorch and in Keras
#
# Frameworks compute what you have written by hand: the same sums, to the last digits. What differs is **where each number is kept**. You carry a network of this course over to PyTorch and to Keras,
# and see outputs and gradients agree. **4 points · about an hour and a half.** Optional; it needs 09.
#
# **How this is scored.** The four tasks move numbers from one layout to another, in NumPy, and are graded in NumPy: they give the same points whether PyTorch is installed or not, on your machine and
# where it is graded. With PyTorch the notebook compares your network with the real one, in three cells; without, these say that they are skipped. Keras is not needed at all: its form is shown as text.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from cs_layers import checks, diagrams, twin
from cs_layers.data import load_shapes32
from cs_layers.diagrams import orders, windows
from cs_layers.gradient_check import rel_error
from cs_layers.models import ThreeLayerConvNet, TwoStageConvNet

torch, sentence = twin.find_torch()
print(sentence)

# %% [markdown] nbgrader={"grade": false, "grade_id": "net_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## The network, and one batch
#
# ThreeLayerConvNet of notebook 09 in float64, with biases that are not 0 (with zeros you would not see a bias that was forgotten). The pictures are cut to 16×24: with square ones you would not
# see height and width mixed up.

# %% nbgrader={"grade": false, "grade_id": "net", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(0)
shapes = load_shapes32(num_training=40, num_validation=0, num_test=0, dtype=np.float64)
X, y = shapes["X_train"][:, :, 8:24, 4:28] - 0.5, shapes["y_train"]
net = ThreeLayerConvNet((3, 16, 24), 4, filter_size=3, hidden_dim=12, weight_scale="he", dtype=np.float64)
for name in ("b1", "b2", "b3"):
    net.params[name] = 0.1 * rng.normal(size=net.params[name].shape)
scores = net.loss(X)
loss, grads = net.loss(X, y)
print(f"loss {loss:.12f}\n")
for name, value in net.params.items():
    print(f"{name:3} {value.shape!s:15} gradient up to {np.abs(grads[name]).max():.4f}")
windows.shape_trace(
    [(40, 3, 16, 24), (40, 4, 16, 24), (40, 4, 8, 12), (40, 384), (40, 12), (40, 10)],
    ["conv 3×3\nReLU", "max pool\n2×2", "flatten", "affine\nReLU", "affine"],
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "torch_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1 · To PyTorch  (1 point, easy, 15 minutes)
#
# **Why.** Weights are worth a lot: days of computing. They can be used by another program only if both agree what number 17 of a file belongs to.
#
# `torch.nn.Linear` computes $x\,W_t^\top + b$ with weights of shape **(outputs, inputs)**; here it is $x\,W + b$ with (inputs, outputs). So $W_t = W^\top$:

# %% nbgrader={"grade": false, "grade_id": "torch_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
W = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
first = np.zeros((3, 2), dtype=bool)
first[:, 0] = True
x = np.array([1.0, 0.0, 2.0])
diagrams.matrices(
    [("W", W, first), ("weight of Linear", W.T, first.T), ("reshape(2, 3)", W.reshape(2, 3), None)],
    ["→", "≠"],
    f"unit 0 with x = (1, 0, 2):  1·1 + 0·3 + 2·5 = {x @ W[:, 0]:g}",
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "to_torch_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Convolutions are alike in both: weights (F, C, HH, WW), slid over the image without turning them.
#
# | here | in PyTorch | shape there |
# |---|---|---|
# | `W1`, `b1` | `conv.weight`, `conv.bias` | (F, C, HH, WW), (F,) |
# | `W2`, `b2` | `fc1.weight`, `fc1.bias` | (M, F·H/2·W/2), (M,) |
# | `W3`, `b3` | `fc2.weight`, `fc2.bias` | (classes, M), (classes,) |
#
# **Task.** `to_torch(params)` returns a new dict of arrays with PyTorch's names and layouts, in the dtype that they had. params and its arrays stay as they were.
#
# <details><summary>Hint</summary>
#
# `.T` turns a matrix. It also turns all four axes of a convolution's weights, which need no turning.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "to_torch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def to_torch(params):
    """Carry the parameters of a ThreeLayerConvNet over to PyTorch's names and layouts.

    Parameters
    ----------
    params : dict of W1, b1, W2, b2, W3, b3

    Returns
    -------
    dict of conv.weight, conv.bias, fc1.weight, fc1.bias, fc2.weight, fc2.bias to array
    """
    ### BEGIN SOLUTION
    state = {}
    for number, layer in zip("123", ("conv", "fc1", "fc2"), strict=True):
        weight = params[f"W{number}"]
        state[f"{layer}.weight"] = weight if layer == "conv" else weight.T
        state[f"{layer}.bias"] = params[f"b{number}"]
    return state
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "to_torch_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.to_torch(to_torch)

# %% nbgrader={"grade": true, "grade_id": "to_torch_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
small = {"W1": np.ones((1, 1, 3, 3)), "b1": np.zeros(1), "W2": np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])}
small |= {"b2": np.zeros(3), "W3": np.array([[1.0, 0.0], [2.0, 7.0], [3.0, 8.0]]), "b3": np.array([0.5, 0.25])}
state = to_torch(small)
assert state["fc1.weight"].tolist() == [[1, 4], [2, 5], [3, 6]], f"a row for each output; yours {state['fc1.weight']}"
assert state["conv.weight"].shape == (1, 1, 3, 3), f"conv.weight has shape {state['conv.weight'].shape}"
assert state["fc2.bias"].tolist() == [0.5, 0.25], f"fc2.bias is {state['fc2.bias']}"
### BEGIN HIDDEN TESTS
checks.to_torch(to_torch)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "torch_demo_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** First without PyTorch: `twin.torch_scores` computes in NumPy what PyTorch's documentation says, from your dict. An error of some 10⁻¹³ is rounding: the same sums, added up in another order.

# %% nbgrader={"grade": false, "grade_id": "torch_demo", "locked": true, "schema_version": 3, "solution": false, "task": false}
state = to_torch(net.params)
print(
    f"PyTorch's conventions, in NumPy: largest relative error of the scores {rel_error(scores, twin.torch_scores(state, X)):.1e}"
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "torch_net_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Then PyTorch itself. This is the network as PyTorch's users write it:

# %% nbgrader={"grade": false, "grade_id": "torch_net", "locked": true, "schema_version": 3, "solution": false, "task": false}
if torch is None:
    print(f"Skipped. {sentence}")
else:

    class TorchNet(torch.nn.Module):
        def __init__(self, F, C, K, flat, M, classes):
            super().__init__()
            self.conv = torch.nn.Conv2d(C, F, K, padding=K // 2)
            self.fc1 = torch.nn.Linear(flat, M)
            self.fc2 = torch.nn.Linear(M, classes)

        def forward(self, x):
            x = torch.nn.functional.max_pool2d(torch.relu(self.conv(x)), 2)
            return self.fc2(torch.relu(self.fc1(x.flatten(1))))

    def load(state, dtype=torch.float64):
        """A TorchNet with these parameters."""
        F, C, K, _ = state["conv.weight"].shape
        M, flat = state["fc1.weight"].shape
        made = TorchNet(F, C, K, flat, M, len(state["fc2.weight"])).to(dtype)
        made.load_state_dict({name: torch.tensor(np.array(value)) for name, value in state.items()})
        return made

    torch_net = load(state)
    torch_scores = torch_net(torch.tensor(X)).detach().numpy()
    error = rel_error(scores, torch_scores)
    print(f"PyTorch: largest relative error of {scores.size} scores {error:.1e}")
    assert error < 1e-6, "the scores differ: see what the check of to_torch says"

# %% [markdown] nbgrader={"grade": false, "grade_id": "from_torch_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2 · Gradients, and back  (1 point, easy, 15 minutes)
#
# **Why.** Equal outputs show that the forward passes agree. Whether every backward you have written is right, PyTorch's autograd can tell for all parameters at once: an oracle that knows nothing of your code.
#
# A gradient has the shape of what it belongs to, in each world its own. If $W_t = W^\top$, then for every entry
#
# $$\frac{\partial L}{\partial W_{ij}} = \frac{\partial L}{\partial (W_t)_{ji}}$$
#
# **Task.** `from_torch(grads)` takes a dict with PyTorch's names and layouts and returns one with ours: `to_torch` the other way round. What comes in stays as it was.
#
# <details><summary>Hint</summary>
#
# `from_torch(to_torch(params))` gives params back. That is necessary, not sufficient: two equal mistakes cancel.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "from_torch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def from_torch(grads):
    """Carry gradients, or parameters, from PyTorch's names and layouts over to ours.

    Parameters
    ----------
    grads : dict of conv.weight, conv.bias, fc1.weight, fc1.bias, fc2.weight, fc2.bias

    Returns
    -------
    dict of W1, b1, W2, b2, W3, b3 to array
    """
    ### BEGIN SOLUTION
    ours = {}
    for number, layer in zip("123", ("conv", "fc1", "fc2"), strict=True):
        weight = grads[f"{layer}.weight"]
        ours[f"W{number}"] = weight if layer == "conv" else weight.T
        ours[f"b{number}"] = grads[f"{layer}.bias"]
    return ours
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "from_torch_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.from_torch(from_torch)

# %% nbgrader={"grade": true, "grade_id": "from_torch_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
theirs = {"conv.weight": np.ones((1, 1, 3, 3)), "conv.bias": np.zeros(1), "fc1.bias": np.zeros(3)}
theirs |= {"fc1.weight": np.array([[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]), "fc2.weight": np.array([[1.0, 2.0, 3.0]])}
theirs |= {"fc2.bias": np.array([0.5])}
ours = from_torch(theirs)
assert ours["W2"].tolist() == [[1, 2, 3], [4, 5, 6]], f"a row for each input; yours {ours['W2']}"
assert ours["W3"].shape == (3, 1), f"W3 has shape {ours['W3'].shape}, expected (3, 1)"
### BEGIN HIDDEN TESTS
checks.from_torch(from_torch)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "gradients_demo", "locked": true, "schema_version": 3, "solution": false, "task": false}
if torch is None:
    print(f"Skipped. {sentence}")
else:
    torch_loss = torch.nn.functional.cross_entropy(torch_net(torch.tensor(X)), torch.tensor(y))
    torch_loss.backward()
    theirs = from_torch({name: p.grad.numpy() for name, p in torch_net.named_parameters()})
    print(f"loss here    {loss:.15f}\nloss PyTorch {torch_loss.item():.15f}\n")
    for name in net.params:
        error = rel_error(grads[name], theirs[name])
        print(f"{name}: {grads[name].size:5} gradients, largest relative error {error:.1e}")
        assert error < 1e-6, f"the gradients of {name} differ: see what the check of from_torch says"

# %% [markdown] nbgrader={"grade": false, "grade_id": "steps_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Thirty steps of gradient descent on the same batch, from the same start, each side with its own gradients. The picture shows by how much the two sets of parameters differ after each step: in float64, and in float32, whose
# rounding is some hundred million times coarser. Both curves may grow, since a step taken from a slightly different place is a slightly different step.


# %% nbgrader={"grade": false, "grade_id": "steps_demo", "locked": true, "schema_version": 3, "solution": false, "task": false}
def drift(dtype, steps=30, rate=0.5):
    """The largest difference of a parameter here and in PyTorch, after each step."""
    ours = ThreeLayerConvNet((3, 16, 24), 4, filter_size=3, hidden_dim=12, dtype=dtype)
    ours.params = {name: value.astype(dtype) for name, value in net.params.items()}
    theirs = load(to_torch(ours.params), getattr(torch, np.dtype(dtype).name))
    images, labels = torch.tensor(X.astype(dtype)), torch.tensor(y)
    optimizer = torch.optim.SGD(theirs.parameters(), lr=rate)
    differences = []
    for _ in range(steps):
        _, grads = ours.loss(X, y)
        ours.params = {name: value - dtype(rate) * grads[name] for name, value in ours.params.items()}
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(theirs(images), labels).backward()
        optimizer.step()
        other = from_torch({name: p.detach().numpy() for name, p in theirs.named_parameters()})
        differences.append(max(np.abs(other[name] - value).max() for name, value in ours.params.items()))
    return differences


picture = None
if torch is None:
    print(f"Skipped. {sentence}")
else:
    histories = {"float64": drift(np.float64), "float32": drift(np.float32)}
    picture = diagrams.curves_by_name(histories, "step", "largest difference of a parameter", log=True)
picture

# %% [markdown] nbgrader={"grade": false, "grade_id": "from_torch_question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Question.** Scores and gradients agree to the last digits for one batch. A friend's network agrees too, and yet his trains differently in PyTorch. Name three things that no comparison of one batch with dropout switched off can see.
#
# <details><summary>Answer</summary>
#
# What happens between batches or in training alone: how weights are drawn (PyTorch's Linear draws uniform ones), what the update rule remembers and where its ε stands, weight decay (in Adam and AdamW it means two things), dropout's p (kept here, **dropped**
# there), batch norm's running statistics and momentum (which here counts what is kept and there what is new), the order of the images.
#
# </details>
#
# ## 3 · Channels last  (½ point, easy, 10 minutes)
#
# **Why.** Keras keeps images as a screen does: pixel by pixel, all colours of a pixel together, (N, H, W, C).

# %% nbgrader={"grade": false, "grade_id": "last_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
little = np.arange(12).reshape(3, 2, 2)
print(
    f"x[2, 0, 1] = {little[2, 0, 1]} here is x[0, 1, 2] = {little.transpose(1, 2, 0)[0, 1, 2]} there; reshape(2, 2, 3)[0, 1, 2] would be {little.reshape(2, 2, 3)[0, 1, 2]}"
)
orders.flatten_orders(little)

# %% [markdown] nbgrader={"grade": false, "grade_id": "channels_last_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Above, one image of three channels and 2×2 pixels, its numbers named 0 to 11 in the order in which they lie in memory here; below, the order there.
#
# **Task.** `channels_last(X)` takes (N, C, H, W) and returns (N, H, W, C). X stays as it was.
#
# <details><summary>Hint</summary>
#
# `transpose` takes, for each axis of the result, the axis of X that it comes from.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "channels_last", "locked": false, "schema_version": 3, "solution": true, "task": false}
def channels_last(X):
    """Move the channels of images to the end.

    Parameters
    ----------
    X : array of shape (N, C, H, W)

    Returns
    -------
    array of shape (N, H, W, C)
    """
    ### BEGIN SOLUTION
    return X.transpose(0, 2, 3, 1)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "channels_last_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.channels_last(channels_last)

# %% nbgrader={"grade": true, "grade_id": "channels_last_test", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
images = channels_last(np.arange(24).reshape(1, 2, 3, 4))
assert images.shape == (1, 3, 4, 2), f"shape {images.shape}, expected (1, 3, 4, 2)"
assert images[0, 0, 1].tolist() == [1, 13], (
    f"pixel (0, 1) is 1 in channel 0 and 13 in channel 1; yours {images[0, 0, 1]}"
)
### BEGIN HIDDEN TESTS
checks.channels_last(channels_last)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "keras_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4 · To Keras  (1½ points, hard, 30 minutes)
#
# **Why.** Here the layouts differ in three places at once, and the third is the one that people search for during a whole night.
#
# The same network in Keras; nothing of this runs here.
#
# ```python
# model = keras.Sequential([
#     keras.Input((16, 24, 3)),
#     keras.layers.Conv2D(4, 3, padding="same", activation="relu"),
#     keras.layers.MaxPooling2D(2),
#     keras.layers.Flatten(),
#     keras.layers.Dense(12, activation="relu"),
#     keras.layers.Dense(10),
# ])
# model.compile(
#     optimizer=keras.optimizers.SGD(0.5),
#     loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
# )
# model.set_weights(to_keras(net.params))
# scores = model.predict(channels_last(X))
# ```
#
# 1. A convolution's kernel is **(HH, WW, C, F)**.
# 2. A dense kernel is **(inputs, outputs)**, as here.
# 3. But `Flatten` reads the pooled maps pixel by pixel (second row of the picture above). So input number r of the first dense layer is another one, and **the rows of its kernel come in another order**.
#
# With P pixels in each of F pooled maps, the number of channel c at pixel p is
#
# $$\text{here } c\,P + p \qquad\qquad \text{in Keras } p\,F + c$$

# %% nbgrader={"grade": false, "grade_id": "keras_worked", "locked": true, "schema_version": 3, "solution": false, "task": false}
F, P = 3, 4
for c, p in ((0, 1), (2, 0), (2, 3)):
    print(f"channel {c}, pixel {p}: row {c} · {P} + {p} = {c * P + p} here, row {p} · {F} + {c} = {p * F + c} in Keras")

# %% [markdown] nbgrader={"grade": false, "grade_id": "to_keras_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Shapes.** W1 (F, C, HH, WW); W2 (F·P, M), where P = H/2 · W/2 and its rows are channel by channel; W3 (M, classes).
#
# **Task.** `to_keras(params)` returns the list that `set_weights` takes: kernel and bias of the convolution, kernel and bias of the first dense layer, kernel and bias of the second. params stays as it was, and so do
# dtypes. F is `len(params["W1"])`; P need not be told to you.
#
# <details><summary>Hint</summary>
#
# `W2.reshape(F, -1, M)` has axes channel, pixel, hidden unit. Swap the first two, and make a matrix of it again.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "to_keras", "locked": false, "schema_version": 3, "solution": true, "task": false}
def to_keras(params):
    """Carry the parameters of a ThreeLayerConvNet over to Keras's layouts.

    Parameters
    ----------
    params : dict of W1, b1, W2, b2, W3, b3

    Returns
    -------
    list of six arrays
        Kernel and bias of the convolution and of the two dense layers.
    """
    ### BEGIN SOLUTION
    F, M = len(params["W1"]), params["W2"].shape[1]
    kernel = params["W1"].transpose(2, 3, 1, 0)
    dense = params["W2"].reshape(F, -1, M).swapaxes(0, 1).reshape(-1, M)
    return [kernel, params["b1"], dense, params["b2"], params["W3"], params["b3"]]
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "to_keras_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.to_keras(to_keras)

# %% nbgrader={"grade": true, "grade_id": "to_keras_test", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
small = {"W1": np.arange(18.0).reshape(2, 1, 3, 3), "b1": np.zeros(2), "W2": np.arange(8.0)[:, None], "b2": np.zeros(1)}
small |= {"W3": np.array([[1.0, 2.0]]), "b3": np.zeros(2)}
weights = to_keras(small)
assert len(weights) == 6, f"three kernels and three biases; yours {len(weights)}"
assert weights[0].shape == (3, 3, 1, 2), (
    f"the kernel has shape {weights[0].shape}, expected (HH, WW, C, F) = (3, 3, 1, 2)"
)
assert weights[2].ravel().tolist() == [0, 4, 1, 5, 2, 6, 3, 7], (
    f"2 channels of 4 pixels: pixel 0 of both channels, then pixel 1; yours {weights[2].ravel()}"
)
### BEGIN HIDDEN TESTS
checks.to_keras(to_keras)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "keras_demo_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** `twin.keras_scores` computes in NumPy what Keras's documentation says. The second line leaves the rows of W2 as they were: every shape fits, nothing complains, and the scores belong to nothing.

# %% nbgrader={"grade": false, "grade_id": "keras_demo", "locked": true, "schema_version": 3, "solution": false, "task": false}
weights = to_keras(net.params)
images = channels_last(X)
print(f"rows in Keras's order: largest relative error {rel_error(scores, twin.keras_scores(weights, images)):.1e}")
careless = [*weights[:2], net.params["W2"], *weights[3:]]
wrong = twin.keras_scores(careless, images)
print(f"rows as they were:     largest relative error {rel_error(scores, wrong):.1e}")
print(f"predictions that are still the same then: {np.mean(wrong.argmax(axis=1) == scores.argmax(axis=1)):.0%}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "keras_net_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## The two-stage network, word for word
#
# The write-ups behind this course end with a network in Keras, which the course has as `TwoStageConvNet`. Two things to know when you read one beside the other: Keras's `Dropout` takes the share to **drop**, and `padding="same"` with 3×3 filters is a pad of 1.
#
# ```python
# keras.Sequential([                                             # TwoStageConvNet((3, 32, 32), (32, 64), 3, 512, 10,
#     keras.Input((32, 32, 3)),                                  #                 keep=(0.75, 0.75, 0.5))
#     keras.layers.Conv2D(32, 3, padding="same", activation="relu"),
#     keras.layers.MaxPooling2D(2), keras.layers.Dropout(0.25),  # keep 0.75
#     keras.layers.Conv2D(64, 3, padding="same", activation="relu"),
#     keras.layers.MaxPooling2D(2), keras.layers.Dropout(0.25),  # keep 0.75
#     keras.layers.Flatten(),
#     keras.layers.Dense(512, activation="relu"), keras.layers.Dropout(0.5),
#     keras.layers.Dense(10, activation="softmax"),              # here softmax is part of the loss
# ])
# ```
#
# `model.summary()` counts parameters. So can you:

# %% nbgrader={"grade": false, "grade_id": "keras_net", "locked": true, "schema_version": 3, "solution": false, "task": false}
two_stage = TwoStageConvNet()
total = 0
for number, layer in enumerate(("Conv2D 32", "Conv2D 64", "Dense 512", "Dense 10"), 1):
    w, b = two_stage.params[f"W{number}"], two_stage.params[f"b{number}"]
    total += w.size + b.size
    print(f"{layer:10} {'·'.join(map(str, w.shape)):>12} + {b.size:3} = {w.size + b.size:>9,}")
print(f"{'together':32}{total:>9,}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "keras_question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Question.** In which layer are nearly all of the parameters, and what would you change to have fewer?
#
# <details><summary>Answer</summary>
#
# In the first dense one: every hidden unit looks at every number of the pooled maps. A third pooling would leave a quarter of them; averaging each map to one number before the dense layers leaves 64 inputs. Later networks do the latter, and put what they save into more
# convolutions.
#
# </details>
