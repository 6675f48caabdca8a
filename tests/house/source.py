"""The house as text: every source file by its path, and its syntax tree. Nothing is imported."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import final

ROOT = Path(__file__).parents[2]
ROOMS = ("minidl", "widgets")
TEXT = {"", ".css", ".html", ".ipynb", ".js", ".json", ".md", ".py", ".toml", ".txt", ".yml"}


@final
class House:
    """Files by their path from the root, as text. A test may build a small one of its own."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = dict(files)

    @classmethod
    def here(cls) -> House:
        """This repository: what git tracks or would track."""
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        found = listed.stdout.splitlines() or [
            path.relative_to(ROOT).as_posix()
            for path in ROOT.rglob("*")
            if not any(part in (".git", ".venv", "my-course") for part in path.parts)
        ]
        return cls({
            name: (ROOT / name).read_text(encoding="utf-8")
            for name in found
            if Path(name).suffix in TEXT and (ROOT / name).is_file()
        })

    @cached_property
    def trees(self) -> dict[str, ast.Module]:
        """The syntax trees of the package and the widgets."""
        return {name: ast.parse(text) for name, text in self.files.items() if self._built(name)}

    @cached_property
    def scripts(self) -> dict[str, ast.Module]:
        """The syntax trees of every Python file, tests and lessons included."""
        return {
            name: ast.parse(text) for name, text in self.files.items() if name.endswith(".py")
        }

    def _built(self, name: str) -> bool:
        return name.endswith(".py") and name.split("/")[0] in ROOMS

    def rooms(self, *starts: str) -> Iterator[tuple[str, ast.Module]]:
        """Files and trees below any of these paths."""
        return ((name, tree) for name, tree in self.trees.items() if name.startswith(starts))


def module_of(path: str) -> str:
    """The dotted name of a file: minidl/ops/__init__.py is minidl.ops."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def at(path: str, node: ast.AST) -> str:
    """Where something stands, as an editor opens it."""
    return f"{path}:{getattr(node, 'lineno', 1)}"


def dotted(node: ast.AST | None) -> str:
    """`a.b.c` of a name or an attribute (or what is called or subscripted there), else ''."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    if isinstance(node, ast.Call):
        return dotted(node.func)
    return dotted(node.value) if isinstance(node, ast.Subscript) else ""
