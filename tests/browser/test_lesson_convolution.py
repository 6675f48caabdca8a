"""Lesson 09 in JupyterLab: run whole, the painter used by mouse and keys, in both themes."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from .lab import Lab

LESSON = Path(__file__).resolve().parents[2] / "lessons" / "09_convolution"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_lesson_runs_and_the_painter_answers(lab: Lab, theme: str) -> None:
    lab.open(lab.copy(LESSON / "solution.ipynb", f"conv-{theme}/own.ipynb"), theme).run_all()
    assert lab.errors() == []
    view = lab.cell(lab.find('KernelPainter(datasets.photographs()["china"]')).locator(
        ".mdl-painter"
    )
    view.scroll_into_view_if_needed()
    expect(view.locator(".mdl-maps .mdl-title")).to_have_text("map 59 x 89, by your conv2d")
    view.get_by_role("button", name="any edge").click()
    expect(view.get_by_label("row 1, column 1")).to_have_value("4")
    view.get_by_label("dilation").fill("3")
    expect(view.locator(".mdl-maps .mdl-title")).to_contain_text("by your conv2d")
    view.locator(".mdl-map").hover()
    view.locator(".mdl-map").focus()
    lab.page.keyboard.press("ArrowRight")
    expect(view.get_by_role("status")).to_contain_text("It looks at rows")
    expect(view.locator(".mdl-dot")).to_have_count(9)
    lab.screenshot(f"lesson-convolution-painter-{theme}", view)

    view = lab.cell(lab.find("KernelPainter(pictures[:1]")).locator(".mdl-painter")
    view.scroll_into_view_if_needed()
    expect(view.locator(".mdl-map")).to_have_count(16)
    view.get_by_label("layer").select_option("3")
    expect(view.locator(".mdl-map")).to_have_count(32)
    view.locator(".mdl-map").nth(0).click()
    lab.page.keyboard.press("]")
    expect(view.get_by_role("status")).to_contain_text("map 1, row")
    lab.screenshot(f"lesson-convolution-maps-{theme}", view)

    last = lab.find("badge()")
    assert lab.text(last).count("yours") == 4
    assert lab.complaints == []


def test_the_saved_notebook_keeps_the_picture_and_no_state(lab: Lab) -> None:
    cell = "import numpy as np\nfrom minidl_widgets import KernelPainter\nKernelPainter(np.eye(6))"
    lab.keeps(cell, ".mdl-painter")
