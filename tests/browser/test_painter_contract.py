"""The kernel painter's page alone, with a fake kernel: brush, fields, points, keys, and access."""

from __future__ import annotations

import numpy as np
import pytest
from minidl_widgets import KernelPainter

import minidl
from minidl import nn

from .widget import Make, WidgetPage, says

PICTURE = np.add.outer(np.arange(12), np.arange(16)) % 5


def show(widget_page: Make, painter: KernelPainter, **options) -> WidgetPage:
    widget = widget_page(esm=painter._esm, css=painter._css, scene=painter.scene, **options)
    widget.page.emulate_media(reduced_motion="reduce")
    return widget


def looking() -> KernelPainter:
    minidl.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
    return KernelPainter(PICTURE, model=model)


def frame(widget: WidgetPage, part: str = ".mdl-picture") -> list[float]:
    box = widget.root.locator(f"{part} .mdl-frame")
    return [float(box.get_attribute(name) or 0) for name in ("x", "y", "width", "height")]


def test_pointing_at_a_number_frames_what_it_looks_at(widget_page: Make) -> None:
    widget = show(widget_page, KernelPainter(PICTURE, stride=2, padding=1))
    assert "Point at a number" in says(widget)
    area = widget.root.locator(".mdl-map .mdl-image").bounding_box()
    assert area
    widget.page.mouse.move(
        area["x"] + area["width"] * 3.5 / 8, area["y"] + area["height"] * 2.5 / 6
    )
    assert frame(widget) == [5, 3, 3, 3] and frame(widget, ".mdl-map") == [3, 2, 1, 1]
    assert says(widget).startswith("map, row 2, column 3: ")
    assert says(widget).endswith("It looks at rows 3 to 5 and columns 5 to 7 of picture.")
    widget.page.mouse.move(area["x"] + 2, area["y"] + 2)
    assert "partly outside, where zeros stand" in says(widget)


def test_arrow_keys_walk_over_the_map(widget_page: Make) -> None:
    widget = show(widget_page, KernelPainter(PICTURE))
    widget.root.locator(".mdl-map").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        widget.page.keyboard.press(key)
    assert frame(widget) == [2, 1, 3, 3]
    for _ in range(20):
        widget.page.keyboard.press("ArrowUp")
    assert frame(widget) == [2, 0, 3, 3], "there is nothing above"


def test_dilation_marks_each_dot(widget_page: Make) -> None:
    widget = show(widget_page, KernelPainter(PICTURE, dilation=3))
    widget.root.locator(".mdl-map").focus()
    assert frame(widget) == [0, 0, 7, 7]
    assert widget.root.locator(".mdl-picture .mdl-dot").count() == 9


def test_a_brush_paints_where_it_is_drawn(widget_page: Make) -> None:
    painter = KernelPainter(PICTURE, [[0] * 3] * 3)
    widget = show(widget_page, painter)
    widget.root.get_by_role("button", name="+1").click()
    cells = widget.root.locator(".mdl-weight")
    first, last = cells.nth(0).bounding_box(), cells.nth(2).bounding_box()
    assert first and last
    widget.page.mouse.move(first["x"] + 20, first["y"] + 20)
    widget.page.mouse.down()
    widget.page.mouse.move(last["x"] + 20, last["y"] + 20, steps=12)
    widget.page.mouse.up()
    widget.page.mouse.move(last["x"] + 20, last["y"] + 70, steps=4)
    assert widget.wait_sent(kernel=[[1, 1, 1], [0, 0, 0], [0, 0, 0]])["type"] == "paint"
    assert [cells.nth(i).get_attribute("data-sign") for i in (0, 8)] == ["plus", "zero"]


