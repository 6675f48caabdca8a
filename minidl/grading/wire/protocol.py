"""The wire between judge and worker: frames of plain values, read as if an enemy wrote them.

A frame is a magic word, the lengths of its two halves, a header and raw bytes. The header is JSON,
`[tree, arrays]`: the tree says what holds what, the list gives each array's dtype and shape, and
the bytes of the arrays follow in order. Reading makes numbers, text, arrays, lists, tuples and
dictionaries, nothing else; no object is unpickled and no text evaluated. Whatever a frame holds
besides that raises ProtocolError.
"""

from __future__ import annotations

import importlib
import json
import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, final

import numpy as np

from ..compare import Opaque

MAGIC = b"mdl1"
PREFIX = struct.Struct("<4sIQ")  # magic word, bytes of the header, bytes of the arrays
DTYPES = {
    *("|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8"),
    *("<f2", "<f4", "<f8", "<c8", "<c16"),
}
SCALARS = (str, bool, int, type(None))


@final
class ProtocolError(Exception):
    """A frame that no honest worker writes, or that ends too early."""


@final
@dataclass(frozen=True)
class Caps:
    """The most that a frame may hold: bytes of each half, and of the tree its nodes and depth.

    names: whether slices, and members of enumerations by their names, are read as well. The judge
        writes them to the worker; nobody else is believed to.
    """

    header: int = 4 << 20
    body: int = 64 << 20
    nodes: int = 200_000
    depth: int = 40
    arrays: int = 20_000
    dims: int = 16
    names: bool = False


CAPS = Caps()
TRUSTED = Caps(header=64 << 20, body=512 << 20, nodes=5_000_000, names=True)  # judge to worker


def read(receive: Callable[[int], bytes], caps: Caps = CAPS) -> Any:
    """The value of the next frame.

    receive(n): exactly n bytes; fewer mean that the other side has ended.
    Raises ProtocolError for whatever is not a frame within the caps.
    """
    prefix = _exactly(receive, PREFIX.size)
    magic, header, body = PREFIX.unpack(prefix)
    if magic != MAGIC:
        raise ProtocolError("this is not the beginning of a frame")
    if header > caps.header or body > caps.body:
        raise ProtocolError(f"a frame of {header} + {body} bytes is too long")
    tree, layouts = _parsed(_exactly(receive, header), caps)
    arrays = _Arrays(layouts, body, caps)
    arrays.fill(_exactly(receive, body))
    value = _Reader(arrays, caps).value(tree, 0)
    if arrays.left():
        raise ProtocolError("the frame has more arrays than places for them")
    return value


def _exactly(receive: Callable[[int], bytes], count: int) -> bytes:
    found = receive(count) if count else b""
    if len(found) != count:
        raise ProtocolError(f"the frame ends after {len(found)} of {count} bytes")
    return found


def _parsed(header: bytes, caps: Caps) -> tuple[Any, list]:
    """The two halves of a header; numbers with a point, objects and long numbers are refused."""
    try:
        found = json.loads(
            header.decode("utf-8"),
            parse_int=_whole,
            parse_float=_refuse,
            parse_constant=_refuse,
            object_pairs_hook=_refuse,
        )
    except (ValueError, RecursionError, MemoryError):
        raise ProtocolError("the header is not the JSON of a frame") from None
    if not (isinstance(found, list) and len(found) == 2 and isinstance(found[1], list)):
        raise ProtocolError("the header is not a tree and a list of arrays")
    if len(found[1]) > caps.arrays:
        raise ProtocolError(f"{len(found[1])} arrays are too many")
    return found[0], found[1]


def _whole(digits: str) -> int:
    if len(digits) > 20:
        raise ValueError("a number with too many digits")
    return int(digits)


def _refuse(_text: object) -> NoReturn:
    raise ValueError("no such thing in a frame")


@final
class _Arrays:
    """The arrays of a frame: their layouts are checked before a byte of them is read."""

    def __init__(self, layouts: list, body: int, caps: Caps):
        self.layouts = [_layout(entry, caps) for entry in layouts]
        self.next = 0
        self.found: list[np.ndarray] = []
        if (wanted := sum(count for _, _, count in self.layouts)) != body:
            raise ProtocolError(f"the arrays need {wanted} bytes, the frame has {body}")

    def fill(self, data: bytes) -> None:
        """Cuts the bytes into arrays of their own memory."""
        start = 0
        for dtype, shape, count in self.layouts:
            piece = np.frombuffer(data[start : start + count], dtype)
            self.found.append(piece.reshape(shape).copy())
            start += count

    def take(self, index: Any) -> np.ndarray:
        """The next array; each is asked for once, in order."""
        if type(index) is not int or index != self.next or index >= len(self.found):
            raise ProtocolError("the tree asks for an array that is not the next one")
        self.next += 1
        return self.found[index]

    def left(self) -> int:
        """How many arrays nobody has asked for."""
        return len(self.layouts) - self.next


