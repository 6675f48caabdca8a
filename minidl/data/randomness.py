"""Randomness that belongs to an item of an epoch, whichever thread fetches it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b

from ..chance import randint
from ..ops import Generator, default_generator

_current = threading.local()


def item_generator() -> Generator:
    """The generator that a random transform should draw from.

    While a `DataLoader` fetches an item, it is a generator seeded by (seed, epoch, index): the same
    item gets other numbers next epoch, and the same numbers whatever the count of threads, and
    again when the run is repeated or resumed. Outside a loader it is the default generator.
    """
    seed = getattr(_current, "seed", None)
    if seed is None:
        return default_generator
    if _current.generator is None:
        _current.generator = Generator().manual_seed(_mix(seed, _current.index))
    return _current.generator


@contextmanager
def item_seeds(seed: int) -> Iterator[None]:
    """In this block the thread's items are seeded for a pass; `at_item` says which item it is."""
    before = dict(_current.__dict__)  # an item may itself be read from a loader
    _current.seed = seed
    at_item(0)
    try:
        yield
    finally:
        _current.__dict__.update(before or {"seed": None})


def at_item(index: int) -> None:
    """Turn to item `index`. Its generator is made only if somebody asks for it."""
    _current.index = index
    _current.generator = None


@contextmanager
def seeded(generator: Generator, seed: int) -> Iterator[None]:
    """Seed a generator for this block alone; afterwards it goes on as if nothing had happened."""
    with preserved(generator):
        generator.manual_seed(seed)
        yield


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


def _mix(seed: int, index: int) -> int:
    """A seed for the pair: a hash, so that neighbours have nothing in common."""
    digest = blake2b(f"{seed}:{index}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
