"""The judge's pages in Chromium, in light and dark: axe finds nothing, and nothing is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from minidl.grading.batch.overview import write_class
from minidl.grading.batch.pages import write_feedback
from minidl.grading.batch.results import Report
from minidl.grading.marks import STATUSES, Marks, PartMark

from .widget import shot

MAP = ("0123456789.", "....9......", "8.8.8.8.8.8")
SAID = {
    "failed": "18 of 33 numbers are wrong. First at [0, 0]: expected `1.5`, got `2`.\n"
    "You summed over columns: the mistake is in the axis.",
    "error": "ZeroDivisionError: division by <b>zero</b>",
    "missing": "Not written yet.",
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a small class, with every status."""
    folder = tmp_path_factory.mktemp("marks")
    parts = [
        PartMark(f"01.{name}/{status}", f"the {status} part", 2 * (status == "passed"), 2, status,
                 SAID.get(status, ""), 0.1, MAP * (status == "failed"))
        for name in ("mul", "walk") for status in STATUSES
    ]  # fmt: skip
    names = ["ada", "<script>document.title='bad'</script>", "学生 🦆"]
    marks = [Marks(name, f"{name}.ipynb", "ab" * 32, parts) for name in names]
    report = Report("01_value", "v1", "A", {"01.mul": "Multiply", "01.walk": "Walk"}, marks)
    write_feedback(folder, report)
    write_class(folder, report)
    return folder


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["class.html", "feedback/ada.html"])
def test_axe_finds_nothing(
    browser_page: Page, pages: Path, name: str, scheme: Literal["light", "dark"]
) -> None:
    asked: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url))
    browser_page.emulate_media(color_scheme=scheme)
    browser_page.goto((pages / name).as_uri())
    dark = browser_page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (dark == "rgb(255, 255, 255)") == (scheme == "light")
    browser_page.screenshot(path=shot(f"grading-{Path(name).stem}-{scheme}"), full_page=True)
    found = Axe().run(browser_page).response["violations"]
    assert not [f"{v['id']}: {v['help']}: {v['nodes'][0]['html']}" for v in found]
    assert asked == [(pages / name).as_uri()]


def test_every_learner_is_one_click_away(browser_page: Page, pages: Path) -> None:
    browser_page.goto((pages / "class.html").as_uri())
    met = set()
    for link in range(3):
        browser_page.get_by_role("link").nth(link).click()
        browser_page.wait_for_url("**/feedback/*")
        met.add(browser_page.url)
        assert browser_page.title() == "01_value: 4 of 32 points"
        browser_page.go_back()
    assert len(met) == 3
