"""The error function to its last digits, and functions where nan and infinity meet, in silence."""

import math
import warnings

import numpy as np
import pytest

import minidl

INF, NAN = math.inf, math.nan


def test_erf_is_right_to_the_last_bits_of_float64():
    small, wide = np.logspace(-300, -1, 600), np.linspace(0, 7, 4001)[1:]
    x = np.concatenate([small, wide, -wide])
    expected = np.array([math.erf(v) for v in x])
    np.testing.assert_allclose(minidl.erf(minidl.tensor(x)).numpy(), expected, rtol=2e-15)


def test_erf_is_right_to_the_last_bits_of_float32():
    x = np.concatenate([np.logspace(-30, -1, 600), np.linspace(0, 5, 4001)[1:]]).astype("float32")
    expected = np.array([math.erf(float(v)) for v in x])
    np.testing.assert_allclose(minidl.erf(minidl.tensor(x)).numpy(), expected, rtol=6e-7)


def test_erf_at_its_ends():
    z = minidl.erf(minidl.tensor([0.0, -0.0, INF, -INF, NAN])).tolist()
    assert z[:4] == [0, 0, 1, -1] and math.copysign(1, z[1]) == -1 and math.isnan(z[4])


def test_logarithms_of_powers_are_whole():
    two, ten = 2.0 ** np.arange(-50, 50), 10.0 ** np.arange(0, 20)
    assert minidl.log2(minidl.tensor(two)).tolist() == list(range(-50, 50))
    assert minidl.log10(minidl.tensor(ten)).tolist() == list(range(20))


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x - x, lambda x: x * 0, lambda x: x + -x, lambda x: x / 0, lambda x: x % 0,
        lambda x: x.sum(), lambda x: x.cumsum(0), lambda x: x.softmax(0), lambda x: x.var(),
        lambda x: x.sin(), lambda x: x.int(), lambda x: x.half(), lambda x: x.logsumexp(0),
        lambda x: minidl.exp(x * 1000), lambda x: x.prod(), lambda x: x.norm(), lambda x: x.log(),
        lambda x: minidl.zeros(0).mean(), lambda x: minidl.ones(1).std(), lambda x: x.median(),
    ],
)  # fmt: skip
def test_nothing_warns_of_what_is_no_number(function):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        function(minidl.tensor([INF, -INF, NAN, 0.0, 1e30]))


def _whole(x):
    a, b, c, d = x.unbind()
    return a * b * c * d


def _running(x):
    a, b, c, d = x.unbind()
    return a + a * b + a * b * c + a * b * c * d


@pytest.mark.parametrize(
    ("function", "written"),
    [(minidl.prod, _whole), (lambda x: x.cumprod(0).sum(), _running)],
)
def test_products_have_derivatives_of_every_order_at_zeros(function, written):
    x = minidl.tensor([0.0, 0.0, 2.0, 3.0], dtype=minidl.float64)
    for order in (minidl.grad, lambda f: lambda x: minidl.hessian(f, x)):
        expected = order(lambda x: written(x) + written(x) ** 2)(x)
        got = order(lambda x: function(x) + function(x) ** 2)(x)
        np.testing.assert_allclose(got.numpy(), expected.numpy(), atol=1e-12)
