"""Lesson 05 in JupyterLab: run whole, the race used by mouse and keys, in both themes."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from .lab import Lab

LESSON = Path(__file__).resolve().parents[2] / "lessons" / "05_optimisers"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_lesson_runs_and_the_race_answers(lab: Lab, theme: str) -> None:
    lab.open(lab.copy(LESSON / "solution.ipynb", f"optimisers-{theme}/own.ipynb"), theme).run_all()
    assert lab.errors() == []
    view = lab.cell(lab.find("LandscapeRace(valley")).locator(".mdl-landscape")
    view.scroll_into_view_if_needed()
    said = view.get_by_role("status")
    expect(said).to_contain_text("After 40 steps momentum is lowest")
    lab.screenshot(f"lesson-optimisers-race-{theme}", view)
    field = view.get_by_label("learning rate of SGD")
    field.fill("0.06")
    field.press("Enter")
    expect(view.locator(".mdl-height").first).not_to_have_text("0.397")
    box = view.locator(".mdl-map").bounding_box()
    assert box is not None
    lab.page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.6)
    ring = view.locator(".mdl-start")
    expect(ring).to_have_attribute("aria-label", "Start at 1.2, −0.24: arrow keys move it")
    before = ring.get_attribute("transform")
    lab.page.keyboard.press("ArrowLeft")
    expect(ring).not_to_have_attribute("transform", before)
    lab.page.keyboard.press("[")
    expect(view.locator(".mdl-count")).to_have_text("step 39 of 40")

    view = lab.cell(lab.find("LandscapeRace(cut")).locator(".mdl-landscape")
    view.scroll_into_view_if_needed()
    expect(view.get_by_role("status")).to_contain_text("After 40 steps")
    lab.screenshot(f"lesson-optimisers-slice-{theme}", view)
    last = lab.find("badge()")
    assert lab.text(last).count("yours") == 7
    assert lab.complaints == []


def test_the_saved_notebook_keeps_a_picture_and_no_state(lab: Lab) -> None:
    show = (
        "from minidl import optim\nfrom minidl_widgets import LandscapeRace\n"
        "LandscapeRace(lambda x, y: x**2 + y**2, {'SGD': lambda ps: optim.SGD(ps, lr=0.1)})"
    )
    lab.keeps(show, ".mdl-landscape")
