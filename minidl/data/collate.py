"""Many samples become one batch: tensors gain a leading axis, containers keep their form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, MutableSequence, Sequence
from copy import copy
from typing import Any

import numpy as np

from ..backend import float64
from ..creation import from_numpy, tensor
from ..errors import ShapeError
from ..ops import cat, stack
from ..tensors import Tensor


def default_collate(batch: Sequence[Any]) -> Any:
    """Join equally built samples.

    Tensors and NumPy arrays of shape S give a tensor of shape (len(batch), *S). Python floats give
    float64, ints int64, bools bool, as in PyTorch; texts stay a list. Mappings, named tuples and
    lists are joined member by member and keep their type; a plain tuple becomes a list.

    Raises ValueError without samples, ShapeError when shapes or numbers of members differ,
    TypeError for what cannot be joined, such as None.
    """
    if not len(batch):
        raise ValueError("batch is empty: there is nothing that default_collate could join")
    first = batch[0]
    if isinstance(first, Tensor | np.ndarray | np.generic) and not isinstance(first, str | bytes):
        return _stack([as_numbers(sample) for sample in batch])
    if isinstance(first, float):
        return tensor(batch, dtype=float64)
    if isinstance(first, int):
        return tensor(batch)
    if isinstance(first, str | bytes):
        return batch
    if isinstance(first, Mapping):
        return _mapping(first, lambda key: default_collate([sample[key] for sample in batch]))
    if isinstance(first, Sequence):
        return _members(batch)
    raise TypeError(
        f"batch: default_collate cannot join samples of type {type(first).__name__}; make them "
        "tensors, numbers, texts or containers of these, or give the loader a collate_fn"
    )


def default_convert(data: Any) -> Any:
    """NumPy arrays and numbers, however deep in containers, become tensors; the rest stays.

    It takes `default_collate`'s place when the loader makes no batches (`batch_size=None`).
    """
    if isinstance(data, np.ndarray | np.generic) and data.dtype.kind not in "SUO":
        return from_numpy(np.asarray(data))
    if isinstance(data, Mapping | Sequence) and not isinstance(data, str | bytes):
        return rebuilt(data, default_convert)
    return data


def rebuilt(data: Any, change: Callable[[Any], Any]) -> Any:
    """A mapping or sequence of the same type with its members changed."""
    if isinstance(data, Mapping):
        return _mapping(data, lambda key: change(data[key]))
    return _sequence(data, [change(member) for member in data])


def as_numbers(sample: Any) -> Tensor:
    """A tensor as it is, an array as a tensor over its memory."""
    if isinstance(sample, Tensor):
        return sample
    if not isinstance(sample, np.ndarray | np.generic):
        raise TypeError(f"batch: a {type(sample).__name__} stands among tensors or arrays")
    if sample.dtype.kind in "SUO":
        raise TypeError(f"batch: an array of {sample.dtype} holds no numbers; give a collate_fn")
    return from_numpy(np.asarray(sample))


def _stack(tensors: list[Tensor]) -> Tensor:
    shapes = {t.shape for t in tensors}
    if len(shapes) > 1:
        raise ShapeError(
            f"the samples of a batch must have one shape, but here are {sorted(shapes)}; "
            "pad or crop them, or give the loader a collate_fn"
        )
    shape = tensors[0].shape
    # What stack does, without looking at each sample twice.
    return cat(tensors).reshape(len(tensors), *shape) if shape else stack(tensors)


def _members(batch: Sequence[Any]) -> Any:
    if any(len(sample) != len(batch[0]) for sample in batch):
        raise ShapeError(
            f"the samples of a batch have {sorted({len(s) for s in batch})} members; "
            "they must all have the same number"
        )
    joined = [default_collate(list(members)) for members in zip(*batch, strict=True)]
    return _sequence(batch[0], joined)


def _mapping(like: Mapping[Any, Any], value: Callable[[Any], Any]) -> Any:
    """A mapping of the same type with other values; a dictionary where the type has no copy."""
    new = {key: value(key) for key in like}
    if type(like) is dict or not isinstance(like, MutableMapping):
        return new
    whole = copy(like)
    whole.update(new)
    return whole


def _sequence(like: Sequence[Any], members: list[Any]) -> Any:
    """Named tuples and changeable sequences keep their type, the rest are lists, as in PyTorch."""
    if hasattr(like, "_fields"):
        return type(like)(*members)
    if type(like) is list or not isinstance(like, MutableSequence):
        return members
    whole = copy(like)
    for i, member in enumerate(members):
        whole[i] = member
    return whole
