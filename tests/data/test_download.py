import errno
import os
import stat
import subprocess
import sys
import tarfile
import textwrap
import time

import numpy as np
import pytest

from cs_layers.data import DataFileError, DownloadError, fetch, load_cifar10, load_mnist, load_tiny_imagenet
from cs_layers.data.catalogue import SETS

NEVER = "http://127.0.0.1:9"  # nothing listens on this port


def only_mnist(root, files):
    """The data folder holds these files of MNIST and nothing else, no temporary file either."""
    found = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert found == {f"mnist/{name}": content for name, content in files.items()}


def test_mnist_is_downloaded_once(data_root, mnist_online, serve, capsys):
    server = serve(mnist_online)
    (images, _), _ = load_mnist()
    assert len(images) == 30
    only_mnist(data_root, mnist_online)
    assert sorted(server.names()) == sorted(mnist_online)
    printed = capsys.readouterr()
    assert "train-images-idx3-ubyte.gz" in printed.out  # the progress bar
    assert printed.err == ""
    load_mnist()
    fetch("mnist")
    assert len(server.names()) == 4


def test_files_are_readable_by_others(data_root, mnist_online, serve):
    serve(mnist_online)
    mask = os.umask(0o022)
    try:
        folder = fetch("mnist", progress=False)
    finally:
        os.umask(mask)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o644}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_cifar10_is_downloaded_and_unpacked(data_root, cifar_archive, serve):
    server = serve(cifar_archive)
    data = load_cifar10(num_validation=10)
    assert data["X_train"].shape == (90, 3, 32, 32)
    assert [path.name for path in data_root.iterdir()] == ["cifar-10-batches-py"]
    load_cifar10(num_validation=10)
    assert server.names() == ["cifar-10-python.tar.gz"]


def test_tiny_imagenet_is_downloaded_and_unpacked(data_root, tiny_archive, serve):
    serve(tiny_archive)
    assert load_tiny_imagenet()["X_train"].shape == (25, 3, 64, 64)
    assert [path.name for path in data_root.iterdir()] == ["tiny-imagenet-200"]


@pytest.mark.parametrize("behaviour", ["send_half_then_the_rest", "send_half_once_then_whole"])
def test_a_transfer_that_breaks_off_goes_on(data_root, cifar_archive, serve, behaviour):
    server = serve(cifar_archive, behaviour)
    assert len(load_cifar10(num_validation=10)["X_train"]) == 90
    size = len(cifar_archive["cifar-10-python.tar.gz"])
    assert [asked for _, asked in server.requests] == [None, f"bytes={size // 2}-"]


def test_many_breaks_are_no_failure_as_long_as_it_goes_on(data_root, mnist_online, serve, monkeypatch):
    monkeypatch.setattr("cs_layers.data.download.PROGRESS", 1)
    server = serve(mnist_online, "send_a_tenth_a_time")
    load_mnist()
    only_mnist(data_root, mnist_online)
    assert len(server.requests) > 20


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("send_half_then_stall", "nothing more after [0-9,]+ bytes within 1 s"),
        ("send_nothing_for_long", "no answer within 1 s"),
        ("send_drop_by_drop", "too slow: .* bytes in"),
        ("send_half", "broke off after [0-9,]+ of [0-9,]+ bytes"),
        ("send_half_without_length", "broke off after"),
        ("send_other_bytes", "the checksum is not that of the original"),
        ("send_a_page", "offers 26 bytes, the original has"),
        ("send_without_end", "sends more than the [0-9,]+ bytes of the original"),
    ],
)
def test_a_server_that_misbehaves(data_root, cifar_archive, serve, behaviour, words):
    serve(cifar_archive, behaviour)
    start = time.monotonic()
    with pytest.raises(DownloadError, match=words) as caught:
        load_cifar10()
    assert time.monotonic() - start < 30  # it ends; not a measurement
    assert list(data_root.iterdir()) == []
    message = str(caught.value)
    assert "could not be downloaded. Tried:" in message
    assert f"put them into {data_root}" in message
    assert "cs-layers data cifar10" in message


@pytest.mark.parametrize("behaviour", ["send_nothing_for_long", "send_half", "send_other_bytes", "send_a_page"])
def test_the_next_mirror_makes_good(data_root, mnist_online, serve, behaviour):
    bad, good = serve(mnist_online, behaviour), serve(mnist_online)
    fetch("mnist", mirror=f"{bad.url} {good.url}/", progress=False)
    only_mnist(data_root, mnist_online)
    assert set(bad.names()) == {"train-images-idx3-ubyte.gz"}  # the other files are asked of the good one at once


