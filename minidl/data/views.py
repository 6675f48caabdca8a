"""A view of another data set: some of its items, or its items changed."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any, TypeVar, final

from ..ops import Generator
from .dataset import Dataset, length
from .sampler import shuffled

T = TypeVar("T")


@final
class Subset(Dataset[T]):
    """The items of `dataset` that `indices` name, in that order."""

    def __init__(self, dataset: Dataset[T], indices: Sequence[int]):
        self.dataset = dataset
        self.indices = indices

    def __getitem__(self, index: int) -> T:
        if isinstance(index, list):  # for sets whose items are rows, such as TensorDataset
            return self.dataset[[self.indices[i] for i in index]]  # type: ignore[index]
        return self.dataset[self.indices[index]]

    def __len__(self) -> int:
        return len(self.indices)

    def gather(self, indices: Sequence[int]) -> Any:
        """A whole batch, if the set beneath gives whole batches."""
        if not isinstance(self.dataset, Dataset):
            return None
        return self.dataset.gather([self.indices[i] for i in indices])


@final
class Transformed(Dataset[Any]):
    """`dataset` with `transform` applied to the first member of a sample when it is asked for.

    The transform runs anew each time, so a random one augments: the same item differs from epoch to
    epoch. Its randomness comes from `item_generator()`.
    """

    def __init__(self, dataset: Dataset[Any], transform: Callable[[Any], Any]):
        self.dataset = dataset
        self.transform = transform

    def __getitem__(self, index: int) -> Any:
        sample = self.dataset[index]
        if isinstance(sample, tuple | list):
            first, *rest = sample
            return (self.transform(first), *rest)
        return self.transform(sample)

    def __len__(self) -> int:
        return length(self.dataset)


def random_split(
    dataset: Dataset[T], lengths: Sequence[float], generator: Generator | None = None
) -> list[Subset[T]]:
    """Cut a set at random into parts that share no item.

    lengths: item counts that add up to the whole, or fractions that add up to 1. Fractions are
    rounded down, and what is left over goes to the first parts, one item each. As in PyTorch,
    [1, 0] are fractions.
    Returns one `Subset` per length. The same generator state gives the same cut.

    Raises ValueError when the lengths do not add up. Warns of a part without items.
    """
    counts = _counts(lengths, length(dataset))
    for i, n in enumerate(counts):
        if n == 0:
            warnings.warn(f"random_split: part {i} of {counts} has no items", stacklevel=2)
    order = shuffled(sum(counts), generator)
    ends = list(accumulate(counts))
    return [Subset(dataset, order[end - n : end]) for n, end in zip(counts, ends, strict=True)]


def _counts(lengths: Sequence[float], total: int) -> list[int]:
    if any(part < 0 for part in lengths):
        raise ValueError(f"random_split: lengths {list(lengths)} has a part below 0")
    if abs(sum(lengths) - 1) < 1e-9:
        counts = [int(total * fraction) for fraction in lengths]
        for i in range(total - sum(counts)):
            counts[i % len(counts)] += 1
        return counts
    if sum(lengths) != total or any(part != int(part) for part in lengths):
        raise ValueError(
            f"random_split: lengths {list(lengths)} add up to {sum(lengths)}, but the data set has "
            f"{total} items; give counts that add up to it, or fractions that add up to 1"
        )
    return [int(part) for part in lengths]
