"""Lesson 04 in JupyterLab: run whole, all eight pieces the learner's, in both themes."""

from __future__ import annotations

from pathlib import Path

import pytest

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
