"""The graph stepper's page alone, with a fake kernel: steps, keys, edits, folding, and access."""

from __future__ import annotations

import pytest
from minidl_widgets import GraphStepper

from ..widgets.engines import Assigns, Unfinished, Value
from .widget import Make, WidgetPage, says


def example(x, y):
    h = x * y
    return (h + x).tanh() + 2 * y


def scene(f=example, engine: type = Value, **leaves) -> dict:
    return GraphStepper(f, engine=engine, **(leaves or {"x": 2.0, "y": -1.0})).scene


def show(widget_page: Make, drawn: dict | None = None, step: int = 0, **options) -> WidgetPage:
    traits = {"scene": drawn or scene(), "step": step}
    widget = widget_page(esm=GraphStepper._esm, css=GraphStepper._css, **options, **traits)
    widget.page.emulate_media(reduced_motion="reduce")
    return widget


def node(widget: WidgetPage, name: str):
    return widget.root.locator(f".mdl-node:has(.mdl-name:text-is('{name}'))")


def focused(widget: WidgetPage) -> str:
    return widget.page.evaluate(
        "(at => at.querySelector('.mdl-name')?.textContent ?? at.ariaLabel)(document.activeElement)"
    )


def test_buttons_step_forward_and_back(widget_page: Make) -> None:
    widget = show(widget_page)
    story = [step["say"] for step in widget.get("scene")["steps"]]
    forward = widget.root.get_by_role("button", name="Forward")
    for sentence in story[1:4]:
        forward.click()
        assert says(widget) == sentence
    widget.root.get_by_role("button", name="Back").click()
    assert (says(widget), widget.saved[-1]) == (story[2], {"step": 2})
    widget.root.get_by_role("button", name="Last step").click()
    assert says(widget) == story[-1]
    widget.root.get_by_role("button", name="First step").click()
    assert says(widget) == story[0]
    widget.root.get_by_role("slider", name="Step").fill("5")
    assert says(widget) == story[5]


def test_values_appear_and_go(widget_page: Make) -> None:
    widget = show(widget_page)
    assert node(widget, "x").inner_text().split() == ["x", "leaf", "value", "2", "grad"]
    assert "value\n−2" not in node(widget, "h").inner_text()
    widget.page.keyboard.press("Tab")
    widget.page.keyboard.press("]")
    assert node(widget, "h").inner_text().split() == ["h", "×", "value", "−2", "grad"]
    assert node(widget, "h").get_attribute("aria-current") == "step"
    widget.page.keyboard.press("[")
    assert node(widget, "h").inner_text().split() == ["h", "×", "value", "grad"]


def test_where_paths_meet_the_sum_is_shown(widget_page: Make) -> None:
    drawn = scene()
    steps = drawn["steps"]
    meeting = next(i for i, one in enumerate(steps) if one.get("into") and not one["first"])
    widget = show(widget_page, drawn, step=meeting)
    pills = widget.root.locator(".mdl-pill").all_inner_texts()
    assert pills == [steps[meeting]["product"], steps[meeting]["sum"]]
    assert "+=" in pills[1] and widget.root.locator(".mdl-meet").count() == 1
    assert "Paths meet" in says(widget)
    added = widget.root.locator("dt:text-is('added up from') + dd").inner_text()
    assert added.count("×") == 2


def test_arrows_follow_the_edges_with_one_tab_stop(widget_page: Make) -> None:
    widget = show(widget_page)
    assert widget.root.locator(".mdl-node[tabindex='0']").count() == 1
    node(widget, "x").focus()
    for key, name in [("ArrowRight", "h"), ("ArrowRight", "v1"), ("ArrowLeft", "h")]:
        widget.page.keyboard.press(key)
        assert focused(widget) == name
    assert widget.root.locator(".mdl-node[tabindex='0'] .mdl-name").inner_text() == "h"
    assert widget.root.locator(".mdl-panel .mdl-title").inner_text() == "h ×"
    node(widget, "x").focus()
    widget.page.keyboard.press("ArrowDown")
    assert focused(widget) == "y"


