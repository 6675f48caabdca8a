"""The signal board's page alone, with a fake kernel: slider, buttons, layers, and access."""

from __future__ import annotations

import pytest
from minidl_widgets import SignalBoard

import minidl
from minidl import nn

from .widget import Make, WidgetPage, says


def deep() -> nn.Sequential:
    pairs = [(nn.Linear(20, 20), nn.ReLU()) for _ in range(12)]
    return nn.Sequential(*(part for pair in pairs for part in pair))


def board(**options) -> SignalBoard:
    minidl.manual_seed(0)
    return SignalBoard(deep, minidl.randn(30, 20), begin="He", **options)


def show(widget_page: Make, made: SignalBoard, **options) -> WidgetPage:
    return widget_page(esm=made._esm, css=made._css, scene=made.scene, **options)


def answer(widget: WidgetPage, made: SignalBoard, **fields) -> None:
    """The kernel takes the next message with these fields, and its answer reaches the page."""
    made._hear(None, widget.wait_sent(type="begin", **fields), [])
    widget.set(scene=made.scene)


def points(widget: WidgetPage, curve: int = 0) -> list[str]:
    line = widget.root.locator("polyline").nth(curve).get_attribute("points")
    return (line or "").split()


def test_the_slider_begins_the_network_anew(widget_page: Make) -> None:
    made = board()
    widget = show(widget_page, made)
    assert says(widget).startswith("He × 1. Forward, the signal goes from")
    before = points(widget)
    slider = widget.root.get_by_role("slider", name="scale of the first weights")
    slider.fill("-30")
    assert widget.root.get_by_label("scale, typed").input_value() == "0.501"
    assert slider.get_attribute("aria-valuetext") == "times 0.501"
    answer(widget, made, begin="He", scale=0.5012, seed=0)
    assert "it vanishes" in says(widget) and points(widget) != before
    slider.press("ArrowRight")
    answer(widget, made, scale=0.5129)


def test_one_question_is_asked_at_a_time(widget_page: Make) -> None:
    made = board()
    widget = show(widget_page, made)
    slider = widget.root.get_by_role("slider")
    for place in ("10", "20", "30"):
        slider.fill(place)
    assert [one["scale"] for one in widget.sent] == [1.259]
    answer(widget, made, scale=1.259)
    assert slider.input_value() == "30", "the answer to an earlier wish moves nothing"
    answer(widget, made, scale=1.995)
    assert "it explodes" in says(widget) and widget.sent == []


def test_presets_other_dice_and_a_typed_scale(widget_page: Make) -> None:
    made = board()
    widget = show(widget_page, made)
    xavier = widget.root.get_by_role("button", name="Xavier")
    xavier.click()
    answer(widget, made, begin="Xavier", scale=1)
    assert xavier.get_attribute("aria-pressed") == "true"
    assert "First weights by minidl’s xavier_normal_." in widget.root.inner_text()
    field = widget.root.get_by_label("scale, typed")
    field.fill("1,41")
    field.press("Enter")
    answer(widget, made, scale=1.41)
    assert "it stays alive" in says(widget)
    widget.root.get_by_role("button", name="Throw other dice").click()
    answer(widget, made, seed=1)
    assert "Dice 1." in widget.root.inner_text()
    field.fill("a lot")
    field.press("Enter")
    assert field.input_value() == "1.41" and widget.sent == []
    field.fill("5000")
    field.press("Enter")
    answer(widget, made, scale=5000)
    notice = widget.root.locator(".mdl-notice").inner_text()
    assert notice == "A scale lies between 0.01 and 100."
    widget.root.get_by_role("button", name="Scale 1").click()
    answer(widget, made, scale=1)


def test_layers_are_walked_through_and_pointed_at(widget_page: Make) -> None:
    widget = show(widget_page, board())
    plot = widget.root.locator(".mdl-plot")
    plot.focus()
    for key in ("ArrowRight", "ArrowRight"):
        widget.page.keyboard.press(key)
    assert says(widget).startswith("Step 2, 2 Linear: signal ") and "gradient" in says(widget)
    widget.page.keyboard.press("End")
    assert says(widget).startswith("Step 12, 22 Linear")
    widget.page.keyboard.press("ArrowRight")
    assert says(widget).startswith("Step 12,"), "there is nothing behind"
    box = plot.bounding_box()
    assert box
    widget.page.mouse.move(box["x"] + box["width"] * 0.12, box["y"] + 40)
    assert says(widget).startswith("Step 1, 0 Linear")
    widget.root.get_by_role("button", name="every part").click()
    assert len(points(widget)) == 24 and len(points(widget, 2)) == 12
    plot.focus()
    widget.page.keyboard.press("ArrowRight")
    widget.page.keyboard.press("ArrowRight")
    assert says(widget).startswith("Step 2, 1 ReLU") and "zeros" in says(widget)


def test_what_left_the_picture_is_marked_at_its_edge(widget_page: Make) -> None:
    made = SignalBoard(lambda: nn.Sequential(deep(), deep()), minidl.ones(2, 20), begin="He")
    made.change(scale=100)
    widget = show(widget_page, made)
    assert widget.root.locator(".mdl-edge").count() > 0
    assert "the signal has left all numbers behind from step" in says(widget)
    broken = SignalBoard(lambda: 3, minidl.ones(1))
    widget.set(scene={**broken.scene, "begins": made.scene["begins"]})
    assert "TypeError: the builder made" in widget.root.locator(".mdl-notice").inner_text()
    assert widget.root.locator(".mdl-dot").count() == 3, "those of the legend"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("scale", [0.8, 100.0])
def test_axe_finds_nothing(widget_page: Make, theme: str, scale: float) -> None:
    widget = show(widget_page, board(scale=scale), theme=theme)
    widget.screenshot(f"signals-{scale:g}-{theme}")
    widget.root.locator(".mdl-plot").focus()
    widget.page.keyboard.press("ArrowRight")
    assert widget.violations() == []
    assert (widget.complaints, widget.strays) == ([], [])
    assert widget.dispose() == 0


def test_forced_colours_keep_the_curves_apart(widget_page: Make) -> None:
    widget = show(widget_page, board())
    widget.page.emulate_media(forced_colors="active", reduced_motion="reduce")
    assert widget.violations() == []
    dashes = widget.root.locator("polyline").evaluate_all(
        "lines => lines.map(line => line.getAttribute('stroke-dasharray'))"
    )
    assert len(set(dashes)) == 3
    widget.screenshot("signals-forced")
