"""The discrete Fourier transform: a signal as a sum of waves.

Z[k] = sum over j of z[j] e^(-2 pi i j k / n). Its matrix is symmetric, so the transform of the
gradient is the gradient of the transform.

Source: Cooley, Tukey, "An Algorithm for the Machine Calculation of Complex Fourier Series" (1965).
"""

from collections.abc import Sequence
from typing import Any

from ..dtypes import complex_of, get_default_dtype, is_differentiable
from ..errors import ShapeError
from ..primitive import primitive
from ..tape import Outline
from .complexes import is_complex, real
from .dims import many, one
from .movement import cast, crop, pad_
from .turning import roll

__all__: list[str] = []

_NORMS = ("backward", "ortho", "forward")


@primitive(lambda z, *, dim, norm, inverse: Outline(tuple(z.shape), complex_of(z.dtype)))
def fft_(xp, z, *, dim, norm, inverse):
    """The transform along one dimension, or its inverse, scaled as `norm` says."""
    turn = xp.fft.ifft if inverse else xp.fft.fft
    return turn(z, axis=dim, norm=norm).astype(complex_of(z.dtype), copy=False)


fft_.vjp(lambda g, w, z, **how: fft_(g, **how))


# PyTorch's names --------------------------------------------------------------------------------


def _along(name: str, input: Any, n: int | None, dim: int, norm: str | None) -> tuple[Any, dict]:
    """The numbers to transform, cut or filled up with zeros to length n, and how."""
    if norm not in (None, *_NORMS):
        raise ValueError(f"{name}: norm must be one of {_NORMS}, got {norm!r}.")
    if not input.ndim:
        raise ShapeError(f"{name}: input must have at least one dimension.")
    dim = one(dim, input.ndim)
    length = input.shape[dim] if n is None else n
    if length < 1:
        raise ShapeError(f"{name}: n must be at least 1, got {length}.")
    x = input if is_differentiable(input.dtype) else cast(input, dtype=get_default_dtype())
    return _fitted(x, length, dim), {"dim": dim, "norm": norm or "backward"}


def _fitted(x: Any, n: int, dim: int) -> Any:
    """x cut or filled up with zeros to n along a dimension."""
    size = x.shape[dim]
    if size == n:
        return x
    key = (slice(None),) * dim + (slice(0, min(n, size)),)
    if n < size:
        return crop(x, key=key)
    return pad_(x, key=key, shape=(*x.shape[:dim], n, *x.shape[dim + 1 :]))


def fft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None) -> Any:
    """The transform along a dimension: Z[k] = sum over j of z[j] e^(-2 pi i j k / n), complex.

    Args:
        n: cut the signal, or fill it up with zeros, to this length first.
        norm: "backward" scales only the inverse, by 1 / n; "forward" only this; "ortho" each by
            1 / sqrt(n).
    """
    x, how = _along("fft", input, n, dim, norm)
    return fft_(x, inverse=False, **how)


def ifft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None) -> Any:
    """The inverse of fft: z[j] = 1/n sum over k of Z[k] e^(2 pi i j k / n)."""
    x, how = _along("ifft", input, n, dim, norm)
    return fft_(x, inverse=True, **how)


def rfft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None) -> Any:
    """The first n // 2 + 1 numbers of fft for a real signal; the others are their mirror image."""
    if is_complex(input):
        raise TypeError(f"rfft: input must be real, got {input.dtype}; use fft.")
    x, how = _along("rfft", input, n, dim, norm)
    dim = how["dim"]
    half = (slice(None),) * dim + (slice(0, x.shape[dim] // 2 + 1),)
    return crop(fft_(x, inverse=False, **how), key=half)


def irfft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None) -> Any:
    """The inverse of rfft: a real signal of length n.

    Args:
        n: 2 (m - 1) for m numbers by default; say n where the signal was of odd length.
    """
    if n is None and input.ndim:
        n = 2 * (input.shape[one(dim, input.ndim)] - 1)
    x, how = _along("irfft", input, n, dim, norm)
    dim, length = how["dim"], x.shape[how["dim"]]
    x = _fitted(x, length // 2 + 1, dim)
    twice = (slice(None),) * dim + (slice(1, (length + 1) // 2),)  # these have a mirror image
    x = x + pad_(crop(x, key=twice), key=twice, shape=tuple(x.shape))
    return real(fft_(_fitted(x, length, dim), inverse=True, **how))


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
