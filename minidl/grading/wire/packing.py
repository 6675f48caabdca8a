"""Writes a value as a frame of the wire; what is not plain becomes the name of its kind."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from typing import Any, final

import numpy as np

from ..compare import Opaque
from .protocol import CAPS, DTYPES, MAGIC, PREFIX, Caps

SAFE = 2**53  # beyond it, a whole number is written as text


@final
class TooLarge(Exception):
    """The value is larger, or goes deeper, than the wire takes."""


def frame(value: Any, caps: Caps = CAPS) -> bytes:
    """The value as bytes for `protocol.read`.

    Numbers, text, bytes, arrays of numbers, and lists, tuples and dictionaries of them arrive as
    they are; of anything else an `Opaque` with the name of its kind. With `caps.names`, slices and
    members of enumerations arrive too, and anything else raises TypeError.
    Raises TooLarge.
    """
    writer = _Writer(caps)
    tree = writer.node(value, 0)
    header = json.dumps([tree, writer.layouts], separators=(",", ":"), allow_nan=False).encode()
    body = sum(len(piece) for piece in writer.pieces)
    if len(header) > caps.header or body > caps.body or len(writer.layouts) > caps.arrays:
        raise TooLarge(f"an answer of {len(header) + body} bytes is more than the wire takes")
    return b"".join([PREFIX.pack(MAGIC, len(header), body), header, *writer.pieces])


@final
class _Writer:
    """Walks a value, and lays its arrays aside in order."""

    def __init__(self, caps: Caps):
        self.caps = caps
        self.nodes = 0
        self.size = 0
        self.layouts: list[list] = []
        self.pieces: list[bytes] = []

    def node(self, value: Any, depth: int) -> Any:
        """The value as a node of the tree."""
        self.nodes += 1
        if self.nodes > self.caps.nodes or depth > self.caps.depth:
            raise TooLarge("the answer has too many pieces, or goes too deep, for the wire")
        if isinstance(value, np.generic):  # first, since np.float64 is a float
            return self.array("g", np.asarray(value))
        if value is None or isinstance(value, (bool, int, float, complex, str, bytes)):
            return self.single(value)
        if isinstance(value, np.ndarray):
            return self.array("a", np.asarray(value))
        if isinstance(value, (list, tuple)):
            kind = "t" if isinstance(value, tuple) else "l"
            return [kind, *(self.node(item, depth + 1) for item in value)]
        if isinstance(value, Mapping):
            return self.pairs(value, depth + 1)
        if self.caps.names:
            return self.named(value, depth + 1)
        return self.opaque(value.name if isinstance(value, Opaque) else type(value).__name__)

    def opaque(self, name: str) -> list:
        """What stands for a thing that cannot be sent."""
        if self.caps.names:
            raise TypeError(f"a {name} cannot be sent to the worker")
        return ["o", name.encode("utf-8", "replace").decode()[:200]]

    def named(self, value: Any, depth: int) -> list:
        """A slice, or a member of an enumeration that the worker has too."""
        if isinstance(value, slice):
            return ["s", *(self.node(n, depth) for n in (value.start, value.stop, value.step))]
        if isinstance(value, enum.Enum):
            return ["m", type(value).__module__, type(value).__name__, value.name]
        return self.opaque(type(value).__name__)

    def single(self, value: Any) -> Any:
        """A number or a text; of a subclass, what it is at bottom."""
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return str.__str__(value).encode("utf-8", "replace").decode()
        if isinstance(value, bytes):
            return self.array("b", np.frombuffer(bytes(value), np.uint8))
        if isinstance(value, int):
            value = int(value)
            return value if -SAFE < value < SAFE else self.large(value)
        if isinstance(value, float):
            return ["f", repr(float.__float__(value))]
        return ["c", repr(value.real), repr(value.imag)]

    def large(self, value: int) -> list:
        """A whole number as text, as long as it has not too many digits."""
        if value.bit_length() > 3300:
            raise TooLarge("a whole number has too many digits for the wire")
        return ["i", str(value)]

    def pairs(self, value: Mapping, depth: int) -> list:
        """A dictionary with keys of text or numbers."""
        found = list(value.items())
        if not all(isinstance(k, (str, bool, int, float, type(None))) for k, _ in found):
            return self.opaque("dict with other keys than text and numbers")
        if len({key for key, _ in found}) != len(found):
            return self.opaque("dict with a key twice")
        return ["d", *([self.node(k, depth), self.node(v, depth)] for k, v in found)]

    def array(self, kind: str, array: np.ndarray) -> list:
        """An array's layout and bytes, row by row, lowest byte first."""
        array = array.astype(array.dtype.newbyteorder("<"), order="C", copy=False)
        if array.dtype.str not in DTYPES or array.ndim > self.caps.dims:
            return self.opaque(f"array of dtype {array.dtype.name}")
        self.size += array.nbytes
        if self.size > self.caps.body:
            raise TooLarge(f"an answer of over {self.size} bytes is more than the wire takes")
        self.layouts.append([array.dtype.str, list(array.shape)])
        self.pieces.append(array.tobytes())
        return [kind, len(self.layouts) - 1]
