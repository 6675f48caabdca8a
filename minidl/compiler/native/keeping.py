"""Programs that outlive the process: a recipe is kept under a checksum of the graph it is for.

So a graph that was met before is neither optimised nor lowered again. The checksum covers all that
a recipe depends on: the graph, the user's lines in it (they stand in the C text), minidl's own
files, the compiler and the processor. What cannot be spelled out in full is not kept.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import cache
from pathlib import Path
from threading import get_ident
from types import EllipsisType, NoneType
from typing import Any, final

import numpy as np

from ...backend import Device, as_dtype
from ...machine import blas, get_num_threads
from ...ops import Generator
from ..graph import Graph, Symbol
from ..program import BuildError, Program
from .building import compiler, folder, identity
from .recipes import Recipe
from .running import NativeProgram

PACKAGE = Path(__file__).parents[2]
LARGEST = 2**20  # bytes of constants that are kept at most
_PLAIN = (bool, int, float, complex, str, NoneType, EllipsisType)


@final
class Shelf:
    """The place of one graph's program.

    Attributes:
        file: where the recipe stands or will stand; None where it cannot be kept.
    """

    def __init__(self, graph: Graph, targets: Sequence[int | None]):
        self.graph, self.targets = graph, targets
        try:
            text = "\n".join(_lines(graph, targets)) if compiler() else None
        except (_Unspelled, OSError):
            text = None
        name = None if text is None else _checksum(text.encode(errors="surrogateescape"))[:32]
        self.file = None if name is None else folder() / f"{name}.recipe"

    def program(self) -> NativeProgram | None:
        """The program, where an earlier process left its recipe."""
        if self.file is None:
            return None
        try:
            head, _, numbers = self.file.read_bytes().partition(b"\n")
            recipe = _read(json.loads(head), numbers, self.graph, self.file.parent)
        except (OSError, ValueError, KeyError, IndexError, TypeError):
            return None  # not there, or damaged
        if not recipe.library.exists():
            return None
        try:
            return NativeProgram(recipe, self.graph.inputs, self.targets, blas())
        except BuildError:
            return None  # the library does not load: the emitters say so

    def keep(self, program: Program) -> None:
        """Leaves a program's recipe to later processes, if it is one of native code alone."""
        if self.file is None or not isinstance(program, NativeProgram):
            return
        head = _written(program.recipe, self.graph)
        if head is None:
            return
        numbers = b"".join(x.tobytes() for x in program.recipe.constants)
        private = self.file.with_suffix(f".{os.getpid()}-{get_ident()}")  # nobody reads half of it
        try:
            private.write_bytes(json.dumps(head).encode() + b"\n" + numbers)
            private.replace(self.file)
        except OSError:
            return  # the cache cannot be written: the next process makes it anew


# Recipes as text ------------------------------------------------------------------------------


def _written(recipe: Recipe, graph: Graph) -> dict[str, Any] | None:
    """A recipe as JSON, without its constants' numbers; None for one that cannot be kept."""
    large = sum(x.nbytes for x in recipe.constants) > LARGEST
    if large or any(host is not None for host in recipe.hosts):
        return None
    positions = {call.output: i for i, call in enumerate(graph.calls)}
    if any(call.output not in positions for call in recipe.draws):
        return None
    outline = lambda shape, kind: [list(shape), kind.name]
    return recipe._asdict() | {
        "library": recipe.library.name,
        "outputs": [outline(*output) for output in recipe.outputs],
        "constants": [outline(x.shape, x.dtype) for x in recipe.constants],
        "draws": [positions[call.output] for call in recipe.draws],
    }


