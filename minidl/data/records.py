"""Reads the two formats in which small pictures are published: IDX, and CIFAR's records."""

from __future__ import annotations

import gzip
import tarfile
from pathlib import Path

import numpy as np

BYTES = 8  # IDX's number for unsigned bytes
SIDE = 32  # CIFAR's pictures are squares of three colours
RECORD = 1 + 3 * SIDE * SIDE


def read_idx(path: str | Path) -> np.ndarray:
    """The array of bytes in an IDX file (MNIST's format), compressed by gzip or not.

    Two zeros, the type, the number of dimensions; then each size as four bytes, the high one first;
    then the numbers, row by row.
    Returns uint8 of the file's shape.

    Raises ValueError for another type or another length than the head promises.
    """
    data = Path(path).read_bytes()
    data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    if len(data) < 4 or data[:2] != b"\x00\x00" or data[2] != BYTES:
        raise ValueError(f"{path} is no IDX file of bytes")
    head = 4 + 4 * data[3]
    shape = tuple(int(n) for n in np.frombuffer(data[4:head], ">u4"))
    if len(data) - head != np.prod(shape, dtype=np.int64):
        raise ValueError(f"{path} promises {shape}, and {len(data) - head} bytes follow")
    return np.frombuffer(data, np.uint8, offset=head).reshape(shape)


def read_cifar(path: str | Path, split: str) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Pictures, labels and class names of one part of CIFAR-10's archive of records.

    A record is a byte for the label, then 1,024 bytes of red, of green, of blue, row by row.
    Nothing is unpacked to the disk, and nothing in the archive is run.
    Returns uint8 (n, 3, 32, 32), uint8 (n,), names.

    Raises ValueError when the archive lacks a file, or a file is no row of whole records.
    """
    batches = ["test_batch"] if split == "test" else [f"data_batch_{i}" for i in range(1, 6)]
    with tarfile.open(path) as archive:
        found = {Path(member.name).name: member for member in archive if member.isfile()}
        names = _member(archive, found, "batches.meta.txt").decode().split()
        data = b"".join(_member(archive, found, f"{batch}.bin") for batch in batches)
    if not data or len(data) % RECORD:
        raise ValueError(f"{path}: {len(data)} bytes are no whole records of {RECORD}")
    records = np.frombuffer(data, np.uint8).reshape(-1, RECORD)
    return records[:, 1:].reshape(-1, 3, SIDE, SIDE), records[:, 0], tuple(names)


def _member(archive: tarfile.TarFile, found: dict[str, tarfile.TarInfo], name: str) -> bytes:
    """A file's bytes, read where it lies in the archive."""
    file = archive.extractfile(found[name]) if name in found else None
    if file is None:
        raise ValueError(f"{archive.name} has no {name}")
    return file.read()
