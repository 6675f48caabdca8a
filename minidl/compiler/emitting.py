"""From a graph to a program: passes, then the emitter asked for, then what works instead."""

from importlib import import_module
from typing import Any

from ..backend import Device, cpu
from .graph import Graph
from .program import NOWHERE, BuildError, Ends, Program

BACKENDS = ("native", "plan", "eager")
MODULES = {"native": ".native.emitting", "plan": ".plan", "cuda": ".cuda"}


def prepared(
    graph: Graph, targets: list[int | None], backend: str, place: Device = cpu,
    ends: Ends = NOWHERE,
) -> tuple[Program, list[str]]:  # fmt: skip
    """As `program_of`, for a graph as it was traced: one that an earlier process kept, or passes
    and emitter."""
    shelf = _shelf(graph, targets) if backend == "native" and place is cpu else None
    program = None if shelf is None else shelf.program()
    if program is not None:
        return program, []
    passes = import_module(".passes", __package__)
    program, notes = program_of(passes.optimise(graph), targets, backend, place, ends)
    if shelf is not None:
        shelf.keep(program)
    return program, notes


def _shelf(graph: Graph, targets: list[int | None]) -> Any:
    """Where a native program may be kept; None where there can be none."""
    try:
        return import_module(".native.keeping", __package__).Shelf(graph, targets)
    except (BuildError, ImportError):
        return None


def program_of(
    graph: Graph, targets: list[int | None], backend: str, place: Device = cpu,
    ends: Ends = NOWHERE,
) -> tuple[Program, list[str]]:  # fmt: skip
    """A program for a graph, and why it is not of the kind asked for, if so.

    Args:
        graph: after the passes.
        backend: "native" (C; CUDA on a card), "plan" (NumPy) or "eager" (call by call).
        place: the device that its numbers are on.
        ends: where inputs come from and outputs go.
    """
    notes: list[str] = []
    for kind, options in _emitters(backend, place, ends):
        try:
            return _emitter(kind)(graph, targets, *options), notes
        except (BuildError, ImportError) as error:  # a browser's Python may lack ctypes
            notes.append(f"'{kind}' cannot be used: {error}")
    interpreter = import_module(".interpreting", __package__).Interpreter
    return interpreter(graph, targets, place, ends.numbers), notes


def _emitters(backend: str, place: Device, ends: Ends) -> list[tuple[str, tuple]]:
    """The emitters to try, in order, and what else they are told."""
    if place is cpu:
        return [(kind, ()) for kind in BACKENDS[BACKENDS.index(backend) : -1]]
    # the plan's calls are NumPy's
    return [("cuda", (ends, place))] if backend == "native" else []


def _emitter(kind: str) -> Any:
    """graph, targets -> program; loaded when it is first asked for."""
    return getattr(import_module(MODULES[kind], __package__), kind)