def _read(head: dict[str, Any], numbers: bytes, graph: Graph, place: Path) -> Recipe:
    """A recipe from JSON, and the numbers of its constants."""
    outline = lambda shape, kind: (tuple(shape), as_dtype(kind))
    constants, start = [], 0
    for shape, kind in (outline(*x) for x in head["constants"]):
        flat = np.frombuffer(numbers, kind, int(np.prod(shape)), start)
        constants.append(flat.reshape(shape).copy())
        start += flat.nbytes
    return Recipe(**head | {
        "library": place / head["library"],
        "places": [(kind, number) for kind, number in head["places"]],
        "outputs": [outline(*x) for x in head["outputs"]],
        "constants": constants,
        "draws": [graph.calls[i] for i in head["draws"]],
    })  # fmt: skip


# What a recipe depends on ---------------------------------------------------------------------


@final
class _Unspelled(Exception):  # noqa: N818  (no fault: there are other ways to a program)
    """Something that no text tells in full."""


def _lines(graph: Graph, targets: Sequence[int | None]) -> Iterator[str]:
    """All that a recipe depends on, as text."""
    found = blas()
    yield f"{_sources()} {np.__version__} {identity()} {os.environ.get('MINIDL_CFLAGS')}"
    yield f"{get_num_threads()} {found and found.bits} {list(targets)}"
    yield from _rules(graph)
    names = {x: f"%{i}" for i, x in enumerate(graph.inputs)}
    for x in graph.inputs:
        yield f"{_kind(x.dtype)}{x.shape}"
    for call in graph.calls:
        z, params = call.output, call.params
        names[z] = f"%{len(names)}"
        inputs = [
            names.setdefault(x, f"%{len(names)}") if type(x) is Symbol else _spelled(x)
            for x in call.inputs  # a call that nobody needs may read what is no input
        ]
        options = [f"{key}={_spelled(x)}" for key, x in params.items()] if params else ()
        yield (f"{_kind(z.dtype)}{z.shape} {call.primitive.name} {' '.join(inputs)} "
               f"{' '.join(options)} {call.where}")  # fmt: skip
    for x in graph.outputs:
        yield names[x] if type(x) is Symbol else _spelled(x)


def _rules(graph: Graph) -> Iterator[str]:
    """Where the rules of the primitives stand.

    Raises:
        _Unspelled: one is not minidl's.
    """
    found = {}
    for primitive in {call.primitive for call in graph.calls}:
        code = getattr(primitive.forward, "__code__", None)
        if code is None or not code.co_filename.startswith(f"{PACKAGE}{os.sep}"):
            raise _Unspelled(primitive.name)
        found[primitive.name] = code
    for name, code in sorted(found.items()):
        yield f"{name} {code.co_filename} {code.co_firstlineno}"


def _checksum(numbers: bytes) -> str:
    return hashlib.sha256(numbers).hexdigest()


@cache
def _sources() -> str:
    """When each of minidl's files was written last, and how long it is."""
    found = []
    for where, folders, files in os.walk(PACKAGE):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in files:
            told = os.stat(os.path.join(where, name))
            found.append(f"{where}/{name} {told.st_size} {told.st_mtime_ns}")
    if not found:
        raise _Unspelled("minidl is in an archive")
    return _checksum("\n".join(sorted(found)).encode(errors="surrogateescape"))


@cache
def _kind(kind: np.dtype) -> str:
    return f"{kind.name}{kind.str}"


def _spelled(x: Any) -> str:
    """A parameter or constant as text that no other has.

    Raises:
        _Unspelled: there is none.
    """
    if type(x) in _PLAIN:
        return repr(x)
    if isinstance(x, (np.ndarray, np.generic)):
        return f"{_kind(x.dtype)}{x.shape}{_checksum(x.tobytes())}"
    if isinstance(x, (tuple, list)):
        return f"({','.join(map(_spelled, x))})"
    if isinstance(x, slice):
        return f"slice{_spelled((x.start, x.stop, x.step))}"
    if isinstance(x, np.dtype):
        return _kind(x)
    if isinstance(x, (Enum, Device)):
        return str(x)
    if isinstance(x, Generator):
        return "generator"  # which one, the graph at hand says; its numbers are drawn outside
    raise _Unspelled(type(x).__name__)
