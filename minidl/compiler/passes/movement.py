"""Movements: numbers that are moved twice are moved once, and those moved back stay."""

from typing import Any

from ... import ops
from ..graph import Call, Graph
from .rewriting import Draft, rewritten


def movement(graph: Graph) -> Graph:
    """The graph with fewer movements.

    reshape(reshape(x))        ->  reshape(x)
    permute(permute(x))        ->  permute(x)
    a movement to the same place  ->  x
    crop(pad(x)) at one key    ->  x
    clone(x)                   ->  x, since nothing in a graph is written over
    """
    return rewritten(graph, _RULES)


def _same(draft: Draft, call: Call) -> Any:
    """Where nothing moves."""
    (x,) = call.inputs
    return x if tuple(x.shape) == call.output.shape else None


def _reshaped(draft: Draft, call: Call) -> Any:
    made = draft.maker(call.inputs[0], ops.reshape_)
    if made is None:
        return None
    (x,) = made.inputs
    if tuple(x.shape) == call.output.shape:
        return x
    return draft.write(call, ops.reshape_, x, shape=call.output.shape)


def _permuted(draft: Draft, call: Call) -> Any:
    (x,), dims = call.inputs, call.params["dims"]
    made = draft.maker(x, ops.permute_)
    if made is not None:
        x, dims = made.inputs[0], tuple(made.params["dims"][d] for d in dims)
    if dims == tuple(range(len(dims))):
        return x
    return None if made is None else draft.write(call, ops.permute_, x, dims=dims)


def _flipped(draft: Draft, call: Call) -> Any:
    (x,) = call.inputs
    made = draft.maker(x, ops.flip_)
    twice = made is not None and set(made.params["dims"]) == set(call.params["dims"])
    return made.inputs[0] if made is not None and twice else None


def _cropped(draft: Draft, call: Call) -> Any:
    (x,), key = call.inputs, call.params["key"]
    if tuple(x.shape) == call.output.shape and all(_whole(k) for k in key):
        return x
    made = draft.maker(x, ops.pad_)
    return made.inputs[0] if made is not None and made.params["key"] == key else None


def _whole(k: Any) -> bool:
    """Whether an item of a key leaves out nothing, where the shape stays."""
    return k is Ellipsis or isinstance(k, slice) and k.step in (None, 1)


def _itself(draft: Draft, call: Call) -> Any:
    return call.inputs[0]


_RULES = {
    ops.reshape_: (_same, _reshaped),
    ops.permute_: (_permuted,),
    ops.flip_: (_flipped,),
    ops.crop: (_cropped,),
    ops.sum_to: (_same,),
    ops.clone: (_itself,),
}
