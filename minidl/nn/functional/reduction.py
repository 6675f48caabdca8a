"""The last step of every loss: one number, or none."""

import warnings

from ...primitive import broadcast
from ...tensors import Tensor


def reduced(name: str, losses: Tensor, reduction: str) -> Tensor:
    """The losses of all elements as their mean, their sum, or as they are ("none")."""
    check_reduction(name, reduction)
    if reduction == "mean":
        return losses.mean()
    return losses.sum() if reduction == "sum" else losses


def check_reduction(name: str, reduction: str, *more: str) -> None:
    """Refuses a reduction that does not exist."""
    known = ("none", "mean", "sum", *more)
    if reduction not in known:
        listed = ", ".join(repr(r) for r in known)
        raise ValueError(f"{name}: reduction must be one of {listed}, got {reduction!r}.")


def warn_of_broadcast(name: str, input: Tensor, target: Tensor) -> None:
    """Says aloud that shapes differ: (8, 1) against (8,) compares every pair, a frequent bug.

    Raises:
        ShapeError: they do not even broadcast.
    """
    if input.shape != target.shape:
        broadcast(input.shape, target.shape)
        warnings.warn(
            f"{name}: input has shape {input.shape}, target {target.shape}. They are broadcast "
            "against each other, so numbers are compared that were not meant to be; mostly "
            f"target.reshape({input.shape}) is what you want.",
            stacklevel=4,
        )
