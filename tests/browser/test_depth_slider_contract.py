"""The depth slider's page alone, with a fake kernel: slider, switches, both charts, and access."""

from __future__ import annotations

import pytest
from minidl_widgets import DepthSlider

import minidl
from minidl import nn

from .widget import Make, WidgetPage, says


def deep(depth: int, norm: bool = False) -> nn.Sequential:
    pairs = [(nn.Linear(8, 8), nn.LayerNorm(8) if norm else nn.ReLU()) for _ in range(depth)]
    return nn.Sequential(*(part for pair in pairs for part in pair))


def slider(make=deep) -> DepthSlider:
    minidl.manual_seed(0)
    return DepthSlider(make, minidl.randn(16, 8), minidl.tensor([0] * 16), depths=(2, 5, 9))


def show(widget_page: Make, made: DepthSlider, **options) -> WidgetPage:
    return widget_page(esm=made._esm, css=made._css, scene=made.scene, **options)


def answer(widget: WidgetPage, made: DepthSlider, **fields) -> None:
    """The kernel takes the next message with these fields, and its answer reaches the page."""
    made._hear(None, widget.wait_sent(type="change", **fields), [])
    widget.set(scene=made.scene)


def points(widget: WidgetPage, curve: int = 0) -> int:
    line = widget.root.locator("polyline").nth(curve).get_attribute("points")
    return len((line or "").split())


def test_the_slider_asks_for_another_depth(widget_page: Make) -> None:
    made = slider()
    widget = show(widget_page, made)
    assert says(widget).startswith("depth 9. At the start: gradient ") and points(widget) == 9
    slide = widget.root.get_by_role("slider", name="depth")
    slide.press("ArrowLeft")
    assert slide.get_attribute("aria-valuetext") == "depth 8"
    answer(widget, made, depth=8, seed=0, chosen={"norm": 0})
    assert says(widget).startswith("depth 8. ") and points(widget) == 8
    for depth in ("7", "6", "4"):
        slide.fill(depth)
    answer(widget, made, depth=7)
    assert slide.input_value() == "4", "the answer to an earlier wish moves nothing"
    answer(widget, made, depth=4)
    assert widget.sent == [] and points(widget) == 4


def test_switches_and_other_dice(widget_page: Make) -> None:
    made = slider()
    widget = show(widget_page, made)
    norm = widget.root.get_by_role("group", name="norm")
    assert norm.get_by_role("button", name="off").get_attribute("aria-pressed") == "true"
    norm.get_by_role("button", name="on").click()
    answer(widget, made, chosen={"norm": 1})
    assert norm.get_by_role("button", name="on").get_attribute("aria-pressed") == "true"
    assert says(widget).startswith("depth 9, norm. ")
    widget.root.get_by_role("button", name="Throw other dice").click()
    answer(widget, made, seed=1)
    assert "Dice 1." in widget.root.inner_text()


def test_both_charts_are_walked_through_and_pointed_at(widget_page: Make) -> None:
    widget = show(widget_page, slider())
    layers, depths = (widget.root.locator(".mdl-plot").nth(i) for i in (0, 1))
    layers.focus()
    widget.page.keyboard.press("End")
    assert says(widget).startswith("Step 9, 16 Linear: signal ")
    depths.focus()
    widget.page.keyboard.press("ArrowRight")
    widget.page.keyboard.press("ArrowRight")
    assert says(widget).startswith("Depth 5: gradient ") and "the loss begins at" in says(widget)
    layers.hover(position={"x": 80, "y": 40})
    assert says(widget).startswith("Step 1, 0 Linear")
    assert widget.root.locator(".mdl-now").count() == 1


def test_a_network_that_does_not_run_is_told_of(widget_page: Make) -> None:
    widget = show(widget_page, slider(lambda depth: 3))
    notice = widget.root.locator(".mdl-notice").inner_text()
    assert "TypeError: the builder made a int, and no Module" in notice
    assert (says(widget), widget.complaints) == ("", [])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(widget_page: Make, theme: str) -> None:
    widget = show(widget_page, slider(), theme=theme)
    widget.screenshot(f"depths-{theme}")
    widget.root.locator(".mdl-plot").first.focus()
    widget.page.keyboard.press("ArrowRight")
    assert widget.violations() == []
    assert (widget.complaints, widget.strays) == ([], [])
    assert widget.dispose() == 0


def test_forced_colours_keep_the_curves_apart(widget_page: Make) -> None:
    widget = show(widget_page, slider())
    widget.page.emulate_media(forced_colors="active", reduced_motion="reduce")
    assert widget.violations() == []
    dashes = widget.root.locator("polyline").evaluate_all(
        "lines => lines.map(line => line.getAttribute('stroke-dasharray'))"
    )
    assert len(dashes) == 6 and len(set(dashes)) == 3
