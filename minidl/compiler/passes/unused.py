"""Dead code: what no output depends on is not computed."""

from ..graph import Graph, Symbol


def unused(graph: Graph) -> Graph:
    """The graph without calls that nobody needs.

    Calls that draw random numbers stay: eager mode draws them too, and the numbers that come after
    in the stream would be others.
    """
    alive = {x for x in graph.outputs if type(x) is Symbol}
    kept = []
    for call in reversed(graph.calls):
        if call.output in alive or call.random:
            kept.append(call)
            alive.update(x for x in call.inputs if type(x) is Symbol)
    return graph.with_calls(kept[::-1])
