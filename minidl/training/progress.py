"""A bar that shows how far the run is: in the terminal, or in the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

from .callbacks import Callback, Observation

if TYPE_CHECKING:
    from .trainer import Trainer


@final
class Progress(Callback):
    """tqdm's bar over the steps of the run, with the latest loss and metrics behind it.

    Other arguments go to tqdm: `Progress(disable=True)`, `Progress(ncols=80)`.
    """

    SHOWN = ("loss", "accuracy", "valid_loss", "valid_accuracy", "lr")

    def __init__(self, **options: Any):
        self.options = options
        self.bar: Any = None
        self.shown: dict[str, str] = {}

    def initialise(self, trainer: Trainer) -> None:
        from tqdm.auto import tqdm

        options = {"desc": "training", "unit": "step", **self.options}
        self.bar = tqdm(total=trainer.total_steps, initial=trainer.step, **options)

    def after_step(self, trainer: Trainer, observation: Observation) -> None:
        present = [name for name in self.SHOWN if name in observation]
        self.shown |= {name: f"{observation[name]:.4g}" for name in present}
        self.bar.set_description(f"epoch {observation['epoch']}", refresh=False)
        self.bar.set_postfix(self.shown, refresh=False)
        self.bar.update()

    def finalise(self, trainer: Trainer) -> None:
        if self.bar is not None:
            self.bar.close()
            self.bar = None
