"""Two ways from one number to another; schedules are put together from such pieces."""

import math


def straight(start: float, end: float, done: float) -> float:
    """On a straight line, a share `done` of the way from start to end."""
    return start + (end - start) * done


def cosine(start: float, end: float, done: float) -> float:
    """Along half a cosine, level at both ends: end + (start - end) (1 + cos(pi done)) / 2

    Source: Loshchilov, Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts" (2017),
    equation 5.
    """
    return end + (start - end) / 2 * (1 + math.cos(math.pi * done))
