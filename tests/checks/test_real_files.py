"""Checks of readers, of one epoch and of framework layouts: hints, gates with room, and the package's own readers."""

import gzip

import numpy as np
import pytest

from cs_layers import checks
from cs_layers.checks import epoch
from cs_layers.data import load_CIFAR10, load_mnist, load_tiny_imagenet, stand_ins
from cs_layers.data.pickles import load_plain_pickle

NAMES = ["read_idx", "prepare_digits", "cifar_images", "join_batches", "annotated_labels", "center_and_scale"]
NAMES += ["train_epoch", "to_torch", "from_torch", "channels_last", "to_keras"]


def plain(name):
    return checks.alternatives(name)[0].function


@pytest.mark.parametrize("mistake", [m for name in NAMES for m in checks.mistakes(name)], ids=str)
def test_every_mistake_fails_with_its_hint(mistake):
    with pytest.raises(checks.CheckFailed) as failure:
        getattr(checks, mistake.target)(mistake.function)
    assert mistake.hint in " ".join(str(failure.value).split())


def test_what_the_checks_hold_right_reads_mnists_format_as_the_package_does(tmp_path):
    folder = stand_ins.write_stand_in("mnist", tmp_path)
    files = [
        gzip.decompress((folder / f"train-{kind}-ubyte.gz").read_bytes()) for kind in ("images-idx3", "labels-idx1")
    ]
    x, t = plain("prepare_digits")(*map(plain("read_idx"), files), flatten=False)
    (x_right, t_right), _ = load_mnist(flatten=False, folder=folder)
    assert np.allclose(x, x_right)
    assert np.array_equal(t, t_right)


def test_what_the_checks_hold_right_reads_cifars_format_as_the_package_does(tmp_path):
    folder = stand_ins.write_stand_in("cifar10", tmp_path)
    batches = {path.name: load_plain_pickle(path) for path in folder.iterdir()}
    got = plain("join_batches")(batches, plain("cifar_images"))
    right = load_CIFAR10(folder)
    assert np.array_equal(got[0].transpose(0, 2, 3, 1), right[0])
    assert all(np.array_equal(got[k], right[k]) for k in (1, 3))


def test_what_the_checks_hold_right_reads_tiny_imagenets_labels_as_the_package_does(tmp_path):
    folder = stand_ins.write_stand_in("tiny-imagenet", tmp_path)
    right = load_tiny_imagenet(folder, subtract_mean=False)
    text = (folder / "val" / "val_annotations.txt").read_text()
    names = [f"val_{number}.JPEG" for number in range(len(right["y_val"]))]
    assert np.array_equal(plain("annotated_labels")(text, names, right["wnids"]), right["y_val"])


@pytest.mark.parametrize("seed", range(100, 106))
def test_the_gate_of_an_epoch_leaves_room_for_any_seed(seed):
    for right in checks.alternatives("train_epoch"):
        assert epoch.accuracy_after_an_epoch(right.function, seed) > epoch.GATE + 0.05


def test_a_loop_that_is_wrong_anyway_trains_nothing(monkeypatch):
    monkeypatch.setattr(epoch, "accuracy_after_an_epoch", None)
    with pytest.raises(checks.CheckFailed, match="last layer"):
        checks.train_epoch(next(m for m in checks.mistakes("train_epoch") if "last-layer" in m.name).function)


def test_a_loop_below_the_gate_is_told_its_accuracy(monkeypatch):
    monkeypatch.setattr(epoch, "GATE", 1.01)
    with pytest.raises(checks.CheckFailed, match="accuracy after one epoch is 9"):
        checks.train_epoch(plain("train_epoch"))
