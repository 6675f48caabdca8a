"""From a graph to a program: passes, then the emitter asked for, then what works instead."""

from importlib import import_module
from typing import Any

from .graph import Graph
from .interpreting import Interpreter
from .program import BuildError, Program

BACKENDS = ("native", "plan", "eager")


def program_of(graph: Graph, targets: list[int | None], backend: str) -> tuple[Program, list[str]]:
    """A program for a graph, and why it is not of the kind asked for, if so.

    Args:
        graph: after the passes.
        backend: "native" (C), "plan" (NumPy) or "eager" (primitive by primitive).
    """
    notes: list[str] = []
    for kind in BACKENDS[BACKENDS.index(backend) : -1]:
        try:
            return _emitter(kind)(graph, targets), notes
        except (BuildError, ImportError) as error:  # a browser's Python may lack ctypes
            notes.append(f"'{kind}' cannot be used: {error}")
    return Interpreter(graph, targets), notes


def _emitter(kind: str) -> Any:
    """graph, targets -> program; loaded when it is first asked for."""
    return getattr(import_module(f".{kind}", __package__), kind)
