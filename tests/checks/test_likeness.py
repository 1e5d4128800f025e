"""What a wrong result tells by its likeness to the right one, where no known mistake gives it."""

import numpy as np
import pytest

from cs_layers import checks
from cs_layers.checks.engine import Case
from cs_layers.checks.likeness import relations_of

RIGHT = np.arange(24.0).reshape(2, 3, 4) ** 1.3 - 11.3
FACTS = Case({"b": np.array([0.5, -1.0, 2.0, 3.5])}, {}, numbers={"N": 2, "C": 3})


def named(got, expected=RIGHT, case=FACTS, output="out"):
    return [name for name, _ in relations_of(got, expected, case, output)]


@pytest.mark.parametrize(
    ("name", "got"),
    [
        ("not-filled", None),
        ("wrapped", (RIGHT, "cache")),
        ("a-list", RIGHT.tolist()),
        ("cache-for-out", ("x", "w")),
        ("all-zero", 0 * RIGHT),
        ("a-mask", RIGHT > 0),
        ("cut-to-integers", RIGHT.astype(int)),
        ("cut-to-integers", np.floor(RIGHT)),
        ("negatives-cut-off", np.maximum(RIGHT, 0)),
        ("absolute", np.abs(RIGHT)),
        ("factor −1", -RIGHT),
        ("times C", 3 * RIGHT),
        ("divided by N·C", RIGHT / 6),
        ("scaled", 0.37 * RIGHT),
        ("off by a constant", RIGHT + 4),
        ("axes-in-another-order", RIGHT.transpose(0, 2, 1)),
        ("axes-in-another-order", RIGHT.transpose(2, 0, 1)),
        ("reshaped-not-transposed", RIGHT.transpose(1, 0, 2).reshape(RIGHT.shape)),
        ("flipped along 1", RIGHT[:, ::-1]),
        ("in-other-places", np.roll(RIGHT, 5)),
        ("first-for-all", RIGHT[[0, 0]]),
        ("only the first", np.where(np.arange(2)[:, None, None] == 0, RIGHT, 99)),
        ("last wrong of axis 2", np.where(np.arange(4) == 3, 0, RIGHT)),
        ("partly-filled", np.where(np.arange(24).reshape(2, 3, 4) % 5 == 1, 0, RIGHT)),
        ("axis kept", RIGHT[:, None]),
        ("not reshaped", RIGHT.ravel()),
        ("cut-short", RIGHT[:, :2]),
        ("too-long", np.pad(RIGHT, ((0, 0), (0, 1), (0, 0)))),
        ("not-summed", np.stack([RIGHT, 0 * RIGHT])),
        ("axis lost", RIGHT[0]),
    ],
)
def test_a_relation_is_told(name, got):
    assert name in named(got)


def test_of_a_batch_of_one_no_axis_is_to_be_squeezed():
    assert named(RIGHT[0], RIGHT[:1]) == ["squeezed"]


def test_a_loss_that_is_no_number_is_told_what_it_lacks():
    losses = np.array([1.0, 2.0, 6.0])
    assert named(losses, 3.0) == ["one-per-example"]
    assert named(np.array([3.0]), 3.0) == ["number-in-an-array"]
    assert named(-3.0, 3.0) == ["factor −1"]


def test_a_term_that_counts_twice_is_told():
    right = RIGHT[0] @ np.eye(4) + FACTS.args["b"]
    case = Case(FACTS.args, {}, parts={"out": {"x w": RIGHT[0], "b": FACTS.args["b"]}})
    (text,) = [
        t for name, t in relations_of(RIGHT[0] + 2 * FACTS.args["b"], right, case, "out") if name == "weight of b"
    ]
    assert text == "is a sum in which b counts 2 times, expected 1."


def changed(name, *changes):
    source = checks.alternatives(name)[0].source
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    space = {}
    exec("import numpy as np\n" + source, space)
    return space[name]


def causes(name, function, **options):
    report = checks.report(name, function, **options)
    assert report.faults
    return [cause.name for cause in report.causes]


@pytest.mark.parametrize(
    ("name", "old", "new", "cause"),
    [
        ("affine_backward", "return dx, dw, db", "return dx, db, dw", "wrong-order"),
        ("softmax_loss", "return loss, dx", "return dx, loss", "wrong-order"),
        ("batchnorm_backward", "return dx, dgamma, dbeta", "return dx, dbeta, dgamma", "gamma-and-beta-swapped"),
    ],
)
def test_results_in_another_order_are_told_so_and_nothing_else(name, old, new, cause):
    assert causes(name, changed(name, (old, new))) == [cause]


def test_an_input_that_is_written_into_is_always_told():
    right = checks.alternatives("affine_forward")[0].function

    def affine_forward(x, w, b):
        if len(x) > 1:
            w[0, 0] += 1e-3
        return right(x, w, b)

    assert "writes-input" in causes("affine_forward", affine_forward)


@pytest.mark.parametrize(
    ("name", "old", "new", "cause"),
    [
        ("adam", '"beta2", 0.999', '"beta2", 0.995', "default-of-beta2"),
        ("adam", '"beta1", 0.9', '"beta1", 0.95', "default-of-beta1"),
        ("adam", '"learning_rate", 1e-3', '"learning_rate", 3e-3', "default-of-learning_rate"),
        ("rmsprop", '"decay_rate", 0.99', '"decay_rate", 0.9', "default-of-decay_rate"),
        ("sgd_momentum", '"momentum", 0.9', '"momentum", 0.5', "default-of-momentum"),
    ],
)
def test_a_default_of_another_size_is_told_from_every_other(name, old, new, cause):
    assert causes(name, changed(name, (old, new))) == [cause]


def test_a_mistake_that_is_right_on_a_failing_input_explains_nothing_there():
    names = causes("adam", changed("adam", ('"beta2", 0.999', '"beta2", 0.995')))
    assert "writes-w" not in names


def test_floats_added_into_integers_are_told():
    function = changed("svm_loss", ("dx = np.zeros(x.shape)", "dx = np.zeros(x.shape, dtype=int)"))
    assert causes("svm_loss", function) == ["integers-for-floats"]


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        (" + self.reg * W2", " + 3 * self.reg * W2", "weight of reg · W2"),
        ('"b1": dhidden.sum(axis=0)', '"b1": dhidden.sum(axis=0) + self.reg * b1', "weight of b1"),
        ("return scores", "pass", "scores-not-alone"),
    ],
)
def test_a_networks_terms_are_weighed(old, new, cause):
    assert cause in causes("TwoLayerNet", changed("TwoLayerNet", (old, new)))
