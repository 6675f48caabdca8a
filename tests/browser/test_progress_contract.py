"""The progress widget's page alone, with a fake kernel: keys, sentences, news, and access."""

from __future__ import annotations

import pytest
from minidl_widgets import Progress
from minidl_widgets.progress import drawn
from playwright.sync_api import expect

from minidl.grading.notebook.progress import LessonStanding, Standing

from .widget import Make, WidgetPage, says


def course(bends: bool = False) -> dict:
    """Two lessons; `bends`: whether the second exercise is passed too."""
    first = (
        Standing("01.mul", "The rule of the product", 2, 2, 3, True),
        Standing("01.bends", "Powers and tanh", 4 if bends else 1, 4, 2 if bends else 1, bends),
        Standing("01.uses", "How many letters will come", 0, 4, 0, False),
    )
    second = (
        Standing("03.exp", "The rule of exp", 0, 5, 0, False),
        Standing("03.sum", "The rule of sum", 0, 5, 0, False),
    )
    return drawn(
        [
            LessonStanding("01_value", "1 · A number that remembers", first),
            LessonStanding("02_empty", "2 · To read only", ()),
            LessonStanding("03_tensor", "3 · Tensors that remember", second),
        ]
    )


def show(widget_page: Make, **options) -> WidgetPage:
    return widget_page(esm=Progress._esm, css=Progress._css, course=course(), **options)


def focused(widget: WidgetPage) -> str:
    return widget.page.evaluate("document.activeElement.dataset.id ?? ''")


def test_it_tells_the_course_in_numbers_and_signs(widget_page: Make) -> None:
    widget = show(widget_page)
    text = widget.root.inner_text()
    assert "1 of 5 exercises, 3 of 20 points" in text
    assert "1 of 3 exercises, 3 of 10 points" in text
    chips = widget.root.locator(".chip").all_inner_texts()
    assert [chip.split() for chip in chips] == [
        ["✓", "mul"],
        ["…", "bends"],
        ["uses"],
        ["exp"],
        ["sum"],
    ]
    total = widget.root.get_by_role("progressbar", name="All points")
    assert total.evaluate("bar => bar.value") == pytest.approx(0.15)


def test_arrows_walk_over_the_exercises_with_one_tab_stop(widget_page: Make) -> None:
    widget = show(widget_page)
    assert widget.root.locator(".chip[tabindex='0']").get_attribute("data-id") == "01.bends"
    widget.page.keyboard.press("Tab")
    assert (focused(widget), says(widget)) == (
        "01.bends",
        "01.bends Powers and tanh: begun, 1 attempt, 1 of 4 points.",
    )
    for key, id in [
        ("ArrowRight", "01.uses"),
        ("ArrowDown", "03.sum"),  # a lesson without exercises is stepped over
        ("ArrowDown", "03.sum"),
        ("ArrowLeft", "03.exp"),
        ("ArrowUp", "01.mul"),
        ("ArrowLeft", "01.mul"),
        ("End", "03.sum"),
        ("Home", "01.mul"),
    ]:
        widget.page.keyboard.press(key)
        assert focused(widget) == id, key
    assert says(widget) == "01.mul The rule of the product: done, 3 attempts, 2 of 2 points."
    assert widget.root.locator(".chip[tabindex='0']").count() == 1
    widget.page.keyboard.press("Tab")
    assert widget.page.evaluate("document.activeElement.textContent") == "Look again"


def test_news_from_the_kernel_take_nobodys_focus_away(widget_page: Make) -> None:
    widget = show(widget_page)
    widget.page.keyboard.press("Tab")
    widget.set(course=course(bends=True))
    assert (focused(widget), says(widget)) == (
        "01.bends",
        "01.bends Powers and tanh: done, 2 attempts, 4 of 4 points.",
    )
    assert "2 of 5 exercises, 6 of 20 points" in widget.root.inner_text()


def test_it_asks_the_kernel_to_look_again(widget_page: Make) -> None:
    widget = show(widget_page)
    assert widget.sent == []
    widget.root.get_by_role("button", name="Look again").click()
    assert widget.wait_sent(type="look") == {"type": "look"}
    widget.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert widget.wait_sent(type="look") == {"type": "look"}
    assert widget.saved == []


def test_a_click_tells_of_an_exercise(widget_page: Make) -> None:
    widget = show(widget_page)
    widget.root.get_by_role("button", name="03.exp The rule of exp").click()
    expect(widget.root.get_by_role("status")).to_have_text(
        "03.exp The rule of exp: not begun, 0 of 5 points."
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(widget_page: Make, theme: str) -> None:
    widget = show(widget_page, theme=theme)
    assert widget.violations() == []
    widget.page.keyboard.press("Tab")
    assert widget.violations() == []
    widget.screenshot(f"progress-contract-{theme}")
    widget.page.set_viewport_size({"width": 420, "height": 900})
    assert widget.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert (widget.complaints, widget.strays) == ([], [])


def test_forced_colours_an_empty_course_and_a_clean_end(widget_page: Make) -> None:
    widget = show(widget_page)
    widget.page.emulate_media(forced_colors="active", reduced_motion="reduce")
    assert widget.violations() == []
    widget.screenshot("progress-forced-colours")
    widget.set(course=drawn([]))
    assert widget.root.locator(".chip").count() == 0 and widget.violations() == []
    assert widget.dispose() == 0
