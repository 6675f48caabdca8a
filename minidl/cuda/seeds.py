"""PyTorch's names for seeds of cards: one generator serves every device."""

from typing import Any

from ..ops import default_generator, get_rng_state as _state, set_rng_state as _set_state
from .cards import Card


def manual_seed(seed: int) -> None:
    """Starts the default generator anew with a seed, as `minidl.manual_seed`."""
    default_generator.manual_seed(seed)


def seed() -> None:
    """Starts it anew with a seed that nobody has seen before."""
    default_generator.seed()


def initial_seed() -> int:
    """The seed it began with."""
    return default_generator.initial_seed()


def get_rng_state(device: Card = None) -> dict[str, Any]:
    """Its position in its stream, as `minidl.get_rng_state`."""
    return _state()


def set_rng_state(new_state: dict[str, Any], device: Card = None) -> None:
    """Brings it to a position that get_rng_state gave."""
    _set_state(new_state)


manual_seed_all, seed_all = manual_seed, seed
