"""The training dashboard: a run's curves while they grow, and the hands on it: pause, step, stop.

The page asks and this answers: one custom message is one slice of steps, so a run pauses by not
being asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from time import monotonic, perf_counter
from typing import Any, Literal, final

import anywidget

from minidl.training import Trainer

from .assets import script, style
from .dashboard_series import Run, metrics_in, series_of
from .dashboard_static import sentence, static_svg
from .dashboard_watch import Onlooker, watch_layers

# A page that drives asks again at once; silent for so many seconds, it was closed or reloaded.
SILENCE = 1.0


@final
class Dashboard(anywidget.AnyWidget):
    """A live panel for one `Trainer`; as the last line of a cell it shows itself.

    ::

        board = Dashboard(trainer)
        board.compare(other.history, label="half the learning rate")
        board

    Args:
        trainer: the run to drive; the steps it has already taken are drawn too, and so are those
            that someone else asks it for, as `trainer.run()` does.
        label: what the legend calls this run.
        drive: "tick": the page asks for slices, and closing it pauses the run; or "task": an
            asyncio task of the kernel takes them, and the run goes on without a page.
        slice_seconds: how long a slice of steps takes. A slice costs about 10 ms on its way through
            kernel, server and page; a pause waits for two slices at most.
        every: measure the layers at each so-many-th step; None: about two hundred times in the run.
            A trainer with `WeightStatistics` of its own keeps to those.

    After a failure `error` holds the exception that broke the run off; it may be resumed even so.
    """

    _esm = script("dashboard")
    _css = style("dashboard")

    def __init__(
        self,
        trainer: Trainer,
        label: str = "this run",
        *,
        drive: Literal["tick", "task"] = "tick",
        slice_seconds: float = 0.07,
        every: int | None = None,
    ) -> None:
        super().__init__()
        self.trainer, self.drive, self.slice_seconds = trainer, drive, slice_seconds
        self.error: Exception | None = None
        self._runs = [Run(trainer, label)]
        self._task: asyncio.Task[None] | None = None
        self._driver: str | None = None  # who drives: a page by its name, "task", or nobody
        self._busy = False  # whether a slice is being taken
        self._heard = 0.0
        self._note = ""
        self._layers = watch_layers(trainer, every)
        trainer.callbacks.append(Onlooker(self._look))
        self.on_msg(self._hear)

    # From Python ---------------------------------------------------------------------------------

    def compare(self, other: Any, label: str = "other run") -> Dashboard:
        """Lay a second run under the same time cursor: a trainer, a dashboard, or a history."""
        self._runs.append(Run(other.trainer if isinstance(other, Dashboard) else other, label))
        self._tell_all()
        return self

    def advance(self, *, steps: int | None = None, seconds: float | None = None) -> int:
        """Take steps until there are so many or so much time is over; at least one.

        Returns how many. An exception is kept in `error`: a message has nobody to raise it to.
        """
        began, taken, self._busy = perf_counter(), 0, True
        try:
            for taken, _ in enumerate(self.trainer, start=1):
                if self.trainer.stopped:  # by a callback, inside the step
                    self.trainer.stop()  # and from outside, so that files are closed too
                    break
                if taken == steps or (seconds is not None and perf_counter() - began >= seconds):
                    break
        except KeyboardInterrupt:
            self._driver, self._note = None, "Interrupted: the run is paused."
        except Exception as error:
            self.error = error
        self._busy = False
        if self.state != "running":
            self._driver = None
        return taken

    def pause(self) -> None:
        """Take no more steps until asked again."""
        self._driver, self._note = None, ""

    def stop(self) -> None:
        """End the run: its callbacks close what they opened. It may still be taken up again."""
        self.pause()
        self._busy = True
        self.trainer.stop()
        self._busy = False

    def set_lr(self, value: float) -> None:
        """Give the run another learning rate from its next step on, and mark the place."""
        try:
            self.trainer.set_lr(float(value))
        except (TypeError, ValueError) as error:
            self._note = str(error)
        else:
            self._runs[0].mark(self.trainer.step + 1)
            self._note = f"Learning rate {value:.6g} from step {self.trainer.step + 1} on."

    @property
    def state(self) -> str:
        """One of ready, running, paused, finished, stopped, failed."""
        if self.trainer.finished:
            return "finished"
        if self.error is not None:
            return "failed"
        if self.trainer.stopped:
            return "stopped"
        if self._driver:
            return "running"
        return "paused" if self.trainer.step else "ready"

    # With the page -------------------------------------------------------------------------------

    def _hear(self, _widget: Any, content: Mapping[str, Any], _buffers: Any) -> None:
        """One message of the page, one answer, which every page that shows this run can read."""
        kind, view = content.get("type"), str(content.get("view"))
        if kind == "hello":
            self._greet()
        elif kind == "tick":
            self._tick(view)
        elif kind in ("start", "pause", "step", "lr", "stop"):
            self._obey(kind, view, content)
            self._tell()

    def _greet(self) -> None:
        """A page that knows nothing. If the one that drove is gone, its run has paused."""
        if self._driver != "task" and monotonic() - self._heard > SILENCE:
            self._driver = None
        self._tell_all()

    def _tick(self, view: str) -> None:
        began = perf_counter()
        if self._driver == view:
            self.advance(seconds=self.slice_seconds)
        self._heard = monotonic()
        self._tell(tick=view, seconds=perf_counter() - began)

    def _obey(self, kind: str, view: str, content: Mapping[str, Any]) -> None:
        if kind == "start":
            self._begin(view)
        elif kind == "step" and not self._driver:
            self._step()
        elif kind == "lr":
            self.set_lr(content["value"])
        elif kind == "pause":
            self.pause()
        elif kind == "stop":
            self.stop()

    def _begin(self, view: str) -> None:
        iter(self.trainer)  # take up again what was stopped
        self.error, self._note, self._heard = None, "", monotonic()
        self._driver = None if self.trainer.finished else "task" if self.drive == "task" else view
        if self._driver == "task" and (self._task is None or self._task.done()):
            self._task = asyncio.get_running_loop().create_task(self._go_on())

    def _step(self) -> None:
        """One step, looked at closely: the layers are measured whatever their turn."""
        self.error, self._note = None, ""
        usual, self._layers.every = self._layers.every, 1
        self.advance(steps=1)
        self._layers.every = usual

    async def _go_on(self) -> None:
        """Slices from within the kernel; in the short sleep it hears a pause."""
        while self._driver == "task":
            self.advance(seconds=self.slice_seconds)
            self._tell()
            await asyncio.sleep(0.005)

    def _tell_all(self) -> None:
        runs = [run.everything() for run in self._runs]
        modules = self.trainer.model.named_modules()
        layers = {name: f"{name} {type(m).__name__}" for name, m in modules if name}
        self.send({"type": "all", "runs": runs, "layers": layers, "status": self.status()})

    def _tell(self, **more: Any) -> None:
        """Only what is new; a run under comparison may be growing too."""
        news = [{"run": k, **run.news()} for k, run in enumerate(self._runs)]
        self.send({"type": "news", "runs": news, "status": self.status(), **more})

    def status(self) -> dict[str, Any]:
        """Where the run stands, in numbers and in one sentence."""
        trainer = self.trainer
        return {
            "state": self.state,
            "driver": self._driver,
            "step": trainer.step,
            "total": trainer.total_steps,
            "epoch": min(trainer.epoch + 1, trainer.epochs),
            "epochs": trainer.epochs,
            "steps_per_epoch": trainer.steps_per_epoch,
            "metrics": metrics_in(trainer),
            "lr": trainer.lr,
            "message": self._note or sentence(self.state, trainer, self.error),
        }

    def _look(self) -> None:
        """Somebody else took a step: a cell that calls `run()`, a loop of the learner's own."""
        if not self._busy:
            self._note = "A cell takes the steps." if self.state in ("ready", "paused") else ""
            self._tell()

    # On paper ------------------------------------------------------------------------------------

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The widget, and beside it the curves so far for a reader who has no kernel."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        runs = [(run.label, series_of(run.history)) for run in self._runs]
        svg = static_svg(runs, metrics_in(self.trainer))
        return {**data, "image/svg+xml": svg, "text/plain": repr(self)}, metadata

    def __repr__(self) -> str:
        return f"Dashboard: {sentence(self.state, self.trainer, self.error)}"
