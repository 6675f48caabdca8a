"""The fixtures of the browser tests: `lab` is JupyterLab itself, `widget_page` one widget alone.

They live as long as this folder's tests: Playwright keeps an event loop running, which no other
test should meet.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from .chromium import FLAGS, find_chromium
from .lab import Lab
from .server import LabServer
from .widget import WidgetPage

MISSING = "no chromium on this machine: install your system's, or name one in MINIDL_CHROMIUM"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever lies in this folder is a browser test, whether or not its author said so."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="package")
def chromium_browser() -> Iterator[Browser]:
    """Chromium itself. Without one these tests skip; with MINIDL_REQUIRE_BROWSER=1 they fail."""
    path = find_chromium()
    if path is None and os.environ.get("MINIDL_REQUIRE_BROWSER"):
        pytest.fail(MISSING)
    if path is None:
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browser_page(chromium_browser: Browser) -> Iterator[Page]:
    """A page of a profile that no other test has used."""
    context = chromium_browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="package")
def jupyterlab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    """One JupyterLab server for all of this folder's tests."""
    server = LabServer(tmp_path_factory.mktemp("jupyterlab"))
    yield server
    server.stop()


@pytest.fixture
def lab(browser_page: Page, jupyterlab: LabServer) -> Iterator[Lab]:
    """JupyterLab in Chromium, no notebook open yet."""
    lab = Lab(browser_page, jupyterlab)
    yield lab
    lab.close()


@pytest.fixture
def widget_page(browser_page: Page) -> Callable[..., WidgetPage]:
    """`widget_page("graph", theme="dark", trait=value)`: one widget with a fake kernel."""

    def make(stem: str = "", **options: Any) -> WidgetPage:
        return WidgetPage(browser_page, stem, **options)

    return make
