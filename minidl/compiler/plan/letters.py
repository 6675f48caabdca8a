"""The forward rule of a primitive, run once on letters: which ufuncs it calls, in which order.

NumPy asks an operand that is no array of its own what a ufunc should do (`__array_ufunc__`). A
letter answers by writing the call down. So `tanh(x * 0.5) * 0.5 + 0.5` becomes four calls, each of
which can write its result into memory that is there already.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, final

import numpy as np


@final
class Written(NamedTuple):
    """One call: `inputs` are letters, numbers and arrays; `output` is a letter."""

    function: Callable
    inputs: tuple
    options: dict[str, Any]
    output: "Letter"


@final
class Unwritable(Exception):
    """A forward rule does what letters cannot follow."""


@final
class Letter(np.lib.mixins.NDArrayOperatorsMixin):
    """What stands for an array: shape and dtype. A reduction's letter has no shape: it comes last.

    Attributes:
        page: the calls written so far, which all letters of one rule share.
        spent: whether it was written over, as x in `x += y`, and may not be read any more.
    """

    __slots__ = ("page", "_shape", "dtype", "spent")

    def __init__(self, page: list[Written], shape: tuple[int, ...] | None, dtype: Any):
        self.page, self._shape, self.dtype, self.spent = page, shape, dtype, False

    @property
    def shape(self) -> tuple[int, ...]:
        if self._shape is None:
            raise Unwritable
        return self._shape

    @property
    def known(self) -> bool:
        """Whether it has a shape."""
        return self._shape is not None

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def astype(self, dtype: Any, copy: bool = True) -> "Letter":
        kind = np.dtype(dtype)
        return self if kind == self.dtype else self._write(_copied, (self,), {}, self.shape, kind)

    def copy(self) -> "Letter":
        return self._write(_copied, (self,), {}, self.shape, self.dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> "Letter":
        for x in inputs:
            if isinstance(x, Letter) and x.spent:
                raise Unwritable
        for x in options.pop("out", ()):
            x.spent = True
        if method == "reduce":
            return self._write(ufunc.reduce, inputs, options, None, options.get("dtype"))
        if method != "__call__" or ufunc.nout > 1 or ufunc.signature or options:
            raise Unwritable
        kinds = tuple(x.dtype if hasattr(x, "dtype") else type(x) for x in inputs)
        kind = ufunc.resolve_dtypes((*kinds, None))[-1]
        shape = np.broadcast_shapes(*(x.shape for x in inputs if hasattr(x, "shape")))
        return self._write(ufunc, inputs, {}, shape, kind)

    def _write(self, function, inputs, options, shape, kind) -> "Letter":
        z = Letter(self.page, shape, kind)
        self.page.append(Written(function, inputs, options, z))
        return z

    def __array_function__(self, *_: Any) -> Any:
        raise Unwritable

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise Unwritable

    def __bool__(self) -> bool:
        raise Unwritable


def _copied(x: Any, out: Any) -> None:
    np.copyto(out, x, casting="unsafe")


def written(
    forward: Callable, operands: tuple, params: dict[str, Any]
) -> tuple[list[Letter | None], list[Written]] | None:
    """The calls that a forward rule makes, and a letter per operand that is one.

    Args:
        operands: numbers, and things with a shape and a dtype.

    Returns:
        None where the rule is more than ufuncs that follow each other.
    """
    page: list[Written] = []
    letters = [Letter(page, x.shape, x.dtype) if hasattr(x, "shape") else x for x in operands]
    try:
        with np.errstate(all="ignore"):
            z = forward(np, *letters, **params)
    except (Unwritable, TypeError, AttributeError, ValueError, OverflowError):
        return None
    if not page or page[-1].output is not z or not all(c.output.known for c in page[:-1]):
        return None
    return letters, page
