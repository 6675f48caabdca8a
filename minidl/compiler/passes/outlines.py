"""Calls that ask an input for its shape and dtype only: their input need not be computed."""

from typing import Any

from ... import ops
from ...backend import cpu, run
from ...ops.random import bernoulli_
from ..graph import Call, Graph, Symbol
from .rewriting import Draft, rewritten


def outlines(graph: Graph) -> Graph:
    """The graph in which `fill` and the like depend on no numbers.

    fill(x, value=v)  ->  expand(v, shape=x.shape)
    uniform_like(x)   ->  uniform_like(zeros)
    """
    return rewritten(graph, _RULES)


def _filled(draft: Draft, call: Call) -> Any:
    number = run(call.primitive, [cpu.asarray(0, call.output.dtype)], call.params)
    return draft.instead(call, number)


def _drawn(draft: Draft, call: Call) -> Any:
    """The same call on zeros, which take no memory: one number is shown in all places."""
    (x,) = call.inputs
    if type(x) is not Symbol:
        return None
    zeros = ops.expand_(cpu.asarray(0, x.dtype), shape=x.shape)
    draft.keep(call.on((zeros,)))
    return call.output


def _given(draft: Draft, call: Call) -> Any:
    """Chances that are one constant are given as such, so that nothing has to run before."""
    made = draft.maker(call.inputs[0], ops.expand_)
    if made is None or type(made.inputs[0]) is Symbol:
        return None
    draft.keep(call.on((ops.expand_(made.inputs[0], **made.params), *call.inputs[1:])))
    return call.output


_RULES = {
    ops.fill: (_filled,),
    ops.uniform_like: (_drawn,),
    ops.normal_like: (_drawn,),
    ops.integers_like: (_drawn,),
    ops.permutation_like: (_drawn,),
    bernoulli_: (_given,),
}
