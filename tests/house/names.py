"""What files and functions are called, what they say of themselves, and what they must not tell."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from .source import House, at

VAGUE = {"helpers", "helper", "common", "core", "base", "misc"}
FACE_FUNCTIONS = {"tensor", "device", "compile"}  # functions of `minidl`, which a module would hide

# Written in two halves, so that this file keeps its own law.
HOSTS = ["pypi" + ".org", "pythonhosted" + ".org", "registry.npm" + "js", "deb" + ".debian"]
HOSTS += ["nodejs" + ".org", "proxy.gol" + "ang", "conda" + ".anaconda", "index-" + "url"]
PATHS = re.compile(r"(?<![\w.])/(?:root|work|opt/py\w+|home/\w+|Us" + r"ers/\w+)/")


def files(house: House) -> Iterator[str]:
    """A file's name says what is in it, and hides no function of the face."""
    for path in house.files:
        place = PurePosixPath(path)
        parts = {place.stem, *(place.parts[:-1] if path in house.trees else ())}
        for name in sorted(parts & VAGUE):
            yield f"{path}: '{name}' says nothing"
        for name in sorted(parts & FACE_FUNCTIONS if place.parts[0] == "minidl" else ()):
            yield f"{path}: 'minidl.{name}' is a function, which this module would hide"
        if "utils" in parts and not thin(house.trees.get(path)):
            yield f"{path}: utils/ only passes on PyTorch's names for what stands elsewhere"


def thin(tree: ast.Module | None) -> bool:
    """Whether a file defines nothing: imports, a docstring, `__all__`."""
    defines = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return tree is not None and not any(isinstance(node, defines) for node in ast.walk(tree))


def docstrings(house: House) -> Iterator[str]:
    """Every file, public class and public function says what it is for."""
    for path, tree in house.trees.items():
        if tree.body and not ast.get_docstring(tree):
            yield f"{path}: no sentence on the door"
        for node in tree.body:
            named = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            if named and not node.name.startswith("_") and not ast.get_docstring(node):
                yield f"{at(path, node)}: {node.name} has no docstring"


def places(house: House) -> Iterator[str]:
    """No file names a package registry's host or a folder of somebody's machine."""
    for path, text in house.files.items():
        for number, line in enumerate(text.splitlines(), 1):
            found = [host for host in HOSTS if host in line] + PATHS.findall(line)
            yield from (f"{path}:{number}: {name}" for name in found)
