"""The badge with switches: its page alone, with a fake kernel; then itself in JupyterLab."""

from __future__ import annotations

from pathlib import Path

import pytest
from minidl_widgets import Pieces
from minidl_widgets.pieces import drawn
from playwright.sync_api import expect

from minidl.grading.course import find_lesson
from minidl.grading.notebook.badges import NOTHING

from .lab import Lab
from .widget import Make, WidgetPage

KNOWN = ["nn.Linear", "nn.functional.cross_entropy"]


def parts(linear: bool = True) -> list[dict]:
    """Three parts, two of them with a switch."""
    return drawn(
        [
            (
                "nn.Linear",
                "yours" if linear else "minidl's",
                "" if linear else "switched off by you",
            ),
            ("nn.functional.cross_entropy", "minidl's", "your piece raised TypeError"),
            ("the derivative of exp", "minidl's", "your piece does not pass its check yet"),
        ],
        KNOWN,
    )


def show(widget_page: Make, **options) -> WidgetPage:
    traits = {"parts": parts(), "nothing": NOTHING, **options}
    return widget_page(esm=Pieces._esm, css=Pieces._css, **traits)


def test_it_tells_whose_each_part_is_and_why(widget_page: Make) -> None:
    widget = show(widget_page)
    rows = [row.split() for row in widget.root.locator("li").all_inner_texts()]
    assert rows[0] == ["nn.Linear", "yours"]
    assert rows[2][:5] == ["the", "derivative", "of", "exp", "minidl’s"]
    states = widget.root.get_by_role("switch")
    assert [one.get_attribute("aria-checked") for one in states.all()] == ["true", "false"]


def test_a_switch_is_turned_by_keyboard_and_keeps_the_focus(widget_page: Make) -> None:
    widget = show(widget_page)
    widget.page.keyboard.press("Tab")
    widget.page.keyboard.press("Space")
    turned = {"type": "switch", "name": "nn.Linear", "yours": False}
    assert widget.wait_sent(type="switch") == turned
    expect(widget.root.get_by_role("switch").first).to_have_attribute("aria-checked", "true")
    widget.set(parts=parts(linear=False))
    first = widget.root.get_by_role("switch").first
    expect(first).to_have_attribute("aria-checked", "false")
    expect(first).to_be_focused()
    expect(widget.root.get_by_role("status")).to_have_text(
        "nn.Linear runs on minidl's own code, because switched off by you."
    )
    assert widget.saved == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(widget_page: Make, theme: str) -> None:
    widget = show(widget_page, theme=theme)
    assert widget.violations() == []
    widget.page.keyboard.press("Tab")
    assert widget.violations() == []
    widget.screenshot(f"pieces-contract-{theme}")
    widget.page.set_viewport_size({"width": 420, "height": 900})
    assert widget.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert (widget.complaints, widget.strays) == ([], [])


def test_forced_colours_nothing_yet_and_a_clean_end(widget_page: Make) -> None:
    widget = show(widget_page)
    widget.page.emulate_media(forced_colors="active", reduced_motion="reduce")
    assert widget.violations() == []
    widget.screenshot("pieces-forced-colours")
    widget.set(parts=[])
    expect(widget.root.get_by_role("status")).to_contain_text(
        "Every part of this minidl is its own"
    )
    assert widget.violations() == [] and widget.dispose() == 0


BEGIN = (
    "import minidl\nfrom minidl.grading import check\nfrom minidl_widgets import Pieces\nPieces()"
)
ASK = "import inspect\nprint('safe' in inspect.getsource(minidl.nn.functional.cross_entropy))"


def test_in_the_lab_a_switch_changes_what_runs(lab: Lab, tmp_path: Path) -> None:
    work = f"import os\nos.environ['MINIDL_WORK'] = {str(tmp_path)!r}"
    passing = f'{find_lesson("04").solutions()["04.loss"]}\n\ncheck("04.loss")'
    lab.open(lab.write("pieces.ipynb", [work, BEGIN, passing, ASK]))
    lab.run(0).run(1).run(2).run(3)
    assert lab.text(3).strip() == "True"
    widget = lab.cell(1).locator(".mdl-pieces")
    mine = widget.get_by_role("switch")
    expect(mine).to_have_attribute("aria-checked", "true")
    mine.click()
    expect(mine).to_have_attribute("aria-checked", "false")
    lab.run(3)
    assert lab.text(3).strip() == "False"
    mine.focus()
    lab.page.keyboard.press("Enter")
    expect(mine).to_have_attribute("aria-checked", "true")
    for theme in ("light", "dark"):
        lab.theme(theme)
        lab.page.wait_for_timeout(500)
        lab.screenshot(f"pieces-lab-{theme}", widget)
    assert "<svg" in "".join(lab.outputs(1)[0]["data"]["image/svg+xml"])
    assert lab.errors() == [] and lab.complaints == []
