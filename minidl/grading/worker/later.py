"""Imports heavy libraries when they are first used: most notebooks load them and few answers do.

Beside the exercises a cell's imports are all that runs of it, and a library of pictures takes
longer to load than a lesson to judge. So those of the list are bound to a stand-in.
"""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator
from typing import Any, final

HEAVY = ("matplotlib", "mpl_toolkits", "pylab", "sklearn", "scipy", "PIL", "pandas", "seaborn")


def is_heavy(module: str) -> bool:
    """Whether a module belongs to a library that takes long to load."""
    return module.partition(".")[0] in HEAVY


def later(node: ast.stmt) -> dict[str, Later] | None:
    """The names that an import makes, bound to stand-ins; None when it must be run as it is."""
    found = dict(_names(node))
    if "*" in found:
        return None
    waiting = [thing.module for thing in found.values() if thing.module not in sys.modules]
    return found if waiting and all(is_heavy(t.module) for t in found.values()) else None


def _names(node: ast.stmt) -> Iterator[tuple[str, Later]]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            top = alias.name.partition(".")[0]
            yield alias.asname or top, Later(alias.name, "", alias.name if alias.asname else top)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        for alias in node.names:
            yield alias.asname or alias.name, Later(node.module, alias.name, node.module)


@final
class Later:
    """Stands for a module, or for a name in one, until somebody looks at it.

    module: what is imported. name: what is taken from it, or the module itself when empty.
    holder: the module that the name is taken from, or that is meant.
    """

    def __init__(self, module: str, name: str, holder: str):
        self.__dict__.update(module=module, name=name, holder=holder)

    def _real(self) -> Any:
        importlib.import_module(self.module)
        found = sys.modules[self.holder]
        if self.name and not hasattr(found, self.name):
            return importlib.import_module(f"{self.holder}.{self.name}")
        return getattr(found, self.name) if self.name else found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real(), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._real(), name, value)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._real()(*args, **kwargs)

    def __mro_entries__(self, _bases: tuple) -> tuple:
        return (self._real(),)

    def __dir__(self) -> list[str]:
        return dir(self._real())
