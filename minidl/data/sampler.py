"""A sampler says in which order items are visited; a batch sampler says in which groups."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence, Sized
from typing import Generic, TypeVar, final

from ..backend import float64
from ..chance import randint, randperm
from ..creation import as_tensor
from ..errors import ShapeError
from ..ops import Generator, multinomial
from ..tensors import Tensor
from .dataset import length

T = TypeVar("T", covariant=True)


class Sampler(ABC, Generic[T]):
    """The order of one pass: write `__iter__`, and `__len__` if the length is known.

    The loader asks for the whole order before the first batch: only then can it neither depend on
    how many threads fetch nor on what training draws meanwhile. A sampler without a length may go
    on for ever, and is asked step by step. While the loader asks, the default generator is seeded
    for this pass; so a sampler that draws from the default generator gives a new order each pass,
    and the same one when the pass is resumed.
    """

    @abstractmethod
    def __iter__(self) -> Iterator[T]: ...


@final
class SequentialSampler(Sampler[int]):
    """0, 1, 2, ..."""

    def __init__(self, data_source: Sized):
        self.data_source = data_source

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.data_source)))

    def __len__(self) -> int:
        return len(self.data_source)


@final
class RandomSampler(Sampler[int]):
    """Each item once in random order; or, with `replacement`, `num_samples` independent draws."""

    def __init__(
        self,
        data_source: Sized,
        replacement: bool = False,
        num_samples: int | None = None,
        generator: Generator | None = None,
    ):
        self.data_source = data_source
        self.replacement = replacement
        self.num_samples = length(data_source) if num_samples is None else num_samples
        self.generator = generator
        _refuse(replacement, self.num_samples)

    def __iter__(self) -> Iterator[int]:
        n = len(self.data_source)
        if self.replacement:
            return iter(randint(0, n, (self.num_samples,), generator=self.generator).tolist())
        order: list[int] = []
        while len(order) < self.num_samples:
            order += shuffled(n, self.generator)
        return iter(order[: self.num_samples])

    def __len__(self) -> int:
        return self.num_samples


@final
class SubsetRandomSampler(Sampler[int]):
    """The given indices, each once, in random order."""

    def __init__(self, indices: Sequence[int], generator: Generator | None = None):
        self.indices = indices
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        return (self.indices[i] for i in shuffled(len(self.indices), self.generator))

    def __len__(self) -> int:
        return len(self.indices)


@final
class WeightedRandomSampler(Sampler[int]):
    """`num_samples` draws in which item i comes up in proportion to `weights[i]`.

    The usual cure for rare classes: weight each item by one over the size of its class.
    """

    def __init__(
        self,
        weights: Sequence[float] | Tensor,
        num_samples: int,
        replacement: bool = True,
        generator: Generator | None = None,
    ):
        self.weights = as_tensor(weights, dtype=float64)
        if self.weights.ndim != 1:
            raise ShapeError(f"weights must be a vector, one for each item: {self.weights.shape}")
        _refuse(replacement, num_samples)
        self.num_samples = num_samples
        self.replacement = replacement
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        drawn = multinomial(
            self.weights, self.num_samples, self.replacement, generator=self.generator
        )
        return iter(drawn.tolist())

    def __len__(self) -> int:
        return self.num_samples


@final
class BatchSampler(Sampler[list[int]]):
    """Groups of `batch_size` indices; the last may be smaller unless `drop_last`."""

    def __init__(self, sampler: Iterable[int], batch_size: int, drop_last: bool):
        _positive("batch_size", batch_size)
        if not isinstance(drop_last, bool):
            raise ValueError(f"drop_last must be True or False, not {drop_last!r}")
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self) -> Iterator[list[int]]:
        batch: list[int] = []
        for index in self.sampler:
            batch.append(index)
            if len(batch) == self.batch_size:
                yield batch
                batch = []
        if batch and not self.drop_last:
            yield batch

    def __len__(self) -> int:
        whole, rest = divmod(len(self.sampler), self.batch_size)  # type: ignore[arg-type]
        return whole if self.drop_last or not rest else whole + 1


def shuffled(n: int, generator: Generator | None = None) -> list[int]:
    """0, 1, ..., n - 1, each once, in random order."""
    return randperm(n, generator=generator).tolist()


def _refuse(replacement: bool, num_samples: int) -> None:
    if not isinstance(replacement, bool):
        raise TypeError(f"replacement must be True or False, not {replacement!r}")
    _positive("num_samples", num_samples)


def _positive(name: str, count: int) -> None:
    if isinstance(count, bool) or not isinstance(count, int) or count <= 0:
        raise ValueError(f"{name} must be a positive integer, not {count!r}")
