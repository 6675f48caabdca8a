"""The numbers of a tensor, on whatever device, as an array of the processor."""

from typing import Any

import numpy as np

from minidl import Tensor


def host(x: Any) -> np.ndarray:
    """A tensor's, an array's or a list's numbers on the CPU; no copy where they lie there."""
    return np.asarray(x.detach().cpu().numpy() if isinstance(x, Tensor) else x)
