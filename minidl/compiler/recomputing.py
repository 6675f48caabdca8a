"""Cheap results are computed again where they are needed late, instead of being kept until then.

backward reads, in the opposite order, what forward made; so at the turn everything is alive. An
element-wise result whose own inputs are kept anyway, or are small, costs less time to make twice
than memory to keep: x * 0.5 from x, x - mean from x and the mean of each row.
"""

from math import prod
from typing import Any, final

from .. import ops
from .graph import Call, Graph, Symbol

FAR = 64  # calls between two uses that are worth it
LARGE = 2**16  # bytes of a result that is worth it
SMALL = 16  # an input of so many times fewer bytes may be kept for it
CHEAP = {
    *(ops.add_, ops.sub_, ops.mul, ops.neg, ops.relu, ops.maximum, ops.minimum, ops.where_),
    *(ops.eq, ops.ne, ops.lt, ops.le, ops.gt, ops.ge, ops.cast, ops.abs_, ops.sign, ops.pad_),
}
# In a loop of native code that reads memory anyway these, too, are cheaper than memory.
CURVES = {ops.exp, ops.erf, ops.tanh, ops.sigmoid, ops.sqrt, ops.pow_, ops.div_}


def recomputed(graph: Graph, cheap: set[Any] = CHEAP, most: int = 4) -> Graph:
    """The graph in which cheap calls stand again before the uses that are far from others.

    Args:
        cheap: the primitives that may be called again.
        most: calls that are made again for one result.
    """
    lives = Lives(graph, cheap)
    again: list[list[Call]] = [[] for _ in graph.calls]
    for number, call in enumerate(graph.calls):
        late = lives.late(call, number)
        chain = lives.chain(call, late[-1], most) if late else None
        if chain is not None:
            for at in late:
                again[at] += chain
            lives.shorten(call, number, late[0])
    return _written(graph, again)


@final
class Lives:
    """How long each result is kept.

    Attributes:
        makers: the call that makes each symbol.
        uses: the numbers of the calls that read it.
        last: the last of them; of inputs and outputs, the number of calls.
        seen: the same, also of what reads a view.
    """

    def __init__(self, graph: Graph, cheap: set[Any]):
        self.calls, self.cheap = graph.calls, cheap
        self.makers = {call.output: call for call in graph.calls}
        self.uses: dict[Symbol, list[int]] = {x: [] for x in (*graph.inputs, *self.makers)}
        for number, call in enumerate(graph.calls):
            for x in dict.fromkeys(x for x in call.inputs if type(x) is Symbol):
                self.uses[x].append(number)
        self.last = {x: found[-1] if found else -1 for x, found in self.uses.items()}
        kept = (x for x in (*graph.inputs, *graph.outputs) if type(x) is Symbol)
        self.last |= dict.fromkeys(kept, len(graph.calls))
        self.seen = dict(self.last)
        for call in reversed(graph.calls):
            first = call.inputs[0]
            if call.primitive.view and type(first) is Symbol:
                self.seen[first] = max(self.seen[first], self.seen[call.output])

    def late(self, call: Call, number: int) -> list[int]:
        """The uses of a large, cheap result that are far from the one before."""
        z = call.output
        if call.primitive not in self.cheap or _bytes(z) < LARGE or self.last[z] == len(self.calls):
            return []
        found = self.uses[z]
        late = [at for old, at in zip([number, *found], found, strict=False) if at - old > FAR]
        early = [self.calls[at] for at in found if late and at < late[0]]
        kept = any(c.primitive.view and self.seen[c.output] >= late[0] for c in early)
        return [] if kept else late  # what a view shows late is there anyway

    def chain(self, call: Call, end: int, most: int) -> list[Call] | None:
        """The calls, at most so many, that make a result from what is kept until `end` anyway."""
        calls: list[Call] = []
        for x in call.inputs:
            if type(x) is not Symbol or self.last[x] >= end:
                continue
            if _bytes(x) * SMALL <= _bytes(call.output):
                self.last[x] = end
                continue
            maker = self.makers[x]
            if maker.primitive not in self.cheap or len(calls) + 1 >= most:
                return None
            before = self.chain(maker, end, most - len(calls) - 1)
            if before is None:
                return None
            calls += before
        return [*calls, call]

    def shorten(self, call: Call, number: int, end: int) -> None:
        """A result is not kept until its late uses any more."""
        self.last[call.output] = max((at for at in self.uses[call.output] if at < end),
                                     default=number)  # fmt: skip


def _written(graph: Graph, again: list[list[Call]]) -> Graph:
    """The graph with calls repeated; those after a repeated one use its new result."""
    new, becomes = graph.with_calls([]), {}
    for call, before in zip(graph.calls, again, strict=True):
        for first in before:
            becomes[first.output] = Symbol(new, first.output.shape, first.output.dtype)
            copy = _renewed(first, becomes)
            new.calls.append(Call(first.primitive, copy.inputs, first.params,
                                  becomes[first.output], first.asked, first.scope))  # fmt: skip
        new.calls.append(_renewed(call, becomes))
    return new


def _renewed(call: Call, becomes: dict) -> Call:
    inputs = tuple(becomes.get(x, x) if type(x) is Symbol else x for x in call.inputs)
    return call.on(inputs)


def _bytes(x: Symbol) -> int:
    return prod(x.shape) * x.dtype.itemsize
