"""A sampler says in which order items are visited; a batch sampler says in which groups."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence, Sized
from typing import Generic, TypeVar, final

from ..chance import randint, randperm
from ..creation import tensor
from ..ops import Generator, multinomial

T = TypeVar("T", covariant=True)


class Sampler(ABC, Generic[T]):
    """The order of one pass: write `__iter__`, and `__len__` if the length is known.

    A pass must come to an end, for the loader asks for the whole order before the first batch: only
    then can it neither depend on how many threads fetch nor on what training draws meanwhile. While
    it asks, the default generator is seeded for this pass; so a sampler that draws from the default
    generator gives a new order each pass, and the same one when the pass is resumed.
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
        self.num_samples = len(data_source) if num_samples is None else num_samples
        self.generator = generator
        if self.num_samples <= 0:
            raise ValueError(f"num_samples must be positive, not {self.num_samples}")

    def __iter__(self) -> Iterator[int]:
        n = len(self.data_source)
        if self.replacement:
            return iter(randint(0, n, (self.num_samples,), generator=self.generator).tolist())
        order: list[int] = []
        while len(order) < self.num_samples:
            order += randperm(n, generator=self.generator).tolist()
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
        order = randperm(len(self.indices), generator=self.generator).tolist()
        return (self.indices[i] for i in order)

    def __len__(self) -> int:
        return len(self.indices)


@final
class WeightedRandomSampler(Sampler[int]):
    """`num_samples` draws in which item i comes up in proportion to `weights[i]`.

    The usual cure for rare classes: weight each item by one over the size of its class.
    """

    def __init__(
        self,
        weights: Sequence[float],
        num_samples: int,
        replacement: bool = True,
        generator: Generator | None = None,
    ):
        self.weights = tensor(list(weights))
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

    def __init__(self, sampler: Iterable[int], batch_size: int, drop_last: bool = False):
        if isinstance(batch_size, bool) or not isinstance(batch_size, int) or batch_size <= 0:
            raise ValueError(f"batch_size must be a positive integer, not {batch_size!r}")
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
