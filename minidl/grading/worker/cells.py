"""Runs a notebook's cells as the judge does: exercise cells whole, of others what defines things.

Only what defines something runs of a cell that is no exercise (imports, functions, classes,
literals), so that a notebook which trains for minutes is judged in a moment.
"""

from __future__ import annotations
import __future__

import ast
import linecache
import re
import sys
from typing import Any

from .. import stage
from ..limits import OutOfTime, time_limit
from ..pieces.replacing import ROOM
from ..running import Silence, execute, quiet
from .later import later

CELL_SECONDS = 20.0
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
SILENT = [name for name in stage.__all__ if getattr(stage, name) is stage.check]
QUESTION = re.compile(r"\?{0,2}%{0,2}[\w.*]+\?{1,2}|\?{1,2}%{0,2}[\w.*]+")  # `sum?`, `?sum`
PYTHON_CELLS = ("%%time", "%%timeit", "%%capture", "%%prun")  # these run what stands below them


def definitions(source: str) -> str:
    """The statements of a cell that define something and compute nothing."""
    return ast.unparse(ast.Module(_definitions(source), []))


def without_magics(source: str) -> str:
    """The cell without what only IPython reads (`%matplotlib inline`, `!ls`, `help?`).

    What is Python as it stands, such as a `% 7` on a line of its own in brackets, stays.
    """
    first = source.lstrip().partition("\n")[0].split()
    if first and first[0].startswith("%%") and first[0] not in PYTHON_CELLS:
        return ""
    lines = source.splitlines()
    kept = [line for line in lines if not _is_magic(line)]
    return source if len(kept) == len(lines) or _is_python(source) else "\n".join(kept)


def run_cell(
    source: str, position: int, namespace: dict[str, Any], whole: bool, seconds: float
) -> bool:
    """Runs one cell; no error gets out. Returns whether it ended within the time."""
    namespace.update(_silenced(namespace))
    try:
        with quiet(Silence()), time_limit(seconds):
            if whole:
                execute(without_magics(source), f"<cell {position}>", namespace)
            else:
                _define(source, position, namespace)
    except OutOfTime:
        return False
    except BaseException:  # what an error says of itself may be an error
        return True
    return True


def _define(source: str, position: int, namespace: dict[str, Any]) -> None:
    """A cell's definitions one by one, so that a broken one costs itself alone."""
    name, flags = f"<cell {position}>", 0
    linecache.cache[name] = (len(source), None, without_magics(source).splitlines(True), name)
    for node in _definitions(source):
        flags |= _future(node)
        try:
            if (names := later(node)) is not None:
                namespace.update(names)
            else:
                code = compile(ast.Module([node], []), name, "exec", flags, dont_inherit=True)
                exec(code, namespace)
        except (Exception, SystemExit):
            continue


def _future(node: ast.stmt) -> int:
    """The compiler's flags for a `from __future__ import ...`, which holds for the whole cell."""
    if not isinstance(node, ast.ImportFrom) or node.module != "__future__":
        return 0
    features = (getattr(__future__, alias.name, None) for alias in node.names)
    return sum(feature.compiler_flag for feature in features if feature)


def _definitions(source: str) -> list[ast.stmt]:
    try:
        tree = ast.parse(without_magics(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [node for node in tree.body if isinstance(node, DEFINITIONS) or _is_constant(node)]


def _is_magic(line: str) -> bool:
    text = line.strip()
    return text.startswith(("%", "!")) or QUESTION.fullmatch(text) is not None


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _silenced(namespace: dict[str, Any]) -> dict[str, Any]:
    """This room's own `check` and its like, to do nothing: the judge judges by itself."""
    face = sys.modules[ROOM]
    held = [name for name in SILENT if name in namespace]
    return {name: stage.check for name in held if namespace[name] is getattr(face, name)}


def _is_constant(node: ast.stmt) -> bool:
    if not isinstance(node, (ast.Assign, ast.AnnAssign)) or node.value is None:
        return False
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if any(isinstance(target, (ast.Subscript, ast.Attribute)) for target in targets):
        return False  # `x[0] = 1` needs an x, which may not have been made
    try:
        ast.literal_eval(node.value)
    except (ValueError, TypeError, RecursionError, MemoryError):
        return False
    return True
