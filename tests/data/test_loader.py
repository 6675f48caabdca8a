"""The loader: one order for any number of threads, resumed to the bit, no thread left behind."""

import json
import threading
import time
from itertools import islice

import numpy as np
import pytest

import minidl
from minidl.data import (
    DataLoader,
    Dataset,
    IterableDataset,
    RandomSampler,
    Sampler,
    TensorDataset,
    Transformed,
    item_generator,
)

WORKERS = (0, 1, 3)


class Noisy(Dataset):
    """Item i is i plus noise of its own, and takes a while that differs from item to item."""

    def __init__(self, n: int = 23):
        self.n = n

    def __len__(self) -> int:
        return self.n

    def __getitem__(self, index: int):
        time.sleep(0.0003 * (index % 3))
        return index, minidl.rand(2, generator=item_generator())


class Stream(IterableDataset):
    def __init__(self, n: int = 11):
        self.n = n

    def __iter__(self):
        for i in range(self.n):
            yield i, minidl.rand(2, generator=item_generator())


def read(loader) -> list:
    return [[member.tolist() for member in batch] for batch in loader]


def threads() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith("minidl-data")]


@pytest.fixture(autouse=True)
def no_thread_is_left():
    assert not threads()
    yield
    assert not threads()


@pytest.mark.parametrize("make", [Noisy, Stream])
@pytest.mark.parametrize("own", [True, False])
def test_order_and_contents_depend_on_the_seed_alone(make, own):
    def two_epochs(workers: int, seed: int) -> list:
        minidl.manual_seed(seed)
        generator = minidl.Generator().manual_seed(seed) if own else None
        shuffle = make is Noisy
        loader = DataLoader(
            make(), 4, shuffle=shuffle, num_workers=workers, generator=generator
        )
        return [read(loader), read(loader)]

    first, second = two_epochs(0, seed=1)
    assert sorted(i for batch in first for i in batch[0]) == list(range(make().n))
    assert first != second, "another epoch, another order and other noise"
    for workers in WORKERS[1:]:
        assert two_epochs(workers, seed=1) == [first, second]
    assert two_epochs(0, seed=2)[0] != first


def test_training_that_draws_does_not_change_the_order():
    dataset = TensorDataset(minidl.arange(20))
    orders = []
    for draws in (0, 5):
        minidl.manual_seed(0)
        order = []
        for (x,) in DataLoader(dataset, 3, shuffle=True, num_workers=2):
            minidl.rand(draws + 1)
            order += x.tolist()
        orders.append(order)
    assert orders[0] == orders[1]


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("make", [Noisy, Stream])
@pytest.mark.parametrize("at", [0, 1, 3])
def test_resume_in_the_middle_gives_the_batches_that_were_to_come(make, workers, at):
    def build(seed: int) -> DataLoader:
        generator = minidl.Generator().manual_seed(seed)
        return DataLoader(
            make(), 3, shuffle=make is Noisy, num_workers=workers, generator=generator
        )

    loader = build(7)
    read(loader)
    passing = iter(loader)
    list(islice(passing, at))
    state = json.loads(json.dumps(loader.state_dict()))
    rest, following = read(passing), read(loader)

    resumed = build(99)
    resumed.load_state_dict(state)
    assert [read(resumed), read(resumed)] == [rest, following]


def test_resume_with_the_default_generator_and_other_workers():
    minidl.manual_seed(3)
    loader = DataLoader(Noisy(), 4, shuffle=True)
    passing = iter(loader)
    next(passing)
    state = loader.state_dict()
    minidl.manual_seed(12345)
    resumed = DataLoader(Noisy(), 4, shuffle=True, num_workers=2)
    resumed.load_state_dict(state)
    assert read(resumed) == read(passing)


@pytest.mark.parametrize("at", [0, 2])
def test_resume_a_sampler_with_a_generator_of_its_own(at):
    def build(seed: int) -> DataLoader:
        sampler = RandomSampler(range(23), generator=minidl.Generator().manual_seed(seed))
        return DataLoader(Noisy(), 3, sampler=sampler, generator=minidl.Generator(seed))

    loader = build(1)
    read(loader)
    passing = iter(loader) if at else loader
    if at:
        list(islice(passing, at))
    state = loader.state_dict()
    resumed = build(2)
    resumed.load_state_dict(state)
    assert read(resumed) == read(passing)
    assert read(resumed) == read(loader)


def test_a_custom_sampler_that_draws_is_resumed():
    class Backwards(Sampler[int]):
        def __iter__(self):
            for i in reversed(range(23)):
                if minidl.rand(1).item() < 0.7:
                    yield i

    minidl.manual_seed(5)
    loader = DataLoader(Noisy(), 3, sampler=Backwards())
    passing = iter(loader)
    next(passing)
    minidl.rand(9)
    state = loader.state_dict()
    rest = read(passing)
    minidl.manual_seed(77)
    resumed = DataLoader(Noisy(), 3, sampler=Backwards(), num_workers=1)
    resumed.load_state_dict(state)
    assert read(resumed) == rest


