"""The landscape race's page alone, with a fake kernel: drag, keys, fields, time, and access."""

from __future__ import annotations

import pytest
from minidl_widgets import LandscapeRace

from minidl import optim

from .widget import Make, WidgetPage, says

RACERS = {
    "SGD": lambda ps: optim.SGD(ps, lr=0.02),
    "momentum": lambda ps: optim.SGD(ps, lr=0.02, momentum=0.8),
    "RMSprop": lambda ps: optim.RMSprop(ps, lr=0.05, alpha=0.9),
    "Adam": lambda ps: optim.Adam(ps, lr=0.15),
}


def valley(x, y):
    return 0.5 * x**2 + 20 * y**2


def a_race(racers=RACERS) -> LandscapeRace:
    return LandscapeRace(valley, racers, (-2.0, 1.0), 40, (-2.4, 2.4), (-1.2, 1.2))


def show(widget_page: Make, race: LandscapeRace, **options) -> WidgetPage:
    files = {"esm": race._esm, "css": race._css}
    return widget_page(**files, scene=race.scene, **{"step": race.step, **options})


def test_the_end_is_told_and_time_goes_both_ways(widget_page: Make) -> None:
    widget = show(widget_page, a_race())
    assert says(widget).startswith("After 40 steps momentum is lowest, at 0.00068")
    widget.root.get_by_role("button", name="Back").click()
    assert widget.saved[-1] == {"step": 39}
    widget.root.get_by_role("button", name="Back").press("]")
    assert widget.saved[-1] == {"step": 40}
    widget.root.get_by_role("slider", name="step").fill("0")
    assert says(widget) == "All start at −2, 1, at height 22."
    points = widget.root.locator("polyline.mdl-way").first.get_attribute("points")
    assert points is not None and points.count(",") == 1


def test_play_runs_to_the_end_and_is_paused(widget_page: Make) -> None:
    widget = show(widget_page, a_race(), step=0)
    widget.root.get_by_role("button", name="Play").click()
    widget.page.wait_for_function("kernel.traits.step > 2")
    widget.root.get_by_role("button", name="Pause").click()
    stopped = widget.get("step")
    assert 2 < stopped < 40 and widget.saved[-1] == {"step": stopped}
    widget.page.emulate_media(reduced_motion="reduce")
    widget.root.get_by_role("button", name="Play").click()
    assert widget.get("step") == 40, "shown, not played"


def test_the_start_is_dragged_and_one_question_is_asked_at_a_time(widget_page: Make) -> None:
    race = a_race()
    widget = show(widget_page, race)
    box = widget.root.locator(".mdl-map").bounding_box()
    assert box is not None
    mouse = widget.page.mouse
    mouse.move(box["x"] + box["width"] / 12, box["y"] + box["height"] / 12)
    mouse.down()
    for part in (3, 4, 5, 6):
        mouse.move(box["x"] + box["width"] * part / 8, box["y"] + box["height"] / 4)
    mouse.up()
    assert len(widget.sent) == 1, "the others wait for the answer"
    race._hear(None, widget.sent[0], [])
    widget.set(scene=race.scene)
    asked = widget.sent[1]
    assert asked["type"] == "start"
    assert (asked["x"], asked["y"]) == pytest.approx((1.2, 0.6), abs=0.03)
    race._hear(None, asked, [])
    widget.set(scene=race.scene)
    label = widget.root.locator(".mdl-start").get_attribute("aria-label")
    assert label is not None and label.startswith("Start at 1.2") and len(widget.sent) == 2


def test_arrow_keys_move_the_start(widget_page: Make) -> None:
    race = a_race()
    widget = show(widget_page, race)
    widget.root.locator(".mdl-start").focus()
    for key, place in (
        ("ArrowRight", (-1.88, 1.0)),
        ("ArrowDown", (-1.88, 0.94)),
        ("Shift+ArrowLeft", (-1.904, 0.94)),
    ):
        widget.page.keyboard.press(key)
        asked = widget.wait_sent(type="start")
        assert (asked["x"], asked["y"]) == pytest.approx(place)
        race._hear(None, asked, [])
        widget.set(scene=race.scene)
    assert widget.page.evaluate("document.activeElement.classList.contains('mdl-start')")


def test_a_rate_is_typed_and_the_cursor_stays(widget_page: Make) -> None:
    race = a_race()
    widget = show(widget_page, race)
    field = widget.root.get_by_label("learning rate of SGD")
    field.fill("0.06")
    field.press("Enter")
    asked = widget.wait_sent(type="rate")
    assert asked == {"type": "rate", "name": "SGD", "rate": "0.06"}
    race._hear(None, asked, [])
    widget.set(scene=race.scene)
    assert field.input_value() == "0.06"
    assert widget.page.evaluate("document.activeElement.dataset.name") == "SGD"
    widget.root.get_by_role("button", name="First start, first rates").click()
    assert widget.wait_sent(type="reset")


def test_who_is_lost_is_told(widget_page: Make) -> None:
    widget = show(widget_page, a_race({"wild": lambda ps: optim.SGD(ps, lr=1e30)}))
    assert "wild left all numbers behind" in widget.root.locator(".mdl-notice").inner_text()
    assert says(widget) == "Step 40: nobody is left."
    assert widget.violations() == [] and widget.complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(widget_page: Make, theme: str) -> None:
    widget = show(widget_page, a_race(), theme=theme)
    widget.root.locator(".mdl-start").focus()
    assert widget.violations() == []
    widget.screenshot(f"landscape-{theme}")
    assert (widget.complaints, widget.strays) == ([], [])


def test_forced_colours_and_a_clean_end(widget_page: Make) -> None:
    widget = show(widget_page, a_race(), step=20)
    widget.page.emulate_media(forced_colors="active", reduced_motion="reduce")
    assert widget.violations() == []
    dashes = widget.root.locator(".mdl-map polyline.mdl-way").evaluate_all(
        "lines => lines.map(line => line.getAttribute('stroke-dasharray'))"
    )
    assert len(set(dashes)) == 4, "told apart without colour"
    widget.screenshot("landscape-forced-colours")
    assert widget.dispose() == 0
