"""One schedule after another: a warm-up, then a cosine."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, final

from ..optimizer import Optimizer
from .scheduler import LRScheduler


@final
class SequentialLR(LRScheduler):
    """The i-th schedule runs from milestones[i - 1] to milestones[i], counting from 0 in each.

    Args:
        optimizer: the one all schedules belong to.
        schedulers: in the order they run.
        milestones: the steps at which the next one takes over, one fewer than schedulers.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        schedulers: Sequence[LRScheduler],
        milestones: Sequence[int],
        last_epoch: int = -1,
    ):
        if not schedulers:
            raise ValueError("SequentialLR needs at least one schedule.")
        for i, scheduler in enumerate(schedulers):
            if scheduler.optimizer is not optimizer:
                raise ValueError(f"SequentialLR: schedule {i} belongs to another optimiser.")
        if len(milestones) != len(schedulers) - 1:
            raise ValueError(
                f"SequentialLR: {len(schedulers)} schedules need {len(schedulers) - 1} milestones, "
                f"got {len(milestones)}."
            )
        self._schedulers, self._milestones = list(schedulers), list(milestones)
        self.optimizer, self.last_epoch = optimizer, last_epoch + 1
        self.begin()

    def begin(self) -> None:
        """Undoes the first step that every schedule took when it was made, but for the first."""
        for group in self.optimizer.param_groups:
            group["lr"] = group["initial_lr"]
        self.undo()
        self._schedulers[bisect_right(self._milestones, 0)].begin()
        self._last_lr = self._schedulers[0].get_last_lr()

    def undo(self) -> None:
        """Takes one step back in every schedule that is no sequence itself."""
        for scheduler in self._schedulers:
            if isinstance(scheduler, SequentialLR):
                scheduler.undo()
            else:
                scheduler.last_epoch -= 1

    def step(self) -> None:
        self.last_epoch += 1
        turn = bisect_right(self._milestones, self.last_epoch)
        scheduler = self._schedulers[turn]
        if turn > 0 and self._milestones[turn - 1] == self.last_epoch:
            scheduler.jump(0)
        else:
            scheduler.step()
        self._last_lr = scheduler.get_last_lr()

    def get_lr(self) -> list[float]:
        return self.get_last_lr()

    def state_dict(self) -> dict[str, Any]:
        state = super().state_dict()
        state["_schedulers"] = [scheduler.state_dict() for scheduler in self._schedulers]
        return state

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        own = {key: value for key, value in state_dict.items() if key != "_schedulers"}
        super().load_state_dict(own)
        for scheduler, state in zip(self._schedulers, state_dict["_schedulers"], strict=True):
            scheduler.load_state_dict(state)
