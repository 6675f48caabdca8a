"""Duplicates: what is computed twice from the same inputs is computed once."""

from typing import Any

from ..graph import Call, Graph, Symbol
from .rewriting import Draft


def duplicates(graph: Graph) -> Graph:
    """The graph in which no two calls have one primitive, inputs and parameters.

    Random calls are never the same: each draws its own numbers.
    """
    draft = Draft(graph)
    known: dict[Any, Symbol] = {}
    for call in graph.calls:
        call = draft.renewed(call)
        key = None if call.random else _key(call)
        first = None if key is None else known.setdefault(key, call.output)
        if first is None or first is call.output:
            draft.keep(call)
        else:
            draft.becomes[call.output] = first
    return draft.finished()


def _key(call: Call) -> Any:
    """What two calls share if they compute the same; None where that cannot be told."""
    key = (call.primitive, *map(_of_input, call.inputs), *map(_of_param, call.params.items()))
    try:
        hash(key)
    except TypeError:
        return None
    return key


def _of_input(x: Any) -> Any:
    if type(x) is Symbol:
        return x
    if not hasattr(x, "shape"):
        return type(x), repr(x)  # 1, 1.0 and True are equal to Python, and so are 0.0 and -0.0
    if x.size == 1:
        return x.dtype, x.shape, x.tobytes()
    return id(x)


def _of_param(x: Any) -> Any:
    if isinstance(x, tuple):
        return tuple(map(_of_param, x))
    if isinstance(x, slice):  # not hashable before Python 3.12
        return slice, x.start, x.stop, x.step
    return repr(x) if isinstance(x, (float, complex)) else x
