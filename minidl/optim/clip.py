"""Gradient clipping: a step is kept from becoming a leap."""

from collections.abc import Callable, Iterable
from typing import Any

from .. import ops
from ..creation import tensor
from ..errors import GradientError
from ..tape import no_grad
from ..tensors import Tensor

# How a device finds the sum of all squares of many arrays, and how it multiplies all by one number,
# at once; each returns None where it cannot. By the device's type.
_AT_ONCE: dict[tuple[str, str], Callable[..., Any]] = {}


def at_once(name: str, device_type: str) -> Callable[[Callable], Callable]:
    """A decorator for a device's "squares" or "scale"."""
    return lambda function: _AT_ONCE.setdefault((name, device_type), function)


def _together(name: str, gradients: list[Tensor], *more: Any) -> Any:
    """What the device's function returns; None where it has none, or they are on several."""
    places = {g.device for g in gradients}
    place = places.pop() if len(places) == 1 else None
    function = None if place is None else _AT_ONCE.get((name, place.type))
    return function and function(gradients, *more)


# Each takes `foreach` where PyTorch does; it says how, not what is computed, and changes nothing.


def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """Scales all gradients by one factor so that their common norm is at most max_norm.

    g <- g min(1, max_norm / (||g||_p + 1e-6)), with ||g||_p over all gradients as one vector.

    Args:
        parameters: those whose `.grad` is scaled in place; those without one are passed over.
        max_norm: the largest norm allowed.
        norm_type: p; `float("inf")` for the largest absolute value.
        error_if_nonfinite: whether a norm of nan or inf raises.

    Returns:
        Tensor: the norm before clipping, without dimensions.

    Raises:
        GradientError: the norm is nan or inf, and `error_if_nonfinite`.

    Source: Pascanu, Mikolov, Bengio, "On the Difficulty of Training Recurrent Neural Networks"
    (2013), algorithm 1.
    """
    listed = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    total = get_total_norm(_gradients(listed), norm_type, error_if_nonfinite)
    clip_grads_with_norm_(listed, max_norm, total)
    return total


@no_grad()
def get_total_norm(
    tensors: Tensor | Iterable[Tensor],
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """||x||_p of several tensors as one vector; arguments as for `clip_grad_norm_`."""
    listed = [tensors] if isinstance(tensors, Tensor) else list(tensors)
    if not listed:
        return tensor(0.0)
    total = _norm(listed, float(norm_type))
    if error_if_nonfinite and not ops.isfinite(total).item():
        raise GradientError(
            f"The norm of the gradients is {total.item()}, so they cannot be clipped: look for a "
            "division by zero, a logarithm of zero or too large a learning rate."
        )
    return total


@no_grad()
def clip_grads_with_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    total_norm: Tensor,
    foreach: bool | None = None,
) -> None:
    """Scales gradients whose common norm is known already by min(1, max_norm / total_norm)."""
    factor = ops.clamp(float(max_norm) / (total_norm + 1e-6), max=1.0)
    scale(_gradients(parameters), factor)


@no_grad()
def clip_grad_value_(
    parameters: Tensor | Iterable[Tensor], clip_value: float, foreach: bool | None = None
) -> None:
    """Keeps every element of every gradient between -clip_value and clip_value."""
    for gradient in _gradients(parameters):
        gradient.clamp_(min=-float(clip_value), max=float(clip_value))


def _gradients(parameters: Tensor | Iterable[Tensor]) -> list[Tensor]:
    listed = [parameters] if isinstance(parameters, Tensor) else parameters
    return [p.grad for p in listed if p.grad is not None]  # type: ignore[misc]


def scale(gradients: list[Tensor], factor: Tensor) -> None:
    """Multiplies each by a tensor of one number, in place; a card does it in one kernel."""
    if _together("scale", gradients, factor) is None:
        for gradient in gradients:
            gradient.mul_(factor)


def squares(gradients: list[Tensor]) -> Tensor:
    """The sum of the squares of all their numbers; inf or nan where one of them, or the sum, is."""
    found = _together("squares", gradients)
    if found is not None:
        return found
    total = (gradients[0] ** 2).sum()
    for g in gradients[1:]:
        total = total + (g * g).sum()
    return total


def _norm(gradients: list[Tensor], p: float) -> Tensor:
    if p == 2:
        return ops.sqrt(squares(gradients))
    sizes = [ops.norm(g, p) for g in gradients]
    return sizes[0] if len(sizes) == 1 else ops.norm(ops.stack(sizes), p)
