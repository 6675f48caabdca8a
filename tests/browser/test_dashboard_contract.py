"""The dashboard's front end alone: what it asks of the kernel, and what it makes of each answer."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, final

import pytest
from minidl_widgets.assets import script, style
from playwright.sync_api import Locator, expect

from .widget import WidgetPage

READY = {
    "state": "ready",
    "driver": None,
    "step": 0,
    "total": 100,
    "epoch": 1,
    "epochs": 4,
    "steps_per_epoch": 25,
    "metrics": ["accuracy"],
    "lr": 0.1,
    "fixed": None,
    "message": "Ready: 100 steps in 4 epochs.",
}


def points(first: int, last: int) -> dict[str, Any]:
    """Curves of a run that goes well, between two steps."""
    x = list(range(first, last + 1))
    ends = [step for step in x if step % 25 == 0]
    fall = {
        "loss": [2 * math.exp(-s / 40) for s in x],
        "accuracy": [1 - 0.9 * math.exp(-s / 40) for s in x],
        "lr": [0.1 for _ in x],
        "grad_norm": [1 + 0.2 * math.sin(s) for s in x],
        "ratio/0": [2e-3 for _ in x],
        "ratio/2": [5e-4 for _ in x],
        "change/0": [s / 1000 for s in x],
        "change/2": [s / 500 for s in x],
    }
    series: dict[str, Any] = {name: {"x": x, "y": y} for name, y in fall.items()}
    return series | {"valid_loss": {"x": ends, "y": [2.2 * math.exp(-s / 40) for s in ends]}}


def run(until: int, label: str = "this run", marks: tuple[int, ...] = ()) -> dict[str, Any]:
    series = points(1, until) if until else {}
    flags = [{"step": step} for step in marks]
    return {"label": label, "since": 0, "until": until, "series": series, "marks": flags}


@final
class Panel:
    """The dashboard in a page, and a hand that plays the kernel."""

    def __init__(self, page: WidgetPage) -> None:
        self.page, self.until = page, 0
        self.view = page.wait_sent(type="hello")["view"]
        self.status = READY

    def show(self, *runs: dict[str, Any], **status: Any) -> None:
        """Everything, as to a page that has nothing."""
        self.until = runs[0]["until"]
        self.status = self.status | {"step": self.until} | status
        layers = {"0": "0 Linear", "2": "2 Linear"}
        content = {"runs": list(runs), "layers": layers, "status": self.status}
        self.page.deliver({"type": "all", **content})

    def news(self, until: int, **more: Any) -> None:
        """The points up to a step; `more` are fields of the status, or of the answer to a tick."""
        tick = {"tick": more.pop("tick")} if "tick" in more else {}
        self.status = self.status | {"step": until} | more
        fresh = {"run": 0, "since": self.until, "until": until, "marks": []}
        series = points(self.until + 1, until) if until > self.until else {}
        self.until = until
        runs = [fresh | {"series": series}]
        self.page.deliver({"type": "news", "runs": runs, "status": self.status, **tick})

    def button(self, name: str) -> Locator:
        return self.page.root.get_by_role("button", name=name, exact=True)

    def says(self, words: str) -> None:
        expect(self.page.root.get_by_role("status")).to_contain_text(words)

    def chart(self, name: str) -> Locator:
        return self.page.root.get_by_role("slider", name=f"{name}: time cursor")

    def count(self, kind: str) -> int:
        return sum(message["type"] == kind for message in self.page.sent)

    def start(self) -> None:
        self.button("Start").click()
        self.page.wait_sent(type="start", view=self.view)
        self.news(0, state="running", driver=self.view, message="Running.")


@pytest.fixture
def panel(widget_page: Callable[..., WidgetPage]) -> Callable[..., Panel]:
    def make(**options: Any) -> Panel:
        front = {"esm": script("dashboard"), "css": style("dashboard")}
        return Panel(widget_page(**front, **options))

    return make


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_wrong_for_any_person(panel: Callable[..., Panel], theme: str) -> None:
    board = panel(theme=theme)
    board.show(run(0))
    board.says("Ready: 100 steps in 4 epochs.")
    assert board.page.violations() == []
    board.show(run(60, marks=(30,)), run(100, "other run"), state="paused", message="Paused.")
    board.chart("Loss").focus()
    board.page.page.keyboard.press("ArrowLeft")
    assert board.page.violations() == []
    board.page.screenshot(f"dashboard-contract-{theme}")
    board.news(61, state="failed", message="The run broke off (ValueError). Step 62: ...")
    assert board.page.violations() == []
    assert board.page.strays == []
    assert board.page.complaints == []
    assert board.page.dispose() == 0


def test_two_slices_are_in_flight_and_a_pause_asks_no_more(panel: Callable[..., Panel]) -> None:
    board = panel()
    board.show(run(0))
    board.start()
    assert board.count("tick") == 2
    board.news(10, tick=board.view)
    assert board.count("tick") == 3
    expect(board.button("Pause")).to_be_visible()
    board.button("Pause").click()
    expect(board.button("Resume")).to_be_visible()
    board.news(20, tick=board.view)
    board.news(30, tick=board.view)
    board.news(30, state="paused", driver=None, message="Paused at step 30 of 100.")
    assert (board.count("tick"), board.count("pause")) == (3, 1)
    board.says("Paused at step 30 of 100.")
    board.button("Resume").click()
    board.news(30, state="running", driver=board.view, message="Running.")
    assert board.count("tick") == 5


def test_a_long_step_is_not_asked_for_twice(panel: Callable[..., Panel]) -> None:
    """News without a tick of ours (a cell's step, a rate that was changed) allows no more steps."""
    board = panel()
    board.show(run(0))
    board.start()
    board.news(1)
    board.news(2, tick="another page")
    assert board.count("tick") == 2
    board.news(3, tick=board.view)
    assert board.count("tick") == 3


def test_a_panel_that_goes_away_lets_go_of_the_run(panel: Callable[..., Panel]) -> None:
    board = panel()
    board.show(run(0))
    board.start()
    board.page.dispose()
    assert board.page.sent[-1] == {"type": "pause", "view": board.view}


def test_a_loop_that_keeps_its_rate_says_why(panel: Callable[..., Panel]) -> None:
    board = panel()
    words = "This loop's rate is its own."
    more = {"total": None, "epochs": None, "epoch": 3, "steps_per_epoch": None, "lr": None}
    board.show(run(10), state="paused", message="Paused at step 10.", fixed=words, **more)
    expect(board.page.root.get_by_text(words)).to_be_visible()
    expect(board.page.root.get_by_role("textbox")).to_be_disabled()
    expect(board.page.root.get_by_role("textbox")).to_have_value("")
    expect(board.button("Double the learning rate")).to_be_hidden()
    expect(board.page.root.get_by_role("progressbar")).to_be_hidden()
    expect(board.page.root.get_by_text("epoch 3", exact=True)).to_be_visible()
    expect(board.button("Resume")).to_be_enabled()
    assert board.page.violations() == []
    board.page.screenshot("dashboard-fixed-rate")


def test_news_touches_only_what_is_new(panel: Callable[..., Panel]) -> None:
    """The curves grow; frames, labels and grids that stay are neither made anew nor written to."""
    board = panel()
    board.show(run(60), run(100, "slower"), state="running", driver="another page", message="Runs.")
    board.page.page.wait_for_timeout(400)
    board.page.page.evaluate(COUNT_CHANGES)
    board.news(61)
    board.page.page.wait_for_function("changes.has('d')")
    board.page.page.wait_for_timeout(300)
    changes = dict(board.page.page.evaluate("[...changes]"))
    assert changes.get("childList", 0) <= 30, changes  # numbers beside the curves
    assert changes["d"] <= 20, changes


COUNT_CHANGES = """() => {
  window.changes = new Map();
  const count = name => changes.set(name, (changes.get(name) ?? 0) + 1);
  const watch = { subtree: true, childList: true, attributes: true };
  new MutationObserver(all => all.forEach(m => count(m.attributeName ?? m.type)))
    .observe(document.querySelector('.charts'), watch);
}"""


def test_a_frame_is_as_wide_as_its_place_also_after_it_was_hidden(
    panel: Callable[..., Panel],
) -> None:
    board = panel()
    board.show(run(60), state="paused")
    style = "document.getElementById('widget').style"
    board.page.page.evaluate(f"void ({style}.display = 'none')")
    board.show(run(70), state="paused")
    board.page.page.wait_for_timeout(100)
    board.page.page.evaluate(f"Object.assign({style}, {{display: '', width: '700px'}})")
    full = "Math.abs(e.clientWidth - e.firstChild.getAttribute('width')) < 1 && e.clientWidth > 300"
    script = f"[...document.querySelectorAll('.plot')].every(e => {full})"
    board.page.page.wait_for_function(script)


def test_a_panel_out_of_sight_is_not_drawn(panel: Callable[..., Panel]) -> None:
    board = panel()
    board.show(run(10), state="running", driver="another page", message="Running.")
    board.page.page.evaluate(
        "const air = document.createElement('div'); air.style.height = '4000px';"
        "document.body.prepend(air); scrollTo(0, 0)"
    )
    board.page.page.wait_for_timeout(400)
    line = board.page.root.locator("path.line.run-0[data-name=loss]")
    before = line.get_attribute("d")
    board.news(90)
    board.page.page.wait_for_timeout(500)
    assert line.get_attribute("d") == before
    line.scroll_into_view_if_needed()
    expect(line).not_to_have_attribute("d", before or "")


def test_a_page_that_does_not_drive_only_looks_on(panel: Callable[..., Panel]) -> None:
    board = panel()
    board.show(run(10), state="running", driver="another page", message="Running.")
    board.news(20, tick="another page")
    expect(board.button("Pause")).to_be_visible()
    assert board.count("tick") == 0


def test_step_and_stop(panel: Callable[..., Panel]) -> None:
    board = panel()
    board.show(run(0))
    board.button("Single step").press("Enter")
    assert board.count("step") == 1
    expect(board.button("Stop")).to_be_disabled()
    board.news(1, state="paused")
    board.button("Stop").click()
    assert board.count("stop") == 1
    board.news(1, state="stopped", message="Stopped at step 1 of 100.")
    expect(board.button("Resume")).to_be_enabled()
    board.news(100, state="finished", message="Finished after 100 steps.")
    for name in ("Resume", "Single step", "Stop"):
        expect(board.button(name)).to_be_disabled()


def test_the_learning_rate_is_typed_doubled_and_halved(panel: Callable[..., Panel]) -> None:
    board = panel()
    board.show(run(10), state="paused")
    rate = board.page.root.get_by_label("Learning rate", exact=True).get_by_role("textbox")
    expect(rate).to_have_value("0.1")
    for text, value in [("0.02", 0.02), ("0,5", 0.5), ("1e-4", 1e-4)]:
        rate.fill(text)
        rate.press("Enter")
        assert board.page.wait_sent(type="lr")["value"] == value
    board.button("Double the learning rate").click()
    assert board.page.wait_sent(type="lr")["value"] == 0.2
    board.button("Halve the learning rate").click()
    assert board.page.wait_sent(type="lr")["value"] == 0.05
    board.news(10, lr=0.05)
    expect(rate).to_have_value("0.05")
    rate.fill("fast")
    rate.press("Enter")
    board.says("“fast” is no learning rate")
    expect(rate).to_have_attribute("aria-invalid", "true")
    assert board.count("lr") == 0


def test_one_cursor_for_all_charts_and_both_runs(panel: Callable[..., Panel]) -> None:
    board = panel()
    board.show(run(60), run(100, "slower"), state="paused")
    root, keyboard = board.page.root, board.page.page.keyboard
    board.chart("Accuracy").hover(position={"x": 150, "y": 60})
    expect(root.locator(".hand")).to_have_count(6)
    expect(root.get_by_text("values at step")).to_be_visible()
    board.page.page.mouse.move(0, 0)
    expect(root.locator(".hand")).to_have_count(0)
    loss = board.chart("Loss")
    loss.focus()
    for key in ("Home", "ArrowRight", "ArrowRight", "Shift+ArrowRight", "ArrowLeft"):
        keyboard.press(key)
    expect(loss).to_have_attribute("aria-valuenow", "12")
    expect(board.chart("Gradient norm")).to_have_attribute("aria-valuenow", "12")
    told = "step 12: this run: train 1.48; slower: train 1.48"
    expect(loss).to_have_attribute("aria-valuetext", told)
    keyboard.press("End")
    told = "this run: train 0.446, validation 0.63; slower: train 0.164, validation 0.181"
    expect(loss).to_have_attribute("aria-valuetext", f"step 100: {told}")
    keyboard.press("Escape")
    expect(root.locator(".hand")).to_have_count(0)


def test_a_second_run_differs_by_its_line_not_its_colour_alone(
    panel: Callable[..., Panel],
) -> None:
    board = panel()
    board.show(run(60), run(100, "slower"), state="paused")
    line = board.page.root.locator("path.line.run-1[data-name=loss]")
    assert line.evaluate("e => getComputedStyle(e).strokeDasharray") == "6px, 3px"
    runs = board.page.root.get_by_role("list", name="Runs").get_by_role("listitem")
    assert [text.strip() for text in runs.all_inner_texts()] == ["this run", "slower"]


def test_smooth_and_log_scale(panel: Callable[..., Panel]) -> None:
    board = panel()
    board.show(run(60), state="paused")
    line = board.page.root.locator("path.line.run-0[data-name=grad_norm]")
    smooth = line.get_attribute("d")
    assert board.page.root.locator("path.raw").count() == 3
    board.page.root.get_by_label("Smooth").uncheck()
    assert board.page.root.locator("path.raw").count() == 0
    assert line.get_attribute("d") != smooth
    smooth = line.get_attribute("d")
    board.page.root.get_by_label("Log scale").check()
    assert line.get_attribute("d") != smooth


def test_changes_of_the_rate_are_marked_in_every_chart(panel: Callable[..., Panel]) -> None:
    board = panel()
    board.show(run(60, marks=(20, 40)), state="paused")
    expect(board.page.root.locator(".flag")).to_have_count(12)


def test_a_failure_is_a_sentence(panel: Callable[..., Panel]) -> None:
    board = panel()
    board.show(run(0))
    board.start()
    words = "The run broke off (NonFiniteLossError). Step 8: the loss is nan."
    board.news(7, state="failed", driver=None, tick=board.view, message=words)
    board.says(words)
    assert board.count("tick") == 2
    expect(board.button("Resume")).to_be_enabled()


def test_a_gap_in_the_news_is_asked_for(panel: Callable[..., Panel]) -> None:
    board = panel()
    board.show(run(10))
    board.until = 20
    board.news(30)
    board.page.wait_sent(type="hello", view=board.view)


def test_a_kernel_that_is_gone_is_named_and_one_that_returns_is_taken_up(
    panel: Callable[..., Panel],
) -> None:
    board = panel()
    board.show(run(10))
    board.start()
    board.page.page.evaluate("model.emit('comm_live_update')")
    board.says("The kernel is gone")
    expect(board.button("Resume")).to_be_disabled()
    assert board.page.violations() == []
    assert board.page.wait_sent(type="hello", view=board.view)
    board.show(run(10), state="paused", driver=None, message="Paused at step 10 of 100.")
    board.says("Paused at step 10 of 100.")
    expect(board.button("Resume")).to_be_enabled()


def test_a_closed_line_is_no_crash(panel: Callable[..., Panel]) -> None:
    board = panel()
    board.show(run(10), state="paused")
    board.page.page.evaluate("void (model.send = () => { throw new Error('comm is closed'); })")
    board.button("Resume").click()
    board.says("The kernel is gone")
    assert board.page.complaints == []


@pytest.mark.parametrize("width", [320, 480, 760])
def test_a_narrow_page_reflows(panel: Callable[..., Panel], width: int) -> None:
    board = panel()
    board.page.page.set_viewport_size({"width": width, "height": 900})
    board.show(run(60), run(100, "slower"), state="paused")
    board.page.page.wait_for_timeout(200)
    assert board.page.page.evaluate("document.documentElement.scrollWidth") <= width
    board.page.screenshot(f"dashboard-{width}")


def test_many_points_stay_few_on_the_screen(panel: Callable[..., Panel]) -> None:
    board = panel()
    board.show(run(0), total=60_000)
    for last in range(2000, 60_001, 2000):
        board.news(last)
    d = board.page.root.locator("path.line[data-name=grad_norm]").get_attribute("d") or ""
    assert 100 < d.count("L") < 1500


def test_forced_colours_and_less_motion(panel: Callable[..., Panel]) -> None:
    board = panel()
    board.page.page.emulate_media(forced_colors="active", reduced_motion="reduce")
    board.show(run(60, marks=(20,)), run(100, "slower"), state="paused")
    stroke = "e => getComputedStyle(e).stroke"
    assert board.page.root.locator("path.line[data-name=loss]").first.evaluate(stroke) != "none"
    board.page.screenshot("dashboard-forced-colours")
