"""What a drawn graph is, whatever engine it came from: nodes, edges, and what crosses an edge.

An adapter (`scalars.py` for the learner's engine, `tensors.py` for minidl's) looks at its engine
once and hands over a `Picture`. All that follows (the steps, the layout, the drawing) reads the
picture only.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, final

from . import writing


@final
@dataclass
class Edge:
    """One use of a value: `source` is input number `slot` of `target`.

    `push(g)` is the contribution that an incoming gradient `g` at the target makes to the source:
    for numbers `g * local`, for arrays the primitive's rule. None where the engine cannot tell.
    """

    source: int
    target: int
    slot: int
    push: Callable[[Any], Any] | None = None
    local: float | str = ""  # d target / d source: a number, or what stands for one
    note: str = ""  # where the local derivative came from, if not from the engine's own record

    @property
    def id(self) -> str:
        """The edge's name in the page."""
        return f"e{self.source}-{self.target}-{self.slot}"


@final
@dataclass
class Node:
    """One value of the graph. `value` is a number, an array, or None where it was not kept."""

    index: int
    value: Any
    op: str = ""
    name: str = ""
    shape: str = ""
    params: str = ""
    where: str = ""
    scope: tuple[str, ...] = ()
    leaf: str = ""  # the keyword under which the reader can change it
    constant: bool = False  # written in the expression itself
    wanted: bool = True  # whether a gradient is asked for

    @property
    def id(self) -> str:
        """The node's name in the page."""
        return f"n{self.index}"


@final
@dataclass
class Picture:
    """Nodes in an order in which they can be computed, the edges between them, the result."""

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    root: int | None = None  # None where the code stopped before it had a result
    problem: str = ""  # the sentence that says why it stopped
    own: dict[str, Any] = field(default_factory=dict)  # leaf -> the gradient the engine found
    notice: str = ""  # what the engine's own backward() did wrong, if it did

    def add(self, value: Any, **fields: Any) -> int:
        """One more node; its number. Of an outline without numbers only the shape is shown."""
        numbers = value if hasattr(value, "reshape") or not hasattr(value, "shape") else None
        self.nodes.append(Node(len(self.nodes), numbers, shape=writing.shape(value), **fields))
        return len(self.nodes) - 1

    def inputs(self) -> set[int]:
        """The nodes that nothing computes: leaves, parameters and constants."""
        return {node.index for node in self.nodes} - {edge.target for edge in self.edges}

    def name_result(self, f: Callable) -> None:
        """A result without a name takes its function's."""
        name = getattr(f, "__name__", "")
        if self.root is not None and not self.nodes[self.root].name:
            self.nodes[self.root].name = name if name.isidentifier() else "out"


@final
@dataclass
class Crossing:
    """A gradient crosses an edge: `incoming` becomes `part`; `before += part` makes `after`."""

    edge: Edge
    incoming: Any
    part: Any
    before: Any
    after: Any
    first: bool  # nothing had arrived at the source before


def walk_back(picture: Picture) -> tuple[list[Crossing], dict[int, Any]]:
    """Reverse mode: from the result back, every edge once. The crossings, and the gradients."""
    if picture.root is None:
        return [], {}
    into: dict[int, list[Edge]] = {}
    for edge in picture.edges:
        into.setdefault(edge.target, []).append(edge)
    grads: dict[int, Any] = {picture.root: filled(picture.nodes[picture.root].value, 1.0)}
    crossings = []
    for node in reversed(picture.nodes):
        for edge in into.get(node.index, ()) if node.index in grads else ():
            wanted = picture.nodes[edge.source].wanted
            part = edge.push(grads[node.index]) if edge.push and wanted else None
            if part is None:
                continue
            first = edge.source not in grads
            before = filled(part, 0.0) if first else grads[edge.source]
            grads[edge.source] = after = before + part
            crossings.append(Crossing(edge, grads[node.index], part, before, after, first))
    return crossings, grads


def filled(value: Any, with_: float) -> Any:
    """A number, or an array of the value's shape and dtype. (inf * 0 would not be 0.)"""
    if not hasattr(value, "dtype"):
        return with_
    return ((value == value) & False).astype(value.dtype) + value.dtype.type(with_)
