"""The dashboard without a page: messages in, messages out, and the numbers of the run untouched."""

from __future__ import annotations

import asyncio
import json
import math
import re
import signal
from collections.abc import Iterator
from threading import Thread
from time import perf_counter, sleep
from typing import Any, final
from xml.etree import ElementTree

import pytest
from minidl_widgets import Dashboard
from minidl_widgets.dashboard_series import Run, series_of, thin

import minidl
from minidl import nn, optim
from minidl.training import Callback, Trainer, WeightStatistics

from ..training.runs import numbers, small, weights


@final
class Page:
    """Stands where the browser stands: says what a person clicks, keeps what comes back."""

    def __init__(self, board: Dashboard, view: str = "page") -> None:
        self.board, self.view = board, view
        self.heard: list[dict[str, Any]] = []
        board.send = self._hear  # type: ignore[method-assign]

    def _hear(self, content: dict[str, Any], buffers: Any = None) -> None:
        # What JSON cannot say is an error here, as it would be in a browser.
        self.heard.append(json.loads(json.dumps(content, allow_nan=False)))

    def say(self, kind: str, **more: Any) -> dict[str, Any]:
        """Send a message as the page does; the kernel's last word on it."""
        self.board._handle_custom_msg({"type": kind, "view": self.view, **more}, [])
        return self.heard[-1]

    def run_out(self) -> None:
        """Ask for slices until the run is at its end."""
        while self.say("tick")["status"]["state"] == "running":
            pass

    def curve(self, name: str, run: int = 0) -> list[tuple[int, float]]:
        """The points of one curve, as all the news together tell it."""
        found: list[tuple[int, float]] = []
        for content in self.heard:
            for piece in (p for p in content["runs"] if p.get("run", 0) == run):
                series = piece["series"].get(name, {"x": [], "y": []})
                found += zip(series["x"], series["y"], strict=True)
        return found


def without_layers(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v for k, v in seen.items() if k != "weights"} for seen in numbers(history)]


def test_a_thousand_steps_by_slices_are_the_steps_of_run() -> None:
    plain = small(epochs=200)
    plain.run()
    driven = small(epochs=200)
    page = Page(Dashboard(driven, slice_seconds=0.003))
    page.say("hello")
    page.say("start")
    page.run_out()
    assert len(driven.history) == 1000
    assert len(page.heard) > 20, "the run was to be cut into many slices"
    assert without_layers(driven.history) == numbers(plain.history)
    assert weights(driven) == weights(plain)


def test_every_point_travels_once() -> None:
    trainer = small(epochs=30)
    page = Page(Dashboard(trainer, slice_seconds=0.005))
    page.say("hello")
    page.say("start")
    page.run_out()
    seen = page.curve("loss")
    assert [step for step, _ in seen] == list(range(1, 151))
    assert [loss for _, loss in seen] == [float(f"{o['loss']:.6g}") for o in trainer.history]
    assert [step for step, _ in page.curve("valid_loss")] == list(range(5, 151, 5))
    assert [step for step, _ in page.curve("ratio/0")] == list(range(10, 151, 10))


def test_the_story_of_a_run() -> None:
    board = Dashboard(small(epochs=4), slice_seconds=0)
    page = Page(board)
    told = page.say("hello")
    assert told["type"] == "all"
    assert told["layers"]["0"] == "0 Linear"
    assert told["status"]["message"] == "Ready: 20 steps in 4 epochs."
    assert page.say("step")["status"]["message"] == "Paused at step 1 of 20."
    assert page.say("start")["status"]["driver"] == "page"
    assert page.say("tick")["status"]["step"] == 2
    assert page.say("pause")["status"]["message"] == "Paused at step 2 of 20."
    assert page.say("tick")["status"]["step"] == 2, "a slice asked for before the pause is dropped"
    assert page.say("stop")["status"]["message"] == "Stopped at step 2 of 20."
    page.say("start")
    page.run_out()
    assert page.heard[-1]["status"]["message"] == "Finished after 20 steps."
    assert page.say("start")["status"]["state"] == "finished"


def test_a_slice_ends_in_time() -> None:
    trainer = small(epochs=40_000)
    board = Dashboard(trainer)
    assert board.advance(seconds=0.3) == trainer.step > 3
    assert not trainer.finished
    assert sum(seen["seconds"] for seen in trainer.history[:-1]) < 0.3


