"""Which dtype a result has: PyTorch's promotion, in which a Python number never widens a tensor."""

from typing import Any

from .backend import (
    bool_,
    category,
    combine,
    complex64,
    complex128,
    dtype,
    float32,
    float64,
    int64,
    is_number,
)

_default = float32


def get_default_dtype() -> dtype:
    """The dtype of floats that come without one: float32 unless changed."""
    return _default


def set_default_dtype(kind: dtype) -> None:
    """Sets the dtype that Python floats and creation functions get."""
    global _default
    _default = dtype(kind)


def of_number(x: Any) -> dtype:
    """The dtype a lone Python number becomes."""
    if isinstance(x, complex):
        return complex_of(_default)
    return bool_ if isinstance(x, bool) else int64 if isinstance(x, int) else _default


def complex_of(kind: dtype) -> dtype:
    """The complex dtype whose two parts have (at least) the width of a real one."""
    return complex128 if kind in (float64, complex128) else complex64


def real_of(kind: dtype) -> dtype:
    """The dtype of the two parts of a complex one; others as they are."""
    return kind if category(kind) != 3 else float64 if kind == complex128 else float32


def promote_types(a: dtype, b: dtype) -> dtype:
    """The smaller dtype that holds both, where int with float keeps the float's width."""
    if category(a) == category(b) or min(category(a), category(b)) == 2:
        return combine(a, b)
    return a if category(a) > category(b) else b


def result_type(*operands: Any) -> dtype:
    """The dtype of an element-wise result.

    Tensors with dimensions decide. Tensors without, then Python numbers, matter only where they
    are of a higher category (bool < integer < real < complex): `float16_tensor * 2.5` stays
    float16, `int64_tensor * 2.5` becomes the default float, `float64_tensor * 1j` complex128.

    Source: PyTorch documentation, "Tensor Attributes", section torch.dtype.
    """
    ranks: list[dtype | None] = [None, None, None]
    for x in operands:
        number = is_number(x)
        rank = 2 if number else 0 if x.shape else 1
        kind = of_number(x) if number else x.dtype
        seen = ranks[rank]
        ranks[rank] = kind if seen is None else promote_types(seen, kind)
    best = None
    for kind in ranks:
        if best is None:
            best = kind
        elif kind is not None and category(kind) > category(best):
            best = complex_of(best) if category(best) == 2 else kind
    if best is None:
        raise TypeError("result_type needs at least one tensor or number")
    return best


def is_floating(kind: dtype) -> bool:
    """Whether a dtype holds real numbers."""
    return category(kind) == 2


def is_differentiable(kind: dtype) -> bool:
    """Whether a dtype holds real or complex numbers, which alone can have gradients."""
    return category(kind) in (2, 3)
