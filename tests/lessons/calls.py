"""Finds functions of minidl and NumPy in a lesson's code that no sentence has introduced.

A function is introduced by text before its cell, or in it, that names it in `code`; by a comment at
the end of its line or on the line above; or by a sentence that the lesson's glossary quotes.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np

from minidl.nn import Module
from minidl.optim import Optimizer
from minidl.tensors import Tensor

from .glossary import FILE, Cell, course_cells, glossaries, without_magics

PACKAGES = ("minidl", "minidl_widgets", "numpy")
PYTHON = (str, list, dict, set, tuple, int, float, bytes, Path, builtins)
CODE = re.compile(r"```.*?```|`([^`]+)`", re.DOTALL)


@cache
def methods() -> frozenset[str]:
    """Names of methods that one must have been told of, and that no plain Python object has."""
    told = {name for kind in (Tensor, Module, Optimizer, np.ndarray) for name in dir(kind)}
    plain = {name for kind in PYTHON for name in dir(kind)}
    return frozenset(name for name in told - plain if not name.startswith("_"))


def unexplained(lesson_number: int) -> Iterator[str]:
    """A sentence for each function that one lesson uses before any sentence has introduced it."""
    named: set[str] = set()  # short names that somebody has named so far
    for number, (lesson, cells) in enumerate(course_cells()[: lesson_number + 1]):
        quoted, aliases, own = glossaries()[lesson.name].functions, {}, set()
        for cell in cells:
            named |= {_short(name) for name, place in quoted.items() if place == cell.place}
            if cell.kind == "markdown":
                named |= _named_in_text(cell)
                continue
            for name, lines in _used(cell, aliases, own):
                told = _short(name) in named or _commented(cell, *lines)
                if number == lesson_number and not told:
                    yield f"{cell.name} uses {name}; no sentence has introduced it ({FILE})."
                named.add(_short(name))  # once is enough


def _short(name: str) -> str:
    return name.rpartition(".")[2]


def _named_in_text(cell: Cell) -> set[str]:
    return {word for code in CODE.findall(cell.source) for word in re.findall(r"\w+", code)}


def _commented(cell: Cell, line: int, start: int) -> bool:
    """Whether a comment stands at the end of this line, above it, or above its statement."""
    lines = ["", *cell.source.splitlines()]
    above = (lines[line - 1].lstrip(), lines[start - 1].lstrip())
    return "  # " in lines[line] or any(one.startswith("# ") for one in above)


def _own_names(tree: ast.AST) -> set[str]:
    """What the lesson's own functions, classes and assignments are called."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
    return found


def _used(cell: Cell, aliases: dict[str, str], own: set[str]) -> Iterator[tuple[str, tuple]]:
    """Every function of our packages and method of theirs: full name, (line, statement's line).

    aliases: what the lesson imported so far; own: what it has called something itself. Both grow.
    """
    tree = ast.parse(without_magics(cell.source))
    own |= _own_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            _remember(node, aliases)
    starts = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    names = [node for node in ast.walk(tree) if isinstance(node, (ast.Name, ast.Attribute))]
    for node in sorted(names, key=lambda node: node.end_lineno or 0):
        name = _function(node, aliases) or _method(node, aliases, own)
        if name and isinstance(node.ctx, ast.Load):
            line = node.end_lineno or node.lineno
            yield name, (line, max(n for n in starts if n <= line))


def _function(node: ast.Name | ast.Attribute, aliases: dict[str, str]) -> str:
    """A function or class of our packages by its full name; empty for anything else."""
    full = _full_name(node, aliases)
    ours = full.split(".")[0] in PACKAGES
    outermost = _is_module(full.rpartition(".")[0]) or isinstance(node, ast.Name)
    return full if ours and outermost and not _is_module(full) else ""


def _method(node: ast.Name | ast.Attribute, aliases: dict[str, str], own: set[str]) -> str:
    """A method to be told of, of an object and of no module: `x.argmax`, but not `plt.plot`."""
    if isinstance(node, ast.Name) or node.attr in own or node.attr not in methods():
        return ""
    return "" if _full_name(node, aliases) else node.attr


def _remember(node: ast.Import | ast.ImportFrom, aliases: dict[str, str]) -> None:
    for name in node.names:
        if isinstance(node, ast.ImportFrom):
            aliases[name.asname or name.name] = f"{node.module}.{name.name}"
        else:
            aliases[name.asname or name.name.split(".")[0]] = (
                name.name if name.asname else name.name.split(".")[0]
            )


def _full_name(node: ast.expr, aliases: dict[str, str]) -> str:
    """`np.random.default_rng` as "numpy.random.default_rng"; empty where no import begins it."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    first = aliases.get(node.id, "") if isinstance(node, ast.Name) else ""
    return ".".join([first, *reversed(parts)]) if first else ""


@cache
def _is_module(full: str) -> bool:
    """Whether a dotted name is a module's."""
    head, _, last = full.rpartition(".")
    try:
        return bool(importlib.import_module(full))
    except (ImportError, ValueError):
        known = bool(head) and _is_module(head)
        return known and inspect.ismodule(getattr(importlib.import_module(head), last, None))
