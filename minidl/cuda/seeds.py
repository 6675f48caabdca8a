"""PyTorch's names for seeds of cards: one generator serves every device."""

from ..ops import manual_seed as _manual_seed


def manual_seed(seed: int) -> None:
    """Starts the default generator anew with a seed, as `minidl.manual_seed`."""
    _manual_seed(seed)


manual_seed_all = manual_seed
