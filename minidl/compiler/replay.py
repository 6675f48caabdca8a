"""The gradient of a compiled function: one entry of the tape for all that it computed.

To the tape a compiled call is one primitive, applied to the tensors it read. Its rule runs the
compiled pullback; where the gradient is to be differentiated itself, it runs the same graph on
values, so that every line of it is recorded.
"""

from math import prod
from threading import Lock
from typing import TYPE_CHECKING, Any, final

import numpy

from .. import ops
from ..ops.movement import clone
from ..primitive import primitive
from ..tape import Outline, Traced
from .emitting import prepared
from .graph import Call, Graph, Symbol

if TYPE_CHECKING:
    from .capture import Capture


@primitive(lambda *inputs, run: Outline(run.value.shape, run.value.dtype))
def replayed(xp, *inputs, run):
    """What a compiled function made of some tensors"""
    return run.value


@replayed.joint_vjp
def _(g, z, *inputs, run):
    return run.pull(g, inputs)


@final
class Replay:
    """What the gradient of a compiled function needs.

    Attributes:
        inputs: the subjects that the function read, those with a gradient first.
        outputs: positions of the results that have one.
        saved: positions of outputs that are there for the gradient alone.
    """

    def __init__(self, capture: "Capture", backend: str):
        pullback, graph = capture.pullback, capture.graph
        assert pullback is not None
        self.place: Any = capture.place
        self.outputs, self.leaves = pullback.outputs, pullback.leaves
        self.gradients = pullback.gradients
        self.calls = _needed_calls(graph.calls, self.gradients)
        written = {effect.index for effect in capture.effects if effect.kind == "write"}
        sources = dict(zip(graph.inputs, capture.sources, strict=True))
        self.symbols = {capture_index: symbol for symbol, (kind, capture_index) in sources.items()
                        if kind == "subject" and capture_index not in written}  # fmt: skip
        read = {x for call in self.calls for x in call.inputs if isinstance(x, Symbol)}
        read |= {x for x in self.gradients if isinstance(x, Symbol)}
        others = [i for i, x in self.symbols.items() if x in read and i not in self.leaves]
        self.inputs = [*self.leaves, *others]
        kept = {self.symbols[i] for i in self.inputs if i in self.symbols}
        forward = {call.output for call in graph.calls[: pullback.start]}
        later = _needed_calls(graph.calls[pullback.start :], self.gradients)
        wanted = {x for call in later for x in call.inputs if isinstance(x, Symbol)}
        wanted |= {x for x in self.gradients if isinstance(x, Symbol)}
        wanted |= {c.output for c in self.calls if "generator" in c.params}
        wanted |= {x for x in read if x in sources and x not in kept}
        self.residuals = [x for x in (*sources, *(c.output for c in graph.calls))
                          if x in wanted and (x in forward or x in sources) and x not in kept
                          ]  # fmt: skip
        self.saved = [_position(graph, x, capture) for x in self.residuals]
        self.program = _program(graph, later, [*kept, *self.residuals, *pullback.seeds],
                                self.gradients, backend, self.place)  # fmt: skip
        self.kept, self.seeds = list(kept), pullback.seeds
        self.lock = Lock()

    def __call__(self, tensors: tuple, outputs: tuple) -> list[Any]:
        """The results of a call as tensors with a history."""
        values = [array.copy() for array in outputs]
        results, residuals = values[: len(self.outputs)], values[len(self.outputs) :]
        if len(results) == 1:
            return [replayed(*tensors, run=_Run(self, results[0], residuals))]
        kind = numpy.result_type(*(x.dtype for x in results))
        packed = self.place.xp.concatenate([x.ravel().astype(kind, copy=False) for x in results])
        whole = replayed(*tensors, run=_Run(self, packed, residuals))
        ends = numpy.cumsum([x.size for x in results]).tolist()
        pieces = [whole[end - x.size : end] for end, x in zip(ends, results, strict=True)]
        return [piece.reshape(x.shape).to(x.dtype)
                for piece, x in zip(pieces, results, strict=True)]  # fmt: skip


