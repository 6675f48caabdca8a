"""ONNX's reductions, sorts and products of matrices, in minidl's functions."""

from collections.abc import Callable
from typing import Any

import minidl as m
import minidl.nn.functional as F

from .reader import Node, Unsupported
from .shaping import axes_of


def _reduction(function: Callable) -> Callable:
    """An operator over axes from a function (x, dims, keepdim)."""

    def operator(node: Node, x: Any, axes: Any = None) -> Any:
        dims, keep = axes_of(node, axes), bool(node("keepdims", 1))
        single = node("noop_with_empty_axes", 0)  # of each number alone
        if not dims:
            if single:
                return function(x.unsqueeze(-1), (x.ndim,), False)
            dims = range(x.ndim)
        return function(x, tuple(d % x.ndim for d in dims), keep)

    return operator


def _same(function: Callable) -> Callable:
    """The result in the input's dtype, as ONNX has it; sums of integers are int64 here."""
    return lambda x, dims, keep: function(x, dims, keep).to(x.dtype)


def _prod(x: Any, dims: tuple[int, ...], keep: bool) -> Any:
    for d in sorted(dims, reverse=True):
        x = m.prod(x, d, keep)
    return x


def _floating(x: Any) -> Any:
    return x if m.is_floating_point(x) else x.double()


def _mean(x: Any, dims: tuple[int, ...], keep: bool) -> Any:
    return m.mean(_floating(x), dims, keep)


def _extreme(function: Callable) -> Callable:
    """Of no numbers, which have no extreme in PyTorch's meaning, ONNX wants an infinity."""

    def reduced(x: Any, dims: tuple[int, ...], keep: bool) -> Any:
        if not x.numel():
            raise Unsupported("the extreme of no numbers")
        return function(x, dims, keep)

    return _reduction(reduced)


def _place(function: Callable) -> Callable:
    def operator(node: Node, x: Any) -> Any:
        axis, keep = node("axis", 0), bool(node("keepdims", 1))
        if not node("select_last_index", 0):
            return function(x, axis, keep)
        return x.shape[axis] - 1 - function(m.flip(x, (axis,)), axis, keep)

    return operator


def _cumulative(function: Callable, start: float) -> Callable:
    def operator(node: Node, x: Any, axis: Any) -> Any:
        d = int(axis.item()) % x.ndim
        y = m.flip(x, (d,)) if node("reverse", 0) else x
        z = function(y, d).to(x.dtype)
        if node("exclusive", 0):
            first = m.full_like(m.narrow(x, d, 0, 1), start)
            z = m.cat([first, m.narrow(z, d, 0, z.shape[d] - 1)], d)
        return m.flip(z, (d,)) if node("reverse", 0) else z

    return operator


def _top_k(node: Node, x: Any, k: Any) -> Any:
    largest = bool(node("largest", 1))
    return m.topk(x, int(k.item()), node("axis", -1), largest, bool(node("sorted", 1)))


def _softmax(function: Callable) -> Callable:
    def operator(node: Node, x: Any) -> Any:
        if node.version >= 13:
            return function(x, node("axis", -1))
        axis = node("axis", 1)
        return function(x.reshape(*x.shape[:axis], -1), -1).reshape(x.shape)

    return operator


def _hardmax(node: Node, x: Any) -> Any:
    axis = node("axis", -1)
    places = m.argmax(x, axis, True)
    return m.scatter(m.zeros_like(x), axis, places, m.ones_like(places).to(x.dtype))


def _gemm(node: Node, a: Any, b: Any, c: Any = None) -> Any:
    a = a.T if node("transA", 0) else a
    b = b.T if node("transB", 0) else b
    z = (a @ b) * node("alpha", 1.0)
    z = z if c is None else z + c * node("beta", 1.0)
    return z.to(a.dtype)


def _lp(node: Node, x: Any) -> Any:
    p, axis = node("p", 2), node("axis", -1)
    size = m.norm(x, p, axis, True)
    return m.where(size == 0, m.zeros_like(x), x / m.where(size == 0, m.ones_like(size), size))


def _dft(node: Node, x: Any, length: Any = None, axis: Any = None) -> Any:
    inverse, onesided = node("inverse", 0), node("onesided", 0)
    where = int(axis.item()) if axis is not None else node("axis", -2 if node.version >= 20 else 1)
    where %= x.ndim
    if inverse and onesided:
        raise Unsupported("the inverse of a one-sided transform")
    values = m.view_as_complex(x.contiguous()) if x.shape[-1] == 2 else x[..., 0]
    n = None if length is None else int(length.item())
    function = m.fft.rfft if onesided else m.fft.ifft if inverse else m.fft.fft
    return m.view_as_real(function(values, n, where))


OPERATORS = {
    "ArgMax": _place(m.argmax),
    "ArgMin": _place(m.argmin),
    "CumProd": _cumulative(m.cumprod, 1),
    "CumSum": _cumulative(m.cumsum, 0),
    "DFT": _dft,
    "Det": lambda node, x: m.linalg.det(x),
    "Einsum": lambda node, *xs: m.einsum(node("equation"), *xs),
    "Gemm": _gemm,
    "Hardmax": _hardmax,
    "LogSoftmax": _softmax(F.log_softmax),
    "LpNormalization": _lp,
    "MatMul": lambda node, x, y: m.matmul(x, y),
    "ReduceL1": _reduction(_same(lambda x, d, k: m.sum(m.abs(x), d, k))),
    "ReduceL2": _reduction(_same(lambda x, d, k: m.sqrt(m.sum(_floating(x * x), d, k)))),
    "ReduceLogSum": _reduction(lambda x, d, k: m.log(m.sum(x, d, k))),
    "ReduceLogSumExp": _reduction(_same(lambda x, d, k: m.logsumexp(_floating(x), d, k))),
    "ReduceMax": _extreme(m.amax),
    "ReduceMean": _reduction(_same(_mean)),
    "ReduceMin": _extreme(m.amin),
    "ReduceProd": _reduction(_same(_prod)),
    "ReduceSum": _reduction(_same(m.sum)),
    "ReduceSumSquare": _reduction(_same(lambda x, d, k: m.sum(x * x, d, k))),
    "Softmax": _softmax(F.softmax),
    "TopK": _top_k,
}
