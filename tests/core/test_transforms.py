"""Functions of functions: grad, vjp, jvp, hessian, check_grad."""

import numpy as np
import pytest

import minidl
from minidl import GradientError, ShapeError
from minidl.primitive import TABLE


def f(x):
    return (x.sin() * x).sum()


def test_grad_of_grad_of_grad():
    x = minidl.tensor([0.5, 1.0], dtype=minidl.float64)
    first = minidl.grad(f)(x)
    np.testing.assert_allclose(first.numpy(), (np.sin(x) + x.numpy() * np.cos(x)), rtol=1e-12)
    third = minidl.grad(minidl.grad(minidl.grad(lambda t: t**4)))(minidl.tensor(2.0))
    assert third.item() == 48 and not third.requires_grad


def test_grad_by_several_arguments():
    ga, gb = minidl.grad(lambda a, b: (a * b).sum(), (0, 1))(minidl.ones(2), minidl.full((2,), 3.0))
    assert ga.tolist() == [3, 3] and gb.tolist() == [1, 1]


def test_grad_of_what_does_not_depend_is_zero():
    gradient = minidl.grad(lambda a, b: (b * b).sum())(minidl.ones(2), minidl.ones(3))
    assert gradient.tolist() == [0, 0]


def test_grad_keeps_the_history_of_what_was_caught():
    w = minidl.tensor(3.0, requires_grad=True)
    minidl.grad(lambda x: w * x * x)(minidl.tensor(2.0)).backward()
    assert w.grad.item() == 4.0


def test_vjp_and_jvp_are_the_two_sides_of_the_jacobian():
    x = minidl.tensor([0.3, -0.7, 1.1], dtype=minidl.float64)
    function = lambda t: minidl.stack([t.sum().exp(), (t * t).sum(), t[0] * t[2]])  # noqa: E731
    jacobian = minidl.jacobian(function, x).numpy()
    v, t = np.array([1.0, -2.0, 0.5]), np.array([0.2, 0.1, -1.0])
    output, pullback = minidl.vjp(function, x)
    np.testing.assert_allclose(pullback(minidl.tensor(v)).numpy(), v @ jacobian, rtol=1e-12)
    value, pushed = minidl.jvp(function, (x,), (minidl.tensor(t),))
    np.testing.assert_allclose(pushed.numpy(), jacobian @ t, rtol=1e-12)
    np.testing.assert_allclose(value.numpy(), output.detach().numpy())
    with pytest.raises(ShapeError, match="tangent"):
        minidl.jvp(function, (x,), (minidl.ones(2),))


def test_jvp_of_a_linear_and_of_a_constant_function():
    x, t = minidl.ones(2), minidl.tensor([1.0, 2.0])
    assert minidl.jvp(lambda a: a * 3, (x,), (t,))[1].tolist() == [3, 6]
    assert minidl.jvp(lambda a: minidl.ones(2), (x,), (t,))[1].tolist() == [0, 0]


@pytest.mark.parametrize("name", ["matmul", "log_softmax", "cat"])
def test_jvp_against_nudging(name):
    functions = {
        "matmul": lambda x: x @ x.t(),
        "log_softmax": lambda x: x.log_softmax(1),
        "cat": lambda x: minidl.cat([x, x * x]),
    }
    x = minidl.randn(3, 4, dtype=minidl.float64)
    t = minidl.randn(3, 4, dtype=minidl.float64)
    _, pushed = minidl.jvp(functions[name], (x,), (t,))
    nudged = (functions[name](x + 1e-6 * t) - functions[name](x - 1e-6 * t)) / 2e-6
    np.testing.assert_allclose(pushed.numpy(), nudged.numpy(), rtol=1e-6, atol=1e-8)


def test_hessian_is_symmetric_and_right():
    x = minidl.tensor([1.0, 2.0], dtype=minidl.float64)
    rosenbrock = lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2  # noqa: E731
    expected = [[2 + 1200 * 1 - 400 * 2, -400], [-400, 200]]
    np.testing.assert_allclose(minidl.hessian(rosenbrock, x).numpy(), expected)


def test_check_grad_names_what_is_wrong():
    tanh = TABLE["tanh"]
    right = tanh.rules or ()
    try:
        tanh.vjp(lambda g, z, x: g * (1 - x * x))
        with pytest.raises(GradientError, match="Input 0, number 0: the gradient says"):
            minidl.check_grad(lambda x: x.tanh(), minidl.tensor([0.5, 1.0]))
    finally:
        tanh.vjp(*right)
    assert minidl.check_grad(lambda x: x.tanh(), minidl.tensor([0.5, 1.0]), order=2)


def test_a_penalty_on_gradients_is_written_as_in_pytorch():
    x = minidl.tensor([1.0, 2.0], requires_grad=True)
    w = minidl.tensor([3.0, 4.0], requires_grad=True)
    (slope,) = minidl.autograd.grad(
        outputs=w * x * x, inputs=x, grad_outputs=minidl.ones(2), create_graph=True,
        retain_graph=True, only_inputs=True,
    )  # fmt: skip
    assert w.grad is None
    ((slope.norm(2) - 1) ** 2).backward()
    assert w.grad is not None and x.grad is not None
