"""Which items a loader puts into which batch, without taking anything from the loader."""

from collections.abc import Iterator
from contextlib import nullcontext
from copy import copy, deepcopy
from itertools import islice
from typing import Any, final

from minidl import Generator
from minidl.data import DataLoader, IterableDataset
from minidl.data.fetching import plan
from minidl.data.passes import own_generator
from minidl.data.randomness import draw_seed, preserved

MOST = 4096  # batches of an epoch that are looked at


@final
class Pass:
    """One epoch: the seed of the pass, and the items' numbers batch by batch."""

    def __init__(self, seed: int, batches: list[list[int]]):
        self.seed = seed
        self.batches = batches


def peek(loader: Any, seed: int, epoch: int) -> Pass:
    """Epoch number `epoch`, from 0, of this loader, if its generator were `Generator(seed)`.

    A `DataLoader` is asked for its plan and fetches nothing. Any other loader that has a `dataset`
    is copied, and walked through as far as that epoch.

    Raises TypeError for a stream, which has no numbered items, and for what has no data set.
    """
    dataset = getattr(loader, "dataset", None)
    if isinstance(dataset, IterableDataset):
        raise TypeError("A stream's items have no numbers; BatchInspector needs a data set.")
    if isinstance(loader, DataLoader):
        return _planned(loader, seed, epoch)
    if dataset is None:
        raise TypeError(f"A loader has a data set; {type(loader).__name__} has no `dataset`.")
    return _walked(loader, seed, epoch)


def _planned(loader: DataLoader, seed: int, epoch: int) -> Pass:
    order = loader.batch_sampler if loader.batch_sampler is not None else loader.sampler
    own, generator, pass_seed, found = own_generator(order), Generator(seed), 0, []
    with preserved(own) if own else nullcontext():
        for _ in range(epoch + 1):
            pass_seed = draw_seed(generator)
            found = list(islice(plan(order or (), pass_seed), MOST))
    groups = [list(one) if isinstance(one, (list, tuple)) else [one] for one in found]
    return Pass(pass_seed, [[int(i) for i in group] for group in groups])


def _walked(loader: Any, seed: int, epoch: int) -> Pass:
    twin, recorder = copy(loader), Recorder(loader.dataset)
    twin.dataset = recorder
    for name, held in vars(loader).items():
        if isinstance(held, Generator):
            setattr(twin, name, Generator(seed))
        elif name != "dataset":
            setattr(twin, name, _own(held))
    found: list[list[int]] = []
    for _ in range(epoch + 1):
        found = list(islice(_batches(twin, recorder), MOST))
    return Pass(seed, found)


def _own(held: Any) -> Any:
    """A copy of what a loader holds, where there can be one."""
    try:
        return deepcopy(held)
    except Exception:
        return held


def _batches(loader: Any, recorder: "Recorder") -> Iterator[list[int]]:
    """What was asked for between one batch and the next."""
    for _ in loader:
        yield recorder.taken()


@final
class Recorder:
    """A data set that notes which items are asked for."""

    def __init__(self, dataset: Any):
        self._dataset = dataset
        self._asked: list[int] = []

    def __len__(self) -> int:
        return len(self._dataset)

    def __getitem__(self, index: Any) -> Any:
        item = self._dataset[index]
        self._asked.append(int(index))
        return item

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dataset, name)

    def gather(self, indices: Any) -> Any:
        """Several items at once, noted as well."""
        self._asked += [int(i) for i in indices]
        return self._dataset.gather(indices)

    def taken(self) -> list[int]:
        """What was asked for since the last time."""
        asked, self._asked = self._asked, []
        return asked
