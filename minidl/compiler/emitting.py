"""From a graph to a program: passes, then the emitter asked for, then what works instead."""

from importlib import import_module
from typing import Any

from .graph import Graph
from .interpreting import Interpreter
from .program import Program

BACKENDS = ("native", "plan", "eager")


def program_of(graph: Graph, targets: list[int | None], backend: str) -> tuple[Program, list[str]]:
    """A program for a graph, and why it is not of the kind asked for, if so.

    Args:
        graph: after the passes.
        backend: "native" (C), "plan" (NumPy) or "eager" (primitive by primitive).
    """
    notes: list[str] = []
    for kind in BACKENDS[BACKENDS.index(backend) : -1]:
        emit, unsupported = _emitter(kind)
        try:
            return emit(graph, targets), notes
        except unsupported as error:
            notes.append(f"'{kind}' cannot be used: {error}")
    return Interpreter(graph, targets), notes


def _emitter(kind: str) -> tuple[Any, Any]:
    """An emitter and what it raises where it cannot do a graph."""
    module = import_module(f".{kind}", __package__)
    problems = [getattr(module, name, None) for name in ("Unsupported", "BuildError")]
    return getattr(module, kind), (NotImplementedError, *filter(None, problems))
