"""Lesson 01 in JupyterLab: run whole, stepped with the keyboard, a leaf edited, in both themes."""

from __future__ import annotations

from pathlib import Path

import pytest

from .lab import Lab

LESSON = Path(__file__).resolve().parents[2] / "lessons" / "01_value"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_stepper_walks_the_learners_own_numbers(lab: Lab, theme: str) -> None:
    lab.open(lab.copy(LESSON / "solution.ipynb", f"value-{theme}/own.ipynb"), theme).run_all()
    assert lab.errors() == []
    cell = lab.find("GraphStepper(own")
    view = lab.cell(cell).locator(".mdl-graph")
    view.scroll_into_view_if_needed()
    view.locator(".mdl-node").first.click()
    said = view.locator(".mdl-say")
    first = said.inner_text()
    for _ in range(9):
        lab.page.keyboard.press("]")
    assert said.inner_text() != first
    lab.page.keyboard.press("[")
    lab.screenshot(f"lesson-value-stepper-{theme}", view)
    field = view.get_by_label("value of x", exact=True)
    field.fill("-1.5")
    field.press("Enter")
    lab.page.wait_for_function(
        "() => ['-1.5', '−1.5'].some(shown => document.body.innerText.includes(shown))",
    )
    lab.screenshot(f"lesson-value-edited-{theme}", view)


def test_the_untouched_notebook_says_what_to_do(lab: Lab) -> None:
    lab.open(lab.copy(LESSON / "student.ipynb", "value-student/own.ipynb"))
    for cell in range(4):
        lab.run(cell)
    assert "Write your guess" in lab.text(1)
    lab.run(4)
    assert "to do" in lab.text(4)
    lab.screenshot("lesson-value-untouched")
