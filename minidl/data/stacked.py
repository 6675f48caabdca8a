"""Samples of several members: a row of each tensor, or an item of each data set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

from ..creation import tensor
from ..errors import ShapeError
from ..tensors import Tensor
from .dataset import Dataset, length


@final
class TensorDataset(Dataset[tuple[Tensor, ...]]):
    """Item i is the tuple of the i-th rows of tensors of equal length.

    `classes` names the labels 0, 1, ... where the set has labels with names.

    Raises ShapeError for tensors of unequal length, TypeError for what is no tensor.
    """

    def __init__(self, *tensors: Tensor, classes: Sequence[str] = ()):
        if not tensors:
            raise ValueError("a TensorDataset needs at least one tensor")
        for i, t in enumerate(tensors):
            if not isinstance(t, Tensor):
                raise TypeError(f"tensors: number {i} is a {type(t).__name__}; give it to tensor()")
            if t.ndim == 0:
                raise ShapeError(f"tensors: number {i} has no dimension, so it has no rows")
        lengths = [len(t) for t in tensors]
        if len(set(lengths)) > 1:
            raise ShapeError(
                f"the tensors of a TensorDataset must be equally long, but have lengths {lengths}"
            )
        self.tensors = tensors
        self.classes = tuple(classes)

    def __getitem__(self, index: int) -> tuple[Tensor, ...]:
        return tuple(t[index] for t in self.tensors)

    def __len__(self) -> int:
        return len(self.tensors[0])

    def gather(self, indices: Sequence[int]) -> list[Tensor]:
        """The rows of a whole batch, one indexing call per tensor."""
        chosen = tensor(indices)
        return [t[chosen] for t in self.tensors]


@final
class StackDataset(Dataset[Any]):
    """Item i is made of the i-th items of equally long sets: a tuple, or a dictionary if named.

    StackDataset(images, texts)[i] is (images[i], texts[i]);
    StackDataset(image=images, text=texts)[i] is {"image": images[i], "text": texts[i]}.

    Raises ValueError without sets, with both kinds at once, and for sets of unequal length.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        if bool(args) == bool(kwargs):
            raise ValueError(
                "a StackDataset takes data sets in a row (its items are tuples) or by name (they "
                f"are dictionaries); here are {len(args)} in a row and {len(kwargs)} by name"
            )
        self.datasets = kwargs or args
        lengths = [length(dataset) for dataset in (*args, *kwargs.values())]
        if len(set(lengths)) > 1:
            raise ValueError(
                f"the sets of a StackDataset must be equally long, but have lengths {lengths}"
            )
        self._length = lengths[0]

    def __getitem__(self, index: int) -> Any:
        if isinstance(self.datasets, dict):
            return {name: dataset[index] for name, dataset in self.datasets.items()}
        return tuple(dataset[index] for dataset in self.datasets)

    def __len__(self) -> int:
        return self._length
