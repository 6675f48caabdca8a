"""A widget's front end alone in a page: a fake kernel, and a log of all it said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route

from .chromium import shot

WIDGETS = Path(__file__).parents[2] / "widgets" / "minidl_widgets"
ORIGIN = "http://widget.invalid/"  # never reached: the page is made here

PAGE = """<!doctype html><html lang="en" theme="{theme}" data-theme="{theme}"><head>
<title>widget</title>
<style>
html {{ background: {paper}; color: {ink}; color-scheme: {theme}; font: 13px sans-serif }}
</style></head>
<body class="vscode-{theme}"><main><h1>widget</h1><div id="widget"></div></main></body></html>"""
PAPER = {"light": ("#ffffff", "#212121"), "dark": ("#111111", "#e0e0e0")}

MODEL = Path(__file__).with_name("fake_model.js")


@final
class WidgetPage:
    """One widget in one page: `stem` names its files, or `esm` and `css` are their text.

    `page` is Playwright's own; `complaints` are the console's errors; `strays` are the requests
    that the widget made to anywhere: a widget makes none.
    """

    def __init__(
        self,
        page: Page,
        stem: str = "",
        *,
        esm: str = "",
        css: str = "",
        theme: str = "light",
        **traits: Any,
    ) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.strays: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        paper, ink = PAPER[theme]
        self._html = PAGE.format(theme=theme, paper=paper, ink=ink)
        page.route("**/*", self._answer)
        page.goto(ORIGIN)
        page.add_script_tag(content=MODEL.read_text())
        esm = esm or (WIDGETS / f"{stem}.js").read_text()
        css = css or (WIDGETS / f"{stem}.css").read_text() if stem else css
        page.evaluate("it => draw(it)", {"esm": esm, "css": css, "traits": traits})

    def _answer(self, route: Route) -> None:
        if route.request.url == ORIGIN:
            return route.fulfill(body=self._html, content_type="text/html")
        if not route.request.url.endswith("/favicon.ico"):
            self.strays.append(route.request.url)
        return route.abort()

    @property
    def root(self) -> Locator:
        """The element that the widget was given to draw in."""
        return self.page.locator("#widget")

    @property
    def sent(self) -> list[Any]:
        """The custom messages that the widget sent to its kernel so far, oldest first."""
        return self.page.evaluate("kernel.sent")

    @property
    def saved(self) -> list[dict[str, Any]]:
        """The traits that the widget changed, one dictionary for each `save_changes`."""
        return self.page.evaluate("kernel.saved")

    def wait_sent(self, **fields: Any) -> dict[str, Any]:
        """Wait for a message with these fields and take it, with all before it, off the log."""
        script = """want => { const i = kernel.sent.findIndex(m =>
            Object.entries(want).every(([k, v]) => JSON.stringify(m?.[k]) === JSON.stringify(v)));
            return i < 0 ? null : JSON.stringify(kernel.sent.splice(0, i + 1)[i]); }"""
        return json.loads(self.page.wait_for_function(script, arg=fields).json_value())

    def get(self, name: str) -> Any:
        """A trait's value, as the page has it."""
        return self.page.evaluate("name => kernel.traits[name]", name)

    def set(self, **traits: Any) -> None:
        """Change traits as the kernel would: all at once, then tell whoever listens."""
        script = """traits => { Object.assign(kernel.traits, traits);
            for (const [k, v] of Object.entries(traits)) model.emit(`change:${k}`, model, v);
            model.emit('change'); }"""
        self.page.evaluate(script, traits)

    def deliver(self, content: Any) -> None:
        """Hand the widget a custom message from the kernel."""
        self.page.evaluate("content => model.emit('msg:custom', content, [])", content)

    def dispose(self) -> int:
        """Take the widget away as the notebook would; how many of its listeners it left behind."""
        self.page.evaluate("dispose()")
        return self.page.evaluate("Object.values(kernel.listeners).flat().length")

    def violations(self) -> list[str]:
        """What axe-core finds wrong for a person who cannot see or point: a line for each rule."""
        found = Axe().run(self.page).response["violations"]
        return [f"{v['id']}: {v['help']}: {v['nodes'][0]['html']}" for v in found]

    def screenshot(self, name: str) -> Path:
        """Keep a picture of the widget in `tests/browser/shots`."""
        path = shot(name)
        self.root.screenshot(path=path)
        return path


Make = Callable[..., WidgetPage]  # the fixture `widget_page`


def says(widget: WidgetPage) -> str:
    """What the widget tells who cannot see it."""
    return widget.root.get_by_role("status").inner_text()
