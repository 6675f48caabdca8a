"""Algebra: what school knows to be equal, where it is equal for floating-point numbers too.

A result may differ by a rounding, and by the sign of a zero; inf and nan stay what they are. So
x * 0 is left alone: it is nan where x is inf.
"""

from collections.abc import Callable
from math import frexp
from typing import Any

from ... import ops
from ...backend import category
from ...dtypes import promote_types
from ..graph import Call, Graph, Symbol
from .constants import LARGEST
from .rewriting import Draft, rewritten

_DIGITS = {2: 11, 4: 24, 8: 53}  # by bytes: so many binary digits a real number holds


def algebra(graph: Graph) -> Graph:
    """The graph with simpler calls.

    x + 0, x - 0, x * 1, x / 1, x ** 1, -(-x)  ->  x
    x + (-y)  ->  x - y            x - (-y)  ->  x + y
    x * -1    ->  -x               (-x) * (-y)  ->  x * y
    x ** 2    ->  x * x            x ** 0.5  ->  sqrt(x)
    x / 4     ->  x * 0.25, exact for powers of two
    where(True, x, y)  ->  x       where(c, x, x)  ->  x
    cast(cast(x))  ->  cast(x), if the first loses nothing
    """
    return rewritten(graph, _RULES)


def _number(x: Any) -> Any:
    """The one number that a constant holds in all places, or None."""
    if type(x) is Symbol:
        return None
    if not hasattr(x, "shape"):
        return x
    if not 0 < x.size <= LARGEST:
        return None
    first = x.flat[0]
    return first.item() if x.size == 1 or (x == first).all() else None


def _neutral(number: Any, sides: tuple[int, ...]) -> Callable:
    """The rule for a number that leaves the other side as it is."""

    def rule(draft: Draft, call: Call) -> Any:
        for side in sides:
            if _number(call.inputs[side]) == number:
                return draft.instead(call, call.inputs[1 - side])
        return None

    return rule


def _turned(primitive: Any, other: Any) -> Callable:
    """The rule for adding or taking away what was negated."""

    def rule(draft: Draft, call: Call) -> Any:
        x, y = call.inputs
        made = draft.maker(y, ops.neg)
        if made is None and primitive is ops.add_:
            x, made = y, draft.maker(x, ops.neg)
        return None if made is None else draft.write(call, other, x, made.inputs[0])

    return rule


def _product(draft: Draft, call: Call) -> Any:
    """Signs: two cancel, and -1 is one."""
    x, y = call.inputs
    a, b = draft.maker(x, ops.neg), draft.maker(y, ops.neg)
    if a is not None and b is not None:
        return draft.write(call, ops.mul, a.inputs[0], b.inputs[0])
    for number, other in ((x, y), (y, x)):
        if _number(number) == -1 and _has_sign(other) and category(call.output.dtype) > 0:
            return draft.instead(call, draft.write(call, ops.neg, other))
    return None


def _has_sign(x: Any) -> bool:
    """Whether it can be negated: a mask cannot, though it can be multiplied by -1."""
    return not hasattr(x, "dtype") or category(x.dtype) > 0


def _quotient(draft: Draft, call: Call) -> Any:
    """A power of two has an exact reciprocal."""
    x, y = call.inputs
    number = _number(y)
    if type(number) not in (int, float) or type(x) is not Symbol or x.dtype != call.output.dtype:
        return None
    if not 2.0**-14 <= abs(number) <= 2.0**14 or frexp(number)[0] not in (0.5, -0.5):
        return None
    return draft.instead(call, draft.write(call, ops.mul, x, 1 / number))


def _power(draft: Draft, call: Call) -> Any:
    x, y = call.inputs
    number = _number(y)
    if type(x) is not Symbol or category(call.output.dtype) != 2 or x.dtype != call.output.dtype:
        return None
    if number == 2:
        return draft.instead(call, draft.write(call, ops.mul, x, x))
    return draft.instead(call, draft.write(call, ops.sqrt, x)) if number == 0.5 else None


def _twice(primitive: Any) -> Callable:
    """The rule for what undoes itself."""

    def rule(draft: Draft, call: Call) -> Any:
        made = draft.maker(call.inputs[0], primitive)
        if made is None or made.inputs[0].dtype != call.output.dtype:
            return None
        return made.inputs[0]

    return rule


def _chosen(draft: Draft, call: Call) -> Any:
    condition, x, y = call.inputs
    known = _number(condition)
    if known is not None:
        return draft.instead(call, x if known else y)
    return draft.instead(call, x) if x is y and type(x) is Symbol else None


def _cast(draft: Draft, call: Call) -> Any:
    (x,), kind = call.inputs, call.output.dtype
    made = draft.maker(x, ops.cast)
    if made is not None and _holds(x.dtype, made.inputs[0].dtype):
        x = made.inputs[0]
        return x if x.dtype == kind else draft.write(call, ops.cast, x, dtype=kind)
    return x if x.dtype == kind else None


def _holds(wide: Any, narrow: Any) -> bool:
    """Whether each number of one dtype has its place in another."""
    if category(narrow) == 1 and category(wide) > 1:
        return category(wide) == 2 and 8 * narrow.itemsize <= _DIGITS[wide.itemsize]
    return category(wide) < 4 and promote_types(wide, narrow) == wide


_RULES: dict[Any, tuple] = {
    ops.add_: (_neutral(0, (0, 1)), _turned(ops.add_, ops.sub_)),
    ops.sub_: (_neutral(0, (1,)), _turned(ops.sub_, ops.add_)),
    ops.mul: (_neutral(1, (0, 1)), _product),
    ops.div_: (_neutral(1, (1,)), _quotient),
    ops.pow_: (_neutral(1, (1,)), _power),
    ops.neg: (_twice(ops.neg),),
    ops.logical_not: (_twice(ops.logical_not),),
    ops.bitwise_not: (_twice(ops.bitwise_not),),
    ops.where_: (_chosen,),
    ops.cast: (_cast,),
}
