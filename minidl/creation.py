"""Tensors from nothing: constants, ranges and random numbers, under PyTorch's names."""

from typing import Any

from . import backend, ops
from .backend import dtype as DType, int64, is_number
from .dtypes import category, get_default_dtype
from .errors import ShapeError
from .ops import Generator, default_generator, sizes
from .tensors import Tensor

__all__ = [
    "Generator",
    "allclose",
    "arange",
    "as_tensor",
    "bernoulli",
    "default_generator",
    "empty",
    "empty_like",
    "equal",
    "eye",
    "finfo",
    "from_numpy",
    "full",
    "full_like",
    "is_floating_point",
    "is_tensor",
    "linspace",
    "multinomial",
    "normal",
    "ones",
    "ones_like",
    "rand",
    "rand_like",
    "randint",
    "randn",
    "randn_like",
    "randperm",
    "tensor",
    "zeros",
    "zeros_like",
]


def tensor(
    data: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """A new tensor with a copy of the data: nested lists, numbers, arrays.

    Raises:
        TypeError: the data are no numbers, or lists of different lengths.
        GradientError: requires_grad for integers or bools.
    """
    new = as_tensor(data, dtype=dtype, device=device)
    if (
        new is data
        or hasattr(data, "dtype")
        and backend.overlap(getattr(data, "array", data), new.array)
    ):
        new = new.detach().clone()
    return new.requires_grad_() if requires_grad else new


def as_tensor(data: Any, dtype: Any = None, device: Any = None) -> Tensor:
    """The data as a tensor, sharing memory where it can."""
    try:
        new = data if isinstance(data, Tensor) else Tensor(data, dtype)
    except ValueError as error:
        raise ShapeError(f"These nested lists are no rectangular array: {error}") from None
    return new.to(dtype=dtype, device=device)


def from_numpy(array: Any) -> Tensor:
    """A tensor over the memory of a NumPy array."""
    return Tensor(array)


def full(size: Any, fill_value: Any, *, dtype: Any = None, device: Any = None,
         requires_grad: bool = False) -> Tensor:  # fmt: skip
    """One number everywhere."""
    spread = ops.expand(Tensor(fill_value, dtype).to(device=device), sizes((size,)))
    new = ops.clone(spread)
    return new.requires_grad_() if requires_grad else new


def zeros(*size: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Tensor:
    """All 0."""
    return full(sizes(size), 0, dtype=dtype or get_default_dtype(), device=device,
                requires_grad=requires_grad)  # fmt: skip


def ones(*size: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Tensor:
    """All 1."""
    return full(sizes(size), 1, dtype=dtype or get_default_dtype(), device=device,
                requires_grad=requires_grad)  # fmt: skip


def empty(*size: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Tensor:
    """Memory to be written later; here it begins as 0, so that nothing depends on chance."""
    return zeros(*size, dtype=dtype, device=device, requires_grad=requires_grad)


def full_like(input: Tensor, fill_value: Any, *, dtype: Any = None) -> Tensor:
    """One number everywhere, in the shape of another tensor."""
    return full(input.shape, fill_value, dtype=dtype or input.dtype, device=input.device)


def zeros_like(input: Tensor, *, dtype: Any = None) -> Tensor:
    """All 0, in the shape of another tensor."""
    return full_like(input, 0, dtype=dtype)


def ones_like(input: Tensor, *, dtype: Any = None) -> Tensor:
    """All 1, in the shape of another tensor."""
    return full_like(input, 1, dtype=dtype)


def empty_like(input: Tensor, *, dtype: Any = None) -> Tensor:
    """Memory to be written later, in the shape of another tensor."""
    return full_like(input, 0, dtype=dtype)


def eye(n: int, m: int | None = None, *, dtype: Any = None) -> Tensor:
    """1 on the diagonal, else 0."""
    rows, columns = arange(n).reshape(n, 1), arange(n if m is None else m)
    return (rows == columns).to(dtype or get_default_dtype())


def arange(start: Any, end: Any = None, step: Any = 1, *, dtype: Any = None,
           requires_grad: bool = False) -> Tensor:  # fmt: skip
    """start, start + step, ... up to but without end.

    Raises:
        ValueError: step is 0 or leads away from end.
    """
    start, end = (0, start) if end is None else (start, end)
    if step == 0 or (end - start) * step < 0:
        raise ValueError(f"arange({start}, {end}, {step}) never reaches its end.")
    whole = all(isinstance(x, int) for x in (start, end, step))
    kind = dtype or (int64 if whole else get_default_dtype())
    return Tensor(backend.steps(start, end, step), kind, requires_grad=requires_grad)


def linspace(start: float, end: float, steps: int, *, dtype: Any = None) -> Tensor:
    """So many numbers at equal distances, both ends among them."""
    ramp = backend.steps(0, steps, 1) * ((end - start) / max(steps - 1, 1)) + start
    if steps > 1:
        backend.write(ramp, end, -1)  # exactly, whatever rounding did on the way
    return Tensor(ramp, dtype or get_default_dtype())


# Random ---------------------------------------------------------------------------------------


def _drawn(primitive: Any, size: Any, dtype: Any, generator: Any, **params: Any) -> Tensor:
    blank = Tensor(0, dtype or get_default_dtype())
    return primitive(ops.expand(blank, sizes(size)), generator=generator or default_generator,
                     **params)  # fmt: skip


def rand(*size: Any, generator: Generator | None = None, dtype: Any = None,
         requires_grad: bool = False) -> Tensor:  # fmt: skip
    """Numbers between 0 and 1, all equally likely."""
    new = _drawn(ops.uniform_like, size, dtype, generator)
    return new.requires_grad_() if requires_grad else new


def randn(*size: Any, generator: Generator | None = None, dtype: Any = None,
          requires_grad: bool = False) -> Tensor:  # fmt: skip
    """Numbers of the standard normal distribution."""
    new = _drawn(ops.normal_like, size, dtype, generator)
    return new.requires_grad_() if requires_grad else new


def randint(low: int, high: Any, size: Any = None, *, generator: Generator | None = None,
            dtype: Any = None) -> Tensor:  # fmt: skip
    """Integers from low to high - 1; randint(high, size) starts at 0."""
    low, high, size = (0, low, high) if size is None else (low, high, size)
    if high <= low:
        raise ValueError(f"randint: there is no integer from {low} to below {high}.")
    drawn = _drawn(ops.integers_like, (size,), None, generator, low=low, high=high)
    return drawn if dtype is None else drawn.to(dtype)


def randperm(n: int, *, generator: Generator | None = None) -> Tensor:
    """0 to n - 1 in random order."""
    return _drawn(ops.permutation_like, (n,), None, generator)


def rand_like(input: Tensor, *, generator: Generator | None = None) -> Tensor:
    """As rand, in the shape, dtype and device of another tensor."""
    return ops.uniform_like(input.detach(), generator=generator or default_generator)


def randn_like(input: Tensor, *, generator: Generator | None = None) -> Tensor:
    """As randn, in the shape, dtype and device of another tensor."""
    return ops.normal_like(input.detach(), generator=generator or default_generator)


def normal(mean: Any, std: Any, size: Any = None, *, generator: Generator | None = None) -> Tensor:
    """Normal numbers with a mean and a standard deviation, given as numbers or tensors."""
    if is_number(mean) and is_number(std):
        return randn(sizes((size,)), generator=generator) * std + mean
    shape = ops.broadcast(*(x.shape for x in (mean, std) if not is_number(x)))
    return randn(shape, generator=generator) * std + mean


def bernoulli(input: Tensor, *, generator: Generator | None = None) -> Tensor:
    """1 with the probability that stands at the place, else 0."""
    return (rand_like(input, generator=generator) < input).to(input.dtype)


def multinomial(input: Tensor, num_samples: int, replacement: bool = False, *,
                generator: Generator | None = None) -> Tensor:  # fmt: skip
    """Positions drawn by weight along the last dimension.

    Args:
        input: (n,) or (m, n), not negative; they need not add up to 1.
        num_samples: how many to draw.
        replacement: whether one position may come twice.

    Raises:
        ValueError: more draws than positions without replacement.
    """
    if not replacement and num_samples > input.shape[-1]:
        raise ValueError(
            f"multinomial: {num_samples} draws without replacement from {input.shape[-1]}."
        )
    if not replacement:  # the smallest of exponential waiting times, E / weight, arrive first
        waits = -ops.log1p(-rand_like(input, generator=generator)) / input
        return ops.topk(waits, num_samples, largest=False).indices
    ladder = ops.cumsum(input / input.sum(-1, keepdim=True), -1)
    shape = (*input.shape[:-1], num_samples, 1)
    draws = rand(shape, generator=generator, dtype=input.dtype)
    below = (draws >= ops.unsqueeze(ladder, -2)).sum(-1)
    return ops.clamp(below, max=input.shape[-1] - 1)


def finfo(kind: DType) -> Any:
    """Limits of a floating dtype, as NumPy reports them."""
    return backend.finfo(kind)


def is_tensor(x: Any) -> bool:
    """Whether x is a Tensor."""
    return isinstance(x, Tensor)


def allclose(
    input: Tensor, other: Tensor, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> bool:
    """Whether all numbers are close: |input - other| <= atol + rtol * |other|."""
    return bool(ops.isclose(input, other, rtol, atol, equal_nan).all())


def equal(input: Tensor, other: Tensor) -> bool:
    """Whether shape and all numbers are equal."""
    return input.shape == other.shape and bool((input == other).all())


def is_floating_point(input: Tensor) -> bool:
    """Whether a tensor holds real numbers."""
    return category(input.dtype) == 2
