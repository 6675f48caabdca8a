"""Primitives of the circle (sin, cos, tan), the hyperbola (sinh, cosh, tanh), and their inverses.

Angles are in radians. In every rule: the gradient g, then the output z, then the inputs.
"""

from ..primitive import elementwise
from .elementwise import sqrt

__all__ = [
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "cos",
    "cosh",
    "hypot",
    "sigmoid",
    "sin",
    "sinh",
    "tan",
    "tanh",
]

# The circle -----------------------------------------------------------------------------------


@elementwise(onnx="Sin", floats=True)
def sin(xp, x):
    """z = sin x"""
    return xp.sin(x)


@elementwise(onnx="Cos", floats=True)
def cos(xp, x):
    """z = cos x"""
    return xp.cos(x)


@elementwise(onnx="Tan", floats=True)
def tan(xp, x):
    """z = sin x / cos x"""
    return xp.tan(x)


sin.vjp(lambda g, z, x: g * cos(x))
cos.vjp(lambda g, z, x: -g * sin(x))
tan.vjp(lambda g, z, x: g * (z * z + 1))


@elementwise(onnx="Asin", floats=True)
def asin(xp, x):
    """z = the angle from -pi/2 to pi/2 with sin z = x; nan beyond -1 and 1"""
    return xp.arcsin(x)


@elementwise(onnx="Acos", floats=True)
def acos(xp, x):
    """z = the angle from 0 to pi with cos z = x; nan beyond -1 and 1"""
    return xp.arccos(x)


@elementwise(onnx="Atan", floats=True)
def atan(xp, x):
    """z = the angle from -pi/2 to pi/2 with tan z = x"""
    return xp.arctan(x)


asin.vjp(lambda g, z, x: g / sqrt(1 - x * x))
acos.vjp(lambda g, z, x: -g / sqrt(1 - x * x))
atan.vjp(lambda g, z, x: g / (x * x + 1))


@elementwise(floats=True, takes=(0, 1, 2), numbers=False)
def atan2(xp, y, x):
    """z = the angle of the point (x, y), from -pi to pi"""
    return xp.arctan2(y, x)


atan2.vjp(
    lambda g, z, y, x: g * x / _squares(x, y),
    lambda g, z, y, x: -g * y / _squares(x, y),
)


@elementwise(takes=(2,), early=True, numbers=False)
def hypot(xp, x, y):
    """z = sqrt(x^2 + y^2), the length of (x, y), though x^2 may overflow"""
    return xp.hypot(x, y)


hypot.vjp(
    lambda g, z, x, y: g * (x / z),
    lambda g, z, x, y: g * (y / z),
)


def _squares(x, y):
    return x * x + y * y


# The hyperbola --------------------------------------------------------------------------------


@elementwise(onnx="Sinh", floats=True)
def sinh(xp, x):
    """z = (e^x - e^-x) / 2"""
    return xp.sinh(x)


@elementwise(onnx="Cosh", floats=True)
def cosh(xp, x):
    """z = (e^x + e^-x) / 2"""
    return xp.cosh(x)


@elementwise(onnx="Tanh", floats=True)
def tanh(xp, x):
    """z = (e^x - e^-x) / (e^x + e^-x)"""
    return xp.tanh(x)


@elementwise(onnx="Sigmoid", floats=True)
def sigmoid(xp, x):
    """z = 1 / (1 + e^-x), by way of tanh, which neither overflows nor loses digits at 0"""
    return xp.tanh(x * 0.5) * 0.5 + 0.5


sinh.vjp(lambda g, z, x: g * cosh(x))
cosh.vjp(lambda g, z, x: g * sinh(x))
tanh.vjp(lambda g, z, x: g * (1 - z * z))
sigmoid.vjp(lambda g, z, x: g * z * (1 - z))


@elementwise(onnx="Asinh", floats=True)
def asinh(xp, x):
    """z = the number with sinh z = x"""
    return xp.arcsinh(x)


@elementwise(onnx="Acosh", floats=True)
def acosh(xp, x):
    """z = the number from 0 with cosh z = x; nan below 1"""
    return xp.arccosh(x)


@elementwise(onnx="Atanh", floats=True)
def atanh(xp, x):
    """z = the number with tanh z = x; nan beyond -1 and 1"""
    return xp.arctanh(x)


asinh.vjp(lambda g, z, x: g / sqrt(x * x + 1))
acosh.vjp(lambda g, z, x: g / sqrt(x * x - 1))
atanh.vjp(lambda g, z, x: g / (1 - x * x))
