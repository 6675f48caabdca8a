"""Lesson 10 in JupyterLab: run on the learner's own layers; figures and slider in both themes."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from .lab import Lab

LESSON = Path(__file__).resolve().parents[2] / "lessons" / "10_depth"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_lesson_runs_and_its_figures_wear_the_page(lab: Lab, theme: str) -> None:
    lab.open(lab.copy(LESSON / "solution.ipynb", f"depth-{theme}/own.ipynb"), theme)
    lab.run_all(seconds=240)
    assert lab.errors() == []
    for words, name in (('draw({"plain"', "differing"), ('check("10.batch")', "checked")):
        part = lab.cell(lab.find(words)).locator(".jp-OutputArea")
        part.scroll_into_view_if_needed()
        expect(part).to_be_visible()
        lab.screenshot(f"lesson-depth-{name}-{theme}", part)
    slider = lab.cell(lab.find("DepthSlider(deep,")).locator(".mdl-depths")
    slider.scroll_into_view_if_needed()
    slider.get_by_role("group", name="norm").get_by_role("button", name="on").click()
    expect(slider.get_by_role("status")).to_contain_text("depth 50, norm. At the start: gradient ")
    lab.screenshot(f"lesson-depth-slider-{theme}", slider)
    assert lab.text(lab.find("badge()")).count("yours") >= 3
    assert lab.complaints == []
