"""What lies under a data set: where its items are kept, and what changes them on their way out."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from minidl import Tensor
from minidl.data.randomness import at_item, item_seeds
from minidl.data.transforms import Compose, Normalize
from minidl.data.transforms.transform import RandomTransform, Transform

from .hosting import host

SEEDS = (1, 2, 3)  # of three passes: a step that gives the same in all of them draws nothing


@final
@dataclass(frozen=True)
class Step:
    """One change of an item's first member. random: whether it draws."""

    change: Callable[[Any], Any]
    title: str
    random: bool


@final
@dataclass(frozen=True)
class Chain:
    """A data set taken apart: the set beneath, which of its items these are, and the changes.

    Views that say what they are made of are looked through (`Transformed` and `Subset`, minidl's or
    your own: whatever has `dataset`, and `transform` or `indices`); any other set is the root.
    """

    root: Any
    places: Sequence[int]
    steps: tuple[Step, ...]

    def stages(self, index: int, seed: int) -> tuple[list[Any], str]:
        """Item number index as the root holds it, then after each step: what the loader would see.

        seed: of the pass; random steps draw what they draw for this item in that pass.
        Returns the stages, and why there are not more of them ("" where all steps could be taken).
        """
        with item_seeds(seed):
            at_item(index)
            found = [self.root[self.places[index]]]
            for step in self.steps:
                try:
                    found.append(_changed(found[-1], step.change))
                except Exception as error:
                    return found, f"{step.title} raised {type(error).__name__}: {error}"
        return found, ""

    def last(self, more: Any) -> tuple[Step, ...]:
        """The steps that came from `more`, which was handed to `chain` as well."""
        count = len(list(_listed(more)))
        return self.steps[len(self.steps) - count :]

    def fixed(self, steps: int) -> list[Step]:
        """Of the first steps those that draw nothing."""
        return [step for step in self.steps[:steps] if not step.random]

    def firsts(self, steps: int = 0) -> Iterator[Any]:
        """The first member of every item after so many steps, those left out that draw."""
        for index in range(len(self.places)):
            item = self.root[self.places[index]]
            for step in self.fixed(steps):
                item = _changed(item, step.change)
            yield first(item)


def chain(dataset: Any, more: Any = None) -> Chain:
    """Takes a data set apart. more: a transform, or several, that come after the set's own.

    Raises TypeError for what has no items with numbers.
    """
    if not (hasattr(dataset, "__len__") and hasattr(dataset, "__getitem__")):
        raise TypeError(f"A data set has a length and numbered items; {_name(dataset)} has not.")
    changes, places = list(_listed(more)), range(len(dataset))
    while hasattr(dataset, "dataset"):
        if callable(getattr(dataset, "transform", None)):
            changes = [*_listed(dataset.transform), *changes]
        elif hasattr(dataset, "indices"):
            places = [int(dataset.indices[place]) for place in places]
        else:
            break
        dataset = dataset.dataset
    steps: list[Step] = []
    item = dataset[places[0]] if len(places) else None
    for change in changes:
        tries = [_tried(item, change, seed) for seed in SEEDS]
        draws = _is_random(change) or len({mark(first(one)) for one in tries}) > 1
        steps.append(Step(change, _title(change), draws))
        item = tries[0]
    return Chain(dataset, places, tuple(steps))


def first(item: Any) -> Any:
    """What a network gets of an item: the first member of several."""
    return item[0] if isinstance(item, (tuple, list)) and len(item) else item


def rest(item: Any) -> list[Any]:
    """The other members: labels."""
    return list(item[1:]) if isinstance(item, (tuple, list)) else []


def mark(x: Any) -> Any:
    """Equal for equal numbers, of whatever dtype; for what holds none, what it prints."""
    array = numbers_of(x)
    return repr(x) if array is None else (array.shape, array.tobytes())


def numbers_of(x: Any) -> np.ndarray | None:
    """The numbers of a tensor (on any device) or of an array, in float64; None of other things."""
    if not (isinstance(x, Tensor) or hasattr(x, "__array_interface__")):
        return None
    array = host(x)
    return array.astype(np.float64) if array.dtype.kind in "biuf" else None


def _tried(item: Any, change: Callable[[Any], Any], seed: int) -> Any:
    """The item after the change, in a pass with this seed; None where that fails."""
    with item_seeds(seed):
        try:
            return _changed(item, change)
        except Exception:
            return None


def _changed(item: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(item, (tuple, list)) and len(item):
        return (change(item[0]), *item[1:])
    return change(item)


def _listed(more: Any) -> Iterator[Callable[[Any], Any]]:
    """The changes of a transform, of a list of them, or of none; `Compose` is taken apart."""
    if more is None:
        return
    if isinstance(more, (list, tuple, Compose)):
        for one in more.transforms if isinstance(more, Compose) else more:
            yield from _listed(one)
        return
    if not callable(more):
        raise TypeError(f"transform: a function or a transform was expected, got {_name(more)}.")
    yield more


def _is_random(change: Any) -> bool:
    """Whether it says of itself that it draws; a function of yours is found out by trying."""
    inside = getattr(change, "transforms", None) or []
    return isinstance(change, RandomTransform) or any(_is_random(one) for one in inside)


def _title(change: Any) -> str:
    """ "RandomShift(4)": a name, and its numbers where they are few."""
    if isinstance(change, Normalize):
        return "Normalize"
    if not isinstance(change, Transform):
        return getattr(change, "__name__", _name(change))
    usual = inspect.signature(type(change)).parameters
    told = {k: v for k, v in vars(change).items() if k in usual and v != usual[k].default}
    words = [str(v) for v in told.values() if isinstance(v, (int, float, str, tuple))][:3]
    return f"{_name(change)}({', '.join(words)})"


def _name(thing: Any) -> str:
    return type(thing).__name__