async def ticks(page: Page, count: int) -> None:
    """Play a page that keeps two ticks in flight, until so many were answered."""
    for _ in range(2):
        page.say("tick")
    answered = 0
    while answered < count:
        heard = len(page.heard)
        await asyncio.sleep(0.001)
        for content in page.heard[heard:]:
            if content.get("tick") == page.view:
                answered += 1
                page.say("tick")


def test_between_two_slices_the_kernel_hears_a_pause() -> None:
    async def story() -> tuple[float, int, int]:
        trainer = small(epochs=4000)
        page = Page(Dashboard(trainer))
        page.say("start")
        await ticks(page, 2)
        began = perf_counter()
        await asyncio.sleep(0)  # the pause waits here, while a slice is taken
        waited, step = perf_counter() - began, trainer.step
        assert page.say("pause")["status"]["state"] == "paused"
        await asyncio.sleep(0.1)
        return waited, step, trainer.step

    waited, step, later = asyncio.run(story())
    assert waited < 0.1, "one slice is 0.03 s, and a tick a quarter of a second"
    assert step == later > 10


def test_a_tick_is_answered_now_and_then_and_not_after_each_slice() -> None:
    async def story() -> tuple[int, float]:
        page = Page(Dashboard(small(epochs=4000), slice_seconds=0.001))
        page.say("start")
        began, told = perf_counter(), len(page.heard)
        await ticks(page, 3)
        took, answers = perf_counter() - began, page.heard[told:]
        page.say("pause")
        return sum("tick" in content for content in answers), took

    answers, took = asyncio.run(story())
    assert answers == 3
    assert took > 0.6


def test_ticks_that_nobody_follows_up_end_the_run_s_steps() -> None:
    async def story() -> tuple[int, int]:
        trainer = small(epochs=40000)
        page = Page(Dashboard(trainer))
        page.say("start")
        page.say("tick")
        await asyncio.sleep(0.6)
        step = trainer.step
        await asyncio.sleep(0.1)
        return step, trainer.step

    step, later = asyncio.run(story())
    assert step == later > 10


def test_a_thousand_steps_by_ticks_of_an_event_loop_are_the_steps_of_run() -> None:
    plain = small(epochs=200)
    plain.run()
    driven = small(epochs=200)

    async def story() -> None:
        page = Page(Dashboard(driven, slice_seconds=0.002))
        page.say("start")
        while not driven.finished:
            page.say("tick")
            await asyncio.sleep(0.001)

    asyncio.run(story())
    assert without_layers(driven.history) == numbers(plain.history)
    assert weights(driven) == weights(plain)


def test_a_cell_finishes_the_run_and_hears_what_goes_wrong() -> None:
    trainer = small(epochs=4)
    page = Page(Dashboard(trainer))
    page.say("step")
    assert page.board.run() is trainer.history
    assert [step for step, _ in page.curve("loss")] == list(range(1, 21))
    assert page.heard[-1]["status"]["message"] == "Finished after 20 steps."
    broken = small(epochs=4)
    with minidl.no_grad():
        next(iter(broken.model.parameters())).fill_(float("nan"))
    board = Dashboard(broken)
    with pytest.raises(ArithmeticError, match="step 1: the loss is nan"):
        board.run()
    assert board.state == "failed"


def test_a_panel_and_a_cell_may_ask_from_two_threads() -> None:
    """A kernel with subshells hears the page in a thread; a cell runs in the main one meanwhile."""
    plain = small(epochs=200)
    plain.run()
    driven = small(epochs=200)
    page = Page(Dashboard(driven, slice_seconds=0.005))

    def drive() -> None:
        page.say("start")
        page.run_out()

    panel = Thread(target=drive)
    panel.start()
    while not driven.step:
        sleep(0.001)
    driven.run()
    panel.join()
    assert page.board.error is None
    assert without_layers(driven.history) == numbers(plain.history)
    assert weights(driven) == weights(plain)


def test_an_interrupt_reaches_the_steps_of_a_task_that_a_kernel_would_not_hear() -> None:
    def steps() -> Iterator[float]:
        yield 1.0
        signal.raise_signal(signal.SIGINT)
        yield 0.5

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a kernel does between two messages
    try:
        page = Page(Dashboard(steps()))
        page.say("start")
        assert page.say("tick")["status"]["message"] == "Interrupted: the run is paused."
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_the_learning_rate_changes_while_it_runs() -> None:
    trainer = small(epochs=4, scheduler=None)
    page = Page(Dashboard(trainer, slice_seconds=0))
    page.say("start")
    page.say("tick")
    told = page.say("lr", value=0.003)
    assert told["status"]["message"] == "Learning rate 0.003 from step 2 on."
    assert told["status"]["lr"] == 0.003
    assert told["runs"][0]["marks"] == [{"step": 2}]
    page.say("tick")
    assert trainer.history[1]["lr"] == 0.003
    bad = page.say("lr", value=-1)["status"]
    assert (bad["lr"], bad["message"]) == (
        0.003,
        "a learning rate must be a number from 0 on, not -1.0",
    )


