"""Lesson 07 in JupyterLab: run whole, then trained, paused, changed and resumed by real clicks."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from .lab import Lab
from .panel import Panel

LESSON = Path(__file__).resolve().parents[2] / "lessons" / "07_training"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_run_is_taken_by_the_hand(lab: Lab, theme: str) -> None:
    lab.open(lab.copy(LESSON / "solution.ipynb", f"training-{theme}/own.ipynb"), theme)
    wheel = lab.find("Dashboard(live)")
    for cell in range(wheel + 1):
        lab.run(cell)
    assert lab.errors() == []

    panel = Panel(lab, wheel)
    panel.root.scroll_into_view_if_needed()
    status = panel.status
    expect(status).to_have_text("Ready: 1380 steps in 60 epochs.")
    panel.button("Start").click()
    panel.reach(100)
    panel.button("Pause").click()
    expect(status).to_contain_text("Paused at step")
    paused = panel.step()
    lab.page.wait_for_timeout(300)
    assert panel.step() == paused

    rate = panel.root.get_by_role("textbox", name="Learning rate")
    rate.fill("0.002")
    rate.press("Enter")
    expect(status).to_have_text(f"Learning rate 0.002 from step {paused + 1} on.")
    panel.button("Single step").click()
    expect(status).to_contain_text(f"Paused at step {paused + 1}")
    panel.button("Resume").click()
    panel.reach(paused + 100)
    if theme == "light":  # in the dark the next cell finds the run still running
        panel.button("Stop").click()
        expect(status).to_contain_text("Stopped at step")
    lab.screenshot(f"lesson-training-panel-{theme}", panel.root)

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
