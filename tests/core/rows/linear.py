"""The rows of ops/linear.py, dense.py, and of the files around lapack.py and fourier.py."""

from typing import Any

import numpy as np

from .row import NO, Row, complexes, real


def _flat(x):
    return x.reshape(-1, x.shape[-1])


def _svd(a):
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    return np.concatenate([u, s[..., None, :], np.swapaxes(vt, -1, -2)], -2)


def _eigh(a):
    l, v = np.linalg.eigh((a + a.T) / 2)
    return np.concatenate([l[None], v])


def _qr(a, mode: Any = "reduced"):
    q, r = np.linalg.qr(a, mode)
    return np.concatenate([q, r.T])


def _cofactors(a):
    return np.linalg.det(a) * np.linalg.inv(a).T


def _minors(a):
    """Cofactors by their definition: determinants without one row and one column."""
    n = range(a.shape[0])
    minor = lambda i, j: np.linalg.det(np.delete(np.delete(a, i, 0), j, 1))
    return np.array([[(-1) ** (i + j) * minor(i, j) for j in n] for i in n])


_square = real(2, 3, 3) + 2 * np.eye(3)
_complex = complexes(3, 3) + 2 * np.eye(3)
_definite = _square[0] @ _square[0].T + np.eye(3)
_singular = np.array([[1.0, 2.0, 3.0], [2.0, 1.0, 5.0], [3.0, 3.0, 8.0]])
_wave = {"dim": 1, "norm": "ortho", "inverse": False}
_half = {"dim": 0, "norm": "ortho"}
_whole = {"dim": 1, "norm": "backward"}
_back = {"dim": 0, "norm": "backward", "inverse": True}

ROWS = [
    Row("matmul", [real(3, 4), real(4, 2)], np.matmul),
    Row("matmul", [real(2, 1, 3, 4), real(5, 4, 2)], np.matmul),
    Row("matmul", [complexes(2, 3), complexes(3, 2)], np.matmul),
    Row("matmul", [real(2, 2, 3, 4), real(4, 2)], np.matmul),
    Row("row_products", [real(2, 3, 4), real(2, 3, 5)], lambda x, y: _flat(x).T @ _flat(y)),
    Row("row_products", [real(3, 2), real(3, 1)], lambda x, y: x.T @ y),
    Row("linear", [real(2, 3, 4), real(5, 4)], lambda x, w: x @ w.T),
    Row("affine", [real(3, 4), real(2, 4), real(2)], lambda x, w, b: x @ w.T + b),
    Row("affine", [real(2, 2, 3), real(2, 3), real(2)], lambda x, w, b: x @ w.T + b),
    Row("solve", [_square, real(3, 2)], np.linalg.solve),
    Row("solve", [_complex, complexes(3, 1)], np.linalg.solve),
    Row("inv", [_square], np.linalg.inv),
    Row("inv", [_complex], np.linalg.inv),
    Row("pinv", [real(4, 2)], np.linalg.pinv, {"rtol": 1e-14}),
    Row("pinv", [real(2, 3) + 2 * np.eye(2, 3)], np.linalg.pinv, {"rtol": 1e-14}),
    Row("det", [_square], np.linalg.det),
    Row("det", [_complex], np.linalg.det),
    Row("cofactors", [_square[0]], _cofactors),
    Row("cofactors", [_complex], _cofactors),
    Row("cofactors", [_singular], _minors, nudge=NO),
    Row("slogdet", [_square], lambda a: np.stack(np.linalg.slogdet(a), -1)),
    Row("cholesky", [_definite], np.linalg.cholesky, through=lambda a: (a + a.mT) / 2),
    Row("qr", [real(4, 2)], _qr, {"complete": False}),
    Row("qr", [_square[1]], _qr, {"complete": False}),
    Row("qr", [real(4, 2)], lambda a: _qr(a, "complete"), {"complete": True}, NO),
    Row("eigh", [_definite], _eigh, {"uplo": "L"}, through=lambda a: (a + a.mT) / 2),
    Row("svd", [real(4, 2)], _svd),
    Row("svd", [real(2, 3)], _svd),
    Row("svd", [_square], _svd),
    Row("fft", [complexes(2, 5)], lambda z: np.fft.fft(z, norm="ortho"), _wave),
    Row("fft", [real(2, 4)], lambda z: np.fft.fft(z, norm="ortho"), _wave),
    Row("fft", [complexes(4, 2)], lambda z: np.fft.ifft(z, axis=0), _back),
    Row("rfft", [real(2, 5)], np.fft.rfft, {"dim": 1, "norm": "backward"}),
    Row("rfft", [real(4, 2)], lambda x: np.fft.rfft(x, axis=0, norm="ortho"), _half),
    Row("rfft", [real(1, 1)], lambda x: np.fft.rfft(x, axis=0, norm="ortho"), _half),
    Row("irfft", [complexes(2, 3)], lambda z: np.fft.irfft(z, 5), {**_whole, "n": 5}),
    Row("irfft", [complexes(2, 3)], lambda z: np.fft.irfft(z, 4), {**_whole, "n": 4}),
    Row("irfft", [complexes(2, 1)], lambda z: np.fft.irfft(z, 1), {**_whole, "n": 1}),
]
