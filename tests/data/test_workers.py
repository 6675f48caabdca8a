"""Threads that fetch: who they are, how they begin, when they are too late, orders without end."""

import threading
from itertools import count, islice

import pytest

import minidl
from minidl.data import (
    DataLoader,
    Dataset,
    IterableDataset,
    Sampler,
    TensorDataset,
    get_worker_info,
    item_generator,
)


class Asked(Dataset):
    """Item i says which thread fetched it."""

    def __len__(self) -> int:
        return 40

    def __getitem__(self, index):
        info = get_worker_info()
        return index, -1 if info is None else info.id


class Shared(IterableDataset):
    """A stream that gives each worker its share, as PyTorch's documentation has it."""

    def __iter__(self):
        info = get_worker_info()
        first, step = (0, 1) if info is None else (info.id, info.num_workers)
        return iter(range(first, 10, step))


def test_each_thread_knows_its_number_and_is_begun_once():
    begun = []

    def begin(number):
        info = get_worker_info()
        assert info is not None and info.id == number and isinstance(info.dataset, Asked)
        assert info.num_workers == 3 and threading.current_thread().name.startswith("minidl-data")
        begun.append((number, info.seed - number))

    loader = DataLoader(Asked(), 2, num_workers=3, worker_init_fn=begin)
    fetched = {number for batch in loader for number in batch[1].tolist()}
    numbers = [number for number, _ in begun]
    assert sorted(numbers) == list(range(len(numbers))) and fetched <= set(numbers) <= {0, 1, 2}
    assert len({seed for _, seed in begun}) == 1, "a worker's seed is the pass's plus its number"
    list(loader)
    assert len({seed for _, seed in begun}) == 2, "another pass, another seed"
    assert get_worker_info() is None


def test_without_workers_nobody_is_begun():
    loader = DataLoader(Asked(), 40, worker_init_fn=lambda number: pytest.fail("a worker began"))
    assert next(iter(loader))[1].tolist() == [-1] * 40


def test_what_a_worker_seeds_is_its_own():
    """A function that seeds its worker changes neither the training's draws nor the items'."""
    seeds = []

    def begin(number):
        info = get_worker_info()
        assert info is not None and minidl.initial_seed() == info.seed
        seeds.append(minidl.initial_seed() % 2**32)
        minidl.manual_seed(number)

    def run(**arguments):
        minidl.manual_seed(0)
        read = [x.tolist() for x in DataLoader(Drawing(), 4, num_workers=2, **arguments)]
        return read, minidl.rand(3).tolist()

    assert run(worker_init_fn=begin) == run()
    assert len(seeds) == len(set(seeds)) > 0


class Drawing(Dataset):
    """Items that draw from the default generator, as most scripts do; every third one seeds it."""

    def __len__(self) -> int:
        return 24

    def __getitem__(self, index):
        if index % 3 == 0:
            minidl.manual_seed(index)
        return minidl.rand(2) + minidl.randn(1)


def drawn_after_reading(workers: int) -> tuple[list, list]:
    minidl.manual_seed(7)
    drawn = []
    for _ in range(2):
        for x in DataLoader(Drawing(), 5, shuffle=True, num_workers=workers):
            drawn.append((x.tolist(), minidl.rand(1).item()))
    return drawn, minidl.default_generator.state_dict()  # type: ignore[return-value]


def test_items_that_draw_as_scripts_do_are_repeated_with_any_number_of_workers():
    runs = [drawn_after_reading(workers) for workers in (0, 1, 3)]
    assert runs[0] == runs[1] == runs[2]
    items = [tuple(row) for x, _ in runs[0][0] for row in x]
    assert len(set(items)) == 16 * 2 + 8, "an item that seeds itself is the same in every epoch"


def test_a_worker_that_cannot_begin_says_why():
    def begin(number):
        raise OSError("no such disk")

    with pytest.raises(OSError, match="no such disk"):
        list(DataLoader(Asked(), 2, num_workers=2, worker_init_fn=begin))


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_a_shared_stream_comes_whole_and_once(workers):
    batches = [batch.tolist() for batch in DataLoader(Shared(), 4, num_workers=workers)]
    assert batches == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


