"""The symptom panel's page alone, with a fake kernel: cards, folds, hands, keys, and access."""

from __future__ import annotations

import pytest
from minidl_widgets import SymptomPanel

import minidl
from minidl import nn, optim

from .widget import Make, WidgetPage, says


def ill(seed: int = 0) -> SymptomPanel:
    """A network of dead units whose inputs are raw, and whose probabilities are softened twice."""
    minidl.manual_seed(seed)
    model = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 4), nn.Softmax(1))
    nn.init.constant_(model.get_submodule("0").bias, -300.0)
    batch = 9 * minidl.randn(24, 6), minidl.arange(24) % 4
    return SymptomPanel(model, nn.CrossEntropyLoss(), batch, optim.SGD(model.parameters(), lr=0.1))


def well(**more) -> SymptomPanel:
    minidl.manual_seed(0)
    model = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 4))
    batch = minidl.randn(24, 6), minidl.arange(24) % 4
    return SymptomPanel(model, nn.CrossEntropyLoss(), batch, **more)


def show(widget_page: Make, panel: SymptomPanel, **options) -> WidgetPage:
    return widget_page(esm=panel._esm, css=panel._css, scene=panel.scene, **options)


def answer(widget: WidgetPage, panel: SymptomPanel) -> dict:
    """Lets the kernel answer the last message."""
    asked = widget.sent[-1]
    panel._hear(None, asked, [])
    widget.set(scene=panel.scene)
    return asked


def test_symptoms_stand_worst_first_with_number_limit_and_place(widget_page: Make) -> None:
    panel = ill()
    widget = show(widget_page, panel)
    assert says(widget).startswith("3 symptoms, 2 critical and 1 to watch;")
    cards = widget.root.get_by_role("list", name="Symptoms").get_by_role("listitem")
    words = [card.inner_text() for card in cards.all()]
    assert [text.split("\n")[0] for text in words] == [
        "dead units critical",
        "softmax twice critical",
        "raw inputs watch",
    ]
    assert "1: ReLU: 8 of 8 units give 0 for every example" in words[0]
    assert "limit: more than a quarter" in words[0]
    shapes = cards.locator("svg path").evaluate_all("all => all.map(p => p.getAttribute('d'))")
    assert len(set(shapes)) == 2, "each grade has a shape"


def test_what_is_healthy_and_each_part_unfold(widget_page: Make) -> None:
    widget = show(widget_page, ill())
    table = widget.root.get_by_role("table")
    assert not table.is_visible()
    summary = widget.root.get_by_text("Part by part")
    summary.focus()
    widget.page.keyboard.press("Enter")
    assert table.is_visible()
    assert table.get_by_role("rowheader").all_inner_texts()[1] == "1: ReLU"
    assert "gradients pile up" in widget.root.locator("details").first.text_content()  # type: ignore


def test_the_hands_ask_the_kernel_one_thing_at_a_time(widget_page: Make) -> None:
    panel = ill()
    widget = show(widget_page, panel)
    widget.root.get_by_role("button", name="Take ten steps").click()
    widget.root.get_by_role("button", name="Take one step").click()
    assert len(widget.sent) == 1, "the other waits for no answer: it was not asked"
    assert answer(widget, panel) == {"type": "step", "count": 10}
    assert says(widget).startswith("After 10 steps: ")
    widget.root.get_by_role("button", name="Examine again").click()
    assert answer(widget, panel) == {"type": "examine"}
    widget.root.get_by_role("button", name="Back to how it came").click()
    assert answer(widget, panel) == {"type": "reset"}
    assert says(widget).startswith("3 symptoms")


def test_keys_examine_and_step_and_what_is_cured_is_told(widget_page: Make) -> None:
    panel = ill()
    widget = show(widget_page, panel)
    hand = widget.root.get_by_role("button", name="Examine again")
    hand.press("]")
    assert answer(widget, panel) == {"type": "step", "count": 1}
    nn.init.zeros_(panel.patient.model.get_submodule("0").bias)
    hand.press("e")
    assert answer(widget, panel) == {"type": "examine"}
    assert "Gone since the last look: dead units." in says(widget)
    hand.press("Control+e")
    assert len(widget.sent) == 2, "the page's own keys stay the page's"
    assert widget.page.evaluate("document.activeElement.textContent") == "Examine"


def test_without_an_optimiser_no_step_is_offered(widget_page: Make) -> None:
    widget = show(widget_page, well())
    step = widget.root.get_by_role("button", name="Take one step")
    assert step.get_attribute("aria-disabled") == "true"
    step.click(force=True)
    step.press("]")
    assert widget.sent == []
    assert says(widget).startswith("No symptoms;")
    assert not widget.root.get_by_role("list", name="Symptoms").is_visible()
    assert "Hand over optimizer=" in widget.root.inner_html()


def test_what_stopped_is_told(widget_page: Make) -> None:
    def broken(*_):
        raise ValueError("a typo")

    optimizer = optim.SGD([minidl.zeros(1, requires_grad=True)], lr=0.1)
    widget = show(widget_page, well(optimizer=optimizer, step=broken))
    assert (
        "The step stopped: ValueError: a typo." in widget.root.locator(".mdl-notice").inner_text()
    )
    assert widget.violations() == [] and widget.complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(widget_page: Make, theme: str) -> None:
    widget = show(widget_page, ill(), theme=theme)
    for summary in widget.root.locator("summary").all():
        summary.click()
    assert widget.violations() == []
    widget.screenshot(f"symptoms-{theme}")
    assert (widget.complaints, widget.strays) == ([], [])


def test_forced_colours_and_a_clean_end(widget_page: Make) -> None:
    widget = show(widget_page, ill())
    widget.page.emulate_media(forced_colors="active", reduced_motion="reduce")
    assert widget.violations() == []
    widget.screenshot("symptoms-forced-colours")
    assert widget.dispose() == 0
