"""The loader turns a data set into batches, in an order that depends on the seed alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, final

from .. import ops
from ..ops import default_generator
from . import refusals
from .collate import default_collate, default_convert
from .dataset import IterableDataset, length
from .passes import AFTER, LoaderPass, Mark, own_generator, sampler_state
from .randomness import draw_seed
from .sampler import BatchSampler, RandomSampler, SequentialSampler


@final
class DataLoader:
    """Batches of a data set, with PyTorch's arguments; the workers are threads.

    Each pass draws one number, the seed of the pass, from `generator` (the default generator if
    None). The order of the items and the randomness of each item (`item_generator`) follow from
    that number, so they do not depend on `num_workers`. That number and a position are also all it
    takes to go on in the middle of a pass: see `state_dict`.

    batch_size: items of a batch; None hands out single items, only converted to tensors.
    num_workers: threads; 0 fetches when asked. A stream is read by one thread (see
        `get_worker_info`), so that its items come once and in order.
    collate_fn: makes a batch of a list of items; `default_collate` if None.
    timeout: seconds to wait for a batch before RuntimeError; 0 waits for ever.
    worker_init_fn: called in each thread with its number, in every pass.
    prefetch_factor: batches that each thread fetches ahead (2 if None).
    pin_memory: put batches into memory that a card fetches by itself, so that
        `batch.to("cuda", non_blocking=True)` copies while the card computes; without a card it
        changes nothing.

    For PyTorch's sake alone there are `persistent_workers` and `multiprocessing_context`: threads
    cost next to nothing to start and are no processes; and `in_order`, for batches are always
    handed out in order.

    Raises ValueError where arguments are out of range or contradict one another.
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Iterable[Any] | None = None,
        batch_sampler: Iterable[Sequence[Any]] | None = None,
        num_workers: int = 0,
        collate_fn: Callable[[Any], Any] | None = None,
        pin_memory: bool = False,
        drop_last: bool = False,
        timeout: float = 0,
        worker_init_fn: Callable[[int], Any] | None = None,
        multiprocessing_context: Any = None,
        generator: ops.Generator | None = None,
        *,
        prefetch_factor: int | None = None,
        persistent_workers: bool = False,
        in_order: bool = True,
    ):
        streams = isinstance(dataset, IterableDataset)
        refusals.workers(
            num_workers, timeout, prefetch_factor, persistent_workers, multiprocessing_context
        )
        refusals.order(streams, batch_size, shuffle, sampler, batch_sampler, drop_last)
        if sampler is None and not streams:
            sampler = RandomSampler(dataset) if shuffle else SequentialSampler(dataset)
        if batch_sampler is not None:
            batch_size = None
        elif batch_size is not None and sampler is not None:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        batches = batch_size is not None or batch_sampler is not None
        self.dataset: Any = dataset
        self.batch_size = batch_size
        self.drop_last = drop_last
        self.sampler = sampler
        self.batch_sampler = batch_sampler
        self.num_workers = num_workers
        self.collate_fn = collate_fn or (default_collate if batches else default_convert)
        self.pin_memory = pin_memory
        self.timeout = timeout
        self.worker_init_fn = worker_init_fn
        self.multiprocessing_context = multiprocessing_context
        self.generator = generator
        self.prefetch_factor = 2 if num_workers and prefetch_factor is None else prefetch_factor
        self.persistent_workers = persistent_workers
        self.in_order = in_order
        self._latest = dict(AFTER)
        self._resumed: Mark | None = None

    def __setattr__(self, name: str, value: Any) -> None:
        refusals.change(name, begun="_resumed" in self.__dict__)
        super().__setattr__(name, value)

    def __len__(self) -> int:
        """Batches in a pass; of a stream, only if the stream has a length."""
        if self._order is not None:
            return len(self._order)  # type: ignore[arg-type]
        items = length(self.dataset)
        if self.batch_size is None:
            return items
        return len(BatchSampler(range(items), self.batch_size, self.drop_last))

    @property
    def _order(self) -> Iterable[Any] | None:
        """What says which items come next: batch by batch, or item by item; a stream has none."""
        return self.sampler if self.batch_sampler is None else self.batch_sampler

    def __iter__(self) -> LoaderPass:
        mark = self._resumed
        if mark is None:
            mark = dict(AFTER, seed=draw_seed(self.generator or default_generator))
            mark["sampler"] = sampler_state(self._order)
        elif mark["sampler"] is not None:
            own_generator(self._order).load_state_dict(mark["sampler"])
        self._resumed, self._latest = None, mark
        return LoaderPass(self, mark)

    def state_dict(self) -> dict[str, Any]:
        """Where the latest pass stands, as numbers. After its end: how the next will begin."""
        return self.state_at(self._latest)

    def between_passes(self) -> dict[str, Any]:
        """How the next pass will begin, even if the latest one was left unfinished."""
        return self.state_at(AFTER)

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """The next pass hands out exactly the batches that were still to come in the saved one."""
        if (state["generator"] is None) != (self.generator is None):
            raise ValueError(
                "the saved loader and this one must both have a generator of their own, or neither"
            )
        if self.generator is not None:
            self.generator.load_state_dict(state["generator"])
        if state["sampler"] is not None:
            own_generator(self._order).load_state_dict(state["sampler"])
        mark = {key: state[key] for key in AFTER}
        self._latest = mark
        self._resumed = None if mark["seed"] is None else mark

    def state_at(self, mark: Mark) -> dict[str, Any]:
        """The state of a pass at this mark."""
        own = None if self.generator is None else self.generator.state_dict()
        sampler = sampler_state(self._order) if mark["seed"] is None else mark["sampler"]
        return {"generator": own, **mark, "sampler": sampler}
