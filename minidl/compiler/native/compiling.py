"""The C compiler is called: what it says of itself, and what it makes of a text.

A library is written under a name of its own and then renamed: two processes that build at once each
finish, and either result is right.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from ..program import BuildError


def version(command: tuple[str, ...]) -> str:
    """What a C compiler says of itself.

    Raises:
        BuildError: it cannot be run.
    """
    said = _said(*command, "--version").stdout
    return said.splitlines()[0] if said else ""


def _said(*command: str) -> subprocess.CompletedProcess:
    """What a compiler answers."""
    try:
        return subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        reason = f"the C compiler {command[0]} cannot be called ({error.strerror})"
        raise BuildError(reason) from None


def compiled(command: tuple[str, ...], options: list[str], text: str, library: Path) -> None:
    """Makes a library of a C text, and leaves the text beside it.

    Args:
        command: the compiler.

    Raises:
        BuildError: the compiler refuses, or the folder cannot be written.
    """
    place = library.parent
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place) as private:
            source, built = Path(private, "program.c"), Path(private, "program.so")
            source.write_text(text, encoding="utf-8")
            _compile(command, options, source, built)
            os.replace(source, library.with_suffix(".c"))
            os.replace(built, library)
    except OSError as error:
        raise BuildError(f"the cache {place} cannot be written ({error.strerror})") from None


def _compile(command: tuple[str, ...], options: list[str], source: Path, built: Path) -> None:
    """Calls the compiler, without the options for this processor if it does not know them."""
    said = None
    for native in (["-march=native"], []):
        said = _said(*command, *native, "-o", str(built), str(source), *options, "-lm")
        if said.returncode == 0:
            return
    assert said is not None
    first = next((line for line in said.stderr.splitlines() if "error" in line), said.stderr[:200])
    raise BuildError(f"the C compiler refused: {first.strip()}")
