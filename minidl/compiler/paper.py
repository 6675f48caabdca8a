"""Paper: the third device. It computes nothing; it writes down what was asked."""

import sys
from pathlib import Path
from types import CodeType
from typing import Any, final

from .. import backend
from ..backend import SCALAR, Device
from ..errors import CompileError
from .graph import Call, Graph, Symbol

_PACKAGE = str(Path(__file__).parent.parent)


@final
class Paper(Device):
    """Applies a primitive's outline rule to symbols, and adds a call to their graph."""

    type, index, writable = "paper", None, False

    def run(self, primitive, inputs, params):
        inputs = tuple(inputs)
        graph = _graph_of(inputs)
        if primitive.composition is not None and not _stays_whole(primitive, graph, inputs, params):
            # A number of NumPy would make symbols of its own dtype; eager rules write into arrays.
            plain = {name: x.item() if isinstance(x, SCALAR) else x for name, x in params.items()}
            return primitive.composition(*inputs, **plain)
        outline = primitive.outline(*inputs, **params)
        output = Symbol(graph, outline.shape, outline.dtype)
        graph.calls.append(Call(primitive, inputs, params, output, _asked_from(), graph.scope))
        return output

    def asarray(self, data, dtype=None):
        return data if isinstance(data, Symbol) else backend.cpu.asarray(data, dtype)

    def to_host(self, array):
        raise CompileError(
            "On paper there are no numbers to take out: item(), numpy(), tolist() and printing a "
            "value need a run. Return the tensor from the traced function instead."
        )

    def address(self, array):
        raise CompileError("On paper there is no memory, so nothing has an address there.")


def _stays_whole(primitive: Any, graph: Graph, inputs: tuple, params: dict[str, Any]) -> bool:
    """Whether a fused primitive is one call on the graph's device, since no compiler matches it."""
    when = primitive.whole.get(graph.place)
    return when is not None and when(*inputs, **params)


def _graph_of(inputs: tuple) -> Graph:
    graph = None
    for x in inputs:
        if type(x) is Symbol:
            if graph is not None and x.graph is not graph:
                raise ValueError(
                    "Symbols of two traces met; trace one function that contains both."
                )
            graph = x.graph
    assert graph is not None
    return graph


def _asked_from() -> tuple[CodeType, int]:
    """The nearest line outside minidl's own source, as a code object and a number."""
    frame = sys._getframe(2)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    return frame.f_code, frame.f_lineno


paper = Paper()
backend.register(Symbol, paper)
