"""What a worker may see of the machine: Python, the libraries a lesson uses, nothing of anybody's.

minidl itself is not among it: its modules come over the wire, so that no source can be read.
"""

from __future__ import annotations

import functools
import importlib.metadata
import os
import re
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import final

LIBRARIES = ("numpy", "ml_dtypes", "safetensors", "tqdm", "matplotlib", "scikit-learn")
OTHERS = ("site-packages", "dist-packages")  # where libraries of all kinds lie
NEEDS = re.compile(r"Requires-Dist:\s*([\w.-]+)")
DEVICES = ("/dev/urandom", "/dev/random", "/dev/zero")


@final
@dataclass(frozen=True)
class View:
    """What may be read. `python` runs programs; `paths` is where it looks for modules.

    folders: whole folders. hidden: folders in those that are not to be seen.
    pieces: files and folders, some of them within what is hidden.
    """

    python: str
    paths: tuple[str, ...]
    folders: tuple[str, ...]
    hidden: tuple[str, ...]
    pieces: tuple[str, ...]

    def readable(self) -> list[str]:
        """The same as a list that leaves the hidden folders out, for one who can only add."""
        found = [*self.pieces, *DEVICES]
        for folder in self.folders:
            found += _without(folder, self.hidden)
        return found


@functools.lru_cache(maxsize=1)
def view() -> View:
    """The view for this Python."""
    standard = sysconfig.get_path("stdlib")
    compiled = sysconfig.get_path("platstdlib", vars={"platbase": sys.base_exec_prefix})
    homes = list(dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib")))
    shared = [folder for folder in _shared_folders() if not _below(folder, [standard, *homes])]
    python = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
    folders = list(dict.fromkeys(map(os.path.realpath, (standard, compiled, *shared))))
    hidden = [
        str(place)
        for folder in [os.path.dirname(folders[0]), *folders]
        for pattern in OTHERS
        for place in [*Path(folder).glob(pattern), *Path(folder).glob(f"python3*/{pattern}")]
        if _below(str(place), folders)
    ]
    pieces = [python, *_standard_libraries(python), *_libraries(), "/etc/ld.so.cache"]
    return View(
        python,
        tuple(homes),
        tuple(folders),
        tuple(dict.fromkeys(hidden)),
        tuple(path for path in dict.fromkeys(pieces) if os.path.exists(path)),
    )


def _standard_libraries(python: str) -> Iterator[str]:
    """What lies beside the standard library: libpython, wherever it is."""
    yield from (path for path in _mapped() if "libpython" in path)
    yield from (str(path) for path in Path(python).parent.parent.glob("lib/libpython*"))


def _libraries() -> Iterator[str]:
    """The top folders and files of the libraries, and of what they need in their turn."""
    waiting: list[str] = list(LIBRARIES)
    done: set[str] = set()
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in done:
            continue
        done.add(name)
        try:
            found = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        yield from _tops(found)
        for line in (found.read_text("METADATA") or "").splitlines():
            needed = NEEDS.match(line)
            if needed and "extra ==" not in line:
                waiting.append(needed[1])


def _tops(distribution: importlib.metadata.Distribution) -> Iterator[str]:
    record = distribution.read_text("RECORD") or ""
    tops = {line.partition(",")[0].partition("/")[0] for line in record.splitlines()}
    for top in sorted(tops):
        if top and top != ".." and top != "__pycache__" and not top.endswith(".pth"):
            yield str(distribution.locate_file(top))


def _mapped() -> list[str]:
    """The files of machine code that this process runs."""
    try:
        lines = Path("/proc/self/maps").read_text().splitlines()
    except OSError:
        return []
    return sorted({parts[5] for line in lines if len(parts := line.split(None, 5)) == 6})


def _shared_folders() -> list[str]:
    """The folders of the system's shared libraries."""
    found = {os.path.dirname(os.path.realpath(path)) for path in _mapped() if ".so" in path}
    usual = ("/lib64", "/usr/lib64", f"/usr/lib/{sysconfig.get_config_var('MULTIARCH')}")
    found |= {os.path.realpath(path) for path in usual if os.path.isdir(path)}
    return sorted(path for path in found if path.startswith(("/lib", "/usr", "/opt", "/nix")))


def _below(path: str, folders: list[str]) -> bool:
    real = os.path.realpath(path)
    return any(real == f or real.startswith(f + "/") for f in map(os.path.realpath, folders))


def _without(folder: str, hidden: tuple[str, ...]) -> Iterator[str]:
    """The folder in pieces where something in it is hidden, to any depth."""
    inside = [h for h in hidden if h.startswith(folder + "/")]
    if not inside:
        yield folder
        return
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.path not in inside:
            yield from _without(entry.path, tuple(inside))
