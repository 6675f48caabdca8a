"""The forward rule of an element-wise primitive, run once more on letters: what comes out is C.

`mul(xp, x, y)` returns `x * y`. On arrays that is a product of numbers; on letters it is the text
"(a * b)". So the rule that eager mode runs is the one that a compiled loop runs, and no operation
is written down twice. A rule that asks for more than letters know raises `Unwritable`, and its call
is left to NumPy.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, final

import numpy as np

from ...backend import category, combine, is_half

C_TYPES = {
    "float32": "float", "float64": "double", "bool": "uint8_t", "uint8": "uint8_t",
    "int8": "int8_t", "int16": "int16_t", "int32": "int32_t", "int64": "int64_t",
}  # fmt: skip
MOVED = {
    "float16": "uint16_t", "bfloat16": "uint16_t", "complex64": "float _Complex",
    "complex128": "double _Complex",
}  # fmt: skip

HALVES = {"float16": "half_t", "bfloat16": "brain_t"}
CARDS_OWN = {"erf"}  # of a card's library, shorter than our rules, which no loop must wait for
_with_halves = ContextVar("_with_halves", default=False)
_BOOL = np.dtype(bool)


@contextmanager
def halves() -> Iterator[None]:
    """In this block the language has types for halves, which become float32 where they are read."""
    before = _with_halves.set(True)
    try:
        yield
    finally:
        _with_halves.reset(before)


@final
class Unwritable(Exception):
    """A forward rule does what letters cannot follow."""


@cache
def _dtype_name(kind: np.dtype) -> str:
    """A dtype's name, which NumPy puts together anew whenever it is asked."""
    return kind.name


def c_type(kind: np.dtype) -> str:
    """The C type of a dtype; halves and complex numbers can be moved only (but see `halves`)."""
    if is_half(kind) and _with_halves.get():
        return HALVES[kind.name]
    name = _dtype_name(kind)
    return C_TYPES.get(name) or MOVED[name]


def summed_in(kind: np.dtype) -> np.dtype:
    """The dtype in which numbers of a dtype are added up."""
    return np.dtype(np.float32) if is_half(kind) else kind


def computable(kind: np.dtype) -> str:
    """The C type of a dtype that loops compute with; raises Unwritable for the others."""
    if _dtype_name(kind) in C_TYPES or is_half(kind) and _with_halves.get():
        return c_type(kind)
    raise Unwritable(f"numbers of {kind}")


def literal(value: Any, kind: np.dtype) -> str:
    """A number as C text of a dtype; halves, which are only moved, as their bits."""
    if kind.kind == "c":
        raise Unwritable(f"numbers of {kind}")
    if is_half(kind) and _with_halves.get():
        return literal(np.asarray(value, kind).astype(np.float32), np.dtype(np.float32))
    if is_half(kind):
        return str(int(np.asarray(value, kind).view(np.uint16)))
    if kind.kind == "b":
        return "1" if value else "0"
    if kind.kind in "iu":
        text = f"INT64_C({int(value)})" if kind.itemsize == 8 else str(int(value))
        return f"({text})" if value < 0 else text
    value = float(value)
    if math.isnan(value):
        return "NAN"
    if math.isinf(value):
        return "INFINITY" if value > 0 else "(-INFINITY)"
    if kind.itemsize == 4:
        text = repr(float(np.float32(value)))
        text = text if "." in text or "e" in text else text + ".0"
        return f"({text}f)" if text[0] == "-" else text + "f"
    return f"({value!r})" if value < 0 else repr(value)


@final
class Letter:
    """A scalar that a loop will hold: C text, and the dtype of its numbers.

    `shape` is empty: a rule that asks for it sees one number.
    """

    __slots__ = ("text", "dtype")
    __array_ufunc__ = None
    shape: tuple[int, ...] = ()
    ndim, size = 0, 1

    def __init__(self, text: str, kind: np.dtype):
        self.text = text
        self.dtype = kind

    def astype(self, kind: Any) -> Letter:
        kind = np.dtype(kind)
        if kind == self.dtype:
            return self
        if kind.kind == "b":
            return Letter(f"({self.text} != 0)", kind)
        computable(self.dtype)
        return Letter(f"({computable(kind)})({self.text})", kind)

    def copy(self) -> Letter:
        return self

    def __add__(self, other: Any) -> Letter:
        return _infix("+", "|", self, other)

    def __radd__(self, other: Any) -> Letter:
        return _infix("+", "|", other, self)

    def __sub__(self, other: Any) -> Letter:
        return _infix("-", None, self, other)

    def __rsub__(self, other: Any) -> Letter:
        return _infix("-", None, other, self)

    def __mul__(self, other: Any) -> Letter:
        return _infix("*", "&", self, other)

    def __rmul__(self, other: Any) -> Letter:
        return _infix("*", "&", other, self)

    def __truediv__(self, other: Any) -> Letter:
        return _divided(self, other)

    def __rtruediv__(self, other: Any) -> Letter:
        return _divided(other, self)

    def __and__(self, other: Any) -> Letter:
        return _infix("&", "&", self, other)

    def __or__(self, other: Any) -> Letter:
        return _infix("|", "|", self, other)

    def __neg__(self) -> Letter:
        return Letter(f"(-{self.text})", self.dtype)

    def __lt__(self, other: Any) -> Letter:
        return _compared("<", self, other)

    def __le__(self, other: Any) -> Letter:
        return _compared("<=", self, other)

    def __gt__(self, other: Any) -> Letter:
        return _compared(">", self, other)

    def __ge__(self, other: Any) -> Letter:
        return _compared(">=", self, other)

    def __eq__(self, other: Any) -> Letter:  # type: ignore[override]
        return _compared("==", self, other)

    def __ne__(self, other: Any) -> Letter:  # type: ignore[override]
        return _compared("!=", self, other)

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        raise Unwritable("a rule that looks at the numbers")

    def __getattr__(self, name: str) -> Any:
        raise Unwritable(f"a rule that uses .{name}")


