"""Small data sets in the original formats, and a web server on this machine that can misbehave."""

import contextlib
import dataclasses
import gzip
import hashlib
import pickle
import struct
import tarfile
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from cs_layers.data import catalogue


@pytest.fixture(autouse=True)
def _off_line(monkeypatch, tmp_path):
    """No test reaches a real mirror, the user's cache or the repository's datasets/ by accident."""
    monkeypatch.setenv("CS_LAYERS_MIRROR", "http://127.0.0.1:9")
    monkeypatch.setenv("CS_LAYERS_TIMEOUT", "30")
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def data_root(monkeypatch, tmp_path):
    """An empty data folder, named by CS_LAYERS_DATA."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("CS_LAYERS_DATA", str(folder))
    return folder


def idx_bytes(array):
    """An array of bytes in the IDX format."""
    header = struct.pack(f">{1 + array.ndim}I", 8 << 8 | array.ndim, *array.shape)
    return header + array.astype(np.uint8).tobytes()


@pytest.fixture
def mnist_files():
    """Name and content of the four files of a small MNIST: 30 and 10 images."""
    rng = np.random.default_rng(0)
    files = {}
    for part, count in (("train", 30), ("t10k", 10)):
        images, labels = rng.integers(0, 256, (count, 28, 28)), np.arange(count) % 10
        files[f"{part}-images-idx3-ubyte.gz"] = gzip.compress(idx_bytes(images), mtime=0)
        files[f"{part}-labels-idx1-ubyte.gz"] = gzip.compress(idx_bytes(labels), mtime=0)
    return files


@pytest.fixture
def mnist_folder(data_root, mnist_files):
    """The small MNIST, on disk in the data folder."""
    folder = data_root / "mnist"
    folder.mkdir()
    for name, content in mnist_files.items():
        (folder / name).write_bytes(content)
    return folder


def cifar_batch(seed, count=20):
    """The pickle of one small batch, as Python 3 writes it for Python 2."""
    rng = np.random.default_rng(seed)
    content = {
        "batch_label": f"batch {seed}",
        "labels": [int(label) for label in rng.integers(0, 10, count)],
        "data": rng.integers(0, 256, (count, 3072)).astype(np.uint8),
        "filenames": [f"{number}.png" for number in range(count)],
    }
    return pickle.dumps(content, protocol=2)


CIFAR_NAMES = [*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"]


@pytest.fixture
def cifar_folder(data_root):
    """A small CIFAR-10: 20 images a batch, all six batches."""
    folder = data_root / "cifar-10-batches-py"
    folder.mkdir()
    for seed, name in enumerate(CIFAR_NAMES):
        (folder / name).write_bytes(cifar_batch(seed))
    return folder


@pytest.fixture
def make_batch():
    return cifar_batch


@pytest.fixture
def make_idx():
    return idx_bytes


@pytest.fixture
def register(monkeypatch):
    """Replace what the catalogue says of a set's files by the sizes and checksums of these contents."""

    def register(name, files):
        remote = tuple(
            catalogue.RemoteFile(
                file, len(content), hashlib.sha256(content).hexdigest(), hashlib.md5(content).hexdigest()
            )
            for file, content in files.items()
        )
        monkeypatch.setitem(catalogue.SETS, name, dataclasses.replace(catalogue.SETS[name], files=remote))
        return files

    return register


@pytest.fixture
def mnist_online(register, mnist_files):
    """The small MNIST, as what the catalogue promises."""
    return register("mnist", mnist_files)


@pytest.fixture
def cifar_archive(tmp_path, register):
    """The small CIFAR-10 as the archive that the catalogue promises; returns {name: content}."""
    path = tmp_path / "cifar-10-python.tar.gz"
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    for seed, name in enumerate(CIFAR_NAMES):
        (folder / name).write_bytes(cifar_batch(seed))
    with tarfile.open(path, "w:gz") as tar:
        tar.add(folder, folder.name)
    return register("cifar10", {path.name: path.read_bytes()})


@pytest.fixture
def write_tiny_imagenet():
    """A function that writes a Tiny-ImageNet of two classes into a folder."""
    from PIL import Image

    def save(path, value, mode="RGB", size=(64, 64)):
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new(mode, size, value).save(path, "JPEG", quality=95)

    def write(folder):
        wnids = ["n02124075", "n01641577"]
        for label, wnid in enumerate(wnids):
            for number in range(12):
                save(folder / "train" / wnid / "images" / f"{wnid}_{number}.JPEG", (10 * number, 100, 100 * label))
        save(folder / "train" / wnids[1] / "images" / f"{wnids[1]}_12.JPEG", 77, mode="L")
        lines = []
        for number in range(4):
            save(folder / "val" / "images" / f"val_{number}.JPEG", (0, 20 * number, 0))
            lines.append(f"val_{number}.JPEG\t{wnids[number % 2]}\t0\t0\t63\t63\n")
        (folder / "val" / "val_annotations.txt").write_text("".join(lines))
        save(folder / "test" / "images" / "test_0.JPEG", (1, 2, 3))
        (folder / "wnids.txt").write_text("\n".join(wnids) + "\n")
        (folder / "words.txt").write_text("n02124075\tEgyptian cat\nn01641577\tbullfrog, Rana catesbeiana\n")
        return folder

    write.save = save
    return write


