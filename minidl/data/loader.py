"""The loader turns a data set into batches, in an order that depends on the seed alone."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import count, repeat
from typing import Any, final

from .. import ops
from ..ops import default_generator
from .collate import default_collate
from .dataset import IterableDataset
from .randomness import at_item, draw_seed, item_seeds, seeded
from .sampler import BatchSampler, RandomSampler, SequentialSampler
from .workers import in_order

Mark = dict[str, Any]  # where a pass stands: its seed, the batches handed out, the sampler's state
AFTER: Mark = {"seed": None, "position": 0, "sampler": None}  # no pass under way
DRY = object()  # what a stream hands over when nothing is left


@final
class DataLoader:
    """Batches of a data set, with PyTorch's arguments; the workers are threads.

    Each pass draws one number, the seed of the pass, from `generator` (the default generator if
    None). The order of the items and the randomness of each item (`item_generator`) follow from
    that number, so they do not depend on `num_workers`. That number and a position are also all it
    takes to go on in the middle of a pass: see `state_dict`.

    Each thread fetches up to `prefetch_factor` batches ahead (2 if None). `pin_memory` and
    `persistent_workers` are accepted for PyTorch's sake: threads share the memory as it is, and
    cost next to nothing to start.
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int = 1,
        shuffle: bool = False,
        sampler: Iterable[int] | None = None,
        batch_sampler: Iterable[Sequence[int]] | None = None,
        num_workers: int = 0,
        collate_fn: Callable[[list[Any]], Any] | None = None,
        pin_memory: bool = False,
        drop_last: bool = False,
        *,
        generator: ops.Generator | None = None,
        prefetch_factor: int | None = None,
        persistent_workers: bool = False,
    ):
        streams = isinstance(dataset, IterableDataset)
        _refuse(streams, batch_size, shuffle, sampler, batch_sampler, drop_last, num_workers)
        if batch_sampler is None and not streams:
            if sampler is None:
                sampler = RandomSampler(dataset) if shuffle else SequentialSampler(dataset)
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        self.dataset: Any = dataset
        self.batch_size = batch_size
        self.drop_last = drop_last
        self.batch_sampler = batch_sampler
        self.num_workers = num_workers
        self.prefetch_factor = prefetch_factor or 2
        self.collate_fn = collate_fn or default_collate
        self.generator = generator
        self._latest = dict(AFTER)
        self._resumed: Mark | None = None

    def __len__(self) -> int:
        """Batches in a pass; of a stream, only if the stream has a length."""
        batches = self.batch_sampler
        if batches is None:
            batches = BatchSampler(range(len(self.dataset)), self.batch_size, self.drop_last)
        return len(batches)  # type: ignore[arg-type]

    def __iter__(self) -> LoaderPass:
        mark = self._resumed
        if mark is None:
            mark = dict(AFTER, seed=draw_seed(self.generator or default_generator))
            mark["sampler"] = _sampler_state(self.batch_sampler)
        elif mark["sampler"] is not None:
            _own_generator(self.batch_sampler).load_state_dict(mark["sampler"])
        self._resumed, self._latest = None, mark
        return LoaderPass(self, mark)

    def state_dict(self) -> dict[str, Any]:
        """Where the latest pass stands, as numbers. After its end: how the next will begin."""
        return self._state(self._latest)

    def between_passes(self) -> dict[str, Any]:
        """How the next pass will begin, even if the latest one was left unfinished."""
        return self._state(AFTER)

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """The next pass hands out exactly the batches that were still to come in the saved one."""
        if (state["generator"] is None) != (self.generator is None):
            raise ValueError(
                "the saved loader and this one must both have a generator of their own, or neither"
            )
        if self.generator is not None:
            self.generator.load_state_dict(state["generator"])
        if state["sampler"] is not None:
            _own_generator(self.batch_sampler).load_state_dict(state["sampler"])
        mark = {key: state[key] for key in AFTER}
        self._latest = mark
        self._resumed = None if mark["seed"] is None else mark

    def _state(self, mark: Mark) -> dict[str, Any]:
        own = None if self.generator is None else self.generator.state_dict()
        sampler = _sampler_state(self.batch_sampler) if mark["seed"] is None else mark["sampler"]
        return {"generator": own, **mark, "sampler": sampler}

    def _tasks(self, mark: Mark) -> Iterable[Callable[[], Any]]:
        """What there is to fetch from the mark on: one call per batch."""
        seed, position = mark["seed"], mark["position"]
        if self.batch_sampler is None:
            pull = partial(_pull, iter(self.dataset), count(), self, seed)
            for _ in range(position):  # a stream can be entered only at its beginning
                pull()
            return repeat(pull)
        with seeded(default_generator, seed):
            plan = list(self.batch_sampler)
        return [
            partial(_fetch, self.dataset, batch, self.collate_fn, seed) for batch in plan[position:]
        ]


