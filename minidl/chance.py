"""Tensors drawn at random, under PyTorch's names, from a generator whose seed decides everything.

The numbers are other ones than PyTorch's for the same seed; their distributions are the same.
"""

from typing import Any

from . import backend, ops
from .backend import int64, is_number
from .creation import placed, shape_of
from .dtypes import get_default_dtype, is_floating
from .errors import ShapeError
from .ops import Generator, default_generator
from .ops.dims import whole
from .tensors import Tensor

__all__ = [
    "normal",
    "rand",
    "rand_like",
    "randint",
    "randint_like",
    "randn",
    "randn_like",
    "randperm",
]


def _drawn(primitive: Any, shape: tuple[int, ...], kind: Any, device: Any, generator: Any,
           requires_grad: bool = False, **params: Any) -> Tensor:  # fmt: skip
    """What a random primitive gives for a blank tensor."""
    blank = ops.expand_(Tensor(0, kind).to(device=placed(device)), shape=shape)
    new = primitive(blank, generator=generator or default_generator, **params)
    return new.requires_grad_() if requires_grad else new


def _real(name: str, dtype: Any) -> Any:
    """The dtype of numbers from a continuous distribution."""
    kind = backend.as_dtype(dtype or get_default_dtype())
    if not is_floating(kind):
        raise TypeError(f"{name}: dtype must be one of real numbers, got {kind}.")
    return kind


# Real numbers ---------------------------------------------------------------------------------


def rand(*shape: Any, size: Any = None, generator: Generator | None = None, dtype: Any = None,
         device: Any = None, requires_grad: bool = False) -> Tensor:  # fmt: skip
    """Numbers from 0 to below 1, all equally likely.

    Raises:
        TypeError: a size is no integer, or `dtype` not one of real numbers.
    """
    return _drawn(ops.uniform_like, shape_of(shape, size), _real("rand", dtype), device, generator,
                  requires_grad)  # fmt: skip


def randn(*shape: Any, size: Any = None, generator: Generator | None = None, dtype: Any = None,
          device: Any = None, requires_grad: bool = False) -> Tensor:  # fmt: skip
    """Numbers of the normal distribution with mean 0 and variance 1.

    Raises:
        TypeError: a size is no integer, or `dtype` not one of real numbers.
    """
    return _drawn(ops.normal_like, shape_of(shape, size), _real("randn", dtype), device, generator,
                  requires_grad)  # fmt: skip


def _pattern(name: str, input: Any, device: Any) -> Tensor:
    """Something in the shape of a tensor, where the draws are wanted."""
    if not isinstance(input, Tensor):
        raise TypeError(f"{name}: input must be a tensor, got {input!r:.60}.")
    return input.like(input.array).to(device=device)


def rand_like(input: Tensor, *, generator: Generator | None = None, dtype: Any = None,
              device: Any = None, requires_grad: bool = False) -> Tensor:  # fmt: skip
    """As rand, in the shape, dtype and device of another tensor."""
    blank = _pattern("rand_like", input, device).to(_real("rand_like", dtype or input.dtype))
    new = ops.uniform_like(blank, generator=generator or default_generator)
    return new.requires_grad_() if requires_grad else new


def randn_like(input: Tensor, *, generator: Generator | None = None, dtype: Any = None,
               device: Any = None, requires_grad: bool = False) -> Tensor:  # fmt: skip
    """As randn, in the shape, dtype and device of another tensor."""
    blank = _pattern("randn_like", input, device).to(_real("randn_like", dtype or input.dtype))
    new = ops.normal_like(blank, generator=generator or default_generator)
    return new.requires_grad_() if requires_grad else new


def normal(mean: Any = 0.0, std: Any = 1.0, size: Any = None, *,
           generator: Generator | None = None, dtype: Any = None, device: Any = None,
           requires_grad: bool = False) -> Tensor:  # fmt: skip
    """Normal numbers with a mean and a standard deviation.

    Args:
        mean, std: numbers, with `size`; or tensors (one of them, or both, which broadcast), with a
            mean and a deviation for each draw.

    A draw has no gradient with respect to mean and std, as in PyTorch; write
    mean + std * randn_like(mean) where one is wanted.

    Raises:
        TypeError: numbers without `size`, or `mean` and `std` are no real numbers.
        ValueError: `std` is negative.
    """
    if is_number(std) and std < 0:
        raise ValueError(f"normal: std must not be negative, got {std}.")
    generator = generator or default_generator
    if is_number(mean) and is_number(std):
        if size is None:
            raise TypeError("normal: size is missing; numbers mean and std say no shape.")
        draws = randn(size=size, generator=generator, dtype=dtype, device=device)
        return (draws * std + mean).requires_grad_(requires_grad)
    pattern = std if is_number(mean) else mean
    kind = _real("normal", pattern.dtype)
    mean, std = (
        ops.fill(pattern.detach(), value=x) if is_number(x) else x.to(kind) for x in (mean, std)
    )
    return ops.normal_(mean, std, generator=generator)


# Integers -------------------------------------------------------------------------------------


def randint(low: Any = None, high: Any = None, size: Any = None, *,
            generator: Generator | None = None, dtype: Any = None, device: Any = None,
            requires_grad: bool = False) -> Tensor:  # fmt: skip
    """Integers from low to high - 1, all equally likely: randint(high, size) starts at 0.

    Raises:
        TypeError: `size` is no tuple, or a bound no integer.
        ValueError: no integer lies from `low` to below `high`.
    """
    if size is None and not is_number(high) and high is not None:
        high, size = None, high  # randint(high, size)
    low, high = (0, low) if high is None else (low or 0, high)
    if size is None or isinstance(size, int):
        raise TypeError(f"randint: size must be a tuple of integers, got {size}.")
    kind = backend.as_dtype(dtype or int64)
    bounds = _bounds("randint", low, high, kind)
    drawn = _drawn(ops.integers_like, shape_of((size,)), kind, device, generator, False, **bounds)
    return drawn.to(kind).requires_grad_(requires_grad)


def _bounds(name: str, low: Any, high: Any, kind: Any) -> dict[str, int]:
    low, high = whole(low, "low"), whole(high, "high")
    if backend.category(kind) < 2 and high - 1 > backend.largest(kind):
        raise ValueError(f"{name}: high={high} is too large for {kind}.")
    if high <= low:
        raise ValueError(f"{name}: there is no integer from low={low} to below high={high}.")
    return {"low": low, "high": high}


def randint_like(input: Tensor, low: Any = None, high: Any = None, *,
                 generator: Generator | None = None, dtype: Any = None, device: Any = None,
                 requires_grad: bool = False) -> Tensor:  # fmt: skip
    """As randint, in the shape, dtype and device of another tensor: randint_like(input, high)."""
    low, high = (0, low) if high is None else (low or 0, high)
    blank = _pattern("randint_like", input, device)
    kind = backend.as_dtype(dtype or input.dtype)
    bounds = _bounds("randint_like", low, high, kind)
    drawn = ops.integers_like(blank, generator=generator or default_generator, **bounds)
    return drawn.to(kind).requires_grad_(requires_grad)


def randperm(n: int, *, generator: Generator | None = None, dtype: Any = None,
             device: Any = None) -> Tensor:  # fmt: skip
    """0 to n - 1 in random order, all orders equally likely.

    Raises:
        TypeError: `n` is no integer.
        ShapeError: `n` is negative.
    """
    n = whole(n, "n")
    if n < 0:
        raise ShapeError(f"randperm: n must not be negative, got {n}.")
    return _drawn(ops.permutation_like, (n,), int64, device, generator).to(dtype or int64)
