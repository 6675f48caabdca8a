"""Lesson 04 in JupyterLab: run whole, all eight pieces the learner's, in both themes."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from .lab import Lab

LESSON = Path(__file__).resolve().parents[2] / "lessons" / "04_layers"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_lesson_runs_on_the_learners_layer(lab: Lab, theme: str) -> None:
    lab.open(lab.copy(LESSON / "solution.ipynb", f"layers-{theme}/own.ipynb"), theme).run_all()
    assert lab.errors() == []
    view = lab.cell(lab.find("GraphStepper(lambda")).locator(".mdl-graph")
    view.scroll_into_view_if_needed()
    shown = " ".join(view.locator(".mdl-node").all_text_contents())
    assert all(box in shown for box in ("permute", "@", "+"))
    view.locator(".mdl-node").first.click()
    said = view.locator(".mdl-say")
    first = said.inner_text()
    for _ in range(12):
        lab.page.keyboard.press("]")
    assert said.inner_text() != first
    lab.screenshot(f"lesson-layers-stepper-{theme}", view)
    board(lab, theme)
    curves = lab.find('"He, normal, relu": sizes')
    lab.cell(curves).scroll_into_view_if_needed()
    lab.screenshot(f"lesson-layers-curves-{theme}")
    last = lab.find("badge()")
    assert lab.text(last).count("yours") == 8
    assert "at least 97 % are right: True" in lab.text(last)
    table = lab.cell(last).locator(".minidl-card :is(td, th)")
    aligned = table.evaluate_all("all => all.map(one => getComputedStyle(one).textAlign)")
    assert len(aligned) == 18 and set(aligned) == {"left"}
    lab.cell(last).scroll_into_view_if_needed()
    lab.screenshot(f"lesson-layers-yours-{theme}")
    checked = lab.find('check("04.tree")')
    lab.cell(checked).scroll_into_view_if_needed()
    lab.screenshot(f"lesson-layers-tree-{theme}")
    assert lab.complaints == []


def board(lab: Lab, theme: str) -> None:
    """The signal board, by slider, buttons and keys: the learner's own initialisers begin anew."""
    cell = lab.find("SignalBoard(deep")
    assert "it is 1000: as you predicted" in lab.text(cell)
    view = lab.cell(cell).locator(".mdl-signals")
    view.scroll_into_view_if_needed()
    said = view.get_by_role("status")
    expect(said).to_contain_text("He × 0.8. Forward, the signal shrinks")
    expect(view).to_contain_text("First weights by your kaiming_normal_.")
    lab.screenshot(f"lesson-layers-board-{theme}", view)
    view.get_by_role("slider").fill("0")
    expect(said).to_contain_text("He × 1. Forward, the signal goes from")
    view.get_by_role("button", name="Xavier").click()
    expect(said).to_contain_text("Xavier × 1. Forward, the signal shrinks")
    expect(view).to_contain_text("First weights by your xavier_normal_.")
    field = view.get_by_label("scale, typed")
    field.fill("1.414")
    field.press("Enter")
    expect(said).to_contain_text("it stays alive. Back")
    view.locator(".mdl-plot").focus()
    lab.page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("Step 1, 0 Linear: signal")
    lab.screenshot(f"lesson-layers-board-level-{theme}", view)


def test_the_saved_notebook_keeps_a_picture_and_no_state(lab: Lab) -> None:
    show = "import minidl\nfrom minidl import nn\nfrom minidl_widgets import SignalBoard\n"
    lab.keeps(show + "SignalBoard(nn.Linear(3, 2), minidl.ones(1, 3))", ".mdl-signals")
