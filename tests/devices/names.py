"""What CuPy offers, written down so that it can be looked up where CuPy is not installed.

`python -m tests.devices.names` writes cupy.txt anew from the CuPy that is installed. A line is a
public name with the names of its parameters; of a ufunc, "ufunc"; of what is no function, nothing.
"""

import inspect
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

LISTING = Path(__file__).with_name("cupy.txt")
ROOMS = ("", "linalg.", "fft.", "lib.stride_tricks.", "cuda.", "cuda.runtime.", "ndarray.")
ABOUT = "# CuPy {version}: what it offers; written by `python -m tests.devices.names`"


def offered() -> dict[str, str]:
    """By dotted name: the parameters, "ufunc", or nothing."""
    lines = LISTING.read_text().splitlines()[1:]
    parts = [line.partition(" ") for line in lines]
    return {name: described for name, _, described in parts}


def found() -> tuple[str, dict[str, str]]:
    """The version of the CuPy that is installed, and what it offers."""
    cupy = import_module("cupy")
    names = {}
    for room in ROOMS:
        place = cupy
        for step in filter(None, room.split(".")):
            place = getattr(place, step)
        for name in dir(place):
            if not name.startswith("_"):
                names[room + name] = _described(getattr(place, name, None))
    return cupy.__version__, names


def _described(thing: Any) -> str:
    if type(thing).__name__ == "ufunc":
        return "ufunc"
    try:
        return " ".join(inspect.signature(thing).parameters)
    except (TypeError, ValueError):
        return ""


def main() -> int:
    version, names = found()
    lines = [ABOUT.format(version=version)]
    lines += [f"{name} {names[name]}".rstrip() for name in sorted(names)]
    LISTING.write_text("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
