"""One pass over a loader, which knows at every batch where it stands."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from functools import partial
from typing import Any, final

from .. import ops
from ..backend import cuda_count
from .dataset import IterableDataset
from .fetching import DRY, tasks
from .pinning import pinning
from .workers import Crew, in_order

Mark = dict[str, Any]  # where a pass stands: its seed, the batches handed out, the sampler's state
AFTER: Mark = {"seed": None, "position": 0, "sampler": None}  # no pass under way


@final
class LoaderPass(Iterator[Any]):
    """One pass over a loader: an iterator that can say where it stands.

    Dropping it (a `break` does) ends its threads.
    """

    def __init__(self, loader: Any, mark: Mark):
        self._loader = loader
        self._mark = mark
        self._batches = _hand_out(loader, mark, tasks(loader, mark["seed"], mark["position"]))

    def __next__(self) -> Any:
        return next(self._batches)

    def __len__(self) -> int:
        """Batches of the whole pass, as in PyTorch."""
        return len(self._loader)

    def state_dict(self) -> dict[str, Any]:
        """As `DataLoader.state_dict`, of this pass, whatever passes were begun since."""
        return self._loader.state_at(self._mark)

    def close(self) -> None:
        """End the pass here, and its threads."""
        self._batches.close()


def _hand_out(loader: Any, mark: Mark, todo: Any) -> Generator[Any, None, None]:
    # A stream is read by one thread, for it has only one order.
    streams = isinstance(loader.dataset, IterableDataset)
    workers = min(loader.num_workers, 1) if streams else loader.num_workers
    crew = Crew(workers, loader.worker_init_fn, mark["seed"], loader.dataset)
    ahead = loader.prefetch_factor or 0
    if loader.pin_memory and cuda_count():
        todo = (partial(pinning, task) for task in todo)
    with closing(in_order(todo, crew, ahead, loader.timeout)) as batches:
        for batch in batches:
            if batch is DRY:
                break
            mark["position"] += 1
            yield batch
    mark.update(AFTER)


def own_generator(order: Any) -> Any:
    """The generator that the user gave a sampler, if any: its state belongs to the pass."""
    generator = getattr(getattr(order, "sampler", order), "generator", None)
    return generator if isinstance(generator, ops.Generator) else None


def sampler_state(order: Any) -> dict[str, Any] | None:
    """The state of that generator."""
    generator = own_generator(order)
    return None if generator is None else generator.state_dict()