def test_an_item_that_does_not_come_is_given_up():
    free = threading.Event()

    class Stuck(Asked):
        def __getitem__(self, index):
            assert index != 4 or free.wait(60)
            return index

    passing = iter(DataLoader(Stuck(), 2, num_workers=1, timeout=0.2))
    assert [next(passing).tolist(), next(passing).tolist()] == [[0, 1], [2, 3]]
    with pytest.raises(RuntimeError, match="timeout=0.2"):
        next(passing)
    free.set()
    for thread in threading.enumerate():
        if thread.name.startswith("minidl-data"):
            thread.join(60)


def test_an_items_own_timeout_is_its_own():
    class Slow(Asked):
        def __getitem__(self, index):
            raise TimeoutError("the server does not answer")

    with pytest.raises(TimeoutError, match="server does not answer"):
        list(DataLoader(Slow(), 2, num_workers=1, timeout=50))


class Endless(Sampler[int]):
    """Random items for ever, as samplers of scripts that count in steps."""

    def __iter__(self):
        return (int(minidl.randint(0, 40, (1,)).item()) for _ in count())


@pytest.mark.parametrize("workers", [0, 2])
def test_an_order_without_end_is_asked_step_by_step(workers):
    def first(loader, n):
        passing = iter(loader)
        batches = []
        for batch in islice(passing, n):
            minidl.rand(7)  # training draws, too
            batches.append(batch[0].tolist())
        state = passing.state_dict()
        passing.close()
        return batches, state

    minidl.manual_seed(0)
    expected, _ = first(DataLoader(Asked(), 4, sampler=Endless()), 6)
    minidl.manual_seed(0)
    loader = DataLoader(Asked(), 4, sampler=Endless(), num_workers=workers)
    begun, state = first(loader, 2)
    assert begun == expected[:2]
    resumed = DataLoader(Asked(), 4, sampler=Endless(), num_workers=workers)
    resumed.load_state_dict(state)
    assert first(resumed, 4)[0] == expected[2:]
    with pytest.raises(TypeError):
        len(loader)


@pytest.mark.parametrize("workers", [0, 2])
def test_single_items_without_batches(workers):
    items = list(DataLoader(Asked(), batch_size=None, sampler=[3, 1], num_workers=workers))
    assert [index for index, _ in items] == [3, 1]
    assert list(DataLoader(Shared(), batch_size=None, num_workers=workers)) == list(range(10))
    shuffled = DataLoader(Asked(), batch_size=None, shuffle=True, num_workers=workers)
    assert len(shuffled) == 40 and sorted(i for i, _ in shuffled) == list(range(40))


@pytest.mark.parametrize("workers", [0, 2])
def test_a_set_that_reads_many_items_at_once(workers):
    class Many(Asked):
        def __getitems__(self, indices):
            noise = minidl.rand(1, generator=item_generator()).item()
            return [(i, noise) for i in indices]

    loader = DataLoader(Many(), 8, num_workers=workers, generator=minidl.Generator(3))
    read = [[i.tolist(), noise.tolist()] for i, noise in loader]
    assert [i for indices, _ in read for i in indices] == list(range(40))
    assert len({noise[0] for _, noise in read}) == 5, "each batch has noise of its own"
    again = DataLoader(Many(), 8, generator=minidl.Generator(3))
    assert [[i.tolist(), noise.tolist()] for i, noise in again] == read


def test_a_tensor_is_a_set_of_its_rows():
    x = minidl.arange(10).reshape(5, 2)
    assert [batch.tolist() for batch in DataLoader(x, 2)] == [  # type: ignore[arg-type]
        [[0, 1], [2, 3]], [[4, 5], [6, 7]], [[8, 9]]
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["batch_size", "sampler", "dataset", "drop_last"])
def test_a_loader_stays_what_it_was_made_of(name):
    loader = DataLoader(TensorDataset(minidl.zeros(3)))
    with pytest.raises(ValueError, match=f"{name} cannot be changed"):
        setattr(loader, name, 2)
    loader.num_workers = 1
    assert len(list(loader)) == 3
