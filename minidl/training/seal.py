"""A seal tells whether bytes are the ones that were written: their number and their SHA-256."""

from __future__ import annotations

from hashlib import sha256
from os import PathLike
from typing import Any

from .errors import CheckpointError

Seal = dict[str, Any]


def seal(data: bytes) -> Seal:
    """{"bytes": how many, "sha256": 64 hexadecimal digits}"""
    return {"bytes": len(data), "sha256": sha256(data).hexdigest()}


def verify(data: bytes, expected: Seal, file: str | PathLike[str]) -> None:
    """Raise CheckpointError, naming the file and the fault, unless the data has this seal."""
    if len(data) != expected["bytes"]:
        raise CheckpointError(
            f"{file}: {len(data)} bytes, but {expected['bytes']} were written: it is cut short"
        )
    if seal(data) != expected:
        raise CheckpointError(
            f"{file}: its SHA-256 is not the one of what was written: it is damaged"
        )
