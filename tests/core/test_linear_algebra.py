"""Linear algebra where matrices are at their limits: singular, degenerate, half precision."""

import numpy as np
import pytest

import minidl
from minidl.linalg import LinAlgError


def test_a_matrix_without_what_was_asked_is_named():
    flat = minidl.ones(2, 2)
    with pytest.raises(LinAlgError, match="inv: A is singular"):
        minidl.linalg.inv(flat)
    with pytest.raises(LinAlgError, match="solve: A is singular"):
        minidl.linalg.solve(flat, minidl.ones(2))
    with pytest.raises(LinAlgError, match="cholesky: input is not positive definite"):
        minidl.linalg.cholesky(-minidl.eye(2))
    assert issubclass(LinAlgError, RuntimeError)  # as in PyTorch


@pytest.mark.parametrize("name", ["cholesky", "qr", "eigh", "svd", "slogdet", "pinv"])
def test_complex_matrices_are_refused_where_their_rules_are_real(name):
    with pytest.raises(TypeError, match=f"{name}: (A|input) must be real, got complex64"):
        getattr(minidl.linalg, name)(minidl.eye(2) * (1 + 0j))


def test_equal_eigenvalues_do_not_spoil_what_does_not_depend_on_their_vectors():
    def spread(a):
        return (minidl.linalg.eigh((a + a.mT) / 2).eigenvalues ** 2).sum()

    def size(a):
        return (minidl.linalg.svdvals(a) ** 2).sum()

    for function in (spread, size):
        np.testing.assert_allclose(minidl.grad(function)(minidl.eye(3)), 2 * np.eye(3), atol=1e-6)


def test_the_gradient_of_a_singular_determinant_are_its_cofactors():
    gradient = minidl.grad(minidl.linalg.det)(minidl.tensor([[1.0, 2.0], [2.0, 4.0]]))
    np.testing.assert_allclose(gradient, [[4, -2], [-2, 1]], rtol=1e-6)


def test_half_precision_is_computed_in_single():
    a = minidl.tensor([[2.0, 0.0], [0.0, 4.0]], dtype=minidl.float16)
    assert minidl.linalg.inv(a).tolist() == [[0.5, 0], [0, 0.25]]
    assert minidl.linalg.svd(a).S.dtype == minidl.float16


def test_einsum_multiplies_the_small_ones_first():
    from minidl.backend import contraction_order

    names, shapes = [["i", "j"], ["j", "k"], ["k"]], [[100, 100], [100, 100], [100]]
    assert contraction_order(names, shapes, ["i"])[0] == (1, 2)


def test_distances_of_many_points_are_those_of_few():
    x = minidl.randn(40, 3, dtype=minidl.float64, generator=minidl.Generator(0))
    few = minidl.cdist(x, x, compute_mode="donot_use_mm_for_euclid_dist")
    np.testing.assert_allclose(minidl.cdist(x, x), few, atol=1e-7)
    assert (minidl.cdist(x[:4], x[:4]).diagonal() == 0).all()
