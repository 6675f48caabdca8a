"""The two explorers' pages alone, with a fake kernel: clicks, keys, fields, steps, and access."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from minidl_widgets import BroadcastExplorer, StrideExplorer

from ..widgets.windows import forgetful, solution
from .widget import Make, WidgetPage, says

Array = solution()["Array"]


def strides(*changes: tuple[str, str], array: type = Array) -> StrideExplorer:
    explorer = StrideExplorer(array(np.arange(12), (3, 4)))
    for way, text in changes:
        explorer.change(way, text)
    return explorer


def broadcasts(x: str = "4, 3", y: str = "3") -> BroadcastExplorer:
    explorer = BroadcastExplorer(np.ones(1), np.ones(1), "-")
    explorer.shapes(x, y)
    return explorer


def show(widget_page: Make, explorer, **options) -> WidgetPage:
    files = {"esm": explorer._esm, "css": explorer._css}
    widget = widget_page(**files, scene=explorer.scene, **options)
    widget.page.emulate_media(reduced_motion="reduce")
    return widget


def chosen(widget: WidgetPage, part: str) -> list[str]:
    return widget.root.locator(f"{part} .mdl-cell[aria-current]").all_inner_texts()


def test_a_click_shows_the_place_and_the_sum(widget_page: Make) -> None:
    widget = show(widget_page, strides(("permute", "1, 0")))
    widget.root.locator(".mdl-array .mdl-cell").nth(5).click()
    assert says(widget) == "[1, 2] reads place 9 = 0 + 1 · 1 + 2 · 4, and finds 9."
    assert chosen(widget, ".mdl-array") == ["9"]
    assert chosen(widget, ".mdl-buffer") == ["9\n9"], "the number, and its place below"
    assert widget.root.locator(".mdl-wire").count() == 2
    widget.root.locator(".mdl-buffer .mdl-cell").nth(3).click()
    assert says(widget).startswith("[3, 0] reads place 3")


def test_arrow_keys_walk_in_the_order_of_reading(widget_page: Make) -> None:
    widget = show(widget_page, strides())
    cells = widget.root.locator(".mdl-array .mdl-cell")
    assert widget.root.locator(".mdl-array .mdl-cell[tabindex='0']").count() == 1
    cells.first.focus()
    for key, text in [
        ("ArrowRight", "1"),
        ("ArrowDown", "5"),
        ("ArrowLeft", "4"),
        ("ArrowLeft", "3"),
    ]:
        widget.page.keyboard.press(key)
        assert widget.page.evaluate("document.activeElement.textContent") == text
        assert chosen(widget, ".mdl-array") == [text]
    widget.page.keyboard.press("ArrowUp")
    assert chosen(widget, ".mdl-array") == ["3"], "there is nothing above"
    widget.root.locator(".mdl-buffer .mdl-cell[tabindex='0']").focus()
    widget.page.keyboard.press("ArrowRight")
    assert chosen(widget, ".mdl-array") == ["4"]


def test_a_change_is_typed_and_the_kernel_answers(widget_page: Make) -> None:
    explorer = strides()
    widget = show(widget_page, explorer)
    field = widget.root.get_by_role("textbox", name="permute")
    field.focus()
    widget.page.keyboard.type("1, 0")
    assert widget.sent == [], "nothing is asked before Enter"
    widget.page.keyboard.press("Enter")
    asked = widget.wait_sent(type="change")
    assert asked == {"type": "change", "way": "permute", "text": "1, 0"}
    explorer._hear(None, asked, [])
    widget.set(scene=explorer.scene)
    assert field.input_value() == "" and "permute" in widget.root.inner_text()
    assert "(4, 3)" in widget.root.locator(".mdl-facts").inner_text()
    widget.root.get_by_role("button", name="Undo").click()
    assert widget.wait_sent(type="undo") == {"type": "undo"}
    explorer.change("reshape", "5")
    widget.set(scene=explorer.scene)
    assert "do not fill the shape" in widget.root.locator(".mdl-notice").inner_text()
    widget.root.get_by_role("button", name="Start again").click()
    assert widget.wait_sent(type="reset") == {"type": "reset"}


def test_what_is_read_often_and_what_never(widget_page: Make) -> None:
    widget = show(widget_page, strides(("slice", "1:2, ::2"), ("expand", "3, 2")))
    assert widget.root.locator(".mdl-times").all_inner_texts() == ["×3", "×3"]
    assert widget.root.locator(".mdl-cell[data-kind='unread']").count() == 10
    widget.root.locator(".mdl-array .mdl-cell").nth(2).click()
    assert says(widget).endswith("3 numbers are read from this place.")
    assert widget.root.locator(".mdl-twin").count() == 2
    widget.root.locator(".mdl-buffer .mdl-cell").nth(0).click()
    assert says(widget) == "Place 0 holds 0, and is read by no index that is drawn."
    assert widget.root.locator(".mdl-wire").count() == 0


def test_a_wrong_class_is_marked_by_more_than_colour(widget_page: Make) -> None:
    widget = show(widget_page, strides(("permute", "1, 0"), array=forgetful()))
    assert "9 numbers are not what NumPy has" in widget.root.locator(".mdl-notice").inner_text()
    wrong = widget.root.locator(".mdl-cell[data-kind='differs']").first
    assert "underline" in wrong.evaluate("cell => getComputedStyle(cell).textDecorationLine")
    assert widget.violations() == []
    widget.screenshot("strides-wrong")


def test_an_empty_array(widget_page: Make) -> None:
    widget = show(widget_page, StrideExplorer(np.zeros((3, 0))))
    assert says(widget) == "There are no numbers here: one of the sizes is 0."
    assert widget.violations() == [] and widget.complaints == []


def test_steps_by_keys_and_buttons(widget_page: Make) -> None:
    explorer = broadcasts()
    story = explorer.story()
    widget = show(widget_page, explorer, step=0)
    forward = widget.root.get_by_role("button", name="Forward")
    forward.focus()
    for sentence in story[1:3]:
        widget.page.keyboard.press("]")
        assert says(widget) == sentence
    widget.page.keyboard.press("[")
    assert (says(widget), widget.saved[-1]) == (story[1], {"step": 1})
    assert widget.root.locator("td[aria-current='step']").all_inner_texts() == ["3", "3", "3"]
    assert not widget.root.locator(".mdl-sides").is_visible()
    widget.root.get_by_role("button", name="Last step").click()
    assert says(widget) == story[-1] and widget.root.locator(".mdl-sides").is_visible()
    assert forward.get_attribute("aria-disabled") == "true"
    widget.set(step=0)
    assert says(widget) == story[0]


def test_a_number_of_the_result_tells_what_it_is_made_of(widget_page: Make) -> None:
    widget = show(widget_page, broadcasts(), step=3)
    result = widget.root.get_by_role("group", name="x − y: arrow keys move")
    result.locator(".mdl-cell").nth(4).click()
    assert says(widget) == "[1, 1]: x[1, 1] − y[1] = 4 − 1 = 3."
    assert chosen(widget, ".mdl-sides") == ["4", "1", "3"]
    widget.page.keyboard.press("ArrowDown")
    assert says(widget).startswith("[2, 1]:")
    assert widget.root.locator(".mdl-cell[data-kind='ghost']").count() == 9


def test_shapes_are_typed_and_a_clash_is_drawn(widget_page: Make) -> None:
    explorer = broadcasts()
    widget = show(widget_page, explorer, step=2)
    widget.root.get_by_label("shape of x").fill("2, 3")
    widget.root.get_by_label("shape of y").fill("2, 4")
    widget.root.get_by_label("shape of y").press("Enter")
    asked = widget.wait_sent(type="shapes")
    assert asked == {"type": "shapes", "x": "2, 3", "y": "2, 4"}
    explorer._hear(None, asked, [])
    widget.set(scene=explorer.scene, step=explorer.step)
    widget.root.get_by_role("button", name="Forward").click()
    assert (
        says(widget) == "3 and 4 differ, and neither is 1: these shapes do not fit. Here it ends."
    )
    clash = widget.root.locator("td[data-state='clash']")
    assert clash.all_inner_texts() == ["3", "4", "≠ do not fit"]
    assert "raises ShapeError" in widget.root.locator(".mdl-left").inner_text()
    assert widget.violations() == []
    widget.screenshot("broadcasts-clash")
    explorer.shapes("2, q", "2")
    widget.set(scene=explorer.scene)
    assert "no list of whole numbers" in widget.root.locator(".mdl-notice").inner_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(widget_page: Make, theme: str) -> None:
    widget = show(widget_page, strides(("permute", "1, 0"), ("slice", "::-1")), theme=theme)
    widget.root.locator(".mdl-array .mdl-cell").nth(1).click()
    assert widget.violations() == []
    widget.screenshot(f"strides-{theme}")
    assert (widget.complaints, widget.strays) == ([], [])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_other(widget_page: Make, theme: str) -> None:
    widget = show(widget_page, broadcasts("2, 4, 1", "3"), step=0, theme=theme)
    for step in range(5):
        widget.set(step=step)
        assert widget.violations() == []
    widget.root.locator(".mdl-sides .mdl-cell").nth(30).click()
    widget.screenshot(f"broadcasts-{theme}")
    assert (widget.complaints, widget.strays) == ([], [])


@pytest.mark.parametrize("explorer", [strides, broadcasts])
def test_forced_colours_and_a_clean_end(widget_page: Make, explorer: Callable) -> None:
    widget = show(widget_page, explorer(), step=3)
    widget.page.emulate_media(forced_colors="active", reduced_motion="reduce")
    widget.root.locator(".mdl-cell").nth(1).click()
    assert widget.violations() == []
    widget.screenshot(f"arrays-forced-colours-{explorer.__name__}")
    assert widget.dispose() == 0
