"""Packs minidl's modules for the worker, compiled: all but the rooms that know about answers."""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import json
import os
import py_compile
import struct
import tempfile
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path

from ..course import PACKAGE
from ..worker import arriving

GRADING = "grading"
FACE = f"{GRADING}.stage"  # stands in for the room's own face
ROOMS = ("wire", "worker")  # taken whole
TAKEN = {  # of the others, only what the worker itself runs
    *("compare", "limits", "pieces", "pieces.replacing", "running", "spec", "stage"),
    *("sandbox.ceilings", "sandbox.inside", "sandbox.landlock", "sandbox.privileges"),
    *("sandbox.seccomp", "sandbox.syscalls"),
}
_HEADER = struct.Struct("<4sIII")  # of a compiled file: magic word, flags, the source's time, size
BOOT = (
    "import os,sys;n=int(sys.argv[1]);s=os.read(n,8);t=b''\n"
    "while len(t)<int.from_bytes(s,'little'): t+=os.read(n,int.from_bytes(s,'little')-len(t))\n"
    "exec(compile(t,'<arriving>','exec'));s=arrive(n)\n"
    "from {package}.serving import main;main(s)"
)


def boot() -> str:
    """The program that the worker's Python is started with."""
    return BOOT.format(package=arriving.__package__)


@functools.lru_cache(maxsize=2)
def ark(paths: tuple[str, ...]) -> bytes:
    """All that the boot program reads. `paths`: where the worker looks for libraries."""
    program = Path(arriving.__file__).read_bytes()
    modules, bodies = [], []
    for name, path, package in _modules():
        data = _compiled(name, path)
        modules.append([name, str(path), package, len(data)])
        bodies.append(data)
    index = json.dumps({"modules": modules, "paths": list(paths)}).encode()
    lengths = [arriving.LENGTH.pack(len(piece)) for piece in (program, index)]
    return b"".join([lengths[0], program, lengths[1], index, *bodies])


def _modules() -> Iterator[tuple[str, Path, bool]]:
    """(name, file, is it a package) of every module that is sent."""
    root = PACKAGE.name
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        package = parts[-1] == "__init__"
        inner = ".".join(parts[:-1] if package else parts)
        name = f"{root}.{inner}" if inner else root
        if inner == GRADING:
            path = PACKAGE / GRADING / "stage.py"
        elif inner == f"{GRADING}.sandbox":
            path = PACKAGE / GRADING / "sandbox" / "quiet.py"
        elif inner.startswith(f"{GRADING}.") and not _is_taken(inner.removeprefix(f"{GRADING}.")):
            continue
        elif path.stem in ("__main__", "cli") or parts[0] in ("_course", "_attacks"):
            continue
        yield name, path, package


def _is_taken(inner: str) -> bool:
    """Whether a module of this room goes to the worker."""
    return inner in TAKEN or inner.partition(".")[0] in ROOMS


def _compiled(name: str, path: Path) -> bytes:
    """A module's compiled bytes: those that Python keeps beside it, or made anew."""
    with contextlib.suppress(OSError, NotImplementedError):
        kept = Path(importlib.util.cache_from_source(str(path)))
        SourceFileLoader(name, str(path)).get_code(name)  # brings what is kept up to date, mostly
        data = kept.read_bytes()
        if _is_of(data, path.stat()):
            return data
    with tempfile.TemporaryDirectory() as folder:
        place = str(Path(folder, "module.pyc"))
        py_compile.compile(str(path), cfile=place, doraise=True)
        return Path(place).read_bytes()


def _is_of(data: bytes, source: os.stat_result) -> bool:
    """Whether compiled bytes are of this source: where Python may not write, older ones stay.

    Source: Python documentation, "What's New In Python 3.7", PEP 552 (the header of such files).
    """
    magic, flags, seconds, size = _HEADER.unpack_from(data)
    now = int(source.st_mtime) & 0xFFFFFFFF, source.st_size & 0xFFFFFFFF
    return magic == importlib.util.MAGIC_NUMBER and not flags and (seconds, size) == now
