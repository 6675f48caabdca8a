"""Complex numbers at the border of the walk: what users see of gradients, and how they print."""

import itertools

import numpy as np
import pytest

import minidl

A = np.array([[1 + 2j, -0.5j], [0.3 - 1j, 2 + 0j]])
B = np.array([0.7 - 0.2j, 1.5 + 1j])


def both(code):
    """What a function of the framework gives under minidl and under PyTorch, as NumPy arrays."""
    torch = pytest.importorskip("torch")
    for results in zip(code(minidl), code(torch), strict=True):
        yield tuple(
            x.numpy(force=True) if hasattr(x, "resolve_conj") else x.detach().numpy()
            for x in results
        )


def same(code):
    for ours, theirs in both(code):
        assert ours.dtype == theirs.dtype
        np.testing.assert_allclose(ours, theirs, rtol=1e-10)


def leaves(m):
    return [m.tensor(a).requires_grad_() for a in (A, B)]


@pytest.mark.torch
def test_the_gradient_of_a_leaf_is_pytorchs_and_adds_up():
    def code(m):
        a, b = leaves(m)
        for _ in range(2):
            (a * b / (a + 3)).abs().sum().backward()
        return a.grad, b.grad

    same(code)


@pytest.mark.torch
def test_a_real_leaf_of_a_complex_computation_has_a_real_gradient():
    def code(m):
        x = m.tensor([1.0, 2.0], dtype=m.float64, requires_grad=True)
        ((x * m.tensor(A)).exp().imag.sum() + (x * 2j).real.sum()).backward()
        return (x.grad,)

    same(code)


@pytest.mark.torch
def test_hooks_and_kept_gradients_are_seen_as_outside():
    def code(m):
        a, b = leaves(m)
        seen = []
        a.register_hook(seen.append)
        c = a * b
        c.retain_grad()
        c.register_hook(lambda g: seen.append(g) or g * (1 + 1j))
        (c * c).real.sum().backward()
        return [a.grad, b.grad, c.grad, *seen]

    same(code)


@pytest.mark.torch
def test_weights_of_a_complex_output():
    def code(m):
        a, b = leaves(m)
        first = m.autograd.grad(a @ b, (a, b), m.tensor(B), create_graph=True)
        (first[0].abs() ** 2).sum().backward()
        return [*first, b.grad]

    same(code)


@pytest.mark.torch
def test_transforms_take_complex_functions():
    z, t = minidl.tensor(A), minidl.tensor(A.T.copy())
    value, slope = minidl.jvp(lambda z: z * z, (z,), (t,))
    np.testing.assert_allclose(slope.numpy(), 2 * A * A.T, rtol=1e-12)
    _, pull = minidl.vjp(lambda z: z * z, z)
    np.testing.assert_allclose(pull(t).numpy(), np.conj(2 * A) * A.T, rtol=1e-12)


def test_a_complex_loss_is_no_loss():
    z = minidl.tensor(B, requires_grad=True)
    with pytest.raises(minidl.GradientError, match="complex"):
        z.sum().backward()


def test_parts_are_views():
    z = minidl.tensor(A)
    z.imag.fill_(5)
    minidl.view_as_real(z)[..., 0].zero_()
    assert z.tolist() == [[5j, 5j], [5j, 5j]]
    pairs = minidl.zeros(3, 2)
    assert np.shares_memory(minidl.view_as_complex(pairs).array, pairs.array)


@pytest.mark.torch
def test_promotion_with_complex_numbers_is_pytorchs():
    torch = pytest.importorskip("torch")
    kinds = ["complex64", "complex128", "float64", "float32", "int32", "bool"]
    for a, b, s, t in itertools.product(kinds, kinds, [(2,), ()], [(2,), ()]):
        ours, theirs = (
            m.ones(s, dtype=getattr(m, a)) * m.ones(t, dtype=getattr(m, b)) for m in (minidl, torch)
        )
        assert f"torch.{ours.dtype}" == str(theirs.dtype), (a, b, s, t)
    for a in kinds:
        ours, theirs = (m.ones(2, dtype=getattr(m, a)) * 1j for m in (minidl, torch))
        assert f"torch.{ours.dtype}" == str(theirs.dtype), a


@pytest.mark.torch
@pytest.mark.parametrize(
    "data",
    [
        1 - 2j,
        [1 + 2j, 2],
        [[1e-5 + 2j, 2.25]],
        [-1.5 + 1e10j, 2.25],
        [complex("inf-infj"), 1.25 - 0.5j],
        [complex("nan+nanj"), 1],
        [1e-6 + 1j, 1000 + 2j, 3.5],
    ],
)
def test_complex_numbers_print_as_pytorchs(data):
    torch = pytest.importorskip("torch")
    assert repr(minidl.tensor(data)) == repr(torch.tensor(data))


@pytest.mark.parametrize("sign", ["<", ">="])
def test_complex_numbers_have_no_order(sign):
    with pytest.raises(TypeError, match="complex"):
        eval(f"z {sign} 0", {"z": minidl.tensor(B)})
