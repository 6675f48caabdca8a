"""Lesson 03 in JupyterLab: run whole, stepped with keys, a wrong rule mapped, in both themes."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from .lab import Lab

LESSON = Path(__file__).resolve().parents[2] / "lessons" / "03_tensor"
WRONG = """
def matmul_vjp_x(g, z, x, y):
    return minidl.matmul(g, y)


def matmul_vjp_y(g, z, x, y):
    return minidl.matmul(minidl.transpose(x, -2, -1), g)
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_lesson_runs_and_the_stepper_walks_tensors(lab: Lab, theme: str) -> None:
    lab.open(lab.copy(LESSON / "solution.ipynb", f"tensor-{theme}/own.ipynb"), theme).run_all()
    assert lab.errors() == []
    view = lab.cell(lab.find("GraphStepper(own")).locator(".mdl-graph")
    view.scroll_into_view_if_needed()
    view.locator(".mdl-node").first.click()
    said = view.locator(".mdl-say")
    first = said.inner_text()
    for _ in range(7):
        lab.page.keyboard.press("]")
    assert said.inner_text() != first
    lab.screenshot(f"lesson-tensor-stepper-{theme}", view)
    microscope(lab, theme)
    last = lab.find("badge()")
    assert lab.text(last).count("yours") == 6
    assert lab.complaints == []
    lab.cell(last).scroll_into_view_if_needed()
    lab.screenshot(f"lesson-tensor-yours-{theme}")


def microscope(lab: Lab, theme: str) -> None:
    """Both microscopes, by mouse and keys: the learner's rules, and a rule that lies."""
    view = lab.cell(lab.find("JacobianMicroscope(lambda x, y")).locator(".mdl-jacobian")
    view.scroll_into_view_if_needed()
    said = view.get_by_role("status")
    expect(view.locator(".mdl-verdict")).to_have_text("All 16 squares agree.")
    expect(view).to_contain_text("by backward, with your matmul")
    view.locator(".mdl-cell").nth(1).click()
    expect(said).to_contain_text("z[0, 0] answers to x[0, 1] by 3")
    field = view.get_by_label("y[1, 0]", exact=True)
    field.fill("7")
    expect(said).to_contain_text("z[0, 0] answers to x[0, 1] by 7")
    view.get_by_role("button", name="by y", exact=True).click()
    expect(said).to_contain_text("y[0, 1]")
    lab.screenshot(f"lesson-tensor-microscope-{theme}", view)

    view = lab.cell(lab.find("rule=(forgets")).locator(".mdl-jacobian")
    view.scroll_into_view_if_needed()
    expect(view.locator(".mdl-verdict")).to_have_text("4 of 16 squares are wrong, marked ≠.")
    view.locator(".mdl-table").last.locator(".mdl-cell").first.focus()
    lab.page.keyboard.press("ArrowRight")
    expect(view.get_by_role("status")).to_contain_text("The rule says 2, which is off by −1.")
    lab.screenshot(f"lesson-tensor-microscope-wrong-{theme}", view)


def test_the_saved_notebook_keeps_a_picture_and_no_state(lab: Lab) -> None:
    show = "import minidl\nfrom minidl_widgets import JacobianMicroscope\n"
    lab.keeps(show + "JacobianMicroscope(minidl.exp, [0.0, 1.0])", ".mdl-jacobian")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_wrong_rule_gets_a_map_and_a_reason(lab: Lab, theme: str) -> None:
    book = nbformat.read(LESSON / "student.ipynb", 4)
    for cell in book.cells:
        if cell.metadata.get("exercise") == "03.matmul":
            cell.source = WRONG
    name = f"tensor-wrong-{theme}.ipynb"
    nbformat.write(book, lab.server.folder / name)
    lab.open(name, theme)
    last = lab.find('check("03.matmul")')
    for cell in range(last + 1):
        lab.run(cell)
    assert "two rows meet, so the other matrix must be transposed" in lab.text(last)
    assert lab.cell(last).locator("svg[role=img]").count() == 1
    lab.cell(last).scroll_into_view_if_needed()
    lab.screenshot(f"lesson-tensor-wrong-{theme}")
