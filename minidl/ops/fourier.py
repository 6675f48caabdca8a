"""The discrete Fourier transform: a signal as a sum of waves.

Z[k] = sum over j of z[j] e^(-2 pi i j k / n). Its matrix is symmetric, so the gradient of the
transform is the transform of the gradient. Of a real signal the second half of Z mirrors the first,
so half of it is enough, and takes a fraction of the time.

Source: Cooley, Tukey, "An Algorithm for the Machine Calculation of Complex Fourier Series" (1965).
"""

from typing import Any

from ..dtypes import complex_of, get_default_dtype, is_differentiable, real_of
from ..errors import ShapeError
from ..precision import in_single
from ..primitive import primitive
from ..tape import Outline
from .complexes import conj_, is_complex
from .dims import one
from .movement import cast, crop, pad_

__all__: list[str] = []

_DUAL = {"backward": "forward", "ortho": "ortho", "forward": "backward"}  # scaled as the inverse is


@primitive(lambda z, *, dim, norm, inverse: Outline(tuple(z.shape), complex_of(z.dtype)))
def fft_(xp, z, *, dim, norm, inverse):
    """The transform along one dimension, or its inverse, scaled as `norm` says."""
    turn = xp.fft.ifft if inverse else xp.fft.fft
    return turn(z, axis=dim, norm=norm).astype(complex_of(z.dtype), copy=False)


fft_.vjp(lambda g, w, z, **how: fft_(g, **how))


def _half(shape: Any, dim: int, size: int) -> tuple[int, ...]:
    return (*shape[:dim], size, *shape[dim + 1 :])


@primitive(
    lambda x, *, dim, norm: Outline(_half(x.shape, dim, x.shape[dim] // 2 + 1), complex_of(x.dtype))
)
def rfft_(xp, x, *, dim, norm):
    """The first n // 2 + 1 numbers of fft, for real x"""
    return xp.fft.rfft(x, axis=dim, norm=norm).astype(complex_of(x.dtype), copy=False)


@primitive(lambda z, *, n, dim, norm: Outline(_half(z.shape, dim, n), real_of(complex_of(z.dtype))))
def irfft_(xp, z, *, n, dim, norm):
    """The real x of length n whose rfft is z; of z[0] and z[n / 2] only the real part counts"""
    x = xp.fft.irfft(z, n, axis=dim, norm=norm)
    return x.astype(real_of(complex_of(z.dtype)), copy=False)


def _weighed(z, n, dim, weight):
    """z, with weight for those that stand for two, since they have a mirror image."""
    key = (slice(None),) * dim + (slice(1, (n + 1) // 2),)
    return z + pad_(crop(z, key=key) * (weight - 1), key=key, shape=tuple(z.shape))


@rfft_.vjp
def _(g, z, x, dim, norm):
    n = x.shape[dim]
    return irfft_(_weighed(conj_(g), n, dim, 0.5), n=n, dim=dim, norm=_DUAL[norm])


@irfft_.vjp
def _(g, x, z, n, dim, norm):
    return conj_(_weighed(rfft_(g, dim=dim, norm=_DUAL[norm]), n, dim, 2))


# PyTorch's names --------------------------------------------------------------------------------


def _along(name: str, input: Any, n: int | None, dim: int, norm: str | None) -> tuple[Any, dict]:
    """The numbers to transform, cut or filled up with zeros to length n, and how."""
    if norm not in (None, *_DUAL):
        raise ValueError(f"{name}: norm must be one of {tuple(_DUAL)}, got {norm!r}.")
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


@in_single("cpu")
def fft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None) -> Any:
    """The transform along a dimension: Z[k] = sum over j of z[j] e^(-2 pi i j k / n), complex.

    Args:
        n: cut the signal, or fill it up with zeros, to this length first.
        norm: "backward" scales only the inverse, by 1 / n; "forward" only this; "ortho" each by
            1 / sqrt(n).
    """
    x, how = _along("fft", input, n, dim, norm)
    return fft_(x, inverse=False, **how)


@in_single("cpu")
def ifft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None) -> Any:
    """The inverse of fft: z[j] = 1/n sum over k of Z[k] e^(2 pi i j k / n)."""
    x, how = _along("ifft", input, n, dim, norm)
    return fft_(x, inverse=True, **how)


@in_single("cpu")
def rfft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None) -> Any:
    """The first n // 2 + 1 numbers of fft for a real signal; the others are their mirror image."""
    if is_complex(input):
        raise TypeError(f"rfft: input must be real, got {input.dtype}; use fft.")
    x, how = _along("rfft", input, n, dim, norm)
    return rfft_(x, **how)


@in_single("cpu")
def irfft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None) -> Any:
    """The inverse of rfft: a real signal of length n.

    Args:
        n: 2 (m - 1) for m numbers by default; say n where the signal was of odd length.
    """
    if n is None and input.ndim:
        n = 2 * (input.shape[one(dim, input.ndim)] - 1)
    x, how = _along("irfft", input, n, dim, norm)
    length = x.shape[how["dim"]]
    return irfft_(_fitted(x, length // 2 + 1, how["dim"]), n=length, **how)
