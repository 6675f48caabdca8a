"""Cuts out of a spec what a part's `run` needs, as source, so that nothing else goes to the worker.

A spec holds questions and answers in one file. A `run` that was made by another function, or handed
to one, is cut at its own lines, with the values that it closed over; a name of the file that it
mentions is cut with the statement that makes it, and so on from there. An exercise, a part or a
wrong answer is never cut out, and a `run` that reaches one is refused.
"""

from __future__ import annotations

import ast
import dis
import sys
import types
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, final

from ..spec import Exercise, Part, Wrong

FORBIDDEN = (Exercise, Part, Wrong)
FUNCTIONS = (ast.Lambda, ast.FunctionDef)
PLAIN = (str, bytes, bool, int, float, complex, type(None))


@final
class CuttingError(Exception):
    """A `run` that cannot stand apart from its spec; the message says what it reaches."""


@final
class Cut:
    """What the runs of some exercises are made of, as plain data for the wire.

    runs: {"exercise/part": reference}. files: {file's name: statements cut from it, in order}.
    A reference is a list: ["plain", value], ["name", file, name], ["far", module, dotted name],
    ["list" | "tuple", references], ["dict", [[key, reference], ...]] or
    ["made", file, source, {free name: reference}, defaults, keyword defaults].
    reached: the code of every function that was cut at its own lines; for tests.
    """

    def __init__(self, *exercises: Exercise):
        self.reached: set[types.CodeType] = set()
        self._wanted: dict[str, set[int]] = {}  # file -> the places of statements in it
        self._files: dict[str, _File] = {}
        self._within: list[int] = []
        pairs = [(exercise.id, part) for exercise in exercises for part in exercise.parts]
        self.runs = {f"{id}/{part.id}": self._part(id, part) for id, part in pairs}
        self.files = {
            name: [self._files[name].text(place) for place in sorted(places)]
            for name, places in self._wanted.items()
        }

    def _part(self, exercise: str, part: Part) -> list:
        try:
            return self._value(part.run)
        except CuttingError as error:
            raise CuttingError(f"{exercise}/{part.id}: `run` {error}") from None

    def _value(self, value: Any) -> list:
        """How the worker comes by this value."""
        if isinstance(value, FORBIDDEN):
            raise CuttingError("reaches an exercise of the spec; let it use functions only")
        if isinstance(value, PLAIN):
            return ["plain", value]
        if isinstance(value, (list, tuple)) and type(value) in (list, tuple):
            return [type(value).__name__, [self._value(item) for item in value]]
        if type(value) is dict and all(isinstance(key, PLAIN) for key in value):
            return ["dict", [[key, self._value(item)] for key, item in value.items()]]
        if isinstance(value, types.FunctionType) and (file := self._file(value)):
            return self._function(value, file)
        if isinstance(value, type) and (file := self._file(value)):
            return self._name(file, value.__name__)
        return _far(value)

    def _function(self, function: types.FunctionType, file: _File) -> list:
        if file.scope.get(function.__name__) is function and function.__name__ in file.makers:
            self.reached.add(function.__code__)
            return self._name(file, function.__name__)
        if id(function) in self._within:
            raise CuttingError("reaches a function inside another that calls itself")
        self._within.append(id(function))
        self.reached.add(function.__code__)
        node = file.find(function.__code__)
        self._mentions(file, function.__code__)
        cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        free = {name: self._value(cell.cell_contents) for name, cell in cells}
        defaults = [self._value(value) for value in function.__defaults__ or ()]
        named = {key: self._value(v) for key, v in (function.__kwdefaults__ or {}).items()}
        self._within.pop()
        return ["made", file.label, _bare(node), free, defaults, named]

    def _name(self, file: _File, name: str) -> list:
        self._keep(file, name)
        return ["name", file.label, name]

    def _keep(self, file: _File, name: str) -> None:
        """Marks the statements that make a name, and those that make what they mention."""
        if isinstance(value := file.scope.get(name), types.FunctionType):
            self.reached.add(value.__code__)
        wanted = self._wanted.setdefault(file.label, set())
        self._files[file.label] = file
        for place in file.makers.get(name, ()):
            if place not in wanted:
                _check(name, file.scope.get(name))
                wanted.add(place)
                self._mentions(file, compile(file.text(place), file.label, "exec"))

    def _mentions(self, file: _File, code: types.CodeType) -> None:
        self._wanted.setdefault(file.label, set())
        self._files[file.label] = file
        for name in _names(code):
            if name in file.makers:
                self._keep(file, name)

    def _file(self, value: Any) -> _File | None:
        """The file to cut this function or class from; None when the worker has it anyhow."""
        module = sys.modules.get(value.__module__)
        if isinstance(value, types.FunctionType):
            if not _is_known(value.__module__) or "<locals>" in value.__qualname__:
                return _file(value.__code__.co_filename, value.__globals__)
        elif not _is_known(value.__module__) and module is not None:
            return _file(getattr(module, "__file__", "") or "", vars(module))
        return None


