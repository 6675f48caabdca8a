"""Looks around: Python, libraries, arithmetic, devices; what is missing and how to get it."""

from __future__ import annotations

import contextlib
import importlib.metadata
import io
import json
import platform
import sys
from typing import Any

from .. import machine

_SETTINGS = {"MINIDL_KERNELS": "kernels", "MINIDL_ALLOCATOR": "big arrays",
             "MINIDL_THREADS": "threads"}  # fmt: skip
_OLDER = ("Prescott", "Nehalem", "Sandybridge", "Haswell", "Zen")  # families without AVX-512

COURSE = "pip install 'minidl[course]'"
NEEDED = {  # distribution -> how to get it when it is missing
    "numpy": "pip install minidl",
    "safetensors": "pip install minidl",
    "tqdm": "pip install minidl",
    "jupyterlab": COURSE,
    "ipykernel": COURSE,
    "anywidget": COURSE,
    "matplotlib": COURSE,
    "scikit-learn": COURSE,
    "nbclient": COURSE,
    "jupytext": COURSE,
}


def examine() -> dict[str, Any]:
    """Everything the doctor knows, as plain data."""
    found = {name: _version(name) for name in NEEDED}
    missing = {name: NEEDED[name] for name, version in found.items() if version is None}
    return {
        "python": platform.python_version(),
        "executable": sys.executable,
        "system": f"{platform.system()} {platform.machine()}",
        "cores": machine.cores(),
        "minidl": _version("minidl"),
        "libraries": found,
        "blas": _blas(),
        "threads": machine.get_num_threads(),
        "settings": machine.SETTINGS,
        "devices": _devices(),
        "gpu": _gpu(),
        "compiler": _compiler(),
        "lessons": _lessons(),
        "missing": missing,
    }


def describe(found: dict[str, Any]) -> str:
    """The same as text."""
    rows = [
        ("Python", f"{found['python']} ({found['executable']})"),
        ("system", f"{found['system']}, {found['cores']} cores"),
        ("minidl", found["minidl"] or "runs from its source, not installed"),
        ("BLAS", found["blas"]),
        *((_SETTINGS[name], f"{what} ({name})") for name, what in found["settings"].items()),
        ("devices", ", ".join(found["devices"])),
        ("GPU", _of_gpu(found["gpu"])),
        ("C compiler", found["compiler"] or "none (compiled mode uses NumPy then)"),
        ("lessons", ", ".join(found["lessons"]) or "none"),
        *((name, version or "missing") for name, version in found["libraries"].items()),
    ]
    lines = [f"{name:<13} {value}" for name, value in rows]
    if not found["missing"]:
        return "\n".join([*lines, "", "Nothing is missing."])
    ways: dict[str, list[str]] = {}
    for name, way in found["missing"].items():
        ways.setdefault(way, []).append(name)
    lines.append("")
    lines += [f"Missing: {', '.join(names)}. Get it with: {way}" for way, names in ways.items()]
    return "\n".join(lines)


def main(as_json: bool = False) -> int:
    """Prints what was found. A missing piece is advice, not a failure."""
    found = examine()
    print(json.dumps(found, indent=1) if as_json else describe(found))
    return 0


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _blas() -> str:
    """The library that multiplies matrices, its kernels and its threads."""
    try:
        import numpy
    except ImportError:
        return "none, as NumPy is missing"
    library = machine.blas()
    if library is None:
        return f"{_configured_blas(numpy)}, kernels and threads unknown"
    kernels = f", {library.core} kernels" if library.core else ""
    if library.core in _OLDER and machine.has_avx512():
        kernels += " though the processor has AVX-512 (try OPENBLAS_CORETYPE=SkylakeX)"
    return f"{library.name}{kernels}, {machine.get_num_threads()} threads"


def _configured_blas(numpy: Any) -> str:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception):
        blas = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
        return f"{blas['name']} {blas['version']}"
    return "unknown BLAS"


def _compiler() -> str | None:
    """The command that compiled mode builds programs with, and what it says of itself."""
    with contextlib.suppress(ImportError):
        from ..compiler.native import BuildError, building, compiling

        command = building.compiler()
        if command is None:
            return None
        try:
            return f"{' '.join(command)}: {compiling.version(command)}"
        except BuildError as error:
            return f"none (compiled mode uses NumPy then): {error}"
    return None


def _gpu() -> dict[str, str]:
    """What there is for graphics cards, what is missing for them, and what mends that."""
    with contextlib.suppress(ImportError):
        from ..cuda.diagnosis import diagnose

        found = diagnose()
        return {"software": found.software, "missing": found.missing, "command": found.command}
    return {"software": "unknown, as NumPy is missing", "missing": "", "command": ""}


def _of_gpu(gpu: dict[str, str]) -> str:
    advice = f"; mend it with: {gpu['command']}" if gpu["command"] else ""
    return gpu["software"] + (f". {gpu['missing'].rstrip('.')}{advice}" if gpu["missing"] else "")


def _devices() -> list[str]:
    """The devices minidl can compute on."""
    with contextlib.suppress(ImportError):
        from ..cuda.diagnosis import diagnose

        return ["cpu", *diagnose().cards]
    return ["cpu"]


def _lessons() -> list[str]:
    from .course import lessons

    return [lesson.name for lesson in lessons()]
