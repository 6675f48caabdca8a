"""The worker's side of `cutting`: makes functions of the source and values that were cut out."""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Mapping
from typing import Any


def rebuild(runs: Mapping[str, list], files: Mapping[str, list[str]]) -> dict[str, Any]:
    """The worker's side: the runs by part id, made of what was cut.

    Raises what the statements raise.
    """
    scopes: dict[str, dict[str, Any]] = {}
    for label, statements in files.items():
        module = types.ModuleType(label.strip("<>").replace(" ", "_").replace(".", "_"))
        sys.modules[module.__name__] = module
        scopes[label] = vars(module)
        for text in statements:
            exec(compile(text, label, "exec", dont_inherit=True), scopes[label])
    return {part: _made_of(run, scopes) for part, run in runs.items()}


def _made_of(reference: Any, scopes: Mapping[str, dict[str, Any]]) -> Any:
    kind, *rest = reference
    if kind == "plain":
        return rest[0]
    if kind in ("list", "tuple"):
        items = [_made_of(item, scopes) for item in rest[0]]
        return items if kind == "list" else tuple(items)
    if kind == "dict":
        return {key: _made_of(item, scopes) for key, item in rest[0]}
    if kind == "name":
        return scopes[rest[0]][rest[1]]
    if kind == "far":
        found = importlib.import_module(rest[0])
        for step in filter(None, rest[1].split(".")):
            found = getattr(found, step)
        return found
    return _function_of(*rest, scopes=scopes)


def _function_of(
    label: str,
    source: str,
    free: Mapping[str, list],
    defaults: list,
    named: Mapping[str, list],
    *,
    scopes: Mapping[str, dict[str, Any]],
) -> Any:
    """A function that closes over the values which came with it."""
    values = {name: _made_of(value, scopes) for name, value in free.items()}
    lines = source.splitlines()
    if source.startswith("lambda"):
        body = ["    return (", *lines, "    )"]
    else:
        name = next(n for line in lines if (n := line.strip()).startswith("def "))
        name = name.removeprefix("def ").partition("(")[0]
        body = [*(f"    {line}" for line in lines), f"    return {name}"]
    maker = "\n".join([f"def maker({', '.join(values)}):", *body])
    local: dict[str, Any] = {}
    exec(compile(maker, label, "exec", dont_inherit=True), scopes[label], local)
    function = local["maker"](**values)
    function.__defaults__ = tuple(_made_of(value, scopes) for value in defaults) or None
    function.__kwdefaults__ = {k: _made_of(v, scopes) for k, v in named.items()} or None
    return function
