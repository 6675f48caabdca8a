"""The Jacobian microscope's page alone, with a fake kernel: squares, keys, fields, and access."""

from __future__ import annotations

import pytest
from minidl_widgets import JacobianMicroscope

import minidl

from .widget import Make, WidgetPage, says

FOUR = [[1.0, 0.0], [0.5, 2.0]]
FIXED = [[1.0, 2.0], [3.0, 4.0]]


def forgets(g, z, x, y):
    return minidl.matmul(g, y)


def wrong() -> JacobianMicroscope:
    return JacobianMicroscope(minidl.matmul, x=FOUR, y=FIXED, rule=forgets)


def show(widget_page: Make, microscope: JacobianMicroscope, **options) -> WidgetPage:
    return widget_page(esm=microscope._esm, css=microscope._css, scene=microscope.scene, **options)


def answer(widget: WidgetPage, microscope: JacobianMicroscope, **fields) -> None:
    """The kernel takes the next message with these fields, and its answer reaches the page."""
    microscope._hear(None, widget.wait_sent(**fields), [])
    widget.set(scene=microscope.scene)


def square(widget: WidgetPage, table: int, r: int, c: int, wide: int = 4):
    return widget.root.locator(".mdl-table").nth(table).locator(".mdl-cell").nth(r * wide + c)


def test_a_square_says_which_number_answers_to_which(widget_page: Make) -> None:
    widget = show(widget_page, JacobianMicroscope(minidl.exp, [0.0, 0.5, 1.0]))
    assert says(widget).startswith("Point at a square")
    square(widget, 0, 1, 1, 3).click()
    assert says(widget) == (
        "z[1] answers to x[1] by 1.65: nudge x[1] up by 0.01, and z[1] moves by 0.0165. "
        "Backward says 1.65 as well."
    )
    assert widget.root.locator("[data-lit]").count() == 2, "its input and its output"
    square(widget, 1, 0, 2, 3).hover()
    assert says(widget).startswith("z[0] does not answer to x[2]: nudge x[2], and z[0] stays.")
    assert "A diagonal: each number of z" in widget.root.inner_text()
    assert "All 9 squares agree." in widget.root.inner_text()


def test_wrong_squares_bear_a_sign_and_both_numbers(widget_page: Make) -> None:
    widget = show(widget_page, wrong())
    assert square(widget, 1, 0, 1).inner_text() == "≠2"
    marked = widget.root.locator(".mdl-cell[data-kind=differs]")
    assert marked.count() == 4
    assert widget.root.locator(".mdl-wrongs li").count() == 4
    square(widget, 1, 0, 1).click()
    assert says(widget).endswith("The rule says 2, which is off by −1.")
    assert "4 of 16 squares are wrong, marked ≠." in widget.root.inner_text()


def test_arrow_keys_walk_over_the_squares(widget_page: Make) -> None:
    widget = show(widget_page, wrong())
    square(widget, 1, 0, 0).focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown"):
        widget.page.keyboard.press(key)
    assert says(widget).startswith("z[1, 0] does not answer to x[0, 1]")
    assert square(widget, 1, 2, 1).evaluate("one => one === document.activeElement")
    current = widget.root.locator(".mdl-cell[aria-current]")
    assert current.count() == 2, "the same square in both tables"


def test_numbers_are_typed_and_the_kernel_answers(widget_page: Make) -> None:
    microscope = JacobianMicroscope(minidl.exp, [0.0, 1 / 3])
    widget = show(widget_page, microscope)
    square(widget, 0, 0, 0, 2).click()
    field = widget.root.get_by_label("x[0]", exact=True)
    field.fill("2")
    asked = widget.sent[-1]
    assert asked == {"type": "numbers", "input": 0, "numbers": [2, 1 / 3]}, "a third stays a third"
    field.fill("3")
    field.fill("")
    assert len(widget.sent) == 1, "one question at a time, and none without a number"
    answer(widget, microscope, numbers=[2, 1 / 3])
    assert field.input_value() == "", "what is being typed is left alone"
    answer(widget, microscope, numbers=[3, 1 / 3])
    assert says(widget).startswith("z[0] answers to x[0] by 20.1:")
    field.fill("1")
    answer(widget, microscope, numbers=[1, 1 / 3])
    microscope.change(0, [float("nan"), 1.0])
    widget.set(scene=microscope.scene)
    assert "made of finite numbers" in widget.root.locator(".mdl-notice").first.inner_text()
    assert field.input_value() == "1"


