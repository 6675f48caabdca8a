"""Lesson 02 in JupyterLab: run whole, both explorers used by mouse and keys, in both themes."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from .lab import Lab

LESSON = Path(__file__).resolve().parents[2] / "lessons" / "02_arrays"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_lesson_runs_and_the_explorers_answer(lab: Lab, theme: str) -> None:
    lab.open(lab.copy(LESSON / "solution.ipynb", f"arrays-{theme}/own.ipynb"), theme).run_all()
    assert lab.errors() == []
    view = lab.cell(lab.find("StrideExplorer(Array")).locator(".mdl-arrays")
    view.scroll_into_view_if_needed()
    field = view.get_by_role("textbox", name="permute")
    field.fill("1, 0")
    field.press("Enter")
    expect(view.locator(".mdl-facts")).to_contain_text("(1, 4)")
    expect(view.locator(".mdl-facts")).to_contain_text("your class")
    view.locator(".mdl-array .mdl-cell").nth(1).click()
    lab.page.keyboard.press("ArrowDown")
    said = view.get_by_role("status")
    expect(said).to_have_text("[1, 1] reads place 5 = 0 + 1 · 1 + 1 · 4, and finds 5.")
    lab.screenshot(f"lesson-arrays-strides-{theme}", view)

    view = lab.cell(lab.find("BroadcastExplorer(marks")).locator(".mdl-arrays")
    view.scroll_into_view_if_needed()
    view.get_by_role("button", name="Forward").focus()
    for _ in range(3):
        lab.page.keyboard.press("]")
    expect(view.locator(".mdl-left")).to_have_text("Your rule answers (4, 3).")
    view.locator(".mdl-sides .mdl-cell").last.click()
    expect(view.get_by_role("status")).to_have_text("[3, 2]: x[3, 2] − y[2] = 4 − 4 = 0.")
    lab.screenshot(f"lesson-arrays-broadcast-{theme}", view)
    view.get_by_label("shape of y").fill("4")
    view.get_by_label("shape of y").press("Enter")
    view.get_by_role("button", name="Last step").click()
    expect(view.get_by_role("status")).to_contain_text("3 and 4 differ")

    last = lab.find("badge()")
    assert lab.text(last).count("yours") == 2
    lab.screenshot(f"lesson-arrays-yours-{theme}", lab.cell(last))
    assert lab.complaints == []


def test_an_unfinished_class_is_told_so_in_the_picture(lab: Lab) -> None:
    """The student who has written `permute` and not yet `reshape` may look, and is told."""
    book = nbformat.read(LESSON / "solution.ipynb", 4)
    solved = [cell for cell in book.cells if cell.cell_type == "code"]
    end = next(i for i, cell in enumerate(solved) if "StrideExplorer(Array" in cell.source)
    lab.open(lab.write("arrays-begun.ipynb", [cell.source for cell in solved[: end + 1]])).run_all()
    view = lab.cell(end).locator(".mdl-arrays")
    field = view.get_by_role("textbox", name="reshape")
    field.fill("12")
    field.press("Enter")
    expect(view.locator(".mdl-notice")).to_contain_text("x.reshape(12): this is not written yet")
    expect(view.locator(".mdl-facts")).to_contain_text("(3, 4)")


def test_the_saved_notebook_keeps_pictures_and_no_state(lab: Lab) -> None:
    show = "import numpy as np\nfrom minidl_widgets import {0}\n{0}({1})"
    cells = [show.format("StrideExplorer", "np.eye(2)")]
    cells += [show.format("BroadcastExplorer", "np.eye(2), np.ones(2)")]
    lab.open(lab.write("explorers.ipynb", cells)).run_all()
    lab.cell(1).locator(".mdl-arrays").wait_for()
    book = lab.saved()
    for cell in book.cells:
        assert sorted(cell.outputs[0].data) == ["image/svg+xml", "text/plain"]
