from pathlib import Path

import pytest

from cs_layers.data import data_folder
from cs_layers.data.folders import find_set, search_folders


@pytest.fixture
def no_variable(monkeypatch, tmp_path):
    monkeypatch.delenv("CS_LAYERS_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_variable_comes_first_and_alone(no_variable, monkeypatch):
    (no_variable / "datasets").mkdir()
    monkeypatch.setenv("CS_LAYERS_DATA", str(no_variable / "elsewhere"))
    assert search_folders() == [no_variable / "elsewhere"]
    monkeypatch.setenv("CS_LAYERS_DATA", "~/data")
    assert data_folder() == Path.home() / "data"


def test_datasets_here_then_the_cache(no_variable):
    (no_variable / "datasets").mkdir()
    assert data_folder() == no_variable / "datasets"
    assert len(search_folders()) == 2
    assert "cs_layers" in search_folders()[1].parts


def test_datasets_of_the_course_above(no_variable, monkeypatch):
    (no_variable / "datasets").mkdir()
    inside = no_variable / "assignments" / "a1"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    assert data_folder() != no_variable / "datasets"  # any folder may be called datasets
    (no_variable / "nbgrader_config.py").touch()
    assert data_folder() == no_variable / "datasets"


def test_the_cache_if_nothing_else(no_variable):
    assert "cs_layers" in data_folder().parts
    assert not data_folder().exists()


def test_a_set_in_the_cache_is_found_although_datasets_lacks_it(no_variable, mnist_files):
    (no_variable / "datasets").mkdir()
    cached = search_folders()[1] / "mnist"
    cached.mkdir(parents=True)
    for name, content in mnist_files.items():
        (cached / name).write_bytes(content)
    assert find_set("mnist") == cached


def test_a_whole_set_is_preferred_to_a_part(data_root, mnist_files):
    for place in ("mnist", "MNIST/raw"):
        (data_root / place).mkdir(parents=True)
    for name, content in mnist_files.items():
        (data_root / "MNIST" / "raw" / name).write_bytes(content)
    (data_root / "mnist" / name).write_bytes(content)
    assert find_set("mnist") == data_root / "MNIST" / "raw"


def test_the_variable_may_name_the_set_s_own_folder(cifar_folder, monkeypatch):
    monkeypatch.setenv("CS_LAYERS_DATA", str(cifar_folder))
    assert find_set("cifar10") == cifar_folder


@pytest.mark.parametrize(("name", "error"), [("imagenet", ValueError), (7, TypeError)])
def test_unknown_names(name, error):
    with pytest.raises(error, match="mnist, cifar10, tiny-imagenet"):
        find_set(name)


def test_real_folders(real_data):
    assert find_set("mnist", [real_data]) == (real_data / "mnist").resolve()
    assert find_set("cifar10", [real_data / "cifar-10-batches-py"]) == (real_data / "cifar-10-batches-py").resolve()
    assert find_set("tiny-imagenet", [real_data]).name.startswith("tiny-imagenet")
