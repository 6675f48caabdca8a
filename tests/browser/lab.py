"""A notebook in JupyterLab as a test holds it: open, run, read outputs, change the theme, look."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, final
from uuid import uuid4

import nbformat
from playwright.sync_api import Locator, Page

from .chromium import shot
from .server import LabServer

# JupyterLab's idle indicator lies and the page's text holds the cells' sources too, so everything
# below asks the application itself for the panel of the notebook at `path`.
PANEL = """
const app = window.jupyterapp;
const panel = [...(app?.shell.widgets('main') ?? [])].find(w => w.context?.path === path);
const cells = () => panel.content.widgets.filter(cell => cell.model.type === 'code');
"""
READY = """
await panel.context.ready;
await panel.sessionContext.ready;
await panel.sessionContext.session.kernel.info;
"""
RUN_ALL = "app.shell.activateById(panel.id); app.commands.execute('notebook:run-all-cells');"
RUN_ONE = """
if (!cells()[cell]) throw new Error(`${path} has no code cell ${cell}`);
panel.content.activeCellIndex = panel.content.widgets.indexOf(cells()[cell]);
app.shell.activateById(panel.id);
app.commands.execute('notebook:run-cell');
"""
BUSY = "return cells().some(cell => cell.promptNode?.textContent.includes('*'));"
OUTPUTS = "return cells().map(cell => cell.model.outputs.toJSON());"
CODE_CELLS = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell"


@final
class Lab:
    """One page of JupyterLab showing one notebook, whose code cells are counted from 0.

    `page` is Playwright's own, for clicks and keys; `complaints` are the errors that the page's
    console printed.
    """

    def __init__(self, page: Page, server: LabServer) -> None:
        self.page, self.server, self.path = page, server, ""
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)

    def write(self, name: str, sources: Sequence[str]) -> str:
        """Make a notebook of these code cells; the name to give to `open`."""
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
        book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(book, self.server.folder / name)
        return name

    def copy(self, source: Path, name: str | None = None) -> str:
        """Copy a notebook from disk into the server's folder; the name to give to `open`."""
        target = self.server.folder / (name or source.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        return str(target.relative_to(self.server.folder))

    def saved(self) -> nbformat.NotebookNode:
        """The notebook as the lab saves it, which holds no widget's state."""
        self.ask("await panel.context.save();")
        book = nbformat.read(self.server.folder / self.path, as_version=4)
        assert "widgets" not in book.metadata
        return book

    def keeps(self, source: str, widget: str) -> None:
        """Runs a cell that shows a widget and saves: a picture and a sentence are kept, no state.

        widget: a selector, to wait for.
        """
        self.open(self.write("kept.ipynb", [source])).run_all()
        self.cell(0).locator(widget).wait_for()
        (output,) = self.saved().cells[0].outputs
        assert sorted(output.data) == ["image/svg+xml", "text/plain"]

    def open(self, name: str, theme: str = "light") -> Lab:
        """Open the notebook in a workspace of its own and wait until its kernel has answered."""
        self.path = name
        place = f"{self.server.url}/lab/workspaces/{uuid4().hex}/tree/{name}"
        self.page.goto(f"{place}?token={self.server.token}")
        self._wait("return Boolean(panel);")
        self.ask(READY)
        self.theme(theme)
        return self

    def ask(self, body: str, **values: Any) -> Any:
        """Run JavaScript in the page with `app`, `panel` and `cells()` (code cells) at hand."""
        names = ", ".join(["path", *values])
        script = f"async ({{{names}}}) => {{ {PANEL} {body} }}"
        return self.page.evaluate(script, {"path": self.path, **values})

    def _wait(self, body: str, seconds: float = 60) -> None:
        script = f"path => {{ {PANEL} {body} }}"
        self.page.wait_for_function(script, arg=self.path, timeout=1000 * seconds)

    def run_all(self, seconds: float = 120) -> Lab:
        """Run every cell by the lab's own command and wait until none is at work."""
        self.ask(RUN_ALL)
        return self.settle(seconds)

    def run(self, cell: int, seconds: float = 120) -> Lab:
        """Run one code cell and wait until none is at work."""
        self.ask(RUN_ONE, cell=cell)
        return self.settle(seconds)

    def settle(self, seconds: float = 120) -> Lab:
        """Wait until no cell shows `[*]`; a dashboard's ticks may keep the kernel busy."""
        self.page.wait_for_timeout(50)
        self._wait(f"return !(() => {{ {BUSY} }})();", seconds)
        return self

    def outputs(self, cell: int) -> list[dict[str, Any]]:
        """The outputs of code cell `cell`, as nbformat's dictionaries."""
        return self.ask(OUTPUTS)[cell]

    def text(self, cell: int) -> str:
        """What code cell `cell` printed and returned, as plain text."""
        return "".join(_plain(output) for output in self.outputs(cell))

    def errors(self) -> list[tuple[int, str, str]]:
        """(code cell, exception's name, message) for every cell that raised."""
        return [
            (cell, output["ename"], output["evalue"])
            for cell, outputs in enumerate(self.ask(OUTPUTS))
            for output in outputs
            if output["output_type"] == "error"
        ]

    def find(self, words: str) -> int:
        """The number of the first cell whose source holds these words."""
        sources = self.ask("return cells().map(cell => cell.model.sharedModel.source);")
        return next(i for i, source in enumerate(sources) if words in source)

    def cell(self, cell: int) -> Locator:
        """Code cell `cell` in the page; its outputs and widgets are found by `.locator(...)`."""
        return self.page.locator(CODE_CELLS).nth(cell)

    def theme(self, theme: str) -> Lab:
        """Change JupyterLab's theme to "light" or "dark" and wait until the page wears it."""
        name = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}[theme]
        self.ask("await app.commands.execute('apputils:change-theme', {theme: name});", name=name)
        light = str(theme == "light").lower()
        self._wait(f"return document.body.dataset.jpThemeLight === '{light}';")
        self.page.locator("#jupyterlab-splash").wait_for(state="detached")  # it fades in and out
        return self

    def restart(self) -> Lab:
        """Restart the kernel and wait until the new one has answered."""
        self.ask(f"await panel.sessionContext.restartKernel(); {READY}")
        return self

    def screenshot(self, name: str, locator: Locator | None = None) -> Path:
        """Keep a picture of the page, or of one part of it, in `tests/browser/shots`."""
        path = shot(name)
        (locator or self.page).screenshot(path=path)
        return path

    def close(self) -> None:
        """End the notebook's kernel, so that the next test has the machine to itself."""
        if self.path:
            self.ask("await panel?.sessionContext.shutdown();")
            self.path = ""


def _plain(output: dict[str, Any]) -> str:
    text = output.get("text", output.get("data", {}).get("text/plain", ""))
    return text if isinstance(text, str) else "".join(text)
