"""Constants: what depends on no input is computed once, while compiling."""

from math import prod

from ... import ops
from ...backend import run
from ..graph import Call, Graph, Symbol
from .rewriting import Draft

LARGEST = 2**16  # numbers in a constant that is larger than all it was computed from


def constants(graph: Graph) -> Graph:
    """The graph without calls on constants alone: their results are constants.

    Random calls stay, and so do those that would make a small constant large. `expand` is one of
    them: it costs nothing when it runs, and the passes see through it.
    """
    draft = Draft(graph)
    for call in graph.calls:
        call = draft.renewed(call)
        if _is_known(call):
            draft.becomes[call.output] = _array(call)
        else:
            draft.keep(call)
    return draft.finished()


def _is_known(call: Call) -> bool:
    before = 1
    for x in call.inputs:
        if type(x) is Symbol:
            return False
        before += prod(getattr(x, "shape", ()))
    if call.random or call.primitive is ops.transfer:
        return False
    after = prod(call.output.shape)
    return after <= (1 if call.primitive is ops.expand_ else max(before, LARGEST))


def _array(call: Call):
    """The result, as an array that shows no number twice."""
    z = run(call.primitive, call.inputs, call.params)
    return z if getattr(z, "base", None) is None else z.copy()
