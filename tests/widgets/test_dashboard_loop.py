"""The dashboard on a training loop of the learner's own: a generator, its settings, its values."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator
from typing import Any, final

import numpy as np
import pytest
from minidl_widgets import Dashboard

import minidl

from ..training.runs import small
from .test_dashboard import Page


@final
class Number:
    """Like the first lesson's Value: it holds a number and the number's gradient."""

    def __init__(self, data: float) -> None:
        self.data, self.grad = data, 0.0


def descent(dials: list[Number], settings: dict[str, float], steps: int = 20) -> Iterator[Any]:
    """Gradient descent on the sum of squares."""
    for step in range(steps):
        loss = sum(dial.data**2 for dial in dials)
        for dial in dials:
            dial.grad = 2 * dial.data
            dial.data -= settings["lr"] * dial.grad
        yield {"loss": loss, "accuracy": 1 - loss / 25, "epoch": 1 + step // 5}


def own(steps: int = 20, **options: Any) -> tuple[Dashboard, list[Number]]:
    dials, settings = [Number(3.0), Number(4.0)], {"lr": 0.1}
    parameters = {"all": dials}
    more = {"total": steps, "settings": settings, "parameters": parameters, **options}
    return Dashboard(descent(dials, settings, steps), **more), dials


def test_a_generator_is_driven_to_its_end() -> None:
    board, dials = own(slice_seconds=0)
    page = Page(board)
    assert page.say("hello")["status"]["message"] == "Ready: 20 steps."
    assert page.say("step")["status"]["message"] == "Paused at step 1 of 20."
    assert page.say("start")["status"]["driver"] == "page"
    page.run_out()
    assert page.heard[-1]["status"]["message"] == "Finished after 20 steps."
    assert [step for step, _ in page.curve("loss")] == list(range(1, 21))
    assert [value for _, value in page.curve("lr")] == [0.1] * 20
    assert page.heard[-1]["status"]["metrics"] == ["accuracy"]
    assert page.heard[-1]["status"]["epoch"] == 4
    assert dials[0].data == pytest.approx(3 * 0.8**20)


def test_slices_give_the_numbers_of_the_bare_loop() -> None:
    bare, settings = [Number(3.0), Number(4.0)], {"lr": 0.001}
    expected = [seen["loss"] for seen in descent(bare, settings, 1000)]
    dials = [Number(3.0), Number(4.0)]
    steps = descent(dials, settings, 1000)
    page = Page(Dashboard(steps, settings=settings, parameters={"": dials}, slice_seconds=5e-4))
    page.say("start")
    page.run_out()
    assert [seen["loss"] for seen in page.board.driven.history] == expected
    assert [d.data for d in dials] == [d.data for d in bare]
    assert len(page.heard) > 10


def test_the_rate_is_written_where_the_loop_reads_it() -> None:
    board, dials = own()
    page = Page(board)
    page.say("step")
    told = page.say("lr", value=0.25)
    assert told["status"]["message"] == "Learning rate 0.25 from step 2 on."
    assert (told["status"]["lr"], told["status"]["fixed"]) == (0.25, None)
    before = dials[0].data
    page.say("step")
    assert dials[0].data == before * 0.5
    assert [seen["lr"] for seen in board.driven.history] == [0.1, 0.25]
    assert "from 0 on, not -1.0" in page.say("lr", value=-1)["status"]["message"]


def test_without_settings_the_rate_is_fixed_and_the_panel_says_so() -> None:
    page = Page(Dashboard({"loss": 1.0, "lr": 0.5} for _ in range(3)))
    status = page.say("step")["status"]
    assert status["fixed"].startswith("This loop's rate is its own")
    assert status["lr"] == 0.5
    assert page.say("lr", value=0.1)["status"]["message"] == status["fixed"]
    assert page.say("hello")["status"]["total"] is None


def test_layers_and_gradients_are_measured_at_the_learners_values() -> None:
    board, _ = own(every=5)
    board.run()
    first, fifth = board.driven.history[0], board.driven.history[4]
    assert first["grad_norm"] == pytest.approx(10.0)
    assert "weights" not in first
    assert fifth["weights"]["all"]["update_ratio"] == pytest.approx(0.2)
    assert fifth["weights"]["all"]["change"] == pytest.approx(1 - 0.8**5)


def test_parameters_may_be_arrays_tensors_or_a_module() -> None:
    weight, bias = minidl.ones(3, requires_grad=True), np.zeros(2)
    layer = minidl.nn.Linear(2, 1)

    def steps() -> Iterator[float]:
        for _ in range(2):
            with minidl.no_grad():
                weight.mul_(0.5)
                layer.weight.mul_(3.0)
            bias[:] += 1.0
            yield 0.0

    groups = {"one.weight": weight, "two": [bias, Number(0.0)]}
    parameters = groups | dict(layer.named_parameters())
    board = Dashboard(steps(), parameters=lambda: parameters, every=1)
    board.advance(steps=1)
    found = board.driven.history[0]["weights"]
    assert found["one.weight"]["update_ratio"] == pytest.approx(0.5)
    assert found["two"]["change"] == pytest.approx(math.sqrt(2))
    assert found["weight"]["update_ratio"] == pytest.approx(2.0)
    assert Dashboard(steps(), parameters=layer).advance(steps=2) == 2
    with pytest.raises(TypeError, match="parameters are named"):
        Dashboard(steps(), parameters=[weight])


def test_a_step_may_give_a_value_or_a_number_alone() -> None:
    board = Dashboard(iter([Number(2.0), {"loss": np.float32(1.5)}, {"loss": minidl.tensor(1.25)}]))
    assert [seen["loss"] for seen in board.run()] == [2.0, 1.5, 1.25]
    assert "grad_norm" not in board.driven.history[0]


def test_a_metric_measured_now_and_then_becomes_a_curve() -> None:
    steps = [{"loss": 2.0}, {"loss": 1.0, "valid_loss": 1.5, "valid_accuracy": 0.5}]
    page = Page(Dashboard(steps))
    assert page.say("hello")["status"]["message"] == "Ready: 2 steps."
    page.board.run()
    assert page.say("hello")["status"]["metrics"] == ["accuracy"]
    assert page.heard[-1]["runs"][0]["series"]["valid_loss"] == {"x": [2], "y": [1.5]}


def test_a_loop_that_raises_is_told_and_does_not_pass_for_finished() -> None:
    def steps() -> Iterator[Any]:
        yield {"loss": 1.0}
        raise ValueError("no more batches")

    page = Page(Dashboard(steps()))
    page.say("start")
    told = page.say("tick")["status"]
    assert (told["state"], told["step"]) == ("failed", 1)
    assert told["message"] == "The run broke off (ValueError). No more batches"
    page.say("start")
    told = page.say("tick")["status"]
    assert told["message"].endswith("cannot go on: run the cell that makes it again.")
    with pytest.raises(RuntimeError, match=r"broken off \(ValueError\)"):
        page.board.run()


def test_what_is_no_loop_is_refused_in_a_sentence() -> None:
    with pytest.raises(TypeError, match="not a function: call it, and give what it returns"):
        Dashboard(descent)  # type: ignore[arg-type]
    page = Page(Dashboard(iter(["so far so good"])))
    assert "numbers by name" in page.say("step")["status"]["message"]
    with pytest.raises(TypeError, match="a Trainer knows its own"):
        Dashboard(small(), total=3)


def test_a_stopped_loop_is_taken_up_again() -> None:
    board, _ = own()
    page = Page(board)
    page.say("step")
    assert page.say("stop")["status"]["message"] == "Stopped at step 1 of 20."
    assert len(board.run()) == 20
    assert page.heard[-1]["status"]["state"] == "finished"


def test_a_cell_finishes_what_the_page_has_running() -> None:
    async def story() -> tuple[int, list[Any]]:
        board, _ = own(400, slice_seconds=0)
        page = Page(board)
        page.say("start")
        page.say("tick")
        await asyncio.sleep(0.01)
        before = board.driven.step
        history = board.run()
        page.say("tick")
        await asyncio.sleep(0.01)
        return before, history

    before, history = asyncio.run(story())
    assert 0 < before < 400
    assert [seen["step"] for seen in history] == list(range(1, 401))


def test_on_paper() -> None:
    board, _ = own()
    assert repr(board) == "Dashboard: Ready: 20 steps."
    board.run()
    data, _ = board._repr_mimebundle_()
    assert data["text/plain"] == "Dashboard: Finished after 20 steps."
    assert "Gradient norm" in data["image/svg+xml"]
    assert repr(Dashboard(x for x in ())) == "Dashboard: Ready."