def test_not_found_then_the_second_mirror(data_root, mnist_online, serve):
    serve({})
    serve(mnist_online)
    load_mnist()
    only_mnist(data_root, mnist_online)


def test_every_mirror_is_in_the_message(data_root, mnist_online, serve):
    empty, lying = serve({}), serve(mnist_online, "send_other_bytes")
    with pytest.raises(DownloadError) as caught:
        fetch("mnist", mirror=f"{empty.url} {lying.url} {NEVER}")
    message = str(caught.value)
    name = "train-images-idx3-ubyte.gz"
    assert f"{empty.url}/{name}: answered 404 Not Found" in message
    assert f"{lying.url}/{name}: the checksum is not" in message
    assert f"{NEVER}/{name}: no connection" in message
    assert all(file.md5 in message for file in SETS["mnist"].files)


def test_a_folder_as_mirror(data_root, mnist_online, tmp_path):
    usb_stick = tmp_path / "usb stick"
    usb_stick.mkdir()
    for name, content in mnist_online.items():
        (usb_stick / name).write_bytes(content)
    fetch("mnist", mirror=usb_stick.as_uri(), progress=False)
    only_mnist(data_root, mnist_online)
    with pytest.raises(DownloadError, match="no connection"):
        fetch("cifar10", mirror=usb_stick.as_uri(), progress=False)


def test_what_has_arrived_is_kept_when_a_later_file_fails(data_root, mnist_online, serve):
    server = serve({name: content for name, content in mnist_online.items() if "train" in name})
    with pytest.raises(DownloadError, match="t10k-images"):
        fetch("mnist", progress=False)
    assert {path.name for path in (data_root / "mnist").iterdir()} == set(server.files)
    server.files.update(mnist_online)
    server.requests.clear()
    load_mnist()
    assert sorted(server.names()) == ["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"]


def test_a_good_file_is_never_touched_and_a_damaged_one_replaced(mnist_folder, data_root, mnist_online, serve):
    server = serve(mnist_online)
    damaged, *good = sorted(mnist_folder.iterdir())
    damaged.write_bytes(b"not what it was")
    before = {path: path.stat().st_mtime_ns for path in good}
    fetch("mnist", progress=False)
    assert {path: path.stat().st_mtime_ns for path in good} == before
    assert server.names() == [damaged.name]
    only_mnist(data_root, mnist_online)


def test_a_damaged_file_stays_when_no_good_copy_can_be_had(mnist_folder, mnist_online, serve, snapshot):
    serve(mnist_online, "send_other_bytes")
    (mnist_folder / "train-labels-idx1-ubyte.gz").write_bytes(b"not what it was")
    before = snapshot(mnist_folder)
    with pytest.raises(DownloadError):
        fetch("mnist", progress=False)
    assert snapshot(mnist_folder) == before


def test_reading_a_damaged_file_downloads_nothing(mnist_folder, mnist_online, serve):
    server = serve(mnist_online)
    (mnist_folder / "train-labels-idx1-ubyte.gz").write_bytes(b"not what it was")
    with pytest.raises(DataFileError, match="magic number"):
        load_mnist()
    assert server.names() == []


def test_batches_that_are_missing_come_on_request_only(cifar_folder, cifar_archive, serve):
    server = serve(cifar_archive)
    (cifar_folder / "data_batch_4").unlink()
    (cifar_folder / "data_batch_1").write_bytes(b"")
    kept = (cifar_folder / "data_batch_2").stat().st_mtime_ns
    fetch("cifar10", progress=False)  # mends the damaged one, and the archive has the missing one
    assert len(list(cifar_folder.iterdir())) == 6
    (cifar_folder / "data_batch_4").unlink()
    fetch("cifar10", progress=False)
    assert len(server.names()) == 1
    fetch("cifar10", complete=True, progress=False)
    assert len(server.names()) == 2
    assert len(load_cifar10(num_validation=10)["X_train"]) == 90
    assert (cifar_folder / "data_batch_2").stat().st_mtime_ns == kept


def test_an_archive_put_there_by_hand(data_root, cifar_archive):
    for name, content in cifar_archive.items():
        (data_root / name).write_bytes(content)
    assert len(load_cifar10(num_validation=10)["X_train"]) == 90
    assert (data_root / name).read_bytes() == content


def test_a_wrong_archive_put_there_by_hand(data_root, cifar_archive, snapshot):
    (data_root / "cifar-10-python.tar.gz").write_bytes(b"half a file")
    before = snapshot(data_root)
    with pytest.raises(DataFileError, match="is not the original archive or not complete: it has 11 bytes, expected"):
        load_cifar10()
    assert snapshot(data_root) == before


