"""The error function, which no array library brings along."""

from ..primitive import elementwise
from .elementwise import exp

__all__ = ["erf"]

# erf(a) = 1 - e^(-a Q(a)) for a >= 0 defines a smooth Q: it rises from 2/sqrt(pi) almost like a.
# Below are polynomials for Q, in u from -1 to 1 as a goes from 0 to where erf rounds to 1. They
# were fitted in 40 digits by least squares, each error weighted by what it does to erf, and the
# worst weighted up again and again (C. L. Lawson, 1961); so erf is off by 3e-16, in the short one
# by 4e-9, before rounding.
_END, _Q = 6.0, (
    3.5734543473287195, 2.7302993418085855, 0.14188331611403435, -0.07517629669713613,
    0.03863671630664294, -0.01873672348990801, 0.008268064366799029, -0.0030562357440171396,
    0.0008189770469544753, 0.0001727359864790782, -0.0009287009685922363, -0.001281288738635662,
    -0.0017474337893307003, 0.0022291424556728943, 0.007839193905412493, 0.010107015784202984,
    0.005607521800821722, -0.0007715849467426298, -0.0031065808878937623, -0.00180367888697473,
    -0.00036382659652929534,
)  # fmt: skip
_SHORT_END, _SHORT_Q = 4.0, (
    2.682470208, 1.735687317, 0.1118360083, -0.04573716043, 0.0177952296, -0.006142826506,
    -0.001444299445, -0.003899035915, -0.002369681424,
)  # fmt: skip


@elementwise(onnx="Erf", floats=True, takes=(0, 1, 2))
def erf(xp, x):
    """z = 2/sqrt(pi) times the integral of e^(-t^2) for t from 0 to x

    The chance that a normal number of variance 1/2 lies between -x and x. Right to the last three
    bits of float64 and of float32.
    """
    wide = x.dtype.itemsize == 8
    end, coefficients = (_END, _Q) if wide else (_SHORT_END, _SHORT_Q)
    a = xp.minimum(xp.abs(x), end).astype("float64" if wide else "float32")
    u = a * (2 / end) - 1
    q = coefficients[-1] * u + coefficients[-2]
    for c in coefficients[-3::-1]:  # Horner's scheme
        q *= u
        q += c
    q *= a
    return xp.copysign(xp.expm1(-q), x).astype(x.dtype)


erf.vjp(lambda g, z, x: g * (exp(-x * x) * 1.1283791670955126))
