"""From calls to steps: what NumPy is asked to do, one function after another.

A movement that only looks at numbers in another way is no step: its result is a view of memory that
stays where it is, made once. An element-wise rule becomes the ufuncs it is made of. All other rules
run as they are, on a module `xp` that lets them write their result where it belongs.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from math import prod
from typing import Any, final

import numpy as np

from ... import ops
from ...backend import is_half
from ..graph import Call, Graph, Symbol
from .letters import Letter, written
from .rooms import as_eager, into


@final
class Value:
    """An array of the program.

    Attributes:
        source: the value it is a view of, or None.
        show: how it is seen there: array -> array.
        root: where its memory comes from; itself, if it is no view.
        flat: whether its numbers lie in memory one after another.
        kind: "input", "constant", "result" or "output", which has memory of its own.
        position: of an input or output; the offset of a result.
        last: the number of the last step that reads it or a view of it.
        array: the array itself, once there is memory.
    """

    __slots__ = ("shape", "dtype", "source", "show", "root", "flat", "kind", "position", "last",
                 "array")  # fmt: skip

    def __init__(self, shape: tuple[int, ...], dtype: Any, kind: str = "result", flat: bool = True):
        self.shape, self.dtype, self.kind, self.flat = tuple(shape), dtype, kind, flat
        self.source: Value | None = None
        self.show: Callable | None = None
        self.root = self
        self.position, self.last = 0, -1
        self.array: Any = None

    @property
    def bytes(self) -> int:
        return prod(self.shape) * self.dtype.itemsize


@final
class Step:
    """One function of NumPy, or one forward rule.

    Attributes:
        function: (*arrays, out=array, **options)
        inputs: values, numbers and constant arrays.
        call: the call of the graph that it is part of.
        ufunc: whether each number of the output depends on the numbers at its place alone.
        rule: whether it is a forward rule.
    """

    __slots__ = ("function", "inputs", "options", "output", "call", "ufunc", "rule")

    def __init__(self, function, inputs, options, output, call, ufunc=False, rule=False):
        self.function: Callable = function
        self.inputs: tuple = inputs
        self.options: dict[str, Any] = options
        self.output: Value = output
        self.call: Call | None = call
        self.ufunc, self.rule = ufunc, rule

    def read(self) -> list[Value]:
        return [x for x in self.inputs if type(x) is Value]


@final
class Lowering:
    """A graph's values and steps, in order.

    Attributes:
        inputs, outputs: values; outputs may be constants, too.
        views: in the order in which they can be made.
    """

    def __init__(self, graph: Graph, flat: Sequence[bool]):
        self.inputs = [
            Value(x.shape, x.dtype, "input", whole)
            for x, whole in zip(graph.inputs, flat, strict=True)
        ]
        for position, value in enumerate(self.inputs):
            value.position = position
        self.views: list[Value] = []
        self.steps: list[Step] = []
        self._values: dict[Symbol, Value] = dict(zip(graph.inputs, self.inputs, strict=True))
        self._pages: dict[Any, Any] = {}
        for call in graph.calls:
            self._lower(call)
        self.outputs = [self._operand(x) for x in graph.outputs]

    def _operand(self, x: Any) -> Any:
        """A value for a symbol; constants and numbers as they are."""
        return self._values[x] if type(x) is Symbol else x

    def _lower(self, call: Call) -> None:
        operands = _fitting(tuple(map(self._operand, call.inputs)))
        z = self._values[call.output] = Value(call.output.shape, call.output.dtype)
        if call.primitive.view and _is_view(call, operands[0]):
            self._look(call, operands[0], z)
            return
        halves = any(is_half(x.dtype) for x in (z, *operands) if hasattr(x, "dtype"))
        page = None if call.random or halves else self._page(call, operands)
        if page is None:
            rule = partial(into, call.primitive.forward, call.params)
            rule = partial(as_eager, call.primitive, call.params) if halves else rule
            self.steps.append(Step(rule, operands, {}, z, call, rule=True))
            return
        letters, lines = page
        found = {id(l): x for l, x in zip(letters, operands, strict=True) if type(l) is Letter}
        for function, inputs, options, letter in lines:
            last = letter is lines[-1].output
            found[id(letter)] = target = z if last else Value(letter.shape, letter.dtype)
            chosen = tuple(found[id(x)] if type(x) is Letter else x for x in inputs)
            step = Step(function, chosen, options, target, call, ufunc=letter.known)
            self.steps.append(step)

    def _look(self, call: Call, x: Any, z: Value) -> None:
        """Makes a value a view."""
        show = partial(_shown, call.primitive.forward, call.params)
        if type(x) is not Value:
            z.kind, z.array = "constant", show(x)
            return
        z.source, z.root, z.show, z.kind = x, x.root, show, x.kind
        z.flat = x.flat and call.primitive is ops.reshape_
        self.views.append(z)

    def _page(self, call: Call, operands: tuple) -> Any:
        """The ufuncs of an element-wise call; looked up where there was one like it before."""
        key = (call.primitive, *map(_signature, operands), *call.params.items())
        try:
            known = self._pages.get(key, self)
        except TypeError:  # a parameter that cannot be looked up, such as a slice
            known = self
        else:
            if known is not self:
                return known
        page = written(call.primitive.forward, operands, call.params)
        if page is not None:
            kind = page[1][-1].output.dtype
            page = page if kind is None or kind == call.output.dtype else None
        if known is self:
            with suppress(TypeError):
                self._pages[key] = page
        return page


def _signature(x: Any) -> Any:
    return (x.shape, x.dtype) if hasattr(x, "shape") else (type(x), repr(x))


def _fitting(operands: tuple) -> tuple:
    """Operands of which integers too large for their dtype have lost their upper bits, as in C."""
    kind: Any = next((x.dtype for x in operands if hasattr(x, "dtype")), None)
    if kind is None or kind.kind not in "iu" or not any(type(x) is int for x in operands):
        return operands
    limits = np.iinfo(kind)
    return tuple(
        int(np.asarray(x).astype(kind)) if type(x) is int and not limits.min <= x <= limits.max
        else x for x in operands
    )  # fmt: skip


def _is_view(call: Call, x: Any) -> bool:
    """Whether NumPy shows the input's own memory: all movements do, but some need it in order."""
    if call.primitive is ops.reshape_ and type(x) is Value and not x.flat:
        return [n for n in x.shape if n != 1] == [n for n in call.output.shape if n != 1]
    if call.primitive.name == "view_as_complex":
        return type(x) is Value and x.flat
    return True


def _shown(forward: Callable, params: dict[str, Any], x: Any) -> Any:
    return forward(np, x, **params)
