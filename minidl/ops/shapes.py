"""PyTorch's names for moving numbers about, composed of the movement primitives."""

from collections.abc import Sequence
from math import prod
from typing import Any

from ..dtypes import result_type
from ..errors import ShapeError
from ..primitive import broadcast
from .dims import many, one, sizes
from .movement import cast, cat_, crop, expand_, flip_, permute_, reshape_

__all__ = [
    "broadcast_to",
    "cat",
    "chunk",
    "expand",
    "flatten",
    "flip",
    "movedim",
    "narrow",
    "permute",
    "repeat",
    "reshape",
    "select",
    "split",
    "squeeze",
    "stack",
    "t",
    "transpose",
    "unbind",
    "unflatten",
    "unsqueeze",
]


def reshape(input: Any, *shape: Any) -> Any:
    """The same numbers in another shape; one size may be -1 and is worked out.

    Raises:
        ShapeError: the shapes hold different amounts of numbers.
    """
    new = sizes(shape)
    if new.count(-1) > 1:
        raise ShapeError(f"reshape: only one size may be -1, got {new}.")
    total = prod(input.shape)
    if -1 in new:
        rest = prod(n for n in new if n != -1)
        if rest == 0 or total % rest:
            raise ShapeError(f"reshape: {tuple(input.shape)} holds {total} numbers, not {new}.")
        new = tuple(total // rest if n == -1 else n for n in new)
    if prod(new) != total:
        raise ShapeError(
            f"reshape: {tuple(input.shape)} holds {total} numbers, {new} holds {prod(new)}."
        )
    return reshape_(input, shape=new)


def flatten(input: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    """Dimensions start_dim to end_dim as one."""
    if input.ndim == 0:
        return reshape(input, 1)
    start, end = one(start_dim, input.ndim), one(end_dim, input.ndim)
    if start > end:
        raise ShapeError(f"flatten: start_dim={start_dim} comes after end_dim={end_dim}.")
    shape = input.shape
    return reshape(input, (*shape[:start], prod(shape[start : end + 1]), *shape[end + 1 :]))


def unflatten(input: Any, dim: int, sizes: Sequence[int]) -> Any:
    """One dimension as several; the opposite of flatten."""
    dim = one(dim, input.ndim)
    whole, parts = input.shape[dim], tuple(sizes)
    if -1 in parts:
        rest = prod(n for n in parts if n != -1)
        parts = tuple(whole // max(rest, 1) if n == -1 else n for n in parts)
    if prod(parts) != whole:
        raise ShapeError(f"unflatten: dimension {dim} has size {whole}, not {tuple(sizes)}.")
    return reshape(input, (*input.shape[:dim], *parts, *input.shape[dim + 1 :]))


def squeeze(input: Any, dim: int | Sequence[int] | None = None) -> Any:
    """Without its dimensions of size 1 (or those named, where they are of size 1)."""
    dims = many(dim, input.ndim)
    shape = tuple(n for d, n in enumerate(input.shape) if n != 1 or d not in dims)
    return reshape_(input, shape=shape)


def unsqueeze(input: Any, dim: int) -> Any:
    """With a new dimension of size 1 before position dim."""
    dim = one(dim, input.ndim + 1)
    return reshape_(input, shape=(*input.shape[:dim], 1, *input.shape[dim:]))


def permute(input: Any, *dims: Any) -> Any:
    """Dimensions in another order: z.shape[i] = x.shape[dims[i]]."""
    order = many(sizes(dims), input.ndim)
    if len(order) != input.ndim:
        raise ShapeError(f"permute: {input.ndim} dimensions need as many numbers, got {order}.")
    return permute_(input, dims=order)


def transpose(input: Any, dim0: int, dim1: int) -> Any:
    """Two dimensions exchanged."""
    order = list(range(input.ndim))
    a, b = one(dim0, input.ndim), one(dim1, input.ndim)
    if input.ndim:
        order[a], order[b] = order[b], order[a]
    return permute_(input, dims=tuple(order))


def t(input: Any) -> Any:
    """The transpose of a matrix; vectors and numbers stay as they are."""
    if input.ndim > 2:
        raise ShapeError(f"t() is for matrices, got {input.ndim} dimensions; use transpose.")
    return transpose(input, 0, 1) if input.ndim == 2 else input


def movedim(input: Any, source: int | Sequence[int], destination: int | Sequence[int]) -> Any:
    """Some dimensions at other places, the rest in their order."""
    sources, targets = many(source, input.ndim), many(destination, input.ndim)
    rest = iter(d for d in range(input.ndim) if d not in sources)
    placed = dict(zip(targets, sources, strict=True))
    order = tuple(placed[d] if d in placed else next(rest) for d in range(input.ndim))
    return permute_(input, dims=order)


def expand(input: Any, *shape: Any) -> Any:
    """Dimensions of size 1 repeated without copying; -1 keeps a size.

    Raises:
        ShapeError: a dimension of another size than 1 was to be repeated.
    """
    new = sizes(shape)
    front = len(new) - input.ndim
    if front < 0:
        raise ShapeError(f"expand: {tuple(input.shape)} has more dimensions than {new}.")
    full = tuple(input.shape[i - front] if n == -1 and i >= front else n for i, n in enumerate(new))
    if broadcast(tuple(input.shape), full) != full:
        raise ShapeError(f"expand: {tuple(input.shape)} does not broadcast to {full}.")
    return expand_(input, shape=full)


def broadcast_to(input: Any, shape: Sequence[int]) -> Any:
    """As expand."""
    return expand(input, tuple(shape))


def repeat(input: Any, *repeats: Any) -> Any:
    """Copies laid one after another, so many along each dimension."""
    times = sizes(repeats)
    front = len(times) - input.ndim
    if front < 0:
        raise ShapeError(f"repeat: {input.ndim} dimensions need at least as many counts.")
    shape = (1,) * front + tuple(input.shape)
    spread = tuple(n for size, k in zip(shape, times, strict=True) for n in (k, size))
    paired = tuple(n for size in shape for n in (1, size))
    whole = tuple(size * k for size, k in zip(shape, times, strict=True))
    return reshape_(expand_(reshape_(input, shape=paired), shape=spread), shape=whole)


def flip(input: Any, dims: int | Sequence[int]) -> Any:
    """Reversed along some dimensions."""
    return flip_(input, dims=many(dims, input.ndim))


def cat(tensors: Sequence[Any], dim: int = 0) -> Any:
    """Tensors joined along a dimension they have.

    Raises:
        ShapeError: their other sizes differ.
    """
    if not tensors:
        raise ValueError("cat needs at least one tensor.")
    kind = result_type(*tensors)
    xs = [x if x.dtype == kind else cast(x, dtype=kind) for x in tensors]
    dim = one(dim, xs[0].ndim)
    return cat_(*xs, dim=dim)


def stack(tensors: Sequence[Any], dim: int = 0) -> Any:
    """Tensors of one shape joined along a new dimension."""
    shapes = {tuple(x.shape) for x in tensors}
    if len(shapes) > 1:
        raise ShapeError(f"stack needs tensors of one shape, got {sorted(shapes)}.")
    return cat([unsqueeze(x, dim) for x in tensors], dim)


def split(tensor: Any, split_size_or_sections: int | Sequence[int], dim: int = 0) -> tuple:
    """Pieces along a dimension: of one size (the last may be smaller), or of the sizes listed."""
    dim = one(dim, tensor.ndim)
    length = tensor.shape[dim]
    if isinstance(split_size_or_sections, int):
        step = split_size_or_sections
        parts = [min(step, length - i) for i in range(0, length, step)] or [0]
    else:
        parts = list(split_size_or_sections)
        if sum(parts) != length:
            raise ShapeError(f"split: sizes {parts} add up to {sum(parts)}, not {length}.")
    starts = [sum(parts[:i]) for i in range(len(parts))]
    return tuple(narrow(tensor, dim, i, n) for i, n in zip(starts, parts, strict=True))


def chunk(input: Any, chunks: int, dim: int = 0) -> tuple:
    """At most so many pieces of one size along a dimension."""
    length = input.shape[one(dim, input.ndim)]
    return split(input, max(-(-length // chunks), 1), dim)


def narrow(input: Any, dim: int, start: int, length: int) -> Any:
    """Positions start to start + length - 1 along a dimension."""
    dim = one(dim, input.ndim)
    return crop(input, key=(slice(None),) * dim + (slice(start, start + length),))


def select(input: Any, dim: int, index: int) -> Any:
    """One position along a dimension, which disappears."""
    dim = one(dim, input.ndim)
    size = input.shape[dim]
    if not -size <= index < size:
        raise IndexError(f"index {index} is out of range for dimension {dim} of size {size}.")
    return crop(input, key=(slice(None),) * dim + (index,))


def unbind(input: Any, dim: int = 0) -> tuple:
    """Every position along a dimension."""
    return tuple(select(input, dim, i) for i in range(input.shape[one(dim, input.ndim)]))
