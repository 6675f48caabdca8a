"""A data set answers `dataset[i]`; here too are the ways to cut, join and change one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any, Generic, TypeVar, final

from ..chance import randperm
from ..creation import tensor
from ..errors import ShapeError
from ..ops import Generator
from ..tensors import Tensor

T = TypeVar("T")


class Dataset(ABC, Generic[T]):
    """Samples that are reached by number: write `__getitem__` and `__len__`."""

    @abstractmethod
    def __getitem__(self, index: int) -> T: ...

    def __add__(self, other: Dataset[T]) -> ConcatDataset[T]:
        return ConcatDataset([self, other])

    def gather(self, indices: Sequence[int]) -> Any:
        """A whole batch at once, as `default_collate` would have made it from the single items.

        Answering None, as here, means "ask me item by item". A set that keeps its samples in
        tensors answers with one indexing call per tensor, which is some fifty times cheaper.
        """
        return None


class IterableDataset(Dataset[T]):
    """Samples that come in a stream: write `__iter__`, and let every pass start at the first."""

    @abstractmethod
    def __iter__(self) -> Iterator[T]: ...

    def __getitem__(self, index: int) -> T:
        raise TypeError(
            f"{type(self).__name__} is a stream: it has no item number {index}; iterate over it"
        )


@final
class TensorDataset(Dataset[tuple[Tensor, ...]]):
    """Item i is the tuple of the i-th rows of tensors of equal length.

    `classes` names the labels 0, 1, ... where the set has labels with names.
    """

    def __init__(self, *tensors: Tensor, classes: Sequence[str] = ()):
        if not tensors:
            raise ValueError("a TensorDataset needs at least one tensor")
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
        chosen = tensor(indices)
        return [t[chosen] for t in self.tensors]


@final
class Subset(Dataset[T]):
    """The items of `dataset` that `indices` name, in that order."""

    def __init__(self, dataset: Dataset[T], indices: Sequence[int]):
        self.dataset = dataset
        self.indices = indices

    def __getitem__(self, index: int) -> T:
        return self.dataset[self.indices[index]]

    def __len__(self) -> int:
        return len(self.indices)

    def gather(self, indices: Sequence[int]) -> Any:
        return self.dataset.gather([self.indices[i] for i in indices])


@final
class ConcatDataset(Dataset[T]):
    """Several sets, one behind the other."""

    def __init__(self, datasets: Iterable[Dataset[T]]):
        self.datasets = list(datasets)
        if not self.datasets:
            raise ValueError("a ConcatDataset needs at least one data set")
        self.cumulative_sizes = list(accumulate(_length(d) for d in self.datasets))

    def __getitem__(self, index: int) -> T:
        position = index + len(self) if index < 0 else index
        if not 0 <= position < len(self):
            raise IndexError(f"item {index} of a ConcatDataset with {len(self)} items")
        which = bisect_right(self.cumulative_sizes, position)
        before = self.cumulative_sizes[which - 1] if which else 0
        return self.datasets[which][position - before]

    def __len__(self) -> int:
        return self.cumulative_sizes[-1]


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
        return _length(self.dataset)


def random_split(
    dataset: Dataset[T], lengths: Sequence[float], generator: Generator | None = None
) -> list[Subset[T]]:
    """Cut a set at random into parts that share no item.

    lengths: item counts that add up to the whole, or fractions that add up to 1 (what rounding
    leaves over goes to the first parts, one item each).
    Returns one `Subset` per length. The same generator state gives the same cut.
    """
    counts = _counts(lengths, _length(dataset))
    order = randperm(sum(counts), generator=generator).tolist()
    ends = list(accumulate(counts))
    return [Subset(dataset, order[end - n : end]) for n, end in zip(counts, ends, strict=True)]


def _counts(lengths: Sequence[float], total: int) -> list[int]:
    if abs(sum(lengths) - 1) < 1e-6 and all(0 <= length <= 1 for length in lengths):
        counts = [int(total * fraction) for fraction in lengths]
        for i in range(total - sum(counts)):
            counts[i % len(counts)] += 1
        return counts
    if sum(lengths) != total or any(length != int(length) for length in lengths):
        raise ValueError(
            f"random_split: lengths {list(lengths)} add up to {sum(lengths)}, but the data set has "
            f"{total} items; give counts that add up to it, or fractions that add up to 1"
        )
    return [int(length) for length in lengths]


def _length(dataset: Any) -> int:
    return len(dataset)
