"""Which module a call was made in, so that a large graph can be folded into modules."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..nn.hooks import register_module_forward_hook, register_module_forward_pre_hook
from .graph import Graph


@contextmanager
def scopes(graph: Graph) -> Iterator[None]:
    """Keeps `graph.scope` at the names of the modules that are running, outermost first."""
    names: dict[int, tuple[str, ...]] = {}
    outer: list[tuple[str, ...]] = []

    def enter(module: Any, args: tuple) -> None:
        outer.append(graph.scope)
        if not graph.scope:
            root = type(module).__name__
            for name, part in module.named_modules():
                names[id(part)] = (root, *(name.split(".") if name else ()))
        graph.scope = names.get(id(module), (*graph.scope, type(module).__name__))

    def leave(module: Any, args: tuple, output: Any) -> None:
        graph.scope = outer.pop()

    handles = register_module_forward_pre_hook(enter), register_module_forward_hook(leave)
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
