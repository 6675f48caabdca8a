"""Keeps the learner's passing pieces in `my_minidl.py`, one file to read, edit and be proud of."""

from __future__ import annotations

import ast
import builtins
import inspect
import linecache
import re
import symtable
import types
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..running import execute
from ..spec import Exercise
from ..workplace import workplace

FILE = "my_minidl.py"
DOOR = '''"""The pieces of minidl that I wrote, one section per exercise that passed.

`from minidl.grading import load_mine; load_mine()` puts them to work. Edit them as you like: what
you changed is checked again when it is loaded, and a broken piece is left out with a sentence.
"""
'''
HEAD = re.compile(r"^# ---- exercise (\S+): .*$", re.MULTILINE)


def keep(exercise: Exercise, namespace: Mapping[str, Any]) -> bool:
    """Writes the exercise's section. False when no source can be found (outside a notebook)."""
    source = source_of(exercise.entry, namespace, notebook_cells(namespace))
    if not source:
        return False
    path = _place(None)
    if path is not None:
        sections = _sections(path)
        head = f"# ---- exercise {exercise.id}: {exercise.title} ----"
        sections[exercise.id] = f"{head}\n\n{source}\n"
        text = "\n\n".join([sections.pop("", DOOR), *(sections[id] for id in sorted(sections))])
        path.write_text(text, encoding="utf-8")
    return True


def sections(path: str | Path | None = None) -> dict[str, str]:
    """The text of each exercise in the file, by its id, in the file's order."""
    return {id: text for id, text in _sections(_place(path)).items() if id}


def load(path: str | Path | None = None) -> tuple[types.ModuleType, dict[str, str]]:
    """Runs the file section by section. Returns the module and, for each broken section, why."""
    module, broken = types.ModuleType("my_minidl"), {}
    for id, text in _sections(_place(path)).items():
        try:
            execute(text, f"<{FILE} {id}>", module.__dict__)
        except Exception as error:
            broken[id] = f"it raised {type(error).__name__}: {error}"
    return module, broken


def notebook_cells(namespace: Mapping[str, Any]) -> list[str]:
    """The cells run so far in this kernel, oldest first; empty outside IPython.

    Where the kernel keeps no history, those that the namespace's functions and classes came from.
    """
    try:
        shell = get_ipython()  # type: ignore[name-defined]  # noqa: F821  IPython's own builtin
    except NameError:
        return []
    cells = [cell for cell in shell.history_manager.input_hist_parsed if cell]
    return cells or ["".join(linecache.getlines(file)) for file in _files(namespace)]


def _files(namespace: Mapping[str, Any]) -> list[str]:
    """The files, in memory, that IPython compiled the namespace's functions and classes from."""
    pieces = list(namespace.values())
    pieces += [m for piece in pieces if isinstance(piece, type) for m in vars(piece).values()]
    own = [p for p in pieces if isinstance(p, types.FunctionType) and p.__module__ == "__main__"]
    return list(dict.fromkeys(inspect.unwrap(piece).__code__.co_filename for piece in own))


def source_of(names: Iterable[str], namespace: Mapping[str, Any], cells: list[str]) -> str:
    """The statements that made these names, newest version, with what they need to stand alone.

    Imports and other pieces of the notebook that the statements mention are put in front.
    """
    statements = _statements(cells)
    done: dict[str, list[str]] = {}
    imports: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in done:
            continue
        done[name] = _makers(name, statements)
        for text in done[name]:
            for used in sorted(_mentioned(text) - done.keys()):
                line = _import_line(used, namespace)
                if line:
                    imports.add(line)
                elif used in namespace and not hasattr(builtins, used):
                    waiting.append(used)
    if any(not done[name] for name in names):
        return ""
    order = {text: i for i, (text, _) in enumerate(statements)}
    pieces = sorted(
        {text for texts in done.values() for text in texts}, key=lambda text: order[text]
    )
    return "\n\n".join((["\n".join(sorted(imports))] if imports else []) + pieces)


def _statements(cells: list[str]) -> list[tuple[str, ast.stmt]]:
    """Every top-level statement of every cell that can be read, with its comment lines above."""
    found = []
    for cell in cells:
        try:
            tree = ast.parse(cell)
        except SyntaxError:
            continue
        lines = cell.splitlines()
        for node in tree.body:
            start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]) - 1
            while start > 0 and lines[start - 1].startswith("#"):
                start -= 1
            found.append(("\n".join(lines[start : node.end_lineno]), node))
    return found


def _makers(name: str, statements: list[tuple[str, ast.stmt]]) -> list[str]:
    """The last statement that binds the name, and later ones such as `Value.__mul__ = ...`."""
    makers: list[str] = []
    for text, node in statements:
        if _binds(node, name):
            makers = [text]
        elif makers and _adds_to(node, name):
            makers = [old for old in makers if old != text] + [text]
    return makers


def _binds(node: ast.stmt, name: str) -> bool:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return node.name == name
    targets: list = (
        list(node.targets) if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    )
    while targets:
        target = targets.pop()
        if isinstance(target, ast.Name) and target.id == name:
            return True
        targets += target.elts if isinstance(target, (ast.Tuple, ast.List)) else []
    return False


def _adds_to(node: ast.stmt, name: str) -> bool:
    if not isinstance(node, ast.Assign):
        return False
    return any(
        isinstance(t, ast.Attribute) and isinstance(t.value, ast.Name) and t.value.id == name
        for t in node.targets
    )


def _mentioned(source: str) -> set[str]:
    """The names that a piece reads from outside itself; its own arguments and variables are not."""
    tables, found = [symtable.symtable(source, "<piece>", "exec")], set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        inside = table.get_type() != "module"
        for name in table.get_symbols():
            if name.is_referenced() and (name.is_global() or not inside):
                found.add(name.get_name())
    return found


def _import_line(name: str, namespace: Mapping[str, Any]) -> str:
    """How to import what this name stands for, when it came from a module."""
    value = namespace.get(name)
    if isinstance(value, types.ModuleType):
        return f"import {value.__name__}" + ("" if value.__name__ == name else f" as {name}")
    module, own = getattr(value, "__module__", None), getattr(value, "__name__", None)
    if (
        hasattr(builtins, name)
        or not own
        or not module
        or module in ("__main__", "builtins", namespace.get("__name__"))
    ):
        return ""
    return f"from {module} import {own}" + ("" if own == name else f" as {name}")


def _sections(path: Path | None) -> dict[str, str]:
    """The file by exercise id; what stands before the first section is under ""."""
    if path is None or not path.is_file():
        return {}
    text = path.read_text(encoding="utf-8")
    heads = list(HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    sections = (
        {"": text[: heads[0].start()].rstrip() + "\n"} if heads else {"": text.rstrip() + "\n"}
    )
    for head, end in zip(heads, ends, strict=False):
        sections[head[1]] = text[head.start() : end].rstrip() + "\n"
    return sections


def _place(path: str | Path | None) -> Path | None:
    if path is not None:
        return Path(path)
    folder = workplace()
    return folder / FILE if folder else None
