"""PyTorch's `fft`: signals as sums of waves, and the frequencies these have."""

from typing import Any

from .creation import arange
from .ops.fourier import fft, ifft, irfft, rfft
from .ops.fourier_grids import (
    fft2,
    fftn,
    fftshift,
    ifft2,
    ifftn,
    ifftshift,
    irfft2,
    irfftn,
    rfft2,
    rfftn,
)
from .tensors import Tensor

__all__ = [
    "fft",
    "fft2",
    "fftfreq",
    "fftn",
    "fftshift",
    "ifft",
    "ifft2",
    "ifftn",
    "ifftshift",
    "irfft",
    "irfft2",
    "irfftn",
    "rfft",
    "rfft2",
    "rfftfreq",
    "rfftn",
]


def fftfreq(n: int, d: float = 1.0, *, dtype: Any = None) -> Tensor:
    """The frequencies of fft's n numbers, in cycles per unit of d, the time between two samples.

    From 0 up to below half the sampling rate 1 / d, then the negative ones.
    """
    k = arange(n, dtype=dtype) if dtype else arange(float(n))
    return (k - n * (k >= (n + 1) // 2)) / (n * d)


def rfftfreq(n: int, d: float = 1.0, *, dtype: Any = None) -> Tensor:
    """The frequencies of rfft's n // 2 + 1 numbers, in cycles per unit of d."""
    half = n // 2 + 1
    return (arange(half, dtype=dtype) if dtype else arange(float(half))) / (n * d)
