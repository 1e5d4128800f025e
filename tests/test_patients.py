"""The six networks of notebook 09: the ladder tells the healthy one from the others."""

from cs_layers import sanity
from cs_layers.data import load_digits
from cs_layers.patients import make_patients


def test_the_ladder_stops_where_a_patient_is_ill():
    digits = load_digits()
    few = digits["X_train"][:50], digits["y_train"][:50]
    failed = {}
    for letter, network in make_patients().items():
        ladder = sanity.climb(network, *few, out=lambda line: None)
        failed[letter] = None if ladder else ladder[-1].name
    assert failed == {
        "A": "loss at the start",
        "B": "gradients agree",
        "C": None,
        "D": "regularisation raises it",
        "E": "20 images overfit",
        "F": "loss at the start",
    }