def test_a_number_is_typed_and_the_kernel_answers(widget_page: Make) -> None:
    widget = show(widget_page, step=2)
    node(widget, "x").focus()
    widget.page.keyboard.press("Enter")
    assert focused(widget) == "value of x"
    widget.page.keyboard.type("3,5")
    widget.page.keyboard.press("Enter")
    assert widget.wait_sent(type="edit") == {"type": "edit", "leaf": "x", "value": 3.5}
    widget.set(scene=scene(x=3.5, y=-1.0))
    assert "3.5" in node(widget, "x").inner_text() and "−3.5" in node(widget, "h").inner_text()
    assert focused(widget) == "value of x", "the answer takes nobody's focus away"
    widget.page.keyboard.type("x")
    widget.page.keyboard.press("Enter")
    assert "is not a number" in says(widget)
    assert widget.root.get_by_label("value of x").get_attribute("aria-invalid") == "true"
    assert widget.sent == []


@pytest.mark.parametrize(("width", "fits"), [(1280, True), (940, True), (500, False)])
def test_a_graph_a_little_wider_than_its_page_is_drawn_smaller(
    widget_page: Make, width: int, fits: bool
) -> None:
    widget = show(widget_page)
    widget.page.set_viewport_size({"width": width, "height": 900})
    view = widget.root.locator(".mdl-view")
    shown = view.evaluate(
        "async view => { await new Promise(requestAnimationFrame);"
        "return [view.clientWidth, view.scrollWidth]; }"
    )
    assert (shown[0] == shown[1]) == fits
    result, box = node(widget, "example").bounding_box(), view.bounding_box()
    assert result and box
    assert (result["x"] + result["width"] <= box["x"] + box["width"]) == fits
    assert (result["width"] < 136) == (width == 940), "and no smaller than it must be"


def test_a_leaf_is_dragged(widget_page: Make) -> None:
    widget = show(widget_page)
    box = node(widget, "y").bounding_box()
    assert box
    mouse = widget.page.mouse
    mouse.move(box["x"] + 50, box["y"] + 20)
    mouse.down()
    mouse.move(box["x"] + 100, box["y"] + 20)
    assert widget.wait_sent(type="edit") == {"type": "edit", "leaf": "y", "value": 0}
    mouse.move(box["x"] + 110, box["y"] + 20)
    mouse.move(box["x"] + 150, box["y"] + 20)
    assert widget.sent == [], "one question at a time"
    widget.set(scene=scene(x=2.0, y=0.0))
    assert widget.wait_sent(type="edit") == {"type": "edit", "leaf": "y", "value": 1}
    mouse.up()


def test_a_slider_moves_a_leaf(widget_page: Make) -> None:
    widget = show(widget_page)
    widget.root.get_by_label("slide x").focus()
    widget.page.keyboard.press("ArrowRight")
    assert 2 < widget.wait_sent(type="edit", leaf="x")["value"] < 2.3


def test_three_gradients_side_by_side_when_done(widget_page: Make) -> None:
    drawn = scene(lambda x: x * x + x, Assigns, x=3.0)
    widget = show(widget_page, drawn, step=len(drawn["steps"]) - 2)
    cells = widget.root.locator(".mdl-leaves tbody td")
    assert cells.nth(2).inner_text() == "·", "not before the walk is done"
    widget.root.get_by_role("button", name="Forward").click()
    assert cells.all_inner_texts()[1:] == ["7", "3 differs", "7"]
    assert "with +=" in widget.root.locator(".mdl-notice").inner_text()
    assert widget.violations() == []


def test_play_and_pause(widget_page: Make) -> None:
    widget = show(widget_page)
    widget.root.get_by_role("button", name="Play").click()
    widget.page.wait_for_function("kernel.traits.step === 1")
    widget.root.get_by_role("button", name="Pause").click()
    widget.page.wait_for_timeout(1300)
    assert widget.get("step") == 1