def test_a_finished_run_shows_the_rate_of_its_last_step() -> None:
    trainer = small(epochs=2)
    board = Dashboard(trainer)
    assert board.status()["lr"] == trainer.lr
    board.run()
    assert board.status()["lr"] == trainer.history[-1]["lr"] != trainer.lr, "a schedule goes on"


def test_a_failure_is_told_and_the_run_stands() -> None:
    trainer = small(epochs=4)
    with minidl.no_grad():
        next(iter(trainer.model.parameters())).fill_(float("nan"))
    board = Dashboard(trainer)
    page = Page(board)
    page.say("start")
    told = page.say("tick")["status"]
    assert (told["state"], told["driver"], told["step"]) == ("failed", None, 0)
    assert told["message"].startswith("The run broke off (NonFiniteLossError). Step 1: the loss is")
    assert isinstance(board.error, ArithmeticError | ValueError | RuntimeError)
    with minidl.no_grad():
        next(iter(trainer.model.parameters())).fill_(0.01)
    assert page.say("step")["status"]["message"] == "Paused at step 1 of 20."


@final
class Interrupt(Callback):
    def after_step(self, trainer: Trainer, observation: dict[str, Any]) -> None:
        if trainer.step == 2:
            raise KeyboardInterrupt


@final
class Enough(Callback):
    def after_step(self, trainer: Trainer, observation: dict[str, Any]) -> None:
        if trainer.step == 3:
            trainer.stop()


def test_an_interrupted_kernel_pauses_the_run() -> None:
    page = Page(Dashboard(small(epochs=4, callbacks=[Interrupt()])))
    page.say("start")
    told = page.say("tick")["status"]
    assert (told["state"], told["message"]) == ("paused", "Interrupted: the run is paused.")


def test_a_callback_may_stop_the_run() -> None:
    page = Page(Dashboard(small(epochs=4, callbacks=[Enough()]), slice_seconds=0))
    page.say("start")
    page.run_out()
    assert page.heard[-1]["status"]["message"] == "Stopped at step 3 of 20."
    assert page.say("tick")["status"]["step"] == 3


def test_a_closed_page_has_paused_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("minidl_widgets.dashboard_driver.monotonic", lambda: clock[0])
    page = Page(Dashboard(small(epochs=4), slice_seconds=0))
    page.say("start")
    page.say("tick")
    assert page.say("hello")["status"]["state"] == "running", "a second page beside the first"
    clock[0] += 5
    page.view = "reloaded page"
    assert page.say("hello")["status"]["message"] == "Paused at step 1 of 20."
    assert page.say("tick")["status"]["step"] == 1


def test_a_page_that_joins_late_gets_everything() -> None:
    trainer = small(epochs=4)
    trainer.run()
    told = Page(Dashboard(trainer)).say("hello")
    assert told["runs"][0]["series"]["loss"]["x"] == list(range(1, 21))
    assert told["status"]["state"] == "finished"


def test_steps_that_a_cell_takes_are_shown() -> None:
    trainer = small(epochs=4)
    page = Page(Dashboard(trainer))
    page.say("hello")
    trainer.run()
    assert [step for step, _ in page.curve("loss")] == list(range(1, 21))
    assert page.heard[1]["status"]["message"] == "A cell takes the steps."
    assert page.heard[-1]["status"]["message"] == "Finished after 20 steps."


def test_two_runs_share_the_charts() -> None:
    other, trainer = small(seed=1, epochs=2), small(epochs=2)
    history = other.run()
    for source in (other, history, Dashboard(other)):
        page = Page(Dashboard(trainer).compare(source, label="seed 1"))
        told = page.say("hello")
        assert [run["label"] for run in told["runs"]] == ["this run", "seed 1"]
        assert told["runs"][1]["until"] == 10


def test_a_resumed_history_is_told_anew(tmp_path: Any) -> None:
    first = small(epochs=2)
    first.run()
    first.save(tmp_path)
    trainer = small(epochs=2)
    page = Page(Dashboard(trainer))
    page.say("step")
    trainer.resume(tmp_path)
    told = page.say("pause")["runs"][0]
    assert (told["since"], told["until"]) == (0, 10)