@final
class _File:
    """A source file: its statements, and which of them make which name."""

    def __init__(self, path: str, scope: Mapping[str, Any]):
        self.label = f"<{Path(path).name} of {Path(path).parent.name}>"
        self.scope = scope
        self.tree = ast.parse(Path(path).read_text(encoding="utf-8"))
        self.body = self.tree.body
        self.functions: dict[int, list[ast.AST]] = {}  # by the lines on which they may begin
        for node in ast.walk(self.tree):
            if isinstance(node, FUNCTIONS):
                lines = {node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))}
                for line in lines:
                    self.functions.setdefault(line, []).append(node)
        self.makers: dict[str, list[int]] = {}
        for place, statement in enumerate(self.body):
            for name in _made(statement):
                self.makers.setdefault(name, []).append(place)

    def text(self, place: int) -> str:
        """A statement as source, without docstrings."""
        return ast.unparse(_undocumented(self.body[place]))

    def find(self, code: types.CodeType) -> ast.AST:
        """The function whose code this is, by its lines and columns."""
        spots = set(code.co_positions())
        for node in self.functions.get(code.co_firstlineno, ()):
            if isinstance(node, ast.FunctionDef) and node.name == code.co_name:
                return node
            if isinstance(node, ast.Lambda):
                body = node.body
                place = body.lineno, body.end_lineno, body.col_offset, body.end_col_offset
                if place in spots:
                    return node
        raise CuttingError(f"is not found in {self.label}, line {code.co_firstlineno}")


@lru_cache(maxsize=64)
def _parsed(path: str, stamp: int, scope: int) -> _File:
    return _File(path, _scopes[scope])


_scopes: dict[int, Mapping[str, Any]] = {}


def _file(path: str, scope: Mapping[str, Any]) -> _File:
    if not Path(path).is_file():
        raise CuttingError(f"reaches something whose source is not there ({path})")
    _scopes[id(scope)] = scope
    return _parsed(path, Path(path).stat().st_mtime_ns, id(scope))


def _far(value: Any) -> list:
    """A thing that the worker finds in a module of its own."""
    if isinstance(value, types.ModuleType):
        return ["far", value.__name__, ""]
    module = getattr(value, "__module__", None)
    name = getattr(value, "__qualname__", None) or getattr(value, "name", None)
    for room in (module, getattr(type(value), "__module__", None)):
        if isinstance(room, str) and isinstance(name, str) and _is_known(room):
            found = sys.modules.get(room)
            for step in name.split("."):
                found = getattr(found, step, None)
            if found is value:
                return ["far", room, name]
    raise CuttingError(f"reaches a {type(value).__name__}, which cannot be sent to the worker")


def _is_known(module: str | None) -> bool:
    """Whether the worker can import this module: Python's own, NumPy's and minidl's rooms."""
    if not module:
        return False
    root, grading = module.partition(".")[0], __name__.rpartition(".")[0]
    if module == grading or module.startswith(f"{grading}."):
        return False
    own = grading.partition(".")[0]
    return root in (own, "numpy", "ml_dtypes") or root in sys.stdlib_module_names


def _check(name: str, value: Any) -> None:
    inside = value if isinstance(value, (list, tuple)) else [value]
    if any(isinstance(item, FORBIDDEN) for item in inside):
        raise CuttingError(f"reaches `{name}`, an exercise of the spec; let it use functions only")


def _names(code: types.CodeType) -> Iterator[str]:
    """The names that this code, or code within it, looks for in its file."""
    for step in dis.get_instructions(code):
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield step.argval
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _names(inner)


def _made(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement of a file makes."""
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        yield statement.name
    elif isinstance(statement, (ast.Import, ast.ImportFrom)):
        for alias in statement.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        for inner in ast.walk(statement):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                yield inner.id


def _undocumented(node: ast.AST) -> ast.AST:
    """The same without docstrings, which may tell more than the worker should know."""
    node = ast.parse(ast.unparse(node)).body[0]
    for inner in ast.walk(node):
        if isinstance(inner, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(inner):
            inner.body = inner.body[1:] or [ast.Pass()]
    return node


def _bare(node: ast.AST) -> str:
    """A function's source without its defaults, which are sent as values."""
    node = ast.parse(ast.unparse(node)).body[0]
    for inner in ast.walk(node):
        if isinstance(inner, FUNCTIONS):
            nothing = ast.Constant(None)
            inner.args.defaults = [nothing for _ in inner.args.defaults]
            inner.args.kw_defaults = [d and nothing for d in inner.args.kw_defaults]
            break
    return ast.unparse(_undocumented(ast.fix_missing_locations(node)))


def joined(cut: Cut) -> str:
    """All the text that goes to the worker; for tests."""
    return "\n".join([*(text for file in cut.files.values() for text in file), str(cut.runs)])
