"""Orders of visit."""

from collections import Counter

import pytest

import minidl
from minidl.data import (
    BatchSampler,
    RandomSampler,
    SequentialSampler,
    SubsetRandomSampler,
    WeightedRandomSampler,
)


def seeded(n: int) -> minidl.Generator:
    return minidl.Generator().manual_seed(n)


def test_sequential_and_random_visit_each_once():
    assert list(SequentialSampler(range(5))) == [0, 1, 2, 3, 4]
    order = list(RandomSampler(range(100), generator=seeded(0)))
    assert sorted(order) == list(range(100)) and order != list(range(100))
    assert order == list(RandomSampler(range(100), generator=seeded(0)))
    assert order != list(RandomSampler(range(100), generator=seeded(1)))


def test_random_sampler_draws_more_or_with_replacement():
    more = list(RandomSampler(range(3), num_samples=7, generator=seeded(0)))
    assert len(more) == 7 and sorted(more[:3]) == [0, 1, 2]
    drawn = list(RandomSampler(range(3), replacement=True, num_samples=50, generator=seeded(0)))
    assert len(drawn) == 50 and set(drawn) == {0, 1, 2}
    with pytest.raises(ValueError, match="positive"):
        RandomSampler([])


def test_subset_random_sampler():
    assert sorted(SubsetRandomSampler([4, 8, 2], generator=seeded(0))) == [2, 4, 8]


def test_weighted_sampler_follows_the_weights():
    sampler = WeightedRandomSampler([1.0, 3.0, 0.0], 4000, generator=seeded(0))
    counts = Counter(sampler)
    assert counts[2] == 0 and abs(counts[1] / 4000 - 0.75) < 0.03


def test_a_weighted_sampler_without_replacement_draws_each_once():
    weights = minidl.tensor([1, 2, 3], dtype=minidl.int64)
    sampler = WeightedRandomSampler(weights, 3, replacement=False, generator=seeded(0))
    assert sorted(sampler) == [0, 1, 2]
    with pytest.raises(minidl.ShapeError, match="weights must be a vector"):
        WeightedRandomSampler([[1.0]], 1)  # type: ignore[list-item]


@pytest.mark.parametrize(
    "n, size, drop", [(10, 3, False), (10, 3, True), (9, 3, False), (2, 5, True)]
)
def test_batches_cover_the_order(n, size, drop):
    sampler = BatchSampler(range(n), size, drop)
    batches = list(sampler)
    assert len(batches) == len(sampler)
    flat = [i for batch in batches for i in batch]
    assert flat == list(range(n - n % size if drop else n))


@pytest.mark.parametrize("size", [0, -1, 2.0, True])
def test_batch_size_must_be_a_positive_integer(size):
    with pytest.raises(ValueError, match="positive integer"):
        BatchSampler(range(3), size, False)