def together(*operands: Any) -> tuple[list[str], np.dtype]:
    """The texts of operands in the dtype that NumPy would compute in, and that dtype."""
    letters = [x for x in operands if isinstance(x, Letter)]
    numbers = [x for x in operands if not isinstance(x, Letter)]
    kinds = [x.dtype for x in letters]
    narrow = any(map(is_half, kinds))  # a Python number never widens them
    kind = combine(*kinds) if narrow else np.result_type(*kinds, *numbers)
    computable(kind)
    return [_in(x, kind) for x in operands], kind


def _in(x: Any, kind: np.dtype) -> str:
    if isinstance(x, Letter):
        return x.astype(kind).text
    if not isinstance(x, (bool, int, float, np.number, np.bool_)):
        raise Unwritable(f"a constant {type(x).__name__}")
    return literal(x, kind)


def _infix(sign: str, of_bools: str | None, x: Any, y: Any) -> Letter:
    (a, b), kind = together(x, y)
    if kind == _BOOL:
        if of_bools is None:
            raise Unwritable("a difference of bools")
        sign = of_bools
    return Letter(f"({a} {sign} {b})", kind)


def _divided(x: Any, y: Any) -> Letter:
    (a, b), kind = together(x, y)
    if category(kind) != 2:
        raise Unwritable("a quotient of integers")
    return Letter(f"({a} / {b})", kind)


def _compared(sign: str, x: Any, y: Any) -> Letter:
    (a, b), _ = together(x, y)
    return Letter(f"({a} {sign} {b})", _BOOL)


