"""The training dashboard: a run's curves while they grow, and the hands on it: pause, step, stop.

The page asks and this answers; a run that nobody asks for steps stands still.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any, Literal, final

import anywidget

from minidl.training import Trainer

from .assets import script, style
from .dashboard_driver import Driver
from .dashboard_loop import as_run
from .dashboard_series import Run, metrics_in, series_of
from .dashboard_static import sentence, static_svg
from .dashboard_watch import Onlooker, watch_layers


@final
class Dashboard(anywidget.AnyWidget):
    """A live panel for one run of training; as the last line of a cell it shows itself.

    ::

        board = Dashboard(trainer)
        board.compare(other.history, label="half the learning rate")
        board

    The run may be the learner's own loop as well: any iterator that takes one step each time it is
    asked and gives the step's numbers by name (a number alone is the loss)::

        def learn(settings):
            for batch in batches:
                loss = mean_loss(batch)
                loss.backward()
                descend(dials, settings["lr"])
                yield {"loss": loss.data, "accuracy": accuracy(test)}

        settings = {"lr": 0.2}
        Dashboard(learn(settings), total=600, settings=settings, parameters={"layer 1": dials})

    Of such a loop the dashboard knows what it is told. "valid_loss" is drawn beside "loss", "epoch"
    is shown; without `total` no end is drawn, without `settings` the rate is fixed and the panel
    says so, without `parameters` the curves of gradients and layers stay empty. A generator that
    raised is over: then its cell must be run again, while a `Trainer` can go on.

    Args:
        run: the `Trainer` or the loop to drive; the steps a trainer has already taken are drawn
            too, and so are those that someone else asks it for, as `trainer.run()` does.
        label: what the legend calls this run.
        total: how many steps the loop will give.
        settings: a dictionary from which the loop reads "lr" before each step: the panel writes it.
        parameters: {name of a layer: its parameters}, or a function that gives this, or anything
            with `named_parameters()`. A layer is an array, a tensor, a learner's value with `.data`
            and `.grad`, or a list of such. They are only read.
        drive: "tick": the page allows the steps of a quarter of a second at a time, and closing it
            pauses the run; or "task": the run goes on without a page.
        slice_seconds: for how long the kernel takes steps before it listens again; a pause waits
            for one slice at most.
        every: measure the layers at each so-many-th step; None: about two hundred times in the run.
            A trainer with `WeightStatistics` of its own keeps to those.

    After a failure `error` holds the exception that broke the run off; a trainer may be resumed
    even so.
    """

    _esm = script("dashboard")
    _css = style("dashboard")

    def __init__(
        self,
        run: Trainer | Iterable[Any],
        label: str = "this run",
        *,
        total: int | None = None,
        settings: MutableMapping[str, Any] | None = None,
        parameters: Any = None,
        drive: Literal["tick", "task"] = "tick",
        slice_seconds: float = 0.03,
        every: int | None = None,
    ) -> None:
        super().__init__()
        self.driven = as_run(run, total, settings, parameters)
        self._driver = Driver(self.driven, slice_seconds, drive == "task", self._tell)
        self._runs = [Run(self.driven, label)]
        self._layers = watch_layers(self.driven, every)
        self.driven.callbacks.append(Onlooker(self._look))
        self.on_msg(self._hear)

    # From Python ---------------------------------------------------------------------------------

    def compare(self, other: Any, label: str = "other run") -> Dashboard:
        """Lay a second run under the same time cursor: a trainer, a dashboard, or a history."""
        self._runs.append(Run(other.driven if isinstance(other, Dashboard) else other, label))
        self._tell_all()
        return self

    def run(self) -> list[dict[str, Any]]:
        """Take all steps still to come, whoever took those before; returns the history.

        So a cell can finish what the reader left paused, or has still running: the page is sent
        away from the wheel first. Raises what a step raises.
        """
        self._driver.finish()
        return self.driven.history

    def advance(self, *, steps: int | None = None, seconds: float | None = None) -> int:
        """Take steps until there are so many or so much time is over; at least one.

        Returns how many. An exception is kept in `error`: a message has nobody to raise it to.
        """
        return self._driver.advance(steps, seconds)

    def pause(self) -> None:
        """Take no more steps until asked again."""
        self._driver.pause()

    def stop(self) -> None:
        """End the run: its callbacks close what they opened. It may still be taken up again."""
        self._driver.stop()

    def set_lr(self, value: float) -> None:
        """Give the run another learning rate from its next step on, and mark the place."""
        try:
            self.driven.set_lr(float(value))
        except (TypeError, ValueError) as error:
            self._driver.note = str(error)
        else:
            step = self.driven.step + 1
            self._runs[0].mark(step)
            self._driver.note = f"Learning rate {value:.6g} from step {step} on."

    @property
    def state(self) -> str:
        """One of ready, running, paused, finished, stopped, failed."""
        return self._driver.state

    @property
    def error(self) -> Exception | None:
        """What broke the run off, or None."""
        return self._driver.error

    # With the page -------------------------------------------------------------------------------

    def _hear(self, _widget: Any, content: Mapping[str, Any], _buffers: Any) -> None:
        """One message of the page, one answer, which every page that shows this run can read."""
        kind, view = content.get("type"), str(content.get("view"))
        if kind == "hello":
            self._driver.look_for_page()
            self._tell_all()
        elif kind == "tick":
            self._driver.tick(view)
        elif kind in ("start", "pause", "step", "lr", "stop"):
            self._obey(kind, view, content)
            self._tell()

    def _obey(self, kind: str, view: str, content: Mapping[str, Any]) -> None:
        if kind == "start":
            self._driver.begin(view)
        elif kind == "step" and not self._driver.by:
            self._step()
        elif kind == "lr":
            self.set_lr(content["value"])
        elif kind == "pause":
            self.pause()
        elif kind == "stop":
            self.stop()

    def _step(self) -> None:
        """One step, looked at closely: the layers are measured whatever their turn."""
        self._driver.error, self._driver.note = None, ""
        usual, self._layers.every = self._layers.every, 1
        self.advance(steps=1)
        self._layers.every = usual

    def _tell_all(self) -> None:
        runs = [run.everything() for run in self._runs]
        model = getattr(self.driven, "model", None)
        modules = model.named_modules() if model is not None else ()
        layers = {name: f"{name} {type(m).__name__}" for name, m in modules if name}
        self.send({"type": "all", "runs": runs, "layers": layers, "status": self.status()})

    def _tell(self, **more: Any) -> None:
        """Only what is new; a run under comparison may be growing too."""
        news = [{"run": k, **run.news()} for k, run in enumerate(self._runs)]
        self.send({"type": "news", "runs": news, "status": self.status(), **more})

    def status(self) -> dict[str, Any]:
        """Where the run stands, in numbers and in one sentence."""
        run, driver = self.driven, self._driver
        return {
            "state": driver.state,
            "driver": driver.by,
            "step": run.step,
            "total": run.total_steps,
            "epoch": min(run.epoch + 1, run.epochs) if run.epochs else run.epoch,
            "epochs": run.epochs,
            "steps_per_epoch": run.steps_per_epoch,
            "metrics": metrics_in(run),
            "lr": run.history[-1].get("lr") if run.finished and run.history else run.lr,
            "fixed": getattr(run, "fixed", None),
            "message": driver.note or sentence(driver.state, run, driver.error),
        }

    def _look(self) -> None:
        """Somebody else took a step: a cell that calls `run()`, a loop of the learner's own."""
        if not self._driver.busy:
            cell = self.state in ("ready", "paused")
            self._driver.note = "A cell takes the steps." if cell else ""
            self._tell()

    # On paper ------------------------------------------------------------------------------------

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The widget, and beside it the curves so far for a reader who has no kernel."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        runs = [(run.label, series_of(run.history)) for run in self._runs]
        svg = static_svg(runs, metrics_in(self.driven))
        return {**data, "image/svg+xml": svg, "text/plain": repr(self)}, metadata

    def __repr__(self) -> str:
        return f"Dashboard: {sentence(self.state, self.driven, self.error)}"