@final
class _Run:
    """One call: what its gradient will need."""

    def __init__(self, replay: Replay, value: Any, residuals: list[Any]):
        self.replay, self.value, self.residuals = replay, value, residuals

    def pull(self, g: Any, inputs: tuple) -> list[Any]:
        """The gradients of the inputs, None for those without one."""
        replay, seeds = self.replay, self._seeds(g)
        if isinstance(g, Traced) or any(isinstance(x, Traced) for x in inputs):
            found = self._on_values(seeds, inputs)
        else:
            found = self._by_program(seeds, inputs)
        return [*found, *(None for _ in replay.inputs[len(replay.leaves) :])]

    def _seeds(self, g: Any) -> list[Any]:
        """The gradient of each result, out of that of all in a row."""
        shapes = [x.shape for x in self.replay.seeds]
        if len(shapes) == 1:
            return [g]
        seeds, start = [], 0
        for symbol in self.replay.seeds:
            end = start + prod(symbol.shape)
            piece = ops.reshape_(ops.crop(g, key=(slice(start, end),)), shape=symbol.shape)
            seeds.append(piece if g.dtype == symbol.dtype else ops.cast(piece, dtype=symbol.dtype))
            start = end
        return seeds

    def _by_program(self, seeds: list[Any], inputs: tuple) -> list[Any]:
        replay = self.replay
        given = dict(zip(replay.inputs, inputs, strict=True))
        arrays = {symbol: given[i] for i, symbol in replay.symbols.items() if i in given}
        numbers = [*(arrays[symbol] for symbol in replay.kept), *self.residuals, *seeds]
        with replay.lock:
            for place, array in zip(replay.program.inputs, numbers, strict=True):
                place[...] = array
            replay.program.run()
            made = iter([array.copy() for array in replay.program.outputs])
        return [None if symbol is None else next(made) for symbol in replay.gradients]

    def _on_values(self, seeds: list[Any], inputs: tuple) -> list[Any]:
        """The gradients with a history, line by line."""
        replay = self.replay
        given = dict(zip(replay.inputs, inputs, strict=True))
        known = {symbol: given[i] for i, symbol in replay.symbols.items() if i in given}
        fixed = {c.output for c in replay.calls if "generator" in c.params}
        for symbol, array in zip(replay.residuals, self.residuals, strict=True):
            if symbol in fixed or symbol not in {c.output for c in replay.calls}:
                known[symbol] = array
        known.update(zip(replay.seeds, seeds, strict=True))
        for call in replay.calls:
            if call.output not in known:
                operands = [known[x] if isinstance(x, Symbol) else x for x in call.inputs]
                known[call.output] = call.primitive(*operands, **call.params)
        return [None if symbol is None else known[symbol] for symbol in replay.gradients]


def _needed_calls(calls: list[Call], wanted: list[Any]) -> list[Call]:
    """Those calls that some symbols depend on."""
    alive, kept = {x for x in wanted if isinstance(x, Symbol)}, []
    for call in reversed(calls):
        if call.output in alive:
            kept.append(_forgetful(call))
            alive.update(x for x in call.inputs if isinstance(x, Symbol))
    return kept[::-1]


def _forgetful(call: Call) -> Call:
    """The same call, which neither leaves numbers for the walk back nor finds any: those that it
    would find may be of another run of the function, as several can wait for their gradient."""
    if "memory" not in call.params:
        return call
    params = {name: value for name, value in call.params.items() if name != "memory"}
    return Call(call.primitive, call.inputs, params, call.output, call.asked, call.scope)


def _position(graph: Graph, symbol: Symbol, capture: "Capture") -> int:
    """The position of a new output with a symbol's numbers."""
    if symbol in {*graph.inputs, *graph.outputs}:
        copy = Symbol(graph, symbol.shape, symbol.dtype)
        graph.calls.append(Call(clone, (symbol,), {}, copy, "", ()))
        symbol = copy
    graph.outputs.append(symbol)
    capture.targets.append(None)
    return len(graph.outputs) - 1


def _program(
    graph: Graph, calls: list[Call], inputs: list[Symbol], gradients: list[Any], backend: str,
    place: Any,
) -> Any:  # fmt: skip
    """The compiled walk back."""
    backward = Graph()
    backward.count, backward.inputs, backward.calls = graph.count, inputs, list(calls)
    seen: set[Symbol] = set(inputs)
    for symbol in gradients:
        if symbol is None:
            continue
        if symbol in seen:
            copy = Symbol(backward, symbol.shape, symbol.dtype)
            backward.calls.append(Call(clone, (symbol,), {}, copy, "", ()))
            symbol = copy
        seen.add(symbol)
        backward.outputs.append(symbol)
    program, _ = prepared(backward, [None] * len(backward.outputs), backend, place)
    return program
