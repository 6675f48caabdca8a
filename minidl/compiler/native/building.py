"""From C text to a function that can be called: found compiler, cached library, loaded once.

A library's file name is a checksum of its text, its compiler and the processor, so what was built
once is never built again. It is written under a name of its own and then renamed: two processes
that build at once each finish, and either result is right.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from functools import cache
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
        if shutil.which(name):
            return (name,)
    if importlib.util.find_spec("ziglang") is not None:
        return (sys.executable, "-m", "ziglang", "cc")
    return None


@cache
def version() -> str:
    """What the C compiler says of itself.

    Raises:
        BuildError: it cannot be run.
    """
    command = compiler()
    assert command is not None
    said = _said(*command, "--version").stdout
    return said.splitlines()[0] if said else ""


@cache
def identity() -> str:
    """What else a library depends on: the compiler and its version, and the processor.

    Raises:
        BuildError: the compiler cannot be run.
    """
    return "\n".join([" ".join(compiler() or ()), version(), _processor(), *FLAGS])


@cache
def _processor() -> str:
    """The processor's model and abilities, for which -march=native compiles."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if line.startswith(("model name", "flags", "Features"))]
        return "\n".join(kept[:2])
    except OSError:
        return f"{platform.machine()} {platform.processor()}"


def _said(*command: str) -> subprocess.CompletedProcess:
    """What a compiler answers."""
    try:
        return subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        reason = f"the C compiler {command[0]} cannot be called ({error.strerror})"
        raise BuildError(reason) from None


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
    more = (*more, *os.environ.get("MINIDL_CFLAGS", "").split())
    parts = [text, identity(), *more]
    name = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
    place = folder()
    library = place / f"{name}.so"
    if library.exists() and library.with_suffix(".c").exists():
        return library
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place) as private:
            source, built = Path(private, "program.c"), Path(private, "program.so")
            source.write_text(text, encoding="utf-8")
            _compile(command, source, built, more)
            os.replace(source, library.with_suffix(".c"))
            os.replace(built, library)
    except OSError as error:
        raise BuildError(f"the cache {place} cannot be written ({error.strerror})") from None
    return library


def _compile(command: tuple[str, ...], source: Path, built: Path, more: tuple[str, ...]) -> None:
    """Calls the compiler, without the options for this processor if it does not know them."""
    said = None
    for native in (["-march=native"], []):
        said = _said(*command, *FLAGS, *native, "-o", str(built), str(source), *more, "-lm")
        if said.returncode == 0:
            return
    assert said is not None
    first = next((line for line in said.stderr.splitlines() if "error" in line), said.stderr[:200])
    raise BuildError(f"the C compiler refused: {first.strip()}")


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
