"""What a loader's threads do: read the samples of one batch and join them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import count, islice, repeat
from typing import Any

from ..ops import Generator, instead
from .collate import default_collate
from .dataset import Dataset, IterableDataset
from .randomness import at_item, item_seeds
from .workers import Task

DRY = object()  # what a stream hands over when nothing is left


def tasks(loader: Any, seed: int, position: int) -> Iterable[Task]:
    """What there is to fetch in the pass with this seed, from a position on: a call per batch."""
    if isinstance(loader.dataset, IterableDataset):
        pull = partial(_pull, _begun_late(loader.dataset), count(), loader, seed)
        for _ in range(position):  # a stream can be entered only at its beginning
            pull()
        return repeat(pull)
    if loader.batch_sampler is None:
        fetch, order = partial(_fetch_one, loader.dataset, loader.collate_fn, seed), loader.sampler
    else:
        fetch = partial(_fetch, loader.dataset, loader.collate_fn, seed)
        order = loader.batch_sampler
    return (partial(fetch, indices) for indices in islice(plan(order, seed), position, None))


def plan(order: Iterable[Any], seed: int) -> Iterable[Any]:
    """The order of one pass. What it draws from the default generator follows from the seed.

    It is asked for as a whole, so that it does not matter how far ahead threads fetch. An order
    that does not know its length may have no end; so it is asked for step by step.
    """
    stream = Generator(seed)
    try:
        len(order)  # type: ignore[arg-type]
    except TypeError:
        return _step_by_step(order, stream)
    with instead(lambda: stream):
        return list(order)


def _step_by_step(order: Iterable[Any], stream: Generator) -> Iterator[Any]:
    steps: Iterator[Any] | None = None
    while True:
        with instead(lambda: stream):
            steps = iter(order) if steps is None else steps
            step = next(steps, DRY)
        if step is DRY:
            return
        yield step


def _begun_late(stream: IterableDataset[Any]) -> Iterator[Any]:
    """The stream, entered by the thread that first asks for a sample."""
    yield from stream


def _fetch(
    dataset: Any, collate: Callable[[list[Any]], Any], seed: int, indices: Iterable[int]
) -> Any:
    """One batch of a set whose items have numbers."""
    if not isinstance(indices, Sequence):
        indices = list(indices)
    if isinstance(dataset, Dataset) and collate is default_collate:
        batch = dataset.gather(indices)
        if batch is not None:
            return batch
    with item_seeds(seed):
        first, many = indices[0] if indices else None, getattr(dataset, "__getitems__", None)
        at_item(f"items from {first}")
        samples = many(indices) if many else [_item(dataset, i) for i in indices]
        at_item(f"batch from {first}")
        return collate(samples)


def _fetch_one(dataset: Any, convert: Callable[[Any], Any], seed: int, index: int) -> Any:
    """One sample, where no batches are made."""
    with item_seeds(seed):
        return convert(_item(dataset, index))


def _item(dataset: Any, index: int) -> Any:
    at_item(index)
    try:
        return dataset[index]
    except Exception as error:
        error.add_note(f"This happened while loading item {index} of {type(dataset).__name__}.")
        raise


def _pull(items: Iterator[Any], number: Iterator[int], loader: Any, seed: int) -> Any:
    """One batch of a stream, or DRY."""
    samples = []
    with item_seeds(seed):
        for index in islice(number, loader.batch_size or 1):
            at_item(index)
            try:
                samples.append(next(items))
            except StopIteration:
                break
            except Exception as error:
                name = type(loader.dataset).__name__
                error.add_note(f"This happened while loading item {index} of the stream {name}.")
                raise
        if not samples or (loader.drop_last and len(samples) < loader.batch_size):
            return DRY
        return loader.collate_fn(samples if loader.batch_size else samples[0])
