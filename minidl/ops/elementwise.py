"""Primitives that act on each element; their rules are the table of derivatives.

In every rule: the gradient g, then the output z, then the inputs.
"""

from ..primitive import elementwise
from .questions import eq, ge, logical_and

__all__ = [
    "ceil",
    "exp",
    "expm1",
    "floor",
    "floor_divide",
    "log",
    "log10",
    "log1p",
    "log2",
    "logaddexp",
    "maximum",
    "minimum",
    "mul",
    "neg",
    "relu",
    "remainder",
    "sign",
    "sqrt",
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


@elementwise(onnx="Sub", takes=(1, 2, 3))
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


@elementwise(onnx="Div", floats=True)
def div_(xp, x, y):
    """z = x / y"""
    return xp.true_divide(x, y)


div_.vjp(
    lambda g, z, x, y: g / y,
    lambda g, z, x, y: -g * z / y,
)


@elementwise(onnx="Neg", takes=(1, 2, 3))
def neg(xp, x):
    """z = -x"""
    return -x


neg.vjp(lambda g, z, x: -g)


def _integers(x, y):
    """Whether two operands of one dtype, of which one may be a Python number, are integers."""
    return (x if hasattr(x, "dtype") else y).dtype.kind in "iu"


@elementwise(onnx="Pow", takes=(1, 2, 3), early=True)
def pow_(xp, x, y):
    """z = x ** y; an integer to a negative power is rounded towards 0, as in PyTorch"""
    return _whole_power(xp, x, y) if _integers(x, y) else xp.power(x, y)


def _whole_power(xp, x, y):
    """For integers, of which only 1 and -1 have negative powers other than 0."""
    if not hasattr(y, "dtype"):
        return xp.power(x, y)
    units = xp.where(xp.abs(x) == 1, x, 0)
    z = xp.where(y < 0, xp.power(units, xp.abs(y)), xp.power(x, xp.maximum(y, 0)))
    return z.astype(y.dtype)


def _array(x, g):
    """A number in the shape of g; an array as it is."""
    return x if hasattr(x, "shape") else fill(g, value=x)


pow_.vjp(
    lambda g, z, x, y: g * where_(eq(y, 0), 0, y * pow_(x, y - 1)),
    lambda g, z, x, y: g * where_(logical_and(eq(x, 0), ge(y, 0)), 0, z * log(_array(x, g))),
)


def _divisor(xp, x, y):
    """y, which among integers must not be 0."""
    if _integers(x, y) and not xp.all(xp.not_equal(y, 0)):
        raise ZeroDivisionError("other is 0, by which real numbers can be divided, not integers.")
    return y


@elementwise(onnx="Mod", takes=(1, 2), early=True)
def remainder(xp, x, y):
    """z = x - floor(x / y) * y, with the sign of y, as Python's %

    Raises:
        ZeroDivisionError: an integer by 0.
    """
    return xp.remainder(x, _divisor(xp, x, y))


remainder.vjp(
    lambda g, z, x, y: g,
    lambda g, z, x, y: -g * floor(x / y),
)


@elementwise(takes=(1, 2), early=True)
def floor_divide(xp, x, y):
    """z = floor(x / y), as Python's //

    Raises:
        ZeroDivisionError: an integer by 0.
    """
    return xp.floor_divide(x, _divisor(xp, x, y))


floor_divide.vjp(
    lambda g, z, x, y: fill(g, value=0),
    lambda g, z, x, y: fill(g, value=0),
)


# Exponentials ---------------------------------------------------------------------------------


@elementwise(onnx="Exp", floats=True)
def exp(xp, x):
    """z = e ** x"""
    return xp.exp(x)


exp.vjp(lambda g, z, x: g * z)


@elementwise(onnx="Log", floats=True)
def log(xp, x):
    """z = ln x"""
    return xp.log(x)


log.vjp(lambda g, z, x: g / x)


@elementwise(floats=True)
def log2(xp, x):
    """z = the logarithm to base 2, exact for powers of 2"""
    return xp.log2(x)


log2.vjp(lambda g, z, x: g / (x * 0.6931471805599453))


@elementwise(floats=True)
def log10(xp, x):
    """z = the logarithm to base 10, exact for powers of 10"""
    return xp.log10(x)


log10.vjp(lambda g, z, x: g / (x * 2.302585092994046))


@elementwise(floats=True)
def log1p(xp, x):
    """z = ln(1 + x), exact for small x"""
    return xp.log1p(x)


log1p.vjp(lambda g, z, x: g / (x + 1))


@elementwise(floats=True)
def expm1(xp, x):
    """z = e ** x - 1, exact for small x"""
    return xp.expm1(x)


expm1.vjp(lambda g, z, x: g * (z + 1))


@elementwise(takes=(2,), early=True, numbers=False)
def logaddexp(xp, x, y):
    """z = ln(e^x + e^y), though e^x may overflow"""
    return xp.logaddexp(x, y)


logaddexp.vjp(
    lambda g, z, x, y: g / (exp(y - x) + 1),
    lambda g, z, x, y: g / (exp(x - y) + 1),
)


@elementwise(onnx="Sqrt", floats=True)
def sqrt(xp, x):
    """z = x ** 0.5"""
    return xp.sqrt(x)


sqrt.vjp(lambda g, z, x: g / (z * 2))


# Constants ----------------------------------------------------------------------------------


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
    """z = -1, 0 or 1; of nan, as in PyTorch, 0"""
    if x.dtype.kind == "b":
        return x.copy()
    z = xp.sign(x)
    return xp.where(xp.isnan(z), 0, z) if z.dtype.kind == "f" else z


sign.vjp(lambda g, z, x: fill(g, value=0))


@elementwise(onnx="Max", takes=(0, 1, 2), numbers=False)
def maximum(xp, x, y):
    """z = the larger of x and y; a tie shares the gradient equally"""
    return xp.maximum(x, y)


maximum.vjp(
    lambda g, z, x, y: _to_winner(g, x > y, eq(x, y)),
    lambda g, z, x, y: _to_winner(g, y > x, eq(x, y)),
)


@elementwise(onnx="Min", takes=(0, 1, 2), numbers=False)
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


@elementwise(onnx="Relu", takes=(1, 2), early=True)
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


@elementwise(onnx="Floor", takes=(1, 2), early=True)
def floor(xp, x):
    """z = the integer below"""
    return xp.floor(x)


@elementwise(onnx="Ceil", takes=(1, 2), early=True)
def ceil(xp, x):
    """z = the integer above"""
    return xp.ceil(x)


@elementwise(onnx="Round", takes=(1, 2), early=True)
def round_(xp, x):
    """z = the nearest integer, halves to even"""
    return xp.rint(x) if x.dtype.kind == "f" else x.copy()


floor.vjp(lambda g, z, x: fill(g, value=0))
ceil.vjp(lambda g, z, x: fill(g, value=0))
round_.vjp(lambda g, z, x: fill(g, value=0))
