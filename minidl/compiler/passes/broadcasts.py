"""Repeated numbers: what is repeated is not computed again and again.

An element-wise call broadcasts by itself, so it may take what `expand` was applied to. Where all of
its inputs were expanded it computes the few numbers there are, and its result is expanded instead.
A sum over equal numbers is a product.
"""

from math import prod
from typing import Any

from ... import ops
from ...backend import category
from ...primitive import TABLE, broadcast
from ..graph import Call, Graph
from .rewriting import Draft, rewritten


def broadcasts(graph: Graph) -> Graph:
    """The graph in which `expand` stands as late as it can.

    add(x, expand(y))          ->  add(x, y)
    exp(expand(y))             ->  expand(exp(y))
    sum(expand(y))             ->  mul(y, n)
    """
    return rewritten(graph, _RULES)


def _unexpanded(draft: Draft, call: Call) -> Any:
    inputs, changed = [], False
    for x in call.inputs:
        made = draft.maker(x, ops.expand_)
        inputs.append(x if made is None else made.inputs[0])
        changed = changed or made is not None
    if not changed:
        return None
    shape = broadcast(*(tuple(x.shape) for x in inputs if hasattr(x, "shape")))
    if shape == call.output.shape:
        draft.keep(call.on(tuple(inputs)))
        return call.output
    return draft.instead(call, draft.write(call, call.primitive, *inputs, **call.params))


def _sum(draft: Draft, call: Call) -> Any:
    """The sum of what was repeated n times along the summed dimensions, and not along others."""
    (x,), z = call.inputs, call.output
    made = draft.maker(x, ops.expand_)
    if made is None or category(z.dtype) < 2:
        return None
    y, summed = made.inputs[0], set(_summed(call))
    sizes = (1,) * (x.ndim - len(y.shape)) + tuple(y.shape)
    repeated = {d for d in range(x.ndim) if sizes[d] != x.shape[d]}
    n = prod(x.shape[d] for d in repeated & summed)
    if n == 0 or not repeated & summed:
        return None
    rest = tuple(sorted(summed - repeated))
    y = draft.write(call, ops.reshape_, y, shape=sizes)
    if rest:
        y = draft.write(call, ops.sum_, y, dims=rest, keepdim=True)
    y = draft.write(call, ops.mul, y, n)
    kept = tuple(1 if d in summed else m for d, m in enumerate(x.shape))
    if y.shape != kept:
        y = draft.write(call, ops.expand_, y, shape=kept)
    return y if y.shape == z.shape else draft.write(call, ops.reshape_, y, shape=z.shape)


def _summed(call: Call) -> tuple[int, ...]:
    """The dimensions over which `sum` or `sum_to` adds."""
    if call.primitive is ops.sum_:
        return call.params["dims"]
    (x,), shape = call.inputs, call.params["shape"]
    new = x.ndim - len(shape)
    return (*range(new), *(i for i, n in enumerate(shape, new) if n == 1 and x.shape[i] != 1))


def _expanded(draft: Draft, call: Call) -> Any:
    """One expand for several; none where there is nothing to repeat."""
    (x,) = call.inputs
    made = draft.maker(x, ops.expand_)
    x = x if made is None else made.inputs[0]
    if tuple(x.shape) == call.output.shape:
        return x
    if made is None:
        return None
    draft.keep(call.on((x,)))
    return call.output


_RULES: dict[Any, tuple] = {
    primitive: (_unexpanded,) for primitive in TABLE.values() if primitive.prepare is not None
}
_RULES |= {ops.expand_: (_expanded,), ops.sum_: (_sum,), ops.sum_to: (_sum,)}
