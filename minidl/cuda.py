"""What this machine's graphics cards are; every question has an answer without one, too."""

from .backend import cuda, cuda_count
from .ops import manual_seed as manual_seed  # one generator serves every device

manual_seed_all = manual_seed


def is_available() -> bool:
    """Whether CuPy is installed and finds a card."""
    return cuda_count() > 0


def device_count() -> int:
    """How many cards CuPy finds."""
    return cuda_count()


def get_device_name(index: int = 0) -> str:
    """A card's name.

    Raises:
        DeviceError: there is no such card.
    """
    return cuda(index).name()


def synchronize(index: int = 0) -> None:
    """Waits until a card has done all it was asked."""
    cuda(index).synchronize()