def test_a_late_answer_undoes_nothing_that_was_typed(widget_page: Make) -> None:
    """The kernel is slow: its answer to the first number comes when the second is typed."""
    microscope = JacobianMicroscope(minidl.exp, [0.0, 1.0, 2.0])
    widget = show(widget_page, microscope)
    first, second, third = (widget.root.get_by_label(f"x[{i}]", exact=True) for i in range(3))
    first.fill("5")
    second.fill("6")
    third.focus()
    answer(widget, microscope, numbers=[5, 1, 2])
    assert second.input_value() == "6"
    third.fill("7")
    answer(widget, microscope, numbers=[5, 6, 2])
    answer(widget, microscope, numbers=[5, 6, 7])
    assert [one.input_value() for one in (first, second, third)] == ["5", "6", "7"]
    microscope.change(0, [1, 1, 1])
    second.focus()
    widget.set(scene=microscope.scene)
    assert first.input_value() == "1", "nothing is out: the kernel's numbers are shown"


def test_another_input_is_looked_at(widget_page: Make) -> None:
    microscope = wrong()
    widget = show(widget_page, microscope)
    by_y = widget.root.get_by_role("button", name="by y", exact=True)
    assert by_y.get_attribute("aria-pressed") == "false"
    by_y.click()
    answer(widget, microscope, type="look")
    assert by_y.get_attribute("aria-pressed") == "true"
    assert "The rule stumbles: it answers for the first input alone." in widget.root.inner_text()
    square(widget, 1, 0, 0).click()
    assert says(widget).endswith("The rule gives no answer.")


def test_corners_and_what_cannot_be_drawn_are_told(widget_page: Make) -> None:
    widget = show(widget_page, JacobianMicroscope(lambda x: x.amax(0), [1.0, 1.0, 0.0]))
    square(widget, 1, 0, 0, 3).click()
    assert says(widget) == (
        "z has a corner here: it answers by 0 when x[0] goes down, and by 1 when it goes up. "
        "Backward says 0.5; all between is right."
    )
    large = JacobianMicroscope(minidl.exp, [[0.0] * 8] * 5)
    widget.set(scene=large.scene)
    assert "x (5, 8) has 40 numbers, and 32 are the most" in says(widget)
    assert widget.root.locator(".mdl-cell").count() == 0


VIEWS = {
    "wrong": wrong,
    "blocks": lambda: JacobianMicroscope(lambda x, y: x @ y, x=FOUR, y=FIXED),
    "large": lambda: JacobianMicroscope(
        lambda x: (x - x.amax(1, keepdim=True)).cumsum(1), minidl.arange(24.0).reshape(4, 6) % 5
    ),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing(widget_page: Make, theme: str, view: str) -> None:
    widget = show(widget_page, VIEWS[view](), theme=theme)
    widget.root.locator(".mdl-cell[tabindex='0']").last.focus()
    widget.page.keyboard.press("ArrowRight")
    assert widget.violations() == []
    widget.screenshot(f"microscope-{view}-{theme}")
    assert (widget.complaints, widget.strays) == ([], [])
    assert widget.dispose() == 0


def test_forced_colours_keep_the_wrong_squares(widget_page: Make) -> None:
    widget = show(widget_page, wrong())
    widget.page.emulate_media(forced_colors="active", reduced_motion="reduce")
    square(widget, 1, 0, 1).focus()
    assert widget.violations() == []
    styles = widget.root.locator(".mdl-cell[data-kind=differs]").evaluate_all(
        "all => all.map(one => getComputedStyle(one).borderStyle)"
    )
    assert set(styles) == {"dashed"}
    widget.screenshot("microscope-forced")
