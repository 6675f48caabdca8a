"""Tensors from nothing: constants and ranges, under PyTorch's names."""

from typing import Any

from . import backend, ops
from .backend import dtype as DType, int64, is_number
from .dtypes import category, get_default_dtype, of_number
from .errors import ShapeError
from .ops import Generator, default_generator
from .ops.dims import whole
from .tape import is_watched
from .tensors import Tensor

__all__ = [
    "Generator",
    "arange",
    "as_tensor",
    "default_generator",
    "empty",
    "empty_like",
    "eye",
    "finfo",
    "from_dlpack",
    "from_numpy",
    "full",
    "full_like",
    "is_floating_point",
    "is_tensor",
    "linspace",
    "logspace",
    "ones",
    "ones_like",
    "tensor",
    "tril_indices",
    "triu_indices",
    "zeros",
    "zeros_like",
]

# Data -----------------------------------------------------------------------------------------


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
    return new.to(dtype=dtype, device=device if new.is_cuda else placed(device))


def from_numpy(array: Any) -> Tensor:
    """A tensor over the memory of a NumPy array."""
    return Tensor(array)


def from_dlpack(ext_tensor: Any, *, device: Any = None, copy: bool | None = None) -> Tensor:
    """A tensor over the memory of another library's array: PyTorch's, CuPy's, NumPy's, JAX's.

    Args:
        ext_tensor: whatever offers its memory by DLPack, on the processor or a card.
        device: where the tensor is to be; elsewhere than the array it is a copy.
        copy: True for a copy in any case, False for none in any case.

    Raises:
        TypeError: `ext_tensor` does not.
        ValueError: copy=False where another device needs one.
    """
    new = Tensor(backend.from_dlpack(ext_tensor))
    if copy is False and device is not None and backend.device(device) is not new.device:
        raise ValueError(f"from_dlpack: the array is on {new.device}; {device} needs a copy.")
    return new.to(device=device, copy=bool(copy))


# Constants ------------------------------------------------------------------------------------


def full(size: Any, fill_value: Any, *, dtype: Any = None, device: Any = None,
         requires_grad: bool = False) -> Tensor:  # fmt: skip
    """One number everywhere; its dtype follows the number: bool, int64, or the default float.

    Raises:
        TypeError: `size` is no tuple of integers, or `fill_value` is no number.
        ShapeError: a size is negative.
        GradientError: requires_grad for integers or bools.
    """
    if isinstance(size, int):
        raise TypeError(f"full: size must be a tuple of integers, got {size}; write ({size},).")
    number = _number("fill_value", fill_value)
    place, shape = backend.device(placed(device)), shape_of((size,))
    kind = of_number(number) if dtype is None else backend.as_dtype(dtype)
    if place.writable and not is_watched() and not backend.is_half(kind):
        new = Tensor(place.filled(shape, number, kind))
    else:  # of primitives, so that a trace sees it made
        new = ops.clone(ops.expand_(Tensor(number, kind).to(device=place), shape=shape))
    return new.requires_grad_() if requires_grad else new


def shape_of(size: tuple, keyword: Any = None) -> tuple[int, ...]:
    """Sizes as PyTorch's makers take them: (2, 3), ((2, 3),) or a keyword."""
    if keyword is None and not size:
        raise TypeError("size is missing; for one number without dimensions write ().")
    shape = ops.sizes(size, keyword)
    if min(shape, default=0) < 0:
        raise ShapeError(f"size must not be negative, got {shape}.")
    return shape


def placed(device: Any) -> Any:
    """The device named, else the default one."""
    return backend.default_device() if device is None else device


def _number(name: str, value: Any) -> Any:
    """A Python number, also out of a tensor or array that holds one and has no dimensions."""
    if is_number(value):
        return value
    if hasattr(value, "item") and not getattr(value, "shape", (1,)):
        return value.item()
    raise TypeError(f"{name} must be a number, got {value!r:.60}.")


def zeros(*shape: Any, size: Any = None, dtype: Any = None, device: Any = None,
          requires_grad: bool = False) -> Tensor:  # fmt: skip
    """All 0: zeros(2, 3), zeros((2, 3)) or zeros(size=(2, 3)).

    Raises:
        TypeError: a size is no integer, or there is none.
        ShapeError: a size is negative.
    """
    return full(shape_of(shape, size), 0, dtype=dtype or get_default_dtype(), device=device,
                requires_grad=requires_grad)  # fmt: skip


def ones(*shape: Any, size: Any = None, dtype: Any = None, device: Any = None,
         requires_grad: bool = False) -> Tensor:  # fmt: skip
    """All 1, with the arguments of zeros."""
    return full(shape_of(shape, size), 1, dtype=dtype or get_default_dtype(), device=device,
                requires_grad=requires_grad)  # fmt: skip


def empty(*shape: Any, size: Any = None, dtype: Any = None, device: Any = None,
          requires_grad: bool = False) -> Tensor:  # fmt: skip
    """Memory to be written later; here it begins as 0, so that nothing depends on chance."""
    return zeros(*shape, size=size, dtype=dtype, device=device, requires_grad=requires_grad)


def full_like(input: Tensor, fill_value: Any, *, dtype: Any = None, device: Any = None,
              requires_grad: bool = False) -> Tensor:  # fmt: skip
    """One number everywhere, in the shape, dtype and device of another tensor."""
    if not isinstance(input, Tensor):
        raise TypeError(f"full_like: input must be a tensor, got {input!r:.60}.")
    return full(input.shape, fill_value, dtype=dtype or input.dtype, device=device or input.device,
                requires_grad=requires_grad)  # fmt: skip