def test_a_trainer_keeps_its_own_measure_of_layers() -> None:
    mine = WeightStatistics(every=3)
    trainer = small(epochs=4, callbacks=[mine])
    Dashboard(trainer)
    assert [c for c in trainer.callbacks if isinstance(c, WeightStatistics)] == [mine]
    trainer.run()
    assert [o["step"] for o in trainer.history if "weights" in o] == list(range(3, 21, 3))


def test_a_single_step_measures_the_layers_at_once() -> None:
    page = Page(Dashboard(small(epochs=4)))
    told = page.say("step")["runs"][0]["series"]
    assert set(told) >= {"ratio/0", "change/0", "ratio/3", "change/3"}


def test_the_kernel_can_drive_alone() -> None:
    async def story() -> tuple[dict[str, Any], int]:
        trainer = small(epochs=400)
        page = Page(Dashboard(trainer, drive="task", slice_seconds=0.01))
        page.say("start")
        await asyncio.sleep(0.15)
        assert trainer.step > 0
        told = page.say("pause")["status"]
        step = trainer.step
        await asyncio.sleep(0.05)
        return told, trainer.step - step

    told, further = asyncio.run(story())
    assert told["state"] == "paused"
    assert further == 0


def test_no_peak_is_lost_in_a_long_run() -> None:
    y: list[float | None] = [math.sin(i / 50) for i in range(50_000)]
    y[31_234], y[40_000], y[17] = 9.0, None, -9.0
    few = thin({"x": list(range(50_000)), "y": y})
    assert len(few["x"]) <= 2000
    assert few["x"] == sorted(set(few["x"]))
    values = [v for v in few["y"] if v is not None]
    assert (max(values), min(values)) == (9.0, -9.0)


def test_numbers_that_json_lacks_become_none() -> None:
    told = series_of([{"step": 1, "loss": math.nan, "lr": 0.1, "grad_norm": math.inf}])
    assert told["loss"]["y"] == told["grad_norm"]["y"] == [None]
    assert told["lr"] == {"x": [1], "y": [0.1]}


def test_a_history_is_read_in_pieces() -> None:
    history = [{"step": 1, "loss": 2.0}]
    run = Run(history, "a list")
    assert run.news()["until"] == 1
    history.append({"step": 2, "loss": 1.0})
    assert run.news()["series"]["loss"] == {"x": [2], "y": [1.0]}
    assert run.everything()["series"]["loss"]["x"] == [1, 2]


def test_a_regression_has_no_accuracy() -> None:
    trainer = small(epochs=1, metrics={})
    assert Dashboard(trainer).status()["metrics"] == []


def test_on_paper() -> None:
    trainer = small(epochs=4)
    board = Dashboard(trainer).compare(small(seed=1, epochs=4).run(), label="seed <1>")
    board.advance(steps=12)
    data, _ = board._repr_mimebundle_()
    assert data["text/plain"] == "Dashboard: Paused at step 12 of 20."
    assert "application/vnd.jupyter.widget-view+json" in data
    svg = data["image/svg+xml"]
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert "seed <1>: " in (root.get("aria-label") or "")
    titles = [e.text for e in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Loss", "Accuracy", "Learning rate", "Gradient norm"} <= set(titles)
    assert svg == board._repr_mimebundle_()[0]["image/svg+xml"]
    assert "prefers-color-scheme: dark" in svg
    assert not re.search(r"0x[0-9a-f]{6}|nan", svg + data["text/plain"])


def test_on_paper_before_the_first_step() -> None:
    data, _ = Dashboard(small(epochs=4))._repr_mimebundle_()
    assert data["text/plain"] == "Dashboard: Ready: 20 steps in 4 epochs."
    assert "no steps yet" in data["image/svg+xml"]
    ElementTree.fromstring(data["image/svg+xml"])


def test_the_page_is_not_written_into_the_state() -> None:
    state = Dashboard(small(epochs=1)).get_state()
    assert not {key for key in state if not key.startswith("_")} - {
        *("layout", "tabbable", "tooltip")
    }


def test_a_loader_without_a_length() -> None:
    x = minidl.randn(8, 6)
    batches = [(x, (x.sum(dim=1) > 0).long())] * 3
    model = nn.Sequential(nn.Linear(6, 2))
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    trainer = Trainer(model, optimizer, nn.CrossEntropyLoss(), iter(batches), epochs=1)
    page = Page(Dashboard(trainer))
    assert page.say("hello")["status"]["message"] == "Ready: 1 epochs."
    page.say("start")
    page.run_out()
    assert page.heard[-1]["status"]["message"] == "Finished after 3 steps."
