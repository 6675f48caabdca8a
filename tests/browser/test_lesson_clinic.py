"""Lesson 08 in JupyterLab: run whole, the panel used by mouse and keys, in both themes."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from .lab import Lab

LESSON = Path(__file__).resolve().parents[2] / "lessons" / "08_clinic"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_lesson_runs_and_the_panel_answers(lab: Lab, theme: str) -> None:
    lab.open(lab.copy(LESSON / "solution.ipynb", f"clinic-{theme}/own.ipynb"), theme).run_all()
    assert lab.errors() == []

    view = lab.cell(lab.find("\nexamined(names=True)")).locator(".mdl-symptoms")
    view.scroll_into_view_if_needed()
    said = view.get_by_role("status")
    expect(said).to_have_text("No symptoms; 14 things are healthy. The loss of this batch is 2.39.")
    view.get_by_role("button", name="Take one step").click()
    expect(said).to_contain_text("After 1 step: no symptoms")
    lab.page.keyboard.press("]")
    expect(said).to_contain_text("After 2 steps: no symptoms")
    view.get_by_text("Part by part").click()
    expect(view.get_by_role("rowheader").first).to_have_text("0: Linear(64, 32)")
    lab.screenshot(f"lesson-clinic-healthy-{theme}", view)

    view = lab.cell(lab.find("\nexamined(quiet_network)")).locator(".mdl-symptoms")
    view.scroll_into_view_if_needed()
    card = view.get_by_role("list", name="Symptoms").get_by_role("listitem")
    expect(card).to_contain_text("32 of 32 units give 0 for every example")
    assert "dead" not in view.inner_text(), "to name it is the learner's work"
    lab.screenshot(f"lesson-clinic-quiet-{theme}", view)

    view = lab.cell(lab.find("examined(loss_fn=faint_loss")).locator(".mdl-symptoms")
    view.scroll_into_view_if_needed()
    cards = view.get_by_role("list", name="Symptoms").get_by_role("listitem")
    expect(cards).to_have_count(2)
    expect(cards.first).to_contain_text("a perfect answer costs 1.46")
    expect(cards.last).to_contain_text("piling_step, line ")
    view.get_by_role("button", name="Take ten steps").click()
    expect(view.get_by_role("status")).to_contain_text("After 10 steps: ")
    lab.page.keyboard.press("e")
    expect(cards.first).to_contain_text("softmax twice")
    lab.screenshot(f"lesson-clinic-both-{theme}", view)
    assert "targets reached: 10 of 10" in lab.text(lab.find("targets = {"))
    assert lab.complaints == []


def test_the_saved_notebook_keeps_a_picture_and_no_state(lab: Lab) -> None:
    show = (
        "import minidl\nfrom minidl import nn\nfrom minidl_widgets import SymptomPanel\n"
        "SymptomPanel(nn.Linear(3, 2), nn.MSELoss(), (minidl.ones(4, 3), minidl.ones(4, 2)))"
    )
    lab.keeps(show, ".mdl-symptoms")
