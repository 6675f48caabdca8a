"""Primitives that act on each element; their rules are the table of derivatives.

In every rule: the gradient g, then the output z, then the inputs.
"""

from ..backend import bool_
from ..primitive import elementwise

__all__ = [
    "bitwise_and",
    "bitwise_not",
    "bitwise_or",
    "bitwise_xor",
    "ceil",
    "cos",
    "eq",
    "exp",
    "expm1",
    "floor",
    "floor_divide",
    "ge",
    "gt",
    "isfinite",
    "isinf",
    "isnan",
    "le",
    "log",
    "log1p",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "lt",
    "maximum",
    "minimum",
    "mul",
    "ne",
    "neg",
    "relu",
    "remainder",
    "sigmoid",
    "sign",
    "sin",
    "sqrt",
    "tanh",
]

# Arithmetic -----------------------------------------------------------------------------------


@elementwise(onnx="Add")
def add_(xp, x, y):
    """z = x + y"""
    return x + y


add_.vjp(
    lambda g, z, x, y: g,
    lambda g, z, x, y: g,
)


@elementwise(onnx="Sub")
def sub_(xp, x, y):
    """z = x - y"""
    return x - y


sub_.vjp(
    lambda g, z, x, y: g,
    lambda g, z, x, y: -g,
)


@elementwise(onnx="Mul")
def mul(xp, x, y):
    """z = x * y"""
    return x * y


mul.vjp(
    lambda g, z, x, y: g * y,
    lambda g, z, x, y: g * x,
)


@elementwise(onnx="Div", floats=True, quiet=True)
def div_(xp, x, y):
    """z = x / y"""
    return xp.true_divide(x, y)


div_.vjp(
    lambda g, z, x, y: g / y,
    lambda g, z, x, y: -g * z / y,
)


@elementwise(onnx="Neg")
def neg(xp, x):
    """z = -x"""
    return -x


neg.vjp(lambda g, z, x: -g)


@elementwise(onnx="Pow", quiet=True)
def pow_(xp, x, y):
    """z = x ** y"""
    return xp.power(x, y)


pow_.vjp(
    lambda g, z, x, y: g * where_(eq(y, 0), 0, y * pow_(x, y - 1)),
    lambda g, z, x, y: g * where_(logical_and(eq(x, 0), ge(y, 0)), 0, z * log(x)),
)


@elementwise(onnx="Mod", quiet=True)
def remainder(xp, x, y):
    """z = x - floor(x / y) * y, with the sign of y"""
    return xp.remainder(x, y)


remainder.vjp(
    lambda g, z, x, y: g,
    lambda g, z, x, y: -g * floor(x / y),
)


@elementwise(quiet=True)
def floor_divide(xp, x, y):
    """z = floor(x / y)"""
    return xp.floor_divide(x, y)


floor_divide.vjp(
    lambda g, z, x, y: fill(g, value=0),
    lambda g, z, x, y: fill(g, value=0),
)


# Exponentials ---------------------------------------------------------------------------------


@elementwise(onnx="Exp", floats=True, quiet=True)
def exp(xp, x):
    """z = e ** x"""
    return xp.exp(x)


exp.vjp(lambda g, z, x: g * z)


@elementwise(onnx="Log", floats=True, quiet=True)
def log(xp, x):
    """z = ln x"""
    return xp.log(x)


log.vjp(lambda g, z, x: g / x)


@elementwise(floats=True, quiet=True)
def log1p(xp, x):
    """z = ln(1 + x), exact for small x"""
    return xp.log1p(x)


log1p.vjp(lambda g, z, x: g / (x + 1))


@elementwise(floats=True, quiet=True)
def expm1(xp, x):
    """z = e ** x - 1, exact for small x"""
    return xp.expm1(x)


expm1.vjp(lambda g, z, x: g * (z + 1))


@elementwise(onnx="Sqrt", floats=True, quiet=True)
def sqrt(xp, x):
    """z = x ** 0.5"""
    return xp.sqrt(x)


sqrt.vjp(lambda g, z, x: g / (z * 2))


# Circles and hyperbolas -----------------------------------------------------------------------


@elementwise(onnx="Sin", floats=True, quiet=True)
def sin(xp, x):
    """z = sin x"""
    return xp.sin(x)


@elementwise(onnx="Cos", floats=True, quiet=True)
def cos(xp, x):
    """z = cos x"""
    return xp.cos(x)


sin.vjp(lambda g, z, x: g * cos(x))
cos.vjp(lambda g, z, x: -g * sin(x))


@elementwise(onnx="Tanh", floats=True, quiet=True)
def tanh(xp, x):
    """z = (e^x - e^-x) / (e^x + e^-x)"""
    return xp.tanh(x)


tanh.vjp(lambda g, z, x: g * (1 - z * z))


@elementwise(onnx="Sigmoid", floats=True, quiet=True)
def sigmoid(xp, x):
    """z = 1 / (1 + e^-x), by way of tanh, which neither overflows nor loses digits at 0"""
    return xp.tanh(x * 0.5) * 0.5 + 0.5


sigmoid.vjp(lambda g, z, x: g * z * (1 - z))


