"""MNIST and its like, fetched from a server of our own: small files in the very formats."""

from __future__ import annotations

import gzip
import io
import socket
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

import minidl
from minidl.data import datasets, downloaded, downloads
from minidl.data.downloads import PublicFile, fetch
from minidl.data.records import read_cifar, read_idx

pytest.importorskip("pooch")
ROWS = {"train": 30, "test": 10}
THINGS = "airplane automobile bird cat deer dog frog horse ship truck".split()


class Shelf:
    """What the server offers, what it was asked for, and whether it breaks off in the middle."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.breaks = 0


@pytest.fixture
def shelf(tmp_path, monkeypatch) -> Iterator[tuple[Shelf, str]]:
    """A server on this machine, and a cache of its own."""
    monkeypatch.setenv("MINIDL_DATA", str(tmp_path / "cache"))
    downloaded._read.cache_clear()
    offered = Shelf()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            offered.asked.append(self.path[1:])
            data = offered.files.get(self.path[1:])
            if data is None:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if offered.breaks:
                offered.breaks -= 1
                data = data[: len(data) // 2]
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield offered, f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def idx(array: np.ndarray) -> bytes:
    """The array in MNIST's format, compressed."""
    head = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    return gzip.compress(head + array.tobytes())


def offer(offered: Shelf, address: str, file: PublicFile, data: bytes) -> PublicFile:
    """Puts a file of ours in place of the published one."""
    offered.files[file.name] = data
    return replace(file, md5=md5(data).hexdigest(), size=len(data), folders=(address,))


def lay_out_mnist(shelf, monkeypatch, name="MNIST") -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Thirty and ten random pictures as the set's four files."""
    offered, address = shelf
    drawn, files = {}, {}
    for part, rows in ROWS.items():
        rng = np.random.default_rng(rows)
        arrays = rng.integers(0, 256, (rows, 28, 28), np.uint8), rng.integers(0, 10, rows, np.uint8)
        drawn[part] = arrays
        published = downloaded.FILES[name, part]
        files[name, part] = tuple(
            offer(offered, address, file, idx(array))
            for file, array in zip(published, arrays, strict=True)
        )
    monkeypatch.setattr(downloaded, "FILES", {**downloaded.FILES, **files})
    return drawn


@pytest.mark.parametrize("name", ["MNIST", "Fashion-MNIST"])
def test_mnist_is_fetched_once_and_read(shelf, monkeypatch, name):
    drawn = lay_out_mnist(shelf, monkeypatch, name)
    make = datasets.mnist if name == "MNIST" else datasets.fashion_mnist
    pictures, labels = make("test").tensors
    assert pictures.shape == (10, 784) and pictures.dtype == minidl.float32
    assert labels.dtype == minidl.int64
    expected = drawn["test"][0].reshape(10, 784).astype(np.float32) / 255
    assert np.array_equal(pictures.numpy(), expected)
    assert labels.tolist() == drawn["test"][1].tolist()
    asked = list(shelf[0].asked)
    assert asked == [file.name for file in downloaded.FILES[name, "test"]]
    make("test")
    assert shelf[0].asked == asked, "what is here is not fetched again"


def test_the_parts_and_their_forms(shelf, monkeypatch):
    lay_out_mnist(shelf, monkeypatch)
    train, test, whole = (datasets.mnist(part, flat=False) for part in ("train", "test", "all"))
    assert train.tensors[0].shape == (30, 1, 28, 28) and len(test) == 10
    assert minidl.equal(whole.tensors[0], minidl.cat([train.tensors[0], test.tensors[0]]))
    assert train.classes == tuple("0123456789")
    with pytest.raises(ValueError, match="not 'valid'"):
        datasets.mnist("valid")


def test_normalising_uses_the_training_part_alone(shelf, monkeypatch):
    drawn = lay_out_mnist(shelf, monkeypatch)
    x = datasets.mnist("train", normalize=True).tensors[0].numpy()
    assert abs(x.mean()) < 1e-3 and abs(x.std() - 1) < 1e-3
    train = drawn["train"][0] / 255
    expected = (drawn["test"][0].reshape(10, 784) / 255 - train.mean()) / train.std()
    found = datasets.mnist("test", normalize=True).tensors[0].numpy()
    assert np.allclose(found, expected, atol=1e-4)


