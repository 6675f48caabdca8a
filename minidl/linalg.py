"""PyTorch's `linalg`: what matrices are made of, and the equations they stand for."""

from .errors import LinAlgError
from .ops.determinants import det, slogdet
from .ops.factors import cholesky, qr
from .ops.matrix_norms import linalg_norm as norm, matrix_norm
from .ops.norms import vector_norm
from .ops.products import matmul
from .ops.solving import inv, matrix_power, pinv, solve, solve_triangular
from .ops.spectra import eigh, eigvalsh, matrix_rank, svd, svdvals
from .ops.summation import multi_dot
from .ops.tensor_products import cross_last as cross, vecdot

__all__ = [
    "LinAlgError",
    "cholesky",
    "cross",
    "det",
    "eigh",
    "eigvalsh",
    "inv",
    "matmul",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "multi_dot",
    "norm",
    "pinv",
    "qr",
    "slogdet",
    "solve",
    "solve_triangular",
    "svd",
    "svdvals",
    "vecdot",
    "vector_norm",
]