def test_an_archive_that_lacks_a_batch(data_root, cifar_archive, register, tmp_path, serve):
    path = tmp_path / "short.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for name in ("data_batch_1", "test_batch"):
            tar.add(tmp_path / "cifar-10-batches-py" / name, f"cifar-10-batches-py/{name}")
    serve(register("cifar10", {"cifar-10-python.tar.gz": path.read_bytes()}))
    with pytest.raises(DataFileError, match=r"not installed: cifar-10-python.tar.gz has no .*data_batch_2"):
        load_cifar10()
    assert list(data_root.iterdir()) == []


def test_an_archive_with_a_way_out(data_root, register, tmp_path, serve):
    path = tmp_path / "evil.tar.gz"
    (tmp_path / "x").write_text("x")
    with tarfile.open(path, "w:gz") as tar:
        tar.add(tmp_path / "x", "../../evil")
    serve(register("cifar10", {"cifar-10-python.tar.gz": path.read_bytes()}))
    with pytest.raises(DataFileError, match="leads out of the folder"):
        load_cifar10()
    assert list(data_root.iterdir()) == []
    assert not (tmp_path / "evil").exists()


def test_two_processes_at_once(data_root, cifar_archive, serve, tmp_path):
    server = serve(cifar_archive)
    (remote,) = SETS["cifar10"].files
    script = textwrap.dedent(
        f"""
        import dataclasses
        from cs_layers.data import catalogue, load_cifar10
        remote = catalogue.RemoteFile({remote.name!r}, {remote.size}, {remote.sha256!r}, {remote.md5!r})
        catalogue.SETS["cifar10"] = dataclasses.replace(catalogue.SETS["cifar10"], files=(remote,))
        print("images", len(load_cifar10(num_validation=10)["X_train"]))
        """
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in processes:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert "images 90" in out
    assert [path.name for path in data_root.iterdir()] == ["cifar-10-batches-py"]
    assert server.names()


def test_what_a_killed_process_left_is_swept_after_a_day(data_root, mnist_online, serve):
    serve(mnist_online)
    old, new = data_root / ".cs-layers-old", data_root / ".cs-layers-new"
    for folder, age in ((old, 2 * 24 * 3600), (new, 60)):
        folder.mkdir()
        (folder / "half").write_bytes(b"half")
        os.utime(folder, (time.time() - age,) * 2)
    fetch("mnist", progress=False)
    assert not old.exists()
    assert new.exists()


def test_a_data_folder_that_cannot_be_made(monkeypatch, tmp_path, mnist_online):
    (tmp_path / "file").touch()
    monkeypatch.setenv("CS_LAYERS_DATA", str(tmp_path / "file" / "data"))
    with pytest.raises(DownloadError, match=r"cannot be written to .* Set CS_LAYERS_DATA to a folder that can"):
        load_mnist()


def test_a_full_disk(data_root, cifar_archive, serve, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    serve(cifar_archive)
    monkeypatch.setattr("cs_layers.data.download.unpack", full)
    with pytest.raises(DownloadError, match=r"could not be written to .*: No space left on device. Mend that"):
        load_cifar10()
    assert list(data_root.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"mirror": "localhost:8000"}, "The mirror 'localhost:8000' is not an address that begins with http"),
        ({"timeout": 0}, "The timeout is 0, allowed are seconds greater than 0"),
        ({"timeout": "soon"}, "The timeout is 'soon'"),
        ({"timeout": float("nan")}, "The timeout is nan"),
    ],
)
def test_bad_options(data_root, options, words):
    with pytest.raises(ValueError, match=words):
        fetch("mnist", **options)


def test_without_pooch_the_error_says_what_to_install(data_root, monkeypatch):
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(ImportError, match=r'pip install "cs-layers\[data\]"'):
        load_mnist()
    assert list(data_root.iterdir()) == []


def test_sizes_and_checksums_are_those_of_the_real_files(real_data):
    import hashlib

    for file in SETS["mnist"].files:
        content = (real_data / "mnist" / file.name).read_bytes()
        assert len(content) == file.size
        assert hashlib.sha256(content).hexdigest() == file.sha256
        assert hashlib.md5(content).hexdigest() == file.md5


def test_real_files_through_a_mirror(real_data, data_root, serve):
    serve({file.name: (real_data / "mnist" / file.name).read_bytes() for file in SETS["mnist"].files})
    (images, _), _ = load_mnist()
    assert images.shape == (60000, 784)
    assert np.isclose(images.mean(), 0.1307, atol=1e-4)
