"""Complex numbers z = x + iy: as pairs of real ones, mirrored, and by length and angle.

Gradients travel as dL/dx - i dL/dy (see `tape._across`), so that every rule for real numbers also
holds for complex ones. The primitives here are those that tell x from y.
"""

from math import nan, pi
from typing import Any

from ..backend import category
from ..dtypes import complex_of, get_default_dtype, is_floating, real_of
from ..errors import ShapeError
from ..precision import in_single
from ..primitive import broadcast, elementwise, primitive
from ..tape import Outline
from .elementwise import exp, fill, log, mul, where_
from .movement import cast, cat_, crop, expand_, reshape_

__all__ = [
    "angle",
    "complex",
    "conj",
    "imag",
    "is_complex",
    "polar",
    "real",
    "view_as_complex",
    "view_as_real",
]

# pairs <-> complex numbers ----------------------------------------------------------------------


@primitive(lambda z: Outline((*z.shape, 2), real_of(z.dtype)), view=True)
def view_as_real_(xp, z):
    """r[..., 0] = x, r[..., 1] = y"""
    return z[..., None].view(real_of(z.dtype))


@primitive(lambda r: Outline(tuple(r.shape[:-1]), complex_of(r.dtype)), view=True)
def view_as_complex_(xp, r):
    """z = r[..., 0] + i r[..., 1]"""
    kind = complex_of(r.dtype)
    if r.strides[-1] != r.itemsize or r.dtype != real_of(kind):
        r = xp.ascontiguousarray(r, real_of(kind))
    return r.view(kind)[..., 0]


@elementwise()
def conj_(xp, z):
    """w = x - iy"""
    return xp.conj(z)


view_as_real_.vjp(lambda g, r, z: conj_(view_as_complex_(g)))
view_as_complex_.vjp(lambda g, z, r: view_as_real_(conj_(g)))
conj_.vjp(lambda g, w, z: conj_(g))


@primitive(lambda z: Outline(tuple(z.shape), real_of(z.dtype)))
def modulus(xp, z):
    """r = sqrt(x^2 + y^2)"""
    return xp.abs(z)


@modulus.vjp
def _(g, r, z):
    """dr/dx - i dr/dy = (x - iy) / r; at 0, which has no direction, 0"""
    return mul(g / where_(r == 0, 1, r), conj_(z))


# PyTorch's names --------------------------------------------------------------------------------


def is_complex(input: Any) -> bool:
    """Whether a tensor holds complex numbers."""
    return category(input.dtype) == 3


def _has_complex(x: Any) -> bool:
    """Whether there are complex numbers whose parts are of this dtype."""
    return x.dtype == real_of(complex_of(x.dtype))


def view_as_real(input: Any) -> Any:
    """Complex (...) as real (..., 2), over the same memory: x and y side by side.

    Raises:
        TypeError: `input` is not complex.
    """
    if not is_complex(input):
        raise TypeError(f"view_as_real: input must be complex, got {input.dtype}.")
    return view_as_real_(input)


@in_single("cpu")
def view_as_complex(input: Any) -> Any:
    """Real (..., 2) as complex (...), over the same memory where each pair lies side by side.

    Raises:
        TypeError: `input` is not of float32 or float64.
        ShapeError: its last dimension is not 2.
    """
    if not _has_complex(input):
        raise TypeError(f"view_as_complex: input must be float32 or float64, got {input.dtype}.")
    if input.ndim == 0 or input.shape[-1] != 2:
        raise ShapeError(
            f"view_as_complex: the last dimension of input must be 2, got {tuple(input.shape)}."
        )
    return view_as_complex_(input)


def real(input: Any) -> Any:
    """x of x + iy, over the same memory; a real tensor is returned as it is."""
    return crop(view_as_real_(input), key=(..., 0)) if is_complex(input) else input


def imag(input: Any) -> Any:
    """y of x + iy, over the same memory.

    Raises:
        TypeError: `input` is not complex.
    """
    if not is_complex(input):
        raise TypeError(f"imag: input must be complex, got {input.dtype}.")
    return crop(view_as_real_(input), key=(..., 1))


def conj(input: Any) -> Any:
    """x - iy; a real tensor is returned as it is."""
    return conj_(input) if is_complex(input) else input


def complex(real: Any, imag: Any) -> Any:
    """real + i imag, of two tensors that broadcast.

    Raises:
        TypeError: they are not both of float32 or both of float64.
    """
    if real.dtype != imag.dtype or not _has_complex(real):
        raise TypeError(
            "complex: real and imag must both be float32 or both float64, got "
            f"{real.dtype} and {imag.dtype}."
        )
    shape = broadcast(tuple(real.shape), tuple(imag.shape))
    pair = [reshape_(expand_(x, shape=shape), shape=(*shape, 1)) for x in (real, imag)]
    return view_as_complex_(cat_(*pair, dim=len(shape)))


@in_single("cpu")
def polar(abs: Any, angle: Any) -> Any:
    """abs (cos angle + i sin angle) = abs e^(i angle), of two tensors that broadcast, in radians.

    Raises:
        TypeError: they are not both of float32 or both of float64.
    """
    if abs.dtype != angle.dtype or not _has_complex(abs):
        raise TypeError(
            "polar: abs and angle must both be float32 or both float64, got "
            f"{abs.dtype} and {angle.dtype}."
        )
    return abs * exp(angle * 1j)


def angle(input: Any) -> Any:
    """The angle from the positive real axis, -pi to pi; its slope at 0 is taken as 0."""
    if is_complex(input):
        return imag(log(where_(input == 0, 1, input)))
    x = input if is_floating(input.dtype) else cast(input, dtype=get_default_dtype())
    return where_(x != x, nan, where_(x < 0, pi, fill(x, value=0)))