def _layout(entry: Any, caps: Caps) -> tuple[np.dtype, tuple[int, ...], int]:
    """(dtype, shape, number of bytes) of one array."""
    if not (isinstance(entry, list) and len(entry) == 2):
        raise ProtocolError("an array is described by its dtype and its shape")
    name, shape = entry
    if not isinstance(name, str) or name not in DTYPES:
        raise ProtocolError("an array of a dtype that is not on the list")
    if not isinstance(shape, list) or len(shape) > caps.dims:
        raise ProtocolError("an array's shape is a list of not too many sizes")
    if not all(type(n) is int and 0 <= n <= caps.body for n in shape):
        raise ProtocolError("an array's size is no whole number, negative or too large")
    dtype = np.dtype(name)
    if math.prod(max(n, 1) for n in shape) * dtype.itemsize > max(caps.body, 16):
        raise ProtocolError("an array is too large")
    return dtype, tuple(shape), math.prod(shape) * dtype.itemsize


@final
class _Reader:
    """Makes values of a tree, and counts what it makes."""

    def __init__(self, arrays: _Arrays, caps: Caps):
        self.arrays = arrays
        self.caps = caps
        self.nodes = 0

    def value(self, node: Any, depth: int) -> Any:
        """What one node of the tree stands for."""
        self.nodes += 1
        if self.nodes > self.caps.nodes or depth > self.caps.depth:
            raise ProtocolError("the tree is too large or too deep")
        if isinstance(node, str):
            return _text(node)
        if isinstance(node, SCALARS):
            return node
        if not (isinstance(node, list) and node and isinstance(node[0], str)):
            raise ProtocolError("a node of the tree is none of the known kinds")
        reader = _KINDS.get(node[0])
        if reader is None:
            raise ProtocolError("a node of the tree is of an unknown kind")
        return reader(self, node[1:], depth + 1)

    def items(self, nodes: list, depth: int) -> list:
        """The values of several nodes."""
        return [self.value(node, depth) for node in nodes]

    def pairs(self, nodes: list, depth: int) -> dict:
        """A dictionary; its keys are text or numbers, and none comes twice."""
        found: dict = {}
        for pair in nodes:
            if not (isinstance(pair, list) and len(pair) == 2):
                raise ProtocolError("an entry of a dictionary is a key and a value")
            key = self.value(pair[0], depth)
            if not isinstance(key, (*SCALARS, float)) or key in found:
                raise ProtocolError("a key is neither text nor number, or comes twice")
            found[key] = self.value(pair[1], depth)
        return found


def _text(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ProtocolError("a text holds half a character") from None
    return text


def _one(nodes: list) -> Any:
    if len(nodes) != 1:
        raise ProtocolError("this kind of node has exactly one thing in it")
    return nodes[0]


def _number(text: Any) -> float:
    if not isinstance(text, str) or len(text) > 32 or "_" in text:
        raise ProtocolError("a number with a point is written as a short text")
    try:
        return float(text)
    except ValueError:
        raise ProtocolError("a number with a point is not one") from None


def _large(text: Any) -> int:
    digits = text.removeprefix("-") if isinstance(text, str) else ""
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 1000):
        raise ProtocolError("a whole number is not one, or has too many digits")
    return int(text)


def _complex(nodes: list) -> complex:
    if len(nodes) != 2:
        raise ProtocolError("a complex number has two parts")
    return complex(_number(nodes[0]), _number(nodes[1]))


def _bytes(array: np.ndarray) -> bytes:
    if array.dtype != np.uint8 or array.ndim != 1:
        raise ProtocolError("bytes are a row of bytes")
    return array.tobytes()


def _scalar(array: np.ndarray) -> Any:
    if array.ndim:
        raise ProtocolError("a single number has no axes")
    return array[()]


def _slice(reader: _Reader, nodes: list, depth: int) -> slice:
    if not reader.caps.names or len(nodes) != 3:
        raise ProtocolError("a slice does not belong here")
    return slice(*reader.items(nodes, depth))


def _member(reader: _Reader, nodes: list) -> Any:
    if not reader.caps.names or len(nodes) != 3 or not all(isinstance(n, str) for n in nodes):
        raise ProtocolError("a name does not belong here")
    return getattr(getattr(importlib.import_module(nodes[0]), nodes[1]), nodes[2])


def _opaque(name: Any) -> Opaque:
    if not isinstance(name, str) or len(name) > 200:
        raise ProtocolError("the name of a kind is a short text")
    return Opaque(_text(name))


_KINDS: dict[str, Callable[[_Reader, list, int], Any]] = {
    "i": lambda reader, nodes, depth: _large(_one(nodes)),
    "f": lambda reader, nodes, depth: _number(_one(nodes)),
    "c": lambda reader, nodes, depth: _complex(nodes),
    "l": lambda reader, nodes, depth: reader.items(nodes, depth),
    "t": lambda reader, nodes, depth: tuple(reader.items(nodes, depth)),
    "d": lambda reader, nodes, depth: reader.pairs(nodes, depth),
    "a": lambda reader, nodes, depth: reader.arrays.take(_one(nodes)),
    "g": lambda reader, nodes, depth: _scalar(reader.arrays.take(_one(nodes))),
    "b": lambda reader, nodes, depth: _bytes(reader.arrays.take(_one(nodes))),
    "o": lambda reader, nodes, depth: _opaque(_one(nodes)),
    "s": _slice,
    "m": lambda reader, nodes, depth: _member(reader, nodes),
}