def archive(rows: int = 4, drop: str = "", cut: int = 0) -> bytes:
    """CIFAR-10's archive with few records: label i, red i, green 100 + batch, blue 200."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as file:
        parts = {"batches.meta.txt": "\n".join(THINGS).encode() + b"\n\n"}
        for k, batch in enumerate(
            [*(f"data_batch_{i}.bin" for i in range(1, 6)), "test_batch.bin"]
        ):
            records = [
                bytes([i]) + bytes([i]) * 1024 + bytes([100 + k]) * 1024 + bytes([200]) * 1024
                for i in range(rows)
            ]
            parts[batch] = b"".join(records)[cut:]
        for name, data in parts.items():
            if name != drop:
                info = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
                info.size = len(data)
                file.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def test_cifar10_is_fetched_and_read(shelf, monkeypatch):
    offered, address = shelf
    published = offer(offered, address, downloaded.CIFAR, archive())
    monkeypatch.setattr(downloaded, "CIFAR", published)
    train, test = datasets.cifar10("train"), datasets.cifar10("test", flat=True)
    pictures, labels = train.tensors
    assert pictures.shape == (20, 3, 32, 32) and test.tensors[0].shape == (4, 3072)
    assert labels.tolist() == [0, 1, 2, 3] * 5 and train.classes == tuple(THINGS)
    colours = (pictures.mean(dim=(2, 3)) * 255).round().tolist()
    assert colours[:2] == [[0, 100, 200], [1, 100, 200]] and colours[4] == [0, 101, 200]
    assert len(datasets.cifar10("all")) == 24
    scaled = datasets.cifar10("test", normalize=True).tensors[0]
    red = minidl.tensor([0.0, 1.0, 2.0, 3.0])
    expected = (red - 1.5) / red.std(correction=0)
    assert minidl.allclose(scaled[:, 0, 0, 0], expected, atol=1e-4)
    assert offered.asked == [published.name]


def test_other_bytes_are_refused_and_thrown_away(shelf, tmp_path):
    offered, address = shelf
    file = offer(offered, address, PublicFile("a.bin", "", 0, ()), b"as published")
    offered.files["a.bin"] = b"something else"
    with pytest.raises(ConnectionError, match="other bytes than the publisher's"):
        fetch(file, "set")
    assert list((tmp_path / "cache" / "set").iterdir()) == []
    offered.files["a.bin"] = b"as published"
    assert fetch(file, "set").read_bytes() == b"as published"


def test_a_file_damaged_on_the_disk_is_fetched_again(shelf):
    offered, address = shelf
    file = offer(offered, address, PublicFile("a.bin", "", 0, ()), b"as published")
    fetch(file, "set").write_bytes(b"as pub")
    assert fetch(file, "set").read_bytes() == b"as published"
    assert offered.asked == ["a.bin", "a.bin"]


def test_after_a_broken_connection_it_begins_anew(shelf, tmp_path):
    offered, address = shelf
    data = bytes(range(256)) * 4000
    file = offer(offered, address, PublicFile("a.bin", "", 0, ()), data)
    offered.breaks = 1
    with pytest.raises(ConnectionError, match="broke off|other bytes"):
        fetch(file, "set")
    assert list((tmp_path / "cache" / "set").iterdir()) == []
    assert fetch(file, "set").read_bytes() == data


def test_the_next_address_is_tried(shelf):
    offered, address = shelf
    file = offer(offered, address, PublicFile("a.bin", "", 0, ()), b"here")
    assert fetch(replace(file, folders=(address + "gone/", address)), "set").read_bytes() == b"here"
    assert offered.asked == ["gone/a.bin", "a.bin"]


def test_without_a_network_a_sentence_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("MINIDL_DATA", str(tmp_path))
    with socket.socket() as free:  # a port on which nobody answers
        free.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}/"
    files = {
        key: tuple(replace(file, folders=(nowhere,)) for file in pair)
        for key, pair in downloaded.FILES.items()
    }
    monkeypatch.setattr(downloaded, "FILES", files)
    with pytest.raises(ConnectionError) as told:
        datasets.mnist("test")
    assert str(told.value) == (
        "MNIST: t10k-images-idx3-ubyte.gz (1.65 MB) could not be fetched.\n"
        f"  {nowhere}: no connection\n"
        "With a network, run this again. "
        f"Or put the file into {tmp_path / 'MNIST'} yourself."
    )


def test_a_bar_shows_how_far_it_is(shelf, capsys):
    offered, address = shelf
    file = offer(offered, address, PublicFile("a.bin", "", 0, ()), b"x" * 100_000)
    fetch(file, "set")
    shown = capsys.readouterr().err
    assert "a.bin" in shown and "100%" in shown


def test_what_no_idx_file_is_gets_refused(tmp_path):
    path = tmp_path / "x"
    for data, words in (
        (b"no", "no IDX file"),
        (bytes([0, 0, 13, 1]) + bytes(8), "no IDX file"),
        (bytes([0, 0, 8, 1, 0, 0, 0, 5]) + b"abc", r"promises \(5,\), and 3 bytes"),
    ):
        path.write_bytes(data)
        with pytest.raises(ValueError, match=words):
            read_idx(path)
    path.write_bytes(bytes([0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 3]) + b"abc")
    assert read_idx(path).tolist() == [[97, 98, 99]]


def test_what_is_no_cifar_archive_gets_refused(tmp_path):
    path = tmp_path / "x.tar.gz"
    for data, words in (
        (archive(drop="data_batch_3.bin"), "has no data_batch_3.bin"),
        (archive(cut=1), "no whole records"),
    ):
        path.write_bytes(data)
        with pytest.raises(ValueError, match=words):
            read_cifar(path, "train")


def test_the_published_files_are_told_apart_and_none_is_a_pickle():
    files = [file for pair in downloaded.FILES.values() for file in pair] + [downloaded.CIFAR]
    assert len({file.md5 for file in files}) == len(files) == 9
    for file in files:
        assert len(file.md5) == 32 and int(file.md5, 16) and file.size > 4000
        assert all(address.endswith("/") for address in file.folders)
        assert "python" not in file.name


def test_without_pooch_the_message_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pooch", None)
    monkeypatch.delenv("MINIDL_DATA", raising=False)
    with pytest.raises(ModuleNotFoundError, match=r"pip install minidl\[course\]"):
        downloads.cache()
