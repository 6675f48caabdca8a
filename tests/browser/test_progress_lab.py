"""The progress widget in JupyterLab: a check in the next cell is seen, in both themes."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from .lab import Lab

SHOW = "from minidl_widgets import Progress\nprogress = Progress()\nprogress"
CHECK = """
from minidl.grading import check

def mul_local(a, b):
    return b, a

check("01.mul")
"""


def test_a_check_is_seen_at_once_and_stays(lab: Lab, tmp_path: Path) -> None:
    work = f"import os\nos.environ['MINIDL_WORK'] = {str(tmp_path)!r}"
    lab.open(lab.write("progress.ipynb", [work, SHOW, CHECK, "print(progress)"]))
    lab.run(0).run(1)
    widget = lab.cell(1).locator(".mdl-progress")
    widget.wait_for()
    first = widget.locator(".chip").first
    expect(first).to_have_text("mul")
    lab.run(2)
    expect(first).to_have_text("✓mul")
    first.focus()
    lab.page.keyboard.press("ArrowRight")
    expect(widget.get_by_role("status")).to_contain_text("01.bends")
    lab.page.keyboard.press("Home")
    expect(widget.get_by_role("status")).to_contain_text("done, 1 attempt, 2 of 2 points.")
    for theme in ("light", "dark"):
        lab.theme(theme)
        lab.page.wait_for_timeout(500)
        lab.screenshot(f"progress-lab-{theme}", widget)
    kinds = lab.outputs(1)[0]["data"]
    assert "<svg" in "".join(kinds["image/svg+xml"])
    assert (tmp_path / ".minidl" / "progress.sqlite").is_file()

    lab.restart().run(0).run(1).run(3)
    expect(lab.cell(1).locator(".mdl-progress .chip").first).to_have_text("✓mul")
    assert lab.text(3).startswith("Progress: 1 of ")
    assert lab.errors() == [] and lab.complaints == []
