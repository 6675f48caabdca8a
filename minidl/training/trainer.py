"""The Trainer: a run is an iterator of steps, and whoever asks for the next one drives it."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import RLock
from time import perf_counter
from typing import Any, final

from ..nn import Module
from ..nn.utils import clip_grad_norm_
from ..ops import default_generator
from ..optim import Optimizer
from ..tape import no_grad
from ..tensors import Tensor
from .anomaly import blame_gradient, blame_loss
from .callbacks import Callback, Observation
from .checkpoint import Checkpoint, latest_checkpoint, read_checkpoint, write_checkpoint
from .evaluation import evaluate, to_device
from .feed import Feed
from .metrics import Metric, named, usual
from .mixing import Precision
from .moment import restore, snapshot
from .rates import LearningRate
from .weights import gradient_norm


@final
class Trainer:
    """Trains a model: `for observation in trainer` step by step, `trainer.run()` to the end.

    After each optimiser step the iterator gives a dictionary: "step" and "epoch" (both from 1),
    "loss", "lr" (the rate this step used), the metrics, "grad_norm" (before clipping), "seconds"
    (this step's time), what callbacks add, and at an epoch's end "valid_loss" and the metrics with
    "valid_" before their names. Stopping to ask pauses the run; asking again goes on. However the
    steps are asked for, the numbers are the same.

    loss_fn: (output, target) -> scalar tensor. train_loader: gives (inputs, target).
    metrics: functions (output, target) -> number by name; None: accuracy, where targets are labels.
    scheduler: stepped after every "step" or "epoch", as `scheduler_every` says.
    precision: "32-true"; "bf16-mixed" or "16-mixed": under `autocast`, the latter with a
        `GradScaler`; a step whose gradients became infinite is then left out, not raised.
    clip_norm: the gradient of all parameters together is shortened to this length if longer.
    checkpoint: a folder, or a `Checkpoint`.

    Raises NonFiniteLossError when the loss or a gradient is nan or inf, before the weights are
    touched.
    """

    def __init__(
        self,
        model: Module,
        optimizer: Optimizer,
        loss_fn: Callable[..., Tensor],
        train_loader: Iterable[Any],
        *,
        valid_loader: Iterable[Any] | None = None,
        epochs: int = 1,
        scheduler: Any = None,
        scheduler_every: str = "step",
        metrics: Mapping[str, Metric] | Sequence[Metric] | None = None,
        callbacks: Sequence[Callback] = (),
        precision: str = "32-true",
        clip_norm: float | None = None,
        checkpoint: str | os.PathLike[str] | Checkpoint | None = None,
    ):
        self.model = model
        self.optimizer = optimizer
        self.loss_fn = loss_fn
        self.feed = Feed(train_loader)
        self.valid_loader = valid_loader
        self.epochs = epochs
        self.metrics = named(metrics)
        self.precision = Precision(precision)
        self.clip_norm = clip_norm
        self.rate = LearningRate(optimizer, scheduler, scheduler_every)
        if checkpoint is not None and not isinstance(checkpoint, Checkpoint):
            checkpoint = Checkpoint(checkpoint)
        self.callbacks = [*callbacks, *([checkpoint] if checkpoint else [])]

        self.step = 0  # steps taken
        self.epoch = 0  # epochs completed
        self.history: list[Observation] = []
        self.stopped = False
        self._run: Any = None  # the generator of the steps, while a run is under way
        self._turn = RLock()  # a notebook's cell and its panel may ask from two threads

    # Driving ------------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Observation]:
        """The steps still to come. Asked for again, it goes on, also after a stop or an error."""
        self.stopped = False
        return self

    def __next__(self) -> Observation:
        with self._turn:
            if self._run is None:
                if self.finished or self.stopped:
                    raise StopIteration
                self._run = self._drive()
            try:
                return next(self._run)
            except BaseException:
                self._run = None
                raise

    def steps(self) -> Iterator[Observation]:
        """The same iterator under a name."""
        return iter(self)

    def run(self) -> list[Observation]:
        """Take all steps still to come; returns the history, an observation per step."""
        for _ in self:
            pass
        return self.history

    def stop(self) -> None:
        """End the run after the step under way. Iterating again takes it up."""
        self.stopped = True
        if self._run is not None and not self._run.gi_running:
            self.close()

    def close(self) -> None:
        """End the run here: callbacks are finalised, threads end. Iterating again takes it up."""
        if self._run is not None:
            self._run.close()
            self._run = None

    def set_lr(self, value: float) -> None:
        """Change the learning rate from the next step on; a schedule is scaled with it."""
        self.rate.set(value)

    # Where it stands ----------------------------------------------------------------------------

    @property
    def finished(self) -> bool:
        """Whether all epochs are done."""
        return self.epoch >= self.epochs

    @property
    def lr(self) -> float:
        """The learning rate of the next step."""
        return self.rate.value

    @property
    def train_loader(self) -> Any:
        """Where the batches come from."""
        return self.feed.loader

    @property
    def batch(self) -> int:
        """Batches done in the epoch under way; 0 at an epoch's end."""
        return self.feed.done

    @property
    def steps_per_epoch(self) -> int | None:
        """The train loader's length; None if it has none."""
        return self.feed.length

    @property
    def total_steps(self) -> int | None:
        """The steps of the whole run; None if the loader has no length."""
        per_epoch = self.steps_per_epoch
        return None if per_epoch is None else per_epoch * self.epochs

    # The loop -----------------------------------------------------------------------------------

    def _drive(self) -> Generator[Observation, None, None]:
        self.callbacks.sort(key=lambda callback: callback.rank)
        with ExitStack() as ends:
            try:
                for callback in self.callbacks:
                    ends.callback(callback.finalise, self)  # every beginning has its end
                    callback.initialise(self)
                while not self.finished and not self.stopped:
                    yield from self._epoch()
            except GeneratorExit:  # the consumer left between two steps: no error
                raise
            except BaseException as error:
                for callback in self.callbacks:
                    callback.on_error(self, error)
                raise

    def _epoch(self) -> Generator[Observation, None, None]:
        try:
            for batch, last, begun in self.feed.epoch():
                for callback in self.callbacks:
                    callback.before_step(self)
                observation = self._train(batch)
                observation["seconds"] = perf_counter() - begun
                self.history.append(observation)
                self.step, self.feed.done = self.step + 1, self.feed.done + 1
                if last:
                    self._end_epoch(observation)
                for callback in self.callbacks:
                    callback.after_step(self, observation)
                if last:
                    for callback in self.callbacks:
                        callback.after_epoch(self, observation)
                yield observation
                if self.stopped or last:
                    return
            raise RuntimeError(
                f"the train loader ended after {self.batch} batches of {self.steps_per_epoch}"
            )
        finally:
            self.feed.leave()

    def _train(self, batch: Any) -> Observation:
        """One step: forward, backward, update."""
        *inputs, target = batch = to_device(batch, self.model)
        if not self.model.training:
            self.model.train()
        rate, random = self.rate.value, default_generator.state_dict()
        self.optimizer.zero_grad()
        with self.precision.region(target):
            output = self.model(*inputs)
            loss = self.loss_fn(output, target)
        value = float(loss.item())
        if not math.isfinite(value):
            default_generator.load_state_dict(random)  # the search repeats the same dropout masks
            raise blame_loss(self.model, self.loss_fn, batch, self.step + 1, value, rate)
        self.precision.backward(loss, self.optimizer)
        norm = self._clip()
        if not math.isfinite(norm) and not self.precision.scales:
            error = blame_gradient(self.model, self.step + 1, value)
            if error is not None:
                raise error
        self.precision.step(self.optimizer)
        self.rate.advance("step")
        with no_grad():
            measured = usual(self.metrics, target)
            metrics = {name: float(f(output.detach(), target)) for name, f in measured.items()}
        place = {"step": self.step + 1, "epoch": self.epoch + 1}
        return {**place, "loss": value, "lr": rate, **metrics, "grad_norm": norm}

    def _clip(self) -> float:
        parameters = [p for p in self.model.parameters() if p.grad is not None]
        if self.clip_norm is None:
            return gradient_norm(parameters)
        return float(clip_grad_norm_(parameters, self.clip_norm))

    def _end_epoch(self, observation: Observation) -> None:
        self.epoch, self.feed.done = self.epoch + 1, 0
        self.rate.advance("epoch")
        if self.valid_loader is not None:
            with self.precision.region(next(self.model.parameters())):
                results = evaluate(self.model, self.valid_loader, self.loss_fn, self.metrics)
            observation |= {f"valid_{name}": value for name, value in results.items()}

    # Keeping and taking up ----------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """All that the rest of the run depends on, as plain dictionaries of tensors and numbers."""
        keeper = getattr(self.valid_loader, "state_dict", None)
        return {
            "step": self.step,
            "epoch": self.epoch,
            "batch": self.batch,
            **snapshot(self),
            "precision": self.precision.state_dict(),
            "valid_loader": keeper() if keeper else None,
            "callbacks": [[type(c).__name__, c.state_dict()] for c in self.callbacks],
            "history": self.history,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Stand where the saved run stood. The trainer must be built from the same parts."""
        self.close()
        restore(self, state)
        if state["valid_loader"] is not None and hasattr(self.valid_loader, "load_state_dict"):
            self.valid_loader.load_state_dict(state["valid_loader"])  # type: ignore[union-attr]
        self.precision.load_state_dict(state.get("precision", {}))
        self._load_callbacks(state["callbacks"])
        self.step, self.epoch, self.feed.done = state["step"], state["epoch"], state["batch"]
        self.history = list(state["history"])
        self.stopped = False

    def _load_callbacks(self, saved: list[list[Any]]) -> None:
        """Each callback takes the first saved state of its own class that is left."""
        left = list(saved)
        for callback in self.callbacks:
            match = next((entry for entry in left if entry[0] == type(callback).__name__), None)
            if match is not None:
                left.remove(match)
                callback.load_state_dict(match[1])

    def save(self, directory: str | os.PathLike[str]) -> Path:
        """Write a checkpoint of this moment into a folder; returns its file."""
        return write_checkpoint(directory, self.state_dict())

    def resume(self, path: str | os.PathLike[str]) -> Path | None:
        """Take up a saved run: the newest sound checkpoint of a folder, or the given one.

        Returns the checkpoint's file; None, and nothing happens, if the folder holds none (so a
        script may always begin with `resume`). Raises CheckpointError for a damaged file.
        """
        chosen: Path | None = Path(path)
        if chosen.suffix not in (".json", ".safetensors"):
            chosen = latest_checkpoint(chosen)
        if chosen is not None:
            self.load_state_dict(read_checkpoint(chosen))
        return chosen
