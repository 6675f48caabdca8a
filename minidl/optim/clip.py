"""Gradient clipping: a step is kept from becoming a leap."""

from collections.abc import Iterable

from .. import ops
from ..creation import tensor
from ..errors import GradientError
from ..tape import no_grad
from ..tensors import Tensor


@no_grad()
def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
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
    gradients = _gradients(parameters)
    if not gradients:
        return tensor(0.0)
    total = _norm(gradients, norm_type)
    if error_if_nonfinite and not ops.isfinite(total).item():
        raise GradientError(
            f"The norm of the gradients is {total.item()}, so they cannot be clipped: look for a "
            "division by zero, a logarithm of zero or too large a learning rate."
        )
    factor = ops.clamp(max_norm / (total + 1e-6), max=1.0)
    for gradient in gradients:
        gradient.mul_(factor)
    return total


@no_grad()
def clip_grad_value_(parameters: Tensor | Iterable[Tensor], clip_value: float) -> None:
    """Keeps every element of every gradient between -clip_value and clip_value."""
    for gradient in _gradients(parameters):
        gradient.clamp_(min=-clip_value, max=clip_value)


def _gradients(parameters: Tensor | Iterable[Tensor]) -> list[Tensor]:
    listed = [parameters] if isinstance(parameters, Tensor) else parameters
    return [p.grad for p in listed if p.grad is not None]  # type: ignore[misc]


def _norm(gradients: list[Tensor], p: float) -> Tensor:
    if p == 2:
        return ops.sqrt(sum(((g * g).sum() for g in gradients[1:]), (gradients[0] ** 2).sum()))
    sizes = [ops.norm(g, p) for g in gradients]
    return sizes[0] if len(sizes) == 1 else ops.norm(ops.stack(sizes), p)
