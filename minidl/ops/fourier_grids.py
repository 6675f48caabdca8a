"""Fourier transforms along several dimensions: one after another, since they do not mix."""

from collections.abc import Sequence
from typing import Any

from ..errors import ShapeError
from .dims import many
from .fourier import fft, ifft, irfft, rfft
from .turning import roll

__all__: list[str] = []


def _each(turn: Any, input: Any, s: Any, dims: Sequence[int], norm: str | None) -> Any:
    """One transform after another."""
    for n, d in zip(s, dims, strict=True):
        input = turn(input, n, d, norm)
    return input


def _over(input: Any, s: Any, dim: Any) -> tuple[list[int | None], tuple[int, ...]]:
    """Sizes (None where one is kept, -1 in `s`) and the dimensions that are meant: those named, or
    the last, as many as `s` has sizes."""
    if dim is None and s is not None:
        dim = range(-len(s), 0)
    dims = many(dim, input.ndim)
    if s is not None and len(s) != len(dims):
        raise ShapeError(f"fftn: s has {len(s)} sizes for {len(dims)} dimensions.")
    return [None if n == -1 else n for n in s or [-1] * len(dims)], dims


def fftn(input: Any, s: Any = None, dim: Any = None, norm: str | None = None) -> Any:
    """fft along several dimensions, all of them by default, cut or filled up to the sizes `s`."""
    return _each(fft, input, *_over(input, s, dim), norm)


def ifftn(input: Any, s: Any = None, dim: Any = None, norm: str | None = None) -> Any:
    """The inverse of fftn."""
    return _each(ifft, input, *_over(input, s, dim), norm)


def rfftn(input: Any, s: Any = None, dim: Any = None, norm: str | None = None) -> Any:
    """rfft along the last of several dimensions, then fft along the others."""
    s, dims = _over(input, s, dim)
    half = rfft(input, s[-1], dims[-1], norm)
    return _each(fft, half, s[:-1], dims[:-1], norm)


def irfftn(input: Any, s: Any = None, dim: Any = None, norm: str | None = None) -> Any:
    """The inverse of rfftn; `s` are the sizes of the result."""
    s, dims = _over(input, s, dim)
    return irfft(_each(ifft, input, s[:-1], dims[:-1], norm), s[-1], dims[-1], norm)


def fft2(input: Any, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Any:
    """fft along the last two dimensions."""
    return fftn(input, s, dim, norm)


def ifft2(input: Any, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Any:
    """The inverse of fft2."""
    return ifftn(input, s, dim, norm)


def rfft2(input: Any, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Any:
    """fft2 of real numbers, half of it along the last dimension."""
    return rfftn(input, s, dim, norm)


def irfft2(input: Any, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Any:
    """The inverse of rfft2."""
    return irfftn(input, s, dim, norm)


def fftshift(input: Any, dim: Any = None) -> Any:
    """Frequencies in rising order, 0 in the middle, instead of 0 first."""
    dims = many(dim, input.ndim)
    return roll(input, [input.shape[d] // 2 for d in dims], dims)


def ifftshift(input: Any, dim: Any = None) -> Any:
    """The inverse of fftshift."""
    dims = many(dim, input.ndim)
    return roll(input, [-(input.shape[d] // 2) for d in dims], dims)
