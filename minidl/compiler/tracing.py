"""`trace`: runs a function on symbols and returns what was written down."""

from collections.abc import Callable
from typing import Any

from ..tensors import Tensor
from .graph import Graph
from .scopes import scopes


def trace(function: Callable) -> Callable[..., Graph]:
    """The function's graph for arguments of these shapes, found without any numbers.

    Args:
        function: tensors -> a tensor, or a tuple or list of them. It may call `backward`, `grad`,
            `grad` of `grad`: those are written down as well.

    Returns:
        A function of example tensors that gives the `Graph`.

    Raises:
        TypeError: the function looks at a number (`if x > 0`, `x.item()`).
    """

    def traced(*examples: Any) -> Graph:
        graph = Graph()
        arguments = [_on_paper(graph, x) for x in examples]
        with scopes(graph):
            result = function(*arguments)
        outputs = result if isinstance(result, (tuple, list)) else (result,)
        graph.outputs = [x.array if isinstance(x, Tensor) else x for x in outputs]
        return graph

    return traced


def _on_paper(graph: Graph, example: Any) -> Any:
    """A tensor of a new input symbol; anything else stays as it is."""
    if not isinstance(example, Tensor):
        return example
    symbol = graph.add_input(example.shape, example.dtype)
    return Tensor(symbol, requires_grad=example.requires_grad)
