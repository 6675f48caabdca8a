"""Passes: from a graph to a better graph that gives the same numbers.

Each is a function Graph -> Graph in a file of its own, takes time in proportion to the calls, and
leaves the graph that it was given as it is.
"""

from collections.abc import Callable

from ..graph import Graph
from .algebra import algebra as algebra
from .broadcasts import broadcasts as broadcasts
from .constants import constants as constants
from .duplicates import duplicates as duplicates
from .movement import movement as movement
from .outlines import outlines as outlines
from .unused import unused as unused

PASSES: tuple[Callable[[Graph], Graph], ...] = (
    unused,
    outlines,
    broadcasts,
    constants,
    algebra,
    movement,
    duplicates,
    unused,
)


def optimise(graph: Graph) -> Graph:
    """The graph after all passes."""
    for step in PASSES:
        graph = step(graph)
    return graph


def stages(graph: Graph) -> list[tuple[str, Graph]]:
    """The graph as it was traced, and after each pass, with the name of the pass."""
    found = [("traced", graph)]
    for step in PASSES:
        graph = step(graph)
        found.append((step.__name__, graph))
    return found
