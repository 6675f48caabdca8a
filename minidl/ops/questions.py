"""Primitives that compare, test and join truths; their answers are bools, without a derivative.

The bitwise ones, which answer for each binary digit, stand beside them.
"""

from ..backend import bool_
from ..primitive import elementwise

__all__ = [
    "bitwise_and",
    "bitwise_not",
    "bitwise_or",
    "bitwise_xor",
    "eq",
    "ge",
    "gt",
    "isfinite",
    "isinf",
    "isnan",
    "le",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "lt",
    "ne",
]

# Comparisons ----------------------------------------------------------------------------------


_ORDERED = (0, 1, 2)  # all but complex numbers, of which none is the smaller


@elementwise(onnx="Equal", result=bool_)
def eq(xp, x, y):
    """x == y"""
    return xp.equal(x, y)


@elementwise(result=bool_)
def ne(xp, x, y):
    """x != y"""
    return xp.not_equal(x, y)


@elementwise(onnx="Less", result=bool_, takes=_ORDERED)
def lt(xp, x, y):
    """x < y"""
    return xp.less(x, y)


@elementwise(onnx="LessOrEqual", result=bool_, takes=_ORDERED)
def le(xp, x, y):
    """x <= y"""
    return xp.less_equal(x, y)


@elementwise(onnx="Greater", result=bool_, takes=_ORDERED)
def gt(xp, x, y):
    """x > y"""
    return xp.greater(x, y)


@elementwise(onnx="GreaterOrEqual", result=bool_, takes=_ORDERED)
def ge(xp, x, y):
    """x >= y"""
    return xp.greater_equal(x, y)


# Truths: every number but 0 is true -----------------------------------------------------------


@elementwise(onnx="And", result=bool_, numbers=False)
def logical_and(xp, x, y):
    """x and y"""
    return xp.logical_and(x, y)


@elementwise(onnx="Or", result=bool_, numbers=False)
def logical_or(xp, x, y):
    """x or y"""
    return xp.logical_or(x, y)


@elementwise(onnx="Xor", result=bool_, numbers=False)
def logical_xor(xp, x, y):
    """either x or y"""
    return xp.logical_xor(x, y)


@elementwise(onnx="Not", result=bool_)
def logical_not(xp, x):
    """not x"""
    return xp.logical_not(x)


# Numbers that are none ------------------------------------------------------------------------


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


@elementwise(onnx="BitwiseAnd", takes=(0, 1))
def bitwise_and(xp, x, y):
    """z = x & y"""
    return xp.bitwise_and(x, y)


@elementwise(onnx="BitwiseOr", takes=(0, 1))
def bitwise_or(xp, x, y):
    """z = x | y"""
    return xp.bitwise_or(x, y)


@elementwise(onnx="BitwiseXor", takes=(0, 1))
def bitwise_xor(xp, x, y):
    """z = x ^ y"""
    return xp.bitwise_xor(x, y)


@elementwise(onnx="BitwiseNot", takes=(0, 1))
def bitwise_not(xp, x):
    """z = ~x; of a bool, not x"""
    return xp.invert(x)
