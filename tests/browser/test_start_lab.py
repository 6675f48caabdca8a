"""The first page in JupyterLab: map and table are read at once, and a title opens its lesson."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from minidl.grading.course import lessons
from minidl.grading.course.start import page
from minidl.grading.course.tour import title

from .lab import Lab


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_page_shows_the_way(lab: Lab, theme: str) -> None:
    first = lessons()[0]
    name = f"start-{theme}.ipynb"
    (lab.server.folder / name).write_text(json.dumps(page(lessons(), [])), encoding="utf-8")
    lab.copy(first.student, f"{first.name}.ipynb")
    lab.open(name, theme)
    book = lab.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    expect(book.get_by_role("heading", name="The tour")).to_be_visible()
    expect(book.locator("table tr")).to_have_count(len(lessons()) + 1)
    expect(book.locator("pre").last).to_contain_text("tape.py [1]")
    lab.run(0)
    lab.cell(0).locator(".mdl-progress").wait_for()
    lab.run(1)
    lab.cell(1).locator(".mdl-pieces").wait_for()
    lab.screenshot(f"start-lab-{theme}", book)
    book.get_by_role("link", name=title(first)).first.click()
    tab = lab.page.get_by_role("tab", name=f"{first.name}.ipynb")
    expect(tab).to_be_visible(timeout=20_000)
    assert lab.errors() == []
