# ---
# jupyter:
#   cs_layers:
#     cpu_seconds: 30
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
# # 04 · Optimisers: momentum, AdaGrad, RMSProp, Adam
#
# Plain gradient descent takes the same small step in every direction. You write the four rules that replaced it, each a few lines,
# and watch them on the same ravine and on the same network. **5 points · about 60 minutes.**

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from cs_layers import checks, diagrams, optim
from cs_layers.carry import earlier
from cs_layers.data import load_digits
from cs_layers.models import TwoLayerNet
from cs_layers.schedules import cosine, ramp, scheduled
from cs_layers.solver import Solver

# %% [markdown] nbgrader={"grade": false, "grade_id": "rules_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **How a rule is called.** `next_w, config = rule(w, dw, config)`, once for each parameter and each batch. `config` is a dict that holds two
# kinds of things: settings (`learning_rate` …) and what the rule remembers from step to step (a velocity …). The training loop hands the
# config of the last step back in. At the first step it may hold the learning rate alone, or be `None`, so every rule begins by filling
# in what is missing.
#
# **No rule writes into w or dw: next_w is a new array.** `w -= …` would change the array that the caller holds, and whoever keeps the best parameters of a run (03) would find
# that they have moved on with all the others. This is plain gradient descent, in that form:


# %% nbgrader={"grade": false, "grade_id": "rules_sgd", "locked": true, "schema_version": 3, "solution": false, "task": false}
def sgd(w, dw, config=None):
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    return w - config["learning_rate"] * dw, config


w, config = np.array([1.0, 2.0]), {"learning_rate": 0.1}
for dw in (np.array([10.0, -10.0]), np.array([5.0, 0.0])):
    w, config = sgd(w, dw, config)
    print(w, config)

# %% [markdown] nbgrader={"grade": false, "grade_id": "ravine_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **The ravine.** $f(x, y) = 0.05\,x^2 + 2\,y^2$ is flat along x and steep along y, as losses of networks are: their curvature differs by factors
# of thousands between directions. One learning rate must serve both. The number over each picture is f at the end (red); it starts at
# the orange dot.


# %% nbgrader={"grade": false, "grade_id": "ravine_sgd", "locked": true, "schema_version": 3, "solution": false, "task": false}
def ravine(x, y):
    return 0.05 * x**2 + 2 * y**2


def path_of(rule, steps=40, **settings):
    """Where a rule goes from (-2.2, 1) on the ravine."""
    w, config, path = np.array([-2.2, 1.0]), dict(settings), [(-2.2, 1.0)]
    for _ in range(steps):
        gradient = np.array([0.1 * w[0], 4 * w[1]])
        w, config = rule(w.copy(), gradient, config)
        path.append(tuple(w))
    return np.array(path)


# %% nbgrader={"grade": false, "grade_id": "ravine_rates", "locked": true, "schema_version": 3, "solution": false, "task": false}
diagrams.ravine(ravine, {f"sgd, rate {rate}": path_of(sgd, learning_rate=rate) for rate in (0.02, 0.45, 0.505)})

# %% [markdown] nbgrader={"grade": false, "grade_id": "ravine_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Too low: it slides down the wall and then hardly moves along the floor. Higher: it zigzags between the walls. A little more, and each step
# lands higher up the other wall. The best rate for x would be twenty times the largest that y can bear.

# %% [markdown] nbgrader={"grade": false, "grade_id": "momentum_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1 · Momentum  (1 point, easy, 10 minutes)
#
# **Why.** Across the ravine the gradient changes its sign at every step, along it it does not. An average of gradients cancels the first and
# keeps the second.
#
# $$v \leftarrow \mu\, v - \eta\, \text{dw} \qquad w \leftarrow w + v$$
#
# η is `config["learning_rate"]`, μ is `config["momentum"]`: the share of the velocity that is kept. With a gradient that stays at 1, the
# velocity grows until friction and push are even, at −η/(1 − μ):

# %% nbgrader={"grade": false, "grade_id": "momentum_worked", "locked": true, "schema_version": 3, "solution": false, "task": false}
v, steps = 0.0, []
for _ in range(40):
    v = 0.9 * v - 0.1 * 1.0
    steps.append(v)