def test_a_sampler_with_anothers_generator_is_left_to_itself():
    class Numpys(Sampler[int]):
        def __init__(self):
            self.generator = np.random.default_rng(0)

        def __iter__(self):
            return iter(self.generator.permutation(23).tolist())

        def __len__(self):
            return 23

    loader = DataLoader(Noisy(), 3, sampler=Numpys())
    assert sorted(i for batch in loader for i in batch[0].tolist()) == list(range(23))
    assert json.loads(json.dumps(loader.state_dict()))["sampler"] is None


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("kind", [iter, tuple, np.array, minidl.tensor])
def test_a_batch_sampler_may_give_any_kind_of_indices(kind, workers):
    wanted = [[3, 1], [2], [0, 4, 4]]
    pairs = [(i, 0) for i in range(23)]
    for dataset in (pairs, TensorDataset(minidl.arange(23), minidl.zeros(23))):
        batches = [kind(batch) for batch in wanted]
        loader = DataLoader(dataset, batch_sampler=batches, num_workers=workers)
        assert [batch[0].tolist() for batch in loader] == wanted


def test_a_pass_knows_its_place_whatever_was_begun_since():
    loader = DataLoader(Noisy(), 3, shuffle=True, generator=minidl.Generator(1))
    passing = iter(loader)
    next(passing)
    read(loader)
    state = passing.state_dict()
    rest = read(passing)
    loader.load_state_dict(state)
    assert read(loader) == rest


def test_breaking_off_ends_the_threads():
    before = threading.active_count()
    for _ in DataLoader(Noisy(1000), 2, num_workers=3):
        break
    assert threading.active_count() == before
    passing = iter(DataLoader(Noisy(1000), 2, num_workers=3))
    next(passing)
    assert threads()
    passing.close()


def test_prefetch_does_not_run_away():
    asked = []

    class Asked(Dataset):
        def __len__(self):
            return 1000

        def __getitem__(self, index):
            asked.append(index)
            return index

    passing = iter(DataLoader(Asked(), 1, num_workers=2, prefetch_factor=3))
    next(passing)
    time.sleep(0.05)
    assert len(asked) <= 6
    passing.close()


@pytest.mark.parametrize("workers", WORKERS)
def test_a_failing_item_is_named(workers):
    class Broken(Noisy):
        def __getitem__(self, index):
            if index == 8:
                raise KeyError("no such picture")
            return index

    loader = DataLoader(Broken(), 3, num_workers=workers)
    seen = []
    with pytest.raises(KeyError, match="no such picture") as caught:
        for batch in loader:
            seen.append(batch.tolist())
    assert seen == [[0, 1, 2], [3, 4, 5]]
    assert any("item 8 of Broken" in note for note in caught.value.__notes__)


@pytest.mark.parametrize("workers", WORKERS)
def test_a_failing_stream_is_named(workers):
    class Broken(IterableDataset):
        def __iter__(self):
            yield 1
            raise OSError("cable cut")

    with pytest.raises(OSError, match="cable cut") as caught:
        list(DataLoader(Broken(), 3, num_workers=workers))
    assert any("item 1 of the stream Broken" in note for note in caught.value.__notes__)


def test_transforms_draw_the_items_own_numbers():
    dataset = TensorDataset(minidl.zeros(6, 1), minidl.arange(6))
    noisy = Transformed(dataset, lambda x: x + minidl.rand(1, generator=item_generator()))
    runs = []
    for workers in WORKERS:
        generator = minidl.Generator().manual_seed(0)
        loader = DataLoader(noisy, 2, num_workers=workers, generator=generator)
        runs.append([read(loader), read(loader)])
    assert runs[0] == runs[1] == runs[2]
    assert runs[0][0] != runs[0][1]


def test_an_item_that_reads_from_a_loader_itself():
    class Nested(Noisy):
        def __getitem__(self, index):
            inner = list(DataLoader([1, 2, 3], 2, generator=minidl.Generator(0)))
            return len(inner), minidl.rand(1, generator=item_generator())

    generators = [minidl.Generator(4) for _ in WORKERS]
    runs = [
        read(DataLoader(Nested(5), 2, num_workers=w, generator=g))
        for w, g in zip(WORKERS, generators, strict=True)
    ]
    assert runs[0] == runs[1] == runs[2]


def test_items_outside_a_loader_draw_from_the_default_generator():
    assert item_generator() is minidl.default_generator


def test_drop_last_and_lengths():
    assert [len(DataLoader(Noisy(10), 3, drop_last=d)) for d in (False, True)] == [4, 3]
    assert [len(list(DataLoader(Stream(10), 3, drop_last=d))) for d in (False, True)] == [4, 3]
    with pytest.raises(TypeError):
        len(DataLoader(Stream(10), 3))


def test_a_plain_list_and_a_collate_of_ones_own():
    assert [b.tolist() for b in DataLoader([3, 1, 2], 2)] == [[3, 1], [2]]
    assert list(DataLoader([3, 1, 2], 2, collate_fn=sum)) == [4, 2]
    assert list(DataLoader(Stream(3), 2, collate_fn=len)) == [2, 1]


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"shuffle": True, "sampler": [0]}, "both decide the order"),
        ({"batch_sampler": [[0]], "batch_size": 2}, "decides alone"),
        ({"num_workers": -1}, "num_workers"),
        ({"batch_size": 0}, "positive integer"),
    ],
)
def test_contradictions_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        DataLoader(Noisy(), **arguments)
    with pytest.raises(ValueError, match="own order"):
        DataLoader(Stream(), shuffle=True)


@pytest.mark.skipif(minidl.cuda.is_available(), reason="with a card batches are pinned")
def test_without_a_card_pinning_changes_nothing():
    data = TensorDataset(minidl.arange(6), minidl.ones(6))
    (x, y), *_ = DataLoader(data, batch_size=4, pin_memory=True)
    assert x.tolist() == [0, 1, 2, 3] and not x.is_pinned()
    assert y.to("cpu", non_blocking=True) is y
