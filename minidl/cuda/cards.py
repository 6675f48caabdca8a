"""Which graphics cards there are, what they can do, and which one "cuda" means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, final

from ..backend import Device, cuda, cuda_count, current_cuda, device as device_named
from ..errors import DeviceError

if TYPE_CHECKING:
    from ..cards_gpu import CUDA

Card = int | str | Device | None  # how PyTorch lets a card be named; None: the current one


def is_available() -> bool:
    """Whether CuPy is installed and finds a card. Never raises, whatever is missing or broken."""
    return cuda_count() > 0


def is_initialized() -> bool:
    """Whether a card could be used at once: here as soon as there is one."""
    return is_available()


def device_count() -> int:
    """How many cards CuPy finds; 0 without CuPy, a driver or a card."""
    return cuda_count()


def card(device: Card = None) -> CUDA:
    """The card that is meant: a number, "cuda:1", a device, or None for the current one.

    Raises:
        DeviceError: there is no such card, or another kind of device is named.
    """
    if device is None:
        return cuda(current_cuda())
    found = cuda(device) if isinstance(device, int) else device_named(device)
    if found.type != "cuda":
        raise DeviceError(f"A graphics card is expected, such as 'cuda' or 0, got '{found}'.")
    return found  # type: ignore[return-value]


def current_device() -> int:
    """The number of the card that "cuda" means in this thread.

    Raises:
        DeviceError: there is none.
    """
    return card().index


def set_device(device: Card) -> None:
    """Makes "cuda" mean another card, in this thread; a negative number changes nothing.

    Raises:
        DeviceError: there is no such card.
    """
    if not isinstance(device, int) or device >= 0:
        card(device).select()


@final
class device:  # noqa: N801  (PyTorch's name)
    """In this block "cuda" means another card; None or a negative number changes nothing."""

    def __init__(self, device: Card):
        self._chosen, self._before = device, None

    def __enter__(self) -> None:
        if cuda_count():
            self._before = current_cuda()
        if self._chosen is not None:
            set_device(self._chosen)

    def __exit__(self, *_: Any) -> None:
        if self._before is not None:
            set_device(self._before)


def synchronize(device: Card = None) -> None:
    """Waits until a card has done all it was asked.

    Raises:
        DeviceError: there is no such card.
    """
    card(device).synchronize()


# What a card is ---------------------------------------------------------------------------------


@final
class CardProperties(NamedTuple):
    """What a card is: its name, its generation (major, minor), its memory in bytes and how many
    multiprocessors compute on it."""

    name: str
    major: int
    minor: int
    total_memory: int
    multi_processor_count: int


def get_device_properties(device: Card = None) -> CardProperties:
    """A card's name, generation, memory and number of multiprocessors.

    Raises:
        DeviceError: there is no such card.
    """
    found = card(device)
    said = found.properties()
    numbers = (said[key] for key in ("major", "minor", "totalGlobalMem", "multiProcessorCount"))
    return CardProperties(found.name(), *numbers)


def get_device_name(device: Card = None) -> str:
    """A card's name.

    Raises:
        DeviceError: there is no such card.
    """
    return card(device).name()


def get_device_capability(device: Card = None) -> tuple[int, int]:
    """A card's generation, such as (9, 0).

    Raises:
        DeviceError: there is no such card.
    """
    found = get_device_properties(device)
    return found.major, found.minor


def can_device_access_peer(device: Card, peer_device: Card) -> bool:
    """Whether one card can read another's memory.

    Raises:
        DeviceError: there is no such card.
    """
    mine, other = card(device), card(peer_device)
    return mine is not other and mine.reaches(other)