@elementwise(onnx="ConstantOfShape")
def fill(xp, x, *, value):
    """z = one number everywhere, in the shape and dtype of x"""
    return xp.full(x.shape, value, x.dtype)


fill.vjp(lambda g, z, x, value: fill(g, value=0))


# Corners --------------------------------------------------------------------------------------


@elementwise(onnx="Abs")
def abs_(xp, x):
    """z = |x|"""
    return xp.abs(x)


abs_.vjp(lambda g, z, x: g * sign(x))


@elementwise(onnx="Sign")
def sign(xp, x):
    """z = -1, 0 or 1"""
    return xp.sign(x)


sign.vjp(lambda g, z, x: fill(g, value=0))


@elementwise(onnx="Max")
def maximum(xp, x, y):
    """z = the larger of x and y; a tie shares the gradient equally"""
    return xp.maximum(x, y)


maximum.vjp(
    lambda g, z, x, y: _to_winner(g, x > y, eq(x, y)),
    lambda g, z, x, y: _to_winner(g, y > x, eq(x, y)),
)


@elementwise(onnx="Min")
def minimum(xp, x, y):
    """z = the smaller of x and y; a tie shares the gradient equally"""
    return xp.minimum(x, y)


minimum.vjp(
    lambda g, z, x, y: _to_winner(g, x < y, eq(x, y)),
    lambda g, z, x, y: _to_winner(g, y < x, eq(x, y)),
)


def _to_winner(g, ahead, tie):
    """g where ahead, half of it at a tie, else 0"""
    return where_(ahead, g, where_(tie, g * 0.5, 0))


@elementwise(onnx="Relu")
def relu(xp, x):
    """z = max(x, 0)"""
    return xp.maximum(x, 0)


relu.vjp(lambda g, z, x: g * (z > 0))


@elementwise(onnx="Where", choose=1)
def where_(xp, condition, x, y):
    """z = x where the condition holds, else y"""
    return xp.where(condition, x, y)


where_.vjp(
    None,
    lambda g, z, condition, x, y: where_(condition, g, 0),
    lambda g, z, condition, x, y: where_(condition, 0, g),
)


@elementwise(onnx="Floor")
def floor(xp, x):
    """z = the integer below"""
    return xp.floor(x)


@elementwise(onnx="Ceil")
def ceil(xp, x):
    """z = the integer above"""
    return xp.ceil(x)


@elementwise(onnx="Round")
def round_(xp, x):
    """z = the nearest integer, halves to even"""
    return xp.rint(x)


floor.vjp(lambda g, z, x: fill(g, value=0))
ceil.vjp(lambda g, z, x: fill(g, value=0))
round_.vjp(lambda g, z, x: fill(g, value=0))


# Questions: their answers are bools, without a derivative -------------------------------------


@elementwise(onnx="Equal", result=bool_)
def eq(xp, x, y):
    """x == y"""
    return xp.equal(x, y)


@elementwise(result=bool_)
def ne(xp, x, y):
    """x != y"""
    return xp.not_equal(x, y)


@elementwise(onnx="Less", result=bool_)
def lt(xp, x, y):
    """x < y"""
    return xp.less(x, y)


@elementwise(onnx="LessOrEqual", result=bool_)
def le(xp, x, y):
    """x <= y"""
    return xp.less_equal(x, y)


@elementwise(onnx="Greater", result=bool_)
def gt(xp, x, y):
    """x > y"""
    return xp.greater(x, y)


@elementwise(onnx="GreaterOrEqual", result=bool_)
def ge(xp, x, y):
    """x >= y"""
    return xp.greater_equal(x, y)


@elementwise(onnx="And", result=bool_)
def logical_and(xp, x, y):
    """x and y"""
    return xp.logical_and(x, y)


@elementwise(onnx="Or", result=bool_)
def logical_or(xp, x, y):
    """x or y"""
    return xp.logical_or(x, y)


@elementwise(onnx="Xor", result=bool_)
def logical_xor(xp, x, y):
    """either x or y"""
    return xp.logical_xor(x, y)


@elementwise(onnx="Not", result=bool_)
def logical_not(xp, x):
    """not x"""
    return xp.logical_not(x)


@elementwise(onnx="IsNaN", result=bool_)
def isnan(xp, x):
    """whether x is not a number"""
    return xp.isnan(x)


@elementwise(onnx="IsInf", result=bool_)
def isinf(xp, x):
    """whether x is infinite"""
    return xp.isinf(x)


@elementwise(result=bool_)
def isfinite(xp, x):
    """whether x is a number and not infinite"""
    return xp.isfinite(x)


# Bits -----------------------------------------------------------------------------------------


@elementwise(onnx="BitwiseAnd")
def bitwise_and(xp, x, y):
    """z = x & y"""
    return xp.bitwise_and(x, y)


@elementwise(onnx="BitwiseOr")
def bitwise_or(xp, x, y):
    """z = x | y"""
    return xp.bitwise_or(x, y)


@elementwise(onnx="BitwiseXor")
def bitwise_xor(xp, x, y):
    """z = x ^ y"""
    return xp.bitwise_xor(x, y)


@elementwise(onnx="BitwiseNot")
def bitwise_not(xp, x):
    """z = ~x"""
    return xp.invert(x)