def zeros_like(input: Tensor, *, dtype: Any = None, device: Any = None,
               requires_grad: bool = False) -> Tensor:  # fmt: skip
    """All 0, in the shape of another tensor."""
    return full_like(input, 0, dtype=dtype, device=device, requires_grad=requires_grad)


def ones_like(input: Tensor, *, dtype: Any = None, device: Any = None,
              requires_grad: bool = False) -> Tensor:  # fmt: skip
    """All 1, in the shape of another tensor."""
    return full_like(input, 1, dtype=dtype, device=device, requires_grad=requires_grad)


def empty_like(input: Tensor, *, dtype: Any = None, device: Any = None,
               requires_grad: bool = False) -> Tensor:  # fmt: skip
    """Memory to be written later, in the shape of another tensor; here it begins as 0."""
    return zeros_like(input, dtype=dtype, device=device, requires_grad=requires_grad)


def eye(n: int, m: int | None = None, *, dtype: Any = None, device: Any = None,
        requires_grad: bool = False) -> Tensor:  # fmt: skip
    """n rows and m columns (n of them by default) with 1 on the diagonal, else 0.

    Raises:
        TypeError: `n` or `m` is no integer.
        ShapeError: one of them is negative.
    """
    n = whole(n, "n")
    m = n if m is None else whole(m, "m")
    for name, count in (("n", n), ("m", m)):
        if count < 0:
            raise ShapeError(f"eye: {name} must not be negative, got {count}.")
    same = arange(n).reshape(n, 1) == arange(m)
    new = same.to(dtype=dtype or get_default_dtype(), device=placed(device))
    return new.requires_grad_() if requires_grad else new


# Ranges ---------------------------------------------------------------------------------------


def arange(start: Any = 0, end: Any = None, step: Any = 1, *, dtype: Any = None, device: Any = None,
           requires_grad: bool = False) -> Tensor:  # fmt: skip
    """start, start + step, ... up to but without end: arange(end) or arange(start, end, step).

    Integers where all three are integers, else the default float.

    Raises:
        TypeError: one of them is no number.
        ValueError: `step` is 0 or leads away from `end`, or the range has no end.
    """
    start, end = (0, start) if end is None else (start, end)
    start, end, step = (
        _number(name, x) for name, x in (("start", start), ("end", end), ("step", step))
    )
    if step == 0 or (end - start) * step < 0:
        raise ValueError(f"arange: step={step} never leads from start={start} to end={end}.")
    if not abs(end - start) < float("inf"):
        raise ValueError(f"arange: start={start} and end={end} must be finite.")
    real = any(isinstance(x, float) for x in (start, end, step))
    kind = backend.as_dtype(dtype or (get_default_dtype() if real else int64))
    if category(kind) < 2:  # among integers every number counts without its fraction
        start, end, step = int(start), int(end), int(step) or step
    new = Tensor(backend.steps(start, end, step), kind).to(device=placed(device))
    return new.requires_grad_() if requires_grad else new


def linspace(start: Any, end: Any, steps: int, *, dtype: Any = None, device: Any = None,
             requires_grad: bool = False) -> Tensor:  # fmt: skip
    """So many numbers at equal distances, both ends among them; one step gives `start`.

    Raises:
        TypeError: `start` or `end` is no number, or `steps` no integer.
        ValueError: `steps` is negative.
    """
    start, end, steps = _number("start", start), _number("end", end), whole(steps, "steps")
    if steps < 0:
        raise ValueError(f"linspace: steps must not be negative, got {steps}.")
    ramp = backend.steps(0, steps, 1) * ((end - start) / max(steps - 1, 1)) + start
    if steps > 1:
        backend.write(ramp, end, -1)  # exactly, whatever rounding did on the way
    new = Tensor(ramp, dtype or get_default_dtype()).to(device=placed(device))
    return new.requires_grad_() if requires_grad else new


def logspace(start: Any, end: Any, steps: int, base: float = 10.0, *, dtype: Any = None,
             device: Any = None, requires_grad: bool = False) -> Tensor:  # fmt: skip
    """base ** start to base ** end, in so many steps of one factor."""
    powers = linspace(start, end, steps, dtype=backend.float64)
    new = (float(base) ** powers).to(dtype or get_default_dtype()).to(device=device)
    return new.requires_grad_() if requires_grad else new


def tril_indices(row: int, col: int, offset: int = 0) -> Tensor:
    """Where the lower triangle of a matrix stands: its rows above its columns, (2, n) int64."""
    return ops.nonzero(ops.tril(ones(row, col), offset)).T


def triu_indices(row: int, col: int, offset: int = 0) -> Tensor:
    """Where the upper triangle of a matrix stands: its rows above its columns, (2, n) int64."""
    return ops.nonzero(ops.triu(ones(row, col), offset)).T


# Questions ------------------------------------------------------------------------------------


def finfo(kind: DType) -> Any:
    """Limits of a floating dtype, as NumPy reports them."""
    return backend.finfo(kind)


def is_tensor(x: Any) -> bool:
    """Whether x is a Tensor."""
    return isinstance(x, Tensor)


def is_floating_point(input: Tensor) -> bool:
    """Whether a tensor holds real numbers."""
    return category(input.dtype) == 2