print("v after steps 1, 2, 3, 40:", np.round([steps[i] for i in (0, 1, 2, 39)], 3))
print(f"limit: {-0.1 / (1 - 0.9):.3f}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "momentum_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task.** Return `(next_w, config)`. Defaults: learning_rate 0.01, momentum 0.9; `config["velocity"]` is 0 in the shape of w at the first
# step, and must be in the config that you return. Nothing but w, dw and config may matter; w and dw stay as they were.
#
# <details><summary>Hint</summary>
#
# `config.setdefault("momentum", 0.9)` sets a key only if it is missing.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "sgd_momentum", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sgd_momentum(w, dw, config=None):
    """Gradient descent with momentum.

    Parameters
    ----------
    w, dw : arrays of one shape
        A parameter and the gradient of the loss with respect to it.
    config : dict, optional
        "learning_rate" (default 1e-2), "momentum" (0.9), "velocity" (zeros).

    Returns
    -------
    next_w : array
    config : dict
        With the new velocity.
    """
    ### BEGIN SOLUTION
    config = dict(config or {})
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(w))
    config["velocity"] = config["momentum"] * v - config["learning_rate"] * dw
    return w + config["velocity"], config
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "sgd_momentum_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.sgd_momentum(sgd_momentum, pure=True)

# %% nbgrader={"grade": true, "grade_id": "sgd_momentum_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
w, config = np.array([1.0, 2.0]), {"learning_rate": 0.1, "momentum": 0.5}
w, config = sgd_momentum(w, np.array([10.0, -10.0]), config)
assert np.allclose(w, [0.0, 3.0]), f"{w}: at the first step the velocity is −0.1 · dw"
w, config = sgd_momentum(w, np.array([0.0, 0.0]), config)
assert np.allclose(w, [-0.5, 3.5]), f"{w}: without a gradient it rolls on with half of its velocity"
### BEGIN HIDDEN TESTS
checks.sgd_momentum(sgd_momentum, pure=True)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "adagrad_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2 · AdaGrad  (1 point, easy, 10 minutes)
#
# **Why.** Give every entry its own rate: large steps where gradients have been small, small ones where they have been large.
#
# $$\text{cache} \leftarrow \text{cache} + \text{dw}^2 \qquad w \leftarrow w - \eta\,\frac{\text{dw}}{\sqrt{\text{cache}} + \varepsilon}$$
#
# All entry by entry. ε only keeps the division away from 0, and stands **outside** the root. The first step has the same length η in every
# direction, however steep:

# %% nbgrader={"grade": false, "grade_id": "adagrad_worked", "locked": true, "schema_version": 3, "solution": false, "task": false}
for dw in (0.001, 1.0, 1000.0):
    print(f"dw = {dw:<8g} step = 0.1 · dw / √(dw²) = {0.1 * dw / (np.sqrt(dw**2) + 1e-8):.4f}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "adagrad_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task.** Return `(next_w, config)`. Defaults: learning_rate 0.01, epsilon 1e-8, cache zeros in the shape of w. w and dw stay as they
# were.
#
# <details><summary>Hint</summary>
#
# `dw**2` squares entry by entry; `config.get("cache", np.zeros_like(w))` is the cache so far. Add first, then divide.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "adagrad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adagrad(w, dw, config=None):
    """Divide each entry's step by the root of the sum of its squared gradients.

    Parameters
    ----------
    w, dw : arrays of one shape
    config : dict, optional
        "learning_rate" (default 1e-2), "epsilon" (1e-8), "cache" (zeros).

    Returns
    -------
    next_w : array
    config : dict
        With the new cache.
    """
    ### BEGIN SOLUTION
    config = dict(config or {})
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("epsilon", 1e-8)
    config["cache"] = config.get("cache", np.zeros_like(w)) + dw**2
    return w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"]), config
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "adagrad_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.adagrad(adagrad, pure=True)

# %% nbgrader={"grade": true, "grade_id": "adagrad_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
w, config = np.array([1.0, 1.0]), {"learning_rate": 0.1}
w, config = adagrad(w, np.array([3.0, -400.0]), config)
assert np.allclose(w, [0.9, 1.1]), f"{w}: the first step is 0.1 long in every direction"
w, config = adagrad(w, np.array([4.0, 0.0]), config)
assert np.allclose(w, [0.9 - 0.1 * 4 / 5, 1.1]), f"{w}: now the cache of the first entry is 9 + 16"
### BEGIN HIDDEN TESTS
checks.adagrad(adagrad, pure=True)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "rmsprop_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3 · RMSProp  (1 point, easy, 10 minutes)
#
# **Why.** AdaGrad's sum never shrinks, so its steps fade away, however far the goal is. An average that forgets does not have that fault.
#
# $$\text{cache} \leftarrow \rho\,\text{cache} + (1 - \rho)\,\text{dw}^2 \qquad w \leftarrow w - \eta\,\frac{\text{dw}}{\sqrt{\text{cache}} + \varepsilon}$$
#
# ρ is `config["decay_rate"]`. For a gradient that stays at 1, the length of the step, in units of η:

# %% nbgrader={"grade": false, "grade_id": "rmsprop_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
total, mean, lengths = 0.0, 0.0, {"AdaGrad": [], "RMSProp, ρ = 0.9": []}
for _ in range(100):
    total, mean = total + 1.0, 0.9 * mean + 0.1 * 1.0
    lengths["AdaGrad"].append(1 / np.sqrt(total))
    lengths["RMSProp, ρ = 0.9"].append(1 / np.sqrt(mean))
print(f"step 100: AdaGrad {lengths['AdaGrad'][-1]:.2f}, RMSProp {lengths['RMSProp, ρ = 0.9'][-1]:.2f}")

# %% nbgrader={"grade": false, "grade_id": "rmsprop_lengths", "locked": true, "schema_version": 3, "solution": false, "task": false}
diagrams.curves_by_name(lengths, "step", "length of the step / η", line=1.0)

# %% [markdown] nbgrader={"grade": false, "grade_id": "rmsprop_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# (RMSProp's first steps are too long: its average starts from 0, and has seen too little. Keep that in mind for Adam.)
#
# **Task.** Return `(next_w, config)`. Defaults: learning_rate 0.01, decay_rate 0.99, epsilon 1e-8, cache zeros in the shape of w.
# w and dw stay as they were.
#
# <details><summary>Hint</summary>
#
# One line differs from AdaGrad: the one that makes the new cache.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "rmsprop", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rmsprop(w, dw, config=None):
    """Divide each entry's step by the root of a fading average of its squared gradients.

    Parameters
    ----------
    w, dw : arrays of one shape
    config : dict, optional
        "learning_rate" (default 1e-2), "decay_rate" (0.99), "epsilon" (1e-8), "cache" (zeros).

    Returns
    -------
    next_w : array
    config : dict
        With the new cache.
    """
    ### BEGIN SOLUTION
    config = dict(config or {})
    for name, default in {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8}.items():
        config.setdefault(name, default)
    decay = config["decay_rate"]
    config["cache"] = decay * config.get("cache", np.zeros_like(w)) + (1 - decay) * dw**2
    return w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"]), config
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "rmsprop_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.rmsprop(rmsprop, pure=True)

# %% nbgrader={"grade": true, "grade_id": "rmsprop_test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
w, config = np.array([1.0, 1.0]), {"learning_rate": 0.1, "decay_rate": 0.75}
w, config = rmsprop(w, np.array([2.0, -2.0]), config)
assert np.allclose(w, [0.8, 1.2]), f"{w}: the cache is 0.25 · 2² = 1, the step 0.1 · 2 / 1"
w, config = rmsprop(w, np.array([0.0, 2.0]), config)
assert np.allclose(w, [0.8, 1.2 - 0.1 * 2 / np.sqrt(1.75)]), f"{w}: now the second cache is 0.75 · 1 + 0.25 · 4"
### BEGIN HIDDEN TESTS
checks.rmsprop(rmsprop, pure=True)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "adam_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4 · Adam  (2 points, medium, 20 minutes)
#
# **Why.** Momentum for the direction, RMSProp for the length, and a correction for the first steps. It is what most people try first.
#
# $$t \leftarrow t + 1 \qquad m \leftarrow \beta_1 m + (1 - \beta_1)\,\text{dw} \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\,\text{dw}^2$$
# $$\hat m = \frac{m}{1 - \beta_1^{\,t}} \qquad \hat v = \frac{v}{1 - \beta_2^{\,t}} \qquad w \leftarrow w - \eta\,\frac{\hat m}{\sqrt{\hat v} + \varepsilon}$$
#
# m and v are averages that start from 0, so they are too small at first: after t steps their weights add up to 1 − βᵗ, not to 1. Dividing by
# that is the **bias correction**. With a gradient of 1 throughout, both hats must be 1:

# %% nbgrader={"grade": false, "grade_id": "adam_worked", "locked": true, "schema_version": 3, "solution": false, "task": false}
m = v = 0.0
print(" t      m  1−β₁ᵗ  m̂        v   1−β₂ᵗ  v̂   step/η  without correction")
for t in range(1, 6):
    m, v = 0.9 * m + 0.1 * 1.0, 0.999 * v + 0.001 * 1.0
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
    corrected, plain = m_hat / np.sqrt(v_hat), m / np.sqrt(v)
    print(
        f"{t:2d} {m:6.3f} {1 - 0.9**t:6.3f} {m_hat:3.1f} {v:8.5f} {1 - 0.999**t:7.5f} {v_hat:3.1f}"
        f" {corrected:7.2f} {plain:12.2f}"
    )

# %% [markdown] nbgrader={"grade": false, "grade_id": "adam_task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task.** Return `(next_w, config)`. Defaults: learning_rate 0.001, beta1 0.9, beta2 0.999, epsilon 1e-8; m and v zeros in the shape of w,
# t = 0. Three things go wrong most often: t counted **after** it was used (1 − β⁰ = 0), the **corrected** m̂, v̂ kept in config in place
# of m, v, and ε inside the root. w and dw stay as they were.
#
# <details><summary>Hint</summary>
#
# In this order: t; m and v, which go into config; m̂ and v̂, which do not; the step.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "adam", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adam(w, dw, config=None):
    """Momentum and RMSProp together, each corrected for having started from 0.

    Parameters
    ----------
    w, dw : arrays of one shape
    config : dict, optional
        "learning_rate" (default 1e-3), "beta1" (0.9), "beta2" (0.999), "epsilon" (1e-8), "m", "v" (zeros), "t" (0).

    Returns
    -------
    next_w : array
    config : dict
        With the new m, v and t.
    """
    ### BEGIN SOLUTION
    config = dict(config or {})
    for name, default in {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}.items():
        config.setdefault(name, default)
    beta1, beta2 = config["beta1"], config["beta2"]
    t = config.get("t", 0) + 1
    m = beta1 * config.get("m", np.zeros_like(w)) + (1 - beta1) * dw
    v = beta2 * config.get("v", np.zeros_like(w)) + (1 - beta2) * dw**2
    config.update(m=m, v=v, t=t)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - config["learning_rate"] * m_hat / (np.sqrt(v_hat) + config["epsilon"]), config
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "adam_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.adam(adam, pure=True)

# %% nbgrader={"grade": true, "grade_id": "adam_test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
w, config = np.array([1.0, 1.0]), {"learning_rate": 0.1}
for step in (1, 2):
    w, config = adam(w, np.array([0.5, -40.0]), config)
    expected = [1 - 0.1 * step, 1 + 0.1 * step]
    assert np.allclose(w, expected), f"{w} after step {step}: a steady gradient makes steps of 0.1"
### BEGIN HIDDEN TESTS
checks.adam(adam, pure=True)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "compare_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5 · All of them, on the ravine and on the digits
#
# Your rules, forty steps each, from the same place. Nesterov's momentum (from `cs_layers.optim`) takes the gradient where the velocity
# is about to carry it.

# %% nbgrader={"grade": false, "grade_id": "compare_ravine", "locked": true, "schema_version": 3, "solution": false, "task": false}
diagrams.ravine(
    ravine,
    {
        "sgd, rate 0.45": path_of(sgd, learning_rate=0.45),
        "momentum 0.9, rate 0.05": path_of(sgd_momentum, learning_rate=0.05, momentum=0.9),
        "Nesterov 0.9, rate 0.05": path_of(optim.nesterov, learning_rate=0.05, momentum=0.9),
        "AdaGrad, rate 0.4": path_of(adagrad, learning_rate=0.4),
        "RMSProp 0.9, rate 0.1": path_of(rmsprop, learning_rate=0.1, decay_rate=0.9),
        "Adam, rate 0.2": path_of(adam, learning_rate=0.2),
    },
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "compare_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** Momentum overshoots, swings and comes back, but gets far along the floor; Nesterov swings less. AdaGrad, RMSProp
# and Adam do not care which direction is steep: at first they walk along the diagonal.
#
# Now **your network of 03** on the digits, if that notebook lies in the same folder and the network passes its check; else the package's.

# %% nbgrader={"grade": false, "grade_id": "compare_carry", "locked": true, "schema_version": 3, "solution": false, "task": false}
own = earlier("03_two_layer_net", MyTwoLayerNet=TwoLayerNet)

# %% [markdown] nbgrader={"grade": false, "grade_id": "compare_digits_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Fifteen epochs with each rule. A learning rate means something else in each, so every rule has its own.

# %% nbgrader={"grade": false, "grade_id": "compare_digits", "locked": true, "schema_version": 3, "solution": false, "task": false}
digits = load_digits()


def losses_with(rule, num_epochs=15, **settings):
    net = own.MyTwoLayerNet(64, 50, 10, weight_scale=np.sqrt(2 / 64), reg=1e-4)
    solver = Solver(net, digits, rule, settings, num_epochs=num_epochs, verbose=False)
    solver.train()
    kernel = np.ones(13) / 13  # mean over one epoch, so that the curves can be told apart
    return np.convolve(solver.loss_history, kernel, mode="valid"), solver.best_val_acc


runs = {
    "sgd, 0.1": losses_with(sgd, learning_rate=0.1),
    "momentum, 0.1": losses_with(sgd_momentum, learning_rate=0.1),
    "AdaGrad, 0.03": losses_with(adagrad, learning_rate=0.03),
    "RMSProp, 0.003": losses_with(rmsprop, learning_rate=0.003),
    "Adam, 0.01": losses_with(adam, learning_rate=0.01),
}
for name, (_, accuracy) in runs.items():
    print(f"{name:15s} best validation accuracy {accuracy:.1%}")
diagrams.curves_by_name(
    {name: losses for name, (losses, _) in runs.items()}, "update", "loss, mean of 13 batches", log=True
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "compare_digits_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** Plain gradient descent takes longest to get anywhere; the other four are soon below it. Nothing here says that Adam
# is best: a tuned sgd with momentum still wins many comparisons. Adam forgives a careless rate more readily.

# %% [markdown] nbgrader={"grade": false, "grade_id": "schedules_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 6 · Settings that change while training goes on
#
# Two customs. **The momentum rises** from 0.5 to 0.9: the first gradients are large and point anywhere, so it is better not to build up
# speed on them. **The learning rate falls**: large steps to get near, small ones to settle. `Solver` has `lr_decay` for the second, a factor
# after every epoch; `scheduled(rule, ...)` makes any setting follow a function of the step.

# %% nbgrader={"grade": false, "grade_id": "schedules_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
steps = np.arange(300)
momentum = ramp(0.5, 0.9, 200)
print("momentum at steps 0, 100, 200, 299:", [round(momentum(step), 2) for step in (0, 100, 200, 299)])

# %% nbgrader={"grade": false, "grade_id": "schedules_curves", "locked": true, "schema_version": 3, "solution": false, "task": false}
diagrams.curves_by_name(
    {
        "momentum: ramp(0.5, 0.9, 200)": [ramp(0.5, 0.9, 200)(step) for step in steps],
        "learning rate: cosine(1.0, 260)": [cosine(1.0, 260)(step) for step in steps],
    },
    "step",
    "value",
)

# %% nbgrader={"grade": false, "grade_id": "schedules_digits", "locked": true, "schema_version": 3, "solution": false, "task": false}
rules = {
    "rate 1, momentum 0.9": (sgd_momentum, {"learning_rate": 1.0, "momentum": 0.9}),
    "rate 1, momentum 0.5 → 0.9": (scheduled(sgd_momentum, momentum=ramp(0.5, 0.9, 200)), {"learning_rate": 1.0}),
    "both scheduled": (scheduled(sgd_momentum, momentum=ramp(0.5, 0.9, 200), learning_rate=cosine(1.0, 260)), {}),
}
scheduled_runs = {name: losses_with(rule, num_epochs=20, **settings) for name, (rule, settings) in rules.items()}
for name, (_, accuracy) in scheduled_runs.items():
    print(f"{name:27s} best validation accuracy {accuracy:.1%}")
diagrams.curves_by_name(
    {name: losses for name, (losses, _) in scheduled_runs.items()}, "update", "loss, mean of 13 batches", log=True
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "schedules_see", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **What you should see.** A rate of 1 is too high for momentum 0.9: that run stumbles at once. With a rising momentum it starts as well as
# the third run, and stumbles only when the momentum has risen. The run whose rate falls meanwhile ends lowest, by far.
#
# **To think about.** L2 regularisation adds reg · w to the gradient. Adam then divides it by √v like the rest of the gradient. Which
# weights does that decay less than plain gradient descent would? (Adam with *decoupled* weight decay, AdamW, is the answer to that.)
