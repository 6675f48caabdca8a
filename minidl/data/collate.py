"""Many samples become one batch: tensors gain a leading axis, containers keep their form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..backend import float64
from ..creation import from_numpy, tensor
from ..errors import ShapeError
from ..ops import stack
from ..tensors import Tensor


def default_collate(batch: list[Any]) -> Any:
    """Join a list of equally built samples.

    Tensors and NumPy arrays of shape S give a tensor of shape (len(batch), *S). Python floats give
    float64, ints int64, bools bool, as in PyTorch; texts stay a list. Dictionaries, named tuples,
    tuples and lists are joined member by member.

    Raises ShapeError when shapes differ, TypeError for what cannot be joined.
    """
    first = batch[0]
    if isinstance(first, Tensor):
        return _stack(batch)
    if isinstance(first, np.ndarray | np.generic):
        return _stack([from_numpy(np.asarray(sample)) for sample in batch])
    if isinstance(first, float):
        return tensor(batch, dtype=float64)
    if isinstance(first, int):
        return tensor(batch)
    if isinstance(first, str | bytes):
        return batch
    if isinstance(first, Mapping):
        return {key: default_collate([sample[key] for sample in batch]) for key in first}
    if isinstance(first, tuple | list):
        return _members(batch)
    raise TypeError(
        f"default_collate cannot join samples of type {type(first).__name__}; make them tensors, "
        "numbers, texts or containers of these, or give the loader a collate_fn"
    )


def _stack(tensors: list[Tensor]) -> Tensor:
    shapes = {t.shape for t in tensors}
    if len(shapes) > 1:
        raise ShapeError(
            f"the samples of a batch must have one shape, but here are {sorted(shapes)}; "
            "pad or crop them, or give the loader a collate_fn"
        )
    return stack(tensors)


def _members(batch: list[Any]) -> Any:
    first = batch[0]
    if any(len(sample) != len(first) for sample in batch):
        raise ShapeError(
            f"the samples of a batch have {sorted({len(s) for s in batch})} members; "
            "they must all have the same number"
        )
    joined = [default_collate(list(members)) for members in zip(*batch, strict=True)]
    return type(first)(*joined) if hasattr(first, "_fields") else joined
