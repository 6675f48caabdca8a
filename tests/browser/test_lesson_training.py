"""Lesson 07 in JupyterLab: run whole, then trained, paused, changed and resumed by real clicks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from .lab import Lab

LESSON = Path(__file__).resolve().parents[2] / "lessons" / "07_training"


def step(panel: Locator) -> int:
    """The step that the panel shows."""
    found = re.match(r"step ([\d\s]+?) of", panel.locator(".count").inner_text())
    return int(re.sub(r"\s", "", found[1])) if found else 0


def reach(lab: Lab, panel: Locator, wanted: int) -> None:
    """Wait until the run has come so far."""
    for _ in range(400):
        if step(panel) >= wanted:
            return
        lab.page.wait_for_timeout(50)
    raise AssertionError(f"the run stands at step {step(panel)}, not {wanted}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_run_is_taken_by_the_hand(lab: Lab, theme: str) -> None:
    lab.open(lab.copy(LESSON / "solution.ipynb", f"training-{theme}.ipynb"), theme)
    wheel = lab.find("Dashboard(live)")
    for cell in range(wheel + 1):
        lab.run(cell)
    assert lab.errors() == []

    panel = lab.cell(wheel).locator(".mdl-dashboard")
    panel.scroll_into_view_if_needed()
    status = panel.get_by_role("status")
    expect(status).to_have_text("Ready: 1380 steps in 60 epochs.")
    panel.get_by_role("button", name="Start", exact=True).click()
    reach(lab, panel, 100)
    panel.get_by_role("button", name="Pause", exact=True).click()
    expect(status).to_contain_text("Paused at step")
    paused = step(panel)
    lab.page.wait_for_timeout(300)
    assert step(panel) == paused

    rate = panel.get_by_role("textbox", name="Learning rate")
    rate.fill("0.002")
    rate.press("Enter")
    expect(status).to_have_text(f"Learning rate 0.002 from step {paused + 1} on.")
    panel.get_by_role("button", name="Single step", exact=True).click()
    expect(status).to_contain_text(f"Paused at step {paused + 1}")
    panel.get_by_role("button", name="Resume", exact=True).click()
    reach(lab, panel, paused + 100)
    if theme == "light":  # in the dark the next cell finds the run still running
        panel.get_by_role("button", name="Stop", exact=True).click()
        expect(status).to_contain_text("Stopped at step")
    lab.screenshot(f"lesson-training-panel-{theme}", panel)

    cells = len(lab.ask("return cells().map(cell => cell.model.id);"))
    for cell in range(wheel + 1, cells):
        lab.run(cell, 240)
    assert lab.errors() == []
    assert "equal: True" in lab.text(lab.find("child.kill()"))
    assert lab.text(lab.find("child.kill()")).count("yours") == 5
    # The changed rate shows in the loss of the step after its first update, and not before.
    finished = lab.text(lab.find("board.run()"))
    assert "after 1380 steps" in finished
    assert f"parted at step {paused + 2}\n" in finished
    expect(status).to_contain_text("Finished")

    compared = lab.cell(lab.find(".compare(tenth"))
    compared.scroll_into_view_if_needed()
    lab.page.wait_for_timeout(300)
    lab.screenshot(f"lesson-training-compare-{theme}", compared.locator(".mdl-dashboard"))
    parted = lab.cell(lab.find("gaps = "))
    parted.scroll_into_view_if_needed()
    lab.screenshot(f"lesson-training-parting-{theme}", parted)
    yours = lab.find("badge()")
    assert lab.text(yours).count("yours") == 5
    lab.cell(yours).scroll_into_view_if_needed()
    lab.screenshot(f"lesson-training-yours-{theme}")
