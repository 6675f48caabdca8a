"""A data set answers `dataset[i]`, a stream is iterated over; several are joined end to end."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any, Generic, TypeVar, final

T = TypeVar("T")


class Dataset(ABC, Generic[T]):
    """Samples that are reached by number: write `__getitem__` and `__len__`.

    A set that reads many samples faster together than one by one may also have PyTorch's
    `__getitems__(indices) -> list of samples`; the loader then calls that.
    """

    @abstractmethod
    def __getitem__(self, index: int) -> T: ...

    def __add__(self, other: Dataset[T]) -> Dataset[T]:
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

    def __add__(self, other: Dataset[T]) -> Dataset[T]:
        return ChainDataset([self, other])


@final
class ConcatDataset(Dataset[T]):
    """Several sets, one behind the other; a negative index counts from the end of the last.

    Raises:
        ValueError: there is no data set. TypeError: one of them is a stream, or has no length.
        IndexError: the index is beyond either end.
    """

    def __init__(self, datasets: Iterable[Dataset[T]]):
        self.datasets = list(datasets)
        if not self.datasets:
            raise ValueError("datasets is empty: a ConcatDataset needs at least one data set")
        for dataset in self.datasets:
            if isinstance(dataset, IterableDataset):
                raise TypeError(
                    f"datasets: {type(dataset).__name__} is a stream, which a ConcatDataset cannot "
                    "enter by number; join streams with ChainDataset"
                )
        self.cumulative_sizes = list(accumulate(length(d) for d in self.datasets))

    def __getitem__(self, index: int) -> T:
        position = index + len(self) if index < 0 else index
        if not 0 <= position < len(self):
            raise IndexError(f"index {index}: a ConcatDataset of {len(self)} items has no such one")
        which = bisect_right(self.cumulative_sizes, position)
        before = self.cumulative_sizes[which - 1] if which else 0
        return self.datasets[which][position - before]

    def __len__(self) -> int:
        return self.cumulative_sizes[-1]


@final
class ChainDataset(IterableDataset[T]):
    """Several streams, one behind the other; it has a length if each of them has.

    Raises TypeError, when it comes to it, for a data set that is no stream.
    """

    def __init__(self, datasets: Iterable[Dataset[T]]):
        self.datasets = list(datasets)

    def __iter__(self) -> Iterator[T]:
        for stream in self._streams():
            yield from stream

    def __len__(self) -> int:
        return sum(length(stream) for stream in self._streams())

    def _streams(self) -> Iterator[IterableDataset[T]]:
        for dataset in self.datasets:
            if not isinstance(dataset, IterableDataset):
                raise TypeError(
                    f"datasets: {type(dataset).__name__} is no stream (an IterableDataset); "
                    "join sets that have numbered items with ConcatDataset"
                )
            yield dataset


def length(dataset: Any) -> int:
    """How many items a data set has; TypeError if it does not say."""
    try:
        return len(dataset)
    except TypeError:
        raise TypeError(
            f"dataset: {type(dataset).__name__} does not say how many items it has; "
            "give it a __len__"
        ) from None