def test_the_kernel_moves_the_step_too(widget_page: Make) -> None:
    widget = show(widget_page)
    widget.set(step=3)
    assert says(widget) == widget.get("scene")["steps"][3]["say"]
    assert widget.saved == []


def test_a_module_opens_and_the_focus_stays_in_the_graph(widget_page: Make) -> None:
    def long(x):
        for _ in range(60):
            x = x + x * 0.01
        return x

    stepper = GraphStepper(long, engine=Value, x=1.0)
    widget = show(widget_page, stepper.scene)
    first = widget.root.locator(".mdl-node[data-kind='module']").first
    first.focus()
    widget.page.keyboard.press("Enter")
    message = widget.wait_sent(type="unfold")
    stepper.unfold(message["module"])
    widget.set(scene=stepper.scene)
    assert focused(widget).startswith("v") or focused(widget) == "0.01"
    widget.root.get_by_role("button", name="Fold").click()
    assert widget.wait_sent(type="fold")["module"] == message["module"]


def test_code_that_stopped(widget_page: Make) -> None:
    drawn = scene(lambda x, y: (x + y) * x, Unfinished)
    widget = show(widget_page, drawn, step=len(drawn["steps"]) - 1)
    assert "NotImplementedError: 01.mul" in says(widget)
    assert widget.root.locator(".mdl-node").count() == 3
    assert widget.violations() == []


OVERLAPS = """() => {
    const shown = [...document.querySelectorAll('.mdl-node, .mdl-local, .mdl-pill')]
        .filter(one => one.textContent && getComputedStyle(one).visibility === 'visible')
        .map(one => [one.textContent, one.getBoundingClientRect()]);
    const meet = (a, b) =>
        a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    return shown.flatMap(([one, a], i) => shown.slice(0, i)
        .filter(([, b]) => meet(a, b)).map(([other]) => `${one} | ${other}`));
}"""


def test_no_text_stands_on_another(widget_page: Make) -> None:
    """The boxes that Python reckoned with hold for the letters that Chromium draws."""
    drawn = scene(lambda x, y: (x * y + x * 0.125).tanh() + y * x, x=-1.2345e-5, y=-123456.0)
    widget = show(widget_page, drawn)
    for step in range(len(drawn["steps"])):
        widget.set(step=step)
        assert widget.page.evaluate(OVERLAPS) == [], drawn["steps"][step]["say"]
    widget.set(step=len(drawn["steps"]) - 3)
    widget.screenshot("graph-long-numbers")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(widget_page: Make, theme: str) -> None:
    drawn = scene()
    widget = show(widget_page, drawn, theme=theme)
    for step in (0, 2, 9, len(drawn["steps"]) - 1):
        widget.set(step=step)
        assert widget.violations() == []
    widget.screenshot(f"graph-contract-{theme}")
    assert (widget.complaints, widget.strays) == ([], [])


def test_a_network_in_the_page(widget_page: Make) -> None:
    import minidl
    from minidl import nn

    minidl.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    drawn = GraphStepper(model, minidl.randn(5, 3)).scene
    widget = show(widget_page, drawn, step=len(drawn["steps"]) - 1)
    node(widget, "0.weight").focus()
    panel = widget.root.locator(".mdl-panel")
    assert panel.locator("table").count() == 2, "the value's numbers and the gradient's"
    assert panel.get_by_text("4×3", exact=True).count() == 1
    assert widget.violations() == []
    widget.screenshot("graph-network")


def test_forced_colours_and_a_clean_end(widget_page: Make) -> None:
    widget = show(widget_page, step=9)
    widget.page.emulate_media(forced_colors="active", reduced_motion="reduce")
    assert widget.violations() == []
    widget.screenshot("graph-forced-colours")
    assert widget.dispose() == 0
