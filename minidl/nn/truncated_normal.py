"""Normal numbers between two bounds, wherever these lie."""

import math
from collections.abc import Callable
from typing import Any

from .. import ops
from ..tape import no_grad
from ..tensors import Tensor


def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Any = None,
) -> Tensor:
    """Numbers from N(mean, std^2) given that they lie between a and b.

    a and b are numbers, not multiples of std: with std=0.02 the defaults cut nothing off.

    Args:
        tensor: any shape; it is overwritten.
        mean: of the normal distribution before it is cut.
        std: likewise; positive.
        a: the lowest number.
        b: the highest.
        generator: the stream of random numbers.

    Raises:
        ValueError: std <= 0, or a > b.

    Source: Robert, "Simulation of Truncated Normal Variables" (1995), section 2.
    """
    if std <= 0 or a > b:
        raise ValueError(f"trunc_normal_: std must be positive and a <= b, got {std}, {a}, {b}.")
    low, high = (a - mean) / std, (b - mean) / std
    inside = (math.erf(high / math.sqrt(2)) - math.erf(low / math.sqrt(2))) / 2
    with no_grad():
        wide = tensor.detach().double()
        if inside > 0.25:
            drawn = _until(lambda: _normal(wide, low, high, generator))
        else:
            drawn = _until(lambda: _near(wide, low, high, generator))
        return tensor.copy_((drawn * std + mean).clamp(a, b))


def _until(attempt: Callable[[], tuple[Tensor, Tensor]]) -> Tensor:
    """Draws anew whatever was not accepted, until all is."""
    drawn, accepted = attempt()
    while not accepted.all().item():
        again, fits = attempt()
        drawn = ops.where(accepted, drawn, again)
        accepted = accepted | fits
    return drawn


def _normal(like: Tensor, low: float, high: float, generator: Any) -> tuple[Tensor, Tensor]:
    """Normal draws, accepted where they happen to lie between the bounds."""
    drawn = like.clone().normal_(generator=generator)
    return drawn, (drawn >= low) & (drawn <= high)


def _near(like: Tensor, low: float, high: float, generator: Any) -> tuple[Tensor, Tensor]:
    """Draws between the bounds that grow rarer by e^(-c x) away from the point c nearest to 0.

    That is the slope of the normal density at c; how much faster the density falls, e^(-(x-c)^2/2),
    is the chance to be accepted.
    """
    side = -1.0 if high < 0 else 1.0
    start, end = (-high, -low) if high < 0 else (low, high)
    u = like.clone().uniform_(generator=generator)
    if start > 0:
        drawn = start - ops.log1p(u * math.expm1(-start * (end - start))) / start
        nearest = start
    else:
        drawn, nearest = start + u * (end - start), 0.0
    chance = ops.exp(-0.5 * (drawn - nearest) ** 2)
    return drawn * side, like.clone().uniform_(generator=generator) < chance
