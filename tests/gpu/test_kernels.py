"""Kernels on the card against the same written with primitives, in float64 on the processor."""

import numpy as np
import pytest

from minidl.backend import cuda
from minidl.primitive import TABLE
from tests.core.test_launches import CASES

ROUNDING = {"float64": 1e-9, "float32": 2e-4, "float16": 3e-2, "bfloat16": 1e-1}


def _there(x, kind):
    """An input on the card, in a dtype, and not contiguous in memory."""
    if not isinstance(x, np.ndarray):
        return x
    kind = x.dtype if x.dtype.kind != "f" else kind
    wide = cuda(0).asarray(np.repeat(x[..., None], 2, -1))
    return wide.astype(kind)[..., 0]


@pytest.mark.parametrize("kind", ROUNDING)
@pytest.mark.parametrize("name, inputs, params", CASES, ids=lambda c: c if type(c) is str else "")
def test_large_arrays(name, inputs, params, kind):
    primitive = TABLE[name]
    if kind == "bfloat16":
        kind = pytest.importorskip("ml_dtypes").bfloat16
    z = primitive(*(_there(x, kind) for x in inputs), **params)
    given = [_rounded(x, kind) for x in inputs]
    expected = (primitive.composition or primitive)(*given, **params)
    exact = name == "channel_moments" and np.dtype(kind).itemsize == 2
    assert z.dtype == ("float32" if exact else kind)
    scale = max(1, float(np.abs(expected).max()))
    rounding = ROUNDING[np.dtype(kind).name]
    got = z.astype("float64").get()
    np.testing.assert_allclose(got, expected, rtol=rounding, atol=rounding * scale)


def _rounded(x, kind):
    """The numbers that the card was given."""
    floats = isinstance(x, np.ndarray) and x.dtype.kind == "f"
    return x.astype(kind).astype("float64") if floats else x


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "gelu", "silu", "channel_moments"])
def test_nothing_is_nothing(name):
    x = cuda(0).asarray(np.zeros((0, 5), "float32"))
    params = {"dim": 1} if "softmax" in name else {}
    if name != "channel_moments":
        assert TABLE[name](x, **params).shape == (0, 5)


def test_rows_of_what_is_no_number():
    inf, nan = np.inf, np.nan
    x = np.array([[1.0, inf, 2.0], [-inf, -inf, -inf], [nan, 0.0, 1.0], [-inf, 0.0, 1.0]])
    got = TABLE["softmax"](cuda(0).asarray(x), dim=1).get()
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(got, TABLE["softmax"].composition(x, dim=1))
