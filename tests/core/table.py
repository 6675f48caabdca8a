"""The one table of primitives: a row per primitive says what it must compute, on which inputs.

test_table.py holds every row against its NumPy reference, finite differences, its outline rule and
paper; and asserts that no primitive is missing.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import minidl
from minidl.ops.indexing import Slot


class Row(NamedTuple):
    """One way to call a primitive.

    inputs: arrays (float64 unless the primitive wants others).
    reference: NumPy arrays -> NumPy array.
    nudge: which inputs are nudged by finite differences; none where there is no derivative.
    """

    name: str
    inputs: list[Any]
    reference: Callable[..., Any]
    params: dict[str, Any] = {}
    nudge: tuple[int, ...] | None = None


_rng = np.random.default_rng(7)


def real(*shape: int, low: float = -2.0, high: float = 2.0) -> np.ndarray:
    """Numbers that keep a distance from each other and from 0, so that no corner is nudged over."""
    count = int(np.prod(shape))
    steps = np.linspace(low, high, count + 2)[1:-1] if count else np.zeros(0)
    steps = np.where(np.abs(steps) < 0.05, 0.11, steps)
    return _rng.permutation(steps).reshape(shape)


def positive(*shape: int) -> np.ndarray:
    return real(*shape, low=0.3, high=3.0)


def _scattered(x: np.ndarray, key: tuple, shape: tuple) -> np.ndarray:
    z = np.zeros(shape)
    np.add.at(z, key, x)
    return z


def _put(x: np.ndarray, key: tuple, value: Any) -> np.ndarray:
    z = x.copy()
    z[key] = value
    return z


_rows, _cols = np.array([2, 0, 2]), np.array([1, 1, 0])
_mask = np.array([[True, False], [False, True], [True, True]])
ARRAY = Slot.ARRAY
ALL = {"dims": (0, 1), "keepdim": False}
FIRST = {"dims": (0,), "keepdim": True}
_both = [real(3, 4), real(4)]
_tied = np.array([[1.0, 2.0], [2.0, 0.5]])
_bits = [np.array([5, 3, 8]), np.array([1, 6, 12])]
_truth = [np.array([True, False, True]), np.array([True, True, False])]
_odd = np.array([1.0, np.nan, np.inf, -np.inf])

NO = ()  # no derivative, or a derivative that is 0 everywhere

ROWS = [
    # movement
    Row("reshape", [real(2, 6)], lambda x: x.reshape(3, 4), {"shape": (3, 4)}),
    Row("reshape", [real(1)], lambda x: x.reshape(()), {"shape": ()}),
    Row("permute", [real(2, 3, 4)], lambda x: x.transpose(2, 0, 1), {"dims": (2, 0, 1)}),
    Row("expand", [real(3, 1)], lambda x: np.broadcast_to(x, (2, 3, 4)), {"shape": (2, 3, 4)}),
    Row("crop", [real(4, 5)], lambda x: x[1:3, ::2], {"key": (slice(1, 3), slice(None, None, 2))}),
    Row("crop", [real(4, 5)], lambda x: x[..., None, -1], {"key": (..., None, -1)}),
    Row("crop", [real(4, 5)], lambda x: x[2, 3], {"key": (2, 3)}),
    Row(
        "pad",
        [real(2, 3)],
        lambda x: np.pad(x, ((1, 1), (0, 2))),
        {"key": (slice(1, 3), slice(0, 3)), "shape": (4, 5)},
    ),
    Row("flip", [real(3, 4)], lambda x: x[:, ::-1], {"dims": (1,)}),
    Row(
        "cat",
        [real(2, 3), real(2, 1), real(2, 2)],
        lambda *xs: np.concatenate(xs, 1),
        {"dim": 1},
    ),
    Row("cast", [real(3)], lambda x: x.astype(np.float64), {"dtype": minidl.float64}),
    Row("clone", [real(3, 2)], lambda x: x),
    Row("transfer", [real(3, 2)], lambda x: x, {"device": minidl.device("cpu")}),
    # element-wise
    Row("add", _both, np.add),
    Row("sub", _both, np.subtract),
    Row("mul", _both, np.multiply),
    Row("mul", [real(2, 1), real(1, 3)], np.multiply),
    Row("div", [real(3, 4), real(4)], np.divide),
    Row("neg", [real(3)], np.negative),
    Row("pow", [positive(3, 2), real(2)], np.power),
    Row("pow", [real(4), np.array([3.0])], np.power, {}, (0,)),
    Row("remainder", [real(4), positive(4)], np.remainder),
    Row("floor_divide", [real(4), positive(4)], np.floor_divide),
    Row("exp", [real(3, 2)], np.exp),
    Row("log", [positive(3, 2)], np.log),
    Row("log1p", [positive(3, 2)], np.log1p),
    Row("expm1", [real(3, 2)], np.expm1),
    Row("sqrt", [positive(3, 2)], np.sqrt),
    Row("sin", [real(5)], np.sin),
    Row("cos", [real(5)], np.cos),
    Row("tanh", [real(5)], np.tanh),
    Row("sigmoid", [real(5)], lambda x: 1 / (1 + np.exp(-x))),
    Row("fill", [real(2, 2)], lambda x: np.full(x.shape, 3.0), {"value": 3.0}),
    Row("abs", [real(5)], np.abs),
    Row("sign", [real(5)], np.sign),
    Row("maximum", [real(3, 4), real(4)], np.maximum),
    Row("minimum", [real(3, 4), real(4)], np.minimum),
    Row("relu", [real(6)], lambda x: np.maximum(x, 0)),
    Row("where", [_mask, real(3, 2), real(2)], np.where, {}, (1, 2)),
    Row("floor", [real(5)], np.floor),
    Row("ceil", [real(5)], np.ceil),
    Row("round", [real(5)], np.round),
    Row("eq", [np.array([1.0, 2.0]), np.array([1.0, 3.0])], np.equal, {}, NO),
    Row("ne", [np.array([1.0, 2.0]), np.array([1.0, 3.0])], np.not_equal, {}, NO),
    Row("lt", _both, np.less, {}, NO),
    Row("le", _both, np.less_equal, {}, NO),
    Row("gt", _both, np.greater, {}, NO),
    Row("ge", _both, np.greater_equal, {}, NO),
    Row("logical_and", _truth, np.logical_and, {}, NO),
    Row("logical_or", _truth, np.logical_or, {}, NO),
    Row("logical_xor", _truth, np.logical_xor, {}, NO),
    Row("logical_not", _truth[:1], np.logical_not, {}, NO),
    Row("isnan", [_odd], np.isnan, {}, NO),
    Row("isinf", [_odd], np.isinf, {}, NO),
    Row("isfinite", [_odd], np.isfinite, {}, NO),
    Row("bitwise_and", _bits, np.bitwise_and, {}, NO),
    Row("bitwise_or", _bits, np.bitwise_or, {}, NO),
    Row("bitwise_xor", _bits, np.bitwise_xor, {}, NO),
    Row("bitwise_not", _bits[:1], np.invert, {}, NO),
    # reductions
    Row("sum", [real(3, 4)], np.sum, ALL),
    Row("sum", [real(3, 4)], lambda x: x.sum(0, keepdims=True), FIRST),
    Row("sum", [_bits[0].reshape(3, 1) > 4], lambda x: x.sum(0, keepdims=True), FIRST, NO),
    Row("sum_to", [real(2, 3, 4)], lambda x: x.sum((0, 2)).reshape(3, 1), {"shape": (3, 1)}),
    Row("sum_to", [real(2, 3)], np.sum, {"shape": ()}),
    Row("cumsum", [real(3, 4)], lambda x: np.cumsum(x, 1), {"dim": 1}),
    Row("amax", [real(3, 4)], np.max, ALL),
    Row("amax", [real(3, 4)], lambda x: x.max(0, keepdims=True), FIRST),
    Row("amin", [real(3, 4)], np.min, ALL),
    Row("argmax", [real(3, 4)], lambda x: x.argmax(1), {"dim": 1, "keepdim": False}, NO),
    Row("argmin", [real(3, 4)], lambda x: x.argmin(0)[None], {"dim": 0, "keepdim": True}, NO),
    Row("all", [_mask], lambda x: x.all(0, keepdims=True), FIRST, NO),
    Row("any", [_mask], np.any, ALL, NO),
    Row("argsort", [real(3, 4)], lambda x: x.argsort(1), {"dim": 1, "descending": False}, NO),
    Row("argsort", [real(5)], lambda x: (-x).argsort(), {"dim": 0, "descending": True}, NO),
    # products
    Row("matmul", [real(3, 4), real(4, 2)], np.matmul),
    Row("matmul", [real(2, 1, 3, 4), real(5, 4, 2)], np.matmul),
    # indexing
    Row("gather_at", [real(3, 2), _rows], lambda x, i: x[i], {"key": (ARRAY,)}, (0,)),
    Row(
        "gather_at",
        [real(3, 2), _rows, _cols],
        lambda x, i, j: x[i, j],
        {"key": (ARRAY, ARRAY)},
        (0,),
    ),
    Row(
        "scatter_at",
        [real(3, 2), _rows],
        lambda x, i: _scattered(x, (i,), (3, 2)),
        {"key": (ARRAY,), "shape": (3, 2)},
        (0,),
    ),
    Row(
        "put_at",
        [real(3, 2), real(2), np.array([2, 0])],
        lambda x, v, i: _put(x, (i,), v),
        {"key": (ARRAY,)},
        (0, 1),
    ),
    Row(
        "put_at",
        [real(3, 2), real(2)],
        lambda x, v: _put(x, (1,), v),
        {"key": (1,)},
    ),
]

# Random primitives have no reference to be equal to; test_random.py holds their distributions.
RANDOM = {"uniform_like", "normal_like", "integers_like", "permutation_like"}

# Ties have no derivative to nudge; test_table.py holds how their gradient is shared.
TIED = _tied
