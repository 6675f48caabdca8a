"""The rows of ops/complexes.py."""

import numpy as np

from .row import Row, complexes, real

ROWS = [
    Row("view_as_real", [complexes(3, 2)], lambda z: np.stack([z.real, z.imag], -1)),
    Row("view_as_real", [complexes(4, 3).T], lambda z: np.stack([z.real, z.imag], -1)),
    Row("view_as_complex", [real(3, 2)], lambda r: r[:, 0] + 1j * r[:, 1]),
    Row("view_as_complex", [real(2, 3).T], lambda r: r[:, 0] + 1j * r[:, 1]),
    Row("conj", [complexes(2, 3)], np.conj),
    Row("modulus", [complexes(2, 3)], np.abs),
    Row("mul", [complexes(3), complexes(2, 1)], np.multiply),
    Row("div", [real(3), complexes(2, 3)], np.divide),
    Row("exp", [complexes(3)], np.exp),
    Row("cast", [complexes(3)], np.real, {"dtype": np.dtype("float64")}),
    Row("cast", [real(3)], np.complex128, {"dtype": np.dtype("complex128")}),
]
