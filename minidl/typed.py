"""PyTorch's older constructors, one per dtype: FloatTensor([1, 2]), LongTensor(2, 3)."""

from collections.abc import Callable
from typing import Any

from .backend import bool_, dtype, float16, float32, float64, int8, int16, int32, int64, uint8
from .creation import as_tensor, empty
from .tensors import Tensor


def _constructor(name: str, kind: dtype) -> Callable[..., Tensor]:
    def make(*data: Any) -> Tensor:
        if all(type(n) is int for n in data):
            return empty(data or (0,), dtype=kind)
        if len(data) == 1:
            return as_tensor(data[0]).to(kind)
        raise TypeError(f"{name} takes one list (or array) of numbers, or several sizes.")

    make.__name__ = make.__qualname__ = name
    make.__doc__ = (
        f"A {kind} tensor of given numbers, {name}([1, 2]), or of sizes, {name}(2, 3).\n\n"
        f"    An older way to write tensor(..., dtype={kind}), kept for older scripts."
    )
    return make


HalfTensor = _constructor("HalfTensor", float16)
FloatTensor = _constructor("FloatTensor", float32)
DoubleTensor = _constructor("DoubleTensor", float64)
CharTensor = _constructor("CharTensor", int8)
ShortTensor = _constructor("ShortTensor", int16)
IntTensor = _constructor("IntTensor", int32)
LongTensor = _constructor("LongTensor", int64)
ByteTensor = _constructor("ByteTensor", uint8)
BoolTensor = _constructor("BoolTensor", bool_)

__all__ = [
    "BoolTensor",
    "ByteTensor",
    "CharTensor",
    "DoubleTensor",
    "FloatTensor",
    "HalfTensor",
    "IntTensor",
    "LongTensor",
    "ShortTensor",
]
