"""From C text to a library: found where it was kept, else compiled; loaded once.

A library's file name is a checksum of its text, its compiler and the processor, so what was built
once is never built again.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from ..program import BuildError

# The arena holds numbers of one type after another, and a result may lie where what it is made of
# lay: so no compiler may reason from types what a pointer cannot point to. Integers wrap, as those
# of NumPy.
FLAGS = ["-O3", "-fno-strict-aliasing", "-fwrapv", "-std=gnu11", "-fPIC", "-shared",
         "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast",
         "-fno-semantic-interposition", "-w"]  # fmt: skip


@cache
def compiler() -> tuple[str, ...] | None:
    """The command of a C compiler: $MINIDL_CC, cc, gcc, clang, or the wheel ziglang; else None."""
    named = os.environ.get("MINIDL_CC")
    if named is not None:
        return tuple(named.split()) if named else None
    for name in ("cc", "gcc", "clang"):
        if _found(name):
            return (name,)
    return (sys.executable, "-m", "ziglang", "cc") if find_spec("ziglang") is not None else None


def _found(name: str) -> str | None:
    """The file of a command, as the system finds it."""
    places = [""] if os.sep in name else os.get_exec_path()
    files = (os.path.join(place, name) for place in places)
    return next((x for x in files if os.path.isfile(x) and os.access(x, os.X_OK)), None)


@cache
def identity() -> str:
    """What else a library depends on: the compiler's file, and the processor."""
    command = compiler() or ("",)
    zig = find_spec("ziglang") if "ziglang" in command else None
    file = os.path.realpath(_found(command[0]) or "" if zig is None else zig.origin or "")
    told = os.stat(file) if os.path.isfile(file) else None
    age = told and (told.st_size, told.st_mtime_ns)
    return "\n".join([" ".join(command), f"{file} {age}", _processor()])


@cache
def _processor() -> str:
    """The processor's model and abilities, for which -march=native compiles."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if line.startswith(("model name", "flags", "Features"))]
        return "\n".join(kept[:2])
    except OSError:
        import platform

        return f"{platform.machine()} {platform.processor()}"


def folder() -> Path:
    """Where libraries are kept: $MINIDL_CACHE, or the user's cache folder."""
    given = os.environ.get("MINIDL_CACHE")
    if given:
        return Path(given)
    root = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(root) / "minidl"


def build(text: str, *more: str) -> Path:
    """The library of a C text, built if it is not there yet.

    Args:
        more: further options; those of $MINIDL_CFLAGS come last.

    Raises:
        BuildError: there is no compiler, or it refuses.
    """
    if os.name != "posix":
        raise BuildError("native code needs the threads of POSIX, which are not there on Windows")
    command = compiler()
    if command is None:
        raise BuildError("there is no C compiler (cc, gcc, clang or `pip install ziglang`)")
    options = [*FLAGS, *more, *os.environ.get("MINIDL_CFLAGS", "").split()]
    parts = [text, identity(), *options]
    name = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
    library = folder() / f"{name}.so"
    if not (library.exists() and library.with_suffix(".c").exists()):
        from .compiling import compiled  # what calls other programs is loaded when it is needed

        compiled(command, options, text, library)
    return library


def text_of(library: Path) -> str:
    """The C text that a library was built from, which lies beside it to be read."""
    try:
        return library.with_suffix(".c").read_text(encoding="utf-8")
    except OSError as error:
        return f"/* {library.with_suffix('.c')} is gone ({error.strerror}). */"


_loaded: dict[Path, ctypes.CDLL] = {}


def load(library: Path) -> ctypes.CDLL:
    """A library in this process, once.

    Raises:
        BuildError: the system does not load it, as from a folder that holds no programs.
    """
    if library not in _loaded:
        try:
            _loaded[library] = ctypes.CDLL(str(library))
        except OSError as error:
            raise BuildError(f"{library} cannot be loaded ({error})") from None
    return _loaded[library]
