"""The gradient of a compiled function's results, written on the same paper as the function."""

from typing import Any, final

from .. import tape
from ..errors import GradientError
from ..tensors import Tensor
from .effects import Effect
from .graph import Symbol
from .results import tensors_in
from .subjects import Subjects


@final
class Pullback:
    """The walk back from some results, as calls that come after those of the function.

    Attributes:
        start: how many calls belong to the function itself.
        results: symbols of the results that have a gradient.
        outputs: their positions among the outputs of the graph.
        leaves: which subjects they have one with respect to.
        seeds: symbols of the gradients of the results.
        gradients: symbols of the gradients of the leaves.
    """

    def __init__(self, start: int, results: list, leaves: list, seeds: list, gradients: list):
        self.start = start
        self.results: list[Symbol] = results
        self.outputs: list[int] = []
        self.leaves: list[int] = leaves
        self.seeds: list[Symbol] = seeds
        self.gradients: list[Any] = gradients


def pullback_of(result: Any, subjects: Subjects, effects: list[Effect]) -> Pullback | None:
    """Writes down the gradient of what a function returned, if there can be one.

    There is none where nothing was recorded, where the function walked back itself and freed its
    history, or where it changed the very tensors that the gradient would be taken at.
    """
    found = {id(x): x for x in tensors_in(result) if x.requires_grad and x.node is not None}
    outputs = list(found.values())
    if not outputs or not tape.is_recording():
        return None
    known = subjects.by_tensor
    leaves = [known[id(x)] for x in tape.leaves(outputs) if id(x) in known]
    written = {effect.index for effect in effects if effect.kind == "write"}
    if not leaves or written & set(leaves):
        return None
    graph = subjects.graph
    seeds = [Symbol(graph, x.shape, x.dtype) for x in outputs]
    inputs = [subjects.all[i].tensor for i in leaves]
    start, blanks = len(graph.calls), [x.like(s) for x, s in zip(outputs, seeds, strict=True)]
    try:
        gradients = tape.gradients(outputs, inputs, blanks, True, False)
    except GradientError:
        del graph.calls[start:]
        return None
    arrays = [g.array if isinstance(g, Tensor) else None for g in gradients]
    return Pullback(start, [x.array for x in outputs], leaves, seeds, arrays)
