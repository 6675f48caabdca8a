"""Lesson 06 in JupyterLab: run whole, the inspector used by mouse and keys, in both themes."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from .lab import Lab

LESSON = Path(__file__).resolve().parents[2] / "lessons" / "06_data"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_lesson_runs_and_the_inspector_answers(lab: Lab, theme: str) -> None:
    lab.open(lab.copy(LESSON / "solution.ipynb", f"data-{theme}/own.ipynb"), theme).run_all()
    assert lab.errors() == []
    view = lab.cell(lab.find("BatchInspector(Loader(")).locator(".mdl-inspector")
    view.scroll_into_view_if_needed()
    expect(view.locator(".mdl-item")).to_have_count(64)
    first = view.locator(".mdl-items").inner_text()
    view.locator(".mdl-item").nth(2).click()
    lab.page.keyboard.press("[")  # there is no batch before the first
    for batch in range(2, 24):
        lab.page.keyboard.press("]")
        expect(view.locator(".mdl-count").nth(1)).to_have_text(f"batch {batch} of 23")
    expect(view.locator(".mdl-item")).to_have_count(30)
    lab.screenshot(f"lesson-data-loader-{theme}", view)
    view.get_by_role("button", name="next epoch").click()
    expect(view.locator(".mdl-count").nth(0)).to_have_text("epoch 2")
    view.get_by_role("button", name="epoch before").click()
    for _ in range(22):
        view.get_by_role("button", name="batch before").click()
    expect(view.locator(".mdl-count").nth(1)).to_have_text("batch 1 of 23")
    assert view.locator(".mdl-items").inner_text() == first, "the same epoch once more"

    view = lab.cell(lab.find("BatchInspector(DataLoader(train_set")).locator(".mdl-inspector")
    view.scroll_into_view_if_needed()
    expect(view.locator(".mdl-steps li")).to_have_count(3)
    expect(view.locator(".mdl-dice")).to_have_count(1)
    expect(view.locator(".mdl-checks .mdl-fine")).to_have_count(3)
    view.locator(".mdl-item").nth(0).focus()
    lab.page.keyboard.press("ArrowRight")
    expect(view.locator(".mdl-item").nth(1)).to_be_focused()
    expect(view.locator(".mdl-item").nth(1)).to_have_attribute("aria-pressed", "true")
    lab.screenshot(f"lesson-data-steps-{theme}", view)

    last = lab.find("badge()")
    assert lab.text(last).count("yours") == 7
    assert lab.complaints == []


def test_the_saved_notebook_keeps_the_picture_and_no_state(lab: Lab) -> None:
    cell = (
        "from minidl.data import datasets\nfrom minidl_widgets import BatchInspector\n"
        "BatchInspector(datasets.iris())"
    )
    lab.keeps(cell, ".mdl-inspector")
