"""The fused primitives of smooth activations: GELU and SiLU, x times a share of it from 0 to 1."""

from math import pi, sqrt

from ..primitive import primitive
from ..tape import Outline
from .blocks import by_blocks
from .elementwise import exp
from .special import erf
from .trigonometry import sigmoid, tanh

_C = sqrt(2 / pi)
_BLOCK = 1 << 19  # numbers in a block: cores that wait for one another lose more than caches bring


def _same(*inputs, **_):
    return Outline(tuple(inputs[-1].shape), inputs[-1].dtype)


def _flat(xp, passes, rule, *inputs):
    """A rule of each number that writes into its first array, on blocks of all in a row."""
    lines = [x.reshape(-1) for x in inputs]
    z = xp.empty(lines[0].shape, inputs[0].dtype)

    def work(part):
        rule(xp, z[part], *(x[part] for x in lines))

    by_blocks(xp, z, work, passes, _BLOCK)
    return z.reshape(inputs[0].shape)


# GELU -----------------------------------------------------------------------------------------

# A normal number is below x by a chance 1 / (1 + e^(x R(x^2))) for a smooth R, below in powers of
# x^2. Its seven numbers were fitted from 0 to 5.6, where the chance rounds to 1 in float32, with
# the worst errors weighted up again and again (C. L. Lawson, 1961): GELU is off by 7e-8 times the
# smaller of 1 and |x|, before rounding. With erf it would take float32 twice as many passes.
_R = (-1.595769, -0.072667823, 6.5909466e-05, 0.00011055589, -7.9462254e-06, 2.6729359e-07,
      -3.6187219e-09)  # fmt: skip


@primitive(_same, quiet=True)
def gelu_(xp, x):
    """z = x * the chance that a normal number is below x"""
    return _flat(xp, 20, _gelu, x)


def _gelu(xp, z, x):
    if x.dtype.itemsize == 8:
        z[...] = 0.5 * x * (1 + erf.forward(xp, x * sqrt(0.5)))
        return
    u = x * x
    xp.multiply(u, _R[-1], out=z)
    z += _R[-2]
    for r in _R[-3::-1]:  # Horner's scheme
        z *= u
        z += r
    _shared(xp, z, x)


def _shared(xp, z, x):
    """z = x / (1 + e^(z x))"""
    z *= x
    xp.exp(z, out=z)
    z += 1
    xp.true_divide(x, z, out=z)


@gelu_.composed
def _(x):
    return 0.5 * x * (1 + erf(x * sqrt(0.5)))


gelu_.vjp(lambda g, z, x: gelu_slope(g, z, x))


@primitive(_same, quiet=True)
def gelu_slope(xp, g, z, x):
    """dL/dx of z = gelu(x): g (chance + x density), the chance being z / x"""
    return _flat(xp, 14, _gelu_slope, g, z, x)


def _gelu_slope(xp, d, g, z, x):
    xp.multiply(x, x, out=d)
    d *= -0.5
    xp.exp(d, out=d)
    d *= x
    d *= _C / 2
    d += _share(xp, z, x)
    d *= g


def _share(xp, z, x):
    """z / x, which for a bend is 1/2 where x is 0."""
    share = z / x
    zero = x == 0
    if zero.any():
        share[zero] = 0.5
    return share


@gelu_slope.composed
def _(g, z, x):
    return g * (0.5 * (1 + erf(x * sqrt(0.5))) + x * exp(-0.5 * (x * x)) * (_C / 2))


# GELU by tanh -----------------------------------------------------------------------------------

_CUBE = 0.044715


@primitive(_same, quiet=True)
def gelu_tanh(xp, x):
    """z = x/2 (1 + tanh t), t = sqrt(2/pi) (x + 0.044715 x^3), which is x / (1 + e^-2t)"""
    return _flat(xp, 10, _gelu_tanh, x)


def _gelu_tanh(xp, z, x):
    xp.multiply(x, x, out=z)
    z *= -2 * _C * _CUBE
    z -= 2 * _C
    _shared(xp, z, x)


def _inner(x):
    return _C * (x + _CUBE * (x * x * x))


@gelu_tanh.composed
def _(x):
    return 0.5 * x * (1 + tanh(_inner(x)))


gelu_tanh.vjp(lambda g, z, x: gelu_tanh_slope(g, z, x))


@primitive(_same, quiet=True)
def gelu_tanh_slope(xp, g, z, x):
    """dL/dx of z = gelu_tanh(x): g (s + 2 (z - z s) dt/dx), with s = z / x"""
    return _flat(xp, 12, _gelu_tanh_slope, g, z, x)


def _gelu_tanh_slope(xp, d, g, z, x):
    share = _share(xp, z, x)
    xp.multiply(x, x, out=d)
    d *= 6 * _C * _CUBE
    d += 2 * _C
    d *= z
    d *= 1 - share
    d += share
    d *= g


@gelu_tanh_slope.composed
def _(g, z, x):
    bend = tanh(_inner(x))
    return g * (0.5 * (1 + bend) + 0.5 * x * (1 - bend * bend) * (_C * (1 + 3 * _CUBE * (x * x))))


# SiLU -----------------------------------------------------------------------------------------


@primitive(_same, quiet=True)
def silu_(xp, x):
    """z = x / (1 + e^-x)"""
    return _flat(xp, 8, _silu, x)


def _silu(xp, z, x):
    xp.negative(x, out=z)
    xp.exp(z, out=z)
    z += 1
    xp.true_divide(x, z, out=z)


@silu_.composed
def _(x):
    return x * sigmoid(x)


silu_.vjp(lambda g, z, x: silu_slope(g, z, x))


@primitive(_same, quiet=True)
def silu_slope(xp, g, z, x):
    """dL/dx of z = silu(x): g (s + z - z s), with s = sigmoid(x) = z / x"""
    return _flat(xp, 8, _silu_slope, g, z, x)


def _silu_slope(xp, d, g, z, x):
    share = _share(xp, z, x)
    xp.subtract(1, share, out=d)
    d *= z
    d += share
    d *= g


@silu_slope.composed
def _(g, z, x):
    share = sigmoid(x)
    return g * (share + x * share * (1 - share))
