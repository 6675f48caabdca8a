"""A computation written down without numbers: symbols, the calls that make them, and the graph.

Walks over a graph are how minidl compiles, exports and draws.
"""

import os
from functools import cache
from typing import Any, NamedTuple, final

from .. import backend, ops
from ..errors import CompileError, ShapeError

_name_of = cache(os.path.basename)


@final
class _Flags(NamedTuple):
    """What a symbol answers to questions about its memory, in NumPy's words."""

    c_contiguous: bool
    writeable: bool


@final
class Symbol:
    """An array of which only shape and dtype are known; its numbers come when the graph is run."""

    __slots__ = ("graph", "index", "shape", "dtype")
    __array_ufunc__ = None  # so that `array * symbol` asks the symbol, not NumPy
    base = None  # shares memory with nothing
    flags = _Flags(c_contiguous=True, writeable=False)  # its numbers lie in order, if anywhere

    def __init__(self, graph: "Graph", shape: tuple[int, ...], dtype: Any):
        self.graph = graph
        self.index = graph.count
        self.shape = tuple(shape)
        self.dtype = dtype
        graph.count += 1

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def copy(self) -> "Symbol":
        """Itself: nobody writes into a symbol, so two may share one."""
        return self

    def conj(self) -> Any:
        return ops.conj(self)

    # A rule written as `g * y` must also work on symbols: their operators are primitives.

    def __add__(self, other: Any) -> Any:
        return ops.add_(self, other)

    def __radd__(self, other: Any) -> Any:
        return ops.add_(other, self)

    def __sub__(self, other: Any) -> Any:
        return ops.sub_(self, other)

    def __rsub__(self, other: Any) -> Any:
        return ops.sub_(other, self)

    def __mul__(self, other: Any) -> Any:
        return ops.mul(self, other)

    def __rmul__(self, other: Any) -> Any:
        return ops.mul(other, self)

    def __truediv__(self, other: Any) -> Any:
        return ops.div_(self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return ops.div_(other, self)

    def __pow__(self, other: Any) -> Any:
        return ops.pow_(self, other)

    def __rpow__(self, other: Any) -> Any:
        return ops.pow_(other, self)

    def __and__(self, other: Any) -> Any:
        return ops.bitwise_and(self, other)

    def __or__(self, other: Any) -> Any:
        return ops.bitwise_or(self, other)

    def __eq__(self, other: Any) -> Any:  # type: ignore[override]
        return ops.eq(self, other)

    def __ne__(self, other: Any) -> Any:  # type: ignore[override]
        return ops.ne(self, other)

    def __lt__(self, other: Any) -> Any:
        return ops.lt(self, other)

    def __le__(self, other: Any) -> Any:
        return ops.le(self, other)

    def __gt__(self, other: Any) -> Any:
        return ops.gt(self, other)

    def __ge__(self, other: Any) -> Any:
        return ops.ge(self, other)

    def __neg__(self) -> Any:
        return ops.neg(self)

    __hash__ = object.__hash__

    def __setitem__(self, key: Any, value: Any) -> None:
        raise CompileError(
            "On paper there is no memory to write into; use x = x + y instead of x += y, and "
            "minidl.where or minidl.scatter instead of x[i] = y."
        )

    def __bool__(self) -> bool:
        raise CompileError(
            "On paper there are no numbers, so `if`, `while` and `and` cannot look at one. Use "
            "minidl.where(condition, x, y), or leave this part out of the traced function."
        )

    def __repr__(self) -> str:
        sizes = ",".join(map(str, self.shape))
        return f"%{self.index}:{self.dtype}[{sizes}]"


@final
class Call:
    """One line of a graph: a primitive, what it is applied to, and the symbol it makes.

    Attributes:
        inputs: symbols, constant arrays and numbers.
        asked: who asked for it: a code object and a line in it, or words.
        scope: the modules it was made in, outermost first, as ("0", "act").
    """

    __slots__ = ("primitive", "inputs", "params", "output", "asked", "scope")

    def __init__(
        self,
        primitive: Any,
        inputs: tuple,
        params: dict[str, Any],
        output: Symbol,
        asked: Any,
        scope: tuple[str, ...],
    ):
        self.primitive = primitive
        self.inputs = inputs
        self.params = params
        self.output = output
        self.asked = asked
        self.scope = scope

    @property
    def where(self) -> str:
        """The line of the user's code that asked for it, as "file.py:12 in name"."""
        if isinstance(self.asked, str):
            return self.asked
        code, line = self.asked  # written out only when read: a trace has thousands of calls
        return f"{_name_of(code.co_filename)}:{line} in {code.co_name}"

    @property
    def random(self) -> bool:
        """Whether it draws from a generator, and so gives other numbers every time."""
        return "generator" in self.params

    def on(self, inputs: tuple) -> "Call":
        """The same call on other inputs of the same shapes."""
        return Call(self.primitive, inputs, self.params, self.output, self.asked, self.scope)

    def __repr__(self) -> str:
        shown = [_text(x) for x in self.inputs]
        shown += [f"{name}={value}" for name, value in self.params.items() if name != "memory"]
        return f"{self.output} = {self.primitive.name}({', '.join(shown)})"


def _text(x: Any) -> str:
    """An operand in a line: a number as it is, a constant array by its shape."""
    if isinstance(x, Symbol) or not hasattr(x, "shape"):
        return repr(x)
    return str(x.item()) if x.shape == () else f"constant:{x.dtype}{list(x.shape)}"


@final
class Graph:
    """Calls in an order in which they can be run.

    Attributes:
        inputs: symbols.
        outputs: symbols, and constants where an output depends on no input.
        calls: in the order they were written.
        scope: the modules being traced at the moment.
        place: the type of the device that the numbers are on.
    """

    def __init__(self) -> None:
        self.place = "cpu"
        self.count = 0
        self.inputs: list[Symbol] = []
        self.calls: list[Call] = []
        self.outputs: list[Any] = []
        self.scope: tuple[str, ...] = ()

    def add_input(self, shape: tuple[int, ...], dtype: Any) -> Symbol:
        """A new symbol whose numbers will be given."""
        symbol = Symbol(self, shape, dtype)
        self.inputs.append(symbol)
        return symbol

    def values(self, *arrays: Any) -> dict[Symbol, Any]:
        """The numbers of every symbol, from those of the inputs.

        Args:
            arrays: one per input, in its shape.

        Raises:
            ShapeError: another number of arrays, or another shape, than was traced.
        """
        if len(arrays) != len(self.inputs):
            raise ShapeError(f"This graph has {len(self.inputs)} inputs, got {len(arrays)}.")
        known: dict[Symbol, Any] = {}
        for position, (symbol, array) in enumerate(zip(self.inputs, arrays, strict=True)):
            array = getattr(array, "array", array)
            if tuple(array.shape) != symbol.shape:
                raise ShapeError(
                    f"Input {position} was traced with shape {symbol.shape}, got {array.shape}."
                )
            known[symbol] = array
        for call in self.calls:
            inputs = [known[x] if isinstance(x, Symbol) else x for x in call.inputs]
            known[call.output] = backend.run(call.primitive, inputs, call.params)
        return known

    def evaluate(self, *arrays: Any) -> list[Any]:
        """The outputs' numbers, from those of the inputs, as bare arrays."""
        known = self.values(*arrays)
        return [known[x] if isinstance(x, Symbol) else x for x in self.outputs]

    def used(self) -> "Graph":
        """The same graph without calls that no output depends on."""
        alive = {x for x in self.outputs if isinstance(x, Symbol)}
        kept = []
        for call in reversed(self.calls):
            if call.output in alive:
                kept.append(call)
                alive.update(x for x in call.inputs if isinstance(x, Symbol))
        return self.with_calls(kept[::-1])

    def with_calls(self, calls: list[Call]) -> "Graph":
        """A graph of the same inputs and outputs, with other calls between them."""
        graph = Graph()
        graph.count, graph.inputs, graph.outputs = self.count, self.inputs, self.outputs
        graph.calls = calls
        return graph

    def __repr__(self) -> str:
        head = f"graph({', '.join(map(repr, self.inputs))}):"
        tail = f"  return {', '.join(map(_text, self.outputs))}"
        return "\n".join([head, *(f"  {call!r}" for call in self.calls), tail])