@final
class LoaderPass(Iterator[Any]):
    """One pass over a loader: an iterator that can say where it stands.

    Dropping it (a `break` does) ends its threads.
    """

    def __init__(self, loader: DataLoader, mark: Mark):
        self._loader = loader
        self._mark = mark
        self._batches = _hand_out(loader, mark, loader._tasks(mark))

    def __next__(self) -> Any:
        return next(self._batches)

    def state_dict(self) -> dict[str, Any]:
        """As `DataLoader.state_dict`, of this pass, whatever passes were begun since."""
        return self._loader._state(self._mark)

    def close(self) -> None:
        """End the pass here, and its threads."""
        self._batches.close()


def _hand_out(
    loader: DataLoader, mark: Mark, tasks: Iterable[Callable[[], Any]]
) -> Generator[Any, None, None]:
    # A stream is read by one thread, for it has only one order.
    workers = loader.num_workers if loader.batch_sampler is not None else min(loader.num_workers, 1)
    with closing(in_order(tasks, workers, loader.prefetch_factor)) as batches:
        for batch in batches:
            if batch is DRY:
                break
            mark["position"] += 1
            yield batch
    mark.update(AFTER)


def _fetch(
    dataset: Any, indices: Sequence[int], collate: Callable[[list[Any]], Any], seed: int
) -> Any:
    """One batch of a set whose items have numbers."""
    gather = getattr(dataset, "gather", None)
    if gather is not None and collate is default_collate:
        batch = gather(indices)
        if batch is not None:
            return batch
    samples = []
    with item_seeds(seed):
        for index in indices:
            at_item(index)
            try:
                samples.append(dataset[index])
            except Exception as error:
                error.add_note(
                    f"This happened while loading item {index} of {type(dataset).__name__}."
                )
                raise
    return collate(samples)


def _pull(items: Iterator[Any], number: Iterator[int], loader: DataLoader, seed: int) -> Any:
    """One batch of a stream, or DRY."""
    samples = []
    with item_seeds(seed):
        for index in number:
            at_item(index)
            try:
                samples.append(next(items))
            except StopIteration:
                break
            except Exception as error:
                name = type(loader.dataset).__name__
                error.add_note(f"This happened while loading item {index} of the stream {name}.")
                raise
            if len(samples) == loader.batch_size:
                break
    if not samples or (loader.drop_last and len(samples) < loader.batch_size):
        return DRY
    return loader.collate_fn(samples)


def _own_generator(batch_sampler: Any) -> Any:
    """The generator that the user gave a sampler, if any: its state belongs to the pass."""
    sampler = getattr(batch_sampler, "sampler", batch_sampler)
    return getattr(sampler, "generator", None)


def _sampler_state(batch_sampler: Any) -> dict[str, Any] | None:
    generator = _own_generator(batch_sampler)
    return None if generator is None else generator.state_dict()


def _refuse(
    streams: bool,
    batch_size: int,
    shuffle: bool,
    sampler: Any,
    batch_sampler: Any,
    drop_last: bool,
    num_workers: int,
) -> None:
    """The combinations of arguments that contradict one another."""
    if num_workers < 0:
        raise ValueError(f"num_workers must be 0 (no threads) or more, not {num_workers}")
    if streams and (shuffle or sampler is not None or batch_sampler is not None):
        raise ValueError(
            "a stream comes in its own order: no shuffle, no sampler, no batch_sampler"
        )
    if sampler is not None and shuffle:
        raise ValueError("give either shuffle=True or a sampler, for both decide the order")
    if batch_sampler is not None and (
        batch_size != 1 or shuffle or sampler is not None or drop_last
    ):
        raise ValueError(
            "a batch_sampler decides alone: leave out batch_size, shuffle, sampler and drop_last"
        )
    BatchSampler((), batch_size)  # refuses a batch size that is none
