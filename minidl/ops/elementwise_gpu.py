"""Division with a remainder on a card: CuPy's own loses nan and infinity, and digits of large
quotients, as it takes x - floor(x / y) y for the remainder."""

from .elementwise import floor_divide, remainder


def _parts(xp, x, y):
    """The remainder with the sign of x, exactly, and where the one with y's sign lies y further."""
    rest = xp.fmod(x, y)
    return rest, (rest != 0) & ((rest < 0) != (y < 0))


@remainder.on("cuda")
def _remainder(xp, x, y):
    z = remainder.forward(xp, x, y)  # which refuses integers divided by 0
    if z.dtype.kind != "f":
        return z
    rest, other = _parts(xp, x, y)
    return xp.where(rest == 0, xp.copysign(rest, y), xp.where(other, rest + y, rest))


@floor_divide.on("cuda")
def _floor_divide(xp, x, y):
    z = floor_divide.forward(xp, x, y)
    if z.dtype.kind != "f":
        return z
    rest, other = _parts(xp, x, y)
    exact, quotient = (x - rest) / y - other, xp.true_divide(x, y)
    whole = xp.rint(exact)
    whole = xp.where(whole == 0, xp.copysign(whole, quotient), whole)
    by_zero = y == 0
    if isinstance(by_zero, bool):
        return quotient if by_zero else whole
    return xp.where(by_zero, quotient, whole)
