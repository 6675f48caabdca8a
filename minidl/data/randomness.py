"""Randomness that belongs to an item of an epoch, whichever thread fetches it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b

from ..chance import randint
from ..ops import Generator, default_generator, instead

_current = threading.local()


def item_generator() -> Generator:
    """The generator that a random transform should draw from.

    While a `DataLoader` fetches an item, it is a generator seeded by (seed, epoch, index): the same
    item gets other numbers next epoch, and the same numbers whatever the count of threads, and
    again when the run is repeated or resumed. It then also stands in for the default generator, so
    that `minidl.rand(3)` in a `__getitem__` draws from it. Outside a loader it is the default one.

    Python's `random` and NumPy's global numbers know nothing of this: use minidl's in data sets.
    """
    return draws_from(None)


def draws_from(own: Generator | None) -> Generator:
    """What a random transform with a generator of its `own` (or none) draws from.

    Outside a loader its own generator. In a loader many threads would draw from that in an order
    that nobody knows; so there it is one seeded by (seed, epoch, index) and by its own's first
    seed, and its own stays where it is. Transforms that share a generator share this one too.
    """
    seed = getattr(_current, "seed", None)
    if seed is None:
        return own or default_generator
    if own not in _current.generators:
        key = f"{seed}:{_current.index}" + ("" if own is None else f":{own.initial_seed()}")
        _current.generators[own] = Generator(_mix(key))
    return _current.generators[own]


def uniform(generator: Generator, low: float = 0.0, high: float = 1.0) -> float:
    """One number from low (included) to high."""
    return float(generator.bits.uniform(low, high))


def integer(generator: Generator, count: int) -> int:
    """One of 0, 1, ..., count - 1."""
    return int(generator.bits.integers(count))


@contextmanager
def item_seeds(seed: int) -> Iterator[None]:
    """In this block the thread's items are seeded for a pass; `at_item` says which item it is.

    Whoever draws from the default generator here draws from the item's.
    """
    before = dict(_current.__dict__)  # an item may itself be read from a loader
    _current.seed = seed
    at_item(0)
    try:
        with instead(item_generator):
            yield
    finally:
        _current.__dict__.update(before or {"seed": None})


def at_item(index: object) -> None:
    """Turn to item `index`. Its generators are made only if somebody asks for them."""
    _current.index = index
    _current.generators = {}


@contextmanager
def preserved(generator: Generator) -> Iterator[None]:
    """Whatever this block draws, the generator afterwards goes on from where it was before."""
    before = generator.state_dict()
    try:
        yield
    finally:
        generator.load_state_dict(before)


def draw_seed(generator: Generator) -> int:
    """One random seed."""
    return int(randint(0, 2**62, (1,), generator=generator).item())


def _mix(key: str) -> int:
    """A seed for the key: a hash, so that neighbours have nothing in common."""
    digest = blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
