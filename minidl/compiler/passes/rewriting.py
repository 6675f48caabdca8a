"""A graph written anew, call by call: what every pass is made of.

A rule looks at one call, and back at the calls that made its inputs, and says what could stand in
its place. One walk applies all rules to all calls, each to inputs that are rewritten already.
"""

from collections.abc import Callable, Mapping
from typing import Any, final

from ... import ops
from ...backend import cpu
from ..graph import Call, Graph, Symbol

Rule = Callable[["Draft", Call], Any]


@final
class Draft:
    """The new graph, as far as it is written.

    Attributes:
        makers: the call that made each symbol of the new graph.
        becomes: what stands for symbols of the old graph that are no more.
    """

    def __init__(self, old: Graph):
        self.old = old
        self.graph = Graph()
        self.graph.count, self.graph.inputs = old.count, old.inputs
        self.makers: dict[Symbol, Call] = {}
        self.becomes: dict[Symbol, Any] = {}

    def renewed(self, call: Call) -> Call:
        """An old call with what its inputs have become."""
        becomes = self.becomes
        for x in call.inputs:
            if type(x) is Symbol and x in becomes:
                return call.on(tuple(becomes.get(x, x) if type(x) is Symbol else x
                                     for x in call.inputs))  # fmt: skip
        return call

    def keep(self, call: Call) -> None:
        """Takes a call over."""
        self.graph.calls.append(call)
        self.makers[call.output] = call

    def write(self, near: Call, primitive: Any, *inputs: Any, **params: Any) -> Symbol:
        """A new call, at the place in the user's code where another one was asked for."""
        outline = primitive.outline(*inputs, **params)
        output = Symbol(self.graph, outline.shape, outline.dtype)
        self.keep(Call(primitive, inputs, params, output, near.asked, near.scope))
        return output

    def maker(self, x: Any, primitive: Any) -> Call | None:
        """The call that made x, if it is one of this primitive."""
        call = self.makers.get(x) if type(x) is Symbol else None
        return call if call is not None and call.primitive is primitive else None

    def instead(self, call: Call, x: Any) -> Any:
        """x in the shape and dtype of a call's output, which it replaces."""
        z = call.output
        if not hasattr(x, "dtype"):
            x = cpu.asarray(x, z.dtype)
        elif x.dtype != z.dtype:
            x = self.write(call, ops.cast, x, dtype=z.dtype)
        return x if tuple(x.shape) == z.shape else self.write(call, ops.expand_, x, shape=z.shape)

    def finished(self) -> Graph:
        """The new graph, with the outputs of the old one."""
        becomes = self.becomes
        outputs = [becomes.get(x, x) if type(x) is Symbol else x for x in self.old.outputs]
        self.graph.outputs = outputs
        return self.graph


def rewritten(graph: Graph, rules: Mapping[Any, tuple[Rule, ...]]) -> Graph:
    """The graph after one walk.

    Args:
        rules: per primitive, rules (draft, call) -> what stands for the call's output from now on,
            or None where the rule has nothing to say; the first that has is followed.
    """
    draft = Draft(graph)
    for call in graph.calls:
        call = draft.renewed(call)
        for rule in rules.get(call.primitive, ()):
            new = rule(draft, call)
            if new is not None:
                draft.becomes[call.output] = new
                break
        else:
            draft.keep(call)
    return draft.finished()
