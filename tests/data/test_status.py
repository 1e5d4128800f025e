import pytest

from cs_layers.data import SettingError, describe, fetch_report, status


def test_nothing_here(data_root):
    states = {item.name: item.state for item in status()}
    assert states == {
        "digits": "embedded",
        "shapes32": "embedded",
        "mnist": "not here",
        "cifar10": "not here",
        "tiny-imagenet": "not here",
    }
    text = describe()
    assert str(data_root) in text
    assert "not here; `cs-layers data mnist` downloads 11.6 MB" in text
    assert "`cs-layers data cifar10` downloads 170.5 MB" in text
    assert "CC BY-SA 3.0" in text


def test_what_is_here_and_what_is_missing(mnist_folder, cifar_folder):
    (cifar_folder / "data_batch_4").unlink()
    found = {item.name: item for item in status()}
    assert found["mnist"].state == "here"
    assert found["mnist"].folder == mnist_folder
    assert found["mnist"].size == sum(path.stat().st_size for path in mnist_folder.iterdir())
    assert found["cifar10"].state == "partly here"
    assert found["cifar10"].missing == ("data_batch_4",)
    assert "missing: data_batch_4" in describe()


def test_report_of_a_set_that_is_read(mnist_folder, cifar_folder):
    report = fetch_report("mnist")
    assert report.startswith(f"MNIST: read and found good, in {mnist_folder}")
    (cifar_folder / "data_batch_4").unlink()
    assert fetch_report("cifar10").endswith("Missing: data_batch_4; what is there can be used.")
    assert fetch_report("digits") == "digits: comes with the package (51 kB)."
    with pytest.raises(SettingError, match="those that can be downloaded are mnist, cifar10, tiny-imagenet"):
        fetch_report("imagenet")