@final
class Alphabet:
    """What stands for the array module `xp` while a rule runs on letters."""

    bool_ = np.bool_

    def __getattr__(self, name: str) -> Any:
        raise Unwritable(f"a rule that uses xp.{name}")

    true_divide = staticmethod(_divided)
    add = staticmethod(lambda x, y: _infix("+", "|", x, y))
    multiply = staticmethod(lambda x, y: _infix("*", "&", x, y))
    subtract = staticmethod(lambda x, y: _infix("-", None, x, y))
    equal = staticmethod(lambda x, y: _compared("==", x, y))
    not_equal = staticmethod(lambda x, y: _compared("!=", x, y))
    less = staticmethod(lambda x, y: _compared("<", x, y))
    less_equal = staticmethod(lambda x, y: _compared("<=", x, y))
    greater = staticmethod(lambda x, y: _compared(">", x, y))
    greater_equal = staticmethod(lambda x, y: _compared(">=", x, y))

    @staticmethod
    def where(condition: Letter, x: Any, y: Any) -> Letter:
        (a, b), kind = together(x, y)
        return Letter(f"({condition.astype(bool).text} ? {a} : {b})", kind)

    @staticmethod
    def maximum(x: Any, y: Any) -> Letter:
        (a, b), kind = together(x, y)
        return Letter(f"max_{kind.name}({a}, {b})", kind)

    @staticmethod
    def minimum(x: Any, y: Any) -> Letter:
        (a, b), kind = together(x, y)
        return Letter(f"min_{kind.name}({a}, {b})", kind)

    @staticmethod
    def full(shape: Any, value: Any, kind: Any) -> Letter:
        return Letter(literal(value, np.dtype(kind)), np.dtype(kind))

    @staticmethod
    def zeros_like(x: Letter) -> Letter:
        return Letter(literal(0, x.dtype), x.dtype)

    @staticmethod
    def isnan(x: Letter) -> Letter:
        return Letter(f"({x.text} != {x.text})", _BOOL)

    @staticmethod
    def isinf(x: Letter) -> Letter:
        _real(x)
        return Letter(f"({_sized('fabs', x)}({x.text}) == INFINITY)", _BOOL)

    @staticmethod
    def isfinite(x: Letter) -> Letter:
        _real(x)
        return Letter(f"({_sized('fabs', x)}({x.text}) < INFINITY)", _BOOL)

    @staticmethod
    def logical_and(x: Letter, y: Letter) -> Letter:
        return Letter(f"({x.astype(bool).text} & {y.astype(bool).text})", _BOOL)

    @staticmethod
    def logical_or(x: Letter, y: Letter) -> Letter:
        return Letter(f"({x.astype(bool).text} | {y.astype(bool).text})", _BOOL)

    @staticmethod
    def logical_xor(x: Letter, y: Letter) -> Letter:
        return Letter(f"({x.astype(bool).text} ^ {y.astype(bool).text})", _BOOL)

    @staticmethod
    def logical_not(x: Letter) -> Letter:
        return Letter(f"(!({x.text}))", _BOOL)

    @staticmethod
    def abs(x: Letter) -> Letter:
        if category(x.dtype) == 2:
            return Letter(f"{_sized('fabs', x)}({x.text})", x.dtype)
        if x.dtype.kind in "ub":
            return x
        return Letter(f"({x.text} < 0 ? -{x.text} : {x.text})", x.dtype)

    @staticmethod
    def sign(x: Letter) -> Letter:
        if category(x.dtype) == 2:
            return Letter(f"sign_{x.dtype.name}({x.text})", x.dtype)
        c = c_type(x.dtype)
        return Letter(f"({c})(({x.text} > 0) - ({x.text} < 0))", x.dtype)

    @staticmethod
    def copysign(x: Letter, y: Letter) -> Letter:
        (a, b), kind = together(x, y)
        return Letter(f"{'copysignf' if kind.itemsize <= 4 else 'copysign'}({a}, {b})", kind)

    @staticmethod
    def square(x: Letter) -> Letter:
        return _infix("*", None, x, x)

    @staticmethod
    def power(x: Any, y: Any) -> Letter:
        (a, b), kind = together(x, y)
        if category(kind) != 2:
            raise Unwritable("a power of integers")
        if y == 2 if not isinstance(y, Letter) else False:
            return Letter(f"({a} * {a})", kind)
        return Letter(f"{'powf' if kind.itemsize <= 4 else 'pow'}({a}, {b})", kind)


def _real(x: Letter) -> None:
    if category(x.dtype) != 2:
        raise Unwritable("a question of integers")


def _sized(name: str, x: Letter) -> str:
    """The function of C's library for a width of numbers."""
    return name + "f" if x.dtype.itemsize <= 4 else name


def _function(numpy_name: str, c_name: str, ours: bool) -> None:
    """Gives the alphabet a function of real numbers: our own for float32 where a loop must be fast
    (runtime.h), else the C library's."""

    def write(x: Letter) -> Letter:
        _real(x)
        name = f"fast_{c_name}" if ours and x.dtype.itemsize <= 4 else _sized(c_name, x)
        name = "quick_exp" if c_name == "exp" and is_half(x.dtype) else name
        return Letter(f"{name}({x.text})", x.dtype)

    setattr(Alphabet, numpy_name, staticmethod(write))


for _name, _c, _ours in [
    ("exp", "exp", True), ("tanh", "tanh", True), ("log", "log", True), ("sqrt", "sqrt", False),
    ("log1p", "log1p", False), ("expm1", "expm1", True), ("log2", "log2", False),
    ("log10", "log10", False), ("sin", "sin", False), ("cos", "cos", False), ("tan", "tan", False),
    ("arcsin", "asin", False), ("arccos", "acos", False), ("arctan", "atan", False),
    ("sinh", "sinh", False), ("cosh", "cosh", False), ("arcsinh", "asinh", False),
    ("arccosh", "acosh", False), ("arctanh", "atanh", False), ("floor", "floor", False),
    ("ceil", "ceil", False), ("rint", "nearbyint", False),
]:  # fmt: skip
    _function(_name, _c, _ours)

ALPHABET = Alphabet()


def written(primitive: Any, operands: list[Any], params: dict[str, Any], kind: np.dtype) -> str:
    """The C text of a primitive for operands that are letters or Python numbers.

    Args:
        operands: per input.
        kind: the dtype the output must have.

    Raises:
        Unwritable: its forward rule cannot be followed.
    """
    if _with_halves.get() and primitive.name in CARDS_OWN and isinstance(operands[0], Letter):
        x = operands[0]
        return Letter(f"{_sized(primitive.name, x)}({x.text})", x.dtype).astype(kind).text
    try:
        z = primitive.forward(ALPHABET, *operands, **params)
    except (TypeError, ValueError, AttributeError) as error:
        raise Unwritable(f"{primitive.name}: {error}") from None
    if not isinstance(z, Letter):
        z = Letter(literal(z, kind), kind)
    return z.astype(kind).text
