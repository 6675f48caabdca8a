"""The arguments of a call: tensors, constants, and everything else, each with how to get at it."""

from collections.abc import Callable
from typing import Any, NamedTuple, final

import numpy

from ..backend import dtype
from ..errors import CompileError
from ..tensors import Tensor

PLAIN = (type(None), bool, int, float, complex, str, bytes, dtype, slice, range, type(...))


def told(x: Any) -> Any:
    """What tells a constant from others: 0.0 equals -0.0 but is not the same, and nan is."""
    doubtful = isinstance(x, (float, complex, numpy.inexact)) and (x == 0 or x != x)
    return repr(x) if doubtful or type(x) in (slice, range) else x


@final
class Test(NamedTuple):
    """A condition on the arguments, as an expression with a name for its value.

    Attributes:
        text: as "{0} is {1}", with the expression of the argument and the value's name filled in.
        expression: the argument.
        value: what it is compared with.
    """

    text: str
    expression: str
    value: Any


@final
class Arguments:
    """The arguments of one call.

    Attributes:
        tensors, expressions: the tensors in them, and how to get at each.
        prints: (where, what) of everything that a trace may depend on.
        tests: the same as conditions that are quickly tested.
        roots: objects to search for tensors and settings.
    """

    def __init__(self, args: tuple, kwargs: dict[str, Any]):
        self.tensors: list[Tensor] = []
        self.expressions: list[str] = []
        self.prints: list[tuple[str, Any]] = []
        self.tests: list[Test] = []
        self.roots: list[tuple[str, Any]] = []
        self._visit("args", args)
        self._visit("kwargs", kwargs)

    def _visit(self, expression: str, x: Any) -> None:
        kind = type(x)
        if isinstance(x, Tensor):
            self._tensor(expression, x)
        elif kind in (tuple, list):
            self._sized(expression, x, "type({0}) is {1}" if expression != "args" else "")
            for i, part in enumerate(x):
                self._visit(f"{expression}[{i}]", part)
        elif kind is dict:
            self.prints.append((expression, list(x)))
            self.tests.append(Test("list({0}) == {1}" if x else "not {0}", expression, list(x)))
            for key, part in x.items():
                self._visit(f"{expression}[{key!r}]", part)
        elif kind in PLAIN or isinstance(x, numpy.generic):
            self._constant(expression, x)
        elif isinstance(x, numpy.ndarray):
            raise CompileError(
                f"{expression} is a NumPy array, whose numbers a compiled function would take as "
                "constants; pass a tensor, as from minidl.from_numpy(array)."
            )
        else:
            self.prints.append((expression, kind))
            self.tests.append(Test("{0} is {1}", expression, x))
            self.roots.append((expression, x))

    def _constant(self, expression: str, x: Any) -> None:
        what = told(x)
        self.prints.append((expression, (type(x), what)))
        if x is None or type(x) is bool:
            text = "{0} is {1}"
        elif what is not x:
            text, x = "repr({0}) == {1}", what
        else:
            text = "{0} == {1} and type({0}) is type({1})"
        self.tests.append(Test(text, expression, x))

    def _sized(self, expression: str, x: Any, test: str) -> None:
        self.prints.append((expression, (type(x), len(x))))
        if test:
            self.tests.append(Test(test, expression, type(x)))
        self.tests.append(Test("len({0}) == {1}", expression, len(x)))

    def _tensor(self, expression: str, x: Tensor) -> None:
        known = [i for i, other in enumerate(self.tensors) if other is x]
        first = known[0] if known else -1
        hooks = None if x.hooks is None else tuple(map(id, x.hooks.values()))
        told = (x.shape, x.dtype, x.requires_grad, hooks, first, str(x.device))
        self.prints.append((expression, told))
        for text, value in _TENSOR_TESTS:
            self.tests.append(Test(text, expression, value(x)))
        if x.requires_grad:
            self.tests.append(Test("{0}.hooks is {1}", expression, x.hooks))
        for i, other in enumerate(self.expressions):
            text = f"{{0}} is {other}" if self.tensors[i] is x else f"{{0}} is not {other}"
            self.tests.append(Test(text, expression, None))
        self.tensors.append(x)
        self.expressions.append(expression)


_TENSOR_TESTS: tuple[tuple[str, Callable[[Tensor], Any]], ...] = (
    ("type({0}) is {1}", type),
    ("type({0}.array) is {1}", lambda x: type(x.array)),
    ("{0}.array.dtype is {1}", lambda x: x.dtype),
    ("{0}.array.shape == {1}", lambda x: x.shape),
    ("{0}.requires_grad is {1}", lambda x: x.requires_grad),
)