def test_numbers_are_typed_and_the_kernel_answers(widget_page: Make) -> None:
    painter = KernelPainter(PICTURE)
    widget = show(widget_page, painter)
    widget.root.get_by_label("row 1, column 1").fill("4")
    asked = widget.wait_sent(type="paint")
    assert asked["kernel"][1] == [-1, 4, 1]
    painter._hear(None, asked, [])
    widget.set(scene=painter.scene)
    widget.root.get_by_label("stride").fill("2")
    asked = widget.wait_sent(type="turn")
    assert asked == {"type": "turn", "name": "stride", "value": 2}
    painter._hear(None, asked, [])
    widget.set(scene=painter.scene)
    assert "map 5 x 7" in widget.root.inner_text()
    widget.root.get_by_role("button", name="blur").click()
    painter._hear(None, widget.wait_sent(type="paint"), [])
    widget.set(scene=painter.scene)
    assert widget.root.get_by_label("row 0, column 0").input_value() == "0.111"
    widget.root.get_by_label("size").select_option("5")
    painter._hear(None, widget.wait_sent(type="paint"), [])
    widget.set(scene=painter.scene)
    assert widget.root.locator(".mdl-weight").count() == 25
    painter.turn(dilation=9)
    widget.set(scene=painter.scene)
    assert says(widget) == "There is no map."
    assert widget.root.locator(".mdl-notice").inner_text() != ""


def test_a_late_answer_undoes_no_stroke(widget_page: Make) -> None:
    """The kernel is slow: its answer to the first number comes when the second is typed."""
    painter = KernelPainter(PICTURE)
    widget = show(widget_page, painter)
    widget.root.get_by_label("row 0, column 0").fill("4")
    first = widget.wait_sent(type="paint")
    widget.root.get_by_label("row 2, column 2").fill("7")
    painter._hear(None, first, [])
    widget.set(scene=painter.scene)
    assert widget.root.get_by_label("row 2, column 2").input_value() == "7"
    second = widget.wait_sent(type="paint")
    assert (second["kernel"][0][0], second["kernel"][2][2]) == (4, 7)
    painter._hear(None, second, [])
    painter.paint([[0] * 3] * 3)
    widget.set(scene=painter.scene)
    assert widget.root.get_by_label("row 2, column 2").input_value() == "0", "no stroke waits"


def test_exact_numbers_survive_a_change_beside_them(widget_page: Make) -> None:
    """A ninth is shown as 0.111; what is not touched stays a ninth."""
    widget = show(widget_page, KernelPainter(PICTURE, [[1 / 9] * 3] * 3))
    widget.root.get_by_label("row 0, column 0").fill("1")
    assert widget.wait_sent(type="paint")["kernel"][1] == [1 / 9] * 3


def test_maps_of_a_network_are_walked_through(widget_page: Make) -> None:
    painter = looking()
    widget = show(widget_page, painter)
    assert widget.root.locator(".mdl-map").count() == 4
    widget.root.locator(".mdl-map[tabindex='0']").focus()
    widget.page.keyboard.press("]")
    assert says(widget).startswith("map 1, row 0, column 0")
    widget.root.get_by_label("layer").select_option("2")
    asked = widget.wait_sent(type="look")
    assert asked == {"type": "look", "layer": 2}
    painter._hear(None, asked, [])
    widget.set(scene=painter.scene)
    assert "2 MaxPool2d: 4 maps of 6 x 8" in widget.root.inner_text()
    assert frame(widget) == [-1, -1, 4, 4]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("make", [lambda: KernelPainter(PICTURE, dilation=2), looking])
def test_nothing_stands_in_anybodys_way(widget_page: Make, theme: str, make) -> None:
    painter = make()
    widget = show(widget_page, painter, theme=theme)
    widget.root.locator(".mdl-map[tabindex='0']").focus()
    widget.page.keyboard.press("ArrowRight")
    assert widget.violations() == []
    widget.screenshot(f"painter-{painter.scene['mode']}-{theme}")
    assert widget.complaints == [] and widget.strays == []
    assert widget.dispose() == 0


def test_forced_colours_keep_the_frame(widget_page: Make) -> None:
    widget = show(widget_page, KernelPainter(PICTURE))
    widget.page.emulate_media(forced_colors="active")
    widget.root.locator(".mdl-map").focus()
    assert widget.root.locator(".mdl-picture .mdl-frame").is_visible()
    widget.screenshot("painter-forced")
