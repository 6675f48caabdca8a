"""Linear algebra where CuPy keeps silent: it solves no stack against another, and hands out
whatever comes of a singular matrix, unless it is told to look (which waits for the card)."""

from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any

from ..errors import LinAlgError
from ..primitive import broadcast
from .determinants import cofactors
from .factors import cholesky_, qr_
from .solving import inv_, pinv_, solve_
from .spectra import eigh_, svd_


def _watched() -> AbstractContextManager:
    """In this block CuPy raises for matrices that the library below reports as untreatable."""
    return import_module("cupyx").errstate(linalg="raise")


@solve_.on("cuda")
def _solve(xp, a, b):
    stack = broadcast(a.shape[:-2], b.shape[:-2])
    a = xp.broadcast_to(a, (*stack, *a.shape[-2:]))
    b = xp.broadcast_to(b, (*stack, *b.shape[-2:]))
    with _watched():
        return solve_.forward(xp, a, b)


def _watch(primitive: Any) -> None:
    """The primitive's own rule, with CuPy told to look."""

    @primitive.on("cuda")
    def _(xp, *inputs, **params):
        with _watched():
            return primitive.forward(xp, *inputs, **params)


for _primitive in (inv_, pinv_, cholesky_, qr_, eigh_, cofactors):
    _watch(_primitive)


@svd_.on("cuda")
def _svd(xp, a):
    with _watched():
        z = svd_.forward(xp, a)
    if not xp.isfinite(z).all():  # of which its library says nothing
        raise LinAlgError("svd: the singular values of A were not found; does it hold nan or inf?")
    return z
