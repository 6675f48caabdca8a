"""The batch inspector's page alone, with a fake kernel: tiles, pages, seed, keys, and access."""

from __future__ import annotations

import pytest
from minidl_widgets import BatchInspector

from minidl.data import DataLoader, Normalize, RandomShift, Transformed, datasets
from minidl.data.transforms import Pad

from .widget import Make, WidgetPage, says


def digits() -> BatchInspector:
    train, test = (datasets.digits(part, flat=False) for part in ("train", "test"))
    moving = Transformed(Transformed(train, Pad(4)), RandomShift(4))
    return BatchInspector(DataLoader(moving, 24, shuffle=True), validation=test)


def wines() -> BatchInspector:
    everybody, train, test = (datasets.wine(part) for part in ("all", "train", "test"))
    scale = Normalize.fit(everybody)
    loader = DataLoader(Transformed(train, scale), 16, shuffle=True)
    return BatchInspector(loader, validation=Transformed(test, scale))


def show(widget_page: Make, inspector: BatchInspector, **options) -> WidgetPage:
    return widget_page(esm=inspector._esm, css=inspector._css, scene=inspector.scene, **options)


def answer(widget: WidgetPage, inspector: BatchInspector, **fields) -> dict:
    """Lets the real kernel's half answer the next such message."""
    asked = widget.wait_sent(**fields)
    inspector._hear(None, asked, [])
    widget.set(scene=inspector.scene)
    return asked


def test_an_item_is_chosen_by_a_click_or_by_keys(widget_page: Make) -> None:
    inspector = digits()
    widget = show(widget_page, inspector)
    tiles = widget.root.locator(".mdl-item")
    assert tiles.count() == 24 and tiles.nth(0).get_attribute("aria-pressed") == "true"
    tiles.nth(3).click()
    answer(widget, inspector, type="go", place=3)
    item = inspector.scene["items"][3]
    assert says(widget).startswith(f"Epoch 1, batch 1 of 60, item {item['index']}, label")
    for key, place in (("ArrowRight", 4), ("End", 23), ("ArrowLeft", 22), ("Home", 0)):
        widget.page.keyboard.press(key)
        answer(widget, inspector, type="go", place=place)
        assert tiles.nth(place).evaluate("tile => tile === document.activeElement")
    widget.page.keyboard.press("ArrowDown")
    below = widget.wait_sent(type="go")["place"]
    boxes = [tiles.nth(i).bounding_box() for i in (0, below)]
    assert boxes[0] and boxes[1]
    assert boxes[1]["x"] == boxes[0]["x"] and boxes[1]["y"] > boxes[0]["y"]
    widget.page.keyboard.press("ArrowLeft")
    assert widget.sent == [], "there is nothing before the first"


def test_batches_and_epochs_are_turned(widget_page: Make) -> None:
    inspector = wines()
    widget = show(widget_page, inspector)
    before = widget.root.get_by_role("button", name="batch before")
    assert before.get_attribute("aria-disabled") == "true"
    before.click(force=True)
    assert widget.sent == []
    widget.root.get_by_role("button", name="next batch").click()
    answer(widget, inspector, type="go", batch=1)
    assert widget.root.get_by_text("batch 2 of 9", exact=True).is_visible()
    widget.root.locator(".mdl-item[tabindex='0']").focus()
    widget.page.keyboard.press("]")
    answer(widget, inspector, type="go", batch=2)
    assert widget.root.locator(".mdl-item").nth(0).evaluate("e => e === document.activeElement")
    widget.page.keyboard.press("[")
    answer(widget, inspector, type="go", batch=1)
    old = widget.root.locator(".mdl-items").inner_text()
    widget.root.get_by_role("button", name="next epoch").click()
    answer(widget, inspector, type="go", epoch=1, batch=1)
    assert widget.root.locator(".mdl-items").inner_text() != old


def test_a_seed_is_typed(widget_page: Make) -> None:
    inspector = wines()
    widget = show(widget_page, inspector)
    old = widget.root.locator(".mdl-items").inner_text()
    field = widget.root.get_by_label("seed")
    field.fill("5")
    field.press("Enter")
    answer(widget, inspector, type="seed", seed="5")
    assert widget.root.locator(".mdl-items").inner_text() != old
    field.fill("many")
    field.press("Enter")
    answer(widget, inspector, type="seed", seed="many")
    assert "whole number" in widget.root.locator(".mdl-notice").inner_text()


def test_steps_numbers_and_alarms_are_read(widget_page: Make) -> None:
    widget = show(widget_page, digits())
    steps = widget.root.locator(".mdl-steps li")
    assert steps.count() == 3
    assert "random" in steps.nth(2).inner_text() and "random" not in steps.nth(1).inner_text()
    assert "1×16×16" in steps.nth(2).inner_text()
    assert widget.root.locator(".mdl-chart").count() == 2

    inspector = wines()
    widget = show(widget_page, inspector)
    alarm = widget.root.locator(".mdl-alarm")
    assert "measured on both sets together" in alarm.inner_text()
    assert says(widget).endswith("1 alarm: see leaks.")
    widget.root.get_by_label("numbers of").select_option("13")
    answer(widget, inspector, type="compare", feature=13)
    chart = widget.root.get_by_role("img", name="before all steps")
    assert "278 to 1680" in (chart.get_attribute("aria-label") or "")


def test_only_the_latest_wish_is_kept_while_the_kernel_works(widget_page: Make) -> None:
    inspector = digits()
    widget = show(widget_page, inspector)
    tiles = widget.root.locator(".mdl-item")
    for place in (1, 2, 5):
        tiles.nth(place).click()
    answer(widget, inspector, type="go", place=1)
    assert answer(widget, inspector, type="go")["place"] == 5
    assert widget.sent == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("make", [digits, wines])
def test_nothing_stands_in_anybodys_way(widget_page: Make, theme: str, make) -> None:
    widget = show(widget_page, make(), theme=theme)
    widget.root.locator(".mdl-item[tabindex='0']").focus()
    assert widget.violations() == []
    widget.screenshot(f"inspector-{make.__name__}-{theme}")
    assert widget.complaints == [] and widget.strays == []
    assert widget.dispose() == 0


def test_forced_colours_keep_what_is_chosen(widget_page: Make) -> None:
    widget = show(widget_page, digits())
    widget.page.emulate_media(forced_colors="active")
    widget.screenshot("inspector-forced")
    chosen, other = (widget.root.locator(".mdl-item").nth(i) for i in (0, 1))
    colour = "tile => getComputedStyle(tile).borderTopColor"
    assert chosen.evaluate(colour) != other.evaluate(colour)


def test_the_keyboard_stays_where_two_answers_come_late(widget_page: Make) -> None:
    """A key is pressed while the kernel still works on a click: both answers redraw the tiles."""
    inspector = digits()
    widget = show(widget_page, inspector)
    tiles = widget.root.locator(".mdl-item")
    tiles.nth(2).click()
    widget.page.keyboard.press("]")
    answer(widget, inspector, type="go", place=2)
    answer(widget, inspector, type="go", batch=1)
    assert tiles.nth(0).evaluate("tile => tile === document.activeElement")


def test_quick_fingers_are_not_slowed_by_the_kernel(widget_page: Make) -> None:
    inspector = digits()
    widget = show(widget_page, inspector)
    for _ in range(4):
        widget.root.get_by_role("button", name="next batch").click()
    answer(widget, inspector, type="go", batch=1)
    answer(widget, inspector, type="go", batch=4)
    assert widget.root.get_by_text("batch 5 of 60", exact=True).is_visible()
