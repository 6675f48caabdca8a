"""ONNX's element-wise operators in minidl's functions."""

from collections.abc import Callable
from functools import reduce
from typing import Any

import minidl as m
import minidl.nn.functional as F

from .reader import Node, Unsupported


def _div(node: Node, x: Any, y: Any) -> Any:
    whole = not m.is_floating_point(x)
    return m.div(x, y, rounding_mode="trunc").to(x.dtype) if whole else x / y


def _mod(node: Node, x: Any, y: Any) -> Any:
    if node("fmod", 0):
        return x - y * m.trunc(x / y).to(x.dtype)
    return m.remainder(x, y)


def _pow(node: Node, x: Any, y: Any) -> Any:
    return m.pow(x, y).to(x.dtype)  # ONNX keeps the base's dtype


def _is_inf(node: Node, x: Any) -> Any:
    found = m.isinf(x)
    if not node("detect_positive", 1):
        found = found & (x < 0)
    return found if node("detect_negative", 1) else found & (x > 0)


def _clip(node: Node, x: Any, low: Any = None, high: Any = None) -> Any:
    if low is not None:
        x = m.maximum(x, low)
    return x if high is None else m.minimum(x, high)


def _shrink(node: Node, x: Any) -> Any:
    bound, bias = node("lambd", 0.5), node("bias", 0.0)
    inside = m.where(x > bound, (x - bias).to(x.dtype), m.zeros_like(x))
    return m.where(x < -bound, (x + bias).to(x.dtype), inside)


def _selu(node: Node, x: Any) -> Any:
    alpha, gamma = node("alpha", 1.67326319), node("gamma", 1.05070102)
    return gamma * F.elu(x, alpha)


def _dtype(kind: str) -> Any:
    """minidl's dtype of ONNX's name."""
    if kind not in ("FLOAT16", "FLOAT", "DOUBLE", "INT8", "INT16", "INT32", "INT64", "UINT8",
                    "BOOL"):  # fmt: skip
        raise Unsupported(f"a cast to {kind}")
    return getattr(m, {"FLOAT": "float32", "DOUBLE": "float64"}.get(kind, kind.lower()))


def _cast(node: Node, x: Any) -> Any:
    import onnx

    node("saturate")  # speaks of eight-bit reals only
    return x.to(_dtype(onnx.TensorProto.DataType.Name(node("to"))))


def _cast_like(node: Node, x: Any, like: Any) -> Any:
    node("saturate")
    return x.to(like.dtype)


def _plain(function: Callable) -> Callable:
    """An operator without options."""
    return lambda node, *xs: function(*xs)


OPERATORS = {
    **{
        name: _plain(function)
        for name, function in {
            "Abs": m.abs, "Acos": m.acos, "Add": m.add, "And": m.logical_and, "Asin": m.asin,
            "Atan": m.atan, "BitwiseAnd": m.bitwise_and, "BitwiseNot": m.bitwise_not,
            "BitwiseOr": m.bitwise_or, "BitwiseXor": m.bitwise_xor, "Ceil": m.ceil, "Cos": m.cos,
            "Cosh": m.cosh, "Equal": m.eq, "Erf": m.erf, "Exp": m.exp, "Floor": m.floor,
            "Greater": m.gt, "GreaterOrEqual": m.ge, "HardSwish": F.hardswish, "Identity": m.clone,
            "IsNaN": m.isnan, "Less": m.lt, "LessOrEqual": m.le, "Log": m.log, "Mish": F.mish,
            "Mul": m.mul, "Neg": m.neg, "Not": m.logical_not, "Or": m.logical_or,
            "Reciprocal": m.reciprocal, "Relu": m.relu, "Round": m.round, "Sigmoid": m.sigmoid,
            "Sign": m.sign, "Sin": m.sin, "Sinh": m.sinh, "Softplus": F.softplus,
            "Softsign": F.softsign, "Sqrt": m.sqrt, "Sub": m.sub, "Tan": m.tan, "Tanh": m.tanh,
            "Where": m.where, "Xor": m.logical_xor,
        }.items()
    },
    "Cast": _cast,
    "CastLike": _cast_like,
    "Celu": lambda node, x: F.celu(x, node("alpha", 1.0)),
    "Clip": _clip,
    "Div": _div,
    "Elu": lambda node, x: F.elu(x, node("alpha", 1.0)),
    "Gelu": lambda node, x: F.gelu(x, approximate=node("approximate", "none")),
    "HardSigmoid": lambda node, x: m.clamp(node("alpha", 0.2) * x + node("beta", 0.5), 0, 1),
    "IsInf": _is_inf,
    "LeakyRelu": lambda node, x: F.leaky_relu(x, node("alpha", 0.01)),
    "Max": lambda node, *xs: reduce(m.maximum, xs),
    "Mean": lambda node, *xs: reduce(m.add, xs) / len(xs),
    "Min": lambda node, *xs: reduce(m.minimum, xs),
    "Mod": _mod,
    "PRelu": lambda node, x, slope: m.where(x > 0, x, x * slope),
    "Pow": _pow,
    "Selu": _selu,
    "Shrink": _shrink,
    "Sum": lambda node, *xs: reduce(m.add, xs),
    "Swish": lambda node, x: x * m.sigmoid(node("alpha", 1.0) * x),
    "ThresholdedRelu": lambda node, x: m.where(x > node("alpha", 1.0), x, m.zeros_like(x)),
}  # fmt: skip
