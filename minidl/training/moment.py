"""A moment of a run: the five things, beside its place, on which all that follows depends."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from ..ops import default_generator

if TYPE_CHECKING:
    from .trainer import Trainer


def snapshot(trainer: Trainer) -> dict[str, Any]:
    """The moment as plain dictionaries of tensors and numbers.

    It is a copy: the run goes on in the same arrays, and a moment must not move with it.
    """
    moment = {
        "model": trainer.model.state_dict(),
        "optimizer": trainer.optimizer.state_dict(),
        "rate": trainer.rate.state_dict(),
        "loader": trainer.feed.state_dict(),
        "random": default_generator.state_dict(),
    }
    return deepcopy(moment)


def restore(trainer: Trainer, moment: dict[str, Any]) -> None:
    """Put the five back where they were; the optimiser before the rate, which looks at it."""
    trainer.model.load_state_dict(moment["model"])
    trainer.optimizer.load_state_dict(moment["optimizer"])
    trainer.rate.load_state_dict(moment["rate"])
    trainer.feed.load_state_dict(moment["loader"])
    default_generator.load_state_dict(moment["random"])