@pytest.fixture
def tiny_archive(tmp_path, register, write_tiny_imagenet):
    """The small Tiny-ImageNet as the archive that the catalogue promises."""
    write_tiny_imagenet(tmp_path / "tiny-imagenet-200")
    path = tmp_path / "tiny-imagenet-200.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for file in sorted((tmp_path / "tiny-imagenet-200").rglob("*")):
            packed.write(file, file.relative_to(tmp_path))
    return register("tiny-imagenet", {path.name: path.read_bytes()})


class Server:
    """A web server on 127.0.0.1: `files` is what it has, `behave` how it sends it, `requests` what was asked for."""

    def __init__(self):
        self.files, self.requests, self.behave = {}, [], send_whole
        self.closing = threading.Event()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                name = self.path.rsplit("/", 1)[-1]
                owner.requests.append((name, self.headers.get("Range")))
                if name not in owner.files:
                    self.send_error(404)
                    return
                with contextlib.suppress(OSError):  # the client may hang up
                    owner.behave(self, owner, owner.files[name])

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def names(self):
        return [name for name, _ in self.requests]

    def close(self):
        self.closing.set()
        self.http.shutdown()
        self.http.server_close()


def start(handler, length, status=200):
    handler.send_response(status)
    if length is not None:
        handler.send_header("Content-Length", str(length))
    handler.end_headers()


def send_whole(handler, _, content):
    start(handler, len(content))
    handler.wfile.write(content)


def send_nothing_for_long(_handler, server, _content):
    server.closing.wait(5)


def send_drop_by_drop(handler, server, content):
    start(handler, len(content))
    for byte in content:
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        if server.closing.wait(0.02):
            return


def send_half(handler, _, content):
    start(handler, len(content))
    handler.wfile.write(content[: len(content) // 2])


def send_half_without_length(handler, _, content):
    start(handler, None)
    handler.wfile.write(content[: len(content) // 2])


def send_half_then_the_rest(handler, _, content):
    asked = handler.headers.get("Range")
    if not asked:
        send_half(handler, _, content)
        return
    rest = content[int(asked.removeprefix("bytes=").removesuffix("-")) :]
    start(handler, len(rest), status=206)
    handler.wfile.write(rest)


def send_a_tenth_a_time(handler, _, content):
    """Break off again and again, but go on where asked to."""
    start_at = int((handler.headers.get("Range") or "bytes=0-").removeprefix("bytes=").removesuffix("-"))
    start(handler, len(content) - start_at, status=206 if start_at else 200)
    handler.wfile.write(content[start_at : start_at + len(content) // 10 + 1])


def send_half_then_stall(handler, server, content):
    send_half(handler, server, content)
    server.closing.wait(5)


def send_half_once_then_whole(handler, server, content):
    sender = send_half if len(server.requests) == 1 else send_whole
    sender(handler, server, content)


def send_other_bytes(handler, server, content):
    send_whole(handler, server, content[:-1] + bytes([content[-1] ^ 1]))


def send_a_page(handler, server, _):
    send_whole(handler, server, b"<html>Please log in</html>")


def send_without_end(handler, server, content):
    start(handler, None)
    while not server.closing.is_set():
        handler.wfile.write(content)


BEHAVIOURS = {
    behaviour.__name__: behaviour
    for behaviour in (
        send_whole,
        send_nothing_for_long,
        send_drop_by_drop,
        send_half,
        send_half_without_length,
        send_half_then_the_rest,
        send_half_once_then_whole,
        send_half_then_stall,
        send_a_tenth_a_time,
        send_other_bytes,
        send_a_page,
        send_without_end,
    )
}


# Only where the client is to lose patience; elsewhere a busy machine must not make it.
IMPATIENT = ("send_nothing_for_long", "send_drop_by_drop", "send_half_then_stall")


@pytest.fixture
def serve(monkeypatch):
    """serve(files, behaviour=...) starts a server, makes it the only mirror and returns it."""
    servers = []

    def serve(files, behaviour="send_whole"):
        server = Server()
        server.files, server.behave = dict(files), BEHAVIOURS[behaviour]
        servers.append(server)
        if behaviour in IMPATIENT:
            monkeypatch.setenv("CS_LAYERS_TIMEOUT", "1")
        monkeypatch.setenv("CS_LAYERS_MIRROR", " ".join(one.url for one in servers))
        return server

    yield serve
    for server in servers:
        server.close()


@pytest.fixture
def snapshot():
    """A function that gives name and content of every file in a folder."""

    def snapshot(folder):
        return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    return snapshot


@pytest.fixture(autouse=True)
def _fast_retries(monkeypatch):
    monkeypatch.setattr("cs_layers.data.download.PAUSE", 0)
